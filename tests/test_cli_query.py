"""``provrdf query`` as a user types it."""

from __future__ import annotations

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
    return main(["query", *arguments])


def test_named_query_with_parameters_anywhere(log: str, capsys: Captured) -> None:
    """Name, parameters, inputs and options may come in any order."""
    assert run("activities", "name=rewrite", "--format", "csv", log) == 0
    once = capsys.readouterr().out
    assert run("--format", "csv", "activities", log, "name=rewrite") == 0
    assert capsys.readouterr().out == once
    assert once.splitlines()[0] == "step,started,ended,ran_by,session_id,id,activity"
    assert once.splitlines()[1].startswith(
        "rewrite,2026-11-22T10:07:00Z,2026-11-22T10:08:00Z,jane,run1,b2,http"
    )


def test_a_repeated_parameter_means_any_of_them(log: str, capsys: Captured) -> None:
    """``name=a name=b`` finds both."""
    run("activities", "name=rewrite", "name=pedestal", log, "--format", "tsv")
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_text_and_file_queries(log: str, tmp_path: Path, capsys: Captured) -> None:
    """SPARQL comes from -q, from a file, and with parameters of its own."""
    text = "SELECT ?u { ?e prov:wasGeneratedBy/prov:used ?u ; dcterms:identifier ?id }"
    assert run("-q", text, log, "id=0000000000000000000000000000004a", "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)["results"]["bindings"]
    assert [row["u"]["value"].rpartition("/")[2] for row in rows] == [
        "0000000000000000000000000000003a--run1--step--1"
    ]
    asked = tmp_path / "mine.rq"
    asked.write_text(
        "# Mine.\n# parameter name (text, required): step\n"
        "SELECT ?a { ?a voprov:name ?name ; a prov:Activity }"
    )
    assert run("-f", str(asked), log) == 2
    assert "needs name=..." in capsys.readouterr().err
    assert run("-f", str(asked), log, "name=pedestal") == 0
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_ask_construct_and_emptiness(log: str, capsys: Captured) -> None:
    """ASK prints true or false, CONSTRUCT Turtle; only --fail-empty makes nothing a finding."""
    assert run("-q", "ASK { ?a a prov:Activity }", log) == 0
    assert run("-q", "ASK { ?a a prov:Plan }", log) == 0
    assert run("-q", "ASK { ?a a prov:Plan }", log, "--fail-empty") == 1
    assert capsys.readouterr().out == "true\nfalse\nfalse\n"
    assert run("activities", "name=none", log, "--fail-empty") == 1
    assert run("-q", "CONSTRUCT { ?a a prov:Activity } WHERE { ?a a prov:Activity }", log) == 0
    assert "@prefix activity: <http://provrdf.localhost/activity/> ." in capsys.readouterr().out


def test_the_list_shows_every_query(capsys: Captured) -> None:
    """--list names queries and parameters, --show prints the text to start from."""
    assert run("--list") == 0
    listed = capsys.readouterr().out
    assert "used-by" in listed
    assert "file=" in listed
    assert run("used-by", "--show") == 0
    assert capsys.readouterr().out.startswith("# Which activities used")


def test_store_and_rdf_give_the_same(log: str, capsys: Captured) -> None:
    """A log, the store it was put into, and the RDF it was converted to answer alike."""
    main(["ingest", log, "--store", "night", "-q"])
    main(["convert", log, "-f", "trig", "-o", "night.trig"])
    capsys.readouterr()
    answers = []
    for source in ([log], ["--store", "night"], ["night.trig"]):
        assert run("files", *source, "--format", "csv") == 0
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0].splitlines()) == 9


def test_tables_are_whole_when_piped(log: str, capsys: Captured) -> None:
    """A piped table is not folded: each row is one line, columns are aligned."""
    run("files", log)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("path")
    assert set(lines[1]) == {"-", " "}


def test_output_goes_to_a_file(log: str, capsys: Captured) -> None:
    """-o writes a file and says nothing."""
    assert run("steps", log, "-o", "steps.csv", "--format", "csv") == 0
    assert capsys.readouterr().out == ""
    assert Path("steps.csv").read_text().startswith("step,count,finished")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "no query: give a name"),
        (("activities",), "nothing to ask"),
        (("actvities", "prov.log"), "did you mean activities"),
        (("activities", "prov.log", "--store", "night"), "only one of them"),
        (("activities", "--store", "nowhere"), "is no provrdf store"),
        (("-q", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "prov.log"), "SERVICE"),
        (("-q", "INSERT DATA { <a:a> <a:b> <a:c> }", "prov.log"), "INSERT changes data"),
        (("-f", "missing.rq", "prov.log"), "missing.rq: the query cannot be read"),
        (("activities", "prov.log", "--format", "turtle"), "use table, csv"),
        (("used-by", "file=zzz", "prov.log"), "no entity goes by 'zzz'"),
    ],
)
def test_mistakes_are_told_plainly(
    log: str, capsys: Captured, arguments: tuple[str, ...], message: str
) -> None:
    """Every mistake gives one clear message on stderr and no traceback."""
    assert run(*arguments) in (1, 2, 3)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert "Traceback" not in captured.err


@pytest.mark.parametrize(
    "selection",
    [
        ("--since", "2026-11-22T10:05:00"),
        ("--until", "2026-11-22T10:05:00"),
        ("--session", "run1"),
        ("--agent", "jane"),
        ("--activity", "rewrite"),
    ],
)
def test_a_store_is_selected_from_as_a_log_is(selection: tuple[str, str], log: str, capsys: Captured) -> None:
    """The same part of a log is asked, whether the log is read or was ingested."""
    main(["ingest", log, "--store", "night", "-q"])
    answers = []
    for source in ([log], ["--store", "night"]):
        capsys.readouterr()
        assert run("activities", *source, *selection, "--format", "csv") == 0
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1]
    assert len(answers[0].splitlines()) > 1
