"""Times: what was logged, as instants and as text."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provrdf.times import compact, parsed, to_utc, xsd_datetime, xsd_text, zone_of

ZONES = st.sampled_from([UTC, ZoneInfo("Atlantic/Canary"), timezone(timedelta(hours=-3, minutes=-30))])
FIRST, LAST = datetime.fromisoformat("1970-01-02"), datetime.fromisoformat("2100-01-01")
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.none() | ZONES)
FORMS = st.sampled_from(
    [
        lambda moment: moment.isoformat(),
        lambda moment: moment.isoformat(timespec="microseconds"),
        lambda moment: moment.isoformat(" ", timespec="milliseconds"),
        lambda moment: moment.strftime("%Y%m%dT%H%M%S.%f%z"),
        lambda moment: moment.strftime("%G-W%V-%uT%H:%M:%S.%f"),
        lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S,%f"),
        lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.") + "7+0100",
        lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.") + "12345Z",
        lambda moment: moment.strftime("%Y-%m-%d"),
    ]
)


@given(MOMENTS, FORMS, ZONES)
def test_text_is_that_of_the_instant(moment, form, zone):
    """The short way to text of the usual form gives what the long way gives, whatever the form."""
    text = form(moment)
    instant = to_utc(text, zone)
    assert xsd_text(text, zone) == (None if instant is None else xsd_datetime(instant))


@given(MOMENTS, FORMS, ZONES)
def test_a_time_that_was_read_is_the_same_instant(moment, form, zone):
    """The zone can be decided when the text is read, or later."""
    text = form(moment)
    assert to_utc(parsed(text), zone) == to_utc(text, zone)


@given(MOMENTS, ZONES)
def test_a_logged_time_is_local_unless_it_says_otherwise(moment, zone):
    """An offset in the text wins over the zone."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    assert to_utc(moment.isoformat(), zone) == aware


@pytest.mark.parametrize(
    "text", [None, 5, "", "2026", "20261122", "yesterday!", "2026-11-22T25:00:00", ["x"]]
)
def test_what_is_no_time(text):
    """Anything else is no time, which is no error."""
    assert (parsed(text), to_utc(text, UTC), xsd_text(text, UTC)) == (None, None, None)


def test_times_beyond_the_calendar():
    """A time whose instant in UTC is before the year 1 is no time."""
    assert to_utc("0001-01-01T00:00:00", timezone(timedelta(hours=5))) is None


@given(st.datetimes(timezones=st.just(UTC)))
def test_compact_form(moment):
    """Digits and a T, always with microseconds."""
    assert compact(moment) == moment.replace(tzinfo=None).isoformat(timespec="microseconds").translate(
        str.maketrans("", "", "-:.")
    )


def test_zones():
    """UTC is Python's own; other zones are looked up."""
    assert zone_of("UTC") is UTC
    assert zone_of("Atlantic/Canary") == ZoneInfo("Atlantic/Canary")
