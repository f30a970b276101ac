"""Values in a model file: multiplicities, VOTable types, bounds and options.

Every reader returns the value or raises ValueError, whose text says what would be right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from provrdf.model.descriptions import Multiplicity, Value
from provrdf.spelling import closest
from provrdf.yamlmarks import Node

INTEGERS = {
    "bit": (0, 1),
    "unsignedByte": (0, 2**8 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
}
"""VOTable integer types with their smallest and largest value."""

FLOATS = ("float", "double")
TEXTS = ("char", "unicodeChar")
COMPLEX = ("floatComplex", "doubleComplex")
DATATYPES = ("boolean", *INTEGERS, *TEXTS, *FLOATS, *COMPLEX)
"""All VOTable datatypes (VOTable 1.4, section 2.1)."""

_ELSEWHERE = {
    **dict.fromkeys(("str", "string", "text"), "'char' with arraysize '*'"),
    **dict.fromkeys(("date", "datetime", "time"), "'char' with arraysize '*' and xtype 'timestamp'"),
    **dict.fromkeys(("bool",), "'boolean'"),
    **dict.fromkeys(("integer", "int32"), "'int'"),
    **dict.fromkeys(("int64",), "'long'"),
    **dict.fromkeys(("int16",), "'short'"),
    **dict.fromkeys(("byte", "uint8"), "'unsignedByte'"),
    **dict.fromkeys(("real", "number", "float64"), "'double'"),
    **dict.fromkeys(("float32",), "'float'"),
}
"""Names that other worlds give to types -> what VOTable calls them."""

_RANGE = re.compile(r"(\d{1,9})\s*\.\.\s*(\d{1,9}|\*)\Z")
_ARRAYSIZE = re.compile(r"(?:\d+x)*(?:\d+\*?|\*)\Z")


def multiplicity(text: str) -> Multiplicity:
    """Read ``min..max``, ``n``, ``*`` or ``3..*``.

    >>> multiplicity("1"), multiplicity("*"), multiplicity("3..*")
    (Multiplicity(min=1, max=1), Multiplicity(min=0, max=None), Multiplicity(min=3, max=None))
    """
    text = text.strip()
    if text == "*":
        return Multiplicity(0, None)
    if text.isascii() and text.isdigit() and len(text) < 10:
        return Multiplicity(int(text), int(text))
    match = _RANGE.match(text)
    if match is None:
        message = f"{text!r} is no multiplicity: write a number, '0..1', '1..4', '3..*' or '*'"
        raise ValueError(message)
    least, most = int(match[1]), None if match[2] == "*" else int(match[2])
    if most is not None and most < least:
        message = f"{text!r} is no multiplicity: the smaller number comes first, '{most}..{least}'"
        raise ValueError(message)
    return Multiplicity(least, most)


def datatype(text: str) -> str:
    """Check a VOTable datatype."""
    if text in DATATYPES:
        return text
    right = _ELSEWHERE.get(text.lower())
    if right is None:
        guess = closest(text, DATATYPES)
        right = repr(guess) if guess else "one of " + ", ".join(DATATYPES)
    message = f"{text!r} is no VOTable datatype: write {right}"
    raise ValueError(message)


def arraysize(text: str) -> str:
    """Check a VOTable arraysize: ``3``, ``*``, ``8*``, ``2x3``, ``2x*``."""
    if _ARRAYSIZE.match(text):
        return text
    message = f"{text!r} is no arraysize: write a number, '*', '8*' or '2x3'"
    raise ValueError(message)


def value_type(text: str) -> tuple[str, str | None, str | None]:
    """Read IVOA's valueType ``datatype[/arraysize[/xtype]]``."""
    name, size, xtype, *more = [*text.split("/"), "", ""]
    if len(more) > 2 or any(more):
        message = f"{text!r} is no valueType: write datatype, datatype/arraysize or datatype/arraysize/xtype"
        raise ValueError(message)
    return datatype(name), arraysize(size) if size else None, xtype or None


def value(node: Node, kind: str | None) -> Value:
    """Read one value of a datatype; without a datatype the value is what YAML says."""
    if node.text is None or isinstance(node.value, dict | tuple) or node.value is None:
        message = "a single value is expected here, not " + ("nothing" if node.is_null else "a list or table")
        raise ValueError(message)
    text = node.text.strip()
    if kind is None:
        return node.value if isinstance(node.value, int | float) else node.text
    if kind == "boolean":
        return _boolean(text)
    if kind in INTEGERS:
        return _integer(text, kind)
    if kind in FLOATS:
        return _float(text, kind)
    return node.text


def bound(node: Node, kind: str | None, *, xtype: str | None) -> Value:
    """Read a min or max: a number, or a text that has an order (a time)."""
    if kind == "boolean" or kind in COMPLEX:
        message = f"a {kind} has no order: leave min and max out"
        raise ValueError(message)
    if kind in TEXTS and not xtype:
        message = f"a {kind} has no order: leave min and max out, or say xtype: timestamp if it is a time"
        raise ValueError(message)
    found = value(node, kind)
    if kind is None and (isinstance(found, str | bool)):
        message = f"{found!r} is no number: write a number, or give a datatype"
        raise ValueError(message)
    if isinstance(found, float) and math.isnan(found):
        raise ValueError("not a number (nan) is no bound: write a number")
    return found


def outside(found: Value, *, low: Value | None, high: Value | None, options: Sequence[Value]) -> str | None:
    """Say how a value breaks the bounds or options; None when it keeps them."""
    if options and not any(_same(found, option) for option in options):
        return f"{found!r} is none of the options ({', '.join(map(repr, options))})"
    if low is not None and _less(found, low):
        return f"{found!r} is less than min ({low!r})"
    if high is not None and _less(high, found):
        return f"{found!r} is more than max ({high!r})"
    return None


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        message = f"{text!r} is no boolean: write true or false"
        raise ValueError(message)
    return text.lower() == "true"


def _integer(text: str, kind: str) -> int:
    low, high = INTEGERS[kind]
    try:
        number = int(text)
    except ValueError:
        message = f"{text!r} is no {kind}: write a whole number"
        raise ValueError(message) from None
    if not low <= number <= high:
        message = f"{number} does not fit in {kind} ({low} to {high})"
        raise ValueError(message)
    return number


def _float(text: str, kind: str) -> float:
    try:
        return float(text.replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:
        message = f"{text!r} is no {kind}: write a number"
        raise ValueError(message) from None


def _same(one: Value, other: Value) -> bool:
    """Equal and of the same kind: 1 is not True, but 1 is 1.0."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _less(one: Value, other: Value) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and one < other
    return one < other
