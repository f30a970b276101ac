"""How shapes that come from no model file are named and put together."""

from __future__ import annotations

from dataclasses import dataclass

from provrdf.report import Severity
from provrdf.shapes.forms import SHAPES, Constraint, Path, Shape, Target


@dataclass(frozen=True, slots=True)
class About:
    """Shapes about one kind of node."""

    target: Target
    name: str
    kind: str

    def shape(
        self,
        check: str,
        slug: str,
        constraint: Constraint,
        *path: str,
        severity: Severity = Severity.VIOLATION,
        summary: str,
        expected: str,
        suggestion: str = "",
        shows: Path = (),
    ) -> Shape:
        """Write one shape."""
        return Shape(
            iri=f"{SHAPES}{self.name}-{slug}",
            check=f"data/{check}",
            severity=severity,
            target=self.target,
            path=path,
            constraint=constraint,
            kind=self.kind,
            summary=summary,
            expected=expected,
            suggestion=suggestion,
            shows=shows,
            group=f"{SHAPES}{self.name}" if path else "",
        )
