"""Where questions are put: logs, RDF files, a local store or a remote one, behind one small interface.

A question sees the union of all named graphs as its default graph, so nobody has to write ``GRAPH``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from provrdf.config import Config
from provrdf.errors import QueryError
from provrdf.rdfinput import load_rdf, load_stream
from provrdf.sparql import syntax_mistake

if TYPE_CHECKING:
    import pyoxigraph

    from provrdf.graph import Summary
    from provrdf.model import Model
    from provrdf.records import Record

    Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple
    Answer = pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples

_CHUNK = 400  # nodes per request to an endpoint: some stores refuse queries beyond 10,000 "lines of code"
_SPOOL = 32 << 20  # bytes of mapped text kept in memory before a temporary file takes over


class GraphSource(Protocol):
    """Something that answers SPARQL queries and looks up links quickly.

    Attributes
    ----------
    base : str
        Base IRI of the data; the prefixes ``activity:``, ``entity:``, ... stand under it.
    """

    base: str

    def ask(self, text: str, *, repeats: bool = False) -> Answer:
        """Answer a SPARQL query (SELECT, ASK, CONSTRUCT or DESCRIBE) that declares its own prefixes.

        With `repeats` the answer may be quicker, and what several graphs say may come several times.
        """

    def links(
        self, nodes: Iterable[str], predicate: str, *, inverse: bool = False
    ) -> Iterator[tuple[str, Term]]:
        """Look up what nodes are linked to, or with `inverse` what is linked to them: (node, other) pairs.

        A pair may come more than once when several graphs say the same.
        """

    def has(self, predicate: str) -> bool:
        """Tell whether anything is linked by a predicate at all."""


class LocalGraphs:
    """Graphs in an Oxigraph store in this process.

    Oxigraph can take all graphs together as the default graph, but then gives what two graphs say twice,
    which makes counts wrong and paths slow. So questions go to a default graph that holds everything once.

    Parameters
    ----------
    store : pyoxigraph.Store
        In memory or on disk.
    base : str
        Base IRI of the data.
    merged : bool
        The default graph holds everything once already.
    """

    def __init__(self, store: pyoxigraph.Store, *, base: str = Config.base, merged: bool = False) -> None:
        self.store = store
        self.base = base
        self.held: object = None
        """Whatever must stay alive with the store, such as a lock."""
        self._asked = store if merged else None
        self._merged = merged

    def ask(self, text: str, *, repeats: bool = False) -> Answer:
        """Answer a SPARQL query over everything in all graphs."""
        together = repeats and self._asked is None
        store = self.store if together else self._merge()
        try:
            return store.query(text, use_default_graph_as_union=together)
        except SyntaxError as error:
            raise QueryError(syntax_mistake(error, text)) from error
        except (RuntimeError, ValueError) as error:
            message = f"the query cannot be answered: {error}"
            raise QueryError(message) from error

    def _merge(self) -> pyoxigraph.Store:
        """Make a copy whose default graph holds everything once; the store may not be ours to change."""
        import pyoxigraph

        if self._asked is None:
            self._asked = pyoxigraph.Store()
            self._asked.bulk_extend(self.store)
            self._asked.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
        return self._asked

    def named_graphs(self) -> list[str]:
        """Return the IRIs of the graphs, sorted."""
        return sorted(getattr(graph, "value", str(graph)) for graph in self.store.named_graphs())

    def links(
        self, nodes: Iterable[str], predicate: str, *, inverse: bool = False
    ) -> Iterator[tuple[str, Term]]:
        """Look up links node by node in the indexes: no query to parse, microseconds each."""
        import pyoxigraph

        relation = pyoxigraph.NamedNode(predicate)
        graph = pyoxigraph.DefaultGraph() if self._merged else None
        match = self.store.quads_for_pattern
        for node in nodes:
            term = pyoxigraph.NamedNode(node)
            if inverse:
                yield from ((node, quad.subject) for quad in match(None, relation, term, graph))
            else:
                yield from ((node, quad.object) for quad in match(term, relation, None, graph))

    def has(self, predicate: str) -> bool:
        """Look for one statement with the predicate."""
        import pyoxigraph

        found = self.store.quads_for_pattern(None, pyoxigraph.NamedNode(predicate), None)
        return next(iter(found), None) is not None


class RemoteGraphs:
    """Graphs of a SPARQL endpoint.

    Parameters
    ----------
    send : callable
        Takes the text of a query, gives what the endpoint answered as an `Answer`.
        It also says which graphs count (those the catalog calls current).
    base : str
        Base IRI of the data.
    """

    def __init__(self, send: Callable[[str], Answer], *, base: str = Config.base) -> None:
        self._send = send
        self.base = base

    def ask(self, text: str, *, repeats: bool = False) -> Answer:
        """Answer a SPARQL query over what the catalog calls current."""
        return self._send(text)

    def links(
        self, nodes: Iterable[str], predicate: str, *, inverse: bool = False
    ) -> Iterator[tuple[str, Term]]:
        """Look up links, some hundred nodes per request."""
        import pyoxigraph

        pattern = "?other {p} ?node" if inverse else "?node {p} ?other"
        pattern = pattern.format(p=pyoxigraph.NamedNode(predicate))
        remaining = iter(nodes)
        while chunk := list(islice(remaining, _CHUNK)):
            values = " ".join(str(pyoxigraph.NamedNode(node)) for node in chunk)
            answer = self._send(
                f"SELECT DISTINCT ?node ?other WHERE {{ VALUES ?node {{ {values} }} {pattern} }}"
            )
            for solution in answer:  # type: ignore[union-attr]
                yield solution["node"].value, solution["other"]

    def has(self, predicate: str) -> bool:
        """Ask the server."""
        import pyoxigraph

        return bool(self._send(f"ASK {{ ?node {pyoxigraph.NamedNode(predicate)} ?other }}"))


def graphs_of_inputs(
    rdf_files: Iterable[str | Path] = (),
    records: Iterable[Record] = (),
    *,
    config: Config | None = None,
    model: Model | None = None,
    tell: Callable[[Summary], object] | None = None,
) -> LocalGraphs:
    """Put RDF files and mapped records into an in-memory store.

    Parameters
    ----------
    rdf_files : iterable of path
        RDF files of any syntax.
    records : iterable of Record
        Records of logs; they are mapped together.
    config, model : optional
        As for `provrdf.to_dataset`.
    tell : callable, optional
        Takes the summary of the mapping, if there are records.
    """
    import pyoxigraph

    config = config or Config()
    store = pyoxigraph.Store()
    for path in rdf_files:
        load_rdf(store, path)
    summary = load_records(store, records, config=config, model=model)
    if tell is not None and summary.records:
        tell(summary)
    return LocalGraphs(store, base=base_of(store) or config.base)


def load_records(
    store: pyoxigraph.Store, records: Iterable[Record], *, config: Config, model: Model | None = None
) -> Summary:
    """Map records and load the quads into a store."""
    from provrdf.graph import write_nquads

    with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as text:
        summary = write_nquads(records, text, config=config, model=model)
        text.seek(0)
        load_stream(store, text, syntax="nquads", base=config.base)
    return summary


def base_of(store: pyoxigraph.Store) -> str | None:
    """Find the base IRI from the name of a session graph: ``{base}graph/K`` that holds ``{base}session/``."""
    for graph in store.named_graphs():
        before, found, _ = graph.value.rpartition("/graph/")
        if found:
            return f"{before}/"
    return None


def shorten(iri: str, names: Mapping[str, str]) -> str:
    """Write an IRI with the longest fitting prefix (``activity:01618--...``), or as it is.

    >>> shorten("http://www.w3.org/ns/prov#used", {"prov": "http://www.w3.org/ns/prov#"})
    'prov:used'
    """
    fitting = [(len(start), name) for name, start in names.items() if iri.startswith(start)]
    if not fitting:
        return iri
    length, name = max(fitting)
    return f"{name}:{iri[length:]}"
