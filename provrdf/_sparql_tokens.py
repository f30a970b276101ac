"""SPARQL text as tokens, and back: the one place that knows how terms are escaped in queries and updates.

The grammar is SPARQL 1.1, section 19.8, read strictly: a word is a keyword and nothing else, an escape
outside strings and IRIs is refused (engines disagree on when it is expanded), a comment ends at CR or LF.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from provrdf.errors import QueryError

_QUERY_WORDS = """
    BASE PREFIX SELECT DISTINCT REDUCED AS CONSTRUCT DESCRIBE ASK FROM NAMED WHERE ORDER BY ASC DESC LIMIT
    OFFSET VALUES UNDEF GROUP HAVING OPTIONAL GRAPH SERVICE SILENT BIND UNION MINUS FILTER NOT IN EXISTS
    A TRUE FALSE COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR
    STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE
    ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS
    TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM
    ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE LATERAL TRIPLE SUBJECT PREDICATE OBJECT
    ISTRIPLE LANGDIR STRLANGDIR HASLANG HASLANGDIR ADJUST
"""
WORDS = frozenset(_QUERY_WORDS.split())
"""All words of SPARQL queries, functions included, in capitals."""

_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
_LETTER += "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_LATER = _LETTER + "_0-9\u00b7\u0300-\u036f\u203f-\u2040"
_LOCAL_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_ESCAPE = r"\\(?:[tbnrf\\\"']|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"

_TOKEN = re.compile(
    rf"""
      (?P<space>[\x20\t\r\n]+|\#[^\r\n]*)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
    | (?P<string>\"\"\"(?:"{{0,2}}(?:[^"\\]|{_ESCAPE}))*\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|{_ESCAPE}))*'''
        |"(?:[^"\\\r\n]|{_ESCAPE})*"|'(?:[^'\\\r\n]|{_ESCAPE})*')
    | (?P<variable>[?$][{_LATER}]+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--(?:ltr|rtl))?)
    | (?P<blank>_:[{_LETTER}_0-9](?:[{_LATER}.\-]*[{_LATER}\-])?)
    | (?P<name>(?:[{_LETTER}](?:[{_LATER}.\-]*[{_LATER}\-])?)?:
        (?:(?:[{_LETTER}_:0-9]|{_LOCAL_ESCAPE})(?:(?:[{_LATER}.:\-]|{_LOCAL_ESCAPE})*(?:[{_LATER}:\-]|{_LOCAL_ESCAPE}))?)?)
    | (?P<number>[0-9]*\.?[0-9]+(?:[eE][+\-]?[0-9]+)?|[0-9]+\.[eE][+\-]?[0-9]+)
    | (?P<word>[A-Za-z][A-Za-z0-9_]*)
    | (?P<mark>\^\^|\|\||&&|!=|<=|>=|<<\(?|\)?>>|[{{}}()\[\].,;:=<>!*/+\-|^?&~])
    """,
    re.VERBOSE,
)
_IRI_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_STRING_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_BAD_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f-\x9f\ud800-\udfff]")
_WRITTEN_ESCAPES = {'"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_TO_ESCAPE = re.compile(r"\\[uU]?|[\"\x00-\x1f\x7f]")


class Token(NamedTuple):
    """One token: its kind, its text as written, what it stands for, its line, and if it must touch."""

    kind: str
    text: str
    value: str
    line: int
    touches: bool = False


def quote_iri(iri: str) -> str:
    """Write an IRI for a query or update: ``<...>``.

    Raises
    ------
    QueryError
        The IRI is relative or has a character that would end it early.
    """
    if _BAD_IN_IRI.search(iri) or not urlsplit(iri).scheme:
        message = f"{iri!r} is not an absolute IRI"
        raise QueryError(message)
    return f"<{iri}>"


def quote_string(text: str) -> str:
    r"""Write a string for a query or update, so that every engine reads the same characters.

    rdflib replaces raw tabs, and expands ``\u`` even after an escaped backslash: hence the long way.

    >>> quote_string('C:\\users "a"')
    '"C:\\\\\\U00000075sers \\"a\\""'
    """
    return '"' + _TO_ESCAPE.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    found = match.group()
    if found[0] == "\\":
        return "\\\\" + "".join(f"\\U{ord(letter):08X}" for letter in found[1:])
    return _WRITTEN_ESCAPES.get(found) or f"\\U{ord(found):08X}"


def tokenize(text: str) -> Iterator[Token]:
    """Read text into tokens, spaces and comments included.

    Raises
    ------
    QueryError
        Something that starts no token, with its line.
    """
    position, line = 0, 1
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            rest = text[position : position + 20].splitlines()[0]
            message = f"query, line {line}: cannot be read from {rest!r} on"
            raise QueryError(message)
        kind = match.lastgroup or ""
        yield Token(kind, match.group(), _value(kind, match.group(), line), line)
        line += len(re.findall(r"\r\n|\r|\n", match.group()))
        position = match.end()


def _value(kind: str, text: str, line: int) -> str:
    if kind == "iri":
        return _IRI_ESCAPE.sub(lambda m: _character(m[1] or m[2], line), text[1:-1])
    if kind == "string":
        width = 3 if text[:3] in ('"""', "'''") and len(text) >= 6 else 1
        return _STRING_ESCAPE.sub(lambda m: _unescape(m, line), text[width:-width])
    return text.upper() if kind == "word" else text


def _unescape(match: re.Match[str], line: int) -> str:
    digits = match[1] or match[2]
    return _character(digits, line) if digits else _SHORT_ESCAPES.get(match[3], match[3])


def _character(digits: str, line: int) -> str:
    code = int(digits, 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        message = f"query, line {line}: \\u{digits} is no character"
        raise QueryError(message)
    return chr(code)


def plain(text: str, prefixes: Mapping[str, str]) -> Iterator[Token]:
    """Yield the tokens without comments and prefixes: names become IRIs, strings are escaped one way."""
    known = dict(prefixes)
    base = ""
    significant = _significant(tokenize(text))
    for token in significant:
        if token.kind == "word" and token.value == "PREFIX":
            _declare(token, significant, known, base)
            continue
        if token.kind == "word" and token.value == "BASE":
            base = _absolute(_next(significant, token, "iri"), base)
            continue
        yield _rewrite(token, known, base)


def _significant(found: Iterable[Token]) -> Iterator[Token]:
    """Drop spaces and comments, but keep together what means something else when it is apart.

    A sign that touches a number belongs to it (``?x -1`` is not ``?x - 1``); ``+ * ?`` after a path touch it.
    """
    sign: Token | None = None
    before = ""
    for token in found:
        if sign is not None and token.kind == "number":
            yield token._replace(text=sign.text + token.text, value=sign.text + token.text)
            sign = None
            continue
        if sign is not None:
            yield sign
            sign = None
        touching = token._replace(touches=_touches(before, token))
        if token.kind == "mark" and token.text in ("+", "-"):
            sign = touching
        elif token.kind != "space":
            yield touching
        before = token.text if token.kind == "mark" or token.text == "a" else token.kind
    if sign is not None:
        yield sign


def _touches(before: str, token: Token) -> bool:
    """Tell whether a token belongs to the one right before it: path modifiers, brackets of functions."""
    if token.text in ("+", "*", "?"):
        return before in ("iri", "name", ")", "a")
    return token.text == "(" and before in ("iri", "name", "word")


def _next(following: Iterator[Token], before: Token, kind: str) -> Token:
    token = next(following, None)
    if token is None or token.kind != kind:
        expected = {"iri": "<...>", "name": "a prefix such as prov:"}[kind]
        message = f"query, line {before.line}: {before.text} needs {expected} after it"
        raise QueryError(message)
    return token


def _declare(token: Token, following: Iterator[Token], known: dict[str, str], base: str) -> None:
    name = _next(following, token, "name").text
    if not name.endswith(":"):
        message = f"query, line {token.line}: {name!r} is no prefix, it must end with a colon"
        raise QueryError(message)
    known[name[:-1]] = _absolute(_next(following, token, "iri"), base)


def _absolute(token: Token, base: str) -> str:
    value = token.value
    if not urlsplit(value).scheme and base:
        value = urljoin(base, value)
    try:
        quote_iri(value)
    except QueryError as error:
        message = f"query, line {token.line}: {error.message}"
        raise QueryError(message) from error
    return value


def _rewrite(token: Token, known: Mapping[str, str], base: str) -> Token:
    if token.kind == "iri":
        value = _absolute(token, base)
        return token._replace(text=f"<{value}>", value=value)
    if token.kind == "string":
        return token._replace(text=quote_string(token.value))
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        if prefix not in known:
            message = f"query, line {token.line}: the prefix {prefix + ':'!r} is not declared"
            raise QueryError(message)
        value = known[prefix] + re.sub(r"\\(.)", r"\1", local)
        return _rewrite(Token("iri", value, value, token.line), known, base)
    if token.kind == "word":
        written = {"A": "a", "TRUE": "true", "FALSE": "false"}.get(token.value, token.value)
        return token._replace(text=written if token.value in WORDS else token.text)
    return token


def write(plain_tokens: Iterable[Token]) -> str:
    """Join plain tokens into text; the lines stay where they were, so that engines' messages point right."""
    written: list[str] = []
    line = 1
    previous = ""
    for token in plain_tokens:
        if token.line > line:
            written.append("\n" * (token.line - line))
            line = token.line
        elif written and not _joined(previous, token):
            written.append(" ")
        written.append(token.text)
        previous = token.text
    return "".join(written)


def _joined(before: str, token: Token) -> bool:
    """Tell whether a token must touch the one before it: types, languages, and the bracket of a function.

    Oxigraph 0.5 reads COALESCE and CONCAT only with their bracket right behind them.
    """
    if token.text == "(" and before in ("COALESCE", "CONCAT"):
        return True
    return token.touches or before == "^^" or token.text == "^^" or token.kind == "language"
