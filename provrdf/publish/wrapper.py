"""For those who know SPARQLWrapper: one that is set up the way a store needs it, for questions only.

Publishing does not use it: it follows redirects with credentials, has no deadline for a whole request, and
its Digest replaces a setting of the whole process (decision 16). Digest is therefore refused here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provrdf.errors import ConfigError
from provrdf.publish.connection import Connection
from provrdf.sparql import check_query

if TYPE_CHECKING:
    from SPARQLWrapper import SPARQLWrapper


def sparqlwrapper(connection: Connection, query: str) -> SPARQLWrapper:
    """Return a SPARQLWrapper that holds a checked query for what a store's catalog calls current.

    Parameters
    ----------
    connection : Connection
        The store.
    query : str
        SPARQL text; SERVICE, FROM and changes are refused.

    Raises
    ------
    QueryError
        The query is not allowed.
    ConfigError
        The credentials are of a kind that SPARQLWrapper handles unsafely.

    Examples
    --------
    ``sparqlwrapper(connection, "SELECT ...").queryAndConvert()``
    """
    from SPARQLWrapper import BASIC, JSON, POST, SPARQLWrapper

    checked = check_query(query)
    current = {name: graphs[0] for name, graphs in connection.catalog.all_current().items()}
    wrapper = SPARQLWrapper(connection.client.endpoint.query, returnFormat=JSON)
    wrapper.setMethod(POST)
    wrapper.setTimeout(max(int(connection.client.patience.seconds), 1))
    for graph in current.values():
        wrapper.addParameter("default-graph-uri", graph)
        wrapper.addParameter("named-graph-uri", graph)
    known = connection.client.credentials
    if known.secret is not None and known.scheme == "bearer":
        wrapper.addCustomHttpHeader("Authorization", f"Bearer {known.secret.reveal()}")
    elif known.secret is not None and known.scheme == "basic":
        wrapper.setHTTPAuth(BASIC)
        wrapper.setCredentials(known.user, known.secret.reveal())
    elif known.secret is not None:
        raise ConfigError("SPARQLWrapper is given a password only with PROVRDF_AUTH=basic, or a token")
    wrapper.setQuery(checked.on_graphs(current).text)
    return wrapper
