"""Marked log lines: both dialects, lines torn by parallel jobs, values that break lines, real logs."""

import ast
import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provrdf.records import Record, format_line, kind
from provrdf.sources import Reason, read
from provrdf.testing import logs

HEAD = "INFO provLogger __PROV__2026-11-22T07:36:13__PROV__"
LINE = HEAD + "{'activity_id': '%s', 'name': 'x'}"


@pytest.fixture
def readable(tmp_path):
    """Give a function that reads lines: activity ids, rejects as (line, reason), number of other lines."""

    def read_lines(*lines, **options):
        log, rejects, tally = tmp_path / "prov.log", [], {}
        log.write_text("\n".join([*lines, LINE % "last", ""]), encoding="utf-8", newline="\n")
        found = [
            record.data.get("activity_id") for record in read(log, rejects=rejects, tally=tally, **options)
        ]
        assert found.pop() == "last"
        return found, [(one.line, str(one.reason)) for one in rejects], tally[str(log)].other

    return read_lines


def test_dialects_may_mix_in_one_file(readable):
    """Line by line: either marker, with or without logger, level and date."""
    lines = [
        LINE % "a",
        LINE.replace("__PROV__", "_PROV_") % "b",
        LINE.replace("INFO provLogger ", "") % "c",
        LINE.replace("INFO provLogger ", "2026-11-22 07:36:13,734 ") % "d",
        LINE.replace("__PROV__", "_PROV_") % "e",
        "  50%|#####     |\r100%|##########|\r" + LINE % "f" + "\r",
    ]
    assert readable(*lines) == (list("abcdef"), [], 0)


def test_other_messages_are_counted_not_rejected(readable):
    """Debug lines, tracebacks, blank lines: no provenance, no fault."""
    lines = ["DEBUG Found var1 in a dict", "", "Traceback (most recent call last):", "  {'a': 1}", LINE % "a"]
    assert readable(*lines) == (["a"], [], 4)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (LINE[:-5] % "a", "truncated"),
        ("INFO provLogger __PROV__2026-11-22T07", "truncated"),
        (LINE.replace("2026-11-22", "2026-11-32") % "a", "bad time"),
        (LINE.replace("2026-11-22T07:36:13", "") % "a", "bad time"),
        (HEAD + "{'name': 'x'}", "no key"),
        (HEAD + "{'entity_id': None, 'name': 'x'}", "no key"),
        (HEAD + "{'entity_id': '', 'name': 'x'}", "no key"),
        (HEAD + "[1, 2]", "not a dictionary"),
        (HEAD + "no dictionary at all", "malformed"),
        (HEAD + "{'activity_id': 'a'} {'activity_id': 'b'}", "torn"),
        (HEAD + "{'activity_id': " + "[" * 500 + "]" * 500 + "}", "too deep"),
        ("INFO provLogger __PROV__2026-11-2" + LINE % "a", "torn"),
        (HEAD + "{'activity_id': 'ab" + LINE % "b", "torn"),
        (HEAD + "{'activity_id': 'ab', 'name': 'x'" + LINE % "b" + "}", "torn"),
        (HEAD + "{'entity_id': 'x" + HEAD + "{'activity_id': 'FORGED'}", "torn"),
    ],
)
def test_a_marked_line_that_is_no_record_is_rejected(readable, line, reason):
    """With the reason, and nothing of it is guessed."""
    assert readable(line) == ([], [(1, reason)], 0)


def test_two_whole_records_on_one_line_are_both_read(readable):
    """A lost line break loses nothing."""
    assert readable(LINE % "a" + LINE % "b", LINE % "c") == (["a", "b", "c"], [], 0)
    assert readable(LINE % "a" + LINE % "b" + LINE % "c") == ([], [(1, "torn")], 0)


def test_the_tail_of_a_torn_line_is_no_record(readable):
    """One job's line was broken into by another's: what is whole is read, the rest is reported."""
    first, second = LINE % "a", LINE % "b"
    assert readable(first[:-8] + second, first[-8:]) == ([], [(1, "torn")], 1)
    assert readable(first[:-8], first[-8:] + second) == (["b"], [(1, "truncated")], 0)


def test_a_value_that_breaks_lines_is_put_together_again(readable):
    """``repr`` of an array has line breaks; the record ends where its bracket closes."""
    start = HEAD + "{'activity_id': 'a', 'parameters': {'m': array([[1, 2],"
    assert readable(start, "       [3, 4]])}}", LINE % "b") == (["a", "b"], [], 0)
    assert readable(start, "       [3, 4],", "       [5, 6]])}}") == (["a"], [], 0)
    assert readable(start, LINE % "b", "       [3, 4]])}}") == (["b"], [(1, "truncated")], 1)
    assert readable(start, "DEBUG something in {'a': 1}", LINE % "b") == (["b"], [(1, "truncated")], 1)
    assert readable(HEAD + "{'activity_id': 'a", "b', 'name': 'x'}") == ([], [(1, "truncated")], 1)


def test_a_record_put_together_is_at_its_first_line(tmp_path):
    """The text of the value is kept as it was."""
    log = tmp_path / "prov.log"
    log.write_text("\n" + HEAD + "{'entity_id': 'e', 'value': array([1,\n       2])}\n" + LINE % "b")
    first, second = read(log)
    assert (first.line, second.line) == (2, 4)
    assert first.data["value"] == "array([1,\n       2])"
    assert first.inexact == ("value",)


@given(logs(), st.sampled_from(["__PROV__", "_PROV_"]), st.lists(st.integers(0, 40), max_size=3))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_made_up_logs_are_read_as_they_were_logged(tmp_path_factory, records: list[Record], prefix, noise):
    """Whatever a pipeline logs comes back, between other messages too."""
    lines = [format_line(record, prefix=prefix) for record in records]
    for place in noise:
        lines.insert(place, "DEBUG something else")
    log = tmp_path_factory.mktemp("logs") / "prov.log"
    log.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    found = list(read(log, rejects=lambda reject: pytest.fail(str(reject))))
    assert [record[:2] for record in found] == [record[:2] for record in records]
    assert [lines[record.line - 1] for record in found] == [
        format_line(one, prefix=prefix) for one in records
    ]


CORPUS = [
    "gammapy/read",
    "gammapy/second_session_crashes",
    "logprov/notebook_full",
    "logprov/tests_asis",
    "lstosa/night_small",
    "seed/gammapy",
    "seed/gammapy_truncated",
    "seed/lstosa",
]


@pytest.mark.parametrize("name", CORPUS)
def test_real_logs_give_the_expected_counts(corpus, name):
    """Records, other lines, unreadable lines and kinds are those counted from the lines alone."""
    expected = json.loads((corpus / "expected" / f"{name.replace('/', '__')}.json").read_text())
    rejects, tally = [], {}
    records = list(read(corpus / f"{name}.log", rejects=rejects, tally=tally))
    counts = next(iter(tally.values()))
    kinds = Counter(kind(record.data) for record in records)
    wanted = {key: number for key, number in expected["record_kinds"].items() if number}
    wanted["entity"] = wanted.pop("entity", 0) + wanted.pop("entity_record_without_id", 0)
    names = {"activity": "activity_start", "end": "activity_end"}
    assert {names.get(key, key): number for key, number in kinds.items()} == wanted
    assert counts.other == expected["non_provenance_lines"]
    assert len(rejects) == expected["unparseable_lines"]
    assert sum(bool(record.inexact) for record in records) == expected["records_not_python_literal"]


@pytest.mark.parametrize("name", CORPUS)
def test_real_payloads_mean_what_python_says(corpus, name):
    """Each value equals `ast.literal_eval`'s, types included, wherever that can read the line."""
    path = corpus / f"{name}.log"
    lines = path.read_text().split("\n")
    for record in read(path, rejects=[]):
        if not record.inexact and "entity_description" not in record.data:
            payload = lines[record.line - 1][lines[record.line - 1].index("{") :]
            assert repr(record.data) == repr(ast.literal_eval(payload))


def test_the_only_unreadable_line_of_the_real_logs_is_named(corpus):
    """The last line of the seed log that is cut in the middle."""
    rejects = []
    list(read(corpus / "seed" / "gammapy_truncated.log", rejects=rejects))
    assert [(one.line, one.reason) for one in rejects] == [(24, Reason.TRUNCATED)]
