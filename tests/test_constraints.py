"""PROV-CONSTRAINTS: the cases of the W3C, own cases for every rule, and every way to hand over a dataset."""

import csv
from pathlib import Path

import pyoxigraph
import pytest

from provrdf.constraints import CHECKS, check_prov
from provrdf.errors import UsageError
from provrdf.report import Place, Severity

CASES = Path(__file__).resolve().parents[2] / "shared" / "conformance" / "prov-constraints"
PREFIXES = """
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <http://example.org/> .
"""


def quads_of(text):
    """Quads of a TriG document with the usual prefixes."""
    return list(pyoxigraph.parse(PREFIXES + text, format=pyoxigraph.RdfFormat.TRIG))


def found(text, **options):
    """Check a document."""
    return check_prov(quads_of(text), **options)


def violations(text):
    """Check ids of the violations in a document."""
    return sorted({result.check for result in found(text) if result.severity is Severity.VIOLATION})


def w3c_cases():
    """Rows of the W3C suite that PROV-O can express."""
    if not CASES.is_dir():
        return []
    with (CASES / "verdicts.csv").open() as stream:
        return [row for row in csv.DictReader(stream) if row["usable_in_rdf"] == "yes"]


@pytest.mark.skipif(not CASES.is_dir(), reason="the W3C cases are not beside this checkout")
def test_w3c_suite_is_complete():
    """All usable cases are run: 172, of which 155 are the W3C's own."""
    rows = w3c_cases()
    assert len(rows) == 172
    assert sum(row["in_w3c_list"] == "yes" for row in rows) == 155


@pytest.mark.parametrize("row", w3c_cases(), ids=lambda row: row["case"])
def test_w3c_case(row):
    """The verdict is that of the W3C, by a rule that the W3C names."""
    quads = list(pyoxigraph.parse(path=str(CASES / row["rdf_file"])))
    results = [result for result in check_prov(quads) if result.severity is Severity.VIOLATION]
    assert bool(results) is (row["expected"] == "FAIL"), [result.message for result in results]
    named = {f"c{number}" for result in results for number in result.details["constraints"]}
    named |= {"DM" for result in results if result.check == "prov/dm"}
    assert set(row["w3c_constraints"].split()) <= named or row["expected"] == "PASS"


BROKEN = {
    "dm": ":a prov:qualifiedCommunication :c . :c a prov:Communication .",
    "c22": ':a prov:startedAtTime "2020-01-01T00:00:00Z"^^xsd:dateTime, '
    '"2020-01-02T00:00:00Z"^^xsd:dateTime .',
    "c23": ":a prov:qualifiedUsage :u . :u prov:entity :e1, :e2 .",
    "c24": ":e prov:qualifiedGeneration :g1, :g2 . :g1 prov:activity :a . :g2 prov:activity :a .",
    "c25": ":e prov:qualifiedInvalidation :i1, :i2 . :i1 prov:activity :a . :i2 prov:activity :a .",
    "c26": ":a prov:qualifiedStart :s1, :s2 . :s1 prov:hadActivity :b . :s2 prov:hadActivity :b .",
    "c27": ":a prov:qualifiedEnd :s1, :s2 . :s1 prov:hadActivity :b . :s2 prov:hadActivity :b .",
    "c28": ':a prov:startedAtTime "2020-01-01T00:00:00Z"^^xsd:dateTime ; prov:qualifiedStart '
    '[ prov:atTime "2020-01-01T00:00:01Z"^^xsd:dateTime ] .',
    "c29": ':a prov:endedAtTime "2020-01-01T00:00:00Z"^^xsd:dateTime ; prov:qualifiedEnd '
    '[ prov:atTime "2020-01-01T00:00:01Z"^^xsd:dateTime ] .',
    "c42": ":e prov:wasDerivedFrom :e .",
    "c52": ":v2 prov:specializationOf :v1 . :v1 prov:specializationOf :v2 .",
    "c53": ":a prov:qualifiedUsage :n . :e prov:qualifiedGeneration :n .",
    "c54": ":a prov:qualifiedUsage :n . :n a prov:Entity .",
    "c55": ":x a prov:Entity . :e prov:wasGeneratedBy :x .",
    "c56": ":c a prov:EmptyCollection ; prov:hadMember :e .",
}


@pytest.mark.parametrize("rule", BROKEN)
def test_each_rule_is_found(rule):
    """A minimal breach of each rule is found, under its number."""
    assert violations(BROKEN[rule]) == [f"prov/{rule}"]


FULL = "[ prov:entity :e1 ; prov:hadActivity :a ; prov:hadGeneration :g ; prov:hadUsage :u ]"
LOOPS = {
    31: ":a prov:wasStartedBy :f, :h . :e prov:wasGeneratedBy :a . :f prov:wasDerivedFrom :e .",
    33: f":a prov:wasStartedBy :e3 . :e3 prov:wasDerivedFrom :e2 . :e2 prov:qualifiedDerivation {FULL} . "
    ":a prov:qualifiedUsage :u . :u prov:entity :e1 .",
    34: ":e prov:wasGeneratedBy :a . :a prov:wasStartedBy :f . :f prov:wasDerivedFrom :e .",
    37: f":e1 prov:wasDerivedFrom :e2 . :e2 prov:qualifiedDerivation {FULL} . "
    ":a prov:qualifiedUsage :u . :u prov:entity :e1 .",
    39: ":e prov:wasGeneratedBy :a, :b . :a prov:wasStartedBy :f . :f prov:wasDerivedFrom :e .",
    41: f":e1 prov:wasDerivedFrom :e2 . :e2 prov:qualifiedDerivation {FULL} .",
    42: ":e prov:wasDerivedFrom :f . :f prov:wasDerivedFrom :e .",
    43: ":a prov:wasStartedBy :trigger . :trigger prov:wasDerivedFrom :e . :a prov:generated :e .",
    45: ":old prov:wasDerivedFrom :version . :version prov:specializationOf :old .",
    48: ":robot a prov:Entity ; prov:wasDerivedFrom :e . :e prov:wasAttributedTo :robot .",
}


@pytest.mark.parametrize("rule", LOOPS)
def test_a_strict_loop_through_each_rule(rule):
    """A loop in time that passes a rule is found; rules that it cannot do without are named."""
    (result,) = found(LOOPS[rule])
    assert result.check == "prov/c42"
    if rule in {34, 42, 43, 45, 48}:
        assert rule in result.details["constraints"]


UNBREAKABLE = {
    30: ":a prov:qualifiedStart :s . :a prov:qualifiedEnd :n . :s prov:entity :e . :n prov:entity :e .",
    32: ":a prov:qualifiedEnd :s1, :s2 . :s1 prov:entity :e1 . :s2 prov:entity :e2 .",
    35: ":a prov:wasInformedBy :b . :b prov:wasInformedBy :a .",
    36: ":e prov:wasGeneratedBy :a ; prov:wasInvalidatedBy :b . :f prov:wasDerivedFrom :e .",
    38: ":a prov:used :e . :e prov:wasInvalidatedBy :b . :b prov:wasInformedBy :a .",
    40: ":e prov:wasInvalidatedBy :a, :b .",
    44: ":a prov:wasEndedBy :e . :e prov:wasGeneratedBy :a . :f prov:wasDerivedFrom :e .",
    46: ":v prov:specializationOf :e ; prov:wasInvalidatedBy :a . :e prov:wasInvalidatedBy :a .",
    47: ":a prov:wasAssociatedWith :g . :g a prov:Entity ; prov:wasGeneratedBy :a .",
    49: ":h prov:actedOnBehalfOf :g . :g prov:actedOnBehalfOf :h . :g a prov:Entity . :h a prov:Entity .",
}


@pytest.mark.parametrize("rule", UNBREAKABLE)
def test_rules_that_nothing_can_break(rule):
    """Loops of events at one time are fine; no strict loop passes these rules (see the ordering tests)."""
    assert not violations(UNBREAKABLE[rule])


def test_rewriting_a_file_in_place_is_valid():
    """An activity may use and generate the same file, and several may generate it."""
    assert not violations(
        ":dl1 prov:wasGeneratedBy :r0_to_dl1, :dl1ab . :dl1ab prov:used :dl1 . "
        ":dl2 prov:wasDerivedFrom :dl1 ."
    )


def test_versions_break_the_loop():
    """The loop of a file derived from itself goes away with versions."""
    assert violations(":f prov:wasDerivedFrom :f .") == ["prov/c42"]
    assert not violations(
        ":f1 prov:specializationOf :f . :f2 prov:specializationOf :f ; prov:wasRevisionOf :f1 ; "
        "prov:wasDerivedFrom :f1 ."
    )


def test_the_loop_is_told_in_words_with_its_lines():
    """The message tells the story by names; the lines that disagree are given."""
    text = """
    :f prov:wasDerivedFrom :g ; prov:qualifiedDerivation :d1 ; rdfs:label "f.fits" . :d1 prov:entity :g .
    :g prov:wasDerivedFrom :f ; prov:qualifiedDerivation :d2 ; rdfs:label "g.fits" . :d2 prov:entity :f .
    """
    lines = {"http://example.org/d1": ("prov.log", 12), "http://example.org/d2": ("prov.log", 40)}
    (result,) = found(text, lines=lines)
    assert result.message == (
        "`g.fits` would have to exist before it was made: "
        "`f.fits` existed before `g.fits`, which was derived from it; "
        "`g.fits` existed before `f.fits`, which was derived from it"
    )
    assert {result.log, *result.other} == {Place("prov.log", 12), Place("prov.log", 40)}
    assert [step["lines"] for step in result.details["cycle"]] == [["prov.log:40"], ["prov.log:12"]]
    assert "http" not in result.message + result.expected + result.suggestion


def test_a_long_loop_is_cut_short_in_words_only():
    """A loop of a thousand steps is found; the message tells the first few, the details all."""
    text = " ".join(f":e{n} prov:wasDerivedFrom :e{(n + 1) % 1000} ." for n in range(1000))
    (result,) = found(text)
    assert "992 more steps" in result.message
    assert len(result.details["cycle"]) == 1000


def test_the_shortest_loop_of_a_knot_is_told():
    """Of a knot of many loops, the one told is short."""
    chain = " ".join(f":e{n} prov:wasDerivedFrom :e{n + 1} ." for n in range(30))
    (result,) = found(chain + ":e30 prov:wasDerivedFrom :e0 . :e7 prov:wasDerivedFrom :e6 .")
    assert len(result.details["cycle"]) == 2
    assert result.details["derivations"] == 32


def test_blank_nodes_merge():
    """Records without a name of their own are merged with what they must be."""
    assert not violations(
        ":e prov:qualifiedGeneration :g, [ prov:activity :a ; "
        'prov:atTime "2020-01-01T00:00:00Z"^^xsd:dateTime ], '
        "[ prov:activity :a ] . :g prov:activity :a ; "
        'prov:atTime "2020-01-01T01:00:00+01:00"^^xsd:dateTime .'
    )


def test_merges_go_on_until_nothing_changes():
    """One merge makes two records equal, whose times then disagree."""
    assert violations(
        """
        :a prov:qualifiedUsage :u . :u prov:entity :e, _:x .
        :e prov:qualifiedGeneration :g1 .
        :g1 prov:activity :b ; prov:atTime "2020-01-01T00:00:00Z"^^xsd:dateTime .
        _:x prov:qualifiedGeneration _:g2 .
        _:g2 prov:activity :b ; prov:atTime "2020-01-01T00:00:01Z"^^xsd:dateTime .
        """
    ) == ["prov/c24"]


def test_a_time_written_in_two_ways_is_one_time():
    """The same instant in two zones is no contradiction; a time without zone is another one."""
    two = ':a prov:startedAtTime "2020-01-01T00:00:00Z"^^xsd:dateTime, "2020-01-01T{}"^^xsd:dateTime .'
    assert not violations(two.format("01:00:00+01:00"))
    assert violations(two.format("00:00:00")) == ["prov/c22"]


def test_three_ways_to_write_a_relation_are_one():
    """The direct property, its inverse and the record node say the same thing."""
    assert not violations(
        ":e prov:wasGeneratedBy :a ; prov:qualifiedGeneration :g . :g prov:activity :a . "
        ":a prov:generated :e ."
    )
    assert violations(":a prov:generated :a .") == ["prov/c55"]


def test_a_derivation_fixes_its_records():
    """Inference 11: the generation a derivation names is of its entity and its activity."""
    base = (
        ":e2 prov:qualifiedDerivation :d . "
        ":d prov:entity :e1 ; prov:hadActivity :a ; prov:hadGeneration :g . "
    )
    assert not violations(base)
    assert not violations(base + ":e2 prov:qualifiedGeneration :g . :g prov:activity :a .")
    assert violations(base + ":e3 prov:qualifiedGeneration :g . :g prov:activity :a .") == ["prov/c23"]
    assert violations(base + ":e2 prov:qualifiedGeneration :g . :g prov:activity :b .") == ["prov/c23"]
    assert violations(base + ":e2 prov:qualifiedGeneration :other . :other prov:activity :a .") == [
        "prov/c24"
    ]


@pytest.mark.parametrize("part", ["hadGeneration", "hadUsage"])
def test_a_derivation_without_its_activity_is_mentioned(part):
    """Rule 51 cannot be decided in RDF, where "none" and "not said" look alike: info, never a violation."""
    text = f":e2 prov:qualifiedDerivation :d . :d prov:entity :e1 ; prov:{part} :r ."
    (result,) = found(text)
    assert (result.check, result.severity) == ("prov/c51", Severity.INFO)
    assert found(text + ":d prov:hadActivity :a .") == []


def test_records_by_class_alone_need_their_ends():
    """A record that nothing points to is incomplete."""
    (result,) = found(":n a prov:Association ; prov:agent :g .")
    assert result.check == "prov/dm"
    assert result.message == "a record of association belongs to no activity"


def test_an_influence_that_is_also_a_usage_is_no_second_record():
    """A usage may be called an influence as well."""
    assert not violations(
        ":a prov:qualifiedUsage :u ; prov:qualifiedInfluence :u . :u a prov:Usage, prov:Influence, "
        "prov:EntityInfluence ; prov:entity :e ."
    )


def test_contradictions_between_graphs_show_on_the_union():
    """Each graph is valid by itself, together they are not; the finding says so, and only once."""
    text = ":g1 { :e prov:wasDerivedFrom :f } :g2 { :f prov:wasDerivedFrom :e }"
    (result,) = found(text)
    assert (result.check, result.details["scope"], result.details["graph"]) == ("prov/c42", "union", "")
    assert found(text, union=False) == []


def test_findings_on_the_union_have_names():
    """Names for people are read again when the union has something to tell, from any source."""
    text = ":g1 { :e prov:wasDerivedFrom :f ; rdfs:label 'e.fits' } :g2 { :f prov:wasDerivedFrom :e }"
    store = pyoxigraph.Store()
    store.extend(quads_of(text))
    for source in (store, iter(quads_of(text))):
        (result,) = check_prov(source)
        assert "`e.fits` existed before `f`" in result.message


def test_a_finding_of_a_graph_is_not_repeated_on_the_union():
    """What one graph has is reported with that graph."""
    (result,) = found(":g1 { :e prov:wasDerivedFrom :e } :g2 { :a prov:used :e }")
    assert result.details["graph"] == "http://example.org/g1"


def test_counts_of_what_was_looked_at():
    """Checked says how many statements there were; a file without any PROV is a warning."""
    checked = []
    found(":a prov:used :e ; prov:qualifiedUsage :u . :u prov:entity :e .", checked=checked)
    counts = {seen.kind: seen.count for seen in checked}
    assert counts["usage"] == 1
    assert counts["PROV statement"] == 3
    checked = []
    assert found(":a :b :c .", checked=checked) == []
    assert [seen.kind for seen in checked if seen.count == 0 and seen.unseen] == ["PROV statement"]


CONTRADICTION = (
    ":g { :e prov:wasDerivedFrom :e ; rdfs:label 'e.fits' . :a prov:qualifiedUsage [ a prov:Usage ] }"
)


def rdflib_quads(quads, dataset):
    """Turn quads into rdflib's (its parsers of datasets warn about themselves)."""
    from rdflib import BNode, Literal, URIRef

    kinds = {"NamedNode": URIRef, "BlankNode": BNode, "Literal": Literal}
    for subject, predicate, value, graph in quads:
        triple = [kinds[type(term).__name__](term.value) for term in (subject, predicate, value)]
        yield (*triple, dataset.graph(URIRef(graph.value)))


def test_every_kind_of_source():
    """Quads, a pyoxigraph dataset or store, an rdflib dataset or graph: the same findings."""
    import rdflib

    quads = quads_of(CONTRADICTION)
    store = pyoxigraph.Store()
    store.extend(quads)
    dataset = rdflib.Dataset()
    dataset.addN(rdflib_quads(quads, dataset))
    expected = [("prov/c42", "e.fits", "http://example.org/g")]
    for source in (quads, iter(quads), pyoxigraph.Dataset(quads), store, dataset):
        results = check_prov(source)
        assert [(r.check, r.focus_name, r.details["graph"]) for r in results] == expected
    graph = dataset.graph(rdflib.URIRef("http://example.org/g"))
    assert [result.check for result in check_prov(graph)] == ["prov/c42"]


def test_wrong_sources_are_refused():
    """Something that is no dataset is a usage error that says what is wanted."""
    with pytest.raises(UsageError, match="pyoxigraph or rdflib"):
        check_prov([("a", "b", "c")])


def test_order_of_quads_does_not_matter():
    """The same quads in another order give the same findings."""
    quads = quads_of(" ".join(BROKEN.values()))
    forward, backward = (sorted(map(str, check_prov(each))) for each in (quads, quads[::-1]))
    assert forward == backward


def test_every_finding_has_a_described_check():
    """Each id that can appear is in the list of checks, with its place in the standard."""
    described = {check.id for check in CHECKS}
    assert {f"prov/{rule}" for rule in BROKEN} | {"prov/c51"} <= described
    assert all(check.url.startswith("https://www.w3.org/TR/") and check.title for check in CHECKS)
    assert len(described) == len(CHECKS) == 36
