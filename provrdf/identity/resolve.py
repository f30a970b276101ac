"""Resolve collected records into sessions, activities and entities with their IRIs.

The result is a function of the set of records and of the file events of other sessions, never of line order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, tzinfo
from functools import cached_property

from provrdf.identity.activities import Sessions, find_activities, mentions
from provrdf.identity.collect import Collector
from provrdf.identity.describe import Describer, Homes
from provrdf.identity.entities import Entities
from provrdf.identity.lines import Mention
from provrdf.identity.subjects import Activity, Session
from provrdf.identity.versions import FileEvent, Version, Versions

UNASSIGNED = "unassigned"
"""Key of the graph of what belongs to no session that we know."""


class Resolution:
    """Sessions with their activities, entities and relations, everything named by an IRI.

    Attributes
    ----------
    sessions : list of Session
        Sorted by key. What belongs to no session is in one whose key is ``unassigned``.
    events : list of FileEvent
        What these records say happened to files. A store keeps them.
    environments : mapping of str to mapping
        Distinct environments by digest.
    activities : mapping of str to list of Activity
        By logged id.
    """

    def __init__(
        self, collector: Collector, sessions: Sessions, activities: list[Activity], entities: Entities
    ) -> None:
        self.sessions = sorted(sessions.all.values(), key=lambda session: session.key)
        self.environments = collector.environments.contents
        self.keyless = collector.keyless
        self.records = collector.count
        for session in self.sessions:
            session.activities.sort(key=lambda activity: activity.key)
        self._activities = activities
        self._kinds = entities.kinds

    @cached_property
    def activities(self) -> dict[str, list[Activity]]:
        """All activities by logged id."""
        found: dict[str, list[Activity]] = {}
        for activity in self._activities:
            found.setdefault(activity.id, []).append(activity)
        return found

    def release(self) -> None:
        """Let go of all activities: they and their sessions point at each other, so nothing else would."""
        self._activities = []
        for session in self.sessions:
            session.activities.clear()

    @property
    def events(self) -> list[FileEvent]:
        """What these records say happened to files; usages in other sessions bind to them."""
        return _file_events(self._activities, lambda name: self._kinds[name].is_file)


def resolve(
    collector: Collector,
    *,
    base: str,
    zone: tzinfo = UTC,
    namespaces: Mapping[str, str] | None = None,
    events: Iterable[FileEvent] = (),
) -> Resolution:
    """Decide what all ids mean.

    Parameters
    ----------
    collector : Collector
        All records of the sessions concerned.
    base : str
        Base IRI.
    zone : tzinfo
        Zone of logged times without an offset.
    namespaces : mapping, optional
        Prefix -> IRI of ids such as ``gamma-events:23523``, from the model file.
    events : iterable of FileEvent
        What happened to files in sessions that are not among these records.
    """
    collector.settle()
    sessions = Sessions(collector, base, zone)
    entities = Entities(collector, base, namespaces or {})
    activities = list(find_activities(collector, sessions, zone))
    _assign(activities, sessions, entities)
    namespace = f"{base}activity/"
    for activity in activities:
        _name(activity, namespace)
    versions = Versions(_written(activities, entities, list(events)))
    for activity in activities:
        _bind(activity, entities, versions)
    versions.settle()
    homes = Homes(activities, sessions, lambda: _orphanage(sessions), zone)
    Describer(collector, entities, versions, homes, zone).describe()
    return Resolution(collector, sessions, activities, entities)


def _orphanage(sessions: Sessions) -> Session:
    """Give the session of what nothing ties to any: the only one there is, else the unassigned one."""
    if len(sessions.all) == 1:
        return next(iter(sessions.all.values()))
    return _unassigned(sessions)


def _unassigned(sessions: Sessions) -> Session:
    return sessions.all.setdefault(UNASSIGNED, Session(UNASSIGNED, "", UNASSIGNED, numeric=False, start=None))


def _assign(activities: list[Activity], sessions: Sessions, entities: Entities) -> None:
    """Give activities without a start the session of their tag, or of the other user of their objects."""
    lost = [activity for activity in activities if activity.session is None]
    if not lost:
        return
    homes: dict[str, set[str]] = {}
    for activity, mention in mentions(activities):
        if activity.session and not entities.kind(mention.other).everywhere:
            homes.setdefault(mention.other, set()).add(activity.session.key)
    for activity in lost:
        activity.session = _guess(activity, sessions, homes)


def _guess(activity: Activity, sessions: Sessions, homes: Mapping[str, set[str]]) -> Session:
    tagged = sessions.of_tag(activity.tag)
    if len(tagged) == 1:
        return tagged[0]
    shared: set[str] = set()
    for _, mention in mentions([activity]):
        shared |= homes.get(mention.other, set())
    return sessions.all[shared.pop()] if len(shared) == 1 else _unassigned(sessions)


def _name(activity: Activity, namespace: str) -> None:
    session = activity.session
    if session is not None:
        activity.key = f"{session.key}--{activity.key}"
        activity.namespace = namespace
        session.activities.append(activity)


def _written(activities: list[Activity], entities: Entities, elsewhere: list[FileEvent]) -> list[FileEvent]:
    """List what happened to files that somebody wrote: the others have no versions."""
    written = {mention.other for activity in activities for mention in activity.makes}
    written |= {event.file for event in elsewhere if event.generates}
    files = {name for name in written if entities.kind(name).is_file}
    events = [event for event in elsewhere if event.file in written]
    return events + _file_events(activities, files.__contains__) if files else events


def _file_events(activities: Iterable[Activity], wanted: Callable[[str], bool]) -> list[FileEvent]:
    """List what activities did to the files wanted."""
    events: list[FileEvent] = []
    for activity in activities:
        step, session = activity.name or UNASSIGNED, activity.session.key if activity.session else UNASSIGNED
        begun = activity.start or activity.logged
        done = max(activity.end, begun) if activity.end and begun else activity.end or begun
        inputs = _digest(activity.uses) if activity.makes else ""
        for mentioned, when, generates in ((activity.uses, begun, False), (activity.makes, done, True)):
            for name in [mention.other for mention in mentioned if wanted(mention.other)]:
                event = (name, when, generates, session, step, activity.key, inputs)
                events.append(tuple.__new__(FileEvent, event))
    return events


def _digest(used: list[Mention]) -> str:
    """Name a set of inputs; the same step run twice on the same inputs is a re-execution."""
    return hashlib.sha256(
        "\0".join(sorted({mention.other for mention in used})).encode("utf-8", "surrogatepass")
    ).hexdigest()[:16]


def _bind(activity: Activity, entities: Entities, versions: Versions) -> None:
    """Bind what an activity used and generated to entities, or to versions of files."""
    session = activity.session
    if session is not None:
        used, made = versions.used_by.get(activity.key, _NONE), versions.made_by.get(activity.key, _NONE)
        node = entities.node
        activity.sources = [node(session, line.other, used.get(line.other)) for line in activity.uses]
        activity.products = [node(session, line.other, made.get(line.other)) for line in activity.makes]


_NONE: Mapping[str, Version] = {}
