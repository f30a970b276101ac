"""YAML with lines: what is read, and what is refused with its place."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from provrdf.yamlmarks import MAX_DEPTH, Node, compose, from_data, plain, scalar


def mistakes(text):
    """Mistakes of a text, as written for people."""
    return [str(problem) for problem in compose(text, file="f.yaml")[1]]


def test_values_know_their_lines():
    """Every value has its line and that of its key, and a scalar the text as written."""
    root, problems = compose("a:\n  - b: 1.10\n\n    c: 'x'\n", file="f.yaml")
    assert problems == ()
    item = root.value["a"].value[0]
    assert (root.value["a"].key_line, item.line, item.value["c"].line) == (1, 2, 4)
    assert item.value["b"].value == 1.1
    assert item.value["b"].text == "1.10"
    assert item.value["c"].value == "x"


def test_plain_words_are_read_as_yaml_1_2():
    """Words that YAML 1.1 turns into something else stay what the writer sees."""
    text = "[no, on, 1:30, 01618, 2019-11-23, 12, 1e5, true, ~, .inf, '1', !!str 1]"
    assert plain(compose(text, file="f")[0]) == [
        *("no", "on", "1:30", "01618", "2019-11-23", 12, 1e5, True, None, float("inf"), "1", "1")
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: *\n", "put a star in quotes"),
        ("a: b: c\n", "f.yaml:1: not YAML: mapping values"),
        ("a:\n\t- b\n", "f.yaml:2: not YAML: "),
        ("a: 1\nb: 'x\nc: 2\n", "f.yaml:2: not YAML: while scanning a quoted scalar"),
        ("a: 1\na: 2\n", "f.yaml:2: key 'a' is given twice (before in line 1): keep one"),
        ("a: !!python/object:os.system 1\n", "f.yaml:1: the tag 'tag:yaml.org,2002:python/object:os.system'"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2: a second document begins here"),
        ("? [a]\n: 1\n", "f.yaml:1: a key must be one word"),
        ("b: 1\n<<: {a: 1}\n", "f.yaml:2: merging with << is not read"),
        ("a: 1\nb: &x [*x]\n", "f.yaml:2: *x refers to nothing above it"),
        ("a: 1\nb: \x07\n", "f.yaml:2: character 0x07 is not allowed in YAML"),
        (b"a: 1\nb: \xff\n", "f.yaml:2: not UTF-8 text"),
        ("x" * 1_000_001, "f.yaml: the file is larger than 1 MB"),
        ("[" * 1000, f"f.yaml:1: nested more than {MAX_DEPTH} deep"),
    ],
)
def test_what_is_refused_has_a_place_and_a_way_out(text, message):
    """Broken and dangerous files are refused with one readable line."""
    found = mistakes(text)
    assert len(found) == 1
    assert message in found[0]


def test_aliases_may_be_used_but_not_explode():
    """An alias is the value it names; aliases that multiply are stopped."""
    assert plain(compose("a: &x [1]\nb: *x\n", file="f")[0]) == {"a": [1], "b": [1]}
    bomb = "- &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"- &{chr(98 + level)} [{','.join(['*' + chr(97 + level)] * 10)}]\n" for level in range(9)
    )
    assert mistakes(bomb) == ["f.yaml:5: more than 200000 values"]


def test_several_mistakes_are_reported_at_once():
    """Reading goes on after a mistake that leaves the structure clear."""
    assert len(mistakes("a: 1\na: 2\nb: !x 3\nb: 4\n")) == 3


def test_without_libyaml_the_same_is_read(monkeypatch):
    """The pure Python parser gives the same values and refuses the same files."""
    with_c = (
        compose("a: &x ['1', 2, ~]\nb: *x\n", file="f"),
        len(mistakes("a: 'x\n")),
        len(mistakes("a: *\n")),
    )
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    without = (
        compose("a: &x ['1', 2, ~]\nb: *x\n", file="f"),
        len(mistakes("a: 'x\n")),
        len(mistakes("a: *\n")),
    )
    assert with_c == without


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=80, deadline=None)
@given(VALUES)
def test_what_yaml_writes_is_read_back(value):
    """Any data written by PyYAML is read back equal."""
    text = yaml.safe_dump(value, allow_unicode=True, default_style='"')
    node, problems = compose(text, file="f")
    assert problems == () or "<<" in text
    if problems == ():
        assert plain(node) == value


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60) | st.binary(max_size=60))
def test_no_text_makes_it_fail(text):
    """Whatever is in a file, the answer is a node or problems, never an exception."""
    node, problems = compose(text, file="f")
    assert isinstance(node, Node)
    assert all(problem.file == "f" for problem in problems)


def test_data_in_memory_becomes_nodes_and_back():
    """Dictionaries become nodes without lines; endless ones are refused."""
    data = {"a": [1, None, {"b": "x"}], "c": True}
    assert plain(from_data(data)) == data
    endless: list = []
    endless.append(endless)
    with pytest.raises(ValueError, match="nested more than"):
        from_data(endless)


def test_scalars_of_any_length_are_read():
    """A very long run of digits is text, not an error."""
    assert scalar("1" * 5000) == "1" * 5000
    assert scalar("-12") == -12
    assert scalar(".5") == 0.5
