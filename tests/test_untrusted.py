"""Untrusted input: what crafted logs, RDF, shapes, models and queries must not do.

Each test is one way in which a provenance or RDF library was once seen to fetch, execute, forge or fall over.
A listener on a loopback port stands for the attacker's server; it must hear nothing.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

import provrdf
from provrdf.cli import main
from provrdf.config import Config
from provrdf.errors import FormatError, LogError, ModelError, ProvRdfError
from provrdf.graph import write_nquads
from provrdf.model import load_model
from provrdf.publish.asking import count
from provrdf.publish.content import collect
from provrdf.publish.targets.endpoint import EndpointTarget
from provrdf.rdfinput import load_rdf
from provrdf.records import Record, parse_line
from provrdf.sources import read
from published import BASE, PATIENT, connection, graphs
from servers import Listener, listening, oxigraph, running

HEAD = "INFO provLogger __PROV__2026-11-22T07:39:03.769585__PROV__"


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Listen as the attacker's server; nothing may be heard by the end of the test."""
    with listening() as found:
        yield found
        assert found.heard == [], "a request went out"


def load(path: Path) -> pyoxigraph.Store:
    """Read an RDF file as the verbs do."""
    store = pyoxigraph.Store()
    load_rdf(store, path)
    return store


# -- what is sent to a store ---------------------------------------------------------------------------------


def test_a_datatype_cannot_smuggle_an_update(tmp_path: Path) -> None:
    """A literal whose datatype closes the update and drops another graph is refused; the graph stays."""
    evil = (
        "http://x/> . } } ; DROP GRAPH <http://precious> ; "
        "INSERT DATA { GRAPH <http://x/g> { <http://x/a> a <http://x/b"
    )
    literal = rdflib.Literal("v", datatype=rdflib.URIRef(evil))
    line = f"<{BASE}session/s1> <http://x/p> {literal.n3()} <{BASE}graph/s1> ."
    with running(oxigraph()) as server:
        store = connection(server.url, tmp_path, patience=PATIENT).for_changes()
        store.client.update("INSERT DATA { GRAPH <http://precious> { <http://x/s> <http://x/p> 1 } }")
        with pytest.raises(FormatError), collect([line], base=BASE):
            pass
        with graphs(["s1"]) as found:
            EndpointTarget(store).publish(found, store.settings)
        assert count(store.client, "http://precious") == 1


@pytest.mark.parametrize(
    "line",
    [
        f"_:a <http://x/p> <http://x/o> <{BASE}graph/s1> .\n<http://x/s> <http://x/p> 1 <{BASE}graph/s1> .",
        f"<http://x/a b> <http://x/p> <http://x/o> <{BASE}graph/s1> .",
        f"<http://x/\n> <http://x/p> <http://x/o> <{BASE}graph/s1> .",
        f"<../../etc/passwd> <http://x/p> <http://x/o> <{BASE}graph/s1> .",
        f"<http://x/a> <http://x/p> <http://x/[x]> <{BASE}graph/s1> .",
        f"<http://x/a> <http://x/p> <http://x/%zz> <{BASE}graph/s1> .",
    ],
)
def test_forged_lines_are_refused(line: str) -> None:
    """Line ends in blank node ids, control characters, relative addresses: none gets into a graph."""
    with pytest.raises(FormatError), collect([line], base=BASE):
        pass


LETTERS = "<>\"'\\{}|^`%# \t\n\r\0\x08\x1b.;,:@/&?=[]()_~\u00e9\u20ac\U0001f52d\u2028\ud800ab"
NASTY = st.text(st.sampled_from(LETTERS), min_size=1, max_size=12)


@given(NASTY, NASTY, NASTY)
@settings(max_examples=120, deadline=None)
def test_whatever_is_logged_makes_well_formed_statements(name: str, path: str, key: str) -> None:
    """Names, paths, agents, ids, keys of any characters: each line is one statement for a strict reader."""
    data = {
        "activity_id": path or "a",
        "name": name,
        "startTime": "2026-11-22T07:39:03.769585",
        "in_session": name,
        "agent_name": path,
        "session_tag": f"{name}:{path}",
        f"k{key}": {key: [name, path]},
    }
    at = "2026-11-22T07:39:03"
    records = [
        Record(at, {"session_id": name, "name": key, "startTime": at}),
        Record(at, data),
        Record(at, {"activity_id": path or "a", "used_id": key, "used_role": name}),
        Record(at, {"entity_id": key, "name": name, "type": "File", "location": f"/{path}"}),
    ]
    stream = io.BytesIO()
    write_nquads(records, stream, config=Config(base=BASE))
    lines = set(stream.getvalue().decode().split("\n")) - {""}
    with collect(sorted(lines), base=BASE) as found:
        assert found
        text = b"".join(chunk for graph in found for chunk in graph.content)
    store = pyoxigraph.Store()
    store.load(stream.getvalue(), format=pyoxigraph.RdfFormat.N_QUADS)
    assert len(store) == len(lines)
    assert not re.search(rb"[\x00-\x09\x0b-\x1f]", text)


# -- RDF of others -------------------------------------------------------------------------------------------


def test_remote_contexts_are_not_fetched(tmp_path: Path, listener: Listener) -> None:
    """A JSON-LD context on the web, or in a file of this machine, is refused."""
    secret = tmp_path / "secret.jsonld"
    secret.write_text('{"@context": {"p": "http://x/p"}}')
    for context in (f'"{listener.url}"', f'"{secret.as_uri()}"', f'["{listener.url}"]'):
        file = tmp_path / "input.jsonld"
        file.write_text(f'{{"@context": {context}, "p": "v"}}')
        with pytest.raises(FormatError):
            load(file)


def test_addresses_are_no_inputs(
    tmp_path: Path, listener: Listener, capsys: pytest.CaptureFixture[str]
) -> None:
    """An input that looks like an address is the name of a file that is not there."""
    for verb in ("convert", "validate", "info"):
        assert main([verb, f"{listener.url}/log.ttl"]) in (2, 3)
        assert main([verb, f"{listener.url}/prov.log"]) in (2, 3)
    capsys.readouterr()


def test_imports_of_ontologies_and_shapes_are_not_followed(tmp_path: Path, listener: Listener) -> None:
    """owl:imports in data and in shapes, and SERVICE inside a SPARQL constraint, ask nobody."""
    from provrdf.validate import ForeignShapes, validate

    imports = f"<http://x/o> <http://www.w3.org/2002/07/owl#imports> <{listener.url}> .\n"
    data = tmp_path / "data.ttl"
    data.write_text(imports + "<http://x/a> a <http://x/T> .")
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        + imports
        + "<http://x/S> a sh:NodeShape ; sh:targetClass <http://x/T> ; sh:sparql [ a sh:SPARQLConstraint ;\n"
        + f'  sh:select "SELECT $this WHERE {{ SERVICE <{listener.url}> {{ $this ?p ?o }} }}" ] .\n'
    )
    with contextlib.suppress(ProvRdfError):  # to refuse is as good
        validate(load(data), shapes=ForeignShapes.read([shapes]), rules=["model"])


def _document(body: str, entities: str) -> str:
    return (
        f"<?xml version='1.0'?>\n<!DOCTYPE rdf:RDF [{entities}]>\n"
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:x='http://x/'>"
        f"<rdf:Description rdf:about='http://x/s'><x:p>{body}</x:p></rdf:Description></rdf:RDF>"
    )


def test_xml_entities_are_refused(tmp_path: Path, listener: Listener) -> None:
    """External entities, and a billion laughs, are refused before a parser sees them, packed or not."""
    laughs = "<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 12))
    for body, entities in (
        ("&e;", f"<!ENTITY e SYSTEM '{listener.url}'>"),
        ("&e;", "<!ENTITY e SYSTEM 'file:///etc/passwd'>"),
        ("&a11;", laughs),
    ):
        started = time.monotonic()
        plain = tmp_path / "input.rdf"
        plain.write_text(_document(body, entities))
        packed = tmp_path / "packed.rdf.gz"
        packed.write_bytes(gzip.compress(plain.read_bytes()))
        for file in (plain, packed):
            with pytest.raises(FormatError):
                load(file)
        assert time.monotonic() - started < 5


def test_our_own_json_ld_needs_no_network(tmp_path: Path) -> None:
    """The context is written into the file: whoever reads it fetches nothing either."""
    out = tmp_path / "out.jsonld"
    log = tmp_path / "prov.log"
    log.write_text(HEAD + "{'activity_id': 'a', 'name': 'n', 'startTime': '2026-11-22T07:39:03.769585'}\n")
    assert main(["convert", str(log), "-o", str(out)]) == 0
    assert not re.search(r'"@context":\s*"http', out.read_text())


# -- models --------------------------------------------------------------------------------------------------


NINES = [",".join([f"*a{number}"] * 9) for number in range(9)]
BOMB = "a0: &a0 [x]\n" + "".join(f"a{n + 1}: &a{n + 1} [{nine}]\n" for n, nine in enumerate(NINES))


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "activities: " + "[" * 3000 + "]" * 3000,
        "activities: " + "{a: " * 3000 + "}" * 3000,
        "activities: !!python/object/apply:os.system ['touch /tmp/provrdf-evil']",
        "activities: {a: {}}\nactivities: {b: {}}",
        "activities: {a: {usage: []}, a: {usage: []}}",
        "\0",
        "activities: \x07",
    ],
)
def test_model_files_that_explode_or_execute(tmp_path: Path, text: str) -> None:
    """Alias bombs, deep nesting, Python tags, keys given twice: one message, quickly, and nothing is run."""
    file = tmp_path / "definition.yaml"
    file.write_text(text, encoding="utf-8")
    started = time.monotonic()
    with pytest.raises(ModelError):
        load_model(file)
    assert time.monotonic() - started < 5
    assert not Path("/tmp/provrdf-evil").exists()


# -- logs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        (1, 2),
        1e-07,
        None,
        10**40,
        "a\nb",
        "it's",
        'say "x"',
        {"a": (1,)},
        True,
        "None",
        "1e5",
        "01618",
        b"x",
        "\u2028",
    ],
)
def test_values_are_what_was_logged(value: object) -> None:
    """Tuples, small numbers, None, long integers, quotes and line ends are not turned into something else."""
    record = parse_line(HEAD + repr({"activity_id": "a", "value": value}))
    assert record is not None
    assert record.data["value"] == value
    assert type(record.data["value"]) is type(value)


@pytest.mark.parametrize(
    "payload",
    [
        "__import__('os').system('touch /tmp/provrdf-evil')",
        "{'activity_id': __import__('os').getcwd()}",
        "{'a': " + "[" * 1000 + "]" * 1000 + "}",
        "{'a': " + "9" * 5000 + "}",
        "{'a': " + "-" * 5000 + "1}",
        "{'activity_id': 'a', 'value': 'cut",
        "{'activity_id': lambda: 0}",
        "\x07",
    ],
)
def test_lines_that_cannot_be_read_are_rejected_alone(tmp_path: Path, payload: str) -> None:
    """Code, endless nesting, cut lines: the line is rejected with its place, the others are read."""
    good = HEAD + "{'activity_id': 'good', 'name': 'n'}"
    log = tmp_path / "prov.log"
    log.write_text("\n".join([good, HEAD + payload, good]) + "\n")
    rejects: list[object] = []
    records = list(read(log, rejects=rejects))
    assert [
        record.data.get("activity_id") for record in records if record.data.get("activity_id") == "good"
    ] == [
        "good",
        "good",
    ]
    assert not Path("/tmp/provrdf-evil").exists()
    with pytest.raises(LogError):
        list(read(tmp_path / "none.log"))


def test_records_cannot_be_forged_inside_a_value() -> None:
    """A value that holds the marker and a whole payload of its own stays a value."""
    forged = "x__PROV__2020-01-01T00:00:00__PROV__{'activity_id': 'FORGED'} # "
    record = parse_line(HEAD + repr({"activity_id": "real", "value": forged}))
    assert record is not None
    assert record.data == {"activity_id": "real", "value": forged}
    assert record.time == "2026-11-22T07:39:03.769585"
    bare = parse_line(HEAD + repr({"activity_id": "real", "value": "__PROV__"}))
    assert bare is not None
    assert bare.data["value"] == "__PROV__"


# -- the code itself -----------------------------------------------------------------------------------------


def test_nothing_is_unpickled_or_evaluated() -> None:
    """No pickle, eval, exec or unsafe YAML anywhere in the package."""
    package = Path(provrdf.__file__).parent
    words = re.compile(
        r"^\s*(?:import|from)\s+(?:pickle|marshal|shelve|dill)\b"
        r"|(?<![\w.])(?:eval|exec)\(|yaml\.(?:unsafe_)?load\(",
        re.MULTILINE,
    )
    found = {path.name: words.findall(path.read_text()) for path in package.rglob("*.py")}
    assert {name: hits for name, hits in found.items() if hits} == {}
