"""Python literals, by :func:`ast.literal_eval` within limits."""

from __future__ import annotations

import ast
import re
from typing import Any

NO_LITERAL = (ValueError, SyntaxError, TypeError, MemoryError, RecursionError)
"""What :func:`literal` raises for a text that is no literal."""

_LONGEST = 4 * 2**20  # a syntax tree takes some hundred times the memory of its text
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_KNOWN_ESCAPES = frozenset("\\'\"abfnrtvxuUN01234567\n")
_RAW_STRING = re.compile(r"(?<!\w)[rR][bB]?['\"]")


def literal(text: str) -> Any:
    """Return the value of a Python literal; raises one of ``NO_LITERAL`` for anything else."""
    if len(text) > _LONGEST:
        raise ValueError("too long")
    return ast.literal_eval(_with_known_escapes(text) if "\\" in text else text)


def _with_known_escapes(text: str) -> str:
    r"""Double the backslash of unknown escapes, as in ``'C:\data'``: the same value, without a warning."""
    if all(character in _KNOWN_ESCAPES for character in _ESCAPE.findall(text)):
        return text
    if _RAW_STRING.search(text):
        raise ValueError("a raw string: repr never writes one")
    return _ESCAPE.sub(lambda found: found[0] if found[1] in _KNOWN_ESCAPES else "\\" + found[0], text)
