"""``provrdf info`` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from night import KNOWN, NIGHT
from provrdf.cli import main

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A log in the current folder, with a truncated line and an unknown key."""
    monkeypatch.chdir(tmp_path)
    more = [
        "INFO p __PROV__2026-11-22T12:00:00__PROV__{'activity_id': 'c1', 'moon_phase': 0.5}\n",
        "INFO p __PROV__2026-11-22T12:00:00__PROV__{'activity_id': \n",
    ]
    unfinished = [line for line in NIGHT if "'b2', 'endTime'" not in line]
    (tmp_path / "prov.log").write_text("".join([*unfinished, *more]))
    return "prov.log"


def test_a_log_is_looked_over(log: str, capsys: Captured) -> None:
    """Counts, times, steps, what is unfinished, rejected or unknown."""
    assert main(["info", log]) == 0
    out = capsys.readouterr().out
    for wanted in (
        "prov.log (provlog, 41 records, 1 line rejected, 0 other lines)",
        "records      41, 1 line could not be read",
        "prov.log:42: ",
        "sessions     3\n",
        "activities   5: 1 unfinished, 0 failed",
        "time span    2026-11-22T10:00:00Z to 2026-11-22T10:16:00Z",
        "logged times UTC (not declared",
        "moon_phase (activity) 1x",
        "pedestal  2      2         60.000",
    ):
        assert wanted in out
    assert main(["info", log, "--strict"]) == 3


def test_values_kept_as_text_are_counted(log: str, capsys: Captured) -> None:
    """A value that is no Python literal is kept as its text, and that is said."""
    value = "INFO p __PROV__2026-11-22T12:00:00__PROV__{'entity_id': 7, 'value': PosixPath('dl3')}\n"
    with Path(log).open("a") as stream:
        stream.write(value)
    assert main(["info", log]) == 0
    assert "other values 1 value kept as text" in capsys.readouterr().out
    assert main(["info", log, "-f", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["as_text"] == 1


def test_json_has_the_same(log: str, capsys: Captured) -> None:
    """The machine-readable form has counts and tables."""
    assert main(["info", log, "-f", "json", "--timezone", "Atlantic/Canary"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["records"], found["rejected"], found["activities"], found["entities"]) == (41, 1, 5, 8)
    assert found["timezone"] == "Atlantic/Canary"
    assert [row["id"] for row in found["unfinished"]] == ["b2"]
    assert found["steps"][0]["mean"] == 60.0


def test_a_store_is_looked_over(log: str, capsys: Captured) -> None:
    """A store says what it holds and where that came from."""
    main(["ingest", log, "--store", "night", "-q"])
    assert main(["info", "--store", "night"]) == 0
    out = capsys.readouterr().out
    assert f"records      {KNOWN}, 1 line could not be read" in out
    assert "prov.log (provlog, 42 lines read)" in out
    assert "activities   5: 1 unfinished, 0 failed" in out


def test_rdf_is_looked_over(log: str, capsys: Captured) -> None:
    """RDF files have no records, but all the rest."""
    main(["convert", log, "-f", "trig", "-o", "night.trig", "-q"])
    capsys.readouterr()
    assert main(["info", "night.trig"]) == 0
    out = capsys.readouterr().out
    assert "night.trig (trig)" in out
    assert "records" not in out.splitlines()[1]
    assert "activities   5: 1 unfinished, 0 failed" in out


def test_selection_is_heeded(log: str, capsys: Captured) -> None:
    """Only the selected records are counted."""
    assert main(["info", log, "--session", "run1", "-f", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in found["sessions"]] == ["run1"]
    assert found["activities"] == 2


def test_counts_of_real_logs(corpus: Path, capsys: Captured) -> None:
    """The counts are those worked out from the lines alone."""
    for file in sorted((corpus / "expected").glob("*.json")):
        wanted = json.loads(file.read_text())
        system, name = file.stem.split("__")
        assert main(["info", str(corpus / system / f"{name}.log"), "-f", "json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["records"], found["rejected"]) == (wanted["records"], wanted["unparseable_lines"])
        assert found["activities"] == wanted["distinct"]["activities"]
        assert found["used"] == wanted["distinct"]["used_edges_with_role"]
        assert len(found["agents"]) == len(wanted["distinct"]["agents"])
