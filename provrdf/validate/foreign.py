"""Shapes that somebody else wrote: read from files, run by pySHACL, reported in the same words as ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from provrdf.iris import PROVRDF
from provrdf.rdfinput import load_rdf
from provrdf.report import Result, Severity
from provrdf.shapes.rdf import is_literal, lexical
from provrdf.validate.engines import Violation, run_pyshacl, to_rdflib_graph
from provrdf.validate.facts import Facts
from provrdf.validate.names import Names
from provrdf.validate.results import Finding

if TYPE_CHECKING:
    import rdflib

_SEVERITIES = {"violation": Severity.VIOLATION, "warning": Severity.WARNING}


@dataclass(frozen=True)
class ForeignShapes:
    """SHACL shapes as N-Triples text, so that they can be sent to another process."""

    text: str

    @classmethod
    def read(cls, files: Iterable[str | Path]) -> ForeignShapes:
        """Read shapes from RDF files.

        Raises
        ------
        FormatError
            When a file cannot be read.
        """
        import pyoxigraph

        store = pyoxigraph.Store()
        for file in files:
            load_rdf(store, file)
        return cls("".join(f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in store))

    @classmethod
    def of(cls, graph: rdflib.Graph) -> ForeignShapes:
        """Take shapes from an rdflib graph."""
        return cls(graph.serialize(format="nt"))

    @cached_property
    def graph(self) -> rdflib.Graph:
        """The shapes as an rdflib graph."""
        import rdflib

        return rdflib.Graph().parse(data=self.text, format="nt")

    def findings(self, facts: Facts, *, graph: str) -> Iterator[Finding]:
        """Run the shapes on one graph."""
        names = Names(facts)
        for violation in run_pyshacl(to_rdflib_graph(facts), self.graph):
            yield self._finding(violation, names, graph)

    def _finding(self, violation: Violation, names: Names, graph: str) -> Finding:
        found = "" if violation.value in (None, violation.focus) else names.describe(str(violation.value))
        summary = violation.message or "a rule of the shapes file is broken"
        value = violation.value
        result = Result(
            check=self._check(violation),
            severity=_SEVERITIES.get(violation.severity, Severity.INFO),
            message=summary,
            focus=lexical(violation.focus),
            focus_name=names.name(violation.focus),
            summary=summary,
            found=found,
            details={
                "shape": str(violation.shape),
                "component": violation.component,
                "graph": graph,
                **({} if value is None else {"value": value}),
                **({} if violation.path is None else {"path": violation.path}),
            },
        )
        telling = value is not None and not is_literal(value)
        return Finding(result, names.origins(value if telling else None, violation.focus))

    def _check(self, violation: Violation) -> str:
        """Check id: the one the shape carries, else ``shapes/`` and the name of the shape."""
        import rdflib

        carried = self.graph.value(violation.shape, rdflib.URIRef(PROVRDF + "check"))
        if carried is not None:
            return str(carried)
        if isinstance(violation.shape, rdflib.URIRef):
            return "shapes/" + unquote(str(violation.shape).replace("#", "/").rstrip("/").rpartition("/")[2])
        return "shapes/" + violation.component.removesuffix("ConstraintComponent")


def foreign_shapes(shapes: ForeignShapes | rdflib.Graph | str | Path | None) -> ForeignShapes | None:
    """Take shapes in any form: ready, as an rdflib graph, or as the name of an RDF file."""
    if shapes is None or isinstance(shapes, ForeignShapes):
        return shapes
    if isinstance(shapes, (str, Path)):
        return ForeignShapes.read([shapes])
    return ForeignShapes.of(shapes)
