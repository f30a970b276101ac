"""Select the records of some activities, together with everything that hangs on them.

What is chosen are activities; with each come its start, parameters, usages, generations and end, the session
it is in, and the descriptions of what it used or generated (with the members of collections). So the
selection is again a log that makes sense by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from provrdf.errors import UsageError
from provrdf.records import Record
from provrdf.times import to_utc

Wanted = str | Iterable[str]
Records = Iterable[Record] | Callable[[], Iterable[Record]]

_RUN_KEYS = ("name", "observation_run", "pedestal_run", "calibration_run")
_BEGINS = ("startTime", "name", "in_session", "agent_name")


def select(
    records: Records,
    *,
    since: str | date | None = None,
    until: str | date | None = None,
    session: Wanted = (),
    run: Wanted = (),
    agent: Wanted = (),
    activity: Wanted = (),
    tag: Wanted = (),
    timezone: str | tzinfo = UTC,
) -> Iterator[Record]:
    """Yield the records of the activities that fit, and what hangs on them, in their order.

    Several criteria must all fit; of several values of one criterion, any. Without any criterion all records
    pass. The records are gone through twice: give a list, or a function that reads them anew (which needs
    little memory); an iterator is first turned into a list.

    Parameters
    ----------
    records : iterable of Record, or function without arguments that gives one
    since, until : str, date or datetime, optional
        When the activity started: not before `since`, before `until`. ISO 8601; a day means its midnight; a
        time without an offset is in `timezone`, as the logged ones are.
    session : str or iterable of str
        Ids or names of sessions.
    run : str or iterable of str
        Numbers of observation, pedestal or calibration runs; leading zeros do not count.
    agent, tag : str or iterable of str
        As logged.
    activity : str or iterable of str
        Names or logged ids of activities.
    timezone : str or tzinfo
        Zone of logged times without an offset.

    Yields
    ------
    Record

    Raises
    ------
    UsageError
        When a time or the zone cannot be understood.
    """
    zone = _zone(timezone)
    criteria = _Criteria(
        since=_instant(since, zone),
        until=_instant(until, zone),
        session=_wanted(session),
        run=frozenset(name.lstrip("0") for name in _wanted(run)),
        agent=_wanted(agent),
        activity=_wanted(activity),
        tag=_wanted(tag),
    )
    return _selected(records, criteria, zone)


def _selected(records: Records, criteria: _Criteria, zone: tzinfo) -> Iterator[Record]:
    if isinstance(records, Iterator) and criteria.any:
        records = list(records)
    if not criteria.any:
        yield from _fresh(records)
        return
    index = _Index(zone)
    for record in _fresh(records):
        index.add(record)
    index.complete()
    choice = _Choice(index, criteria)
    for record in _fresh(records):
        if choice.keeps(record):
            yield record


def _fresh(records: Records) -> Iterable[Record]:
    return records() if callable(records) else records


@dataclass(frozen=True)
class _Criteria:
    """What is wanted; an empty set wants everything."""

    since: datetime | None
    until: datetime | None
    session: frozenset[str]
    run: frozenset[str]
    agent: frozenset[str]
    activity: frozenset[str]
    tag: frozenset[str]

    @property
    def any(self) -> bool:
        """Whether anything is asked for."""
        sets = self.session or self.run or self.agent or self.activity or self.tag
        return bool(sets or self.since or self.until)

    def in_time(self, moment: datetime | None) -> bool:
        """Tell whether a time is between the wanted ones; an unknown time is, if none is wanted."""
        if moment is None:
            return self.since is None and self.until is None
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)

    def fits(self, activity: _Activity, session: _Session) -> bool:
        """Tell whether an activity is wanted."""
        return (
            self.in_time(activity.start)
            and _among(self.activity, {activity.name, activity.id})
            and _among(self.agent, {activity.agent})
            and _among(self.tag, {activity.tag})
            and _among(self.session, {session.id, *session.names})
            and _among(self.run, session.runs | _runs((activity.tag or "").rpartition(":")[2]))
        )

    def fits_session(self, session: _Session) -> bool:
        """Tell whether a session is wanted for its own sake, whatever its activities."""
        return (
            not (self.agent or self.activity or self.tag)
            and self.in_time(session.start)
            and _among(self.session, {session.id, *session.names})
            and _among(self.run, session.runs)
        )


@dataclass
class _Session:
    """What is known of a session."""

    id: str | None
    start: datetime | None = None
    names: set[str] = field(default_factory=set)
    runs: set[str] = field(default_factory=set)


@dataclass
class _Activity:
    """What is known of an activity; its number tells it from others with the same id."""

    number: int
    id: str
    tag: str | None
    start: datetime | None
    name: str | None = None
    agent: str | None = None
    session: str | None = None


@dataclass(frozen=True)
class _Mention:
    """A line in which an activity uses or generates an entity."""

    activity: _Activity
    moment: datetime | None


@dataclass(frozen=True)
class _Line:
    """A line about an entity; ``shared`` unless its id counts in one process only, as Python objects' do."""

    entity: str
    tag: str | None
    moment: datetime | None
    shared: bool


class _Index:
    """What the first pass learns."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self.sessions: dict[str, _Session] = {}
        self.activities: dict[str, list[_Activity]] = {}
        self._links: list[tuple[str, str | None, str | None, str]] = []
        self.members: dict[str, list[tuple[_Line, str]]] = {}
        self.progenitors: dict[str, list[tuple[_Line, str]]] = {}
        self._seen: dict[tuple[str, str | None], str | None] = {}  # id, tag -> time of the first line
        self._count = 0

    def add(self, record: Record) -> None:
        """Learn from one record."""
        data = record.data
        if "activity_id" in data:
            self._add_activity(record)
        elif "session_id" in data:
            self._add_session(data)
        elif "entity_id" in data:
            for key, others in (("member_id", self.members), ("progenitor_id", self.progenitors)):
                if key in data:
                    line = self.line(record)
                    others.setdefault(line.entity, []).append((line, str(data[key])))

    def _add_session(self, data: Mapping[Any, Any]) -> None:
        session = self.sessions.setdefault(str(data["session_id"]), _Session(str(data["session_id"])))
        start = self.moment(data.get("startTime"))
        if start and (session.start is None or start < session.start):
            session.start = start
        if "name" in data:
            session.names.add(str(data["name"]))
        for key in _RUN_KEYS:
            session.runs |= _runs(data.get(key))

    def _add_activity(self, record: Record) -> None:
        data = record.data
        own, tag = str(data["activity_id"]), _text(data.get("session_tag"))
        known = self.activities.setdefault(own, [])
        self._seen.setdefault((own, tag), record.time)
        if any(key in data for key in _BEGINS):
            start = self.moment(data.get("startTime")) or self.moment(record.time)
            names = (_text(data.get(key)) for key in ("name", "agent_name", "in_session"))
            known.append(_Activity(self._count, own, tag, start, *names))
            self._count += 1
        for key in ("used_id", "generated_id"):
            if key in data:
                self._links.append((own, tag, record.time, str(data[key])))

    def moment(self, time: object) -> datetime | None:
        """Return a logged time in UTC."""
        return to_utc(time, self._zone)

    def line(self, record: Record) -> _Line:
        """Return what matters of a line about an entity."""
        data = record.data
        entity, tag = data["entity_id"], _text(data.get("session_tag"))
        shared = isinstance(entity, str) and data.get("type") != "PythonObject"
        return _Line(str(entity), tag, None if shared else self.moment(record.time), shared)

    def activity_of(self, own: str, tag: str | None, time: str | None) -> _Activity:
        """Find the activity that a line is about: by id, then tag, then the latest start before the line."""
        known = self.activities[own]
        if len(known) != 1:
            known = [one for one in known if one.tag == tag] or known
        if len(known) == 1:
            return known[0]
        moment = self.moment(time)
        before = [one for one in known if not (moment and one.start) or one.start <= moment]
        return max(before or known, key=lambda one: (one.start is not None, one.start, one.number))

    def complete(self) -> None:
        """Add the activities whose start was not logged: one per id and tag."""
        unstarted = {own for own, known in self.activities.items() if not known}
        for (own, tag), time in self._seen.items():
            if own in unstarted:
                self.activities[own].append(_Activity(self._count, own, tag, self.moment(time)))
                self._count += 1

    def mentions(self) -> dict[str, list[_Mention]]:
        """List where each entity is used or generated, in the order of the lines."""
        found: dict[str, list[_Mention]] = {}
        for own, tag, time, entity in self._links:
            mention = _Mention(self.activity_of(own, tag, time), self.moment(time))
            found.setdefault(entity, []).append(mention)
        return found


class _Choice:
    """What the second pass keeps."""

    def __init__(self, index: _Index, criteria: _Criteria) -> None:
        self._index = index
        everyone = [one for known in index.activities.values() for one in known]
        nowhere = _Session(None)
        chosen = [
            one for one in everyone if criteria.fits(one, index.sessions.get(one.session or "", nowhere))
        ]
        self._activities = {one.number for one in chosen}
        self._tags = {one.tag for one in chosen if one.tag is not None}
        self._sessions = {one.session for one in chosen}
        self._sessions |= {key for key, one in index.sessions.items() if criteria.fits_session(one)}
        mentions = index.mentions()
        self._windows = {
            entity: [self._window(one) for one in found if self._has(one)]
            for entity, found in mentions.items()
            if len(set(map(self._has, found))) > 1
        }
        chosen_entities = {entity for entity, found in mentions.items() if any(map(self._has, found))}
        self._subjects = self._followed(chosen_entities, index.members, deep=True)
        self._described = self._followed(self._subjects, index.progenitors, deep=False)

    def _has(self, mention: _Mention) -> bool:
        return mention.activity.number in self._activities

    def _window(self, mention: _Mention) -> tuple[datetime | None, datetime | None]:
        """Return from when to when a session may have described what it mentions."""
        session = self._index.sessions.get(mention.activity.session or "")
        begins = [one for one in (mention.activity.start, session and session.start) if one]
        return min(begins, default=None), mention.moment

    def _followed(
        self, start: set[str], links: Mapping[str, list[tuple[_Line, str]]], *, deep: bool
    ) -> set[str]:
        """Return a set of entities and those that links lead to, from there on too when ``deep``."""
        found, todo = set(start), list(start)
        while todo:
            new = {other for line, other in links.get(todo.pop(), ()) if self._near(line)} - found
            found |= new
            if deep:
                todo += new
        return found

    def keeps(self, record: Record) -> bool:
        """Tell whether a record belongs to the choice."""
        data = record.data
        tag = _text(data.get("session_tag"))
        if "activity_id" in data:
            if "startTime" in data:
                return self._is_chosen_start(record, tag)
            return (
                self._index.activity_of(str(data["activity_id"]), tag, record.time).number in self._activities
            )
        if "session_id" in data:
            return str(data["session_id"]) in self._sessions
        if "entity_id" not in data:
            return False
        line = self._index.line(record)
        linked = "member_id" in data or "progenitor_id" in data
        return line.entity in (self._subjects if linked else self._described) and self._near(line)

    def _is_chosen_start(self, record: Record, tag: str | None) -> bool:
        start = self._index.moment(record.data["startTime"])
        return any(
            one.number in self._activities and one.tag == tag and (one.start == start or start is None)
            for one in self._index.activities[str(record.data["activity_id"])]
        )

    def _near(self, line: _Line) -> bool:
        """Tell whether a line about an entity was logged for a chosen activity."""
        if line.tag is not None and self._tags:
            return line.tag in self._tags
        windows = self._windows.get(line.entity)
        if line.shared or windows is None or line.moment is None:
            return True
        moment = line.moment
        return any((not low or low <= moment) and (not high or moment <= high) for low, high in windows)


def _among(wanted: frozenset[str], offered: Collection[str | None]) -> bool:
    return not wanted or not wanted.isdisjoint(offered)


def _runs(text: object) -> set[str]:
    """Return the run numbers in a name such as ``01611-01614``, without leading zeros."""
    if not isinstance(text, (str, int)):
        return set()
    return {number.lstrip("0") for number in str(text).split("-") if number.isdecimal()}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _wanted(values: Wanted) -> frozenset[str]:
    return frozenset([values] if isinstance(values, str) else map(str, values))


def _zone(zone: str | tzinfo) -> tzinfo:
    if isinstance(zone, tzinfo):
        return zone
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        message = f"no time zone {zone!r}: a name such as Atlantic/Canary or UTC"
        raise UsageError(message) from None


def _instant(time: str | date | None, zone: tzinfo) -> datetime | None:
    """Return a wanted time in UTC."""
    if time is None:
        return None
    moment = to_utc(time.isoformat() if isinstance(time, date) else time, zone)
    if moment is None:
        message = f"no time {time!r}: ISO 8601 such as 2026-11-22 or 2026-11-22T07:36:00"
        raise UsageError(message)
    return moment
