"""RDF terms as N-Triples text: what kind they are, what they say, and as terms of rdflib."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from provrdf import nquads
from provrdf.shapes.forms import named

if TYPE_CHECKING:
    from rdflib.term import Node

_ESCAPED = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(["\\nrtbf\']))')
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_STRING = named("xsd:string")
_WORDS = named("rdf:langString")


def is_literal(term: str) -> bool:
    """Whether a term is a literal (rather than an IRI or a blank node)."""
    return term.startswith('"')


def is_iri(term: str) -> bool:
    """Whether a term is an IRI."""
    return term.startswith("<")


def is_blank(term: str) -> bool:
    """Whether a term is a blank node."""
    return term.startswith("_:")


def lexical(term: str) -> str:
    r"""Text of a term: of a literal without quotes and datatype, of an IRI without brackets.

    >>> lexical('"a \\"b\\""'), lexical('"5"^^<http://www.w3.org/2001/XMLSchema#integer>'), lexical("<http://x>")
    ('a "b"', '5', 'http://x')
    """
    if term.startswith("<"):
        return term[1:-1]
    if not term.startswith('"'):
        return term
    inner = term[1 : term.rindex('"')]
    return _ESCAPED.sub(_unescape, inner) if "\\" in inner else inner


def _unescape(match: re.Match[str]) -> str:
    short, long, control = match.groups()
    if control is not None:
        return _CONTROLS.get(control, control)
    return chr(int(short or long, 16))


def datatype(term: str) -> str:
    """Datatype of a literal, as a term; xsd:string when none is written, rdf:langString with a language."""
    tail = term[term.rindex('"') + 1 :]
    if tail.startswith("^^"):
        return tail[2:]
    return _WORDS if tail else _STRING


def to_rdflib(term: str) -> Node:
    """Make an rdflib term of an N-Triples term; literals keep their text as it is written.

    >>> to_rdflib('"01"^^<http://www.w3.org/2001/XMLSchema#integer>')
    rdflib.term.Literal('01', datatype=rdflib.term.URIRef('http://www.w3.org/2001/XMLSchema#integer'))
    """
    import rdflib

    if term.startswith("<"):
        return rdflib.URIRef(term[1:-1])
    if term.startswith("_:"):
        return rdflib.BNode(term[2:])
    tail = term[term.rindex('"') + 1 :]
    if tail.startswith("^^"):
        return rdflib.Literal(lexical(term), datatype=rdflib.URIRef(tail[3:-1]), normalize=False)
    return rdflib.Literal(lexical(term), lang=tail[1:] or None)


def from_rdflib(term: Any) -> str:
    """Write an rdflib term as an N-Triples term, in our own way of escaping."""
    kind = type(term).__name__
    if kind == "URIRef":
        return f"<{term}>"
    if kind == "BNode":
        return f"_:{term}"
    return _literal(str(term), term.language, None if term.datatype is None else str(term.datatype))


def from_oxigraph(term: Any) -> str:
    """Write a pyoxigraph term as an N-Triples term, in our own way of escaping."""
    text = str(term)
    if not text.startswith('"') or "\\" not in text:
        return text
    return _literal(term.value, term.language, term.datatype.value)


def _literal(text: str, language: str | None, datatype: str | None) -> str:
    if language:
        return f"{nquads.string(text)}@{language}"
    if datatype is None or datatype == _STRING[1:-1]:
        return nquads.string(text)
    return nquads.typed(text, datatype)
