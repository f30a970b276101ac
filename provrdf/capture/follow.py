"""Following the pipeline into threads, executors and child processes.

A new thread starts with an empty context, and an executor's thread with that of whoever came first: `follow`
hands the right one over. `carry` and `child_environment` are for what cannot be followed.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from provrdf.capture.family import FAMILY
from provrdf.capture.inside import CURRENT, VARIABLE, Inside, token

P = ParamSpec("P")
T = TypeVar("T")


def child_environment() -> dict[str, str]:
    """Return the environment for a child process that belongs to the running activity.

    Needed only where the environment is put together by hand, or where several threads start processes at once.

    Examples
    --------
    ``subprocess.run(["step2"], env=child_environment())``
    """
    inside = FAMILY.parent()
    environment = dict(os.environ)
    if inside is not None:
        environment[VARIABLE] = token(inside)
    return environment


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
    """Hand the running activity over to new threads and to executors, from now on.

    Wraps `Thread.start` and the `submit` of the two standard executors, once. What runs in a thread is not touched.
    """
    if not hasattr(threading.Thread.start, "__provrdf__"):
        threading.Thread.start = _following_start(threading.Thread.start)  # type: ignore[method-assign,assignment]
    for module, name in (("concurrent.futures.thread", "ThreadPoolExecutor"), _PROCESSES):
        executor = getattr(sys.modules.get(module), name, None)
        if executor is not None and not hasattr(executor.submit, "__provrdf__"):
            executor.submit = _following_submit(executor.submit)


_PROCESSES = ("concurrent.futures.process", "ProcessPoolExecutor")


def _following_start(start: Callable[[threading.Thread], None]) -> Callable[[threading.Thread], None]:
    @functools.wraps(start)
    def start_inside(self: threading.Thread) -> None:
        inside = FAMILY.here()
        if inside is not None:
            FAMILY.started(self, inside)
        start(self)

    start_inside.__provrdf__ = True  # type: ignore[attr-defined]
    return start_inside


def _following_submit(submit: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(submit)
    def submit_inside(self: Any, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        inside = FAMILY.here()
        return submit(self, fn if inside is None else Carried(fn, inside), *args, **kwargs)

    submit_inside.__provrdf__ = True  # type: ignore[attr-defined]
    return submit_inside
