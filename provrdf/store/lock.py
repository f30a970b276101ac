"""One writer or many readers: a lock on the folder of a store."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import IO

from provrdf.errors import StoreError

_UNSUPPORTED = frozenset((errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL))
_POLL = 0.05


class Lock:
    """A lock held until `release`, the end of a ``with`` block, or the end of the process.

    Parameters
    ----------
    folder : Path
        Folder of the store.
    write : bool
        Alone, or together with other readers.
    wait : float
        Seconds to wait for others.

    Raises
    ------
    StoreError
        When another process does not let go in time; says which.
    """

    def __init__(self, folder: Path, *, write: bool, wait: float) -> None:
        self._file = _open(folder / "lock", write=write)
        deadline = time.monotonic() + wait
        while not _try(self._file, write=write):
            if time.monotonic() >= deadline:
                holder = _holder(self._file)
                self._file.close()
                message = f"is in use{holder}; try again when that is done"
                raise StoreError(message, file=str(folder))
            time.sleep(_POLL)
        if write:
            self._file.seek(0)
            self._file.truncate()
            self._file.write(f"{os.getpid()}\n".encode())
            self._file.flush()

    def release(self) -> None:
        """Let go."""
        self._file.close()

    def __del__(self) -> None:
        # Graphs opened for questions hold their lock until nobody refers to them any more.
        file = self.__dict__.get("_file")  # there is none when the lock file could not be opened
        if file is not None:
            file.close()

    def __enter__(self) -> Lock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _open(path: Path, *, write: bool) -> IO[bytes]:
    """Open the lock file; a reader of a store on a read-only disk may not be able to make it."""
    try:
        return path.open("r+b" if path.exists() else "w+b")
    except OSError as error:
        if not write and path.exists():
            return path.open("rb")
        message = f"cannot be opened for writing: {error.strerror or error}"
        raise StoreError(message, file=str(path.parent)) from error


def _try(file: IO[bytes], *, write: bool) -> bool:
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if write else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        # Some network file systems have no locks. The database below still refuses a second writer.
        if error.errno not in _UNSUPPORTED:
            raise
    return True


def _holder(file: IO[bytes]) -> str:
    file.seek(0)
    process = file.read(32).decode("ascii", "replace").strip()
    return f" (last writer: process {process})" if process else ""
