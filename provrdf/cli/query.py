"""``provrdf query``: ask with SPARQL or a named query."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from provrdf.cli.graphs import add_graphs, graphs_of
from provrdf.cli.options import config_of
from provrdf.cli.output import open_output
from provrdf.errors import UsageError

if TYPE_CHECKING:
    from provrdf.query import NamedQuery, Results

EXAMPLES = """examples:
  provrdf query --list
  provrdf query activities name=dl1ab since=2026-11-22 prov.log
  provrdf query used-by file=drs4_pedestal.Run01611.0000.h5 --store night
  provrdf query -q 'SELECT ?made ?used { ?made prov:wasGeneratedBy/prov:used ?used }' night.trig
  provrdf query -f lineage.rq --format csv -o lineage.csv --store night

Prefixes prov, voprov, provrdf, dcterms, rdf, rdfs, spdx, xsd, activity, entity, ... are declared already.
A query sees all graphs together; GRAPH works too. Repeat a key=value for several values."""

FORMATS = ("table", "csv", "tsv", "json", "xml", "turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml")

_PARAMETER = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    parser.usage = (
        "provrdf query (-q TEXT | -f FILE | NAME) [key=value ...] [INPUT ... | --store DIR | --endpoint URL]"
    )
    parser.add_argument(
        "words",
        nargs="*",
        metavar="NAME key=value INPUT",
        help="named query, its parameters, and what to ask",
    )
    group = parser.add_argument_group("answer")
    group.add_argument("--format", choices=FORMATS, help="default: table; turtle for CONSTRUCT and DESCRIBE")
    group.add_argument("-o", "--output", metavar="FILE", help="write to a file")
    group.add_argument("--fail-empty", action="store_true", help="exit with 1 when nothing is found")
    group.add_argument("--list", action="store_true", help="show the named queries and their parameters")
    group.add_argument("--show", action="store_true", help="show the text of the query instead of running it")
    group.add_argument(
        "--allow-service", action="store_true", help="let SERVICE send requests to other servers"
    )
    add_graphs(parser, quiet=["--quiet"])  # -q is the query here
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("-q", "--query", metavar="TEXT", help="SPARQL text")
    asked.add_argument("-f", "--file", metavar="FILE", help="file with SPARQL text")


def run(args: argparse.Namespace) -> int:
    """Ask, print the answer, and return the exit code."""
    from provrdf.query import ask

    if args.list:
        _print_list(args)
        return 0
    asked, rest = _asked(args)
    if args.show:
        sys.stdout.write(asked.text if asked.text.endswith("\n") else asked.text + "\n")
        return 0
    config = config_of(args)
    parameters, inputs = _split(rest)
    graphs = graphs_of(args, inputs, config)
    results = ask(graphs, asked, parameters, config=config, allow_service=args.allow_service)
    nothing = args.fail_empty and results.is_empty()
    _write(results, args)
    return 1 if nothing else 0


def _asked(args: argparse.Namespace) -> tuple[NamedQuery, list[str]]:
    """Find the query, and the words that are left for parameters and inputs."""
    from provrdf.query import named_query, parse_named

    if args.query is not None:
        return parse_named("query", args.query), args.words
    if args.file is not None:
        return parse_named(args.file, _read(args.file)), args.words
    if not args.words:
        raise UsageError("no query: give a name (see --list), -q TEXT or -f FILE")
    return named_query(args.words[0]), args.words[1:]


def _read(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except OSError as error:
        message = f"the query cannot be read: {str(error.strerror).lower()}"
        raise UsageError(message, file=name) from error
    except UnicodeDecodeError as error:
        raise UsageError("the query cannot be read: it is not UTF-8 text", file=name) from error


def _split(words: Iterable[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Tell parameters from inputs; a file that has ``=`` in its name is an input if it is there."""
    parameters: dict[str, list[str]] = {}
    inputs = []
    for word in words:
        match = _PARAMETER.fullmatch(word)
        if match and not Path(word).exists():
            parameters.setdefault(match[1], []).append(match[2])
        else:
            inputs.append(word)
    return parameters, inputs


def _write(results: Results, args: argparse.Namespace) -> None:
    with open_output(args.output) as stream:
        results.write(stream, args.format, width=_width(args))


def _width(args: argparse.Namespace) -> int | None:
    """Return the width of the terminal, if the answer goes to one."""
    if args.output is None and sys.stdout.isatty():
        return shutil.get_terminal_size().columns
    return None


def _print_list(args: argparse.Namespace) -> None:
    from provrdf.query import named_queries
    from provrdf.query.results import format_table

    rows = []
    for named in named_queries():
        rows.append((named.name, named.help))
        for parameter in named.parameters:
            needed = "" if parameter.required else " (optional)"
            rows.append((f"  {parameter.name}=", f"  {parameter.help}{needed}"))
    with open_output(args.output) as stream:
        stream.write(format_table(("query", "what it answers"), rows, width=_width(args)).encode())
