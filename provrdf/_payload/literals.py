"""Python literals, by :func:`ast.literal_eval` within limits."""

from __future__ import annotations

import ast
import re
from typing import Any

NO_LITERAL = (ValueError, SyntaxError, TypeError, MemoryError, RecursionError)
"""What :func:`literal` raises for a text that is no literal."""

_LONGEST = 4 * 2**20  # a syntax tree takes some hundred times the memory of its text
# an escape that repr never writes, and of which Python warns
_ODD_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\[^\\'\"abfnrtvxuU]")


def literal(text: str) -> Any:
    """Return the value of a Python literal; raises one of ``NO_LITERAL`` for anything else."""
    if len(text) > _LONGEST or _ODD_ESCAPE.search(text):
        raise ValueError("too long, or with an escape that repr never writes")
    return ast.literal_eval(text)
