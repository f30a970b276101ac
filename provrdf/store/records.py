"""Records as text for keeping, and back: JSON that keeps every Python value of a log exactly.

Large values (the environment that logs repeat with every session record) are kept once, by digest.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from provrdf.records import Record

_TAG = "\x01"
_PLAIN = frozenset((str, int, float, bool, type(None)))
_LARGE = 1000  # characters; smaller values are kept in place
_REFERENCE = 0  # a reference counts nothing: what holds large values is not kept apart because of them

_TAGGED = re.compile(r'"session_tag":"(?:[^"\\]|\\.)*",?')

Keep = Callable[[str, str], None]
Fetch = Callable[[str], str]


class Encoder:
    """Writes records as text, one line each: the line number, a tab, and what the record says.

    Parameters
    ----------
    keep : callable
        Takes digest and text of a large value, once for each.
    """

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._known: dict[int, tuple[Any, dict[str, str]]] = {}
        self._kept: set[str] = set()
        self._dumps = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode

    def encode(self, record: Record) -> str:
        """Write one record; the file is not part of it."""
        data = record.data
        for key, value in data.items():
            if type(value) not in _PLAIN or type(key) is not str or key == _TAG:
                return f"{record.line}\t{self._dumps([record.time, record.inexact, self._pack(data)[0]])}"
        return f"{record.line}\t{self._dumps([record.time, record.inexact, data])}"

    def _pack(self, value: Any) -> tuple[Any, int]:
        """Replace what JSON cannot hold; also give about how long the text will be."""
        kind = type(value)
        if kind in _PLAIN:
            return value, len(value) + 2 if kind is str else 8
        known = self._known.get(id(value))
        if known is not None and known[0] is value:
            return known[1], _REFERENCE
        blocks = len(self._known)
        packed, length = self._pack_parts(value)
        if length > _LARGE and kind in (dict, list) and blocks == len(self._known):
            packed, length = self._block(value, packed), _REFERENCE
        return packed, length

    def _pack_parts(self, value: Any) -> tuple[Any, int]:
        kind = type(value)
        if kind is dict and _TAG not in value and all(type(key) is str for key in value):
            parts = {key: self._pack(part) for key, part in value.items()}
            length = sum(len(key) + part[1] + 4 for key, part in parts.items())
            return {key: part[0] for key, part in parts.items()}, length
        if kind is dict:
            pairs, length = self._pack_all([item for pair in value.items() for item in pair])
            return {_TAG: "dict", "v": pairs}, length
        if kind in (list, tuple):
            items, length = self._pack_all(value)
            return (items if kind is list else {_TAG: "tuple", "v": items}), length
        text = repr(value)
        return {_TAG: "literal", "v": text}, len(text)

    def _pack_all(self, values: Iterable[Any]) -> tuple[list[Any], int]:
        packed = [self._pack(value) for value in values]
        return [part for part, _ in packed], sum(length + 1 for _, length in packed)

    def _block(self, value: Any, packed: Any) -> dict[str, str]:
        """Keep a large value by digest. The object is held, so that its id stays its own."""
        text = self._dumps(packed)
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest not in self._kept:
            self._kept.add(digest)
            self._keep(digest, text)
        reference = {_TAG: "block", "v": digest}
        self._known[id(value)] = (value, reference)
        return reference


def said(line: str) -> str:
    """Return what an encoded record says, with its time but without its line number."""
    return line.partition("\t")[2]


def content(line: str) -> str:
    """Return what an encoded record says, without line number, time and tag."""
    return _TAGGED.sub("", line.partition(",")[2])


def fingerprint(*parts: object) -> int:
    """Return a number of 63 bits that stands for some text."""
    text = "\0".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") >> 1


class Decoder:
    """Reads what an Encoder wrote; equal large values are one object again."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._blocks: dict[str, Any] = {}
        self._loads = json.JSONDecoder(object_hook=self._unpack).decode

    def decode(self, lines: Iterable[str], file: str) -> Iterator[Record]:
        """Read records that came from one file."""
        for line in lines:
            number, _, text = line.partition("\t")
            time, inexact, data = self._loads(text)
            yield Record(time, data, file, int(number), tuple(inexact))

    def _unpack(self, found: dict[str, Any]) -> Any:
        kind = found.get(_TAG)
        if kind is None:
            return found
        value = found["v"]
        if kind == "tuple":
            return tuple(value)
        if kind == "dict":
            return dict(zip(value[::2], value[1::2], strict=True))
        if kind == "block":
            return self._block(value)
        return ast.literal_eval(value)

    def _block(self, digest: str) -> Any:
        if digest not in self._blocks:
            self._blocks[digest] = self._loads(self._fetch(digest))
        return self._blocks[digest]
