"""Where output goes: data on stdout or to a file (written whole or not at all), words on stderr."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path
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
    target = _target(path)
    with _room_for(path):
        if target.exists() and not target.is_file():
            with target.open("wb") as stream:
                yield stream
            return
        with _whole_file(target) as stream:
            yield stream


def _target(path: str) -> Path:
    """Check that a file could be there."""
    target = Path(path)
    if not path or target.is_dir():
        message = f"cannot write {path}: it is a folder, name a file" if path else "an output needs a name"
        raise UsageError(message)
    if not target.parent.is_dir():
        message = f"cannot write {path}: there is no folder {target.parent}"
        raise UsageError(message)
    return target


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
def _whole_file(target: Path) -> Iterator[IO[bytes]]:
    """Write beside the target, and put the result in its place at the end."""
    import tempfile

    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise
        message = f"cannot write {target}: {str(error.strerror).lower()}"
        raise UsageError(message) from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def drop_stdout() -> None:
    """Send what is still to be printed nowhere, or Python complains at exit that it cannot be written."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str) -> None:
    """Print a line for a person, on stderr; work goes on when nobody can read it."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(text + "\n")
