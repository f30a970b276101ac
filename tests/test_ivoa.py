"""The rules of the IVOA Provenance Data Model: one breach of each, and what is fine."""

import pyoxigraph
import pytest

from provrdf.ivoa import CHECKS, check_ivoa
from provrdf.ivoa.catalogue import REQUIRED
from provrdf.report import Place, Severity

PREFIXES = """
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix voprov: <http://www.ivoa.net/documents/ProvenanceDM/index.html#> .
@prefix provrdf: <https://w3id.org/provrdf/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <http://example.org/> .
"""
MODEL = """
<http://example.org/graph/model-1> {
  :calibrate-description a voprov:ActivityDescription ; voprov:name "calibrate" ; voprov:type "Calibration" .
  :select-description a voprov:ActivityDescription ; voprov:name "select" .
  :pedestal a voprov:UsageDescription ; voprov:role "Pedestal file" ; voprov:multiplicity "1..*" ;
     voprov:type "Calibration" ; voprov:isRelatedTo :calibrate-description .
  :pedestal voprov:isRelatedTo :pedestal-file .
  :pedestal-file a voprov:EntityDescription ; voprov:name "PedestalFile" .
  :raw-file a voprov:EntityDescription ; voprov:name "RawFile" .
  :selected a voprov:UsageDescription ; voprov:role "Selection" ; voprov:isRelatedTo :select-description .
  :dl1 a voprov:GenerationDescription ; voprov:role "DL1" ; voprov:isRelatedTo :calibrate-description .
  :gain a voprov:ParameterDescription ; voprov:name "gain" ; voprov:valueType "float" ;
     voprov:isRelatedTo :calibrate-description .
  :cut a voprov:ParameterDescription ; voprov:name "cut" ; voprov:valueType "double/2x2/" ;
     voprov:isRelatedTo :select-description .
}
"""
GOOD = """
:g {
  :run a prov:Activity ; voprov:name "calibrate" ; voprov:isDescribedBy :calibrate-description ;
    prov:startedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime ;
    prov:endedAtTime "2026-01-01T01:00:00Z"^^xsd:dateTime ;
    provrdf:inSession :session ; prov:qualifiedUsage :u ; prov:qualifiedAssociation :as ;
    voprov:wasConfiguredBy :p ; voprov:qualifiedWasConfiguredBy :c .
  :session rdfs:label "night 1" ; provrdf:observationRun "01615" .
  :u a prov:Usage ; prov:entity :file ; voprov:role "Pedestal file" ; voprov:isDescribedBy :pedestal ;
    prov:atTime "2026-01-01T00:30:00Z"^^xsd:dateTime .
  :out prov:qualifiedGeneration :gen ; prov:wasGeneratedBy :run ; rdfs:label "out.h5" .
  :gen a prov:Generation ; prov:activity :run ; voprov:role "DL1" ; voprov:isDescribedBy :dl1 .
  :as a prov:Association ; prov:agent :ag ; voprov:role "Operator" .
  :ag a prov:Agent ; voprov:name "lstanalyzer" ; voprov:type "Person" .
  :p a voprov:Parameter ; voprov:name "gain" ; prov:value 2.5 ; voprov:isDescribedBy :gain .
  :c a voprov:ConfigurationRelation ; voprov:artefactType "Parameter" ; voprov:configurator :p .
  :file a prov:Entity ; rdfs:label "pedestal.fits" ; voprov:isDescribedBy :pedestal-file .
  :v a voprov:ValueEntity ; prov:value "3" .
  :f a voprov:ConfigFile ; voprov:name "config" ; voprov:location "/x.yaml" .
}
"""


def found(text, **options):
    """Check a document."""
    return check_ivoa(pyoxigraph.parse(PREFIXES + text, format=pyoxigraph.RdfFormat.TRIG), **options)


def test_a_good_document_has_no_findings():
    """Everything in its place is found in order, whatever graph comes first."""
    assert found(MODEL + GOOD) == []
    assert found(GOOD + MODEL) == []


def test_a_store_is_read_with_models_first():
    """A store gives the same, and keeps no graph waiting."""
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.parse(PREFIXES + GOOD + MODEL, format=pyoxigraph.RdfFormat.TRIG))
    assert check_ivoa(store) == []


BREACHES = {
    "description-kind": (
        'voprov:name "calibrate" ; voprov:isDescribedBy :calibrate-description',
        'voprov:name "calibrate" ; voprov:isDescribedBy :raw-file',
    ),
    "entity-kind": ("isDescribedBy :pedestal-file", "isDescribedBy :raw-file"),
    "usage-entity": ("prov:entity :file ;", ""),
    "generation-activity": (":gen a prov:Generation ; prov:activity :run", ":gen a prov:Generation"),
    "association-agent": (":as a prov:Association ; prov:agent :ag", ":as a prov:Association"),
    "agent-name": ('voprov:name "lstanalyzer" ;', ""),
    "agent-type": ('voprov:type "Person"', 'voprov:type "Robot"'),
    "agent-role": ('voprov:role "Operator"', 'voprov:role "Boss"'),
    "activity-type": ('voprov:type "Calibration" .', 'voprov:type "Cooking" .'),
    "port-type": ('voprov:type "Calibration" ;', 'voprov:type "Side" ;'),
    "multiplicity-syntax": ('"1..*"', '"some"'),
    "value-type-syntax": ('"float"', '"real"'),
    "artefact-type": ('artefactType "Parameter"', 'artefactType "Thing"'),
    "configuration-target": ("voprov:configurator :p", "voprov:configurator :p, :f"),
    "used-time": ("00:30:00Z", "02:30:00Z"),
    "role-missing": ('voprov:role "DL1" ; voprov:isDescribedBy', "voprov:isDescribedBy"),
    "one-description": ("voprov:isDescribedBy :gain", "voprov:isDescribedBy :gain, :cut"),
    "described-elsewhere": (
        'role "Pedestal file" ; voprov:isDescribedBy :pedestal',
        'role "Selection" ; voprov:isDescribedBy :selected',
    ),
    "not-described": ("; voprov:isDescribedBy :dl1", ""),
    "role-differs": ('role "DL1" ; voprov:isDescribedBy', 'role "DL2" ; voprov:isDescribedBy'),
    "name-differs": ('voprov:name "gain" ; prov:value', 'voprov:name "gains" ; prov:value'),
    "parameter-shared": (":session rdfs", ":other voprov:wasConfiguredBy :p . :session rdfs"),
    "generated-once": ("prov:wasGeneratedBy :run ;", "prov:wasGeneratedBy :run, :other ;"),
    "parameter-value": ("; prov:value 2.5", ""),
    "parameter-name": ('voprov:name "gain" ; prov:value', "prov:value"),
    "valueentity-value": (' ; prov:value "3"', ""),
    "configfile-name": ('voprov:name "config" ; ', ""),
    "configfile-location": (' ; voprov:location "/x.yaml"', ""),
    "activitydescription-name": ('voprov:name "select"', ':x "select"'),
    "usagedescription-role": ('voprov:role "Selection" ;', ""),
    "generationdescription-role": ('voprov:role "DL1" ; voprov:isRelatedTo', "voprov:isRelatedTo"),
    "parameterdescription-name": ('voprov:name "cut" ;', ""),
    "parameterdescription-valuetype": ('voprov:valueType "float" ;', ""),
}


@pytest.mark.parametrize("check", BREACHES)
def test_each_breach_is_found(check):
    """Changing one thing in a good document gives one finding, by the check that asks for it."""
    before, after = BREACHES[check]
    text = MODEL + GOOD
    assert text.count(before) == 1, before
    results = found(text.replace(before, after))
    extra = {
        "one-description": {"ivoa/described-elsewhere", "ivoa/name-differs"},
        "description-kind": {"ivoa/described-elsewhere"},
    }.get(check, set())
    assert {f"ivoa/{check}"} <= {result.check for result in results} <= {f"ivoa/{check}"} | extra
    for result in results:
        assert "http" not in result.message + result.expected + result.found + result.suggestion
        assert result.focus


@pytest.mark.parametrize("required", REQUIRED, ids=lambda required: required.id)
def test_each_mandatory_attribute(required):
    """An instance without a mandatory attribute is found, with it it is not."""
    base = f"<http://example.org/it> a <{required.classes[0]}> "
    others = "".join(
        f'; <{each.predicates[0]}> "int"'
        for each in REQUIRED
        if set(each.classes) & set(required.classes) and each is not required
    )
    assert [result.check for result in found(base + others + ".")] == [required.id]
    word = "Person" if "Agent" in required.id else "int"
    assert found(f'{base}{others} ; <{required.predicates[0]}> "{word}" .') == []


def test_severities():
    """What a log says wrongly is a violation, what a model file leaves out a warning, words are mentioned."""

    def severity(check):
        results = found((MODEL + GOOD).replace(*BREACHES[check]))
        return {result.severity for result in results if result.check == f"ivoa/{check}"}

    assert severity("agent-name") == severity("role-differs") == severity("used-time") == {Severity.VIOLATION}
    assert severity("parameterdescription-valuetype") == severity("not-described") == {Severity.WARNING}
    assert severity("agent-role") == severity("configfile-location") == {Severity.INFO}


def test_jobs_of_one_step_may_write_one_file():
    """Several jobs of one step that write a file together are a warning that says why."""
    text = """
    :f prov:wasGeneratedBy :a1, :a2 ; rdfs:label "merged.h5" ; voprov:name "DL2MergedFile" .
    :a1 voprov:name "merge" . :a2 voprov:name "merge" ; prov:generated :f .
    """
    (result,) = found(text)
    assert (result.check, result.severity) == ("ivoa/generated-once", Severity.WARNING)
    assert result.message == "`merged.h5` was generated by 2 activities: `merge` (2 times)"
    (other,) = found(text.replace(':a2 voprov:name "merge"', ':a2 voprov:name "rewrite"'))
    assert other.severity is Severity.VIOLATION
    assert "new version" in other.suggestion


def test_generations_are_counted_over_all_graphs():
    """The second activity may be in another session."""
    (result,) = found(":g1 { :f prov:wasGeneratedBy :a } :g2 { :f prov:wasGeneratedBy :b }")
    assert result.check == "ivoa/generated-once"
    assert found(":g1 { :f prov:wasGeneratedBy :a } :g2 { :f prov:wasGeneratedBy :a }") == []


def test_names_and_lines_of_the_log():
    """Findings name the activity with its run, and the lines of the record and of the activity."""
    lines = {"http://example.org/run": ("prov.log", 3), "http://example.org/u": ("prov.log", 9)}
    (result,) = found((MODEL + GOOD).replace(*BREACHES["used-time"]), lines=lines)
    assert result.message == "`calibrate of run 01615` used something after it ended"
    assert (result.log, result.other) == (Place("prov.log", 9), (Place("prov.log", 3),))


def test_times_that_cannot_be_compared_are_passed_over():
    """A time without zone is neither before nor after one with a zone."""
    assert found((MODEL + GOOD).replace("00:30:00Z", "05:30:00")) == []


def test_unknown_descriptions_are_not_judged():
    """A session by itself, without the model's graph, has nothing to be compared with."""
    assert found(GOOD) == []


def test_counts():
    """How many things each check looked at is told, also of graphs that had to wait."""
    checked = []
    found(GOOD + MODEL, checked=checked)
    counts = {(each.check, each.kind): each.count for each in checked}
    assert counts["ivoa/agent-name", "agent"] == 1
    assert counts["ivoa/not-described", "usage"] == 1
    assert counts["ivoa/parameterdescription-valuetype", "parameter description"] == 2
    assert counts["ivoa/generated-once", "entity"] == 1


def test_every_check_is_described_and_tested():
    """The list of checks is complete, and each has a breach here."""
    ids = {check.id for check in CHECKS}
    assert len(ids) == len(CHECKS)
    assert ids == {f"ivoa/{name}" for name in BREACHES} | {required.id for required in REQUIRED}
