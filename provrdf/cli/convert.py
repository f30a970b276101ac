"""``provrdf convert``: turn logs, or RDF, into a format."""

from __future__ import annotations

import argparse
import io
from typing import IO, TYPE_CHECKING, Any

from provrdf.cli.options import (
    add_general,
    add_inputs,
    add_model,
    add_selection,
    config_of,
    inputs_of,
    model_of,
    records_of,
    refuse_selection,
    sort_inputs,
)
from provrdf.cli.output import open_output, say
from provrdf.errors import UsageError

if TYPE_CHECKING:
    from provrdf.config import Config
    from provrdf.graph import Summary
    from provrdf.store import Ingested

EXAMPLES = """examples:
  provrdf convert prov.log -f nquads > night.nq
  provrdf convert 'logs/*.log.gz' -m definition.yaml -o night.ttl
  provrdf convert prov.log -o night.svg -O focus=/data/DL2/dl2_LST-1.Run01615.0002.h5
  provrdf convert night.nq -o night.jsonld

The format follows from the ending of the output file. `-O help` lists the options of a format."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    add_inputs(parser, nargs="*")
    parser.add_argument(
        "-f", "--format", metavar="FORMAT", help="nquads (default), turtle, jsonld, provn, svg, ..."
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="file to write (default: standard output)")
    parser.add_argument(
        "-O",
        "--option",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="option of the format (repeatable)",
    )
    add_model(parser)
    add_selection(parser)
    add_general(parser)


def run(args: argparse.Namespace) -> int:
    """Convert and return the exit code."""
    format_ = _format(args)
    if args.option == ["help"]:
        say(_options_help(format_))
        return 0
    options = dict(_option(text, format_) for text in args.option)
    config = config_of(args)
    rdf_files, logs = sort_inputs(inputs_of(args, config))
    with open_output(args.output) as stream:
        if format_ == "nquads" and not rdf_files and not options:
            _write_nquads(args, config, logs, stream)
        else:
            _write_other(
                args, config, stream, rdf_files=rdf_files, logs=logs, format_=format_, options=options
            )
    return 0


def _write_nquads(args: argparse.Namespace, config: Config, logs: list[str], stream: IO[bytes]) -> None:
    from provrdf.graph import write_nquads

    model = model_of(args, config)
    tell_unknown(
        write_nquads(records_of(args, config, inputs=logs), stream, config=config, model=model), args
    )


def _write_other(
    args: argparse.Namespace,
    config: Config,
    stream: IO[bytes],
    *,
    rdf_files: list[str],
    logs: list[str],
    format_: str,
    options: dict[str, Any],
) -> None:
    from provrdf.export import export

    source: Any
    if rdf_files:
        refuse_selection(args, rdf_files[0])
        from provrdf.graphsource import graphs_of_inputs

        records = records_of(args, config, inputs=logs) if logs else ()
        graphs = graphs_of_inputs(rdf_files, records, config=config, model=model_of(args, config))
        source, base = graphs.store, graphs.base
    else:
        text = io.BytesIO()
        _write_nquads(args, config, logs, text)
        source, base = text.getvalue(), config.base
    for remark in export(source, format_, stream, base=base, **options):
        if not args.quiet:
            say(remark)


def _format(args: argparse.Namespace) -> str:
    """Name the format: as said, else by the ending of the output, else N-Quads."""
    if args.format:
        return str(args.format)
    if args.output and args.output != "-":
        from provrdf.export import format_of_path

        return format_of_path(args.output)
    return "nquads"


def _option(text: str, format_: str) -> tuple[str, Any]:
    """Read ``KEY=VALUE``, the value by the type of the option: a number that names something stays text."""
    from provrdf.export import options

    key, equals, value = text.partition("=")
    if not equals or not key:
        message = f"option {text!r} is not KEY=VALUE"
        raise UsageError(message)
    wanted = str(options(format_)[key].annotation) if key in options(format_) else "str"
    words = {"true": True, "false": False, "none": None}
    if value.lower() in words and ("bool" in wanted or "None" in wanted):
        return key, words[value.lower()]
    return key, int(value) if "int" in wanted and value.lstrip("-").isdigit() else value


def _options_help(format_: str) -> str:
    from provrdf.export import options

    rows = [
        f"  {name}={'' if each.default is each.empty else each.default}"
        for name, each in options(format_).items()
    ]
    return "\n".join([f"options of {format_}, with their defaults:", *(rows or ["  none"])])


def tell_unknown(summary: Summary | Ingested, args: argparse.Namespace) -> None:
    """Say which keys of the log have no meaning of their own yet; they are in the graph all the same."""
    if summary.unknown and not args.quiet:
        rows = [f"{key} ({kind}, {count}x)" for (kind, key), count in sorted(summary.unknown.items())]
        keys = "1 unknown key" if len(rows) == 1 else f"{len(rows)} unknown keys"
        say(f"{keys}, kept under provrdf: as they are: {', '.join(rows)}")
