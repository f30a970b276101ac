"""Findings of the IVOA rules on one graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from provrdf.constraints.facts import Facts
from provrdf.constraints.findings import Findings, Lines
from provrdf.ivoa.catalogue import BY_ID
from provrdf.report import Checked, Result, Severity


class IvoaFindings(Findings):
    """Collects findings, and how many things each check looked at.

    Parameters
    ----------
    facts : Facts
        The statements of the graph.
    graph : str
        Its name.
    lines : Lines, optional
        Log lines of nodes.
    """

    def __init__(self, facts: Facts, *, graph: str, lines: Lines | None) -> None:
        super().__init__(facts, graph=graph, lines=lines)
        self.seen: Counter[tuple[str, str]] = Counter()

    def look(self, check: str, kind: str, count: int = 1) -> None:
        """Count things of a kind that a check looks at."""
        self.seen[f"ivoa/{check}", kind] += count

    def tell(
        self,
        check: str,
        message: str,
        *,
        focus: str,
        kind: str = "",
        severity: Severity | None = None,
        sources: Iterable[str] = (),
        summary: str = "",
        expected: str = "",
        found: str = "",
        suggestion: str = "",
    ) -> None:
        """Add a finding.

        Parameters
        ----------
        check : str
            Id of the check, without ``ivoa/``.
        message : str
            What was found.
        focus : str
            The node at fault.
        kind : str
            What it is counted as.
        severity : Severity, optional
            The check's own when not given.
        sources : iterable of str
            Nodes whose log lines made it, after that of the focus.
        summary, expected, found, suggestion : str
            As in `Result`; what is expected is the title of the check when not given.
        """
        described = BY_ID[f"ivoa/{check}"]
        places = self.places([focus, *sources])
        self.results.append(
            Result(
                check=described.id,
                severity=described.severity if severity is None else severity,
                message=message,
                focus=focus,
                focus_name=self.facts.name(focus),
                kind=kind or self.facts.kind(focus),
                log=places[0] if places else None,
                other=tuple(places[1:]),
                summary=summary,
                expected=expected or described.title,
                found=found,
                suggestion=suggestion,
                details={"graph": self.graph},
            )
        )


def checked_of(seen: Counter[tuple[str, str]]) -> Iterable[Checked]:
    """Turn counts into what a report lists; nothing of a kind is no finding here."""
    return (
        Checked(check=check, kind=kind, count=count, unseen=None)
        for (check, kind), count in sorted(seen.items())
    )
