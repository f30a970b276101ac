"""What is known of kinds of stores, as a start; the probe then finds out what holds for the one at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Capabilities:
    """What a store can do.

    Attributes
    ----------
    update : bool
        Takes SPARQL Update.
    whole_graphs : bool
        Takes whole graphs by the Graph Store Protocol.
    gzip : bool
        Takes compressed requests.
    atomic : bool
        Undoes the first operation of a request when a later one fails.
    batch : int
        Statements that one INSERT may have.
    row_cap : int or None
        Rows after which it cuts answers without saying so.
    hash_unicode : bool
        Its SHA256 is over UTF-8.
    datasets : bool
        Heeds the graphs named beside a query.
    literals : mapping
        Class of literals -> ``kept``, ``changed`` or ``refused``.
    """

    update: bool = True
    whole_graphs: bool = True
    gzip: bool = False
    atomic: bool = False
    batch: int = 1000
    row_cap: int | None = None
    hash_unicode: bool = True
    datasets: bool = True
    literals: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> Capabilities:
        """Make capabilities of what was kept; facts that have become unknown are left out."""
        names = {known.name for known in fields(cls)}
        return cls(**{name: value for name, value in facts.items() if name in names})


@dataclass(frozen=True)
class Profile:
    """One kind of store.

    Attributes
    ----------
    name : str
        What ``--profile`` takes.
    server : str
        How its ``Server`` header begins, in lower case; empty when it does not tell.
    query, update, graphs : str
        Addresses under the base URL; a graphs address of ``-`` means it has none.
    bulk : str
        Parameters for loading a graph nobody reads yet, without a transaction.
    parallel : int
        Graphs that are sent at a time.
    start : Capabilities
        What to believe until the probe has been.
    """

    name: str
    server: str
    query: str
    update: str
    graphs: str
    bulk: str = ""
    parallel: int = 2
    start: Capabilities = Capabilities()


PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(
            "oxigraph",
            "oxigraph",
            "/query",
            "/update",
            "/store",
            bulk="&no_transaction",
            start=Capabilities(gzip=True, atomic=True, batch=10_000),
        ),
        Profile("fuseki", "apache jena fuseki", "/query", "/update", "/data", start=Capabilities(gzip=True)),
        Profile(
            "virtuoso",
            "virtuoso",
            "/sparql",
            "/sparql-auth",
            "/sparql-graph-crud-auth",
            parallel=1,
            start=Capabilities(row_cap=10_000, hash_unicode=False),
        ),
        Profile(
            "graphdb", "graphdb", "", "/statements", "/rdf-graphs/service", start=Capabilities(atomic=True)
        ),
        Profile("rdf4j", "", "", "/statements", "/rdf-graphs/service", start=Capabilities(atomic=True)),
        Profile(
            "rdflib-endpoint",
            "uvicorn",
            "/",
            "/",
            "-",
            parallel=1,
            start=Capabilities(whole_graphs=False, batch=100),
        ),
        Profile("generic", "", "", "/update", "/data", parallel=1),
    )
}
"""The kinds of stores, by name; the probe decides what really holds."""
