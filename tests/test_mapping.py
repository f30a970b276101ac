"""The mapping table: compiled and slow reading agree, and every row means something."""

import io

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings

from lines import Log
from oracle import Oracle
from provrdf.graph import resolve_records, write_nquads, write_resolution
from provrdf.mapping import MAPPING, Link, Moment, Name, Value, own_term
from provrdf.sources import read
from provrdf.testing import logs

BASE = "http://provrdf.localhost/"


def quads_of(text: bytes) -> set[pyoxigraph.Quad]:
    """Parse N-Quads with somebody else's parser."""
    return set(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS))


def compiled(records) -> set[pyoxigraph.Quad]:
    """Map records, without the graphs that sessions share."""
    text = io.BytesIO()
    write_resolution(resolve_records(records), text, shared=False)
    return quads_of(text.getvalue())


def slowly(records) -> set[pyoxigraph.Quad]:
    """Map records by the oracle."""
    return Oracle(resolve_records(records), BASE).quads


@given(logs())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_compiled_table_says_what_the_slow_reading_says(records):
    """On made-up logs of every kind both give the same quads."""
    assert compiled(records) == slowly(records)


@pytest.mark.parametrize(
    "name", ["lstosa/night_small", "gammapy/read", "logprov/notebook_full", "seed/lstosa"]
)
def test_compiled_table_says_what_the_slow_reading_says_of_real_logs(corpus, name):
    """The same on real logs."""
    records = list(read(corpus / f"{name}.log", rejects=[]))
    assert compiled(records) == slowly(records)


def test_a_key_without_a_row_is_kept_and_counted():
    """Nothing is dropped: an unknown key becomes a term of ours under its own name."""
    log = Log().session("S", telescope_name="LST-1", odd={"a": [1, 2]})
    text = io.BytesIO()
    summary = write_nquads(log.records, text)
    assert summary.unknown == {("session", "telescope_name"): 1, ("session", "odd"): 1}
    assert f'<{own_term("telescope_name")}> "LST-1"' in text.getvalue().decode()
    assert '"{\\"a\\":[1,2]}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>' in text.getvalue().decode()


def test_a_time_that_is_none_is_kept_as_text():
    """A bad startTime is no xsd:dateTime, and not lost either."""
    log = Log().line("10:00", activity_id="a", name="s", startTime="yesterday", in_session="S")
    text = io.BytesIO()
    write_nquads(log.records, text)
    assert b'<https://w3id.org/provrdf/ns#startTime> "yesterday"' in text.getvalue()
    assert b"startedAtTime" not in text.getvalue()


def test_every_row_has_a_rule_with_a_predicate_of_a_vocabulary():
    """Rows point to whole IRIs."""
    for table in MAPPING.values():
        for rule in table.values():
            if isinstance(rule, (Value, Moment, Name, Link)):
                assert rule.predicate.startswith(("http://", "https://"))


def test_values_keep_their_types():
    """A run number with a leading zero stays text, True stays a boolean, 1 stays a number."""
    log = Log().session("S")
    log.line("10:00", activity_id="a", name="s", startTime="2026-11-22T10:00:00", in_session="S")
    log.line(
        "10:00", activity_id="a", parameters={"run": "01618", "on": True, "n": 1, "x": 0.1, "none": None}
    )
    text = io.BytesIO()
    write_nquads(log.records, text)
    found = {
        str(quad.subject.value).rpartition("--")[2]: (
            quad.object.value,
            quad.object.datatype.value.rpartition("#")[2],
        )
        for quad in quads_of(text.getvalue())
        if quad.predicate.value.endswith("#value") and "parameter/" in quad.subject.value
    }
    assert found == {
        "run": ("01618", "string"),
        "on": ("true", "boolean"),
        "n": ("1", "integer"),
        "x": ("0.1", "double"),
        "none": ("null", "JSON"),
    }
