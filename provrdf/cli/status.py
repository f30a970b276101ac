"""``provrdf status``: compare a triple store with what is here."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING

from provrdf.cli.options import add_general, add_inputs, add_model, add_selection
from provrdf.cli.publishing import (
    add_remote,
    add_sources,
    checked_base,
    connection_of,
    prepared,
    settings_of,
    setup,
    statements_of,
)

if TYPE_CHECKING:
    from provrdf.publish.comparing import Comparison
    from provrdf.publish.content import SessionGraph

EXAMPLES = """examples:
  provrdf status --endpoint http://localhost:7878                what is published there
  provrdf status --endpoint http://localhost:7878 --store night  and how it differs from the local store

exit codes: 0 the same, 1 something differs, 2 usage or configuration, 4 the store does not answer"""

_WORDS = {
    "new": "not published",
    "changed": "differs",
    "unchanged": "published",
    "withdrawn": "withdrawn",
    "unknown here": "unknown here",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    add_inputs(parser, nargs="*")
    add_sources(parser)
    add_model(parser)
    add_remote(parser)
    parser.add_argument("--json", action="store_true", help="write JSON")
    add_selection(parser)
    add_general(parser)


def run(args: argparse.Namespace) -> int:
    """Ask the store, print the table and return the exit code."""
    from provrdf.publish.comparing import survey

    config, model = setup(args)
    checked_base(args, config)
    connection = connection_of(args, config, settings_of(config))
    graphs: Sequence[SessionGraph] | None = None
    with ExitStack() as stack:
        if args.inputs or args.store:
            statements = stack.enter_context(statements_of(args, config, model))
            graphs = stack.enter_context(prepared(args, config, statements)).graphs
        found = survey(connection, graphs)
    _print(found, args)
    return 1 if any(each.relation in ("new", "changed", "unknown here") for each in found) else 0


def _print(found: Sequence[Comparison], args: argparse.Namespace) -> None:
    if args.json:
        rows = [{**asdict(each), "relation": _WORDS[each.relation]} for each in found]
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    width = max((len(each.key) for each in found), default=0)
    for each in found:
        state = _WORDS[each.relation]
        line = f"{state:13}  {each.key:{width}}  {each.triples:>8} statements  {each.issued}"
        sys.stdout.write(line.rstrip() + "\n")
    if not found:
        sys.stdout.write("nothing is published there\n")
