"""What runs inside what: across threads, executors, tasks and processes."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from logs import Records, activities, named, records_of
from provrdf.capture import Capture, carry, child_environment
from provrdf.capture.inside import VARIABLE, Inside, Session, parse_token, token


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where the log goes."""
    return tmp_path / "prov.log"


@pytest.fixture
def capture(log: Path) -> Capture:
    """A capture without a model: beginnings and ends only."""
    return Capture(log=log, git=False, packages=False)


@pytest.fixture
def inner(capture: Capture) -> Callable[..., int]:
    """A step that other steps run."""

    @capture.trace
    def inner(value: int = 0) -> int:
        return value

    return inner


def parents(records: Records, name: str) -> set[str | None]:
    """Return the names of the activities that those of a name ran in."""
    found = activities(records)
    return {
        found.get(one.get("parent_id", ""), {}).get("name")
        for one in found.values()
        if one.get("name") == name
    }


def test_a_thread_belongs_to_what_started_it(capture: Capture, log: Path, inner: Callable[..., int]) -> None:
    """So does a thread that such a thread starts."""

    def run_in_thread(target: Callable[[], object]) -> None:
        thread = threading.Thread(target=target)
        thread.start()
        thread.join()

    with capture.activity("outer"):
        run_in_thread(inner)
        run_in_thread(lambda: run_in_thread(inner))
    run_in_thread(inner)
    records = records_of(log)
    assert parents(records, "inner") == {"outer", None}
    assert len(activities(records)) == 4


def test_an_executor_belongs_to_who_submits(capture: Capture, log: Path, inner: Callable[..., int]) -> None:
    """A pool lives longer than a step: each task belongs to the step that submitted it."""
    with ThreadPoolExecutor(1) as pool:
        for name in ("first", "second"):
            with capture.activity(name):
                assert list(pool.map(inner, [1, 2])) == [1, 2]
        assert pool.submit(inner, 3).result() == 3
    records = records_of(log)
    assert parents(records, "inner") == {"first", "second", None}


def test_tasks_and_their_threads(capture: Capture, log: Path, inner: Callable[..., int]) -> None:
    """asyncio's tasks, its `to_thread` and its default executor know where they are."""

    async def main() -> None:
        with capture.activity("outer"):
            loop = asyncio.get_running_loop()
            await asyncio.gather(asyncio.to_thread(inner), loop.run_in_executor(None, inner, 2))

    asyncio.run(main())
    assert parents(records_of(log), "inner") == {"outer"}


def test_carrying_by_hand(capture: Capture, log: Path, inner: Callable[..., int]) -> None:
    """What cannot be followed can be carried; outside of any step nothing changes."""
    assert carry(inner) is inner or VARIABLE in os.environ
    with capture.activity("outer"):
        carried = carry(inner)
    assert carried(5) == 5
    assert parents(records_of(log), "inner") == {"outer"}


def test_following_can_be_switched_off(log: Path) -> None:
    """Then a thread knows nothing, and nothing of Python's is wrapped for it."""
    code = f"""
import threading
from provrdf.capture import Capture
capture = Capture(log={str(log)!r}, git=False, follow=False)
inner = capture.trace(lambda: None, )
start = threading.Thread.start
with capture.activity("outer"):
    thread = threading.Thread(target=inner)
    thread.start()
    thread.join()
assert threading.Thread.start is start
"""
    run(code, log.parent)
    assert parents(records_of(log), "<lambda>") == {None}


def test_a_token_can_be_read_back() -> None:
    """Names and paths with the separator in them, too."""
    inside = Inside(Session("id", "run|01615 100%|", 5, "/a|b%7C.log"), "activity")
    assert parse_token(token(inside)) == inside
    assert parse_token(token(inside._replace(activity=None))) == inside._replace(activity=None)


@pytest.mark.parametrize("text", ["", "x", "a|b|c", "id|notanumber|n|l|a", "|1|n|l|a"])
def test_what_is_no_token(text: str) -> None:
    """Anything else in the variable is ignored."""
    assert parse_token(text) is None


# ---- processes: each of these runs a small program

HEAD = """
import os, subprocess, sys, multiprocessing
from concurrent.futures import ProcessPoolExecutor
from provrdf.capture import Capture, carry, child_environment
capture = Capture(log="prov.log", git=False, packages=False)

@capture.trace
def inner(value=0):
    return value

def call_inner(value):
    return inner(value)
"""


def run(code: str, folder: Path, **environment: str) -> None:
    """Run a program in a folder."""
    (folder / "program.py").write_text(code)
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PROVRDF_")}
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=folder,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def sessions(records: Records) -> set[str]:
    """Return the ids of all sessions that activities are in."""
    return {one["in_session"] for one in activities(records).values()}


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_process_pool(tmp_path: Path, method: str) -> None:
    """Tasks in other processes belong to the step that submitted them, however the processes are started."""
    code = """
if __name__ == "__main__":
    context = multiprocessing.get_context(METHOD)
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        for name in ("first", "second"):
            with capture.activity(name):
                assert list(pool.map(call_inner, [1, 2])) == [1, 2]
"""
    run(HEAD + code.replace("METHOD", repr(method)), tmp_path)
    records = records_of(tmp_path / "prov.log")
    assert parents(records, "inner") == {"first", "second"}
    assert len(sessions(records)) == 1
    assert len({one["pid"] for one in activities(records).values()}) == 2
    assert sum("session_id" in record for record in records) == 1


@pytest.mark.parametrize(("method", "parent"), [("fork", "outer"), ("spawn", "outer"), ("forkserver", None)])
def test_a_single_process(tmp_path: Path, method: str, parent: str | None) -> None:
    """A process belongs to the step that started it; one of a fork server only to the session."""
    code = """
if __name__ == "__main__":
    context = multiprocessing.get_context(METHOD)
    with capture.activity("outer"):
        process = context.Process(target=call_inner, args=(1,))
        process.start()
        process.join()
    assert process.exitcode == 0
"""
    run(HEAD + code.replace("METHOD", repr(method)), tmp_path)
    records = records_of(tmp_path / "prov.log")
    assert parents(records, "inner") == {parent}
    assert len(sessions(records)) == 1


def test_a_pool_made_before_the_first_step(tmp_path: Path) -> None:
    """Its processes have the session; with `carry` they have the step."""
    code = """
if __name__ == "__main__":
    with capture.activity("before"):
        pass
    with multiprocessing.get_context("fork").Pool(1) as pool:
        with capture.activity("outer"):
            assert pool.map(carry(call_inner), [1, 2]) == [1, 2]
"""
    run(HEAD + code, tmp_path)
    records = records_of(tmp_path / "prov.log")
    assert parents(records, "inner") == {"outer"}
    assert len(sessions(records)) == 1


@pytest.mark.parametrize(
    "start",
    [
        'subprocess.run([sys.executable, "child.py"], check=True)',
        'subprocess.Popen([sys.executable, "child.py"]).wait()',
        'subprocess.run([sys.executable, "child.py"], check=True, env=dict(os.environ))',
        'os.waitpid(os.posix_spawn(sys.executable, [sys.executable, "child.py"], child_environment()), 0)',
    ],
)
def test_a_program_belongs_to_the_step_that_started_it(tmp_path: Path, start: str) -> None:
    """The session and the step are handed over in the environment; the log is told once about the session."""
    (tmp_path / "child.py").write_text(HEAD + "inner(1)\n")
    run(HEAD + f'with capture.activity("outer"):\n    {start}\n{start}\n', tmp_path)
    records = records_of(tmp_path / "prov.log")
    assert parents(records, "inner") == {"outer", None}
    assert len(sessions(records)) == 1
    assert sum("session_id" in record for record in records) == 1


def test_a_program_with_an_environment_of_its_own(tmp_path: Path) -> None:
    """An environment that was put together without ours is left as it is."""
    (tmp_path / "child.py").write_text("import os, sys; sys.exit('PROVRDF_PARENT' in os.environ)\n")
    run(
        HEAD + 'with capture.activity("outer"):\n'
        '    subprocess.run([sys.executable, "child.py"], check=True, env={"PATH": os.environ["PATH"]})\n',
        tmp_path,
    )


def test_a_program_with_another_log_tells_the_session_again(tmp_path: Path) -> None:
    """In short, without the environment: each log can be read by itself."""
    (tmp_path / "child.py").write_text(HEAD.replace("prov.log", "child.log") + "inner(1)\n")
    run(
        HEAD
        + 'with capture.activity("outer"):\n    subprocess.run([sys.executable, "child.py"], check=True)\n',
        tmp_path,
    )
    ours, theirs = records_of(tmp_path / "prov.log"), records_of(tmp_path / "child.log")
    (session,) = [record for record in theirs if "session_id" in record]
    assert session.keys() == {"session_id", "name", "startTime", "redacted"}
    assert session["session_id"] == named(ours, "outer")["in_session"]
    assert named(theirs, "inner")["parent_id"] == named(ours, "outer")["activity_id"]


def test_threads_that_start_programs_at_once(tmp_path: Path) -> None:
    """Each program belongs to the step of its own thread."""
    (tmp_path / "child.py").write_text(HEAD + "inner(int(sys.argv[1]))\n")
    code = """
import threading
def work(number):
    with capture.activity(f"outer{number}"):
        subprocess.run([sys.executable, "child.py", str(number)], check=True)
threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
    run(HEAD + code, tmp_path)
    assert parents(records_of(tmp_path / "prov.log"), "inner") == {"outer0", "outer1", "outer2"}


def test_the_environment_of_this_process_names_no_step(capture: Capture) -> None:
    """Only the session is there for whoever copies it; the step is added when a process starts."""
    with capture.activity("outer") as outer:
        inside = parse_token(child_environment()[VARIABLE])
        assert inside is not None
        assert inside.activity == outer.id
        shared = parse_token(os.environ.get(VARIABLE, ""))
        assert shared is None or shared.activity is None


def test_sessions_by_hand(capture: Capture, log: Path, inner: Callable[..., int]) -> None:
    """A block can be a session of its own, with an id and facts of the pipeline."""
    with capture.session("01615", id="2019112301615", observation_run="01615", api_token="abc") as session:
        inner()
        thread = threading.Thread(target=inner)
        thread.start()
        thread.join()
    inner()
    records = records_of(log)
    (told,) = [record for record in records if record.get("session_id") == "2019112301615"]
    assert session.name == told["name"] == "01615"
    assert (told["observation_run"], told["api_token"], told["redacted"]) == ("01615", "[redacted]", 1)
    found = [one["in_session"] for one in activities(records).values()]
    assert found.count("2019112301615") == 2
    assert len(set(found)) == 2


def test_session_tags(log: Path) -> None:
    """lstosa's readers pick lines by a tag of step and run; every line of a step can have it."""
    capture = Capture(log=log, git=False, session_tag="{activity}:{session}")
    with capture.session("01615"), capture.activity("r0_to_dl1"):
        pass
    records: list[dict[str, Any]] = records_of(log)
    assert {record["session_tag"] for record in records} == {"r0_to_dl1:01615"}
