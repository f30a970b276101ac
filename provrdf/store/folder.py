"""Store: the folder as a whole, and what one can do with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provrdf.config import Config
from provrdf.errors import ConfigError, LogError, StoreError
from provrdf.graph import LineIndex
from provrdf.graphsource import LocalGraphs
from provrdf.records import Record, Reject
from provrdf.sources._files import places
from provrdf.store.database import Database, open_database
from provrdf.store.follow import Follower, News, unread_siblings
from provrdf.store.lock import Lock
from provrdf.store.records import Encoder, said
from provrdf.store.remake import Changes, Remaker
from provrdf.store.route import ORPHANS, Routed, Router
from provrdf.store.state import State

if TYPE_CHECKING:
    from provrdf.model import Model
    from provrdf.query import Results

_WINDOW = 20_000  # records routed together
_MODEL = "model.yaml"


@dataclass(frozen=True)
class SessionInfo:
    """A session in the store.

    Attributes
    ----------
    key : str
        The last part of its IRI.
    id : str
        As logged.
    iri, graph : str
    activities, entities, quads : int
    started, ended : str or None
        First start and last end of its activities, UTC.
    digest : str
        SHA-256 of its sorted N-Quads: the same digest means the same graph.
    """

    key: str
    id: str
    iri: str
    graph: str
    activities: int
    entities: int
    quads: int
    started: str | None
    ended: str | None
    digest: str


@dataclass(frozen=True)
class Ingested:
    """What an ingest did.

    Attributes
    ----------
    read : int
        Records taken from the sources; after the first time only what is new.
    added : int
        Those of them that were not in the store.
    sources : tuple of (str, str)
        Path, and what it was: new, grown, same, renamed, rewritten.
    new, changed : tuple of str
        Keys of the sessions.
    quads_added, quads_removed : int
    rejects : tuple of Reject
        Lines that could not be read.
    errors : tuple of LogError
        Files that could not be read; the others were.
    unknown : mapping
        (kind of subject, log key) -> how often a key without a meaning was met; it is kept under its name.
    """

    read: int
    added: int
    sources: tuple[tuple[str, str], ...]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    quads_added: int
    quads_removed: int
    rejects: tuple[Reject, ...] = ()
    errors: tuple[LogError, ...] = ()
    unknown: Mapping[tuple[str, str], int] = field(default_factory=dict)


def is_store(path: str | Path) -> bool:
    """Tell whether a path is the folder of a store."""
    return (Path(path) / "state.sqlite").is_file()


class Store:
    """A local store. Nothing is open between calls.

    Parameters
    ----------
    path : str or Path
        Its folder; made by the first `ingest`.
    wait : float
        Seconds to wait for another process that uses it.
    """

    def __init__(self, path: str | Path, *, wait: float = 10.0) -> None:
        self.path = Path(path)
        self._wait = wait

    def ingest(
        self,
        sources: str | Path | Iterable[str | Path],
        *,
        config: Config | None = None,
        model: Model | None = None,
        rebuild: bool = False,
    ) -> Ingested:
        """Add logs: only what is new in them is read.

        Parameters
        ----------
        sources : path or iterable of paths
            Logs, folders, globs, ``-``.
        config : Config, optional
            Base IRI and time zone; those of the store must not differ.
        model : Model, optional
            By default the one of the last time. Another one makes all sessions anew.
        rebuild : bool
            Make all sessions anew from the records that are kept, also under another base IRI or time zone.

        Raises
        ------
        StoreError
            When another process writes, or the folder is no store.
        ConfigError
            When base IRI or time zone differ from those of the store.
        """
        config = config or Config()
        self._make_folder()
        with Lock(self.path, write=True, wait=self._wait), self._state(create=True) as state:
            model = self._settle_model(model)
            self._settle_settings(state, config, model, rebuild=rebuild)
            reading = _Reading(state, config)
            reading.take_all(sources)
            with Database(self.path / "graphs") as database:
                changes = Remaker(state, database, config=config, model=model).run()
            return reading.result(changes)

    def _make_folder(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"cannot be made: {error.strerror or error}"
            raise StoreError(message, file=str(self.path)) from error
        if not is_store(self.path) and any(one.name != "lock" for one in self.path.iterdir()):
            raise StoreError("is a folder with other things in it, not a store", file=str(self.path))

    @contextmanager
    def _state(self, *, create: bool = False) -> Iterator[State]:
        state = State(self.path / "state.sqlite", create=create)
        try:
            yield state
        finally:
            state.close()

    def _settle_model(self, model: Model | None) -> Model | None:
        """Keep a copy of the model file; without one take the copy."""
        from provrdf.model import load_model

        copy = self.path / _MODEL
        if model is None:
            return load_model(copy) if copy.is_file() else None
        try:
            data = Path(model.file).read_bytes()
        except OSError:
            return model
        if hashlib.sha256(data).hexdigest() == model.sha256:
            copy.write_bytes(data)
        return model

    def _settle_settings(self, state: State, config: Config, model: Model | None, *, rebuild: bool) -> None:
        """Compare the settings with those the graphs were made with; what differs means making all anew."""
        settings = {"base": config.base, "timezone": config.timezone}
        anew = rebuild
        for name, value in settings.items():
            known = state.meta(name)
            if known is not None and known != value and not rebuild:
                message = f"{name}: the store {self.path} has {known}, not {value}; --rebuild makes it anew"
                raise ConfigError(message)
        sha256 = model.sha256 if model else ""
        anew = anew or state.meta("model") not in (None, sha256)
        with state.transaction():
            for name, value in (settings | {"model": sha256}).items():
                state.set_meta(name, value)
            if anew:
                state.set_meta("emptied", "no")
                state.forget_graphs()
        if state.meta("emptied") == "no":
            open_database(self.path / "graphs", write=True).clear()
            with state.transaction():
                state.set_meta("emptied", "yes")

    # -- reading -----------------------------------------------------------------------------------

    def _check(self) -> None:
        if not is_store(self.path):
            raise StoreError("is no provrdf store; provrdf ingest makes one", file=str(self.path))

    @contextmanager
    def _reading(self) -> Iterator[State]:
        self._check()
        with Lock(self.path, write=False, wait=self._wait), self._state() as state:
            yield state

    def graphs(self) -> LocalGraphs:
        """Open the graphs for questions. Writers wait while the result is held."""
        self._check()
        lock = Lock(self.path, write=False, wait=self._wait)
        with self._state() as state:
            base = state.meta("base") or Config.base
        graphs = LocalGraphs(open_database(self.path / "graphs", write=False), base=base)
        graphs.held = lock
        return graphs

    def query(
        self, text: str, parameters: Mapping[str, object] | None = None, *, config: Config | None = None
    ) -> Results:
        """Answer a SPARQL or named query; see `provrdf.query`."""
        from provrdf.query import query

        return query(self.graphs(), text, parameters, config=config)

    def sessions(self) -> list[SessionInfo]:
        """Return the sessions, by key."""
        with self._reading() as state:
            rows = state.sessions()
        for row in rows:
            row.pop("unit")
        return [SessionInfo(**row) for row in rows]

    def session_graphs(self) -> dict[str, str]:
        """Return key and graph IRI of each session."""
        return {session.key: session.graph for session in self.sessions()}

    def session_nquads(self, key: str) -> bytes:
        """Return a session as sorted N-Quads, in the form they were written.

        Raises
        ------
        StoreError
            When there is no such session.
        """
        with self._reading() as state:
            texts = state.texts(key)
        if not texts:
            message = f"has no session {key!r}"
            raise StoreError(message, file=str(self.path))
        return (
            texts[0]
            if len(texts) == 1
            else b"".join(sorted({line for text in texts for line in text.splitlines(True)}))
        )

    def shared_nquads(self) -> bytes:
        """Return the graphs that sessions share, environments and models, as sorted N-Quads."""
        import pyoxigraph

        with self._reading() as state:
            names = sorted(state.shared())
        graphs = self.graphs()
        lines = []
        for name in names:
            for quad in graphs.store.quads_for_pattern(None, None, None, pyoxigraph.NamedNode(name)):
                lines.append(f"{quad} .\n")
        return "".join(sorted(lines)).encode()

    def lines(self, key: str | None = None) -> LineIndex:
        """Tell which log line made which node: IRI -> (file, line), of one session or of all.

        The units concerned are mapped once more, so this takes about as long as the mapping did.
        """
        with self._reading() as state:
            units = state.units() if key is None else state.units_of_session(key)
            return self._lines(state, units)

    def _lines(self, state: State, units: Sequence[int]) -> LineIndex:
        from provrdf.model import load_model

        copy = self.path / _MODEL
        model = load_model(copy) if copy.is_file() else None
        config = replace(Config(), base=state.meta("base"), timezone=state.meta("timezone"))
        remaker = Remaker(state, _NoDatabase(), config=config, model=model)  # type: ignore[arg-type]
        index: LineIndex = {}
        for unit in units:
            index.update(remaker.lines(unit))
        return index

    def records(self) -> Iterator[Record]:
        """Yield all records that are kept, session by session."""
        with self._reading() as state:
            for unit in state.units():
                yield from state.records(unit)


class _NoDatabase:
    """Stands in where only the mapping is wanted."""


class _Reading:
    """The first half of an ingest: take what is new and keep it."""

    def __init__(self, state: State, config: Config) -> None:
        self._state = state
        self._follower = Follower(state, prefix=config.prefix)
        self._encoder = Encoder(state.keep_block)
        self._known: dict[int, set[bytes]] = {}
        self._replaced: set[bytes] = set()
        self._sources: list[tuple[str, str]] = []
        self._rejects: list[Reject] = []
        self._errors: list[LogError] = []
        self._read = 0
        self._added = 0

    def take_all(self, sources: str | Path | Iterable[str | Path]) -> None:
        """Take what is new in all sources. A file that cannot be read costs only itself."""
        paths = [place.path for place in places(sources)]
        for path in list(paths):
            paths += [one for one in unread_siblings(path, self._state) if one not in paths]
        for path in paths:
            try:
                self._take(path)
            except LogError as error:
                # Without its traceback, which would keep everything alive that is open here.
                self._errors.append(error.with_traceback(None))
        if self._added:
            self._retry_loose()

    def result(self, changes: Changes) -> Ingested:
        """Put together what was read and what it changed."""
        return Ingested(
            read=self._read,
            added=self._added,
            sources=tuple(self._sources),
            new=tuple(sorted(changes.new)),
            changed=tuple(sorted(changes.changed | changes.gone)),
            quads_added=changes.added,
            quads_removed=changes.removed,
            rejects=tuple(self._rejects),
            errors=tuple(self._errors),
            unknown=changes.unknown,
        )

    def _take(self, path: str) -> None:
        """Read one source and keep its records, in one transaction with how far it has been read."""
        news, records = self._follower.news(path)
        with self._state.transaction():
            if news.again:
                self._replace(news.again)
            router = Router(self._state)
            remaining = iter(records)
            while window := list(islice(remaining, _WINDOW)):
                self._read += len(window)
                self._added += self._keep(router.window(window))
            self._added += self._keep(router.finish())
            router.save()
            self._share_tags(router)
            if news.state is not None and news.how != "same":
                rejected = news.state.rejected + len(news.rejects)
                self._state.save_source(news.state._replace(rejected=rejected))
        self._rejects += news.rejects
        self._sources.append((news.path, news.how))

    def _keep(self, routed: Iterable[Routed]) -> int:
        """Keep records with their units, except those that are there already; return how many were new."""
        by_place: dict[tuple[int, str, bool], list[str]] = {}
        for unit, record, loose in routed:
            by_place.setdefault((unit, record.file, loose), []).append(self._encoder.encode(record))
        added: set[bytes] = set()
        for (unit, file, loose), lines in by_place.items():
            known = self._known_of(unit)
            new = {digest: line for line in lines if (digest := said(line)) not in known}
            known.update(new)
            if new:
                added.update(new)
                self._state.add_records(unit, file, list(new.values()), loose=loose)
                self._state.mark([unit], 1)
        return len(added - self._replaced)

    def _known_of(self, unit: int) -> set[bytes]:
        """What the records of a unit say already, by digest."""
        if unit not in self._known:
            self._known[unit] = {said(line) for _, lines in self._state.encoded(unit) for line in lines}
        return self._known[unit]

    def _replace(self, file: str) -> None:
        """Drop what was read from a file that is read again as a whole."""
        for unit in self._state.units_of_file(file) | {self._state.unit(ORPHANS)}:
            self._replaced |= self._known_of(unit)
            self._known.pop(unit)
            self._state.mark([unit], 1)
        self._state.drop_file(file)

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
        with self._state.transaction():
            records = []
            for number, unit, file in self._state.loose_records():
                if unit == orphans or len(self._state.units_of_file(file)) > 1:
                    records += self._state.take_records(number)
                    self._known.pop(unit, None)
                    self._state.mark([unit], 1)
            if records:
                self._state.forget_mentions(orphans)
                router = Router(self._state)
                self._keep([*router.window(records, last=True), *router.finish()])
                router.save()


def _is_of(record: Record, tag: str) -> bool:
    return "entity_id" in record.data and record.data.get("session_tag") == tag
