"""Options of the verbs that write a report, and the writing of it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from provrdf.cli.output import open_output
from provrdf.errors import UsageError

if TYPE_CHECKING:
    from provrdf.config import Config, ReportConfig
    from provrdf.report import Report


def add_report(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what a report holds, where it goes, and when the exit code is 1."""
    group = parser.add_argument_group("report")
    group.add_argument(
        "-f",
        "--format",
        metavar="FORMAT[:FILE]",
        action="append",
        type=check_format,
        help="text (default), table, json, junit, sarif, github, gitlab, turtle or html; repeatable",
    )
    group.add_argument(
        "-o", "--output", metavar="FILE", help="where the report goes (default: standard output)"
    )
    group.add_argument(
        "--fail-on", metavar="SEVERITY", help="violation (default), warning or info: exit code 1 from here on"
    )
    group.add_argument(
        "--only", metavar="ID", action="append", help="only this check, rule set or glob (repeatable)"
    )
    group.add_argument(
        "--skip", metavar="ID", action="append", help="not this check, rule set or glob (repeatable)"
    )
    group.add_argument(
        "--max-per-check", metavar="N", type=int, help="write at most N findings of each check"
    )


def failing_on(report: Report, config: Config) -> Report:
    """Tell the report what makes it fail, so that what it says agrees with the exit code."""
    from provrdf.report import Severity

    return replace(report, fail_on=Severity.parse(config.validate.fail_on))


def check_format(text: str) -> str:
    """Check ``FORMAT`` or ``FORMAT:FILE`` before the work begins.

    Raises
    ------
    UsageError
        When there is no such format.
    """
    from provrdf.report import formats

    name = text.partition(":")[0]
    if name not in formats():
        message = f"unknown report format {name!r}: one of {', '.join(formats())}"
        raise UsageError(message)
    return text


def write_report(
    report: Report, args: argparse.Namespace, *, code: int = 1, configured: Sequence[ReportConfig] = ()
) -> None:
    """Write a report in every format that was asked for.

    Formats of the command line win over those of the configuration, which come besides the text and whose
    folders are made. With ``-q`` a report that passes (`code`, the exit code, is 0) is not shown, unless the
    command line asks for it.
    """
    from provrdf.report import write

    for each in configured if not args.format else ():
        if each.output is not None:
            each.output.parent.mkdir(parents=True, exist_ok=True)
    hidden = args.quiet and code == 0 and not (args.format or args.output)
    for name, target in _wanted(args, configured):
        if hidden and target is None:
            continue
        with open_output(target) as stream:
            write(report, stream, name)


def _wanted(args: argparse.Namespace, configured: Sequence[ReportConfig]) -> Iterator[tuple[str, str | None]]:
    """Tell the formats and where each goes."""
    if not args.format:
        reports = [
            (report.format, None if report.output is None else str(report.output)) for report in configured
        ]
        yield from reports
        if args.output or all(target for _, target in reports):
            yield "text", args.output
        return
    pairs = [item.partition(":") for item in args.format]
    loose = [name for name, _, target in pairs if not target]
    if len(loose) > 1:
        message = f"{' and '.join(loose)} would both go to one place: write FORMAT:FILE"
        raise UsageError(message)
    if args.output and not loose:
        message = f"-o {args.output} has no format: every format has a file of its own"
        raise UsageError(message)
    for name, _, target in pairs:
        yield name, target or args.output
