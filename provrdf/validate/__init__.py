"""Validation: whether provenance keeps what the model file promises, and the rules of PROV and of the IVOA.

Every graph is checked by itself (with the model's graph at hand), one at a time or several at once in as many
processes; memory is that of the largest graph. `validate` returns one Report of all rule sets.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from provrdf.config import Config
from provrdf.errors import UsageError
from provrdf.report import Check, Checked, Report, Severity, matches
from provrdf.shapes import catalogue
from provrdf.shapes.checks import CHECKS
from provrdf.spelling import did_you_mean
from provrdf.validate.engines import ENGINES
from provrdf.validate.foreign import ForeignShapes, foreign_shapes
from provrdf.validate.graphs import Graphs, StoreGraphs, TextGraphs, graphs_of, shared_kind, union
from provrdf.validate.plan import Counts, Plan, for_sessions, steps
from provrdf.validate.pool import Task, check_graphs
from provrdf.validate.results import Finding, Lines
from provrdf.validate.rules import rules as all_rules
from provrdf.validate.standards import RULE_SETS as STANDARDS
from provrdf.validate.standards import standard_checks, standard_results
from provrdf.validate.whole import WholeRules

if TYPE_CHECKING:
    from pathlib import Path

    import rdflib

    from provrdf.model import Model
    from provrdf.shapes.forms import Shape
    from provrdf.validate.graphs import Dataset

__all__ = ["ENGINES", "RULE_SETS", "ForeignShapes", "StoreGraphs", "TextGraphs", "union", "validate"]

RULE_SETS = ("model", *STANDARDS)
"""Names of the rule sets."""


def validate(
    dataset: Dataset,
    *,
    model: Model | None = None,
    shapes: ForeignShapes | rdflib.Graph | str | Path | None = None,
    rules: Sequence[str] = RULE_SETS,
    engine: str = "auto",
    lines: Lines | None = None,
    config: Config | None = None,
    general: bool | None = None,
    strict: bool = False,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    jobs: int = 1,
    whole: bool = True,
    inputs: Sequence[str] = (),
    max_per_check: int | None = None,
) -> Report:
    """Check provenance against the model file, PROV-CONSTRAINTS and the IVOA's rules.

    Parameters
    ----------
    dataset : rdflib.Dataset, rdflib.Graph, pyoxigraph.Store or Graphs
        What to check.
    model : Model, optional
        The model file; without it the model rules are left out.
    shapes : ForeignShapes, rdflib.Graph or path, optional
        SHACL shapes of somebody else, which are run besides.
    rules : sequence of str
        Rule sets: model, prov, ivoa.
    engine : str
        What runs the model's shapes: ``auto`` (fast), ``native`` (the same) or ``pyshacl`` (the reference).
    lines : mapping, optional
        IRI of a node -> (file, line), to point at the log.
    config : Config, optional
        Gives the base IRI of the data.
    general : bool, optional
        Whether to check what holds for all that provrdf writes (checks ``data/...``). Default: when there is
        a model; data of another origin need not keep it.
    strict : bool
        Raise warnings about what the model file does not foresee to violations.
    only, skip : sequence of str
        Check ids, rule sets or globs; all the others are not even run.
    jobs : int
        Number of processes.
    whole : bool
        Whether the dataset is all there is: then it is a finding that an activity of the model never occurs.
    inputs : sequence of str
        Names of what is validated, for the report.
    max_per_check : int, optional
        How many results of a check are written.

    Returns
    -------
    Report
    """
    started = time.perf_counter()
    _check_rules(rules)
    graphs = graphs_of(dataset)
    checked: list[Checked] = []
    run = _Run(graphs, only=only, skip=skip, engine=engine, jobs=jobs, whole=whole)
    if "model" in rules:
        general = model is not None if general is None else general
        run.prepare(model, config, general=general, strict=strict, foreign=foreign_shapes(shapes))
    results = [finding.placed(lines) for finding in run.findings(checked)]
    results += standard_results(_asked(rules, only), graphs, lines=lines, checked=checked)
    return Report.of(
        results,
        checked=checked,
        inputs=inputs,
        rules=[name for name in rules if name != "model" or run.has_model],
        checks=(*run.checks(), *standard_checks(rules)),
        max_per_check=max_per_check,
        duration=time.perf_counter() - started,
    ).select(only=only, skip=skip)


def _check_rules(rules: Sequence[str]) -> None:
    for name in rules:
        if name not in RULE_SETS:
            message = f"unknown rule set {name!r}: {did_you_mean(name, RULE_SETS)}"
            raise UsageError(message)


def _asked(rules: Sequence[str], only: Sequence[str]) -> list[str]:
    """Rule sets that can have a result under `only`."""
    return [name for name in rules if not only or any(part.startswith((name, "*")) for part in only)]


class _Run:
    """The shapes and rules on all graphs of a dataset."""

    def __init__(
        self,
        graphs: Graphs,
        *,
        only: Sequence[str],
        skip: Sequence[str],
        engine: str,
        jobs: int,
        whole: bool,
    ) -> None:
        self._graphs = graphs
        self._only, self._skip = only, skip
        self._engine = engine
        self._jobs = jobs
        self._whole = whole
        self._shapes: tuple[Shape, ...] = ()
        self._general = False
        self._foreign: ForeignShapes | None = None
        self.has_model = False

    def prepare(
        self,
        model: Model | None,
        config: Config | None,
        *,
        general: bool,
        strict: bool,
        foreign: ForeignShapes | None,
    ) -> None:
        """Choose the shapes."""
        shapes = catalogue(model, config=config, strict=strict)
        self._general = general
        self._shapes = tuple(
            shape
            for shape in shapes
            if self._wanted(shape.check) and (general or not shape.check.startswith("data/"))
        )
        self._foreign = foreign
        self.has_model = model is not None or foreign is not None

    def _wanted(self, check: str) -> bool:
        return (not self._only or matches(check, self._only)) and not matches(check, self._skip)

    def findings(self, checked: list[Checked]) -> Iterator[Finding]:
        """Check all graphs; `checked` is filled at the end."""
        rules = [rule for rule in all_rules() if self._general and self._wanted(rule.check)]
        across = WholeRules([rule for rule in rules if rule.whole])
        plan = Plan(
            shapes=self._shapes,
            engine=self._engine,
            rules=tuple(rule for rule in rules if not rule.whole),
            foreign=self._foreign,
        )
        if not (plan.shapes or rules or plan.foreign):
            return
        counts: Counter[tuple[str, str]] = Counter()
        for outcome in check_graphs(self._tasks(plan, across), jobs=self._jobs):
            counts.update(outcome.counts)
            yield from outcome.findings
        yield from across.findings(self._graphs)
        checked.extend(self._checked(counts))

    def _tasks(self, plan: Plan, across: WholeRules) -> Iterator[Task]:
        """Pair every graph with what it is checked with."""
        names = list(self._graphs.names())
        models = [name for name in names if shared_kind(name) == "model"]
        session_plan = plan
        if models:
            shared = tuple(statement for name in models for statement in self._graphs.statements(name))
            session_plan = Plan(for_sessions(plan.shapes), plan.engine, plan.rules, plan.foreign, shared)
        for name in names:
            statements = self._graphs.statements(name)
            across.see(statements)
            yield Task(plan if shared_kind(name) else session_plan, name, statements)

    def _checked(self, counts: Counts) -> Iterator[Checked]:
        """How much each check saw. An activity of the model that never occurs is said once."""
        first: dict[tuple[str, str], Shape] = {}
        for shape in self._shapes:
            first.setdefault((shape.check, shape.kind), shape)
        by_step = steps(self._shapes)
        for key, shape in first.items():
            is_step = self._whole and by_step.get(shape.kind) is shape
            yield Checked(
                check=shape.check,
                kind=shape.kind,
                count=counts.get(key, 0),
                model=shape.place,
                unseen=Severity.WARNING if is_step else None,
            )

    def checks(self) -> Iterator[Check]:
        """Describe the checks that were made."""
        used = {shape.check for shape in self._shapes}
        used |= {rule.check for rule in all_rules()} if self._general else set()
        return (check for check in CHECKS if check.id in used)
