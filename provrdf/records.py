"""Record: one line of a provenance log, and the wire format in both directions.

A log line reads ``INFO provLogger __PROV__<time>__PROV__{...}``; the dictionary is the payload. What precedes
the first marker (level, logger, date) is the logger's own affair. Only the first two markers of a line count:
a value that contains the marker cannot pass for a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from provrdf._payload import PayloadError, PayloadParser, Reason
from provrdf.errors import LogError

__all__ = ["PREFIXES", "Reason", "Record", "Reject", "format_line", "kind", "normalise", "parse_line"]

PREFIXES = ("__PROV__", "_PROV_")
"""Markers of the field's logs (lstosa; gammapy and logprov), tried when none is given."""


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
        Keys whose value is no Python literal and was kept as its text (``PosixPath('dl3')``); a key within
        a dictionary is dotted (``parameters.path``).
    """

    time: str | None
    data: Mapping[Any, Any]
    file: str = "<memory>"
    line: int = 0
    inexact: tuple[str, ...] = ()


class Reject(NamedTuple):
    """A line that carries provenance but could not be read.

    Attributes
    ----------
    file : str
    line : int
        Line number, from 1.
    reason : Reason
    text : str
        The line as it is in the file (its beginning, if it is too large to be a record).
    """

    file: str
    line: int
    reason: Reason
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


_ID_KEYS = ("activity_id", "session_id", "entity_id")
_ACTIVITY_KINDS = (("used_id", "used"), ("generated_id", "generated"), ("parameters", "parameters"))
_ENTITY_KINDS = (("member_id", "member"), ("progenitor_id", "progenitor"))


def kind(data: Mapping[Any, Any]) -> str | None:
    """Say what a record is about.

    One of ``session``, ``activity`` (its start, or other facts about it), ``end``, ``parameters``, ``used``,
    ``generated``, ``entity``, ``member``, ``progenitor``; None when it is of no kind. A record can hold more
    than its kind says: logprov's progenitor records have a ``generated_time`` as well.

    >>> kind({"activity_id": "6d32a8", "endTime": "2026-11-22T07:39:04"}), kind({"name": "x"})
    ('end', None)
    """
    if "activity_id" in data:
        return _kind_of_activity(data)
    if "session_id" in data:
        return "session"
    if "entity_id" in data:
        return next((name for key, name in _ENTITY_KINDS if key in data), "entity")
    return None


def _kind_of_activity(data: Mapping[Any, Any]) -> str | None:
    for key, name in _ACTIVITY_KINDS:
        if key in data:
            return name
    if "endTime" in data and "startTime" not in data:
        return "end"
    return "activity" if any(key not in {"activity_id", "session_tag"} for key in data) else None


def normalise(data: dict[Any, Any]) -> dict[Any, Any]:
    """Return a payload as the rest of the package knows it.

    logprov writes an entity it has met before as ``{..., 28701561730216946380: 28701561730216946380}``:
    that key is its ``entity_id``.

    Raises
    ------
    PayloadError
        When the record is of no kind, or its own id is empty.
    """
    if kind(data) is None:
        data = _with_entity_id(data)
    for key in _ID_KEYS:
        if key in data and not _is_id(data[key]):
            raise PayloadError(Reason.NO_KEY)
    return data


def _with_entity_id(data: dict[Any, Any]) -> dict[Any, Any]:
    own = [key for key, value in data.items() if _is_id(value) and str(key) == str(value)]
    if len(own) != 1 or "activity_id" in data:
        raise PayloadError(Reason.NO_KEY)
    rest = {key: value for key, value in data.items() if key != own[0]}
    return {"entity_id": data[own[0]], **rest}


def _is_id(value: Any) -> bool:
    return (type(value) is str and value != "") or type(value) is int


def split_line(text: str, prefixes: tuple[str, ...] = PREFIXES) -> tuple[str, str, str] | None:
    """Split a log line at its first two markers.

    Returns
    -------
    tuple or None
        Marker, time and payload; None when the line has no marker, so that it is no provenance.

    Raises
    ------
    PayloadError
        When there is a marker but no time between two of them.
    """
    found = [(at, -len(prefix), prefix) for prefix in prefixes if (at := text.find(prefix)) >= 0]
    if not found:
        return None
    marker = min(found)[2]
    _, *rest = text.split(marker, 2)
    if len(rest) < 2:
        raise PayloadError(Reason.TRUNCATED)
    time, payload = rest
    try:
        datetime.fromisoformat(time)
    except ValueError:
        raise PayloadError(Reason.TORN if marker in payload else Reason.BAD_TIME) from None
    return marker, time, payload


def parse_line(text: str, *, prefix: str | None = None) -> Record | None:
    """Read one log line, or a line that is a bare dictionary; the inverse of `format_line`.

    Parameters
    ----------
    text : str
        The line.
    prefix : str, optional
        Marker before and after the time; default: ``__PROV__`` or ``_PROV_``.

    Returns
    -------
    Record or None
        None when the line is no provenance: another message of the same log.

    Raises
    ------
    LogError
        When the line carries provenance but cannot be read.

    Examples
    --------
    >>> parse_line("INFO provLogger __PROV__2026-11-22T07:39:04__PROV__{'entity_id': 7, 'size': 3}").data
    {'entity_id': 7, 'size': 3}
    """
    try:
        parts = split_line(text, (prefix,) if prefix else PREFIXES)
        if parts is None and not text.lstrip().startswith("{"):
            return None
        marker, time, payload = parts or ("", None, text)
        data, inexact = PayloadParser().parse(payload)
        if inexact and marker and marker in payload:  # a value that holds another line is none
            raise PayloadError(Reason.TORN)
        return Record(time, normalise(data), inexact=inexact)
    except PayloadError as error:
        message = f"not a whole provenance record: {error.reason}"
        message = f"{message}: {text[:80].rstrip()!r}"
        raise LogError(message) from None


def format_line(record: Record, *, prefix: str = PREFIXES[0], logger: str = "provLogger") -> str:
    """Write a record as one log line, without the line break; the inverse of `parse_line`.

    The payload is a Python dictionary literal, as every reader of the field expects. A record without a time
    becomes a bare dictionary. A value that was kept as its text is written as that text.

    Parameters
    ----------
    record : Record
        Its data must hold nothing but None, booleans, numbers, text, lists, tuples and dictionaries.
    prefix : str
        Marker before and after the time.
    logger : str
        Name of the logger in the line; empty for none.

    >>> format_line(Record("2026-11-22T07:39:04", {"activity_id": "6d32a8", "used_id": 7}), logger="")
    "INFO __PROV__2026-11-22T07:39:04__PROV__{'activity_id': '6d32a8', 'used_id': 7}"
    """
    payload = _literal(record.data, "", frozenset(record.inexact))
    if record.time is None:
        return payload
    return " ".join(filter(None, ["INFO", logger, f"{prefix}{record.time}{prefix}{payload}"]))


def _literal(value: Any, path: str, inexact: frozenset[str]) -> str:
    """Write a value; text at one of the inexact paths goes in as it is, if it fits on the line."""
    if not inexact:
        return repr(value) if not isinstance(value, Mapping) else repr(dict(value))
    if isinstance(value, Mapping):
        items = (
            f"{key!r}: {_literal(one, f'{path}.{key}' if path else str(key), inexact)}"
            for key, one in value.items()
        )
        return "{" + ", ".join(items) + "}"
    if isinstance(value, str) and path in inexact and "\n" not in value:
        return value
    return repr(value)
