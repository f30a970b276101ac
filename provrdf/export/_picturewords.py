"""Short words for pictures: names, times, durations. Only pictures shorten anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import unquote

TIMES = "\N{MULTIPLICATION SIGN}"
"""Stands before the number of nodes that were folded into one."""

_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")


def clean(text: str) -> str:
    r"""Put text on one line, without characters that are invisible or turn the direction of writing.

    >>> clean("a\n b\u202e")
    'a b'
    """
    return " ".join(_INVISIBLE.sub(" ", text).split())


def short(text: str, width: int = 34) -> str:
    """Cut text in the middle: the end of a file name tells as much as its beginning.

    >>> short("LST-1.1.Run01615.0002.fits.fz", 16)
    'LST-1.1.…fits.fz'
    """
    text = clean(text)
    if len(text) <= width:
        return text
    half = width // 2
    return f"{text[:half].rstrip()}…{text[len(text) - (width - half - 1) :].lstrip()}"


def tail(iri: str) -> str:
    """Take the last part of an IRI, readable.

    >>> tail("http://x.org/role/Observation%20subrun")
    'Observation subrun'
    """
    return unquote(re.split(r"[#/]", iri.rstrip("/#"))[-1]) or iri


def moment(text: str) -> str:
    """Write a time without fraction and zone; pictures say once that times are in UTC.

    >>> moment("2026-11-22T07:39:03.769585Z")
    '2026-11-22 07:39:03'
    """
    found = re.match(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)", text)
    return f"{found[1]} {found[2]}" if found else text


def count(number: int, words: str) -> str:
    """Write a number of things; "file or object" has both its nouns put in the plural.

    >>> count(1, "step"), count(2, "file or object")
    ('1 step', '2 files or objects')
    """
    return f"{number} {words if number == 1 else ' or '.join(f'{word}s' for word in words.split(' or '))}"


def duration(start: str, end: str) -> str:
    """Say how long something took, in the unit that suits; empty when it cannot be told.

    >>> duration("2026-11-22T07:39:03Z", "2026-11-22T07:41:10Z")
    '2 min 7 s'
    """
    try:
        seconds = (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
    except (ValueError, TypeError):
        return ""
    if seconds < 0:
        return "ends before it starts"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms" if seconds >= 0.001 else "< 1 ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def pattern(names: Sequence[str]) -> str:
    """Write what names have in common, with ``*`` for what differs.

    >>> pattern(["dl1_Run01615.0000.h5", "dl1_Run01615.0001.h5"])
    'dl1_Run01615.*.h5'
    """
    first = names[0]
    if all(name == first for name in names):
        return first
    start = _common(names)
    end = _common([name[len(start) :][::-1] for name in names])[::-1]
    # Numbers are not cut in two: 0000 and 0001 have nothing in common.
    start = re.sub(r"\d+\Z", "", start)
    end = re.sub(r"\A\d+", "", end)
    return f"{start}*{end}" if start or end else f"{first}, …"


def _common(texts: Sequence[str]) -> str:
    """Give the beginning that all texts share."""
    low, high = min(texts), max(texts)
    return low[
        : next(
            (number for number, pair in enumerate(zip(low, high, strict=False)) if len(set(pair)) > 1),
            len(low),
        )
    ]


def wrap(text: str, width: int) -> list[str]:
    """Break text into lines of about `width` characters, at a blank or after ``_ - . / ,``.

    >>> wrap("calibration_filters_52.Run01614.0000.h5", 24)
    ['calibration_filters_52.', 'Run01614.0000.h5']
    """
    lines = [""]
    for word in re.findall(r"[^\s_\-./,]*[\s_\-./,]+|[^\s_\-./,]+", text):
        if lines[-1] and len(lines[-1]) + len(word.rstrip()) > width:
            lines.append("")
        lines[-1] += word
    return [line.strip() for line in lines]
