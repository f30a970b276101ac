"""What the threads and processes of one run share: the session, the logs, the ids of objects."""

from __future__ import annotations

import os
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

from provrdf.capture.inside import CURRENT, VARIABLE, Inside, Session, new_uuid, parse_token

if TYPE_CHECKING:
    from provrdf.capture.objects import Objects
    from provrdf.capture.writer import Writer


class Family:
    """One run: what its threads share, and what its processes tell each other.

    Attributes
    ----------
    changes : int
        How often a capture was switched or configured; what was found out before may no longer hold.
    """

    def __init__(self) -> None:
        self.changes = 0
        self._objects: dict[str, Objects] = {}
        self._begun: dict[str, Session] = {}
        self._ours: set[str] = set()
        self._inherited: dict[str, Inside | None] = {}
        self._starters: weakref.WeakKeyDictionary[threading.Thread, Inside] = weakref.WeakKeyDictionary()
        self._writers: dict[str, Writer] = {}

    def changed(self) -> None:
        """Say that a capture was switched or configured."""
        self.changes += 1

    def session(self, named: Callable[[], str]) -> Session:
        """Return the session of this process; the first call begins it, unless a parent process has one.

        Parameters
        ----------
        named : callable
            Makes the name of a new session.
        """
        known = self._begun.get("")
        if known is not None:
            return known
        inherited = self.inherited()
        if inherited is not None:
            return inherited.session
        return self._begun.setdefault("", self.begin(named(), time.time_ns()))

    def begin(self, name: str, started: int, *, identity: str | None = None, **facts: object) -> Session:
        """Begin a session in this process."""
        session = Session(identity or new_uuid(), name, started, facts=tuple(facts.items()))
        self._ours.add(session.id)
        return session

    def inherited(self) -> Inside | None:
        """Return what the process that started this one said; read before anything is said to children."""
        if "parent" not in self._inherited:
            self._inherited.setdefault("parent", parse_token(os.environ.get(VARIABLE, "")))
        return self._inherited["parent"]

    def is_process_session(self, session: Session) -> bool:
        """Tell whether a session is the one that this process has when nothing else is said."""
        return self._begun.get("") is session

    def is_ours(self, session: Session) -> bool:
        """Tell whether this process, or one that it was forked from, began a session."""
        return session.id in self._ours

    def here(self) -> Inside | None:
        """Return what the running code is inside of, as far as its thread knows."""
        inside = CURRENT.get()
        if inside is None and self._starters:
            return self._starters.get(threading.current_thread())
        return inside

    def parent(self) -> Inside | None:
        """Return what the running code is inside of, in this process or the one that started it."""
        here = self.here()
        if here is not None:
            return here
        inherited = self.inherited()
        if inherited is not None and _is_fork_server_child():
            return inherited._replace(activity=None)
        return inherited

    def place(self) -> Inside | None:
        """Return what the running code is inside of, or else the session alone; None before there is one."""
        parent = self.parent()
        known = self._begun.get("")
        return Inside(known, None) if parent is None and known is not None else parent

    def started(self, thread: threading.Thread, inside: Inside) -> None:
        """Remember inside of what a thread was started."""
        self._starters[thread] = inside

    def objects(self) -> Objects:
        """Return what gives Python objects their ids, the same for all captures of the process."""
        from provrdf.capture.objects import Objects

        return self._objects.setdefault("", Objects())

    def writer(self, log: str, warn: Callable[[str], object]) -> Writer:
        """Return the writer of a log: one per log, whichever captures share it."""
        from provrdf.capture.writer import Writer

        path = os.path.abspath(log)
        return self._writers.get(path) or self._writers.setdefault(path, Writer(path, warn=warn))


FAMILY = Family()
"""One per process, since a session spans everything that runs in it."""


def _is_fork_server_child() -> bool:
    """Tell a process that a fork server made: what its environment says was true when the server started."""
    process = sys.modules.get("multiprocessing.process")
    parent = process.parent_process() if process is not None else None
    return parent is not None and parent.pid != os.getppid()
