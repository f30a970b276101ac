"""A report as GitLab's Code Quality JSON (a subset of the Code Climate format)."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from typing import IO, Any

from provrdf.report import Report, Result, Severity
from provrdf.report._plain import plain

_SEVERITIES = {Severity.VIOLATION: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def write(report: Report, stream: IO[bytes], *, color: bool | None = None) -> None:
    """Write the findings as a JSON array. `color` has no effect."""
    nowhere = report.inputs[0] if report.inputs else "."
    seen: Counter[str] = Counter()
    issues = []
    for result in report.shown():
        seen[result.fingerprint] += 1
        issues.append(_issue(result, seen[result.fingerprint], nowhere))
    stream.write(json.dumps(issues, indent=2).encode("ascii") + b"\n")


def _issue(result: Result, number: int, nowhere: str) -> dict[str, Any]:
    place = result.log or result.model
    return {
        "description": plain(_description(result)),
        "check_name": result.check,
        "fingerprint": _fingerprint(result, number),
        "severity": _SEVERITIES[result.severity],
        "location": {
            "path": plain(place.file if place else nowhere),
            "lines": {"begin": place.line if place and place.line else 1},
        },
    }


def _description(result: Result) -> str:
    text = result.message
    if result.model is not None and result.log is not None:
        text += f" (asked for in {result.model})"
    return f"{text}; try: {result.suggestion}" if result.suggestion else text


def _fingerprint(result: Result, number: int) -> str:
    """GitLab drops issues with equal fingerprints: number the equal ones."""
    if number == 1:
        return result.fingerprint
    return sha256(f"{result.fingerprint} {number}".encode()).hexdigest()
