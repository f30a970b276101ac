"""A report as SARIF 2.1.0 (OASIS): the format of code scanning; locations are lines of the log.

The line of the model file that asks for something, and other lines of the log that take part, are related
locations. A finding without a line of its own is placed at the input.
"""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import IO, Any
from urllib.parse import quote

from provrdf.report import Check, Place, Report, Result, Severity
from provrdf.report._plain import plain

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_HOME = "https://w3id.org/provrdf/"
_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def write(report: Report, stream: IO[bytes], *, color: bool | None = None) -> None:
    """Write the report as one run. `color` has no effect."""
    from provrdf import __version__

    rules = _rules(report)
    index = {rule.id: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "provrdf",
                "version": __version__,
                "informationUri": _HOME,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(result, index, report) for result in report.shown()],
        "properties": {
            "inputs": list(report.inputs),
            "ruleSets": list(report.rules),
            "omitted": report.omitted(),
        },
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    stream.write(json.dumps(document, indent=2, default=str).encode("ascii") + b"\n")


def _rules(report: Report) -> list[Check]:
    """List the checks that the report describes, and those that only its results name."""
    described = {check.id: check for check in report.checks}
    for result in report.results:
        if result.check not in described:
            described[result.check] = Check(id=result.check, title=result.expected, severity=result.severity)
    return [described[check] for check in sorted(described)]


def _rule(check: Check) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": check.id,
        "shortDescription": _message(check.title or check.id),
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
    }
    if check.help:
        rule["fullDescription"] = rule["help"] = _message(check.help)
    if check.url:
        rule["helpUri"] = check.url
    return rule


def _result(result: Result, index: dict[str, int], report: Report) -> dict[str, Any]:
    location = _location(result.log or result.model or Place(report.inputs[0] if report.inputs else "."))
    if result.focus or result.focus_name:
        location["logicalLocations"] = [_logical(result)]
    found: dict[str, Any] = {
        "ruleId": result.check,
        "ruleIndex": index[result.check],
        "level": _LEVELS[result.severity],
        "message": _message(_words(result)),
        "locations": [location],
        "partialFingerprints": {"provrdf/v1": result.fingerprint},
        "properties": _properties(result),
    }
    related = list(_related(result))
    if related:
        found["relatedLocations"] = related
    return found


def _words(result: Result) -> str:
    name = result.name if result.name not in result.message else ""
    text = f"{name}: {result.message}" if name else result.message
    return f"{text}. Try: {result.suggestion}" if result.suggestion else text


def _message(text: str) -> dict[str, str]:
    """Plain text; what SARIF viewers would read as a link is broken up."""
    return {"text": plain(text).replace("](", "] (")}


def _logical(result: Result) -> dict[str, str]:
    logical = {"name": plain(result.name), "kind": plain(result.kind or "object")}
    return logical | ({"fullyQualifiedName": plain(result.focus)} if result.focus else {})


def _related(result: Result) -> list[dict[str, Any]]:
    places = [(place, "takes part as well") for place in result.other]
    if result.model is not None and result.log is not None:
        places.append((result.model, "the model file asks for it here"))
    return [
        {"id": number, "message": {"text": words}} | _location(place)
        for number, (place, words) in enumerate(places, start=1)
    ]


def _location(place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    if place.line:
        physical["region"] = {"startLine": place.line}
    return {"physicalLocation": physical}


def _uri(file: str) -> str:
    path = PurePath(file)
    escaped = quote(path.as_posix().encode("utf-8", "surrogatepass"), safe="/")
    return f"file://{escaped}" if path.is_absolute() else escaped


def _properties(result: Result) -> dict[str, Any]:
    parts = {"kind": result.kind, "expected": result.expected, "found": result.found}
    return {name: value for name, value in parts.items() if value} | {"details": dict(result.details)}
