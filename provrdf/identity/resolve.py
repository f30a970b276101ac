"""Resolve collected records into sessions, activities and entities with their IRIs.

The result is a function of the set of records and of the file events of other sessions, never of line order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, tzinfo

from provrdf.identity.activities import Sessions, find_activities, mentions
from provrdf.identity.collect import Collector, Mention
from provrdf.identity.describe import Describer, Homes
from provrdf.identity.entities import Entities
from provrdf.identity.subjects import Activity, Relation, Session
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
        What these records say happened to files. A store keeps them: usages in other sessions bind to them.
    environments : mapping of str to mapping
        Distinct environments by digest.
    activities : mapping of str to list of Activity
        By logged id.
    """

    def __init__(
        self, collector: Collector, sessions: Sessions, activities: list[Activity], *, events: list[FileEvent]
    ) -> None:
        self.sessions = sorted(sessions.all.values(), key=lambda session: session.key)
        self.events = events
        self.environments = collector.environments.contents
        self.keyless = collector.keyless
        self.records = collector.count
        self.activities: dict[str, list[Activity]] = {}
        for activity in activities:
            self.activities.setdefault(activity.id, []).append(activity)
        for session in self.sessions:
            session.activities.sort(key=lambda activity: activity.key)


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
    sessions = Sessions(collector, base, zone)
    entities = Entities(collector, base, namespaces or {})
    activities = list(find_activities(collector, sessions, zone))
    _assign(activities, sessions, entities)
    for activity in activities:
        _name(activity, base)
    own_events = _file_events(activities, entities)
    versions = Versions(_written([*own_events, *events]))
    for activity in activities:
        _bind(activity, entities, versions)
    homes = Homes(activities, sessions, lambda: _orphanage(sessions), zone)
    Describer(collector, entities, versions, homes, zone).describe()
    return Resolution(collector, sessions, activities, events=own_events)


def _orphanage(sessions: Sessions) -> Session:
    """Give the session of what nothing ties to any: the only one there is, else the unassigned one."""
    if len(sessions.all) == 1:
        return next(iter(sessions.all.values()))
    return _unassigned(sessions)


def _unassigned(sessions: Sessions) -> Session:
    return sessions.all.setdefault(UNASSIGNED, Session(UNASSIGNED, "", UNASSIGNED, numeric=False, start=None))


def _assign(activities: list[Activity], sessions: Sessions, entities: Entities) -> None:
    """Give activities without a start the session of their tag, or of the other user of their objects."""
    homes: dict[str, set[str]] = {}
    for activity, mention, _ in mentions(activity for activity in activities if activity.session):
        if activity.session and not entities.kind(mention.other).everywhere:
            homes.setdefault(mention.other, set()).add(activity.session.key)
    for activity in activities:
        if activity.session is None:
            activity.session = _guess(activity, sessions, homes)


def _guess(activity: Activity, sessions: Sessions, homes: Mapping[str, set[str]]) -> Session:
    tagged = sessions.of_tag(activity.tag)
    if len(tagged) == 1:
        return tagged[0]
    shared: set[str] = set()
    for _, mention, _ in mentions([activity]):
        shared |= homes.get(mention.other, set())
    return sessions.all[shared.pop()] if len(shared) == 1 else _unassigned(sessions)


def _name(activity: Activity, base: str) -> None:
    session = activity.session
    if session is not None:
        activity.key = f"{session.key}--{activity.key}"
        activity.iri = f"{base}activity/{activity.key}"
        session.activities.append(activity)


def _file_events(activities: list[Activity], entities: Entities) -> list[FileEvent]:
    """List what activities did to files."""
    events: list[FileEvent] = []
    for activity in activities:
        step, session = activity.name or UNASSIGNED, activity.session.key if activity.session else UNASSIGNED
        begun = activity.start or activity.logged
        done = max(activity.end, begun) if activity.end and begun else activity.end or begun
        used, generated = activity.mentioned
        inputs = _digest(used) if generated else ""
        for mentioned, when, generates in ((used, begun, False), (generated, done, True)):
            events += [
                FileEvent(mention.other, when, generates, session, step, activity.key, inputs)
                for mention in mentioned
                if entities.kind(mention.other).is_file
            ]
    return events


def _digest(used: list[Mention]) -> str:
    """Name a set of inputs; the same step run twice on the same inputs is a re-execution."""
    return hashlib.sha256(
        "\0".join(sorted({mention.other for mention in used})).encode("utf-8", "surrogatepass")
    ).hexdigest()[:16]


def _written(events: list[FileEvent]) -> list[FileEvent]:
    """Keep the events of files that somebody wrote: the others have no versions."""
    written = {event.file for event in events if event.generates}
    return [event for event in events if event.file in written]


def _bind(activity: Activity, entities: Entities, versions: Versions) -> None:
    """Bind what an activity used and generated to entities, or to versions of files."""
    session = activity.session
    if session is None:
        return

    def relation(mention: Mention, bound: Mapping[tuple[str, str], Version]) -> Relation:
        version = bound.get((activity.key, mention.other))
        return Relation(entities.node(session, mention.other, version), mention.role, mention.place)

    used, generated = activity.mentioned
    activity.used = [relation(mention, versions.used) for mention in used]
    activity.generated = [relation(mention, versions.generated) for mention in generated]
