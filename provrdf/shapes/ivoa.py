"""The rules of IVOA ProvenanceDM 1.0 that SHACL Core can say, for engines other than ours.

`provrdf.validate` checks the IVOA rules by `provrdf.ivoa`, which also compares nodes with their descriptions
and explains more; these shapes give the same verdicts under the same check ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from provrdf.report import Severity
from provrdf.shapes.forms import (
    SHAPES,
    AnyOf,
    Constraint,
    In,
    Instances,
    MaxCount,
    MinCount,
    Path,
    Pattern,
    Shape,
    SubjectsOf,
    Target,
    at,
    named,
    prov,
    text,
    voprov,
)

_NAMED = (voprov("name"), named("rdfs:label"))
_ROLE = (voprov("role"), prov("hadRole"))


class _Mandatory(NamedTuple):
    """A mandatory attribute: class, name of class and attribute in check ids, predicates that give it."""

    term: str
    owner: str
    attribute: str
    predicates: tuple[str, ...]
    severity: Severity = Severity.VIOLATION


_MANDATORY = (
    _Mandatory(prov("Agent"), "agent", "name", _NAMED),
    _Mandatory(voprov("ValueEntity"), "valueentity", "value", (prov("value"),)),
    _Mandatory(prov("Usage"), "usage", "entity", (prov("entity"),)),
    _Mandatory(prov("Generation"), "generation", "activity", (prov("activity"),)),
    _Mandatory(prov("Association"), "association", "agent", (prov("agent"),)),
    _Mandatory(prov("Attribution"), "attribution", "agent", (prov("agent"),)),
    _Mandatory(voprov("Parameter"), "parameter", "value", (prov("value"),)),
    _Mandatory(voprov("Parameter"), "parameter", "name", _NAMED),
    _Mandatory(voprov("ConfigFile"), "configfile", "name", _NAMED),
    *(
        _Mandatory(voprov(owner), owner.lower(), attribute.lower(), predicates, Severity.WARNING)
        for owner, attribute, predicates in (
            ("ActivityDescription", "name", _NAMED),
            ("EntityDescription", "name", _NAMED),
            ("UsageDescription", "role", (voprov("role"),)),
            ("GenerationDescription", "role", (voprov("role"),)),
            ("DatasetDescription", "contentType", (voprov("contentType"),)),
            ("ValueDescription", "valueType", (voprov("valueType"),)),
            ("ParameterDescription", "name", _NAMED),
            ("ParameterDescription", "valueType", (voprov("valueType"),)),
        )
    ),
)

_AGENT_ROLES = (
    "Author Contributor Coordinator Creator Curator Editor Funder Investigator Observer Operator Provider "
    "Publisher"
)
_ACTIVITY_TYPES = "Observation Simulation Reduction Calibration Reconstruction Selection Analysis"
_PORT_TYPES = "Main Calibration Preview Setup Quality Log Context"
_ARTEFACTS = "Parameter ConfigFile Configfile"


def ivoa_shapes() -> Iterator[Shape]:
    """All shapes of the IVOA rules."""
    for row in _MANDATORY:
        tests = tuple(at(predicate, has=MinCount(1)) for predicate in row.predicates)
        yield _shape(
            f"{row.owner}-{row.attribute}",
            Instances(row.term),
            (),
            AnyOf(tests),
            severity=row.severity,
            summary=f"the {row.attribute} is missing",
        )
    yield from _word_shapes()
    for owner in ("Usage", "Generation"):
        yield _shape(
            "role-missing",
            Instances(prov(owner)),
            (),
            AnyOf(tuple(at(predicate, has=MinCount(1)) for predicate in _ROLE)),
            severity=Severity.WARNING,
            summary=f"the role of a {owner.lower()} is missing",
            slug=f"{owner.lower()}-role",
        )
    yield _shape(
        "one-description",
        SubjectsOf(voprov("isDescribedBy")),
        (voprov("isDescribedBy"),),
        MaxCount(1),
        severity=Severity.VIOLATION,
        summary="there are several descriptions",
    )


def _word_shapes() -> Iterator[Shape]:
    """Words from the lists of the standard, and the syntax of multiplicities."""
    for check, term, predicate, words, severity in (
        ("artefact-type", voprov("ConfigurationRelation"), "artefactType", _ARTEFACTS, Severity.VIOLATION),
        ("agent-role", prov("Association"), "role", _AGENT_ROLES, Severity.INFO),
        ("activity-type", voprov("ActivityDescription"), "type", _ACTIVITY_TYPES, Severity.INFO),
        ("port-type", voprov("UsageDescription"), "type", _PORT_TYPES, Severity.INFO),
        ("port-type", voprov("GenerationDescription"), "type", _PORT_TYPES, Severity.INFO),
    ):
        yield _shape(
            check,
            Instances(term),
            (voprov(predicate),),
            In(tuple(map(text, words.split()))),
            severity=severity,
            summary=f"the {predicate} is no word of the standard's list",
            slug=f"{check}-{term.rpartition('#')[2][:-1]}",
        )
    yield _shape(
        "multiplicity-syntax",
        SubjectsOf(voprov("multiplicity")),
        (voprov("multiplicity"),),
        Pattern(r"^(?:[0-9]+|\*|[0-9]+\.\.(?:[0-9]+|\*))$"),
        severity=Severity.WARNING,
        summary="a multiplicity is neither a number, nor *, nor min..max",
    )


def _shape(
    check: str,
    target: Target,
    path: Path,
    constraint: Constraint,
    *,
    severity: Severity,
    summary: str,
    slug: str = "",
) -> Shape:
    name = f"{SHAPES}ivoa-{slug or check}"
    return Shape(
        iri=name,
        check=f"ivoa/{check}",
        severity=severity,
        target=target,
        path=path,
        constraint=constraint,
        kind=target.term.rpartition("#")[2][:-1],
        summary=summary,
        group=f"{name}-target" if path else "",
    )
