"""A report as GitHub workflow commands: annotations on the lines of the logs, or of the model file.

GitHub shows ten annotations of a kind per step, so there is one per group of findings, on its first line.
"""

from __future__ import annotations

from typing import IO

from provrdf.report import Group, Place, Report, Severity
from provrdf.report._plain import plain

_COMMANDS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_SHOWN = 10  # findings of a group told in its annotation


def write(report: Report, stream: IO[bytes], *, color: bool | None = None) -> None:
    """Write one workflow command per group of findings. `color` has no effect."""
    shown = set(map(id, report.shown()))
    for group in report.grouped():
        stream.write(_command(group, shown).encode("utf-8", "backslashreplace") + b"\n")


def _command(group: Group, shown: set[int]) -> str:
    first = group.results[0]
    place = first.log or first.model
    properties = {"title": f"{plain(group.heading)} [{group.check}]"} | _where(place)
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[group.severity]} {listed}::{_data(_story(group, shown))}"


def _where(place: Place | None) -> dict[str, str]:
    if place is None:
        return {}
    return {"file": plain(place.file)} | ({"line": str(place.line)} if place.line else {})


def _story(group: Group, shown: set[int]) -> str:
    kept = [result for result in group.results if id(result) in shown][:_SHOWN]
    lines = [
        plain(f"{result.log}: {result.message}" if result.log else result.message) for result in kept
    ] or [plain(group.heading)]
    hidden = len(group.results) - len(kept)
    if hidden > 0:
        lines.append(f"... and {hidden} more")
    first = group.results[0]
    if first.model is not None:
        lines.append(plain(f"asked for in {first.model}"))
    if first.suggestion:
        lines.append(plain(f"try: {first.suggestion}"))
    return "\n".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
