"""What was last written of each session: its N-Quads, kept in parts, and counts that are made on demand.

Kept in our own form, because stores rewrite literals: digests are taken of these lines.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from provrdf.vocab import PROV, RDF

_COUNTED = ("activities", "entities", "quads", "digest")


class Written(NamedTuple):
    """A session as it was last written; `broken` when its graph in the database may be incomplete."""

    key: str
    graph: str
    broken: bool


def pack(lines: Iterable[bytes]) -> bytes:
    """Sort and compress lines for keeping."""
    return zlib.compress(b"".join(sorted(lines)), 1)


class Texts:
    """The tables of sessions and of their text.

    Parameters
    ----------
    connection : sqlite3.Connection
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def of_unit(self, unit: int) -> list[Written]:
        """Return the sessions of a unit."""
        rows = self._db.execute("SELECT key, graph, broken FROM session WHERE unit = ?", (unit,))
        return [Written(key, graph, bool(broken)) for key, graph, broken in rows]

    def lines(self, unit: int, key: str) -> set[bytes]:
        """Return the lines written of a session."""
        rows = self._db.execute("SELECT data FROM part WHERE key = ? AND unit = ?", (key, unit))
        return {line for (data,) in rows for line in zlib.decompress(data).splitlines(keepends=True)}

    def lines_of_others(self, unit: int, key: str) -> set[bytes]:
        """Return what other units contribute to the graph of the same name."""
        rows = self._db.execute("SELECT data FROM part WHERE key = ? AND unit <> ?", (key, unit))
        return {line for (data,) in rows for line in zlib.decompress(data).splitlines(keepends=True)}

    def mark_broken(self, unit: int, key: str) -> None:
        """Note that the graph of a session is about to be emptied and filled again."""
        self._db.execute("UPDATE session SET broken = 1 WHERE unit = ? AND key = ?", (unit, key))

    def save(self, unit: int, facts: dict[str, Any], packed: bytes) -> None:
        """Remember a session with all its lines, packed."""
        self.drop(unit, facts["key"])
        names, marks = ", ".join(facts), ", ".join("?" * len(facts))
        self._db.execute(
            f"INSERT INTO session (unit, {names}) VALUES (?, {marks})",  # noqa: S608 (our own names)
            (unit, *facts.values()),
        )
        self._db.execute("INSERT INTO part VALUES (?, ?, ?)", (unit, facts["key"], packed))

    def extend(self, unit: int, facts: dict[str, Any], packed: bytes) -> None:
        """Remember more lines of a session, packed, and that it began earlier or ended later."""
        self._db.execute(
            "UPDATE session SET started = min(coalesce(started, ?1), ?1), "
            "ended = max(coalesce(ended, ?2), ?2) WHERE unit = ?3 AND key = ?4 AND ?1 IS NOT NULL",
            (facts["started"], facts["ended"], unit, facts["key"]),
        )
        self._db.execute("UPDATE session SET digest = NULL WHERE unit = ? AND key = ?", (unit, facts["key"]))
        self._db.execute("INSERT INTO part VALUES (?, ?, ?)", (unit, facts["key"], packed))

    def parts(self, unit: int, key: str) -> int:
        """Count the parts of a session."""
        query = "SELECT COUNT(*) FROM part WHERE key = ? AND unit = ?"
        return int(self._db.execute(query, (key, unit)).fetchone()[0])

    def is_empty(self) -> bool:
        """Tell whether nothing has been written yet."""
        return self._db.execute("SELECT 1 FROM session LIMIT 1").fetchone() is None

    def drop(self, unit: int, key: str) -> None:
        """Forget a session."""
        self._db.execute("DELETE FROM session WHERE unit = ? AND key = ?", (unit, key))
        self._db.execute("DELETE FROM part WHERE key = ? AND unit = ?", (key, unit))

    def text(self, key: str) -> bytes | None:
        """Return a session as sorted N-Quads; None when there is none of this key."""
        rows = self._db.execute("SELECT data FROM part WHERE key = ?", (key,)).fetchall()
        lines = {line for (data,) in rows for line in zlib.decompress(data).splitlines(keepends=True)}
        return b"".join(sorted(lines)) if rows else None

    def units(self, key: str) -> list[int]:
        """Return the units that a session is made from."""
        return [row[0] for row in self._db.execute("SELECT unit FROM session WHERE key = ?", (key,))]

    def sessions(self) -> Iterator[dict[str, Any]]:
        """Yield the description of each session; what several units say of one is counted together."""
        for (key,) in self._db.execute("SELECT DISTINCT key FROM session ORDER BY key").fetchall():
            row = self._db.execute(
                "SELECT key, min(id), min(iri), min(graph), min(started), max(ended) FROM session "
                "WHERE key = ?",
                (key,),
            ).fetchone()
            facts = dict(zip(("key", "id", "iri", "graph", "started", "ended"), row, strict=True))
            yield facts | dict(zip(_COUNTED, self._counted(key), strict=True))

    def _counted(self, key: str) -> tuple[Any, ...]:
        """Count what a session has and take its digest, unless that was done since it last changed."""
        names = ", ".join(_COUNTED)
        rows = self._db.execute(f"SELECT {names} FROM session WHERE key = ?", (key,)).fetchall()  # noqa: S608
        if all(row == rows[0] and row[-1] for row in rows):
            return tuple(rows[0])
        counted = _count(self.text(key) or b"")
        settings = ", ".join(f"{name} = ?" for name in _COUNTED)
        try:
            self._db.execute(f"UPDATE session SET {settings} WHERE key = ?", (*counted, key))  # noqa: S608
        except sqlite3.OperationalError:
            return counted  # a store on a read-only disk: counted again next time
        return counted

    def forget(self) -> None:
        """Forget everything that was written."""
        for table in ("session", "part", "shared"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 (constants)

    def graphs(self) -> set[str]:
        """Return the names of all graphs, shared ones too."""
        rows = self._db.execute("SELECT graph FROM session UNION SELECT graph FROM shared")
        return {row[0] for row in rows}

    def shared(self) -> set[str]:
        """Return the graphs that sessions share and that are in the database."""
        return {row[0] for row in self._db.execute("SELECT graph FROM shared")}

    def add_shared(self, packed: Iterable[tuple[str, bytes]]) -> None:
        """Remember shared graphs with their lines, packed."""
        self._db.executemany("INSERT OR IGNORE INTO shared VALUES (?, ?)", packed)

    def shared_text(self, graph: str) -> bytes:
        """Return a shared graph as sorted N-Quads."""
        row = self._db.execute("SELECT data FROM shared WHERE graph = ?", (graph,)).fetchone()
        return b"" if row is None else zlib.decompress(row[0])


def _count(text: bytes) -> tuple[int, int, int, str]:
    """Count activities, entities and quads of sorted N-Quads, and take their digest."""
    activities = text.count(f" <{RDF.type}> <{PROV.Activity}> ".encode())
    kind = re.escape(f"> <{RDF.type}> <{PROV.Entity}> ".encode())
    entities = len(re.findall(rb"^<[^>]*/entity/[^>]*" + kind, text, re.MULTILINE))
    return activities, entities, text.count(b"\n"), hashlib.sha256(text).hexdigest()
