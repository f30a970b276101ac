"""The internal form of the PROV and IVOA rules: terms are plain strings, links are lists of pairs.

A term is an IRI as it is, a blank node as ``_:id``, a literal as ``"`` and its text (``"r0_to_dl1``):
the first character tells them apart. Only predicates that a rule or a name for people needs are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote

from provrdf.errors import UsageError
from provrdf.iris import PROVRDF, VOCABULARY_PREFIXES, VOPROV

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib

PROV = VOCABULARY_PREFIXES["prov"]
TYPE = VOCABULARY_PREFIXES["rdf"] + "type"
LABEL = VOCABULARY_PREFIXES["rdfs"] + "label"
NAME = VOPROV + "name"
SESSION = PROVRDF + "inSession"
RUN = PROVRDF + "observationRun"

NAMING = frozenset((LABEL, NAME, SESSION, RUN))
"""Predicates that give a node its name for people."""

Triple = tuple[str, str, str]


class Graphs(Protocol):
    """Graphs that come one by one, in the internal form."""

    def triples_by_graph(self) -> Iterable[tuple[str, Iterable[Triple]]]:
        """Yield the graphs, as (name, triples)."""


if TYPE_CHECKING:
    Source = pyoxigraph.Store | pyoxigraph.Dataset | rdflib.Graph | Graphs | Iterable[pyoxigraph.Quad]


class Facts:
    """The statements of one graph, or of the union of several, by predicate.

    Parameters
    ----------
    wanted : collection of str
        Predicates (IRIs) that are kept.
    """

    def __init__(self, wanted: Collection[str]) -> None:
        self.pairs: dict[str, list[tuple[str, str]]] = {predicate: [] for predicate in wanted}
        self._objects: dict[str, dict[str, list[str]]] = {}
        self._subjects: dict[str, dict[str, list[str]]] = {}

    def add_all(self, triples: Iterable[Triple]) -> None:
        """Add statements; those of other predicates are passed over."""
        pairs = self.pairs
        for subject, predicate, value in triples:
            if predicate in pairs:
                pairs[predicate].append((subject, value))

    def merge(self, other: Facts, known: Callable[[str, str], str]) -> None:
        """Add the statements of another graph.

        Parameters
        ----------
        other : Facts
            Statements with the same predicates or more.
        known : callable
            ``setdefault`` of a dictionary: equal texts become one object, which bounds the memory of a union.
        """
        for predicate, pairs in self.pairs.items():
            pairs.extend((known(s, s), known(o, o)) for s, o in other.pairs.get(predicate, ()))

    def objects(self, predicate: str) -> dict[str, list[str]]:
        """Subject -> its objects, each once, in order of appearance."""
        index = self._objects.get(predicate)
        if index is None:
            index = self._objects[predicate] = {}
            for subject, value in dict.fromkeys(self.pairs.get(predicate, ())):
                index.setdefault(subject, []).append(value)
        return index

    def subjects(self, predicate: str) -> dict[str, list[str]]:
        """Object -> its subjects, each once, in order of appearance."""
        index = self._subjects.get(predicate)
        if index is None:
            index = self._subjects[predicate] = {}
            for subject, value in dict.fromkeys(self.pairs.get(predicate, ())):
                index.setdefault(value, []).append(subject)
        return index

    def first(self, node: str, predicate: str) -> str | None:
        """One object of a node: the smallest, so that order of input does not matter."""
        return min(self.objects(predicate).get(node, ()), default=None)

    def name(self, node: str) -> str:
        """Name a node for people: label and, for an activity, the run it belongs to."""
        label = self.label(node)
        session = self.first(node, SESSION)
        if session is None:
            return label
        run = self.first(session, RUN)
        return f"{label} of run {text(run)}" if run else f"{label} of session {self.label(session)}"

    def label(self, node: str) -> str:
        """Label of a node; the readable end of its IRI when it has none."""
        label = self.first(node, LABEL) or self.first(node, NAME)
        return text(label) if label else short(node)

    def kind(self, node: str) -> str:
        """Tell what a node is: the name of its activity or entity in the model."""
        name = self.first(node, NAME)
        return text(name) if name else ""


def text(term: str) -> str:
    """Text of a literal, or the term itself."""
    return term[1:] if term.startswith('"') else term


def is_blank(term: str) -> bool:
    """Whether a term is a blank node: something that exists, without a name of its own."""
    return term.startswith("_:")


def is_literal(term: str) -> bool:
    """Whether a term is a literal."""
    return term.startswith('"')


def short(node: str) -> str:
    """Readable end of an IRI.

    >>> short("http://example.org/run/dl1%20file.h5"), short("_:b0")
    ('dl1 file.h5', 'something without a name')
    """
    if is_blank(node):
        return "something without a name"
    if is_literal(node):
        return text(node)
    tail = node.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]
    return unquote(tail) or node


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
        yield from _of_quads(source, wanted)
        return
    for name, triples in triples_by_graph:
        facts = Facts(wanted)
        facts.add_all(triples)
        yield name, facts


def _of_store(store: Any) -> Iterator[tuple[str, Iterator[Triple]]]:
    from pyoxigraph import DefaultGraph

    # Models first: rules that compare things with their descriptions then need to keep no graph waiting.
    named = sorted(store.named_graphs(), key=lambda graph: "/model-" not in graph.value)
    for graph in (DefaultGraph(), *named):
        name = "" if isinstance(graph, DefaultGraph) else _oxigraph_term(graph)
        quads = store.quads_for_pattern(None, None, None, graph)
        yield name, ((_oxigraph_term(s), p.value, _oxigraph_term(o)) for s, p, o, _ in quads)


def _of_quads(quads: Any, wanted: Collection[str]) -> Iterator[tuple[str, Facts]]:
    from pyoxigraph import DefaultGraph

    graphs: dict[Any, dict[str, list[tuple[str, str]]]] = {}
    for quad in quads:
        if not hasattr(quad, "graph_name"):
            message = f"not a quad: {quad!r}; give a pyoxigraph or rdflib dataset, or pyoxigraph quads"
            raise UsageError(message)
        subject, predicate, value, graph = quad
        predicate = predicate.value
        if predicate not in wanted:
            continue
        pairs = graphs.setdefault(graph, {})
        pairs.setdefault(predicate, []).append((_oxigraph_term(subject), _oxigraph_term(value)))
    for graph, pairs in graphs.items():
        facts = Facts(wanted)
        facts.pairs.update(pairs)
        yield ("" if isinstance(graph, DefaultGraph) else _oxigraph_term(graph)), facts


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
