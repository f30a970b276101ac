"""What publishing would change, and how a store differs from what is here. Only asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from provrdf.publish.asking import count, read_back
from provrdf.publish.catalog import Entry
from provrdf.publish.connection import Connection
from provrdf.publish.content import SessionGraph
from provrdf.publish.statement import write_triple
from provrdf.publish.verifying import comparable
from provrdf.sparql import quote_iri
from provrdf.vocab import DCTERMS, PROVRDF, VOID

Relation = Literal["new", "changed", "unchanged", "withdrawn", "unknown here"]


@dataclass(frozen=True)
class Comparison:
    """How one session here relates to what a store has of it.

    Attributes
    ----------
    name, key : str
        IRI of the session's graph here, and its key.
    relation : str
        new, changed, unchanged, withdrawn; ``unknown here`` when only the store has it.
    triples : int
        Statements here, or there when it is unknown here.
    added, removed : tuple of str
        Lines that publishing would add and take away, for a changed session when they were asked for.
    issued : str
        When what the store has was published.
    """

    name: str
    key: str
    relation: Relation
    triples: int = 0
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    issued: str = ""


def compare(
    connection: Connection, graphs: Sequence[SessionGraph], *, differences: bool = True
) -> list[Comparison]:
    """Compare graphs with what a store has of them.

    Parameters
    ----------
    connection : Connection
        The store.
    graphs : sequence of SessionGraph
        What is here.
    differences : bool
        Read back changed graphs to tell which statements differ.
    """
    entries = connection.catalog.entries(graphs)
    return [_compare(connection, graph, entries[graph.name], differences) for graph in graphs]


def _compare(connection: Connection, graph: SessionGraph, entry: Entry, differences: bool) -> Comparison:
    relation: Relation
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    if entry.current[:1] == (graph.published,):
        relation = "unchanged"
    elif entry.current:
        relation = "changed"
        if differences:
            added, removed = _differences(connection, graph, entry.current[0])
    else:
        relation = "withdrawn" if entry.withdrawn else "new"
    return Comparison(graph.name, graph.key, relation, graph.content.triples, added, removed)


def _differences(
    connection: Connection, graph: SessionGraph, published: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    cap = connection.capabilities.row_cap
    found = read_back(connection.client, published, row_cap=cap)
    there = {comparable(statement): statement for statement in found}
    here = {comparable(statement): statement for statement in graph.content.statements()}
    added = sorted(write_triple(here[key]) for key in here.keys() - there.keys())
    removed = sorted(write_triple(there[key]) for key in there.keys() - here.keys())
    return tuple(added), tuple(removed)


def survey(connection: Connection, graphs: Sequence[SessionGraph] | None = None) -> list[Comparison]:
    """List what a store has published; with graphs from here, how each relates to it.

    Parameters
    ----------
    connection : Connection
        The store.
    graphs : sequence of SessionGraph, optional
        What is here; None: nothing is compared, every session of the store counts as unchanged.
    """
    there = _published(connection)
    compared = {found.name: found for found in compare(connection, graphs or (), differences=False)}
    listed = []
    for name, (issued, triples) in sorted(there.items()):
        here = compared.pop(name, None)
        key = name.removeprefix(f"{connection.settings.base}graph/")
        relation: Relation = here.relation if here else ("unchanged" if graphs is None else "unknown here")
        listed.append(Comparison(name, key, relation, here.triples if here else triples, issued=issued))
    return listed + [compared[name] for name in sorted(compared)]


def _published(connection: Connection) -> dict[str, tuple[str, int]]:
    """Return when each current graph was issued, and its size."""
    pattern = (
        f"?name {quote_iri(PROVRDF.current)} ?graph . "
        f"?graph {quote_iri(DCTERMS.issued)} ?issued ; {quote_iri(VOID.triples)} ?triples"
    )
    rows = connection.catalog.pages(
        "?name ?issued ?triples", pattern, row_cap=connection.capabilities.row_cap
    )
    return {row["name"]["value"]: (row["issued"]["value"], int(row["triples"]["value"])) for row in rows}


def really_there(connection: Connection, name: str, triples: int) -> bool:
    """Tell whether the content that is called current is still in the store, by its size."""
    current = connection.catalog.current(name)
    return bool(current) and count(connection.client, current[0]) == triples
