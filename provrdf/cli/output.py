"""Where output goes: data on stdout or to a file (written whole or not at all), words on stderr."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from typing import IO

from provrdf.errors import OutputError, UsageError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextlib.contextmanager
def open_output(path: str | None) -> Iterator[IO[bytes]]:
    """Open a binary output: stdout for None or ``-``, else a file that appears only when complete.

    A run that fails or is killed leaves the old file as it was. A pipe or device is written to as it is.

    Raises
    ------
    UsageError
        When there can be no such file.
    OutputError
        When there is no room for it.
    """
    if path is None or path == "-":
        if sys.stdout is None:
            raise UsageError("there is no standard output: name a file with -o")
        with _room_for("the standard output"):
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    folder = _folder(path)
    with _room_for(path):
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as stream:
                yield stream
            return
        with _whole_file(path, folder) as stream:
            yield stream


def _folder(path: str) -> str:
    """Return the folder of a file to write; it must be there."""
    if not path or os.path.isdir(path):
        message = f"cannot write {path}: it is a folder, name a file" if path else "an output needs a name"
        raise UsageError(message)
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        message = f"cannot write {path}: there is no folder {folder}"
        raise UsageError(message)
    return folder


@contextlib.contextmanager
def _room_for(path: str) -> Iterator[None]:
    """Say in plain words that a disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            message = f"cannot write {path}: {str(error.strerror).lower()}"
            raise OutputError(message) from error
        raise


@contextlib.contextmanager
def _whole_file(path: str, folder: str) -> Iterator[IO[bytes]]:
    """Write beside the file, and put the result in its place at the end."""
    draft = os.path.join(folder, f".{os.path.basename(path)}.{os.urandom(6).hex()}")
    try:
        stream = open(draft, "xb")  # noqa: SIM115 (closed below)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise
        message = f"cannot write {path}: {str(error.strerror).lower()}"
        raise UsageError(message) from error
    try:
        with stream:
            yield stream
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft)
        raise


def drop_stdout() -> None:
    """Send what is still to be printed nowhere, or Python complains at exit that it cannot be written."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str) -> None:
    """Print a line for a person, on stderr; work goes on when nobody can read it."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(text + "\n")
