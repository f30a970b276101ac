"""Records to RDF: the set of records decides, and both engines answer alike."""

import hashlib
import io
import random

import pyoxigraph
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lines import Log
from provrdf._locations import location_iri
from provrdf.config import Config
from provrdf.graph import read_nquads, to_dataset, write_nquads
from provrdf.model import model_from_dict
from provrdf.testing import logs

CLOSURE = """PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT DISTINCT ?made ?used { ?made (prov:wasGeneratedBy/prov:used)+ ?used }"""


def text_of(records, **options) -> bytes:
    """Map records to N-Quads."""
    stream = io.BytesIO()
    write_nquads(records, stream, **options)
    return stream.getvalue()


def chain() -> Log:
    """Make a log of three steps, each using what the one before made."""
    log = Log().session("S")
    log.run("a", "one", "S", "10:00", "10:10", used=["raw"], made=["x"])
    log.run("b", "two", "S", "10:11", "10:20", used=["x"], made=["x", "y"])
    return log.run("c", "three", "S", "10:21", "10:30", used=["x", "y"], made=["z"])


@given(logs(), st.randoms(use_true_random=False))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_the_graph_is_a_function_of_the_set_of_records(records, rng: random.Random):
    """Shuffled, repeated, split and merged lines give the same quads."""
    changed = [*records, *rng.sample(records, len(records) // 2)]
    rng.shuffle(changed)
    cut = rng.randrange(len(changed) + 1)
    changed = changed[cut:] + changed[:cut]
    assert set(text_of(changed).splitlines()) == set(text_of(records).splitlines())


def test_lineage_answers_directly_in_sparql_and_alike_in_both_engines():
    """``?e prov:wasGeneratedBy/prov:used ?u`` and its closure need no reasoner; rdflib and Oxigraph agree."""
    text = text_of(chain().records)
    store = pyoxigraph.Store()
    store.bulk_load(text, pyoxigraph.RdfFormat.N_QUADS)
    ours = {
        tuple(term.value for term in row) for row in store.query(CLOSURE, use_default_graph_as_union=True)
    }
    dataset = read_nquads(text)
    dataset.default_union = True
    theirs = {tuple(str(term) for term in row) for row in dataset.query(CLOSURE)}
    assert ours == theirs
    base = "http://provrdf.localhost/entity/"
    assert (f"{base}z--S--three--1", f"{base}raw") in ours


def test_a_filter_on_times_with_z_loses_nothing_in_rdflib():
    """Times with an offset compare; naive ones would silently drop out."""
    dataset = to_dataset(chain().records)
    dataset.default_union = True
    rows = list(
        dataset.query(
            """PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
            SELECT ?a { ?a prov:startedAtTime ?t FILTER(?t >= "2026-11-22T09:00:00Z"^^xsd:dateTime) }"""
        )
    )
    assert len(rows) == 3


def test_times_are_taken_in_the_configured_zone():
    """Logged times are naive local time; the site's zone makes them UTC."""
    text = text_of(chain().records, config=Config(timezone="Atlantic/Canary"))
    assert b'"2026-11-22T10:00:00Z"' in text
    summer = Log().line("10:00", activity_id="a", name="s", startTime="2026-07-01T10:00:00", in_session="S")
    assert b'"2026-07-01T09:00:00Z"' in text_of(summer.records, config=Config(timezone="Atlantic/Canary"))


def test_lines_of_the_log_are_found_again():
    """The line index names the line that made each node."""
    lines: dict[str, tuple[str, int]] = {}
    write_nquads(chain().records, io.BytesIO(), lines=lines)
    activity = "http://provrdf.localhost/activity/S--20261122T100000000000--a"
    assert lines[activity] == ("prov.log", 2)
    usage = "http://provrdf.localhost/usage/S--20261122T100000000000--a--raw--raw"
    assert lines[usage] == ("prov.log", 4)


def test_the_model_adds_classes_descriptions_and_roles():
    """With a model, activities and entities have its classes, and roles are its descriptions."""
    model = model_from_dict(
        {
            "activities": {"one": {"usage": [{"role": "raw", "entityName": "File", "value": "x"}]}},
            "entities": {"File": {"type": "File"}},
        }
    )
    text = text_of(chain().records, model=model).decode()
    term = f"http://provrdf.localhost/model/{model.sha256[:12]}#"
    assert f"<{term}Step_one> <http://provrdf.localhost/graph/S>" in text
    assert f"<http://www.w3.org/ns/prov#hadRole> <{term}usage-one-raw>" in text
    assert f"<{term}Kind_File> <http://provrdf.localhost/graph/S>" in text
    assert f"<http://provrdf.localhost/graph/model-{model.sha256[:12]}> ." in text
    assert "Step_two" not in text  # the model does not declare it


def test_text_of_untrusted_logs_cannot_break_out():
    """Quotes, brackets, new lines and control characters in ids, names and paths stay inside their term."""
    evil = 'x> . } <http://evil/> "\n\\\x00\x08\ud800 ' + "é" * 5
    log = Log().session(evil)
    log.run(evil, evil, evil, "10:00", "10:10", used=[evil], made=["/a b<>.h5"], roles={evil: evil})
    log.line("10:10", activity_id=evil, parameters={evil: evil}, **{evil: evil})
    quads = list(pyoxigraph.parse(text_of(log.records), format=pyoxigraph.RdfFormat.N_QUADS))
    assert {quad.graph_name.value for quad in quads if "evil" in quad.subject.value.split("/")[2:3]} == set()
    assert all(quad.subject.value.startswith(("http://provrdf.localhost/", "file:///")) for quad in quads)


def test_one_environment_for_sessions_that_share_it():
    """The same content is one node in its own graph, however often it is logged."""
    system = {
        "platform": {"node": "cp15"},
        "python": {"version": "3.11", "packages": [{"name": "numpy", "version": "1.26"}]},
    }
    log = Log()
    for index, name in enumerate(("A", "B")):
        log.session(name, system={**system, "arguments": [index], "start_time_utc": "2026-11-22T09:00:00"})
    dataset = to_dataset(log.records)
    graphs = [str(graph.identifier) for graph in dataset.graphs() if "environment-" in str(graph.identifier)]
    assert len(graphs) == 1


def test_locations_have_iris_of_their_own_kind():
    """A path is a file IRI, a URL itself, anything else a name under the base; hostile ones stay inside."""
    base = "http://x.org/"
    assert location_iri("/a b/c.h5", base) == "file:///a%20b/c.h5"
    assert location_iri("root://eos.example.org//a/b", base) == "root://eos.example.org//a/b"
    assert location_iri("model.yaml", base) == "http://x.org/location/model.yaml"
    for hostile in (
        "http://user:secret@host/x",
        "http://[x",
        "http://a/%zz",
        "ftp://a b",
        "javascript:x",
        "http://é",
    ):
        assert location_iri(hostile, base).startswith("http://x.org/location/")


def test_a_hash_of_the_path_is_no_checksum():
    """Most hashes in the field's logs are of the path; only one of the content is a checksum."""
    path_md5 = hashlib.md5(b"/data/x").hexdigest()
    log = (
        Log()
        .session("S")
        .line("10:00", entity_id="e1", type="File", filepath="/data/x", hash=path_md5, hash_type="md5")
    )
    log.line("10:00", entity_id="e2", type="File", filepath="/data/y", hash="ab" * 16, hash_type="md5")
    text = text_of(log.records).decode()
    assert f'pathHash> "md5:{path_md5}"' in text
    assert f'<http://spdx.org/rdf/terms#checksumValue> "{"ab" * 16}"^^' in text
    assert text.count("pathHash") == 1
