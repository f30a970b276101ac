"""One statement as text: strict reading of N-Quads lines and one canonical way to write them.

Everything that is sent to a store passes through here. Terms are taken apart by the grammar, so a value can
never end its literal or IRI early, whatever library wrote the input.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from provrdf.errors import FormatError
from provrdf.nquads import escape
from provrdf.vocab import RDF, XSD

_IRI = r'<([^\x00-\x20<>"{}|^`\\\x7f-\x9f]+)>'
_LITERAL = rf'"((?:[^"\\\n\r]|\\.)*)"(?:\^\^{_IRI}|@([A-Za-z]+(?:-[A-Za-z0-9]+)*))?'
_LINE = re.compile(rf"{_IRI} {_IRI} (?:{_IRI}|{_LITERAL}) (?:{_IRI} )?\.[ \t]*\r?\n?\Z")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BRACKET = re.compile(r"[\[\]]")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_SHORT = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


class Value(NamedTuple):
    """A literal: its characters, its datatype, and its language if it has one."""

    text: str
    datatype: str = XSD.string
    language: str | None = None


class Statement(NamedTuple):
    """Subject, predicate, object (an IRI as text, or a Value) and the graph it stands in."""

    subject: str
    predicate: str
    object: str | Value
    graph: str | None = None


def parse_statement(line: str) -> Statement:
    r"""Read one line of N-Quads or N-Triples without blank nodes.

    Raises
    ------
    FormatError
        The line is something else, names a blank node, or has an IRI that stores disagree about.

    Examples
    --------
    >>> parse_statement('<http://x/s> <http://x/p> "caf\\u00e9"@FR .').object.text
    'café'
    """
    match = _LINE.match(line)
    if match is None:
        return _parse_slowly(line)
    subject, predicate, iri, text, datatype, language, graph = match.groups()
    if iri is not None:
        return Statement(subject, predicate, iri, graph)
    if "\\" in text:
        text = unescape(text)
    if language:
        return Statement(subject, predicate, Value(text, RDF.langString, language.lower()), graph)
    return Statement(subject, predicate, Value(text, datatype or XSD.string), graph)


def unescape(text: str) -> str:
    """Replace the escapes of N-Triples by the characters they stand for."""
    return _ESCAPE.sub(_unescape, text)


def _unescape(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    if not digits:
        if match[3] not in _SHORT:
            message = f"'\\{match[3]}' is no escape of N-Quads"
            raise FormatError(message)
        return _SHORT[match[3]]
    code = int(digits, 16)
    return "\ufffd" if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)


def _parse_slowly(line: str) -> Statement:
    """Read a line that is not written our way (escapes in IRIs, other spacing) through Oxigraph's parser."""
    import pyoxigraph

    try:
        found = list(pyoxigraph.parse(line.encode(), format=pyoxigraph.RdfFormat.N_QUADS))
    except (SyntaxError, UnicodeEncodeError) as error:
        message = f"not a line of N-Quads: {line.strip()[:80]!r}"
        raise FormatError(message) from error
    if len(found) != 1:
        message = f"not one statement: {line.strip()[:80]!r}"
        raise FormatError(message)
    quad = found[0]
    terms = [quad.subject, quad.predicate, quad.object]
    if any(not isinstance(term, pyoxigraph.NamedNode | pyoxigraph.Literal) for term in terms):
        message = f"a blank node cannot be published, it has no name: {line.strip()[:80]!r}"
        raise FormatError(message)
    graph = None if isinstance(quad.graph_name, pyoxigraph.DefaultGraph) else quad.graph_name.value
    return Statement(quad.subject.value, quad.predicate.value, _object(quad.object), graph)


def _object(term: object) -> str | Value:
    language = getattr(term, "language", None)
    if language:
        return Value(term.value, RDF.langString, language.lower())  # type: ignore[attr-defined]
    datatype = getattr(term, "datatype", None)
    return term.value if datatype is None else Value(term.value, datatype.value)  # type: ignore[attr-defined]


def check_iri(iri: str) -> str:
    """Return an IRI that every store takes as it is.

    Raises
    ------
    FormatError
        It is relative, has characters some store refuses or changes, or a broken percent escape.
    """
    _, _, after = iri.partition("://")
    path = after.partition("/")[2] if after else iri
    if not _SCHEME.match(iri) or _BRACKET.search(path) or _BAD_PERCENT.search(iri):
        message = f"stores disagree about the IRI {iri!r}: it must be absolute, special characters as %XX"
        raise FormatError(message)
    return iri


def write_object(term: str | Value) -> str:
    """Write an object as N-Triples; canonical: one form for one value."""
    if isinstance(term, str):
        return f"<{term}>"
    if term.language:
        return f'"{escape(term.text)}"@{term.language}'
    suffix = "" if term.datatype == XSD.string else f"^^<{term.datatype}>"
    return f'"{escape(term.text)}"{suffix}'


def write_triple(statement: Statement) -> str:
    """Write subject, predicate and object as one line of N-Triples, without the line end."""
    return f"<{statement.subject}> <{statement.predicate}> {write_object(statement.object)} ."
