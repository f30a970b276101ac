"""Which session, activity, entity and file version a logged id means."""

import gc
import io
import random

import pytest

from lines import Log, moment
from provrdf.graph import resolve_records, write_nquads
from provrdf.identity import Activity, Collector, Entity, Session
from provrdf.records import Record


def resolved(log, **options):
    """Resolve the records of a log."""
    return resolve_records(log.records, **options)


def activity(resolution, activity_id):
    """Give the only activity with this id."""
    (found,) = resolution.activities[activity_id]
    return found


def used(resolution, activity_id):
    """Give logged id -> key of the entity that an activity used."""
    return {relation.entity.id: relation.entity.key for relation in activity(resolution, activity_id).used}


def made(resolution, activity_id):
    """Give logged id -> key of the entity that an activity generated."""
    return {
        relation.entity.id: relation.entity.key for relation in activity(resolution, activity_id).generated
    }


def test_short_activity_ids_that_collide_stay_apart():
    """The same six digits in two sessions are two activities, each with its own lines."""
    log = Log().session("A").session("B")
    log.run("abc123", "one", "A", "10:00", "10:10", used=["x"], tag="one:A")
    log.run("abc123", "two", "B", "11:00", "11:10", used=["y"], tag="two:B")
    first, second = sorted(resolved(log).activities["abc123"], key=lambda found: found.key)
    assert (first.name, [relation.entity.id for relation in first.used]) == ("one", ["x"])
    assert (second.name, [relation.entity.id for relation in second.used]) == ("two", ["y"])
    assert first.key != second.key


def test_colliding_ids_without_tags_are_told_apart_by_time():
    """A line belongs to the latest start before it."""
    log = Log().session("A")
    log.run("abc123", "one", "A", "10:00", "10:10", used=["x"])
    log.run("abc123", "two", "A", "11:00", "11:10", used=["y"])
    found = {
        act.name: [relation.entity.id for relation in act.used] for act in resolved(log).activities["abc123"]
    }
    assert found == {"one": ["x"], "two": ["y"]}


def test_integer_session_ids_need_start_and_host():
    """The same integer at another time is another session; an activity joins the latest that had begun."""
    log = Log()
    for clock in ("09:00", "12:00"):
        log.session(77, clock, system={"platform": {"node": "cp15"}})
    log.run("a1", "step", 77, "09:30", "09:40").run("a2", "step", 77, "12:30", "12:40")
    resolution = resolved(log)
    assert [session.key for session in resolution.sessions] == [
        "77--20261122T090000000000--cp15",
        "77--20261122T120000000000--cp15",
    ]
    assert activity(resolution, "a1").session is resolution.sessions[0]
    assert activity(resolution, "a2").session is resolution.sessions[1]


def test_string_session_is_one_however_often_it_is_logged():
    """lstosa logs the session again for every task: one session, the earliest time."""
    log = Log().session("0161101614", "10:00").session("0161101614", "09:00").session("0161101614", "11:00")
    (session,) = resolved(log).sessions
    assert (session.key, session.start.hour) == ("0161101614", 9)


def test_a_session_that_is_only_named_has_no_facts():
    """An activity may name a session of which there is no record."""
    log = Log().run("a", "step", 9223372036581382375, "10:00", "10:01")
    (session,) = resolved(log).sessions
    assert session.facts is None


def test_an_activity_without_start_joins_the_session_of_its_objects():
    """Objects in memory belong to one session, so whoever made them ran there."""
    log = Log().session(5).line("10:00", activity_id="lost", generated_id=123, generated_role="made")
    log.line("10:01", activity_id="found", name="step", startTime=moment("10:01"), in_session=5)
    log.line("10:02", activity_id="found", used_id=123, used_role="made")
    log.line("10:00", entity_id=123, name="Datasets", type="PythonObject")
    resolution = resolved(log)
    assert activity(resolution, "lost").session is activity(resolution, "found").session
    assert made(resolution, "lost") == used(resolution, "found")


def test_an_activity_that_nothing_ties_to_a_session_is_unassigned():
    """It is kept, in a graph of its own."""
    log = Log().session("A").session("B").line("10:00", activity_id="lost", used_id="x", used_role="r")
    assert activity(resolved(log), "lost").session.key == "unassigned"


def test_python_objects_are_scoped_by_session():
    """An integer entity id means something in its process only."""
    log = Log().session("A").session("B")
    log.line("09:00", entity_id=1, name="Fit", type="PythonObject")
    for name in ("A", "B"):
        log.line("10:00", activity_id=f"in{name}", name="step", startTime=moment("10:00"), in_session=name)
        log.line("10:01", activity_id=f"in{name}", used_id=1, used_role="fit")
    resolution = resolved(log)
    assert used(resolution, "inA") == {"1": "A--1"}
    assert used(resolution, "inB") == {"1": "B--1"}


class TestVersions:
    """A file that is written again and again."""

    def test_a_step_that_rewrites_a_file_in_place_makes_a_new_version(self):
        """dl1ab uses what r0_to_dl1 wrote and writes the next version under the same id."""
        log = Log().session("S")
        log.run("a", "r0_to_dl1", "S", "10:00", "10:10", used=["raw"], made=["dl1"])
        log.run("b", "dl1ab", "S", "10:11", "10:20", used=["dl1"], made=["dl1"])
        log.run("c", "dl1_to_dl2", "S", "10:21", "10:30", used=["dl1"], made=["dl2"])
        resolution = resolved(log)
        assert used(resolution, "b")["dl1"] == "dl1--S--r0_to_dl1--1" == made(resolution, "a")["dl1"]
        assert used(resolution, "c")["dl1"] == "dl1--S--dl1ab--1" == made(resolution, "b")["dl1"]
        version = activity(resolution, "b").generated[0].entity.version
        assert version.previous.key == "dl1--S--r0_to_dl1--1"

    def test_subruns_that_write_one_run_level_file_share_a_version(self):
        """Twenty activities of a step on different inputs make one version together."""
        log = Log().session("S")
        for index in range(20):
            log.run(
                f"a{index}",
                "dl1_to_dl2",
                "S",
                f"10:{index:02}",
                f"10:{index + 1:02}",
                [f"sub{index}"],
                ["merged"],
            )
        log.run("m", "check", "S", "11:00", "11:01", used=["merged"])
        resolution = resolved(log)
        assert {made(resolution, f"a{index}")["merged"] for index in range(20)} == {
            "merged--S--dl1_to_dl2--1"
        }
        assert used(resolution, "m")["merged"] == "merged--S--dl1_to_dl2--1"

    def test_running_a_step_again_on_the_same_inputs_makes_a_new_version(self):
        """Reprocessing rewrites the night: what was read in between keeps its version."""
        log = Log().session("S")
        log.run("a", "step", "S", "10:00", "10:10", used=["raw"], made=["out"])
        log.run("r1", "read", "S", "10:20", "10:21", used=["out"])
        log.run("b", "step", "S", "11:00", "11:10", used=["raw"], made=["out"])
        log.run("r2", "read", "S", "11:20", "11:21", used=["out"])
        resolution = resolved(log)
        assert used(resolution, "r1")["out"] == "out--S--step--1"
        assert used(resolution, "r2")["out"] == "out--S--step--2"

    def test_re_execution_counts_even_when_nobody_read_in_between(self):
        """Same step, same inputs: a new version, not a second author of the old one."""
        log = Log().session("S")
        log.run("a", "step", "S", "10:00", "10:10", used=["raw"], made=["out"])
        log.run("b", "step", "S", "11:00", "11:10", used=["raw"], made=["out"])
        assert made(resolved(log), "b")["out"] == "out--S--step--2"

    def test_a_usage_never_binds_to_a_version_that_did_not_exist_yet(self):
        """A file read before anybody wrote it is the file itself."""
        log = Log().session("S")
        log.run("early", "read", "S", "09:30", "09:40", used=["out"])
        log.run("writer", "step", "S", "10:00", "10:10", used=["raw"], made=["out"])
        log.run("during", "read", "S", "10:05", "10:20", used=["out"])
        log.run("late", "read", "S", "10:10", "10:20", used=["out"])
        resolution = resolved(log)
        assert [used(resolution, name)["out"] for name in ("early", "during", "late")] == [
            "out",
            "out",
            "out--S--step--1",
        ]

    def test_what_is_written_after_somebody_read_is_a_new_version(self):
        """A later subrun cannot be an ancestor of what was made from the earlier ones."""
        log = Log().session("S")
        log.run("a", "step", "S", "10:00", "10:10", used=["sub1"], made=["out"])
        log.run("r", "read", "S", "10:20", "10:21", used=["out"])
        log.run("b", "step", "S", "10:30", "10:40", used=["sub2"], made=["out"])
        assert made(resolved(log), "b")["out"] == "out--S--step--2"

    def test_an_activity_that_took_no_time_uses_before_it_writes(self):
        """Start and end at the same microsecond: it read the old version and wrote the new one."""
        log = Log().session("S")
        log.run("a", "one", "S", "10:00", "10:10", used=["raw"], made=["x"])
        log.run("b", "two", "S", "10:20", "10:20", used=["x"], made=["x"])
        resolution = resolved(log)
        assert used(resolution, "b")["x"] == "x--S--one--1"
        assert made(resolution, "b")["x"] == "x--S--two--1"

    def test_other_sessions_bind_to_the_version_of_the_session_that_wrote_it(self):
        """A calibration file of one session is used in another, known by its events alone."""
        calibration = (
            Log().session("C").run("c", "calibrate", "C", "09:00", "09:10", used=["raw"], made=["ped"])
        )
        night = Log().session("N").run("n", "r0_to_dl1", "N", "10:00", "10:10", used=["ped"])
        events = resolved(calibration).events
        assert used(resolved(night), "n")["ped"] == "ped"
        assert used(resolved(night, events=events), "n")["ped"] == "ped--C--calibrate--1"


def test_facts_of_a_shared_file_go_to_the_session_that_logged_them():
    """Untagged entity records belong to the session whose mention was logged next."""
    log = Log()
    for name, clock in (("A", "10"), ("B", "11")):
        log.session(name, f"{clock}:00")
        log.line(f"{clock}:05", entity_id="f" * 32, name=f"said in {name}", type="File", location="/x")
        log.line(f"{clock}:05", activity_id=name, name="s", startTime=moment(f"{clock}:05"), in_session=name)
        log.line(f"{clock}:05", activity_id=name, used_id="f" * 32, used_role="r")
    said = {
        session.key: [value for key, value in session.entities["f" * 32].facts if key == "name"]
        for session in resolved(log).sessions
    }
    assert said == {"A": ["said in A"], "B": ["said in B"]}


def test_a_long_chain_is_attached_link_by_link():
    """Derivations belong to the session that made the first of them, however many there are."""
    log = Log().session("A").session("B", "11:00")
    log.run("a", "one", "A", "10:00", "10:10", made=["e0"])
    for number in range(2_000):
        log.line("10:20", entity_id=f"e{number + 1}", progenitor_id=f"e{number}")
    assert {session.key: len(session.derivations) for session in resolved(log).sessions} == {
        "A": 2_000,
        "B": 0,
    }


def test_a_collector_that_was_resolved_can_be_added_to():
    """What was collected before counts as if all had come at once."""
    log = Log().session("S")
    log.run("a", "one", "S", "10:00", "10:10", used=["raw"], made=["x"])
    log.line("10:10", entity_id="x", type="File", filepath="/x")
    collector = Collector(log.records)
    resolve_records(collector)
    collector.add_all(log.records)
    before, after = resolved(log).sessions[0], resolve_records(collector).sessions[0]
    assert {key: [*entity.facts] for key, entity in after.entities.items()} == {
        key: [*entity.facts] for key, entity in before.entities.items()
    }
    assert [relation.entity.key for relation in after.activities[0].used] == ["raw"]


def test_nothing_is_left_for_the_search_for_garbage():
    """What was mapped is freed at once: nothing of it is in a cycle."""
    log = Log().session("S")
    log.run("a", "one", "S", "10:00", "10:10", used=["raw"], made=["f" * 32])
    log.run("b", "two", "S", "10:11", "10:12", used=["f" * 32], made=["f" * 32])
    gc.collect()
    gc.disable()
    try:
        write_nquads(log.records, io.BytesIO())
        left = [one for one in gc.get_objects() if isinstance(one, (Session, Activity, Entity))]
    finally:
        gc.enable()
    assert left == []


@pytest.mark.parametrize("seed", range(5))
def test_order_of_lines_does_not_matter(seed):
    """Shuffled lines give the same sessions, activities, entities and bindings."""
    log = Log().session("S").session(7)
    log.run("a", "one", "S", "10:00", "10:10", used=["raw"], made=["x"])
    log.run("b", "two", "S", "10:11", "10:12", used=["x"], made=["x", "y"])
    log.run("a", "one", 7, "10:20", "10:30", used=["x"], made=["x"])

    def seen(records: list[Record]) -> set:
        found = set()
        for session in resolve_records(records).sessions:
            for act in session.activities:
                found |= {(session.key, act.key, "used", relation.entity.key) for relation in act.used}
                found |= {(session.key, act.key, "made", relation.entity.key) for relation in act.generated}
        return found

    shuffled = log.records * 2
    random.Random(seed).shuffle(shuffled)
    assert seen(shuffled) == seen(log.records)
