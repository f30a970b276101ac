"""``provrdf publish``: send sessions to a triple store, safely."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from provrdf.cli.options import add_general, add_inputs, add_model, add_selection, config_of
from provrdf.cli.output import open_output, say
from provrdf.cli.publishing import (
    Prepared,
    Statements,
    add_remote,
    add_sources,
    checked_base,
    connection_of,
    prepared,
    settings_of,
    setup,
    statements_of,
)
from provrdf.errors import UsageError

if TYPE_CHECKING:
    from provrdf.config import Config
    from provrdf.model import Model
    from provrdf.publish.comparing import Comparison
    from provrdf.publish.connection import Connection
    from provrdf.publish.content import SessionGraph
    from provrdf.publish.receipt import Receipt

EXAMPLES = """examples:
  provrdf publish prov.log --endpoint http://localhost:7878 --dry-run     what would change
  provrdf publish prov.log -m definition.yaml --endpoint https://prov.example.org/sparql
  provrdf publish --store night --since 2026-11-22 --receipt receipt.json  what provrdf.toml names
  provrdf publish --store night --target directory:public                 files, for stores that load files
  provrdf publish --retract 2019112301615 --purge                         withdraw, and delete the content
  provrdf publish --gc                                                    delete what was superseded long ago

Name and password come from PROVRDF_USER and PROVRDF_PASSWORD(_FILE), a token from PROVRDF_TOKEN(_FILE).
exit codes: 0 published, 1 refused (violations, secrets) or withdrawn, 2 usage or configuration,
4 not published and the store unchanged, 5 stopped half-way: run the same again"""

_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    add_inputs(parser, nargs="*")
    add_sources(parser)
    add_model(parser)
    add_remote(parser)
    group = parser.add_argument_group("publishing")
    group.add_argument(
        "--target", metavar="NAME:PLACE", help="directory:DIR or oxigraph:DIR instead of a server"
    )
    group.add_argument(
        "--dry-run", action="store_true", help="say what would change and be withheld; send nothing"
    )
    group.add_argument(
        "--diff-limit", metavar="N", type=int, default=_SHOWN, help="statements shown of a difference"
    )
    group.add_argument("--no-validate", action="store_true", help="do not check first")
    group.add_argument("--despite-violations", action="store_true", help="publish what breaks the rules")
    group.add_argument("--republish", action="store_true", help="publish sessions that were withdrawn, too")
    group.add_argument(
        "--fixed-names", action="store_true", help="also keep a copy under the session's own name"
    )
    group.add_argument("--jobs", metavar="N", type=int, help="sessions sent at a time")
    group.add_argument(
        "--receipt", metavar="FILE", help="write the receipt (JSON) to a file, - for standard output"
    )
    group.add_argument(
        "--probe", action="store_true", help="find out anew what the store can do, and show it"
    )
    group.add_argument("--no-progress", action="store_true", help="no progress bar")
    old = parser.add_argument_group("taking back")
    old.add_argument(
        "--retract", metavar="SESSION", action="append", default=[], help="withdraw a session (repeatable)"
    )
    old.add_argument("--purge", action="store_true", help="with --retract: delete its content, all versions")
    old.add_argument("--gc", action="store_true", help="delete content that was superseded long ago")
    old.add_argument("--grace", metavar="DAYS", type=float, default=30.0, help="how long ago (default: 30)")
    add_selection(parser)
    add_general(parser)


def run(args: argparse.Namespace) -> int:
    """Do what the arguments say and return the exit code."""
    if args.purge and not args.retract:
        raise UsageError("--purge deletes a session that is withdrawn by --retract SESSION; name the session")
    if args.dry_run and args.target:
        raise UsageError(
            "--dry-run asks a server what would change; with --target, name a new folder and look at it"
        )
    config = config_of(args)
    checked_base(args, config)
    if args.retract or args.probe or (args.gc and not (args.inputs or args.store)):
        return _maintain(args, config)
    return _publish(args)


def _maintain(args: argparse.Namespace, config: Config) -> int:
    """Withdraw, probe or clean up: what needs no sessions from here."""
    connection = connection_of(args, config, settings_of(config))
    code = 0
    if args.probe:
        found = connection.for_changes(fresh=True)
        sys.stdout.write(
            json.dumps({"profile": found.profile.name, **asdict(found.capabilities)}, indent=2) + "\n"
        )
    if args.retract:
        code = _retract(args, config, connection)
    if args.gc:
        _collect(args, connection)
    return code


def _retract(args: argparse.Namespace, config: Config, connection: Connection) -> int:
    from provrdf import iris
    from provrdf.publish.receipt import Receipt, now
    from provrdf.publish.retiring import retract

    names = [
        session if session.startswith(config.base) else f"{config.base}graph/{iris.part(session)}"
        for session in args.retract
    ]
    started = now()
    outcomes = retract(connection, names, purge=args.purge)
    receipt = Receipt(connection.client.endpoint.query, connection.settings.name, started, now(), outcomes)
    _tell(receipt, args)
    return receipt.exit_code


def _collect(args: argparse.Namespace, connection: Connection) -> list[str]:
    from provrdf.publish.retiring import collect_garbage

    dropped, notes = collect_garbage(connection, grace=timedelta(days=args.grace))
    if not args.quiet:
        say(f"deleted {len(dropped)} graphs that were superseded more than {args.grace:g} days ago")
        for note in notes:
            say(f"  {note}")
    return dropped


def _publish(args: argparse.Namespace) -> int:
    config, model = setup(args)
    with statements_of(args, config, model) as statements:
        conforms_to = () if args.no_validate else _checked(args, config, model, statements)
        if conforms_to is None:
            return 1
        with prepared(args, config, statements) as found:
            if not found.graphs:
                say("nothing to publish: no session was found")
                return 1
            if _secrets(found):
                return 1
            return _send(args, config, found, conforms_to)


def _checked(
    args: argparse.Namespace, config: Config, model: Model | None, statements: Statements
) -> tuple[str, ...] | None:
    """Validate; returns what the sessions conform to, or None when they must not be published."""
    from provrdf.report import Severity
    from provrdf.validate import TextGraphs, validate

    graphs = TextGraphs()
    graphs.add(line.rstrip("\n") for line in statements)
    report = validate(graphs, model=model, config=config, rules=config.validate.rules, general=True)
    violations = report.count(Severity.VIOLATION)
    if violations and not args.despite_violations:
        rules = "1 violation" if violations == 1 else f"{violations} violations"
        say(f"not published: {rules} of the rules; provrdf validate shows them")
        for group in [group for group in report.grouped() if group.severity == Severity.VIOLATION][:5]:
            say(f"  {group.summary} ({group.count} times)")
        say("  --despite-violations publishes them all the same")
        return None
    return () if violations else _standards(config, model)


def _standards(config: Config, model: Model | None) -> tuple[str, ...]:
    names = {
        "prov": "http://www.w3.org/TR/2013/REC-prov-constraints-20130430/",
        "ivoa": "https://www.ivoa.net/documents/ProvenanceDM/20200411/",
    }
    kept = [names[rule] for rule in config.validate.rules if rule in names]
    return (*kept, f"{config.base}model/{model.sha256[:12]}") if model else tuple(kept)


def _secrets(found: Prepared) -> bool:
    """Tell of what looks like a secret; it must not be published by accident."""
    secrets = found.privacy.secrets
    if not secrets:
        return False
    say(f"not published: {len(secrets)} texts look as if they held a password, token or key")
    for secret in secrets[:_SHOWN]:
        say(f"  {secret.subject}  {secret.predicate.rpartition('#')[2]}: {secret.hint}")
        say(f"    harmless? --accept {secret.mark}")
    return True


def _send(args: argparse.Namespace, config: Config, found: Prepared, conforms_to: tuple[str, ...]) -> int:
    from provrdf.publish.comparing import Comparison, compare

    settings = settings_of(config, conforms_to=conforms_to)
    if args.dry_run and config.publish.endpoint is None:
        return _show(args, [Comparison(g.name, g.key, "new", g.content.triples) for g in found.graphs], found)
    if args.target:
        from provrdf.publish.targets import target

        name, _, place = args.target.partition(":")
        if not place:
            raise UsageError("--target takes a name and a place, such as directory:public")
        receipt = target(name, place).publish(found.graphs, settings)
    else:
        connection = connection_of(args, config, settings)
        if args.dry_run:
            return _show(args, compare(connection, found.graphs), found)
        receipt = _to_endpoint(args, connection, found)
    receipt = replace(receipt, withheld=found.privacy.report())
    _tell(receipt, args)
    return receipt.exit_code


def _to_endpoint(args: argparse.Namespace, connection: Connection, found: Prepared) -> Receipt:
    from provrdf.publish.targets.endpoint import EndpointTarget

    target = EndpointTarget(
        connection, republish=args.republish, fixed_names=args.fixed_names, parallel=args.jobs
    )
    with _progress(args, found.graphs) as progress:
        receipt = target.publish(found.graphs, connection.settings, progress=progress)
    if args.gc and receipt.exit_code == 0:
        receipt = replace(receipt, dropped=_collect(args, connection))
    return receipt


@contextmanager
def _progress(
    args: argparse.Namespace, graphs: Sequence[SessionGraph]
) -> Iterator[Callable[[SessionGraph, int], None] | None]:
    """Show a bar when a person is looking."""
    if args.no_progress or args.quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (
        TextColumn("publishing {task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=sum(graph.content.size for graph in graphs))
        yield lambda graph, size: bar.update(task, advance=size, description=graph.key)


def _show(args: argparse.Namespace, compared: Sequence[Comparison], found: Prepared) -> int:
    """Say what publishing would change and withhold."""
    out = sys.stdout
    for each in compared:
        size = f"{each.triples} statements"
        if each.relation == "changed":
            size += f", {len(each.added)} added, {len(each.removed)} removed"
        out.write(f"{each.relation:10} {each.key}  ({size})\n")
        shown = [f"  + {line}" for line in each.added] + [f"  - {line}" for line in each.removed]
        out.writelines(f"{line}\n" for line in shown[: args.diff_limit])
        if len(shown) > args.diff_limit:
            out.write(f"    ... and {len(shown) - args.diff_limit} more (--diff-limit)\n")
    out.writelines(f"{line}\n" for line in _privacy_lines(found))
    return 0


def _privacy_lines(found: Prepared) -> Iterator[str]:
    """Say what is withheld and rewritten, and what is not, in words."""
    for what, numbers in found.privacy.report().items():
        if isinstance(numbers, dict) and numbers:
            listed = ", ".join(f"{name} ({number})" for name, number in numbers.items())
            yield f"{what}: {listed}"


def _tell(receipt: Receipt, args: argparse.Namespace) -> None:
    """Print what was done, and write the receipt."""
    if args.receipt:
        with open_output(args.receipt) as stream:
            stream.write((receipt.to_json() + "\n").encode())
    for outcome in receipt.outcomes:
        if outcome.message:
            say(f"{outcome.key}: {outcome.state}: {outcome.message}")
        elif args.verbose:
            say(f"{outcome.key}: {outcome.state} ({outcome.triples} statements, {outcome.seconds:.1f} s)")
    for note in receipt.notes:
        say(note)
    if not args.quiet:
        counts = ", ".join(f"{number} {state}" for state, number in sorted(receipt.counts.items()))
        say(f"{receipt.target}: {counts}")
