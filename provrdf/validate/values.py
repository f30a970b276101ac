"""Values of literals: are they well formed, and how do they compare."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

from provrdf.shapes.forms import named
from provrdf.shapes.rdf import datatype, is_literal, lexical

_XSD = named("xsd:")[:-1]
_INTEGERS = frozenset(
    f"{_XSD}{name}>"
    for name in [
        "integer",
        "byte",
        "short",
        "int",
        "long",
        "unsignedByte",
        "unsignedShort",
        "unsignedInt",
        "unsignedLong",
        "nonNegativeInteger",
        "positiveInteger",
        "nonPositiveInteger",
        "negativeInteger",
    ]
)
_REALS = frozenset(f"{_XSD}{name}>" for name in ("double", "float"))
_DECIMAL = f"{_XSD}decimal>"
_STRING = f"{_XSD}string>"
_DATETIME = f"{_XSD}dateTime>"

_FORMS = {
    **dict.fromkeys(_INTEGERS, re.compile(r"[+-]?[0-9]+")),
    **dict.fromkeys(
        _REALS, re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
    ),
    _DECIMAL: re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    f"{_XSD}boolean>": re.compile(r"true|false|1|0"),
}


def is_well_formed(term: str) -> bool:
    """Whether the text of a literal is legal for its datatype (datatypes we do not know are)."""
    kind = datatype(term)
    if kind == _DATETIME:
        return moment(term) is not None
    form = _FORMS.get(kind)
    return form is None or form.fullmatch(lexical(term)) is not None


def number(term: str) -> float | int | Decimal | None:
    """Read the number that a literal stands for; None when it is none (nor is NaN: it is in no range)."""
    if not is_literal(term) or not is_well_formed(term):
        return None
    kind, text = datatype(term), lexical(term)
    if kind in _INTEGERS:
        return int(text)
    if kind in _REALS:
        value = float(text.replace("INF", "inf"))
        return value if value == value else None  # noqa: PLR0124
    if kind == _DECIMAL:
        try:
            return Decimal(text)
        except InvalidOperation:
            return None
    return None


def plain_text(term: str) -> str | None:
    """Read the text of a plain literal; None when it is none."""
    return lexical(term) if is_literal(term) and datatype(term) == _STRING else None


def moment(term: str) -> datetime | None:
    """Instant that a literal of type xsd:dateTime stands for; None when it is none."""
    if not is_literal(term) or datatype(term) != _DATETIME:
        return None
    text = lexical(term)
    if "T" not in text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def not_after(first: str, second: str) -> bool:
    """Whether the first value is less than or equal to the second; False when they cannot be compared.

    A time without zone counts as earlier than any time with one, as rdflib has it (and is a finding itself).
    """
    before, after = moment(first), moment(second)
    if before is not None and after is not None:
        naive = (before.tzinfo is None, after.tzinfo is None)
        return before <= after if naive[0] == naive[1] else naive[0]
    low, high = number(first), number(second)
    return low is not None and high is not None and low <= high
