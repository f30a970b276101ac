"""Queries: named ones, parameters as terms, formats, safety, and the same answers from two engines."""

from __future__ import annotations

import csv
import io
import json
import string
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provrdf.errors import QueryError, UsageError
from provrdf.graphsource import LocalGraphs, RemoteGraphs, graphs_of_inputs, shorten
from provrdf.iris import prefixes
from provrdf.opening import as_graphs
from provrdf.query import named_queries, named_query, parse_named, query
from provrdf.query.parameters import bind
from provrdf.query.results import format_table, visible
from provrdf.sparql import check_query

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"

DATA = """
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix voprov: <http://www.ivoa.net/documents/ProvenanceDM/index.html#> .
@prefix provrdf: <https://w3id.org/provrdf/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix e: <http://provrdf.localhost/entity/> .
@prefix a: <http://provrdf.localhost/activity/> .
@prefix s: <http://provrdf.localhost/session/> .
<http://provrdf.localhost/graph/s1> {
  s:s1 a prov:Entity, provrdf:Session ; dcterms:identifier "s1" ; voprov:name "01618" ;
    provrdf:observationRun "01618" ; provrdf:softwareVersion "v1" ;
    prov:generatedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime .
  a:a1 a prov:Activity ; voprov:name "reduce" ; dcterms:identifier "a1" ; provrdf:inSession s:s1 ;
    prov:startedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime ;
    prov:endedAtTime "2026-01-02T00:00:01.5Z"^^xsd:dateTime ; prov:used e:raw ;
    voprov:wasConfiguredBy <http://provrdf.localhost/parameter/p> ;
    prov:wasAssociatedWith <http://provrdf.localhost/agent/jane> .
  <http://provrdf.localhost/agent/jane> a prov:Agent ; voprov:name "jane" .
  <http://provrdf.localhost/parameter/p> a prov:Entity, voprov:Parameter ; voprov:name "cut" ;
    prov:value 0.5 .
  e:raw a prov:Entity ; voprov:name "Raw" ; dcterms:identifier "raw" ; voprov:location "/data/raw.fits" .
  e:out a prov:Entity ; voprov:name "Out" ; dcterms:identifier "out" ; voprov:location "/data/out.h5" ;
    prov:wasGeneratedBy a:a1 .
}
<http://provrdf.localhost/graph/s2> {
  a:a2 a prov:Activity ; voprov:name "reduce" ; dcterms:identifier "a2" ; provrdf:status "failed" ;
    prov:startedAtTime "2026-02-28T23:59:00Z"^^xsd:dateTime ; prov:used e:raw .
}
"""


@pytest.fixture
def graphs() -> LocalGraphs:
    """A small dataset of two graphs."""
    store = pyoxigraph.Store()
    store.load(DATA, pyoxigraph.RdfFormat.TRIG)
    return LocalGraphs(store)


def rows(graphs: LocalGraphs, text: str, **parameters: object) -> list[dict[str, Any]]:
    """Answer a query as a list."""
    return list(query(graphs, text, parameters))


def test_the_default_graph_is_the_union(graphs: LocalGraphs) -> None:
    """Nobody has to write GRAPH, and who does gets the graph."""
    both = rows(graphs, "SELECT ?a { ?a a prov:Activity }")
    assert len(both) == 2
    named = rows(graphs, "SELECT ?g { GRAPH ?g { ?a dcterms:identifier 'a2' } }")
    assert named == [{"g": "http://provrdf.localhost/graph/s2"}]


def test_what_two_graphs_say_counts_once(tmp_path: Path) -> None:
    """Counting rows is right, with rdflib as with us, in memory as in a store."""
    twice = "{ <http://x/s> <http://x/p> 1 . <http://x/t> <http://x/q> <http://x/s> }"
    file = tmp_path / "two.trig"
    file.write_text(f"<http://x/g1> {twice} <http://x/g2> {twice}")
    data = graphs_of_inputs([file])
    assert rows(data, "SELECT (COUNT(?o) AS ?n) { ?t <http://x/q>/<http://x/p> ?o }") == [{"n": 1}]
    assert len(rows(data, "SELECT ?s { ?s ?p ?o }")) == 2
    assert len(rows(data, "SELECT ?g { GRAPH ?g { ?s ?p 1 } }")) == 2
    assert len(data.store) == 4


def test_prefixes_need_no_declaration(graphs: LocalGraphs) -> None:
    """Vocabularies and the kinds of things have their prefixes."""
    assert rows(graphs, "SELECT ?id { activity:a1 dcterms:identifier ?id }") == [{"id": "a1"}]
    assert rows(
        graphs, "PREFIX x: <http://provrdf.localhost/activity/> SELECT ?id { x:a1 dcterms:identifier ?id }"
    )


def test_values_have_python_types(graphs: LocalGraphs) -> None:
    """Rows hold numbers and aware times, not text."""
    (row,) = rows(graphs, "SELECT ?v ?t { ?p prov:value ?v . activity:a1 prov:startedAtTime ?t }")
    assert float(row["v"]) == 0.5
    assert row["t"].isoformat() == "2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", "FROM"),
        ("LOAD <http://127.0.0.1:9/x>", "LOAD"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE"),
        ("SELECT * { ?s ?p", "mistake"),
        ("SELECT * { ?s nothere:x ?o }", "nothere"),
    ],
)
def test_what_is_not_allowed_is_refused(graphs: LocalGraphs, text: str, word: str) -> None:
    """Queries that fetch, change data or have mistakes are refused with a message that says so."""
    with pytest.raises(QueryError, match=word):
        query(graphs, text)


def test_unknown_names_get_a_suggestion(graphs: LocalGraphs) -> None:
    """A misspelt name or parameter names what is right."""
    with pytest.raises(QueryError, match="did you mean activities"):
        query(graphs, "activitis")
    with pytest.raises(QueryError, match="it has name, agent"):
        query(graphs, "activities", {"nam": "x"})
    with pytest.raises(QueryError, match=r"needs file=\.\.\."):
        query(graphs, "used-by")


def test_named_query_parameters(graphs: LocalGraphs) -> None:
    """Parameters restrict, several values mean any of them, and times take a day."""
    assert [row["id"] for row in rows(graphs, "activities", name="reduce")] == ["a1", "a2"]
    assert rows(graphs, "activities", name="other") == []
    assert [row["id"] for row in rows(graphs, "activities", since="2026-02-01")] == ["a2"]
    assert [row["id"] for row in rows(graphs, "activities", until="2026-02-28T23:59:00")] == ["a1"]
    assert [row["id"] for row in rows(graphs, "activities", run="01618")] == ["a1"]
    assert [row["id"] for row in rows(graphs, "used-by", file=["raw.fits"])] == ["a1", "a2"]
    assert [row["id"] for row in rows(graphs, "uses", activity="a1")] == ["raw"]
    with pytest.raises(QueryError, match="'soon' is no time"):
        query(graphs, "activities", {"since": "soon"})


def test_durations_cross_days_and_years(graphs: LocalGraphs) -> None:
    """Seconds are right over midnight; an unfinished activity has none."""
    (row,) = rows(graphs, "steps")
    assert (row["count"], row["finished"]) == (2, 1)
    assert float(row["longest"]) == 86401.5


def test_failed_and_unfinished(graphs: LocalGraphs) -> None:
    """What did not end well is found."""
    assert [row["id"] for row in rows(graphs, "failed")] == ["a2"]
    assert [row["id"] for row in rows(graphs, "unfinished")] == ["a2"]


def test_free_queries_take_parameters(graphs: LocalGraphs) -> None:
    """Variables of a free query are bound at the start of its WHERE clause."""
    text = "SELECT ?a { ?a dcterms:identifier ?id }"
    assert rows(graphs, text, id="a1") == [{"a": "http://provrdf.localhost/activity/a1"}]
    assert rows(graphs, "SELECT (COUNT(*) AS ?n) { ?a dcterms:identifier ?id }", id=["a1", "a2"]) == [
        {"n": 2}
    ]
    built = query(graphs, "CONSTRUCT { ?a a <http://x/T> } WHERE { ?a dcterms:identifier ?id }", {"id": "a1"})
    assert len(list(built)) == 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_values_are_never_query_text(value: str) -> None:
    """Whatever a value holds, it is compared as text and cannot break out."""
    store = pyoxigraph.Store()
    try:
        literal = pyoxigraph.Literal(value)
    except UnicodeEncodeError:
        return
    subject = pyoxigraph.NamedNode("http://x/s")
    store.add(pyoxigraph.Quad(subject, pyoxigraph.NamedNode("http://x/p"), literal))
    asked = parse_named("q", "# parameter v (text): any\nSELECT ?s { ?s <http://x/p> ?v }")
    from provrdf.query import ask

    assert [row["s"] for row in ask(LocalGraphs(store), asked, {"v": value})] == ["http://x/s"]


def test_injection_stays_a_value(graphs: LocalGraphs) -> None:
    """The classics find nothing and change nothing."""
    attack = '" } ; DROP ALL ; SELECT * { ?s ?p "'
    before = len(graphs.store)
    assert rows(graphs, "activities", name=attack) == []
    assert len(graphs.store) == before


def test_bind_finds_the_where_clause() -> None:
    """Braces of templates, expressions, IRIs, strings and comments are passed over."""
    values = {"x": ["1"]}
    assert bind("SELECT ?y WHERE{ ?y ?p ?x }", values) == "SELECT ?y WHERE{ VALUES ?x { 1 } ?y ?p ?x }"
    built = bind("CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }", values)
    assert built == "CONSTRUCT { ?a ?b ?c } WHERE { VALUES ?x { 1 } ?a ?b ?c }"
    hidden = "# {\nSELECT (EXISTS { ?a ?b '{' } AS ?e) { ?a <http://x/{> ?c }".replace("{>", ">")
    assert bind(hidden, values).endswith("AS ?e) { VALUES ?x { 1 } ?a <http://x/> ?c }")
    with pytest.raises(QueryError, match="has no"):
        bind("DESCRIBE <http://x/>", values)


def test_every_shipped_query_says_what_it_does() -> None:
    """Help text and parameters of every shipped query are complete, and the engine accepts it."""
    shipped = named_queries()
    assert len(shipped) >= 18
    for named in shipped:
        assert named.help.endswith("."), named.name
        assert all(parameter.help for parameter in named.parameters), named.name
        check_query(named.text, prefixes=prefixes("http://x/"))
        assert named_query(named.name.replace("-", "_")) == named


def given_values(name: str, entity: str, activity: str) -> dict[str, str]:
    """Values for the required parameters of a named query."""
    values = {"entity": entity, "activity": activity, "time": "2020-01-01", "text": "cut"}
    return {one.name: values[one.type] for one in named_query(name).parameters if one.required}


@pytest.mark.parametrize("name", [named.name for named in named_queries()])
def test_shipped_queries_agree_in_both_engines(graphs: LocalGraphs, name: str) -> None:
    """rdflib gives the same rows as Oxigraph."""
    from provrdf.config import Config
    from provrdf.query.parameters import read_values

    values = given_values(name, "out", "a1")
    if name == "time-range":
        values["until"] = "2030-01-01"
    named = named_query(name)
    bound = bind(named.text, read_values(named, values, graphs, Config()))
    ours = sorted(map(str, (plain(row) for row in query(graphs, name, values))))
    theirs = sorted(map(str, (plain(row) for row in rdflib_rows(graphs, bound))))
    assert ours == theirs


def rdflib_rows(graphs: LocalGraphs, text: str) -> list[dict[str, Any]]:
    """Answer with rdflib over the union of graphs."""
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=str(graphs.store), format="nquads")
    answer = dataset.query(check_query(text, prefixes=prefixes(graphs.base)).text)
    names = [str(name) for name in answer.vars or ()]
    return [{name: row[name] for name in names} for row in answer]  # type: ignore[index,call-overload]


def plain(row: dict[str, Any]) -> list[tuple[str, str]]:
    """A row as text that does not depend on the engine: numbers rounded, times in UTC."""
    found = []
    for name, value in sorted(row.items()):
        python = value.toPython() if hasattr(value, "toPython") else value
        if python is None or python == "":
            continue
        if type(python).__name__ in ("int", "float", "Decimal"):
            found.append((name, f"{float(python):.6f}"))
        else:
            found.append((name, python.isoformat() if hasattr(python, "isoformat") else str(python)))
    return found


def test_formats_of_rows(graphs: LocalGraphs) -> None:
    """Rows can be had as table, CSV, TSV, JSON and XML."""
    text = (
        "SELECT ?id ?end { ?a a prov:Activity ; dcterms:identifier ?id "
        "OPTIONAL { ?a prov:endedAtTime ?end } } ORDER BY ?id"
    )
    assert list(csv.reader(io.StringIO(query(graphs, text).to_bytes("csv").decode())))[1] == [
        "a1",
        "2026-01-02T00:00:01.5Z",
    ]
    assert query(graphs, text).to_bytes("tsv").startswith(b"?id\t?end\n")
    assert len(json.loads(query(graphs, text).to_bytes("json"))["results"]["bindings"]) == 2
    assert b"<sparql" in query(graphs, text).to_bytes("xml")
    assert query(graphs, text).to_bytes("table").decode().splitlines()[2] == "a1  2026-01-02T00:00:01.5Z"
    with pytest.raises(UsageError, match="use table, csv"):
        query(graphs, text).to_bytes("turtle")


def test_formats_of_graphs_and_truth(graphs: LocalGraphs) -> None:
    """CONSTRUCT gives RDF with prefixes, ASK says true or false."""
    built = query(
        graphs, "CONSTRUCT { ?e prov:wasInfluencedBy ?u } WHERE { ?e prov:wasGeneratedBy/prov:used ?u }"
    )
    assert b"entity:out prov:wasInfluencedBy entity:raw" in built.to_bytes()
    assert query(graphs, "DESCRIBE entity:out").to_bytes("ntriples").count(b"\n") == 5
    assert query(graphs, "ASK { ?a a prov:Activity }").to_bytes() == b"true\n"
    assert query(graphs, "ASK { ?a a prov:Activity }").truth
    with pytest.raises(UsageError, match="cannot be written as csv"):
        query(graphs, "DESCRIBE entity:out").to_bytes("csv")


def test_emptiness_can_be_asked_before_reading(graphs: LocalGraphs) -> None:
    """Asking whether there is anything does not use the rows up."""
    results = query(graphs, "activities")
    assert not results.is_empty()
    assert len(list(results)) == 2
    assert query(graphs, "ASK { ?a a prov:Bundle }").is_empty()
    assert query(graphs, "CONSTRUCT { ?a a ?b } WHERE { ?a a prov:Bundle . ?a a ?b }").is_empty()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.text(string.printable, max_size=60), st.text(max_size=30)), max_size=4),
    st.integers(18, 120),
)
def test_tables_lose_nothing(cells: list[tuple[str, str]], width: int) -> None:
    """A table folded to a width holds every character of every cell, and fits if it can."""
    shown = [[visible(one), visible(other)] for one, other in cells]
    table = format_table(("a", "b"), shown, width=width)
    wanted = sorted("".join("".join(row) for row in shown).replace(" ", ""))
    body = "".join(table.splitlines()[2:]).replace(" ", "")
    assert sorted(body) == wanted
    assert all(len(line) <= width for line in table.splitlines())


def test_control_characters_cannot_steer_the_terminal() -> None:
    """Escape sequences in data are shown, not obeyed."""
    assert visible("\x1b[31mred\n") == "\\x1b[31mred\\n"


def test_short_names_prefer_the_longest_prefix() -> None:
    """Of two prefixes that fit, the longer one wins."""
    assert (
        shorten("http://x/activity/1", {"x": "http://x/", "activity": "http://x/activity/"}) == "activity:1"
    )


def test_sources_of_all_kinds(graphs: LocalGraphs, tmp_path: Path) -> None:
    """A query can be put to a file, an rdflib Dataset and an Oxigraph store."""
    import rdflib

    file = tmp_path / "data.trig"
    file.write_text(DATA)
    dataset = rdflib.Dataset()
    dataset.parse(data=str(graphs.store), format="nquads")
    for source in (file, str(file), [file], dataset, graphs.store, graphs):
        assert len(list(query(source, "activities"))) == 2
    assert as_graphs(graphs) is graphs


def test_base_is_found_in_the_data(tmp_path: Path) -> None:
    """Prefixes stand under the base IRI that the files use, not under ours."""
    file = tmp_path / "data.trig"
    file.write_text(DATA.replace("http://provrdf.localhost/", "https://prov.example.org/night/"))
    loaded = graphs_of_inputs([file])
    assert loaded.base == "https://prov.example.org/night/"
    assert rows(loaded, "SELECT ?id { activity:a1 dcterms:identifier ?id }") == [{"id": "a1"}]


def test_remote_graphs_answer_like_local_ones(graphs: LocalGraphs) -> None:
    """Links fetched by query are those of the indexes, in both directions."""
    sent: list[str] = []

    def send(text: str) -> Any:
        sent.append(text)
        return graphs.store.query(text, use_default_graph_as_union=True)

    remote = RemoteGraphs(send, base=graphs.base)
    used = "http://www.w3.org/ns/prov#used"
    nodes = [f"http://provrdf.localhost/activity/a{number}" for number in range(900)]
    assert set(remote.links(nodes, used)) == set(graphs.links(nodes, used))
    assert len(sent) == 3
    raw = ["http://provrdf.localhost/entity/raw"]
    assert set(remote.links(raw, used, inverse=True)) == set(graphs.links(raw, used, inverse=True))
    assert list(query(remote, "activities")) == list(query(graphs, "activities"))


@pytest.mark.parametrize("name", [named.name for named in named_queries()])
def test_shipped_queries_answer_on_the_examples(name: str) -> None:
    """Every shipped query runs on every example, from log to rows."""
    for example in ("lst", "gammapy"):
        data = example_graphs(EXAMPLES / example / "prov.log")
        first = next(iter(query(data, "SELECT ?e ?a { ?e prov:wasGeneratedBy ?a } LIMIT 1")))
        values = given_values(name, first["e"], first["a"]) | (
            {"until": "2100-01-01"} if name == "time-range" else {}
        )
        list(query(data, name, values))


_LOADED: dict[Path, LocalGraphs] = {}


def example_graphs(log: Path) -> LocalGraphs:
    """Map an example once for all tests."""
    if log not in _LOADED:
        from provrdf.sources import read

        _LOADED[log] = graphs_of_inputs(records=read(log))
    return _LOADED[log]
