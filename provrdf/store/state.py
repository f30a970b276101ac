"""What a store remembers besides its graphs: settings, sources, and the records it has read, by unit.

It is the truth: graphs can be made anew from it. `State.events` has what happened to files, `State.texts`
what was written of each session.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from provrdf.errors import StoreError
from provrdf.records import Record
from provrdf.store.events import Events
from provrdf.store.records import Decoder
from provrdf.store.schema import connect
from provrdf.store.texts import Texts

ACTIVITY, ENTITY, SESSION, REPEAT = range(4)
"""Kinds of pieces: lines of activities, entities, sessions; of the latter two those that say nothing new."""

_MANY = 400  # values in one SQL statement


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


class Piece(NamedTuple):
    """Some encoded records of one unit, file and kind."""

    file: str
    kind: int
    loose: bool
    lines: Sequence[str]
    subjects: Iterable[int] = ()


class State:
    """The SQLite file of a store.

    Parameters
    ----------
    path : Path
        The file.
    create : bool
        Make it when it is not there.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self._file = path
        self._db = connect(path, create=create)
        self.events = Events(self._db)
        self.texts = Texts(self._db)
        self.decoder = Decoder(self._fetch_block)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; one within another is part of it."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _column(self, query: str, *values: object) -> list[int]:
        return [row[0] for row in self._db.execute(query, values)]

    # -- settings and sources ----------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """Read a setting."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Write a setting."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def sources(self, path: str | None = None) -> list[SourceState]:
        """Return the known sources, latest first; with `path`, those last seen there."""
        condition = "?1 IS NULL OR path = ?1"
        rows = self._db.execute(f"SELECT * FROM source WHERE {condition} ORDER BY id DESC", (path,))  # noqa: S608
        return [SourceState(*row) for row in rows]

    def save_source(self, source: SourceState) -> None:
        """Remember how far a source has been read."""
        marks = ", ".join("?" * len(source))
        self._db.execute(f"INSERT OR REPLACE INTO source VALUES ({marks})", source)  # noqa: S608

    # -- units -------------------------------------------------------------------------------------

    def unit(self, name: str) -> int:
        """Return the number of a unit, made when it is new."""
        found = self._column("SELECT id FROM unit WHERE name = ?", name)
        if found:
            return found[0]
        return int(self._db.execute("INSERT INTO unit (name) VALUES (?)", (name,)).lastrowid or 0)

    def units(self) -> list[int]:
        """Return all units."""
        return self._column("SELECT id FROM unit ORDER BY id")

    def mark(self, units: Iterable[int], stage: int) -> None:
        """Note what units need: 2 all their graphs made anew, 1 their fresh records mapped, 0 nothing."""
        self._db.executemany("UPDATE unit SET stage = ? WHERE id = ?", [(stage, unit) for unit in units])

    def mark_whole(self, units: Iterable[int]) -> None:
        """Note that records were taken out of units: from now on they are only ever mapped as a whole."""
        self._db.executemany("UPDATE unit SET stage = 2, whole = 1 WHERE id = ?", [(unit,) for unit in units])

    def is_whole(self, unit: int) -> bool:
        """Tell whether a unit can only be mapped as a whole."""
        return bool(self._column("SELECT whole FROM unit WHERE id = ?", unit)[0])

    def raise_stage(self, units: Iterable[int], stage: int) -> None:
        """Mark units unless they need more already."""
        self._db.executemany(
            "UPDATE unit SET stage = max(stage, ?) WHERE id = ?", [(stage, unit) for unit in units]
        )

    def marked(self, stage: int) -> list[int]:
        """Return the units of a stage, in a stable order."""
        return self._column("SELECT id FROM unit WHERE stage = ? ORDER BY id", stage)

    def has_settled(self) -> bool:
        """Tell whether there are units that need nothing."""
        return bool(self._column("SELECT 1 FROM unit WHERE stage = 0 LIMIT 1"))

    def settle(self, unit: int, head: tuple[str, str] | None) -> None:
        """Note that a unit needs nothing any more, and its earliest session record (file, encoded)."""
        self._db.execute("UPDATE unit SET stage = 0 WHERE id = ?", (unit,))
        self._db.execute("UPDATE piece SET fresh = 0 WHERE unit = ? AND fresh = 1", (unit,))
        if head is not None:
            self._db.execute("UPDATE unit SET head_file = ?, head_line = ? WHERE id = ?", (*head, unit))

    def head(self, unit: int) -> list[Record]:
        """Return the earliest session record of a unit, if there is any."""
        file, line = self._db.execute(
            "SELECT head_file, head_line FROM unit WHERE id = ?", (unit,)
        ).fetchone()
        return [] if line is None else list(self.decoder.decode([line], file))

    # -- records -----------------------------------------------------------------------------------

    def add_piece(self, unit: int, piece: Piece) -> None:
        """Keep encoded records of one unit, file and kind."""
        data = zlib.compress("\n".join(piece.lines).encode("ascii"), 1)
        row = (unit, piece.file, piece.kind, piece.loose, len(piece.lines), data)
        number = self._db.execute(
            "INSERT INTO piece (unit, file, kind, loose, fresh, count, data) VALUES (?, ?, ?, ?, 1, ?, ?)",
            row,
        ).lastrowid
        self._db.executemany(
            "INSERT OR IGNORE INTO about VALUES (?, ?, ?)",
            [(subject, unit, number) for subject in piece.subjects],
        )

    def records(self, unit: int, *, fresh: bool = False) -> Iterator[Record]:
        """Yield the records of a unit; or only those that are not mapped yet."""
        rows = self._db.execute(
            "SELECT file, data FROM piece WHERE unit = ? AND fresh >= ? ORDER BY id", (unit, fresh)
        )
        for file, data in rows.fetchall():
            yield from self._decode(file, data)

    def encoded_sessions(self, unit: int) -> Iterator[tuple[str, str]]:
        """Yield the session records of a unit as (file, encoded)."""
        rows = self._db.execute("SELECT file, data FROM piece WHERE unit = ? AND kind = ?", (unit, SESSION))
        for file, data in rows.fetchall():
            for line in zlib.decompress(data).decode("ascii").split("\n"):
                yield file, line

    def fresh_entities(self, unit: int) -> Iterator[Record]:
        """Yield the records that say something new of entities and are not mapped yet."""
        query = "SELECT file, data FROM piece WHERE unit = ? AND fresh = 1 AND kind = ?"
        for file, data in self._db.execute(query, (unit, ENTITY)).fetchall():
            yield from self._decode(file, data)

    def _decode(self, file: str, data: bytes) -> Iterator[Record]:
        yield from self.decoder.decode(zlib.decompress(data).decode("ascii").split("\n"), file)

    def pieces_about(self, unit: int, subjects: Iterable[int]) -> set[int]:
        """Return the pieces of a unit, mapped already, that speak of some subjects."""
        found: set[int] = set()
        for chunk in _chunks(subjects):
            marks = ",".join("?" * len(chunk))
            found.update(
                self._column(
                    f"SELECT DISTINCT piece FROM about JOIN piece ON piece.id = about.piece "  # noqa: S608
                    f"WHERE subject IN ({marks}) AND about.unit = ? AND fresh = 0",
                    *chunk,
                    unit,
                )
            )
        return found

    def piece(self, number: int) -> list[Record]:
        """Return the records of one piece."""
        row = self._db.execute("SELECT file, data FROM piece WHERE id = ?", (number,)).fetchone()
        return [] if row is None else list(self._decode(*row))

    def encoded_piece(self, number: int) -> tuple[str, list[str]]:
        """Return one piece as (file, encoded records)."""
        file, data = self._db.execute("SELECT file, data FROM piece WHERE id = ?", (number,)).fetchone()
        return file, zlib.decompress(data).decode("ascii").split("\n")

    def size(self, unit: int, *, fresh: bool) -> int:
        """Count the records of a unit that are mapped already, or are not."""
        query = "SELECT COALESCE(SUM(count), 0) FROM piece WHERE unit = ? AND fresh = ?"
        return self._column(query, unit, fresh)[0]

    def count_records(self) -> int:
        """Count all records kept."""
        return self._column("SELECT COALESCE(SUM(count), 0) FROM piece")[0]

    def loose_pieces(self) -> list[tuple[int, int, str]]:
        """Return (number, unit, file) of each piece of loose records."""
        return self._db.execute("SELECT id, unit, file FROM piece WHERE loose = 1 ORDER BY id").fetchall()

    def take_piece(self, number: int) -> list[Record]:
        """Return the records of a piece and drop it; they are kept again in the same transaction."""
        records = self.piece(number)
        self._db.execute("DELETE FROM piece WHERE id = ?", (number,))
        return records

    def drop_file(self, file: str) -> list[tuple[int, list[Record]]]:
        """Return the records of a file with their units, and drop them."""
        rows = self._db.execute("SELECT unit, data FROM piece WHERE file = ?", (file,)).fetchall()
        dropped = [(unit, list(self._decode(file, data))) for unit, data in rows]
        self._db.execute("DELETE FROM piece WHERE file = ?", (file,))
        return dropped

    def units_of_file(self, file: str) -> set[int]:
        """Return the units that records of a file are tied to."""
        return set(self._column("SELECT DISTINCT unit FROM piece WHERE file = ? AND loose = 0", file))

    def unseen(self, marks: Sequence[int]) -> set[int]:
        """Return those of some fingerprints that were not there before, and remember them."""
        known: set[int] = set()
        for chunk in _chunks(marks):
            query = f"SELECT mark FROM seen WHERE mark IN ({','.join('?' * len(chunk))})"  # noqa: S608
            known.update(self._column(query, *chunk))
        new = set(marks) - known
        self._db.executemany("INSERT INTO seen VALUES (?)", [(mark,) for mark in sorted(new)])
        return new

    def forget_seen(self, marks: Iterable[int]) -> None:
        """Forget fingerprints of records that were dropped."""
        self._db.executemany("DELETE FROM seen WHERE mark = ?", [(mark,) for mark in marks])

    def keep_block(self, digest: str, text: str) -> None:
        """Keep a large value."""
        data = zlib.compress(text.encode("ascii"), 6)
        self._db.execute("INSERT OR IGNORE INTO block VALUES (?, ?)", (digest, data))

    def _fetch_block(self, digest: str) -> str:
        row = self._db.execute("SELECT data FROM block WHERE digest = ?", (digest,)).fetchone()
        if row is None:
            raise StoreError("is damaged: a value that its records refer to is missing", file=str(self._file))
        return zlib.decompress(row[0]).decode("ascii")

    # -- what tells to which unit a record belongs -------------------------------------------------

    def starts(self, activity: str) -> list[Start]:
        """Return the known starts of an activity id."""
        rows = self._db.execute("SELECT unit, tag, started FROM start WHERE activity = ?", (activity,))
        return [Start(*row) for row in rows]

    def add_starts(self, starts: Iterable[tuple[str, int, str | None, str | None]]) -> None:
        """Remember starts of activities."""
        self._db.executemany("INSERT OR IGNORE INTO start VALUES (?, ?, ?, ?)", starts)

    def units_of_tag(self, tag: str) -> list[int]:
        """Return the units whose lines carry a tag."""
        return self._column("SELECT unit FROM tag WHERE tag = ?", tag)

    def add_tags(self, tags: Iterable[tuple[str, int]]) -> None:
        """Remember tags."""
        self._db.executemany("INSERT OR IGNORE INTO tag VALUES (?, ?)", tags)

    def mentioned_in(self, entity: str) -> list[int]:
        """Return the units whose activities mention an entity in lines without a tag."""
        return self._column("SELECT unit FROM mention WHERE entity = ?", entity)

    def add_mentions(self, mentions: Iterable[tuple[str, int]]) -> None:
        """Remember mentions."""
        self._db.executemany("INSERT OR IGNORE INTO mention VALUES (?, ?)", mentions)

    def forget_mentions(self, unit: int) -> None:
        """Forget what a unit mentions."""
        self._db.execute("DELETE FROM mention WHERE unit = ?", (unit,))


def _chunks(values: Iterable[int]) -> Iterator[list[int]]:
    remaining = list(values)
    for start in range(0, len(remaining), _MANY):
        yield remaining[start : start + _MANY]
