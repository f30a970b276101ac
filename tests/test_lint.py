"""The lint of model files: every check, and the findings in real files."""

import pytest

from provrdf.errors import ModelError
from provrdf.lint import CHECKS, lint, mistakes, strictly
from provrdf.model import load_model
from provrdf.report import Severity

CLEAN = """\
activities:
  fit:
    description: Fit a spectrum
    docurl: https://example.org/fit
    type: Analysis
    granularity: run
    parameters:
      - {name: mode, description: How, value: mode, datatype: char, arraysize: '*', options: [fast, good]}
      - {name: e_min, description: Lower end, value: e, datatype: double, unit: TeV, ucd: em.energy;stat.min}
    usage:
      - {role: data, description: Reduced data, entityName: Dataset, value: data, type: Main}
    generation:
      - role: result
        description: Results
        entityName: Results
        location: out
        has_members: {list: out, entityName: Result, id: name, namespace: r}
entities:
  Dataset:
    description: Data
    type: File
    contentType: application/fits
    collection: Datasets
  Datasets: {description: All data, type: SetCollection}
  Results: {description: Results, type: FileCollection, index: index.fits, contentType: application/x-hdf}
  Result: {description: A result, type: PythonObject}
agents:
  operator: {type: Person, email: ann@example.org, orcid: https://orcid.org/0000-0002-1825-0097}
namespaces:
  r: https://example.org/results/
"""


def found(text):
    """Check, line and severity of each finding."""
    return [
        (result.check.removeprefix("model-file/"), result.model.line, str(result.severity))
        for result in lint(load_model(text, name="m.yaml"))
    ]


def test_a_clean_file_has_no_findings():
    """A model with everything in place gives nothing."""
    assert found(CLEAN) == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("    description: Fit a spectrum\n", "", ("description", 2, "info")),
        ("https://example.org/fit", "see the wiki", ("docurl", 4, "warning")),
        ("type: Analysis", "type: Fitting", ("type-word", 5, "info")),
        ("granularity: run", "granularity: hour", ("granularity", 6, "info")),
        ("granularity: run", "filters: [a]", ("foreign-key", 6, "warning")),
        ("arraysize: '*', ", "", ("one-character", 8, "warning")),
        ("unit: TeV", "unit: erg per second", ("unit", 9, "info")),
        ("em.energy;stat.min", "energy (minimum)", ("ucd", 9, "info")),
        ("name: e_min", "name: mode", ("duplicate-parameter", 9, "violation")),
        (", type: Main", ", type: main", ("type-word", 11, "info")),
        (", value: data", "", ("nothing-captured", 11, "info")),
        ("entityName: Dataset, ", "", ("no-entity", 11, "info")),
        ("entityName: Dataset,", "entityName: Datatest,", ("undeclared-entity", 11, "violation")),
        ("entityName: Result, ", "", ("unused-entity", 26, "warning")),
        ("    usage:\n", "    usage:\n      -\n", ("empty-item", 11, "warning")),
        ("application/fits", "fits", ("content-type", 22, "warning")),
        ("application/fits", "application/hdf5", ("mixed-content-types", 25, "warning")),
        ("collection: Datasets", "collection: AllData", ("undeclared-entity", 23, "violation")),
        ("type: SetCollection", "type: Set", ("entity-type", 24, "warning")),
        ("A result, type: PythonObject", "A result", ("entity-type", 26, "warning")),
        ("type: FileCollection", "type: File", ("index", 25, "info")),
        ("ann@example.org", "ann at example", ("email", 28, "warning")),
        ("0097", "0098", ("orcid", 28, "warning")),
        ("  r: https", "  s: https", ("undeclared-namespace", 17, "info")),
    ],
)
def test_each_check_finds_its_mistake(old, new, finding):
    """One change to a clean file gives the finding, with its line and severity."""
    assert old in CLEAN
    assert finding in found(CLEAN.replace(old, new, 1))


def test_a_role_given_twice():
    """Twice for different entities is a contradiction, twice for the same one is only untidy."""
    item = "      - {role: data, description: Reduced data, entityName: Dataset, value: data, type: Main}\n"
    assert found(CLEAN.replace(item, item * 2)) == [("duplicate-role", 12, "warning")]
    other = item.replace("Dataset", "Result")
    assert found(CLEAN.replace(item, item + other)) == [("duplicate-role", 12, "violation")]


def test_a_port_is_described_by_its_entity():
    """A usage needs no words of its own when its entity has some."""
    without = CLEAN.replace("description: Reduced data, ", "")
    assert found(without) == []
    assert ("description", 11, "info") in found(without.replace("    description: Data\n", ""))


def test_the_same_role_may_be_used_and_generated():
    """A step that rewrites its input has the role on both sides."""
    assert found(CLEAN.replace("role: result", "role: data")) == []


def test_an_empty_model_is_noted():
    """A file without activities describes no pipeline."""
    assert ("no-activity", 0, "warning") in found("activities:\nentities:\n")


def test_every_check_is_described_and_used():
    """The findings of this file's cases and the list of checks are the same words."""
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert all(check.id.startswith("model-file/") and check.title for check in CHECKS)


def test_mistakes_become_results():
    """What makes a file unusable is reported like everything else, worst first."""
    with pytest.raises(ModelError) as caught:
        load_model("activities:\n  a:\n    usage: x\n    generation: y\n", name="m.yaml")
    results = mistakes(caught.value)
    assert [(result.model.file, result.model.line) for result in results] == [("m.yaml", 3), ("m.yaml", 4)]
    assert {result.severity for result in results} == {Severity.VIOLATION}
    assert len(mistakes(ModelError("cannot read", file="x.yaml"))) == 1


def test_strictly_makes_violations_of_warnings():
    """Infos stay infos."""
    results = lint(load_model(CLEAN.replace("type: SetCollection", "type: Set, granularity: x")))
    assert [str(result.severity) for result in strictly(results)] == ["violation", "info"]


def test_real_files(corpus):
    """What is known of the real files is found at its line."""
    gammapy = lint(load_model(corpus / "gammapy" / "definition.yaml"))
    by_check = {(result.check, result.model.line): result for result in gammapy}
    role = by_check["model-file/duplicate-role", 228]
    assert "'fitted_model'" in role.message
    assert "line 220" in role.message
    assert "'SkyModel'" in by_check["model-file/undeclared-entity", 230].message
    lstosa = lint(load_model(corpus / "lstosa" / "definition_main_d63b5adb.yaml"))
    unused = [result for result in lstosa if result.check == "model-file/unused-entity"]
    assert [(result.focus_name.split("'")[1], result.model.line) for result in unused] == [
        ("PythonObject", 362),
        ("R0Collection", 425),
        ("DL1Collection", 428),
        ("MuonsCollection", 435),
        ("DL1CheckCollection", 442),
        ("RFModelDispFile", 457),
        ("DL2Collection", 473),
    ]
    mixed = [result.model.line for result in lstosa if result.check == "model-file/mixed-content-types"]
    assert mixed == [452, 479]
    assert not [result for result in lstosa if result.severity is Severity.VIOLATION]
