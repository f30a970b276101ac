"""Text from logs and files, made safe to show: nothing in it can steer a terminal, a CI or a parser."""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters, C0 and C1: terminal escapes, line breaks
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks that change the direction of writing
    "\u2028\u2029\ufeff\ufffe\uffff"  # line separators; what XML does not allow
    "\ud800-\udfff]"  # halves of surrogate pairs: bytes of a log that are no UTF-8
)
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def plain(text: str) -> str:
    r"""Make control characters visible, so that a text is one harmless line.

    >>> plain("a\x1b[31m\nb")
    'a\\x1b[31m\\nb'
    """
    return _UNSAFE.sub(_visible, text)


def _visible(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    return _NAMED.get(character) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")
