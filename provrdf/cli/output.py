"""Where output goes: data on stdout or to a file (written whole or not at all), words on stderr."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def open_output(path: str | None) -> Iterator[IO[bytes]]:
    """Open a binary output: stdout for None or ``-``, else a file that appears only when complete.

    A run that fails or is killed leaves the old file as it was.
    """
    if path is None or path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(path)
    descriptor, name = tempfile.mkstemp(dir=target.parent or Path(), prefix=f".{target.name}.")
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
