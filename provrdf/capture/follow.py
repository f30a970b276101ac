"""Following the pipeline into threads, executors and child processes.

A new thread starts with an empty context, and an executor's thread with that of whoever came first: `follow`
hands the right one over. `carry` and `child_environment` are for what cannot be followed.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from provrdf.capture.family import FAMILY
from provrdf.capture.inside import CURRENT, VARIABLE, Inside, token

P = ParamSpec("P")
T = TypeVar("T")


def child_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for a child process that belongs to the running activity.

    Needed only where capture cannot follow: for `os.posix_spawn`, a batch system, another machine.

    Parameters
    ----------
    environment : mapping, optional
        What to add to; default: the environment of this process.

    Examples
    --------
    ``os.posix_spawn(step, [step], child_environment())``
    """
    inside = FAMILY.parent()
    complete = dict(os.environ if environment is None else environment)
    if inside is not None:
        complete[VARIABLE] = token(inside)
    return complete


class Carried:
    """A callable that runs inside the activity it was made in, wherever it runs."""

    __slots__ = ("__wrapped__", "_inside")

    def __init__(self, function: Callable[..., Any], inside: Inside) -> None:
        self.__wrapped__ = function
        self._inside = inside

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function."""
        reset = CURRENT.set(self._inside)
        try:
            return self.__wrapped__(*args, **kwargs)
        finally:
            CURRENT.reset(reset)

    def __reduce__(self) -> tuple[Any, ...]:
        # facts are for the record of the session, which the process that began it writes
        inside = self._inside._replace(session=self._inside.session._replace(facts=()))
        return Carried, (self.__wrapped__, inside)


def carry(function: Callable[P, T]) -> Callable[P, T]:
    """Bind a callable to the running activity, for threads and pools that capture cannot follow by itself.

    Examples
    --------
    ``pool.map(carry(step), items)`` with a `multiprocessing.Pool`.
    """
    inside = FAMILY.parent()
    return function if inside is None else Carried(function, inside)


def follow() -> None:
    """Hand the running activity over to new threads, executors and child processes, from now on.

    Wraps the methods that start them, once for each module that is loaded. What runs there is not touched.
    """
    for module, owner, method, wrap in _STARTERS:
        kind = getattr(sys.modules.get(module), owner, None)
        plain = getattr(kind, method) if kind is not None else None
        if plain is not None and not hasattr(plain, _MARK):
            wrapped = functools.wraps(plain)(wrap(plain))
            setattr(wrapped, _MARK, True)
            setattr(kind, method, wrapped)


_MARK = "__provrdf_follows__"


def _thread_start(start: Callable[..., None]) -> Callable[..., None]:
    def start_inside(self: threading.Thread) -> None:
        inside = FAMILY.here()
        if inside is not None:
            FAMILY.started(self, inside)
        start(self)

    return start_inside


def _submit(submit: Callable[..., Any]) -> Callable[..., Any]:
    def submit_inside(self: Any, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        # also when there is no activity: the thread may have been started inside of one
        inside = FAMILY.place()
        return submit(self, fn if inside is None else Carried(fn, inside), *args, **kwargs)

    return submit_inside


def _popen(start: Callable[..., None]) -> Callable[..., None]:
    def start_inside(self: Any, *args: Any, **kwargs: Any) -> None:
        # an environment that the caller put together is completed only when it has the session from ours
        given = kwargs.get("env")
        if (
            FAMILY.parent() is not None
            and len(args) <= _POSITION_OF_ENV
            and (given is None or VARIABLE in given)
        ):
            kwargs["env"] = child_environment(given)
        start(self, *args, **kwargs)

    return start_inside


def _process_start(start: Callable[..., None]) -> Callable[..., None]:
    def start_inside(self: Any) -> None:
        inside = FAMILY.here()
        if inside is None or getattr(self, "_start_method", None) == "fork":
            start(self)
            return
        before = os.environ.get(VARIABLE)
        os.environ[VARIABLE] = token(inside)
        try:
            start(self)
        finally:
            if before is None:
                os.environ.pop(VARIABLE, None)
            else:
                os.environ[VARIABLE] = before

    return start_inside


_POSITION_OF_ENV = 10
_STARTERS: tuple[tuple[str, str, str, Callable[[Callable[..., Any]], Callable[..., Any]]], ...] = (
    ("threading", "Thread", "start", _thread_start),
    ("concurrent.futures.thread", "ThreadPoolExecutor", "submit", _submit),
    ("concurrent.futures.process", "ProcessPoolExecutor", "submit", _submit),
    ("subprocess", "Popen", "__init__", _popen),
    ("multiprocessing.process", "BaseProcess", "start", _process_start),
)
"""Module, class, method, and what it is wrapped in."""
