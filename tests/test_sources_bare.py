"""Bare dictionaries, one per line, as run-level logs have them."""

from hypothesis import HealthCheck, given, settings

from provrdf.records import Record, format_line
from provrdf.sources import read
from provrdf.testing import logs


def test_records_have_no_time(tmp_path):
    """Their lines have none."""
    log = tmp_path / "r0_to_dl1_01615_prov.log"
    log.write_text("{'session_id': 'S', 'name': '01615'}\n{'activity_id': 'a', 'x': PosixPath('y')}\n")
    first, second = read(log)
    assert first == Record(None, {"session_id": "S", "name": "01615"}, str(log), 1)
    assert second == Record(None, {"activity_id": "a", "x": "PosixPath('y')"}, str(log), 2, ("x",))


def test_lines_that_are_no_record_are_rejected_or_counted(tmp_path):
    """What begins like a dictionary must be one; the rest is other text."""
    log, rejects, tally = tmp_path / "prov.log", [], {}
    log.write_text(
        "run 1615\n{'activity_id': 'a', 'name': 'x'}\n{'activity_id': 'b'\n{'x': 1}\n\n{'entity_id': 1}{}\n"
    )
    assert [record.line for record in read(log, rejects=rejects, tally=tally)] == [2]
    assert [(one.line, str(one.reason)) for one in rejects] == [(3, "truncated"), (4, "no key"), (6, "torn")]
    assert tally[str(log)].other == 1


@given(logs())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_made_up_logs_come_back(tmp_path_factory, records: list[Record]):
    """Whatever a pipeline logs, without its times."""
    log = tmp_path_factory.mktemp("logs") / "prov.log"
    lines = [format_line(record._replace(time=None)) for record in records]
    log.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    assert [record.data for record in read(log)] == [record.data for record in records]
