"""The rules of PROV-CONSTRAINTS by number: their names there, and what they ask in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from provrdf.report import Check, Severity

STANDARD = "https://www.w3.org/TR/prov-constraints/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One constraint of PROV-CONSTRAINTS.

    Attributes
    ----------
    number : int
        Number of the constraint; 0 for "a mandatory part is missing", which PROV-DM itself asks.
    name : str
        Name of the constraint in the standard.
    title : str
        What it asks.
    severity : Severity
        How bad a breach is.
    """

    number: int
    name: str
    title: str
    severity: Severity = Severity.VIOLATION

    @property
    def id(self) -> str:
        """Check id: ``prov/c36``."""
        return f"prov/c{self.number}" if self.number else "prov/dm"

    @property
    def url(self) -> str:
        """Place in the standard."""
        return f"{STANDARD}#{self.name}" if self.number else "https://www.w3.org/TR/prov-dm/"


_RULES = (
    Rule(number=0, name="mandatory", title="a record names everything that its kind needs"),
    Rule(number=22, name="key-object", title="an activity has one start time and one end time"),
    Rule(number=23, name="key-properties", title="a record names one thing for each of its parts"),
    Rule(number=24, name="unique-generation", title="an activity generates an entity once"),
    Rule(number=25, name="unique-invalidation", title="an activity invalidates an entity once"),
    Rule(number=26, name="unique-wasStartedBy", title="an activity is started once by the same starter"),
    Rule(number=27, name="unique-wasEndedBy", title="an activity is ended once by the same ender"),
    Rule(
        number=28, name="unique-startTime", title="the start time of an activity is that of its start record"
    ),
    Rule(number=29, name="unique-endTime", title="the end time of an activity is that of its end record"),
    Rule(number=30, name="start-precedes-end", title="an activity starts before it ends"),
    Rule(number=31, name="start-start-ordering", title="all start records of an activity are one moment"),
    Rule(number=32, name="end-end-ordering", title="all end records of an activity are one moment"),
    Rule(number=33, name="usage-within-activity", title="an activity uses things while it runs"),
    Rule(number=34, name="generation-within-activity", title="an activity generates things while it runs"),
    Rule(
        number=35,
        name="wasInformedBy-ordering",
        title="the informing activity starts before the informed one ends",
    ),
    Rule(
        number=36,
        name="generation-precedes-invalidation",
        title="a thing is generated before it ceases to be",
    ),
    Rule(number=37, name="generation-precedes-usage", title="a thing is generated before it is used"),
    Rule(number=38, name="usage-precedes-invalidation", title="a thing is used before it ceases to be"),
    Rule(number=39, name="generation-generation-ordering", title="all generations of a thing are one moment"),
    Rule(
        number=40,
        name="invalidation-invalidation-ordering",
        title="all invalidations of a thing are one moment",
    ),
    Rule(
        number=41,
        name="derivation-usage-generation-ordering",
        title="what a thing is derived from is used before the thing is generated",
    ),
    Rule(
        number=42,
        name="derivation-generation-generation-ordering",
        title="a thing is generated later than what it is derived from",
    ),
    Rule(number=43, name="wasStartedBy-ordering", title="what starts an activity exists at that moment"),
    Rule(number=44, name="wasEndedBy-ordering", title="what ends an activity exists at that moment"),
    Rule(
        number=45,
        name="specialization-generation-ordering",
        title="a thing is generated before its versions are",
    ),
    Rule(
        number=46,
        name="specialization-invalidation-ordering",
        title="a version ceases to be before the thing itself does",
    ),
    Rule(
        number=47,
        name="wasAssociatedWith-ordering",
        title="an agent exists at some time while its activity runs",
    ),
    Rule(
        number=48,
        name="wasAttributedTo-ordering",
        title="an agent exists before what is attributed to it",
    ),
    Rule(
        number=49,
        name="actedOnBehalfOf-ordering",
        title="an agent exists before those who act on its behalf cease to be",
    ),
    Rule(number=50, name="typing", title="activities, entities and agents stand where such are meant"),
    Rule(
        number=51,
        name="impossible-unspecified-derivation-generation-use",
        title="a derivation that names its generation or usage names its activity as well",
        severity=Severity.INFO,
    ),
    Rule(number=52, name="impossible-specialization-reflexive", title="nothing is a version of itself"),
    Rule(number=53, name="impossible-property-overlap", title="a record is of one kind only"),
    Rule(
        number=54,
        name="impossible-object-property-overlap",
        title="a record is no activity, entity or agent",
    ),
    Rule(number=55, name="entity-activity-disjoint", title="nothing is both an activity and an entity"),
    Rule(number=56, name="membership-empty-collection", title="an empty collection has no members"),
)

RULES = {rule.number: rule for rule in _RULES}
"""Number -> rule."""

CHECKS = tuple(
    Check(
        id=rule.id,
        title=rule.title,
        help=f"PROV-CONSTRAINTS {rule.number}, {rule.name}" if rule.number else "PROV-DM: mandatory argument",
        url=rule.url,
        severity=rule.severity,
    )
    for rule in _RULES
)
"""The rules as a report lists them."""
