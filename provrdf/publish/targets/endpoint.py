"""Target: a SPARQL endpoint."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

from provrdf.publish.catalog import CatalogSettings, Entry, check_names
from provrdf.publish.client import ClientError
from provrdf.publish.connection import Connection
from provrdf.publish.content import SessionGraph
from provrdf.publish.fixed import keep_fixed_name, need_atomic
from provrdf.publish.protocol import Protocol
from provrdf.publish.receipt import Outcome, Receipt, now
from provrdf.publish.targets import Progress

_UNASSIGNED = (
    "activities without a session share one graph, and what was published of them before, maybe of another "
    "log, was replaced; publish such logs together"
)
_GIVE_UP = 3  # failures in a row after which the store counts as down


@dataclass(frozen=True)
class EndpointTarget:
    """Publishes to a triple store by SPARQL; see :mod:`provrdf.publish.protocol` for the steps.

    Attributes
    ----------
    connection : Connection
        The store.
    republish : bool
        Publish sessions that were withdrawn.
    fixed_names : bool
        Also keep a copy of what is current under the session's own name; only where the store does it safely.
    parallel : int or None
        Graphs sent at a time; None: what the store stands. One is verified while the next is sent.
    """

    connection: Connection
    republish: bool = False
    fixed_names: bool = False
    parallel: int | None = None

    def publish(
        self,
        graphs: Sequence[SessionGraph],
        settings: CatalogSettings,
        *,
        progress: Progress | None = None,
    ) -> Receipt:
        """Publish graphs; shared ones are there before the sessions that refer to them."""
        check_names(graphs, settings)
        connection = replace(self.connection, settings=settings)
        started = now()
        with connection.state.lock():
            entries = connection.catalog.entries(graphs)
            done = [_unchanged(graph) for graph in graphs if _is_current(graph, entries[graph.name])]
            rest = [graph for graph in graphs if not _is_current(graph, entries[graph.name])]
            notes: list[str] = []
            if rest or self.fixed_names:
                connection = connection.for_changes()
            if self.fixed_names:
                need_atomic(connection)
            if rest:
                run = _Run(self, connection, entries, progress)
                done += run.all([graph for graph in rest if graph.session is None])
                done += run.all([graph for graph in rest if graph.session is not None])
            if self.fixed_names:
                notes = keep_fixed_name(connection, graphs)
            notes += [_UNASSIGNED for outcome in done if _replaced_unassigned(outcome)]
        traffic = connection.client.traffic
        return Receipt(
            target=connection.client.endpoint.query,
            catalog=settings.name,
            started=started,
            ended=now(),
            outcomes=sorted(done, key=lambda outcome: outcome.name),
            requests=traffic.requests,
            writes=traffic.writes,
            bytes_sent=traffic.bytes_sent,
            notes=notes,
        )


@dataclass
class _Run:
    """One run over several graphs; stops trying when the store is down."""

    target: EndpointTarget
    connection: Connection
    entries: dict[str, Entry]
    progress: Progress | None
    failures: int = field(default=0)

    def __post_init__(self) -> None:
        self._protocol = Protocol(
            client=self.connection.client,
            capabilities=self.connection.capabilities,
            settings=self.connection.settings,
            state=self.connection.state,
            republish=self.target.republish,
            in_parts=self.connection.profile.parallel > 1,
        )

        self._introduce()

    def _introduce(self) -> None:
        """Let the store ask who we are by a change that changes nothing, not by a large upload sent twice."""
        client = self.connection.client
        if client.credentials.secret is not None and client.credentials.scheme in ("auto", "digest"):
            with contextlib.suppress(ClientError):
                client.update("INSERT DATA { }")

    def all(self, graphs: Sequence[SessionGraph]) -> list[Outcome]:
        """Publish graphs, some at a time."""
        workers = self.target.parallel or self.connection.profile.parallel
        with ThreadPoolExecutor(max_workers=max(workers, 1)) as pool:
            return list(pool.map(self._one, graphs))

    def _one(self, graph: SessionGraph) -> Outcome:
        entry = self.entries[graph.name]
        if self.failures >= _GIVE_UP:
            why = f"not tried: {_GIVE_UP} others in a row failed before it. Run the same again"
            return _outcome(graph, entry, message=why)
        progress = partial(self.progress, graph) if self.progress else None
        outcome = self._protocol.publish(graph, entry, progress=progress)
        self.failures = self.failures + 1 if outcome.state in ("failed", "unknown") else 0
        return outcome


def _is_current(graph: SessionGraph, entry: Entry) -> bool:
    return entry.current == (graph.published,)


def _unchanged(graph: SessionGraph) -> Outcome:
    return replace(_outcome(graph, Entry((graph.published,))), state="unchanged")


def _outcome(graph: SessionGraph, entry: Entry, *, message: str = "") -> Outcome:
    return Outcome(
        name=graph.name,
        key=graph.key,
        state="failed",
        graph=graph.published,
        previous=entry.current[0] if entry.current else None,
        digest=graph.content.digest,
        triples=graph.content.triples,
        message=message,
    )


def _replaced_unassigned(outcome: Outcome) -> bool:
    return outcome.key == "unassigned" and outcome.state == "published" and outcome.previous is not None
