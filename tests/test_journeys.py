"""What a user does from beginning to end: the examples, a log that grows, the real logs of the corpus."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from provrdf.cli import main
from provrdf.query import named_queries

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
DL2 = "dl2_LST-1.Run01615.0002.h5"

FORMATS = {
    "nq": ("nquads", b"<"),
    "nt": ("ntriples", b"<"),
    "ttl": ("turtle", b"@prefix"),
    "trig": ("trig", b"@prefix"),
    "jsonld": ("jsonld", b"{"),
    "rdf": ("rdfxml", b"<?xml"),
    "provn": ("provn", b"document"),
    "prov.json": ("provjson", b"{"),
    "prov.xml": ("provxml", b"<?xml"),
    "dot": ("dot", b"digraph"),
    "svg": ("svg", b"<?xml"),
    "html": ("html", b"<!DOCTYPE html>"),
    "png": ("png", b"\x89PNG"),
    "pdf": ("pdf", b"%PDF"),
}
"""Endings of files -> format, and how such a file begins."""


@pytest.fixture(params=["lst", "gammapy"])
def example(request, tmp_path, monkeypatch):
    """Work in a copy of an example, without results of earlier runs."""
    return copied(request.param, tmp_path, monkeypatch)


@pytest.fixture
def lst(tmp_path, monkeypatch):
    """Work in a copy of the example of LST."""
    return copied("lst", tmp_path, monkeypatch)


def copied(name, tmp_path, monkeypatch):
    """Copy an example and go there."""
    folder = tmp_path / name
    shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("out"))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def ask(capsys):
    """Run a command that must succeed; return what it printed."""

    def run(*words, code=0):
        assert main([str(word) for word in words]) == code, capsys.readouterr().err
        return capsys.readouterr().out

    return run


def rows(text):
    """Read CSV."""
    return list(csv.DictReader(io.StringIO(text)))


def test_run_twice(example, capsys):
    """The first run fills the folder of results; the second adds nothing and writes the same files."""
    assert main(["run"]) == 0
    out, err = capsys.readouterr()
    assert re.search(r"^read   \d+ records: 3 sessions, \d+ activities, \d+ entities$", err, re.MULTILINE)
    assert re.search(r"^store  out/store: \d+ new records, 3 new sessions", err, re.MULTILINE)
    assert "passes" in out
    made = {path.name: path.read_bytes() for path in Path("out").iterdir() if path.is_file()}
    assert {Path(name).suffix for name in made} == {".ttl", ".jsonld", ".provn", ".svg", ".json"}
    assert all(len(content) > 1000 for content in made.values())
    assert main(["run"]) == 0
    assert "store  out/store: nothing new" in capsys.readouterr().err
    again = {path.name: path.read_bytes() for path in Path("out").iterdir() if path.is_file()}
    assert again.keys() == made.keys()
    assert [name for name in made if again[name] != made[name] and name != "report.json"] == []


def test_run_quietly(example, capsys):
    """As a cron job: all well, so there is nothing to mail."""
    assert main(["run", "-q"]) == 0
    assert capsys.readouterr() == ("", "")


def test_run_from_elsewhere(example, monkeypatch, ask):
    """The paths of a configuration are relative to it."""
    monkeypatch.chdir(example.parent)
    ask("run", f"{example.name}/provrdf.toml", "-q")
    assert (example / "out/store").is_dir()
    assert not Path("out").exists()


def test_run_with_findings(lst, ask):
    """Findings give 1, and the results are written all the same."""
    log = Path("prov.log").read_text().replace("'used_role': 'Pedestal file'", "'used_role': 'Pedestl file'")
    Path("prov.log").write_text(log)
    out = ask("run", "-q", code=1)
    assert "did you mean `Pedestal file`?" in out
    assert re.search(r"prov\.log:\d+: ", out)
    assert re.search(r"definition\.yaml:\d+", out)
    assert Path("out/night.svg").exists()


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format(suffix, lst, ask):
    """Each format can be made; the ending of the output says which, and the standard output gets the same."""
    format_, beginning = FORMATS[suffix]
    ask("convert", "prov.log", "-q", "-o", f"night.{suffix}")
    content = Path(f"night.{suffix}").read_bytes()
    assert content.startswith(beginning)
    assert len(content) > 5000
    if format_ not in {"png", "pdf"}:
        assert ask("convert", "prov.log", "-q", "-f", format_).encode() == content


@pytest.mark.parametrize("suffix", ["nq", "ttl", "trig", "jsonld", "rdf"])
def test_rdf_is_as_good_as_the_log(suffix, lst, ask):
    """A log that was converted answers like the log."""
    ask("convert", "prov.log", "-q", "-o", f"night.{suffix}")
    for words in (["lineage", DL2, "-f", "csv"], ["query", "steps", "--format", "csv"]):
        assert ask(*words, f"night.{suffix}") == ask(*words, "prov.log")


def test_several_rdf_files_at_once(lst, ask):
    """A glob of RDF files is as good as their names; logs may stand beside them."""
    for run in ("1615", "1616"):
        ask("convert", "prov.log", "-q", "--run", run, "-o", f"{run}.ttl")
    steps = ["query", "activities", "--format", "csv"]
    assert ask(*steps, "*.ttl") == ask(*steps, "1615.ttl", "1616.ttl")
    assert ask(*steps, "1615.ttl", "prov.log") == ask(*steps, "prov.log")


@pytest.mark.parametrize(
    "target",
    [DL2, f"tailcut84_model2/{DL2}", "/data/lst/data/real/DL2/20261123/v1.0/tailcut84_model2/" + DL2],
)
def test_lineage_by_path_or_the_end_of_it(target, lst, ask):
    """However a file is named, its lineage is the same: five steps, sixteen files."""
    found = rows(ask("lineage", target, "prov.log", "-f", "csv"))
    assert sorted(row["name"] for row in found if row["kind"] == "activity") == [
        "calibrate_charge",
        "dl1_to_dl2",
        "dl1ab",
        "drs4_pedestal",
        "r0_to_dl1",
    ]
    assert len({row["id"] for row in found if row["kind"] == "entity"}) == 16
    assert list(found[0]) == ["kind", "id", "iri", "name", "location", "distance"]


def test_lineage_by_id_and_iri(lst, ask):
    """The id as logged, and the names in the result itself, lead to the same."""
    files = rows(ask("query", "files", "path_part=" + DL2, "prov.log", "--format", "csv"))
    by_path = ask("lineage", DL2, "prov.log", "-f", "csv")
    assert ask("lineage", files[0]["id"], "prov.log", "-f", "csv") == by_path
    base = "https://provenance.example.org/lst/"
    assert ask("lineage", f"{base}entity/{files[0]['id']}", "prov.log", "-f", "csv") == by_path
    as_json = json.loads(ask("lineage", DL2, "prov.log", "-f", "json"))
    assert [str(row["iri"]) for row in as_json] == [row["iri"] for row in rows(by_path)]


def test_lineage_as_a_tree(lst, ask):
    """The tree is drawn with every step, in words."""
    tree = ask("lineage", DL2, "prov.log")
    assert tree.splitlines()[0].endswith(f"{DL2} (DL2SubrunDataset)")
    assert tree.splitlines()[1].startswith("└─ made by dl1_to_dl2 ")
    assert "(see above)" in tree
    forward = ask("lineage", "drs4_pedestal.Run01611.0000.h5", "prov.log", "--direction", "forward")
    assert "├─ used by r0_to_dl1 " in forward


def test_every_named_query_answers(lst, ask):
    """Each question that is ready to ask has an answer, the same on log and store."""
    ask("ingest", "prov.log", "--store", "night", "-q")
    activity = rows(ask("query", "activities", "name=dl1ab", "prov.log", "--format", "csv"))[0]["id"]
    given = {
        "file": DL2,
        "activity": activity,
        "name": "StoreImage",
        "since": "2026-11-24",
        "until": "2026-11-25",
    }
    named = named_queries()
    assert len(named) > 15
    for query in named:
        words = [f"{one.name}={given[one.name]}" for one in query.parameters if one.required]
        from_store = ask("query", query.name, *words, "--store", "night", "--format", "csv")
        assert from_store.splitlines()[0].count(",") > 0
        assert from_store == ask("query", query.name, *words, "prov.log", "--format", "csv")
        assert query.name in ask("query", "--list")


def test_a_log_that_grows(lst, ask):
    """Only what is new is read; the store then says what the whole log says."""
    lines = Path("prov.log").read_text().splitlines(keepends=True)
    grown = Path("grown.log")
    for end, records in ((300, 300), (301, 1), (len(lines), len(lines) - 301)):
        grown.write_text("".join(lines[:end]))
        assert f"{records} new record" in ask("ingest", "grown.log", "--store", "night")
        assert "nothing new" in ask("ingest", "grown.log", "--store", "night")
    for words in (["lineage", DL2, "-f", "csv"], ["query", "activities", "--format", "csv"]):
        assert ask(*words, "--store", "night") == ask(*words, "prov.log")


def test_validate_a_store(lst, ask):
    """A store is validated like the log it was made from, as a whole or one session of it."""
    ask("ingest", "prov.log", "--store", "night", "-q")

    def findings(*words):
        report = json.loads(ask("validate", *words, "-m", "definition.yaml", "-f", "json", "-q"))
        return report["counts"]

    assert findings("--store", "night") == findings("prov.log")
    one, all_ = findings("--store", "night", "--session", "2026112301615"), findings("prov.log")
    assert 0 < one["warning"] < all_["warning"]


def test_the_model_file(example, ask):
    """The model files of the examples are clean, and the shapes made from them are those of ``shapes/``."""
    assert ask("check-model", "definition.yaml").endswith(("nothing found\n", "info: passes\n"))
    assert ask("check-model", "definition.yaml", "-q") == ""
    assert ask("shapes", "definition.yaml").startswith("@prefix")


def test_info(lst, ask):
    """The overview counts what there is, in words and as JSON, from a log, a store and RDF alike."""
    ask("ingest", "prov.log", "--store", "night", "-q")
    ask("convert", "prov.log", "-q", "-o", "night.ttl")
    text = ask("info", "prov.log")
    assert re.search(r"^activities +50: 0 unfinished, 0 failed$", text, re.MULTILINE)
    counts = [
        {key: found[key] for key in ("activities", "entities", "used", "generated")}
        for found in (
            json.loads(ask("info", "-f", "json", *words))
            for words in (["prov.log"], ["--store", "night"], ["night.ttl"])
        )
    ]
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] == {"activities": 50, "entities": 93, "used": 219, "generated": 100}


def test_selections(lst, ask):
    """A part of the log: by run, activity and time; the parts of one kind add up to the whole."""

    def activities(*words):
        return {row["id"] for row in rows(ask("query", "activities", "prov.log", "--format", "csv", *words))}

    whole = activities()
    assert activities("--run", "1615") < whole
    assert activities("--session", "2026112301615") == activities("--run", "01615")
    assert len(activities("--activity", "dl1ab")) == 12
    noon = "2026-11-24T07:40:00"
    assert activities("--since", noon) | activities("--until", noon) == whole
    assert not activities("--since", noon) & activities("--until", noon)


def test_output_without_colours_or_a_terminal(lst):
    """Piped output has no escape sequences, and forms that programs can read."""
    for words in (["validate", "prov.log"], ["check-model", "definition.yaml"], ["info", "prov.log"]):
        done = subprocess.run(
            [sys.executable, "-m", "provrdf", *words],
            capture_output=True,
            check=True,
            env={**os.environ, "NO_COLOR": "1"},
        )
        assert b"\x1b" not in done.stdout + done.stderr


LOGS = (
    "seed/gammapy",
    "seed/gammapy_truncated",
    "seed/lstosa",
    "gammapy/read",
    "gammapy/second_session_crashes",
    "logprov/tests_asis",
    "logprov/notebook_full",
    "lstosa/night_small",
)


def expected_of(corpus, log):
    """Read what was counted from the lines alone."""
    return json.loads((corpus / f"expected/{log.replace('/', '__')}.json").read_text())


@pytest.mark.parametrize("log", LOGS)
def test_real_logs_by_numbers(log, corpus, ask, tmp_path, monkeypatch):
    """``info`` counts in real logs what an independent count of their lines gives."""
    monkeypatch.chdir(tmp_path)
    expected = expected_of(corpus, log)
    found = json.loads(ask("info", "-f", "json", corpus / f"{log}.log"))
    distinct = expected["distinct"]
    assert found["records"] == expected["records"]
    assert found["rejected"] == expected["unparseable_lines"]
    assert found["activities"] == distinct["activities"]
    assert found["entities"] == distinct["entities"]
    assert len(found["sessions"]) == distinct["sessions"]


@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize("direction", ["back", "forward"])
def test_real_logs_by_lineage(log, direction, corpus, ask, tmp_path, monkeypatch):
    """``lineage`` gives exactly the files and steps that the lines lead to."""
    monkeypatch.chdir(tmp_path)
    for wanted in expected_of(corpus, log)["lineage"]:
        if (wanted["kind"] == "downstream") is not (direction == "forward"):
            continue
        words = ["lineage", wanted["entity"], corpus / f"{log}.log", "-f", "csv", "--direction", direction]
        if not wanted["follow_derivation"]:
            words.append("--no-derivations")
        found = rows(ask(*words))
        entities = {row["id"] for row in found if row["kind"] == "entity"}
        assert entities - {wanted["entity"]} == set(wanted["entities"]) - {wanted["entity"]}
        assert {row["id"] for row in found if row["kind"] == "activity"} == set(wanted["activities"])


def test_a_real_night_from_beginning_to_end(corpus, ask, capsys, tmp_path, monkeypatch):
    """A real log, with its real model file: stored, validated, drawn, asked."""
    monkeypatch.chdir(tmp_path)
    Path("provrdf.toml").write_text(
        f"""inputs = ["{corpus}/lstosa/night_small.log"]
model = "{corpus}/lstosa/definition_main_d63b5adb.yaml"
base = "https://example.org/"
timezone = "UTC"
store = "store"
[[export]]
output = "night.svg"
[[export]]
output = "night.prov.json"
"""
    )
    assert main(["run"]) in {0, 1}
    assert "read   215 records: 2 sessions, 14 activities, 36 entities\n" in capsys.readouterr().err
    assert Path("night.svg").stat().st_size > 10_000
    json.loads(Path("night.prov.json").read_text())
    found = rows(ask("lineage", DL2, "-f", "csv"))
    assert len({row["id"] for row in found if row["kind"] == "entity"}) == 16
    forward = rows(ask("lineage", "drs4_pedestal.Run01611.0000.h5", "--direction", "forward", "-f", "csv"))
    assert len({row["id"] for row in forward if row["kind"] == "entity"}) == 17
    assert len([row for row in forward if row["kind"] == "activity"]) == 13
