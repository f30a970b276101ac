"""ctapipe's JSON provenance, from 2017 to today, arrays appended to arrays."""

import hashlib
import json
from collections import Counter

import pytest

from provrdf.records import kind
from provrdf.sources import read


def activity(name, start, stop, **more):
    """Give an activity as ctapipe writes it; times are seconds of one minute."""
    return {
        "activity_name": name,
        "activity_uuid": f"uuid-{name}",
        "status": "completed",
        "start": {"time_utc": f"2026-11-22T07:58:{start:06.3f}"},
        "stop": {"time_utc": f"2026-11-22T07:58:{stop:06.3f}"},
        "system": {
            "ctapipe_version": "0.25.1",
            "platform": {"node": "vm"},
            "environment": {"USER": "kkosack"},
            "arguments": ["ctapipe-process", "-i", "x"],
            "start_time_utc": f"2026-11-22T07:58:{start:06.3f}",
        },
        "input": [],
        "output": [],
    } | more


def file(url, role=None, **more):
    """Give an input or output."""
    return {"url": url, "role": role} | more


@pytest.fixture
def write(tmp_path):
    """Give a function that writes arrays one after the other and reads them: data, rejects, other lines."""

    def write_and_read(*arrays, indent=3):
        log, rejects, tally = tmp_path / "tool.provenance.log", [], {}
        texts = [one if isinstance(one, str) else json.dumps(one, indent=indent) for one in arrays]
        log.write_text("".join(texts))
        records = list(read(log, rejects=rejects, tally=tally))
        assert tally[str(log)].format == "ctapipe"
        return records, [(one.line, str(one.reason)) for one in rejects], tally[str(log)].other

    return write_and_read


def of(records, wanted):
    """Give the data of the records of one kind."""
    return [record.data for record in records if kind(record.data) == wanted]


def test_an_activity_becomes_the_records_of_a_pipeline(write):
    """Session, start, parameters, files and end, with true UTC."""
    used = file("/data/gamma.simtel.gz", "DL0/Event", reference_meta={"CTA PRODUCT ID": "7"})
    run = activity(
        "ctapipe-process", 1, 2.5, exit_code=0, duration_min=0.025,
        input=[used], output=[file("file:///data/out%201.h5", "DL1/Event")],
        config={"ProcessorTool": {"overwrite": True, "EventSource": {"max_events": None}}, "quiet": False},
    )  # fmt: skip
    records, rejects, other = write([run])
    assert (rejects, other) == ([], 0)
    assert [kind(record.data) for record in records] == [
        "session", "activity", "parameters", "entity", "used", "entity", "generated", "end",
    ]  # fmt: skip
    session, begin, parameters, entity, use, made, generation, end = (record.data for record in records)
    start = "2026-11-22T07:58:01.000Z"
    system = run["system"] | {"start_time_utc": start}
    name = {"name": "ctapipe-process", "startTime": start}
    assert session == {"session_id": "uuid-ctapipe-process", **name, "system": system}
    assert begin == {
        "activity_id": "uuid-ctapipe-process", **name, "in_session": "uuid-ctapipe-process",
        "agent_name": "kkosack", "script": "ctapipe-process",
    }  # fmt: skip
    assert parameters["parameters"] == {
        "ProcessorTool.overwrite": True, "ProcessorTool.EventSource": {"max_events": None}, "quiet": False,
    }  # fmt: skip
    assert entity["entity_id"] == hashlib.md5(b"/data/gamma.simtel.gz").hexdigest()
    assert entity["reference_meta"] == {"CTA PRODUCT ID": "7"}
    assert (use["used_id"], use["used_role"]) == (entity["entity_id"], "DL0/Event")
    assert made["entity_id"] == hashlib.md5(b"/data/out 1.h5").hexdigest()
    assert made["location"] == "file:///data/out%201.h5"
    assert (generation["generated_id"], generation["generated_role"]) == (made["entity_id"], "DL1/Event")
    own = {"activity_id": "uuid-ctapipe-process", "endTime": "2026-11-22T07:58:02.500Z"}
    assert end == own | {"status": "completed", "exit_code": 0, "duration_min": 0.025}
    assert {record.line for record in records} == {2}
    assert (records[0].time, records[-1].time) == (start, "2026-11-22T07:58:02.500Z")


def test_an_activity_within_another_belongs_to_it(write):
    """They are listed as they finish; each tool run is a session, what runs within it is not."""
    inner, middle = activity("inner", 3, 4), activity("middle", 2, 5)
    outer, later = activity("outer", 1, 6), activity("later", 7, 8)
    records, _, _ = write([inner, middle, outer, later])
    parents = {data["name"]: (data.get("parent_id"), data["in_session"]) for data in of(records, "activity")}
    assert parents == {
        "inner": ("uuid-middle", "uuid-outer"),
        "middle": ("uuid-outer", "uuid-outer"),
        "outer": (None, "uuid-outer"),
        "later": (None, "uuid-later"),
    }
    assert {data["session_id"] for data in of(records, "session")} == {"uuid-outer", "uuid-later"}
    assert {data["name"] for data in of(records, "session")} == {"outer", "later"}


def test_what_an_array_repeats_comes_once(write):
    """A process that runs two tools writes the first one again."""
    first, second = activity("first", 1, 2), activity("second", 3, 4)
    records, rejects, _ = write([first], [first, second], "\n", [first, second])
    assert rejects == []
    assert Counter(data["name"] for data in of(records, "activity")) == {"first": 1, "second": 1}


@pytest.mark.parametrize("indent", [None, 3])
def test_lines_are_those_of_the_activities(write, indent):
    """Pretty or on one line, array after array."""
    records, _, _ = write([activity("a", 1, 2), activity("b", 3, 4)], [activity("c", 5, 6)], indent=indent)
    lines = {record.data["name"]: record.line for record in records if kind(record.data) == "activity"}
    size = len(json.dumps(activity("a", 1, 2), indent=3).splitlines())
    assert lines == (
        {"a": 1, "b": 1, "c": 1} if indent is None else {"a": 2, "b": 2 + size, "c": 3 + 2 * size}
    )


def test_files_of_2017(write):
    """Bare URLs, no uuid, no status, memory and CPU samples; nothing is lost."""
    old = activity("/usr/bin/python", 1, 2, input=["/data/a.fits"], output=["/data/b.fits"])
    del old["activity_uuid"], old["status"], old["system"]["environment"]
    old["start"]["memory"] = {"total": 8}
    old["samples"] = [{"time_utc": "2017-03-07T12:02:24.000"}]
    records, rejects, _ = write([old])
    assert rejects == []
    (begin,), (end,) = of(records, "activity"), of(records, "end")
    assert begin["start"] == {"memory": {"total": 8}}
    assert begin["samples"] == old["samples"]
    assert "agent_name" not in begin
    assert len(begin["activity_id"]) == 32
    assert end.keys() == {"activity_id", "endTime"}
    assert [data.get("used_role") for data in of(records, "used")] == [None]
    again, _, _ = write([old])
    assert [record.data for record in again] == [record.data for record in records]


def test_an_activity_without_times_or_files_is_still_one(write):
    """Keys that are missing, null or of another type cost themselves only."""
    poor = {"activity_name": "poor", "start": None, "stop": {}, "system": [], "input": None, "config": [1]}
    records, rejects, _ = write([poor | {"output": [{"role": "x"}, None]}])
    assert rejects == []
    assert [kind(record.data) for record in records] == ["session", "activity", "parameters"]
    assert records[1].data.keys() == {"activity_id", "name", "in_session"}
    assert records[2].data["parameters"] == {"config": [1]}


def test_infinite_parameters_are_kept_as_text(write):
    """JSON has no Infinity, Python writes it all the same."""
    records, _, _ = write([activity("a", 1, 2, config={"Tool": {"max": float("inf"), "x": 1}})])
    (record,) = (one for one in records if kind(one.data) == "parameters")
    assert record.data["parameters"] == {"Tool.max": "inf", "Tool.x": 1}
    assert record.inexact == ("parameters.Tool.max",)


def test_a_run_that_died_while_writing_costs_that_activity(write):
    """The arrays before and after it are read."""
    whole = json.dumps([activity("a", 1, 2), activity("b", 3, 4)], indent=3)
    broken = json.dumps([activity("c", 5, 6)], indent=3)[:-200]
    records, rejects, _ = write(whole, broken, whole.replace('"a"', '"d"').replace("uuid-a", "uuid-d"))
    assert [data["name"] for data in of(records, "activity")] == ["a", "b", "d"]
    lines = whole.count("\n")
    assert rejects == [(lines + 2, "malformed")] or rejects == [(lines + 2, "truncated")]
    records, rejects, _ = write(whole, broken)
    assert rejects == [(lines + 2, "truncated")]


def test_a_large_file_is_read_piece_by_piece(tmp_path):
    """Activities that lie across the borders of what is read at once are whole."""
    log = tmp_path / "big.provenance.log"
    arrays = [[activity(f"tool{number}", 1, 2, config={"x": "y" * 9_000})] for number in range(100)]
    log.write_text("".join(json.dumps(one, indent=3) for one in arrays))
    names = [data["name"] for data in of(read(log), "activity")]
    assert names == [f"tool{number}" for number in range(100)]


def test_real_files(corpus):
    """Two tool runs appended (the second failed); and a file of 2019 with a nested activity."""
    records = list(read(corpus / "ctapipe" / "mytool.provenance.log"))
    assert Counter(kind(record.data) for record in records) == {
        "session": 2, "activity": 2, "parameters": 2, "entity": 3, "used": 2, "generated": 1, "end": 2,
    }  # fmt: skip
    assert [(data["status"], data["exit_code"]) for data in of(records, "end")] == [
        ("completed", 0),
        ("error", 1),
    ]
    records = list(read(corpus / "ctapipe" / "provenance_2019-10-23.log"))
    assert [data["name"] for data in of(records, "activity")] == [
        "test2",
        "test1",
        "myactivity",
        "application",
    ]
    assert len({data["session_id"] for data in of(records, "session")}) == 3
