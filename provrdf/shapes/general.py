"""Shapes that come from no model file: what holds for any provenance that provrdf writes.

Their check ids begin with ``data/``. They keep to one session graph; where two nodes have to be compared it
is a rule (``provrdf/validate/rules/*.rq``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from provrdf.mapping import ACTIVITY, DESCRIBED_BY, ENTITY, HAD_ROLE, LABEL, ROLE, Link, Parameters
from provrdf.report import Severity
from provrdf.shapes.forms import (
    SHAPES,
    AnyOf,
    Constraint,
    Datatype,
    Instances,
    IsA,
    IsIri,
    MaxCount,
    MinCount,
    Not,
    NotAfter,
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
from provrdf.shapes.patterns import SCHEME_OF_OURS, ZONE
from provrdf.terms import PROV

_ERROR, _WARNING, _INFO = Severity.VIOLATION, Severity.WARNING, Severity.INFO
_START, _END = prov("startedAtTime"), prov("endedAtTime")


@dataclass(frozen=True, slots=True)
class _About:
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
        severity: Severity = _ERROR,
        summary: str,
        expected: str,
        suggestion: str = "",
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
            group=f"{SHAPES}{self.name}" if path else "",
        )


def general_shapes() -> Iterator[Shape]:
    """All shapes that need no model file."""
    yield from _activity_shapes()
    yield from _time_shapes()
    yield from _agent_shapes()
    yield from _entity_shapes()
    yield from _parameter_shapes()
    for relation in _RELATIONS:
        yield from _relation_shapes(relation)
    yield from _identifier_shapes()
    yield from _closed_shapes()


def _activity_shapes() -> Iterator[Shape]:
    activity = _About(Instances(prov("Activity")), "activity", "activity")
    yield activity.shape(
        "start-missing",
        "start",
        MinCount(1),
        _START,
        summary="the start is not recorded",
        expected="one start time",
        suggestion="the record with startTime is missing: was the log cut, or written to another file?",
    )
    yield activity.shape(
        "start-repeated",
        "one-start",
        MaxCount(1),
        _START,
        summary="there are several start times",
        expected="one start time",
        suggestion="two activities have the same id, or a record was changed",
    )
    yield activity.shape(
        "end-missing",
        "end",
        MinCount(1),
        _END,
        severity=_WARNING,
        summary="the end is not recorded",
        expected="one end time",
        suggestion="it is still running, or it failed",
    )
    yield activity.shape(
        "end-repeated",
        "one-end",
        MaxCount(1),
        _END,
        summary="there are several end times",
        expected="one end time",
        suggestion="two activities have the same id, or a record was changed",
    )
    yield activity.shape(
        "time-order",
        "order",
        NotAfter(_END),
        _START,
        summary="the end is before the start",
        expected="a start before the end",
        suggestion="check the clock of the machine, and the time zone in the configuration",
    )


def _time_shapes() -> Iterator[Shape]:
    for term, words in (
        (_START, "start time"),
        (_END, "end time"),
        (prov("generatedAtTime"), "generation time"),
        (prov("atTime"), "time"),
    ):
        timed = _About(SubjectsOf(term), f"timed-{words.replace(' ', '-')}", words)
        yield timed.shape(
            "time-type",
            "type",
            Datatype(named("xsd:dateTime")),
            term,
            summary=f"the {words} is no date and time",
            expected="such as 2026-11-22T07:36:13Z",
            suggestion="correct the record",
        )
        yield timed.shape(
            "time-zone",
            "zone",
            Pattern(ZONE),
            term,
            summary=f"the {words} does not say its time zone",
            expected="a time that ends with Z or an offset such as +01:00",
            suggestion="write times in UTC with Z",
        )


def _agent_shapes() -> Iterator[Shape]:
    yield _About(Instances(prov("Activity")), "activity", "activity").shape(
        "agent-missing",
        "agent",
        MinCount(1),
        prov("wasAssociatedWith"),
        severity=_WARNING,
        summary="nobody is named who ran it",
        expected="at least one agent",
        suggestion="record agent_name",
    )
    yield _About(Instances(prov("Agent")), "agent", "agent").shape(
        "agent-name",
        "name",
        MinCount(1),
        voprov("name"),
        summary="an agent has no name",
        expected="a name",
        suggestion="record agent_name",
    )


def _entity_shapes() -> Iterator[Shape]:
    made = _About(SubjectsOf(prov("wasGeneratedBy")), "generated", "generated entity")
    # A version that several activities of one step write together (a run-level file) is generated by each of
    # them; that is why the names of the steps are counted and not the activities.
    yield made.shape(
        "several-makers",
        "one-step",
        MaxCount(1),
        prov("wasGeneratedBy"),
        voprov("name"),
        summary="it was generated by different steps",
        expected="generated by one step",
        suggestion="give each of the two files its own id",
    )
    yield from _record_shapes()
    yield _About(ObjectsOf(prov("wasGeneratedBy")), "maker", "generating activity").shape(
        "activity-missing",
        "described",
        IsA(prov("Activity")),
        summary="it generated something, but there is no record of it",
        expected="a record with its activity_id and startTime",
        suggestion="was the log cut, or is the record in another file?",
    )
    yield _About(SubjectsOf(prov("hadMember")), "collection", "collection").shape(
        "collection",
        "class",
        IsA(prov("Collection")),
        summary="it has members, but is not recorded as a collection",
        expected="a collection",
    )
    yield _unused()


def _record_shapes() -> Iterator[Shape]:
    """Check that what is used or generated has a record, which says more than that it exists."""
    told = (voprov("name"), voprov("location"), named("dcterms:type"), prov("value"), named("dcterms:format"))
    recorded = AnyOf(tuple(at(step, has=MinCount(1)) for step in told))
    used = _About(ObjectsOf(prov("used")), "used", "used entity")
    made = _About(SubjectsOf(prov("wasGeneratedBy")), "generated", "generated entity")
    for about, slug, constraint in (
        (used, "class", IsA(prov("Entity"))),
        (used, "recorded", recorded),
        (made, "recorded", recorded),
    ):
        yield about.shape(
            "entity-missing",
            slug,
            constraint,
            summary=f"something is {about.name}, but there is no record of it",
            expected="a record with its entity_id",
            suggestion="was the log cut, or is the record in another file?",
        )


def _unused() -> Shape:
    ways = (
        "^" + prov("used"),
        prov("wasGeneratedBy"),
        "^" + prov("hadMember"),
        prov("hadMember"),
        "^" + prov("wasDerivedFrom"),
        prov("wasDerivedFrom"),
        "^" + prov("specializationOf"),
    )
    return _About(Instances(voprov("DatasetEntity")), "data", "file").shape(
        "file-unused",
        "unused",
        AnyOf(tuple(at(way, has=MinCount(1)) for way in ways)),
        severity=_INFO,
        summary="a file is neither used nor generated",
        expected="a record that says which activity used or generated it",
        suggestion="was the log cut?",
    )


def _parameter_shapes() -> Iterator[Shape]:
    parameter = _About(Instances(voprov("Parameter")), "parameter", "parameter")
    yield parameter.shape(
        "parameter-value",
        "value",
        MinCount(1),
        prov("value"),
        summary="a parameter has no value",
        expected="one value",
        suggestion="record its value",
    )
    yield parameter.shape(
        "parameter-value",
        "one-value",
        MaxCount(1),
        prov("value"),
        summary="a parameter has several values",
        expected="one value",
        suggestion="two activities have the same id, or the parameters were logged twice",
    )


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
    about = _About(Instances(relation.node), words, words)
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
        about = _About(target, f"named-{name}", "thing")
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
    return _About(target, f"closed-{kind}", kind).shape(
        "unexpected-fact",
        "only",
        Only((named("rdf:type"), *sorted(predicates))),
        severity=_INFO,
        summary=f"a {kind} says more than it should",
        expected="only what provrdf writes",
        suggestion="was the data changed by hand, or written by another program?",
    )
