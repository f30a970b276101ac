"""The terms of the vocabularies as plain strings; a misspelt one is an error that mypy sees.

Written by .ci/generate from ontology/*.ttl: change those, not this file.
"""

# ruff: noqa: N815  the vocabularies use mixedCase

from __future__ import annotations

from typing import Final


class PROV:
    """PROV-O (W3C Recommendation 2013-04-30) and the notes that go with it."""

    BASE: Final = "http://www.w3.org/ns/prov#"
    Accept: Final = "http://www.w3.org/ns/prov#Accept"
    Activity: Final = "http://www.w3.org/ns/prov#Activity"
    ActivityInfluence: Final = "http://www.w3.org/ns/prov#ActivityInfluence"
    Agent: Final = "http://www.w3.org/ns/prov#Agent"
    AgentInfluence: Final = "http://www.w3.org/ns/prov#AgentInfluence"
    Association: Final = "http://www.w3.org/ns/prov#Association"
    Attribution: Final = "http://www.w3.org/ns/prov#Attribution"
    Bundle: Final = "http://www.w3.org/ns/prov#Bundle"
    Collection: Final = "http://www.w3.org/ns/prov#Collection"
    Communication: Final = "http://www.w3.org/ns/prov#Communication"
    Contribute: Final = "http://www.w3.org/ns/prov#Contribute"
    Contributor: Final = "http://www.w3.org/ns/prov#Contributor"
    Copyright: Final = "http://www.w3.org/ns/prov#Copyright"
    Create: Final = "http://www.w3.org/ns/prov#Create"
    Creator: Final = "http://www.w3.org/ns/prov#Creator"
    Delegation: Final = "http://www.w3.org/ns/prov#Delegation"
    Derivation: Final = "http://www.w3.org/ns/prov#Derivation"
    Dictionary: Final = "http://www.w3.org/ns/prov#Dictionary"
    DirectQueryService: Final = "http://www.w3.org/ns/prov#DirectQueryService"
    EmptyCollection: Final = "http://www.w3.org/ns/prov#EmptyCollection"
    EmptyDictionary: Final = "http://www.w3.org/ns/prov#EmptyDictionary"
    End: Final = "http://www.w3.org/ns/prov#End"
    Entity: Final = "http://www.w3.org/ns/prov#Entity"
    EntityInfluence: Final = "http://www.w3.org/ns/prov#EntityInfluence"
    Generation: Final = "http://www.w3.org/ns/prov#Generation"
    Influence: Final = "http://www.w3.org/ns/prov#Influence"
    Insertion: Final = "http://www.w3.org/ns/prov#Insertion"
    InstantaneousEvent: Final = "http://www.w3.org/ns/prov#InstantaneousEvent"
    Invalidation: Final = "http://www.w3.org/ns/prov#Invalidation"
    KeyEntityPair: Final = "http://www.w3.org/ns/prov#KeyEntityPair"
    Location: Final = "http://www.w3.org/ns/prov#Location"
    Modify: Final = "http://www.w3.org/ns/prov#Modify"
    Organization: Final = "http://www.w3.org/ns/prov#Organization"
    Person: Final = "http://www.w3.org/ns/prov#Person"
    Plan: Final = "http://www.w3.org/ns/prov#Plan"
    PrimarySource: Final = "http://www.w3.org/ns/prov#PrimarySource"
    Publish: Final = "http://www.w3.org/ns/prov#Publish"
    Publisher: Final = "http://www.w3.org/ns/prov#Publisher"
    Quotation: Final = "http://www.w3.org/ns/prov#Quotation"
    Removal: Final = "http://www.w3.org/ns/prov#Removal"
    Replace: Final = "http://www.w3.org/ns/prov#Replace"
    Revision: Final = "http://www.w3.org/ns/prov#Revision"
    RightsAssignment: Final = "http://www.w3.org/ns/prov#RightsAssignment"
    RightsHolder: Final = "http://www.w3.org/ns/prov#RightsHolder"
    Role: Final = "http://www.w3.org/ns/prov#Role"
    ServiceDescription: Final = "http://www.w3.org/ns/prov#ServiceDescription"
    SoftwareAgent: Final = "http://www.w3.org/ns/prov#SoftwareAgent"
    Start: Final = "http://www.w3.org/ns/prov#Start"
    Submit: Final = "http://www.w3.org/ns/prov#Submit"
    Usage: Final = "http://www.w3.org/ns/prov#Usage"
    actedOnBehalfOf: Final = "http://www.w3.org/ns/prov#actedOnBehalfOf"
    activity: Final = "http://www.w3.org/ns/prov#activity"
    activityOfInfluence: Final = "http://www.w3.org/ns/prov#activityOfInfluence"
    agent: Final = "http://www.w3.org/ns/prov#agent"
    agentOfInfluence: Final = "http://www.w3.org/ns/prov#agentOfInfluence"
    alternateOf: Final = "http://www.w3.org/ns/prov#alternateOf"
    aq: Final = "http://www.w3.org/ns/prov#aq"
    asInBundle: Final = "http://www.w3.org/ns/prov#asInBundle"
    atLocation: Final = "http://www.w3.org/ns/prov#atLocation"
    atTime: Final = "http://www.w3.org/ns/prov#atTime"
    category: Final = "http://www.w3.org/ns/prov#category"
    component: Final = "http://www.w3.org/ns/prov#component"
    constraints: Final = "http://www.w3.org/ns/prov#constraints"
    contributed: Final = "http://www.w3.org/ns/prov#contributed"
    definition: Final = "http://www.w3.org/ns/prov#definition"
    derivedByInsertionFrom: Final = "http://www.w3.org/ns/prov#derivedByInsertionFrom"
    derivedByRemovalFrom: Final = "http://www.w3.org/ns/prov#derivedByRemovalFrom"
    describesService: Final = "http://www.w3.org/ns/prov#describesService"
    dictionary: Final = "http://www.w3.org/ns/prov#dictionary"
    dm: Final = "http://www.w3.org/ns/prov#dm"
    editorialNote: Final = "http://www.w3.org/ns/prov#editorialNote"
    editorsDefinition: Final = "http://www.w3.org/ns/prov#editorsDefinition"
    ended: Final = "http://www.w3.org/ns/prov#ended"
    endedAtTime: Final = "http://www.w3.org/ns/prov#endedAtTime"
    entity: Final = "http://www.w3.org/ns/prov#entity"
    entityOfInfluence: Final = "http://www.w3.org/ns/prov#entityOfInfluence"
    generalizationOf: Final = "http://www.w3.org/ns/prov#generalizationOf"
    generated: Final = "http://www.w3.org/ns/prov#generated"
    generatedAsDerivation: Final = "http://www.w3.org/ns/prov#generatedAsDerivation"
    generatedAtTime: Final = "http://www.w3.org/ns/prov#generatedAtTime"
    hadActivity: Final = "http://www.w3.org/ns/prov#hadActivity"
    hadDelegate: Final = "http://www.w3.org/ns/prov#hadDelegate"
    hadDerivation: Final = "http://www.w3.org/ns/prov#hadDerivation"
    hadDictionaryMember: Final = "http://www.w3.org/ns/prov#hadDictionaryMember"
    hadGeneration: Final = "http://www.w3.org/ns/prov#hadGeneration"
    hadInfluence: Final = "http://www.w3.org/ns/prov#hadInfluence"
    hadMember: Final = "http://www.w3.org/ns/prov#hadMember"
    hadPlan: Final = "http://www.w3.org/ns/prov#hadPlan"
    hadPrimarySource: Final = "http://www.w3.org/ns/prov#hadPrimarySource"
    hadRevision: Final = "http://www.w3.org/ns/prov#hadRevision"
    hadRole: Final = "http://www.w3.org/ns/prov#hadRole"
    hadUsage: Final = "http://www.w3.org/ns/prov#hadUsage"
    has_anchor: Final = "http://www.w3.org/ns/prov#has_anchor"
    has_provenance: Final = "http://www.w3.org/ns/prov#has_provenance"
    has_query_service: Final = "http://www.w3.org/ns/prov#has_query_service"
    influenced: Final = "http://www.w3.org/ns/prov#influenced"
    influencer: Final = "http://www.w3.org/ns/prov#influencer"
    informed: Final = "http://www.w3.org/ns/prov#informed"
    insertedKeyEntityPair: Final = "http://www.w3.org/ns/prov#insertedKeyEntityPair"
    invalidated: Final = "http://www.w3.org/ns/prov#invalidated"
    invalidatedAtTime: Final = "http://www.w3.org/ns/prov#invalidatedAtTime"
    inverse: Final = "http://www.w3.org/ns/prov#inverse"
    locationOf: Final = "http://www.w3.org/ns/prov#locationOf"
    mentionOf: Final = "http://www.w3.org/ns/prov#mentionOf"
    n: Final = "http://www.w3.org/ns/prov#n"
    order: Final = "http://www.w3.org/ns/prov#order"
    pairEntity: Final = "http://www.w3.org/ns/prov#pairEntity"
    pairKey: Final = "http://www.w3.org/ns/prov#pairKey"
    pingback: Final = "http://www.w3.org/ns/prov#pingback"
    provenanceUriTemplate: Final = "http://www.w3.org/ns/prov#provenanceUriTemplate"
    qualifiedAssociation: Final = "http://www.w3.org/ns/prov#qualifiedAssociation"
    qualifiedAssociationOf: Final = "http://www.w3.org/ns/prov#qualifiedAssociationOf"
    qualifiedAttribution: Final = "http://www.w3.org/ns/prov#qualifiedAttribution"
    qualifiedAttributionOf: Final = "http://www.w3.org/ns/prov#qualifiedAttributionOf"
    qualifiedCommunication: Final = "http://www.w3.org/ns/prov#qualifiedCommunication"
    qualifiedCommunicationOf: Final = "http://www.w3.org/ns/prov#qualifiedCommunicationOf"
    qualifiedDelegation: Final = "http://www.w3.org/ns/prov#qualifiedDelegation"
    qualifiedDelegationOf: Final = "http://www.w3.org/ns/prov#qualifiedDelegationOf"
    qualifiedDerivation: Final = "http://www.w3.org/ns/prov#qualifiedDerivation"
    qualifiedDerivationOf: Final = "http://www.w3.org/ns/prov#qualifiedDerivationOf"
    qualifiedEnd: Final = "http://www.w3.org/ns/prov#qualifiedEnd"
    qualifiedEndOf: Final = "http://www.w3.org/ns/prov#qualifiedEndOf"
    qualifiedForm: Final = "http://www.w3.org/ns/prov#qualifiedForm"
    qualifiedGeneration: Final = "http://www.w3.org/ns/prov#qualifiedGeneration"
    qualifiedGenerationOf: Final = "http://www.w3.org/ns/prov#qualifiedGenerationOf"
    qualifiedInfluence: Final = "http://www.w3.org/ns/prov#qualifiedInfluence"
    qualifiedInfluenceOf: Final = "http://www.w3.org/ns/prov#qualifiedInfluenceOf"
    qualifiedInsertion: Final = "http://www.w3.org/ns/prov#qualifiedInsertion"
    qualifiedInvalidation: Final = "http://www.w3.org/ns/prov#qualifiedInvalidation"
    qualifiedInvalidationOf: Final = "http://www.w3.org/ns/prov#qualifiedInvalidationOf"
    qualifiedPrimarySource: Final = "http://www.w3.org/ns/prov#qualifiedPrimarySource"
    qualifiedQuotation: Final = "http://www.w3.org/ns/prov#qualifiedQuotation"
    qualifiedQuotationOf: Final = "http://www.w3.org/ns/prov#qualifiedQuotationOf"
    qualifiedRemoval: Final = "http://www.w3.org/ns/prov#qualifiedRemoval"
    qualifiedRevision: Final = "http://www.w3.org/ns/prov#qualifiedRevision"
    qualifiedSourceOf: Final = "http://www.w3.org/ns/prov#qualifiedSourceOf"
    qualifiedStart: Final = "http://www.w3.org/ns/prov#qualifiedStart"
    qualifiedStartOf: Final = "http://www.w3.org/ns/prov#qualifiedStartOf"
    qualifiedUsage: Final = "http://www.w3.org/ns/prov#qualifiedUsage"
    qualifiedUsingActivity: Final = "http://www.w3.org/ns/prov#qualifiedUsingActivity"
    quotedAs: Final = "http://www.w3.org/ns/prov#quotedAs"
    removedKey: Final = "http://www.w3.org/ns/prov#removedKey"
    revisedEntity: Final = "http://www.w3.org/ns/prov#revisedEntity"
    sharesDefinitionWith: Final = "http://www.w3.org/ns/prov#sharesDefinitionWith"
    specializationOf: Final = "http://www.w3.org/ns/prov#specializationOf"
    started: Final = "http://www.w3.org/ns/prov#started"
    startedAtTime: Final = "http://www.w3.org/ns/prov#startedAtTime"
    todo: Final = "http://www.w3.org/ns/prov#todo"
    unqualifiedForm: Final = "http://www.w3.org/ns/prov#unqualifiedForm"
    used: Final = "http://www.w3.org/ns/prov#used"
    value: Final = "http://www.w3.org/ns/prov#value"
    wasActivityOfInfluence: Final = "http://www.w3.org/ns/prov#wasActivityOfInfluence"
    wasAssociateFor: Final = "http://www.w3.org/ns/prov#wasAssociateFor"
    wasAssociatedWith: Final = "http://www.w3.org/ns/prov#wasAssociatedWith"
    wasAttributedTo: Final = "http://www.w3.org/ns/prov#wasAttributedTo"
    wasDerivedFrom: Final = "http://www.w3.org/ns/prov#wasDerivedFrom"
    wasEndedBy: Final = "http://www.w3.org/ns/prov#wasEndedBy"
    wasGeneratedBy: Final = "http://www.w3.org/ns/prov#wasGeneratedBy"
    wasInfluencedBy: Final = "http://www.w3.org/ns/prov#wasInfluencedBy"
    wasInformedBy: Final = "http://www.w3.org/ns/prov#wasInformedBy"
    wasInvalidatedBy: Final = "http://www.w3.org/ns/prov#wasInvalidatedBy"
    wasMemberOf: Final = "http://www.w3.org/ns/prov#wasMemberOf"
    wasPlanOf: Final = "http://www.w3.org/ns/prov#wasPlanOf"
    wasPrimarySourceOf: Final = "http://www.w3.org/ns/prov#wasPrimarySourceOf"
    wasQuotedFrom: Final = "http://www.w3.org/ns/prov#wasQuotedFrom"
    wasRevisionOf: Final = "http://www.w3.org/ns/prov#wasRevisionOf"
    wasRoleIn: Final = "http://www.w3.org/ns/prov#wasRoleIn"
    wasStartedBy: Final = "http://www.w3.org/ns/prov#wasStartedBy"
    wasUsedBy: Final = "http://www.w3.org/ns/prov#wasUsedBy"
    wasUsedInDerivation: Final = "http://www.w3.org/ns/prov#wasUsedInDerivation"


class VOPROV:
    """Terms of the IVOA Provenance Data Model 1.0."""

    BASE: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#"
    # Something that ran for a while, used entities and generated others. (reserved)
    Activity: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#Activity"
    # How a kind of activity works: its method, version and documentation.
    ActivityDescription: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#ActivityDescription"
    # A person, organization or program that is responsible for something. (reserved)
    Agent: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#Agent"
    # An entity that gathers other entities. (reserved)
    Collection: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#Collection"
    # A file that configures an activity.
    ConfigFile: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#ConfigFile"
    # What a configuration file of a kind of activity is. (reserved)
    ConfigFileDescription: Final = (
        "http://www.ivoa.net/documents/ProvenanceDM/index.html#ConfigFileDescription"
    )
    # The qualified form of voprov:wasConfiguredBy: which parameter or configuration file set up an
    # activity.
    ConfigurationRelation: Final = (
        "http://www.ivoa.net/documents/ProvenanceDM/index.html#ConfigurationRelation"
    )
    # The description of a set of data: the type of its content.
    DatasetDescription: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#DatasetDescription"
    # An entity that is a set of data, usually a file; the recommendation gives it no attribute of its
    # own.
    DatasetEntity: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#DatasetEntity"
    # A thing, digital or not, in one fixed state: a file, a value, a plate. (reserved)
    Entity: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#Entity"
    # What a kind of entity is: its content, type and documentation.
    EntityDescription: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#EntityDescription"
    # What a kind of activity is expected to generate, in one role.
    GenerationDescription: Final = (
        "http://www.ivoa.net/documents/ProvenanceDM/index.html#GenerationDescription"
    )
    # One setting of one activity, with its value; lives and dies with the activity.
    Parameter: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#Parameter"
    # What one parameter of a kind of activity may be: type, unit, limits, options, default.
    ParameterDescription: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#ParameterDescription"
    # What a kind of activity is expected to use, in one role.
    UsageDescription: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#UsageDescription"
    # The use of one entity by one activity, in a role. (reserved)
    Used: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#Used"
    # The description of a value: type, unit, UCD. (reserved)
    ValueDescription: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#ValueDescription"
    # An entity that is fully given by a value.
    ValueEntity: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#ValueEntity"
    # The responsibility of an agent for an activity, in a role. (reserved)
    WasAssociatedWith: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#WasAssociatedWith"
    # The responsibility of an agent for an entity, in a role. (reserved)
    WasAttributedTo: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#WasAttributedTo"
    # The setting of one parameter or configuration file for one activity; written as
    # voprov:ConfigurationRelation. (reserved)
    WasConfiguredBy: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#WasConfiguredBy"
    # The making of one entity by one activity, in a role. (reserved)
    WasGeneratedBy: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#WasGeneratedBy"
    # The activity of a generation. (reserved)
    activity: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#activity"
    # A postal address of an agent. (reserved)
    address: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#address"
    # The institute of an agent. (reserved)
    affiliation: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#affiliation"
    # The agent of an association or attribution. (reserved)
    agent: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#agent"
    # What configured an activity: Parameter or ConfigFile.
    artefactType: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#artefactType"
    # A remark about this very instance. (reserved)
    comment: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#comment"
    # The parameter or configuration file of a voprov:ConfigurationRelation.
    configurator: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#configurator"
    # The format of the content, as a media type.
    contentType: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#contentType"
    # The value when nothing is set.
    default: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#default"
    # What a described thing is, for people.
    description: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#description"
    # Where a described thing is documented.
    docurl: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#docurl"
    # An e-mail address of an agent. (reserved)
    email: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#email"
    # When an activity ended. (reserved)
    endTime: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#endTime"
    # The entity of a usage. (reserved)
    entity: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#entity"
    # When an entity came to be. (reserved)
    generatedAtTime: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#generatedAtTime"
    # Links a collection to a member. (reserved)
    hadMember: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#hadMember"
    # Links a parameter to the value entity that its value came from. (reserved)
    hadReference: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#hadReference"
    # The identifier of an activity, entity or agent; provrdf makes the IRI from it and keeps it as
    # logged. (reserved)
    id: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#id"
    # Links an activity to one that informed it. (reserved)
    informant: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#informant"
    # When an entity ceased to be usable. (reserved)
    invalidatedAtTime: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#invalidatedAtTime"
    # Links what happened (an activity, entity, parameter, configuration file, usage or generation) to
    # its description.
    isDescribedBy: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#isDescribedBy"
    # Links descriptions: a usage, generation, parameter or configuration file description to its
    # activity description, and to the entity description.
    isRelatedTo: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#isRelatedTo"
    # The place of an entity as text, such as a path; the same place as an IRI is in prov:atLocation.
    location: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#location"
    # The largest allowed value.
    max: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#max"
    # The smallest allowed value.
    min: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#min"
    # How many entities are expected in a role: min..max, n, or *.
    multiplicity: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#multiplicity"
    # A short name for people.
    name: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#name"
    # One of the allowed values.
    options: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#options"
    # A telephone number of an agent. (reserved)
    phone: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#phone"
    # Links an activity to the node that says how it was configured.
    qualifiedWasConfiguredBy: Final = (
        "http://www.ivoa.net/documents/ProvenanceDM/index.html#qualifiedWasConfiguredBy"
    )
    # The function of an entity or agent, in words; the same role as an IRI is in prov:hadRole.
    role: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#role"
    # When an activity started. (reserved)
    startTime: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#startTime"
    # A finer kind of activity than voprov:type.
    subtype: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#subtype"
    # When an entity was used. (reserved)
    time: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#time"
    # The kind of a usage, generation, activity or agent, from the word lists of the recommendation
    # (Main, Context, Reduction, Calibration, ...).
    type: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#type"
    # The UCD of a value: what it physically means.
    ucd: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#ucd"
    # The unit of a value, as VOUnits writes it.
    unit: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#unit"
    # A page about an agent. (reserved)
    url: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#url"
    # Links an activity to what it used. (reserved)
    used: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#used"
    # Links an entity to one that it was derived from. (reserved)
    usedEntity: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#usedEntity"
    # The role of a value in another data model.
    utype: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#utype"
    # The value of a value entity or parameter; prov:value keeps its type. (reserved)
    value: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#value"
    # The type of a value, as VOTable writes it: datatype, array size, extended type.
    valueType: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#valueType"
    # The version of what an activity description describes, such as the release of a program.
    version: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#version"
    # Links an activity to an agent responsible for it. (reserved)
    wasAssociatedWith: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#wasAssociatedWith"
    # Links an entity to an agent responsible for it. (reserved)
    wasAttributedTo: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#wasAttributedTo"
    # Links an activity to a parameter or configuration file that set it up.
    wasConfiguredBy: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#wasConfiguredBy"
    # Links an entity to the activity that generated it. (reserved)
    wasGeneratedBy: Final = "http://www.ivoa.net/documents/ProvenanceDM/index.html#wasGeneratedBy"


class PROVRDF:
    """Terms that neither PROV-O nor the IVOA Provenance Data Model has."""

    BASE: Final = "https://w3id.org/provrdf/ns#"
    # A computing environment: platform, Python, packages, variables. Same content, same node, however
    # many sessions ran in it.
    Environment: Final = "https://w3id.org/provrdf/ns#Environment"
    # The role of the account under which an activity ran.
    Operator: Final = "https://w3id.org/provrdf/ns#Operator"
    # One release of an installed software package.
    Package: Final = "https://w3id.org/provrdf/ns#Package"
    # The act of publishing the graph of a session in a store.
    Publication: Final = "https://w3id.org/provrdf/ns#Publication"
    # The act of withdrawing a published session.
    Retraction: Final = "https://w3id.org/provrdf/ns#Retraction"
    # One run of a pipeline or analysis: the context in which activities ran. Also the unit that is
    # published, as one named graph.
    Session: Final = "https://w3id.org/provrdf/ns#Session"
    # The command line arguments or call arguments.
    arguments: Final = "https://w3id.org/provrdf/ns#arguments"
    # The batch job that a session ran in: ids of SLURM, HTCondor, DIRAC, the container.
    batch: Final = "https://w3id.org/provrdf/ns#batch"
    # The number of the calibration run, as written.
    calibrationRun: Final = "https://w3id.org/provrdf/ns#calibrationRun"
    # The rule of a model that a shape checks.
    check: Final = "https://w3id.org/provrdf/ns#check"
    # The Python class of what was traced.
    className: Final = "https://w3id.org/provrdf/ns#className"
    # Links a session to the configuration file that it ran with.
    configFile: Final = "https://w3id.org/provrdf/ns#configFile"
    # Whom to ask about a step, as the model file says.
    contact: Final = "https://w3id.org/provrdf/ns#contact"
    # Links the graph of a session to the published graph that counts now.
    current: Final = "https://w3id.org/provrdf/ns#current"
    # The model (definition.yaml) that the session was captured with, as logged.
    definitions: Final = "https://w3id.org/provrdf/ns#definitions"
    # When the content of a replaced graph was deleted; its checksum stays.
    droppedAt: Final = "https://w3id.org/provrdf/ns#droppedAt"
    # An end time as logged, when it is no time that can be read.
    endedAtTime: Final = "https://w3id.org/provrdf/ns#endedAtTime"
    # Links a session to the environment it ran in.
    environment: Final = "https://w3id.org/provrdf/ns#environment"
    # The file that declares the environment of a session, such as a conda environment file.
    environmentFile: Final = "https://w3id.org/provrdf/ns#environmentFile"
    # When the environment of a session was recorded.
    environmentRecordedAt: Final = "https://w3id.org/provrdf/ns#environmentRecordedAt"
    # The message of the exception that ended an activity.
    exceptionMessage: Final = "https://w3id.org/provrdf/ns#exceptionMessage"
    # The class of the exception that ended an activity.
    exceptionType: Final = "https://w3id.org/provrdf/ns#exceptionType"
    # The program that ran Python.
    executable: Final = "https://w3id.org/provrdf/ns#executable"
    # The exit code of the process.
    exitCode: Final = "https://w3id.org/provrdf/ns#exitCode"
    # A time of making as logged, when it is no time that can be read.
    generatedAtTime: Final = "https://w3id.org/provrdf/ns#generatedAtTime"
    # What a logged digest was taken of: path or content.
    hashKind: Final = "https://w3id.org/provrdf/ns#hashKind"
    # The name of the computer.
    host: Final = "https://w3id.org/provrdf/ns#host"
    # Links an activity to the session in which it ran.
    inSession: Final = "https://w3id.org/provrdf/ns#inSession"
    # The line of a log that a statement came from, file:line. (reserved)
    logLine: Final = "https://w3id.org/provrdf/ns#logLine"
    # When a file was last modified.
    modifiedTime: Final = "https://w3id.org/provrdf/ns#modifiedTime"
    # What in a program changed a Python object, as logged.
    modifier: Final = "https://w3id.org/provrdf/ns#modifier"
    # The Python module of what was traced.
    module: Final = "https://w3id.org/provrdf/ns#module"
    # The night of the observation, as written by the pipeline.
    observationDate: Final = "https://w3id.org/provrdf/ns#observationDate"
    # The number of the observation run, as written, leading zeros kept.
    observationRun: Final = "https://w3id.org/provrdf/ns#observationRun"
    # The ORCID of a person, as a whole IRI.
    orcid: Final = "https://w3id.org/provrdf/ns#orcid"
    # Links an environment to an installed package.
    package: Final = "https://w3id.org/provrdf/ns#package"
    # A digest of the path of a file, written algorithm:digest. It says nothing about the content; a
    # digest of the content is an spdx:Checksum.
    pathHash: Final = "https://w3id.org/provrdf/ns#pathHash"
    # The number of the pedestal run used for calibration, as written.
    pedestalRun: Final = "https://w3id.org/provrdf/ns#pedestalRun"
    # The number of the process on its computer.
    processId: Final = "https://w3id.org/provrdf/ns#processId"
    # Links a publication to the graph that it made current.
    published: Final = "https://w3id.org/provrdf/ns#published"
    # When the content of a graph was deleted for good, because it should never have been published; its
    # checksum stays.
    purgedAt: Final = "https://w3id.org/provrdf/ns#purgedAt"
    # The version of Python.
    pythonVersion: Final = "https://w3id.org/provrdf/ns#pythonVersion"
    # What was taken out of an environment before it was written, such as the names of secret variables.
    redacted: Final = "https://w3id.org/provrdf/ns#redacted"
    # When a withdrawn session was published again.
    republishedAt: Final = "https://w3id.org/provrdf/ns#republishedAt"
    # The program file that ran.
    script: Final = "https://w3id.org/provrdf/ns#script"
    # The number of a publication among those of its session; the highest counts.
    serial: Final = "https://w3id.org/provrdf/ns#serial"
    # The tag that a pipeline put on all records of one job.
    sessionTag: Final = "https://w3id.org/provrdf/ns#sessionTag"
    # The size of a file, in bytes.
    size: Final = "https://w3id.org/provrdf/ns#size"
    # The version of the pipeline software.
    softwareVersion: Final = "https://w3id.org/provrdf/ns#softwareVersion"
    # A start time as logged, when it is no time that can be read.
    startedAtTime: Final = "https://w3id.org/provrdf/ns#startedAtTime"
    # How an activity ended: completed, failed, interrupted.
    status: Final = "https://w3id.org/provrdf/ns#status"
    # When a published graph was replaced by another.
    supersededAt: Final = "https://w3id.org/provrdf/ns#supersededAt"
    # The time zone of the times as logged.
    timeZone: Final = "https://w3id.org/provrdf/ns#timeZone"
    # When a session was withdrawn.
    withdrawnAt: Final = "https://w3id.org/provrdf/ns#withdrawnAt"


class DCTERMS:
    """What is borrowed from Dublin Core."""

    BASE: Final = "http://purl.org/dc/terms/"
    conformsTo: Final = "http://purl.org/dc/terms/conformsTo"
    description: Final = "http://purl.org/dc/terms/description"
    format: Final = "http://purl.org/dc/terms/format"
    identifier: Final = "http://purl.org/dc/terms/identifier"
    isPartOf: Final = "http://purl.org/dc/terms/isPartOf"
    isVersionOf: Final = "http://purl.org/dc/terms/isVersionOf"
    issued: Final = "http://purl.org/dc/terms/issued"
    license: Final = "http://purl.org/dc/terms/license"
    publisher: Final = "http://purl.org/dc/terms/publisher"
    subject: Final = "http://purl.org/dc/terms/subject"
    title: Final = "http://purl.org/dc/terms/title"
    type: Final = "http://purl.org/dc/terms/type"


class SPDX:
    """What is borrowed from SPDX: checksums, as DCAT 3 writes them."""

    BASE: Final = "http://spdx.org/rdf/terms#"
    Checksum: Final = "http://spdx.org/rdf/terms#Checksum"
    algorithm: Final = "http://spdx.org/rdf/terms#algorithm"
    checksum: Final = "http://spdx.org/rdf/terms#checksum"
    checksumAlgorithm_sha256: Final = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
    checksumValue: Final = "http://spdx.org/rdf/terms#checksumValue"


class DCAT:
    """What the catalog takes from DCAT 3."""

    BASE: Final = "http://www.w3.org/ns/dcat#"
    Dataset: Final = "http://www.w3.org/ns/dcat#Dataset"


class SD:
    """What the catalog takes from the SPARQL service description."""

    BASE: Final = "http://www.w3.org/ns/sparql-service-description#"
    NamedGraph: Final = "http://www.w3.org/ns/sparql-service-description#NamedGraph"


class VOID:
    """What the catalog takes from VoID."""

    BASE: Final = "http://rdfs.org/ns/void#"
    Dataset: Final = "http://rdfs.org/ns/void#Dataset"
    sparqlEndpoint: Final = "http://rdfs.org/ns/void#sparqlEndpoint"
    subset: Final = "http://rdfs.org/ns/void#subset"
    triples: Final = "http://rdfs.org/ns/void#triples"
    vocabulary: Final = "http://rdfs.org/ns/void#vocabulary"


class RDF:
    """RDF."""

    BASE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    JSON: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"
    langString: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
    type: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class RDFS:
    """RDF Schema."""

    BASE: Final = "http://www.w3.org/2000/01/rdf-schema#"
    comment: Final = "http://www.w3.org/2000/01/rdf-schema#comment"
    label: Final = "http://www.w3.org/2000/01/rdf-schema#label"
    seeAlso: Final = "http://www.w3.org/2000/01/rdf-schema#seeAlso"
    subClassOf: Final = "http://www.w3.org/2000/01/rdf-schema#subClassOf"


class XSD:
    """The datatypes that every store keeps."""

    BASE: Final = "http://www.w3.org/2001/XMLSchema#"
    anyURI: Final = "http://www.w3.org/2001/XMLSchema#anyURI"
    boolean: Final = "http://www.w3.org/2001/XMLSchema#boolean"
    date: Final = "http://www.w3.org/2001/XMLSchema#date"
    dateTime: Final = "http://www.w3.org/2001/XMLSchema#dateTime"
    decimal: Final = "http://www.w3.org/2001/XMLSchema#decimal"
    double: Final = "http://www.w3.org/2001/XMLSchema#double"
    float: Final = "http://www.w3.org/2001/XMLSchema#float"
    hexBinary: Final = "http://www.w3.org/2001/XMLSchema#hexBinary"
    integer: Final = "http://www.w3.org/2001/XMLSchema#integer"
    string: Final = "http://www.w3.org/2001/XMLSchema#string"
