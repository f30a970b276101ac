"""Captured values as plain data: never huge, never a surprise."""

from __future__ import annotations

import ast
import enum
import math
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provrdf.capture.plain import MAX_ITEMS, MAX_TEXT, Plainer
from provrdf.capture.redact import MASK, Redactor

PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
"""A busy machine is no failure."""


def plain(value: object) -> Any:
    """Make a value fit for the log."""
    return Plainer(Redactor({})).value(value)


class Fails:
    """Its texts raise."""

    def __repr__(self) -> str:
        message = "no text"
        raise RuntimeError(message)


class Array:
    """Looks like a huge array, and must not be printed."""

    shape = (1_000_000, 1_000)
    dtype = "float64"

    def __len__(self) -> int:
        return self.shape[0]

    def __repr__(self) -> str:
        message = "a huge array was printed"
        raise AssertionError(message)


class Named(enum.Enum):
    """A choice."""

    FIRST = "first"


class Speaks:
    """Has a text of its own."""

    def __str__(self) -> str:
        return "0.3 deg"


class Loud(str):
    """A text whose own methods lie."""

    __slots__ = ()

    def __str__(self) -> str:
        return "lie"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("01618", "01618"),
        (True, True),
        (None, None),
        (5, 5),
        (1.5, 1.5),
        (math.inf, "inf"),
        ((1, "a"), [1, "a"]),
        ({1: {"b": (2,)}}, {1: {"b": [2]}}),
        ({3, 1, 2}, [1, 2, 3]),
        (Path("/a/b"), "/a/b"),
        (b"abc", "<3 bytes>"),
        (date(2026, 11, 22), "2026-11-22"),
        (Decimal("1.10"), "1.10"),
        (Named.FIRST, "first"),
        (Speaks(), "0.3 deg"),
        (Loud("true"), "true"),
        ("caf\udce9", "caf\\udce9"),
        (int, "<class builtins.int>"),
    ],
)
def test_values(value: object, expected: object) -> None:
    """Each kind of value has one plain form; tuples are lists, because YAML has no tuples."""
    assert plain(value) == expected


def test_an_object_without_a_text_is_described() -> None:
    """Its address would mean nothing tomorrow."""
    assert plain(object()) == "<builtins.object>"
    assert plain({"a": Fails()})["a"].endswith("Fails: RuntimeError>")


def test_huge_values_are_described() -> None:
    """Large arrays, lists and texts say what they are instead of what they hold."""
    assert plain(Array()).endswith("Array of shape 1000000x1000, float64>")
    assert plain([0] * 10_000_000) == "<list of 10000000 elements>"
    assert plain({"inner": list(range(MAX_ITEMS + 1))})["inner"] == f"<list of {MAX_ITEMS + 1} elements>"
    assert plain("x" * (MAX_TEXT + 1)) == f"<text of {MAX_TEXT + 1} characters>"
    assert plain(10**5000) == f"<int of {(10**5000).bit_length()} bits>"


def test_many_small_values_are_bounded_together() -> None:
    """A table of a thousand lists cannot add up to a huge record."""
    made = plain({str(number): list(range(100)) for number in range(1000)})
    assert sum(isinstance(item, list) for item in made.values()) <= MAX_ITEMS / 100


def test_circular_values_end() -> None:
    """A list that holds itself is written to a depth, and no further."""
    circular: list[Any] = []
    circular.append(circular)
    assert ast.literal_eval(repr(plain(circular)))
    assert sys.getrecursionlimit() >= 1000


def test_numpy_values() -> None:
    """Scalars and small arrays are their values; a large array is described."""
    numpy = pytest.importorskip("numpy")
    assert plain(numpy.float64(1.5)) == 1.5
    assert plain(numpy.int32(7)) == 7
    assert plain(numpy.array([[1, 2], [3, 4]])) == [[1, 2], [3, 4]]
    assert plain(numpy.zeros((1000, 1000))) == "<numpy.ndarray of shape 1000x1000, float64>"


def test_a_pair_is_a_name_and_its_value() -> None:
    """As the items of a table; other pairs stay as they are."""
    assert plain([("password", "PLANTED"), ("run", "01615")]) == [["password", MASK], ["run", "01615"]]
    assert plain((1, "a")) == [1, "a"]


def test_a_secret_name_makes_a_secret() -> None:
    """The value under such a name is masked, in tables, too; harmless kinds of values stay."""
    plainer = Plainer(Redactor({}))
    assert plainer.named("db_password", "hunter22") == MASK
    assert plainer.value({"apiKey": {"a": "b"}, "use_token": True, "n_tokens": 3, "name": "x"}) == {
        "apiKey": MASK,
        "use_token": True,
        "n_tokens": 3,
        "name": "x",
    }
    assert plainer.redacted == 2


@settings(**PATIENT)
@given(
    st.recursive(
        st.none() | st.text() | st.integers() | st.floats() | st.binary() | st.builds(SimpleNamespace),
        lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text() | st.integers(), inner),
    )
)
def test_everything_becomes_a_literal(value: object) -> None:
    """Whatever is captured, Python's text for its plain form is a literal."""
    made = plain(value)
    assert ast.literal_eval(repr(made)) == made
