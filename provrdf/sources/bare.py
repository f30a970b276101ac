"""One Python dictionary per line and nothing else, as lstosa's provprocess writes its ``*_prov.log``."""

from __future__ import annotations

from collections.abc import Iterator

from provrdf._payload import MAX_LINE, PayloadError, PayloadParser, Reason
from provrdf.records import PREFIXES, Record, normalise
from provrdf.sources._log import Log, is_utf8


def matches(head: str, _prefixes: tuple[str, ...] = PREFIXES) -> bool:
    """Tell whether the first line with a dictionary at the beginning of a file has a Python one."""
    first = next((line for line in head.splitlines() if line.startswith("{")), "")
    return first.startswith("{'")


def read(log: Log) -> Iterator[Record]:
    """Yield the records of a log in the order of its lines; they have no time stamp."""
    parser = PayloadParser()
    for number, line in enumerate(log.lines, 1):
        if not line.startswith("{"):
            log.tally.other += bool(line.strip())
            continue
        try:
            if not is_utf8(line):
                raise PayloadError(Reason.NOT_UTF8)
            data, inexact = parser.parse(line)
            record = Record(None, normalise(data), log.name, number, inexact)
        except PayloadError as error:
            log.reject(number, Reason.TOO_LARGE if len(line) > MAX_LINE else error.reason, line)
        else:
            log.tally.records += 1
            yield record
