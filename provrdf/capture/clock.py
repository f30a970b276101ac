"""The clock of a capture: time stamps that nobody can misread, made fast."""

from __future__ import annotations

import time
from datetime import datetime, tzinfo


class Clock:
    """Tells the time in one zone, in the two forms of a log.

    Every record costs a time stamp, so the part down to the second is formatted once per second.

    Parameters
    ----------
    zone : tzinfo
        Zone of the times that are written.
    """

    __slots__ = ("_known", "zone")

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self._known: tuple[int, str, str] = (-1, "", "")

    def stamp(self) -> str:
        """Local time of a log line, without offset: the field's readers compare it with such times."""
        micros = time.time_ns() // 1000
        text = self._second(micros // 1_000_000)[1]
        return f"{text}.{micros % 1_000_000:06d}"

    def now(self) -> str:
        """The time with its offset, ``2026-11-22T07:36:13.348707+00:00``."""
        return self.at(time.time_ns())

    def at(self, nanoseconds: int) -> str:
        """Write a time given in nanoseconds since 1970, with its offset."""
        micros = nanoseconds // 1000
        _, text, offset = self._second(micros // 1_000_000)
        return f"{text}.{micros % 1_000_000:06d}{offset}"

    def _second(self, second: int) -> tuple[int, str, str]:
        known = self._known
        if known[0] != second:
            text = datetime.fromtimestamp(second, self.zone).isoformat()
            # one assignment of a tuple: another thread sees the old one or the new one, never a mixture
            known = self._known = (second, text[:19], text[19:])
        return known
