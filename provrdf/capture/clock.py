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

    __slots__ = ("_latest", "_other", "zone")

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self._latest: tuple[int, str, str] = (-1, "", "")
        self._other: tuple[int, str, str] = (-1, "", "")

    def stamp(self) -> str:
        """Write the time of a log line, without offset: the field's readers compare it with such times."""
        micros = time.time_ns() // 1000
        second = micros // 1_000_000
        known = self._latest
        if known[0] != second:
            known = self._latest = self._text(second)
        return f"{known[1]}.{micros % 1_000_000:06d}"

    def now(self) -> str:
        """Write the time with its offset, ``2026-11-22T07:36:13.348707+00:00``."""
        micros = time.time_ns() // 1000
        second = micros // 1_000_000
        known = self._latest
        if known[0] != second:
            known = self._latest = self._text(second)
        return f"{known[1]}.{micros % 1_000_000:06d}{known[2]}"

    def at(self, nanoseconds: int) -> str:
        """Write a time given in nanoseconds since 1970, with its offset."""
        micros = nanoseconds // 1000
        second = micros // 1_000_000
        known = self._latest
        if known[0] != second:
            known = self._other
            if known[0] != second:
                known = self._other = self._text(second)
        return f"{known[1]}.{micros % 1_000_000:06d}{known[2]}"

    def _text(self, second: int) -> tuple[int, str, str]:
        # kept by one assignment of a tuple: another thread sees the old one or the new one, never a mixture
        text = datetime.fromtimestamp(second, self.zone).isoformat()
        return second, text[:19], text[19:]
