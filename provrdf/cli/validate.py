"""``provrdf validate``: check provenance against the model file, PROV and the IVOA's rules."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

from provrdf.cli.options import (
    add_general,
    add_inputs,
    add_model,
    add_selection,
    config_of,
    model_of,
    records_of,
    refuse_selection,
    selection_of,
    sort_inputs,
)
from provrdf.cli.output import say
from provrdf.cli.reports import add_report, failing_on, write_report
from provrdf.errors import UsageError
from provrdf.spelling import closest

if TYPE_CHECKING:
    from provrdf.config import Config
    from provrdf.model import Model
    from provrdf.report import Report
    from provrdf.validate.graphs import Graphs
    from provrdf.validate.results import Lines

EXAMPLES = """examples:
  provrdf validate prov.log -m definition.yaml
  provrdf validate prov.log -m definition.yaml -f junit:report.xml -f text --fail-on warning
  provrdf validate foreign.ttl --rules prov                RDF of any origin
  provrdf validate --store store --session 2019112301615   one session of a local store
  provrdf validate prov.log --write-baseline known.json    accept what is there now
  provrdf validate prov.log --baseline known.json          and fail at what is new

exit codes: 0 nothing found, 1 findings, 2 usage or model file, 3 input unreadable"""

_STRICT = "also fail when a line was rejected (exit 3), and take what the model file lacks for violations"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    add_inputs(parser, nargs="*")
    add_model(parser)
    group = parser.add_argument_group("what is checked")
    group.add_argument("--store", metavar="DIR", help="check a local store instead of INPUT")
    group.add_argument("--rules", metavar="SETS", type=_names, help="of model,prov,ivoa (default: all)")
    group.add_argument(
        "--shapes", metavar="FILE", action="append", help="SHACL shapes of your own, run besides (repeatable)"
    )
    group.add_argument("--engine", metavar="NAME", help="auto (default), native or pyshacl (the reference)")
    group.add_argument("-j", "--jobs", metavar="N", type=int, default=1, help="processes (0: one per core)")
    known = parser.add_argument_group("known findings")
    known.add_argument("--baseline", metavar="FILE", help="findings in this file do not count")
    known.add_argument(
        "--write-baseline", metavar="FILE", nargs="?", const="", help="write all findings there, and exit 0"
    )
    add_report(parser)
    add_selection(parser)
    add_general(parser, strict=_STRICT)


def run(args: argparse.Namespace) -> int:
    """Validate, write the report, and return the exit code."""
    from provrdf.validate.baseline import read_baseline, write_baseline

    config = config_of(args)
    baseline = config.validate.baseline
    target = args.write_baseline or baseline
    if args.write_baseline == "" and baseline is None:
        raise UsageError("no file for the baseline: --write-baseline FILE, or 'baseline' in provrdf.toml")
    _check_only(args, config)
    report = validated(args, config)
    if args.write_baseline is not None:
        write_baseline(report, str(target))
        say(f"wrote {report.count()} known findings to {target}")
        return 0
    if baseline is not None:
        report, known = read_baseline(baseline).apply(report)
        if known and not args.quiet:
            say(f"{known} known findings are not shown ({baseline})")
    report = failing_on(report, config)
    code = report.exit_code()
    write_report(report, args, code=code, configured=config.validate.reports)
    return code


def validated(args: argparse.Namespace, config: Config) -> Report:
    """Read what the arguments name, and validate it."""
    from provrdf.validate import ForeignShapes, validate

    foreign = ForeignShapes.read(args.shapes) if args.shapes else None
    subject = _subject(args, config, model_of(args, config))
    settings = config.validate
    _tell_rules(args, config, unmodelled=subject.model is None and foreign is None)
    return validate(
        subject.graphs,
        model=subject.model,
        shapes=foreign,
        rules=settings.rules,
        engine=settings.engine,
        lines=subject.lines,
        config=config.replace(base=subject.base or config.base),
        general=subject.ours or subject.model is not None,
        strict=config.strict,
        only=settings.only,
        skip=settings.skip,
        jobs=args.jobs or os.cpu_count() or 1,
        whole=subject.whole,
        inputs=subject.names,
        max_per_check=settings.max_per_check,
    )


def _check_only(args: argparse.Namespace, config: Config) -> None:
    """Refuse a selection that no check fits: it would pass whatever the input is."""
    from provrdf.report import matches
    from provrdf.shapes.checks import CHECKS
    from provrdf.validate.standards import RULE_SETS, standard_checks

    if args.shapes:
        return  # their checks are not known before they are read
    known = [check.id for check in (*CHECKS, *standard_checks(RULE_SETS))] + ["report/nothing-seen"]
    for pattern in config.validate.only:
        if not any(matches(check, [pattern]) for check in known):
            guess = closest(pattern, known)
            meant = f"did you mean {guess!r}?" if guess else "the report shows the ids in [ ]"
            message = f"--only: no check is called {pattern!r}: {meant}"
            raise UsageError(message)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _tell_rules(args: argparse.Namespace, config: Config, *, unmodelled: bool) -> None:
    """Say that the model rules are left out when there is no model file."""
    rules = config.validate.rules
    if "model" in rules and unmodelled:
        if tuple(rules) == ("model",):
            raise UsageError("the model rules need a model file: name one with -m, or shapes with --shapes")
        if not args.quiet:
            say("no model file: the model rules are left out (name one with -m)")


@dataclass(frozen=True)
class Subject:
    """What is validated.

    Attributes
    ----------
    graphs : Graphs
    model : Model or None
    names : tuple of str
        What it is called in the report.
    lines : Lines
        IRI -> (file, line).
    base : str or None
        Base IRI of the data, when it is not that of the configuration.
    ours : bool
        Whether provrdf itself wrote it.
    whole : bool
        Whether it is all there is, rather than a selection.
    """

    graphs: Graphs
    model: Model | None
    names: tuple[str, ...]
    lines: Lines
    base: str | None = None
    ours: bool = True
    whole: bool = True


def _subject(args: argparse.Namespace, config: Config, model: Model | None) -> Subject:
    """Open the store, or read logs and RDF files."""
    inputs = tuple(args.inputs or config.inputs)
    if args.store and args.inputs:
        raise UsageError("name inputs or --store, not both")
    if args.store or not inputs:
        if not (args.store or config.store):
            raise UsageError("no input: name a log, an RDF file or --store DIR")
        return _store(args, model, args.store or str(config.store))
    return _files(args, config, model, inputs)


def _files(args: argparse.Namespace, config: Config, model: Model | None, inputs: Sequence[str]) -> Subject:
    from provrdf.graph import write_nquads
    from provrdf.rdfinput import load_rdf
    from provrdf.validate import StoreGraphs, TextGraphs, union
    from provrdf.validate.graphs import base_of

    rdf_files, logs = sort_inputs(inputs)
    lines: dict[str, tuple[str, int]] = {}
    sources: list[Graphs] = []
    if logs:
        text = TextGraphs()
        records = records_of(args, config, inputs=logs)
        write_nquads(records, cast("IO[bytes]", text), config=config, model=model, lines=lines)
        sources.append(text)
    if rdf_files:
        refuse_selection(args, rdf_files[0])
        import pyoxigraph

        store = pyoxigraph.Store()
        for path in rdf_files:
            load_rdf(store, path)
        sources.append(StoreGraphs(store))
    whole = not selection_of(args)
    graphs = union(sources)
    base = base_of(graphs, model) if rdf_files and model else None
    return Subject(graphs, model, tuple(inputs), lines, base, ours=bool(logs), whole=whole)


def _store(args: argparse.Namespace, model: Model | None, path: str) -> Subject:
    """Look at a local store: all of it, or the sessions that are selected."""
    from provrdf.store import Store
    from provrdf.validate.stored import StoredSessions

    for name in ("since", "until", "agent", "activity"):
        if getattr(args, name):
            message = f"--{name} selects records, not sessions of a store: use --session or --run"
            raise UsageError(message)
    stored = StoredSessions(Store(path), sessions=args.session or (), runs=args.run or ())
    model = model or stored.model()
    return Subject(stored.graphs(model), model, (path,), stored.lines(), stored.base, whole=stored.whole)
