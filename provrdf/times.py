"""Times: logged text to UTC instants and back. Logged times are local time unless they say otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo


def parsed(text: object) -> datetime | None:
    """Read a logged time without deciding on its zone; None when it is no ISO 8601 date and time."""
    if type(text) is not str or len(text) < 10:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def to_utc(time: object, zone: tzinfo) -> datetime | None:
    """Give the instant of a logged time; None when it is no ISO 8601 date and time.

    Parameters
    ----------
    time : object
        ISO 8601 text (``2026-11-22T07:36:13.348707``), with or without an offset, or what `parsed` gave for
        one. Anything else gives None.
    zone : tzinfo
        Zone of a time without an offset. Of the hour that a clock shows twice, the first is taken.

    Returns
    -------
    datetime or None
        Aware, in UTC, microsecond precision.
    """
    moment = time if type(time) is datetime else parsed(time)
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = datetime.combine(moment, moment.time(), zone)  # several times faster than replace
    try:
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def zone_of(name: str) -> tzinfo:
    """Give the time zone of a name; UTC, the usual one, needs no database."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def xsd_datetime(moment: datetime) -> str:
    """Write a UTC instant as xsd:dateTime with ``Z``, the fraction without trailing zeros.

    That is XSD's canonical form, the one stores give back unchanged.

    >>> xsd_datetime(datetime(2026, 11, 22, 7, 36, 13, 348700, tzinfo=UTC))
    '2026-11-22T07:36:13.3487Z'
    """
    text = moment.isoformat()[:-6]
    return (text.rstrip("0") if "." in text else text) + "Z"


def xsd_text(text: object, zone: tzinfo) -> str | None:
    """Write a logged time as xsd:dateTime in UTC; None when it is no time.

    >>> xsd_text("2026-11-22T07:36:13.348700", UTC), xsd_text("2026-11-22T08:36:13+01:00", UTC)
    ('2026-11-22T07:36:13.3487Z', '2026-11-22T07:36:13Z')
    """
    moment = to_utc(text, zone)
    if moment is None:
        return None
    if zone is UTC and _is_usual(str(text)):
        return str(text).rstrip("0").rstrip(".") + "Z"
    return xsd_datetime(moment)


def _is_usual(text: str) -> bool:
    """Tell whether a text that is a time is in the form that Python writes, without an offset."""
    return len(text) == 26 and text[4] + text[7] + text[10] + text[19] == "--T." and text[20:].isdigit()


def compact(moment: datetime) -> str:
    """Write a UTC instant for use in a key: ``20261122T073613348707``, always microseconds."""
    text = moment.isoformat(timespec="microseconds")[:-6]
    return text.replace("-", "").replace(":", "").replace(".", "")
