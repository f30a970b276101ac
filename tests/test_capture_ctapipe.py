"""ctapipe's activities in the same log; ctapipe itself is not needed for the test, only what it keeps."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from logs import Records, activities, entities, links, named, parameters, records_of
from provrdf.capture import Capture
from provrdf.capture.ctapipe import record, recorded


@pytest.fixture
def tools(corpus: Path) -> list[dict[str, Any]]:
    """Activities as a real ctapipe wrote them: a first run, then the same again and a failed one."""
    text = (corpus / "ctapipe" / "mytool.provenance.log").read_text()
    decoder, position, found = json.JSONDecoder(), 0, []
    while position < len(text):
        array, position = decoder.raw_decode(text, position)
        position += len(text[position:]) - len(text[position:].lstrip())
        found.extend(array)
    return found


def run(tools: list[dict[str, Any]], tmp_path: Path) -> Records:
    """Let them finish inside a step."""
    capture = Capture(log=tmp_path / "prov.log", git=False)
    provenance = SimpleNamespace(finished_activities=[])
    with capture.session("s"), capture.activity("outer"), recorded(capture, provenance):
        provenance.finished_activities.extend(SimpleNamespace(provenance=tool) for tool in tools)
    return records_of(tmp_path / "prov.log")


def test_tools_become_activities(tools: list[dict[str, Any]], tmp_path: Path) -> None:
    """Each activity once, with its uuid, times, status and exit code, inside the running step."""
    records = run(tools, tmp_path)
    found = activities(records)
    outer = named(records, "outer")
    assert {key for key in found if key != outer["activity_id"]} == {tool["activity_uuid"] for tool in tools}
    for tool in tools:
        one = found[tool["activity_uuid"]]
        assert one["startTime"] == tool["start"]["time_utc"] + "+00:00"
        assert one["endTime"] == tool["stop"]["time_utc"] + "+00:00"
        assert one["status"] == {"completed": "completed", "error": "failed"}[tool["status"]]
        assert (one["parent_id"], one["in_session"]) == (outer["activity_id"], outer["in_session"])


def test_files_and_configuration(tools: list[dict[str, Any]], tmp_path: Path) -> None:
    """Inputs and outputs are files with roles; the configuration is parameters, one level deep."""
    records = run(tools[:1], tmp_path)
    (identity,) = [tools[0]["activity_uuid"]]
    used = [
        (role, entities(records)[thing]["filepath"])
        for step, role, thing in links(records, "used")
        if step == identity
    ]
    assert used == [(one["role"], one["url"]) for one in tools[0]["input"]]
    assert parameters(records, tools[0]["activity_name"])["MyTool.thr"] == tools[0]["config"]["MyTool"]["thr"]


def test_what_had_finished_before_is_left_out(tools: list[dict[str, Any]], tmp_path: Path) -> None:
    """Only what finishes in the block is recorded."""
    capture = Capture(log=tmp_path / "prov.log", git=False)
    provenance = SimpleNamespace(finished_activities=[SimpleNamespace(provenance=tools[0])])
    with recorded(capture, provenance):
        pass
    assert not (tmp_path / "prov.log").exists()
    assert record(tools, capture) == len({tool["activity_uuid"] for tool in tools})


def test_nothing_can_go_wrong(tmp_path: Path) -> None:
    """A ctapipe that keeps something else is a trouble to be counted, and no error."""
    capture = Capture(log=tmp_path / "prov.log", git=False)
    with recorded(capture, SimpleNamespace()):
        pass
    record([{"activity_uuid": "x", "input": 5}], capture)
    assert capture.troubles.count == 3
    capture.on = False
    assert record([{}], capture) == 0
