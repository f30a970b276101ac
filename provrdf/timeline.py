"""Timelines of files: which version of a file was there at a given moment.

A usage that was mapped together with the file's generations is bound to its version already. This is for the
others: when the session that wrote the file was mapped apart from the one that read it, the usage points at
the file, and the version follows from the times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from provrdf.iris import VOCABULARY_PREFIXES

if TYPE_CHECKING:
    from provrdf.graphsource import GraphSource

_PROV = VOCABULARY_PREFIXES["prov"]
_SPECIALIZATION = _PROV + "specializationOf"
_GENERATED = _PROV + "wasGeneratedBy"
_STARTED = _PROV + "startedAtTime"
_ENDED = _PROV + "endedAtTime"
_NEVER = datetime.max.replace(tzinfo=UTC)


class Timelines:
    """Versions of files by time; loaded for the files that come up, once each."""

    def __init__(self, graphs: GraphSource) -> None:
        self._graphs = graphs
        self._known: set[str] = set()
        self._events: dict[str, list[tuple[datetime, str, str]]] = {}
        self._started: dict[str, datetime] = {}
        self._ended: dict[str, datetime] = {}
        self._makers: dict[str, list[str]] = defaultdict(list)

    def load(self, files: Iterable[str], users: Iterable[str] = ()) -> None:
        """Load the versions of files, and the starting times of activities that use them if they have any."""
        new = [file for file in files if file not in self._known]
        self._known.update(new)
        versions: dict[str, set[str]] = defaultdict(set)
        for file, version in self._links(new, _SPECIALIZATION, inverse=True):
            versions[file].add(version)
        if versions:
            every = {version for one in versions.values() for version in one}
            self._load_makers(every)
            for file, of_file in versions.items():
                self._events[file] = sorted(self._events_of(of_file))
        if self._events:
            self._load_times(users)

    def _links(
        self, nodes: Iterable[str], predicate: str, *, inverse: bool = False
    ) -> Iterator[tuple[str, str]]:
        for node, other in self._graphs.links(nodes, predicate, inverse=inverse):
            yield node, getattr(other, "value", "")

    def _load_makers(self, entities: Iterable[str]) -> None:
        new = [entity for entity in entities if entity not in self._makers]
        for entity in new:
            self._makers[entity] = []
        pairs = set(self._links(new, _GENERATED))
        for entity, activity in pairs:
            self._makers[entity].append(activity)
        self._load_times({activity for _, activity in pairs})

    def _load_times(self, activities: Iterable[str]) -> None:
        new = [
            activity
            for activity in activities
            if activity not in self._started and activity not in self._ended
        ]
        for times, predicate in ((self._started, _STARTED), (self._ended, _ENDED)):
            for activity, text in self._links(new, predicate):
                moment = _moment(text)
                if moment is not None:
                    times[activity] = moment

    def _events_of(self, versions: Iterable[str]) -> Iterator[tuple[datetime, str, str]]:
        for version in versions:
            makers = self._makers[version]
            if not makers:
                yield _NEVER, "", version
            for maker in makers:
                yield self._ended.get(maker, self._started.get(maker, _NEVER)), maker, version

    def current(self, file: str, moment: datetime | None, *, besides: str = "") -> str | None:
        """Find the version complete at a moment (None: the last), not made by the activity `besides`."""
        limit = moment or _NEVER
        last = None
        for when, maker, version in self._events.get(file, ()):
            if when > limit:
                break
            if maker != besides:
                last = version
        return last

    def used(self, entity: str, activity: str) -> str:
        """Tell what an activity used that says it used `entity`: the version at its start, or the entity."""
        if entity not in self._events:
            return entity
        return self.current(entity, self._started.get(activity), besides=activity) or entity

    def behind(self, entity: str, product: str) -> str:
        """Tell what `product` was derived from: of `entity`, the version when the making started."""
        if entity not in self._events:
            return entity
        self._load_makers([product])
        starts = [self._started[maker] for maker in self._makers[product] if maker in self._started]
        return self.current(entity, min(starts, default=None)) or entity

    def made(self, entity: str) -> tuple[bool, str]:
        """Tell when an entity was made, to sort by: unmade ones first."""
        self._load_makers([entity])
        ends = [self._ended.get(maker, self._started.get(maker)) for maker in self._makers[entity]]
        known = [end.isoformat() for end in ends if end is not None]
        return (bool(self._makers[entity]), max(known, default=""))


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
