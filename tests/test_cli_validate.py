"""``provrdf validate`` and ``provrdf shapes``: exit codes, formats, inputs, and the CI kit."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rdflib
import yaml

from mutations import MODEL, MUTATIONS, clean_records
from provrdf.cli import main

TOP = Path(__file__).resolve().parents[1]
KIT = TOP / "examples" / "ci"


def write_log(folder: Path, mutation: str = "") -> Path:
    """Write the log of the clean pipeline, or of a spoiled one, and its model file."""
    records = copy.deepcopy(clean_records())
    for each in MUTATIONS:
        if each.name == mutation and each.records is not None:
            each.records(records)
    (folder / "definition.yaml").write_text(MODEL)
    path = folder / "prov.log"
    path.write_text(
        "".join(f"INFO provLogger __PROV__2026-03-01T06:00:00__PROV__{record}\n" for record in records)
    )
    return path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: object) -> int:
    """Run the command line; a wrong use of it also gives a code."""
    try:
        return main([str(word) for word in words])
    except SystemExit as stop:
        return int(stop.code or 0)


# -- exit codes -----------------------------------------------------------------------------------


def test_clean(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0 and a short report when nothing is found."""
    write_log(here)
    assert call("validate", "prov.log", "-m", "definition.yaml") == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("nothing found")
    assert captured.err == ""


def test_findings(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1 when there is a violation, which names log and model line."""
    write_log(here, "above max")
    assert call("validate", "prov.log", "-m", "definition.yaml") == 1
    text = capsys.readouterr().out
    assert "`gain` is too large" in text
    assert "prov.log:3" in text
    assert "definition.yaml:9" in text


def test_fail_on(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A warning fails only when asked to, and the report says so."""
    write_log(here, "no end")
    assert call("validate", "prov.log", "-m", "definition.yaml") == 0
    assert ": passes" in capsys.readouterr().out
    assert call("validate", "prov.log", "-m", "definition.yaml", "--fail-on", "warning") == 1
    assert ": does not pass" in capsys.readouterr().out
    assert call("validate", "prov.log", "-m", "definition.yaml", "--fail-on", "nonsense") == 2


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["validate"], "no input"),
        (["validate", "prov.log", "-m", "missing.yaml"], "missing.yaml"),
        (["validate", "prov.log", "--rules", "modle"], "modle"),
        (["validate", "prov.log", "--rules", "model"], "need a model file"),
        (["validate", "prov.log", "--engine", "fast"], "unknown engine"),
        (["validate", "prov.log", "-f", "pdf"], "unknown report format"),
        (["validate", "prov.log", "--store", "store"], "not both"),
        (["validate", "prov.log", "--write-baseline"], "no file for the baseline"),
        (["validate", "prov.log", "--baseline", "missing.json"], "missing.json"),
        (["validate", "prov.log", "--no-such-option"], "no-such-option"),
        (["validate", "-c", "missing.toml", "prov.log"], "missing.toml"),
        (["shapes"], "no model file"),
        (["shapes", "definition.yaml", "-f", "pdf"], "unknown format"),
        (["shapes", "missing.yaml"], "missing.yaml"),
    ],
)
def test_usage(here: Path, words: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 for what makes no sense, with the reason on stderr and nothing on stdout."""
    write_log(here)
    code = call(*words)
    captured = capsys.readouterr()
    assert reason in captured.err
    assert code in ((2, 3) if "format" in reason else (2,)), captured.err
    assert captured.out == ""


@pytest.mark.parametrize("name", ["missing.log", "missing.ttl", "bad.ttl", "evil.rdf", "store"])
def test_unreadable(here: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3 for input that is missing, broken, or refused for safety."""
    (here / "bad.ttl").write_text("this is no turtle")
    (here / "evil.rdf").write_text('<!DOCTYPE x [<!ENTITY e "e">]><rdf:RDF/>')
    words = ["validate", name] if name != "store" else ["validate", "--store", name]
    assert call(*words) == 3
    captured = capsys.readouterr()
    assert name in captured.err
    assert "Traceback" not in captured.err


def test_rejected_lines(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A torn line is named; with --strict it makes the exit code 3."""
    path = write_log(here)
    with path.open("a") as file:
        file.write("INFO provLogger __PROV__2026-03-01T06:00:00__PROV__{'activity_id': 'aaa\n")
    assert call("validate", "prov.log", "-m", "definition.yaml") == 0
    assert "prov.log:30" in capsys.readouterr().err
    assert call("validate", "prov.log", "-m", "definition.yaml", "--strict") == 3


def test_strict_raises(here: Path) -> None:
    """With --strict an undeclared role is a violation."""
    write_log(here, "undeclared usage role")
    assert call("validate", "prov.log", "-m", "definition.yaml") == 0
    assert call("validate", "prov.log", "-m", "definition.yaml", "--strict") == 1


def test_without_model(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a model file that is said, and the rest is checked."""
    write_log(here, "end before start")
    assert call("validate", "prov.log") == 1
    captured = capsys.readouterr()
    assert "no model file" in captured.err
    assert "the end is before the start" in captured.out
    call("validate", "prov.log", "-q")
    assert capsys.readouterr().err == ""


# -- choices --------------------------------------------------------------------------------------


def test_several_formats(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Several formats at once, each in its file, one on the screen."""
    write_log(here, "above max")
    words = ["-f", "json:report.json", "-f", "junit:report.xml", "-f", "sarif:report.sarif", "-f", "github"]
    assert call("validate", "prov.log", "-m", "definition.yaml", *words) == 1
    assert capsys.readouterr().out.startswith("::error")
    findings = json.loads((here / "report.json").read_text())
    assert findings
    assert (here / "report.xml").read_text().startswith("<?xml")
    assert json.loads((here / "report.sarif").read_text())["version"] == "2.1.0"


def test_output_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With -o the report goes to a file."""
    write_log(here)
    assert call("validate", "prov.log", "-m", "definition.yaml", "-o", "report.txt") == 0
    assert capsys.readouterr().out == ""
    assert (here / "report.txt").read_text().startswith("nothing found")


def test_both_lines_of_a_contradiction(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A finding about times points at the line of the start and at that of the end."""
    write_log(here)
    lines = (here / "prov.log").read_text().splitlines()
    at = next(number for number, line in enumerate(lines, 1) if "endTime" in line)
    lines.insert(at, re.sub(r"('endTime': ')\d{4}", r"\g<1>2027", lines[at - 1]))
    (here / "prov.log").write_text("\n".join(lines) + "\n")
    assert call("validate", "prov.log", "--rules", "model,prov", "-m", "definition.yaml") == 1
    text = capsys.readouterr().out
    assert f"see also prov.log:{at}, prov.log:{at + 1}" in text  # data/end-repeated names both end lines
    assert f"prov.log:{at}: `calibrate of run 01701` has 2 different end times" in text  # prov/c22


def test_only_and_skip(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Checks can be left out by id, set or glob."""
    write_log(here, "above max")
    base = ["validate", "prov.log", "-m", "definition.yaml"]
    assert call(*base, "--skip", "model/parameter-range") == 0
    assert call(*base, "--only", "prov") == 0
    assert call(*base, "--only", "model/parameter-*") == 1
    capsys.readouterr()
    assert call(*base, "--only", "model/parameter-rnge") == 2
    assert "did you mean 'model/parameter-range'?" in capsys.readouterr().err
    assert call(*base, "--max-per-check", 1) == 1


def test_baseline(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Known findings do not fail, new ones do."""
    write_log(here, "above max")
    base = ["validate", "prov.log", "-m", "definition.yaml"]
    assert call(*base, "--write-baseline", "known.json") == 0
    assert "1 known findings" in capsys.readouterr().err
    assert call(*base, "--baseline", "known.json") == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("nothing found")
    assert "1 known findings are not shown" in captured.err
    write_log(here, "end before start")
    assert call(*base, "--baseline", "known.json") == 1
    (here / "provrdf.toml").write_text('model = "definition.yaml"\n[validate]\nbaseline = "known.json"\n')
    assert call("validate", "prov.log") == 1
    assert call("validate", "prov.log", "--write-baseline") == 0
    assert call("validate", "prov.log") == 0


def test_configuration(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything can stand in provrdf.toml; flags win."""
    write_log(here, "no end")
    (here / "provrdf.toml").write_text(
        """
inputs = ["prov.log"]
model = "definition.yaml"
[validate]
rules = ["model", "prov"]
fail_on = "warning"
max_per_check = 5
reports = [{ format = "json", output = "report.json" }]
"""
    )
    assert call("validate") == 1
    assert "the end is not recorded" in capsys.readouterr().out
    assert (here / "report.json").is_file()
    assert call("validate", "--fail-on", "violation") == 0
    assert call("validate", "--skip", "data/end-missing") == 0


def test_reference_engine_and_processes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Engines and number of processes change nothing in the report."""
    write_log(here, "wrong kind used")
    texts = []
    for more in ([], ["--engine", "pyshacl"], ["-j", "2"]):
        assert call("validate", "prov.log", "-m", "definition.yaml", *more) == 1
        texts.append(re.sub(r"\([0-9.]+ s\)", "", capsys.readouterr().out))
    assert len(set(texts)) == 1


def test_selection(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Selected records are validated by themselves: what is not selected is not missed."""
    write_log(here)
    assert call("validate", "prov.log", "-m", "definition.yaml", "--activity", "calibrate") == 0
    assert "nothing there to check" not in capsys.readouterr().out


# -- inputs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["nq", "trig", "ttl", "nt", "jsonld", "rdf"])
def test_rdf_files(here: Path, suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    """RDF of any syntax is validated, also under another base than that of the configuration."""
    write_log(here, "above max")
    base = ["--base", "https://example.org/p/"]
    assert call("convert", "prov.log", "-m", "definition.yaml", "-o", f"night.{suffix}", *base) == 0
    capsys.readouterr()
    assert call("validate", f"night.{suffix}", "-m", "definition.yaml") == 1
    assert "`gain` is too large" in capsys.readouterr().out


def test_bare_rdf(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """RDF of any origin is checked against PROV and the IVOA alone."""
    (here / "foreign.ttl").write_text(
        """@prefix prov: <http://www.w3.org/ns/prov#> . @prefix : <http://example.org/> .
        :e a prov:Entity ; prov:wasDerivedFrom :e ."""
    )
    assert call("validate", "foreign.ttl", "--rules", "prov") == 1
    assert "prov/c42" in capsys.readouterr().out


def test_own_shapes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Shapes of one's own are run besides, and stand in for a model file."""
    write_log(here)
    (here / "own.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix prov: <http://www.w3.org/ns/prov#> .
        <http://example.org/shapes/Comment> a sh:NodeShape ; sh:targetClass prov:Activity ;
          sh:property [ sh:path <http://www.w3.org/2000/01/rdf-schema#comment> ; sh:minCount 1 ;
                        sh:message "no comment" ] ."""
    )
    assert call("validate", "prov.log", "--rules", "model", "--shapes", "own.ttl") == 1
    assert "no comment" in capsys.readouterr().out
    assert call("validate", "prov.log", "--shapes", "missing.ttl") == 3


def test_store(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A local store is validated with its own model file; sessions can be chosen."""
    from provrdf.model import load_model
    from provrdf.store import Store

    write_log(here, "above max")
    Store(here / "store").ingest(here / "prov.log", model=load_model(here / "definition.yaml"))
    assert call("validate", "--store", "store") == 1
    whole = capsys.readouterr().out
    assert "prov.log:3" in whole
    assert call("validate", "--store", "store", "--run", "1701") == 1  # zeros in front do not count
    assert call("validate", "--store", "store", "--run", "01701") == 1
    assert "`gain` is too large" in capsys.readouterr().out
    assert call("validate", "--store", "store", "--session", "2026030101701") == 1
    assert call("validate", "--store", "store", "--session", "nobody") == 3
    assert "it has 2026030101701" in capsys.readouterr().err
    assert call("validate", "--store", "store", "--agent", "observer") == 2


# -- shapes ---------------------------------------------------------------------------------------


def test_shapes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Shapes go to stdout or a file, in several syntaxes."""
    write_log(here)
    assert call("shapes", "definition.yaml") == 0
    turtle = capsys.readouterr().out
    assert "sh:NodeShape" in turtle
    assert call("shapes", "definition.yaml", "-f", "ntriples", "-o", "shapes.nt") == 0
    assert len(rdflib.Graph().parse("shapes.nt")) == len(rdflib.Graph().parse(data=turtle))
    assert call("shapes", "definition.yaml", "--strict") == 0
    assert capsys.readouterr().out.count("sh:Violation") > turtle.count("sh:Violation")


# -- the CI kit -----------------------------------------------------------------------------------


def in_folder(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command with this Python's scripts first in the path."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml"])
def test_ci_snippets(tmp_path: Path, name: str) -> None:
    """The snippets run: they pass on a clean log, fail on a spoiled one, and write what they promise."""
    runner = (sys.executable, str(KIT / "run_locally.py"), str(KIT / name), str(tmp_path))
    write_log(tmp_path)
    done = in_folder(tmp_path, *runner)
    assert done.returncode == 0, done.stdout + done.stderr
    write_log(tmp_path, "above max")
    done = in_folder(tmp_path, *runner)
    assert done.returncode == 1, done.stdout + done.stderr
    if name.startswith("github"):
        assert re.search("^::error .*file=prov.log,line=3", done.stdout, re.MULTILINE), done.stdout
        assert "`gain` is too large" in (tmp_path / "step-summary.md").read_text()
        assert json.loads((tmp_path / "provrdf.sarif").read_text())["runs"]
    else:
        assert "<failure" in (tmp_path / "provrdf-junit.xml").read_text()
        assert json.loads((tmp_path / "provrdf-quality.json").read_text())


def test_ci_snippets_tell_broken_from_wrong(tmp_path: Path) -> None:
    """A broken model file gives another exit code than wrong provenance."""
    write_log(tmp_path)
    (tmp_path / "definition.yaml").write_text("activities: [")
    done = in_folder(
        tmp_path, sys.executable, str(KIT / "run_locally.py"), str(KIT / "gitlab-ci.yml"), str(tmp_path)
    )
    assert done.returncode == 2, done.stdout + done.stderr


def test_pre_commit_hooks(tmp_path: Path) -> None:
    """The hooks run on the files they ask for."""
    write_log(tmp_path)
    hooks: list[dict[str, Any]] = yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text())
    sample = yaml.safe_load((KIT / "pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert [hook["id"] for hook in hooks] == [hook["id"] for hook in sample]
    for hook, used in zip(hooks, sample, strict=True):
        files = [path.name for path in sorted(tmp_path.iterdir()) if re.search(hook["files"], path.name)]
        assert len(files) == 1
        done = in_folder(tmp_path, *hook["entry"].split(), *used.get("args", []), *files)
        assert done.returncode == 0, done.stdout + done.stderr
