"""What is published: strict lines, portable literals, digests that do not depend on order, bounded memory."""

from __future__ import annotations

import hashlib
import random

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provrdf.errors import FormatError
from provrdf.publish.content import collect
from provrdf.publish.fingerprint import FingerprintBuilder, same
from provrdf.publish.portable import meaning, portable
from provrdf.publish.statement import Statement, Value, check_iri, parse_statement, write_triple
from provrdf.publish.uploading import update_line
from provrdf.vocab import RDF, XSD
from published import BASE, graphs, quads

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=20)

CONTROLS = {chr(code) for code in (*range(32), 127)} - {"\t", "\n", "\r"}


def oxigraph_triple(line: str) -> pyoxigraph.Triple:
    """Read a line with another parser."""
    (quad,) = pyoxigraph.parse(line, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return quad.triple


@given(TEXT)
@settings(max_examples=80, deadline=None)
def test_lines_are_read_and_written_alike(text: str) -> None:
    """A literal survives our writer and reader; Oxigraph reads the same text from the line."""
    written = write_triple(Statement("http://x/s", "http://x/p", Value(text)))
    kept = "".join("\ufffd" if letter in CONTROLS else letter for letter in text)
    assert parse_statement(written).object == Value(kept)
    assert oxigraph_triple(written).object.value == kept
    assert write_triple(parse_statement(written)) == written


@given(TEXT, st.sampled_from(["", "en", "en-GB"]))
@settings(max_examples=40, deadline=None)
def test_lines_of_other_writers_are_read(text: str, language: str) -> None:
    """What Oxigraph writes is read with the same terms."""
    literal = pyoxigraph.Literal(text, language=language or None)
    subject, predicate = pyoxigraph.NamedNode("http://x/\u00e9"), pyoxigraph.NamedNode("http://x/p")
    triple = pyoxigraph.Triple(subject, predicate, literal)
    line = pyoxigraph.serialize([triple], format=pyoxigraph.RdfFormat.N_TRIPLES).decode()
    found = parse_statement(line)
    assert found.subject == "http://x/\u00e9"
    assert isinstance(found.object, Value)
    assert found.object.text == text
    assert found.object.language == (language.lower() or None)


@pytest.mark.parametrize(
    "line",
    [
        "_:b <http://x/p> <http://x/o> .",
        "<http://x/s> <http://x/p> _:b .",
        "<http://x/s> <http://x/p> <http://x/o>",
        "<http://x/s> <http://x/p> <http://x/o> . <http://x/s> <http://x/q> <http://x/o> .",
        '<http://x/s> <http://x/p> "a" . # comment\n<http://x/s> <http://x/q> "b" .',
        '<http://x/s> <http://x/p> "open .',
        '<http://x/s> <http://x/p> "v"^^<http://x/> . } } ; DROP GRAPH <http://precious> ; INSERT DATA {"> .',
        '<http://x/s> "p" <http://x/o> .',
        "",
    ],
)
def test_lines_that_are_not_one_ground_statement_are_refused(line: str) -> None:
    """Blank nodes, two statements in one, broken terms: refused, never repaired silently."""
    with pytest.raises(FormatError):
        parse_statement(line)


@pytest.mark.parametrize("iri", ["relative", "http://x/%zz", "http://x/a[b]", "//x/y", ""])
def test_iris_that_stores_disagree_about_are_refused(iri: str) -> None:
    """Relative ones are resolved against whatever; brackets and broken escapes are refused by some."""
    with pytest.raises(FormatError, match="stores disagree"):
        check_iri(iri)
    assert check_iri("http://[::1]:80/a%20b?c#d") == "http://[::1]:80/a%20b?c#d"


@pytest.mark.parametrize(
    ("given_text", "datatype", "text", "kept"),
    [
        ("01", "long", "1", "integer"),
        ("+7", "unsignedByte", "7", "integer"),
        ("-0", "integer", "0", "integer"),
        ("13443547070007687302", "integer", "13443547070007687302", "decimal"),
        ("1.50", "decimal", "1.5", "decimal"),
        ("1.0", "decimal", "1", "decimal"),
        ("1", "boolean", "true", "boolean"),
        ("2026-01-01T01:00:00.500+01:00", "dateTime", "2026-01-01T00:00:00.5Z", "dateTime"),
        ("2026-01-01T01:00:00.000", "dateTime", "2026-01-01T01:00:00", "dateTime"),
        ("1e3", "double", "1e3", "double"),
        ("many", "integer", "many", "string"),
        ("yes", "boolean", "yes", "string"),
        ("9" * 5000, "integer", "9" * 5000, "decimal"),
        ("0000-99-99T00:00:00+01:00", "dateTime", "0000-99-99T00:00:00+01:00", "string"),
    ],
)
def test_literals_become_portable(given_text: str, datatype: str, text: str, kept: str) -> None:
    """Each class of literals has one form, which stores do not change; what does not fit becomes a string."""
    found = portable(Value(given_text, XSD.BASE + datatype))
    assert found == Value(text, XSD.BASE + kept)
    assert portable(found) == found


def test_meaning_sees_through_spellings() -> None:
    """Values that stores return in other clothes are the same; other values are not."""
    same_values = [
        (Value("1.5E0", XSD.double), Value("1.5", XSD.decimal)),
        (Value("INF", XSD.double), Value("inf", XSD.double)),
        (Value("true", XSD.boolean), Value("1", XSD.integer)),
        (Value("2026-01-01T00:00:00.5Z", XSD.dateTime), Value("2026-01-01T00:00:00.500Z", XSD.dateTime)),
        (Value("x", RDF.langString, "en-gb"), Value("x", RDF.langString, "en-gb")),
    ]
    for one, other in same_values:
        assert meaning(one) == meaning(other)
    different = [
        (Value("1"), Value("1", XSD.integer)),
        (Value("9007199254740993", XSD.integer), Value("9007199254740992", XSD.integer)),
        (Value("2026-01-01T00:00:00Z", XSD.dateTime), Value("2026-01-01T00:00:00", XSD.dateTime)),
        (Value("x", RDF.langString, "en"), Value("x")),
    ]
    for one, other in different:
        assert meaning(one) != meaning(other)


def test_the_digest_is_of_the_set(tmp_path: object) -> None:
    """Shuffled, doubled and otherwise spelt, the statements are the same content and so the same graph."""
    lines = list(quads("s1"))
    shuffled = [*lines, *lines]
    random.Random(7).shuffle(shuffled)
    spelt = [line.replace("caf\\u00e9", "caf\u00e9").replace('"true"', '"1"') for line in shuffled]
    spelt = [line.replace(" .", "\t.") for line in spelt]
    with collect(lines, base=BASE) as (one,), collect(spelt, base=BASE) as (two,):
        assert one.published == two.published
        text = b"".join(one.content)
        assert hashlib.sha256(text).hexdigest() == one.content.digest
        assert text.splitlines() == sorted(set(text.splitlines()))
        assert one.content.size == len(text)


def test_large_graphs_live_in_files() -> None:
    """With a kilobyte of memory everything is sorted through files, with the same result."""
    lines = [line for key in ("s1", "s2", "environment-x") for line in quads(key, 40)]
    random.Random(1).shuffle(lines)
    with collect(lines, base=BASE) as held, collect(lines, base=BASE, memory=1000) as spilt:
        assert [graph.published for graph in held] == [graph.published for graph in spilt]
        assert [graph.content.fingerprint for graph in held] == [graph.content.fingerprint for graph in spilt]
        assert [graph.key for graph in held] == ["environment-x", "s1", "s2"]
        assert all(not isinstance(graph.content.source, bytes) for graph in spilt)
        assert b"".join(held[1].content) == b"".join(spilt[1].content)


def test_statements_without_a_session_are_refused() -> None:
    """Without a graph under the base IRI there is nothing to publish them as."""
    for graph in ("", "<http://other/graph/s1> "):
        line = f"<http://x/s> <http://x/p> <http://x/o> {graph}."
        with pytest.raises(FormatError, match=r"statement 1: .*not under"), collect([line], base=BASE):
            pass


def test_fingerprints_are_what_a_store_answers() -> None:
    """Oxigraph's answer to the question is the fingerprint, as a whole and in parts."""
    with graphs(["s1"], steps=30) as (graph,):
        store = pyoxigraph.Store()
        name = pyoxigraph.NamedNode(graph.published)
        store.bulk_load(b"".join(graph.content), format=pyoxigraph.RdfFormat.N_TRIPLES, to_graph=name)

        def answer(question: str) -> dict[str, int]:
            return {row["b"].value: int(row["n"].value) for row in store.query(question)}

        whole = graph.content.fingerprint
        assert whole.by_value == 30
        assert same(whole, answer(whole.question(graph.published)))
        parts = whole.parts(3)
        assert len(parts) == 3
        assert sum(part.triples for part in parts) == whole.triples == len(store)
        assert sum(part.size for part in parts) == whole.size == graph.content.size
        assert all(same(part, answer(part.question(graph.published))) for part in parts)
        store.remove(next(iter(store)))
        assert not same(whole, answer(whole.question(graph.published)))


@given(st.binary(max_size=0) | TEXT)
@settings(max_examples=40, deadline=None)
def test_fingerprints_take_any_text(text: str | bytes) -> None:
    """The hash is over the characters, whatever has to be escaped to write them."""
    value = text if isinstance(text, str) else ""
    line = write_triple(Statement("http://x/s", "http://x/p", Value(value)))
    builder = FingerprintBuilder()
    builder.add((line + "\n").encode())
    (number,) = builder.build().buckets
    characters = parse_statement(line).object
    assert isinstance(characters, Value)
    hashed = hashlib.sha256(f"http://x/s http://x/p {characters.text}".encode()).hexdigest()
    assert number == hashed[:2]


@given(TEXT)
@settings(max_examples=40, deadline=None)
def test_lines_of_updates_cannot_break_out(text: str) -> None:
    """In the body of an update a literal stays one literal, for Oxigraph's update parser too."""
    line = update_line(Statement("http://x/s", "http://x/p", Value(text)))
    store = pyoxigraph.Store()
    store.update(f"INSERT DATA {{ GRAPH <http://x/g> {{ {line} }} }}")
    (quad,) = store
    assert quad.object.value == text
