"""Lineage: direction, depth, versions of files, cycles, ambiguity, and the expected sets of the real logs."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pyoxigraph
import pytest

from provrdf.errors import UsageError
from provrdf.graphsource import LocalGraphs, graphs_of_inputs
from provrdf.lineage import Lineage, lineage
from provrdf.lookup import NothingFoundError, find
from provrdf.rdfinput import load_stream
from provrdf.sources import read
from provrdf.store import Store

BASE = "http://provrdf.localhost/"
HEAD = f"""
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix voprov: <http://www.ivoa.net/documents/ProvenanceDM/index.html#> .
@prefix provrdf: <https://w3id.org/provrdf/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix activity: <{BASE}activity/> .
@prefix entity: <{BASE}entity/> .
@prefix agent: <{BASE}agent/> .
@prefix session: <{BASE}session/> .
@prefix graph: <{BASE}graph/> .
"""


def activity(key: str, start: int, end: int, *, used: str = "", name: str = "step") -> str:
    """Turtle of an activity that ran from one second to another and used entities."""
    usages = "".join(f" ; prov:used entity:{entity}" for entity in used.split())
    return f"""
    activity:{key} a prov:Activity ; voprov:name "{name}" ; dcterms:identifier "{key}" ;
      prov:startedAtTime "2026-11-22T00:00:{start:02}Z"^^xsd:dateTime ;
      prov:endedAtTime "2026-11-22T00:00:{end:02}.5Z"^^xsd:dateTime{usages} .
    """


def entity(
    key: str, *, by: str = "", file: str = "", path: str = "", derived: str = "", logged: str = ""
) -> str:
    """Turtle of an entity, made by activities, perhaps a version of a file."""
    facts = [
        f'entity:{key} a prov:Entity ; voprov:name "Kind" ; dcterms:identifier "{logged or file or key}"'
    ]
    facts += [f"prov:wasGeneratedBy activity:{one}" for one in by.split()]
    facts += [f"prov:wasDerivedFrom entity:{one}" for one in derived.split()]
    facts += [f"prov:specializationOf entity:{file}"] if file else []
    facts += [f'voprov:location "{path}"'] if path else []
    return " ; ".join(facts) + " .\n"


def graphs(*bodies: str) -> LocalGraphs:
    """Load one named graph per body."""
    store = pyoxigraph.Store()
    named = "".join(f"graph:s{number} {{ {body} }}\n" for number, body in enumerate(bodies))
    load_stream(store, HEAD + named, syntax="trig", base=BASE)  # type: ignore[arg-type]
    return LocalGraphs(store, base=BASE)


def found(result: Lineage) -> tuple[list[str], list[str]]:
    """Logged ids of the activities and entities of a lineage."""
    return sorted(result.ids("activity")), sorted(result.ids("entity"))


CHAIN = (
    entity("raw", path="/data/raw.fits")
    + activity("a1", 1, 2, used="raw", name="first")
    + entity("mid--s--first--1", by="a1", file="mid", path="/data/mid.h5")
    + activity("a2", 3, 4, used="mid--s--first--1", name="second")
    + entity("end--s--second--1", by="a2", file="end", path="/data/end.h5")
)


def test_back_gives_makers_and_what_they_used() -> None:
    """Back from the product go both activities and both files before it."""
    result = lineage(graphs(CHAIN), "end")
    assert found(result) == (["a1", "a2"], ["mid", "raw"])
    assert [(row.id, row.distance) for row in result.rows] == [("a2", 1), ("mid", 2), ("a1", 3), ("raw", 4)]
    assert result.rows[1].location == "/data/mid.h5"


def test_forward_is_the_inverse_of_back() -> None:
    """Forward from the raw file go the activities that used it and what they made."""
    result = lineage(graphs(CHAIN), "raw", direction="forward")
    assert found(result) == (["a1", "a2"], ["end", "mid"])


def test_an_activity_can_be_the_start() -> None:
    """From an activity, back goes to what it used and forward to what it made."""
    assert found(lineage(graphs(CHAIN), "a2")) == (["a1"], ["mid", "raw"])
    assert found(lineage(graphs(CHAIN), "a1", direction="forward")) == (["a2"], ["end", "mid"])


@pytest.mark.parametrize("depth", range(6))
def test_depth_counts_relations(depth: int) -> None:
    """No row is farther away than the depth asked for, and nothing nearer is left out."""
    everything = lineage(graphs(CHAIN), "end").rows
    limited = lineage(graphs(CHAIN), "end", depth=depth).rows
    assert limited == tuple(row for row in everything if row.distance <= depth)


@pytest.mark.parametrize(
    "words", ["end", "/data/end.h5", "end.h5", "data/end.h5", "entity:end", f"{BASE}entity/end--s--second--1"]
)
def test_ids_paths_endings_and_iris_all_do(words: str) -> None:
    """The same file can be named in every way a person may know it."""
    assert found(lineage(graphs(CHAIN), words)) == (["a1", "a2"], ["mid", "raw"])


def test_unknown_target_is_an_answer_not_a_crash() -> None:
    """What is not there is said in plain words, with exit code 1."""
    with pytest.raises(NothingFoundError, match="no file, object or activity goes by 'nowhere'") as error:
        lineage(graphs(CHAIN), "nowhere")
    assert error.value.exit_code == 1


def test_ambiguous_ending_lists_the_candidates() -> None:
    """An ending that fits two paths is refused, naming both."""
    two = graphs(entity("x", path="/one/x.h5") + entity("y", path="/two/x.h5"))
    with pytest.raises(UsageError, match=r"/one/x\.h5, /two/x\.h5"):
        lineage(two, "x.h5")


def test_part_of_a_file_name_is_no_ending() -> None:
    """Endings are whole parts of a path: ``id.h5`` is not the end of ``mid.h5``."""
    with pytest.raises(NothingFoundError):
        lineage(graphs(CHAIN), "id.h5")


def test_an_id_of_two_objects_takes_both_and_says_so() -> None:
    """The same id logged in two processes stands for two objects."""
    two = graphs(
        activity("a1", 1, 2) + entity("s1--7", by="a1", logged="7"),
        activity("a2", 1, 2) + entity("s2--7", by="a2", logged="7"),
    )
    result = lineage(two, "7")
    assert found(result) == (["a1", "a2"], [])
    assert "2 different things" in result.notes[0]


REWRITTEN = (
    entity("raw")
    + activity("a1", 1, 2, used="raw", name="make")
    + entity("f--s--make--1", by="a1", file="f")
    + activity("a2", 3, 4, used="f--s--make--1", name="rewrite")
    + entity("f--s--rewrite--1", by="a2", file="f")
    + activity("b", 3, 4, used="f--s--make--1", name="early")
    + entity("p", by="b")
    + activity("c", 5, 6, used="f--s--rewrite--1", name="late")
    + entity("q", by="c")
)


def test_a_lineage_never_runs_through_a_later_version() -> None:
    """What was made from the first version of a file knows nothing of the rewriting."""
    assert found(lineage(graphs(REWRITTEN), "p")) == (["a1", "b"], ["f", "raw"])
    assert found(lineage(graphs(REWRITTEN), "q")) == (["a1", "a2", "c"], ["f", "raw"])


def test_a_file_means_all_its_versions_unless_latest() -> None:
    """Back from a file unites its versions; ``latest`` takes the last one."""
    both = lineage(graphs(REWRITTEN), "f")
    assert found(both) == (["a1", "a2"], ["raw"])
    assert [row.iri.rpartition("/")[2] for row in both.start] == ["f--s--rewrite--1", "f--s--make--1"]
    assert found(lineage(graphs(REWRITTEN), "f", direction="forward")) == (["a2", "b", "c"], ["p", "q"])
    assert found(lineage(graphs(REWRITTEN), "f", direction="forward", latest=True)) == (["c"], ["q"])


WRITERS = activity("a1", 1, 2) + entity("f--s--x--1", by="a1", file="f") + activity("a2", 11, 12)
WRITERS += entity("f--s--x--2", by="a2", file="f")


def test_a_usage_mapped_apart_is_bound_by_time() -> None:
    """A usage of the file in another graph means the version that was complete when it started."""
    reader = entity("f") + activity("r", 5, 6, used="f") + entity("p", by="r")
    two = graphs(WRITERS, reader)
    assert found(lineage(two, "p")) == (["a1", "r"], ["f"])
    assert found(lineage(two, f"{BASE}entity/f--s--x--1", direction="forward")) == (["r"], ["p"])
    assert found(lineage(two, f"{BASE}entity/f--s--x--2", direction="forward")) == ([], [])


def test_a_usage_before_any_version_means_the_file_itself() -> None:
    """Nobody is blamed for a file that was there before the first known writing."""
    reader = entity("f") + activity("r", 0, 0, used="f") + entity("p", by="r")
    assert found(lineage(graphs(WRITERS, reader), "p")) == (["r"], ["f"])


def test_derivations_can_be_left_out() -> None:
    """wasDerivedFrom is followed unless told otherwise."""
    data = graphs(entity("x", derived="y") + entity("y", derived="z") + entity("z"))
    assert found(lineage(data, "x")) == ([], ["y", "z"])
    assert found(lineage(data, "z", direction="forward")) == ([], ["x", "y"])
    assert found(lineage(data, "x", derivations=False)) == ([], [])


def test_members_are_followed_on_demand() -> None:
    """A collection leads to its members only with ``members``."""
    data = graphs(entity("c") + "entity:c prov:hadMember entity:m ." + entity("m"))
    assert found(lineage(data, "c")) == ([], [])
    assert found(lineage(data, "c", members=True)) == ([], ["m"])
    assert found(lineage(data, "m", members=True, direction="forward")) == ([], ["c"])


def test_agents_on_demand() -> None:
    """Who ran the activities is added with ``agents``, within the depth."""
    who = "activity:a2 prov:wasAssociatedWith agent:jane . "
    who += 'agent:jane a prov:Agent ; dcterms:identifier "jane" .'
    data = graphs(CHAIN + who)
    assert lineage(data, "end").ids("agent") == set()
    assert lineage(data, "end", agents=True).ids("agent") == {"jane"}
    assert lineage(data, "end", agents=True, depth=1).ids("agent") == set()


def test_cycles_end() -> None:
    """A log that goes round in circles gives a finite lineage."""
    ring = graphs(
        activity("a", 1, 2, used="x")
        + entity("x", by="b")
        + activity("b", 1, 2, used="y")
        + entity("y", by="a")
    )
    assert found(lineage(ring, "x")) == (["a", "b"], ["y"])
    assert found(lineage(ring, "x", direction="forward")) == (["a", "b"], ["y"])


def test_parameters_and_sessions_have_no_lineage() -> None:
    """What is neither file, object nor activity is told apart."""
    data = graphs('session:s a prov:Entity, provrdf:Session ; dcterms:identifier "s1" .')
    with pytest.raises(NothingFoundError, match="s1 is here, but it is no file"):
        lineage(data, "s1")


def test_find_wants_the_right_kind() -> None:
    """Where an activity is wanted, a file of that name is no answer."""
    with pytest.raises(NothingFoundError, match="no activity"):
        find(graphs(CHAIN), "raw", kind="activity")
    assert find(graphs(CHAIN), "a1", kind="activity").iris == (f"{BASE}activity/a1",)


def test_long_chains_are_fast() -> None:
    """Ten thousand nodes take under a second, a deep chain is no recursion."""
    links = "".join(
        f"activity:a{n} a prov:Activity ; prov:used entity:e{n} . entity:e{n + 1} a prov:Entity ; "
        f"prov:wasGeneratedBy activity:a{n} .\n"
        for n in range(5000)
    )
    data = graphs(links)
    before = time.process_time()
    result = lineage(data, f"{BASE}entity/e5000")
    assert len(result.rows) == 10_000
    assert time.process_time() - before < 3  # one second on a quiet machine


def expected_lineages() -> list[tuple[str, str]]:
    """Name the logs whose lineages were worked out from the lines alone."""
    return [
        ("gammapy", "read"),
        ("gammapy", "second_session_crashes"),
        ("logprov", "notebook_full"),
        ("lstosa", "night_small"),
    ]


@pytest.mark.parametrize(("system", "name"), expected_lineages())
@pytest.mark.parametrize("apart", [False, True])
def test_real_logs(corpus: Path, tmp_path: Path, system: str, name: str, *, apart: bool) -> None:
    """On the real logs the sets are those of a plain closure over ids; also out of a store."""
    log = corpus / system / f"{name}.log"
    wanted = json.loads((corpus / "expected" / f"{system}__{name}.json").read_text())["lineage"]
    if apart:
        store = Store(tmp_path / "store")
        store.ingest(log)
        data = store.graphs()
    else:
        data = graphs_of_inputs(records=read(log))
    assert wanted
    for one in wanted:
        result = lineage(
            data,
            one["entity"],
            direction="back" if one["kind"] == "upstream" else "forward",
            derivations=one["follow_derivation"],
        )
        assert result.ids("entity") == set(one["entities"])
        assert result.ids("activity") == set(one["activities"])


def test_the_night_of_the_corpus(corpus: Path) -> None:
    """The figures checked by hand: 16 files and 5 activities behind the DL2 file of one subrun."""
    data = graphs_of_inputs(records=read(corpus / "lstosa" / "night_small.log"))
    result = lineage(data, "dl2_LST-1.Run01615.0002.h5")
    assert len(result.ids("entity")) == 16
    names = {row.name for row in result.rows if row.kind == "activity"}
    assert names == {"r0_to_dl1", "dl1ab", "dl1_to_dl2", "drs4_pedestal", "calibrate_charge"}
