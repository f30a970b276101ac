"""``provrdf ingest`` as a user types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from night import KNOWN, NIGHT
from provrdf.cli import main

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A log in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prov.log").write_text("".join(NIGHT))
    return "prov.log"


def run(*arguments: str) -> int:
    """Run the command with a store in the current folder."""
    return main(["ingest", *arguments, "--store", "night"])


def test_it_says_what_was_new(log: str, capsys: Captured) -> None:
    """The first time everything is new, the second time nothing, the third what was added."""
    assert run(log) == 0
    first = capsys.readouterr().out.splitlines()
    assert first[0] == "prov.log: new"
    assert first[1].startswith(f"{KNOWN} new records, 3 new sessions")
    assert run(log) == 0
    assert capsys.readouterr().out == "nothing new\n"
    with Path(log).open("a") as stream:
        stream.write(NIGHT[-1].replace("c1", "c2"))
    assert run(log, "-v") == 0
    out = capsys.readouterr().out
    assert "prov.log: grown\n1 new record, 1 changed session\n" in out
    assert "changed session run2" in out


def test_quiet_says_nothing(log: str, capsys: Captured) -> None:
    """With -q nothing is said."""
    assert run(log, "-q") == 0
    assert capsys.readouterr() == ("", "")


def test_rejected_lines(log: str, capsys: Captured) -> None:
    """A rejected line is told; it is a failure only with --strict, and what could be read is kept."""
    with Path(log).open("a") as stream:
        stream.write("INFO provLogger __PROV__2026-11-22T12:00:00__PROV__{'activity_id': \n")
    assert run(log, "--strict") == 3
    captured = capsys.readouterr()
    assert f"1 line could not be read:\n  prov.log:{len(NIGHT) + 1}: " in captured.err
    assert "3 new sessions" in captured.out
    assert run(log, "--strict") == 0


def test_unknown_keys_are_told(log: str, capsys: Captured) -> None:
    """Keys without a meaning are kept and named."""
    with Path(log).open("a") as stream:
        stream.write("INFO p __PROV__2026-11-22T12:00:00__PROV__{'activity_id': 'c1', 'moon_phase': 0.5}\n")
    assert run(log) == 0
    assert "moon_phase (activity, 1x)" in capsys.readouterr().err


def test_configuration_file(log: str, capsys: Captured) -> None:
    """Inputs and store can come from provrdf.toml, as for a cron job."""
    Path("provrdf.toml").write_text('inputs = ["prov.log"]\nstore = "night"\n')
    assert main(["ingest"]) == 0
    assert "3 new sessions" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("missing.log",), 3, "missing.log"),
        (("prov.log", "--base", "http://other.example/"), 2, "--rebuild makes it anew"),
        (("prov.log", "-m", "missing.yaml"), 2, "missing.yaml"),
    ],
)
def test_mistakes(log: str, capsys: Captured, arguments: tuple[str, ...], code: int, message: str) -> None:
    """Every mistake gives its exit code and a message, and changes nothing."""
    run(log)
    capsys.readouterr()
    assert run(*arguments) == code
    assert message in capsys.readouterr().err
    assert run(log) == 0
    assert capsys.readouterr().out == "nothing new\n"


def test_no_store(log: str, capsys: Captured) -> None:
    """Without a store the command says how to name one."""
    assert main(["ingest", log]) == 2
    assert "name its folder with --store DIR" in capsys.readouterr().err
