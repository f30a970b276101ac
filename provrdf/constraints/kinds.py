"""Constraints 50 to 56: what a thing is, and what it can never be."""

from __future__ import annotations

from collections.abc import Iterator

from provrdf.constraints.components import components
from provrdf.constraints.facts import PROV, TYPE, Facts, is_literal
from provrdf.constraints.findings import Findings, listed
from provrdf.constraints.relations import (
    ACTIVITY,
    AGENT,
    ALTERNATE,
    DECLARED,
    DERIVATION,
    ENTITY,
    MEMBER,
    MENTION,
    RELATIONS,
    SPECIALIZATION,
    Relation,
)

_ENTITY_LINKS = (ALTERNATE, SPECIALIZATION, MENTION, MEMBER)
_ARTICLE = {ACTIVITY: "an activity", AGENT: "an agent", ENTITY: "an entity"}


def check_kinds(findings: Findings) -> None:
    """Find things that are of impossible kinds (50 to 56)."""
    facts = findings.facts
    kinds: dict[str, set[str]] = {ACTIVITY: set(), AGENT: set(), ENTITY: set()}
    for kind, nodes_of_kind, _ in _evidence(facts):
        kinds[kind].update(nodes_of_kind)
    for node in sorted(kinds[ACTIVITY] & kinds[ENTITY]):
        _report_both(findings, node)
    records = _records(facts)
    _check_records(findings, records)
    for kind, nodes in kinds.items():
        for node in sorted(nodes & records.keys()):
            _report_record_thing(findings, node, kind, sorted(records[node]))
    _check_specializations(findings)
    _check_empty(findings)
    _check_derivations(findings)


def _evidence(facts: Facts) -> Iterator[tuple[str, list[str], str]]:
    """Why things are of a kind: (kind, nodes, the reason in words). Declared kinds come first."""
    classes = facts.subjects(TYPE)
    for name, kind in DECLARED.items():
        if name in classes:
            yield kind, classes[name], f"declared {_ARTICLE[kind]}"
    for relation in RELATIONS:
        yield from _evidence_of(relation, facts)
    for predicate in _ENTITY_LINKS:
        pairs = facts.pairs[predicate]
        if pairs:
            yield ENTITY, [subject for subject, _ in pairs], f"{predicate.removeprefix(PROV)} something"
            yield ENTITY, [other for _, other in pairs], f"something {predicate.removeprefix(PROV)} it"


def _evidence_of(relation: Relation, facts: Facts) -> Iterator[tuple[str, list[str], str]]:
    subject_kind, target_kind = relation.ends
    if subject_kind and target_kind:
        links = list(relation.links(facts))
        yield subject_kind, [subject for subject, _ in links], f"it {relation.name} something"
        yield target_kind, [other for _, other in links], f"something {relation.name} it"
    if not relation.extra:
        return
    nodes = {node for _, node in relation.nodes(facts)}
    for predicate, kind in relation.extra:
        if kind:
            named = [value for node, value in facts.pairs[predicate] if node in nodes]
            yield kind, named, f"named by {relation.words} records as {predicate.removeprefix(PROV)}"


def _report_both(findings: Findings, node: str) -> None:
    reasons: dict[str, list[str]] = {ACTIVITY: [], ENTITY: []}
    for kind, nodes, reason in _evidence(findings.facts):
        if kind in reasons and node in nodes:
            reasons[kind].append(reason)
    name = findings.facts.name(node)
    found = "; ".join(f"{_ARTICLE[kind]}: {listed(why)}" for kind, why in reasons.items())
    findings.add(
        55,
        f"`{name}` is both an activity and an entity",
        focus=node,
        summary="both an activity and an entity",
        found=found,
        expected="one of the two",
        suggestion="two different things were given one identifier, or one is used in the other's place",
        constraints=(50, 55),
        reasons=reasons,
    )


def _records(facts: Facts) -> dict[str, set[str]]:
    """Node of a record -> names of the relations it stands for."""
    records: dict[str, set[str]] = {}
    classes = facts.subjects(TYPE)
    for relation in RELATIONS:
        for _, node in relation.nodes(facts):
            records.setdefault(node, set()).add(relation.name)
        for name in relation.classes:
            for node in classes.get(name, ()):
                records.setdefault(node, set()).add(relation.name)
    return records


def _check_records(findings: Findings, records: dict[str, set[str]]) -> None:
    words = {relation.name: relation.words for relation in RELATIONS if relation.own_id}
    for node, names in records.items():
        several = sorted(words[name] for name in names if name in words) if len(names) > 1 else []
        if len(several) > 1:
            findings.add(
                53,
                f"one record is several things at once: {listed(several)}",
                focus=node,
                summary=f"one record is {listed(several)} at once",
                found=listed(several),
                suggestion="give each record its own identifier",
                relations=sorted(names),
            )


def _report_record_thing(findings: Findings, node: str, kind: str, names: list[str]) -> None:
    words = listed(sorted(relation.words for relation in RELATIONS if relation.name in names))
    findings.add(
        54,
        f"`{findings.facts.name(node)}` is {_ARTICLE[kind]} and also a record of {words}",
        focus=node,
        summary=f"{_ARTICLE[kind]} that is also a record of {words}",
        found=f"{_ARTICLE[kind]} and a record of {words}",
        expected="one of the two",
        suggestion="two different things were given one identifier",
        relations=names,
    )


def _check_specializations(findings: Findings) -> None:
    """Constraint 52 through inference 19: a chain of specializations never comes back."""
    links = findings.facts.objects(SPECIALIZATION)
    for loop in components(links):
        if len(loop) == 1 and loop[0] not in links.get(loop[0], ()):
            continue
        nodes = sorted(loop)
        among = "" if len(nodes) == 1 else f", by way of {findings.quoted(nodes[1:])}"
        findings.add(
            52,
            f"`{findings.facts.name(nodes[0])}` is said to be a version of itself{among}",
            focus=nodes[0],
            summary="a version of itself",
            suggestion="one of the statements names the wrong thing",
            sources=nodes,
            nodes=nodes,
        )


def _check_empty(findings: Findings) -> None:
    members = findings.facts.objects(MEMBER)
    for node in findings.facts.subjects(TYPE).get(PROV + "EmptyCollection", ()):
        found = members.get(node, [])
        if found:
            findings.add(
                56,
                f"`{findings.facts.name(node)}` is declared empty, yet has {len(found)} "
                f"member{'s' if len(found) > 1 else ''}: {findings.quoted(found[:3])}",
                focus=node,
                summary="an empty collection with members",
                found=f"{len(found)} members",
                expected="no members",
                sources=found[:3],
                members=found,
            )


def _check_derivations(findings: Findings) -> None:
    """Constraint 51. RDF cannot say "there was no activity", only leave it out: hence no violation."""
    facts = findings.facts
    parts = {name: facts.objects(PROV + name) for name in ("hadActivity", "hadGeneration", "hadUsage")}
    for _, node in DERIVATION.nodes(facts):
        named = [name for name in ("hadGeneration", "hadUsage") if node in parts[name]]
        if named and node not in parts["hadActivity"] and not is_literal(node):
            words = " and ".join(name.removeprefix("had").lower() for name in named)
            findings.add(
                51,
                f"a derivation names its {words} but not its activity",
                focus=node,
                summary="a derivation without its activity",
                found=words,
                suggestion="name the activity as well: without one, nothing can have been used or generated",
                named=named,
            )
