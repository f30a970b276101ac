"""What a store remembers besides its graphs: the records it has read, from where, and what happened to files.

A SQLite file beside the graph database. It is the truth: graphs can be made anew from it. Everything that
changes several tables is one transaction.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from provrdf.errors import StoreError
from provrdf.identity import FileEvent
from provrdf.records import Record
from provrdf.store.records import Decoder

VERSION = "1"
"""Version of the layout; a store of another version is refused."""

NEVER = "9999"
"""Stands for an unknown time: it sorts after all others, as in the mapping."""

RELATION, USAGE, GENERATION = -1, 0, 1
"""Kinds of file events; a relation is a membership or derivation, bound to a version by the time of its line."""

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL, device INTEGER, inode INTEGER, size INTEGER, modified REAL,
  offset INTEGER NOT NULL, line INTEGER NOT NULL, head_size INTEGER, head TEXT, tail_size INTEGER, tail TEXT,
  format TEXT NOT NULL DEFAULT '', rejected INTEGER NOT NULL DEFAULT 0);
CREATE INDEX source_path ON source (path);
CREATE TABLE unit (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, stage INTEGER NOT NULL DEFAULT 0);
CREATE INDEX unit_stage ON unit (stage) WHERE stage > 0;
CREATE TABLE records (
  id INTEGER PRIMARY KEY, unit INTEGER NOT NULL, file TEXT NOT NULL, loose INTEGER NOT NULL, count INTEGER,
  data BLOB NOT NULL);
CREATE INDEX records_unit ON records (unit);
CREATE INDEX records_file ON records (file, unit);
CREATE INDEX records_loose ON records (file) WHERE loose = 1;
CREATE TABLE block (digest TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE start (activity TEXT, unit INTEGER, tag TEXT, started TEXT, UNIQUE (activity, unit, tag, started));
CREATE TABLE tag (tag TEXT, unit INTEGER, PRIMARY KEY (tag, unit)) WITHOUT ROWID;
CREATE TABLE mention (entity TEXT, unit INTEGER, PRIMARY KEY (entity, unit)) WITHOUT ROWID;
CREATE TABLE event (
  file TEXT, unit INTEGER, moment TEXT, kind INTEGER, session TEXT, step TEXT, activity TEXT, inputs TEXT);
CREATE INDEX event_file ON event (file, kind, moment);
CREATE INDEX event_unit ON event (unit);
CREATE TABLE session (
  unit INTEGER, key TEXT, id TEXT, iri TEXT, graph TEXT, activities INTEGER, entities INTEGER, started TEXT,
  ended TEXT, quads INTEGER, digest TEXT, broken INTEGER NOT NULL DEFAULT 0, data BLOB, PRIMARY KEY (unit, key));
CREATE TABLE shared (graph TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class SourceState(NamedTuple):
    """How far a file has been read, and how it is recognised; offsets count bytes after unpacking."""

    id: int | None
    path: str
    device: int
    inode: int
    size: int
    modified: float
    offset: int
    line: int
    head_size: int
    head: str
    tail_size: int
    tail: str
    format: str = ""
    rejected: int = 0

    @classmethod
    def start(cls, path: str, known: SourceState | None = None) -> SourceState:
        """Begin at the beginning; a source known already keeps its number."""
        return cls(known.id if known else None, path, 0, 0, 0, 0.0, 0, 0, 0, "", 0, "")


class Start(NamedTuple):
    """A known start of an activity: in which unit, with which tag and time."""

    unit: int
    tag: str | None
    started: str | None


class State:
    """The SQLite file of a store.

    A *unit* is all records of one logged session id (usually one session); it is what is mapped together.

    Parameters
    ----------
    path : Path
        The file; made when it is not there and `create` is true.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        if not create and not path.exists():
            raise StoreError("is no provrdf store", file=str(path.parent))
        self._file = path
        self._db = _connect(path)
        if create and not self._db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            with self.transaction():
                for statement in _SCHEMA.split(";\n"):
                    self._db.execute(statement)
                self.set_meta("version", VERSION)
        found = self.meta("version")
        if found != VERSION:
            message = f"was written by another version of provrdf (layout {found}, this one reads {VERSION})"
            raise StoreError(message, file=str(path.parent))
        self.decoder = Decoder(self._fetch_block)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # -- settings ----------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """Read a setting."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Write a setting."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # -- sources -----------------------------------------------------------------------------------

    def sources(self, path: str | None = None) -> list[SourceState]:
        """Return the known sources, latest first; with `path`, those last seen there."""
        where, values = ("", ()) if path is None else ("WHERE path = ?", (path,))
        rows = self._db.execute(f"SELECT * FROM source {where} ORDER BY id DESC", values)  # noqa: S608 (constant)
        return [SourceState(*row) for row in rows]

    def save_source(self, source: SourceState) -> None:
        """Remember how far a source has been read."""
        marks = ", ".join("?" * len(source))
        self._db.execute(f"INSERT OR REPLACE INTO source VALUES ({marks})", source)  # noqa: S608 (constant)

    # -- units and records -------------------------------------------------------------------------

    def unit(self, name: str) -> int:
        """Return the number of a unit, made when it is new."""
        row = self._db.execute("SELECT id FROM unit WHERE name = ?", (name,)).fetchone()
        if row is None:
            return int(self._db.execute("INSERT INTO unit (name) VALUES (?)", (name,)).lastrowid or 0)
        return int(row[0])

    def mark(self, units: Iterable[int], stage: int) -> None:
        """Note that units have to be mapped: 1 from the records, 2 only their graphs, 0 no more."""
        self._db.executemany("UPDATE unit SET stage = ? WHERE id = ?", [(stage, unit) for unit in units])

    def raise_stage(self, units: Iterable[int], stage: int) -> None:
        """Mark units unless they are marked already."""
        self._db.executemany(
            "UPDATE unit SET stage = ? WHERE id = ? AND stage = 0", [(stage, unit) for unit in units]
        )

    def marked(self, stage: int) -> list[int]:
        """Return the units of a stage, in a stable order."""
        return [
            row[0] for row in self._db.execute("SELECT id FROM unit WHERE stage = ? ORDER BY id", (stage,))
        ]

    def units(self) -> list[int]:
        """Return all units."""
        return [row[0] for row in self._db.execute("SELECT id FROM unit ORDER BY id")]

    def add_records(self, unit: int, file: str, lines: Sequence[str], *, loose: bool = False) -> None:
        """Keep encoded records of one unit and file; loose ones were tied to the unit by nothing they say."""
        data = zlib.compress("\n".join(lines).encode("ascii"), 1)
        self._db.execute(
            "INSERT INTO records (unit, file, loose, count, data) VALUES (?, ?, ?, ?, ?)",
            (unit, file, loose, len(lines), data),
        )

    def encoded(self, unit: int) -> Iterator[tuple[str, list[str]]]:
        """Yield the encoded records of a unit, as (file, lines)."""
        rows = self._db.execute("SELECT file, data FROM records WHERE unit = ? ORDER BY id", (unit,))
        for file, data in rows.fetchall():
            yield file, zlib.decompress(data).decode("ascii").split("\n")

    def records(self, unit: int) -> Iterator[Record]:
        """Yield the records of a unit."""
        for file, lines in self.encoded(unit):
            yield from self.decoder.decode(lines, file)

    def loose_records(self) -> list[tuple[int, int, str]]:
        """Return (number, unit, file) of each piece of loose records."""
        return self._db.execute("SELECT id, unit, file FROM records WHERE loose = 1 ORDER BY id").fetchall()

    def take_records(self, number: int) -> list[Record]:
        """Return one piece of records, and drop it (they are kept again in the same transaction)."""
        file, data = self._db.execute("SELECT file, data FROM records WHERE id = ?", (number,)).fetchone()
        self._db.execute("DELETE FROM records WHERE id = ?", (number,))
        return list(self.decoder.decode(zlib.decompress(data).decode("ascii").split("\n"), file))

    def drop_file(self, file: str) -> None:
        """Forget the records of a file."""
        self._db.execute("DELETE FROM records WHERE file = ?", (file,))

    def units_of_file(self, file: str) -> set[int]:
        """Return the units that records of a file are tied to."""
        rows = self._db.execute("SELECT DISTINCT unit FROM records WHERE file = ? AND loose = 0", (file,))
        return {row[0] for row in rows}

    def count_records(self) -> int:
        """Count all records kept."""
        return int(self._db.execute("SELECT COALESCE(SUM(count), 0) FROM records").fetchone()[0])

    def keep_block(self, digest: str, text: str) -> None:
        """Keep a large value."""
        data = zlib.compress(text.encode("ascii"), 6)
        self._db.execute("INSERT OR IGNORE INTO block VALUES (?, ?)", (digest, data))

    def _fetch_block(self, digest: str) -> str:
        row = self._db.execute("SELECT data FROM block WHERE digest = ?", (digest,)).fetchone()
        if row is None:
            raise StoreError("is damaged: a value that its records refer to is missing", file=str(self._file))
        return zlib.decompress(row[0]).decode("ascii")

    # -- what the router looks up ------------------------------------------------------------------

    def starts(self, activity: str) -> list[Start]:
        """Return the known starts of an activity id."""
        rows = self._db.execute("SELECT unit, tag, started FROM start WHERE activity = ?", (activity,))
        return [Start(*row) for row in rows]

    def add_starts(self, starts: Iterable[tuple[str, int, str | None, str | None]]) -> None:
        """Remember starts of activities."""
        self._db.executemany("INSERT OR IGNORE INTO start VALUES (?, ?, ?, ?)", starts)

    def units_of_tag(self, tag: str) -> list[int]:
        """Return the units whose lines carry a tag."""
        return [row[0] for row in self._db.execute("SELECT unit FROM tag WHERE tag = ?", (tag,))]

    def add_tags(self, tags: Iterable[tuple[str, int]]) -> None:
        """Remember tags."""
        self._db.executemany("INSERT OR IGNORE INTO tag VALUES (?, ?)", tags)

    def mentioned_in(self, entity: str) -> list[int]:
        """Return the units whose activities mention an entity in lines without a tag."""
        return [row[0] for row in self._db.execute("SELECT unit FROM mention WHERE entity = ?", (entity,))]

    def add_mentions(self, mentions: Iterable[tuple[str, int]]) -> None:
        """Remember mentions."""
        self._db.executemany("INSERT OR IGNORE INTO mention VALUES (?, ?)", mentions)

    def forget_mentions(self, unit: int) -> None:
        """Forget what a unit mentions."""
        self._db.execute("DELETE FROM mention WHERE unit = ?", (unit,))

    # -- what happened to files --------------------------------------------------------------------

    def events_of_unit(self, unit: int) -> set[EventRow]:
        """Return what the records of a unit say happened to files."""
        rows = self._db.execute(f"SELECT {_EVENT} FROM event WHERE unit = ?", (unit,))  # noqa: S608 (constant)
        return {EventRow(*row) for row in rows}

    def events_of_file(self, file: str) -> list[EventRow]:
        """Return everything that happened to a file."""
        rows = self._db.execute(f"SELECT {_EVENT} FROM event WHERE file = ?", (file,))  # noqa: S608 (constant)
        return [EventRow(*row) for row in rows]

    def replace_events(self, old: Iterable[EventRow], new: Iterable[EventRow]) -> None:
        """Remove and add events."""
        condition = " AND ".join(f"{name} = ?" for name in EventRow._fields)
        self._db.executemany(f"DELETE FROM event WHERE {condition}", old)  # noqa: S608 (constant)
        self._db.executemany(f"INSERT INTO event ({_EVENT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", new)  # noqa: S608

    def generations(self, file: str) -> list[EventRow]:
        """Return who wrote a file, in the order of time."""
        rows = self._db.execute(
            f"SELECT {_EVENT} FROM event WHERE file = ? AND kind = 1 ORDER BY moment",  # noqa: S608 (constant)
            (file,),
        )
        return [EventRow(*row) for row in rows]

    def first_usage(self, file: str, after: str, before: str, unit: int) -> list[EventRow]:
        """Return the first usage by other units between two times, and all usages at the first time itself.

        One reading between two writings is as good as many: it says that the next writing starts a version.
        """
        select = f"SELECT {_EVENT} FROM event WHERE file = ? AND kind = 0 AND unit <> ?"  # noqa: S608 (constant)
        at = self._db.execute(f"{select} AND moment = ?", (file, unit, after)).fetchall()
        later = self._db.execute(
            f"{select} AND moment > ? AND moment < ? ORDER BY moment LIMIT 1", (file, unit, after, before)
        ).fetchall()
        return [EventRow(*row) for row in (*at, *later)]

    def last_moment(self, file: str, unit: int) -> str | None:
        """Return when anything last happened to a file in other units; None when nothing did."""
        row = self._db.execute(
            "SELECT MAX(moment) FROM event WHERE file = ? AND unit <> ?", (file, unit)
        ).fetchone()
        return None if row is None or row[0] is None else str(row[0])

    # -- sessions ----------------------------------------------------------------------------------

    def session_texts(self, unit: int) -> dict[str, tuple[str, bytes, bool]]:
        """Return what was last written of a unit: key -> (graph, N-Quads, whether its graph may be broken)."""
        rows = self._db.execute("SELECT key, graph, data, broken FROM session WHERE unit = ?", (unit,))
        return {key: (graph, zlib.decompress(data), bool(broken)) for key, graph, data, broken in rows}

    def other_texts(self, key: str, unit: int) -> Iterator[bytes]:
        """Yield what other units contribute to the graph of the same name."""
        for (data,) in self._db.execute("SELECT data FROM session WHERE key = ? AND unit <> ?", (key, unit)):
            yield zlib.decompress(data)

    def mark_broken(self, unit: int, key: str) -> None:
        """Note that the graph of a session is about to be emptied and filled again."""
        self._db.execute("UPDATE session SET broken = 1 WHERE unit = ? AND key = ?", (unit, key))

    def save_session(self, values: dict[str, Any]) -> None:
        """Remember what was written of a session; `data` is its N-Quads."""
        values = values | {"data": zlib.compress(values["data"], 1), "broken": 0}
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        self._db.execute(f"INSERT OR REPLACE INTO session ({names}) VALUES ({marks})", values)  # noqa: S608

    def drop_session(self, unit: int, key: str) -> None:
        """Forget a session that is no more."""
        self._db.execute("DELETE FROM session WHERE unit = ? AND key = ?", (unit, key))

    def sessions(self) -> list[dict[str, Any]]:
        """Return the sessions, without their text."""
        names = "unit, key, id, iri, graph, activities, entities, started, ended, quads, digest"
        rows = self._db.execute(f"SELECT {names} FROM session ORDER BY key, unit")  # noqa: S608 (constant)
        return [dict(zip(names.split(", "), row, strict=True)) for row in rows]

    def texts(self, key: str) -> list[bytes]:
        """Return the N-Quads of a session: one text, or several for the one of what is unassigned."""
        rows = self._db.execute("SELECT data FROM session WHERE key = ? ORDER BY unit", (key,))
        return [zlib.decompress(data) for (data,) in rows]

    def units_of_session(self, key: str) -> list[int]:
        """Return the units that a session is made from."""
        return [row[0] for row in self._db.execute("SELECT unit FROM session WHERE key = ?", (key,))]

    def shared(self) -> set[str]:
        """Return the graphs that sessions share and that are in the store."""
        return {row[0] for row in self._db.execute("SELECT graph FROM shared")}

    def add_shared(self, graphs: Iterable[str]) -> None:
        """Remember shared graphs."""
        self._db.executemany("INSERT OR IGNORE INTO shared VALUES (?)", [(graph,) for graph in graphs])

    def forget_graphs(self) -> None:
        """Forget all that was written: everything is to be mapped anew."""
        for table in ("session", "shared", "event"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 (constant)
        self._db.execute("UPDATE unit SET stage = 1")


class EventRow(NamedTuple):
    """A file event as it is kept."""

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


_EVENT = ", ".join(EventRow._fields)


def _text(when: datetime | None) -> str:
    """Write a time so that text sorts as time does."""
    return NEVER if when is None else when.astimezone(UTC).isoformat(timespec="microseconds")


def _connect(path: Path) -> sqlite3.Connection:
    try:
        writable = path.exists() and not _is_writable(path)
        target = f"{path.absolute().as_uri()}?mode=ro" if writable else f"{path.absolute().as_uri()}?mode=rwc"
        connection = sqlite3.connect(target, uri=True, isolation_level=None, timeout=30)
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA temp_store = MEMORY")
    except sqlite3.Error as error:
        message = f"cannot be opened: {error}"
        raise StoreError(message, file=str(path)) from error
    return connection


def _is_writable(path: Path) -> bool:
    try:
        with path.open("r+b"):
            return True
    except OSError:
        return False
