"""Questions: SPARQL and named queries over logs, RDF files, a local store or an endpoint.

``named``       the shipped queries (``provrdf/queries/*.rq``): help text and parameters from their comments
``parameters``  values a person typed as RDF terms, and how they are bound
``results``     answers as rows, and in every format
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provrdf.config import Config
from provrdf.graphsource import GraphSource
from provrdf.iris import prefixes
from provrdf.opening import as_graphs
from provrdf.query.named import NamedQuery, Parameter, named_queries, named_query, parse_named
from provrdf.query.parameters import bind, read_values
from provrdf.query.results import Results

__all__ = [
    "NamedQuery",
    "Parameter",
    "Results",
    "ask",
    "named_queries",
    "named_query",
    "parse_named",
    "query",
]


def query(
    source: Any,
    text: str,
    parameters: Mapping[str, object] | None = None,
    *,
    config: Config | None = None,
    model: Any = None,
    allow_service: bool = False,
) -> Results:
    """Answer a SPARQL query or a named query.

    Every query sees all graphs at once as its default graph. The prefixes prov, voprov, provrdf, dcterms,
    rdf, rdfs, spdx, xsd and one per kind of thing (activity, entity, ...) need no declaration.

    Parameters
    ----------
    source : path, list of paths, Store, rdflib.Dataset, pyoxigraph.Store or graph source
        What to ask. Paths may be logs, RDF files or the folder of a local store.
    text : str
        SPARQL, or the name of a shipped query such as ``activities`` (`named_queries` lists them).
    parameters : mapping, optional
        Values of variables, bound as terms (never pasted into the text): ``{"name": "dl1ab"}``.
        Where a file or activity is meant, its IRI, its logged id or its path will do.
    config, model : optional
        As for `provrdf.to_dataset`, used when `source` names logs.
    allow_service : bool
        Let the query send requests to other servers (``SERVICE``).

    Returns
    -------
    Results
        Iterable of one dictionary per row; writes itself in any format.

    Raises
    ------
    QueryError
        When the query has a mistake, is not allowed, or names an unknown query or parameter.
    """
    config = config or Config()
    graphs = as_graphs(source, config=config, model=model)
    if not text.strip().isidentifier() and not _is_name(text):
        return ask(graphs, parse_named("query", text), parameters, config=config, allow_service=allow_service)
    return ask(graphs, named_query(text), parameters, config=config)


def _is_name(text: str) -> bool:
    return text.replace("-", "").isalnum()


def ask(
    graphs: GraphSource,
    asked: NamedQuery,
    parameters: Mapping[str, object] | None = None,
    *,
    config: Config | None = None,
    allow_service: bool = False,
) -> Results:
    """Answer one parsed query; see `query`."""
    names = prefixes(graphs.base)
    bindings = read_values(asked, parameters or {}, graphs, config or Config())
    text = bind(asked.text, bindings)
    if asked.shipped:
        text = _plain(text, names)
    else:
        from provrdf.sparql import check_query

        text = check_query(text, prefixes=names, allow_service=allow_service).text
    return Results(graphs.ask(text), prefixes=names)


def _plain(text: str, names: Mapping[str, str]) -> str:
    from provrdf import _sparql_tokens as tokens

    return tokens.write(tokens.plain(text, names))
