"""``provrdf info``: say what a log, RDF file or store holds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from provrdf.cli.graphs import add_graphs, graphs_of
from provrdf.cli.options import config_of, model_of, refuse_selection, selection_of, sort_inputs
from provrdf.cli.output import open_output

if TYPE_CHECKING:
    from provrdf.config import Config
    from provrdf.graphsource import GraphSource
    from provrdf.overview import Overview
    from provrdf.records import Record, Reject

EXAMPLES = """examples:
  provrdf info prov.log
  provrdf info --store night
  provrdf info -f json night.trig"""

_SHOWN = 10  # rows of a table, unless -v


@dataclass
class Reading:
    """What was met while reading.

    Attributes
    ----------
    records : int or None
        None for RDF files and endpoints, which have none.
    files : list of str
        One description for each.
    rejected : int
    rejects : list of str
        The first lines that could not be read, with place and reason.
    as_text : int
        Values that are no Python literals and were kept as their text.
    unknown : mapping
        Log key -> how often it was met without a meaning of its own.
    timezone : str
        Zone of the logged times.
    declared : bool
        Whether somebody said so.
    """

    timezone: str
    declared: bool
    records: int | None = None
    files: list[str] = field(default_factory=list)
    rejected: int = 0
    rejects: list[str] = field(default_factory=list)
    as_text: int = 0
    unknown: dict[str, int] = field(default_factory=dict)

    def reject(self, one: Reject) -> None:
        """Note a line that could not be read."""
        self.rejected += 1
        if len(self.rejects) < _SHOWN:
            self.rejects.append(str(one))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    parser.add_argument("inputs", nargs="*", metavar="INPUT", help="log, folder, glob, .gz or RDF file")
    parser.add_argument("-f", "--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument("-o", "--output", metavar="FILE", help="write to a file")
    add_graphs(parser)


def run(args: argparse.Namespace) -> int:
    """Look the input over, print what is there, and return the exit code."""
    from provrdf.overview import overview

    config = config_of(args)
    graphs, reading = _opened(args, config)
    found = overview(graphs)
    text = _json(found, reading) if args.format == "json" else "".join(_text(found, reading, args))
    with open_output(args.output) as stream:
        stream.write(text.encode("utf-8", "replace"))
    return 3 if config.strict and reading.rejected else 0


def _opened(args: argparse.Namespace, config: Config) -> tuple[GraphSource, Reading]:
    """Open what the arguments name, and learn what only its reading tells."""
    reading = Reading(config.timezone, config.knows_timezone)
    named = args.store is not None or args.endpoint is not None
    if not named and (args.inputs or (config.inputs and config.store is None)):
        return _read(args, list(args.inputs or config.inputs), config, reading), reading
    graphs = graphs_of(args, args.inputs, config)
    if args.endpoint is None:
        _ask_store(args, str(args.store or config.store), reading)
    return graphs, reading


def _ask_store(args: argparse.Namespace, path: str, reading: Reading) -> None:
    from provrdf.store import Store

    store = Store(path)
    if not selection_of(args):  # how many records were selected is not known here
        reading.records = store.count_records()
    reading.timezone, reading.declared = store.timezone(), True
    for source in store.sources():
        reading.rejected += source.rejected
        reading.files.append(f"{source.path} ({source.format}, {_lines(source.lines)} read)")


def _read(args: argparse.Namespace, inputs: Sequence[str], config: Config, reading: Reading) -> GraphSource:
    """Map logs and load RDF files, counting what is met."""
    from provrdf.graphsource import graphs_of_inputs
    from provrdf.syntaxes import rdf_syntax

    rdf_files, logs = sort_inputs(inputs)
    if rdf_files:
        refuse_selection(args, rdf_files[0])
    reading.files += [f"{path} ({rdf_syntax(path)})" for path in rdf_files]
    summaries: list[Any] = []
    records = _records(args, logs, config, reading) if logs else iter(())
    graphs = graphs_of_inputs(
        rdf_files, records, config=config, model=model_of(args, config), tell=summaries.append
    )
    for summary in summaries:
        reading.unknown |= {f"{key} ({kind})": count for (kind, key), count in summary.unknown.items()}
    return graphs


def _records(
    args: argparse.Namespace, logs: Sequence[str], config: Config, reading: Reading
) -> Iterator[Record]:
    from provrdf.select import select
    from provrdf.sources import Tally, read

    tally: dict[str, Tally] = {}
    records = read(logs, rejects=reading.reject, prefix=config.prefix, tally=tally)
    wanted = selection_of(args)
    reading.records = 0
    for record in select(records, **wanted, timezone=config.timezone) if wanted else records:
        reading.records += 1
        reading.as_text += len(record.inexact)
        yield record
    for name, one in tally.items():
        counts = f"{_lines(one.rejected)} rejected, {_lines(one.other, 'other ')}"
        reading.files.append(f"{name} ({one.format}, {one.records} records, {counts})")


def _lines(number: int, kind: str = "") -> str:
    return f"1 {kind}line" if number == 1 else f"{number} {kind}lines"


def _json(found: Overview, reading: Reading) -> str:
    return json.dumps(asdict(reading) | asdict(found), indent=1, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return float(value)


def _text(found: Overview, reading: Reading, args: argparse.Namespace) -> Iterator[str]:
    for name, value in _headlines(found, reading):
        yield f"{name:<12} {value}\n"
    for name, wanted in _TABLES.items():
        rows = getattr(found, name)
        if rows:
            yield from _table(name, rows, wanted, everything=bool(args.verbose))


def _headlines(found: Overview, reading: Reading) -> Iterator[tuple[str, str]]:
    for number, file in enumerate(reading.files):
        yield ("" if number else "files"), file
    if reading.records is not None:
        yield "records", f"{reading.records}, {_lines(reading.rejected)} could not be read"
    for reject in reading.rejects:
        yield "", reject
    yield "sessions", str(len(found.sessions))
    yield "activities", f"{found.activities}: {len(found.unfinished)} unfinished, {len(found.failed)} failed"
    yield "entities", f"{found.entities}: {found.files} with a path"
    yield "relations", f"{found.used} used, {found.generated} generated"
    if found.first is not None:
        yield "time span", f"{_plain(found.first)} to {_plain(found.last)}"
    if reading.records is not None:
        note = "" if reading.declared else " (not declared: set timezone if that is wrong)"
        yield "logged times", f"{reading.timezone}{note}"
    if reading.as_text:
        values = "1 value" if reading.as_text == 1 else f"{reading.as_text} values"
        yield "other values", f"{values} kept as text: no number, text or list, but such as PosixPath('dl3')"
    if reading.unknown:
        keys = ", ".join(f"{name} {count}x" for name, count in sorted(reading.unknown.items()))
        yield "unknown keys", f"{keys}; they are kept under provrdf:"


_TABLES: Mapping[str, tuple[str, ...]] = {
    "steps": ("step", "count", "finished", "shortest", "mean", "longest"),
    "sessions": ("id", "name", "started", "activities", "software_version"),
    "agents": ("agent_name", "activities", "first", "last"),
    "unfinished": ("step", "started", "session_id", "id"),
    "failed": ("step", "started", "status", "session_id", "id"),
}
"""Tables that are shown, and their columns."""


def _table(
    name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, everything: bool
) -> Iterator[str]:
    from provrdf.query.results import format_table

    shown = rows if everything else rows[:_SHOWN]
    yield f"\n{name}{' (seconds)' if name == 'steps' else ''}\n"
    yield format_table(columns, [[_cell(row.get(column)) for column in columns] for row in shown])
    if len(shown) < len(rows):
        yield f"and {len(rows) - len(shown)} more (-v shows all)\n"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (str, int)):
        return str(value)
    return str(_plain(value)) if isinstance(value, datetime) else f"{float(value):.3f}"
