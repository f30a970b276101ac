"""Which activity and session the running code is inside of.

In one thread and in asyncio the standard context variables know. Other processes are told by a text in the
environment variable PROVRDF_PARENT.
"""

from __future__ import annotations

import os
from contextvars import ContextVar
from typing import Any, NamedTuple

VARIABLE = "PROVRDF_PARENT"
_SEPARATOR = "|"


class Session(NamedTuple):
    """A session: what runs together, across processes.

    Attributes
    ----------
    id : str
        Its id, a uuid unless given by hand.
    name : str
        What people call it.
    started : int
        Nanoseconds since 1970.
    log : str
        Path of the log that holds its record; empty when there is none yet.
    facts : tuple
        More keys and values of its record.
    """

    id: str
    name: str
    started: int
    log: str = ""
    facts: tuple[tuple[str, Any], ...] = ()


class Inside(NamedTuple):
    """What code is inside of."""

    session: Session
    activity: str | None


CURRENT: ContextVar[Inside | None] = ContextVar("provrdf_inside", default=None)
"""The innermost activity of the running code."""

BUSY: ContextVar[bool] = ContextVar("provrdf_busy", default=False)
"""True while capture itself runs: what it calls of the pipeline's code is not recorded."""


def token(inside: Inside) -> str:
    """Write what code is inside of as a text for an environment variable."""
    session = inside.session
    fields = (session.id, str(session.started), session.name, session.log, inside.activity or "")
    return _SEPARATOR.join(field.replace("%", "%25").replace(_SEPARATOR, "%7C") for field in fields)


def parse_token(text: str) -> Inside | None:
    """Read what `token` wrote; None when it is none."""
    fields = [field.replace("%7C", _SEPARATOR).replace("%25", "%") for field in text.split(_SEPARATOR)]
    if len(fields) != 5 or not fields[0] or not fields[1].isdigit():
        return None
    identity, started, name, log, activity = fields
    return Inside(Session(identity, name, int(started), log), activity or None)


def new_uuid() -> str:
    """Make a random uuid (version 4)."""
    # as uuid.uuid4 does, in half the time; the system's generator is safe across fork
    data = bytearray(os.urandom(16))
    data[6] = data[6] & 0x0F | 0x40
    data[8] = data[8] & 0x3F | 0x80
    text = data.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
