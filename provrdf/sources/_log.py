"""One log while it is read: its lines, what is counted, and where rejected lines go."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import IO

from provrdf._payload import Reason
from provrdf.records import PREFIXES, Reject

_TEXT_OF_LARGE = 1_000  # characters that are kept of a line too large to be read


class Tally(SimpleNamespace):
    """What was met in one file.

    Attributes
    ----------
    format : str
    records, rejected : int
    other : int
        Lines that are no provenance: other messages of the same log.
    """

    format: str
    records: int
    rejected: int
    other: int

    def __init__(self, format: str = "", *, records: int = 0, rejected: int = 0, other: int = 0) -> None:  # noqa: A002
        super().__init__(format=format, records=records, rejected=rejected, other=other)


class Log:
    """One log while it is read.

    Attributes
    ----------
    name : str
        File name for records and messages.
    lines : text stream
        A line ends with a line feed only; bytes that are no UTF-8 are surrogates.
    prefixes : tuple of str
        Markers of a provenance line.
    sink : callable
        Takes each rejected line.
    tally : Tally
        Counts; a format counts its records and ``other``, `reject` the rest.
    seen_prefix : str or None
        A marker-like text met where none of `prefixes` was.
    """

    def __init__(
        self,
        name: str,
        lines: IO[str],
        *,
        prefixes: tuple[str, ...] = PREFIXES,
        sink: Callable[[Reject], None],
        tally: Tally,
    ) -> None:
        self.name = name
        self.lines = lines
        self.prefixes = prefixes
        self.sink = sink
        self.tally = tally
        self.seen_prefix: str | None = None

    def reject(self, line: int, reason: Reason, text: str) -> None:
        """Report a line that could not be read; its text may hold surrogates for foreign bytes."""
        if reason is Reason.TOO_LARGE:
            text = text[:_TEXT_OF_LARGE]
        if not is_utf8(text):
            text = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        self.tally.rejected += 1
        self.sink(Reject(self.name, line, reason, text.rstrip("\r\n")))


def is_utf8(text: str) -> bool:
    """Tell whether a text read from a log has no foreign bytes in it."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
