"""Our shapes as SHACL: every shape has an IRI, and nested ones are numbered, so the output never varies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from provrdf.iris import PROVRDF, VOCABULARY_PREFIXES
from provrdf.shapes import forms
from provrdf.shapes.forms import SHAPES, At, Constraint, Path, Shape, Target, named
from provrdf.shapes.rdf import to_rdflib
from provrdf.shapes.words import short

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

    Subject = rdflib.URIRef | rdflib.BNode

SH = "http://www.w3.org/ns/shacl#"


def to_graph(shapes: Iterable[Shape], *, base: str, sha256: str = "") -> rdflib.Graph:
    """Write shapes as a graph of SHACL Core.

    Parameters
    ----------
    shapes : iterable of Shape
        In the order they get their nested nodes numbered.
    base : str
        Base IRI of the data.
    sha256 : str
        Digest of the model file, for a prefix of its terms.
    """
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in (VOCABULARY_PREFIXES | {"sh": SH, "shape": SHAPES}).items():
        graph.bind(prefix, namespace)
    if sha256:
        graph.bind("m", f"{base}model/{sha256[:12]}#")
    writer = _Writer(graph)
    for shape in shapes:
        writer.write(shape)
    return graph


class _Writer:
    """Adds shapes to a graph."""

    def __init__(self, graph: rdflib.Graph) -> None:
        self._graph = graph
        self._numbers = 0
        self._terms: dict[str, Node] = {}

    def write(self, shape: Shape) -> None:
        """Add one shape, and the node shape it hangs on."""
        subject = self._iri(shape.iri)
        if shape.path:
            group = self._iri(shape.group)
            self._add(group, "property", subject)
            self._node_shape(group, shape.target, shape.describes)
            self._type(subject, "PropertyShape")
            self._add(subject, "path", self._path(shape.path))
        else:
            self._node_shape(subject, shape.target, shape.describes)
        self._words(subject, shape)
        self._constrain(subject, shape.constraint)

    def _words(self, subject: Subject, shape: Shape) -> None:
        import rdflib

        severity = self._iri(SH + str(shape.severity).capitalize())
        self._add(subject, "severity", severity)
        self._add(subject, "message", rdflib.Literal(message(shape)))
        self._graph.add((subject, self._iri(PROVRDF + "check"), rdflib.Literal(shape.check)))

    def _node_shape(self, subject: Subject, target: Target, describes: str) -> None:
        self._type(subject, "NodeShape")
        predicate = {
            forms.Instances: "targetClass",
            forms.SubjectsOf: "targetSubjectsOf",
            forms.ObjectsOf: "targetObjectsOf",
            forms.Node: "targetNode",
        }[type(target)]
        self._add(subject, predicate, self._term(target.term))
        if describes:
            see_also = named("rdfs:seeAlso")
            self._graph.add((subject, self._term(see_also), self._iri(describes)))

    def _constrain(self, subject: Subject, constraint: Constraint) -> None:
        """Add one constraint to a shape."""
        match constraint:
            case forms.AtLeast(n, test):
                self._add(subject, "qualifiedValueShape", self._nested(test))
                self._add(subject, "qualifiedMinCount", self._number(n))
            case forms.AtMost(n, test):
                self._add(subject, "qualifiedValueShape", self._nested(test))
                self._add(subject, "qualifiedMaxCount", self._number(n))
            case forms.AnyOf(tests):
                self._add(subject, "or", self._list([self._nested(test) for test in tests]))
            case forms.Not(test):
                self._add(subject, "not", self._nested(test))
            case forms.AllOf(test):
                self._add(subject, "node", self._node(test))
            case forms.Only(predicates):
                self._add(subject, "closed", self._literal("true", "xsd:boolean"))
                self._add(subject, "ignoredProperties", self._list([self._term(each) for each in predicates]))
            case _:
                self._constrain_plainly(subject, constraint)

    def _constrain_plainly(self, subject: Subject, constraint: Constraint) -> None:
        """Add a constraint that is one predicate with one value."""
        match constraint:
            case forms.MinCount(n) | forms.MaxCount(n) | forms.MaxLength(n):
                value: Node = self._number(n)
            case forms.Pattern(regex):
                value = self._literal(regex)
            case forms.In(terms):
                value = self._list([self._term(term) for term in terms])
            case forms.NotAfter(predicate):
                value = self._term(predicate)
            case forms.IsIri():
                value = self._iri(SH + "IRI")
            case (
                forms.HasValue(term)
                | forms.IsA(term)
                | forms.Datatype(term)
                | forms.NotBelow(term)
                | forms.NotAbove(term)
            ):
                value = self._term(term)
            case _:
                message = f"no SHACL for {type(constraint).__name__}"
                raise TypeError(message)
        self._add(subject, _PREDICATES[type(constraint)], value)

    def _nested(self, test: At) -> Subject:
        """Write a nested shape without a name."""
        subject = self._blank()
        if test.path:
            self._add(subject, "path", self._path(test.path))
        for constraint in test.constraints:
            self._constrain(subject, constraint)
        return subject

    def _node(self, test: At) -> Subject:
        """Write a nested shape that sh:node may point to: a test with a path hangs on a node shape."""
        nested = self._nested(test)
        if not test.path:
            return nested
        subject = self._blank()
        self._add(subject, "property", nested)
        return subject

    def _path(self, path: Path) -> Subject:
        steps = [self._step(step) for step in path]
        return steps[0] if len(steps) == 1 else self._list(steps)

    def _step(self, step: str) -> Subject:
        if not step.startswith("^"):
            return self._resource(step)
        subject = self._blank()
        self._add(subject, "inversePath", self._resource(step[1:]))
        return subject

    def _list(self, items: Sequence[Node]) -> Subject:
        """Write an RDF list with numbered cells."""
        first, rest, nil = (self._resource(named(f"rdf:{name}")) for name in ("first", "rest", "nil"))
        cells: list[Subject] = [*(self._blank() for _ in items), nil]
        for cell, following, item in zip(cells, cells[1:], items, strict=False):
            self._graph.add((cell, first, item))
            self._graph.add((cell, rest, following))
        return cells[0]

    def _blank(self) -> rdflib.BNode:
        import rdflib

        self._numbers += 1
        return rdflib.BNode(f"s{self._numbers:06d}")

    def _iri(self, iri: str) -> rdflib.URIRef:
        import rdflib

        return rdflib.URIRef(iri)

    def _resource(self, term: str) -> rdflib.URIRef:
        return self._iri(term[1:-1])

    def _term(self, term: str) -> Node:
        known = self._terms.get(term)
        if known is None:
            known = self._terms[term] = to_rdflib(term)
        return known

    def _number(self, n: int) -> Node:
        return self._literal(str(n), "xsd:integer")

    def _literal(self, text: str, datatype: str = "") -> Node:
        import rdflib

        return rdflib.Literal(text, datatype=self._resource(named(datatype)) if datatype else None)

    def _type(self, subject: Subject, name: str) -> None:
        self._graph.add((subject, self._resource(named("rdf:type")), self._iri(SH + name)))

    def _add(self, subject: Subject, predicate: str, value: Node) -> None:
        self._graph.add((subject, self._iri(SH + predicate), value))


_PREDICATES: dict[type, str] = {
    forms.MinCount: "minCount",
    forms.MaxCount: "maxCount",
    forms.MaxLength: "maxLength",
    forms.HasValue: "hasValue",
    forms.In: "in",
    forms.IsA: "class",
    forms.Datatype: "datatype",
    forms.IsIri: "nodeKind",
    forms.Pattern: "pattern",
    forms.NotBelow: "minInclusive",
    forms.NotAbove: "maxInclusive",
    forms.NotAfter: "lessThanOrEquals",
}


def message(shape: Shape) -> str:
    """Words of a shape in SHACL: ``definition.yaml:133: `Pedestal file` is missing in `r0_to_dl1` ...``."""
    place = f"{short(shape.place)}: " if shape.place else ""
    expected = f" (expected: {shape.expected})" if shape.expected else ""
    return f"{place}{shape.summary} in `{shape.kind}`{expected}"
