"""The receipt: what publishing did, graph by graph, as a value and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

State = Literal[
    "published",  # the pointer now leads to this content
    "unchanged",  # it already did
    "withdrawn",  # was withdrawn before; stays so until told otherwise
    "overtaken",  # another publisher came first; its content counts
    "failed",  # not published, what was current before still is
    "unknown",  # may or may not be published; the same command finds out
    "retracted",  # withdrawn by this run
    "purged",  # withdrawn and its content deleted by this run
    "new",  # would be published (dry run)
    "changed",  # would be published anew (dry run)
]


def now() -> str:
    """Return the time, UTC, as receipts write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Outcome:
    """What happened to one graph.

    Attributes
    ----------
    name : str
        IRI of the session's graph here.
    key : str
        Key of the session.
    state : str
        See `State`.
    graph : str or None
        IRI of the content in the store.
    previous : str or None
        What was current before.
    digest : str or None
        SHA-256 of the content.
    triples : int
        Number of statements.
    resumed : bool
        The content was already there, from a run that had stopped.
    message : str
        What to do, when something is to be done.
    seconds : float
        How long it took.
    """

    name: str
    key: str
    state: State
    graph: str | None = None
    previous: str | None = None
    digest: str | None = None
    triples: int = 0
    resumed: bool = False
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Receipt:
    """What a run of publishing did.

    Attributes
    ----------
    target : str
        Where to: address of the store, or folder.
    catalog : str
        IRI of the catalog graph.
    started, ended : str
        UTC.
    outcomes : sequence of Outcome
        One per graph.
    requests, writes, bytes_sent : int
        What it took.
    withheld : mapping
        What was not published on purpose, and how often.
    dropped : sequence of str
        Superseded graphs whose content was deleted.
    notes : sequence of str
        What else a person should know.
    """

    target: str
    catalog: str
    started: str
    ended: str
    outcomes: Sequence[Outcome]
    requests: int = 0
    writes: int = 0
    bytes_sent: int = 0
    withheld: Mapping[str, Any] = field(default_factory=dict)
    dropped: Sequence[str] = ()
    notes: Sequence[str] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """Number of graphs in each state."""
        return dict(Counter(outcome.state for outcome in self.outcomes))

    @property
    def exit_code(self) -> int:
        """0 all well; 1 something was left alone on purpose; 4 nothing was changed; 5 stopped half-way."""
        states = self.counts
        bad = sum(states.get(state, 0) for state in ("failed", "unknown", "overtaken"))
        changed = sum(states.get(state, 0) for state in ("published", "retracted", "purged"))
        if states.get("unknown") or (bad and changed):
            return 5
        if bad:
            return 4
        return 1 if states.get("withdrawn") else 0

    def to_json(self) -> str:
        """Write the receipt as JSON, the counts first."""
        return json.dumps({"counts": self.counts, "exit_code": self.exit_code, **asdict(self)}, indent=2)
