"""The few forms of SHACL Core that our shapes are made of, as plain data.

Shapes are kept in this form because three things are made of it: SHACL (`provrdf.shapes.shacl`), the fast
engine (`provrdf.validate.native`) and the words of a report. RDF terms are N-Triples text
(``<http://...>``, ``"text"``), so that nothing here needs an RDF library.
"""

from __future__ import annotations

from dataclasses import dataclass

from provrdf import nquads
from provrdf.iris import PROVRDF, VOCABULARY_PREFIXES, VOPROV
from provrdf.report import Place, Severity

SHAPES = "https://w3id.org/provrdf/shapes#"
"""Namespace of the shapes that come from no model file."""

Path = tuple[str, ...]
"""Way from a node to others: predicates one after the other, ``^`` before one to be walked backwards."""


def prov(name: str) -> str:
    """Term of PROV-O."""
    return f"<{VOCABULARY_PREFIXES['prov']}{name}>"


def voprov(name: str) -> str:
    """Term of IVOA ProvenanceDM."""
    return f"<{VOPROV}{name}>"


def provrdf(name: str) -> str:
    """Term of our own vocabulary."""
    return f"<{PROVRDF}{name}>"


def named(curie: str) -> str:
    """Term by its prefixed name, ``dcterms:format``."""
    prefix, _, name = curie.partition(":")
    return f"<{VOCABULARY_PREFIXES[prefix]}{name}>"


def text(value: str) -> str:
    """Plain literal."""
    return nquads.string(value)


@dataclass(frozen=True, slots=True)
class MinCount:
    """At least `n` value nodes."""

    n: int


@dataclass(frozen=True, slots=True)
class MaxCount:
    """At most `n` value nodes."""

    n: int


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `n` value nodes that pass `test`."""

    n: int
    test: At


@dataclass(frozen=True, slots=True)
class AtMost:
    """At most `n` value nodes that pass `test`."""

    n: int
    test: At


@dataclass(frozen=True, slots=True)
class HasValue:
    """One of the value nodes is `term`."""

    term: str


@dataclass(frozen=True, slots=True)
class In:
    """Every value node is one of `terms`."""

    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IsA:
    """Every value node is of the class."""

    term: str


@dataclass(frozen=True, slots=True)
class Datatype:
    """Every value node is a well-formed literal of the datatype."""

    term: str


@dataclass(frozen=True, slots=True)
class IsIri:
    """Every value node is an IRI."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """The text of every value node has a match of the regular expression (no look-ahead: XPath lacks it)."""

    regex: str


@dataclass(frozen=True, slots=True)
class MaxLength:
    """The text of every value node has at most `n` characters."""

    n: int


@dataclass(frozen=True, slots=True)
class NotBelow:
    """Every value node is at least `term` (inclusive); numbers, or texts that have an order."""

    term: str


@dataclass(frozen=True, slots=True)
class NotAbove:
    """Every value node is at most `term` (inclusive); numbers, or texts that have an order."""

    term: str


@dataclass(frozen=True, slots=True)
class NotAfter:
    """Every value node is less than or equal to every value of another predicate of the focus node."""

    predicate: str


@dataclass(frozen=True, slots=True)
class Not:
    """No value node passes `test`."""

    test: At


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Every value node passes one of `tests`."""

    tests: tuple[At, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every value node passes `test`."""

    test: At


@dataclass(frozen=True, slots=True)
class Only:
    """Value nodes have no other predicates than these (closed shape)."""

    predicates: tuple[str, ...]


Constraint = (
    MinCount
    | MaxCount
    | AtLeast
    | AtMost
    | HasValue
    | In
    | IsA
    | Datatype
    | IsIri
    | Pattern
    | MaxLength
    | NotBelow
    | NotAbove
    | NotAfter
    | Not
    | AnyOf
    | AllOf
    | Only
)


@dataclass(frozen=True, slots=True)
class At:
    """A test of a node: what is reached by `path` (the node itself when empty) meets all constraints."""

    path: Path
    constraints: tuple[Constraint, ...]


def at(*path: str, has: Constraint | tuple[Constraint, ...]) -> At:
    """Write a test shortly: ``at(HAD_ROLE, has=HasValue(role))``."""
    return At(path, has if isinstance(has, tuple) else (has,))


@dataclass(frozen=True, slots=True)
class Instances:
    """All nodes of a class (its subclasses included) are looked at."""

    term: str


@dataclass(frozen=True, slots=True)
class SubjectsOf:
    """All nodes that have the predicate are looked at."""

    term: str


@dataclass(frozen=True, slots=True)
class ObjectsOf:
    """All nodes that are a value of the predicate are looked at."""

    term: str


@dataclass(frozen=True, slots=True)
class Node:
    """One node is looked at."""

    term: str


Target = Instances | SubjectsOf | ObjectsOf | Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One check of one kind of node, with exactly one constraint, so that a result says which.

    Attributes
    ----------
    iri : str
        Name of the shape in the SHACL output (without brackets).
    check : str
        Stable id of the check in reports, ``model/role-missing``; many shapes share one.
    severity : Severity
        violation, warning or info.
    target : Target
        The focus nodes.
    path : Path
        From the focus node to the value nodes; empty means the focus node itself.
    constraint : Constraint
        What must hold.
    kind : str
        Name of what is looked at (activity, entity), for counting and grouping.
    summary : str
        The finding in plain words, without the node: ```Pedestal file` is missing``.
    expected, suggestion : str
        What would be right; what to do.
    choices : tuple of str
        Words that a misspelt value may have meant.
    exempt : At or None
        Nodes that pass this test are not meant, and not counted; the constraint already lets them pass.
    shows : Path
        What to show as found, seen from the value node (or the focus node, without one).
    group : str
        IRI of the node shape that a property shape hangs on (without brackets); empty without a path.
    describes : str
        IRI of the model term the shape comes from (without brackets), or empty.
    place : Place or None
        Line of the model file.
    """

    iri: str
    check: str
    severity: Severity
    target: Target
    constraint: Constraint
    kind: str
    summary: str
    path: Path = ()
    expected: str = ""
    suggestion: str = ""
    choices: tuple[str, ...] = ()
    exempt: At | None = None
    shows: Path = ()
    group: str = ""
    describes: str = ""
    place: Place | None = None
