"""What happened to files: a compact index over all units, from which versions follow.

Usages in one session mean versions that another session wrote. The index tells which, and which sessions mean
another version when something new comes to light.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby, pairwise
from typing import NamedTuple

from provrdf.identity import FileEvent
from provrdf.identity.versions import Version, Versions

NEVER = "9999"
"""Stands for an unknown time: it sorts after all others, as in the mapping."""

RELATION, USAGE, GENERATION = -1, 0, 1
"""Kinds of events; a relation is a membership or derivation, bound to a version by the time of its line."""

_AFTER_ALL = "~"  # sorts after every time and after NEVER


class EventRow(NamedTuple):
    """A file event as it is kept; `activity` of a relation is empty."""

    file: str
    unit: int
    moment: str
    kind: int
    session: str
    step: str
    activity: str
    inputs: str

    @classmethod
    def of(cls, event: FileEvent, unit: int) -> EventRow:
        """Make a row of an event."""
        kind = GENERATION if event.generates else USAGE
        moment = _text(event.when)
        return cls(event.file, unit, moment, kind, event.session, event.step, event.activity, event.inputs)

    def event(self) -> FileEvent:
        """Give the event back."""
        when = None if self.moment == NEVER else datetime.fromisoformat(self.moment)
        generates = self.kind == GENERATION
        return FileEvent(self.file, when, generates, self.session, self.step, self.activity, self.inputs)


_COLUMNS = ", ".join(EventRow._fields)


class Mover(NamedTuple):
    """Who means another version than before: an activity of a unit, or (empty) one of its relations."""

    unit: int
    activity: str


def _text(when: datetime | None) -> str:
    """Write a time so that text sorts as time does."""
    return NEVER if when is None else when.astimezone(UTC).isoformat(timespec="microseconds")


class Events:
    """The table of file events.

    Parameters
    ----------
    connection : sqlite3.Connection
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS own (activity TEXT PRIMARY KEY) WITHOUT ROWID")

    def _rows(self, condition: str, *values: object) -> list[EventRow]:
        query = f"SELECT {_COLUMNS} FROM event WHERE {condition}"  # noqa: S608 (constants)
        return [EventRow(*row) for row in self._db.execute(query, values)]

    def of_unit(self, unit: int) -> set[EventRow]:
        """Return what the records of a unit say happened to files."""
        return set(self._rows("unit = ?", unit))

    def relations(self, unit: int) -> set[EventRow]:
        """Return the memberships and derivations of files in a unit."""
        return set(self._rows("unit = ? AND activity = ''", unit))

    def of_activities(self, unit: int, activities: Iterable[str]) -> set[EventRow]:
        """Return what some activities of a unit did."""
        return {row for name in activities for row in self._rows("unit = ? AND activity = ?", unit, name)}

    def replace(self, old: Iterable[EventRow], new: Iterable[EventRow]) -> None:
        """Remove and add events."""
        condition = " AND ".join(f"{name} = ?" for name in EventRow._fields)
        self._db.executemany(f"DELETE FROM event WHERE {condition}", old)  # noqa: S608 (constants)
        marks = ", ".join("?" * len(EventRow._fields))
        self._db.executemany(f"INSERT INTO event ({_COLUMNS}) VALUES ({marks})", new)  # noqa: S608

    def forget(self) -> None:
        """Forget everything."""
        self._db.execute("DELETE FROM event")

    def outside(self, files: Iterable[str], activities: Iterable[str]) -> list[FileEvent]:
        """Return what others than some activities did to files, as far as it matters to versions.

        All writings, and of the readings between two of them the first: one is as good as many, it says that
        the next writing starts a version. Files that nobody wrote have none.
        """
        own = set(activities)
        self._db.execute("DELETE FROM own")
        self._db.executemany("INSERT INTO own VALUES (?)", [(name,) for name in own])
        found: list[EventRow] = []
        for file in files:
            writings = self._rows("file = ? AND kind = 1 ORDER BY moment", file)
            found += [row for row in writings if row.activity not in own]
            moments = sorted({row.moment for row in writings})
            for after, before in pairwise([*moments, _AFTER_ALL]):
                found += self._readings(file, after, before)
        return [row.event() for row in found]

    def _readings(self, file: str, after: str, before: str) -> list[EventRow]:
        others = "file = ? AND kind = 0 AND activity NOT IN (SELECT activity FROM own)"
        at_once = self._rows(f"{others} AND moment = ?", file, after)
        later = f"{others} AND moment > ? AND moment < ? ORDER BY moment LIMIT 1"
        return at_once + self._rows(later, file, after, before)

    def movers(self, old: set[EventRow], new: set[EventRow]) -> set[Mover]:
        """Find who means another version of a file when `old` events are replaced by `new` ones."""
        found: set[Mover] = set()
        for file, changed in _by_file(old ^ new):
            since = min(row.moment for row in changed)
            last = self._db.execute("SELECT MAX(moment) FROM event WHERE file = ?", (file,)).fetchone()[0]
            if last is None or last < since:
                continue  # only before
            if all(row.kind != GENERATION for row in changed) and not self._is_written(file, since):
                continue  # a reading matters to later writings only
            before = self._rows("file = ?", file)
            gone = old - new
            after = [row for row in before if row not in gone] + [row for row in changed if row in new]
            found |= _moved(before, after)
        return found

    def _is_written(self, file: str, since: str) -> bool:
        return bool(self._rows("file = ? AND kind = 1 AND moment >= ? LIMIT 1", file, since))


def _by_file(rows: Iterable[EventRow]) -> Iterator[tuple[str, list[EventRow]]]:
    for file, found in groupby(sorted(rows), key=lambda row: row.file):
        yield file, list(found)


def _moved(before: list[EventRow], after: list[EventRow]) -> set[Mover]:
    """Compare who is bound to which version before and after; only those who are there both times count."""
    units = {row.activity: row.unit for row in before if row.kind != RELATION}
    one, other = _versions(before), _versions(after)
    found = set()
    for bound, now in ((one.used, other.used), (one.generated, other.generated)):
        for at, version in bound.items():
            if _name(version) != _name(now.get(at)):
                found.add(Mover(units[at[0]], at[0]))
        found |= {Mover(units[at[0]], at[0]) for at in now.keys() - bound.keys() if at[0] in units}
    for row in set(before) & set(after):
        if row.kind == RELATION:
            event = row.event()
            if _name(one.at(event.file, event.when)) != _name(other.at(event.file, event.when)):
                found.add(Mover(row.unit, ""))
    return found


def _versions(rows: Iterable[EventRow]) -> Versions:
    return Versions(row.event() for row in rows if row.kind != RELATION)


def _name(version: Version | None) -> tuple[str, str]:
    """Name a version together with the one before it, which its graph mentions."""
    if version is None:
        return "", ""
    return version.key, version.previous.key if version.previous else ""
