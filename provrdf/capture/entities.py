"""Entities as records: files, sets of files, Python objects, and things with an id of their own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from provrdf.capture.clock import Clock
from provrdf.capture.identity import Files, Status, path_of
from provrdf.capture.inside import new_uuid
from provrdf.capture.objects import Objects
from provrdf.capture.plain import Plainer
from provrdf.capture.plan import Item
from provrdf.capture.redact import Redactor
from provrdf.capture.resolve import MISSING, Names, Path, walk
from provrdf.capture.troubles import CAUGHT, Troubles

Data = dict[str, Any]

_REMEMBERED = 2048
MAX_MEMBERS = 100_000
_FILES = frozenset({"File", "FileCollection", "SetCollection"})
_COLLECTIONS = frozenset({"FileCollection", "SetCollection"})
_SCALARS = (str, int, float, bool)
_NO_FACTS: Mapping[str, str] = MappingProxyType({})


class Remembered(Data):
    """A record that is written again and again: its text is made once. Never changed."""

    __slots__ = ("_text",)
    _text: str

    def __repr__(self) -> str:
        try:
            text: str = self._text
        except AttributeError:
            text = self._text = dict.__repr__(self)
        return text


class Found(NamedTuple):
    """An entity that was found.

    Attributes
    ----------
    record : dict
        Its record.
    members : tuple of dict
        Records of the files of a set.
    before : str or None
        Id of the state of the same object before, or of the object under another name.
    """

    record: Data
    members: tuple[Data, ...] = ()
    before: str | None = None


class Describer:
    """Finds entities and describes them.

    Parameters
    ----------
    files, objects : Files, Objects
        Give them their ids.
    redactor : Redactor
        Masks secrets.
    clock : Clock
        Writes times.
    troubles : Troubles
        Counts value paths that raise.
    allowed : tuple of str
        Methods that value paths may call besides the harmless ones.
    """

    def __init__(
        self,
        files: Files,
        objects: Objects,
        *,
        redactor: Redactor,
        clock: Clock,
        troubles: Troubles,
        allowed: tuple[str, ...],
    ) -> None:
        self._files = files
        self._objects = objects
        self._redactor = redactor
        self._clock = clock
        self.troubles = troubles
        self._allowed = allowed
        self._known: dict[tuple[str, int, str], tuple[Status | None, Remembered]] = {}

    def entity(self, item: Item, names: Names, *, generated: bool = False) -> Found | None:
        """Describe an entity; None when it is not there."""
        try:
            return self._with_id(item, names) if item.id is not None else self._entity(item, names, generated)
        except CAUGHT as error:
            self.troubles.note(f"entity {item.name or item.role}", error)
            return None

    def element(self, item: Item, element: object) -> Found | None:
        """Describe an element of a list that the model tells nothing else about."""
        try:
            path = path_of(element) if item.type in _FILES else None
            if path is not None:
                return Found(self._file(item, path, "filepath"))
            return self._object(item, element, None, generated=False)
        except CAUGHT as error:
            self.troubles.note(f"element {item.name}", error)
            return None

    def file(
        self, path: str, name: str | None, *, key: str = "filepath", facts: Mapping[str, str] = _NO_FACTS
    ) -> Data:
        """Describe a file.

        Parameters
        ----------
        path : str
            Where it is.
        name : str or None
            Name of its entity description.
        key : str
            The key of its path.
        facts : mapping
            More keys.
        """
        return self._file_at(path, self._files.look(path), name, key, facts)

    def _file_at(
        self, path: str, status: Status | None, name: str | None, key: str, facts: Mapping[str, str]
    ) -> Data:
        plainer = Plainer(self._redactor)
        shown = plainer.text(path)
        identity, digest, kind, size, modified = self._files.identify(path, status, shown=shown)
        entity: Data = {"entity_id": identity}
        if name is not None:
            entity["name"] = name
        entity[key] = shown
        entity["hash"] = digest
        entity["hash_type"] = self._files.method
        entity["hash_kind"] = kind
        entity.update(facts)
        if size is not None and modified is not None:
            entity["size"] = size
            entity["modified_time"] = self._clock.at(modified)
        return counted(entity, plainer.redacted) if plainer.redacted else entity

    def at(self, path: Path | None, names: Names) -> object:
        """Follow a value path; MISSING when it leads nowhere, or to an error."""
        if path is None:
            return MISSING
        try:
            return walk(path, names, allowed=self._allowed) if path.steps else names.find(path.root)
        except CAUGHT as error:
            self.troubles.note(f"value path {path.text}", error)
            return MISSING

    def _entity(self, item: Item, names: Names, generated: bool) -> Found | None:
        location = self.at(item.location, names)
        value = self.at(item.value, names)
        key = "filepath"
        if value is MISSING or value is None:
            key, value = "location", location
        if value is MISSING or value is None:
            return None
        if item.type in _COLLECTIONS and isinstance(value, list | tuple | set | frozenset):
            return self._set_of_files(item, value)
        path = path_of(value) if item.type in _FILES or isinstance(value, os.PathLike) else None
        if path is not None:
            return Found(self._file(item, path, key))
        if item.type in _FILES and isinstance(value, str | bytes):
            # an empty text is no path
            return None
        return self._object(item, value, location, generated=generated)

    def _with_id(self, item: Item, names: Names) -> Found | None:
        identity = self.at(item.id, names)
        if identity is MISSING or identity is None:
            return None
        plainer = Plainer(self._redactor)
        entity: Data = {"entity_id": _spaced(item, plainer.text(str(plainer.value(identity))))}
        if item.name is not None:
            entity["name"] = item.name
        location = self.at(item.location, names)
        path = None if location is MISSING or location is None else path_of(location)
        if path is not None:
            entity["location"] = plainer.text(path)
        return Found(counted({**entity, **item.facts}, plainer.redacted))

    def _file(self, item: Item, path: str, key: str) -> Data:
        index = os.path.join(path, item.index_file) if item.index_file is not None else None
        if index is not None and os.path.isfile(index):
            # a collection is known by its index file, and lies where its folder is
            described = self.file(index, item.name, key=key, facts=item.facts)
            described[key] = Plainer(self._redactor).text(path)
            described["entity_id"] = _spaced(item, described["entity_id"])
            return described
        status = self._files.look(path)
        known = self._known.get((path, id(item), key))
        if known is not None and known[0] == status and status is not None:
            return known[1]
        described = self._file_at(path, status, item.name, key, item.facts)
        if item.namespace is not None:
            described["entity_id"] = _spaced(item, described["entity_id"])
        if self._files.is_settled(status):
            described = self._remember(Remembered(described), (path, id(item), key), status)
        return described

    def _remember(
        self, described: Remembered, key: tuple[str, int, str], status: Status | None
    ) -> Remembered:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[key] = (status, described)
        return described

    def _set_of_files(self, item: Item, values: Any) -> Found:
        paths = [path for value in values if (path := path_of(value)) is not None]
        members = tuple(self.file(path, None, facts={"type": "File"}) for path in paths[:MAX_MEMBERS])
        together = self._files.digest("\n".join(sorted(member["entity_id"] for member in members)).encode())
        entity: Data = {"entity_id": _spaced(item, together)}
        if item.name is not None:
            entity["name"] = item.name
        return Found({**entity, **item.facts}, members)

    def _object(self, item: Item, value: object, location: object, *, generated: bool) -> Found:
        plainer = Plainer(self._redactor)
        name = item.name or ""
        shown = plainer.named(name, value) if type(value) in _SCALARS else None
        before: str | None = None
        if plainer.redacted:
            # the digest of a secret would give away a short one
            identity = new_uuid()
        elif generated:
            identity, before = self._objects.renew(value, name)
        else:
            identity, before = self._objects.identify(value, name)
        entity: Data = {"entity_id": _spaced(item, identity)}
        if item.name is not None:
            entity["name"] = item.name
        if isinstance(location, str | os.PathLike):
            entity["location"] = plainer.text(os.fsdecode(location))
        entity.update(item.facts)
        if shown is not None:
            entity["value"] = shown
        return Found(counted(entity, plainer.redacted), before=before)


def counted(record: Data, redacted: int) -> Data:
    """Say in a record how many secrets were taken out of it."""
    if redacted:
        record["redacted"] = record.get("redacted", 0) + redacted
    return record


def _spaced(item: Item, identity: str) -> str:
    return identity if item.namespace is None or ":" in identity else f"{item.namespace}:{identity}"
