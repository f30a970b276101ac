"""Traced functions are the functions they were, whatever happens; and what happened is in the log."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import inspect
import os
import pickle
import sys
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from logs import activities, edges, entities, links, named, parameters, records_of
from provrdf.capture import Capture

MODEL = """
activities:
  step:
    parameters: [{name: value, value: value}]
    usage: [{role: input, entityName: Thing, value: value}]
    generation: [{role: output, entityName: Thing, value: result}]
  method:
    parameters: [{name: factor, value: factor}, {name: scale, value: scale}]
  static: {}
  kind: {}
entities:
  Thing: {type: PythonObject}
"""

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
"""Some tests fork, which newer Pythons warn of when another test has left a thread."""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where the log goes."""
    return tmp_path / "prov.log"


@pytest.fixture
def capture(tmp_path: Path, log: Path) -> Iterator[Capture]:
    """A capture with a small model; at the end nothing of its own went wrong."""
    (tmp_path / "definition.yaml").write_text(MODEL)
    capture = Capture(tmp_path / "definition.yaml", log=log, git=False, packages=False)
    yield capture
    assert capture.lost == 0


def status(log: Path, name: str = "step") -> str:
    """Return how the one activity of a name ended; ``open`` when it did not."""
    return str(named(records_of(log), name).get("status", "open"))


# ---- what a traced function looks like


def plain(value: int, /, other: str = "x", *rest: int, flag: bool = True, **more: int) -> dict[str, int]:
    """Say what it does."""
    return {"value": value}


def generator(value: int) -> Iterator[int]:
    """Yield some."""
    yield value


async def coroutine(value: int) -> int:
    """Wait a bit."""
    return value


async def async_generator(value: int) -> AsyncIterator[int]:
    """Yield some, later."""
    yield value


@pytest.mark.parametrize("function", [plain, generator, coroutine, async_generator])
@pytest.mark.parametrize("on", [True, False])
def test_the_view_of_a_function_is_unchanged(
    capture: Capture, function: Callable[..., Any], on: bool
) -> None:
    """Name, signature, documentation, annotations and kind are those of the function."""
    capture.on = on
    traced = capture.trace(function)
    assert inspect.signature(traced) == inspect.signature(function)
    assert inspect.getfullargspec(traced) == inspect.getfullargspec(function)
    assert inspect.getsource(traced) == inspect.getsource(function)
    for name in ("__name__", "__qualname__", "__module__", "__doc__", "__annotations__"):
        assert getattr(traced, name) == getattr(function, name)
    for kind in ("isfunction", "iscoroutinefunction", "isgeneratorfunction", "isasyncgenfunction"):
        assert getattr(inspect, kind)(traced) == getattr(inspect, kind)(function)
    assert asyncio.iscoroutinefunction(traced) == asyncio.iscoroutinefunction(function)


def test_what_is_no_function_stays(capture: Capture) -> None:
    """Classes and values are given back as they are."""
    assert capture.trace(int) is int
    assert capture.trace(5) == 5  # type: ignore[type-var]


def test_a_callable_object_is_traced(capture: Capture, log: Path) -> None:
    """Builtins and objects that can be called have no signature to lose."""
    assert capture.trace(len, name="step")([1, 2]) == 2  # type: ignore[call-overload]
    assert status(log) == "completed"


module_level: Any = None


def test_a_traced_function_can_be_pickled(capture: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is pickled by its name, as functions are."""
    traced = capture.trace(plain)
    monkeypatch.setattr(sys.modules[__name__], "plain", traced)
    assert pickle.loads(pickle.dumps(traced)) is traced


def test_wrong_arguments_are_still_wrong(capture: Capture, log: Path) -> None:
    """The function's own TypeError comes through, and the attempt is recorded as failed."""

    @capture.trace
    def step(value: int) -> int:
        return value

    with pytest.raises(TypeError, match=r"step\(\) missing 1 required positional argument: 'value'"):
        step()  # type: ignore[call-arg]
    assert status(log) == "failed"


# ---- methods and classes


def test_methods_of_all_kinds(capture: Capture, log: Path) -> None:
    """A class's methods that the model names are recorded, of whatever kind; others are not."""

    @capture.provenance
    class Camera:
        scale = 3

        def method(self, factor: int) -> tuple[Any, int]:
            return self, factor

        @staticmethod
        def static(value: int) -> int:
            return value

        @classmethod
        def kind(cls) -> type:
            return cls

        def other(self) -> str:
            return "other"

        def __len__(self) -> int:
            return 1

    camera = Camera()
    assert camera.method(5) == (camera, 5)
    assert Camera.static(7) == 7
    assert camera.static(7) == 7
    assert Camera.kind() is Camera
    assert camera.other() == "other"
    records = records_of(log)
    assert sorted(one["name"] for one in activities(records).values()) == [
        "kind",
        "method",
        "static",
        "static",
    ]
    assert parameters(records, "method") == {"factor": 5, "scale": 3}
    assert vars(camera) == {}
    assert isinstance(inspect.getattr_static(Camera, "static"), staticmethod)


def test_a_method_is_not_recorded_twice(capture: Capture, log: Path) -> None:
    """A method that is traced by itself is left alone by the decorator of its class."""

    @capture.provenance
    class Camera:
        @capture.trace
        def method(self, factor: int) -> int:
            return factor

    assert Camera().method(2) == 2
    assert len(activities(records_of(log))) == 1


def test_nothing_is_written_into_what_is_observed(capture: Capture) -> None:
    """Neither objects nor modules of the pipeline get an attribute."""

    class Empty:
        @capture.trace
        def step(self, value: object) -> object:
            return value

    before = set(sys.modules[__name__].__dict__)
    empty = Empty()
    thing = Empty()
    assert empty.step(thing) is thing
    assert vars(empty) == vars(thing) == {}
    assert set(sys.modules[__name__].__dict__) == before


# ---- exceptions


class OwnError(Exception):
    """An error of the pipeline."""


def test_an_exception_passes_through_unchanged(capture: Capture, log: Path) -> None:
    """The very same exception arrives, with its cause, context and notes; the failure is recorded."""
    cause = KeyError("cause")
    error = OwnError("no such run", 5)
    error.add_note("seen at night")

    @capture.trace
    def step(value: int) -> None:
        raise error from cause

    with pytest.raises(OwnError) as caught:
        step(1)
    assert caught.value is error
    assert error.args == ("no such run", 5)
    assert (error.__cause__, error.__notes__) == (cause, ["seen at night"])
    assert error.__context__ is None
    activity = named(records_of(log), "step")
    assert activity["status"] == "failed"
    assert activity["exception_type"] == f"{__name__}.OwnError"
    assert activity["exception_message"] == "('no such run', 5)"
    assert not links(records_of(log), "generated")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (KeyboardInterrupt(), "stopped"),
        (SystemExit(), "stopped"),
        (SystemExit(0), "stopped"),
        (SystemExit(3), "failed"),
        (GeneratorExit(), "stopped"),
        (asyncio.CancelledError(), "stopped"),
        (MemoryError(), "failed"),
    ],
)
def test_what_is_stopped_is_no_failure(
    capture: Capture, log: Path, error: BaseException, expected: str
) -> None:
    """An interrupt or an orderly exit is told apart from a failure."""

    @capture.trace
    def step(value: int) -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        step(1)
    assert caught.value is error
    assert status(log) == expected


def test_an_exception_without_a_text(capture: Capture, log: Path) -> None:
    """An exception whose own text raises is recorded by its type."""

    class SilentError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    @capture.trace
    def step(value: int) -> None:
        raise SilentError

    with pytest.raises(SilentError):
        step(1)
    assert named(records_of(log), "step")["exception_message"] == "(its message cannot be read)"


def test_the_start_is_written_before_the_call(capture: Capture, log: Path) -> None:
    """A process that is killed leaves the beginning of what it was doing, with its inputs."""

    @capture.trace
    def step(value: int) -> None:
        os._exit(9)

    child = os.fork()
    if child == 0:  # pragma: no cover
        step(3)
    _, code = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(code) == 9
    records = records_of(log)
    assert status(log) == "open"
    assert parameters(records, "step") == {"value": 3}
    assert [role for _, role, _ in links(records, "used")] == ["input"]


# ---- generators


def test_a_generator_runs_to_its_end(capture: Capture, log: Path) -> None:
    """Values, sent values and the return value pass; the activity ends with the generator."""

    @capture.trace
    def step(value: int) -> Generator[int, str, str]:
        got = yield value
        got += yield value + 1
        return got

    running = step(1)
    assert inspect.isgenerator(running)
    assert next(running) == 1
    assert running.send("a") == 2
    assert status(log) == "open"
    with pytest.raises(StopIteration) as stopped:
        running.send("b")
    assert stopped.value.value == "ab"
    assert status(log) == "completed"


@pytest.mark.parametrize("how", ["close", "break", "forget"])
def test_a_generator_closed_early(capture: Capture, log: Path, how: str) -> None:
    """Its clean-up runs, and it is recorded as stopped."""
    cleaned = []

    @capture.trace
    def step(value: int) -> Iterator[int]:
        try:
            yield value
            yield value
        finally:
            cleaned.append(value)

    running = step(1)
    for _ in running:
        break
    if how == "close":
        running.close()  # type: ignore[attr-defined]
    del running
    gc.collect()
    assert cleaned == [1]
    assert status(log) == "stopped"


def test_an_exception_thrown_into_a_generator(capture: Capture, log: Path) -> None:
    """It arrives inside, may be handled there, and comes out when it is not."""

    @capture.trace
    def step(value: int) -> Iterator[int]:
        try:
            yield value
        except KeyError:
            yield -1

    running = step(1)
    next(running)
    assert running.throw(KeyError("x")) == -1  # type: ignore[attr-defined]
    with pytest.raises(OwnError):
        running.throw(OwnError())  # type: ignore[attr-defined]
    assert status(log) == "failed"


def test_a_generator_as_a_context(capture: Capture, log: Path) -> None:
    """A traced generator makes a context manager as any other; exceptions in its block arrive inside."""

    @contextlib.contextmanager
    @capture.trace
    def step(value: int) -> Iterator[int]:
        try:
            yield value
        except KeyError:
            return

    with step(4) as value:
        assert value == 4
        raise KeyError
    with pytest.raises(OwnError), step(5):
        raise OwnError
    assert [one["status"] for one in activities(records_of(log)).values()] == ["completed", "failed"]


def test_what_runs_while_a_generator_waits_is_not_inside_it(capture: Capture, log: Path) -> None:
    """The consumer's own steps are not part of the generator's activity; the generator's steps are."""

    @capture.trace
    def inner() -> None:
        return None

    @capture.trace
    def outside() -> None:
        return None

    @capture.trace
    def step(value: int) -> Iterator[int]:
        inner()
        yield value

    for _ in step(1):
        outside()
    records = records_of(log)
    assert named(records, "inner")["parent_id"] == named(records, "step")["activity_id"]
    assert "parent_id" not in named(records, "outside")


# ---- coroutines


def test_coroutines(capture: Capture, log: Path) -> None:
    """A coroutine is recorded from its first step to its last; tasks keep to their own parents."""

    @capture.trace
    async def step(value: int) -> int:
        await asyncio.sleep(0.001)
        return value

    @capture.trace
    async def outer(value: int) -> list[int]:
        return await asyncio.gather(step(value))

    async def main() -> list[list[int]]:
        return await asyncio.gather(outer(1), outer(2), outer(3))

    assert asyncio.run(main()) == [[1], [2], [3]]
    found = activities(records_of(log))
    outers = {key for key, one in found.items() if one["name"] == "outer"}
    parents = [one["parent_id"] for one in found.values() if one["name"] == "step"]
    assert sorted(parents) == sorted(outers)
    assert {one["status"] for one in found.values()} == {"completed"}


def test_a_cancelled_coroutine(capture: Capture, log: Path) -> None:
    """Cancelling arrives inside, and is recorded as stopped."""

    @capture.trace
    async def step(value: int) -> None:
        await asyncio.sleep(60)

    async def main() -> None:
        task = asyncio.create_task(step(1))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert status(log) == "stopped"


@pytest.mark.parametrize("how", ["all", "close", "throw"])
def test_asynchronous_generators(capture: Capture, log: Path, how: str) -> None:
    """Items, sent values, closing and exceptions pass through."""

    @capture.trace
    async def step(value: int) -> Any:
        try:
            got = yield value
            yield got
        except KeyError:
            yield "handled"

    async def main() -> list[Any]:
        running = step(1)
        seen = [await running.__anext__()]
        if how == "all":
            seen.append(await running.asend("sent"))
            with pytest.raises(StopAsyncIteration):
                await running.__anext__()
        elif how == "throw":
            seen.append(await running.athrow(KeyError()))
        await running.aclose()
        return seen

    expected = {"all": [1, "sent"], "close": [1], "throw": [1, "handled"]}
    assert asyncio.run(main()) == expected[how]
    assert status(log) == ("completed" if how == "all" else "stopped")


# ---- calls within calls


def test_recursion(capture: Capture, log: Path) -> None:
    """Every level is an activity inside the one above."""

    @capture.trace
    def step(value: int) -> int:
        return 0 if value == 0 else 1 + step(value - 1)

    assert step(20) == 20
    found = activities(records_of(log))
    assert len(found) == 21
    depth, parent = 0, next(key for key, one in found.items() if "parent_id" not in one)
    children = {one["parent_id"]: key for key, one in found.items() if "parent_id" in one}
    while parent in children:
        depth, parent = depth + 1, children[parent]
    assert depth == 20


def test_endless_recursion_is_still_an_error(capture: Capture, log: Path) -> None:
    """RecursionError comes through, and the log stays whole."""

    @capture.trace
    def step(value: int) -> int:
        return step(value + 1)

    with pytest.raises(RecursionError):
        step(0)
    found = activities(records_of(log))
    assert [one["status"] for one in found.values() if "parent_id" not in one] == ["failed"]


def test_what_capture_calls_is_not_recorded(capture: Capture, log: Path) -> None:
    """When a value's own code runs a traced step while it is looked at, that is no step of the pipeline."""
    calls = []

    @capture.trace
    def inner() -> str:
        calls.append(1)
        return "text"

    class Curious:
        def __str__(self) -> str:
            return inner()

    @capture.trace
    def step(value: object) -> None:
        return None

    step(Curious())
    records = records_of(log)
    assert calls
    assert [one["name"] for one in activities(records).values()] == ["step"]
    assert parameters(records, "step") == {"value": "text"}


def test_threads_at_once(capture: Capture, log: Path) -> None:
    """Many threads trace at once; each record is whole, each step complete."""

    @capture.trace
    def step(value: int) -> int:
        return value

    results: list[int] = []
    threads = [
        threading.Thread(target=lambda number=number: results.extend(step(number) for _ in range(20)))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == sorted(list(range(8)) * 20)
    found = activities(records_of(log))
    assert len(found) == 160
    assert all(one["status"] == "completed" for one in found.values())


# ---- objects that make trouble


class Trouble:
    """Raises whatever is asked of it."""

    __hash__ = None  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Any:
        message = f"no {name}"
        raise RuntimeError(message)

    def __repr__(self) -> str:
        raise SystemExit

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __len__(self) -> int:
        raise RuntimeError

    def __bool__(self) -> bool:
        raise RuntimeError

    def __reduce__(self) -> Any:
        raise RuntimeError


class Exits:
    """Ends the program when it is printed."""

    def __str__(self) -> str:
        raise SystemExit


class Huge:
    """A huge array, which must not be printed."""

    shape = (100_000, 100_000)
    dtype = "float64"

    def __repr__(self) -> str:
        pytest.fail("a huge array was printed")


@pytest.mark.parametrize(
    "value",
    [
        Trouble(),
        Exits(),
        Huge(),
        [0] * 1_000_000,
        {"unhashable": [{}]},
        threading.Lock(),
        lambda: None,
        iter([1, 2]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_objects_that_make_trouble(capture: Capture, log: Path, value: Any) -> None:
    """Whatever an object does, the step gets it and returns it, and the activity is recorded."""

    @capture.trace
    def step(value: Any) -> Any:
        return value

    assert step(value) is value
    assert status(log) == "completed"


def test_an_iterator_is_not_used_up(capture: Capture) -> None:
    """Looking at an iterator leaves all its items to the step."""

    @capture.trace
    def step(value: Iterator[int]) -> list[int]:
        return list(value)

    assert step(iter([1, 2, 3])) == [1, 2, 3]


def test_objects_are_not_kept_alive(capture: Capture) -> None:
    """After a step, nothing of it is held."""

    class Large:
        pass

    @capture.trace
    def step(value: Large) -> Large:
        return Large()

    gc.collect()
    result: Large | None = step(Large())
    assert sum(isinstance(one, Large) for one in gc.get_objects()) == 1
    del result
    gc.collect()
    assert sum(isinstance(one, Large) for one in gc.get_objects()) == 0


def test_an_interrupt_while_looking_passes(capture: Capture) -> None:
    """Ctrl-C is never swallowed."""

    class Interrupts:
        def __str__(self) -> str:
            raise KeyboardInterrupt

    @capture.trace
    def step(value: object) -> None:
        return None

    with pytest.raises(KeyboardInterrupt):
        step(Interrupts())


# ---- switching, several captures, forks


def test_switched_off_half_way(capture: Capture, log: Path) -> None:
    """What has begun is ended properly; what begins later is not recorded."""

    @capture.trace
    def inner(value: int) -> int:
        return value

    @capture.trace
    def step(value: int) -> int:
        capture.on = False
        return inner(value)

    assert step(1) == 1
    assert status(log) == "completed"
    assert [one["name"] for one in activities(records_of(log)).values()] == ["step"]
    assert step(2) == 2
    capture.on = True
    assert inner(3) == 3
    assert [one["name"] for one in activities(records_of(log)).values()] == ["step", "inner"]


def test_off_costs_nothing_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PROVRDF_DISABLE gives back the very function; otherwise no file is touched while capture is off."""
    capture = Capture(log=tmp_path / "p.log", capture=False)
    traced = capture.trace(plain)
    assert traced(1) == {"value": 1}
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("PROVRDF_DISABLE", "1")
    assert capture.trace(plain) is plain


def test_two_models_in_one_process(capture: Capture, log: Path, tmp_path: Path) -> None:
    """Two captures with their own models and logs do not mix; they share the session."""
    (tmp_path / "other.yaml").write_text("activities: {step: {parameters: [{name: other, value: value}]}}\n")
    other = Capture(tmp_path / "other.yaml", log=tmp_path / "other.log", git=False)

    def step(value: int) -> int:
        return value

    assert capture.trace(step)(1) == 1
    assert other.trace(step)(2) == 2
    ours, theirs = records_of(log), records_of(tmp_path / "other.log")
    assert (parameters(ours, "step"), parameters(theirs, "step")) == ({"value": 1}, {"other": 2})
    assert not links(theirs, "used")
    assert named(ours, "step")["in_session"] == named(theirs, "step")["in_session"]


def test_fork_in_the_middle(capture: Capture, log: Path) -> None:
    """A process forked inside a step does not end the step, even when it leaves it the normal way."""

    @capture.trace
    def inner(value: int) -> int:
        return value

    @capture.trace
    def step(value: int) -> int:
        child = os.fork()
        if child == 0:  # pragma: no cover
            inner(1)
            return -1
        os.waitpid(child, 0)
        return value

    if step(5) == -1:  # pragma: no cover
        os._exit(0)
    records = records_of(log)
    ends = [record for record in records if "endTime" in record]
    assert len(ends) == 2
    assert status(log) == "completed"
    child = named(records, "inner")
    assert child["parent_id"] == named(records, "step")["activity_id"]
    assert child["pid"] != os.getpid()
    assert child["in_session"] == named(records, "step")["in_session"]


def test_a_broken_model_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A model file that cannot be used does not stop the pipeline; `check` says what is wrong."""
    (tmp_path / "definition.yaml").write_text("activities: [broken")
    capture = Capture(tmp_path / "definition.yaml", log=tmp_path / "p.log")
    traced = capture.trace(plain)
    assert [traced(1), traced(2)] == [{"value": 1}, {"value": 2}]
    assert len([record for record in caplog.records if "not captured" in record.getMessage()]) == 1
    assert not (tmp_path / "p.log").exists()
    with pytest.raises(Exception, match=r"definition\.yaml"):
        capture.check()


def test_a_model_that_was_read_before(tmp_path: Path, log: Path) -> None:
    """A Model is as good as its file."""
    from provrdf.model import load_model

    capture = Capture(load_model(MODEL), log=log, git=False)
    with capture.activity("step", value=1):
        pass
    assert parameters(records_of(log), "step") == {"value": 1}


def test_a_missing_folder_does_not_stop_the_pipeline(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The log cannot be written: one warning, counted, and the step runs."""
    capture = Capture(log=tmp_path / "nowhere" / "p.log", git=False)
    traced = capture.trace(plain)
    assert [traced(1), traced(2)] == [{"value": 1}, {"value": 2}]
    assert capture.lost > 0
    assert len([record for record in caplog.records if "cannot write" in record.getMessage()]) == 1


# ---- blocks, values by hand


def test_a_block_is_an_activity(capture: Capture, log: Path) -> None:
    """Code that is no function is recorded, with the values that the block is given."""
    with capture.activity("step", value=4) as step:
        step["result"] = "made"
    records = records_of(log)
    assert step.id == named(records, "step")["activity_id"]
    assert edges(records) == [("step", "generated", "output", "Thing"), ("step", "used", "input", "Thing")]
    assert {one["value"] for one in entities(records).values()} == {4, "made"}


def test_a_block_that_fails(capture: Capture, log: Path) -> None:
    """The failure is recorded, and the exception passes."""
    with pytest.raises(OwnError), capture.activity("step"):
        raise OwnError
    assert status(log) == "failed"


def test_a_block_when_off(tmp_path: Path) -> None:
    """Nothing happens, and the block runs."""
    capture = Capture(log=tmp_path / "p.log", capture=False)
    with capture.activity("step") as step:
        step["result"] = 1
    assert step.id is None


def test_an_asynchronous_block(capture: Capture, log: Path) -> None:
    """The same in a coroutine."""

    async def main() -> None:
        async with capture.activity("step", value=1):
            await asyncio.sleep(0)

    asyncio.run(main())
    assert status(log) == "completed"


def test_names_made_from_arguments(capture: Capture, log: Path) -> None:
    """A function may make the names that the model asks for, as lstosa does from the arguments' positions."""

    @capture.trace(name="step", values=lambda arguments: {"value": arguments["run"] * 2})
    def anything(run: int) -> int:
        return run

    assert anything(21) == 21
    assert parameters(records_of(log), "step") == {"value": 42}


def test_names_that_cannot_be_made(capture: Capture, log: Path) -> None:
    """When that fails the step is recorded without them."""

    @capture.trace(name="step", values=lambda arguments: {"value": arguments["missing"]})
    def anything(run: int) -> int:
        return run

    assert anything(21) == 21
    assert status(log) == "completed"
    assert capture.troubles.count == 1
