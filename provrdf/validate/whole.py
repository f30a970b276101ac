"""Rules about all graphs together: only the few statements they need are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from provrdf.shapes.forms import named, provrdf, voprov
from provrdf.validate.facts import Facts
from provrdf.validate.graphs import Graphs
from provrdf.validate.names import Names
from provrdf.validate.results import Finding, rule_finding
from provrdf.validate.rules import Rule, RuleStore

_NAMING = frozenset(
    (
        named("rdf:type"),
        named("rdfs:label"),
        voprov("name"),
        provrdf("inSession"),
        provrdf("observationRun"),
    )
)


class WholeRules:
    """Collects what the rules need while the graphs go by, and asks them at the end."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._store = RuleStore(self._rules) if self._rules else None

    def see(self, statements: Sequence[str]) -> None:
        """Take what the rules need of one graph."""
        if self._store is not None:
            self._store.load(statements)

    def findings(self, graphs: Graphs) -> Iterator[Finding]:
        """Ask the rules; the graphs are read again only to name the nodes of findings."""
        answers = [] if self._store is None else list(self._store.ask())
        if not answers:
            return
        wanted = {node for _, focus, value in answers for node in (focus, value)}
        names = Names(Facts(_naming(graphs, wanted)))
        for rule, focus, value in answers:
            yield rule_finding(rule, focus, value, names)


def _naming(graphs: Graphs, nodes: set[str]) -> Iterator[str]:
    """Statements that name these nodes and their sessions."""
    for name in graphs.names():
        for statement in graphs.statements(name):
            subject, predicate, _ = statement.split(" ", 2)
            if predicate in _NAMING and (subject in nodes or "/session/" in subject):
                yield statement
