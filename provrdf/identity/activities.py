"""Decide which activities and sessions there are, and which lines belong to which.

Logged activity ids are short and repeat (six hex digits), and only the first line of an activity names its
session. A line is attached to a start by id, then by tag, then by time: the latest start before the line.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, TypeVar

from provrdf.identity.collect import Collector
from provrdf.identity.lines import (
    ActivityLines,
    Logged,
    Mention,
    Said,
    SessionFacts,
    freeze,
    is_earlier,
    thaw,
)
from provrdf.identity.subjects import Activity, Session
from provrdf.iris import key, part
from provrdf.times import compact, to_utc

_EARLY = datetime.min.replace(tzinfo=UTC)
_Begun = TypeVar("_Begun", Session, Activity)


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
            sessions.sort(key=lambda session: (_begin(session), session.key))

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
        return known[0] if len(known) == 1 else _latest(known, start)


def _latest(sorted_: Sequence[_Begun], moment: datetime | None) -> _Begun:
    """Give the last one that had begun at a moment, the first one if none had, or the moment is unknown."""
    if moment is None:
        return sorted_[0]
    return sorted_[max(bisect_right(sorted_, moment, key=_begin) - 1, 0)]


def _begin(one: Session | Activity) -> datetime:
    return one.start or _EARLY


def _unclear(text: object) -> str:
    """Stand-in for a time in a key when it is missing or no time at all."""
    if text is None:
        return "start-unknown"
    return "start-" + hashlib.sha256(repr(text).encode("utf-8", "backslashreplace")).hexdigest()[:12]


def find_activities(collector: Collector, sessions: Sessions, zone: tzinfo) -> Iterator[Activity]:
    """Yield the activities, each with its lines and, if it is known, its session."""
    for activity_id, lines in collector.activities.items():
        starts = [said for said in lines.said if said.starts]
        if len(starts) == 1:
            started = [_only(activity_id, lines, starts, sessions, zone)]
        else:
            started = [_started(activity_id, begun, sessions, zone) for begun in _grouped(starts)]
            others = [said for said in lines.said if not said.starts]
            started = _share_out(activity_id, lines, others, started, zone)
        for activity in started:
            _finish(activity, zone)
            yield activity


def _only(
    activity_id: str, lines: ActivityLines, starts: list[Said], sessions: Sessions, zone: tzinfo
) -> Activity:
    """Make the activity that all lines with an id belong to, as there is one start record."""
    activity = _started(activity_id, starts, sessions, zone)
    activity.uses, activity.makes = lines.used, lines.generated
    activity.said = lines.said
    if not lines.said[0].starts:
        activity.said = sorted(lines.said, key=lambda said: not said.starts)
    return activity


def _grouped(starts: list[Said]) -> Iterable[list[Said]]:
    """Group start records by session and time: each group begins an activity."""
    groups: dict[tuple[Any, Any], list[Said]] = {}
    for said in starts:
        begun = freeze(said.value("in_session")), freeze(said.value("startTime"))
        groups.setdefault(begun, []).append(said)
    return groups.values()


def _started(activity_id: str, begun: list[Said], sessions: Sessions, zone: tzinfo) -> Activity:
    """Make the activity that a start record begins."""
    start, in_session = begun[0].value("startTime"), begun[0].value("in_session")
    activity = Activity(activity_id)
    activity.start = to_utc(start, zone)
    activity.said = _each_once(begun)
    activity.tag = next((said.tag for said in begun if said.tag), None)
    activity.place = _first(begun)
    if in_session is not None:
        activity.session = sessions.named(in_session, activity.start)
    moment = compact(activity.start) if activity.start else _unclear(start)
    activity.key = f"{moment}--{part(activity_id)}"
    if activity.tag and activity.session:
        sessions.note_tag(activity.tag, activity.session)
    return activity


def _each_once(begun: list[Said]) -> list[Said]:
    """Say once what several start records say."""
    if len(begun) == 1:
        return begun
    said: dict[tuple[str, Any], Said] = {}
    for one in begun:
        for name, value in zip(one.keys, one.values, strict=True):
            said.setdefault((name, freeze(value)), one._replace(keys=(name,), values=(value,)))
    return list(said.values())


def _first(places: Iterable[Logged]) -> Logged | None:
    return min(places, key=lambda place: (place.file, place.line), default=None)


def _share_out(
    activity_id: str, lines: ActivityLines, others: list[Said], started: list[Activity], zone: tzinfo
) -> list[Activity]:
    """Give each line to one of several activities with the same id; make one per tag if none has a start."""
    activities = sorted(started, key=_order)
    by_tag: dict[str | None, list[Activity]] = {}
    for activity in activities:
        by_tag.setdefault(activity.tag, []).append(activity)

    def owner(place: Logged) -> Activity:
        if not started and place.tag not in by_tag:
            by_tag[place.tag] = [_unstarted(activity_id, place.tag)]
        candidates = by_tag.get(place.tag) or activities
        return candidates[0] if len(candidates) == 1 else _latest(candidates, to_utc(place.time, zone))

    for used in lines.used:
        owner(used).uses.append(used)
    for generated in lines.generated:
        owner(generated).makes.append(generated)
    for said in others:
        owner(said).said.append(said)
    return activities or [activity for (activity,) in by_tag.values()]


def _order(activity: Activity) -> tuple[datetime, str, str]:
    """Sort activities of one id by start; never by the order of their lines."""
    return (_begin(activity), activity.session.key if activity.session else "", activity.key)


def _unstarted(activity_id: str, tag: str | None) -> Activity:
    activity = Activity(activity_id)
    activity.tag = tag
    activity.key = f"{_unclear(None)}--{part(activity_id)}"
    return activity


def _finish(activity: Activity, zone: tzinfo) -> None:
    """Fill in what the attached lines say: the name, the end, and when the activity was first logged."""
    activity.uses, activity.makes = _distinct(activity.uses), _distinct(activity.makes)
    for said in activity.said:
        if "name" in said.keys:
            activity.name = str(said.value("name"))
        if "endTime" in said.keys:
            moment = to_utc(said.value("endTime"), zone)
            if moment and (activity.end is None or moment > activity.end):
                activity.end = moment
    if activity.start is None:
        lines: list[Logged] = [*activity.uses, *activity.makes, *activity.said]
        activity.logged = min((moment for line in lines if (moment := to_utc(line.time, zone))), default=None)
        activity.place = activity.place or _first(lines)


def _distinct(mentions: list[Mention]) -> list[Mention]:
    """Drop repeated mentions (a log that was given twice), keeping the first line of each."""
    if len({mention.other for mention in mentions}) == len(mentions):
        return mentions
    found: dict[tuple[str, str], Mention] = {}
    for mention in mentions:
        name = (mention.other, repr(mention.role))
        known = found.setdefault(name, mention)
        if is_earlier(mention, known):
            found[name] = mention
    return list(found.values())


def mentions(activities: Iterable[Activity]) -> Iterator[tuple[Activity, Mention]]:
    """Yield every (activity, mention of an entity)."""
    for activity in activities:
        for mention in activity.uses:
            yield activity, mention
        for mention in activity.makes:
            yield activity, mention
