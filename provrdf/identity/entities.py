"""Decide what an entity id means: a file, known everywhere, or an object in the memory of one session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from provrdf.identity.collect import Collector
from provrdf.identity.lines import EntityLines
from provrdf.identity.subjects import Entity, Session
from provrdf.identity.versions import Version
from provrdf.iris import part, percent

_DIGEST = r"(?:[A-Za-z0-9]+:)?[0-9a-fA-F]{32,128}\Z"
_TELLING = {"type", "filepath", "hash"}  # keys that tell a file from an object


class Kind(NamedTuple):
    """What an id stands for: a file (which has versions), something that means the same in every session."""

    is_file: bool
    everywhere: bool


OBJECT = Kind(is_file=False, everywhere=False)
FILE = Kind(is_file=True, everywhere=True)
NUMBERED_FILE = Kind(is_file=True, everywhere=False)


class Entities:
    """The nodes of entities, made when first asked for; `kinds` has what the ids asked for so far mean."""

    def __init__(self, collector: Collector, base: str, namespaces: Mapping[str, str]) -> None:
        self._lines = collector.entities
        self._namespace = f"{base}entity/"
        self._namespaces = namespaces
        self.kinds: dict[str, Kind] = {}

    def kind(self, entity_id: str) -> Kind:
        """Tell what an id stands for, from its records and its form."""
        known = self.kinds.get(entity_id)
        if known is None:
            known = self.kinds[entity_id] = _kind_of(entity_id, self._lines.get(entity_id))
        return known

    def node(self, session: Session, entity_id: str, version: Version | None = None) -> Entity:
        """Get the node of an entity, or of one version of a file, in the graph of a session."""
        whole = session.nodes.get(entity_id)
        if whole is None:
            whole = session.nodes[entity_id] = self._make(session, entity_id)
        if version is None:
            return whole
        return session.versions.get(version) or self._make_version(session, whole, version)

    def _make(self, session: Session, entity_id: str) -> Entity:
        is_file, everywhere = self.kind(entity_id)
        key = part(entity_id) if everywhere else f"{session.key}--{part(entity_id)}"
        lines = self._lines.get(entity_id)
        numeric = lines is not None and lines.numeric
        namespace, local = self._name(entity_id) or (self._namespace, key)
        return Entity(entity_id, key, namespace, local, numeric=numeric, is_file=is_file)

    def _make_version(self, session: Session, file: Entity, version: Version) -> Entity:
        key = version.key
        entity = Entity(file.id, key, self._namespace, key, numeric=file.numeric, is_file=file.is_file)
        entity.version = version
        entity.told = file.told
        if file.versions is None:
            file.versions = []
        file.versions.append(entity)
        session.versions[version] = entity
        return entity

    def _name(self, entity_id: str) -> tuple[str, str] | None:
        """Name ``ns:local`` ids by the namespaces of the model file."""
        prefix, colon, local = entity_id.partition(":")
        if colon and prefix in self._namespaces:
            return self._namespaces[prefix], percent(local, safe="~")
        return None


def _kind_of(entity_id: str, lines: EntityLines | None) -> Kind:
    """Work out the kind of an id.

    Integer ids are Python hashes: they mean nothing outside their process. A type that is logged decides;
    without one, a path or a hash makes a file, and so does an id that is itself a digest.
    """
    if lines is None:
        return FILE if _is_digest(entity_id) else OBJECT
    logged = {
        (name, value)
        for description, _, _ in lines.told
        for name, value in zip(description.keys, description.values, strict=True)
        if name in _TELLING and type(value) is str
    }
    types = {value for name, value in logged if name == "type"}
    if lines.numeric:
        return NUMBERED_FILE if any("File" in kind for kind in types) else OBJECT
    if types:
        is_file = any("File" in kind or "Collection" in kind for kind in types)
    else:
        is_file = bool(logged) or _is_digest(entity_id)
    return FILE if is_file else OBJECT


def _is_digest(entity_id: str) -> bool:
    return re.match(_DIGEST, entity_id) is not None
