"""Collect records by the subject they speak of: a session, an activity or an entity.

Nothing is decided here. What a record says is kept with the place it was read from, so that ids that turn out
to mean two things can be told apart later. Records with the same keys are of one shape; what a shape means is
worked out once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from provrdf.identity.environment import VOLATILE, Environments
from provrdf.identity.lines import (
    ActivityLines,
    Description,
    EntityLines,
    Link,
    Mention,
    Place,
    Said,
    SessionFacts,
    SessionLines,
    freeze,
    is_earlier,
)
from provrdf.records import Record
from provrdf.times import parsed

_RELATIONS = frozenset({"used_id", "generated_id", "member_id", "progenitor_id"})
_NOT_FACTS = _RELATIONS | {
    "activity_id",
    "entity_id",
    "session_tag",
    "in_session",
    "used_role",
    "generated_role",
}
_new = tuple.__new__  # makes a named tuple without a detour through its Python function
_DIFFERENT = {"startTime", "endTime"}  # values that are hardly ever repeated
_MOST_SHAPES = 1_000
_MOST_RECENT = 4_096  # records that are kept to be recognised


class Shape(NamedTuple):
    """What records with the same keys have in common.

    Attributes
    ----------
    add : callable
        Adds such a record to a Collector.
    facts : tuple of str
        The keys that say something of the subject alone.
    relations : set of str
        The keys that relate it to something else.
    """

    add: Callable[[Collector, Record, Shape], None]
    facts: tuple[str, ...] = ()
    relations: frozenset[str] = frozenset()


class Collector:
    """Gathers records; hand it to `resolve` when all are in.

    Memory grows with the number of distinct facts, not with the length of the log: what is repeated
    (entity records, session records) is kept once.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.activities: dict[str, ActivityLines] = {}
        self.entities: dict[str, EntityLines] = {}
        self.links: list[Link] = []
        self.sessions: dict[str, SessionLines] = {}
        self.environments = Environments()
        self.keyless: list[Record] = []
        self.count = 0
        self._texts: dict[str, str] = {}
        self._shapes: dict[tuple[Any, ...], Shape] = {}
        self._descriptions: dict[Description, Description] = {}
        self._recent: dict[int, tuple[Any, Place]] = {}
        self.add_all(records)

    def add_all(self, records: Iterable[Record]) -> None:
        """Add records, in any order; one without any id that we know is kept in `keyless`."""
        shapes = self._shapes
        for record in records:
            shape = shapes.get(tuple(record.data)) or self._new_shape(tuple(record.data))
            shape.add(self, record, shape)
            self.count += 1

    def settle(self) -> None:
        """Let go of what only serves to keep equal things once: it takes memory, and all may be in by now."""
        self._texts, self._descriptions, self._recent = {}, {}, {}

    def _new_shape(self, keys: tuple[Any, ...]) -> Shape:
        """Work out a shape, and remember it if its keys are text (1 and True would be the same key)."""
        shape = _shape(keys)
        if all(type(key) is str for key in keys):
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            self._shapes[keys] = shape
        return shape

    def _name(self, value: object) -> str:
        """Turn an id into text, one object per distinct text: ids are repeated in most lines."""
        text = value if type(value) is str else str(value)
        return self._texts.setdefault(text, text)

    def _shared(self, value: Any) -> Any:
        """Give one object for all equal texts: names, roles and paths are repeated in most lines."""
        return self._texts.setdefault(value, value) if type(value) is str else value

    def _place(self, record: Record, session: Any = None) -> Place:
        time, data, file, line, _ = record
        tag = data.get("session_tag")
        return _new(Place, (tag if tag is None else self._name(tag), parsed(time), file, line, session))

    def _mention(self, record: Record, other: Any, role: Any = None, session: Any = None) -> Mention:
        time, data, file, line, _ = record
        share = self._texts.setdefault
        tag = data.get("session_tag")
        if type(tag) is str:
            tag = share(tag, tag)
        elif tag is not None:
            tag = self._name(tag)
        if type(role) is str:
            role = share(role, role)
        other = share(other, other) if type(other) is str else self._name(other)
        return _new(Mention, (other, role, tag, parsed(time), file, line, session))

    # -- activities -----------------------------------------------------------------------------

    def _add_activity(self, record: Record, shape: Shape) -> None:
        data = record.data
        name = data["activity_id"]
        if type(name) is not str:
            name = str(name)
        lines = self.activities.get(name)
        if lines is None:
            lines = self.activities[self._name(name)] = ActivityLines()
        if "used_id" in shape.relations:
            lines.used.append(self._mention(record, data["used_id"], data.get("used_role")))
        if "generated_id" in shape.relations:
            lines.generated.append(self._mention(record, data["generated_id"], data.get("generated_role")))
        if shape.facts:
            values = [data[key] if key in _DIFFERENT else self._shared(data[key]) for key in shape.facts]
            lines.said.append(_new(Said, (shape.facts, tuple(values), *self._place(record))))

    # -- entities -------------------------------------------------------------------------------

    def _add_entity(self, record: Record, shape: Shape) -> None:
        data = record.data
        recent = self._recent.get(id(data))
        if recent is not None and recent[0] is data and _is_later(record, recent[1]):
            return  # the reader gives the same object for the same text: nothing new
        name, session = self._name(data["entity_id"]), data.get("in_session")
        lines = self.entities.get(name)
        if lines is None:
            lines = self.entities[name] = EntityLines()
        if type(data["entity_id"]) is int:
            lines.numeric = True
        if shape.relations:
            self._link(name, record, session)
        if shape.facts:
            place = self._place(record, session)
            lines.tell((self._description(data, shape.facts), place.tag, freeze(session)), place)
            if not shape.relations and place.tag is not None and session is None:
                self._remember(data, place)

    def _link(self, name: str, record: Record, session: Any) -> None:
        data = record.data
        if "member_id" in data:
            mention = self._mention(record, data["member_id"], session=session)
            self.links.append(Link(name, mention, True, None))
        if "progenitor_id" in data:
            mention = self._mention(record, data["progenitor_id"], session=session)
            self.links.append(Link(name, mention, False, data.get("generated_time")))

    def _description(self, data: Any, keys: tuple[str, ...]) -> Description:
        """Give one object for all records that say the same of an entity."""
        values = [data[key] for key in keys]
        frozen = tuple([value if type(value) is str else freeze(value) for value in values])
        description = _new(Description, (keys, frozen))
        known = self._descriptions.get(description)
        if known is None:
            known = _new(Description, (keys, tuple([self._shared(value) for value in frozen])))
            self._descriptions[known] = known
        return known

    def _remember(self, data: Any, place: Place) -> None:
        """Remember a record that says nothing new when it comes again later."""
        if len(self._recent) >= _MOST_RECENT:
            self._recent.clear()
        self._recent[id(data)] = data, place

    # -- sessions -------------------------------------------------------------------------------

    def _add_session(self, record: Record, shape: Shape) -> None:
        data = record.data
        name = self._name(data["session_id"])
        lines = self.sessions.get(name)
        if lines is None:
            lines = self.sessions[name] = SessionLines()
        lines.numeric = type(data["session_id"]) is int
        start = data.get("startTime")
        start = None if start is None else str(start)
        key = start if lines.numeric else None
        facts = lines.starts.get(key)
        if facts is None:
            facts = lines.starts[key] = SessionFacts()
        if start is not None:
            facts.times.add(start)
        place = self._place(record)
        if facts.place is None or is_earlier(place, facts.place):
            facts.place = place
        for key in shape.facts:
            if key == "system" and isinstance(data[key], dict):
                self._add_system(facts, data[key], place)
            else:
                facts.facts.setdefault((key, freeze(data[key])), place)

    def _add_system(self, facts: SessionFacts, system: dict[str, Any], place: Place) -> None:
        digest = self.environments.digest(system)
        if digest not in facts.environments:
            facts.environments[digest] = place
            platform = system.get("platform")
            host = platform.get("node") if isinstance(platform, dict) else None
            if host:
                facts.hosts.add(str(host))
        for key in VOLATILE:
            if key in system:
                facts.facts.setdefault((key, freeze(system[key])), None)

    def _add_keyless(self, record: Record, _shape: Shape) -> None:
        self.keyless.append(record)


def _shape(keys: tuple[Any, ...]) -> Shape:
    """Work out what records with some keys mean."""
    relations = _RELATIONS.intersection(keys)
    if "activity_id" in keys:
        starts = "startTime" in keys or "in_session" in keys
        facts = [key for key in keys if key != "activity_id" and (starts or key not in _NOT_FACTS)]
        return Shape(Collector._add_activity, tuple(facts), relations)
    if "entity_id" in keys:
        skipped = _NOT_FACTS | {"generated_time"} if "progenitor_id" in keys else _NOT_FACTS
        return Shape(Collector._add_entity, tuple([key for key in keys if key not in skipped]), relations)
    if "session_id" in keys:
        facts = [key for key in keys if key not in ("session_id", "startTime")]
        return Shape(Collector._add_session, tuple(facts))
    return Shape(Collector._add_keyless)


def _is_later(record: Record, place: Place) -> bool:
    return record.file == place.file and record.line > place.line
