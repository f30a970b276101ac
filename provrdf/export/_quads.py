"""One form of data for all exports: quads of pyoxigraph, sorted, from whatever holds them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Dataset, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from provrdf.config import LOCAL_BASE
from provrdf.errors import FormatError
from provrdf.vocab import PROV, PROVRDF, RDF, RDFS, VOPROV

if TYPE_CHECKING:
    import rdflib

    Source = rdflib.Graph | Store | Dataset | bytes | Iterable[Quad]

TYPE = NamedNode(RDF.type)

# A reader wants to know first what a node is (in PROV, then in IVOA terms) and how it is called.
_FIRST = {RDF.type: 0, RDFS.label: 1}
_FIRST_TYPES = (PROV.BASE, VOPROV.BASE, PROVRDF.BASE)
_SESSION = NamedNode(PROVRDF.Session)
_KIND = re.compile(r"^(https?://.*?/)(?:session|activity|entity|graph)/[^/]*$")


def sorted_quads(source: Source) -> list[Quad]:
    """Take the quads out of anything, each once, sorted by graph, subject, predicate and object.

    Types and labels come first among what is said of a subject.
    """
    return sorted(set(_quads(source)), key=_key)


def _key(quad: Quad) -> tuple[str, str, int, str, int, str]:
    predicate = quad.predicate.value
    order = _FIRST.get(predicate, 2)
    rank = _rank(quad.object.value) if order == 0 and isinstance(quad.object, NamedNode) else 0
    return (str(quad.graph_name), str(quad.subject), order, predicate, rank, str(quad.object))


def _rank(kind: str) -> int:
    return next(
        (rank for rank, start in enumerate(_FIRST_TYPES) if kind.startswith(start)), len(_FIRST_TYPES)
    )


def _quads(source: Any) -> Iterator[Quad]:
    if isinstance(source, bytes):
        try:
            yield from parse(source, RdfFormat.N_QUADS)
        except SyntaxError as error:
            message = f"not N-Quads: {error}"
            raise FormatError(message) from error
    elif isinstance(source, (Store, Dataset)):
        yield from source
    elif hasattr(source, "namespace_manager"):
        yield from _from_rdflib(source)
    else:
        yield from source


def _from_rdflib(graph: rdflib.Graph) -> Iterator[Quad]:
    import rdflib

    if not isinstance(graph, rdflib.Dataset):
        for s, p, o in graph:
            yield Quad(_term(s), _term(p), _term(o))
        return
    nowhere = (None, rdflib.graph.DATASET_DEFAULT_GRAPH_ID)
    for s, p, o, name in graph.quads((None, None, None, None)):
        place = DefaultGraph() if name in nowhere else _term(name)
        yield Quad(_term(s), _term(p), _term(o), place)


def _term(term: Any) -> Any:
    """Turn a term of rdflib into the same term of pyoxigraph, with the same lexical form."""
    import rdflib

    if isinstance(term, rdflib.Literal):
        if term.language:
            return Literal(str(term), language=term.language)
        return Literal(str(term), datatype=NamedNode(term.datatype) if term.datatype else None)
    if isinstance(term, rdflib.BNode):
        return BlankNode(str(term))
    try:
        return NamedNode(str(term))
    except ValueError as error:
        message = f"{str(term)!r} is not an IRI: {error}"
        raise FormatError(message) from error


def find_base(quads: Sequence[Quad]) -> str:
    """Find the base IRI in the data: that of a session, or else of any activity, entity or graph."""
    sessions = (quad.subject for quad in quads if quad.object == _SESSION)
    for node in (*sessions, *(quad.subject for quad in quads)):
        found = _KIND.match(getattr(node, "value", ""))
        if found:
            return found[1]
    return LOCAL_BASE
