"""Decide what an entity id means: a file, known everywhere, or an object in the memory of one session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote

from provrdf.identity.collect import Collector, EntityLines, thaw
from provrdf.identity.subjects import Entity, Session
from provrdf.identity.versions import Version
from provrdf.iris import part

_DIGEST = re.compile(r"(?:[A-Za-z0-9]+:)?[0-9a-fA-F]{32,128}\Z")


class Kind(NamedTuple):
    """Whether an id is a file (which has versions), and whether it means the same in every session."""

    is_file: bool
    everywhere: bool


class Entities:
    """The nodes of entities, made when first asked for."""

    def __init__(self, collector: Collector, base: str, namespaces: Mapping[str, str]) -> None:
        self._lines = collector.entities
        self._base = base
        self._namespaces = namespaces
        self._kinds: dict[str, Kind] = {}

    def kind(self, entity_id: str) -> Kind:
        """Tell what an id stands for, from its records and its form."""
        known = self._kinds.get(entity_id)
        if known is None:
            known = self._kinds[entity_id] = _kind_of(entity_id, self._lines.get(entity_id))
        return known

    def node(self, session: Session, entity_id: str, version: Version | None = None) -> Entity:
        """Get the node of an entity, or of one version of a file, in the graph of a session."""
        is_file, everywhere = self.kind(entity_id)
        key = part(entity_id) if everywhere else f"{session.key}--{part(entity_id)}"
        if version is not None:
            key = version.key
        entity = session.entities.get(key)
        if entity is None:
            lines = self._lines.get(entity_id)
            iri = self._iri(entity_id, key) if version is None else f"{self._base}entity/{key}"
            entity = Entity(entity_id, key, iri, numeric=bool(lines and lines.numeric), is_file=is_file)
            session.entities[key] = entity
            session.nodes.setdefault(entity_id, []).append(entity)
            if version is not None:
                entity.version = version
                entity.file = self.node(session, entity_id)
        return entity

    def _iri(self, entity_id: str, key: str) -> str:
        """Mint the IRI of an entity; ``ns:local`` ids use the namespaces of the model file."""
        namespace, colon, local = entity_id.partition(":")
        if colon and namespace in self._namespaces:
            return self._namespaces[namespace] + quote(local, safe="")
        return f"{self._base}entity/{key}"


def _kind_of(entity_id: str, lines: EntityLines | None) -> Kind:
    """Work out the kind of an id.

    Integer ids are Python hashes: they mean nothing outside their process. A type that is logged decides;
    without one, a path or a hash makes a file, and so does an id that is itself a digest.
    """
    if lines is None:
        digest = bool(_DIGEST.match(entity_id))
        return Kind(digest, digest)
    logged = {
        (name, thaw(value))
        for facts in lines.facts
        for name, value in facts[1:]
        if name in _TELLING and type(value) is str
    }
    types = {value for name, value in logged if name == "type"}
    if lines.numeric:
        return Kind(is_file=any("File" in kind for kind in types), everywhere=False)
    if types:
        is_file = any("File" in kind or "Collection" in kind for kind in types)
        return Kind(is_file, is_file)
    is_file = bool(logged) or bool(_DIGEST.match(entity_id))
    return Kind(is_file, is_file)


_TELLING = {"type", "filepath", "hash"}
