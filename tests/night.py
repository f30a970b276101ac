"""A small made-up night of three sessions, for tests: a file rewritten within one and one between two."""

from __future__ import annotations

from typing import Any


def line(time: str, data: dict[str, Any]) -> str:
    """Write one line of a log."""
    return f"INFO provLogger __PROV__2026-11-22T{time}__PROV__{data!r}\n"


def task(
    session: str, activity: str, minute: int, *, used: str = "", made: str = "", name: str = "step"
) -> list[str]:
    """Write the lines of one activity of a session that starts at a minute of an hour and takes one."""
    start, end = f"10:{minute:02}:00", f"10:{minute + 1:02}:00"
    tag = {"session_tag": f"{name}:{session}"}
    lines = [
        line(end, {"session_id": session, "name": session, "startTime": f"2026-11-22T{start}", **tag}),
        line(
            end,
            {"activity_id": activity, "name": name, "startTime": f"2026-11-22T{start}", "in_session": session}
            | {"agent_name": "jane"}
            | tag,
        ),
    ]
    for role, files in (("used", used.split()), ("generated", made.split())):
        for file in files:
            entity = {
                "entity_id": f"{file:0>32}",
                "name": "Kind",
                "type": "File",
                "filepath": f"/data/{file}",
            }
            lines.append(line(end, entity | tag))
            relation = {f"{role}_id": f"{file:0>32}", f"{role}_role": role}
            lines.append(line(end, {"activity_id": activity, **relation, **tag}))
    lines.append(line(end, {"activity_id": activity, "endTime": f"2026-11-22T{end}", **tag}))
    return lines


NIGHT = [
    *task("calib", "a1", 0, used="0a", made="1a", name="pedestal"),
    *task("run1", "b1", 5, used="1a 2a", made="3a"),
    *task("run1", "b2", 7, used="3a", made="3a 4a", name="rewrite"),
    *task("calib", "a2", 10, used="0b", made="1a", name="pedestal"),
    *task("run2", "c1", 15, used="1a 2b", made="3b"),
]

KNOWN = len(set(NIGHT))  # what is used and made again is described twice in the same words
