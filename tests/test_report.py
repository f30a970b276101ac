"""The Report: order, counts, groups, filters and exit codes."""

import random

import pytest

from provrdf.errors import FormatError, UsageError
from provrdf.report import UNSEEN, Checked, Place, Report, Result, Severity, formats, matches, write


def result(check="model/role-missing", severity=Severity.VIOLATION, number=1, **more):
    """One finding about activity `number`."""
    values = {
        "message": f"`Pedestal file` was not used by r0_to_dl1 of run {number:05d}",
        "focus": f"http://x/activity/{number}",
        "focus_name": f"r0_to_dl1 of run {number:05d}",
        "kind": "r0_to_dl1",
        "summary": "`Pedestal file` missing",
        "log": Place("prov.log", number),
    }
    return Result(check=check, severity=severity, **(values | more))


def test_order_does_not_depend_on_input_order():
    """Shuffled results give the same report."""
    results = [result(number=n, severity=Severity(1 + n % 3), check=f"prov/c{n % 5}") for n in range(30)]
    shuffled = random.Random(1).sample(results, 30)
    assert Report.of(results) == Report.of(shuffled)
    assert [r.severity for r in Report.of(results).results][:10] == [Severity.VIOLATION] * 10


def test_the_same_finding_counts_once():
    """A node found twice (in its graph and on the union) is one result."""
    assert Report.of([result(), result()]).count() == 1


def test_places_that_differ_make_two_findings():
    """Two disagreements about one node stay two."""
    two = [result(other=(Place("prov.log", n),)) for n in (7, 8)]
    assert Report.of(two).count(Severity.VIOLATION) == 2


@pytest.mark.parametrize(
    ("severities", "fail_on", "code"),
    [
        ((), "info", 0),
        (("info",), "violation", 0),
        (("info",), "info", 1),
        (("warning", "info"), "warning", 1),
        (("warning",), "violation", 0),
        (("violation", "info"), "violation", 1),
        (("violation",), "info", 1),
    ],
)
def test_exit_code_by_threshold(severities, fail_on, code):
    """A report fails when something is as bad as asked for."""
    report = Report.of([result(severity=Severity.parse(s), number=n) for n, s in enumerate(severities)])
    assert report.exit_code(fail_on) == code


def test_conforms_means_no_violation():
    """Warnings leave a report conforming but not clean."""
    report = Report.of([result(severity=Severity.WARNING)])
    assert report.conforms
    assert not report.clean
    assert report.worst is Severity.WARNING
    assert Report.of([]).worst is None


def test_grouped_counts_out_of_all_seen():
    """Groups say how many of how many, adding up what the graphs saw."""
    report = Report.of(
        [result(number=n) for n in (1, 2, 3)],
        checked=[Checked(check="model/role-missing", kind="r0_to_dl1", count=40)] * 2,
    )
    (group,) = report.grouped()
    assert group.heading == "`Pedestal file` missing in 3 of 80 `r0_to_dl1`"
    assert (group.count, group.total) == (3, 80)


def test_a_check_that_saw_nothing_is_a_warning():
    """A report that conforms because nothing matched says so."""
    report = Report.of([], checked=[Checked(check="model/role-missing", kind="dl1ab", count=0)])
    (only,) = report.results
    assert (only.check, only.severity) == (UNSEEN, Severity.WARNING)
    assert "`dl1ab`" in only.message
    assert Report.of([], checked=[Checked(check="a/b", kind="c", count=0, unseen=None)]).clean


def test_skip_and_only():
    """Filters work on ids, rule sets and globs, and drop the news of unseen checks with them."""
    report = Report.of(
        [result(), result("prov/c36"), result("prov/c42")],
        checked=[Checked(check="model/wrong-kind", kind="x", count=0)],
    )
    assert {r.check for r in report.select(only=["prov"]).results} == {"prov/c36", "prov/c42"}
    assert {r.check for r in report.select(skip=["prov/c3*", "model"]).results} == {"prov/c42"}


@pytest.mark.parametrize(
    ("pattern", "hit"),
    [("prov/c36", True), ("prov", True), ("prov/", True), ("prov/c3", False), ("*/c3?", True)],
)
def test_patterns(pattern, hit):
    """An id matches itself, its rule set, and globs, not a mere beginning."""
    assert matches("prov/c36", [pattern]) is hit


def test_limit_keeps_counts():
    """max_per_check limits what is written, not what is counted."""
    report = Report.of([result(number=n) for n in range(10)]).limited(3)
    assert len(report.shown()) == 3
    assert report.omitted() == {"model/role-missing": 7}
    assert report.count() == 10
    assert report.exit_code() == 1


def test_limit_shows_some_of_each_group():
    """A limit does not spend all on the first group of a check."""
    results = [result(number=n, kind=kind) for n in range(5) for kind in ("dl1ab", "r0_to_dl1")]
    shown = Report.of(results).limited(3).shown()
    assert sorted(each.kind for each in shown) == ["dl1ab", "dl1ab", "r0_to_dl1"]


def test_heading_without_totals():
    """Without totals, the heading tells the number and the kind."""
    assert Report.of([result()]).grouped()[0].heading == "`Pedestal file` missing"
    two = Report.of([result(number=1), result(number=2)])
    assert two.grouped()[0].heading == "`Pedestal file` missing (2 `r0_to_dl1`)"
    assert Report.of([result(kind=""), result(number=2, kind="")]).grouped()[0].heading.endswith("(2 times)")


def test_fingerprint_ignores_lines():
    """A log that has grown above a finding does not make it a new one."""
    assert result(log=Place("a", 1)).fingerprint == result(log=Place("b", 2)).fingerprint
    assert result(number=1).fingerprint != result(number=2).fingerprint


def test_unknown_names():
    """An unknown severity or format says what there is."""
    with pytest.raises(UsageError, match="violation, warning or info"):
        Severity.parse("fatal")
    with pytest.raises(FormatError, match="one of"):
        write(Report(), None, "docx")
    assert formats() == tuple(sorted(formats()))
