"""A graph read back gives every fact that the log said."""

import io
from datetime import UTC

import pytest
from hypothesis import HealthCheck, given, settings

from provrdf.graph import to_dataset, write_nquads
from provrdf.inverse import to_records
from provrdf.sources import read
from provrdf.testing import logs
from provrdf.times import to_utc

IGNORED = {"session_tag"}  # routes a line to its activity; kept there and on the session
SAME_KEY = {"filepath": "location", "entity_description": "name"}
LOGS = [
    "gammapy/read",
    "gammapy/second_session_crashes",
    "logprov/notebook_full",
    "logprov/tests_asis",
    "lstosa/night_small",
    "seed/gammapy",
    "seed/lstosa",
]


def text_of(records) -> set[bytes]:
    """Map records to lines of N-Quads."""
    stream = io.BytesIO()
    write_nquads(records, stream)
    return set(stream.getvalue().splitlines())


def value_of(key, value):
    """Compare times as instants, and everything else by its text, which keeps types apart."""
    if key in ("startTime", "endTime", "generated_time", "modified_time", "start_time_utc"):
        moment = to_utc(value, UTC)
        return moment.isoformat(timespec="microseconds") if moment else repr(value)
    if key == "in_session" or key.endswith("_id"):
        return str(value)  # of a session that is only named, nobody knows what type its id had
    return repr(list(value)) if isinstance(value, tuple) else repr(value)


def earliest_starts(records) -> dict[str, str]:
    """Find the first start of each text session: its later records repeat it for every task."""
    starts: dict[str, str] = {}
    for record in records:
        name, start = record.data.get("session_id"), record.data.get("startTime")
        if type(name) is str and start is not None:
            moment = value_of("startTime", start)
            starts[name] = min(starts.get(name, moment), moment)
    return starts


def facts_of(records) -> set[tuple[str, str, str]]:
    """Take records apart into (id, key, value), by the words of the log."""
    found = set()
    starts = earliest_starts(records)
    for record in records:
        data = record.data
        kind = next(key for key in ("session_id", "activity_id", "entity_id") if key in data)
        subject = f"{kind}={data[kind]}"
        for key, value in data.items():
            if key == kind or key in IGNORED or value is None:
                continue
            if key == "startTime" and kind == "session_id" and data[kind] in starts:
                found.add((subject, key, starts[data[kind]]))
            elif key == "parameters" and isinstance(value, dict):
                found |= {
                    (subject, f"parameter {name}", value_of("", setting)) for name, setting in value.items()
                }
            elif key == "system" and isinstance(value, dict):
                found |= {(subject, f"system {name}", value_of(name, part)) for name, part in value.items()}
            elif key in ("arguments", "start_time_utc"):
                found.add((subject, f"system {key}", value_of(key, value)))
            else:
                found.add((subject, SAME_KEY.get(key, key), value_of(key, value)))
    return found


@pytest.mark.parametrize("name", LOGS)
def test_real_logs_come_back_whole(corpus, name):
    """Every fact of the log is among those read back, and mapping them again gives the same graph."""
    records = list(read(corpus / f"{name}.log", rejects=[]))
    back = list(to_records(to_dataset(records)))
    assert facts_of(records) - facts_of(back) == set()
    assert text_of(back) == text_of(records)


@given(logs())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_made_up_logs_come_back_whole(records):
    """The same for logs of every kind."""
    back = list(to_records(to_dataset(records)))
    assert facts_of(records) - facts_of(back) == set()
    assert text_of(back) == text_of(records)
