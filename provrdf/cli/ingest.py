"""``provrdf ingest``: add logs to a local store, only what is new."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from provrdf.cli.convert import tell_unknown
from provrdf.cli.options import (
    SHOWN_REJECTS,
    add_general,
    add_inputs,
    add_model,
    config_of,
    inputs_of,
    model_of,
)
from provrdf.cli.output import say
from provrdf.errors import UsageError

if TYPE_CHECKING:
    from provrdf.store import Ingested

EXAMPLES = """examples:
  provrdf ingest prov.log --store night
  provrdf ingest -m definition.yaml /data/*/prov.log* --store archive
  */10 * * * *  provrdf ingest -q -c provrdf.toml          as a cron job

Reading a log again adds nothing; of a log that grew only the new lines are read. Rotated, renamed and gzipped
logs are recognised by their content. A run that was killed is repaired by the next one.

exit codes: 0 ok, 2 usage or configuration, 3 a file could not be read, or a line with --strict"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    add_inputs(parser, nargs="*")
    group = parser.add_argument_group("store")
    group.add_argument("--store", metavar="DIR", help="folder of the store; made when it is not there")
    group.add_argument("--rebuild", action="store_true", help="make all graphs anew from the records kept")
    add_model(parser)
    add_general(parser, strict="exit with 3 when a line was rejected; the others are kept all the same")


def run(args: argparse.Namespace) -> int:
    """Take in what is new, say what that was, and return the exit code."""
    from provrdf.store import Store

    config = config_of(args)
    if config.store is None:
        raise UsageError("no store: name its folder with --store DIR, or set 'store' in provrdf.toml")
    done = Store(config.store).ingest(
        inputs_of(args, config), config=config, model=model_of(args, config), rebuild=args.rebuild
    )
    for error in done.errors:
        say(f"provrdf ingest: {error}")
    _tell(done, args)
    return 3 if done.errors or (config.strict and done.rejected) else 0


def _tell(done: Ingested, args: argparse.Namespace) -> None:
    if args.quiet:
        return
    for path, how in done.sources:
        if args.verbose or how != "same":
            sys.stdout.write(f"{path}: {how}\n")
    sys.stdout.write(done.summary() + "\n")
    if args.verbose:
        for what, keys in (("new", done.new), ("changed", done.changed)):
            sys.stdout.writelines(f"{what} session {key}\n" for key in keys)
    tell_unknown(done, args)
    if done.rejected:
        shown = [str(reject) for reject in done.rejects[: None if args.verbose else SHOWN_REJECTS]]
        more = [f"and {done.rejected - len(shown)} more"] if done.rejected > len(shown) else []
        count = "1 line" if done.rejected == 1 else f"{done.rejected} lines"
        say("\n  ".join([f"{count} could not be read:", *shown, *more]))
