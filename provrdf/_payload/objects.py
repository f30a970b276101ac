"""JSON objects: strict JSON, and the NaN and Infinity that Python's writer adds kept as text."""

from __future__ import annotations

from json import JSONDecodeError, JSONDecoder
from typing import Any

from provrdf._payload.reasons import MAX_DEPTH, PayloadError, Reason
from provrdf._payload.tolerant import depth

_CONSTANTS = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}


class _Kept(str):
    """A value that was kept as its text."""

    __slots__ = ()


def _integer(digits: str) -> Any:
    try:
        return int(digits)
    except ValueError:  # Python refuses to read thousands of digits
        return _Kept(digits)


_decode = JSONDecoder(parse_constant=lambda word: _Kept(_CONSTANTS[word]), parse_int=_integer).raw_decode


def read_object(text: str) -> tuple[dict[Any, Any], tuple[str, ...]]:
    """Return a JSON object and the dotted keys of the values that were kept as their text.

    Raises
    ------
    PayloadError
        With the reason, when the text is not one whole JSON object.
    """
    text = text.strip()
    data, inexact, end = read_leading_object(text)
    if end < len(text):
        raise PayloadError(Reason.TORN)
    return data, inexact


def read_leading_object(text: str) -> tuple[dict[Any, Any], tuple[str, ...], int]:
    """Return the JSON object that a text begins with, as `read_object` does, and where it ends."""
    if depth(text) > MAX_DEPTH:
        raise PayloadError(Reason.TOO_DEEP)
    try:
        value, end = _decode(text)
    except JSONDecodeError as error:
        unfinished = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        raise PayloadError(Reason.TRUNCATED if unfinished else Reason.MALFORMED) from None
    except RecursionError:
        raise PayloadError(Reason.TOO_DEEP) from None
    if not isinstance(value, dict):
        raise PayloadError(Reason.NOT_A_DICTIONARY)
    kept: list[str] = []
    return _plain(value, "", kept), tuple(dict.fromkeys(kept)), end


def _plain(value: Any, path: str, kept: list[str]) -> Any:
    """Return the value with plain strings; collect where a text was kept."""
    if isinstance(value, _Kept):
        kept.append(path)
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(one, f"{path}.{key}" if path else key, kept) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one, path, kept) for one in value]
    return value
