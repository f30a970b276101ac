"""A report as one HTML page: no script, nothing loaded from anywhere, readable on paper."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import IO

from provrdf.report import Group, Report, Result, Severity
from provrdf.report._plain import plain

_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1rem; margin: 0; display: inline; }
section { border-left: .3rem solid; padding: .4rem 1rem; margin: 1rem 0; }
.violation { border-color: #b91c1c; } .warning { border-color: #b45309; } .info { border-color: #0e7490; }
.badge { font-weight: bold; text-transform: uppercase; font-size: .75rem; letter-spacing: .05em; }
code, td.place { font-family: ui-monospace, monospace; font-size: .85rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; }
th, td { border-bottom: 1px solid #8884; } td.place { white-space: nowrap; }
dl { margin: .3rem 0; } dt { font-weight: bold; float: left; margin-right: .5rem; }
summary { cursor: pointer; } .number { text-align: right; }
@media print { details > * { display: block; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_OPEN = 25  # groups with more findings than this are folded


def write(report: Report, stream: IO[bytes], *, color: bool | None = None) -> None:
    """Write the report. `color` has no effect."""
    for piece in _page(report):
        stream.write(piece.encode("utf-8", "backslashreplace") + b"\n")


def _page(report: Report) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Provenance report</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>Provenance report: {'does not pass' if report.exit_code() else 'passes'}</h1>"
    counts = ", ".join(f"{report.count(severity)} {severity}" for severity in sorted(Severity, reverse=True))
    yield f"<p>{counts}. {_inputs(report)}</p>"
    shown = set(map(id, report.shown()))
    for group in report.grouped():
        yield from _section(group, [result for result in group.results if id(result) in shown])
    yield from _checked(report)
    yield "</body></html>"


def _inputs(report: Report) -> str:
    parts = [f"Input: {', '.join(map(_code, report.inputs))}." if report.inputs else ""]
    parts.append(f"Rules: {_safe(', '.join(report.rules))}." if report.rules else "")
    return " ".join(part for part in parts if part)


def _section(group: Group, kept: list[Result]) -> Iterator[str]:
    yield f'<section class="{group.severity}"><details{"" if len(kept) > _OPEN else " open"}><summary>'
    yield f'<span class="badge">{group.severity}</span> <h2>{_safe(group.heading)}</h2>'
    yield f"{_code(group.check)}</summary>"
    yield "<table><tr><th>where</th><th>what</th><th>found</th></tr>"
    for result in kept:
        yield _row(result)
    yield "</table>"
    hidden = len(group.results) - len(kept)
    if hidden:
        yield f"<p>... and {hidden} more</p>"
    yield from _advice(group.results[0])
    yield "</details></section>"


def _row(result: Result) -> str:
    places = [place for place in (result.log, *result.other) if place is not None]
    where = "<br>".join(_safe(str(place)) for place in places)
    name = result.name if result.name not in result.message else ""
    words = f"<b>{_safe(name)}</b>: {_safe(result.message)}" if name else _safe(result.message)
    focus = f' title="{_safe(result.focus)}"' if result.focus else ""
    return f'<tr><td class="place">{where}</td><td{focus}>{words}</td><td>{_safe(result.found)}</td></tr>'


def _advice(result: Result) -> Iterator[str]:
    parts = {
        "expected": result.expected,
        "asked for in": str(result.model) if result.model else "",
        "try": result.suggestion,
    }
    said = "".join(f"<dt>{name}</dt><dd>{_safe(text)}</dd>" for name, text in parts.items() if text)
    if said:
        yield f"<dl>{said}</dl>"


def _checked(report: Report) -> Iterator[str]:
    if not report.checked:
        return
    yield "<details><summary>What was looked at</summary>"
    yield "<table><tr><th>check</th><th>kind</th><th>number</th></tr>"
    for seen in report.checked:
        number = f'<td class="number">{seen.count}</td>'
        yield f"<tr><td>{_code(seen.check)}</td><td>{_safe(seen.kind)}</td>{number}</tr>"
    yield "</table></details>"


def _safe(text: str) -> str:
    return html.escape(plain(text), quote=True)


def _code(text: str) -> str:
    return f"<code>{_safe(text)}</code>"
