"""A report as JSON: everything, IRIs included. The schema is ``report.schema.json`` beside this module."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from provrdf.report import Group, Place, Report, Result, Severity

VERSION = 1
"""Version of the layout; a change that a reader could trip over raises it."""


def write(report: Report, stream: IO[bytes], *, color: bool | None = None) -> None:
    """Write the report; the same report gives the same bytes. `color` has no effect."""
    text = json.dumps(to_dict(report), indent=2, sort_keys=False, default=str)
    stream.write(text.encode("ascii") + b"\n")


def to_dict(report: Report) -> dict[str, Any]:
    """Turn a report into JSON types."""
    return {
        "format": "provrdf-report",
        "version": VERSION,
        "conforms": report.conforms,
        "passes": not report.exit_code(),
        "fail_on": str(report.fail_on),
        "counts": {str(severity): report.count(severity) for severity in sorted(Severity, reverse=True)},
        "inputs": list(report.inputs),
        "rules": list(report.rules),
        "checked": [
            {"check": seen.check, "kind": seen.kind, "count": seen.count, "model": _place(seen.model)}
            for seen in report.checked
        ],
        "groups": [_group(group) for group in report.grouped()],
        "omitted": report.omitted(),
        "results": [_result(result) for result in report.shown()],
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "check": group.check,
        "severity": str(group.severity),
        "kind": group.kind,
        "heading": group.heading,
        "count": group.count,
        "total": group.total,
    }


def _result(result: Result) -> dict[str, Any]:
    return {
        "check": result.check,
        "severity": str(result.severity),
        "message": result.message,
        "focus": {"iri": result.focus, "name": result.focus_name, "kind": result.kind},
        "summary": result.summary,
        "expected": result.expected,
        "found": result.found,
        "suggestion": result.suggestion,
        "log": _place(result.log),
        "other": [_place(place) for place in result.other],
        "model": _place(result.model),
        "fingerprint": result.fingerprint,
        "details": dict(result.details),
    }


def _place(place: Place | None) -> Mapping[str, Any] | None:
    return None if place is None else {"file": place.file, "line": place.line or None}
