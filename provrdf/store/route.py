"""Find the unit (logged session id) that each record belongs to.

The same rules as in the mapping, but with what is known so far: a line is tied to a session by the session it
names, by the start of its activity, by its tag, or by the activities that mention its entity. What cannot be
decided yet waits; what is tied to nothing at all goes to the unit of orphans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from provrdf.records import Record
from provrdf.store.state import Start, State
from provrdf.times import to_utc

ORPHANS = ""
"""Name of the unit of records that belong to no session."""

T = TypeVar("T")

_EARLY = datetime.min.replace(tzinfo=UTC)


class Routed(NamedTuple):
    """A record and its unit."""

    unit: int
    record: Record
    loose: bool = False


class Router:
    """Routes the records of one source, window by window.

    Parameters
    ----------
    state : State
        Knows the sessions, starts and tags of earlier readings; what is new is added to it by `save`.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._units: dict[str, int] = {}
        self._starts: dict[str, list[Start]] = {}
        self._tags: dict[str, list[int]] = {}
        self._homes: dict[str, list[int]] = {}
        self._new_starts: list[tuple[str, int, str | None, str | None]] = []
        self._new_tags: list[tuple[str, int]] = []
        self._new_homes: list[tuple[str, int]] = []
        self._waiting: list[Record] = []
        self._near: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
        self._adopters: dict[str, int] = {}
        self.seen: dict[str, set[int]] = defaultdict(set)
        """Units that records of each file are tied to."""
        self.shared_tags: list[tuple[str, int]] = []
        """Tags that other units had before, with the units that have them now too."""

    def window(self, records: Iterable[Record], *, last: bool = False) -> Iterator[Routed]:
        """Route records together with those that wait; with `last` (no more will come) by weak ties too."""
        pending = [*self._waiting, *records]
        self._waiting = []
        self._near = defaultdict(list)
        later = []
        for record in pending:
            unit = self._named(record.data)
            if unit is None:
                later.append(record)
            else:
                yield self._to(unit, record)
        yield from self._rest(later, last=last)

    def finish(self) -> Iterator[Routed]:
        """Route what still waits. What nothing ties to a session is loose.

        Loose records go to the session of their file when there is only one, else to the orphans.
        """
        yield from self.window((), last=True)
        waiting, self._waiting = self._waiting, []
        entities = []
        for record in waiting:
            if "activity_id" in record.data:
                unit = self._adopter(record.file)
                self._learn_mentions(record.data, unit)
                self._note(record, unit, "used_id", "generated_id")
                yield Routed(unit, record, loose=True)
            else:
                entities.append(record)
        for routed in self._entities(entities, last=True):
            yield routed._replace(loose=True)
        for record in self._waiting:
            yield Routed(self._adopter(record.file), record, loose=True)
        self._waiting = []

    def _adopter(self, file: str) -> int:
        """Return the only unit of a file, or the orphans."""
        if file not in self._adopters:
            units = self.seen.get(file, set()) | self._state.units_of_file(file)
            units.discard(self.unit(ORPHANS))
            self._adopters[file] = units.pop() if len(units) == 1 else self.unit(ORPHANS)
        return self._adopters[file]

    @property
    def has_learnt(self) -> bool:
        """Whether there are new starts or tags, to which waiting records of earlier readings may belong."""
        return bool(self._new_starts or self._new_tags)

    def save(self) -> None:
        """Add what was learnt to the state; call within its transaction."""
        self._state.add_starts(self._new_starts)
        self._state.add_tags(self._new_tags)
        self._state.add_mentions(self._new_homes)
        for learnt in (self._new_starts, self._new_tags, self._new_homes):
            learnt.clear()

    def unit(self, name: str) -> int:
        """Return the number of a unit."""
        if name not in self._units:
            self._units[name] = self._state.unit(name)
        return self._units[name]

    def _to(self, unit: int, record: Record) -> Routed:
        if unit == self.unit(ORPHANS):
            return Routed(unit, record, loose=True)
        self.seen[record.file].add(unit)
        return Routed(unit, record)

    # -- records that name their session --------------------------------------------------------

    def _named(self, data: Any) -> int | None:
        """Take sessions and starts, which name their session, and learn from them."""
        if "activity_id" in data:
            if data.get("in_session") is None:
                return None
            unit = self.unit(str(data["in_session"]))
            self._learn_start(data, unit)
            self._learn_mentions(data, unit)
            return unit
        if "entity_id" in data:
            return None if data.get("in_session") is None else self.unit(str(data["in_session"]))
        if "session_id" not in data:
            return None
        unit = self.unit(str(data["session_id"]))
        self._learn_tag(data.get("session_tag"), unit)
        return unit

    def _learn_start(self, data: Any, unit: int) -> None:
        tag = _text(data.get("session_tag"))
        start = Start(unit, tag, _text(data.get("startTime")))
        known = self._known_starts(str(data["activity_id"]))
        if start not in known:
            known.append(start)
            self._new_starts.append((str(data["activity_id"]), *start))
        self._learn_tag(tag, unit)

    def _learn_tag(self, tag: Any, unit: int) -> None:
        if tag is not None and unit not in (known := self._known_tag(str(tag))):
            if known:
                self.shared_tags.append((str(tag), unit))
            known.append(unit)
            self._new_tags.append((str(tag), unit))

    def _learn_mentions(self, data: Any, unit: int) -> None:
        """Remember what entities lines without a tag mention: their own records have no tag either."""
        if data.get("session_tag") is not None:
            return
        for key in ("used_id", "generated_id"):
            if key in data:
                self._learn_home(str(data[key]), unit)

    def _learn_home(self, entity: str, unit: int) -> None:
        known = self._known_homes(entity)
        if unit not in known:
            known.append(unit)
            self._new_homes.append((entity, unit))

    def _known_starts(self, activity: str) -> list[Start]:
        return _remember(self._starts, activity, self._state.starts)

    def _known_tag(self, tag: str) -> list[int]:
        return _remember(self._tags, tag, self._state.units_of_tag)

    def _known_homes(self, entity: str) -> list[int]:
        return _remember(self._homes, entity, self._state.mentioned_in)

    # -- records that do not --------------------------------------------------------------------

    def _rest(self, records: list[Record], *, last: bool) -> Iterator[Routed]:
        """Route lines of activities first: they say where entities are mentioned."""
        entities = []
        for record in records:
            if "activity_id" not in record.data:
                entities.append(record)
                continue
            routed = self._of_activity(record, last=last)
            if routed is None:
                self._waiting.append(record)
                continue
            self._learn_mentions(record.data, routed.unit)
            self._note(record, routed.unit, "used_id", "generated_id")
            yield routed
        yield from self._entities(entities, last=last)

    def _note(self, record: Record, unit: int, *keys: str) -> None:
        """Remember when this window mentions entities."""
        moment = to_utc(record.time, UTC)
        for key in keys:
            if key in record.data:
                self._near[str(record.data[key])].append((moment or _EARLY, unit))

    def _of_activity(self, record: Record, *, last: bool) -> Routed | None:
        """Find the unit of a line by the start of its activity, or loosely by its tag."""
        tag = _text(record.data.get("session_tag"))
        starts = self._known_starts(str(record.data["activity_id"]))
        same_tag = [start for start in starts if tag is not None and start.tag == tag]
        if same_tag or (starts and (tag is None or last)):
            return self._to(_latest_before(same_tag or starts, record.time), record)
        tagged = self._known_tag(tag) if tag is not None else []
        return Routed(tagged[0], record, loose=True) if len(tagged) == 1 else None

    def _entities(self, records: list[Record], *, last: bool) -> Iterator[Routed]:
        """Route records of entities: by tag, by who mentions them, by what they belong to."""
        while records:
            left = []
            for record in records:
                units = self._of_tagged(record)
                # A tag that no session has yet may get one: then the record moves there.
                is_loose = not units and record.data.get("session_tag") is not None
                if not units and (last or not is_loose):
                    units = self._of_mentioned(record, last=last)
                if not units:
                    left.append(record)
                for unit in units:
                    self._learn_linked(record, unit)
                    yield Routed(unit, record, loose=True) if is_loose else self._to(unit, record)
            if len(left) == len(records):
                self._waiting += left
                return
            records = left

    def _of_tagged(self, record: Record) -> list[int]:
        tag = record.data.get("session_tag")
        return [] if tag is None else list(self._known_tag(str(tag)))

    def _of_mentioned(self, record: Record, *, last: bool) -> list[int]:
        data, orphans = record.data, self.unit(ORPHANS)
        for key in ("entity_id", "member_id", "progenitor_id"):
            if key not in data:
                continue
            name = str(data[key])
            if name in self._near:
                return _nearest(self._near[name], record.time)
            if last and (homes := self._known_homes(name)):
                return [
                    min(homes, key=lambda unit: (unit not in self.seen[record.file], unit != orphans, unit))
                ]
        return []

    def _learn_linked(self, record: Record, unit: int) -> None:
        """Learn that what a collection is in, its members are in; likewise what something came from."""
        data = record.data
        for key in ("member_id", "progenitor_id"):
            if key in data and data.get("session_tag") is None:
                self._learn_home(str(data["entity_id"]), unit)
                self._learn_home(str(data[key]), unit)
                self._note(record, unit, "entity_id", key)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _remember(cache: dict[str, list[T]], key: str, fetch: Callable[[str], list[T]]) -> list[T]:
    known = cache.get(key)
    if known is None:
        known = cache[key] = fetch(key)
    return known


def _latest_before(starts: list[Start], time: str | None) -> int:
    """Of several starts of one id take the latest before the line."""
    units = {start.unit for start in starts}
    logged = to_utc(time, UTC)
    if len(units) == 1 or logged is None:
        return starts[0].unit
    ordered = sorted(starts, key=lambda start: to_utc(start.started, UTC) or _EARLY)
    begun = [start for start in ordered if (to_utc(start.started, UTC) or _EARLY) <= logged]
    return (begun or ordered[:1])[-1].unit


def _nearest(mentions: list[tuple[datetime, int]], time: str | None) -> list[int]:
    """Take the units whose mention was logged next after the record, else last before it."""
    logged = to_utc(time, UTC)
    if logged is None:
        return sorted({unit for _, unit in mentions})
    distances = [((at < logged, abs(at - logged)), unit) for at, unit in mentions]
    closest = min(distance for distance, _ in distances)
    return sorted({unit for distance, unit in distances if distance == closest})
