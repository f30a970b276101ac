"""One JSON object per line: a record, or ``{"time": ..., "record": {...}}``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from provrdf._payload import MAX_LINE, PayloadError, Reason
from provrdf.records import PREFIXES, Record, normalise
from provrdf.sources._log import Log, is_utf8

_TIME_KEYS = ("time", "prov_time")


def matches(head: str, _prefixes: tuple[str, ...] = PREFIXES) -> bool:
    """Tell whether the beginning of a file is a line with a record in JSON."""
    first = next((line for line in head.splitlines() if line.startswith("{")), "")
    if not first.startswith('{"'):
        return False
    try:
        _, data = unwrap(json.loads(first))
        normalise(data)
    except (ValueError, RecursionError):  # PayloadError is one
        return False
    return True


def read(log: Log) -> Iterator[Record]:
    """Yield the records of a log in the order of its lines."""
    for number, line in enumerate(log.lines, 1):
        if not line.startswith("{"):
            log.tally.other += bool(line.strip())
            continue
        try:
            record = _record(line, log.name, number)
        except PayloadError as error:
            log.reject(number, Reason.TOO_LARGE if len(line) > MAX_LINE else error.reason, line)
        else:
            log.tally.records += 1
            yield record


def _record(line: str, name: str, number: int) -> Record:
    from provrdf._payload.objects import read_object  # not needed to tell that a file is of another format

    if not is_utf8(line):
        raise PayloadError(Reason.NOT_UTF8)
    value, inexact = read_object(line)
    time, data = unwrap(value)
    if data is not value:
        inexact = tuple(key.removeprefix("record.") for key in inexact)
    return Record(time, normalise(data), name, number, inexact)


def unwrap(value: dict[str, Any]) -> tuple[str | None, dict[Any, Any]]:
    """Return the time and the record, from either form.

    Raises
    ------
    PayloadError
        When the time is no time, or the record no dictionary.
    """
    data = value.get("record", value)
    if not isinstance(data, dict):
        raise PayloadError(Reason.NOT_A_DICTIONARY)
    if data is value:
        data = {key: one for key, one in value.items() if key not in _TIME_KEYS}
    time = next((value[key] for key in _TIME_KEYS if key in value), None)
    if time is None:
        return None, data
    try:
        datetime.fromisoformat(time)
    except (ValueError, TypeError):
        raise PayloadError(Reason.BAD_TIME) from None
    return time, data
