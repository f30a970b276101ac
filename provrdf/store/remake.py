"""Make the graphs of units anew from their records, and change the graph database by the difference.

Two rounds. First every changed unit says what happened to files; units elsewhere whose usages then mean another
version of a file are found. Then the graphs of all these units are made and compared with what was written last.
A unit stays marked until its graphs are safe on disk, and every step can be repeated: a killed run is repaired
by the next one.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from provrdf.config import Config
from provrdf.graph import LineIndex, resolve_records, write_resolution
from provrdf.identity import Collector, FileEvent, Resolution, Session
from provrdf.identity.versions import Version, Versions
from provrdf.iris import graph_iri
from provrdf.model import Model
from provrdf.store.database import Database
from provrdf.store.state import GENERATION, NEVER, RELATION, EventRow, State
from provrdf.times import to_utc, xsd_datetime

if TYPE_CHECKING:
    from provrdf.records import Record

_CACHED_RECORDS = 60_000  # records of units kept in memory between the two rounds


@dataclass
class Changes:
    """What a run changed.

    Attributes
    ----------
    new, changed, unchanged, gone : set of str
        Keys of sessions.
    added, removed : int
        Quads, environments and model included.
    unknown : dict
        (kind of subject, log key) -> how often a key without a rule was met.
    """

    new: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    unchanged: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    added: int = 0
    removed: int = 0
    unknown: dict[tuple[str, str], int] = field(default_factory=dict)


class Remaker:
    """Maps units and writes their graphs.

    Parameters
    ----------
    state : State
    database : Database
    config : Config
    model : Model, optional
    """

    def __init__(self, state: State, database: Database, *, config: Config, model: Model | None) -> None:
        self._state = state
        self._database = database
        self._config = config
        self._model = model
        self._zone = ZoneInfo(config.timezone)
        self._collected: dict[int, Collector] = {}
        self._shared = state.shared()
        self.changes = Changes()

    def run(self) -> Changes:
        """Bring all marked units up to date."""
        for unit in self._state.marked(1):
            self._update_events(unit)
        for unit in self._state.marked(2):
            self._write(unit)
            if self._database.is_full:
                self._settle()
        self._settle()
        return self.changes

    def lines(self, unit: int) -> LineIndex:
        """Map a unit once more, to learn which log line made which node."""
        index: LineIndex = {}
        resolution = self._resolve(unit, self._collect(unit))
        write_resolution(
            resolution, io.BytesIO(), config=self._config, model=self._model, lines=index, shared=False
        )
        return index

    # -- first round: what happened to files -----------------------------------------------------

    def _collect(self, unit: int) -> Collector:
        known = self._collected.pop(unit, None)
        if known is not None:
            return known
        return Collector(self._state.records(unit))

    def _update_events(self, unit: int) -> None:
        """Compare what a unit says happened to files with what it said before."""
        collector = self._collect(unit)
        resolution = resolve_records(collector, config=self._config, model=self._model)
        new = {EventRow.of(event, unit) for event in resolution.events} | self._relations(resolution, unit)
        old = self._state.events_of_unit(unit)
        touched = self._touched(old, new, unit)
        with self._state.transaction():
            self._state.replace_events(old - new, new - old)
            self._state.raise_stage(touched, 2)
            self._state.mark([unit], 2)
        if sum(kept.count for kept in self._collected.values()) + collector.count <= _CACHED_RECORDS:
            self._collected[unit] = collector

    def _relations(self, resolution: Resolution, unit: int) -> set[EventRow]:
        """List memberships and derivations of files: they are bound to versions by the time of their line."""
        rows = set()
        for session in resolution.sessions:
            links = [(one, other, place) for one, other, place in session.memberships]
            links += [(one, other, place) for one, other, _, place in session.derivations]
            for one, other, place in links:
                when = to_utc(place.time, self._zone)
                for entity in (one, other):
                    if entity.is_file:
                        event = FileEvent(entity.id, when, False, session.key, "", "", "")
                        rows.add(EventRow.of(event, unit)._replace(kind=RELATION))
        return rows

    def _touched(self, old: set[EventRow], new: set[EventRow], unit: int) -> set[int]:
        """Find other units that mean other versions of files now."""
        changed: dict[str, str] = {}
        for row in old ^ new:
            changed[row.file] = min(row.moment, changed.get(row.file, NEVER))
        touched: set[int] = set()
        for file, since in changed.items():
            last = self._state.last_moment(file, unit)
            if last is None or last < since:
                continue  # nothing happened to it elsewhere, or only before
            rows = self._state.events_of_file(file)
            after = [row for row in rows if row.unit != unit] + [row for row in new if row.file == file]
            touched |= _differing(rows, after) - {unit}
        return touched

    # -- second round: the graphs ----------------------------------------------------------------

    def _resolve(self, unit: int, collector: Collector) -> Resolution:
        events = self._foreign_events(unit, collector)
        return resolve_records(collector, config=self._config, model=self._model, events=events)

    def _foreign_events(self, unit: int, collector: Collector) -> list[FileEvent]:
        """Fetch what other units did to the files of this one, as far as it matters to their versions.

        All writings, and between two of them one reading. Files that nobody wrote have no versions.
        """
        own = self._state.events_of_unit(unit)
        found: list[EventRow] = []
        for file in sorted({row.file for row in own}):
            generations = self._state.generations(file)
            if not generations:
                continue
            found += [row for row in generations if row.unit != unit]
            moments = sorted({row.moment for row in generations})
            for after, before in pairwise([*moments, "~"]):
                found += self._state.first_usage(file, after, before, unit)
        return [row.event() for row in found]

    def _write(self, unit: int) -> None:
        """Make the graphs of a unit and queue the difference."""
        resolution = self._resolve(unit, self._collect(unit))
        before = self._state.session_texts(unit)
        after = {session.key: self._text(session, resolution) for session in resolution.sessions}
        self._write_shared(resolution)
        for key in before.keys() - after.keys():
            graph, text, _ = before[key]
            self._change(unit, key, graph, text, b"", broken=False)
            self._database.when_safe(lambda key=key: self._state.drop_session(unit, key))
            self.changes.gone.add(key)
        for session in resolution.sessions:
            self._write_session(unit, session, after[session.key], before.get(session.key))
        self._database.when_safe(lambda: self._state.mark([unit], 0))

    def _text(self, session: Session, resolution: Resolution) -> bytes:
        """Write a session as sorted lines: the same graph is then the same text, and has one digest."""
        buffer = io.BytesIO()
        summary = write_resolution(
            resolution, buffer, config=self._config, model=self._model, only=[session.key], shared=False
        )
        for name, count in summary.unknown.items():
            self.changes.unknown[name] = self.changes.unknown.get(name, 0) + count
        return b"".join(sorted(set(buffer.getvalue().splitlines(keepends=True))))

    def _write_session(
        self, unit: int, session: Session, text: bytes, before: tuple[str, bytes, bool] | None
    ) -> None:
        graph = graph_iri(session.key, self._config.base)
        old, broken = (before[1], before[2]) if before else (b"", False)
        if text == old and not broken:
            self.changes.unchanged.add(session.key)
            return
        (self.changes.changed if before else self.changes.new).add(session.key)
        self._change(unit, session.key, graph, old, text, broken=broken)
        values = _described(session, unit, graph, text)
        self._database.when_safe(lambda: self._state.save_session(values))

    def _change(self, unit: int, key: str, graph: str, old: bytes, new: bytes, *, broken: bool) -> None:
        """Queue the lines that differ. What another unit says of the same graph stays."""
        had, has = set(old.splitlines(keepends=True)), set(new.splitlines(keepends=True))
        removed, added = had - has, has - had
        if removed or broken:
            others = {
                line for text in self._state.other_texts(key, unit) for line in text.splitlines(keepends=True)
            }
            removed -= others
            if broken or self._database.is_much(removed):
                self._state.mark_broken(unit, key)
                self._database.empty(graph)
                removed, added = set(), has | others
        self.changes.added += len(has - had)
        self.changes.removed += len(had - has)
        self._database.change(graph, removed, added)

    def _write_shared(self, resolution: Resolution) -> None:
        """Add environments and the model, each once: they are named by their content and never change."""
        wanted = {graph_iri(f"environment-{digest}", self._config.base) for digest in resolution.environments}
        if self._model is not None:
            wanted.add(graph_iri(f"model-{self._model.sha256[:12]}", self._config.base))
        missing = wanted - self._shared
        if not missing:
            return
        buffer = io.BytesIO()
        write_resolution(resolution, buffer, config=self._config, model=self._model, only=())
        ends = tuple(f" <{graph}> .\n".encode() for graph in missing)
        lines = {line for line in buffer.getvalue().splitlines(keepends=True) if line.endswith(ends)}
        self._database.change(None, set(), lines)
        self.changes.added += len(lines)
        self._shared |= missing
        self._database.when_safe(lambda: self._state.add_shared(missing))

    def _settle(self) -> None:
        """Write what is queued to disk, and only then remember that it is there."""
        remember = self._database.flush()
        with self._state.transaction():
            for step in remember:
                step()


def _differing(before: list[EventRow], after: list[EventRow]) -> set[int]:
    """Tell which units use, make or relate to another version of a file than before."""
    units = {row.activity: row.unit for row in (*before, *after) if row.kind != RELATION}
    one, other = _versions(before), _versions(after)
    found = set()
    for bound, now in ((one.used, other.used), (one.generated, other.generated)):
        for at in bound.keys() | now.keys():
            if _name(bound.get(at)) != _name(now.get(at)):
                found.add(units[at[0]])
    for row in after:
        if row.kind == RELATION:
            event = row.event()
            if _name(one.at(event.file, event.when)) != _name(other.at(event.file, event.when)):
                found.add(row.unit)
    return found


def _versions(rows: Iterable[EventRow]) -> Versions:
    return Versions(row.event() for row in rows if row.kind != RELATION)


def _name(version: Version | None) -> tuple[str, str]:
    """Name a version together with the one before it, which its graph mentions."""
    if version is None:
        return "", ""
    return version.key, version.previous.key if version.previous else ""


def _described(session: Session, unit: int, graph: str, text: bytes) -> dict[str, object]:
    """Describe a session for the table of sessions."""
    starts = [activity.start for activity in session.activities if activity.start]
    ends = [moment for activity in session.activities if (moment := activity.end or activity.start)]
    return {
        "unit": unit,
        "key": session.key,
        "id": session.id,
        "iri": session.iri,
        "graph": graph,
        "activities": len(session.activities),
        "entities": len(session.entities),
        "started": _stamp(min([*starts, *([session.start] if session.start else [])], default=None)),
        "ended": _stamp(max(ends, default=None)),
        "quads": text.count(b"\n"),
        "digest": hashlib.sha256(text).hexdigest(),
        "data": text,
    }


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else xsd_datetime(moment)


__all__ = ["GENERATION", "Changes", "Remaker"]
