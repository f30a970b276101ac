"""A report as JUnit XML, valid against both common schemas (Apache Ant's and Jenkins').

One test suite per rule set, one test case per check and kind of thing it looks at. Findings that make the
report fail are failures; the others stand in the suite's output. Time stamps and durations are zero: the same
report gives the same bytes.
"""

from __future__ import annotations

from itertools import groupby
from typing import IO
from xml.etree import ElementTree as ET

from provrdf.report import Group, Report, Result
from provrdf.report._plain import plain

_NO_TIME = "1970-01-01T00:00:00"
_TEN = 10


def write(report: Report, stream: IO[bytes], *, color: bool | None = None) -> None:
    """Write the report. `color` has no effect."""
    root = ET.Element("testsuites")
    for number, (rules, cases) in enumerate(_suites(report)):
        root.append(_suite(report, number, rules, cases))
    ET.indent(root)
    stream.write(ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")


Case = tuple[str, str]
"""Check id and kind of thing it looks at."""


def _suites(report: Report) -> list[tuple[str, list[tuple[Case, list[Group]]]]]:
    """Rule sets with their cases, each with its groups of findings; a case without findings has passed."""
    cases: dict[Case, list[Group]] = {(seen.check, seen.kind): [] for seen in report.checked}
    for group in report.grouped():
        cases.setdefault((group.check, group.kind), []).append(group)
    ordered = sorted(cases.items())
    return [
        (rules, list(each)) for rules, each in groupby(ordered, key=lambda item: item[0][0].split("/")[0])
    ]


def _suite(report: Report, number: int, rules: str, cases: list[tuple[Case, list[Group]]]) -> ET.Element:
    elements = [_case(report, case, groups) for case, groups in cases]
    suite = ET.Element(
        "testsuite",
        name=rules,
        package="provrdf",
        id=str(number),
        timestamp=_NO_TIME,
        hostname="localhost",
        tests=str(len(elements)),
        failures=str(sum(len(element) for element in elements)),
        errors="0",
        time="0",
    )
    properties = ET.SubElement(suite, "properties")
    for name in report.inputs:
        ET.SubElement(properties, "property", name="input", value=plain(name))
    suite.extend(elements)
    passed = [g for _, groups in cases for g in groups if not report.fails(g.severity)]
    ET.SubElement(suite, "system-out").text = "\n".join(_story(report, group) for group in passed)
    ET.SubElement(suite, "system-err")
    return suite


def _case(report: Report, case: Case, groups: list[Group]) -> ET.Element:
    check, kind = case
    name = " ".join(plain(f"{check} {kind}").split())
    element = ET.Element("testcase", name=name, classname=f"provrdf.{check.replace('/', '.')}", time="0")
    failed = [group for group in groups if report.fails(group.severity)]
    if failed:
        message = "; ".join(plain(group.heading) for group in failed)
        failure = ET.SubElement(element, "failure", type=str(failed[0].severity), message=message)
        failure.text = "\n".join(_story(report, group) for group in failed)
    return element


def _story(report: Report, group: Group) -> str:
    limit = _TEN if report.max_per_check is None else report.max_per_check
    kept = group.results[:limit]
    lines = [f"{group.severity}: {plain(group.heading)}", *(_line(result) for result in kept)]
    if len(group.results) > limit:
        lines.append(f"... and {len(group.results) - limit} more")
    first = group.results[0]
    lines += [f"expected: {plain(first.expected)}"] if first.expected else []
    lines += [f"asked for in: {plain(str(first.model))}"] if first.model else []
    lines += [f"try: {plain(first.suggestion)}"] if first.suggestion else []
    return "\n".join(lines)


def _line(result: Result) -> str:
    name = result.name if result.name not in result.message else ""
    words = f"{name}: {result.message}" if name else result.message
    return plain(f"{result.log}: {words}" if result.log else words)
