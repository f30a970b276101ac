"""Checking one graph: what to check it with, and what comes of it. Made to be sent to another process."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from provrdf.shapes.forms import At, Instances, Node, Shape, Target
from provrdf.validate.engines import Engine, engine_for
from provrdf.validate.facts import Facts
from provrdf.validate.foreign import ForeignShapes
from provrdf.validate.names import Names
from provrdf.validate.native import test_of
from provrdf.validate.results import Finding, findings, rule_finding
from provrdf.validate.rules import Rule, RuleStore

Counts = dict[tuple[str, str], int]
"""(check, kind) -> how many things of that kind the check looked at."""


@dataclass(frozen=True)
class Plan:
    """What every graph is checked with.

    Attributes
    ----------
    shapes : tuple of Shape
        Our own shapes.
    engine : str
        Name of the engine that runs them.
    rules : tuple of Rule
        Rules that look at one graph.
    foreign : ForeignShapes or None
        Shapes that somebody else wrote; always run by pySHACL.
    shared : tuple of str
        Statements of the model's graph, which the session graphs refer to.
    """

    shapes: tuple[Shape, ...] = ()
    engine: str = "auto"
    rules: tuple[Rule, ...] = ()
    foreign: ForeignShapes | None = None
    shared: tuple[str, ...] = ()

    @cached_property
    def run(self) -> Engine:
        """The engine, ready to run the shapes."""
        return engine_for(self.engine, self.shapes)

    def __getstate__(self) -> dict[str, object]:
        # The prepared engine holds closures, which cannot be sent; it is prepared again where it is needed.
        return {name: value for name, value in self.__dict__.items() if name != "run"}


@dataclass(frozen=True)
class Checked:
    """What came of one graph."""

    findings: tuple[Finding, ...] = ()
    counts: Counts = field(default_factory=dict)


def check_graph(plan: Plan, name: str, statements: Sequence[str]) -> Checked:
    """Check one graph."""
    facts = Facts((*statements, *plan.shared) if plan.shared else statements)
    found = list(findings(plan.run(facts), facts, graph=name))
    found += _by_rules(plan.rules, statements, facts, name)
    if plan.foreign is not None:
        found += plan.foreign.findings(facts, graph=name)
    return Checked(tuple(found), count(plan.shapes, facts))


def _by_rules(rules: Sequence[Rule], statements: Sequence[str], facts: Facts, name: str) -> Iterable[Finding]:
    if not rules:
        return
    store = RuleStore(rules)
    store.load(statements)
    names = Names(facts)
    for rule, focus, value in store.ask():
        yield rule_finding(rule, focus, value, names, graph=name)


def count(shapes: Sequence[Shape], facts: Facts) -> Counts:
    """Count the things that each check looks at, by kind; a thing that two shapes look at counts once."""
    targets: dict[tuple[str, str], dict[tuple[Target, At | None], None]] = {}
    for shape in shapes:
        targets.setdefault((shape.check, shape.kind), {})[shape.target, shape.exempt] = None
    return {key: _size(list(each), facts) for key, each in targets.items()}


def _size(targets: Sequence[tuple[Target, At | None]], facts: Facts) -> int:
    groups = [_meant(facts.targets(target), exempt, facts) for target, exempt in targets]
    return len(groups[0]) if len(groups) == 1 else len(set().union(*groups))


def _meant(nodes: Collection[str], exempt: At | None, facts: Facts) -> Collection[str]:
    """Leave out the nodes that a check does not mean."""
    if exempt is None or not nodes:
        return nodes
    passes = test_of(exempt, facts)
    return [node for node in nodes if not passes(node)]


def for_sessions(shapes: Iterable[Shape]) -> tuple[Shape, ...]:
    """Leave out the shapes of descriptions, which are in the graph of the model."""
    return tuple(
        shape for shape in shapes if not (isinstance(shape.target, Node) and "#" in shape.target.term)
    )


def steps(shapes: Iterable[Shape]) -> dict[str, Shape]:
    """For each activity of the model, one shape that looks at it."""
    own = [shape for shape in shapes if isinstance(shape.target, Instances) and "#Step_" in shape.target.term]
    found: dict[str, Shape] = {}
    # Every activity has this one, with the line of the activity itself; `--only` may have left it out.
    for shape in sorted(own, key=lambda shape: shape.check != "model/role-unknown"):
        found.setdefault(shape.kind, shape)
    return found
