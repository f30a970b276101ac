"""Where output goes: data on stdout or to a file (written whole or not at all), words on stderr."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from provrdf.errors import UsageError


@contextlib.contextmanager
def open_output(path: str | None) -> Iterator[IO[bytes]]:
    """Open a binary output: stdout for None or ``-``, else a file that appears only when complete.

    A run that fails or is killed leaves the old file as it was. A pipe or device is written to as it is.
    """
    if path is None or path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(path)
    if target.exists() and not target.is_file():
        with target.open("wb") as stream:
            yield stream
        return
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}"
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


def say(text: str) -> None:
    """Print a line for a person, on stderr."""
    sys.stderr.write(text + "\n")
