"""How PROV-O writes the relations of PROV-DM (W3C PROV-O, section 3.3), as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from prov import constants as names
from prov.identifier import QualifiedName

from provrdf.vocab import PROV, VOPROV


@dataclass(frozen=True)
class Relation:
    """One relation.

    Attributes
    ----------
    kind, subject, other : QualifiedName
        Type of record in the prov library, and the attributes that hold the two ends.
    binary : mapping of str to str or None
        Properties that link the ends directly, with the prov:type each stands for; later ones win.
    qualified : tuple of str
        Properties from the subject to a node that tells more.
    via : tuple of str
        Properties from that node to the other end.
    more : mapping of str to QualifiedName
        Properties of that node that are attributes of their own in PROV-DM.
    """

    kind: QualifiedName
    subject: QualifiedName
    other: QualifiedName
    binary: Mapping[str, str | None]
    qualified: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    more: Mapping[str, QualifiedName] = field(default_factory=dict)


_TIME = {PROV.atTime: names.PROV_ATTR_TIME}

RELATIONS: Final = (
    Relation(
        names.PROV_USAGE,
        names.PROV_ATTR_ACTIVITY,
        names.PROV_ATTR_ENTITY,
        {PROV.used: None},
        (PROV.qualifiedUsage,),
        (PROV.entity,),
        _TIME,
    ),
    Relation(
        names.PROV_GENERATION,
        names.PROV_ATTR_ENTITY,
        names.PROV_ATTR_ACTIVITY,
        {PROV.wasGeneratedBy: None},
        (PROV.qualifiedGeneration,),
        (PROV.activity,),
        _TIME,
    ),
    Relation(
        names.PROV_INVALIDATION,
        names.PROV_ATTR_ENTITY,
        names.PROV_ATTR_ACTIVITY,
        {PROV.wasInvalidatedBy: None},
        (PROV.qualifiedInvalidation,),
        (PROV.activity,),
        _TIME,
    ),
    Relation(
        names.PROV_START,
        names.PROV_ATTR_ACTIVITY,
        names.PROV_ATTR_TRIGGER,
        {PROV.wasStartedBy: None},
        (PROV.qualifiedStart,),
        (PROV.entity,),
        _TIME | {PROV.hadActivity: names.PROV_ATTR_STARTER},
    ),
    Relation(
        names.PROV_END,
        names.PROV_ATTR_ACTIVITY,
        names.PROV_ATTR_TRIGGER,
        {PROV.wasEndedBy: None},
        (PROV.qualifiedEnd,),
        (PROV.entity,),
        _TIME | {PROV.hadActivity: names.PROV_ATTR_ENDER},
    ),
    Relation(
        names.PROV_COMMUNICATION,
        names.PROV_ATTR_INFORMED,
        names.PROV_ATTR_INFORMANT,
        {PROV.wasInformedBy: None},
        (PROV.qualifiedCommunication,),
        (PROV.activity,),
    ),
    Relation(
        names.PROV_ASSOCIATION,
        names.PROV_ATTR_ACTIVITY,
        names.PROV_ATTR_AGENT,
        {PROV.wasAssociatedWith: None},
        (PROV.qualifiedAssociation,),
        (PROV.agent,),
        {PROV.hadPlan: names.PROV_ATTR_PLAN},
    ),
    Relation(
        names.PROV_ATTRIBUTION,
        names.PROV_ATTR_ENTITY,
        names.PROV_ATTR_AGENT,
        {PROV.wasAttributedTo: None},
        (PROV.qualifiedAttribution,),
        (PROV.agent,),
    ),
    Relation(
        names.PROV_DELEGATION,
        names.PROV_ATTR_DELEGATE,
        names.PROV_ATTR_RESPONSIBLE,
        {PROV.actedOnBehalfOf: None},
        (PROV.qualifiedDelegation,),
        (PROV.agent,),
        {PROV.hadActivity: names.PROV_ATTR_ACTIVITY},
    ),
    Relation(
        names.PROV_DERIVATION,
        names.PROV_ATTR_GENERATED_ENTITY,
        names.PROV_ATTR_USED_ENTITY,
        {
            PROV.wasDerivedFrom: None,
            PROV.hadPrimarySource: PROV.PrimarySource,
            PROV.wasQuotedFrom: PROV.Quotation,
            PROV.wasRevisionOf: PROV.Revision,
        },
        (
            PROV.qualifiedDerivation,
            PROV.qualifiedPrimarySource,
            PROV.qualifiedQuotation,
            PROV.qualifiedRevision,
        ),
        (PROV.entity,),
        {
            PROV.hadActivity: names.PROV_ATTR_ACTIVITY,
            PROV.hadGeneration: names.PROV_ATTR_GENERATION,
            PROV.hadUsage: names.PROV_ATTR_USAGE,
        },
    ),
    Relation(
        names.PROV_SPECIALIZATION,
        names.PROV_ATTR_SPECIFIC_ENTITY,
        names.PROV_ATTR_GENERAL_ENTITY,
        {PROV.specializationOf: None},
    ),
    Relation(
        names.PROV_ALTERNATE, names.PROV_ATTR_ALTERNATE1, names.PROV_ATTR_ALTERNATE2, {PROV.alternateOf: None}
    ),
    Relation(
        names.PROV_MEMBERSHIP, names.PROV_ATTR_COLLECTION, names.PROV_ATTR_ENTITY, {PROV.hadMember: None}
    ),
    # IVOA's configuration of an activity, which PROV-DM knows as an influence only.
    Relation(
        names.PROV_INFLUENCE,
        names.PROV_ATTR_INFLUENCEE,
        names.PROV_ATTR_INFLUENCER,
        {VOPROV.wasConfiguredBy: VOPROV.ConfigurationRelation},
        (VOPROV.qualifiedWasConfiguredBy,),
        (VOPROV.configurator,),
    ),
    Relation(
        names.PROV_INFLUENCE,
        names.PROV_ATTR_INFLUENCEE,
        names.PROV_ATTR_INFLUENCER,
        {PROV.wasInfluencedBy: None},
        (PROV.qualifiedInfluence,),
        (PROV.entity, PROV.activity, PROV.agent, PROV.influencer),
    ),
)
