"""Add records to a large session without mapping all of it again.

A graph is the union of what its subjects say, so it is enough to map the subjects that the new records speak
of, without and with the new records, and to add the difference. That holds when nothing else can change: no
line is lost, no version moves, the session stays itself. Otherwise the session is mapped anew as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from provrdf.identity import Collector, FileEvent, Resolution
from provrdf.records import Record
from provrdf.store.events import EventRow
from provrdf.store.mapped import Mapper
from provrdf.store.records import fingerprint
from provrdf.store.state import State

SMALL = 400
"""A unit with fewer records is mapped anew as a whole: that is as fast."""

_MOST = 4_000  # records that one addition may take into account
_NAMES = re.compile(r'"(?:activity|entity|parent|used|generated)_id":"?([^",}]*)')
_PARTS = 40  # a session in more parts is written anew in one


class Addition:
    """New records of a unit, with the old ones about the same subjects.

    Attributes
    ----------
    key : str
        Of the session.
    events_before, events_after : set of EventRow
        What the activities concerned did to files.
    """

    def __init__(
        self, state: State, mapper: Mapper, unit: int, key: str, *, new: list[Record], old: list[Record]
    ) -> None:
        self._state = state
        self._mapper = mapper
        self._before = Collector(old)
        self._after = Collector([*old, *new])
        self.unit = unit
        self.key = key
        resolution = mapper.resolve(self._after)
        self.is_sound = _keys(resolution) == [key]
        self.activities = {activity.key for session in resolution.sessions for activity in session.activities}
        rows = mapper.events(resolution, unit)
        relations = {row for row in rows if not row.activity}
        self.events_after = rows - relations | (relations - state.events.relations(unit))
        self.events_before = state.events.of_activities(unit, self.activities)
        self._files = {row.file for row in rows}

    def touches(self, activity: str) -> bool:
        """Tell whether an activity is among those that are mapped."""
        return activity in self.activities

    def resolve(self) -> tuple[Resolution, set[bytes]] | None:
        """Map without and with the new records.

        Returns
        -------
        Resolution and set of bytes, or None
            What there is now and the lines to add; None when more than adding would be needed.
        """
        outside = self._state.events.outside(self._files, self.activities)
        resolution = self._mapper.resolve(self._after, outside)
        before, after = self._lines(self._before, outside), self._lines(resolution, outside)
        if before is None or after is None or before - after:
            return None
        return resolution, after - before

    def _lines(self, mapped: Collector | Resolution, outside: list[FileEvent]) -> set[bytes] | None:
        if isinstance(mapped, Collector):
            if not mapped.count:
                return set()
            mapped = self._mapper.resolve(mapped, outside)
        if _keys(mapped) != [self.key]:
            return None
        return self._mapper.lines(mapped.sessions[0], mapped)


def _keys(resolution: Resolution) -> list[str]:
    return [session.key for session in resolution.sessions]


def plan_addition(state: State, mapper: Mapper, unit: int) -> Addition | None:
    """Plan to add the fresh records of a unit; None when it must be mapped as a whole."""
    sessions = state.texts.of_unit(unit)
    if len(sessions) != 1 or sessions[0].broken or state.is_whole(unit):
        return None
    if state.size(unit, fresh=False) < SMALL:
        return None
    key = sessions[0].key
    if state.size(unit, fresh=True) > _MOST or state.texts.parts(unit, key) > _PARTS:
        return None
    new = list(state.records(unit, fresh=True))
    if _tells_of_known(state, unit):
        return None
    old = _neighbours(state, unit, new)
    if old is None:
        return None
    addition = Addition(state, mapper, unit, key, new=new, old=old)
    return addition if addition.is_sound else None


def _tells_of_known(state: State, unit: int) -> bool:
    """Tell whether something new is said of an entity that activities mention already.

    It would have to be said of every version of it, and may even show that it is a file.
    """
    told = {str(record.data["entity_id"]) for record in state.fresh_entities(unit)}
    return bool(state.pieces_about(unit, [fingerprint("mention", name) for name in told]))


def _neighbours(state: State, unit: int, new: list[Record]) -> list[Record] | None:
    """Collect the mapped records about the activities and entities of new ones, and the session's first."""
    found = _Neighbours(state, unit)
    if not found.collect(new):
        return None
    return [*state.head(unit), *found.records]


class _Neighbours:
    """Collects records subject by subject until nothing new is named."""

    def __init__(self, state: State, unit: int) -> None:
        self._state = state
        self._unit = unit
        self._subjects: set[tuple[str, str]] = set()
        self._asked: set[tuple[str, str]] = set()
        self._pieces: dict[int, tuple[str, list[str]]] = {}
        self.records: list[Record] = []

    def collect(self, records: Iterable[Record]) -> bool:
        """Collect; False when there are too many."""
        for record in records:
            self._subjects |= wanted(record.data)
        while new := self._subjects - self._asked:
            self._asked |= new
            marks = [fingerprint(*subject) for subject in new]
            for number in sorted(self._state.pieces_about(self._unit, marks)):
                if number not in self._pieces:
                    self._pieces[number] = self._state.encoded_piece(number)
            self._take()
            if len(self.records) > _MOST:
                return False
        return True

    def _take(self) -> None:
        """Take the records about what has been asked, from the pieces at hand."""
        names = {name for _, name in self._asked}
        for file, lines in self._pieces.values():
            # Most lines of a piece are about other things: look before reading.
            likely = [line for line in lines if "\\" in line or not names.isdisjoint(_NAMES.findall(line))]
            for line, record in zip(likely, self._state.decoder.decode(likely, file), strict=True):
                if subjects(record.data) & self._asked:
                    lines.remove(line)
                    self.records.append(record)
                    self._subjects |= wanted(record.data)


def subjects(data: Any) -> set[tuple[str, str]]:
    """Name what a record is about: by these it can be found again."""
    if "activity_id" in data:
        found = {("activity", str(data["activity_id"]))}
        if data.get("parent_id") is not None:
            found.add(("child of", str(data["parent_id"])))
        return found | {("mention", str(data[key])) for key in ("used_id", "generated_id") if key in data}
    if "entity_id" in data:
        return {("entity", str(data["entity_id"]))}
    return set()


def wanted(data: Any) -> set[tuple[str, str]]:
    """Name what else must be known to map a record."""
    return set(_wanted(data))


def _wanted(data: Any) -> Iterator[tuple[str, str]]:
    if "activity_id" in data:
        yield "activity", str(data["activity_id"])
        if "startTime" in data or "in_session" in data:
            yield "child of", str(data["activity_id"])
        if data.get("parent_id") is not None:
            yield "activity", str(data["parent_id"])
    for key in ("entity_id", "used_id", "generated_id", "member_id", "progenitor_id"):
        if key in data:
            yield "entity", str(data[key])


__all__ = ["Addition", "EventRow", "plan_addition", "subjects", "wanted"]
