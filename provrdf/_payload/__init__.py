"""The payload of a log line: the text of a Python dictionary, read without ever running it.

Three ways, the next one tried when the one before has any doubt:

1. ``swapped``: a text without ``"`` and backslash is JSON once its quotes are swapped (exact, fast).
2. :func:`ast.literal_eval`: the reference for what a Python literal means.
3. ``tolerant``: keeps a value that is no literal, such as ``PosixPath('dl3')``, as its text and says so.

Before all of them, ``blocks`` takes out the large blocks that session records repeat word for word.
"""

from __future__ import annotations

from typing import Any

from provrdf._payload.blocks import BlockCache
from provrdf._payload.reasons import MAX_DEPTH, PayloadError, Reason
from provrdf._payload.swapped import read_swapped

__all__ = ["MAX_DEPTH", "MAX_LINE", "PayloadError", "PayloadParser", "Reason"]

MAX_LINE = 16 * 2**20
"""Characters of the longest line that is read; a longer one is rejected as too large."""

_WITH_BLOCKS = 1_000  # characters; a shorter text is not worth a look for blocks
_BRACES = 2  # of a session record without blocks: its own, and that of "system"
_MOST_REPEATED = 4_096  # short payloads kept: a file is described anew by every activity that uses it

Payload = tuple[dict[Any, Any], tuple[str, ...]]


class PayloadParser:
    """Read payloads one after the other; remembers the large blocks they have in common.

    Equal blocks, and equal descriptions of a file, may give the same object: results must not be changed.
    """

    def __init__(self) -> None:
        self._blocks = BlockCache()
        self._repeated: dict[str, dict[Any, Any]] = {}

    def quick(self, text: str) -> dict[Any, Any] | None:
        """Return the dictionary when the fast way has no doubt, else None."""
        if len(text) < _WITH_BLOCKS:
            return read_swapped(text) if text[2:5] == "act" else self._maybe_repeated(text)
        rest, found = self._blocks.take_out(text)
        data = read_swapped(rest)
        if data is None or not self._blocks.put_back(data, found):
            return None
        if not found or rest.count("{") > _BRACES:
            self._blocks.learn(rest, data, known=found)
        return data

    def _maybe_repeated(self, text: str) -> dict[Any, Any] | None:
        data = self._repeated.get(text)
        if data is None and (data := read_swapped(text)) is not None:
            if len(self._repeated) >= _MOST_REPEATED:
                self._repeated.clear()
            self._repeated[text] = data
        return data

    def parse(self, text: str) -> Payload:
        """Return the dictionary and the (dotted) keys whose values were kept as their text.

        Raises
        ------
        PayloadError
            With the reason, when the text is not one whole dictionary.
        """
        if (data := self.quick(text)) is not None:
            return data, ()
        if len(text) > MAX_LINE:
            raise PayloadError(Reason.TOO_LARGE)
        rest, found = self._blocks.take_out(text)
        data, inexact = _careful(rest)
        if not self._blocks.put_back(data, found):
            data, inexact = _careful(text)
        self._blocks.learn(text, data)
        return data, inexact


def _careful(text: str) -> Payload:
    """Read a text by the slower ways, which most logs never need."""
    from provrdf._payload.literals import NO_LITERAL, literal
    from provrdf._payload.tolerant import depth, read_tolerant

    if depth(text) > MAX_DEPTH:
        raise PayloadError(Reason.TOO_DEEP)
    try:
        value = literal(text)
    except NO_LITERAL:
        return _json(text) or read_tolerant(text)
    if not isinstance(value, dict):
        raise PayloadError(Reason.NOT_A_DICTIONARY)
    return value, ()


def _json(text: str) -> Payload | None:
    """Read a payload that was written as JSON, which has true, false and null."""
    if not text.lstrip().startswith('{"'):
        return None
    from provrdf._payload.objects import read_object

    try:
        return read_object(text)
    except PayloadError:
        return None
