"""Shapes of the nodes of relations: complete, unambiguous, named, with nothing in them that is not ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from provrdf.mapping import ACTIVITY, DESCRIBED_BY, ENTITY, HAD_ROLE, LABEL, ROLE, Link, Parameters
from provrdf.report import Severity
from provrdf.shapes.about import About
from provrdf.shapes.forms import (
    Instances,
    IsIri,
    MaxCount,
    MinCount,
    Not,
    ObjectsOf,
    Only,
    Pattern,
    Shape,
    SubjectsOf,
    Target,
    at,
    named,
    prov,
    voprov,
)
from provrdf.shapes.patterns import SCHEME_OF_OURS
from provrdf.vocab import PROV


def relation_shapes() -> Iterator[Shape]:
    """All shapes about relations."""
    for relation in _RELATIONS:
        yield from _relation_shapes(relation)
    yield from _identifier_shapes()
    yield from _closed_shapes()


class _Relation(NamedTuple):
    """A relation with a node of its own: class, link to the node, link from the node, words."""

    node: str
    link: str
    pointer: str
    words: str
    timed: bool = False
    open_ended: bool = False


_RELATIONS = (
    _Relation(prov("Usage"), prov("qualifiedUsage"), prov("entity"), "usage", timed=True),
    _Relation(prov("Generation"), prov("qualifiedGeneration"), prov("activity"), "generation", timed=True),
    _Relation(prov("Association"), prov("qualifiedAssociation"), prov("agent"), "association"),
    _Relation(prov("Attribution"), prov("qualifiedAttribution"), prov("agent"), "attribution"),
    _Relation(prov("Derivation"), prov("qualifiedDerivation"), prov("entity"), "derivation"),
    _Relation(prov("Influence"), prov("qualifiedInfluence"), prov("entity"), "influence"),
    _Relation(prov("Communication"), prov("qualifiedCommunication"), prov("activity"), "communication"),
    _Relation(prov("Delegation"), prov("qualifiedDelegation"), prov("agent"), "delegation"),
    _Relation(prov("Start"), prov("qualifiedStart"), prov("entity"), "start", timed=True, open_ended=True),
    _Relation(prov("End"), prov("qualifiedEnd"), prov("entity"), "end", timed=True, open_ended=True),
    _Relation(
        prov("Invalidation"), prov("qualifiedInvalidation"), prov("activity"), "invalidation", timed=True
    ),
    _Relation(
        voprov("ConfigurationRelation"),
        voprov("qualifiedWasConfiguredBy"),
        voprov("configurator"),
        "configuration",
    ),
)


def _relation_shapes(relation: _Relation) -> Iterator[Shape]:
    """One subject, one object, one time."""
    words = relation.words
    about = About(Instances(relation.node), words, words)
    for slug, step, side in (("subject", "^" + relation.link, "from"), ("object", relation.pointer, "to")):
        if not (relation.open_ended and slug == "object"):
            yield about.shape(
                "relation-incomplete",
                slug,
                MinCount(1),
                step,
                summary=f"the {words} leads {side} nothing",
                expected=f"one thing it leads {side}",
                suggestion="a part of the record is missing",
            )
        yield about.shape(
            "relation-ambiguous",
            f"one-{slug}",
            MaxCount(1),
            step,
            summary=f"the {words} leads {side} several things",
            expected=f"one thing it leads {side}",
            suggestion="two records got the same name",
        )
    if relation.timed:
        yield about.shape(
            "relation-ambiguous",
            "one-time",
            MaxCount(1),
            prov("atTime"),
            summary=f"the {words} has several times",
            expected="at most one time",
            suggestion="two records got the same name",
        )


def _identifier_shapes() -> Iterator[Shape]:
    places: list[tuple[Target, str]] = [
        (ObjectsOf(relation.link), f"{relation.words}-link") for relation in _RELATIONS
    ]
    places += [
        (ObjectsOf(prov("used")), "used"),
        (ObjectsOf(prov("wasGeneratedBy")), "maker"),
        (SubjectsOf(prov("wasGeneratedBy")), "generated"),
        (ObjectsOf(prov("wasAssociatedWith")), "associated"),
    ]
    for target, name in places:
        about = About(target, f"named-{name}", "thing")
        yield about.shape(
            "nameless",
            "iri",
            IsIri(),
            summary="a thing has no name of its own",
            expected="a lasting name, so that others can refer to it",
            suggestion="convert the log again with provrdf",
        )
        yield about.shape(
            "made-up-name",
            "scheme",
            Not(at(has=Pattern(SCHEME_OF_OURS))),
            summary="a thing has a made-up name that works nowhere else",
            expected="a name that begins with http",
            suggestion="convert the log again with provrdf",
        )


def _closed_shapes() -> Iterator[Shape]:
    """Nodes that only we write hold what the mapping puts there, and nothing else."""
    for rule in (*ACTIVITY.values(), *ENTITY.values()):
        if isinstance(rule, (Link, Parameters)) and rule.via is not None:
            via = rule.via
            yield _closed(Instances(f"<{via.types[0]}>"), via.kind, {f"<{term}>" for term in _written(rule)})
    parameter = {voprov("name"), f"<{LABEL}>", prov("value"), f"<{DESCRIBED_BY}>"}
    yield _closed(Instances(voprov("Parameter")), "parameter", parameter)


def _written(rule: Link | Parameters) -> Iterator[str]:
    """Predicates that the mapping writes about the node of a relation."""
    if rule.via is not None:
        yield rule.via.pointer
        yield from rule.via.fixed
    if isinstance(rule, Link) and rule.role:
        yield from (HAD_ROLE, ROLE, DESCRIBED_BY, PROV.atTime)
    if isinstance(rule, Link) and rule.to == "agent":
        yield PROV.hadPlan


def _closed(target: Target, kind: str, predicates: set[str]) -> Shape:
    return About(target, f"closed-{kind}", kind).shape(
        "unexpected-fact",
        "only",
        Only((named("rdf:type"), *sorted(predicates))),
        severity=Severity.INFO,
        summary=f"a {kind} says more than it should",
        expected="only what provrdf writes",
        suggestion="was the data changed by hand, or written by another program?",
    )
