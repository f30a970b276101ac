"""Layout of the SQLite file of a store, and how it is opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from provrdf.errors import StoreError

VERSION = "1"
"""Version of the layout; a store of another version is refused."""

_TABLES = """
-- settings
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- files that were read, how far, and by what they are recognised
CREATE TABLE source (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL, device INTEGER, inode INTEGER, size INTEGER, modified REAL,
  offset INTEGER NOT NULL, line INTEGER NOT NULL, head_size INTEGER, head TEXT, tail_size INTEGER, tail TEXT,
  format TEXT NOT NULL DEFAULT '', rejected INTEGER NOT NULL DEFAULT 0);
CREATE INDEX source_path ON source (path);
-- a unit is all records of one logged session id: what is mapped together
CREATE TABLE unit (
  id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, stage INTEGER NOT NULL DEFAULT 0,
  whole INTEGER NOT NULL DEFAULT 0, head_file TEXT, head_line TEXT);
CREATE INDEX unit_stage ON unit (stage) WHERE stage > 0;
-- records of one unit, file and kind, a few hundred together
CREATE TABLE piece (
  id INTEGER PRIMARY KEY, unit INTEGER NOT NULL, file TEXT NOT NULL, kind INTEGER NOT NULL,
  loose INTEGER NOT NULL, fresh INTEGER NOT NULL, count INTEGER NOT NULL, data BLOB NOT NULL);
CREATE INDEX piece_unit ON piece (unit, fresh);
CREATE INDEX piece_file ON piece (file, unit);
CREATE INDEX piece_loose ON piece (file) WHERE loose = 1;
-- which pieces speak of an activity or entity, and what has been said already, by fingerprint
CREATE TABLE about (
  subject INTEGER, unit INTEGER, piece INTEGER, PRIMARY KEY (subject, unit, piece)) WITHOUT ROWID;
CREATE TABLE seen (mark INTEGER PRIMARY KEY);
-- large values, once each
CREATE TABLE block (digest TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
-- what tells to which unit a record belongs
CREATE TABLE start (
  activity TEXT, unit INTEGER, tag TEXT, started TEXT, UNIQUE (activity, unit, tag, started));
CREATE TABLE tag (tag TEXT, unit INTEGER, PRIMARY KEY (tag, unit)) WITHOUT ROWID;
CREATE TABLE mention (entity TEXT, unit INTEGER, PRIMARY KEY (entity, unit)) WITHOUT ROWID;
-- what happened to files
CREATE TABLE event (
  file TEXT, unit INTEGER, moment TEXT, kind INTEGER, session TEXT, step TEXT, activity TEXT, inputs TEXT);
CREATE INDEX event_file ON event (file, kind, moment);
CREATE INDEX event_unit ON event (unit, activity);
-- sessions and their N-Quads, in parts: a growing session gets small ones
CREATE TABLE session (
  unit INTEGER, key TEXT, id TEXT, iri TEXT, graph TEXT, started TEXT, ended TEXT,
  broken INTEGER NOT NULL DEFAULT 0, activities INTEGER, entities INTEGER, quads INTEGER, digest TEXT,
  PRIMARY KEY (unit, key));
CREATE INDEX session_key ON session (key);
CREATE TABLE part (unit INTEGER, key TEXT, data BLOB NOT NULL);
CREATE INDEX part_session ON part (key, unit);
-- graphs of environments and models
CREATE TABLE shared (graph TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
"""


def connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """Open the file, made when it is not there and `create` is true.

    Raises
    ------
    StoreError
        When it is not there, cannot be opened, or is of another version.
    """
    if not create and not path.exists():
        raise StoreError("is no provrdf store", file=str(path.parent))
    mode = "rwc" if create else "rw" if _is_writable(path) else "ro"
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=30
        )
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA synchronous = NORMAL")
        if create and not connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            _create(connection)
        found = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
    except sqlite3.Error as error:
        message = f"cannot be opened: {error}"
        raise StoreError(message, file=str(path)) from error
    if found is None or found[0] != VERSION:
        message = f"was written by another version of provrdf (layout {found and found[0]}, not {VERSION})"
        raise StoreError(message, file=str(path.parent))
    return connection


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement in _TABLES.split(";\n"):
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('version', ?)", (VERSION,))
    connection.execute("COMMIT")


def _is_writable(path: Path) -> bool:
    try:
        with path.open("r+b"):
            return True
    except OSError:
        return False
