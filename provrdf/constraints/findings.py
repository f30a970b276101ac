"""Findings: how a broken rule of PROV becomes a Result, with names for people and lines of the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from provrdf.constraints.facts import Facts
from provrdf.constraints.rules import RULES
from provrdf.report import Place, Result, Severity


class Lines(Protocol):
    """Where nodes come from: IRI -> (file, line). A dictionary will do."""

    def get(self, key: str, /) -> tuple[str, int] | None:
        """File and line of the log line that made a node."""


class Findings:
    """Collects the findings on one graph.

    Parameters
    ----------
    facts : Facts
        The statements; they give nodes their names.
    graph : str or None
        IRI of the graph; empty for the default graph, None for the union of all.
    lines : Lines, optional
        Log lines of nodes.
    """

    def __init__(self, facts: Facts, *, graph: str | None = "", lines: Lines | None = None) -> None:
        self.facts = facts
        self.graph = graph
        self.lines = lines
        self.results: list[Result] = []

    def add(
        self,
        number: int,
        message: str,
        *,
        focus: str,
        sources: Iterable[str] = (),
        summary: str = "",
        expected: str = "",
        found: str = "",
        suggestion: str = "",
        severity: Severity | None = None,
        constraints: Sequence[int] = (),
        **details: Any,
    ) -> None:
        """Add a finding.

        Parameters
        ----------
        number : int
            The constraint that is broken.
        message : str
            What was found.
        focus : str
            The node at fault.
        sources : iterable of str
            Nodes whose log lines made the contradiction, the most telling first.
        constraints : sequence of int
            Every constraint that took part.
        summary, expected, found, suggestion, severity
            As in `Result`; severity is the rule's own when not given.
        **details
            What a program may want to know.
        """
        rule = RULES[number]
        places = self.places([*sources, focus])
        used = sorted({number, *constraints} - {0})
        self.results.append(
            Result(
                check=rule.id,
                severity=rule.severity if severity is None else severity,
                message=message,
                focus=focus,
                focus_name=self.facts.name(focus),
                kind=self.facts.kind(focus),
                summary=summary or f"not so: {rule.title}",
                expected=expected or rule.title,
                found=found,
                suggestion=suggestion,
                log=places[0] if places else None,
                other=tuple(places[1:]),
                details={
                    "constraint": number,
                    "name": rule.name,
                    "constraints": used,
                    "scope": "union" if self.graph is None else "graph",
                    "graph": self.graph or "",
                    **details,
                },
            )
        )

    def places(self, nodes: Iterable[str]) -> list[Place]:
        """Log lines of nodes, each once, in the order given."""
        if self.lines is None:
            return []
        found = (self.lines.get(node) for node in nodes)
        return list(dict.fromkeys(Place(*place) for place in found if place is not None))

    def quoted(self, nodes: Iterable[str]) -> str:
        """Names of nodes as people list them: `a`, `b` and `c`."""
        return listed(f"`{self.facts.name(node)}`" for node in nodes)


def listed(words: Iterable[str]) -> str:
    """Join words as people do.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last
