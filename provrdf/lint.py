"""Lint of a model file: what can be read but is probably not what its writer meant.

Mistakes that make a file unusable are a ModelError of `provrdf.model`; `mistakes` turns them into results
too, so that ``provrdf check-model`` reports both in every format.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from provrdf import people
from provrdf.errors import ModelError
from provrdf.model import ActivityDescription, Described, EntityDescription, Model, ParameterDescription, Port
from provrdf.model.values import TEXTS
from provrdf.report import Check, Place, Result, Severity
from provrdf.spelling import did_you_mean

INFO, WARNING, VIOLATION = Severity.INFO, Severity.WARNING, Severity.VIOLATION

ENTITY_TYPES = ("PythonObject", "File", "FileCollection", "SetCollection")
ACTIVITY_TYPES = (
    *("Observation", "Simulation", "Reduction", "Calibration", "Reconstruction", "Selection", "Analysis"),
)
PORT_TYPES = ("Main", "Calibration", "Preview", "Setup", "Quality", "Log", "Context")
GRANULARITIES = ("subrun", "run", "night")

CHECKS: tuple[Check, ...] = tuple(
    Check(id=f"model-file/{name}", title=title, severity=severity, help=words)
    for name, severity, title, words in (
        (
            "unusable",
            VIOLATION,
            "the file can be read",
            "Correct the line: nothing can be done with the file.",
        ),
        (
            "duplicate-role",
            VIOLATION,
            "a role is given once in a list of usages or generations",
            "Two items of the same role cannot be told apart in the log. Rename one, or remove it.",
        ),
        ("duplicate-parameter", VIOLATION, "a parameter is given once", "Rename one, or remove it."),
        (
            "undeclared-entity",
            VIOLATION,
            "entities that are referred to are declared",
            "Declare the entity under 'entities:', or correct the name.",
        ),
        (
            "unused-entity",
            WARNING,
            "entities that are declared are referred to",
            "Remove it, or refer to it.",
        ),
        (
            "mixed-content-types",
            WARNING,
            "one file format has one content type",
            "Queries by content type miss half of the files when a format is spelt in two ways.",
        ),
        ("content-type", WARNING, "a content type is a MIME type", "Write it as application/fits."),
        (
            "entity-type",
            WARNING,
            "an entity has one of the known types",
            f"One of {', '.join(ENTITY_TYPES)}.",
        ),
        ("index", INFO, "an index belongs to a FileCollection", ""),
        ("description", INFO, "everything has a description", "One sentence for people."),
        ("docurl", WARNING, "a docurl is a web address", ""),
        ("email", WARNING, "an e-mail address is one", ""),
        ("orcid", WARNING, "an ORCID is one", ""),
        ("no-entity", INFO, "a usage or generation says what its entity is", "Add 'entityName:'."),
        ("nothing-captured", INFO, "a usage or generation says where its entity is found", ""),
        (
            "undeclared-namespace",
            INFO,
            "namespaces that are used are declared",
            "Declare it under 'namespaces:'.",
        ),
        ("one-character", WARNING, "a text parameter has room for its texts", "Add arraysize: '*'."),
        (
            "unit",
            INFO,
            "a unit is written as the VO does",
            "VOUnits: no spaces, as in 'TeV', 'm.s-1', 'cm2'.",
        ),
        ("ucd", INFO, "a UCD is one", "UCD1+: words with '.' and ';', as in 'phys.energy;stat.min'."),
        ("type-word", INFO, "types are words of the IVOA lists where one applies", ""),
        ("granularity", INFO, "a granularity is subrun, run or night", ""),
        (
            "foreign-key",
            WARNING,
            "keys are keys of a model file",
            "It is not read. Keys of your own begin with 'x-'.",
        ),
        ("empty-item", WARNING, "lists have no empty items", "Fill it in, or remove it."),
        ("no-activity", WARNING, "a model file declares activities", ""),
    )
)
"""Every check of a model file, in the order of the documentation."""

_SEVERITY = {check.id: check.severity for check in CHECKS}
_MIME = re.compile(r"[a-z]+/[A-Za-z0-9][A-Za-z0-9.+_-]*(?:\s*;.*)?\Z")
_URL = re.compile(r"(?:https?|ftp)://[^\s<>\"]+\.[^\s<>\"]+\Z|(?:https?)://localhost[^\s<>\"]*\Z")
_UNIT = re.compile(r"[^\s,;]+\Z")
_UCD = re.compile(r"[A-Za-z][\w.:-]*(?:;[A-Za-z][\w.:-]*)*\Z")
_NOISE = re.compile(r"^(?:x-|vnd\.)|[0-9]+$")


def lint(model: Model) -> tuple[Result, ...]:
    """Look for what is probably a mistake in a model.

    Returns
    -------
    tuple of Result
        In the order of the file; check ids begin with ``model-file/``.
    """
    found = chain(
        _remarks(model),
        _activities(model),
        _entities(model),
        _references(model),
        _content_types(model),
        _agents(model),
    )
    return tuple(sorted(found, key=lambda result: (result.model or Place(model.file), result.check)))


def mistakes(error: ModelError) -> tuple[Result, ...]:
    """Turn the mistakes that make a model file unusable into results."""
    problems = error.problems or (error.problem,)
    return tuple(
        Result(
            check="model-file/unusable",
            severity=VIOLATION,
            message=problem.message,
            model=Place(problem.file or "<model>", problem.line or 0),
        )
        for problem in problems
    )


class _Finder:
    """Makes results about one described thing of a model."""

    def __init__(self, model: Model, thing: Described, name: str) -> None:
        self.file = model.file
        self.thing = thing
        self.name = name

    def result(
        self,
        check: str,
        message: str,
        *,
        key: str = "",
        severity: Severity | None = None,
        summary: str = "",
        suggestion: str = "",
    ) -> Result:
        """Make a result at the line of a key."""
        line = self.thing.line_of(key)
        return Result(
            check=f"model-file/{check}",
            severity=severity or _SEVERITY[f"model-file/{check}"],
            message=message,
            focus_name=self.name,
            model=Place(self.file, line or 0),
            summary=summary,
            suggestion=suggestion,
        )

    def described(self) -> Iterator[Result]:
        """Check that there is a description."""
        if not self.thing.description:
            yield self.result("description", f"{self.name} has no description", summary="no description")

    def docurl(self, url: str | None) -> Iterator[Result]:
        """Check a documentation address."""
        if url and not _URL.match(url):
            yield self.result("docurl", f"docurl {url!r} of {self.name} is no web address", key="docurl")

    def word(self, kind: str | None, words: tuple[str, ...], check: str, key: str) -> Iterator[Result]:
        """Check a word against a list that should be used."""
        if kind is not None and kind not in words:
            message = f"{key} {kind!r} of {self.name} is none of the known words"
            yield self.result(check, message, key=key, suggestion=did_you_mean(kind, words))


def _remarks(model: Model) -> Iterator[Result]:
    """Report what reading the file found odd."""
    if not model.activities:
        yield _Finder(model, Described(), "the model").result("no-activity", "no activity is declared")
    for remark in model.remarks:
        finder = _Finder(model, Described(line=remark.line), "the model")
        yield finder.result(remark.check, remark.message)


def _activities(model: Model) -> Iterator[Result]:
    for activity in model.activities.values():
        finder = _Finder(model, activity, f"activity {activity.name!r}")
        yield from finder.described()
        yield from finder.docurl(activity.docurl)
        yield from finder.word(activity.type, ACTIVITY_TYPES, "type-word", "type")
        yield from finder.word(activity.granularity, GRANULARITIES, "granularity", "granularity")
        yield from _duplicate_roles(model, activity)
        for port in activity.ports:
            yield from _port(model, activity, port)
        yield from _parameters(model, activity)


def _duplicate_roles(model: Model, activity: ActivityDescription) -> Iterator[Result]:
    for ports in (activity.usages, activity.generations):
        first: dict[str, Port] = {}
        for port in ports:
            before = first.setdefault(port.role, port)
            if before is port:
                continue
            differ = before.entity != port.entity
            finder = _Finder(model, port, _name(activity, port))
            where = f" (line {before.line_of('role')})" if before.line else ""
            kinds = f", there as {before.entity!r} and here as {port.entity!r}" if differ else ""
            yield finder.result(
                "duplicate-role",
                f"role {port.role!r} is declared twice in the {port.kind} of {activity.name!r}{where}{kinds}",
                key="role",
                severity=VIOLATION if differ else WARNING,
                suggestion="give each its own role, or keep one",
            )


def _port(model: Model, activity: ActivityDescription, port: Port) -> Iterator[Result]:
    finder = _Finder(model, port, _name(activity, port))
    entity = model.entities.get(port.entity or "")
    if entity is None or not entity.description:  # else that says it
        yield from finder.described()
    yield from finder.word(port.type, PORT_TYPES, "type-word", "type")
    if port.entity is None:
        yield finder.result(
            "no-entity", f"{finder.name} does not say what it is", suggestion="add 'entityName:'"
        )
    if not (port.value or port.location or port.id or port.filepath):
        message = f"{finder.name} has no value, location or id: nothing can be captured for it"
        yield finder.result("nothing-captured", message)


def _parameters(model: Model, activity: ActivityDescription) -> Iterator[Result]:
    counts = Counter(parameter.name for parameter in activity.parameters)
    for parameter in activity.parameters:
        finder = _Finder(model, parameter, f"parameter {parameter.name!r} of {activity.name!r}")
        yield from finder.described()
        yield from _meaning(finder, parameter)
        if counts[parameter.name] > 1:
            first = activity.parameter(parameter.name) or parameter
            if first is not parameter:
                message = f"{finder.name} is declared twice (line {first.line})"
                yield finder.result("duplicate-parameter", message, key="name")


def _meaning(finder: _Finder, parameter: ParameterDescription) -> Iterator[Result]:
    """Check unit, UCD and length of texts."""
    if parameter.unit and not _UNIT.match(parameter.unit):
        yield finder.result("unit", f"unit {parameter.unit!r} of {finder.name} is no VO unit", key="unit")
    if parameter.ucd and not _UCD.match(parameter.ucd):
        yield finder.result("ucd", f"ucd {parameter.ucd!r} of {finder.name} is no UCD", key="ucd")
    if parameter.datatype in TEXTS and parameter.arraysize in (None, "1"):
        texts = [*parameter.options, parameter.default]
        if any(isinstance(text, str) and len(text) > 1 for text in texts):
            message = f"{finder.name} holds one character, but its texts are longer"
            yield finder.result("one-character", message, key="datatype", suggestion="add arraysize: '*'")


def _entities(model: Model) -> Iterator[Result]:
    for entity in model.entities.values():
        finder = _Finder(model, entity, f"entity {entity.name!r}")
        yield from finder.described()
        yield from finder.docurl(entity.docurl)
        yield from finder.word(entity.granularity, GRANULARITIES, "granularity", "granularity")
        yield from _entity_type(finder, entity)
        if entity.content_type and not _MIME.match(entity.content_type):
            message = f"contentType {entity.content_type!r} of {finder.name} is no MIME type"
            yield finder.result("content-type", message, key="contentType")


def _entity_type(finder: _Finder, entity: EntityDescription) -> Iterator[Result]:
    if entity.type is None:
        suggestion = f"one of: {', '.join(ENTITY_TYPES)}"
        yield finder.result("entity-type", f"{finder.name} has no type", suggestion=suggestion)
    yield from finder.word(entity.type, ENTITY_TYPES, "entity-type", "type")
    if entity.index and entity.type != "FileCollection":
        yield finder.result("index", f"{finder.name} has an index but is no FileCollection", key="index")


def _references(model: Model) -> Iterator[Result]:
    """Check that what is referred to is declared, and the other way round."""
    used: set[str] = set()
    for name, namespace, thing, where in _links(model):
        finder = _Finder(model, thing, where)
        if name is not None:
            used.add(name)
            if name not in model.entities:
                hint = (
                    did_you_mean(name, model.entities) if model.entities else "declare it under 'entities:'"
                )
                suggestion = hint if hint.startswith("did") else "declare it under 'entities:'"
                key = "entity" if "entity" in thing.lines else "collection"
                message = f"entity {name!r}, referred to by {where}, is not declared"
                yield finder.result("undeclared-entity", message, key=key, suggestion=suggestion)
        if namespace is not None and namespace not in model.namespaces:
            message = f"namespace {namespace!r} of {where} is not declared"
            yield finder.result("undeclared-namespace", message, key="namespace")
    for entity in model.entities.values():
        if entity.name not in used:
            finder = _Finder(model, entity, f"entity {entity.name!r}")
            yield finder.result("unused-entity", f"{finder.name} is declared but nothing refers to it")


def _links(model: Model) -> Iterator[tuple[str | None, str | None, Described, str]]:
    """Every reference: entity name, namespace, who refers, and how to call it."""
    for activity, port in model.ports():
        name = _name(activity, port)
        yield port.entity, port.namespace, port, name
        for related in port.related:
            word = "members" if related is port.has_members else "progenitors"
            yield related.entity, related.namespace, related, f"the {word} of {name}"
    for entity in model.entities.values():
        yield entity.collection, None, entity, f"entity {entity.name!r}"


def _content_types(model: Model) -> Iterator[Result]:
    """Find content types that are two spellings of one format: application/x-hdf and application/hdf5."""
    groups: dict[str, list[EntityDescription]] = {}
    for entity in model.entities.values():
        if entity.content_type and _MIME.match(entity.content_type):
            groups.setdefault(_format(entity.content_type), []).append(entity)
    for entities in groups.values():
        counts = Counter(entity.content_type for entity in entities)
        usual, _ = counts.most_common(1)[0]
        example = next(entity for entity in entities if entity.content_type == usual)
        for entity in entities:
            if entity.content_type != usual:
                yield _Finder(model, entity, f"entity {entity.name!r}").result(
                    "mixed-content-types",
                    f"entity {entity.name!r} is {entity.content_type}, others of this format are {usual}"
                    f" ({example.name}, line {example.line_of('contentType')})",
                    key="contentType",
                    suggestion=f"use {usual} everywhere, or the other everywhere",
                )


def _format(content_type: str) -> str:
    """Name the format whatever its spelling: ``application/x-hdf`` and ``application/hdf5`` are both hdf."""
    main, _, sub = content_type.partition(";")[0].strip().lower().partition("/")
    plain = sub
    while (shorter := _NOISE.sub("", plain)) and shorter != plain:
        plain = shorter
    return plain if main in ("application", "text") and sub != "plain" else f"{main}/{plain}"


def _agents(model: Model) -> Iterator[Result]:
    for agent in model.agents.values():
        finder = _Finder(model, agent, f"agent {agent.name!r}")
        yield from finder.docurl(agent.url)
        for key, check in (("email", people.email), ("orcid", people.orcid)):
            text = getattr(agent, key)
            if text:
                try:
                    check(text)
                except ValueError as error:
                    yield finder.result(key, f"{finder.name}: {error}", key=key)


def _name(activity: ActivityDescription, port: Port) -> str:
    return f"{port.kind} {port.role!r} of {activity.name!r}"


def strictly(results: Iterable[Result]) -> tuple[Result, ...]:
    """Make violations of warnings."""
    return tuple(
        replace(result, severity=VIOLATION) if result.severity is WARNING else result for result in results
    )
