"""Fixed names: a copy of what is current under the session's own graph name, for readers that need it.

Only where the probe saw that a store undoes a half-done request: then ONE request replaces the copy from the
published graph, which stays, so a repeat does no harm. On other stores a reader could see a mixture.
"""

from __future__ import annotations

from collections.abc import Sequence

from provrdf.errors import ConfigError
from provrdf.publish.asking import count
from provrdf.publish.client import ClientError
from provrdf.publish.connection import Connection
from provrdf.publish.content import SessionGraph
from provrdf.publish.verifying import verify
from provrdf.sparql import quote_iri
from provrdf.vocab import PROVRDF


def need_atomic(connection: Connection) -> None:
    """Refuse stores on which a reader could see a copy half replaced.

    Raises
    ------
    ConfigError
        The store does not replace a graph all at once.
    """
    if not connection.capabilities.atomic:
        raise ConfigError(
            "this store does not undo half-done requests, so graphs cannot be kept under fixed names safely; "
            "readers should follow provrdf:current in the catalog"
        )


def keep_fixed_name(connection: Connection, graphs: Sequence[SessionGraph]) -> list[str]:
    """Bring the copies of some graphs in line with what is current; returns notes on those that failed."""
    currents = connection.catalog.currents(graph.name for graph in graphs)
    notes = []
    for graph in graphs:
        if currents.get(graph.name) != [graph.published]:
            continue
        try:
            if not _copied(connection, graph):
                notes.append(f"{graph.name}: the copy under this name is not complete; run the same again")
        except ClientError as error:
            notes.append(f"{graph.name}: the copy under this name was not made: {error.message}")
    return notes


def _copied(connection: Connection, graph: SessionGraph) -> bool:
    client, capabilities = connection.client, connection.capabilities
    if count(client, graph.name) == graph.content.triples and verify(
        client, graph.name, graph.content, capabilities
    ):
        return True
    fixed, source = quote_iri(graph.name), quote_iri(graph.published)
    # Only while it is current: a late copy of this request must not bring back what was replaced meanwhile.
    link = f"{fixed} {quote_iri(PROVRDF.current)} {source}"
    current = f"GRAPH {quote_iri(connection.settings.name)} {{ {link} }}"
    everything = f"GRAPH {fixed} {{ ?s ?p ?o }}"
    text = (
        f"DELETE {{ {everything} }} WHERE {{ {current} {everything} }} ;\n"
        f"INSERT {{ {everything} }} WHERE {{ {current} GRAPH {source} {{ ?s ?p ?o }} }}"
    )
    client.persist(lambda: client.update(text))
    return verify(client, graph.name, graph.content, capabilities)
