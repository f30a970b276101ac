"""Reading what capture wrote, for tests: by Python's own rules, with no reader of this project."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Records = list[dict[str, Any]]


def records_of(log: Path, *, prefix: str = "__PROV__") -> Records:
    """Read the records of a classic log; a line that is none fails."""
    records = []
    for line in log.read_text(encoding="ascii").splitlines():
        before, stamp, payload = line.split(prefix)
        assert before
        assert stamp
        record = ast.literal_eval(payload)
        assert isinstance(record, dict)
        records.append(record)
    return records


def activities(records: Records) -> dict[str, dict[str, Any]]:
    """Collect what is said of each activity, start and end together."""
    found: dict[str, dict[str, Any]] = {}
    for record in records:
        if "activity_id" in record and ("startTime" in record or "endTime" in record):
            found.setdefault(record["activity_id"], {}).update(record)
    return found


def named(records: Records, name: str) -> dict[str, Any]:
    """Return the one activity of a name."""
    (activity,) = [one for one in activities(records).values() if one.get("name") == name]
    return activity


def entities(records: Records) -> dict[str, dict[str, Any]]:
    """Collect what is said of each entity."""
    found: dict[str, dict[str, Any]] = {}
    for record in records:
        if "entity_id" in record and not {"member_id", "progenitor_id"} & record.keys():
            found.setdefault(record["entity_id"], {}).update(record)
    return found


def links(records: Records, kind: str) -> list[tuple[str, str | None, str]]:
    """List (activity, role, entity) of all usages (``used``) or generations (``generated``)."""
    key, role = f"{kind}_id", f"{kind}_role"
    return [(record["activity_id"], record.get(role), record[key]) for record in records if key in record]


def edges(records: Records) -> list[tuple[str, str, str | None, str | None]]:
    """List (activity name, kind, role, entity name) of all usages and generations, sorted."""
    steps, things = activities(records), entities(records)
    found = [
        (steps.get(step, {}).get("name", "?"), kind, role, things.get(thing, {}).get("name"))
        for kind in ("used", "generated")
        for step, role, thing in links(records, kind)
    ]
    return sorted(found, key=repr)


def parameters(records: Records, name: str) -> Mapping[str, Any]:
    """Return the parameters of the one activity of a name."""
    identity = named(records, name)["activity_id"]
    found = [
        record["parameters"]
        for record in records
        if "parameters" in record and record["activity_id"] == identity
    ]
    return found[0] if found else {}
