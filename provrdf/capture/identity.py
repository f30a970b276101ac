"""What a file is: its content by digest, its size and time; or only its path, when so configured."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

_BLOCK = 1 << 20
_SAMPLES = 16
_CACHED = 4096
_SETTLED = 100_000_000
"""Nanoseconds: a file changed later than this before it was read may change again in the same clock tick."""


class Digest(Protocol):
    """What hashlib gives."""

    def update(self, data: Any, /) -> None:
        """Take more bytes."""
        ...

    def hexdigest(self) -> str:
        """Return the digest so far."""
        ...


class FileIdentity(NamedTuple):
    """What identifies a file.

    Attributes
    ----------
    id : str
        Id of its entity.
    hash : str
        The digest.
    kind : str
        What was hashed: ``content``; ``fast``, size and samples of a large file; ``path``, its path alone.
    size : int or None
        Bytes; None when there is no such file.
    modified : int or None
        Nanoseconds since 1970.
    """

    id: str
    hash: str
    kind: str
    size: int | None
    modified: int | None


class Status(NamedTuple):
    """What tells whether a file is still as it was; times are nanoseconds since 1970."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int
    is_file: bool


class Files:
    """Identifies files, and remembers those that did not change.

    Parameters
    ----------
    method : str
        Algorithm, as hashlib names it.
    content : bool
        Hash the content; else the path alone.
    limit : int
        Bytes; of a larger file only the size and samples are read.
    """

    def __init__(self, method: str, *, content: bool, limit: int) -> None:
        self.method = method
        self._content = content
        self._limit = limit
        self._paths: dict[str, str] = {}
        self._known: dict[Status, tuple[str, str]] = {}

    def look(self, path: str) -> Status | None:
        """Look at a file; None when it is not there, or cannot be looked at."""
        try:
            status = os.stat(path)
        except (OSError, ValueError):
            return None
        return Status(
            status.st_dev,
            status.st_ino,
            status.st_size,
            status.st_mtime_ns,
            status.st_ctime_ns,
            stat.S_ISREG(status.st_mode),
        )

    def identify(self, path: str, status: Status | None, *, shown: str | None = None) -> FileIdentity:
        """Identify the file at a path; one that is not there, or cannot be read, is known by its path.

        Parameters
        ----------
        path : str
            Where the file is.
        status : Status or None
            What `look` said.
        shown : str, optional
            The path as it is written to the log, when it holds a secret.
        """
        if status is None or not self._content or not status.is_file:
            return self._by_path(shown or path, status)
        known = self._known.get(status)
        try:
            digest, kind = known or self._read(path, status)
        except (OSError, ValueError):
            return self._by_path(shown or path, status)
        # an empty file has no content to be known by: all empty files would be one
        identity = digest if status.size else self.digest((shown or path).encode("utf-8", "surrogateescape"))
        return FileIdentity(identity, digest, kind, status.size, status.modified)

    def is_settled(self, status: Status | None) -> bool:
        """Tell whether a file is known to be as it was when it looks the same again."""
        return status is not None and (not self._content or not status.is_file or status in self._known)

    def digest(self, data: bytes) -> str:
        """Digest some bytes."""
        return _new(self.method)(data).hexdigest()

    def _by_path(self, path: str, status: Status | None) -> FileIdentity:
        digest = self._paths.get(path)
        if digest is None:
            digest = self.digest(path.encode("utf-8", "surrogateescape"))
            if len(self._paths) >= _CACHED:
                self._paths.clear()
            self._paths[path] = digest
        if status is None or not status.is_file:
            return FileIdentity(digest, digest, "path", None, None)
        return FileIdentity(digest, digest, "path", status.size, status.modified)

    def _read(self, path: str, status: Status) -> tuple[str, str]:
        begun = time.time_ns()
        found = (
            (self._whole(path), "content")
            if status.size <= self._limit
            else (self._samples(path, status.size), "fast")
        )
        if begun - max(status.modified, status.changed) > _SETTLED:
            if len(self._known) >= _CACHED:
                self._known.clear()
            self._known[status] = found
        return found

    def _whole(self, path: str) -> str:
        digest = _new(self.method)()
        with open(path, "rb", buffering=0) as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()

    def _samples(self, path: str, size: int) -> str:
        """Digest the size and evenly spaced blocks, the first and the last among them."""
        digest = _new(self.method)(f"{size}:".encode())
        block = min(_BLOCK, max(1, self._limit // _SAMPLES))
        with open(path, "rb", buffering=0) as stream:
            for index in range(_SAMPLES):
                stream.seek((size - block) * index // (_SAMPLES - 1) if size > block else 0)
                digest.update(stream.read(block))
        return digest.hexdigest()


def _new(method: str) -> Callable[..., Digest]:
    maker: Callable[..., Digest] = getattr(hashlib, method)
    return maker


def path_of(value: object) -> str | None:
    """Return the path that a value names, absolute unless it is an address; None when it names none."""
    if type(value) is not str:
        if isinstance(value, os.PathLike):
            value = os.fspath(value)
        elif not isinstance(value, str | bytes):
            return _named(value)
    text = os.fsdecode(value) if isinstance(value, bytes) else str(value)
    if not text:
        return None
    if "$" in text:
        text = os.path.expandvars(text)
    if text[0] == "/" and "//" not in text and "/." not in text and text[-1] != "/":
        return text
    return text if "://" in text else os.path.abspath(text)


def _named(value: object) -> str | None:
    """Return the path of an open file."""
    name = getattr(value, "name", None)
    return os.path.abspath(name) if isinstance(name, str) and hasattr(value, "read") else None
