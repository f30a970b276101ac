"""The large blocks that session records repeat: read once, recognised by their text afterwards.

A pipeline writes the same 22 kB (platform, Python and its packages, environment) with every task.
A known block is replaced by a string that cannot occur otherwise, the short rest is read, and the block's
value put in its place. That is exact: the stand-in follows ``'key': `` and precedes ``,`` or ``}``, so it is
read as a value exactly where the block would have been, and the result is used only if the value under
that very key is the stand-in and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, NamedTuple

_SMALLEST = 200  # characters; a smaller block is read as fast as it is recognised
_MOST_VALUES = 64  # different texts kept per key
_MOST_LESSONS = 500  # after so many records with unknown blocks, repetition is not to be expected


class Block(NamedTuple):
    """A block taken out of a text: its key, the string that stands in for it, its value."""

    key: str
    token: str
    value: dict[Any, Any]


class BlockCache:
    """Blocks seen so far, by key."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, dict[Any, Any]]] = {}
        self._nonce = os.urandom(16).hex()
        self._lessons = 0

    def take_out(self, text: str) -> tuple[str, list[Block]]:
        """Return a text with known blocks replaced by stand-ins, and those blocks."""
        taken: list[Block] = []
        for key, blocks in self._known.items():
            start = text.find(f"'{key}': {{") + len(key) + 4
            if start < len(key) + 4:
                continue
            for block, value in blocks.items():
                end = start + len(block)
                if text.startswith(block, start) and text[end : end + 1] in {",", "}"}:
                    token = f"{self._nonce}{len(taken)}"
                    text = f"{text[:start]}'{token}'{text[end:]}"
                    taken.append(Block(key, token, value))
                    break
        return text, taken

    def put_back(self, data: dict[Any, Any], taken: list[Block]) -> bool:
        """Put blocks where their stand-ins are; False if one is not the whole value of its key."""
        return all(_put_back(data, block) for block in taken)

    def learn(self, text: str, data: dict[Any, Any], *, known: Iterable[Block] = ()) -> None:
        """Remember the large blocks of a record that are written out in a text, the others being known."""
        if len(text) < _SMALLEST or self._lessons > _MOST_LESSONS:
            return
        self._lessons += 1
        system = data.get("system")
        inner = system if isinstance(system, dict) else {}
        keys = {"system", *(block.key for block in known)}
        for key, value in [*inner.items(), *data.items()]:
            if isinstance(key, str) and isinstance(value, dict) and key not in keys:
                self._remember(key, value, text)

    def _remember(self, key: str, value: dict[Any, Any], text: str) -> None:
        """Remember a block that was written as Python writes it: its text is sure to mean this value."""
        block = repr(value)
        known = self._known.setdefault(key, {})
        if len(block) < _SMALLEST or len(known) >= _MOST_VALUES or block in known:
            return
        if f"'{key}': {block}" in text:
            known[block] = value
            # the largest first: what is left to search and to copy is short then
            self._known = dict(sorted(self._known.items(), key=_size, reverse=True))


def _size(known: tuple[str, dict[str, dict[Any, Any]]]) -> int:
    return max(map(len, known[1]), default=0)


def _put_back(data: dict[Any, Any], block: Block) -> bool:
    for holder in (data.get("system"), data):
        if isinstance(holder, dict) and holder.get(block.key) == block.token:
            holder[block.key] = block.value
            return True
    return False
