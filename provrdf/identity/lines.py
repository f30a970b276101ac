"""What is kept of log lines until it is decided what they mean: what was said, and in which line."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple


class Place(NamedTuple):
    """Where and when something was logged: the tag and time of its line, and the line itself.

    The time is not in any zone yet, unless it was logged with an offset; as text it would be twice as large.
    `session` is set for an entity record that names its session, as those of `to_records` do.
    """

    tag: str | None
    time: datetime | None
    file: str
    line: int
    session: Any = None


class Mention(NamedTuple):
    """A line that relates its subject to another id, in a role; it has all that a `Place` has."""

    other: str
    role: Any
    tag: str | None
    time: datetime | None
    file: str
    line: int
    session: Any = None


class Said(NamedTuple):
    """What one record says of its subject: some keys, and a value for each; it has all that a `Place` has."""

    keys: tuple[str, ...]
    values: tuple[Any, ...]
    tag: str | None
    time: datetime | None
    file: str
    line: int
    session: Any = None

    @property
    def starts(self) -> bool:
        """Whether it begins an activity."""
        return "startTime" in self.keys or "in_session" in self.keys

    def value(self, key: str) -> Any:
        """Give what it says of a key, None if nothing."""
        return self.values[self.keys.index(key)] if key in self.keys else None


Logged = Place | Mention | Said
"""Something with a line of its own."""


def is_earlier(one: Logged, other: Logged) -> bool:
    """Tell whether a line comes before another."""
    return (one.file, one.line) < (other.file, other.line)


class Fact(NamedTuple):
    """One key of a record with its value."""

    key: str
    value: Any
    place: Logged


class Description(NamedTuple):
    """What a record says of an entity: keys, and a value for each that is fit to be part of a key."""

    keys: tuple[str, ...]
    values: tuple[Any, ...]


Telling = tuple[Description, str | None, Any]
"""A description, the tag it was logged with, and the session it names, fit to be part of a key."""


class Link(NamedTuple):
    """A line that says that an entity has a member, or what it was derived from and when."""

    entity: str
    mention: Mention
    is_member: bool
    when: Any


class ActivityLines:
    """Everything logged under one activity id, which may be several activities.

    `said` has the start records and what else is said of the activity itself.
    """

    __slots__ = ("generated", "said", "used")

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.used: list[Mention] = []
        self.generated: list[Mention] = []


class EntityLines:
    """Everything logged under one entity id, apart from links.

    `told` has the first line of each telling, `places` all lines of those that no tag tells apart.
    """

    __slots__ = ("numeric", "places", "told")

    def __init__(self) -> None:
        self.numeric = False
        self.told: dict[Telling, Place] = {}
        self.places: dict[Telling, list[Place]] | None = None

    def tell(self, telling: Telling, place: Place) -> None:
        """Keep a telling once, at its first line, and every line it was logged at if it has no tag."""
        first = self.told.get(telling)
        if first is None or is_earlier(place, first):
            self.told[telling] = place
        if place.tag is None or place.session is not None:
            if self.places is None:
                self.places = {}
            self.places.setdefault(telling, []).append(place)


class SessionLines:
    """Everything logged under one session id. An integer id is one session per start time."""

    __slots__ = ("numeric", "starts")

    def __init__(self) -> None:
        self.numeric = False
        self.starts: dict[str | None, SessionFacts] = {}


class SessionFacts:
    """What the records of one session say; a session is logged again for each of its tasks.

    `facts` has the line that said something first, or None for what every task says anew.
    """

    __slots__ = ("environments", "facts", "hosts", "place", "times")

    def __init__(self) -> None:
        self.facts: dict[tuple[str, Any], Place | None] = {}
        self.times: set[str] = set()
        self.environments: dict[str, Place] = {}
        self.hosts: set[str] = set()
        self.place: Place | None = None


class Frozen:
    """A value that is no string, as part of a key: compared by its text, which keeps 1 and True apart."""

    __slots__ = ("_text", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        self._text = repr(value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frozen) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


def freeze(value: Any) -> Any:
    """Make a value fit to be part of a key."""
    return value if type(value) is str or value is None else Frozen(value)


def thaw(value: Any) -> Any:
    """Give back the value that was put into a key."""
    return value.value if type(value) is Frozen else value
