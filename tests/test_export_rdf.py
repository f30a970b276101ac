"""The RDF syntaxes and JSON-LD: read back equal by rdflib and by Oxigraph, and readable."""

import io
import json
import re
from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from provrdf.errors import FormatError
from provrdf.export import export
from provrdf.export._quads import sorted_quads
from tests.test_export import sample, written

ODD = (Path(__file__).parent / "data" / "odd.nq").read_bytes()


@pytest.fixture
def plain_literals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have rdflib keep literals as they are written."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def without_blanks(data: bytes) -> bytes:
    """Leave out blank nodes: readers rename them."""
    return b"\n".join(line for line in data.splitlines() if b"_:" not in line)


@pytest.mark.parametrize("data", [sample(), ODD], ids=["sample", "odd"])
@pytest.mark.parametrize(
    ("name", "syntax"),
    [
        ("trig", "TRIG"),
        ("nquads", "N_QUADS"),
        ("jsonld", "JSON_LD"),
        ("turtle", "TURTLE"),
        ("ntriples", "N_TRIPLES"),
        ("rdfxml", "RDF_XML"),
    ],
)
def test_oxigraph_reads_it_back(data: bytes, name: str, syntax: str) -> None:
    """Every statement comes back with the same lexical forms; graphs are kept where the syntax has them."""
    expected = sorted_quads(without_blanks(data))
    kind = getattr(pyoxigraph.RdfFormat, syntax)
    back = set(pyoxigraph.parse(written(expected, name), kind))
    if kind.supports_datasets:
        assert back == set(expected)
    else:
        assert {quad.triple for quad in back} == {quad.triple for quad in expected}


@pytest.mark.usefixtures("plain_literals")
@pytest.mark.parametrize("data", [sample(), ODD], ids=["sample", "odd"])
@pytest.mark.parametrize(("name", "syntax"), [("trig", "trig"), ("nquads", "nquads"), ("jsonld", "json-ld")])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_rdflib_reads_it_back(data: bytes, name: str, syntax: str) -> None:
    """Readers built on rdflib get the same quads."""
    # rdflib's Turtle reader reads 01 as 1, and does not know names of dots only.
    expected = [
        quad for quad in sorted_quads(without_blanks(data)) if not re.search(r'"01"|/\.\.', str(quad))
    ]
    dataset = rdflib.Dataset()
    dataset.parse(data=written(expected, name), format=syntax)
    assert set(sorted_quads(dataset)) == set(expected)


@pytest.mark.usefixtures("plain_literals")
@pytest.mark.parametrize(("name", "syntax"), [("turtle", "turtle"), ("ntriples", "nt"), ("rdfxml", "xml")])
def test_rdflib_reads_the_union_back(name: str, syntax: str) -> None:
    """The same for the syntaxes without graphs."""
    graph = rdflib.Graph().parse(data=written(sample(), name), format=syntax)
    assert {quad.triple for quad in sorted_quads(graph)} == {quad.triple for quad in sorted_quads(sample())}


def test_turtle_is_for_people() -> None:
    """Only the prefixes in use, in a fixed order; types and label first; blank lines between subjects."""
    text = written(sample(), "turtle").decode()
    prefixes = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
    assert prefixes[:3] == ["prov:", "voprov:", "provrdf:"]
    assert "location:" not in prefixes
    start = text.index("\nactivity:")
    block = text[start:].strip().split("\n\n")[0].splitlines()
    assert block[0].endswith("a prov:Activity ;")
    assert block[1].startswith("    rdfs:label ")
    assert "http://provrdf.localhost/" not in text[start:]


def test_each_model_has_its_prefix() -> None:
    """Terms of one model file are model:..., of two model1:... and model2:..."""
    one = b'<http://x.org/model/aa#Step_r0> <http://www.w3.org/2000/01/rdf-schema#label> "r0" .\n'
    assert b"@prefix model: <http://x.org/model/aa#> .\n\nmodel:Step_r0" in written(
        one, "turtle", base="http://x.org/"
    )
    two = written(one + one.replace(b"/aa#", b"/bb#"), "turtle", base="http://x.org/")
    assert b"model1:Step_r0" in two
    assert b"model2:Step_r0" in two


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (b'<http://x.org/a> <http://x.org/p> "\\u001B[31m" .', r"U\+001B in a value of <http://x.org/a>"),
        (b'<http://x.org/a> <http://x.org/9> "1" .', "no name for the property <http://x.org/9>"),
    ],
)
def test_what_xml_cannot_hold_is_refused(statement: bytes, message: str) -> None:
    """Rather a message than a file that no reader can open."""
    with pytest.raises(FormatError, match=message):
        written(statement, "rdfxml")


# --- JSON-LD


def test_jsonld_has_compact_names() -> None:
    """Plain names, relative IRIs, one graph per session; the context is inside."""
    document = json.loads(written(sample(1), "jsonld"))
    context = document["@context"]
    assert context["@base"] == "http://provrdf.localhost/"
    assert context["used"] == {"@id": "prov:used", "@type": "@id"}
    assert all(":" not in name or not name.startswith("http") for name in context)
    session = next(graph for graph in document["@graph"] if "run0" in graph["id"])
    node = next(node for node in session["@graph"] if node.get("name") == "reduce")
    assert node["type"] == "Activity"
    assert node["startedAtTime"] == "2026-11-22T10:00:00Z"
    assert node["used"].startswith("entity/")
    assert all(":" not in name for name in node)


def test_jsonld_context_says_only_what_is_needed() -> None:
    """Every term of the context occurs in the document."""
    document = json.loads(written(sample(1), "jsonld"))
    body = json.dumps(document["@graph"])
    for name, meaning in document["@context"].items():
        if isinstance(meaning, dict):
            assert f'"{name}"' in body


def test_the_published_context_is_the_embedded_one() -> None:
    """ontology/context.jsonld, the file to link to, means the same."""
    from provrdf.export._context import CONTEXT

    file = Path(__file__).parent.parent / "ontology" / "context.jsonld"
    assert json.loads(file.read_text())["@context"] == CONTEXT


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_published_context_is_understood() -> None:
    """A document that uses the context by hand is read as meant."""
    context = json.loads((Path(__file__).parent.parent / "ontology" / "context.jsonld").read_text())
    text = {
        **context,
        "id": "http://x.org/a",
        "type": "Activity",
        "used": "http://x.org/e",
        "pathHash": "md5:00",
    }
    graph = rdflib.Graph().parse(data=json.dumps(text), format="json-ld")
    activity = rdflib.URIRef("http://x.org/a")
    assert (activity, rdflib.RDF.type, rdflib.PROV.Activity) in graph
    assert (activity, rdflib.PROV.used, rdflib.URIRef("http://x.org/e")) in graph
    assert (
        activity,
        rdflib.URIRef("https://w3id.org/provrdf/ns#pathHash"),
        rdflib.Literal("md5:00"),
    ) in graph


def test_a_large_dataset_is_written_in_good_time() -> None:
    """Writing is some 50,000 statements a second; a quadratic slip would show."""
    import time

    data = b"".join(sample(1).replace(b"run0", f"night{number}".encode()) for number in range(60))
    started = time.perf_counter()
    for name in ("turtle", "trig", "jsonld"):
        export(data, name, io.BytesIO())
    assert time.perf_counter() - started < 10
