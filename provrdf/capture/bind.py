"""The names a value path can begin with: arguments, `self`, the result, globals of the module.

Order of lookup: values given by hand; attributes of `self` (the field's decorators look there first);
arguments; the result, then its fields; globals. ``args`` and ``kwargs`` are the arguments as given;
``kwargs.x`` also finds an argument `x` that was given by position.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from types import FunctionType, MappingProxyType
from typing import Any

from provrdf.capture.resolve import MISSING, attribute

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_SELF = ("self", "cls")
_RESULT = ("result", "return", "_returned_result")


class Binder:
    """Gives the arguments of calls their names, like `inspect.Signature.bind` but fast and without errors.

    Parameters
    ----------
    function : callable
        What is called. One without a readable signature gets no names.
    """

    __slots__ = ("_defaults", "_keywords", "_positional", "_rest", "_rest_keywords", "globals", "is_method")

    def __init__(self, function: Callable[..., Any]) -> None:
        try:
            parameters = tuple(inspect.signature(function).parameters.values())
        except (TypeError, ValueError):
            parameters = ()
        kinds = inspect.Parameter
        self._positional = tuple(
            item.name
            for item in parameters
            if item.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD)
        )
        self._rest = next((item.name for item in parameters if item.kind is kinds.VAR_POSITIONAL), None)
        self._rest_keywords = next((item.name for item in parameters if item.kind is kinds.VAR_KEYWORD), None)
        self._defaults = {item.name: item.default for item in parameters if item.default is not kinds.empty}
        self._keywords = frozenset(
            item.name for item in parameters if item.kind in (kinds.POSITIONAL_OR_KEYWORD, kinds.KEYWORD_ONLY)
        )
        self.is_method = bool(self._positional) and self._positional[0] in _SELF
        unwrapped = inspect.unwrap(function)
        self.globals: Mapping[str, Any] = (
            unwrapped.__globals__ if isinstance(unwrapped, FunctionType) else _NOTHING
        )

    @property
    def optional(self) -> Collection[str]:
        """Names of the parameters that have a default."""
        return self._defaults.keys()

    def __call__(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Name the arguments of one call, defaults included."""
        bound = dict(self._defaults)
        bound.update(zip(self._positional, args, strict=False))
        if self._rest is not None:
            bound[self._rest] = args[len(self._positional) :]
        if self._rest_keywords is not None:
            bound[self._rest_keywords] = {
                key: item for key, item in kwargs.items() if key not in self._keywords
            }
        bound.update(kwargs)
        return bound


class Scope:
    """Where the names of one call are looked up.

    Attributes
    ----------
    values : dict
        Values given by hand; they come first.
    """

    __slots__ = ("_args", "_bound", "_defaults", "_globals", "_kwargs", "_result", "_subject", "values")

    def __init__(
        self,
        binder: Binder | None = None,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] = _NOTHING,
    ) -> None:
        self.values: dict[str, Any] = {}
        self._args = args
        self._kwargs = kwargs
        self._bound: Mapping[str, Any] = binder(args, kwargs) if binder is not None else _NOTHING
        self._globals: Mapping[str, Any] = binder.globals if binder is not None else _NOTHING
        self._subject: Any = args[0] if binder is not None and binder.is_method and args else MISSING
        self._result: Any = MISSING
        self._defaults: Collection[str] = binder.optional if binder is not None else ()

    @property
    def result(self) -> object:
        """The result; None when there is none yet."""
        return None if self._result is MISSING else self._result

    @property
    def required(self) -> Mapping[str, Any]:
        """Arguments without a default, and those with one, are told apart as logprov does."""
        return {name: item for name, item in self.arguments.items() if name not in self._defaults}

    @property
    def optional(self) -> Mapping[str, Any]:
        """Arguments with a default."""
        return {name: item for name, item in self.arguments.items() if name in self._defaults}

    @property
    def arguments(self) -> Mapping[str, Any]:
        """Arguments by name, without `self`."""
        return {
            name: item for name, item in self._bound.items() if item is not self._subject or name not in _SELF
        }

    def returned(self, result: object) -> None:
        """Add the result of the call."""
        self._result = result

    def find(self, name: str) -> object:
        """Return what has this name, or MISSING."""
        if name in self.values:
            return self.values[name]
        subject = self._subject
        if subject is not MISSING and name not in _SELF:
            value = attribute(subject, name)
            if value is not MISSING:
                return value
        if name in self._bound:
            return self._bound[name]
        return self._special(name)

    def _special(self, name: str) -> object:
        if name == "args":
            return self._args
        if name == "kwargs":
            return {**self._bound, **self._kwargs}
        if self._result is not MISSING:
            if name in _RESULT:
                return self._result
            value = _field(self._result, name)
            if value is not MISSING:
                return value
        return MISSING if name.startswith("__") else self._globals.get(name, MISSING)


class Within:
    """Where names are looked up inside one element: its attributes and keys, and `self` is itself."""

    __slots__ = ("_element",)

    def __init__(self, element: object) -> None:
        self._element = element

    def find(self, name: str) -> object:
        """Return what has this name, or MISSING."""
        if name == "self":
            return self._element
        if name.startswith("__"):
            return getattr(self._element, name, MISSING)
        return attribute(self._element, name)


def _field(result: object, name: str) -> object:
    """Take a field of a result that is a table or a record; other results have no names to offer."""
    if isinstance(result, Mapping):
        return attribute(result, name) if name in result else MISSING
    kind: Any = type(result)
    fields: Collection[str] = getattr(kind, "__dataclass_fields__", ()) or getattr(kind, "_fields", ())
    return attribute(result, name) if name in fields else MISSING
