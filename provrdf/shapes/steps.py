"""Shapes of the activities of a model file: roles, members, progenitors, output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from provrdf import iris
from provrdf.model.descriptions import ActivityDescription, Multiplicity, Port, Related
from provrdf.report import Severity
from provrdf.shapes.forms import (
    AllOf,
    AnyOf,
    At,
    AtLeast,
    AtMost,
    HasValue,
    In,
    IsA,
    MinCount,
    Not,
    Path,
    Shape,
    at,
    prov,
    text,
    voprov,
)
from provrdf.shapes.words import Draft, Source, listing, slug, times

HAD_ROLE = prov("hadRole")
_USAGES: Path = (prov("qualifiedUsage"),)
_GENERATIONS: Path = ("^" + prov("activity"),)
_ENTITY = {"usage": prov("entity"), "generation": "^" + prov("qualifiedGeneration")}
_DONE = {"usage": "used", "generation": "generated"}


class _Role(NamedTuple):
    """All ports of an activity that share a role, with what they allow together."""

    ports: list[Port]
    iri: str

    @property
    def name(self) -> str:
        return self.ports[0].role

    @property
    def side(self) -> str:
        return self.ports[0].kind

    @property
    def path(self) -> Path:
        return _USAGES if self.side == "usage" else _GENERATIONS

    @property
    def slug(self) -> str:
        return f"{self.side}-{slug(self.name)}"

    @property
    def multiplicity(self) -> Multiplicity | None:
        """Sum over the ports; None when one of them declares none."""
        declared = [port.multiplicity for port in self.ports if port.multiplicity is not None]
        if len(declared) < len(self.ports):
            return None
        most = [each.max for each in declared]
        bounds = [each for each in most if each is not None]
        return Multiplicity(
            sum(each.min for each in declared), sum(bounds) if len(bounds) == len(most) else None
        )

    @property
    def given(self) -> At:
        """Test of a usage or generation: it has this role."""
        return at(HAD_ROLE, has=HasValue(f"<{self.iri}>"))

    def when_given(self, test: At) -> AnyOf:
        """Test of a usage or generation: when it has this role, it passes `test`."""
        return AnyOf((at(has=Not(self.given)), test))


def role_shapes(activity: ActivityDescription, source: Source) -> Iterator[Shape]:
    """Shapes of what one activity uses and generates."""
    step = source.step(activity)
    usages = _roles(activity, activity.usages, iris.model_usage, source)
    generations = _roles(activity, activity.generations, iris.model_generation, source)
    for role in (*usages, *generations):
        yield from _count_shapes(step, role)
        yield from _kind_shapes(step, role, source)
        for port in role.ports:
            yield from _member_shapes(step, role, port, source)
            yield from _progenitor_shapes(step, role, port, source)
    yield _undeclared(step, usages, "usage")
    yield _undeclared(step, generations, "generation")
    if generations:
        yield _output(step, generations)


def _roles(
    activity: ActivityDescription, ports: tuple[Port, ...], mint: Callable[..., str], source: Source
) -> list[_Role]:
    """Group ports by role: a role declared twice is one role that allows both."""
    grouped: dict[str, list[Port]] = {}
    for port in ports:
        grouped.setdefault(port.role, []).append(port)
    sha256 = source.model.sha256
    return [_Role(each, mint(source.base, sha256, activity.name, role)) for role, each in grouped.items()]


def _count_shapes(step: Draft, role: _Role) -> Iterator[Shape]:
    declared = role.multiplicity
    least, most = declared or Multiplicity(1, None)
    port, done = role.ports[0], _DONE[role.side]
    if least:
        yield step.shape(
            "model/role-missing",
            f"{role.slug}-missing",
            role.path,
            AtLeast(least, role.given),
            severity=Severity.VIOLATION if declared else Severity.WARNING,
            summary=f"`{role.name}` is missing" if least == 1 else f"`{role.name}` is {done} too seldom",
            expected=f"`{role.name}` {done} at least {times(least)}",
            suggestion="if it may be absent, say so in the model file: multiplicity: 0..1",
            described=port,
            key="multiplicity" if declared else None,
        )
    if most is not None:
        yield step.shape(
            "model/role-repeated",
            f"{role.slug}-repeated",
            role.path,
            AtMost(most, role.given),
            severity=Severity.VIOLATION,
            summary=f"`{role.name}` is {done} too often",
            expected=f"`{role.name}` {done} at most {times(most)}",
            suggestion="if more of them are right, say so in the model file: multiplicity",
            described=port,
            key="multiplicity",
        )


def _kind_shapes(step: Draft, role: _Role, source: Source) -> Iterator[Shape]:
    kinds = list(dict.fromkeys(port.entity for port in role.ports if port.entity))
    if len(kinds) < len({port.entity for port in role.ports}):
        return  # one of the ports takes anything
    tests = tuple(_kind_test(kind, _ENTITY[role.side], source) for kind in kinds)
    test = tests[0] if len(tests) == 1 else at(has=AnyOf(tests))
    yield step.shape(
        "model/role-kind",
        f"{role.slug}-kind",
        role.path,
        role.when_given(test),
        severity=Severity.VIOLATION,
        summary=f"`{role.name}` is of another kind",
        expected=f"a {listing(kinds)}",
        suggestion="was the wrong file taken, or does the model file name the wrong entity?",
        described=role.ports[0],
        key="entityName" if "entityName" in role.ports[0].lines else "entity_description",
    )


def _kind_test(kind: str, entity: str, source: Source) -> At:
    """Test of a usage or generation: its entity is of a kind; one that the model lacks goes by its name."""
    if kind in source.model.entities:
        return at(entity, has=IsA(source.kind(kind)))
    return at(entity, voprov("name"), has=HasValue(text(kind)))


def _member_shapes(step: Draft, role: _Role, port: Port, source: Source) -> Iterator[Shape]:
    related = port.has_members
    if related is None:
        return
    members = (_ENTITY[role.side], prov("hadMember"))
    yield step.shape(
        "model/member-missing",
        f"{role.slug}-member-missing",
        role.path,
        role.when_given(at(*members, has=MinCount(1))),
        severity=Severity.INFO,
        summary=f"`{role.name}` has no members",
        expected="at least one" + _of(related),
        suggestion="was the list of members empty when the step ran?",
        described=related,
        shows=members,
    )
    if related.entity:
        yield step.shape(
            "model/member-kind",
            f"{role.slug}-member-kind",
            role.path,
            role.when_given(at(*members, has=IsA(source.kind(related.entity)))),
            severity=Severity.VIOLATION,
            summary=f"`{role.name}` has a member of another kind",
            expected=f"members that are `{related.entity}`",
            suggestion="is something else in the collection, or does the model file name the wrong entity?",
            described=related,
            shows=members,
        )


def _progenitor_shapes(step: Draft, role: _Role, port: Port, source: Source) -> Iterator[Shape]:
    related = port.has_progenitors
    if related is None:
        return
    sources = (_ENTITY[role.side], prov("wasDerivedFrom"))
    least = AtLeast(1, at(has=IsA(source.kind(related.entity)))) if related.entity else MinCount(1)
    yield step.shape(
        "model/progenitor-missing",
        f"{role.slug}-progenitor-missing",
        role.path,
        role.when_given(at(*sources, has=least)),
        severity=Severity.WARNING,
        summary=f"`{role.name}` was derived from nothing",
        expected="derived from at least one" + _of(related),
        suggestion="was the object it comes from out of reach when the step ran?",
        described=related,
        shows=sources,
    )


def _of(related: Related) -> str:
    return f" `{related.entity}`" if related.entity else ""


def _undeclared(step: Draft, roles: list[_Role], side: str) -> Shape:
    """Every usage (generation) has a role of the model file, if it has a role."""
    foreseen = at(HAD_ROLE, has=In(tuple(f"<{role.iri}>" for role in roles)))
    # An activity may also be the object of prov:activity in relations that are no generation.
    other = at(has=Not(at(has=IsA(prov("Generation")))))
    return step.shape(
        "model/role-unknown",
        f"{side}-unknown",
        _USAGES if side == "usage" else _GENERATIONS,
        AllOf(foreseen) if side == "usage" else AnyOf((other, foreseen)),
        severity=Severity.WARNING,
        summary=f"something is {_DONE[side]} in a role that the model file does not have",
        expected=f"{listing(role.name for role in roles)}",
        suggestion=f"add it under `{side}` of `{step.kind}` in the model file, or correct it in the log",
        choices=[role.name for role in roles],
    )


def _output(step: Draft, generations: list[_Role]) -> Shape:
    return step.shape(
        "model/no-output",
        "output",
        ("^" + prov("wasGeneratedBy"),),
        MinCount(1),
        severity=Severity.WARNING,
        summary="nothing was generated",
        expected=f"{listing(role.name for role in generations)}",
        suggestion="did the step fail, or was its output not captured?",
    )
