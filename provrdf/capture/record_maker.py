"""The records of a capture: typed makers, so that no record can lack the key that says what it is."""

from __future__ import annotations

import os
import traceback
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from provrdf.capture.bind import Scope, Within
from provrdf.capture.clock import Clock
from provrdf.capture.identity import FileIdentity, Files, path_of
from provrdf.capture.objects import Objects
from provrdf.capture.plain import Plainer
from provrdf.capture.plan import Item, Plan
from provrdf.capture.redact import Redactor
from provrdf.capture.resolve import MISSING, Names, Path, walk
from provrdf.capture.troubles import CAUGHT

Data = dict[str, Any]

MAX_MEMBERS = 100_000
_FILES = frozenset({"File", "FileCollection", "SetCollection"})
_COLLECTIONS = frozenset({"FileCollection", "SetCollection"})
_SCALARS = (str, int, float, bool)


class Maker:
    """Makes the records of one moment of one activity (before, or after the call).

    Parameters
    ----------
    files, objects : Files, Objects
        Give entities their ids.
    redactor : Redactor
        Masks secrets.
    clock : Clock
        Writes times.
    allowed : tuple of str
        Methods that value paths may call besides the harmless ones.

    Attributes
    ----------
    troubles : list of (str, BaseException)
        Value paths that raised, and what.
    """

    __slots__ = ("_allowed", "_clock", "_files", "_objects", "_redactor", "troubles")

    def __init__(
        self, files: Files, objects: Objects, *, redactor: Redactor, clock: Clock, allowed: tuple[str, ...]
    ) -> None:
        self._files = files
        self._objects = objects
        self._redactor = redactor
        self._clock = clock
        self._allowed = allowed
        self.troubles: list[tuple[str, BaseException]] = []

    def parameters(
        self, activity: str, plan: Plan, scope: Scope, more: Mapping[str, object]
    ) -> Iterator[Data]:
        """Give the parameters of an activity in one record; none when it has none."""
        plainer = Plainer(self._redactor)
        values: dict[str, Any] = {}
        for name, path in plan.parameters:
            value = self._at(path, scope)
            if value is not MISSING and value is not None:
                values[name] = plainer.named(name, value)
        for name, value in more.items():
            values[name] = plainer.named(name.rpartition(".")[2], value)
        if values:
            yield _counted({"activity_id": activity, "parameters": values}, plainer.redacted)

    def usages(self, activity: str, plan: Plan, scope: Scope) -> Iterator[Data]:
        """Give the entities that an activity uses, each followed by its usage."""
        for item in plan.usages:
            for entity in self._entity(item, scope):
                members = entity.pop(_MEMBERS, ())
                yield entity
                used = {"activity_id": activity, "used_id": entity["entity_id"]}
                yield used if item.role is None else {**used, "used_role": item.role}
                yield from _members(entity, members)

    def generations(self, activity: str, plan: Plan, scope: Scope) -> Iterator[Data]:
        """Give the entities that an activity generates, with their members and progenitors."""
        for item in plan.generations:
            for entity in self._entity(item, scope, generated=True):
                before, members = entity.pop(_BEFORE, None), entity.pop(_MEMBERS, ())
                yield entity
                yield from _members(entity, members)
                identity = entity["entity_id"]
                made = {"activity_id": activity, "generated_id": identity}
                yield made if item.role is None else {**made, "generated_role": item.role}
                if before is not None:
                    yield {"entity_id": identity, "progenitor_id": before}
                yield from self._related(identity, item.members, scope, "member_id")
                yield from self._related(identity, item.progenitors, scope, "progenitor_id")

    def argument(self, activity: str, name: str, value: object, known: Collection[object]) -> Iterator[Data]:
        """Give an argument as a used entity, as logprov does, unless the model names it."""
        for entity in self._entity(_plain_item(name), Given(value)):
            if entity["entity_id"] not in known:
                yield entity
                yield {"activity_id": activity, "used_id": entity["entity_id"], "used_role": name}

    def result(self, activity: str, value: object, known: Collection[object]) -> Iterator[Data]:
        """Give the result as a generated entity, as logprov does, unless the model names it."""
        for entity in self._entity(_plain_item("result"), Given(value), generated=True):
            entity.pop(_BEFORE, None)
            if entity["entity_id"] not in known:
                yield entity
                yield {
                    "activity_id": activity,
                    "generated_id": entity["entity_id"],
                    "generated_role": "result",
                }

    def plain(self, table: Mapping[str, Any]) -> Data:
        """Make a table fit for the log."""
        plainer = Plainer(self._redactor)
        return {name: plainer.named(name, value) for name, value in table.items()}

    def failure(self, error: BaseException) -> Data:
        """Tell how an activity failed."""
        plainer = Plainer(self._redactor)
        kind = type(error)
        name = (
            kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
        )
        message = plainer.text(_message(error))
        return _counted({"exception_type": name, "exception_message": message}, plainer.redacted)

    def file(self, path: str, name: str | None, *, key: str = "filepath", **facts: str) -> Data:
        """Describe a file."""
        plainer = Plainer(self._redactor)
        shown = plainer.text(path)
        identity = self._files.identify(path, shown=shown)
        return _counted(self._file_facts(identity, {key: shown}, name, facts), plainer.redacted)

    def _file_facts(
        self, identity: FileIdentity, place: Data, name: str | None, facts: Mapping[str, str]
    ) -> Data:
        entity: Data = {"entity_id": identity.id}
        if name is not None:
            entity["name"] = name
        entity.update(place)
        entity.update(hash=identity.hash, hash_type=self._files.method, hash_kind=identity.kind, **facts)
        if identity.size is not None and identity.modified is not None:
            entity.update(size=identity.size, modified_time=self._clock.at(identity.modified))
        return entity

    def _entity(self, item: Item, names: Names, *, generated: bool = False) -> Iterator[Data]:
        """Describe one entity; nothing when it is not there."""
        if item.id is not None:
            yield from self._with_id(item, names)
            return
        location = self._at(item.location, names)
        value = self._at(item.value, names)
        key = "filepath"
        if value is MISSING or value is None:
            key, value = "location", location
        if value is MISSING or value is None:
            return
        if item.type in _COLLECTIONS and isinstance(value, list | tuple | set | frozenset):
            yield from self._set_of_files(item, value)
            return
        path = path_of(value) if item.type in _FILES or isinstance(value, os.PathLike) else None
        if path is not None:
            yield self._file(item, path, key)
        elif item.type not in _FILES or not isinstance(value, str):
            yield self._object(item, value, location, generated=generated)

    def _with_id(self, item: Item, names: Names) -> Iterator[Data]:
        identity = self._at(item.id, names)
        if identity is MISSING or identity is None:
            return
        plainer = Plainer(self._redactor)
        text = plainer.text(str(plainer.value(identity)))
        if item.namespace is not None and ":" not in text:
            text = f"{item.namespace}:{text}"
        entity: Data = {"entity_id": text}
        if item.name is not None:
            entity["name"] = item.name
        location = self._at(item.location, names)
        path = None if location is MISSING else path_of(location)
        if path is not None:
            entity["location"] = plainer.text(path)
        yield _counted({**entity, **item.facts}, plainer.redacted)

    def _file(self, item: Item, path: str, key: str) -> Data:
        if item.type in _COLLECTIONS and item.index_file is not None:
            index = os.path.join(path, item.index_file)
            if os.path.isfile(index):
                # a collection is known by its index file, and lies where its folder is
                described = self.file(index, item.name, key=key, **item.facts)
                plainer = Plainer(self._redactor)
                return self._spaced(item, {**described, key: plainer.text(path)})
        return self._spaced(item, self.file(path, item.name, key=key, **item.facts))

    def _spaced(self, item: Item, entity: Data) -> Data:
        if item.namespace is not None and ":" not in entity["entity_id"]:
            entity["entity_id"] = f"{item.namespace}:{entity['entity_id']}"
        return entity

    def _set_of_files(self, item: Item, values: Any) -> Iterator[Data]:
        paths = [path for value in values if (path := path_of(value)) is not None]
        members = [self.file(path, None, type="File") for path in paths[:MAX_MEMBERS]]
        together = self._files.digest("\n".join(sorted(member["entity_id"] for member in members)).encode())
        entity: Data = {"entity_id": together}
        if item.name is not None:
            entity["name"] = item.name
        yield self._spaced(item, {**entity, **item.facts, _MEMBERS: members})

    def _object(self, item: Item, value: object, location: object, *, generated: bool) -> Data:
        plainer = Plainer(self._redactor)
        shown = plainer.named(item.name or "", value) if type(value) in _SCALARS else None
        name = item.name or ""
        before: str | None = None
        if plainer.redacted:
            # the digest of a secret would give away a short one
            identity = self._objects.identify(Opaque(), name)
        elif generated:
            identity, before = self._objects.renew(value, name)
        else:
            identity = self._objects.identify(value, name)
        entity: Data = {"entity_id": identity}
        if item.name is not None:
            entity["name"] = item.name
        if isinstance(location, str | os.PathLike):
            entity["location"] = plainer.text(os.fsdecode(location))
        entity.update(item.facts)
        if shown is not None:
            entity["value"] = shown
        if before is not None:
            entity[_BEFORE] = before
        return _counted(self._spaced(item, entity), plainer.redacted)

    def _related(self, identity: str, item: Item | None, scope: Scope, key: str) -> Iterator[Data]:
        """Give the members or progenitors of an entity, each followed by the link."""
        if item is None:
            return
        elements: list[object] = [scope]
        if item.list is not None:
            elements = _elements(self._at(item.list, scope))
        for element in elements:
            names: Names = scope if element is scope else Within(element)
            for entity in self._entity(item, names) if _is_described(item) else self._bare(item, element):
                entity.pop(_MEMBERS, None)
                yield entity
                yield {"entity_id": identity, key: entity["entity_id"]}

    def _bare(self, item: Item, element: object) -> Iterator[Data]:
        """Describe an element of a list that the model tells nothing else about."""
        path = path_of(element) if item.type in _FILES else None
        yield (
            self._file(item, path, "filepath") if path else self._object(item, element, None, generated=False)
        )

    def _at(self, path: Path | None, names: Names) -> object:
        if path is None:
            return MISSING
        try:
            return walk(path, names, allowed=self._allowed)
        except CAUGHT as error:
            self.troubles.append((path.text, error))
            return MISSING


class Given:
    """A value by hand, found under any name."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def find(self, name: str) -> object:
        """Return the value."""
        return self._value


class Opaque:
    """Stands for a value that must not be looked into."""


_BEFORE = "\0before"
_MEMBERS = "\0members"
"""Told along with an entity from one method to the next; never written."""

_VALUE = Path("value", "value", ())


def _members(collection: Data, members: Iterable[Data]) -> Iterator[Data]:
    for member in members:
        yield member
        yield {"entity_id": collection["entity_id"], "member_id": member["entity_id"]}


def _plain_item(name: str) -> Item:
    return Item(None, name, None, None, None, None, None, _VALUE, None)


def _is_described(item: Item) -> bool:
    return not (item.id is None and item.location is None and item.value is None)


def _elements(value: object) -> list[object]:
    """List the elements of a container; an iterator would be used up, so it is left alone."""
    if isinstance(value, dict):
        return list(value.values())[:MAX_MEMBERS]
    if (
        isinstance(value, str | bytes)
        or not hasattr(type(value), "__len__")
        or not hasattr(type(value), "__iter__")
    ):
        return []
    return [element for _, element in zip(range(MAX_MEMBERS), value, strict=False)]  # type: ignore[call-overload]


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except CAUGHT:
        return "".join(traceback.format_exception_only(type(error), None)).strip()


def _counted(record: Data, redacted: int) -> Data:
    if redacted:
        record["redacted"] = record.get("redacted", 0) + redacted
    return record
