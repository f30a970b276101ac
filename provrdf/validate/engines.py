"""Engines: what runs our shapes on the facts of one graph. All of them give the same results.

``pyshacl`` is the reference, and the only one for shapes that somebody else wrote. ``native`` is our own, a
hundred times faster, for the shapes of our catalogue. ``auto`` takes ``native`` wherever it can.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from provrdf.errors import UsageError
from provrdf.shapes.forms import Only, Shape
from provrdf.shapes.rdf import from_rdflib, to_rdflib
from provrdf.shapes.shacl import SH, to_graph
from provrdf.validate import native
from provrdf.validate.facts import Facts
from provrdf.validate.native import Fault

if TYPE_CHECKING:
    import rdflib

ENGINES = ("auto", "native", "pyshacl")
"""Names of the engines."""

Engine = Callable[[Facts], list[Fault]]


def engine_for(name: str, shapes: Sequence[Shape]) -> Engine:
    """Prepare an engine to run shapes.

    Raises
    ------
    UsageError
        When there is no such engine.
    """
    if name not in ENGINES:
        message = f"unknown engine {name!r}: one of {', '.join(ENGINES)}"
        raise UsageError(message)
    if name == "pyshacl":
        return partial(check_by_pyshacl, shapes, to_graph(shapes, base="http://provrdf.localhost/"))
    return partial(native.check, shapes)


class Violation(NamedTuple):
    """One result of SHACL, as terms; `shape` is an rdflib term, the others are N-Triples or None."""

    shape: rdflib.term.Node
    focus: str
    value: str | None
    path: str | None
    severity: str
    message: str
    component: str


def check_by_pyshacl(shapes: Sequence[Shape], graph: rdflib.Graph, facts: Facts) -> list[Fault]:
    """Check our shapes with pySHACL."""
    by_iri = {shape.iri: shape for shape in shapes}
    faults = []
    for found in run_pyshacl(to_rdflib_graph(facts), graph):
        shape = by_iri[str(found.shape)]
        predicate = found.path if isinstance(shape.constraint, Only) else None
        faults.append(Fault(shape, found.focus, _value(shape, found), predicate))
    order = {shape.iri: number for number, shape in enumerate(shapes)}
    return sorted(faults, key=lambda fault: (order[fault.shape.iri], fault.focus, fault.value or ""))


def _value(shape: Shape, found: Violation) -> str | None:
    """Value of a result; constraints that count have none."""
    return None if isinstance(shape.constraint, native.COUNTING) else found.value


def to_rdflib_graph(facts: Facts) -> rdflib.Graph:
    """Give the facts to rdflib. Always its own memory store: on others pySHACL is wrong and slow."""
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    terms: dict[str, rdflib.term.Node] = {}

    def term(text: str) -> rdflib.term.Node:
        known = terms.get(text)
        if known is None:
            known = terms[text] = to_rdflib(text)
        return known

    for predicate, table in facts.tables.items():
        for subject, values in table.items():
            for value in values:
                graph.add((term(subject), term(predicate), term(value)))
    return graph


def run_pyshacl(data: rdflib.Graph, shapes: rdflib.Graph) -> Iterator[Violation]:
    """Run any SHACL Core shapes with pySHACL."""
    import pyshacl
    import rdflib

    try:
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, advanced=False)
    except (RuntimeError, ValueError, TypeError, re.error) as error:  # what pySHACL raises for bad shapes
        message = f"the shapes cannot be used: {error}"
        raise UsageError(message) from error
    if not isinstance(report, rdflib.Graph):
        message = f"the shapes cannot be used: {report}"
        raise UsageError(message)
    sh = rdflib.Namespace(SH)
    for result in report.objects(None, sh.result):  # not those of nested shapes, which are sh:detail
        value = {name: report.value(result, sh[name]) for name in _PARTS}
        yield Violation(
            shape=value["sourceShape"] or result,
            focus=from_rdflib(value["focusNode"]),
            value=None if value["value"] is None else from_rdflib(value["value"]),
            path=None if value["resultPath"] is None else from_rdflib(value["resultPath"]),
            severity=str(value["resultSeverity"]).rpartition("#")[2].lower(),
            message=str(value["resultMessage"] or ""),
            component=str(value["sourceConstraintComponent"]).rpartition("#")[2],
        )


_PARTS = (
    "sourceShape",
    "focusNode",
    "value",
    "resultPath",
    "resultSeverity",
    "resultMessage",
    "sourceConstraintComponent",
)
