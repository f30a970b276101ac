"""What shapes of one model file share: their names, their places, and how sentences are put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from provrdf import iris
from provrdf.report import Place, Severity
from provrdf.shapes.forms import AnyOf, At, Constraint, Instances, Node, Path, Shape, Target, at

if TYPE_CHECKING:
    from provrdf.model.descriptions import ActivityDescription, Described, EntityDescription, Model


@dataclass(frozen=True, slots=True)
class Draft:
    """What all shapes of one activity or entity have in common."""

    source: Source
    name: str
    target: Target
    kind: str
    describes: str
    place: Place | None

    def shape(
        self,
        check: str,
        slug: str,
        path: Path,
        constraint: Constraint,
        *,
        severity: Severity,
        summary: str,
        expected: str = "",
        suggestion: str = "",
        described: Described | None = None,
        key: str | None = None,
        kind: str | None = None,
        choices: Iterable[str] = (),
        exempt: At | None = None,
        shows: Path = (),
    ) -> Shape:
        """Write one shape.

        `described` and `key` say which line of the model file asks for it, `kind` what is counted if that is
        not the name of the activity or entity, `choices` what a misspelt value may have meant, `exempt` which
        nodes are not meant, `shows` what to show as found.
        """
        if exempt is not None:
            shows = shows or path
            constraint, path = AnyOf((exempt, at(*path, has=constraint))), ()
        place = self.place if described is None else self.source.place(described, key)
        return Shape(
            iri=self.source.term(f"shape-{self.name}-{slug}"),
            check=check,
            severity=self.source.severity(check, severity),
            target=self.target,
            path=path,
            constraint=constraint,
            kind=kind or self.kind,
            summary=summary,
            expected=expected,
            suggestion=suggestion,
            choices=tuple(choices),
            exempt=exempt,
            shows=shows,
            group=self.source.term(f"shape-{self.name}") if path else "",
            describes=self.describes,
            place=place,
        )

    def on(self, target: Target, name: str, **changes: Any) -> Draft:
        """Draft the same for another target."""
        return replace(self, target=target, name=name, **changes)


@dataclass(frozen=True, slots=True)
class Source:
    """A model file as a source of shapes.

    Attributes
    ----------
    strict : bool
        Raise warnings about what the model file does not foresee to violations.
    """

    model: Model
    base: str
    strict: bool = False

    def term(self, fragment: str) -> str:
        """IRI of something named after this model file."""
        return iris.model_term(self.base, self.model.sha256, fragment)

    def place(self, described: Described | None = None, key: str | None = None) -> Place:
        """Line of the model file."""
        if described is None:
            return Place(self.model.file)
        line = described.line if key is None else described.line_of(key)
        return Place(self.model.file, line or 0)

    def severity(self, check: str, severity: Severity) -> Severity:
        """Severity of a check under `strict`."""
        return Severity.VIOLATION if self.strict and check in STRICT else severity

    def step(self, activity: ActivityDescription) -> Draft:
        """Begin the shapes of an activity."""
        target = Instances(f"<{iris.model_step(self.base, self.model.sha256, activity.name)}>")
        describes = iris.model_activity(self.base, self.model.sha256, activity.name)
        name = f"step-{slug(activity.name)}"
        return Draft(self, name, target, activity.name, describes, self.place(activity))

    def entity(self, entity: EntityDescription) -> Draft:
        """Begin the shapes of an entity."""
        target = Instances(self.kind(entity.name))
        describes = iris.model_entity(self.base, self.model.sha256, entity.name)
        return Draft(self, f"kind-{slug(entity.name)}", target, entity.name, describes, self.place(entity))

    def description(self, described: Described, iri: str, name: str, kind: str) -> Draft:
        """Begin the shapes of a description itself, which is in the graph of the model file."""
        return Draft(self, name, Node(f"<{iri}>"), kind, iri, self.place(described))

    def kind(self, entity: str) -> str:
        """Class of the entities of a name, as a term."""
        return f"<{iris.model_kind(self.base, self.model.sha256, entity)}>"


STRICT = frozenset(
    {
        "model/activity-unknown",
        "model/entity-unknown",
        "model/no-output",
        "model/parameter-unknown",
        "model/role-missing",
        "model/role-unknown",
    }
)
"""Checks whose warnings become violations under ``--strict``."""


def slug(name: str) -> str:
    """Part of the name of a shape; injective, and free of ``-``."""
    return iris.part(name).replace("-", "%2D")


def listing(names: Iterable[str], *, limit: int = 8) -> str:
    """Names in a sentence: ```a`, `b` or `c```, cut after `limit` names.

    >>> listing(["a", "b", "c"]), listing([]), listing("abcd", limit=2)
    ('`a`, `b` or `c`', 'nothing', '`a`, `b` or 2 others')
    """
    quoted = [f"`{name}`" for name in dict.fromkeys(names)]
    if not quoted:
        return "nothing"
    if len(quoted) > limit + 1:
        return f"{', '.join(quoted[:limit])} or {len(quoted) - limit} others"
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def times(n: int) -> str:
    """Say a number of times in words.

    >>> times(1), times(3)
    ('once', '3 times')
    """
    return {0: "never", 1: "once", 2: "twice"}.get(n, f"{n} times")


def short(place: Place | None) -> str:
    """Place with the name of the file only: shapes are the same wherever they are made."""
    return "" if place is None else str(Place(PurePath(place.file).name, place.line))
