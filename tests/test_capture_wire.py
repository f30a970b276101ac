"""Lines of a log: what is written is what all readers read, and no text can break out of its line."""

from __future__ import annotations

import ast
import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provrdf.capture.clock import Clock
from provrdf.capture.plain import Plainer
from provrdf.capture.redact import Redactor
from provrdf.capture.wire import Classic, JsonLines

PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
"""A busy machine is no failure."""

CLOCK = Clock(UTC)
FORM = Classic(CLOCK, "__PROV__")

TEXT = st.text(max_size=20) | st.sampled_from(
    [
        "__PROV__",
        "x__PROV__2020-01-01T00:00:00__PROV__{'activity_id': 'FORGED'} # ",
        "a\nb",
        "it's",
        '"',
        "\\",
        "_PROV_",
    ]
)
NUMBER = st.integers() | st.floats()
VALUE = st.recursive(
    TEXT | NUMBER | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
RECORD = st.dictionaries(TEXT, VALUE, min_size=1, max_size=5)


def plain(record: dict[str, Any]) -> dict[str, Any]:
    """Make data fit for a log, as the maker of records does."""
    made = Plainer(Redactor({})).value(record)
    assert isinstance(made, dict)
    return made


def payload(line: str, prefix: str = "__PROV__") -> str:
    """Divide a line as the readers of the field do."""
    parts = line.split(prefix)
    assert len(parts) == 3
    return parts[2]


def yaml_sees(value: Any) -> Any:
    """Return what YAML makes of a value: it has another word for nothing."""
    if value is None:
        return "None"
    if isinstance(value, dict):
        return {yaml_sees(key): yaml_sees(item) for key, item in value.items()}
    return [yaml_sees(item) for item in value] if isinstance(value, list) else value


@settings(max_examples=150, **PATIENT)
@given(RECORD)
def test_python_reads_what_was_written(record: dict[str, Any]) -> None:
    """`ast.literal_eval` gives back the record, which is on one line of ASCII."""
    record = plain(record)
    line = FORM.lines([record])
    assert line.isascii()
    assert line.endswith("\n")
    assert len(line.splitlines()) == 1
    assert ast.literal_eval(payload(line)) == record


@settings(max_examples=100, **PATIENT)
@given(RECORD)
def test_yaml_reads_what_was_written(record: dict[str, Any]) -> None:
    """YAML, which the field's readers use, gives the same, but for None."""
    record = plain(record)
    assert yaml.safe_load(payload(FORM.lines([record]))) == yaml_sees(record)


@settings(max_examples=50, **PATIENT)
@given(RECORD)
def test_json_lines(record: dict[str, Any]) -> None:
    """JSON lines hold time with offset, and record."""
    record = plain(record)
    line = JsonLines(CLOCK).lines([record])
    read = json.loads(line)
    assert len(line.splitlines()) == 1
    assert datetime.fromisoformat(read["time"]).tzinfo is not None
    assert read["record"] == json.loads(json.dumps(record))


@given(st.lists(RECORD, min_size=2, max_size=4))
@settings(max_examples=30, **PATIENT)
def test_several_records_are_several_lines(records: list[dict[str, Any]]) -> None:
    """A moment's records are written in one go, each on its line, in order."""
    records = [plain(record) for record in records]
    lines = FORM.lines(records).splitlines()
    assert [ast.literal_eval(payload(line)) for line in lines] == records


@pytest.mark.parametrize("prefix", ["_PROV_", "__PROV__", "PROV", "MARK_1"])
def test_a_captured_text_cannot_forge_a_record(prefix: str) -> None:
    """A text with the marker in it stays a text, whatever the marker."""
    text = f"x{prefix}2020-01-01T00:00:00{prefix}{{'activity_id': 'FORGED'}}\nINFO provLogger {prefix}"
    record = {"activity_id": "a", "parameters": {"p": text, text: 1}}
    line = Classic(CLOCK, prefix).lines([record])
    assert len(line.splitlines()) == 1
    assert ast.literal_eval(payload(line, prefix)) == record
    assert yaml.safe_load(payload(line, prefix)) == record


@pytest.mark.parametrize("number", [1e-07, 1e16, -2.5e-300, 1e22, 0.1, 5.0, 12345678901234567890123])
def test_numbers_stay_numbers_for_yaml(number: float) -> None:
    """YAML takes 1e-07 for a text; it is written so that it does not."""
    text = payload(FORM.lines([plain({"v": number, "list": [number]})]))
    assert yaml.safe_load(text) == {"v": number, "list": [number]} == ast.literal_eval(text)


def test_layout_of_logprov() -> None:
    """Logprov's lines have no logger's name."""
    line = Classic(CLOCK, "_PROV_", "%(levelname)s %(message)s").lines([{"a": 1}])
    assert line.startswith("INFO _PROV_")


def test_layout_with_other_fields() -> None:
    """What changes from line to line in a layout is left out, and what comes after the record."""
    line = Classic(CLOCK, "__PROV__", "%(asctime)s [%(levelname)s] %(name)s: %(message)s !").lines([{"a": 1}])
    assert line.startswith("[INFO] provLogger: __PROV__")
    assert line.endswith("{'a': 1}\n")


def test_clock_tells_one_time_in_two_forms() -> None:
    """A line's stamp is local and naive; a moment has its offset."""
    zone = ZoneInfo("Atlantic/Canary")
    clock = Clock(zone)
    stamp, now = datetime.fromisoformat(clock.stamp()), datetime.fromisoformat(clock.now())
    assert stamp.tzinfo is None
    assert abs((now - stamp.replace(tzinfo=zone)).total_seconds()) < 5
    assert abs((datetime.now(UTC) - now).total_seconds()) < 5


@given(st.integers(min_value=0, max_value=4_000_000_000_000_000_000))
@settings(max_examples=50, **PATIENT)
def test_clock_writes_any_moment(nanoseconds: int) -> None:
    """Microseconds are always six digits, and nothing is rounded up."""
    moment = datetime.fromisoformat(Clock(UTC).at(nanoseconds))
    assert int(moment.timestamp()) == nanoseconds // 1_000_000_000
    assert moment.microsecond == nanoseconds // 1000 % 1_000_000
