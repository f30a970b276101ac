"""The first half of an ingest: take what is new in the sources, and keep it by unit."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from provrdf.errors import LogError
from provrdf.identity import Collector
from provrdf.records import Record, Reject
from provrdf.sources._files import NothingThereError, places
from provrdf.store.additions import subjects
from provrdf.store.follow import Follower, unread_siblings
from provrdf.store.records import Encoder, content, fingerprint, said
from provrdf.store.route import ORPHANS, Routed, Router
from provrdf.store.state import ACTIVITY, ENTITY, REPEAT, SESSION, Piece, State

_WINDOW = 20_000  # records routed together
_COLLECTED = 150_000  # records kept in memory for the mapping
_PIECE = 400  # records kept together; an addition reads whole pieces


class Intake:
    """Takes new records into a state.

    Attributes
    ----------
    collected : dict
        Unit -> all its records, of units that are new and not too large, so that they need not be read again.
    read, added : int
        Records read, and those that were not there before.
    sources : list of (str, str)
        Path, and what it was: new, grown, same, renamed, rewritten.
    rejects : list of Reject
        The first lines that could not be read.
    rejected : int
        How many there were.
    errors : list of LogError
        Files that could not be read.
    """

    def __init__(self, state: State, *, prefix: str | None = None) -> None:
        self._state = state
        self._follower = Follower(state, prefix=prefix)
        self._encoder = Encoder(state.keep_block)
        self._learnt = False
        self._uncollected: set[int] = set()
        self.collected: dict[int, Collector] = {}
        self.read = 0
        self.added = 0
        self.sources: list[tuple[str, str]] = []
        self.rejects: list[Reject] = []
        self.rejected = 0
        self.errors: list[LogError] = []

    def take_all(self, sources: str | Path | Iterable[str | Path]) -> None:
        """Take what is new in all sources. A file that cannot be read costs only itself.

        In a folder, files without any record may lie beside logs.
        """
        named: dict[str, bool] = {}
        for place in places(sources):
            # Rotated files first: their lines are older.
            for sibling in unread_siblings(place.path, self._state):
                named.setdefault(sibling, False)
            named[place.path] = place.named
        barren: list[LogError] = []
        for path, by_name in named.items():
            try:
                self._take(path)
            except LogError as error:
                harmless = isinstance(error, NothingThereError) and not by_name
                # Without its traceback, which would keep everything alive that is open here.
                (barren if harmless else self.errors).append(error.with_traceback(None))
        if len(barren) == len(named):
            self.errors += barren
        if self._learnt:
            self._retry_loose()

    def _take(self, path: str) -> None:
        """Read one source and keep its records, in one transaction with how far it has been read."""
        news, records = self._follower.news(path)
        with self._state.transaction():
            replaced = self._drop(news.again) if news.again else set()
            router = Router(self._state)
            remaining = iter(records)
            while window := list(islice(remaining, _WINDOW)):
                self.read += len(window)
                self.added += len(self._keep(router.window(window)) - replaced)
            self.added += len(self._keep(router.finish()) - replaced)
            self._learnt = self._learnt or router.has_learnt
            router.save()
            self._share_tags(router)
            if news.state is not None and news.how != "same":
                rejected = news.state.rejected + news.rejected
                self._state.save_source(news.state._replace(rejected=rejected))
        self.rejects += news.rejects
        self.rejected += news.rejected
        self.sources.append((news.path, news.how))

    def _drop(self, file: str) -> set[str]:
        """Drop the records of a file that is read again as a whole; return what they said."""
        dropped: set[str] = set()
        for unit, records in self._state.drop_file(file):
            dropped |= self._forget(unit, records)
            self.collected.pop(unit, None)
            self._uncollected.add(unit)
            self._state.mark_whole([unit])
        return dropped

    def _keep(self, routed: Iterable[Routed]) -> set[str]:
        """Keep records by unit, except those that are there already; return what the new ones say."""
        lines = [(unit, record, loose, self._encoder.encode(record)) for unit, record, loose in routed]
        marks = [fingerprint(unit, said(line)) for unit, _, _, line in lines]
        unseen = self._state.unseen(marks)
        groups: dict[tuple[int, str, int, bool], list[tuple[str, Record]]] = {}
        added = set()
        for mark, (unit, record, loose, line) in zip(marks, lines, strict=True):
            if mark in unseen:
                unseen.discard(mark)
                added.add(said(line))
                kind = self._kind(unit, record, line)
                groups.setdefault((unit, record.file, kind, loose), []).append((line, record))
        for (unit, file, kind, loose), found in groups.items():
            for start in range(0, len(found), _PIECE):
                self._add_piece(unit, Piece(file, kind, loose, ()), found[start : start + _PIECE])
            self._collect(unit, found)
        self._state.raise_stage({unit for unit, _, _, _ in groups}, 1)
        return added

    def _collect(self, unit: int, found: list[tuple[str, Record]]) -> None:
        """Collect the records of units that are new, as long as there is room."""
        if unit not in self.collected:
            has_more = unit in self._uncollected or self._state.size(unit, fresh=False)
            if has_more or self._state.size(unit, fresh=True) > len(found):
                self._uncollected.add(unit)
                return
            self.collected[unit] = Collector()
        self.collected[unit].add_all(record for _, record in found)
        if sum(collector.count for collector in self.collected.values()) > _COLLECTED:
            self._uncollected |= self.collected.keys()
            self.collected.clear()

    def _kind(self, unit: int, record: Record, line: str) -> int:
        """Tell lines that say something new from those that repeat it at another time."""
        if "activity_id" in record.data:
            return ACTIVITY
        if not self._state.unseen([fingerprint(unit, "", content(line))]):
            return REPEAT
        return ENTITY if "entity_id" in record.data else SESSION

    def _add_piece(self, unit: int, piece: Piece, found: list[tuple[str, Record]]) -> None:
        about: set[tuple[str, str]] = set()
        if piece.kind != REPEAT:
            for _, record in found:
                about |= subjects(record.data)
        marks = [fingerprint(*subject) for subject in about]
        self._state.add_piece(unit, piece._replace(lines=[line for line, _ in found], subjects=marks))

    def _share_tags(self, router: Router) -> None:
        """Give what earlier lines said of entities under a tag to a session that has the same tag now."""
        for tag, unit in router.shared_tags:
            for other in self._state.units_of_tag(tag):
                if other != unit:
                    records = (record for record in self._state.records(other) if _is_of(record, tag))
                    self._keep(Routed(unit, record) for record in records)

    def _retry_loose(self) -> None:
        """Give orphans to sessions that are known by now, and part with those adopted too early."""
        orphans = self._state.unit(ORPHANS)
        pieces = [(number, unit) for number, unit, _ in self._state.loose_pieces()]
        if not pieces:
            return
        with self._state.transaction():
            self._state.forget_mentions(orphans)
            router = Router(self._state)
            records = [(record, piece) for piece in pieces for record in self._state.piece(piece[0])]
            before = {id(record): unit for record, (_, unit) in records}
            routed = [*router.window([record for record, _ in records], last=True), *router.finish()]
            if any(before[id(record)] != unit or not loose for unit, record, loose in routed):
                self._take_out(pieces)
                self._keep(routed)
            router.save()

    def _take_out(self, pieces: list[tuple[int, int]]) -> None:
        """Drop pieces of records, which are kept again elsewhere."""
        for number, unit in pieces:
            self._forget(unit, self._state.take_piece(number))
            self.collected.pop(unit, None)
            self._uncollected.add(unit)
        self._state.mark_whole({unit for _, unit in pieces})

    def _forget(self, unit: int, records: Iterable[Record]) -> set[str]:
        """Forget that records were seen; return what they say."""
        lines = [self._encoder.encode(record) for record in records]
        self._state.forget_seen([fingerprint(unit, said(line)) for line in lines])
        self._state.forget_seen([fingerprint(unit, "", content(line)) for line in lines])
        return {said(line) for line in lines}


def _is_of(record: Record, tag: str) -> bool:
    return "entity_id" in record.data and record.data.get("session_tag") == tag
