"""The fast and exact way: swap the quotes of a Python dictionary and read it as JSON.

In a text without ``"`` and without backslash every ``'`` begins or ends a string, so swapping quotes
changes no string. What remains are the words: JSON must not see ``true``, ``null`` or ``NaN`` where
Python sees a name, and ``None``, ``True``, ``False`` are translated outside strings only. Everything
else that JSON accepts (numbers, brackets, white space) means the same in Python; what it refuses
(tuples, comments, ``1_000``, control characters ...) is left to the slower ways.

A string that holds ``'`` is written between ``"``: then the text is cut into its strings first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from json import JSONDecoder
from json.scanner import make_scanner
from typing import Any, NoReturn

from provrdf._payload.reasons import MAX_DEPTH

_STRING = r"""('[^']*'|"[^"]*")"""
_FOREIGN_WORD = "null|true|false|NaN|Infinity"
_SAFE_BRACKETS = MAX_DEPTH  # that many brackets cannot nest too deep
_LONGEST = 4 * 2**20  # a longer text is not cut into its strings


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


_scan: Callable[[str, int], tuple[Any, int]] = make_scanner(
    JSONDecoder(parse_constant=_refuse)  # type: ignore[arg-type]  # what it really takes
)
_DOUBT = (ValueError, StopIteration, RecursionError)
"""What the scanner raises for a text that is no JSON."""


def read_swapped(text: str) -> dict[Any, Any] | None:
    """Return what :func:`ast.literal_eval` would, or None if there is any doubt."""
    if "\\" in text:
        return None
    if '"' in text:
        return _with_both_quotes(text)
    try:
        data, end = _scan(text.replace("'", '"'), 0)
        "".join(data.values())  # raises unless all values are strings: then there is no word in question
    except TypeError:
        return _checked(text, data, end)
    except (*_DOUBT, AttributeError):
        return _with_words(text)
    return data if end == len(text) or not text[end:].strip() else None  # it has values(): a dictionary


def _checked(text: str, data: dict[Any, Any], end: int) -> dict[Any, Any] | None:
    """Return data that JSON has read, unless words or nesting leave a doubt."""
    if "true" in text or "false" in text or "null" in text or _brackets(text) > _SAFE_BRACKETS:
        return _with_words(text)
    return data if not text[end:].strip() else None


def _with_words(text: str) -> dict[Any, Any] | None:
    """Read a text with None, True or False outside its strings."""
    return _read(text.split("'"), '"')


def _with_both_quotes(text: str) -> dict[Any, Any] | None:
    """Read a text some of whose strings stand between double quotes."""
    if len(text) > _LONGEST:
        return None
    pieces = re.split(_STRING, text)
    outside = "".join(pieces[::2])
    if "'" in outside or '"' in outside:
        return None
    pieces[1::2] = ['"' + string[1:-1].replace('"', '\\"') + '"' for string in pieces[1::2]]
    return _read(pieces, "")


def _read(pieces: list[str], joint: str) -> dict[Any, Any] | None:
    """Read a text in pieces, every other one inside a string; `joint` is what stood between them."""
    outside = "'".join(pieces[::2])
    if re.search(_FOREIGN_WORD, outside) or _is_too_deep(outside):
        return None
    pieces[::2] = outside.replace("None", "null").replace("True", "true").replace("False", "false").split("'")
    text = joint.join(pieces)
    try:
        data, end = _scan(text, 0)
    except _DOUBT:
        return None
    return data if isinstance(data, dict) and not text[end:].strip() else None


def _brackets(text: str) -> int:
    return text.count("[") + text.count("{")


def _is_too_deep(text: str) -> bool:
    """Tell whether the brackets of a text without its strings nest too deep, by taking the innermost away."""
    if _brackets(text) <= _SAFE_BRACKETS:
        return False
    left = re.sub(r"[^][{}]+", "", text)
    for _ in range(MAX_DEPTH):
        left = re.sub(r"\[]|{}", "", left)
        if not left:
            return False
    return True
