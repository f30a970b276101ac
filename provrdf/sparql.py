"""What a query may say: every SPARQL text a person gives is checked here before any engine sees it.

Two engines read our queries (rdflib and Oxigraph) and remote servers bring more. They disagree about
comments, escapes and missing spaces, so a text that is harmless to one can fetch a web page through another.
:func:`check_query` therefore reads the text into tokens by the book (SPARQL 1.1, section 19), writes
it again in one plain form that all engines read alike, and walks the algebra of that form. What is refused:
SERVICE, FROM, everything that changes data (INSERT, DELETE, LOAD, ...), unknown words, and brackets nested
absurdly deep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from provrdf import _sparql_tokens as tokens
from provrdf.errors import QueryError

quote_iri = tokens.quote_iri
quote_string = tokens.quote_string

_NO_SERVICE = "would send the question on to another server; this is not allowed here"
_NO_FROM = "may fetch a page or a file; name a graph that is in the store with GRAPH <...> { } instead"
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH", "USING")
_MAX_LENGTH = 1_000_000
_MAX_DEPTH = 60  # rdflib's parser recurses about 15 frames a bracket; others overflow the C stack later
_SHOWN = 60  # characters of a query before a mistake
_RANGES = re.compile(r"[\[\\|{}]{2}|\.\.=|\[_\]|^\[")  # how the parser writes sets of characters


@dataclass(frozen=True)
class CheckedQuery:
    """A query that may be run.

    Attributes
    ----------
    text : str
        The query in plain form: no comments, prefixes written out, one way to escape. Run this one.
    form : str
        ``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``.
    """

    text: str
    form: str

    def on_graphs(self, names: Mapping[str, str]) -> CheckedQuery:
        """Return the query with graph names replaced after the word GRAPH.

        Parameters
        ----------
        names : mapping
            Name in the query -> name in the store asked (published graphs carry their digest in the name).
        """
        replaced = []
        after_graph = False
        for token in tokens.tokenize(self.text):
            text = token.text
            if after_graph and token.kind == "iri" and token.value in names:
                text = quote_iri(names[token.value])
            if token.kind != "space":
                after_graph = token.kind == "word" and token.value == "GRAPH"
            replaced.append(text)
        return CheckedQuery("".join(replaced), self.form)


def check_query(
    text: str,
    *,
    allow_service: bool = False,
    allow_from: bool = False,
    prefixes: Mapping[str, str] | None = None,
) -> CheckedQuery:
    """Check a query that a person wrote, and return it in the plain form that is safe to run.

    Parameters
    ----------
    text : str
        SPARQL 1.1 query.
    allow_service : bool
        Let ``SERVICE`` through: the engine will then send requests to other servers.
    allow_from : bool
        Let ``FROM`` through: some engines fetch what it names from the web or the disk.
    prefixes : mapping, optional
        Prefixes the query may use without declaring them.

    Raises
    ------
    QueryError
        The query cannot be read, or asks for something that is not allowed; says where.

    Examples
    --------
    >>> check_query("select * {?s ?p ?o}  # everything").text
    'SELECT * { ?s ?p ?o }'
    >>> check_query("ASK { SERVICE <http://elsewhere/sparql> {?s ?p ?o} }")
    Traceback (most recent call last):
    ...
    provrdf.errors.QueryError: query, line 1: SERVICE would send the question on ...
    """
    checked = check_words(text, allow_service=allow_service, allow_from=allow_from, prefixes=prefixes)
    _check_algebra(checked.text, allow_service=allow_service, allow_from=allow_from)
    return checked


def check_words(
    text: str,
    *,
    allow_service: bool = False,
    allow_from: bool = False,
    prefixes: Mapping[str, str] | None = None,
) -> CheckedQuery:
    """Check a query of our own making word by word, without the parsers: fast, and no less strict.

    Parameters, result and errors are those of :func:`check_query`; grammar mistakes are left to the store.
    """
    if len(text) > _MAX_LENGTH:
        message = f"query: {len(text):,} characters are too many, at most {_MAX_LENGTH:,}"
        raise QueryError(message)
    plain = list(tokens.plain(text, prefixes or {}))
    refused = _refused_words(allow_service=allow_service, allow_from=allow_from)
    _check_words(plain, refused)
    _check_depth(plain)
    return CheckedQuery(tokens.write(plain), _form(plain))


def _refused_words(*, allow_service: bool, allow_from: bool) -> dict[str, str]:
    refused = dict.fromkeys(_UPDATES, "changes data; only questions can be asked here")
    if not allow_service:
        refused["SERVICE"] = _NO_SERVICE
    if not allow_from:
        refused["FROM"] = _NO_FROM
    return refused


def _check_words(plain: list[tokens.Token], refused: Mapping[str, str]) -> None:
    for token in plain:
        if token.kind != "word":
            continue
        if token.value in refused:
            message = f"query, line {token.line}: {token.value} {refused[token.value]}"
            raise QueryError(message)
        if token.value not in tokens.WORDS:
            message = f"query, line {token.line}: {token.text!r} is not a word of SPARQL"
            raise QueryError(message)


def _check_depth(plain: list[tokens.Token]) -> None:
    depth = 0
    for token in plain:
        if token.kind != "mark":
            continue
        depth += (token.text in "({[") - (token.text in ")}]")
        if depth > _MAX_DEPTH:
            message = f"query, line {token.line}: brackets nested more than {_MAX_DEPTH} deep"
            raise QueryError(message)


def _form(plain: list[tokens.Token]) -> str:
    for token in plain:
        if token.kind == "word" and token.value in _FORMS:
            return token.value
        if token.kind == "word" and token.value != "BASE":
            break
    message = f"query: does not start with one of {', '.join(_FORMS)}"
    raise QueryError(message)


def _check_algebra(text: str, *, allow_service: bool, allow_from: bool) -> None:
    """Walk the algebra rdflib makes of the query; where rdflib cannot read it, Oxigraph must."""
    algebra = _rdflib_algebra(text)
    if algebra is None:
        _check_with_oxigraph(text, harmless=not allow_service)
        return
    for name in _node_names(algebra):
        if name == "ServiceGraphPattern" and not allow_service:
            message = f"query: SERVICE {_NO_SERVICE}"
            raise QueryError(message)
        if name == "DatasetClause" and not allow_from:
            message = f"query: FROM {_NO_FROM}"
            raise QueryError(message)


def _rdflib_algebra(text: str) -> Any | None:
    from pyparsing import ParseException
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        return translateQuery(parseQuery(text)).algebra
    except (ParseException, RecursionError):
        return None
    except Exception as error:  # rdflib raises bare Exceptions, for misplaced variables for instance
        message = f"query: {str(error) or type(error).__name__}"
        raise QueryError(message) from error


def _check_with_oxigraph(text: str, *, harmless: bool) -> None:
    """Let Oxigraph read the query: on an empty store in memory, never when it could send requests."""
    if not harmless:
        raise QueryError("query: cannot be read, and is not tried any further because it names other servers")
    from pyoxigraph import Store

    try:
        Store().query(text)
    except SyntaxError as error:
        raise QueryError(syntax_mistake(error, text)) from error


def syntax_mistake(error: SyntaxError, text: str) -> str:
    """Say where a query goes wrong, in its own words, and what could stand there.

    The parser counts lines and columns of a text nobody wrote (prefixes written out, comments gone), and
    lists what it expected as ranges of characters.
    """
    place = re.match(r"error at (\d+):(\d+): (.*)", str(error.msg), re.DOTALL)
    if place is None:
        return f"the query has a mistake: {error.msg}"
    expected = re.split(r",\s", place[3].removeprefix("expected ").removeprefix("one of "))
    sentences = [word for word in expected if " " in word and not _RANGES.search(word)]
    if sentences:
        return f"the query has a mistake: {sentences[0]}"
    *whole, last = text.split("\n")[: int(place[1])]
    before = " ".join([*whole, last[: int(place[2]) - 1]])
    words = [word for word in expected if not _RANGES.search(word)]
    could = (
        f", where one of these could follow: {' '.join(words[:12])}{' ...' if words[12:] else ''}"
        if words
        else ""
    )
    return f"the query has a mistake after {_end_of(before)!r}{could}"


def _end_of(text: str) -> str:
    """Return the last words of a text."""
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else "... " + words[-_SHOWN:].partition(" ")[2]


def _node_names(node: Any) -> Iterator[str]:
    """Yield the names of all algebra nodes, wherever they hide: filters, EXISTS, subqueries, projections."""
    from rdflib.plugins.sparql.parserutils import CompValue

    pending = [node]
    seen: set[int] = set()
    while pending:
        current = pending.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, CompValue):
            yield current.name
        if isinstance(current, Mapping):
            pending.extend(current.values())
        elif not isinstance(current, str) and hasattr(current, "__iter__"):
            pending.extend(current)
