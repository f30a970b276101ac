"""Qualified names and values of the prov library for the terms of RDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from prov import constants
from prov.identifier import Identifier, Namespace, QualifiedName
from prov.model import Literal as ProvLiteral
from pyoxigraph import Literal, NamedNode, Quad

from provrdf.export._names import namespace, namespaces
from provrdf.export._provrelations import RELATIONS
from provrdf.export._quads import TYPE
from provrdf.vocab import PROV, VOPROV, XSD

_NAMING = {each for relation in RELATIONS for each in (*relation.binary, *relation.qualified, *relation.via)}
_NAMING |= {each for relation in RELATIONS for each in relation.more} | {PROV.hadRole}


class ProvNames:
    """The names of one document: our prefixes, and ``ns1``, ``ns2``, ... for what comes from elsewhere.

    Attributes
    ----------
    namespaces : list of Namespace
        What the document has to declare.
    """

    def __init__(self, quads: Sequence[Quad], base: str) -> None:
        ours = {"voprov": VOPROV.BASE} | namespaces(quads, base)
        needed = {namespace(iri) for iri in _named(quads)} | {XSD.BASE}
        foreign = sorted(needed - set(ours.values()) - {PROV.BASE, XSD.BASE})
        chosen = ours | {f"ns{number + 1}": iri for number, iri in enumerate(foreign)}
        self.namespaces = [
            Namespace(name, iri) for name, iri in chosen.items() if iri not in (PROV.BASE, XSD.BASE)
        ]
        self._spaces = {space.uri: space for space in (*self.namespaces, constants.PROV, constants.XSD)}

    def qualified(self, term: Any) -> QualifiedName:
        """Name a node or term; a blank node is given a name of its own in the document."""
        iri = term if isinstance(term, str) else getattr(term, "value", "")
        if not isinstance(term, (str, NamedNode)):
            return Namespace("blank", "urn:blank:")[iri]
        space = self._spaces[namespace(iri)]
        return space[iri[len(space.uri) :]]

    def value(self, term: Any) -> Any:
        """Turn the object of a statement into the value of an attribute."""
        if isinstance(term, Literal):
            return self._literal(term)
        if isinstance(term, NamedNode) and namespace(term.value) not in self._spaces:
            return Identifier(term.value)
        return self.qualified(term)

    def _literal(self, term: Literal) -> Any:
        if term.language:
            return ProvLiteral(term.value, langtag=term.language)
        if term.datatype.value == XSD.string:
            return term.value
        return ProvLiteral(term.value, datatype=self.qualified(term.datatype))


def _named(quads: Sequence[Quad]) -> Iterator[str]:
    """Go through the IRIs that must become qualified names."""
    for quad in quads:
        terms = [quad.subject, quad.predicate, quad.graph_name]
        if isinstance(quad.object, Literal):
            terms.append(quad.object.datatype)
        elif quad.predicate == TYPE or quad.predicate.value in _NAMING:
            terms.append(quad.object)
        yield from (term.value for term in terms if isinstance(term, NamedNode))
