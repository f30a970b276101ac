"""``provrdf run``: everything that a provrdf.toml declares; the thing to put in cron."""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from provrdf.cli.convert import tell_unknown
from provrdf.cli.options import add_general, config_of, inputs_of, model_of, records_of
from provrdf.cli.output import drop_stdout, open_output, say
from provrdf.cli.reports import add_report, check_format, failing_on, write_report
from provrdf.errors import UsageError

if TYPE_CHECKING:
    from provrdf.config import Config, ExportConfig
    from provrdf.model import Model
    from provrdf.report import Report

EXAMPLES = """examples:
  provrdf run examples/lst/provrdf.toml
  0 7 * * *  provrdf run -q /etc/provrdf/night.toml     every morning, in crontab

Reads `inputs`, adds what is new to `store`, validates, and writes every `[[export]]`.
exit codes: 0 valid, 1 findings, 2 usage or model file, 3 input unreadable"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    parser.add_argument("file", nargs="?", metavar="CONFIG", help="configuration (default: ./provrdf.toml)")
    add_report(parser)
    add_general(parser)


def run(args: argparse.Namespace) -> int:
    """Do the whole chain and return the exit code of the validation."""
    if args.file and args.config:
        raise UsageError("name the configuration once: CONFIG or -c FILE")
    config = config_of(args, config=args.file)
    inputs_of(args, config)
    _check(config)
    model = model_of(args, config)
    text, lines = io.BytesIO(), {}  # type: ignore[var-annotated]
    _map(args, config, model, text, lines)
    if config.store is not None:
        _ingest(args, config, model)
    report = _validated(config, model, text.getvalue(), lines)
    report = failing_on(report, config)
    code = report.exit_code()
    try:
        write_report(report, args, code=code, configured=config.validate.reports)
    except BrokenPipeError:
        drop_stdout()  # whoever read the report has seen enough; the rest is still to be done
    for export_config in config.export:
        _export(args, config, export_config, text.getvalue())
    return code


def _check(config: Config) -> None:
    """Find out before the work begins that a result could not be written."""
    from provrdf.export import format_of_path, options

    for wanted in config.export:
        options(wanted.format or format_of_path(wanted.output))
    for report in config.validate.reports:
        check_format(report.format)


def _map(
    args: argparse.Namespace,
    config: Config,
    model: Model | None,
    text: io.BytesIO,
    lines: dict[str, tuple[str, int]],
) -> None:
    """Read and map all inputs once; everything after works on the text."""
    from provrdf.graph import write_nquads

    summary = write_nquads(records_of(args, config), text, config=config, model=model, lines=lines)
    tell_unknown(summary, args)
    if not args.quiet:
        counted = f"{summary.sessions} sessions, {summary.activities} activities, {summary.entities} entities"
        zone = "" if config.knows_timezone else f" (no time zone is set: times taken as {config.timezone})"
        say(f"read   {summary.records} records: {counted}{zone}")


def _ingest(args: argparse.Namespace, config: Config, model: Model | None) -> None:
    from provrdf.store import Store

    path = Path(str(config.store))
    _make_folders([path])
    with Store(path) as store:
        done = store.ingest(config.inputs, config=config, model=model)
    if not args.quiet:
        say(f"store  {path}: {done.summary()}")


def _validated(config: Config, model: Model | None, text: bytes, lines: dict[str, tuple[str, int]]) -> Report:
    from provrdf.validate import TextGraphs, validate
    from provrdf.validate.baseline import read_baseline

    graphs, settings = TextGraphs(), config.validate
    graphs.write(text)
    report = validate(
        graphs,
        model=model,
        rules=[name for name in settings.rules if name != "model" or model is not None],
        engine=settings.engine,
        lines=lines,
        config=config,
        general=True,
        strict=config.strict,
        only=settings.only,
        skip=settings.skip,
        inputs=[str(path) for path in config.inputs],
        max_per_check=settings.max_per_check,
    )
    if settings.baseline is not None:
        report, _ = read_baseline(settings.baseline).apply(report)
    return report


def _export(args: argparse.Namespace, config: Config, wanted: ExportConfig, text: bytes) -> None:
    from provrdf.export import export, format_of_path

    _make_folders([wanted.output])
    name = wanted.format or format_of_path(wanted.output)
    with open_output(str(wanted.output)) as stream:
        remarks = export(text, name, stream, base=config.base, **wanted.options)
    if not args.quiet:
        say(f"wrote  {wanted.output}")
        for remark in remarks:
            say(f"       {remark}")


def _make_folders(paths: Iterable[Path | None]) -> None:
    """Make the folders that results go to; a first run has none."""
    for path in paths:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
