"""The page "Switching from ..." is true: its files and blocks of code run, and the logs say what it says."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from logs import activities, edges, named, parameters, records_of

PAGE = Path(__file__).resolve().parents[1] / "docs" / "switching.md"
BLOCK = re.compile(r"<!-- (file|run): ([^>]*?) -->\n```\w+\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def blocks() -> list[tuple[str, str, str]]:
    """What the page says is a file or runs: (kind, name, text)."""
    return [(kind, name, text) for kind, name, text in BLOCK.findall(PAGE.read_text())]


def run(text: str, folder: Path) -> None:
    """Run a block of code; a name of the user there is, whatever the terminal."""
    (folder / "block.py").write_text("import os\nos.getlogin = lambda: 'operator'\n" + text)
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PROVRDF_")}
    done = subprocess.run(
        [sys.executable, "block.py"],
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def folder(blocks: list[tuple[str, str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page's files, in which its blocks after the switch have run, in order."""
    folder = tmp_path_factory.mktemp("page")
    for kind, name, text in blocks:
        if kind == "file":
            (folder / name).write_text(text)
        elif name == "after":
            run(text, folder)
    return folder


def test_the_page_has_blocks(blocks: list[tuple[str, str, str]]) -> None:
    """The page is found, and so are its blocks."""
    assert sorted(name for kind, name, _ in blocks if kind == "file") == [
        "definition.yaml",
        "logger.yaml",
        "provrdf.toml",
    ]
    assert sum(name == "after" for _, name, _ in blocks) == 4


def test_after_logprov(folder: Path) -> None:
    """The step with its files and its threshold is in the log."""
    records = records_of(folder / "after.log")
    assert edges(records) == [
        ("reduce", "generated", "reduced events", "EventFile"),
        ("reduce", "used", "raw events", "EventFile"),
    ]
    assert parameters(records, "reduce") == {"threshold": 5.0}
    assert named(records, "reduce")["status"] == "completed"


def test_after_the_others(folder: Path) -> None:
    """lstosa's step, its block in a session of its own, and gammapy's class are in the site's log."""
    records = records_of(folder / "prov.log")
    assert [one["name"] for one in activities(records).values()] == ["reduce"] * 3
    tags = [one.get("session_tag") for one in activities(records).values()]
    assert tags == ["reduce:block.py", None, "reduce:block.py"]
    assert [kind for _, kind, _, _ in edges(records)] == ["generated"] * 3 + ["used"] * 3
    assert "2019112301615" in {record.get("session_id") for record in records}


def test_the_page_tells_all_settings() -> None:
    """Every setting, and every other name it goes by, is in the table, and nothing else is."""
    from provrdf.capture.checks import ALIASES, CHECKS

    table = PAGE.read_text().partition("## All settings")[2].partition("## Switching")[0]
    keys = {
        key
        for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
        for key in re.findall(r"`(\w+)`", row)
    }
    assert keys == {*CHECKS, *ALIASES, "logger"}


@pytest.mark.skipif(importlib.util.find_spec("logprov") is None, reason="logprov is not installed")
def test_before(blocks: list[tuple[str, str, str]], tmp_path: Path) -> None:
    """What the page shows of logprov is how it is."""
    (text,) = [text for kind, name, text in blocks if kind == "run" and name.startswith("before")]
    run(text, tmp_path)
    assert (tmp_path / "before.log").read_text().count("'startTime'") == 2
    assert (tmp_path / "reduced.txt").read_text() == "7.5\n"
