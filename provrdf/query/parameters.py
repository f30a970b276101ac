"""Parameters of queries: what a person typed becomes RDF terms, and terms are bound with VALUES.

Values never become part of the query as text: each is turned into an IRI or literal first, checked, and
written by the one writer of terms that knows how to escape.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from provrdf import _sparql_tokens as tokens
from provrdf.config import Config
from provrdf.errors import QueryError
from provrdf.graphsource import GraphSource
from provrdf.iris import VOCABULARY_PREFIXES, prefixes
from provrdf.query.named import NamedQuery, Parameter
from provrdf.times import to_utc, xsd_datetime

XSD = VOCABULARY_PREFIXES["xsd"]

_MARKER = re.compile(r"^[ \t]*#[ \t]*PARAMETERS[ \t]*$", re.MULTILINE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_INTEGER = re.compile(r"[+-]?(?:0|[1-9]\d*)\Z")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\Z")
_PLAIN_NUMBER = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?\Z")  # 01618 is text
_IRI = re.compile(r"<[^<>]*>\Z")
_SHORT = re.compile(r"\w+:[^/\s]*\Z")
_QUOTED = re.compile(r'"(?P<text>.*)"(?:\^\^<(?P<type>[^<>]*)>|@(?P<lang>[A-Za-z0-9-]+))?\Z', re.DOTALL)


def bind(text: str, bindings: Mapping[str, Sequence[str]]) -> str:
    """Bind variables to terms: at the lines ``# PARAMETERS``, or else at the start of the WHERE clause.

    Parameters
    ----------
    text : str
        The query.
    bindings : mapping
        Name of a variable to the terms it may take, written as in SPARQL.

    >>> bind("ASK { ?a ?b ?name }", {"name": ['"dl1ab"']})
    'ASK { VALUES ?name { "dl1ab" } ?a ?b ?name }'
    """
    if not bindings:
        return text
    values = " ".join(f"VALUES ?{name} {{ {' '.join(terms)} }}" for name, terms in bindings.items())
    if _MARKER.search(text):
        return _MARKER.sub(lambda _: values, text)
    place = _where(text)
    return f"{text[:place]} {values}{text[place:]}"


def _where(text: str) -> int:
    """Find the place just after the ``{`` that opens the WHERE clause."""
    position, depth, inside = 0, 0, 0
    template = False
    for token in tokens.tokenize(text):
        position += len(token.text)
        if token.text in ("(", ")"):
            inside += 1 if token.text == "(" else -1
        elif token.text == "{" and not inside:
            if not template and not depth:
                return position
            depth += 1
        elif token.text == "}" and not inside:
            depth -= 1
            template = template and depth > 0
        elif token.value == "CONSTRUCT":
            template = True
        elif token.value == "WHERE" and not depth:
            template = False
    raise QueryError("this query has no { } where values could be bound")


def read_values(
    asked: NamedQuery, values: Mapping[str, object], graphs: GraphSource, config: Config
) -> dict[str, list[str]]:
    """Turn what a person gave for the parameters of a query into terms.

    Raises
    ------
    QueryError
        For a value that does not fit its type, a missing or an unknown parameter.
    """
    bindings = {}
    for name, value in values.items():
        parameter = asked.parameter(name)
        if parameter is None:
            if asked.shipped or not re.fullmatch(r"[A-Za-z_]\w*", name):
                raise QueryError(_unknown(asked, name))
            parameter = Parameter(name, "any", required=False, help="")
        bindings[name] = _terms(parameter, value, graphs, config)
    missing = [
        parameter.name
        for parameter in asked.parameters
        if parameter.required and parameter.name not in values
    ]
    if missing:
        wanted = " ".join(f"{name}=..." for name in missing)
        message = f"query {asked.name} needs {wanted}"
        raise QueryError(message)
    return bindings


def _unknown(asked: NamedQuery, name: str) -> str:
    known = ", ".join(parameter.name for parameter in asked.parameters)
    return f"query {asked.name} has no parameter {name!r}; " + (
        f"it has {known}" if known else "it takes none"
    )


def _terms(parameter: Parameter, value: object, graphs: GraphSource, config: Config) -> list[str]:
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return [term for one in value for term in _terms(parameter, one, graphs, config)]
    if parameter.type in ("entity", "activity"):
        from provrdf.lookup import find

        return [tokens.quote_iri(iri) for iri in find(graphs, str(value), kind=parameter.type).iris]
    try:
        return [_term(parameter.type, value, graphs, ZoneInfo(config.timezone))]
    except ValueError as error:
        message = f"parameter {parameter.name}: {error}"
        raise QueryError(message) from error


def _term(wanted: str, value: object, graphs: GraphSource, zone: tzinfo) -> str:
    if wanted == "text":
        return tokens.quote_string(str(value))
    if wanted == "time":
        return _typed(xsd_datetime(read_time(value, zone)), "dateTime")
    if wanted == "number":
        return _number(str(value))
    if wanted == "iri":
        return _iri(str(value), graphs)
    return _python(value) if not isinstance(value, str) else _guess(value, graphs)


def read_time(value: object, zone: tzinfo) -> datetime:
    """Read a point in time: a datetime, ISO 8601 text, or a day (its beginning).

    Without an offset it is local time of `zone`, like the times in the logs.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=zone).astimezone(UTC)
    text = str(value)
    moment = to_utc(f"{text}T00:00:00" if _DAY.match(text) else text, zone)
    if moment is None:
        message = f"{text!r} is no time, expected such as 2026-11-22 or 2026-11-22T07:36:13"
        raise ValueError(message)
    return moment


def _typed(text: str, datatype: str) -> str:
    return f"{tokens.quote_string(text)}^^{tokens.quote_iri(XSD + datatype)}"


def _number(text: str) -> str:
    if _INTEGER.match(text):
        return _typed(text, "integer")
    if not _NUMBER.match(text):
        message = f"{text!r} is no number"
        raise ValueError(message)
    return _typed(text, "double" if "e" in text.lower() else "decimal")


def _iri(text: str, graphs: GraphSource) -> str:
    """Write an IRI given whole, in angle brackets, or with a known prefix."""
    name, colon, local = text.partition(":")
    known = prefixes(graphs.base)
    if colon and name in known and not local.startswith("//"):
        return tokens.quote_iri(known[name] + local)
    return tokens.quote_iri(text.removeprefix("<").removesuffix(">"))


def _python(value: object) -> str:
    """Write a Python value as a literal of the type it has; terms of rdflib and Oxigraph as what they are."""
    if isinstance(value, bool):
        return _typed(str(value).lower(), "boolean")
    if isinstance(value, datetime):
        return _typed(xsd_datetime(read_time(value, UTC)), "dateTime")
    if isinstance(value, (int, float, Decimal)):
        return _number(str(value))
    text = str(getattr(value, "value", value))
    return (
        tokens.quote_iri(text)
        if type(value).__name__ in ("URIRef", "NamedNode")
        else tokens.quote_string(text)
    )


def _guess(text: str, graphs: GraphSource) -> str:
    """Guess what text stands for: ``<iri>``, ``prefix:name``, ``"x"^^<type>``, a number, or text."""
    quoted = _QUOTED.match(text)
    if quoted:
        return _literal(quoted)
    if text in ("true", "false"):
        return _typed(text, "boolean")
    if _PLAIN_NUMBER.match(text):
        return _number(text)
    if _IRI.match(text) or (_SHORT.match(text) and text.partition(":")[0] in prefixes(graphs.base)):
        return _iri(text, graphs)
    return tokens.quote_string(text)


def _literal(quoted: re.Match[str]) -> str:
    written = tokens.quote_string(quoted["text"])
    if quoted["type"]:
        return f"{written}^^{tokens.quote_iri(quoted['type'])}"
    return f"{written}@{quoted['lang']}" if quoted["lang"] else written
