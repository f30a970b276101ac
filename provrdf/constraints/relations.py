"""The relations of PROV as PROV-O writes them: one table, which every rule reads.

PROV-O writes a relation in up to three ways: one triple (``prov:used``), its inverse (``prov:influenced``
and the like), or a node of its own that carries time, role and more (``prov:qualifiedUsage``).
All are one relation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from provrdf.constraints.facts import NAMING, PROV, TYPE, Facts
from provrdf.iris import VOPROV

ACTIVITY = "activity"
AGENT = "agent"
ENTITY = "entity"

AT_TIME = PROV + "atTime"
INFLUENCER = PROV + "influencer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One relation of PROV-DM and its terms in PROV-O.

    Attributes
    ----------
    name : str
        Its name in PROV-DM, as the rules call it.
    words : str
        What its node is called for people.
    classes, qualified, binary, inverse : tuple of str
        Classes of the node; properties from the subject to the node; direct properties; their inverses.
    target : tuple of str
        Properties from the node to the other end; any of them counts.
    ends : tuple of (str or None)
        Type of subject and of the other end (None: any).
    extra : tuple of (str, str)
        Further properties of the node that have at most one value, and the type of that value (or nothing).
    timed : bool
        Whether the node has a time.
    needs_target : bool
        Whether the other end must be given.
    own_id : bool
        Whether constraint 53 counts it: its node may not be the node of another such relation.
    """

    name: str
    words: str
    classes: tuple[str, ...]
    qualified: tuple[str, ...]
    binary: tuple[str, ...]
    target: tuple[str, ...]
    ends: tuple[str | None, str | None]
    inverse: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    timed: bool = False
    needs_target: bool = False
    own_id: bool = True

    def links(self, facts: Facts) -> Iterator[tuple[str, str]]:
        """Yield all (subject, other end) pairs, however they are written; some come twice."""
        for predicate in self.binary:
            yield from facts.pairs[predicate]
        for predicate in self.inverse:
            for other, subject in facts.pairs[predicate]:
                yield subject, other
        for subject, node in self.nodes(facts):
            for predicate in self.target:
                for other in facts.objects(predicate).get(node, ()):
                    yield subject, other

    def nodes(self, facts: Facts) -> Iterator[tuple[str, str]]:
        """Yield (subject, node) pairs of the relation's own nodes."""
        for predicate in self.qualified:
            yield from facts.pairs[predicate]


def _prov(*names: str) -> tuple[str, ...]:
    return tuple(PROV + name for name in names)


USAGE = Relation(
    name="used",
    words="usage",
    classes=_prov("Usage"),
    qualified=_prov("qualifiedUsage"),
    binary=_prov("used"),
    target=_prov("entity"),
    ends=(ACTIVITY, ENTITY),
    timed=True,
)
GENERATION = Relation(
    name="wasGeneratedBy",
    words="generation",
    classes=_prov("Generation"),
    qualified=_prov("qualifiedGeneration"),
    binary=_prov("wasGeneratedBy"),
    inverse=_prov("generated"),
    target=_prov("activity"),
    ends=(ENTITY, ACTIVITY),
    timed=True,
)
INVALIDATION = Relation(
    name="wasInvalidatedBy",
    words="invalidation",
    classes=_prov("Invalidation"),
    qualified=_prov("qualifiedInvalidation"),
    binary=_prov("wasInvalidatedBy"),
    inverse=_prov("invalidated"),
    target=_prov("activity"),
    ends=(ENTITY, ACTIVITY),
    timed=True,
)
START = Relation(
    name="wasStartedBy",
    words="start",
    classes=_prov("Start"),
    qualified=_prov("qualifiedStart"),
    binary=_prov("wasStartedBy"),
    target=_prov("entity"),
    ends=(ACTIVITY, ENTITY),
    extra=((PROV + "hadActivity", ACTIVITY),),
    timed=True,
)
END = Relation(
    name="wasEndedBy",
    words="end",
    classes=_prov("End"),
    qualified=_prov("qualifiedEnd"),
    binary=_prov("wasEndedBy"),
    target=_prov("entity"),
    ends=(ACTIVITY, ENTITY),
    extra=((PROV + "hadActivity", ACTIVITY),),
    timed=True,
)
COMMUNICATION = Relation(
    name="wasInformedBy",
    words="communication",
    classes=_prov("Communication"),
    qualified=_prov("qualifiedCommunication"),
    binary=_prov("wasInformedBy"),
    target=_prov("activity"),
    ends=(ACTIVITY, ACTIVITY),
    needs_target=True,
)
DERIVATION = Relation(
    name="wasDerivedFrom",
    words="derivation",
    classes=_prov("Derivation", "Revision", "Quotation", "PrimarySource"),
    qualified=_prov(
        "qualifiedDerivation", "qualifiedRevision", "qualifiedQuotation", "qualifiedPrimarySource"
    ),
    binary=_prov("wasDerivedFrom", "wasRevisionOf", "wasQuotedFrom", "hadPrimarySource"),
    target=_prov("entity"),
    ends=(ENTITY, ENTITY),
    extra=((PROV + "hadActivity", ACTIVITY), (PROV + "hadGeneration", ""), (PROV + "hadUsage", "")),
    needs_target=True,
    own_id=False,
)
ATTRIBUTION = Relation(
    name="wasAttributedTo",
    words="attribution",
    classes=_prov("Attribution"),
    qualified=_prov("qualifiedAttribution"),
    binary=_prov("wasAttributedTo"),
    target=_prov("agent"),
    ends=(ENTITY, AGENT),
    needs_target=True,
)
ASSOCIATION = Relation(
    name="wasAssociatedWith",
    words="association",
    classes=_prov("Association"),
    qualified=_prov("qualifiedAssociation"),
    binary=_prov("wasAssociatedWith"),
    target=_prov("agent"),
    ends=(ACTIVITY, AGENT),
    extra=((PROV + "hadPlan", ENTITY),),
)
DELEGATION = Relation(
    name="actedOnBehalfOf",
    words="delegation",
    classes=_prov("Delegation"),
    qualified=_prov("qualifiedDelegation"),
    binary=_prov("actedOnBehalfOf"),
    target=_prov("agent"),
    ends=(AGENT, AGENT),
    extra=((PROV + "hadActivity", ACTIVITY),),
    needs_target=True,
)
INFLUENCE = Relation(
    name="wasInfluencedBy",
    words="influence",
    classes=_prov("Influence"),
    qualified=_prov("qualifiedInfluence"),
    binary=_prov("wasInfluencedBy"),
    inverse=_prov("influenced"),
    target=_prov("influencer", "entity", "activity", "agent"),
    ends=(None, None),
    needs_target=True,
    own_id=False,
)

RELATIONS = (
    USAGE,
    GENERATION,
    INVALIDATION,
    START,
    END,
    COMMUNICATION,
    DERIVATION,
    ATTRIBUTION,
    ASSOCIATION,
    DELEGATION,
    INFLUENCE,
)

ALTERNATE = PROV + "alternateOf"
SPECIALIZATION = PROV + "specializationOf"
MENTION = PROV + "mentionOf"
MEMBER = PROV + "hadMember"
STARTED_AT = PROV + "startedAtTime"
ENDED_AT = PROV + "endedAtTime"

DECLARED = {
    **dict.fromkeys(_prov("Activity"), ACTIVITY),
    **dict.fromkeys(_prov("Agent", "Person", "Organization", "SoftwareAgent"), AGENT),
    **dict.fromkeys(_prov("Entity", "Collection", "EmptyCollection", "Bundle", "Plan"), ENTITY),
    **dict.fromkeys(
        (
            VOPROV + name
            for name in (
                "ValueEntity",
                "DatasetEntity",
                "Parameter",
                "ConfigFile",
                "ActivityDescription",
                "UsageDescription",
                "GenerationDescription",
                "EntityDescription",
                "ValueDescription",
                "DatasetDescription",
                "ParameterDescription",
                "ConfigFileDescription",
            )
        ),
        ENTITY,
    ),
}
"""Class -> the type of PROV-DM it says a node has."""


PROV_CLASSES = frozenset((*DECLARED, *(name for relation in RELATIONS for name in relation.classes)))
"""Classes that say something in PROV."""


def _predicates() -> Iterator[str]:
    for relation in RELATIONS:
        yield from relation.qualified + relation.binary + relation.inverse + relation.target
        yield from (predicate for predicate, _ in relation.extra)


PROV_TERMS = frozenset(
    (*_predicates(), TYPE, AT_TIME, ALTERNATE, SPECIALIZATION, MENTION, MEMBER, STARTED_AT, ENDED_AT)
)
"""Predicates that say something in PROV."""

WANTED = PROV_TERMS | NAMING
"""Predicates that the PROV rules read."""
