"""The example pipeline: three packages and two processes are one session; its README's commands run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from logs import Records, activities, entities, links, named, records_of

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "pipeline"


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the README with this Python."""
    for word, program in (("provrdf", f"{sys.executable} -m provrdf"), ("python", sys.executable)):
        if command.startswith(word + " "):
            command = program + command.removeprefix(word)
            break
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PROVRDF_")}
    return subprocess.run(
        command, shell=True, cwd=folder, env=clean, capture_output=True, text=True, timeout=100, check=False
    )


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example in which the night has run."""
    folder = tmp_path_factory.mktemp("example") / "pipeline"
    shutil.copytree(
        EXAMPLE, folder, ignore=shutil.ignore_patterns("prov.log", "products", "night.*", "__pycache__")
    )
    done = shell("python -m nightly", folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "run01617.csv is left out: invalid literal for int() with base 10: 'lost'\n"
    assert done.stderr == ""
    return folder


@pytest.fixture(scope="module")
def log(night: Path) -> Records:
    """The records of the night."""
    return records_of(night / "prov.log")


def test_three_packages_are_one_session(log: Records) -> None:
    """All steps are in the one session, which is told once; every step but one is inside another."""
    found = activities(log)
    assert len({one["in_session"] for one in found.values()}) == 1
    assert sum("session_id" in record for record in log) == 1
    assert sorted(one["name"] for one in found.values() if "parent_id" not in one) == [
        "make_pedestal",
        "night",
    ]
    tree = {(one["name"], found[one["parent_id"]]["name"]) for one in found.values() if "parent_id" in one}
    assert tree == {
        ("calibrate", "reconstruct"),
        ("reconstruct", "process_run"),
        ("process_run", "night"),
        ("summarise", "night"),
    }


def test_two_processes(log: Records) -> None:
    """The summary was made by another process, and belongs to the night all the same."""
    assert named(log, "summarise")["pid"] != named(log, "night")["pid"]
    assert named(log, "summarise")["parent_id"] == named(log, "night")["activity_id"]


def test_one_run_failed(log: Records) -> None:
    """The failure is recorded at every level that it passed, and the night went on."""
    failed = [one for one in activities(log).values() if one["status"] == "failed"]
    assert sorted(one["name"] for one in failed) == ["calibrate", "process_run", "reconstruct"]
    assert {one["exception_type"] for one in failed} == {"ValueError"}
    assert named(log, "night")["status"] == "completed"


def test_the_summary_comes_from_the_dark_run(log: Records) -> None:
    """Files join what the three packages did: from the summary one comes back to the raw files."""
    made = {thing: step for step, _, thing in links(log, "generated")}
    used = [(step, thing) for step, _, thing in links(log, "used")]
    members = [(record["entity_id"], record["member_id"]) for record in log if "member_id" in record]
    files = {key: Path(one.get("filepath", key)).name for key, one in entities(log).items()}
    (todo,) = [[key] for key, name in files.items() if name == "summary.txt"]
    seen: set[str] = set()
    while todo:
        thing = todo.pop()
        if thing not in seen:
            seen.add(thing)
            todo += [other for step, other in used if step == made.get(thing)]
            todo += [member for collection, member in members if collection == thing]
    names = {files[thing] for thing in seen}
    assert {"dark.csv", "pedestal.txt", "run01615.csv", "run01616.csv", "events01615.csv"} <= names
    assert "run01617.csv" not in names


def test_the_commands_of_the_readme(night: Path) -> None:
    """They run, one after the other, and leave what they say."""
    blocks = re.findall(r"```sh\n(.*?)```", (EXAMPLE / "README.md").read_text(), re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines()]
    assert commands[0] == "python -m nightly"
    for command in commands[1:]:
        done = shell(command, night)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    assert (night / "night.svg").read_text().startswith("<?xml")
    assert "ValueError" in (night / "night.ttl").read_text()
