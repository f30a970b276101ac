"""PROV-N, PROV-JSON and PROV-XML: the prov library reads them back equal, and finds what the data says."""

import io
import json
from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest
from prov.model import (
    ProvActivity,
    ProvAgent,
    ProvAssociation,
    ProvDerivation,
    ProvDocument,
    ProvEntity,
    ProvGeneration,
    ProvInfluence,
    ProvMembership,
    ProvSpecialization,
    ProvUsage,
)

from provrdf.errors import FormatError
from provrdf.export._prov import document
from provrdf.export._quads import find_base, sorted_quads
from provrdf.graph import write_nquads
from provrdf.sources import read
from tests.test_export import sample, written

SYNTAXES = {"provn": "provn", "provjson": "json", "provxml": "xml"}
PROV = "http://www.w3.org/ns/prov#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def read_back(data: object, name: str, **options: object) -> ProvDocument:
    """Export and read with the prov library."""
    return ProvDocument.deserialize(io.BytesIO(written(data, name, **options)), format=SYNTAXES[name])


def built(data: bytes) -> ProvDocument:
    """Build the document as the exports do."""
    quads = sorted_quads(data)
    return document(quads, base=find_base(quads))


def kinds(doc: ProvDocument) -> Counter:
    """Count the records by kind, bundle by bundle."""
    return Counter(
        (str(place.identifier), type(record).__name__)
        for place in (doc, *doc.bundles)
        for record in place.get_records()
    )


def all_of(doc: ProvDocument, kind: type) -> list:
    """All records of a kind, in whatever bundle."""
    return [record for place in (doc, *doc.bundles) for record in place.get_records(kind)]


def nodes(data: bytes, *types: str) -> Counter:
    """Count nodes of some classes per graph, by an independent look at the quads."""
    quads = list(pyoxigraph.parse(data, pyoxigraph.RdfFormat.N_QUADS))
    wanted = {PROV + name for name in types}
    return {
        (quad.graph_name.value, quad.subject.value)
        for quad in quads
        if quad.predicate.value == RDF_TYPE and quad.object.value in wanted
    }


def edges(data: bytes, predicate: str) -> set:
    """Edges of one kind per graph, by an independent look at the quads."""
    quads = pyoxigraph.parse(data, pyoxigraph.RdfFormat.N_QUADS)
    return {
        (quad.graph_name.value, quad.subject.value, quad.object.value)
        for quad in quads
        if quad.predicate.value == PROV + predicate
    }


def assert_same(doc: ProvDocument, data: bytes) -> None:
    """Check the document against the quads: the same activities, entities, agents and relations."""
    assert len(all_of(doc, ProvActivity)) == len(nodes(data, "Activity"))
    assert len(all_of(doc, ProvEntity)) == len(nodes(data, "Entity", "Plan", "Collection"))
    assert len(all_of(doc, ProvAgent)) == len(nodes(data, "Agent", "Person", "Organization", "SoftwareAgent"))
    for kind, predicate in (
        (ProvUsage, "used"),
        (ProvGeneration, "wasGeneratedBy"),
        (ProvAssociation, "wasAssociatedWith"),
        (ProvMembership, "hadMember"),
        (ProvSpecialization, "specializationOf"),
    ):
        found = {
            (record.bundle.identifier.uri, *(end.uri for _, end in record.formal_attributes[:2]))
            for record in all_of(doc, kind)
        }
        assert found == edges(data, predicate), predicate
    derived = edges(data, "wasDerivedFrom") | edges(data, "wasRevisionOf")
    assert len(all_of(doc, ProvDerivation)) == len(derived)


@pytest.mark.parametrize("name", SYNTAXES)
def test_read_back_equal(name: str) -> None:
    """What the library reads is what was written, bundle by bundle, and all of what the quads say."""
    data = sample()
    doc = read_back(data, name)
    assert doc == built(data)
    assert kinds(doc) == kinds(built(data))
    assert_same(doc, data)


@pytest.mark.parametrize("name", SYNTAXES)
def test_without_bundles(name: str) -> None:
    """One flat document for tools that know no bundles: each element once."""
    doc = read_back(sample(), name, bundles=False)
    assert not list(doc.bundles)
    assert len(all_of(doc, ProvActivity)) == 6
    identifiers = [record.identifier for record in all_of(doc, ProvEntity)]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("name", SYNTAXES)
@pytest.mark.parametrize(
    "log",
    [
        "gammapy/read",
        "logprov/notebook_full",
        "lstosa/night_small",
        "seed/gammapy",
        "ctapipe/mytool.provenance",
    ],
)
def test_real_logs_are_read_back_equal(corpus: Path, log: str, name: str) -> None:
    """The same on real logs."""
    out = io.BytesIO()
    write_nquads(read(corpus / f"{log}.log"), out)
    doc = read_back(out.getvalue(), name)
    assert doc == built(out.getvalue())
    assert_same(doc, out.getvalue())


def test_real_counts(corpus: Path) -> None:
    """The library counts on a real night what was counted from its lines."""
    out = io.BytesIO()
    write_nquads(read(corpus / "lstosa/night_small.log"), out)
    expected = json.loads((corpus / "expected/lstosa__night_small.json").read_text())["distinct"]
    doc = read_back(out.getvalue(), "provjson")
    assert len(all_of(doc, ProvActivity)) == expected["activities"]
    assert len(all_of(doc, ProvUsage)) == expected["used_edges"]
    assert len(all_of(doc, ProvGeneration)) == expected["generated_edges"]
    assert all(usage.get_attribute("prov:role") for usage in all_of(doc, ProvUsage))


# --- details, on a few statements

PREFIXES = """
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix voprov: <http://www.ivoa.net/documents/ProvenanceDM/index.html#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@base <http://x.org/> .
"""


def provn(trig: str) -> str:
    """PROV-N of a few statements in the default graph."""
    return written(
        pyoxigraph.parse(PREFIXES + trig, pyoxigraph.RdfFormat.TRIG), "provn", base="http://x.org/"
    ).decode()


def test_a_revision_is_one_derivation() -> None:
    """prov:wasRevisionOf is a derivation of type prov:Revision, not two."""
    text = provn(
        "<entity/b> a prov:Entity ; prov:wasRevisionOf <entity/a> ;"
        " prov:wasDerivedFrom <entity/a>, <entity/c> ."
    )
    assert text.count("wasDerivedFrom(") == 2
    assert "wasDerivedFrom(entity:b, entity:a, -, -, -, [prov:type='prov:Revision'])" in text
    assert "wasDerivedFrom(entity:b, entity:c, -, -, -)" in text


def test_the_qualified_node_tells_the_relation_once() -> None:
    """With a qualified node the relation has its name, role and time, and is not repeated."""
    text = provn(
        "<activity/a> a prov:Activity ; prov:used <entity/e> ; prov:qualifiedUsage <usage/u> ."
        '<usage/u> a prov:Usage ; prov:entity <entity/e> ; prov:hadRole <role/r> ; voprov:role "r" ;'
        ' prov:atTime "2026-01-01T00:00:00Z"^^xsd:dateTime .'
    )
    assert text.count("used(") == 1
    assert (
        "used(usage:u; activity:a, entity:e, 2026-01-01T00:00:00+00:00,"
        " [voprov:role=\"r\", prov:role='role:r'])" in text
    )


def test_configuration_is_an_influence() -> None:
    """IVOA's configuration, which PROV-DM does not know, becomes an influence that says so."""
    text = provn(
        "<activity/a> voprov:wasConfiguredBy <parameter/p> ;"
        " voprov:qualifiedWasConfiguredBy <configuration/c> ."
        '<configuration/c> a voprov:ConfigurationRelation ; voprov:artefactType "Parameter" ;'
        " voprov:configurator <parameter/p> ."
    )
    assert text.count("wasInfluencedBy(") == 1
    assert "prov:type='voprov:ConfigurationRelation', voprov:artefactType=\"Parameter\"" in text


def test_the_time_of_making_is_in_the_generation() -> None:
    """PROV-DM has no time on an entity; without a generation it stays as IVOA's attribute."""
    made = '<entity/e> a prov:Entity ; prov:generatedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime'
    text = provn(f"{made} ; prov:wasGeneratedBy <activity/a> .")
    assert "wasGeneratedBy(entity:e, activity:a, 2026-01-01T00:00:00+00:00)" in text
    assert "generatedAtTime" not in text
    assert 'voprov:generatedAtTime="2026-01-01T00:00:00+00:00" %% xsd:dateTime' in provn(f"{made} .")


def test_plan_location_checksum() -> None:
    """The plan is an argument, the place an attribute, and a checksum is told where it is used."""
    text = provn(
        "<activity/a> prov:wasAssociatedWith <agent/g> ; prov:qualifiedAssociation <association/s> ."
        "<association/s> prov:agent <agent/g> ; prov:hadPlan <entity/plan> ."
        "<agent/g> a prov:Agent, prov:Person ."
        "<entity/e> a prov:Entity ; prov:atLocation <file:///d/e.fits> ; spdx:checksum <checksum/c> ."
        '<checksum/c> a spdx:Checksum ; spdx:checksumValue "00ff"^^xsd:hexBinary .'
    )
    assert "wasAssociatedWith(association:s; activity:a, agent:g, entity:plan)" in text
    assert "agent(agent:g, [prov:type='prov:Person'])" in text
    assert 'prov:location="file:///d/e.fits" %% xsd:anyURI' in text
    assert "spdx:checksum='checksum:c', spdx:checksumValue=\"00ff\" %% xsd:hexBinary" in text


def test_conflicting_and_unreadable_times_are_kept() -> None:
    """Of several starts one is the start, the rest are attributes; so is what is no time."""
    text = provn(
        '<activity/a> a prov:Activity ; prov:startedAtTime "2026-01-02T00:00:00Z"^^xsd:dateTime,'
        ' "2026-01-01T00:00:00Z"^^xsd:dateTime, "yesterday" .'
    )
    assert "activity(activity:a, 2026-01-01T00:00:00+00:00, -, [voprov:startTime=" in text
    assert 'voprov:startTime="yesterday"' in text


def test_foreign_names() -> None:
    """IRIs of others get prefixes ns1, ns2, ... in a fixed order; odd characters are escaped."""
    text = provn(
        "<http://a.org/x> a prov:Entity . <http://b.org/y,z(1)> a prov:Activity .<urn:uuid:12> a prov:Agent ."
    )
    assert "prefix ns1 <http://a.org/>" in text
    assert "entity(ns1:x)" in text
    assert "activity(ns2:y\\,z\\(1\\), -, -)" in text
    assert "prefix ns3 <urn:uuid:>" in text


@pytest.mark.parametrize("name", SYNTAXES)
def test_values_keep_their_type(name: str) -> None:
    """Numbers, truth, languages, JSON and text with anything in it come back as they were."""
    trig = (
        PREFIXES
        + "<entity/e> a prov:Entity ; prov:value true, 5, 123456789012345678901234567890, 0.1, 1.5E3,"
        ' "5"^^xsd:double,'
        ' "[1, 2.50]"^^rdf:JSON, "deux"@fr, "a\\nb\\"c\\\\d\\te\'f", "é€𝄞", "" .'
    )
    quads = list(pyoxigraph.parse(trig, pyoxigraph.RdfFormat.TRIG))
    (entity,) = all_of(read_back(quads, name), ProvEntity)
    (expected,) = all_of(document(sorted_quads(quads), base="http://x.org/"), ProvEntity)
    assert entity == expected
    assert {True, 1500.0, "é€𝄞", "a\nb\"c\\d\te'f", ""} <= set(entity.value)


def test_influences_of_any_kind() -> None:
    """A plain influence is written once, whatever kind of thing influenced."""
    text = provn(
        "<activity/a> prov:wasInfluencedBy <session/s> ; prov:qualifiedInfluence <influence/i> ."
        "<influence/i> a prov:Influence, prov:EntityInfluence ; prov:entity <session/s> ;"
        ' voprov:type "Context" .'
    )
    assert text.count("wasInfluencedBy(") == 1
    assert 'wasInfluencedBy(influence:i; activity:a, session:s, [voprov:type="Context"])' in text
    assert len(all_of(built(sample()), ProvInfluence)) > 0


def test_xml_refuses_control_characters() -> None:
    """A message with the place instead of a broken file."""
    with pytest.raises(FormatError, match=r"U\+0007 in a value of <http://x.org/a>"):
        written(b'<http://x.org/a> <http://x.org/p> "\\u0007" .', "provxml")
