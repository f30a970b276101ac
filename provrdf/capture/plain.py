"""Captured values as plain data that a log can hold: never a surprise, never a huge text, never a secret.

Text, numbers, lists and tables are written as they are. Anything else is asked for its text only when that is
sure to be short: a big array or table is described (type, shape, digest is in its id), never printed.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Collection
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from provrdf.capture.redact import MASK, Redactor
from provrdf.capture.wire import Number

MAX_ITEMS = 2_000
"""Elements of one captured value, counted through all its lists and tables."""
MAX_TEXT = 100_000
MAX_KEY = 500
"""Characters; YAML readers stop at keys of 1,024."""
MAX_DEPTH = 20
MAX_DIGITS = 1_000
SMALL_ARRAY = 64

Plain = str | int | float | bool | None | list[Any] | dict[Any, Any]

_AS_TEXT = (date, time, timedelta, Decimal, complex, type)


class Plainer:
    """Turns the values of one record into plain data, and counts what it redacts.

    Attributes
    ----------
    redacted : int
        Secrets taken out so far.
    """

    __slots__ = ("_left", "_redactor", "redacted")

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._left = MAX_ITEMS
        self.redacted = 0

    def text(self, text: str) -> str:
        """Make a text fit for the log: no secret, no lone surrogate."""
        if self._redactor.is_harmless(text):
            return text
        if not text.isascii():
            text = text.encode("utf-8", "backslashreplace").decode("utf-8")
        if len(text) > MAX_TEXT:
            return f"<text of {len(text)} characters>"
        cleaned, count = self._redactor.clean(text)
        self.redacted += count
        return cleaned

    def named(self, name: str, value: object) -> Plain:
        """Make the value of a parameter or key fit for the log; a secret's name makes it a secret."""
        if type(value) in _NEVER_SECRET or not self._redactor.is_secret_name(name):
            return self.value(value)
        if type(value) is int and abs(value) < 1000:
            return value
        self.redacted += 1
        return MASK

    def value(self, value: object, *, depth: int = 0) -> Plain:
        """Make any value fit for the log."""
        kind = type(value)
        if kind is str:
            return self.text(value)  # type: ignore[arg-type]
        if kind is bool or value is None:
            return value  # type: ignore[return-value]
        if kind is int:
            return self._integer(value)  # type: ignore[arg-type]
        if kind is float:
            return _float(value)  # type: ignore[arg-type]
        return self._other(value, depth)

    def _integer(self, value: int) -> Plain:
        if value.bit_length() > 3 * MAX_DIGITS:
            return f"<int of {value.bit_length()} bits>"
        return value

    def _other(self, value: object, depth: int) -> Plain:
        if isinstance(value, dict):
            return self._table(value, depth)
        if isinstance(value, list | tuple | set | frozenset):
            return self._items(value, depth)
        if isinstance(value, Enum) and depth < MAX_DEPTH:
            return self.value(value.value, depth=depth + 1)
        # of subclasses of text and numbers: their own methods are not trusted
        if isinstance(value, str):
            return self.text(str.__str__(value))
        if isinstance(value, int):
            return self._integer(int.__int__(value))
        return self._object(value, depth)

    def _object(self, value: object, depth: int) -> Plain:
        if isinstance(value, float):
            return _float(float.__float__(value))
        if isinstance(value, os.PathLike):
            return self._asked(value, lambda: self.text(os.fsdecode(os.fspath(value))))
        if isinstance(value, bytes | bytearray | memoryview):
            return f"<{len(value)} bytes>"
        return self._asked(value, lambda: self._unknown(value, depth))

    def _table(self, table: dict[Any, Any], depth: int) -> Plain:
        if depth >= MAX_DEPTH or not self._take(len(table)):
            return f"<{type(table).__name__} of {len(table)} entries>"
        plain: dict[Any, Any] = {}
        # a copy of the items: another thread may change the table meanwhile
        for key, item in list(dict.items(table)):
            text = self._key(key)
            plain[text] = self._entry(text, item, depth)
        return plain

    def _entry(self, key: str | int, item: object, depth: int) -> Plain:
        if isinstance(key, str) and self._redactor.is_secret_name(key):
            return self.named(key, item)
        return self.value(item, depth=depth + 1)

    def _key(self, key: object) -> Any:
        if type(key) is int and key.bit_length() < 64:
            return key
        text = str(self.value(key, depth=MAX_DEPTH - 1))
        return text if len(text) <= MAX_KEY else f"<text of {len(text)} characters>"

    def _items(self, items: Collection[object], depth: int) -> Plain:
        if depth >= MAX_DEPTH or not self._take(len(items)):
            return f"<{type(items).__name__} of {len(items)} elements>"
        if type(items) is tuple and len(items) == 2 and type(items[0]) is str:
            # a name and its value, as in the items of a table
            return [self.text(items[0]), self._entry(items[0], items[1], depth)]
        plain = [self.value(item, depth=depth + 1) for item in list(items)]
        return sorted(plain, key=repr) if isinstance(items, set | frozenset) else plain

    def _take(self, count: int) -> bool:
        """Take elements from the allowance of the whole record."""
        if count > self._left:
            return False
        self._left -= count
        return True

    def _asked(self, value: object, ask: Callable[[], Plain]) -> Plain:
        """Ask an object of unknown kind; whatever it raises, the log gets a line."""
        try:
            return ask()
        except Exception as error:
            return f"<{_name(type(value))}: {type(error).__name__}>"

    def _unknown(self, value: Any, depth: int) -> Plain:
        kind: Any = type(value)
        if isinstance(value, _AS_TEXT):
            return self.text(f"<class {_name(value)}>" if isinstance(value, type) else str(value))
        shape = getattr(value, "shape", None)
        if isinstance(shape, tuple):
            return self._array(value, shape, depth)
        if hasattr(kind, "__len__"):
            return f"<{_name(kind)} of {len(value)} elements>"
        if (kind.__str__, kind.__repr__) == (object.__str__, object.__repr__):
            # the text of such an object is its address, which means nothing tomorrow
            return f"<{_name(kind)}>"
        return self.text(_short(str(value)))

    def _array(self, value: Any, shape: tuple[Any, ...], depth: int) -> Plain:
        kind = type(value)
        size = math.prod(int(length) for length in shape)
        if hasattr(value, "unit") and size == 1:
            return self.text(_short(str(value)))
        if size <= SMALL_ARRAY and kind.__module__.split(".")[0] == "numpy" and depth < MAX_DEPTH:
            return self.value(value.tolist(), depth=depth + 1)
        dtype = getattr(value, "dtype", None)
        described = f"<{_name(kind)} of shape {'x'.join(map(str, shape)) or '()'}"
        return described + (f", {_short(str(dtype))}>" if dtype is not None else ">")


_NEVER_SECRET = (bool, float, type(None))


def _float(value: float) -> Plain:
    if not math.isfinite(value):
        return repr(value)
    return Number(value) if "e" in repr(value) else value


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _short(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"<text of {len(text)} characters>"
