"""A report as text: for a person who knows the pipeline and no RDF.

Findings that say the same of several steps or files stand together, with their number; each has the line of
the log, the line of the model file that asks for it, and what to do. Names, never IRIs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import IO

from provrdf.report import Group, Report, Result, Severity
from provrdf.report._plain import plain

_SHOWN = 10  # findings of a group written out when the report sets no limit
_COLORS = {Severity.VIOLATION: "1;31", Severity.WARNING: "1;33", Severity.INFO: "36"}
_DIM = "2"

Paint = Callable[[str, str], str]


def write(report: Report, stream: IO[bytes], *, color: bool | None = None) -> None:
    """Write the report.

    Parameters
    ----------
    report : Report
        What to write.
    stream : binary stream
        Where to.
    color : bool, optional
        None: on a terminal only, unless ``NO_COLOR`` is set (or ``FORCE_COLOR``, to have them always).
    """
    paint = _painted if wants_color(stream, color) else _bare
    for line in _lines(report, paint):
        stream.write(line.encode("utf-8", "backslashreplace") + b"\n")


def wants_color(stream: IO[bytes], color: bool | None) -> bool:
    """Decide about colours as terminals and people expect."""
    if color is not None:
        return color
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _painted(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def _bare(text: str, code: str) -> str:
    return text


def _lines(report: Report, paint: Paint) -> Iterator[str]:
    shown = set(map(id, report.shown()))
    for group in report.grouped():
        limit = _SHOWN if report.max_per_check is None else len(group.results)
        kept = [result for result in group.results if id(result) in shown][:limit]
        yield from _group(group, kept, paint)
        yield ""
    yield _verdict(report, paint)
    seen = _seen(report)
    if seen:
        yield seen


def _group(group: Group, kept: list[Result], paint: Paint) -> Iterator[str]:
    severity = paint(f"{group.severity!s:<9}", _COLORS[group.severity])
    yield f"{severity} {plain(group.heading)}  {paint(f'[{group.check}]', _DIM)}"
    shared = _shared(group)
    for result in kept:
        yield from _result(result, group, shared)
    hidden = len(group.results) - len(kept)
    if hidden > 0:
        yield f"    ... and {hidden} more" if kept else f"    {hidden} not shown"
    yield from _advice(group.results[0], shared, "    ")


def _shared(group: Group) -> frozenset[str]:
    """Advice that is the same for all findings of the group and is said once, at its end."""
    first = group.results[0]
    return frozenset(
        part
        for part in ("model", "expected", "found", "suggestion")
        if all(getattr(result, part) == getattr(first, part) for result in group.results)
    )


def _result(result: Result, group: Group, shared: frozenset[str]) -> Iterator[str]:
    words = _words(result, group)
    if result.log is not None:
        yield f"    {plain(str(result.log))}: {words}"
    elif words != plain(group.heading):
        yield f"    {words}"
    if result.other:
        places = ", ".join(plain(str(place)) for place in result.other)
        yield f"      see also {places}"
    yield from _advice(result, frozenset(("model", "expected", "found", "suggestion")) - shared, "      ")


def _words(result: Result, group: Group) -> str:
    """Say who and what, without saying twice what the heading says."""
    name, message = plain(result.name), plain(result.message)
    if not name or name in message:
        return message
    return name if message == plain(group.summary) else f"{name}: {message}"


def _advice(result: Result, parts: frozenset[str], indent: str) -> Iterator[str]:
    if "expected" in parts and result.expected:
        yield f"{indent}expected: {plain(result.expected)}"
    if "found" in parts and result.found:
        yield f"{indent}found: {plain(result.found)}"
    if "model" in parts and result.model is not None:
        about_the_model = result.check.startswith("model-file/")
        yield f"{indent}{'in' if about_the_model else 'asked for in'}: {plain(str(result.model))}"
    if "suggestion" in parts and result.suggestion:
        yield f"{indent}try: {plain(result.suggestion)}"


def _verdict(report: Report, paint: Paint) -> str:
    if report.clean:
        return paint("nothing found", "1;32") + _duration(report)
    counts = ", ".join(
        paint(_number(report.count(severity), str(severity)), _COLORS[severity])
        for severity in sorted(Severity, reverse=True)
        if report.count(severity)
    )
    end = "does not pass" if report.exit_code() else "passes"
    return f"{counts}: {end}{_duration(report)}"


def _number(count: int, word: str) -> str:
    plural = "" if count == 1 or word == "info" else "s"
    return f"{count} {word}{plural}"


def _duration(report: Report) -> str:
    return "" if report.duration is None else f" ({report.duration:.2f} s)"


def _seen(report: Report) -> str:
    """Say how much was looked at, so that "nothing found" means something."""
    if not report.checked:
        return ""
    looked = sum(seen.count for seen in report.checked)
    checks = len({seen.check for seen in report.checked})
    inputs = f" in {_number(len(report.inputs), 'input')}" if report.inputs else ""
    return f"looked {looked:,} times, by {_number(checks, 'check')}{inputs}"
