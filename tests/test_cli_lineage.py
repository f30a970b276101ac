"""``provrdf lineage`` as a user types it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from night import NIGHT
from provrdf.cli import main

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A log in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prov.log").write_text("".join(NIGHT))
    return "prov.log"


def run(*arguments: str) -> int:
    """Run the command."""
    return main(["lineage", *arguments])


def test_tree_back(log: str, capsys: Captured) -> None:
    """The tree says in words how things hang together, shared parts once."""
    assert run("4a", log) == 0
    assert capsys.readouterr().out.splitlines() == [
        "/data/4a (Kind)",
        "└─ made by rewrite b2",
        "   └─ used /data/3a (Kind)",
        "      └─ made by step b1",
        "         ├─ used /data/1a (Kind)",
        "         │  └─ made by pedestal a1",
        "         │     └─ used /data/0a (Kind)",
        "         └─ used /data/2a (Kind)",
    ]


def test_tree_forward_and_agents(log: str, capsys: Captured) -> None:
    """Forward goes to the products; who ran an activity is shown on demand; nothing is drawn twice."""
    assert run("--direction", "forward", "0a", log, "--agents") == 0
    out = capsys.readouterr().out
    assert out.count("run by jane") == 3
    assert out.count("used by rewrite b2") == 1
    assert "/data/3b" not in out


def test_rows_as_csv_and_json(log: str, capsys: Captured) -> None:
    """CSV and JSON give the same rows with the documented columns."""
    assert run("-f", "csv", "4a", log, "--depth", "2") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert list(rows[0]) == ["kind", "id", "iri", "name", "location", "distance"]
    assert [(row["kind"], row["id"][-2:], row["location"]) for row in rows] == [
        ("activity", "b2", ""),
        ("entity", "3a", "/data/3a"),
    ]
    assert run("-f", "json", "--depth", "all", "4a", log) == 0
    loaded = json.loads(capsys.readouterr().out)
    assert [str(row["distance"]) for row in loaded] == ["1", "2", "3", "4", "4", "5", "6"]
    assert {name: str(value) for name, value in loaded[0].items()} == rows[0]


def test_store_gives_the_same(log: str, capsys: Captured) -> None:
    """Out of a store comes what comes out of the log."""
    main(["ingest", log, "--store", "night", "-q"])
    for target in ("4a", "3b", "b1"):
        assert run(target, log) == 0
        wanted = capsys.readouterr().out
        assert run(target, "--store", "night") == 0
        assert capsys.readouterr().out == wanted


def test_a_later_version_is_not_in_the_way(log: str, capsys: Captured) -> None:
    """The pedestal was made again before run2: each run used the one of its time."""
    run("-f", "json", "3a", log)
    assert "0b" not in {row["id"][-2:] for row in json.loads(capsys.readouterr().out)}
    run("-f", "json", "3b", log)
    assert "0a" not in {row["id"][-2:] for row in json.loads(capsys.readouterr().out)}


def test_latest_takes_the_last_version(log: str, capsys: Captured) -> None:
    """A file written twice has two trees, or the last one with --latest."""
    run("1a", log)
    assert "pedestal a1" in capsys.readouterr().out
    run("1a", log, "--latest")
    out = capsys.readouterr().out
    assert "pedestal a2" in out
    assert "pedestal a1" not in out


def test_nothing_and_ambiguity(log: str, capsys: Captured) -> None:
    """What is not there gives 1, what is unclear 2; both say it on stderr."""
    assert run("zzz", log) == 1
    assert "no file, object or activity goes by 'zzz'" in capsys.readouterr().err
    assert run("step", log) == 2
    assert "2 things are called 'step'" in capsys.readouterr().err


def test_bad_depth(log: str, capsys: Captured) -> None:
    """A depth is a number or all."""
    with pytest.raises(SystemExit) as error:
        run("4a", log, "--depth", "-1")
    assert error.value.code == 2
    with pytest.raises(SystemExit):
        run("4a", log, "--depth", "deep")
    assert "'deep' is no depth, expected a number or all" in capsys.readouterr().err
