"""Reading back: a store's current graphs, asked as if they were the local store."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from provrdf.config import LOCAL_BASE, Config
from provrdf.errors import ConfigError, QueryError
from provrdf.publish.catalog import CATALOG_KEY, CatalogSettings
from provrdf.publish.client import JSON, NTRIPLES, Patience, truth
from provrdf.publish.connection import Connection, connect_store
from provrdf.publish.credentials import Credentials
from provrdf.publish.discovery import Addresses
from provrdf.sparql import CheckedQuery, check_words, quote_iri
from provrdf.vocab import PROVRDF

if TYPE_CHECKING:
    import pyoxigraph

    from provrdf.graphsource import RemoteGraphs

    Answer = pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples


class PublishedGraphs:
    """What a store's catalog calls current, asked as one default graph.

    Superseded graphs are not seen, and graph names are those of the local store: ``{base}graph/K``.

    Parameters
    ----------
    connection : Connection
        The store.
    whole : bool
        Ask all of the store instead, for stores that others filled.
    """

    def __init__(self, connection: Connection, *, whole: bool = False) -> None:
        self.connection = connection
        self.base = connection.settings.base
        self._whole = whole

    @functools.cached_property
    def current(self) -> Mapping[str, str]:
        """Name here -> name in the store, of every current graph."""
        found = self.connection.catalog.all_current(row_cap=self.connection.capabilities.row_cap)
        return {name: graphs[0] for name, graphs in found.items()}

    def send(self, text: str) -> Answer:
        """Answer a query; the result is of the same kind as that of a local Oxigraph store.

        Parameters
        ----------
        text : str
            The query. Texts of users go through :func:`provrdf.sparql.check_query` first, which says whether
            SERVICE is allowed; here the words are checked once more.

        Raises
        ------
        QueryError
            The query is not allowed, or nothing is published there.
        ClientError
            The store did not answer.
        """
        query = check_words(text, allow_service=True)
        if self._whole:
            return self._asked(query, ())
        if not self.current:
            message = f"nothing is published there: {self.connection.settings.name} names no graph"
            raise QueryError(message)
        if not self._heeds_graphs:
            return self._copy.query(query.text, use_default_graph_as_union=True)
        return self._asked(query.on_graphs(self.current), tuple(self.current.values()))

    def _asked(self, query: CheckedQuery, graphs: tuple[str, ...]) -> Answer:
        import pyoxigraph

        client = self.connection.client
        if query.form in ("SELECT", "ASK"):
            body = client.result(query.text, accept=JSON, graphs=graphs)
            if query.form == "ASK":
                body = json.dumps({"head": {}, "boolean": truth(json.loads(body))}).encode()
            body = self._renamed(body) if "GRAPH" in query.text and graphs else body
            return pyoxigraph.parse_query_results(body, format=pyoxigraph.QueryResultsFormat.JSON)
        body = client.result(query.text, accept=NTRIPLES, graphs=graphs)
        store = pyoxigraph.Store()
        store.load(body, format=pyoxigraph.RdfFormat.N_TRIPLES)
        cap = self.connection.capabilities.row_cap
        if cap is not None and len(store) >= cap:
            message = (
                f"the store gives at most {cap} statements at a time, so its answer was cut; ask for less"
            )
            raise QueryError(message)
        return store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")

    def _renamed(self, body: bytes) -> bytes:
        """Give graphs in an answer their names here."""
        names = {published: name for name, published in self.current.items()}
        answer: dict[str, Any] = json.loads(body)
        for row in answer.get("results", {}).get("bindings", []):
            for term in row.values():
                if term["type"] == "uri":
                    term["value"] = names.get(term["value"], term["value"])
        return json.dumps(answer).encode()

    @functools.cached_property
    def _heeds_graphs(self) -> bool:
        """Whether the store confines a query to the graphs named beside it; asked, not believed."""
        if not self.connection.capabilities.datasets:
            return False
        client, some = self.connection.client, next(iter(self.current.values()))
        absent = f"{self.base}graph/absent--{len(self.current)}"

        def sees(graph: str) -> bool:
            answer = client.result("ASK { ?s ?p ?o }", accept=JSON, graphs=[graph])
            return truth(json.loads(answer))

        return sees(some) and not sees(absent)

    @functools.cached_property
    def _copy(self) -> pyoxigraph.Store:
        """The current graphs in memory, for small stores that cannot confine a query."""
        import pyoxigraph

        store = pyoxigraph.Store()
        for name, graph in self.current.items():
            text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {quote_iri(graph)} {{ ?s ?p ?o }} }}"
            body = self.connection.client.result(text, accept=NTRIPLES)
            store.load(body, format=pyoxigraph.RdfFormat.N_TRIPLES, to_graph=pyoxigraph.NamedNode(name))
        return store


def remote_graphs(config: Config) -> RemoteGraphs:
    """Open the endpoint of a configuration as something that answers questions like a local store.

    Without a configured base IRI or catalog, the one catalog that the store has is taken.

    Raises
    ------
    ConfigError
        No endpoint is configured, or the credentials cannot be used.
    QueryError
        Nothing is published there.
    """
    from provrdf.graphsource import RemoteGraphs

    publish = config.publish
    if publish.endpoint is None:
        raise ConfigError("no endpoint is configured: name one with --endpoint URL")
    addresses = Addresses(publish.endpoint, publish.update_url, publish.gsp_url, publish.profile)
    connection = connect_store(addresses, CatalogSettings(config.base, graph=publish.catalog))
    if publish.catalog is None and config.base == LOCAL_BASE:
        connection = _with_its_catalog(connection)
    published = PublishedGraphs(connection)
    return RemoteGraphs(published.send, base=published.base)


def _with_its_catalog(connection: Connection) -> Connection:
    """Find the catalog of a store when there is only one."""
    current = quote_iri(PROVRDF.current)
    rows = connection.client.select(f"SELECT DISTINCT ?c WHERE {{ GRAPH ?c {{ ?n {current} ?g }} }} LIMIT 10")
    names = sorted(row["c"]["value"] for row in rows)
    if len(names) > 1:
        message = f"several catalogs are there, name one with --catalog: {', '.join(names)}"
        raise QueryError(message)
    if not names:
        raise QueryError("nothing is published there: it has no catalog")
    base = names[0].removesuffix(f"graph/{CATALOG_KEY}")
    settings = CatalogSettings(base if base != names[0] else connection.settings.base, graph=names[0])
    return replace(connection, settings=settings)


def connect(
    endpoint: str,
    *,
    base: str,
    catalog: str | None = None,
    profile: str | None = None,
    whole: bool = False,
    credentials: Credentials | None = None,
    patience: Patience | None = None,
) -> PublishedGraphs:
    """Connect to a store for questions only; nothing is changed there.

    Parameters
    ----------
    endpoint : str
        Base or query URL.
    base : str
        Base IRI of the data.
    catalog : str, optional
        IRI of the catalog graph, when it is not ``{base}graph/catalog``.
    profile : str, optional
        Kind of store, when it cannot be told.
    whole : bool
        Ask all of the store, not only what the catalog calls current.
    credentials : Credentials, optional
        None: those of the environment.
    patience : Patience, optional
        How long to wait.
    """
    connection = connect_store(
        Addresses(endpoint, profile=profile),
        CatalogSettings(base, graph=catalog),
        credentials=credentials,
        patience=patience,
    )
    return PublishedGraphs(connection, whole=whole)
