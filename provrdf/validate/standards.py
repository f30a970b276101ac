"""The rule sets of the standards, PROV-CONSTRAINTS and IVOA ProvenanceDM, on graphs that come one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from provrdf.shapes.rdf import lexical
from provrdf.validate.facts import Facts
from provrdf.validate.graphs import shared_kind
from provrdf.validate.names import Names

if TYPE_CHECKING:
    from provrdf.report import Check, Checked, Result
    from provrdf.validate.graphs import Graphs
    from provrdf.validate.results import Lines

RULE_SETS = ("prov", "ivoa")
"""Names of the rule sets."""


class PlainGraphs:
    """Graphs in the form of `provrdf.constraints`: IRIs without brackets, literals as ``"`` and text.

    Parameters
    ----------
    graphs : Graphs
    wanted : iterable of str
        Predicates that the rules read.
    """

    def __init__(self, graphs: Graphs, wanted: Iterable[str]) -> None:
        self._graphs = graphs
        self._wanted = frozenset(f"<{predicate}>" for predicate in wanted)

    def triples_by_graph(self) -> Iterator[tuple[str, Iterator[tuple[str, str, str]]]]:
        """Yield the graphs, as (name, triples); those that sessions refer to come first."""
        for name in sorted(self._graphs.names(), key=lambda name: shared_kind(name) is None):
            yield name, _plain(self._graphs.statements(name), self._wanted)


def _plain(statements: Iterable[str], wanted: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    for statement in statements:
        subject, predicate, value = statement.split(" ", 2)
        if predicate not in wanted:
            continue
        first = value[0]
        if first == "<":
            value = value[1:-1]
        elif first == '"':
            value = '"' + lexical(value)
        yield (subject[1:-1] if subject[0] == "<" else subject), predicate[1:-1], value


def standard_results(
    rules: Sequence[str], graphs: Graphs, *, lines: Lines | None, checked: list[Checked]
) -> Iterator[Result]:
    """Check the rule sets of the standards that are asked for."""
    found = list(_results(rules, graphs, lines, checked))
    return _with_names(found, graphs)


def _results(
    rules: Sequence[str], graphs: Graphs, lines: Lines | None, checked: list[Checked]
) -> Iterator[Result]:
    if "prov" in rules:
        from provrdf.constraints import check_prov
        from provrdf.constraints.relations import WANTED

        yield from check_prov(PlainGraphs(graphs, WANTED), lines=lines, checked=checked)
    if "ivoa" in rules:
        from provrdf.ivoa import check_ivoa
        from provrdf.ivoa.catalogue import WANTED as IVOA_WANTED

        yield from check_ivoa(PlainGraphs(graphs, IVOA_WANTED), lines=lines, checked=checked)


def _with_names(results: list[Result], graphs: Graphs) -> Iterator[Result]:
    """Name the relations among the results: they have no label, and an IRI tells people nothing."""
    by_graph: dict[str, list[Result]] = {}
    for result in results:
        unnamed = result.focus and "--" in result.focus_name
        by_graph.setdefault(str(result.details.get("graph") or "") if unnamed else "", []).append(result)
    yield from by_graph.pop("", [])
    for graph, found in by_graph.items():
        names = Names(Facts(graphs.statements(graph)))
        for result in found:
            name = names.name(f"<{result.focus}>")
            message = result.message.replace(result.focus_name, name)
            yield replace(result, focus_name=name, message=message)


def standard_checks(rules: Sequence[str]) -> Iterator[Check]:
    """Describe the checks of the rule sets that are asked for."""
    if "prov" in rules:
        from provrdf.constraints import CHECKS

        yield from CHECKS
    if "ivoa" in rules:
        from provrdf import ivoa

        yield from ivoa.CHECKS
