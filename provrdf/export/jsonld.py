"""JSON-LD with compact names and everything needed to read it inside: no context is fetched from anywhere.

The order is fixed, values keep their lexical form, and IRIs below the base are written relative to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import IO, Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from provrdf.export._context import CONTEXT
from provrdf.export._names import iris, namespace, namespaces
from provrdf.export._quads import TYPE
from provrdf.iris import VOCABULARY_PREFIXES
from provrdf.vocab import XSD

SUMMARY = "JSON-LD: JSON for web programs that is RDF as well, one graph per session"
SUFFIXES = (".jsonld",)

_BASE_PART = re.compile(r"[a-z]+/[^/?#:]*[^/?#:.][^/?#:]*")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")  # up to 15 digits: what every JSON reader keeps exactly


def write(quads: Sequence[Quad], stream: IO[bytes], *, base: str) -> None:
    """Write quads as one JSON-LD document, graph by graph."""
    words = _Words(quads, base)
    context = ",\n    ".join(
        f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in words.context.items()
    )
    stream.write(f'{{\n  "@context": {{\n    {context}\n  }},\n  "@graph": ['.encode())
    for number, node in enumerate(_graphs(quads, words)):
        text = json.dumps(node, indent=2, ensure_ascii=False).replace("\n", "\n    ")
        stream.write(f"{',' if number else ''}\n    {text}".encode())
    stream.write(b"\n  ]\n}\n")


def _graphs(quads: Iterable[Quad], words: _Words) -> Iterator[dict[str, Any]]:
    for name, members in groupby(quads, key=attrgetter("graph_name")):
        nodes = _nodes(members, words)
        if isinstance(name, DefaultGraph):
            yield from nodes
        else:
            yield {"id": words.node(name), "@graph": list(nodes)}


def _nodes(quads: Iterable[Any], words: _Words) -> Iterator[dict[str, Any]]:
    for subject, statements in groupby(quads, key=attrgetter("subject")):
        node: dict[str, Any] = {"id": words.node(subject)}
        for predicate, same in groupby(statements, key=attrgetter("predicate")):
            if predicate == TYPE:
                values = [words.name(quad.object.value) for quad in same]
                name = "type"
            else:
                name = words.name(predicate.value)
                values = [words.value(quad.object, name) for quad in same]
            node[name] = values[0] if len(values) == 1 else values
        yield node


class _Words:
    """The compact names of a document: what the context makes of terms, nodes and values."""

    def __init__(self, quads: Sequence[Quad], base: str) -> None:
        self._base = base
        self._terms = {_expand(entry): name for name, entry in CONTEXT.items() if _is_term(name)}
        models = {
            name: iri for name, iri in namespaces(quads, base).items() if iri.startswith(base) and "#" in iri
        }
        self._prefixes = {iri: name for name, iri in (VOCABULARY_PREFIXES | models).items()}
        self.context = self._used(quads)

    def _used(self, quads: Sequence[Quad]) -> dict[str, Any]:
        used = set(iris(quads))
        terms = {name: CONTEXT[name] for iri, name in self._terms.items() if iri in used}
        spaces = {namespace(iri) for iri in used} | {
            XSD.BASE,
            *(namespace(_expand(each)) for each in terms.values()),
        }
        names = {name: iri for iri, name in self._prefixes.items() if iri in spaces}
        return {"@version": 1.1, "@base": self._base, "id": "@id", "type": "@type"} | names | terms

    def node(self, term: Any) -> str:
        """Name a node: relative to the base where that is safe."""
        if not isinstance(term, NamedNode):
            return str(term)
        prefix = self._prefixes.get(namespace(term.value))
        if prefix is not None:
            return f"{prefix}:{term.value[len(namespace(term.value)) :]}"
        below = term.value.removeprefix(self._base)
        return below if _BASE_PART.fullmatch(below) else term.value

    def name(self, iri: str) -> str:
        """Name a property or class."""
        if iri in self._terms:
            return self._terms[iri]
        start = namespace(iri)
        return f"{self._prefixes[start]}:{iri[len(start) :]}" if start in self._prefixes else iri

    def value(self, term: Any, name: str) -> Any:
        """Write a value of the property called `name`, as short as its exact return allows."""
        entry = CONTEXT.get(name)
        kind = entry["@type"] if isinstance(entry, dict) else None
        if not isinstance(term, Literal):
            return self.node(term) if kind == "@id" else {"id": self.node(term)}
        return self._literal(term, kind)

    def _literal(self, term: Literal, kind: str | None) -> Any:
        if term.language:
            return {"@value": term.value, "@language": term.language}
        datatype = self.name(term.datatype.value)
        if kind is not None:
            return term.value if kind == datatype else {"@value": term.value, "@type": datatype}
        if datatype == "xsd:string":
            return term.value
        if datatype == "xsd:boolean" and term.value in ("true", "false"):
            return term.value == "true"
        if datatype == "xsd:integer" and _INTEGER.fullmatch(term.value):
            return int(term.value)
        return {"@value": term.value, "@type": datatype}


def _is_term(name: str) -> bool:
    return not name.startswith("@") and name not in ("id", "type") and name not in VOCABULARY_PREFIXES


def _expand(entry: Any) -> str:
    prefix, _, local = (entry if isinstance(entry, str) else entry["@id"]).partition(":")
    return VOCABULARY_PREFIXES[prefix] + local
