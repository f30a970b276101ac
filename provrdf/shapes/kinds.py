"""Shapes of the entities and agents of a model file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from provrdf import iris
from provrdf.model.descriptions import ActivityDescription, AgentDescription, EntityDescription
from provrdf.report import Severity
from provrdf.shapes.forms import (
    AllOf,
    AnyOf,
    AtLeast,
    HasValue,
    In,
    Instances,
    IsA,
    MaxCount,
    MinCount,
    ObjectsOf,
    Pattern,
    Shape,
    SubjectsOf,
    at,
    named,
    prov,
    provrdf,
    text,
    voprov,
)
from provrdf.shapes.patterns import EMAIL, ORCID
from provrdf.shapes.words import Draft, Source, listing, slug

_LOCATION = prov("atLocation")
_CHECKSUM = named("spdx:checksum")
_MEMBER = prov("hadMember")
_NAME = voprov("name")

HAS_VERSIONS = at("^" + prov("specializationOf"), has=MinCount(1))
"""A file that was written several times is one node, its versions are others; only those are looked at."""


def kind_shapes(entity: EntityDescription, source: Source) -> Iterator[Shape]:
    """Shapes of one entity: what its type and content type promise."""
    kind = source.entity(entity)
    by_type = {
        "File": _file_shapes,
        "FileCollection": _collection_shapes,
        "SetCollection": _set_shapes,
        "PythonObject": _object_shapes,
    }
    shapes = by_type.get(entity.type or "")
    if shapes is not None:
        yield from shapes(kind, entity)
    if entity.content_type:
        yield from _content_type_shapes(kind, entity, entity.content_type)


def _content_type_shapes(kind: Draft, entity: EntityDescription, content_type: str) -> Iterator[Shape]:
    """Check that the content type is the declared one, and no other besides."""
    rules = (
        ("content-type", HasValue(text(content_type)), f"the content type is not {content_type}"),
        ("one-content-type", MaxCount(1), "the content type is logged in several ways"),
    )
    for name, test, summary in rules:
        yield kind.shape(
            "model/content-type",
            name,
            (named("dcterms:format"),),
            test,
            severity=Severity.VIOLATION,
            summary=summary,
            expected=content_type,
            suggestion="correct contentType in the model file, or find out who wrote the file",
            described=entity,
            exempt=HAS_VERSIONS,
            key="contentType",
        )


def _file_shapes(kind: Draft, entity: EntityDescription) -> Iterator[Shape]:
    # A member may be known by its id alone (an observation of a data store): only a file that an activity
    # itself read or wrote must say where it is.
    located = at(_LOCATION, has=MinCount(1))
    untouched = at(has=(_none("^" + prov("used")), _none(prov("wasGeneratedBy"))))
    yield kind.shape(
        "model/file-location",
        "location",
        (),
        AnyOf((located, untouched)),
        severity=Severity.VIOLATION,
        summary="a file has no location",
        expected="where the file is",
        suggestion="does the traced function give its path (`value` or `location` in the model file)?",
        described=entity,
        exempt=HAS_VERSIONS,
        key="type",
    )
    yield from _copy_shapes(kind, entity)
    yield kind.shape(
        "model/file-checksum",
        "checksum",
        (_CHECKSUM,),
        MinCount(1),
        severity=Severity.WARNING,
        summary="no checksum of the file's content",
        expected="a digest of the bytes; a digest of the path says nothing about the content",
        suggestion="switch on hashing of the content where the log is written",
        described=entity,
        exempt=HAS_VERSIONS,
        key="type",
        kind="file",  # the same for all kinds: one line of a report, not twenty
    )


def _copy_shapes(kind: Draft, entity: EntityDescription) -> Iterator[Shape]:
    """Tell copies from clashes: a file known by its path, not by its content, is in one place only."""
    by_content = at(_CHECKSUM, has=MinCount(1))
    single = at(_LOCATION, has=MaxCount(1))
    yield kind.shape(
        "model/file-location",
        "one-location",
        (),
        AnyOf((single, by_content)),
        severity=Severity.VIOLATION,
        summary="a file has several locations",
        expected="one location",
        suggestion="two different files have the same id: give each its own",
        described=entity,
        exempt=HAS_VERSIONS,
        shows=(voprov("location"),),
        key="type",
    )
    yield kind.shape(
        "model/file-copies",
        "copies",
        (),
        AnyOf((single, at(_CHECKSUM, has=MaxCount(0)))),
        severity=Severity.INFO,
        summary="the same content is in several places",
        expected="one location",
        suggestion="nothing, when one is a copy of the other",
        described=entity,
        exempt=HAS_VERSIONS,
        shows=(voprov("location"),),
        key="type",
    )


def _none(step: str) -> AllOf:
    return AllOf(at(step, has=MaxCount(0)))


def _collection_shapes(kind: Draft, entity: EntityDescription) -> Iterator[Shape]:
    yield _is_collection(kind, entity, Severity.WARNING)
    if entity.index:
        indexed = at(voprov("location"), has=Pattern(f"(?:^|/){_literally(entity.index)}$"))
        yield kind.shape(
            "model/collection-index",
            "index",
            (_MEMBER,),
            AtLeast(1, indexed),
            severity=Severity.WARNING,
            summary=f"the index file {entity.index} is not among the members",
            expected=f"a member at .../{entity.index}",
            suggestion="record the index file as a member of the collection",
            described=entity,
            exempt=HAS_VERSIONS,
            key="index",
        )


def _set_shapes(kind: Draft, entity: EntityDescription) -> Iterator[Shape]:
    yield _is_collection(kind, entity, Severity.INFO)
    yield kind.shape(
        "model/set-members",
        "members",
        (),
        AnyOf((at(_MEMBER, has=MinCount(1)), at(provrdf("size"), has=MinCount(1)))),
        severity=Severity.INFO,
        summary="a set has neither members nor a size",
        expected="its members, or how many there are",
        suggestion="record `size` or the members",
        described=entity,
        exempt=HAS_VERSIONS,
        key="type",
    )


def _is_collection(kind: Draft, entity: EntityDescription, severity: Severity) -> Shape:
    return kind.shape(
        "model/collection",
        "collection",
        (),
        IsA(prov("Collection")),
        severity=severity,
        summary="it is not recorded as a collection",
        expected="a collection",
        suggestion="correct its type in the log, or in the model file",
        described=entity,
        exempt=HAS_VERSIONS,
        key="type",
    )


def _object_shapes(kind: Draft, entity: EntityDescription) -> Iterator[Shape]:
    yield kind.shape(
        "model/object-value",
        "value",
        (),
        AllOf(at(has=(IsA(voprov("ValueEntity")), AllOf(at(prov("value"), has=MinCount(1)))))),
        severity=Severity.INFO,
        summary="the value of an object in memory is not recorded",
        expected="its value",
        suggestion="nothing, when the object is too large to be logged",
        described=entity,
        exempt=HAS_VERSIONS,
        key="type",
    )


def name_shapes(source: Source) -> Iterator[Shape]:
    """Every activity and every entity has a name of the model file."""
    model = source.model
    steps = Draft(source, "names-activity", Instances(prov("Activity")), "activity", "", source.place())
    yield steps.shape(
        "model/activity-unknown",
        "known",
        (_NAME,),
        In(tuple(map(text, model.activities))),
        severity=Severity.WARNING,
        summary="an activity is not in the model file",
        expected=listing(model.activities),
        suggestion="add it under `activities` in the model file, or correct its name",
        choices=model.activities,
    )
    for target, word in (
        (ObjectsOf(prov("used")), "used"),
        (SubjectsOf(prov("wasGeneratedBy")), "generated"),
    ):
        kinds = Draft(source, f"names-{word}", target, "entity", "", source.place())
        yield kinds.shape(
            "model/entity-unknown",
            "known",
            (_NAME,),
            In(tuple(map(text, model.entities))),
            severity=Severity.WARNING,
            summary="an entity is not in the model file",
            expected=listing(model.entities),
            suggestion="add it under `entities` in the model file, or correct its name",
            choices=model.entities,
        )


def docurl_shapes(
    described: ActivityDescription | EntityDescription, source: Source, *, activity: bool
) -> Iterator[Shape]:
    """Check that the documentation link of a description is a link."""
    if not described.docurl:
        return
    mint = iris.model_activity if activity else iris.model_entity
    iri = mint(source.base, source.model.sha256, described.name)
    side = "activity" if activity else "entity"
    draft = source.description(described, iri, f"description-{side}-{slug(described.name)}", described.name)
    yield draft.shape(
        "model/docurl",
        "docurl",
        (voprov("docurl"),),
        Pattern("^https?://[^ ]+$"),
        severity=Severity.INFO,
        summary=f"docurl of `{described.name}` is no web address",
        expected="an address that begins with https://",
        suggestion="correct it in the model file",
        described=described,
        key="docurl",
    )


def agent_shapes(agent: AgentDescription, source: Source) -> Iterator[Shape]:
    """E-mail address and ORCID of an agent are written as such."""
    iri = f"{source.base}agent/{iris.key(agent.name)}"
    draft = source.description(agent, iri, f"agent-{slug(agent.name)}", agent.name)
    for key, given, pattern, example in (
        ("email", agent.email, EMAIL, "name@institute.org"),
        ("orcid", agent.orcid, ORCID, "https://orcid.org/0000-0002-1825-0097"),
    ):
        if given is not None:
            path = voprov("email") if key == "email" else provrdf("orcid")
            yield draft.shape(
                f"model/agent-{key}",
                key,
                (path,),
                Pattern(pattern),
                severity=Severity.WARNING,
                summary=f"the {key} of `{agent.name}` is not written as one",
                expected=f"such as {example}",
                suggestion="correct it in the model file",
                described=agent,
                key=key,
            )


def _literally(name: str) -> str:
    """Write a file name as a regular expression that XPath reads too (re.escape escapes more than it may)."""
    return re.sub(r"([.+*?()\[\]{}|^$\\])", r"\\\1", name)
