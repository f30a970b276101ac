"""The model file: three dialects, the whole grammar, and every mistake with its line."""

import hashlib
import pickle
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provrdf.errors import ModelError
from provrdf.model import Multiplicity, load_model, model_from_dict
from provrdf.model.values import multiplicity, outside, value
from provrdf.yamlmarks import from_data

FULL = """\
activities:
  fit:
    description: Fit a spectrum
    contact: someone@example.org
    type: Analysis
    version: 1.10
    docurl: https://example.org/fit
    granularity: run
    parameters:
      - name: e_min
        description: Lower end
        value: config.fit.e_min
        datatype: double
        unit: TeV
        ucd: em.energy;stat.min
        min: 0
        max: 100
        default: 0.1
        multiplicity: 0..1
      - name: method
        datatype: char
        arraysize: '*'
        options: [on, off, 01]
      - value: kwargs.path
    usage:
      - role: data
        description: Reduced data
        entityName: Dataset
        multiplicity: 3..*
        value: datasets
        type: Main
    generation:
      - role: result
        entityName: Results
        location: out.path
        overwrite: true
        has_members:
          list: results
          entityName: Result
          id: name
          namespace: r
        has_progenitors:
          entityName: Dataset
          value: dataset
entities:
  Dataset: {type: File, contentType: application/fits, granularity: subrun, collection: Datasets}
  Datasets: {type: SetCollection}
  Results: {type: FileCollection, index: index.fits, docurl: https://example.org/r}
  Result: {type: PythonObject}
agents:
  operator: {name: Ann Lee, type: Person, email: ann@example.org, orcid: 0000-0002-1825-0097}
namespaces:
  r: https://example.org/results/
"""

LOGPROV = """\
activity_descriptions:
  read:
    parameters:
      - value: kwargs.filename
    usage:
    generation:
      - role: table
        entity_description: Table
        value: table
entity_descriptions:
  Table: {type: PythonObject}
"""


def mistakes(text):
    """Mistakes of a model text."""
    with pytest.raises(ModelError) as caught:
        load_model(text, name="m.yaml")
    assert caught.value.exit_code == 2
    return [str(problem) for problem in caught.value.problems]


def activity(body):
    """Wrap the body of one activity, which then begins in line 3."""
    return "activities:\n  step:\n" + "".join(f"    {line}\n" for line in body.splitlines())


def test_the_whole_grammar_is_read():
    """Every key of the grammar ends up in the field that bears its name."""
    model = load_model(FULL, name="m.yaml")
    fit = model.activities["fit"]
    assert (fit.contact, fit.type, fit.version, fit.granularity) == (
        *("someone@example.org", "Analysis", "1.10", "run"),
    )
    e_min, method, path = fit.parameters
    assert (e_min.min, e_min.max, e_min.default, e_min.unit) == (0.0, 100.0, 0.1, "TeV")
    assert (e_min.multiplicity, e_min.value_type, e_min.is_array) == (Multiplicity(0, 1), "double", False)
    assert (method.options, method.value_type, method.is_array) == (("on", "off", "01"), "char/*", False)
    assert (path.name, path.value) == ("kwargs.path", "kwargs.path")
    data, result = fit.ports
    assert (data.kind, data.role, data.entity, data.multiplicity, data.type) == (
        *("usage", "data", "Dataset", Multiplicity(3, None), "Main"),
    )
    assert (result.kind, result.location, result.overwrite) == ("generation", "out.path", True)
    assert (result.has_members.list, result.has_members.namespace) == ("results", "r")
    assert (result.has_progenitors.entity, result.has_progenitors.list) == ("Dataset", None)
    assert result.related == (result.has_members, result.has_progenitors)
    dataset = model.entities["Dataset"]
    assert (dataset.content_type, dataset.granularity, dataset.collection) == (
        *("application/fits", "subrun", "Datasets"),
    )
    assert model.entities["Results"].index == "index.fits"
    assert model.agents["operator"].orcid == "0000-0002-1825-0097"
    assert model.namespaces == {"r": "https://example.org/results/"}
    assert model.remarks == ()


def test_everything_knows_its_line():
    """Descriptions know where they begin, and where each of their keys is."""
    model = load_model(FULL)
    fit = model.activities["fit"]
    assert (fit.line, fit.line_of("version"), fit.line_of("subtype")) == (2, 6, 2)
    assert (fit.parameters[0].line, fit.parameters[0].line_of("min")) == (10, 16)
    assert (fit.usages[0].line, fit.usages[0].line_of("entity"), fit.usages[0].line_of("entityName")) == (
        *(26, 28, 28),
    )
    assert fit.generations[0].has_members.line == 37
    assert model.entities["Results"].line == 48


def test_lookups_by_name():
    """Usages, generations and parameters are found by role and name."""
    fit = load_model(FULL).activities["fit"]
    assert fit.usage("data") is fit.usages[0]
    assert fit.generation("result") is fit.generations[0]
    assert fit.parameter("method") is fit.parameters[1]
    assert (fit.usage("result"), fit.generation("data"), fit.parameter("x")) == (None, None, None)


def test_logprov_dialect():
    """The keys of logprov are understood; a parameter without a name has that of its value."""
    model = load_model(LOGPROV)
    assert model.activities["read"].parameters[0].name == "kwargs.filename"
    assert model.activities["read"].generations[0].entity == "Table"
    assert model.activities["read"].usages == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("entityName", "entityType"),
        ("entityName", "entity_description"),
        ("activities:", "activity_description:"),
        ("entities:", "entityTypes:"),
        ("docurl", "url"),
        ("has_progenitors", "is_derived_from"),
    ],
)
def test_synonyms_mean_the_same(old, new):
    """Keys that older files use give the same model."""
    one, other = load_model(FULL), load_model(FULL.replace(old, new))
    assert (one.activities, one.entities) == (other.activities, other.entities)


def test_digest_and_name_of_the_file(tmp_path):
    """The model knows the SHA-256 of the bytes and the name it was asked for."""
    path = tmp_path / "definition.yaml"
    path.write_bytes(FULL.encode())
    model = load_model(path)
    assert model.sha256 == hashlib.sha256(FULL.encode()).hexdigest()
    assert model.file == str(path)
    assert load_model(path, name="definition.yaml").file == "definition.yaml"


def test_a_model_can_be_hashed_and_sent_to_another_process():
    """Models are keys of caches and travel to worker processes."""
    model = load_model(FULL)
    assert hash(model) == hash(load_model(FULL))
    assert pickle.loads(pickle.dumps(model)) == model


def test_from_dict_is_the_same_without_lines():
    """The definitions of a logprov session record give the model that the file gives."""
    data = {
        "activity_descriptions": {
            "read": {
                "parameters": [{"value": "kwargs.filename"}],
                "usage": None,
                "generation": [{"role": "table", "entity_description": "Table", "value": "table"}],
            }
        },
        "entity_descriptions": {"Table": {"type": "PythonObject"}},
    }
    model = model_from_dict(data)
    lines_apart = load_model(LOGPROV)
    assert model.activities["read"].line is None
    assert model.activities["read"].line_of("usage") is None
    assert model.activities["read"].generations[0].role == lines_apart.activities["read"].generations[0].role
    assert len(model.sha256) == 64
    reordered = model_from_dict(dict(reversed(data.items())))
    assert reordered.sha256 == model.sha256


def test_from_dict_reports_mistakes_without_lines():
    """Mistakes in a dictionary name it."""
    with pytest.raises(ModelError, match="<definitions>: usage 1 of activity 'a' has no role"):
        model_from_dict({"activities": {"a": {"usage": [{"value": "x"}]}}})
    endless: dict = {}
    endless["activities"] = endless
    with pytest.raises(ModelError, match="cannot be used as a model"):
        model_from_dict(endless)


def test_all_mistakes_at_once():
    """One reading reports every mistake, in the order of the file, each with its line."""
    text = activity(
        "usage:\n"
        "  - role: a\n"
        "    entityNmae: X\n"
        "    multiplicity: 1..n\n"
        "  - value: x\n"
        "parameters:\n"
        "  - name: p\n"
        "    datatype: string\n"
        "    min: 3\n"
    )
    found = mistakes(text)
    assert [line.split(":")[1] for line in found] == ["5", "6", "7", "10"]
    key, multiplicity_, role, datatype = found
    assert "unknown key 'entityNmae' in usage 1 of activity 'step': did you mean 'entityName'?" in key
    assert "'1..n' is no multiplicity: write a number, '0..1', '1..4', '3..*' or '*'" in multiplicity_
    assert "usage 2 of activity 'step' has no role: write 'role: ...', the name it has in the log" in role
    assert "'string' is no VOTable datatype: write 'char' with arraysize '*'" in datatype


def test_the_error_is_readable_as_a_whole():
    """The message names the file, counts the mistakes and lists them."""
    with pytest.raises(ModelError) as caught:
        load_model(activity("usage:\n  - value: x\n"), name="m.yaml")
    assert str(caught.value).splitlines() == [
        "m.yaml: the model file cannot be used: 1 mistake",
        "  m.yaml:4: usage 1 of activity 'step' has no role: write 'role: ...', the name it has in the log",
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("usage: data", "3: usage of activity 'step' must be a list: begin each item with '- ', not 'data'"),
        ("usage:\n  role: x", "must be a list: begin each item with '- ', not a table"),
        (
            "usage:\n  - data",
            "4: usage 1 of activity 'step' must be a table of 'key: value' lines, not 'data'",
        ),
        ("description: [a]", "3: description of activity 'step' must be a text, not a list"),
        ("usages:\n  - role: x", "3: unknown key 'usages' in activity 'step': did you mean 'usage'?"),
        ("generation:\n  - role: x\n    overwrite: maybe", "5: overwrite of generation 1"),
        (
            "generation:\n  - role: x\n    has_members: y",
            "5: has_members of generation 1 of activity 'step' must be",
        ),
        (
            "generation:\n  - role: x\n    size: many",
            "5: generation 1 of activity 'step': size: 'many' is no number",
        ),
        ("usage:\n  - role: x\n    multiplicity: 4..1", "the smaller number comes first, '1..4'"),
        ("usage:\n  - role: x\n    multiplicity: *", "put a star in quotes"),
        (
            "usage:\n  - role: x\n    file: y",
            "5: unknown key 'file' in usage 1 of activity 'step': did you mean 'loc",
        ),
        (
            "usage:\n  - {role: x, entityName: A, entityType: B}",
            "has both 'entityName' and 'entityType': keep one",
        ),
        ("parameters:\n  - description: x", "4: parameter 1 of activity 'step' has no name"),
        (
            "parameters:\n  - {name: p, datatype/arraysize/xtype: int}",
            "names several keys: write 'datatype: ...' and",
        ),
        ("parameters:\n  - {name: p, datatype: Double}", "is no VOTable datatype: write 'double'"),
        ("parameters:\n  - {name: p, datatype: thing}", "write one of boolean, bit"),
        ("parameters:\n  - {name: p, datatype: int, arraysize: many}", "arraysize: 'many' is no arraysize"),
        ("parameters:\n  - {name: p, arraysize: 3}", "arraysize without datatype: add 'datatype: ...'"),
        (
            "parameters:\n  - {name: p, valueType: a/b/c/d}",
            "is no valueType: write datatype, datatype/arraysize",
        ),
        ("parameters:\n  - {name: p, valueType: int, datatype: int}", "keep one way"),
        ("parameters:\n  - {name: p, datatype: int, min: 0.5}", "min: '0.5' is no int: write a whole number"),
        (
            "parameters:\n  - {name: p, datatype: short, max: 40000}",
            "40000 does not fit in short (-32768 to 32767)",
        ),
        ("parameters:\n  - {name: p, datatype: float, min: low}", "min: 'low' is no float: write a number"),
        (
            "parameters:\n  - {name: p, datatype: boolean, min: 0}",
            "a boolean has no order: leave min and max out",
        ),
        ("parameters:\n  - {name: p, datatype: char, min: a}", "say xtype: timestamp if it is a time"),
        (
            "parameters:\n  - {name: p, min: low}",
            "min: 'low' is no number: write a number, or give a datatype",
        ),
        ("parameters:\n  - {name: p, min: .nan}", "not a number (nan) is no bound"),
        ("parameters:\n  - {name: p, min: 3, max: 2}", "min (3) is more than max (2): exchange them"),
        (
            "parameters:\n  - {name: p, options: a}",
            "options of parameter 'p' of activity 'step' must be a list",
        ),
        (
            "parameters:\n  - {name: p, options: [[a]]}",
            "a single value is expected here, not a list or table",
        ),
        ("parameters:\n  - {name: p, datatype: int, options: [1, b]}", "options: 'b' is no int"),
        (
            "parameters:\n  - {name: p, options: [a, b], default: c}",
            "default: 'c' is none of the options ('a', 'b')",
        ),
        ("parameters:\n  - {name: p, min: 0, max: 9, default: 10}", "default: 10 is more than max (9)"),
        ("parameters:\n  - {name: p, min: 5, options: [1]}", "options: 1 is less than min (5)"),
        (
            "parameters:\n  - {name: p, datatype: boolean, default: 1}",
            "'1' is no boolean: write true or false",
        ),
    ],
)
def test_each_mistake_says_what_would_be_right(body, message):
    """One mistake gives one message, with the line and the way out."""
    found = mistakes(activity(body))
    assert len(found) == 1
    assert message in found[0].removeprefix("m.yaml:")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n- b\n", "m.yaml:1: the model file must be a table of 'key: value' lines, not a list"),
        (
            "channels: [x]\ndependencies: [y]\n",
            "m.yaml:1: no 'activities:' and no 'entities:': is this a model file?",
        ),
        ("\n", "m.yaml:1: no 'activities:' and no 'entities:': is this a model file?"),
        (
            "activites:\n  a: {}\n",
            "m.yaml:1: unknown key 'activites' in the model file: did you mean 'activities'?",
        ),
        ("activities: [a]\n", "m.yaml:1: activities must be a table 'name: description', not a list"),
        (
            "activities: {a: }\nactivity_descriptions: {}\n",
            "has both 'activities' and 'activity_descriptions'",
        ),
        ("activities: {'': }\n", "m.yaml:1: a name is missing in activities"),
        (
            "activities: {a: }\nagents: {b: {type: person}}\n",
            "m.yaml:2: agent 'b': 'person' is no type of agent",
        ),
        (
            "activities: {a: }\nnamespaces: {p: here}\n",
            "m.yaml:2: namespace 'p' needs an IRI such as http://",
        ),
        ("activities: {a: }\nnamespaces: {'p q': 'http://x/'}\n", "m.yaml:2: 'p q' is no prefix"),
        (
            "activities: {a: }\nnamespaces: [x]\n",
            "m.yaml:2: namespaces must be a table 'prefix: IRI', not a list",
        ),
        ("entities:\n  A: {type: File}\n  A: {}\n", "m.yaml:3: key 'A' is given twice (before in line 2)"),
        ("entities:\n  A: {contenttyp: x}\n", "did you mean 'contentType'?"),
    ],
)
def test_mistakes_of_the_whole_file(text, message):
    """Files that are no model files, or contradict themselves, are refused."""
    found = mistakes(text)
    assert len(found) == 1
    assert message in found[0]


def test_foreign_keys_are_noted_but_harmless():
    """A key that is like none of ours is left to the lint; keys of one's own begin with x-."""
    model = load_model(activity("filters: 1\nx-note: mine\nusage:\n  -\n  - role: a\n"))
    assert [(remark.check, remark.line) for remark in model.remarks] == [
        ("foreign-key", 3),
        ("empty-item", 6),
    ]
    assert [port.role for port in model.activities["step"].usages] == ["a"]


def test_files_that_cannot_be_opened(tmp_path):
    """A missing file or a folder is a ModelError whose cause tells that it is the system's."""
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(ModelError, match="cannot read the model file") as caught:
            load_model(path)
        assert isinstance(caught.value.__cause__, OSError)
        assert str(path) in str(caught.value)


@pytest.mark.parametrize("broken", ["activities:\n  a: [\n", "activities:\n\ta:\n", "a: \x00\n"])
def test_broken_yaml_is_one_mistake(broken):
    """Broken syntax is reported alone, without mistakes that follow from it."""
    assert len(mistakes(broken)) == 1


def test_values_are_typed_by_the_datatype():
    """What is allowed is compared with what is logged, so it has the type that is declared."""
    read = {
        ("int", "5"): 5,
        ("double", 5): 5.0,
        ("char", 5): "5",
        ("boolean", "True"): True,
        ("long", -(2**63)): -(2**63),
        ("floatComplex", "1 2"): "1 2",
        (None, "5"): "5",
        (None, 5): 5,
    }
    for (kind, data), expected in read.items():
        found = value(from_data(data), kind)
        assert (found, type(found)) == (expected, type(expected))


def test_an_array_has_a_list_as_default():
    """The elements of a list are checked one by one."""
    text = "parameters:\n  - {name: p, datatype: int, arraysize: 2, min: 0, default: [1, 2]}"
    assert load_model(activity(text)).activities["step"].parameters[0].default == (1, 2)
    assert len(mistakes(activity(text.replace("[1, 2]", "[-1, -2]")))) == 2
    whole = "parameters:\n  - {name: p, valueType: char/*/timestamp, min: '2019-01-01', max: '2020-01-01'}"
    parameter = load_model(activity(whole)).activities["step"].parameters[0]
    assert (parameter.value_type, parameter.xtype, parameter.is_array) == (
        "char/*/timestamp",
        "timestamp",
        False,
    )


def test_bounds_and_options():
    """Bounds are inside; 1 is no truth value."""
    assert outside(1, low=1, high=1, options=()) is None
    assert outside(True, low=None, high=None, options=(1, 2)) is not None
    assert outside(1.0, low=None, high=None, options=(1, 2)) is None
    assert outside("b", low="a", high="c", options=()) is None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**8), st.integers(0, 10**8) | st.none())
def test_multiplicities_are_read_as_they_are_written(low, more):
    """Writing a multiplicity and reading it gives the same."""
    one = Multiplicity(low, None if more is None else low + more)
    assert multiplicity(str(one)) == one


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=8))
def test_any_other_text_is_no_multiplicity(text):
    """Whatever is no multiplicity is a ValueError that says how to write one."""
    try:
        found = multiplicity(text)
    except ValueError as error:
        message = str(error)
    else:
        assert multiplicity(str(found)) == found
        return
    assert "is no multiplicity" in message


SCRAPS = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["x", "", "*", "3..1", "int", "File"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "activities",
                    "usage",
                    "role",
                    "parameters",
                    "name",
                    "min",
                    "options",
                    "agents",
                    "has_members",
                    "q",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["activities", "entities", "agents", "namespaces"]), SCRAPS))
def test_no_data_makes_it_fail_otherwise(data):
    """Whatever the data, the answer is a Model or a ModelError."""
    try:
        found = model_from_dict(data)
    except ModelError as error:
        problems = error.problems
    else:
        assert found.activities is not None
        return
    assert problems


def test_real_model_files_can_be_used(corpus):
    """Every model file of the corpus loads, with its activities and entities."""
    sizes = {}
    for path in sorted(corpus.glob("*/definition*.yaml")):
        model = load_model(path)
        sizes[path.parent.name, path.stem] = (len(model.activities), len(model.entities))
        assert all(step.line for step in model.activities.values())
        assert model.remarks == ()
    assert sizes["gammapy", "definition"] == (6, 14)
    assert sizes["logprov", "definition"] == (5, 15)
    assert sizes["lstosa", "definition_main_d63b5adb"] == (7, 30)
    assert len(sizes) >= 6


def test_reading_a_model_loads_nothing_heavy():
    """The capture side reads models inside a pipeline: only the standard library and PyYAML."""
    heavy = {"rdflib", "pyoxigraph", "pyshacl", "prov", "rich"}
    code = f"import provrdf.model, sys; print(sorted({{m.split('.')[0] for m in sys.modules}} & {heavy}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
