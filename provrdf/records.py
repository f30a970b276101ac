"""Record: one line of a provenance log, and the wire format in both directions.

A log line reads ``INFO provLogger __PROV__<time>__PROV__{...}``; the dictionary is the payload.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Record(NamedTuple):
    """One provenance record, as logged.

    A tuple rather than a dataclass: frozen all the same, and made several times faster,
    which counts when a log has a million lines.

    Attributes
    ----------
    time : str or None
        Time stamp of the log line, ISO 8601 as written there (naive local time in the field's logs).
    data : mapping
        The payload, in the order of the line. Never changed after reading.
    file : str
        Where the record was read from.
    line : int
        Line number, from 1.
    inexact : tuple of str
        Keys whose value is no Python literal and was kept as its text (``PosixPath('dl3')``).
    """

    time: str | None
    data: Mapping[Any, Any]
    file: str = "<memory>"
    line: int = 0
    inexact: tuple[str, ...] = ()
