"""Records as lines of a log: the classic form of the field, and JSON lines.

A classic payload is a Python dictionary literal that YAML reads alike, because the readers of lstosa, gammapy
and logprov use YAML and others use `ast.literal_eval`. Text is written in ASCII; a line break, or the marker
that divides a line, is written as an escape, so that no captured text can end a line or look like a record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

MARKERS = "_PROV_"
"""What the markers of all systems of the field contain."""

_HEADER_FIELDS = {"levelname": "INFO", "name": "provLogger"}
_NUMBER_WITHOUT_POINT = re.compile(r"(-?\d+)(e)", re.ASCII)


class Form(Protocol):
    """How a record becomes a line."""

    def line(self, stamp: str, moment: str, record: Mapping[str, Any]) -> str:
        """Write a record; `stamp` has no offset, `moment` has one."""
        ...


class Classic:
    """``INFO provLogger __PROV__<time>__PROV__{...}``, as the field's readers expect.

    Parameters
    ----------
    prefix : str
        The marker before and after the time.
    layout : str
        A logging format, ``%(levelname)s %(name)s %(message)s``.
    """

    def __init__(self, prefix: str, layout: str = "%(levelname)s %(name)s %(message)s") -> None:
        self.prefix = prefix
        before, _, after = layout.partition("%(message)s")
        self._before = _fill(before)
        self._after = _fill(after).rstrip("\n") + "\n"
        self._markers = tuple(dict.fromkeys((MARKERS, prefix)))
        self._writers: dict[type, Callable[[Any], str]] = {
            str: self.text,
            int: repr,
            bool: repr,
            type(None): repr,
            float: _number,
            list: self._list,
            dict: self.literal,
        }

    def line(self, stamp: str, moment: str, record: Mapping[str, Any]) -> str:
        """Write a record as one line."""
        prefix = self.prefix
        return f"{self._before}{prefix}{stamp}{prefix}{self.literal(record)}{self._after}"

    def literal(self, record: Mapping[str, Any]) -> str:
        """Write a dictionary of plain data."""
        text, writers = self.text, self._writers
        parts = [
            f"{text(key) if type(key) is str else repr(key)}: "
            f"{text(value) if type(value) is str else writers[type(value)](value)}"
            for key, value in record.items()
        ]
        return "{" + ", ".join(parts) + "}"

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

    def __init__(self) -> None:
        self._encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode

    def line(self, stamp: str, moment: str, record: Mapping[str, Any]) -> str:
        """Write a record as one line."""
        return self._encode({"time": moment, "record": record}) + "\n"


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


def _number(value: float) -> str:
    """Write a float; YAML takes ``1e-07`` for text, and ``1.0e-07`` for what it is."""
    text = repr(value)
    return text if "." in text else _NUMBER_WITHOUT_POINT.sub(r"\1.0\2", text)
