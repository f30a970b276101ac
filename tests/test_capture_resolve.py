"""Value paths: what they find, and what they must not do."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provrdf.capture.resolve import MISSING, PathError, may_call, read_path, walk

PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
"""A busy machine is no failure."""


class Names(dict[str, Any]):
    """Names of a test."""

    def find(self, name: str) -> object:
        """Return what has this name."""
        return self.get(name, MISSING)


class Observation:
    """An observation as gammapy has it."""

    obs_id = 23523

    def location(self, *, hdu_type: str) -> SimpleNamespace:
        """Where its events are."""
        return SimpleNamespace(path=Path(f"/data/{hdu_type}.fits").absolute)

    def json(self) -> str:
        """Give it as JSON."""
        return '{"id": 1}'

    def delete(self) -> str:
        """Must not be called."""
        pytest.fail("a method that changes something was called")

    async def later(self) -> int:
        """Must not be awaited."""
        return 1


NAMES = Names(
    obs=Observation(),
    config={"a-b": {"c": [10, {"d": "deep"}]}, "items": "a key"},
    args=("first", {"x": 2}),
    module=os,
    kind=Observation,
    function=lambda: pytest.fail("a function was called"),
    none=None,
)


def value(text: str) -> object:
    """Follow a path."""
    return walk(read_path(text), NAMES)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("obs.obs_id", 23523),
        ("obs.json()", '{"id": 1}'),
        ('obs.location(hdu_type="events").path().__str__()', "/data/events.fits"),
        ("config.a-b.c[0]", 10),
        ("config.a-b.c[-1].d", "deep"),
        ('config["a-b"].c.1.d', "deep"),
        ("config.items", "a key"),
        ("args.0", "first"),
        ("args[1].x", 2),
        ("args.0.upper()", "FIRST"),
        ('args.0.partition("r")[0]', "fi"),
        ("obs.__class__.__name__", "Observation"),
        (" config . a-b . c [ 0 ] ", 10),
    ],
)
def test_finds(path: str, expected: object) -> None:
    """Attributes, keys, elements and calls of methods with constants."""
    assert value(path) == expected


@pytest.mark.parametrize(
    "path",
    [
        "nothing",
        "obs.nothing",
        "config.nothing.more",
        "args.7",
        "none.attribute",
        "obs.obs_id.x",
        "args.0[9]",
        "obs[0]",
    ],
)
def test_leads_nowhere(path: str) -> None:
    """What is not there is missing, without an error."""
    assert value(path) is MISSING


@pytest.mark.parametrize(
    "path",
    [
        "obs.delete()",
        "function()",
        "kind()",
        'module.system("touch forbidden")',
        'module.getenv("HOME")',
        "module.environ.clear()",
        'module.environ.pop("PATH")',
        "obs.__class__.__subclasses__()",
        "obs.__init__.__globals__",
        "obs.__dict__",
        "obs.__hash__()",
        "obs.json.__func__",
        "obs.location.__globals__",
        "kind.mro()",
        "obs.later()",
        'config.pop("a-b")',
        "args.__reduce__()",
    ],
)
def test_is_refused(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No function, class or module is called, no method that changes something; nothing inner is reached."""
    monkeypatch.chdir(tmp_path)
    assert value(path) is MISSING
    assert list(tmp_path.iterdir()) == []
    assert "a-b" in NAMES["config"]


def test_may_be_allowed() -> None:
    """A method whose name sounds like doing something can be allowed by name."""
    names = Names(camera=SimpleNamespace())
    names["camera"].parts = [3, 4]
    assert not may_call("read_noise")
    assert walk(read_path("camera.parts.pop()"), names) is MISSING
    assert walk(read_path("camera.parts.pop()"), names, allowed=("pop",)) == 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a..b",
        "a(",
        "a[b]",
        "a b",
        ".a",
        "a.",
        "a[0",
        "a(b)",
        "a(x=)",
        "lambda: 1",
        "a+b",
        "1",
        "a.1.5.",
        "a;b",
    ],
)
def test_is_no_path(text: str) -> None:
    """What is no path says so, with the place."""
    with pytest.raises(PathError, match="value path"):
        read_path(text)


@settings(**PATIENT)
@given(st.text(alphabet="ab_.()[]'\"=,01- \n", max_size=25))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing else than a path or its error ever comes out."""
    try:
        path = read_path(text)
    except PathError:
        return
    walk(path, NAMES)


def test_an_iterator_is_left_alone() -> None:
    """Taking an element of a generator would use it up."""
    generator = (number for number in range(3))
    assert walk(read_path("rows[0]"), Names(rows=generator)) is MISSING
    assert list(generator) == [0, 1, 2]
