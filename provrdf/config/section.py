"""What a section of the configuration is: named values that never change.

It behaves as a frozen dataclass does. `dataclasses` itself is not used here because it loads a dozen other
modules and compiles functions for every class, which would double the time that a command needs to start.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final, Self, dataclass_transform

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
"""Default of a value that is a mapping."""

_NEEDED = object()


@dataclass_transform(frozen_default=True)
class Section:
    """Base of sections; a subclass declares its values as annotations, with defaults."""

    _defaults: ClassVar[dict[str, Any]]

    def __init_subclass__(cls) -> None:
        cls._defaults = {name: cls.__dict__.get(name, _NEEDED) for name in cls.__annotations__}

    def __init__(self, *positional: Any, **named: Any) -> None:
        given = dict(zip(self._defaults, positional, strict=False))
        values = self._defaults | given | named
        wrong = [name for name, value in values.items() if value is _NEEDED or name not in self._defaults]
        if wrong or len(positional) > len(given) or given.keys() & named.keys():
            message = f"{type(self).__name__} takes the values {', '.join(self._defaults)}: look at {wrong}"
            raise TypeError(message)
        vars(self).update({name: {} if value is NOTHING else value for name, value in values.items()})
        self.check()

    def check(self) -> None:
        """Raise if the values cannot be; here all can."""

    def replace(self, **changes: Any) -> Self:
        """Return a section with some values changed."""
        return type(self)(**(vars(self) | changes))

    def __setattr__(self, name: str, value: object) -> None:
        message = f"{type(self).__name__} cannot be changed: make another with replace({name}=...)"
        raise AttributeError(message)

    def __delattr__(self, name: str) -> None:
        self.__setattr__(name, None)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash(tuple(value for value in vars(self).values() if not isinstance(value, Mapping)))

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({values})"
