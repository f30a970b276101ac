"""Decide which activities and sessions there are, and which lines belong to which.

Logged activity ids are short and repeat (six hex digits), and only the first line of an activity names its
session. A line is attached to a start by id, then by tag, then by time: the latest start before the line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

from provrdf.identity.collect import ActivityLines, Collector, Fact, Mention, Place, SessionFacts, thaw
from provrdf.identity.subjects import Activity, Session
from provrdf.iris import key, part
from provrdf.times import compact, to_utc

_EARLY = datetime.min.replace(tzinfo=UTC)


class Sessions:
    """The sessions of a collection of records, found by logged id and time, or by tag."""

    def __init__(self, collector: Collector, base: str, zone: tzinfo) -> None:
        self._base = base
        self._zone = zone
        self.all: dict[str, Session] = {}
        self._by_id: dict[str, list[Session]] = {}
        self._by_tag: dict[str, dict[str, Session]] = {}
        for session_id, lines in collector.sessions.items():
            for start, facts in lines.starts.items():
                self._add(session_id, start, facts, numeric=lines.numeric)
        for sessions in self._by_id.values():
            sessions.sort(key=lambda session: (session.start or _EARLY, session.key))

    def _add(self, session_id: str, start: str | None, facts: SessionFacts, *, numeric: bool) -> None:
        moments = [moment for text in facts.times if (moment := to_utc(text, self._zone))]
        session_key = part(session_id)
        if numeric:
            begun = compact(min(moments)) if moments else _unclear(start)
            session_key = key(session_id, begun, min(facts.hosts, default="host-unknown"))
        session = self._new(session_key, session_id, numeric=numeric, start=min(moments, default=None))
        session.facts = facts
        for name, value in facts.facts:
            if name == "session_tag":
                self.note_tag(str(thaw(value)), session)

    def _new(self, session_key: str, session_id: str, *, numeric: bool, start: datetime | None) -> Session:
        iri = f"{self._base}session/{session_key}"
        session = self.all[session_key] = Session(session_key, iri, session_id, numeric=numeric, start=start)
        self._by_id.setdefault(session_id, []).append(session)
        return session

    def note_tag(self, tag: str, session: Session) -> None:
        """Remember that lines with this tag belong to the session."""
        self._by_tag.setdefault(tag, {})[session.key] = session

    def of_tag(self, tag: str | None) -> list[Session]:
        """Sessions whose lines carry the tag."""
        return list(self._by_tag.get(tag, {}).values()) if tag is not None else []

    def named(self, in_session: Any, start: datetime | None) -> Session:
        """Find the session an activity names; of several with this id, the latest that began before it."""
        session_id = str(in_session)
        known = self._by_id.get(session_id)
        if not known:
            return self._new(part(session_id), session_id, numeric=type(in_session) is int, start=None)
        if len(known) == 1 or start is None:
            return known[0]
        begun = [session for session in known if (session.start or _EARLY) <= start]
        return begun[-1] if begun else known[0]


def _unclear(text: object) -> str:
    """Stand-in for a time in a key when it is missing or no time at all."""
    if text is None:
        return "start-unknown"
    return "start-" + hashlib.sha256(repr(text).encode("utf-8", "backslashreplace")).hexdigest()[:12]


def find_activities(collector: Collector, sessions: Sessions, zone: tzinfo) -> Iterator[Activity]:
    """Yield the activities, each with its lines and, if it is known, its session."""
    for activity_id, lines in collector.activities.items():
        started = [_started(activity_id, begun, sessions, zone) for begun in lines.starts.items()]
        if len(started) == 1:
            activity = started[0]
            activity.mentioned = (lines.used, lines.generated)
            activity.facts.extend(lines.facts)
        else:
            started = _share_out(activity_id, lines, started, zone)
        for activity in started:
            _finish(activity, zone)
            yield activity


def _started(
    activity_id: str, begun: tuple[Any, list[tuple[dict[str, Any], Place]]], sessions: Sessions, zone: tzinfo
) -> Activity:
    """Make the activity that a start record begins."""
    (in_session, start_text), records = begun
    activity = Activity(activity_id)
    activity.start = to_utc(thaw(start_text), zone)
    seen = set()
    for data, place in records:
        activity.tag = activity.tag or place.tag
        for name, value in data.items():
            if name != "activity_id" and (fact := (name, repr(value))) not in seen:
                seen.add(fact)
                activity.facts.append(Fact(name, value, place))
    activity.place = min((place for _, place in records), key=lambda place: (place.file, place.line))
    if thaw(in_session) is not None:
        activity.session = sessions.named(thaw(in_session), activity.start)
    moment = compact(activity.start) if activity.start else _unclear(thaw(start_text))
    activity.key = f"{moment}--{part(activity_id)}"
    if activity.tag and activity.session:
        sessions.note_tag(activity.tag, activity.session)
    return activity


def _share_out(
    activity_id: str, lines: ActivityLines, started: list[Activity], zone: tzinfo
) -> list[Activity]:
    """Give each line to one of several activities with the same id; make one per tag if none has a start."""
    by_tag: dict[str | None, Activity] = {}
    activities = sorted(started, key=_order)

    def owner(place: Place) -> Activity:
        if activities:
            return _latest_before(activities, place, zone)
        if place.tag not in by_tag:
            by_tag[place.tag] = _unstarted(activity_id, place.tag)
        return by_tag[place.tag]

    for used in lines.used:
        owner(used.place).mentioned[0].append(used)
    for generated in lines.generated:
        owner(generated.place).mentioned[1].append(generated)
    for fact in lines.facts:
        owner(fact.place).facts.append(fact)
    return activities or list(by_tag.values())


def _order(activity: Activity) -> tuple[datetime, str, str]:
    """Sort activities of one id by start; never by the order of their lines."""
    return (activity.start or _EARLY, activity.session.key if activity.session else "", activity.key)


def _unstarted(activity_id: str, tag: str | None) -> Activity:
    activity = Activity(activity_id)
    activity.tag = tag
    activity.key = f"{_unclear(None)}--{part(activity_id)}"
    return activity


def _latest_before(activities: list[Activity], place: Place, zone: tzinfo) -> Activity:
    same_tag = [activity for activity in activities if activity.tag == place.tag]
    candidates = same_tag or activities
    logged = to_utc(place.time, zone)
    if len(candidates) == 1 or logged is None:
        return candidates[0]
    begun = [activity for activity in candidates if (activity.start or _EARLY) <= logged]
    return begun[-1] if begun else candidates[0]


def _finish(activity: Activity, zone: tzinfo) -> None:
    """Fill in what the attached lines say: the name, the end, and when the activity was first logged."""
    activity.mentioned = (_distinct(activity.mentioned[0]), _distinct(activity.mentioned[1]))
    for fact in activity.facts:
        if fact.key == "name":
            activity.name = str(fact.value)
        elif fact.key == "endTime":
            moment = to_utc(fact.value, zone)
            if moment and (activity.end is None or moment > activity.end):
                activity.end = moment
    if activity.start is None:
        places = [line.place for line in (*activity.mentioned[0], *activity.mentioned[1], *activity.facts)]
        activity.logged = min(
            (moment for place in places if (moment := to_utc(place.time, zone))), default=None
        )
        activity.place = activity.place or min(
            places, key=lambda place: (place.file, place.line), default=None
        )


def _distinct(mentions: list[Mention]) -> list[Mention]:
    """Drop repeated mentions (a log that was given twice), keeping the first line of each."""
    found: dict[tuple[str, str], Mention] = {}
    for mention in mentions:
        name = (mention.other, repr(mention.role))
        known = found.setdefault(name, mention)
        if (mention.place.file, mention.place.line) < (known.place.file, known.place.line):
            found[name] = mention
    return list(found.values())


def mentions(activities: Iterable[Activity]) -> Iterator[tuple[Activity, Mention, bool]]:
    """Yield every (activity, mention of an entity, whether it generated it)."""
    for activity in activities:
        used, generated = activity.mentioned
        for mention in used:
            yield activity, mention, False
        for mention in generated:
            yield activity, mention, True
