"""Literals that all stores keep: other forms are brought to these before anything is sent or hashed.

Stores rewrite what they read (``01`` becomes ``1``, long becomes integer, ``+00:00`` becomes ``Z``), so a
form that none of them changes is chosen once, here. A double has no such form: it is compared by value
instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from provrdf.publish.statement import Value
from provrdf.vocab import XSD

_INTEGERS = (
    "int long short byte integer nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger "
    "unsignedLong unsignedInt unsignedShort unsignedByte"
)
_INTEGER = re.compile(r"[+-]?[0-9]+\Z")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")
_DATETIME = re.compile(r"(-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?\Z")
_NOTATION = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_DOUBLE = re.compile(rf"(?:{_NOTATION}|[+-]?INF|[+-]?inf|NaN|nan)\Z")
BY_VALUE = frozenset((XSD.double, XSD.float))
"""Datatypes whose text no two stores write alike."""


def portable(value: Value) -> Value:
    """Bring a literal to the form that stores keep; a text that does not fit its datatype becomes a string.

    >>> portable(Value("01", XSD.long)).text, portable(Value("1.50", XSD.decimal)).text
    ('1', '1.5')
    >>> portable(Value("2026-01-01T01:00:00.500+01:00", XSD.dateTime)).text
    '2026-01-01T00:00:00.5Z'
    """
    change = _FORMS.get(value.datatype)
    if change is None:
        return value
    text, datatype = change(value.text.strip(), value.datatype)
    return Value(value.text) if text is None else Value(text, datatype)


Form = Callable[[str, str], tuple[str | None, str]]


def _integer(text: str, _datatype: str) -> tuple[str | None, str]:
    # Not through int(): ids of thousands of digits are data, and Python refuses to convert those.
    if not _INTEGER.match(text):
        return None, XSD.string
    digits = text.lstrip("+-").lstrip("0") or "0"
    # Stores hold integers in 64 bits and refuse longer ones (or keep them as mere text); decimals they take.
    datatype = XSD.decimal if len(digits) > 18 and abs(Decimal(digits)) >= 2**63 else XSD.integer
    return ("-" + digits if text.startswith("-") and digits != "0" else digits), datatype


def _decimal(text: str, datatype: str) -> tuple[str | None, str]:
    if not _DECIMAL.match(text):
        return None, XSD.string
    whole, _, fraction = text.lstrip("+-").partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    written = f"{whole}.{fraction}" if fraction else whole
    return ("-" + written if text.startswith("-") and written != "0" else written), datatype


def _boolean(text: str, datatype: str) -> tuple[str | None, str]:
    known = {"1": "true", "0": "false", "true": "true", "false": "false"}
    return (known[text], datatype) if text in known else (None, XSD.string)


def _double(text: str, datatype: str) -> tuple[str | None, str]:
    if not _DOUBLE.match(text):
        return None, XSD.string
    return text.removeprefix("+").replace("inf", "INF").replace("nan", "NaN"), datatype


def _datetime(text: str, datatype: str) -> tuple[str | None, str]:
    match = _DATETIME.match(text)
    if not match:
        return None, XSD.string
    seconds, fraction, zone = match[1], (match[2] or "").rstrip("0").rstrip("."), match[3] or ""
    if zone in ("", "Z"):
        return seconds + fraction + zone, datatype
    try:
        moment = datetime.fromisoformat(seconds + zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None, XSD.string
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + fraction + "Z", datatype


_FORMS: dict[str, Form] = {
    **dict.fromkeys((XSD.BASE + name for name in _INTEGERS.split()), _integer),
    XSD.decimal: _decimal,
    XSD.boolean: _boolean,
    XSD.dateTime: _datetime,
    XSD.double: _double,
    XSD.float: _double,
}
_NUMBERS = frozenset((XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.boolean))


def meaning(value: Value) -> tuple[str, str]:
    """Return what a literal means, so that two spellings of one value compare equal.

    Numbers lose their datatype and booleans count as 0 and 1 (Virtuoso keeps neither apart), times keep
    microseconds. Everything else is its own text.
    """
    plain = portable(value)
    if plain.language:
        return plain.text, "@" + plain.language
    if plain.datatype in _NUMBERS:
        return _number(plain.text), "number"
    if plain.datatype == XSD.dateTime:
        return _shortened(plain.text), XSD.dateTime
    return plain.text, plain.datatype


def _number(text: str) -> str:
    text = {"true": "1", "false": "0"}.get(text, text)
    try:
        number = Decimal(text.replace("INF", "Infinity"))
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text.lower()
    # Beyond 2**53 a double is no longer exact: long whole numbers are compared digit by digit.
    return text if _INTEGER.match(text) and abs(number) > 2**53 else repr(float(number))


def _shortened(text: str) -> str:
    match = _DATETIME.match(text)
    if match is None:
        return text
    return match[1] + (match[2] or "")[:7].rstrip("0").rstrip(".") + (match[3] or "")
