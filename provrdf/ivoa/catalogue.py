"""What the IVOA Provenance Data Model 1.0 asks for: mandatory attributes, word lists, the checks by id."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provrdf.constraints.facts import LABEL, NAME, PROV
from provrdf.constraints.relations import WANTED as PROV_WANTED
from provrdf.iris import VOCABULARY_PREFIXES, VOPROV
from provrdf.report import Check, Severity

STANDARD = "https://www.ivoa.net/documents/ProvenanceDM/20200411/"

VALUE = PROV + "value"
HAD_ROLE = PROV + "hadRole"
AT_LOCATION = PROV + "atLocation"
ROLE = VOPROV + "role"
VO_TYPE = VOPROV + "type"
LOCATION = VOPROV + "location"
DESCRIBED_BY = VOPROV + "isDescribedBy"
RELATED_TO = VOPROV + "isRelatedTo"
CONFIGURED_BY = VOPROV + "wasConfiguredBy"
QUALIFIED_CONFIGURED_BY = VOPROV + "qualifiedWasConfiguredBy"
CONFIGURATOR = VOPROV + "configurator"
ARTEFACT_TYPE = VOPROV + "artefactType"
VALUE_TYPE = VOPROV + "valueType"
CONTENT_TYPE = VOPROV + "contentType"
MULTIPLICITY = VOPROV + "multiplicity"
FOAF_NAME = "http://xmlns.com/foaf/0.1/name"
SCHEMA_NAME = "http://schema.org/name"

WANTED = PROV_WANTED | {
    VALUE,
    HAD_ROLE,
    AT_LOCATION,
    ROLE,
    VO_TYPE,
    LOCATION,
    DESCRIBED_BY,
    RELATED_TO,
    CONFIGURED_BY,
    QUALIFIED_CONFIGURED_BY,
    CONFIGURATOR,
    ARTEFACT_TYPE,
    VALUE_TYPE,
    CONTENT_TYPE,
    MULTIPLICITY,
    FOAF_NAME,
    SCHEMA_NAME,
    VOCABULARY_PREFIXES["rdf"] + "type",
}
"""Predicates that the IVOA rules read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """A mandatory attribute of a class.

    Attributes
    ----------
    owner : str
        Class of the IVOA model.
    classes : tuple of str
        Its classes in RDF.
    attribute : str
        The attribute.
    predicates : tuple of str
        Any of these gives it.
    severity : Severity
        Violation for what a log says; Warning for descriptions, which come from a model file.
    suggestion : str
        What to do when it is missing.
    """

    owner: str
    classes: tuple[str, ...]
    attribute: str
    predicates: tuple[str, ...]
    severity: Severity = Severity.VIOLATION
    suggestion: str = ""

    @property
    def id(self) -> str:
        """Check id."""
        return f"ivoa/{self.owner.lower()}-{self.attribute.lower()}"

    @property
    def kind(self) -> str:
        """The class in words: ``parameter description``."""
        return _words(self.owner)

    @property
    def what(self) -> str:
        """The attribute in words: ``content type``."""
        return _words(self.attribute)


def _words(name: str) -> str:
    """Part a name of the model into words.

    >>> _words("ParameterDescription"), _words("valueType")
    ('parameter description', 'value type')
    """
    return re.sub("(?<!^)(?=[A-Z])", " ", name).lower()


def _voprov(*names: str) -> tuple[str, ...]:
    return tuple(VOPROV + name for name in names)


_NAMED = (NAME, LABEL)
_IN_MODEL = {
    "valueType": "give its `datatype` in the model file",
    "contentType": "give its `contentType` in the model file",
}

REQUIRED = (
    Required(
        owner="Agent",
        classes=(PROV + "Agent", PROV + "Person", PROV + "Organization", PROV + "SoftwareAgent"),
        attribute="name",
        predicates=(NAME, LABEL, FOAF_NAME, SCHEMA_NAME),
        suggestion="give the agent a name, in the log or in the agents section of the configuration",
    ),
    Required(
        owner="ValueEntity",
        classes=_voprov("ValueEntity"),
        attribute="value",
        predicates=(VALUE,),
        suggestion="record the value, or do not declare it a value",
    ),
    Required(owner="Usage", classes=(PROV + "Usage",), attribute="entity", predicates=(PROV + "entity",)),
    Required(
        owner="Generation",
        classes=(PROV + "Generation",),
        attribute="activity",
        predicates=(PROV + "activity",),
    ),
    Required(
        owner="Association", classes=(PROV + "Association",), attribute="agent", predicates=(PROV + "agent",)
    ),
    Required(
        owner="Attribution", classes=(PROV + "Attribution",), attribute="agent", predicates=(PROV + "agent",)
    ),
    Required(owner="Parameter", classes=_voprov("Parameter"), attribute="value", predicates=(VALUE,)),
    Required(owner="Parameter", classes=_voprov("Parameter"), attribute="name", predicates=_NAMED),
    Required(owner="ConfigFile", classes=_voprov("ConfigFile"), attribute="name", predicates=_NAMED),
    Required(
        # The text of the standard says mandatory, its VO-DML says 0..1: hence no violation.
        owner="ConfigFile",
        classes=_voprov("ConfigFile"),
        attribute="location",
        predicates=(LOCATION, AT_LOCATION),
        severity=Severity.INFO,
        suggestion="record where the file is; the standard's text asks for it, its VO-DML does not",
    ),
    *(
        Required(
            owner=owner,
            classes=_voprov(owner),
            attribute=attribute,
            predicates=predicates,
            severity=Severity.WARNING,
            suggestion=_IN_MODEL.get(attribute, "add it to the model file"),
        )
        for owner, attribute, predicates in (
            ("ActivityDescription", "name", _NAMED),
            ("EntityDescription", "name", _NAMED),
            ("UsageDescription", "role", (ROLE,)),
            ("GenerationDescription", "role", (ROLE,)),
            ("DatasetDescription", "contentType", (CONTENT_TYPE,)),
            ("ValueDescription", "valueType", (VALUE_TYPE,)),
            ("ParameterDescription", "name", _NAMED),
            ("ParameterDescription", "valueType", (VALUE_TYPE,)),
            ("ConfigFileDescription", "name", _NAMED),
            ("ConfigFileDescription", "contentType", (CONTENT_TYPE,)),
        )
    ),
)
"""Mandatory attributes (the tables of section 3 of the standard)."""

AGENT_ROLES = frozenset(
    (
        "Author",
        "Contributor",
        "Coordinator",
        "Creator",
        "Curator",
        "Editor",
        "Funder",
        "Investigator",
        "Observer",
        "Operator",
        "Provider",
        "Publisher",
    )
)
AGENT_TYPES = frozenset(("Person", "Organization", "SoftwareAgent"))
ACTIVITY_TYPES = frozenset(
    ("Observation", "Simulation", "Reduction", "Calibration", "Reconstruction", "Selection", "Analysis")
)
PORT_TYPES = frozenset(("Main", "Calibration", "Preview", "Setup", "Quality", "Log", "Context"))
ARTEFACT_TYPES = frozenset(("Parameter", "ConfigFile", "Configfile"))  # the last as the VO-DML spells it
DATATYPES = frozenset(
    (
        "boolean",
        "bit",
        "unsignedByte",
        "short",
        "int",
        "long",
        "char",
        "unicodeChar",
        "float",
        "double",
        "floatComplex",
        "doubleComplex",
    )
)
"""VOTable's data types."""

_ENTITY_DESCRIPTIONS = _voprov("EntityDescription", "ValueDescription", "DatasetDescription")
DESCRIBED_AS = (
    (PROV + "Activity", _voprov("ActivityDescription")),
    (PROV + "Usage", _voprov("UsageDescription")),
    (PROV + "Generation", _voprov("GenerationDescription")),
    (VOPROV + "Parameter", _voprov("ParameterDescription")),
    (VOPROV + "ConfigFile", _voprov("ConfigFileDescription")),
    (PROV + "Entity", _ENTITY_DESCRIPTIONS),
)
"""Class of a thing -> classes of its description; the first class that a thing has counts."""

DESCRIPTIONS = _voprov(
    "ActivityDescription",
    "UsageDescription",
    "GenerationDescription",
    "EntityDescription",
    "ValueDescription",
    "DatasetDescription",
    "ParameterDescription",
    "ConfigFileDescription",
)


def _check(name: str, title: str, severity: Severity = Severity.VIOLATION, words: str = "") -> Check:
    return Check(id=f"ivoa/{name}", title=title, severity=severity, url=STANDARD, help=words)


_OTHERS = (
    _check("agent-type", "an agent is a Person, an Organization or a SoftwareAgent"),
    _check(
        "agent-role", "an agent's role is one of the words of the standard, where one fits", Severity.INFO
    ),
    _check("activity-type", "an activity's type is one of the words of the standard", Severity.INFO),
    _check("port-type", "the type of a usage or generation is one of the standard's words", Severity.INFO),
    _check("artefact-type", "what configures an activity is a Parameter or a ConfigFile"),
    _check("configuration-target", "each configuration record names one parameter or configuration file"),
    _check("parameter-shared", "a parameter belongs to one activity", Severity.WARNING),
    _check("used-time", "things are used while the activity runs"),
    _check(
        "generated-once",
        "an entity is generated by one activity at most",
        words="A warning when one step was done by several jobs that write the same file together.",
    ),
    _check("role-missing", "usages and generations have a role", Severity.WARNING),
    _check("one-description", "a thing has one description at most"),
    _check(
        "described-elsewhere",
        "usages, generations and parameters of an activity are those of its own description",
    ),
    _check("description-kind", "a thing is described by a description of its own kind"),
    _check("entity-kind", "a role is played by the kind of entity that its description names"),
    _check(
        "not-described",
        "usages and generations of an activity that is described are described as well",
        Severity.WARNING,
        "The description comes from the model file: the log has something that the file does not know.",
    ),
    _check("role-differs", "the role is that of the description"),
    _check("name-differs", "a parameter or configuration file has the name of its description"),
    _check("multiplicity-syntax", "a multiplicity is a number, *, or min..max", Severity.WARNING),
    _check("value-type-syntax", "a value type is a data type of VOTable", Severity.WARNING),
)

CHECKS = tuple(
    sorted(
        (
            *_OTHERS,
            *(
                Check(
                    id=each.id,
                    title=f"{'an' if each.kind[0] in 'ae' else 'a'} {each.kind} has a {each.what}",
                    severity=each.severity,
                    url=STANDARD,
                )
                for each in REQUIRED
            ),
        ),
        key=lambda check: check.id,
    )
)
"""The IVOA rules as a report lists them."""

BY_ID = {check.id: check for check in CHECKS}
