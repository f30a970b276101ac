"""Which files a source means, and how they are opened: paths, globs, folders, standard input, .gz."""

from __future__ import annotations

import codecs
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any, NamedTuple, cast

from provrdf._payload import MAX_LINE
from provrdf.errors import LogError

Source = str | os.PathLike[str]

STDIN = "<stdin>"
HEAD = 256 * 1024
"""Bytes from which a format is recognised."""

_LOG_NAME = r"[^.].*\.(log|prov|jsonl|ndjson|json|txt)([-.]\d+)*(\.gz)?"
_CHUNK = 64 * 1024
_GZIP = b"\x1f\x8b"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class NothingThereError(LogError):
    """A file holds nothing that could be lost: in a folder it may lie beside logs."""


class Place(NamedTuple):
    """A file to read; ``named`` when it was named itself, not found in a folder or by a glob."""

    path: str
    named: bool = True

    @property
    def name(self) -> str:
        """What messages and records call it."""
        return STDIN if self.path == "-" else self.path


def places(source: Source | Iterable[Source]) -> list[Place]:
    """List the files that a source means, each once, in a stable order.

    Raises
    ------
    LogError
        When there is no such file, no file that a glob fits, or no log in a folder.
    """
    sources = [source] if isinstance(source, (str, os.PathLike)) else list(source)
    if not sources:
        raise LogError("no input: name a log, a folder or a glob")
    found: dict[str, Place] = {}
    for one in sources:
        for place in _expand(os.fspath(one)):
            found.setdefault(place.path, place)
    return list(found.values())


def _expand(path: str) -> list[Place]:
    if path == "-":
        return [Place(path)]
    if os.path.isdir(path):
        inside = _logs_in(path)
        if not inside:
            message = f"no log in the folder {path}: looked for names such as prov.log, *.jsonl, *.log.gz"
            raise LogError(message)
        return inside
    if os.path.exists(path):
        return [Place(path)]
    import glob

    if glob.has_magic(path):
        matching = sorted(one for one in glob.glob(path, recursive=True) if os.path.isfile(one))
        if not matching:
            message = f"no file fits {path}"
            raise LogError(message)
        return [Place(one, named=False) for one in matching]
    message = f"no such file or folder: {path}"
    raise LogError(message)


def _logs_in(folder: str) -> list[Place]:
    found: list[Place] = []
    for parent, folders, files in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            Place(os.path.join(parent, name), named=False)
            for name in sorted(files)
            if re.fullmatch(_LOG_NAME, name) and os.path.isfile(os.path.join(parent, name))
        ]
    return found


def _refuse(error: OSError) -> None:
    message = f"cannot read the folder {error.filename}: {_plain_words(error)}"
    raise LogError(message)


def _plain_words(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "no permission"
    return (getattr(error, "strerror", None) or str(error)).lower()


class _Bounded(io.BufferedIOBase):
    """Bytes of a file whose lines are kept within bounds.

    What exceeds the longest line that is read is left out, so that a file without line breaks cannot fill
    the memory.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.head: bytes = stream.read(HEAD).removeprefix(codecs.BOM_UTF8)
        self._next = self.head
        self._run = 0  # bytes since the last line break

    def readable(self) -> bool:
        return True

    def read1(self, _size: int = -1, /) -> bytes:
        """Return the next bytes, however many; none at the end."""
        while chunk := self._next or self._stream.read1(_CHUNK):
            self._next = b""
            if self._run > MAX_LINE:
                _, line_break, rest = chunk.partition(b"\n")
                chunk = line_break + rest
            last = chunk.rfind(b"\n")
            self._run = self._run + len(chunk) if last < 0 else len(chunk) - last - 1
            if chunk:
                return bytes(chunk)
        return b""


@contextmanager
def opened(place: Place) -> Iterator[tuple[bytes, IO[str]]]:
    """Open a file for reading as text; also gives its first bytes, decompressed.

    Bytes that are no UTF-8 come through as surrogates, so that they cost their own line only. A line ends
    with a line feed and nothing else: other line ends may stand in a text.

    Raises
    ------
    LogError
        When the file cannot be opened, is empty, or is no text.
    """
    try:
        raw = _standard_input() if place.path == "-" else open(place.path, "rb")  # noqa: SIM115 (closed below)
    except OSError as error:
        message = f"cannot read {place.name}: {_plain_words(error)}"
        raise LogError(message) from None
    try:
        bounded = _Bounded(_unpacked(raw) if raw.peek(2)[:2] == _GZIP else raw)
    except damages() as error:
        raw.close()
        message = f"cannot read {place.name}: {_plain_words(error)}"
        raise LogError(message) from None
    try:
        _check_text(bounded.head, place)
        yield (
            bounded.head,
            io.TextIOWrapper(cast("Any", bounded), encoding="utf-8", errors="surrogateescape", newline="\n"),
        )
    finally:
        if place.path != "-":
            raw.close()


def damages() -> tuple[type[Exception], ...]:
    """List what reading a damaged file raises."""
    import zlib

    return OSError, EOFError, zlib.error


def _unpacked(raw: Any) -> Any:
    import gzip

    return gzip.GzipFile(fileobj=raw)


def _standard_input() -> Any:
    stream = sys.stdin.buffer
    return stream if hasattr(stream, "peek") else io.BufferedReader(stream)


def _check_text(head: bytes, place: Place) -> None:
    if not head:
        message = f"{place.name} is empty: no provenance record in it"
        raise NothingThereError(message)
    if head.startswith(_UTF16):
        message = f"{place.name} is UTF-16 text: convert it to UTF-8"
        raise LogError(message)
    if b"\0" in head[:4096]:
        message = f"{place.name} is a binary file, not a log"
        raise LogError(message)
