"""Validation of a local store: all of it, or a few sessions at a cost that does not depend on the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from provrdf.errors import StoreError
from provrdf.iris import PROVRDF
from provrdf.validate.graphs import StoreGraphs

if TYPE_CHECKING:
    from provrdf.graphsource import LocalGraphs
    from provrdf.model import Model
    from provrdf.store import SessionInfo, Store

_RUN = PROVRDF + "observationRun"


class StoredSessions:
    """Sessions of a store, as graphs to be validated.

    Parameters
    ----------
    store : Store
        The local store.
    sessions, runs : sequence of str
        Keys or logged ids of sessions, and observation runs; without any, the whole store is meant.

    Raises
    ------
    StoreError
        When there is no store, or no such session.
    """

    def __init__(self, store: Store, *, sessions: Sequence[str] = (), runs: Sequence[str] = ()) -> None:
        self._store = store
        self._opened: LocalGraphs = store.graphs()
        self.base = self._opened.base
        self.whole = not (sessions or runs)
        self._chosen = None if self.whole else _chosen(store, self._opened, sessions, runs)

    def model(self) -> Model | None:
        """Load the model file that the store was filled with, if there was one."""
        from provrdf.model import load_model

        copy = Path(self._store.path) / "model.yaml"
        return load_model(copy) if copy.is_file() else None

    def graphs(self, model: Model | None) -> StoreGraphs:
        """Give the graphs of the sessions, and that of the model which they refer to."""
        if self._chosen is None:
            return StoreGraphs(self._opened.store, only=self._opened.named_graphs())
        shared = [f"{self._opened.base}graph/model-{model.sha256[:12]}"] if model else []
        return StoreGraphs(self._opened.store, only=[*(session.graph for session in self._chosen), *shared])

    def lines(self) -> StoredLines:
        """Log lines of the nodes; looked up only when there is a finding."""
        keys = None if self._chosen is None else [session.key for session in self._chosen]
        return StoredLines(self._store, keys)


class StoredLines:
    """Log lines of nodes, made when first asked for: the records have to be mapped again for that."""

    def __init__(self, store: Store, keys: Iterable[str] | None) -> None:
        self._store = store
        self._keys = None if keys is None else list(keys)
        self._lines: dict[str, tuple[str, int]] | None = None

    def get(self, key: str, /) -> tuple[str, int] | None:
        """File and line of the log line that made a node."""
        if self._lines is None:
            self._lines = {}
            for session in [None] if self._keys is None else self._keys:
                self._lines.update(self._store.lines(session))
        return self._lines.get(key)


def _chosen(
    store: Store, opened: LocalGraphs, sessions: Sequence[str], runs: Sequence[str]
) -> list[SessionInfo]:
    known = store.sessions()
    wanted = set(sessions)
    chosen = [session for session in known if wanted & {session.key, session.id}]
    numbers = {run.lstrip("0") for run in runs}  # as in logs, leading zeros do not count
    chosen += [session for session in known if runs and _run(opened, session) in numbers]
    if not chosen:
        names = ", ".join([*(f"session {name}" for name in sessions), *(f"run {name}" for name in runs)])
        message = f"has no {names}; it has {', '.join(session.id for session in known[:8]) or 'no sessions'}"
        raise StoreError(message, file=str(store.path))
    return chosen


def _run(opened: LocalGraphs, session: SessionInfo) -> str | None:
    """Read the observation run of a session, without leading zeros."""
    import pyoxigraph

    subject, predicate = pyoxigraph.NamedNode(session.iri), pyoxigraph.NamedNode(_RUN)
    quads = opened.store.quads_for_pattern(subject, predicate, None, pyoxigraph.NamedNode(session.graph))
    return next((str(getattr(quad.object, "value", "")).lstrip("0") for quad in quads), None)
