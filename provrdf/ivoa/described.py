"""Rules of the IVOA model about things and their descriptions, which may stand in another graph."""

from __future__ import annotations

from collections.abc import Iterable

from provrdf.constraints.facts import NAME, PROV, TYPE, Facts, is_literal, short, text
from provrdf.constraints.findings import listed
from provrdf.constraints.relations import GENERATION, USAGE, Relation
from provrdf.ivoa.catalogue import (
    CONFIGURED_BY,
    DESCRIBED_AS,
    DESCRIBED_BY,
    DESCRIPTIONS,
    RELATED_TO,
    ROLE,
)
from provrdf.ivoa.findings import IvoaFindings

_OF_ENTITIES = set(DESCRIBED_AS[-1][1])


class Descriptions:
    """All descriptions met so far: their classes, roles, names, and what they are related to."""

    def __init__(self) -> None:
        self.known: dict[str, set[str]] = {}
        self.roles: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.related: dict[str, list[str]] = {}

    def add(self, facts: Facts) -> None:
        """Take the descriptions of a graph."""
        classes = facts.subjects(TYPE)
        found = {node: None for name in DESCRIPTIONS for node in classes.get(name, ())}
        if not found:
            return
        for name in DESCRIPTIONS:
            for node in classes.get(name, ()):
                self.known.setdefault(node, set()).add(name)
        for table, predicate in ((self.roles, ROLE), (self.names, NAME)):
            values = facts.objects(predicate)
            table.update((node, text(min(values[node]))) for node in found if node in values)
        related = facts.objects(RELATED_TO)
        self.related.update((node, related[node]) for node in found if node in related)

    def cover(self, facts: Facts) -> bool:
        """Whether every description that a graph refers to has been met."""
        return all(node in self.known for _, node in facts.pairs[DESCRIBED_BY])

    def entities(self, description: str) -> list[str]:
        """List the entity descriptions that a usage or generation description names."""
        related = self.related.get(description, ())
        return [node for node in related if self.known.get(node, set()) & _OF_ENTITIES]

    def name(self, description: str) -> str:
        """Name a description for people."""
        return self.names.get(description) or short(description)

    def belong(self, description: str, activity: str) -> bool:
        """Whether a description is of the activity that another one describes; unknown ones pass."""
        related = self.related.get(description)
        return related is None or activity in related


def check_described(findings: IvoaFindings, descriptions: Descriptions) -> None:
    """Check that things agree with their descriptions."""
    facts = findings.facts
    if not facts.pairs[DESCRIBED_BY]:
        return
    activity_of = {node: found[0] for node, found in facts.objects(PROV + "activity").items()}
    generated = _generated(facts)
    entities = facts.objects(PROV + "entity")
    for activity, node in USAGE.nodes(facts):
        _check_record(findings, descriptions, USAGE, node, activity)
        _check_entities(findings, descriptions, USAGE, node, entities.get(node, ()))
    for node, found in generated.items():
        if node in activity_of:
            _check_record(findings, descriptions, GENERATION, node, activity_of[node])
        _check_entities(findings, descriptions, GENERATION, node, found)
    for activity, artefact in facts.pairs[CONFIGURED_BY]:
        _check_artefact(findings, descriptions, activity, artefact)
    for node, description in facts.pairs[DESCRIBED_BY]:
        _check_kind(findings, descriptions, node, description)


def _generated(facts: Facts) -> dict[str, list[str]]:
    """Map generation records to their entities."""
    found: dict[str, list[str]] = {}
    for entity, node in GENERATION.nodes(facts):
        found.setdefault(node, []).append(entity)
    return found


def _check_kind(findings: IvoaFindings, descriptions: Descriptions, node: str, description: str) -> None:
    """Check that a thing is described by a description of its kind."""
    kinds = descriptions.known.get(description)
    types = findings.facts.objects(TYPE).get(node, ())
    thing, wanted = next(((name, good) for name, good in DESCRIBED_AS if name in types), ("", ()))
    if kinds is None or not thing:
        return
    findings.look("description-kind", short(thing))
    if not kinds & set(wanted):
        findings.tell(
            "description-kind",
            f"`{findings.facts.name(node)}` is described by a {listed(sorted(map(short, kinds)))}",
            focus=node,
            kind=short(thing),
            summary="described by something for another kind",
            expected=" or ".join(map(short, wanted)),
            found=listed(sorted(map(short, kinds))),
        )


def _check_entities(
    findings: IvoaFindings, descriptions: Descriptions, relation: Relation, node: str, entities: Iterable[str]
) -> None:
    """Check that the entity in a role is of a kind that the description of the role names."""
    described = findings.facts.objects(DESCRIBED_BY)
    wanted = [each for own in described.get(node, ()) for each in descriptions.entities(own)]
    if not wanted:
        return
    for entity in entities:
        found = [each for each in described.get(entity, ()) if each in descriptions.known]
        findings.look("entity-kind", relation.words)
        if found and not set(wanted) & set(found):
            kind = descriptions.name(found[0])
            findings.tell(
                "entity-kind",
                f"`{findings.facts.name(entity)}` is a `{kind}`, which its role does not name",
                focus=node,
                kind=relation.words,
                summary=f"a `{kind}` in a role for another kind",
                expected=" or ".join(f"`{descriptions.name(each)}`" for each in wanted),
                found=kind,
                suggestion="was the right file given, or does the model file name the wrong entity?",
                sources=[entity],
            )


def _check_record(
    findings: IvoaFindings, descriptions: Descriptions, relation: Relation, node: str, activity: str
) -> None:
    facts = findings.facts
    described = facts.objects(DESCRIBED_BY)
    wanted = next(iter(described.get(activity, ())), None)
    if wanted is None:
        return
    findings.look("not-described", relation.words)
    own = described.get(node)
    if own is None:
        _tell_undescribed(findings, relation, node, activity)
        return
    if not descriptions.belong(own[0], wanted):
        _tell_elsewhere(findings, relation.words, node, activity)
    role = facts.first(node, ROLE)
    expected = descriptions.roles.get(own[0])
    if role is not None and expected is not None and is_literal(role) and text(role) != expected:
        findings.tell(
            "role-differs",
            f"a {relation.words} of `{facts.name(activity)}` has another role than its description says",
            focus=node,
            kind=relation.words,
            summary=f"role `{text(role)}` instead of `{expected}`",
            expected=expected,
            found=text(role),
            sources=[activity],
        )


def _tell_undescribed(findings: IvoaFindings, relation: Relation, node: str, activity: str) -> None:
    role = findings.facts.first(node, ROLE)
    named = f"the role `{text(role)}`" if role else "a role"
    findings.tell(
        "not-described",
        f"{named} of `{findings.facts.name(activity)}` is not in the description of the activity",
        focus=node,
        kind=relation.words,
        summary=f"{named} of `{findings.facts.kind(activity)}` is not described",
        found="no description",
        suggestion="add the role to the model file, or use the model that the log was made with",
        sources=[activity],
    )


def _tell_elsewhere(findings: IvoaFindings, words: str, node: str, activity: str) -> None:
    findings.tell(
        "described-elsewhere",
        f"a {words} of `{findings.facts.name(activity)}` is described as one of another activity",
        focus=node,
        kind=words,
        summary=f"a {words} with the description of another activity",
        sources=[activity],
    )


def _check_artefact(findings: IvoaFindings, descriptions: Descriptions, activity: str, artefact: str) -> None:
    facts = findings.facts
    described = facts.objects(DESCRIBED_BY)
    own = described.get(artefact)
    if own is None:
        return
    findings.look("name-differs", "parameter")
    wanted = next(iter(described.get(activity, ())), None)
    if wanted is not None and not descriptions.belong(own[0], wanted):
        _tell_elsewhere(findings, "parameter", artefact, activity)
    name, expected = facts.first(artefact, NAME), descriptions.names.get(own[0])
    if name is not None and expected is not None and text(name) != expected:
        findings.tell(
            "name-differs",
            f"the parameter `{text(name)}` of `{facts.name(activity)}` is described under another name",
            focus=artefact,
            kind="parameter",
            summary=f"name `{text(name)}` instead of `{expected}`",
            expected=expected,
            found=text(name),
            sources=[activity],
        )
