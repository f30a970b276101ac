"""Store: the folder as a whole, and what one can do with it."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from provrdf.config import Config
from provrdf.errors import ConfigError, StoreError
from provrdf.graph import LineIndex
from provrdf.graphsource import LocalGraphs
from provrdf.records import Record
from provrdf.store.accounts import Ingested, SessionInfo, SourceInfo
from provrdf.store.database import Database, open_database
from provrdf.store.intake import Intake
from provrdf.store.lock import Lock
from provrdf.store.remake import Changes, Remaker, lines_of_units
from provrdf.store.state import State

if TYPE_CHECKING:
    from provrdf.model import Model

_MODEL = "model.yaml"


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

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to do: nothing is open between calls."""

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
            return self._ingest(state, sources, config=config, model=model, rebuild=rebuild)

    def _ingest(
        self,
        state: State,
        sources: str | Path | Iterable[str | Path],
        *,
        config: Config,
        model: Model | None,
        rebuild: bool,
    ) -> Ingested:
        with _collection_paused():
            unsure = [*state.marked(1), *state.marked(2)]  # left by a run that was killed
            model = self._settle_model(model)
            self._settle_settings(state, config, model, rebuild=rebuild)
            intake = Intake(state, prefix=config.prefix)
            intake.take_all(sources)
            with Database(self.path / "graphs") as database:
                remaker = Remaker(state, database, config=config, model=model, collected=intake.collected)
                changes = remaker.run(unsure=unsure)
            return _result(intake, changes, remaker.unknown)

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
                state.events.forget()
                state.texts.forget()
                state.mark(state.units(), 2)
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
        """Open the graphs for questions (`provrdf.query` does so). Writers wait while the result is held."""
        self._check()
        lock = Lock(self.path, write=False, wait=self._wait)
        with self._state() as state:
            base = state.meta("base") or Config.base
        graphs = LocalGraphs(open_database(self.path / "graphs", write=False), base=base, merged=True)
        graphs.held = lock
        return graphs

    def sessions(self) -> list[SessionInfo]:
        """Return the sessions, by key."""
        with self._reading() as state:
            return [SessionInfo(**facts) for facts in state.texts.sessions()]

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
            text = state.texts.text(key)
        if text is None:
            message = f"has no session {key!r}"
            raise StoreError(message, file=str(self.path))
        return text

    def shared_nquads(self) -> dict[str, bytes]:
        """Return the graphs that sessions share, environments and models: IRI -> sorted N-Quads."""
        with self._reading() as state:
            return {graph: state.texts.shared_text(graph) for graph in sorted(state.texts.shared())}

    def nquads(self, sessions: Iterable[str] | None = None) -> Iterator[str]:
        """Yield all lines of the store, in the form they were written.

        Parameters
        ----------
        sessions : iterable of str, optional
            Keys or logged ids of sessions; by default all. The graphs that sessions share come in any case.

        Raises
        ------
        StoreError
            When there is no such session.
        """
        known = self.sessions()
        wanted = None if sessions is None else set(sessions)
        if wanted is not None and (missing := wanted - {name for one in known for name in (one.key, one.id)}):
            message = f"has no session {', '.join(sorted(missing))}"
            raise StoreError(message, file=str(self.path))
        for session in known:
            if wanted is None or session.key in wanted or session.id in wanted:
                yield from self.session_nquads(session.key).decode().splitlines(keepends=True)
        for text in self.shared_nquads().values():
            yield from text.decode().splitlines(keepends=True)

    def lines(self, key: str | None = None) -> LineIndex:
        """Tell which log line made which node: IRI -> (file, line), of one session or of all.

        The records concerned are mapped once more, so this takes about as long as the mapping did.
        """
        with self._reading() as state:
            config = Config(state.meta("base") or Config.base, state.meta("timezone") or Config.timezone)
            units = state.units() if key is None else state.texts.units(key)
            return lines_of_units(state, units, config=config, model=self._settle_model(None))

    def sources(self) -> list[SourceInfo]:
        """Return the files that were read, latest first."""
        with self._reading() as state:
            return [SourceInfo(one.path, one.line, one.rejected, one.format) for one in state.sources()]

    def count_records(self) -> int:
        """Count the records that are kept."""
        with self._reading() as state:
            return state.count_records()

    def timezone(self) -> str:
        """Name the zone in which logged times were taken."""
        with self._reading() as state:
            return state.meta("timezone") or Config.timezone

    def records(self) -> Iterator[Record]:
        """Yield all records that are kept, session by session."""
        with self._reading() as state:
            for unit in state.units():
                yield from state.records(unit)


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Pause garbage collection: of the many objects made none is in a cycle, and looking costs a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _result(intake: Intake, changes: Changes, unknown: Mapping[tuple[str, str], int]) -> Ingested:
    """Put together what was read and what it changed."""
    return Ingested(
        read=intake.read,
        added=intake.added,
        sources=tuple(intake.sources),
        new=tuple(sorted(changes.new)),
        changed=tuple(sorted(changes.changed | changes.gone)),
        quads_added=changes.added,
        quads_removed=changes.removed,
        rejects=tuple(intake.rejects),
        rejected=intake.rejected,
        errors=tuple(intake.errors),
        unknown=unknown,
    )
