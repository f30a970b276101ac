"""Taking back: withdrawing a session, purging it, and deleting what was superseded long ago.

A withdrawn session leaves a note in the catalog, and its content until it is purged. Purging is for
personal data and secrets: the content is deleted, only its checksum stays.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from provrdf.errors import UsageError
from provrdf.publish import catalog
from provrdf.publish.asking import count
from provrdf.publish.client import ClientError
from provrdf.publish.connection import Connection
from provrdf.publish.protocol import Protocol, StepError
from provrdf.publish.receipt import Outcome
from provrdf.sparql import quote_iri
from provrdf.vocab import DCTERMS, PROVRDF

GRACE = timedelta(days=30)
"""How long superseded content stays: readers may still be in the middle of it."""


def retract(connection: Connection, names: Sequence[str], *, purge: bool = False) -> list[Outcome]:
    """Withdraw sessions; with `purge`, delete all content ever published of them.

    Parameters
    ----------
    connection : Connection
        The store.
    names : sequence of str
        IRIs of the sessions' graphs here, ``{base}graph/K``.
    purge : bool
        Delete the content too.

    Raises
    ------
    UsageError
        Nothing was ever published under one of the names; then none is withdrawn.
    """
    connection = connection.for_changes()
    with connection.state.lock():
        versions = {name: connection.catalog.versions(name) for name in names}
        unknown = [name for name, found in versions.items() if not found]
        if unknown:
            message = f"nothing was ever published of {', '.join(unknown)}; see provrdf status --endpoint URL"
            raise UsageError(message)
        return [_retract(connection, name, versions[name], purge=purge) for name in names]


def _retract(connection: Connection, name: str, versions: Sequence[str], *, purge: bool) -> Outcome:
    started = time.monotonic()
    state, message = "retracted", ""
    current: tuple[str, ...] = ()
    try:
        current = connection.catalog.current(name)
        for graph in current:
            _withdraw(connection, name, graph)
        if count(connection.client, name):  # a copy under the fixed name
            _drop(connection, name)
        if purge:
            for graph in versions:
                _delete(connection, graph, purged=True)
            state = "purged"
    except (ClientError, StepError) as error:
        state = error.state if isinstance(error, StepError) else "unknown"
        message = f"{error}; run the same again"
    return Outcome(
        name=name,
        key=name.removeprefix(f"{connection.settings.base}graph/"),
        state=state,  # type: ignore[arg-type]
        graph=current[0] if current else None,
        message=message,
        seconds=round(time.monotonic() - started, 3),
    )


def _withdraw(connection: Connection, name: str, graph: str) -> None:
    """Take one pointer back and see that it is gone."""
    moment = datetime.now(UTC)
    change = catalog.retraction(name, graph, connection.settings, moment)
    protocol = Protocol(connection.client, connection.capabilities, connection.settings, connection.state)
    connection.state.note(step="retract", name=name, graph=graph)
    protocol.swap(change, name, ())


def _drop(connection: Connection, graph: str) -> None:
    client = connection.client
    client.persist(lambda: client.update(f"DROP SILENT GRAPH {quote_iri(graph)}"))
    if count(client, graph):
        message = f"{graph} was not deleted although the store answered that it was"
        raise StepError("unknown", message)


def _delete(connection: Connection, graph: str, *, purged: bool = False) -> None:
    _drop(connection, graph)
    client = connection.client
    note = catalog.dropped(graph, datetime.now(UTC), purged=purged)
    client.persist(lambda: client.update(catalog.update_text(note, connection.settings)))
    connection.state.note(step="purged" if purged else "dropped", graph=graph)


def collect_garbage(
    connection: Connection, *, grace: timedelta = GRACE, now: datetime | None = None
) -> tuple[list[str], list[str]]:
    """Delete superseded content after a time of grace; also what own runs sent and never finished.

    What is current is never touched, nor what nobody here knows to be superfluous.

    Returns
    -------
    tuple of two lists of str
        Graphs that were deleted, and notes for a person.
    """
    connection = connection.for_changes()
    limit = (now or datetime.now(UTC)) - grace
    with connection.state.lock():
        cap = connection.capabilities.row_cap
        current = {
            graph for graphs in connection.catalog.all_current(row_cap=cap).values() for graph in graphs
        }
        candidates = [*_superseded(connection, limit), *_unfinished(connection, limit)]
        dropped = []
        for graph in dict.fromkeys(candidates):
            if graph in current or not count(connection.client, graph):
                continue
            _delete(connection, graph)
            dropped.append(graph)
    strays = _strays(connection, current) if cap is None else []
    notes = [
        f"{graph}: nobody refers to it, and no run of this machine sent it; left alone" for graph in strays
    ]
    return dropped, notes


def _superseded(connection: Connection, limit: datetime) -> list[str]:
    """Return graphs that another replaced before the limit, or that were withdrawn before it."""
    last: dict[str, str] = {}
    for term in (PROVRDF.supersededAt, PROVRDF.withdrawnAt):
        subject = (
            "?graph" if term == PROVRDF.supersededAt else f"?graph {quote_iri(DCTERMS.isVersionOf)} ?n . ?n"
        )
        pattern = f"{subject} {quote_iri(term)} ?when"
        for row in connection.catalog.pages("?graph ?when", pattern, row_cap=connection.capabilities.row_cap):
            graph, when = row["graph"]["value"], row["when"]["value"]
            last[graph] = max(when, last.get(graph, ""))
    border = limit.strftime("%Y-%m-%dT%H:%M:%SZ")
    return sorted(graph for graph, when in last.items() if when <= border)


def _unfinished(connection: Connection, limit: datetime) -> list[str]:
    """Return graphs that runs of this machine sent before the limit and never made current."""
    sent: dict[str, bool] = {}
    for note in connection.state.notes():
        graph = note.get("graph")
        if not isinstance(graph, str) or datetime.fromisoformat(note["time"]) > limit:
            continue
        if note.get("step") in ("published", "dropped", "purged"):
            sent[graph] = False
        elif note.get("step") == "upload":
            sent[graph] = True
    return [graph for graph, unfinished in sent.items() if unfinished]


def _strays(connection: Connection, current: set[str]) -> list[str]:
    """Return published-looking graphs that the catalog does not know."""
    base = f"{connection.settings.base}graph/"
    rows = connection.client.select(
        'SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } FILTER(REGEX(STR(?g), "--[0-9a-f]{32}$")) }'
    )
    found = {row["g"]["value"] for row in rows if row["g"]["value"].startswith(base)} - current
    known = connection.catalog.pages("?g ?n", f"?g {quote_iri(DCTERMS.isVersionOf)} ?n")
    return sorted(found - {row["g"]["value"] for row in known})
