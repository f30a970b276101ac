"""Log lines with a marked time stamp, as lstosa, gammapy and logprov write them.

``INFO provLogger __PROV__2026-11-22T07:36:13.734862__PROV__{'session_id': ...}``, with ``_PROV_`` or another
marker, with or without level and logger, between other messages of the same log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from provrdf._payload import MAX_LINE, PayloadError, PayloadParser, Reason
from provrdf.records import PREFIXES, Record, normalise, split_line
from provrdf.sources._log import Log, is_utf8

_LONGEST_CONTINUATION = 500  # lines; repr of a large array breaks into some hundred
_SEARCHED_FOR_MARKERS = 1_000  # lines in which an unknown marker is looked for
_HEAD_OF_LINE = r"[\s\w.:,|\[\]()/+-]*"
_TIME_AND_MARKER = r"""\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?([^\s{'"]{1,40})\{"""


def matches(head: str, prefixes: tuple[str, ...] = PREFIXES) -> bool:
    """Tell whether the beginning of a file has a marked line."""
    return any(prefix in head for prefix in prefixes)


def read(log: Log) -> Iterator[Record]:
    """Yield the records of a log in the order of its lines."""
    reader = _Reader(log)
    marker, quick, name = log.prefixes[0], reader.parser.quick, log.name
    new, is_time = tuple.__new__, datetime.fromisoformat
    records = 0
    for number, line in enumerate(log.lines, 1):
        parts = line.split(marker, 2)
        # the usual line: two markers, a time, and a payload that the fast way reads without doubt
        if len(parts) == 3 and line.isascii():
            data = quick(parts[2])
            if data is not None and (
                data.get("activity_id") or data.get("entity_id") or data.get("session_id")
            ):
                try:
                    is_time(parts[1])
                except ValueError:
                    pass
                else:
                    records += 1
                    yield new(Record, (parts[1], data, name, number, ()))
                    continue
        for record in reader.line(number, line):
            records += 1
            yield record
        marker = reader.marker
    reader.finish()
    log.tally.records = records


class _Reader:
    """Reads the lines that need care, and remembers an unfinished one."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.parser = PayloadParser()
        self.marker = log.prefixes[0]
        self._begun: list[str] = []  # a record whose text goes on in the next lines, such as an array's
        self._begun_at = 0

    def line(self, number: int, line: str) -> list[Record]:
        """Read one line: its records, if any."""
        if self._begun and number != self._begun_at + len(self._begun):
            self.finish()
        try:
            parts = split_line(line, self.log.prefixes)
            if parts is None:
                return self._without_marker(line)
            self.finish()
            self.marker, time, payload = parts
            return [self._record(time, payload, number, line)]
        except PayloadError as error:
            return self._failed(error.reason, number, line)

    def finish(self) -> None:
        """Give up an unfinished record: what has not come by now does not come."""
        if self._begun:
            (line, *others), self._begun = self._begun, []
            self.log.reject(self._begun_at, Reason.TRUNCATED, line)
            self.log.tally.other += len(others)

    def _record(self, time: str, payload: str, number: int, line: str) -> Record:
        if len(line) > MAX_LINE:
            raise PayloadError(Reason.TOO_LARGE)
        if not is_utf8(line):
            raise PayloadError(Reason.NOT_UTF8)
        data, inexact = self.parser.parse(payload)
        if inexact and self.marker in payload:  # a value that holds another line is none
            raise PayloadError(Reason.TORN)
        return Record(time, normalise(data), self.log.name, number, inexact)

    def _failed(self, reason: Reason, number: int, line: str) -> list[Record]:
        """Make the best of a marked line that is no whole record."""
        self.finish()
        if reason in {Reason.TRUNCATED, Reason.TORN, Reason.MALFORMED} and line.count(self.marker) > 2:
            if both := self._two_records(number, line):
                return both
            reason = Reason.TORN
        if reason is Reason.TRUNCATED and line.count(self.marker) == 2:
            self._begun, self._begun_at = [line], number
        else:
            self.log.reject(number, reason, line)
        return []

    def _two_records(self, number: int, line: str) -> list[Record]:
        """Read two records that share a line because a line break was lost: both whole, or none."""
        _, time, payload = line.split(self.marker, 2)
        second = payload.find(self.marker)
        first = payload.rfind("}", 0, second) + 1
        if not first or not re.fullmatch(_HEAD_OF_LINE, payload[first:second]):
            return []
        try:
            parts = split_line(payload[first:], (self.marker,))
            pairs = [(time, payload[:first]), *([parts[1:]] if parts else [])]
            return [self._record(*pair, number, line) for pair in pairs]
        except PayloadError:
            return []

    def _without_marker(self, line: str) -> list[Record]:
        """Count another message, unless it goes on with the record that the lines before began."""
        if self._begun:
            return self._go_on(line)
        self.log.tally.other += 1
        if self.log.seen_prefix is None and self.log.tally.other < _SEARCHED_FOR_MARKERS:
            found = re.search(_TIME_AND_MARKER, line)
            if found and line.endswith(found[1], 0, found.start()):
                self.log.seen_prefix = found[1]
        return []

    def _go_on(self, line: str) -> list[Record]:
        """Take a line as the next one of an unfinished record; return the record if that makes it whole."""
        self._begun.append(line)
        text = "".join(self._begun)
        if len(self._begun) > _LONGEST_CONTINUATION or len(text) > MAX_LINE:
            self.finish()
        elif line.rstrip().endswith("}"):
            try:
                _, time, payload = split_line(text, self.log.prefixes) or ("", "", "")
                record = self._record(time, payload, self._begun_at, text)
            except PayloadError:
                return []
            self._begun = []
            return [record]
        return []
