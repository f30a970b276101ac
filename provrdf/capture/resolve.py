"""Reading the value paths of a model file: ``config.obs_cone.json()``, ``items[0]``, ``args.0``.

A path is read once into steps, and the steps are walked. Nothing is compiled or evaluated as Python: a
step takes an attribute, a key, an element, or calls a method of the object at hand with constants. A
model file cannot call functions, classes or modules, reach Python's inner attributes, or call a method
that by its name changes something.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from types import BuiltinMethodType, MethodType, MethodWrapperType, ModuleType
from typing import Any, NamedTuple, Protocol

from provrdf.capture.actions import ACTIONS


class Missing:
    """The value of a path that leads nowhere."""

    def __repr__(self) -> str:
        return "<nothing>"


MISSING = Missing()

Constant = str | int | float | bool | None


class PathError(Exception):
    """A value path that cannot be read; says where."""


class Step(NamedTuple):
    """One step of a path.

    Attributes
    ----------
    name : str or None
        Attribute, key or method; None for an element.
    item : constant
        Key or index of an element.
    call : tuple or None
        Arguments and keyword arguments of a method call.
    """

    name: str | None
    item: Constant = None
    call: tuple[tuple[Constant, ...], dict[str, Constant]] | None = None


class Path(NamedTuple):
    """A value path, ready to be walked.

    Attributes
    ----------
    text : str
        As in the model file.
    root : str
        The name it begins with.
    steps : tuple of Step
        What follows; the first is a call when the root is called.
    """

    text: str
    root: str
    steps: tuple[Step, ...]


class Names(Protocol):
    """Where the first name of a path is looked up."""

    def find(self, name: str) -> object:
        """Return what has this name, or MISSING."""
        ...


_TOKEN = re.compile(
    r"\s*(?:(?P<name>[^\W\d][\w-]*)|(?P<number>-?\d+\.\d+(?:[eE][-+]?\d+)?|-?\d+)|(?P<text>\"(?:[^\"\\]|\\.)*\"|"
    r"'(?:[^'\\]|\\.)*')|(?P<sign>[.\[\](),=]))"
)
_CONSTANTS: Mapping[str, Constant] = {"True": True, "False": False, "None": None}
_DUNDER_METHODS = frozenset({"__str__", "__repr__", "__len__", "__int__", "__float__", "__bool__", "__abs__"})
_DUNDER_ATTRIBUTES = frozenset(
    {"__name__", "__qualname__", "__module__", "__version__", "__doc__", "__file__", "__class__"}
)


def read_path(text: str) -> Path:
    """Read a value path.

    Raises
    ------
    PathError
        When it is none.

    Examples
    --------
    >>> read_path("settings.datasets.stack-datasets").steps[1].name
    'stack-datasets'
    """
    return _Reader(str(text)).path()


def walk(path: Path, names: Names, *, allowed: Collection[str] = ()) -> object:
    """Follow a path.

    Parameters
    ----------
    path : Path
        What to follow.
    names : Names
        Where its first name is looked up.
    allowed : collection of str
        Names of methods that may be called although they sound like doing something.

    Returns
    -------
    object
        What is there; MISSING when a step leads nowhere or is not allowed.
    """
    steps = iter(path.steps)
    value = names.find(path.root)
    if path.steps and path.steps[0].name is None and path.steps[0].call is not None:
        value = _call(value, next(steps), path.root, allowed)
    for step in steps:
        if value is MISSING or value is None:
            return MISSING
        value = _take(value, step, allowed)
    return value


def attribute(holder: object, name: str) -> object:
    """Take an attribute, key or element of this name; MISSING when there is none."""
    if isinstance(holder, dict):
        value = dict.get(holder, name, MISSING)
        if value is not MISSING:
            return value
    if name.isdigit():
        return _element(holder, int(name))
    if name.startswith("__") and name not in _DUNDER_ATTRIBUTES:
        return MISSING
    value = getattr(holder, name, MISSING)
    if value is MISSING and not isinstance(holder, dict) and isinstance(holder, Mapping):
        return holder.get(name, MISSING)
    return value


def _take(holder: object, step: Step, allowed: Collection[str]) -> object:
    if step.name is None:
        return _element(holder, step.item)
    if step.call is None:
        return attribute(holder, step.name)
    if step.name.startswith("__"):
        method = getattr(holder, step.name, MISSING) if step.name in _DUNDER_METHODS else MISSING
    else:
        method = getattr(holder, step.name, MISSING)
    return _call(method, step, step.name, allowed)


def _element(holder: Any, key: Constant) -> object:
    if isinstance(holder, type | ModuleType | Iterator):
        return MISSING
    try:
        return holder[key]
    except (LookupError, TypeError):
        return MISSING


def _call(method: object, step: Step, name: str, allowed: Collection[str]) -> object:
    """Call a method, when it is one that only looks."""
    if step.call is None or not isinstance(method, MethodType | BuiltinMethodType | MethodWrapperType):
        return MISSING
    owner = getattr(method, "__self__", None)
    if owner is None or isinstance(owner, type | ModuleType):
        return MISSING
    if not may_call(name, allowed):
        return MISSING
    arguments, keywords = step.call
    result: object = method(*arguments, **keywords)
    if hasattr(type(result), "__await__"):
        # a coroutine that is never awaited would complain
        getattr(result, "close", lambda: None)()
        return MISSING
    return result


def may_call(name: str, allowed: Collection[str] = ()) -> bool:
    """Tell whether a method of this name may be called from a model file."""
    if name in allowed or name in _DUNDER_METHODS:
        return True
    first = name.lstrip("_").partition("_")[0].lower()
    return not name.startswith("__") and first not in ACTIONS


class _Reader:
    """Reads a path from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._tokens())
        self.at = 0

    def _tokens(self) -> Iterator[tuple[str, str]]:
        position = 0
        text = self.text.rstrip()
        while position < len(text):
            found = _TOKEN.match(text, position)
            if found is None or found.lastgroup is None:
                message = f"cannot read the value path {self.text!r} at character {position + 1}"
                raise PathError(message)
            yield found.lastgroup, found[found.lastgroup]
            position = found.end()

    def path(self) -> Path:
        root = self.take("name")
        steps: list[Step] = []
        if self.peek("("):
            steps.append(Step(None, call=self.call()))
        while self.at < len(self.tokens):
            steps.extend(self.step())
        return Path(self.text, root, tuple(steps))

    def step(self) -> Iterator[Step]:
        if self.peek("["):
            self.at += 1
            item = self.constant()
            self.sign("]")
            yield Step(None, item)
            return
        self.sign(".")
        kind, text = self.next("a name")
        if kind == "number" and "." in text:
            # args.0.1 reads as a number with a point
            for part in text.split("."):
                yield Step(part)
            return
        if kind not in ("name", "number"):
            raise self.unexpected("a name")
        yield Step(text, call=self.call() if self.peek("(") else None)

    def call(self) -> tuple[tuple[Constant, ...], dict[str, Constant]]:
        self.sign("(")
        arguments: list[Constant] = []
        keywords: dict[str, Constant] = {}
        while not self.peek(")"):
            if self.tokens[self.at : self.at + 1] and self.tokens[self.at + 1 : self.at + 2] == [
                ("sign", "=")
            ]:
                name = self.take("name")
                self.sign("=")
                keywords[name] = self.constant()
            else:
                arguments.append(self.constant())
            if not self.peek(")"):
                self.sign(",")
        self.sign(")")
        return tuple(arguments), keywords

    def constant(self) -> Constant:
        kind, text = self.next("a constant")
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind == "name" and text in _CONSTANTS:
            return _CONSTANTS[text]
        raise self.unexpected("a text in quotes, a number, True, False or None")

    def take(self, kind: str) -> str:
        wanted = f"a {kind}"
        found, text = self.next(wanted)
        if found != kind:
            raise self.unexpected(wanted)
        return text

    def sign(self, sign: str) -> None:
        if self.next(repr(sign)) != ("sign", sign):
            raise self.unexpected(repr(sign))

    def peek(self, sign: str) -> bool:
        return self.tokens[self.at : self.at + 1] == [("sign", sign)]

    def next(self, wanted: str) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            message = f"the value path {self.text!r} ends where {wanted} is expected"
            raise PathError(message)
        self.at += 1
        return self.tokens[self.at - 1]

    def unexpected(self, wanted: str) -> PathError:
        text = self.tokens[self.at - 1][1]
        return PathError(f"the value path {self.text!r} has {text!r} where {wanted} is expected")
