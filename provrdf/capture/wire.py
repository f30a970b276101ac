"""Records as lines of a log: the classic form of the field, and JSON lines.

A classic payload is a Python dictionary literal that YAML reads alike, because the readers of lstosa, gammapy
and logprov use YAML and others use `ast.literal_eval`. Text is written in ASCII; a line break, or the marker
that divides a line, is written as an escape, so that no captured text can end a line or look like a record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Protocol

from provrdf.capture.clock import Clock

MARKERS = "_PROV_"
"""What the markers of all systems of the field contain."""

LAYOUT = "%(levelname)s %(name)s %(message)s"
"""The layout of lstosa's and gammapy's lines."""

_HEADER_FIELDS = {"levelname": "INFO", "name": "provLogger"}
_NUMBER_WITHOUT_POINT = re.compile(r"^(-?\d+)(e)", re.ASCII)


class Number(float):
    """A float whose text has a point: YAML takes ``1e-07`` for text, and ``1.0e-07`` for what it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return _NUMBER_WITHOUT_POINT.sub(r"\1.0\2", float.__repr__(self))


class Form(Protocol):
    """How records become lines."""

    def lines(self, records: list[dict[str, Any]]) -> str:
        """Write records, each on a line of its own."""
        ...


class Classic:
    """``INFO provLogger __PROV__<time>__PROV__{...}``, as the field's readers expect.

    Parameters
    ----------
    clock : Clock
        Gives the time of the lines.
    prefix : str
        The marker before and after the time.
    layout : str
        A logging format, ``%(levelname)s %(name)s %(message)s``.
    """

    def __init__(self, clock: Clock, prefix: str, layout: str = LAYOUT) -> None:
        # what comes after the message is left out: readers take the rest of the line for the payload
        before = layout.partition("%(message)s")[0]
        self._stamp = clock.stamp
        self._before = _fill(before) + prefix
        self._between = prefix
        self._after = "\n"
        self._markers = tuple(dict.fromkeys((MARKERS, prefix)))
        self._writers: dict[type, Callable[[Any], str]] = {
            str: self.text,
            int: repr,
            bool: repr,
            type(None): repr,
            float: repr,
            Number: repr,
            list: self._list,
            dict: self.literal,
        }

    def lines(self, records: list[dict[str, Any]]) -> str:
        """Write records, each on a line of its own."""
        before = f"{self._before}{self._stamp()}{self._between}"
        texts = [repr(record) for record in records]
        # nearly always that is it: the whole is looked at once
        if not self._is_literal("".join(texts)):
            texts = list(map(self.literal, records))
        return f"{before}{(self._after + before).join(texts)}{self._after}"

    def literal(self, record: dict[str, Any]) -> str:
        """Write a dictionary of plain data, value by value."""
        writers = self._writers
        parts = [f"{writers[type(key)](key)}: {writers[type(value)](value)}" for key, value in record.items()]
        return "{" + ", ".join(parts) + "}"

    def _is_literal(self, text: str) -> bool:
        """Tell whether Python's own text for some records is what YAML reads, too."""
        if not text.isascii() or "\\" in text or '"' in text:
            return False
        return not any(map(text.__contains__, self._markers))

    def text(self, value: str) -> str:
        """Write a text: in single quotes when nothing in it needs an escape."""
        if value.isascii() and value.isprintable() and "'" not in value and "\\" not in value:
            for marker in self._markers:
                if marker in value:
                    break
            else:
                return f"'{value}'"
        return self._escaped(value)

    def _escaped(self, value: str) -> str:
        """Write a text in double quotes with the escapes that Python and YAML share."""
        text = "".join(map(_escape, value))
        for marker in self._markers:
            text = text.replace(marker, f"\\x{ord(marker[0]):02x}{marker[1:]}")
        return f'"{text}"'

    def _list(self, values: list[Any]) -> str:
        return "[" + ", ".join([self._writers[type(value)](value) for value in values]) + "]"


class JsonLines:
    """``{"time": ..., "record": {...}}``, one object per line."""

    def __init__(self, clock: Clock) -> None:
        self._now = clock.now
        self._encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode

    def lines(self, records: list[dict[str, Any]]) -> str:
        """Write records, each on a line of its own."""
        now, encode = self._now(), self._encode
        return "".join([encode({"time": now, "record": record}) + "\n" for record in records])


def _fill(layout: str) -> str:
    """Put the constants into a logging format; what changes from line to line is left out."""

    def constant(match: re.Match[str]) -> str:
        return _HEADER_FIELDS.get(match[1], "")

    return re.sub(r"%\((\w+)\)[-\d.]*[sd]", constant, layout).lstrip()


def _escape(char: str) -> str:
    code = ord(char)
    if char in '"\\':
        return "\\" + char
    if 0x20 <= code < 0x7F:
        return char
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
