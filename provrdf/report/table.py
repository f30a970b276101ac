"""A report as a table: one row per group of findings, with where the first one is."""

from __future__ import annotations

import io
import shutil
from typing import IO, TYPE_CHECKING

from provrdf.report import Group, Report, Severity
from provrdf.report._plain import plain
from provrdf.report.text import wants_color

if TYPE_CHECKING:
    from rich.table import Table

_STYLES = {Severity.VIOLATION: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_WIDTH = 140  # columns when the output is no terminal


def write(report: Report, stream: IO[bytes], *, color: bool | None = None) -> None:
    """Write the report.

    Parameters
    ----------
    report : Report
        What to write.
    stream : binary stream
        Where to.
    color : bool, optional
        As in the text format.
    """
    from rich.console import Console

    colored = wants_color(stream, color)
    text = io.StringIO()
    console = Console(
        file=text,
        width=shutil.get_terminal_size().columns if stream.isatty() else _WIDTH,
        force_terminal=colored,
        color_system="standard" if colored else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    console.print(_table(report))
    stream.write(text.getvalue().encode("utf-8", "backslashreplace"))


def _table(report: Report) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("severity", "check", "kind", "finding"):
        table.add_column(heading, overflow="fold")
    table.add_column("found", justify="right")
    table.add_column("of", justify="right")
    table.add_column("first at", overflow="fold")
    for group in report.grouped():
        first, *rest = _cells(group)
        table.add_row(Text(first, style=_STYLES[group.severity]), *(Text(cell) for cell in rest))
    counts = " ".join(f"{severity}:{report.count(severity)}" for severity in sorted(Severity, reverse=True))
    table.caption = Text(counts)
    return table


def _cells(group: Group) -> tuple[str, ...]:
    first = group.results[0]
    place = first.log or first.model
    return (
        str(group.severity),
        group.check,
        plain(group.kind),
        plain(group.summary or first.message),
        str(group.count),
        "" if group.total is None else str(group.total),
        plain(str(place)) if place else "",
    )
