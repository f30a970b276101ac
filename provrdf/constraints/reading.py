"""Reading datasets graph by graph: stores, datasets and quads of pyoxigraph and rdflib, as `Facts`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from provrdf.constraints.facts import Facts, Triple
from provrdf.errors import UsageError

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib


class Graphs(Protocol):
    """Graphs that come one by one, in the internal form."""

    def triples_by_graph(self) -> Iterable[tuple[str, Iterable[Triple]]]:
        """Yield the graphs, as (name, triples)."""


class _Held:
    """Graphs of quads that could be iterated once only: their pairs are kept."""

    def __init__(self, quads: Any, wanted: Collection[str]) -> None:
        self.graphs: dict[Any, dict[str, list[tuple[str, str]]]] = {}
        for quad in quads:
            if not hasattr(quad, "graph_name"):
                message = f"not a quad: {quad!r}; give a pyoxigraph or rdflib dataset, or pyoxigraph quads"
                raise UsageError(message)
            subject, predicate, value, graph = quad
            name = predicate.value
            if name in wanted:
                pairs = self.graphs.setdefault(graph, {})
                pairs.setdefault(name, []).append((_oxigraph_term(subject), _oxigraph_term(value)))

    def facts_by_graph(self, wanted: Collection[str]) -> Iterator[tuple[str, Facts]]:
        for graph, pairs in self.graphs.items():
            facts = Facts(wanted)
            facts.pairs.update((name, found) for name, found in pairs.items() if name in facts.pairs)
            yield _graph_name(graph), facts


if TYPE_CHECKING:
    Source = pyoxigraph.Store | pyoxigraph.Dataset | rdflib.Graph | Graphs | _Held | Iterable[pyoxigraph.Quad]


def read_graphs(source: Source, wanted: Collection[str]) -> Iterator[tuple[str, Facts]]:
    """Yield the graphs of a source one by one, as (name, facts); the default graph has the name ``""``.

    Parameters
    ----------
    source : pyoxigraph.Store, pyoxigraph.Dataset, rdflib.Dataset, rdflib.Graph, Graphs or iterable of quads
        Of a store only one graph is in memory at a time; an iterable is read whole, once.
    wanted : collection of str
        Predicates to keep.
    """
    kind = type(source).__module__.partition(".")[0]
    if hasattr(source, "triples_by_graph"):
        triples_by_graph = source.triples_by_graph()
    elif kind == "rdflib":
        triples_by_graph = _of_rdflib(source)
    elif kind == "pyoxigraph" and hasattr(source, "named_graphs"):
        triples_by_graph = _of_store(source)
    else:
        held = source if isinstance(source, _Held) else _Held(source, wanted)
        yield from held.facts_by_graph(wanted)
        return
    for name, triples in triples_by_graph:
        facts = Facts(wanted)
        facts.add_all(triples)
        yield name, facts


def readable_again(source: Source, wanted: Collection[str]) -> Source:
    """Make sure that a source can be read more than once: an iterable of quads is read now, and kept."""
    kind = type(source).__module__.partition(".")[0]
    if kind == "rdflib" or hasattr(source, "triples_by_graph") or hasattr(source, "named_graphs"):
        return source
    return _Held(source, wanted)


def _of_store(store: Any) -> Iterator[tuple[str, Iterator[Triple]]]:
    from pyoxigraph import DefaultGraph

    # Models first: rules that compare things with their descriptions then need to keep no graph waiting.
    named = sorted(store.named_graphs(), key=lambda graph: "/model-" not in graph.value)
    for graph in (DefaultGraph(), *named):
        quads = store.quads_for_pattern(None, None, None, graph)
        yield _graph_name(graph), ((_oxigraph_term(s), p.value, _oxigraph_term(o)) for s, p, o, _ in quads)


def _graph_name(graph: Any) -> str:
    return "" if type(graph).__name__ == "DefaultGraph" else _oxigraph_term(graph)


def _oxigraph_term(term: Any) -> str:
    """Turn a term into its string; the class is told by its name, which is quicker than isinstance."""
    kind = type(term).__name__
    if kind == "NamedNode":
        return str(term.value)
    if kind == "Literal":
        return '"' + str(term.value)
    return str(term)  # a blank node, ``_:id``; a triple term keeps its own syntax and matches no rule


def _of_rdflib(graph: Any) -> Iterator[tuple[str, Iterator[Triple]]]:
    from rdflib import Dataset

    if not isinstance(graph, Dataset):
        yield "", _rdflib_triples(graph)
        return
    default = graph.default_graph.identifier
    for each in graph.graphs():
        yield ("" if each.identifier == default else _rdflib_term(each.identifier)), _rdflib_triples(each)


def _rdflib_triples(graph: Any) -> Iterator[Triple]:
    for subject, predicate, value in graph:
        yield _rdflib_term(subject), str(predicate), _rdflib_term(value)


def _rdflib_term(term: Any) -> str:
    kind = type(term).__name__
    if kind == "BNode":
        return f"_:{term}"
    return f'"{term}' if kind == "Literal" else str(term)
