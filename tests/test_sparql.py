"""The check of user queries: what is refused, what passes, and that both engines then read the same."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from provrdf.errors import QueryError
from provrdf.sparql import check_query, quote_iri, quote_string
from servers import Listener, listening


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """Listen on a loopback address that must never be asked."""
    with listening() as found:
        yield found


SERVICES = [
    "ASK { SERVICE <URL> { ?s ?p ?o } }",
    "ask{service<URL>{?s ?p ?o}}",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o FILTER(NOT EXISTS { { SELECT ?s { SERVICE SILENT <URL> { ?s ?p ?o } } } }) }",
    "SELECT * { { SELECT * { OPTIONAL { SERVICE ?x { ?s ?p ?o } } BIND(<URL> AS ?x) } } }",
    "SELECT (EXISTS { SERVICE <URL> {} } AS ?e) {}",
    "SELECT * { ?s ?p ?o } ORDER BY (EXISTS { SERVICE <URL> {} })",
    "SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING (EXISTS { SERVICE <URL> {} })",
    "SELECT * { { ?s ?p ?o } UNION { ?s ?p ?o MINUS { GRAPH ?g { SERVICE <URL> {} } } } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <URL> { ?s ?p ?o } }",
    "ASK { BIND(IF(true, EXISTS { SERVICE <URL> {} }, 1) AS ?x) }",
    "ASK { # a comment ends at CR, whatever some engines think\r SERVICE <URL> {} }",
    "ASK { SERVICEx:y {} } # <URL>",
    "PREFIX x: <URL> ASK { SERVICE:a {} }",
    "PREFIX x: <URL> ASK { SERVICEx: {} }",
    "PREFIX x: <URL> ASK { SERVICESILENTx: {} }",
    "ASK { \\u0053ERVICE <URL> {} }",
    "ASK { ?s ?p '\\\\' . SERVICE <URL> {} }",
    "ASK { ?s ?p '''a'' ''' SERVICE <URL> {} }",
    "SELECT * { ?s ?p ?o FILTER(?s<?o)SERVICE<URL>{} }",
]


@pytest.mark.parametrize("query", SERVICES)
def test_service_is_refused_wherever_it_hides(query: str, listener: Listener) -> None:
    """No way of writing or nesting SERVICE gets past the check, and checking asks nobody."""
    with pytest.raises(QueryError):
        check_query(query.replace("URL", listener.url))
    assert listener.heard == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <URL> { ?s ?p ?o }",
        "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
        "PREFIX x: <URL> SELECT * FROM x: {}",
        "PREFIX x: <URL> SELECT * FROMx: {}",
        "SELECT(1<2 AS ?c)FROM<URL>{}",
        "ASK FROM <file:///etc/passwd> {}",
        "DESCRIBE <http://x/y> FROM <URL>",
        "CONSTRUCT FROM <URL> WHERE { ?s ?p ?o }",
        "LOAD <URL>",
        "LOAD SILENT <file:///etc/passwd> INTO GRAPH <http://x/g>",
        "INSERT DATA { <http://x/s> <http://x/p> 1 }",
        "DELETE WHERE { ?s ?p ?o }",
        "WITH <http://obs/task/1> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DROP ALL",
        "CLEAR GRAPH <http://x/g>",
        "CREATE GRAPH <http://x/g>",
        "MOVE <http://x/a> TO <http://x/b>",
        "ASK {} ; DROP ALL",
        "SELECT * { ?s ?p ?o } INSERT DATA {}",
    ],
)
def test_from_and_updates_are_refused(query: str, listener: Listener) -> None:
    """What fetches or changes data is no question."""
    with pytest.raises(QueryError):
        check_query(query.replace("URL", listener.url))
    assert listener.heard == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p 'SERVICE <http://x> { FROM } LOAD' }",
        "# SERVICE <http://x> FROM <http://y> LOAD DELETE\nASK {}",
        "ASK { <http://x/SERVICE> <http://x/FROM#LOAD> ?insert }",
        "PREFIX service: <http://x/> PREFIX from: <http://y/> ASK { service:load from:drop ?service }",
        'ASK { ?s ?p """a "quoted" \n SERVICE <http://x> {} """ }',
        "ASK { ?s ?p 'it''s' . ?s ?p '\\'SERVICE' }".replace("''", "\\'"),
        "SELECT ?delete (COUNT(*) AS ?from) { ?delete ?service ?o } GROUP BY ?delete HAVING (COUNT(*) > 1)",
    ],
)
def test_words_in_data_are_no_false_alarm(query: str) -> None:
    """Keywords inside strings, comments, addresses, names and variables are let through."""
    assert check_query(query).form in ("SELECT", "ASK")


def test_service_and_from_can_be_allowed() -> None:
    """Whoever asks for it gets it, each by its own switch."""
    assert "SERVICE" in check_query("ASK { SERVICE <http://x/> {} }", allow_service=True).text
    assert "FROM" in check_query("SELECT * FROM <http://x/> {}", allow_from=True).text
    with pytest.raises(QueryError, match="FROM"):
        check_query("SELECT * FROM <http://x/> { SERVICE <http://x/> {} }", allow_service=True)


SHAPES = [
    "SELECT ?s WHERE { ?s x:p ?o ; x:q [ x:r 1 ] . } ORDER BY DESC(?s) LIMIT 2 OFFSET 0",
    "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s x:p|^x:q/x:r+ ?o }",
    "SELECT * { ?s !(x:p|^x:q) ?o FILTER(?o = -1 || ?o<-1.5e3 && ?o>=+2) }",
    "SELECT (?o-1 AS ?m) (-?o AS ?k) { ?s x:p ?o . ?s x:p -5 }",
    "SELECT * { VALUES (?a ?b) { (UNDEF x:i) ('x'@en-GB '1'^^x:t) } OPTIONAL { ?a ?p ?b } }",
    "SELECT (GROUP_CONCAT(?o; SEPARATOR=', ') AS ?all) { ?s ?p ?o } GROUP BY ?s",
    "ASK { GRAPH <http://x/g> { ?s a x:T } FILTER(REGEX(STR(?s), '^a\\\\.b$', \"i\")) }",
    "CONSTRUCT { ?s x:p () } WHERE { ?s x:p (1 2) }",
    "BASE <http://x/> DESCRIBE <y>",
    "SELECT (COALESCE(?a, CONCAT('x', STR(?b))) AS ?c) { ?a x:p ?b FILTER(?a IN(1, xsd:string(2))) }",
    "SELECT * { ?s x:a.b-c ?o . ?o x:%20\\~z true }",
]


@pytest.mark.parametrize("query", SHAPES)
def test_plain_form_is_read_by_both_engines(query: str) -> None:
    """The plain form is a fixed point, and both engines accept it."""
    known = {"x": "http://x/", "xsd": "http://www.w3.org/2001/XMLSchema#"}
    text = check_query(query, prefixes=known).text
    assert check_query(text).text == text
    pyoxigraph.Store().query(text)
    translateQuery(parseQuery(text))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
@settings(max_examples=60, deadline=None)
def test_strings_mean_the_same_to_both_engines(text: str) -> None:
    """A quoted string comes back character by character from rdflib and from Oxigraph."""
    query = check_query(f"SELECT ({quote_string(text)} AS ?x) {{}}").text
    (oxigraph,) = pyoxigraph.Store().query(query)
    assert oxigraph["x"].value == text
    if not any(ord(letter) > 0xFFFF for letter in text):
        (row,) = rdflib.Graph().query(query)
        (found,) = tuple(row)  # type: ignore[arg-type]
        assert str(found) == text


@pytest.mark.parametrize(
    "iri", ["http://x/> . }", "a b", "rel", "http://x/\n", "http://x/{y}", "http://x/\ud800", "x\\y:z"]
)
def test_iris_that_would_break_out_are_refused(iri: str) -> None:
    """A value that ends the IRI early never reaches a query."""
    with pytest.raises(QueryError, match="not an absolute IRI"):
        quote_iri(iri)


def test_errors_name_the_line() -> None:
    """The message points at the line, counted in the text as it was given."""
    with pytest.raises(QueryError, match="line 3: 'FILTR' is not a word of SPARQL"):
        check_query("SELECT * {\n ?s ?p ?o\n FILTR(?o) }")
    with pytest.raises(QueryError, match="line 2: the prefix 'prof:' is not declared"):
        check_query("ASK {\n ?s prof:used ?o }")


def test_nesting_and_size_are_limited() -> None:
    """Thousands of brackets are refused before a recursive parser sees them."""
    with pytest.raises(QueryError, match="nested"):
        check_query("ASK " + "{" * 5000 + "}" * 5000)
    with pytest.raises(QueryError, match="too many"):
        check_query("ASK { ?s ?p '" + "x" * 2_000_000 + "' }")
    assert check_query("ASK " + "{" * 50 + "}" * 50).form == "ASK"


def test_graph_names_are_replaced_only_after_graph() -> None:
    """Names of graphs change to the published ones; the same IRI as a subject stays."""
    checked = check_query("ASK { GRAPH <http://x/g> { <http://x/g> ?p 'GRAPH <http://x/g>' } }")
    assert (
        checked.on_graphs({"http://x/g": "http://x/g--1"}).text
        == 'ASK { GRAPH <http://x/g--1> { <http://x/g> ?p "GRAPH <http://x/g>" } }'
    )


def test_syntax_that_only_oxigraph_knows_is_read_by_oxigraph() -> None:
    """What rdflib cannot read (LATERAL), Oxigraph checks."""
    assert check_query("SELECT * { ?s ?p ?o LATERAL { SELECT * { ?s ?q ?z } LIMIT 1 } }").form == "SELECT"
    with pytest.raises(QueryError):
        check_query("SELECT * { ?s ?p ?o LATERAL LATERAL }")
