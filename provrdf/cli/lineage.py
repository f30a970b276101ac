"""``provrdf lineage``: show what something was made from, or what came of it."""

from __future__ import annotations

import argparse
import csv
import io
import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from provrdf.cli.graphs import add_graphs, graphs_of
from provrdf.cli.options import config_of
from provrdf.cli.output import open_output, say

if TYPE_CHECKING:
    from provrdf.lineage import Lineage

EXAMPLES = """examples:
  provrdf lineage dl2_LST-1.Run01615.0002.h5 --store night          what was it made from?
  provrdf lineage --direction forward drs4_pedestal.Run01611.0000.h5 prov.log
  provrdf lineage -f csv --depth 2 165d79d08686e35caf165e6e22997aaf prov.log

The target is an id as logged, a path or a clear end of one, or an IRI. Depth counts relations: 1 is the
activity that made a file, 2 what that activity used.
Each row of csv and json has kind, id (as logged), iri, name, location, distance."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    parser.add_argument("target", metavar="ID-OR-PATH", help="id as logged, path or end of a path, IRI")
    parser.add_argument("inputs", nargs="*", metavar="INPUT", help="log, folder, glob, .gz or RDF file")
    group = parser.add_argument_group("lineage")
    group.add_argument("--direction", choices=("back", "forward"), default="back", help="default: back")
    group.add_argument("--depth", type=_depth, default=None, metavar="N", help="a number or all (default)")
    group.add_argument("--agents", action="store_true", help="include who ran the activities")
    group.add_argument("--members", action="store_true", help="follow collections and their members")
    group.add_argument(
        "--no-derivations", action="store_true", help="follow only what was used and generated"
    )
    group.add_argument("--latest", action="store_true", help="of a file with versions take the last one only")
    group.add_argument(
        "-f", "--format", choices=("tree", "csv", "json"), default="tree", help="default: tree"
    )
    group.add_argument("-o", "--output", metavar="FILE", help="write to a file")
    add_graphs(parser)


def _depth(text: str) -> int | None:
    if text.lower() == "all":
        return None
    if not text.isdecimal():
        message = f"{text!r} is no depth, expected a number or all"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Print the lineage and return the exit code."""
    from provrdf.lineage import lineage

    graphs = graphs_of(args, args.inputs, config_of(args))
    result = lineage(
        graphs,
        args.target,
        direction=args.direction,
        depth=args.depth,
        derivations=not args.no_derivations,
        members=args.members,
        agents=args.agents,
        latest=args.latest,
    )
    if not args.quiet:
        for note in result.notes:
            say(f"note: {note}")
    text = {"tree": _tree, "csv": _csv, "json": _json}[args.format](result)
    with open_output(args.output) as stream:
        stream.write(text.encode("utf-8", "replace"))
    return 0


def _tree(result: Lineage) -> str:
    from provrdf.cli.tree import draw

    return "".join(f"{line}\n" for line in draw(result))


def _csv(result: Lineage) -> str:
    from provrdf.lineage import Row

    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, [field.name for field in fields(Row)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in result.rows)
    return buffer.getvalue()


def _json(result: Lineage) -> str:
    return json.dumps([asdict(row) for row in result.rows], indent=1, ensure_ascii=False) + "\n"
