"""Find the line of a key in a TOML file, which tomllib does not tell."""

from __future__ import annotations

import re
from collections import Counter

KeyPath = tuple[str | int, ...]
"""A key in a table in a table, with numbers for the elements of lists: ``("export", 0, "format")``."""

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = rf"\s*(\[\[?)\s*({_DOTTED})\s*\]"
_KEY = rf"\s*({_DOTTED})\s*="
_QUOTES = r'"""|\'\'\''


def key_lines(text: str) -> dict[KeyPath, int]:
    """Map every key that has a line of its own to that line, from 1.

    Keys inside an inline table are found by `line_of` through the key that holds the table.
    """
    found: dict[KeyPath, int] = {}
    counts: Counter[KeyPath] = Counter()
    table: KeyPath = ()
    inside: str | None = None  # the quotes of a text over several lines
    for number, line in enumerate(text.splitlines(), 1):
        if inside is None:
            header = re.match(_HEADER, line)
            key = None if header else re.match(_KEY, line)
            if header:
                table = _open(header, counts)
                found.setdefault(table, number)
            elif key:
                found.setdefault(table + _parts(key[1]), number)
        inside = _quotes_after(line, inside)
    return found


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int | None:
    """Line of a key, or of the nearest thing around it that has a line; None when nothing has."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _open(header: re.Match[str], counts: Counter[KeyPath]) -> KeyPath:
    """Return the path of a table header, with the number of each list element on the way."""
    path: KeyPath = ()
    parts = _parts(header[2])
    for index, part in enumerate(parts):
        path = (*path, part)
        if header[1] == "[[" and index == len(parts) - 1:
            counts[path] += 1
        if counts[path]:
            path = (*path, counts[path] - 1)
    return path


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))


def _quotes_after(line: str, inside: str | None) -> str | None:
    """Which quotes are open after a line."""
    if inside is None and line.lstrip().startswith("#"):
        return None
    for quotes in re.findall(_QUOTES, line):
        if inside is None:
            inside = quotes
        elif inside == quotes:
            inside = None
    return inside
