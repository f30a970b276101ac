"""Why a line was rejected: a fixed list, so that reports can be counted and compared."""

from __future__ import annotations

from enum import StrEnum

MAX_DEPTH = 100
"""Levels of nesting of the deepest record that is read."""


class Reason(StrEnum):
    """Why a line that carries provenance could not be read."""

    TRUNCATED = "truncated"
    """The record is cut off."""
    TORN = "torn"
    """Two records, or a record and other text, share one line."""
    BAD_TIME = "bad time"
    """The time stamp, or a time in the record, is no ISO 8601 date and time."""
    NO_KEY = "no key"
    """A record of no kind: no usable session_id, activity_id or entity_id."""
    NOT_A_DICTIONARY = "not a dictionary"
    """A literal or JSON value, but no dictionary."""
    NOT_UTF8 = "not UTF-8"
    """Bytes that are no UTF-8 text."""
    TOO_DEEP = "too deep"
    """Nested deeper than any real record."""
    TOO_LARGE = "too large"
    """Longer than any real record."""
    MALFORMED = "malformed"
    """Neither a Python dictionary nor JSON."""


class PayloadError(ValueError):
    """A text that cannot be read as a record; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(str(reason))
