"""Records as JSON, one per line, with or without a wrapper that has the time."""

import json

import pytest
from hypothesis import HealthCheck, given, settings

from provrdf.records import Record
from provrdf.sources import read
from provrdf.testing import logs


@pytest.fixture
def write(tmp_path):
    """Give a function that writes lines and reads them: records, rejects as (line, reason), other lines."""

    def write_and_read(*lines):
        log, rejects, tally = tmp_path / "prov.jsonl", [], {}
        log.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        records = list(read(log, rejects=rejects, tally=tally))
        counts = tally[str(log)]
        assert counts.format == "jsonlines"
        return records, [(one.line, str(one.reason)) for one in rejects], counts.other

    return write_and_read


def test_the_wrapper_has_the_time(write):
    """``{"time": ..., "record": {...}}`` is what our capture writes."""
    wrapped = {"time": "2026-11-22T07:36:13.734862+00:00", "record": {"activity_id": "a", "name": "x"}}
    bare = {"activity_id": "b", "name": "y"}
    timed = {"prov_time": "2026-11-22T07:36:14", "activity_id": "c", "name": "z"}
    records, rejects, other = write(*map(json.dumps, (wrapped, bare, timed)))
    assert (rejects, other) == ([], 0)
    assert [record[:2] for record in records] == [
        ("2026-11-22T07:36:13.734862+00:00", wrapped["record"]),
        (None, bare),
        ("2026-11-22T07:36:14", {"activity_id": "c", "name": "z"}),
    ]
    assert [record.line for record in records] == [1, 2, 3]


def test_values_are_json_values(write):
    """Numbers of any size and text of any kind stay as they are; NaN and Infinity are kept as text."""
    data = {"entity_id": 2**70, "name": "it's \u2028 ü \U0001f52d", "value": [1.5, None, True, {"a": "\n"}]}
    odd = '{"time": "2026-11-22", "record": {"activity_id": "a", "parameters": {"x": NaN, "y": [-Infinity]}}}'
    (first, second), rejects, _ = write(json.dumps(data), odd)
    assert rejects == []
    assert first.data == data
    assert second.data["parameters"] == {"x": "nan", "y": ["-inf"]}
    assert second.inexact == ("parameters.x", "parameters.y")


def test_an_entity_under_its_own_id_is_understood(write):
    """In JSON that key is a text."""
    (record, *_), _, _ = write(
        '{"72488716520486647390": 72488716520486647390, "location": "v"}', '{"entity_id": 1}'
    )
    assert record.data == {"entity_id": 72488716520486647390, "location": "v"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"activity_id": "a", "na', "truncated"),
        ('{"activity_id": "a", "name": ', "truncated"),
        ('{"activity_id": "a"}{"activity_id": "b"}', "torn"),
        ('{"activity_id": "a", name: 1}', "malformed"),
        ("{'activity_id': 'a'}", "malformed"),
        ('{"time": "yesterday", "record": {"activity_id": "a", "name": "x"}}', "bad time"),
        ('{"time": 5, "record": {"activity_id": "a", "name": "x"}}', "bad time"),
        ('{"time": "2026-11-22T07:36:13", "record": [1]}', "not a dictionary"),
        ('{"name": "x"}', "no key"),
        ('{"activity_id": "a", "x": ' + "[" * 200 + "]" * 200 + "}", "too deep"),
        ('{"activity_id": "a", "x": ' + "[" * 100_000, "too deep"),
    ],
)
def test_a_line_that_is_no_record_is_rejected(write, line, reason):
    """With the reason; the lines around it are read."""
    good = '{"activity_id": "a", "name": "x"}'
    records, rejects, other = write(good, line, good)
    assert ([record.line for record in records], rejects, other) == ([1, 3], [(2, reason)], 0)


def test_other_lines_are_counted(write):
    """A message that is no JSON object is none of ours."""
    records, rejects, other = write("starting", '{"activity_id": "a", "name": "x"}', "", "INFO done")
    assert (len(records), rejects, other) == (1, [], 2)


@given(logs())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_made_up_logs_come_back(tmp_path_factory, records: list[Record]):
    """Whatever a pipeline logs survives as JSON."""
    log = tmp_path_factory.mktemp("logs") / "prov.jsonl"
    lines = [json.dumps({"time": record.time, "record": record.data}) for record in records]
    log.write_text("\n".join(lines), encoding="utf-8")
    assert [record[:2] for record in read(log)] == [record[:2] for record in records]
