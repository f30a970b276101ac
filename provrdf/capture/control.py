"""Capture: what a pipeline holds to have its steps recorded."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, overload

from provrdf.capture.decorators import Values, decorate, decorate_class
from provrdf.capture.family import FAMILY
from provrdf.capture.inside import BUSY, CURRENT, Inside, Session
from provrdf.capture.troubles import CAUGHT, Troubles

if TYPE_CHECKING:
    from provrdf.capture.bind import Scope
    from provrdf.capture.plan import Plan
    from provrdf.capture.recorder import Open, Recorder
    from provrdf.capture.settings import Settings, Source
    from provrdf.model import Model

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)

DISABLE = "PROVRDF_DISABLE"
LOG = "PROVRDF_LOG"


class Capture:
    """Records the steps of a pipeline.

    Nothing is read or opened until the first step runs. A configuration that cannot be used is told once, and
    nothing is captured; `check` raises it instead.

    Parameters
    ----------
    model : path or Model, optional
        The model file (definition.yaml): which functions are steps, what they use and generate.
    log : path, optional
        The log to append to; ``{pid}`` and ``{host}`` in it give every process or host its own.
    config : path, mapping, Config, Settings or callable, optional
        A ``provrdf.toml``, a ``logger.yaml``, logprov's configuration, or what is in them; a callable makes
        the Settings when they are needed.
    **options
        Single settings, by name; they win over the configuration.

    Examples
    --------
    >>> capture = Capture(model="definition.yaml", log="prov.log")
    >>> @capture.trace
    ... def calibrate(run): ...
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | Model | None = None,
        *,
        log: str | os.PathLike[str] | None = None,
        config: Source | Settings | Callable[[], Settings] = None,
        **options: Any,
    ) -> None:
        self._on = not os.environ.get(DISABLE)
        self.troubles = Troubles()
        self._model = model
        self._config = config
        self._options = options if log is None else {**options, "log": os.path.abspath(os.fspath(log))}
        self._recorder: Recorder | None = None
        self._plans: Mapping[str, Plan] = {}

    def __repr__(self) -> str:
        state = "on" if self.on else "off"
        return f"<Capture {state}, log {self._options.get('log', 'as configured')}>"

    @property
    def on(self) -> bool:
        """Whether steps that begin now are recorded; may be set at any time."""
        return self._on

    @on.setter
    def on(self, on: bool) -> None:
        self._on = on
        FAMILY.changed()

    @property
    def lost(self) -> int:
        """Records that could not be written."""
        return self._recorder.writer.lost if self._recorder is not None else 0

    @property
    def log(self) -> str | None:
        """Path of the log, once something was recorded."""
        return self._recorder.writer.path if self._recorder is not None else None

    def find(self, function: Callable[..., Any]) -> Capture:
        """Return itself: whatever the function, this is its capture."""
        return self

    def check(self) -> None:
        """Read configuration and model now.

        Raises
        ------
        ConfigError, ModelError
            When they cannot be used.
        """
        self._start()

    def plan(self, name: str, *, only_named: bool = True) -> Plan | None:
        """Return what is recorded of a step.

        Parameters
        ----------
        name : str
            Name of the step.
        only_named : bool
            A step that the model does not name gives None; else one that has only a beginning and an end.
        """
        from provrdf.capture.plan import Plan

        return self._plans.get(name) or (None if only_named else Plan(name))

    def recorder(self) -> Recorder | None:
        """Return the recorder when this capture is on and works; reads the configuration the first time."""
        if not self._on or BUSY.get():
            return None
        recorder = self._recorder
        if recorder is not None:
            return recorder
        busy = BUSY.set(True)
        try:
            recorder = self._start()
            return recorder if self._on else None
        except CAUGHT as error:
            self.on = False
            self.troubles.count += 1
            self.troubles.warn(f"provenance is not captured: {error}")
            return None
        finally:
            BUSY.reset(busy)

    @overload
    def trace(self, function: F, /) -> F: ...

    @overload
    def trace(self, /, *, name: str | None = None, values: Values | None = None) -> Callable[[F], F]: ...

    def trace(self, function: Any = None, /, *, name: str | None = None, values: Values | None = None) -> Any:
        """Record every call of a function as an activity; see `provrdf.capture.trace`."""
        if function is None:
            return lambda function: decorate(function, self, name=name, values=values)
        return decorate(function, self, name=name, values=values)

    def provenance(self, cls: C) -> C:
        """Record every call of the methods of a class that the model names."""
        return decorate_class(cls, self)

    def activity(self, name: str, **values: Any) -> Block:
        """Record a block of code as an activity.

        Parameters
        ----------
        name : str
            Name of the activity, as in the model.
        **values
            What the value paths of the model begin with.

        Examples
        --------
        ``with capture.activity("merge", inputs=paths) as step: step["output"] = merge(paths)``
        """
        return Block(self, name, values)

    @contextlib.contextmanager
    def session(self, name: str, *, id: str | None = None, **facts: Any) -> Iterator[Session]:  # noqa: A002
        """Make what runs in a block one session of its own.

        Parameters
        ----------
        name : str
            What people call it, such as the run number.
        id : str, optional
            Its id, when the pipeline has one; default: a uuid.
        **facts
            More keys of its record (``observation_run="01615"``).
        """
        session = FAMILY.begin(name, time.time_ns(), identity=id, **facts)
        around = CURRENT.get()
        CURRENT.set(Inside(session, None))
        try:
            yield session
        finally:
            CURRENT.set(around)

    def _start(self) -> Recorder:
        from provrdf.capture.plan import plans
        from provrdf.capture.recorder import Recorder
        from provrdf.capture.settings import with_options

        settings = self._settings()
        if not settings.enabled:
            self.on = False
        model = self._model if self._model is not None else settings.model
        if model is not None:
            from provrdf.model import Model, load_model

            if not isinstance(model, Model):
                settings = with_options(settings, {"model": os.fspath(model)})
                model = load_model(os.fspath(model))
            self._plans = plans(model, warn=self.troubles.warn)
        # two threads may both come here: both recorders write to the one log, and one of them stays
        self._recorder = Recorder(settings, self.troubles)
        return self._recorder

    def _settings(self) -> Settings:
        from provrdf.capture.settings import Settings, read_options, read_settings, with_options

        config = self._config
        if callable(config):
            config = config()
        settings = config if isinstance(config, Settings) else read_settings(config)
        settings = with_options(settings, read_options(self._options))
        log = os.environ.get(LOG)
        # what the pipeline itself says wins over the environment, as a flag does
        return with_options(settings, {"log": log}) if log and "log" not in self._options else settings


class Block:
    """A block of code that is recorded as an activity; made by `Capture.activity`.

    ``step["name"] = value`` adds what only the block knows.
    """

    __slots__ = ("_activity", "_capture", "_name", "_recorder", "_scope", "_values")

    def __init__(self, capture: Capture, name: str, values: dict[str, Any]) -> None:
        self._capture = capture
        self._name = name
        self._values = values
        self._scope: Scope | None = None
        self._recorder: Recorder | None = None
        self._activity: Open | None = None

    def __setitem__(self, name: str, value: object) -> None:
        self._values[name] = value

    @property
    def id(self) -> str | None:
        """Id of the activity; None when nothing is recorded."""
        return self._activity.id if self._activity is not None else None

    def __enter__(self) -> Block:
        self._recorder = self._capture.recorder()
        if self._recorder is not None:
            plan = self._capture.plan(self._name, only_named=False)
            # the scope holds the table itself: what is added to it later is found later
            self._scope = self._recorder.scope()
            self._scope.values = self._values
            if plan is not None:
                self._activity = self._recorder.begin(plan, self._scope)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._recorder is not None and self._activity is not None and self._scope is not None:
            self._recorder.end(self._activity, self._scope, error=error)

    async def __aenter__(self) -> Block:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)
