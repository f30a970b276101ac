"""Appending lines to a log that many processes share, without ever getting in the pipeline's way.

The records of one moment go out in one `os.write`, on a file opened for appending: no record is ever
split over two writes, and on a local disk the kernel keeps a write whole, whoever else appends. On
shared file systems (NFS, Lustre) it does not: there, give every process its own file with ``{host}``
and ``{pid}`` in the path.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable

_FLAGS = (
    os.O_WRONLY
    | os.O_APPEND
    | os.O_CREAT
    | getattr(os, "O_CLOEXEC", 0)
    # a pipe without a reader must give an error, not wait for one
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
)
_PATIENCE = 1.0
"""Seconds before a log that could not be opened is tried again."""


class Writer:
    """Appends lines to one log.

    Parameters
    ----------
    path : str
        Path of the log; ``{pid}`` and ``{host}`` in it are filled in for each process.
    warn : callable
        Told once, in words, when the log cannot be written.

    Attributes
    ----------
    lost : int
        Records that could not be written.
    announced : set of str
        Sessions whose record is in the log.
    """

    def __init__(self, path: str, *, warn: Callable[[str], object]) -> None:
        self.template = os.path.abspath(path)
        self.lost = 0
        self.announced: set[str] = set()
        self._warn = warn
        self._warned = False
        self._torn = False
        self._not_before = 0.0
        self._looked = 0.0
        # a slot that is filled once; the file descriptor in it is never closed, only replaced by dup2, so
        # that another thread can never write to a number that meanwhile belongs to a file of the pipeline
        self._slot: dict[str, int] = {}
        self._held: tuple[int, int] | None = None

    @property
    def path(self) -> str:
        """Path of the log of this process."""
        if "{" not in self.template:
            return self.template
        return self.template.replace("{pid}", str(os.getpid())).replace("{host}", platform.node())

    def write(self, lines: str, count: int = 1) -> bool:
        """Append the lines of some records in one go; False when they could not be written."""
        try:
            descriptor = self._slot.get("fd")
            if descriptor is None:
                descriptor = self._open()
            data = lines.encode("ascii", "backslashreplace")
            if self._torn:
                data = b"\n" + data
            self._send(descriptor, data)
        except OSError as error:
            self._fail(error, count=count)
            return False
        return True

    def look(self, *, patience: float = 0.0) -> None:
        """Follow the log when it was rotated, removed, or closed under us; before and after every step.

        Parameters
        ----------
        patience : float
            Seconds for which the last look is believed.
        """
        now = time.monotonic()
        descriptor = self._slot.get("fd")
        if descriptor is None or now < self._looked + patience:
            return
        self._looked = now
        ours = self._is_ours(descriptor)
        if not ours or not self._is_there():
            self._follow(descriptor, ours=ours)

    def _open(self) -> int:
        if time.monotonic() < self._not_before:
            message = "not tried again yet"
            raise OSError(message)
        opened = os.open(self.path, _FLAGS, 0o666)
        descriptor = self._slot.setdefault("fd", opened)
        if descriptor != opened:
            os.close(opened)
        self._hold(descriptor)
        return descriptor

    def _follow(self, descriptor: int, *, ours: bool) -> None:
        """Put the file that is now at the path behind the descriptor."""
        try:
            opened = os.open(self.path, _FLAGS, 0o666)
        except OSError as error:
            self._fail(error, count=0)
            return
        if ours:
            os.dup2(opened, descriptor, inheritable=False)
            os.close(opened)
        else:
            # someone closed our descriptor, and its number may now be a file of theirs: leave it alone
            self._slot["fd"] = descriptor = opened
        self._torn = False
        self._hold(descriptor)

    def _is_ours(self, descriptor: int) -> bool:
        try:
            held = os.fstat(descriptor)
        except OSError:
            return False
        return (held.st_dev, held.st_ino) == self._held

    def _is_there(self) -> bool:
        try:
            there = os.stat(self.path)
        except OSError:
            return False
        return (there.st_dev, there.st_ino) == self._held

    def _hold(self, descriptor: int) -> None:
        status = os.fstat(descriptor)
        self._held = (status.st_dev, status.st_ino)

    def _send(self, descriptor: int, data: bytes) -> None:
        sent = os.write(descriptor, data)
        while sent < len(data):
            # only a full disk cuts a write: the rest may fit, else the next record begins on a new line
            self._torn = True
            data = data[sent:]
            sent = os.write(descriptor, data)
            if sent == 0:
                message = "nothing was written"
                raise OSError(message)
        self._torn = False

    def _fail(self, error: OSError, *, count: int) -> None:
        self.lost += count
        if "fd" not in self._slot and time.monotonic() >= self._not_before:
            self._not_before = time.monotonic() + _PATIENCE
        if not self._warned:
            self._warned = True
            reason = (error.strerror or str(error)).lower()
            self._warn(f"cannot write the provenance log {self.path}: {reason}; the pipeline goes on without")
