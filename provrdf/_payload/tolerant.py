"""The last resort: read a dictionary some of whose values are no Python literals.

Logs hold what ``repr`` gave: ``PosixPath('dl3')``, ``<Quantity 0.1 TeV>``, ``array([1, 2])``, ``nan``.
Such a value is kept as its text and its key is reported; nothing is run, and nothing is guessed: the
dictionary must be whole, nothing may follow it, and a text in quotes is a text: what stands next to it makes
the whole malformed.
"""

from __future__ import annotations

import re
from typing import Any

from provrdf._payload.literals import NO_LITERAL, literal
from provrdf._payload.reasons import MAX_DEPTH, PayloadError, Reason

# a quote right after a letter is an apostrophe
_STRING = re.compile(r"""(?<!\w)[bBrRuU]{0,2}(?:'[^'\\\n]*(?:\\.[^'\\\n]*)*'|"[^"\\\n]*(?:\\.[^"\\\n]*)*")""")
_TOKEN = re.compile(rf"""(?P<string>{_STRING.pattern})|(?P<open>[\[({{])|(?P<close>[\])}}])|(?<!\w)['"]""")
_QUOTED = re.compile(r"(?<!\w)[bBrRuU]{0,2}['\"]")
_PLAIN = re.compile(r"[^'\"\[\](){}<,:bBrRuU]+|[bBrRuU]")
_SPACE = re.compile(r"\s*")
_PAIRS = {"[": "]", "(": ")", "{": "}"}


def read_tolerant(text: str) -> tuple[dict[Any, Any], tuple[str, ...]]:
    """Return the dictionary and the dotted keys of the values that were kept as their text."""
    reader = _Reader(text)
    reader.space()
    if text[reader.at : reader.at + 1] != "{":
        raise PayloadError(Reason.MALFORMED if text.strip() else Reason.TRUNCATED)
    try:
        data = reader.container()
    except RecursionError:  # brackets that hide behind stray quotes
        raise PayloadError(Reason.TOO_DEEP) from None
    except TypeError:  # a key or an element of a set that cannot be one
        raise PayloadError(Reason.MALFORMED) from None
    reader.space()
    if reader.at < len(text):
        raise PayloadError(Reason.TORN)
    if not isinstance(data, dict):
        raise PayloadError(Reason.NOT_A_DICTIONARY)
    return data, tuple(dict.fromkeys(reader.inexact))


def depth(text: str) -> int:
    """Return how deep the brackets of a text nest, those in strings left out."""
    if text.count("[") + text.count("{") + text.count("(") <= MAX_DEPTH:
        return 0
    level = deepest = 0
    for token in _TOKEN.finditer(text):
        if token["open"]:
            level += 1
            deepest = max(deepest, level)
        elif token["close"]:
            level -= 1
    return deepest


def closing(text: str, start: int) -> int | None:
    """Return where the bracket that opens at ``start`` has closed, or None."""
    level = 0
    for token in _TOKEN.finditer(text, start):
        if token["open"]:
            level += 1
        elif token["close"]:
            level -= 1
        elif not token["string"]:
            return None
        if level == 0:
            return token.end()
    return None


class _Reader:
    """A position in a text, and what was kept as text so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.path: list[str] = []
        self.inexact: list[str] = []

    def space(self) -> None:
        """Skip white space."""
        self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]  # matches always

    def peek(self) -> str:
        """Return the next character that is no white space; the text must not end here."""
        self.space()
        if self.at >= len(self.text):
            raise PayloadError(Reason.TRUNCATED)
        return self.text[self.at]

    def value(self, ends: str) -> Any:
        """Read one value up to one of the characters in ``ends``, which is left in place."""
        first = self.peek()
        start, kept = self.at, len(self.inexact)
        if _QUOTED.match(self.text, start):
            return self.strings(ends)
        if first not in _PAIRS:
            return self.opaque(start, ends)
        value = self.container()
        if self.peek() in ends:
            return value
        del self.inexact[kept:]
        return self.opaque(start, ends)

    def strings(self, ends: str) -> Any:
        """Read one string literal, or several that make one."""
        start = self.at
        while self.peek() not in ends:
            found = _STRING.match(self.text, self.at)
            if found is None:
                raise PayloadError(Reason.MALFORMED if _STRING.match(self.text, start) else Reason.TRUNCATED)
            self.at = found.end()
        return self.literal(self.text[start : self.at].strip())

    def literal(self, text: str) -> Any:
        """Return the value of a literal, or its text (and report it)."""
        try:
            return literal(text)
        except NO_LITERAL:
            return self.kept(text)

    def kept(self, text: str) -> str:
        """Return the text, and report that it stands for a value."""
        self.inexact.append(".".join(self.path))
        return text

    def opaque(self, start: int, ends: str) -> Any:
        """Take the text up to an unbracketed character of ``ends`` as one value."""
        self.at = start
        while self.peek() not in ends:
            self.skip()
        text = self.text[start : self.at].strip()
        if not text:
            raise PayloadError(Reason.MALFORMED)
        if "#" in text:  # alone it would be a comment, here it is part of a value
            return self.kept(text)
        return self.literal(text)

    def skip(self) -> None:
        """Step over one bracketed group, ``<...>`` or run of plain characters."""
        character = self.text[self.at]
        if _QUOTED.match(self.text, self.at):
            raise PayloadError(Reason.MALFORMED if _STRING.match(self.text, self.at) else Reason.TRUNCATED)
        if found := _PLAIN.match(self.text, self.at):
            self.at = found.end()
        elif character in _PAIRS:
            self.at = self.after(closing(self.text, self.at))
        elif character == "<" and (end := _angle_end(self.text, self.at)):
            self.at = end
        elif character in "])}":
            raise PayloadError(Reason.MALFORMED)
        else:
            self.at += 1

    def after(self, end: int | None) -> int:
        """Return the end of a group; the text is cut off if it has none."""
        if end is None:
            raise PayloadError(Reason.TRUNCATED)
        return end

    def container(self) -> Any:
        """Read a dictionary, set, list or tuple, each value exactly or as its text."""
        start, bracket = self.at, self.text[self.at]
        self.at += 1
        if bracket == "{":
            return self.braces(start)
        items, commas = self.items(_PAIRS[bracket])
        if bracket == "[":
            return items
        return tuple(items) if commas or not items else items[0]

    def items(self, end: str) -> tuple[list[Any], int]:
        """Read values up to a closing bracket; return them and the number of commas."""
        values: list[Any] = []
        commas = 0
        while self.peek() != end:
            values.append(self.value("," + end))
            if self.peek() == ",":
                self.at += 1
                commas += 1
        self.at += 1
        return values, commas

    def braces(self, start: int) -> Any:
        """Read the rest of a dictionary, or of a set."""
        data: dict[Any, Any] = {}
        while self.peek() != "}":
            key = self.value(":,}")
            if self.peek() != ":":
                self.at = start + 1
                return set(self.items("}")[0])
            self.at += 1
            self.path.append(str(key))
            data[key] = self.value(",}")
            self.path.pop()
            if self.peek() == ",":
                self.at += 1
        self.at += 1
        return data


def _angle_end(text: str, start: int) -> int | None:
    """Return the end of ``<...>``, as in ``<Quantity 0.1 TeV>``; None if there is none."""
    level, at = 0, start
    while at < len(text):
        if text[at] == "<":
            level += 1
        elif text[at] == ">" and text[at - 1] not in "-=":
            level -= 1
        elif text[at] in "'\"" and (found := _STRING.match(text, at)):
            at = found.end() - 1
        at += 1
        if level == 0:
            return at
    return None
