"""Collect records by the subject they speak of: a session, an activity or an entity.

Nothing is decided here. What a record says is kept with the place it was read from, so that ids that turn out
to mean two things can be told apart later.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from provrdf.identity.environment import VOLATILE, Environments
from provrdf.records import Record


class Place(NamedTuple):
    """Where and when something was logged: the tag and time of its line, and the line itself.

    `session` is set for an entity record that names its session, as those of `to_records` do.
    """

    tag: str | None
    time: str | None
    file: str
    line: int
    session: Any = None


class Fact(NamedTuple):
    """One key of a record with its value."""

    key: str
    value: Any
    place: Place


class Mention(NamedTuple):
    """A record that relates its subject to another id, with that id and the role, if any."""

    other: str
    role: Any
    place: Place


class ActivityLines:
    """Everything logged under one activity id, which may be several activities."""

    __slots__ = ("facts", "generated", "starts", "used")

    def __init__(self) -> None:
        self.starts: dict[tuple[Any, Any], list[tuple[dict[str, Any], Place]]] = {}
        self.used: list[Mention] = []
        self.generated: list[Mention] = []
        self.facts: list[Fact] = []


class EntityLines:
    """Everything logged under one entity id."""

    __slots__ = ("facts", "members", "numeric", "progenitors", "times")

    def __init__(self) -> None:
        self.numeric = False
        self.facts: dict[tuple[Any, ...], Place] = {}
        self.times: dict[tuple[Any, ...], list[Place]] = {}
        self.members: list[Mention] = []
        self.progenitors: list[tuple[Mention, Any]] = []


class SessionLines:
    """Everything logged under one session id. An integer id is one session per start time."""

    __slots__ = ("numeric", "starts")

    def __init__(self) -> None:
        self.numeric = False
        self.starts: dict[str | None, SessionFacts] = {}


class SessionFacts:
    """What the records of one session say; a session is logged again for each of its tasks."""

    __slots__ = ("environments", "facts", "hosts", "place", "times")

    def __init__(self) -> None:
        self.facts: dict[tuple[str, Any], Place] = {}
        self.times: set[str] = set()
        self.environments: dict[str, Place] = {}
        self.hosts: set[str] = set()
        self.place: Place | None = None


_NOT_FACTS = {
    "activity_id",
    "entity_id",
    "session_tag",
    "in_session",
    "used_id",
    "used_role",
    "generated_id",
    "generated_role",
    "member_id",
    "progenitor_id",
}
_NOT_DERIVATION_FACTS = {*_NOT_FACTS, "generated_time"}


class Collector:
    """Gathers records; hand it to `resolve` when all are in.

    Memory grows with the number of distinct facts, not with the length of the log: what is repeated
    (entity records, session records) is kept once.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.activities: dict[str, ActivityLines] = {}
        self.entities: dict[str, EntityLines] = {}
        self.sessions: dict[str, SessionLines] = {}
        self.environments = Environments()
        self.keyless: list[Record] = []
        self.count = 0
        self._names: dict[str, str] = {}
        self._pairs: dict[tuple[Any, Any], tuple[Any, Any]] = {}
        self.add_all(records)

    def add_all(self, records: Iterable[Record]) -> None:
        """Add records, in any order."""
        for record in records:
            self.add(record)

    def add(self, record: Record) -> None:
        """Add one record; one without any id that we know is kept in `keyless`."""
        data = record.data
        self.count += 1
        if "activity_id" in data:
            self._add_activity(record, data)
        elif "entity_id" in data:
            self._add_entity(record, data)
        elif "session_id" in data:
            self._add_session(record, data)
        else:
            self.keyless.append(record)

    def _name(self, value: object) -> str:
        """Turn an id into text, one object per distinct text: ids are repeated in most lines."""
        text = value if type(value) is str else str(value)
        return self._names.setdefault(text, text)

    def _shared(self, value: Any) -> Any:
        """Give one object for all equal texts: keys, roles and paths are repeated in most lines."""
        if type(value) is str:
            return self._names.setdefault(value, value)
        return [self._shared(one) for one in value] if type(value) is list else value

    def _place(self, record: Record, data: Any) -> Place:
        tag = data.get("session_tag")
        return Place(None if tag is None else self._name(tag), record.time, record.file, record.line)

    def _add_activity(self, record: Record, data: Any) -> None:
        name = self._name(data["activity_id"])
        lines = self.activities.get(name)
        if lines is None:
            lines = self.activities[name] = ActivityLines()
        place = self._place(record, data)
        if "used_id" in data:
            role = self._shared(data.get("used_role"))
            lines.used.append(Mention(self._name(data["used_id"]), role, place))
        if "generated_id" in data:
            role = self._shared(data.get("generated_role"))
            lines.generated.append(Mention(self._name(data["generated_id"]), role, place))
        if "startTime" in data or "in_session" in data:
            key = (freeze(data.get("in_session")), freeze(data.get("startTime")))
            kept = {self._shared(name): self._shared(value) for name, value in data.items()}
            lines.starts.setdefault(key, []).append((kept, place))
            return
        for key_, value in data.items():
            if key_ not in _NOT_FACTS:
                lines.facts.append(Fact(self._shared(key_), value, place))

    def _add_entity(self, record: Record, data: Any) -> None:
        name = self._name(data["entity_id"])
        lines = self.entities.get(name)
        if lines is None:
            lines = self.entities[name] = EntityLines()
        if type(data["entity_id"]) is int:
            lines.numeric = True
        place = self._place(record, data)
        if "in_session" in data:
            place = place._replace(session=data["in_session"])
        skipped = _NOT_FACTS
        if "member_id" in data:
            lines.members.append(Mention(self._name(data["member_id"]), None, place))
        if "progenitor_id" in data:
            lines.progenitors.append(
                (Mention(self._name(data["progenitor_id"]), None, place), data.get("generated_time"))
            )
            skipped = _NOT_DERIVATION_FACTS
        facts = tuple([(key, freeze(value)) for key, value in data.items() if key not in skipped])
        if facts:
            self._remember(lines, ((place.tag, freeze(place.session)), *facts), place)

    def _remember(self, lines: EntityLines, facts: tuple[Any, ...], place: Place) -> None:
        """Keep a set of facts once, at its first line, and every place it was logged at if it has no tag."""
        first = lines.facts.get(facts)
        if first is None:
            pairs = self._pairs
            shared = ((self._shared(key), self._shared(value)) for key, value in facts)
            facts = tuple([pairs.setdefault(pair, pair) for pair in shared])
            lines.facts[facts] = place
        elif (place.file, place.line) < (first.file, first.line):
            lines.facts[facts] = place
        if place.tag is None or place.session is not None:
            lines.times.setdefault(facts, []).append(place)

    def _add_session(self, record: Record, data: Any) -> None:
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
        self._add_session_facts(facts, data, self._place(record, data))

    def _add_session_facts(self, facts: SessionFacts, data: Any, place: Place) -> None:
        facts.place = place if facts.place is None else _earlier(facts.place, place)
        known = facts.facts
        for key, value in data.items():
            if key == "system" and isinstance(value, dict):
                self._add_system(facts, value, place)
            elif key not in ("session_id", "startTime"):
                fact = (self._shared(key), freeze(value))
                if fact not in known:
                    known[fact] = place

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
                facts.facts.setdefault((key, freeze(self._shared(system[key]))), place)


def _earlier(one: Place, other: Place) -> Place:
    return min(one, other, key=lambda place: (place.file, place.line))


class Frozen:
    """A value that is no string, as part of a key: compared by its text, which keeps 1 and True apart."""

    __slots__ = ("_hash", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        self._hash = hash(repr(value))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Frozen) and other._hash == self._hash and repr(other.value) == repr(self.value)
        )

    def __hash__(self) -> int:
        return self._hash


def freeze(value: Any) -> Any:
    """Make a value fit to be part of a key."""
    return value if type(value) is str else Frozen(value)


def thaw(value: Any) -> Any:
    """Give back the value that was put into a key."""
    return value.value if type(value) is Frozen else value
