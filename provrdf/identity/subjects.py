"""What records speak of, once it is decided which is which: Session, Activity, Entity."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from provrdf.identity.collect import Fact, Mention, Place, SessionFacts

if TYPE_CHECKING:
    from provrdf.identity.versions import Version


class Session:
    """A session: the context of activities and the unit of publishing.

    `facts` is None for a session that is only named by its activities and has no record of its own.
    `entities` finds an entity by the key of its IRI, `nodes` all that share a logged id.
    """

    __slots__ = (
        "activities",
        "derivations",
        "entities",
        "facts",
        "id",
        "iri",
        "key",
        "memberships",
        "nodes",
        "numeric",
        "start",
    )

    def __init__(self, key: str, iri: str, session_id: str, *, numeric: bool, start: datetime | None) -> None:
        self.key = key
        self.iri = iri
        self.id = session_id
        self.numeric = numeric
        self.start = start
        self.facts: SessionFacts | None = None
        self.activities: list[Activity] = []
        self.entities: dict[str, Entity] = {}
        self.nodes: dict[str, list[Entity]] = {}
        self.memberships: list[tuple[Entity, Entity, Place]] = []
        self.derivations: list[tuple[Entity, Entity, Any, Place]] = []


class Relation(NamedTuple):
    """An entity that an activity used or generated, in which role, and the line that says so."""

    entity: Entity
    role: Any
    place: Place


class Activity:
    """One execution of a step.

    `mentioned` has what the lines say it used and generated; `used` and `generated` the entities meant.
    """

    __slots__ = (
        "end",
        "facts",
        "generated",
        "id",
        "iri",
        "key",
        "logged",
        "mentioned",
        "name",
        "place",
        "session",
        "start",
        "tag",
        "used",
    )

    def __init__(self, activity_id: str) -> None:
        self.id = activity_id
        self.key = ""
        self.iri = ""
        self.name: str | None = None
        self.session: Session | None = None
        self.tag: str | None = None
        self.start: datetime | None = None
        self.end: datetime | None = None
        self.logged: datetime | None = None
        self.place: Place | None = None
        self.facts: list[Fact] = []
        self.mentioned: tuple[list[Mention], list[Mention]] = ([], [])
        self.used: list[Relation] = []
        self.generated: list[Relation] = []


class Entity:
    """One entity in the graph of one session: an object, a file, or one version of a file.

    `version` is set for a version of a file, and `file` then is the file itself.
    `facts` maps (key, value, frozen) to the line that said it first.
    """

    __slots__ = ("facts", "file", "id", "iri", "is_file", "key", "numeric", "version")

    def __init__(self, entity_id: str, key: str, iri: str, *, numeric: bool, is_file: bool) -> None:
        self.id = entity_id
        self.key = key
        self.iri = iri
        self.numeric = numeric
        self.is_file = is_file
        self.facts: dict[tuple[str, Any], Place] = {}
        self.version: Version | None = None
        self.file: Entity | None = None
