"""The fast and exact way: swap the quotes of a Python dictionary and read it as JSON.

In a text without ``"`` and without backslash every ``'`` begins or ends a string, so swapping quotes
changes no string. What remains are the words: JSON must not see ``true``, ``null`` or ``NaN`` where
Python sees a name, and ``None``, ``True``, ``False`` are translated outside strings only. Everything
else that JSON accepts (numbers, brackets, white space) means the same in Python; what it refuses
(tuples, comments, ``1_000``, control characters ...) is left to the slower ways.
"""

from __future__ import annotations

import re
from json import JSONDecoder
from typing import Any, NoReturn

_FOREIGN_WORD = re.compile("null|true|false|NaN|Infinity")
_SAFE_BRACKETS = 100  # that many brackets cannot nest too deep


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


_decode = JSONDecoder(parse_constant=_refuse).raw_decode


def read_swapped(text: str) -> dict[Any, Any] | None:
    """Return what :func:`ast.literal_eval` would, or None if there is any doubt."""
    if '"' in text or "\\" in text:
        return None
    try:
        data, end = _decode(text.replace("'", '"'))
        if text[end:].strip():
            return None
        "".join(data.values())  # raises unless all values are strings: then there is no word in question
    except TypeError:
        return _checked(text, data)
    except (ValueError, AttributeError, RecursionError):
        return _with_words(text)
    return data  # type: ignore[no-any-return]  # it has values(): a dictionary


def _checked(text: str, data: dict[Any, Any]) -> dict[Any, Any] | None:
    """Return data that JSON has read, unless words or nesting leave a doubt."""
    if "true" in text or "false" in text or "null" in text:
        return _with_words(text)
    return data if text.count("[") + text.count("{") <= _SAFE_BRACKETS else None


def _with_words(text: str) -> dict[Any, Any] | None:
    """Read a text with None, True or False outside its strings."""
    pieces = text.split("'")
    outside = "'".join(pieces[::2])
    if _FOREIGN_WORD.search(outside) or outside.count("[") + outside.count("{") > _SAFE_BRACKETS:
        return None
    words = outside.replace("None", "null").replace("True", "true").replace("False", "false")
    pieces[::2] = words.split("'")
    try:
        data, end = _decode('"'.join(pieces))
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) and not text[end:].strip() else None
