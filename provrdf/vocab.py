"""The terms of the vocabularies; a misspelt one raises AttributeError.

Written by .ci/generate from ontology/*.ttl: change those, not this file.
"""

# ruff: noqa: N815  the vocabularies use mixedCase

from __future__ import annotations

from rdflib import Namespace, URIRef
from rdflib.namespace import DefinedNamespace


class PROVRDF(DefinedNamespace):
    """Terms that neither PROV-O nor the IVOA Provenance Data Model has."""

    _fail = True
    _NS = Namespace("https://w3id.org/provrdf/ns#")

    # A computing environment: platform, Python, packages, variables. Same content, same node, however
    # many sessions ran in it.
    Environment: URIRef

    # The role of the account under which an activity ran.
    Operator: URIRef

    # One release of an installed software package.
    Package: URIRef

    # The act of publishing the graph of a session in a store.
    Publication: URIRef

    # The act of withdrawing a published session.
    Retraction: URIRef

    # One run of a pipeline or analysis: the context in which activities ran. Also the unit that is
    # published, as one named graph.
    Session: URIRef

    # The command line arguments or call arguments.
    arguments: URIRef

    # The number of the calibration run, as written.
    calibrationRun: URIRef

    # The rule of a model that a shape checks. (reserved)
    check: URIRef

    # The Python class of what was traced.
    className: URIRef

    # Links a session to the configuration file that it ran with.
    configFile: URIRef

    # Links the graph of a session to the published graph that counts now.
    current: URIRef

    # The model (definition.yaml) that the session was captured with, as logged.
    definitions: URIRef

    # When the content of a replaced graph was deleted; its checksum stays.
    droppedAt: URIRef

    # An end time as logged, when it is no time that can be read.
    endedAtTime: URIRef

    # Links a session to the environment it ran in.
    environment: URIRef

    # When the environment of a session was recorded.
    environmentRecordedAt: URIRef

    # The message of the exception that ended an activity.
    exceptionMessage: URIRef

    # The class of the exception that ended an activity.
    exceptionType: URIRef

    # The program that ran Python.
    executable: URIRef

    # The exit code of the process.
    exitCode: URIRef

    # A time of making as logged, when it is no time that can be read.
    generatedAtTime: URIRef

    # What a logged digest was taken of: path or content.
    hashKind: URIRef

    # The name of the computer.
    host: URIRef

    # Links an activity to the session in which it ran.
    inSession: URIRef

    # The line of a log that a statement came from, file:line. (reserved)
    logLine: URIRef

    # When a file was last modified.
    modifiedTime: URIRef

    # What in a program changed a Python object, as logged.
    modifier: URIRef

    # The Python module of what was traced.
    module: URIRef

    # The night of the observation, as written by the pipeline.
    observationDate: URIRef

    # The number of the observation run, as written, leading zeros kept.
    observationRun: URIRef

    # Links an environment to an installed package.
    package: URIRef

    # A digest of the path of a file, written algorithm:digest. It says nothing about the content; a
    # digest of the content is an spdx:Checksum.
    pathHash: URIRef

    # The number of the pedestal run used for calibration, as written.
    pedestalRun: URIRef

    # The number of the process on its computer.
    processId: URIRef

    # Links a publication to the graph that it made current.
    published: URIRef

    # When the content of a graph was deleted for good, because it should never have been published; its
    # checksum stays.
    purgedAt: URIRef

    # The version of Python.
    pythonVersion: URIRef

    # What was taken out of an environment before it was written, such as the names of secret variables.
    redacted: URIRef

    # When a withdrawn session was published again.
    republishedAt: URIRef

    # The program file that ran.
    script: URIRef

    # The number of a publication among those of its session; the highest counts.
    serial: URIRef

    # The tag that a pipeline put on all records of one job.
    sessionTag: URIRef

    # The size of a file, in bytes.
    size: URIRef

    # The version of the pipeline software.
    softwareVersion: URIRef

    # A start time as logged, when it is no time that can be read.
    startedAtTime: URIRef

    # How an activity ended: completed, failed, interrupted.
    status: URIRef

    # When a published graph was replaced by another.
    supersededAt: URIRef

    # The time zone of the times as logged.
    timeZone: URIRef

    # When a session was withdrawn.
    withdrawnAt: URIRef


class VOPROV(DefinedNamespace):
    """Terms of the IVOA Provenance Data Model 1.0."""

    _fail = True
    _NS = Namespace("http://www.ivoa.net/documents/ProvenanceDM/index.html#")

    # Something that ran for a while, used entities and generated others. (reserved)
    Activity: URIRef

    # How a kind of activity works: its method, version and documentation.
    ActivityDescription: URIRef

    # A person, organization or program that is responsible for something. (reserved)
    Agent: URIRef

    # An entity that gathers other entities. (reserved)
    Collection: URIRef

    # A file that configures an activity.
    ConfigFile: URIRef

    # What a configuration file of a kind of activity is. (reserved)
    ConfigFileDescription: URIRef

    # The qualified form of voprov:wasConfiguredBy: which parameter or configuration file set up an
    # activity.
    ConfigurationRelation: URIRef

    # The description of a set of data: the type of its content.
    DatasetDescription: URIRef

    # An entity that is a set of data, usually a file; the recommendation gives it no attribute of its
    # own.
    DatasetEntity: URIRef

    # A thing, digital or not, in one fixed state: a file, a value, a plate. (reserved)
    Entity: URIRef

    # What a kind of entity is: its content, type and documentation.
    EntityDescription: URIRef

    # What a kind of activity is expected to generate, in one role.
    GenerationDescription: URIRef

    # One setting of one activity, with its value; lives and dies with the activity.
    Parameter: URIRef

    # What one parameter of a kind of activity may be: type, unit, limits, options, default.
    ParameterDescription: URIRef

    # What a kind of activity is expected to use, in one role.
    UsageDescription: URIRef

    # The use of one entity by one activity, in a role. (reserved)
    Used: URIRef

    # The description of a value: type, unit, UCD. (reserved)
    ValueDescription: URIRef

    # An entity that is fully given by a value.
    ValueEntity: URIRef

    # The responsibility of an agent for an activity, in a role. (reserved)
    WasAssociatedWith: URIRef

    # The responsibility of an agent for an entity, in a role. (reserved)
    WasAttributedTo: URIRef

    # The setting of one parameter or configuration file for one activity; written as
    # voprov:ConfigurationRelation. (reserved)
    WasConfiguredBy: URIRef

    # The making of one entity by one activity, in a role. (reserved)
    WasGeneratedBy: URIRef

    # The activity of a generation. (reserved)
    activity: URIRef

    # A postal address of an agent. (reserved)
    address: URIRef

    # The institute of an agent. (reserved)
    affiliation: URIRef

    # The agent of an association or attribution. (reserved)
    agent: URIRef

    # What configured an activity: Parameter or ConfigFile.
    artefactType: URIRef

    # A remark about this very instance. (reserved)
    comment: URIRef

    # The parameter or configuration file of a voprov:ConfigurationRelation.
    configurator: URIRef

    # The format of the content, as a media type.
    contentType: URIRef

    # The value when nothing is set.
    default: URIRef

    # What a described thing is, for people.
    description: URIRef

    # Where a described thing is documented.
    docurl: URIRef

    # An e-mail address of an agent. (reserved)
    email: URIRef

    # When an activity ended. (reserved)
    endTime: URIRef

    # The entity of a usage. (reserved)
    entity: URIRef

    # When an entity came to be. (reserved)
    generatedAtTime: URIRef

    # Links a collection to a member. (reserved)
    hadMember: URIRef

    # Links a parameter to the value entity that its value came from. (reserved)
    hadReference: URIRef

    # The identifier of an activity, entity or agent; provrdf makes the IRI from it and keeps it as
    # logged. (reserved)
    id: URIRef

    # Links an activity to one that informed it. (reserved)
    informant: URIRef

    # When an entity ceased to be usable. (reserved)
    invalidatedAtTime: URIRef

    # Links what happened (an activity, entity, parameter, configuration file, usage or generation) to
    # its description.
    isDescribedBy: URIRef

    # Links descriptions: a usage, generation, parameter or configuration file description to its
    # activity description, and to the entity description.
    isRelatedTo: URIRef

    # The place of an entity as text, such as a path; the same place as an IRI is in prov:atLocation.
    location: URIRef

    # The largest allowed value.
    max: URIRef

    # The smallest allowed value.
    min: URIRef

    # How many entities are expected in a role: min..max, n, or *.
    multiplicity: URIRef

    # A short name for people.
    name: URIRef

    # One of the allowed values.
    options: URIRef

    # A telephone number of an agent. (reserved)
    phone: URIRef

    # Links an activity to the node that says how it was configured.
    qualifiedWasConfiguredBy: URIRef

    # The function of an entity or agent, in words; the same role as an IRI is in prov:hadRole.
    role: URIRef

    # When an activity started. (reserved)
    startTime: URIRef

    # A finer kind of activity than voprov:type.
    subtype: URIRef

    # When an entity was used. (reserved)
    time: URIRef

    # The kind of a usage, generation, activity or agent, from the word lists of the recommendation
    # (Main, Context, Reduction, Calibration, ...).
    type: URIRef

    # The UCD of a value: what it physically means.
    ucd: URIRef

    # The unit of a value, as VOUnits writes it.
    unit: URIRef

    # A page about an agent. (reserved)
    url: URIRef

    # Links an activity to what it used. (reserved)
    used: URIRef

    # Links an entity to one that it was derived from. (reserved)
    usedEntity: URIRef

    # The role of a value in another data model.
    utype: URIRef

    # The value of a value entity or parameter; prov:value keeps its type. (reserved)
    value: URIRef

    # The type of a value, as VOTable writes it: datatype, array size, extended type.
    valueType: URIRef

    # The version of what an activity description describes, such as the release of a program.
    version: URIRef

    # Links an activity to an agent responsible for it. (reserved)
    wasAssociatedWith: URIRef

    # Links an entity to an agent responsible for it. (reserved)
    wasAttributedTo: URIRef

    # Links an activity to a parameter or configuration file that set it up.
    wasConfiguredBy: URIRef

    # Links an entity to the activity that generated it. (reserved)
    wasGeneratedBy: URIRef
