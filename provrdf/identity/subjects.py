"""What records speak of, once it is decided which is which: Session, Activity, Entity."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from provrdf.identity.lines import (
    Description,
    Fact,
    Logged,
    Mention,
    Place,
    Said,
    SessionFacts,
    is_earlier,
)

if TYPE_CHECKING:
    from provrdf.identity.versions import Version


class Session:
    """A session: the context of activities and the unit of publishing.

    `facts` is None for a session that is only named by its activities and has no record of its own.
    `nodes` finds an entity by its logged id, `versions` the entity of a version of a file.
    """

    __slots__ = (
        "activities",
        "derivations",
        "facts",
        "id",
        "iri",
        "key",
        "memberships",
        "nodes",
        "numeric",
        "start",
        "versions",
    )

    def __init__(self, key: str, iri: str, session_id: str, *, numeric: bool, start: datetime | None) -> None:
        self.key = key
        self.iri = iri
        self.id = session_id
        self.numeric = numeric
        self.start = start
        self.facts: SessionFacts | None = None
        self.activities: list[Activity] = []
        self.nodes: dict[str, Entity] = {}
        self.versions: dict[Version, Entity] = {}
        self.memberships: list[tuple[Entity, Entity, Logged]] = []
        self.derivations: list[tuple[Entity, Entity, Any, Logged]] = []

    @property
    def entities(self) -> dict[str, Entity]:
        """All entities in its graph, by the key of their IRI."""
        return {entity.key: entity for entity in (*self.nodes.values(), *self.versions.values())}


class Relation(NamedTuple):
    """An entity that an activity used or generated, in which role, and the line that says so."""

    entity: Entity
    role: Any
    place: Logged


class Activity:
    """One execution of a step.

    `uses` and `makes` have what the lines say it used and generated; `sources` and `products` the entity that
    each of them means; `said` what else its lines say.
    """

    __slots__ = (
        "end",
        "id",
        "key",
        "logged",
        "makes",
        "name",
        "namespace",
        "place",
        "products",
        "said",
        "session",
        "sources",
        "start",
        "tag",
        "uses",
    )

    def __init__(self, activity_id: str) -> None:
        self.id = activity_id
        self.key = ""
        self.namespace = ""
        self.name: str | None = None
        self.session: Session | None = None
        self.tag: str | None = None
        self.start: datetime | None = None
        self.end: datetime | None = None
        self.logged: datetime | None = None
        self.place: Logged | None = None
        self.said: list[Said] = []
        self.uses: list[Mention] = []
        self.makes: list[Mention] = []
        self.sources: list[Entity] = []
        self.products: list[Entity] = []

    @property
    def iri(self) -> str:
        """Its IRI, put together when asked for: there are many, and each is a long text."""
        return self.namespace + self.key

    @property
    def facts(self) -> Iterator[Fact]:
        """What is said of the activity itself, key by key."""
        for said in self.said:
            for key, value in zip(said.keys, said.values, strict=True):
                yield Fact(key, value, said)

    @property
    def used(self) -> list[Relation]:
        """The entities that it used."""
        return [
            Relation(entity, line.role, line) for entity, line in zip(self.sources, self.uses, strict=True)
        ]

    @property
    def generated(self) -> list[Relation]:
        """The entities that it generated."""
        return [
            Relation(entity, line.role, line) for entity, line in zip(self.products, self.makes, strict=True)
        ]


class Entity:
    """One entity in the graph of one session: an object, a file, or one version of a file.

    `told` has the descriptions of the entity, each with the line that gave it first; a file and its versions
    share them. `versions` are those of a file that the session speaks of.
    """

    __slots__ = (
        "_local",
        "_namespace",
        "id",
        "is_file",
        "key",
        "numeric",
        "told",
        "version",
        "versions",
    )

    def __init__(
        self, entity_id: str, key: str, namespace: str, local: str, *, numeric: bool, is_file: bool
    ) -> None:
        self.id = entity_id
        self.key = key
        self._namespace = namespace
        self._local = local
        self.numeric = numeric
        self.is_file = is_file
        self.version: Version | None = None
        self.versions: list[Entity] | None = None
        self.told: list[tuple[Description, Place]] = []

    @property
    def iri(self) -> str:
        """Its IRI, put together when asked for."""
        return self._namespace + self._local

    @property
    def facts(self) -> dict[tuple[str, Any], Place]:
        """What is said of the entity, (key, value fit to be part of a key) -> the line that said it first."""
        found: dict[tuple[str, Any], Place] = {}
        for description, place in self.told:
            for fact in zip(description.keys, description.values, strict=True):
                if is_earlier(place, found.setdefault(fact, place)):
                    found[fact] = place
        return found
