"""Selecting records: what is chosen, and what hangs on it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from lines import Log
from provrdf.errors import UsageError
from provrdf.records import Record, kind
from provrdf.select import select
from provrdf.sources import read
from provrdf.testing import logs


def ids(records, key="activity_id"):
    """Give the distinct values of a key, in order."""
    return list(dict.fromkeys(record.data[key] for record in records if key in record.data))


@pytest.fixture
def night(corpus):
    """Give the records of a small real night: a calibration and a run of three subruns."""
    return list(read(corpus / "lstosa" / "night_small.log"))


@pytest.fixture
def two_sessions():
    """Give two sessions, the second using what the first made."""
    log = Log().session("S1", name="01611-01614")
    log.run(
        "a", "calibrate", "S1", "10:00", "10:05", used=["raw"], made=["pedestal"], tag="calibrate:01611-01614"
    )
    log.session("S2", "11:00", name="01615", observation_run="01615")
    log.run(
        "b", "r0_to_dl1", "S2", "11:00", "11:30", used=["r0", "pedestal"], made=["dl1"], tag="r0_to_dl1:01615"
    )
    log.run("c", "dl1ab", "S2", "11:30", "11:40", used=["dl1"], made=["dl1"], tag="dl1ab:01615")
    return log.records


def test_without_criteria_everything_passes(two_sessions):
    """No criterion, no selection."""
    assert list(select(iter(two_sessions))) == two_sessions


@pytest.mark.parametrize(
    ("criteria", "activities"),
    [
        ({"session": "S2"}, ["b", "c"]),
        ({"session": ["01611-01614"]}, ["a"]),
        ({"run": "1615"}, ["b", "c"]),
        ({"run": ["01611"]}, ["a"]),
        ({"run": "1614"}, ["a"]),
        ({"activity": "dl1ab"}, ["c"]),
        ({"activity": ["a", "r0_to_dl1"]}, ["a", "b"]),
        ({"tag": "dl1ab:01615"}, ["c"]),
        ({"since": "2026-11-22T11:30"}, ["c"]),
        ({"until": "2026-11-22T11:30"}, ["a", "b"]),
        ({"since": date(2026, 11, 22), "until": "2026-11-23"}, ["a", "b", "c"]),
        ({"since": "2026-11-22T10:30", "activity": "r0_to_dl1"}, ["b"]),
        ({"session": "S1", "activity": "dl1ab"}, []),
    ],
)
def test_activities_are_chosen_by_each_criterion(two_sessions, criteria, activities):
    """Values of one criterion are alternatives; several criteria must all fit."""
    assert ids(select(two_sessions, **criteria)) == activities


def test_a_chosen_activity_keeps_what_hangs_on_it(two_sessions):
    """Start, usages, generations, end, its session and the descriptions of its files under its own tag."""
    kept = list(select(two_sessions, activity="r0_to_dl1"))
    assert sorted({kind(record.data) for record in kept}) == [
        "activity",
        "end",
        "entity",
        "generated",
        "session",
        "used",
    ]
    assert ids(kept, "session_id") == ["S2"]
    assert ids(kept, "entity_id") == ["r0", "pedestal", "dl1"]
    assert {record.data.get("session_tag") for record in kept} == {None, "r0_to_dl1:01615"}


def test_the_order_and_the_records_are_those_of_the_log(two_sessions):
    """A selection takes records out; it changes none."""
    kept = list(select(two_sessions, run="1615"))
    assert kept == [record for record in two_sessions if record in kept]


def test_agents_are_chosen_by_name():
    """An agent's activities, and those of nobody else."""
    log = Log().session("S")
    log.line(
        "10:00", activity_id="a", name="one", startTime="2026-11-22T10:00:00", in_session="S", agent_name="me"
    )
    log.line(
        "11:00",
        activity_id="b",
        name="two",
        startTime="2026-11-22T11:00:00",
        in_session="S",
        agent_name="you",
    )
    assert ids(select(log.records, agent="you")) == ["b"]


def test_logged_times_are_local_times_of_the_given_zone(two_sessions):
    """What was logged at 10:00 in Canary in November is 10:00 UTC; in Paris it is 09:00 UTC."""
    wanted = {"since": "2026-11-22T10:00:00Z"}
    assert ids(select(two_sessions, **wanted, timezone="Atlantic/Canary")) == ["a", "b", "c"]
    assert ids(select(two_sessions, **wanted, timezone="Europe/Paris")) == ["b", "c"]
    aware = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))
    assert ids(select(two_sessions, since=aware, timezone=ZoneInfo("Europe/Paris"))) == []
    assert ids(select(two_sessions, since=aware)) == ["b", "c"]


def test_a_function_that_reads_anew_serves_as_well_as_a_list(two_sessions):
    """Two passes over a log need no list of it."""
    assert list(select(lambda: iter(two_sessions), run="1615")) == list(select(two_sessions, run="1615"))
    assert list(select(iter(two_sessions), run="1615")) == list(select(two_sessions, run="1615"))


def test_the_same_id_in_two_sessions_is_two_activities():
    """Six hex digits repeat: the tag, else the time, tells which activity a line is about."""
    log = Log().session("S1")
    log.run("ab12cd", "one", "S1", "10:00", "10:10", used=["x"], tag="one:1")
    log.session("S2", "11:00")
    log.run("ab12cd", "two", "S2", "11:00", "11:10", used=["y"], tag="two:2")
    log.session("S3", "12:00")
    log.run("ab12cd", "two", "S3", "12:00", "12:10", used=["z"], tag="two:2")
    assert ids(select(log.records, session="S1"), "used_id") == ["x"]
    assert ids(select(log.records, session="S2"), "used_id") == ["y"]
    assert ids(select(log.records, session="S3"), "used_id") == ["z"]


def test_an_object_id_that_two_processes_share_is_described_once():
    """Of two descriptions under one id, only that of the chosen session is kept."""
    log = Log()
    for number, session in enumerate(("S1", "S2")):
        log.session(session, f"1{number}:00")
        start = f"2026-11-22T1{number}:00:00"
        log.line(
            f"1{number}:01", activity_id=session.lower(), name="fit", startTime=start, in_session=session
        )
        log.line(f"1{number}:02", entity_id=7, name=f"Object of {session}")
        log.line(f"1{number}:03", activity_id=session.lower(), used_id=7)
    kept = list(select(log.records, session="S2"))
    assert ids(kept, "entity_id") == [7]
    assert [record.data["name"] for record in kept if "entity_id" in record.data] == ["Object of S2"]


def test_members_and_progenitors_come_along():
    """A collection keeps its members, a derived entity the description of what it came from."""
    log = Log().session("S")
    log.line("10:00", activity_id="a", name="one", startTime="2026-11-22T10:00:00", in_session="S")
    for entity in ("collection", "member", "inner", "progenitor", "unrelated"):
        log.line("10:01", entity_id=entity, name=entity.title())
    log.line("10:02", activity_id="a", generated_id="collection")
    log.line("10:02", entity_id="collection", member_id="member")
    log.line("10:02", entity_id="member", member_id="inner")
    log.line("10:02", entity_id="collection", progenitor_id="progenitor")
    log.line("10:02", entity_id="progenitor", progenitor_id="unrelated")
    kept = list(select(log.records, activity="one"))
    assert ids(kept, "name")[1:] == ["Collection", "Member", "Inner", "Progenitor"]
    assert ids(kept, "member_id") == ["member", "inner"]
    assert ids(kept, "progenitor_id") == ["progenitor"]


def test_an_activity_without_a_start_is_chosen_by_time_or_id_only():
    """What was never named cannot be chosen by name."""
    log = Log().line("10:00", activity_id="a", generated_id="x").line("10:01", entity_id="x", name="X")
    assert ids(select(log.records, activity="a"), "generated_id") == ["x"]
    assert ids(select(log.records, since="2026-11-22T09:00"), "generated_id") == ["x"]
    assert ids(select(log.records, since="2026-11-22T11:00")) == []
    assert ids(select(log.records, activity="one")) == []


def test_a_session_without_activities_can_be_chosen():
    """A session that crashed before its first activity is still a session."""
    log = Log().session("S1", "09:00").session("S2", "10:00")
    assert ids(select(log.records, session="S2"), "session_id") == ["S2"]
    assert ids(select(log.records, until="2026-11-22T09:30"), "session_id") == ["S1"]
    assert ids(select(log.records, agent="me"), "session_id") == []


@pytest.mark.parametrize(
    "wrong", [{"since": "yesterday"}, {"until": "2026-13-01"}, {"timezone": "Mars/Olympus"}]
)
def test_what_cannot_be_understood_is_said_at_once(wrong):
    """A wrong time or zone is a usage error, before anything is read."""
    with pytest.raises(UsageError, match="no time"):
        select([], **wrong)


def test_a_real_run_is_selected_whole(night):
    """Run 01615: 12 activities, their 12 session records, and everything they used, calibration files too."""
    kept = list(select(night, run="01615"))
    assert len(ids(kept)) == 12
    assert ids(kept, "session_id") == ["2019112301615"]
    used = {record.data["used_id"] for record in kept if "used_id" in record.data}
    assert used <= set(ids(kept, "entity_id"))
    assert {record.data.get("session_tag", "").rpartition(":")[2] for record in kept} == {"01615"}


@given(logs())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_selecting_every_session_by_itself_loses_no_activity(records: list[Record]):
    """Each line about an activity is in exactly one of the selections by session."""
    about = [record for record in records if "activity_id" in record.data]
    parts = [list(select(records, session=str(one))) for one in ids(records, "session_id")]
    kept = [record for part in parts for record in part if "activity_id" in record.data]
    assert sorted(kept, key=lambda record: record.line) == about


@given(logs())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_a_selection_of_a_selection_is_the_same(records: list[Record]):
    """Selecting twice changes nothing, and what was described for an activity stays described."""
    kept = list(select(records, activity="r0_to_dl1"))
    assert list(select(kept, activity="r0_to_dl1")) == kept
    described = {str(record.data["entity_id"]) for record in kept if "entity_id" in record.data}
    for record in kept:
        for key in ("used_id", "generated_id"):
            assert key not in record.data or str(record.data[key]) in described
