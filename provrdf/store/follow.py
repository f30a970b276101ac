"""Follow files that grow: read only what is new, and notice rotation, truncation and renaming.

A file is recognised by device and inode, and for certain by digests of its beginning and of the bytes just
before where reading stopped. Offsets count bytes after unpacking, so a log stays itself when it is gzipped.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from provrdf.errors import LogError
from provrdf.records import Record, Reject
from provrdf.sources import Tally, read
from provrdf.store.state import SourceState, State

_HEAD = 4096  # bytes; a log line has a time, so the beginnings of two logs differ
_TAIL = 1024
_CHUNK = 1 << 20
_MOST_REJECTS = 1000  # kept in full: a file that is no log must not fill the memory
_WHOLE = frozenset(["ctapipe"])  # formats that are no lines: read again as a whole when the file has changed


@dataclass
class News:
    """What reading one file gave.

    Attributes
    ----------
    path : str
    how : str
        ``new``, ``grown``, ``same``, ``rewritten`` (the path holds another log now) or ``renamed``.
    state : SourceState or None
        What to remember once the records are kept; None for standard input.
    again : str
        The name of a file whose records replace those that were read from it before; else empty.
    rejects : list of Reject
        The first lines that could not be read.
    rejected : int
        How many there were.
    """

    path: str
    how: str = "new"
    state: SourceState | None = None
    again: str = ""
    rejects: list[Reject] = field(default_factory=list)
    rejected: int = 0

    def reject(self, one: Reject) -> None:
        """Note a line that cannot be read; one that is still being written is read next time."""
        if self.state is None or one.line <= self.state.line:
            self.rejected += 1
            if len(self.rejects) < _MOST_REJECTS:
                self.rejects.append(one)


def unread_siblings(path: str, state: State) -> list[str]:
    """List rotated neighbours (``prov.log.1``, ``prov.log-20261122.gz``) of a log that now begins anew.

    Between the last reading and the rotation lines may have been written that only they have.
    """
    known = state.sources(path)
    if not known or _is_same(path, known[0]):
        return []
    folder = Path(path).absolute().parent
    found = sorted(str(one) for one in folder.glob(f"{glob_escape(Path(path).name)}?*") if one.is_file())
    return [one for one in found if _is_same(one, known[0])]


def glob_escape(name: str) -> str:
    """Escape a file name for use in a pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _is_same(path: str, known: SourceState) -> bool:
    """Tell whether a file is the one that was read, grown perhaps."""
    try:
        with _open(path) as stream:
            return _matches(stream, known)
    except (OSError, EOFError, zlib.error):
        return False


def _open(path: str) -> IO[bytes]:
    stream = Path(path).open("rb")  # noqa: SIM115 (closed by the caller)
    if stream.read(2) == b"\x1f\x8b":
        stream.close()
        return cast("IO[bytes]", gzip.open(path, "rb"))
    stream.seek(0)
    return stream


def _matches(stream: IO[bytes], known: SourceState) -> bool:
    """Compare beginning and end of what was read with what the file has there now."""
    if known.offset == 0:
        return False
    if _digest(stream.read(known.head_size)) != known.head:
        return False
    stream.seek(known.offset - known.tail_size)
    tail = stream.read(known.tail_size)
    return len(tail) == known.tail_size and _digest(tail) == known.tail


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Follower:
    """Reads what is new in files.

    Parameters
    ----------
    state : State
        Knows what has been read before.
    prefix : str, optional
        Marker of provenance lines.
    """

    def __init__(self, state: State, *, prefix: str | None = None) -> None:
        self._state = state
        self._prefix = prefix

    def news(self, path: str) -> tuple[News, Iterator[Record]]:
        """Open one file; the News are complete when the records have been taken.

        Raises
        ------
        LogError
            When the file cannot be read, or is new and has no record in it.
        """
        news = News(path)
        if path == "-":
            return news, self._read(news, path, None)
        try:
            known = self._known(path, news)
            if news.how == "same":
                return news, iter(())
            if known is not None and known.format in _WHOLE:
                news.again = known.path
            return news, self._records(news, path, known)
        except (OSError, EOFError, zlib.error) as error:
            raise _unreadable(path, error) from error

    def _known(self, path: str, news: News) -> SourceState | None:
        """Find the source that a file is: by its place if nothing changed, by its content otherwise."""
        status = os.stat(path)
        identity = (status.st_dev, status.st_ino, status.st_size, status.st_mtime)
        here = self._state.sources(path)
        if here and here[0][2:6] == identity:
            news.how, news.state = "same", here[0]
            return here[0]
        for candidate in here[:1] + [one for one in self._state.sources() if one not in here[:1]]:
            if _is_same(path, candidate):
                news.how = "grown" if candidate.path == path else "renamed"
                return candidate
        news.how = "rewritten" if here else "new"
        return None

    def _records(self, news: News, path: str, known: SourceState | None) -> Iterator[Record]:
        """Read what is new, all at once or from where reading stopped."""
        try:
            yield from self._new_records(news, path, known)
        except (OSError, EOFError, zlib.error) as error:
            raise _unreadable(path, error) from error

    def _new_records(self, news: News, path: str, known: SourceState | None) -> Iterator[Record]:
        if known is None or known.format in _WHOLE:
            news.state = _scan(path, SourceState.start(path, known))
            yield from self._read(news, path, None)
            return
        with tempfile.NamedTemporaryFile(prefix="provrdf-", suffix=".log") as rest:
            news.state = _scan(path, known, cast("IO[bytes]", rest))
            if rest.tell():
                rest.flush()
                yield from self._read(news, rest.name, known)

    def _read(self, news: News, path: str, known: SourceState | None) -> Iterator[Record]:
        """Read a file, or the rest of one, which then gets its own name and line numbers back."""
        tally: dict[str, Tally] = {}
        name = known.format if known else None
        before = known.line if known else 0

        def reject(one: Reject) -> None:
            place = news.path if known else one.file
            news.reject(Reject(place, one.line + before, one.reason, one.text))

        try:
            for record in read(path, rejects=reject, prefix=self._prefix, format=name, tally=tally):
                yield record if known is None else record._replace(file=news.path, line=record.line + before)
        except LogError:
            if known is None or path not in tally:
                raise
            # Only the rest of a log may be without records: other messages, a line that is being written.
        if known is None:
            found = next(iter(tally.values()), Tally())
            news.state = news.state and news.state._replace(format=found.format)


def _unreadable(path: str, error: Exception) -> LogError:
    reason = getattr(error, "strerror", None) or str(error)
    return LogError(f"cannot be read: {reason.lower()}", file=path)


def _scan(path: str, known: SourceState, rest: IO[bytes] | None = None) -> SourceState:
    """Look through a file from where reading stopped to its last whole line, perhaps copying what is new."""
    status = os.stat(path)
    with _open(path) as stream:
        head = stream.read(_HEAD)
        stream.seek(known.offset)
        offset, line, position = known.offset, known.line, known.offset
        while chunk := stream.read(_CHUNK):
            if rest is not None:
                rest.write(chunk)
            if (end := chunk.rfind(b"\n")) >= 0:
                offset = position + end + 1
            line += chunk.count(b"\n")
            position += len(chunk)
        head = head[:offset]
        start = max(0, offset - _TAIL)
        stream.seek(start)
        tail = stream.read(offset - start)
    return known._replace(
        path=path,
        device=status.st_dev,
        inode=status.st_ino,
        size=status.st_size,
        modified=status.st_mtime,
        offset=offset,
        line=line,
        head_size=len(head),
        head=_digest(head),
        tail_size=len(tail),
        tail=_digest(tail),
    )
