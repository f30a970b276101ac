"""Capture of provenance: what a pipeline imports. Standard library and PyYAML only.

    from provrdf.capture import trace

    @trace
    def calibrate(run): ...

What a step uses and generates is said by the model file (definition.yaml), not by the code.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, overload

from provrdf.capture.control import Block, Capture
from provrdf.capture.decorators import Values, decorate, decorate_class
from provrdf.capture.defaults import DEFAULTS
from provrdf.capture.follow import carry, child_environment

__all__ = ["Capture", "activity", "carry", "child_environment", "configure", "provenance", "trace"]

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)


@overload
def trace(function: F, /) -> F: ...


@overload
def trace(*, name: str | None = None, values: Values | None = None) -> Callable[[F], F]: ...


def trace(function: Any = None, /, *, name: str | None = None, values: Values | None = None) -> Any:
    """Record every call of a function as an activity.

    For functions, methods, static and class methods, generators, coroutines, asynchronous generators. Which
    model and log are used is found out when the function first runs: what `configure` was given; else
    ``PROVRDF_CONFIG``, a ``provrdf.toml`` or ``[tool.provrdf]``; else ``definition.yaml`` and ``logger.yaml``
    beside the package. Without any of these, nothing is recorded. Of a function that the model does not name,
    only beginning and end are.

    Parameters
    ----------
    function : callable
        The function.
    name : str, optional
        Name of the activity; default: that of the function.
    values : callable, optional
        Given the arguments by name, returns more names for the value paths of the model.

    Examples
    --------
    >>> @trace
    ... def calibrate(run): ...
    """
    if function is None:
        return lambda function: decorate(function, DEFAULTS, name=name, values=values)
    return decorate(function, DEFAULTS, name=name, values=values)


def provenance(cls: C) -> C:
    """Record every call of the methods of a class that the model names."""
    return decorate_class(cls, DEFAULTS)


def activity(name: str, **values: Any) -> Block:
    """Record a block of code as an activity, with the default capture; see `Capture.activity`."""
    import sys

    caller = sys._getframe(1).f_globals.get("__name__", "__main__")
    return (DEFAULTS.of_module(caller) or _off()).activity(name, **values)


def configure(
    capture: Capture | None = None,
    *,
    model: str | os.PathLike[str] | None = None,
    log: str | os.PathLike[str] | None = None,
    config: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    **options: Any,
) -> Capture | None:
    """Say what the decorators without a capture of their own use, from their next call on.

    Parameters
    ----------
    capture : Capture, optional
        Use this one.
    model, log, config, **options
        Else make one of these; see `Capture`. Without any, the files are looked for again.

    Returns
    -------
    Capture or None
    """
    if capture is None and (model or log or config or options):
        capture = Capture(model, log=log, config=config, **options)
    DEFAULTS.configure(capture)
    return capture


def _off() -> Capture:
    capture = Capture()
    capture.on = False
    return capture
