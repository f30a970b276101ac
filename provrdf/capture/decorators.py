"""The decorators: a wrapper of the same kind as the function.

The kinds are plain functions, generators, coroutines and asynchronous generators. A wrapper does nothing
but tell the recorder before and after. What the function returns, yields or raises passes through; its
name, signature, documentation and kind are those of the function.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from types import FunctionType, TracebackType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from provrdf.capture.family import FAMILY
from provrdf.capture.inside import BUSY, CURRENT
from provrdf.capture.troubles import CAUGHT

if TYPE_CHECKING:
    from provrdf.capture.bind import Binder, Scope
    from provrdf.capture.control import Capture
    from provrdf.capture.plan import Plan
    from provrdf.capture.recorder import Open, Recorder

C = TypeVar("C", bound=type)


Values = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Makes the names that value paths begin with, from the arguments of a call by name."""


class Finder(Protocol):
    """Finds the capture of a function when it runs."""

    def find(self, function: Callable[..., Any]) -> Capture | None:
        """Return it; None when there is none."""
        ...


class Traced:
    """What is known of a traced function.

    Parameters
    ----------
    function : callable
        The function itself.
    finder : Finder
        Finds its capture.
    name : str
        Name of the activity.
    values : callable, optional
        Makes more names for value paths.
    only_named : bool
        Record it only when the model names it.

    Attributes
    ----------
    idle : int
        The count of `Family.changes` at which nothing was to be recorded: until it changes, nothing is looked
        up.
    """

    __slots__ = (
        "_binder",
        "_known",
        "_plan",
        "_seen",
        "finder",
        "function",
        "idle",
        "name",
        "only_named",
        "values",
    )

    def __init__(
        self,
        function: Callable[..., Any],
        finder: Finder,
        *,
        name: str,
        values: Values | None,
        only_named: bool,
    ) -> None:
        self.function = function
        self.finder = finder
        self.name = name
        self.values = values
        self.only_named = only_named
        self.idle = -1
        self._binder: Binder | None = None
        self._known: Recorder | None = None
        self._plan: Plan | None = None
        self._seen = -1

    def recorder(self) -> Recorder | None:
        """Return what records this call; None when nothing does."""
        changes = FAMILY.changes
        if self._seen == changes:
            return None if BUSY.get() else self._known
        if BUSY.get():
            return None
        capture = self.finder.find(self.function)
        recorder = capture.recorder() if capture is not None else None
        if capture is not None and recorder is not None:
            self._plan = capture.plan(self.name, only_named=self.only_named)
        self._known = recorder if self._plan is not None else None
        if self._known is None:
            self.idle = changes
        self._seen = changes
        return self._known

    def scope(self, args: tuple[Any, ...], kwargs: dict[str, Any], recorder: Recorder) -> Scope:
        """Return where the names of this call are looked up."""
        if self._binder is None:
            self._binder = recorder.binder(self.function)
        scope = recorder.scope(self._binder, args, kwargs)
        if self.values is not None:
            busy = BUSY.set(True)
            try:
                scope.values.update(self.values(scope.arguments))
            except CAUGHT as error:
                recorder.troubles.note(self.name, error)
            finally:
                BUSY.reset(busy)
        return scope

    def begin(self, args: tuple[Any, ...], kwargs: dict[str, Any], *, enter: bool = True) -> Call | None:
        """Begin recording a call; None when it is not recorded."""
        try:
            recorder = self.recorder()
            if recorder is None or self._plan is None:
                return None
            scope = self.scope(args, kwargs, recorder)
            activity = recorder.begin(self._plan, scope, enter=enter)
        except CAUGHT:
            # only when there is no stack left: then the function itself will say so
            return None
        return None if activity is None else Call(recorder, activity, scope)


class Call:
    """A call that is being recorded."""

    __slots__ = ("activity", "recorder", "scope")

    def __init__(self, recorder: Recorder, activity: Open, scope: Scope) -> None:
        self.recorder = recorder
        self.activity = activity
        self.scope = scope

    def __enter__(self) -> Call:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.returned(None)
        else:
            self.raised(error)

    def returned(self, result: object) -> None:
        """Record that it returned."""
        self.scope.returned(result)
        self.recorder.end(self.activity, self.scope)

    def raised(self, error: BaseException) -> None:
        """Record that it raised."""
        self.recorder.end(self.activity, self.scope, error=error)


def decorate(
    function: Any,
    finder: Finder,
    *,
    name: str | None = None,
    values: Values | None = None,
    only_named: bool = False,
) -> Any:
    """Wrap a function, static method or class method so that its calls are recorded."""
    import inspect

    if os.environ.get("PROVRDF_DISABLE"):
        return function
    if isinstance(function, staticmethod | classmethod):
        inner = decorate(function.__func__, finder, name=name, values=values, only_named=only_named)
        return type(function)(inner)
    if not callable(function) or isinstance(function, type):
        return function
    name = name or getattr(function, "__name__", None) or type(function).__name__
    traced = Traced(function, finder, name=name, values=values, only_named=only_named)
    wrapper = _wrapper(function)(traced, function)
    functools.update_wrapper(wrapper, function)
    setattr(wrapper, _MARK, True)
    try:
        # for those that look at the wrapper itself, as inspect.getfullargspec does
        wrapper.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return wrapper
    return wrapper


_MARK = "__provrdf_traced__"


def decorate_class(cls: C, finder: Finder) -> C:
    """Wrap the methods of a class; those that the model names are recorded."""
    for name, method in list(vars(cls).items()):
        plain = method.__func__ if isinstance(method, staticmethod | classmethod) else method
        if isinstance(plain, FunctionType) and not name.startswith("__") and not hasattr(plain, _MARK):
            setattr(cls, name, decorate(method, finder, only_named=True))
    return cls


def _wrapper(function: Callable[..., Any]) -> Callable[[Traced, Callable[..., Any]], Callable[..., Any]]:
    import inspect

    if inspect.isasyncgenfunction(function):
        return _async_generator
    if inspect.iscoroutinefunction(function):
        return _coroutine
    return _generator if inspect.isgeneratorfunction(function) else _plain


def _plain(traced: Traced, function: Callable[..., Any]) -> Callable[..., Any]:
    family = FAMILY

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if traced.idle == family.changes:
            return function(*args, **kwargs)
        call = traced.begin(args, kwargs)
        if call is None:
            return function(*args, **kwargs)
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            call.raised(error)
            raise
        call.returned(result)
        return result

    return wrapper


def _coroutine(traced: Traced, function: Callable[..., Any]) -> Callable[..., Any]:
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        call = traced.begin(args, kwargs)
        if call is None:
            return await function(*args, **kwargs)
        try:
            result = await function(*args, **kwargs)
        except BaseException as error:
            call.raised(error)
            raise
        call.returned(result)
        return result

    return wrapper


def _generator(traced: Traced, function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        call = traced.begin(args, kwargs, enter=False)
        if call is None:
            return (yield from function(*args, **kwargs))
        try:
            result = yield from _Steps(function(*args, **kwargs), call)
        except BaseException as error:
            call.raised(error)
            raise
        call.returned(result)
        return result

    return wrapper


class _Steps:
    """A generator that is inside its activity while it runs, and not while it waits for its consumer."""

    __slots__ = ("_generator", "_inside")

    def __init__(self, generator: Any, call: Call) -> None:
        self._generator = generator
        self._inside = call.activity.inside

    def __iter__(self) -> _Steps:
        return self

    def __next__(self) -> Any:
        return self._step(self._generator.__next__)

    def send(self, value: Any) -> Any:
        return self._step(self._generator.send, value)

    def throw(self, *error: Any) -> Any:
        return self._step(self._generator.throw, *error)

    def close(self) -> None:
        self._step(self._generator.close)

    def _step(self, action: Callable[..., Any], *args: Any) -> Any:
        reset = CURRENT.set(self._inside)
        try:
            return action(*args)
        finally:
            CURRENT.reset(reset)


def _async_generator(traced: Traced, function: Callable[..., Any]) -> Callable[..., Any]:
    async def wrapper(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        call = traced.begin(args, kwargs, enter=False)
        generator = function(*args, **kwargs)
        step: Callable[..., Any] = generator.__anext__
        given: tuple[Any, ...] = ()
        with call or contextlib.nullcontext():
            while True:
                try:
                    item = await _inside(call, step(*given))
                except StopAsyncIteration:
                    return
                try:
                    step, given = generator.asend, ((yield item),)
                except GeneratorExit:
                    await generator.aclose()
                    raise
                except BaseException as error:
                    step, given = generator.athrow, (error,)

    return wrapper


async def _inside(call: Call | None, step: Any) -> Any:
    """Wait for one step of an asynchronous generator, inside its activity."""
    if call is None:
        return await step
    around = CURRENT.get()
    CURRENT.set(call.activity.inside)
    try:
        return await step
    finally:
        # not reset(): a generator may be closed in another context than it was begun in
        if CURRENT.get() is call.activity.inside:
            CURRENT.set(around)
