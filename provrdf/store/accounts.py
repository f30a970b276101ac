"""What a store says of itself: its sessions and sources, and what an ingest did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from provrdf.errors import LogError
from provrdf.records import Reject


@dataclass(frozen=True)
class SessionInfo:
    """A session in the store.

    Attributes
    ----------
    key : str
        The last part of its IRI.
    id : str
        As logged.
    iri, graph : str
    activities, entities, quads : int
    started, ended : str or None
        First start and last end of its activities, UTC.
    digest : str
        SHA-256 of its sorted N-Quads: the same digest means the same graph.
    """

    key: str
    id: str
    iri: str
    graph: str
    activities: int
    entities: int
    quads: int
    started: str | None
    ended: str | None
    digest: str


@dataclass(frozen=True)
class SourceInfo:
    """A file that was read: where it was last, how many lines of it, how many of them could not be read."""

    path: str
    lines: int
    rejected: int
    format: str


@dataclass(frozen=True)
class Ingested:
    """What an ingest did.

    Attributes
    ----------
    read : int
        Records taken from the sources; after the first time only what is new.
    added : int
        Those of them that were not in the store.
    sources : tuple of (str, str)
        Path, and what it was: new, grown, same, renamed, rewritten.
    new, changed : tuple of str
        Keys of the sessions.
    quads_added, quads_removed : int
    rejects : tuple of Reject
        The first lines that could not be read.
    rejected : int
        How many there were.
    errors : tuple of LogError
        Files that could not be read; the others were.
    unknown : mapping
        (kind of subject, log key) -> how often a key without a meaning was met; it is kept under its name.
    """

    read: int
    added: int
    sources: tuple[tuple[str, str], ...]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    quads_added: int
    quads_removed: int
    rejects: tuple[Reject, ...] = ()
    rejected: int = 0
    errors: tuple[LogError, ...] = ()
    unknown: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def summary(self) -> str:
        """Say in one line what was new."""
        if not (self.added or self.quads_added or self.quads_removed):
            return "nothing new"
        parts = [_count(self.added, "new record")]
        parts += [f"{_count(len(keys), f'{what} session')}" for keys, what in _grouped(self) if keys]
        return ", ".join(parts)


def _grouped(done: Ingested) -> list[tuple[tuple[str, ...], str]]:
    return [(done.new, "new"), (done.changed, "changed")]


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
