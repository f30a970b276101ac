"""Bring graphs up to date with the records, and change the graph database by the difference.

Two rounds. First every unit with fresh records says what happened to files; units elsewhere whose usages mean
another version then are found. After that the graphs are made and compared with what was written last.
A unit stays marked until its graphs are safe on disk, and every step can be repeated: a killed run is
repaired by the next one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from provrdf.config import Config
from provrdf.graph import LineIndex
from provrdf.identity import Collector, Resolution, Session
from provrdf.model import Model
from provrdf.store.additions import Addition, plan_addition
from provrdf.store.database import Database, Step
from provrdf.store.events import EventRow
from provrdf.store.mapped import Mapper
from provrdf.store.state import State
from provrdf.store.texts import Written, pack

_CACHED_RECORDS = 150_000  # records of units kept in memory between the two rounds


@dataclass
class Changes:
    """What a run changed.

    Attributes
    ----------
    new, changed, unchanged, gone : set of str
        Keys of sessions.
    added, removed : int
        Quads, environments and model included.
    """

    new: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    unchanged: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    added: int = 0
    removed: int = 0


class Remaker:
    """Maps units and writes their graphs.

    Parameters
    ----------
    state : State
    database : Database
    config : Config
    model : Model, optional
    collected : dict, optional
        Records of some units, all of them, collected already.
    """

    def __init__(
        self,
        state: State,
        database: Database,
        *,
        config: Config,
        model: Model | None,
        collected: dict[int, Collector] | None = None,
    ) -> None:
        self._state = state
        self._database = database
        self._mapper = Mapper(config, model)
        self._collected = dict(collected or {})
        self._resolved: dict[int, Resolution] = {}
        self._additions: dict[int, Addition] = {}
        self._is_first = state.texts.is_empty()
        self._shared = state.texts.shared()
        self._unsure: set[int] = set()
        self.changes = Changes()

    @property
    def unknown(self) -> dict[tuple[str, str], int]:
        """Keys without a meaning that were met."""
        return self._mapper.unknown

    def run(self, *, unsure: Iterable[int] = ()) -> Changes:
        """Bring all marked units up to date.

        Parameters
        ----------
        unsure : iterable of int
            Units that a killed run left marked: what their graphs hold is not known.
        """
        self._unsure = set(unsure)
        with self._state.transaction():
            self._state.raise_stage(self._unsure, 2)
        with self._state.transaction():
            for unit in [*self._state.marked(1), *self._state.marked(2)]:
                self._update_events(unit)
        for unit in self._state.marked(1):
            self._add(self._additions[unit])
        for unit in self._state.marked(2):
            self._write(unit)
            if self._database.is_full:
                self._remember(self._database.flush_aside())
        self._settle()
        if self._unsure:
            self._database.keep_only(self._state.texts.graphs())
            self._settle()
        return self.changes

    # -- first round: what happened to files -----------------------------------------------------

    def _update_events(self, unit: int) -> None:
        """Compare what a unit says happened to files with what it said before."""
        addition = plan_addition(self._state, self._mapper, unit) if unit in self._state.marked(1) else None
        if addition is not None and self._try_addition(addition):
            return
        collector = self._collect(unit)
        resolution = self._mapper.resolve(collector)
        new = self._mapper.events(resolution, unit)
        old = self._state.events.of_unit(unit)
        movers = set() if self._is_first else self._state.events.movers(old, new)
        self._replace_events(unit, old, new, {mover.unit for mover in movers})
        with self._state.transaction():
            self._state.mark([unit], 2)
        if sum(kept.count for kept in self._collected.values()) + collector.count <= _CACHED_RECORDS:
            self._collected[unit] = collector
            self._resolved[unit] = resolution

    def _try_addition(self, addition: Addition) -> bool:
        """Take an addition's events over, unless something of the same unit that it leaves out would move."""
        old, new = addition.events_before, addition.events_after
        movers = self._state.events.movers(old, new)
        if any(mover.unit == addition.unit and not addition.touches(mover.activity) for mover in movers):
            return False
        self._replace_events(addition.unit, old, new, {mover.unit for mover in movers})
        self._additions[addition.unit] = addition
        return True

    def _replace_events(self, unit: int, old: set[EventRow], new: set[EventRow], moved: set[int]) -> None:
        with self._state.transaction():
            self._state.events.replace(old - new, new - old)
            self._state.raise_stage(moved - {unit}, 2)

    def _collect(self, unit: int) -> Collector:
        known = self._collected.pop(unit, None)
        return known if known is not None else Collector(self._state.records(unit))

    # -- second round: the graphs ----------------------------------------------------------------

    def _add(self, addition: Addition) -> None:
        """Add the lines of an addition, or map its unit as a whole after all."""
        found = addition.resolve()
        unit = addition.unit
        if found is None:
            with self._state.transaction():
                self._state.mark([unit], 2)
            return
        resolution, lines = found
        self._write_shared(resolution)
        if lines:
            self.changes.changed.add(addition.key)
            self.changes.added += len(lines)
            facts, packed = self._mapper.facts(resolution.sessions[0]), pack(lines)
            self._database.change(facts["graph"], set(), lines)
            self._database.when_safe(lambda: self._state.texts.extend(unit, facts, packed))
        self._database.when_safe(lambda: self._state.settle(unit, None))

    def _write(self, unit: int) -> None:
        """Make the graphs of a unit anew and queue the difference."""
        resolution = self._resolve(unit)
        self._write_shared(resolution)
        before = {written.key: written for written in self._state.texts.of_unit(unit)}
        for session in resolution.sessions:
            self._write_session(unit, session, resolution, before.pop(session.key, None))
        for written in before.values():
            self._drop_session(unit, written)
        head = self._head(unit)
        self._database.when_safe(lambda: self._state.settle(unit, head))

    def _resolve(self, unit: int) -> Resolution:
        rows = self._state.events.of_unit(unit)
        files, activities = {row.file for row in rows}, {row.activity for row in rows}
        outside = self._state.events.outside(sorted(files), activities)
        resolved = self._resolved.pop(unit, None)
        if resolved is not None and not outside:
            self._collected.pop(unit)
            return resolved
        return self._mapper.resolve(self._collect(unit), outside)

    def _write_session(
        self, unit: int, session: Session, resolution: Resolution, written: Written | None
    ) -> None:
        key, graph = session.key, self._mapper.facts(session)["graph"]
        new = self._mapper.lines(session, resolution)
        old = self._state.texts.lines(unit, key) if written else set()
        broken = unit in self._unsure or (written is not None and written.broken)
        if new == old and not broken:
            self.changes.unchanged.add(key)
            return
        (self.changes.changed if written else self.changes.new).add(key)
        self._replace(unit, key, graph, old, new, broken=broken)
        facts, packed = self._mapper.facts(session), pack(new)
        self._database.when_safe(lambda: self._state.texts.save(unit, facts, packed))

    def _drop_session(self, unit: int, written: Written) -> None:
        """Remove a session that is no more: its records turned out to belong elsewhere."""
        old = self._state.texts.lines(unit, written.key)
        self._replace(unit, written.key, written.graph, old, set(), broken=written.broken)
        self.changes.gone.add(written.key)
        self._database.when_safe(lambda: self._state.texts.drop(unit, written.key))

    def _replace(
        self, unit: int, key: str, graph: str, old: set[bytes], new: set[bytes], *, broken: bool
    ) -> None:
        """Queue the lines that differ. What another unit says of the same graph stays."""
        removed, added = old - new, new - old
        self.changes.added += len(added)
        self.changes.removed += len(removed)
        others = self._state.texts.lines_of_others(unit, key) if removed or broken else set()
        removed -= others
        if broken or self._database.is_much(removed):
            with self._state.transaction():
                self._state.texts.mark_broken(unit, key)
            self._database.refill(graph, old, new | others)
        else:
            self._database.change(graph, removed, added)

    def _write_shared(self, resolution: Resolution) -> None:
        """Add environments and the model, each once: they are named by their content and never change."""
        missing = self._mapper.shared(resolution) - self._shared
        if missing:
            lines = self._mapper.shared_lines(resolution, missing)
            packed = [(graph, pack(found)) for graph, found in lines.items()]
            for graph, found in lines.items():
                self.changes.added += len(found)
                self._database.change(graph, set(), found)
            self._shared |= missing
            self._database.when_safe(lambda: self._state.texts.add_shared(packed))

    def _head(self, unit: int) -> tuple[str, str] | None:
        """Find the earliest session record of a unit."""
        best: tuple[str, tuple[str, str]] | None = None
        for file, line in self._state.encoded_sessions(unit):
            record = next(self._state.decoder.decode([line], file))
            start = str(record.data.get("startTime"))
            if best is None or start < best[0]:
                best = (start, (file, line))
        return best[1] if best else None

    def _settle(self) -> None:
        """Write what is queued to disk, and only then remember that it is there."""
        self._remember(self._database.flush())

    def _remember(self, steps: Iterable[Step]) -> None:
        with self._state.transaction():
            for step in steps:
                step()


def lines_of_units(state: State, units: list[int], *, config: Config, model: Model | None) -> LineIndex:
    """Map units once more, to learn which log line made which node."""
    mapper = Mapper(config, model)
    index: LineIndex = {}
    for unit in units:
        rows = state.events.of_unit(unit)
        outside = state.events.outside({row.file for row in rows}, {row.activity for row in rows})
        index.update(mapper.places(mapper.resolve(Collector(state.records(unit)), outside)))
    return index
