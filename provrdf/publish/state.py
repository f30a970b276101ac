"""What a publisher keeps beside the store's own truth: locks, a manifest of steps, and what probes found.

None of it is needed to be right: the store is always asked. The manifest tells which uploads were ours, the
probe's answers save questions, the locks keep two publishers of one machine from getting in each other's way.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from provrdf.errors import ConfigError, PublishError

_WAIT = 120.0


def default_folder() -> Path:
    """Return where state is kept when nobody says: the user's state folder."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "provrdf"


class StateFolder:
    """The files of one publisher for one store.

    Parameters
    ----------
    folder : Path
        Where; made when it is first needed.
    store : str
        What tells the store from others, usually its address.
    """

    def __init__(self, folder: Path, store: str) -> None:
        self.store = store
        self._folder = folder
        self._stem = hashlib.sha256(store.encode()).hexdigest()[:16]

    def _file(self, suffix: str) -> Path:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            message = (
                f"the folder {self._folder} cannot be made ({error.strerror}); name another with --state"
            )
            raise ConfigError(message) from error
        return self._folder / f"{self._stem}{suffix}"

    @contextlib.contextmanager
    def lock(self, *, wait: float = _WAIT, say: Callable[[str], None] | None = None) -> Iterator[None]:
        """Hold the only right to publish to this store from this machine.

        Raises
        ------
        PublishError
            Another run did not finish in time.
        """
        import fcntl

        end = time.monotonic() + wait
        with self._file(".lock").open("w") as stream:
            waiting = False
            while True:
                try:
                    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except OSError as error:
                    if time.monotonic() > end:
                        message = f"another run is publishing to {self.store} for more than {wait:.0f} s"
                        raise PublishError(message) from error
                if say and not waiting:
                    say(f"waiting for another run that is publishing to {self.store}")
                waiting = True
                time.sleep(0.1)
            yield

    def note(self, **facts: Any) -> None:
        """Add a line to the manifest and make sure it is on the disk."""
        line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **facts})
        with self._file(".manifest.jsonl").open("a") as stream:
            stream.write(line + "\n")
            stream.flush()
            os.fsync(stream.fileno())

    def notes(self) -> Iterator[Mapping[str, Any]]:
        """Yield the lines of the manifest; one that was cut by a crash is left out."""
        path = self._folder / f"{self._stem}.manifest.jsonl"
        if not path.exists():
            return
        with path.open() as stream:
            for line in stream:
                with contextlib.suppress(ValueError):
                    yield json.loads(line)

    def remember(self, what: str, facts: Mapping[str, Any]) -> None:
        """Keep facts about the store, whole or not at all."""
        path = self._file(f".{what}.json")
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps({**facts, "store": self.store}, indent=1))
        draft.replace(path)

    def recall(self, what: str, *, days: float) -> Mapping[str, Any] | None:
        """Return facts that are not older than some days."""
        path = self._folder / f"{self._stem}.{what}.json"  # looking makes no folder
        with contextlib.suppress(OSError, ValueError):
            if time.time() - path.stat().st_mtime < days * 86400:
                found = json.loads(path.read_text())
                return found if isinstance(found, dict) and found.get("store") == self.store else None
        return None

    def forget(self, what: str) -> None:
        """Drop facts that turned out to be wrong."""
        self._file(f".{what}.json").unlink(missing_ok=True)
