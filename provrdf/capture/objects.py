"""What a Python object is: its content, when that is stable; else a uuid given to it for as long as it lives.

Never `hash()`, which differs from process to process, and never `id()`, which the next object may get.
"""

from __future__ import annotations

import hashlib
import os
import weakref
from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, NamedTuple

from provrdf.capture.inside import new_uuid

_MAX_NODES = 2_000
_MAX_DEPTH = 30
_MAX_BYTES = 4_000_000
_REMEMBERED = 10_000

_LEAVES = (
    str,
    int,
    float,
    bool,
    complex,
    type(None),
    Decimal,
    Fraction,
    date,
    time,
    timedelta,
    Enum,
    os.PathLike,
)


class _UnstableError(Exception):
    """A value has no stable representation."""


class Objects:
    """Gives objects their ids, and holds none of them alive.

    An object that is generated again is a new state of itself, and gets a new id.
    """

    def __init__(self) -> None:
        self._living: dict[int, _Living] = {}
        self._states: dict[str, int] = {}

    def identify(self, value: object, name: str) -> tuple[str, str | None]:
        """Return the id of an object as it is used, and what it comes from when it goes by a new name.

        Parameters
        ----------
        value : object
            The object.
        name : str
            Name of its entity description: the number 5 as a threshold is not the number 5 as a count.
        """
        known = self._known(value)
        if known is not None:
            if name in known.names:
                return known.names[name], None
            identity = known.names[name] = new_uuid()
            return identity, known.latest
        digest = self.digest(value, name)
        if digest is None:
            return self._remember(value, name), None
        state = self._states.get(digest, 0)
        return (digest if state < 2 else f"{digest}-{state}"), None

    def renew(self, value: object, name: str) -> tuple[str, str | None]:
        """Return the id of an object as it is generated, and the id of its state before when it had one."""
        before = self._known(value)
        if before is not None:
            return self._remember(value, name), before.latest
        digest = self.digest(value, name)
        if digest is None:
            return self._remember(value, name), None
        if len(self._states) >= _REMEMBERED:
            self._states.clear()
        state = self._states[digest] = self._states.get(digest, 0) + 1
        return (digest if state == 1 else f"{digest}-{state}"), None

    def latest(self, value: object) -> str:
        """Return the id of an object, whatever its name."""
        known = self._known(value)
        return known.latest if known is not None else self._remember(value, "")

    def digest(self, value: object, name: str) -> str | None:
        """Digest the content of a value; None when it has no stable content."""
        digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16)
        try:
            _Content(self, digest.update).add(value, top=True)
        except _UnstableError:
            return None
        return digest.hexdigest()

    def _known(self, value: object) -> _Living | None:
        entry = self._living.get(id(value))
        return entry if entry is not None and entry.reference() is value else None

    def _remember(self, value: object, name: str) -> str:
        identity = new_uuid()
        key = id(value)
        living = self._living

        def forget(reference: weakref.ref[Any]) -> None:
            entry = living.get(key)
            if entry is not None and entry.reference is reference:
                living.pop(key, None)

        try:
            living[key] = _Living(weakref.ref(value, forget), identity, {name: identity})
        except TypeError:
            living.pop(key, None)
        return identity


class _Living(NamedTuple):
    """An object that is alive: its latest id, and the ids it has by the names it goes by."""

    reference: weakref.ref[Any]
    latest: str
    names: dict[str, str]


class _Content:
    """Feeds the stable representation of a value to a digest."""

    def __init__(self, objects: Objects, update: Callable[[bytes], object]) -> None:
        self.objects = objects
        self.update = update
        self.nodes = _MAX_NODES
        self.depth = -1

    def add(self, value: Any, *, top: bool = False) -> None:
        self.nodes -= 1
        self.depth += 1
        if self.nodes < 0 or self.depth > _MAX_DEPTH:
            raise _UnstableError
        kind = type(value)
        if kind in _PLAIN or isinstance(value, _LEAVES):
            self.tell(kind, _leaf(value))
        elif kind in (list, tuple) or (isinstance(value, tuple) and hasattr(kind, "_fields")):
            self.sequence(kind, value)
        elif kind is dict:
            self.table(value)
        elif kind in (set, frozenset):
            self.members(kind, value)
        elif not (self.buffer(kind, value) or self.fields(kind, value)):
            self.opaque(value, top)
        self.depth -= 1

    def tell(self, kind: type, data: bytes) -> None:
        self.update(f"{kind.__qualname__}:{len(data)}:".encode("utf-8", "surrogatepass"))
        self.update(data)

    def sequence(self, kind: type, values: Any) -> None:
        self.tell(kind, str(len(values)).encode())
        for value in list(values) if len(values) <= self.nodes else self.too_long():
            self.add(value)

    def table(self, table: dict[Any, Any]) -> None:
        self.tell(dict, str(len(table)).encode())
        for key, value in list(table.items()) if len(table) <= self.nodes else self.too_long():
            self.add(key)
            self.add(value)

    def members(self, kind: type, values: Any) -> None:
        if len(values) > self.nodes:
            raise _UnstableError
        digests = sorted(self.objects.digest(value, "") or self.objects.latest(value) for value in values)
        self.nodes -= len(digests)
        self.tell(kind, "".join(digests).encode())

    def too_long(self) -> list[Any]:
        raise _UnstableError

    def buffer(self, kind: type, value: Any) -> bool:
        """Digest bytes and arrays by their content."""
        if kind in (bytes, bytearray):
            view = memoryview(value)
        elif kind.__module__ == "numpy" and kind.__qualname__ == "ndarray":
            if value.dtype.hasobject or value.nbytes > _MAX_BYTES:
                return False
            self.tell(kind, f"{value.dtype.str} {value.shape}".encode())
            contiguous = value.flags.c_contiguous and value.nbytes
            view = memoryview(value).cast("B") if contiguous else memoryview(value.tobytes())
        else:
            return False
        if view.nbytes > _MAX_BYTES:
            raise _UnstableError
        self.tell(kind, b"")
        self.update(view)  # type: ignore[arg-type]
        return True

    def fields(self, kind: Any, value: Any) -> bool:
        """Digest the fields of a record that cannot be followed by a weak reference."""
        if kind is SimpleNamespace:
            names = list(vars(value))
        elif not kind.__weakrefoffset__ and hasattr(kind, "__dataclass_fields__"):
            names = list(kind.__dataclass_fields__)
        else:
            return False
        self.tell(kind, str(len(names)).encode())
        self.table({name: getattr(value, name, None) for name in names})
        return True

    def opaque(self, value: object, top: bool) -> None:
        """Take an object inside another by the id it has for as long as it lives."""
        if top:
            raise _UnstableError
        self.tell(type(value), self.objects.latest(value).encode())


_PLAIN = frozenset({str, int, float, bool, type(None)})


def _leaf(value: Any) -> bytes:
    if isinstance(value, str):
        return str.encode(value, "utf-8", "surrogatepass")
    if isinstance(value, float):
        return float.__repr__(value).encode()
    if isinstance(value, os.PathLike):
        return os.fsencode(value)
    if isinstance(value, Enum):
        return value.name.encode("utf-8", "surrogatepass")
    if isinstance(value, int):
        return hex(int.__int__(value)).encode()
    return repr(value).encode("utf-8", "surrogatepass")
