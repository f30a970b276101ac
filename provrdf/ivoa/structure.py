"""Rules of the IVOA model that one graph decides by itself: attributes, words, times, configuration."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from provrdf.constraints.facts import PROV, TYPE, Facts, short, text
from provrdf.constraints.findings import listed
from provrdf.constraints.relations import (
    ASSOCIATION,
    AT_TIME,
    ATTRIBUTION,
    ENDED_AT,
    GENERATION,
    STARTED_AT,
    USAGE,
)
from provrdf.iris import VOPROV
from provrdf.ivoa.catalogue import (
    ACTIVITY_TYPES,
    AGENT_ROLES,
    AGENT_TYPES,
    ARTEFACT_TYPE,
    ARTEFACT_TYPES,
    CONFIGURATOR,
    CONFIGURED_BY,
    DATATYPES,
    DESCRIBED_BY,
    HAD_ROLE,
    MULTIPLICITY,
    PORT_TYPES,
    QUALIFIED_CONFIGURED_BY,
    REQUIRED,
    ROLE,
    VALUE_TYPE,
    VO_TYPE,
    Required,
)
from provrdf.ivoa.findings import IvoaFindings

_MULTIPLICITY = re.compile(r"\d+|\*|\d+\.\.(?:\d+|\*)")


def check_structure(findings: IvoaFindings) -> None:
    """Check everything that needs no other graph."""
    for required in REQUIRED:
        _check_required(findings, required)
    _check_words(findings)
    _check_syntax(findings)
    _check_configuration(findings)
    _check_parameters(findings)
    _check_used_times(findings)
    _check_roles(findings)
    _check_one_description(findings)


def _check_required(findings: IvoaFindings, required: Required) -> None:
    facts = findings.facts
    classes = facts.subjects(TYPE)
    nodes = {node: None for name in required.classes for node in classes.get(name, ())}
    if not nodes:
        return
    check = required.id.removeprefix("ivoa/")
    findings.look(check, required.kind, len(nodes))
    given = [facts.objects(predicate) for predicate in required.predicates]
    for node in nodes:
        if not any(node in values for values in given):
            findings.tell(
                check,
                f"`{facts.label(node)}` has no {required.what}",
                focus=node,
                kind=required.kind,
                severity=required.severity,
                summary=f"no {required.what}",
                suggestion=required.suggestion or f"record its {required.what}",
            )


def _check_words(findings: IvoaFindings) -> None:
    """Word lists: closed ones are violations, recommended ones are mentioned."""
    facts = findings.facts
    classes = facts.subjects(TYPE)
    _check_word(findings, "agent-type", classes.get(PROV + "Agent", ()), VO_TYPE, AGENT_TYPES)
    roles = [node for relation in (ASSOCIATION, ATTRIBUTION) for _, node in relation.nodes(facts)]
    _check_word(findings, "agent-role", roles, ROLE, AGENT_ROLES)
    activities = classes.get(VOPROV + "ActivityDescription", ())
    _check_word(findings, "activity-type", activities, VO_TYPE, ACTIVITY_TYPES)
    ports = [
        node
        for name in ("UsageDescription", "GenerationDescription")
        for node in classes.get(VOPROV + name, ())
    ]
    _check_word(findings, "port-type", ports, VO_TYPE, PORT_TYPES)
    configurations = [node for _, node in facts.pairs[QUALIFIED_CONFIGURED_BY]]
    _check_word(findings, "artefact-type", configurations, ARTEFACT_TYPE, ARTEFACT_TYPES)


def _check_word(
    findings: IvoaFindings, check: str, nodes: Collection[str], predicate: str, words: frozenset[str]
) -> None:
    values = findings.facts.objects(predicate)
    attribute = short(predicate)
    findings.look(check, attribute, sum(node in values for node in nodes))
    for node in dict.fromkeys(nodes):
        for value in values.get(node, ()):
            if text(value) not in words:
                findings.tell(
                    check,
                    f"the {attribute} `{text(value)}` is none of the words of the standard",
                    focus=node,
                    kind=attribute,
                    summary=f"unknown word `{text(value)}`",
                    expected=f"one of {', '.join(sorted(words))}",
                    found=text(value),
                )


def _check_syntax(findings: IvoaFindings) -> None:
    for node, values in findings.facts.objects(MULTIPLICITY).items():
        for value in values:
            if not _MULTIPLICITY.fullmatch(text(value)):
                _tell_syntax(findings, "multiplicity-syntax", node, value, "2, *, 0..1 or 3..*")
    for node, values in findings.facts.objects(VALUE_TYPE).items():
        for value in values:
            if text(value).split("/", 1)[0] not in DATATYPES:
                expected = f"datatype/arraysize/xtype, the first of {', '.join(sorted(DATATYPES))}"
                _tell_syntax(findings, "value-type-syntax", node, value, expected)


def _tell_syntax(findings: IvoaFindings, check: str, node: str, value: str, expected: str) -> None:
    findings.tell(
        check,
        f"`{text(value)}` of `{findings.facts.label(node)}` cannot be read",
        focus=node,
        summary="cannot be read",
        expected=expected,
        found=text(value),
        suggestion="correct it in the model file",
    )


def _check_configuration(findings: IvoaFindings) -> None:
    facts = findings.facts
    targets, types = facts.objects(CONFIGURATOR), facts.objects(ARTEFACT_TYPE)
    for activity, node in facts.pairs[QUALIFIED_CONFIGURED_BY]:
        findings.look("configuration-target", "configuration")
        found = targets.get(node, [])
        if len(found) != 1 or node not in types:
            what = f"{len(found)} targets" if len(found) != 1 else "no artefactType"
            findings.tell(
                "configuration-target",
                f"a configuration record of `{facts.name(activity)}` has {what}",
                focus=node,
                kind="configuration",
                summary=what,
                found=findings.quoted(found),
                sources=[activity],
            )


def _check_parameters(findings: IvoaFindings) -> None:
    """Check that a parameter belongs to one activity; configuration files may be shared."""
    facts = findings.facts
    owners: dict[str, list[str]] = {}
    for activity, parameter in dict.fromkeys(facts.pairs[CONFIGURED_BY]):
        owners.setdefault(parameter, []).append(activity)
    files = set(facts.subjects(TYPE).get(VOPROV + "ConfigFile", ()))
    for parameter, activities in owners.items():
        if len(activities) > 1 and parameter not in files:
            findings.tell(
                "parameter-shared",
                f"the parameter `{facts.label(parameter)}` belongs to {len(activities)} activities: "
                f"{findings.quoted(activities[:3])}",
                focus=parameter,
                summary="a parameter of several activities",
                found=f"{len(activities)} activities",
                suggestion="a parameter lives and dies with its activity: give each activity its own",
                sources=activities[:3],
            )


def _check_used_times(findings: IvoaFindings) -> None:
    facts = findings.facts
    times = facts.objects(AT_TIME)
    if not times:
        return
    starts, ends = facts.objects(STARTED_AT), facts.objects(ENDED_AT)
    for activity, node in USAGE.nodes(facts):
        for time in times.get(node, ()):
            findings.look("used-time", "usage")
            early = any(_before(time, start) for start in starts.get(activity, ()))
            late = any(_before(end, time) for end in ends.get(activity, ()))
            if early or late:
                when = "before it started" if early else "after it ended"
                findings.tell(
                    "used-time",
                    f"`{facts.name(activity)}` used something {when}",
                    focus=node,
                    kind="usage",
                    summary="used while the activity did not run",
                    found=text(time),
                    expected=_span(starts.get(activity), ends.get(activity)),
                    sources=[activity],
                )


def _span(starts: list[str] | None, ends: list[str] | None) -> str:
    words = [f"not before {text(starts[0])}" if starts else "", f"not after {text(ends[0])}" if ends else ""]
    return listed(word for word in words if word)


def _before(first: str, second: str) -> bool:
    """Whether one time is before another; times that cannot be compared are not."""
    try:
        return datetime.fromisoformat(text(first)) < datetime.fromisoformat(text(second))
    except (TypeError, ValueError):
        return False


def _check_roles(findings: IvoaFindings) -> None:
    facts = findings.facts
    for relation in (USAGE, GENERATION):
        for subject, node in relation.nodes(facts):
            findings.look("role-missing", relation.words)
            if not _has_role(facts, node):
                findings.tell(
                    "role-missing",
                    f"a {relation.words} of `{facts.name(subject)}` has no role",
                    focus=node,
                    kind=relation.words,
                    summary=f"a {relation.words} without a role",
                    suggestion="say in which role; the model file can give it a name",
                    sources=[subject],
                )


def _has_role(facts: Facts, node: str) -> bool:
    return node in facts.objects(ROLE) or node in facts.objects(HAD_ROLE)


def _check_one_description(findings: IvoaFindings) -> None:
    for node, found in findings.facts.objects(DESCRIBED_BY).items():
        if len(found) > 1:
            findings.tell(
                "one-description",
                f"`{findings.facts.name(node)}` has {len(found)} descriptions",
                focus=node,
                summary="several descriptions",
                found=findings.quoted(found),
                suggestion="was it written twice, with two model files?",
            )
