"""``provrdf check-model``: formats, exit codes and messages."""

import json
from xml.etree import ElementTree

import pytest

from provrdf.cli import main

CLEAN = """\
activities:
  fit:
    description: Fit
    usage:
      - {role: data, description: Data, entityName: Data, value: data}
entities:
  Data: {description: Data, type: PythonObject}
"""
WARNING = CLEAN.replace("PythonObject", "Object")
VIOLATION = CLEAN.replace("entityName: Data", "entityName: Spectrum")
BROKEN = CLEAN.replace("role: data", "roll: data").replace("usage", "usages")


@pytest.fixture
def model(tmp_path, monkeypatch):
    """Write a model file into an empty folder that is the current one; returns its name."""
    monkeypatch.chdir(tmp_path)

    def write(text, name="definition.yaml"):
        (tmp_path / name).write_text(text)
        return name

    return write


def check(*arguments):
    """Run the verb."""
    return main(["check-model", *arguments])


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (CLEAN, [], 0),
        (WARNING, [], 0),
        (WARNING, ["--fail-on", "warning"], 1),
        (WARNING, ["--strict"], 1),
        (WARNING, ["--fail-on", "warning", "--skip", "model-file/entity-type"], 0),
        (VIOLATION, [], 1),
        (VIOLATION, ["--only", "model-file/unused-entity"], 0),
        (BROKEN, [], 2),
        (CLEAN, ["--fail-on", "anything"], 2),
        (CLEAN, ["-f", "nonsense"], 2),
    ],
)
def test_exit_codes(model, text, options, code):
    """0 nothing that counts, 1 findings, 2 the file cannot be used, or the format is unknown."""
    assert check(model(text), *options) == code


def test_findings_go_to_stdout_with_their_place(model, capsys):
    """The report is data: it goes to stdout, and says where and what to do."""
    assert check(model(VIOLATION)) == 1
    out, err = capsys.readouterr()
    assert "definition.yaml:5" in out
    assert "'Spectrum'" in out
    assert "declare it under 'entities:'" in out
    assert err == ""


def test_mistakes_are_findings_too(model, capsys):
    """A file that cannot be used is reported in the format that was asked for."""
    assert check(model(BROKEN), "-f", "json") == 2
    results = json.loads(capsys.readouterr().out)["results"]
    assert {result["check"] for result in results} == {"model-file/unusable"}
    assert "did you mean 'usage'?" in results[0]["message"]


def test_files_that_cannot_be_opened_give_3(model, capsys):
    """A missing file is an unreadable input; the other files are checked all the same."""
    assert check(model(VIOLATION), "none.yaml") == 3
    out = capsys.readouterr().out
    assert "cannot read the model file: no such file" in out
    assert "'Spectrum'" in out


def test_every_format_can_be_written(model, capsys):
    """Lint findings are results like any other: all report formats take them."""
    from provrdf.report import formats

    name = model(VIOLATION)
    for format_ in formats():
        assert check(name, "-f", format_) == 1
        assert "Spectrum" in capsys.readouterr().out
    check(name, "-f", "junit")
    assert ElementTree.fromstring(capsys.readouterr().out).tag == "testsuites"


def test_several_reports_at_once(model, tmp_path, capsys):
    """Each format goes to its own file; the one without a file to -o or stdout."""
    name = model(VIOLATION)
    assert check(name, "-f", "text", "-f", "sarif:out.sarif", "-f", "json:out.json") == 1
    assert "Spectrum" in capsys.readouterr().out
    assert json.loads((tmp_path / "out.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((tmp_path / "out.json").read_text())["counts"]["violation"] == 1
    assert check(name, "-f", "github", "-o", "out.txt") == 1
    assert (tmp_path / "out.txt").read_text().startswith("::error")
    assert capsys.readouterr().out == ""


def test_formats_that_would_go_to_one_place(model, capsys):
    """Two formats without a file, or a file without a format, are a mistake of the call."""
    name = model(CLEAN)
    assert check(name, "-f", "text", "-f", "json") == 2
    assert "text and json would both go to one place: write FORMAT:FILE" in capsys.readouterr().err
    assert check(name, "-f", "json:a.json", "-o", "b.json") == 2
    assert "-o b.json has no format" in capsys.readouterr().err


def test_the_model_of_the_configuration_is_the_default(model, tmp_path, capsys):
    """Without a file, that of provrdf.toml is checked; without one, the message says what to do."""
    model(WARNING)
    assert check() == 2
    assert "no model file: name one, or set 'model' in provrdf.toml" in capsys.readouterr().err
    (tmp_path / "provrdf.toml").write_text('model = "definition.yaml"\n[validate]\nfail_on = "warning"\n')
    assert check() == 1
    assert check("--fail-on", "violation") == 0


def test_real_files(corpus, capsys):
    """The findings of the real files are printed with their lines."""
    assert check(str(corpus / "gammapy" / "definition.yaml")) == 1
    out = capsys.readouterr().out
    assert "definition.yaml:228" in out
    assert "definition.yaml:230" in out
    assert check(str(corpus / "lstosa" / "definition_main_d63b5adb.yaml")) == 0
    assert capsys.readouterr().out.count("is declared but nothing refers to it") == 7


def test_reports_of_the_configuration(model, tmp_path, capsys):
    """Configured reports come besides the text, unless one of them is on the screen already."""
    import argparse

    from provrdf.cli.reports import write_report
    from provrdf.config import ReportConfig
    from provrdf.report import Report

    args = argparse.Namespace(format=None, output=None, quiet=False)
    file = ReportConfig("json", tmp_path / "out.json")
    write_report(Report.of(()), args, configured=[file])
    assert (tmp_path / "out.json").exists()
    assert capsys.readouterr().out
    write_report(Report.of(()), args, configured=[ReportConfig("json")])
    assert capsys.readouterr().out.startswith("{")
