"""Named queries: files ``provrdf/queries/NAME.rq`` whose comments say what they do and what they take.

::

    # Activities, oldest first.
    # parameter name (text): only this step, such as r0_to_dl1
    # parameter file (entity, required): path or id of a file
    SELECT ... WHERE {
      # PARAMETERS
      ...
    }

The first comment line is the help text. Where ``# PARAMETERS`` stands alone on a line, the given values are
bound; without such a line they are bound at the start of the WHERE clause.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from provrdf.errors import QueryError

TYPES = ("text", "time", "number", "iri", "entity", "activity", "any")
"""What a parameter can be; ``entity`` and ``activity`` take an IRI, a logged id or (entity) a path."""

_PARAMETER = re.compile(
    r"#\s*parameter\s+(?P<name>\w+)\s*\((?P<type>\w+)(?P<required>,\s*required)?\)\s*:\s*(?P<help>.*)"
)


@dataclass(frozen=True)
class Parameter:
    """One parameter of a named query."""

    name: str
    type: str
    required: bool
    help: str


@dataclass(frozen=True)
class NamedQuery:
    """A query with a name, help text and declared parameters.

    Attributes
    ----------
    name : str
    help : str
        One line.
    parameters : tuple of Parameter
    text : str
        SPARQL, comments included.
    shipped : bool
        Comes with provrdf; its parameters are exactly the declared ones.
    """

    name: str
    help: str
    parameters: tuple[Parameter, ...]
    text: str
    shipped: bool = False

    def parameter(self, name: str) -> Parameter | None:
        """Return the declared parameter of this name."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)


def parse_named(name: str, text: str, *, shipped: bool = False) -> NamedQuery:
    r"""Read help text and parameters from the comments at the top of a query.

    >>> parse_named("x", "# All agents.\n# parameter name (text): login\nSELECT * {}").parameters
    (Parameter(name='name', type='text', required=False, help='login'),)
    """
    comments = [line.strip() for line in _head(text)]
    parameters = []
    for line in comments:
        match = _PARAMETER.fullmatch(line)
        if match is None:
            continue
        if match["type"] not in TYPES:
            wrong = f"query {name}: parameter {match['name']} has type {match['type']!r}"
            message = f"{wrong}, expected one of {', '.join(TYPES)}"
            raise QueryError(message)
        parameters.append(Parameter(match["name"], match["type"], bool(match["required"]), match["help"]))
    help_text = comments[0].lstrip("# ").strip() if comments and not _PARAMETER.fullmatch(comments[0]) else ""
    return NamedQuery(name, help_text, tuple(parameters), text, shipped)


def _head(text: str) -> list[str]:
    """List the comment lines before the query begins."""
    head = []
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            break
        if line.strip():
            head.append(line)
    return head


@cache
def named_queries() -> tuple[NamedQuery, ...]:
    """All shipped queries, by name."""
    folder = resources.files("provrdf") / "queries"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".rq")), key=lambda file: file.name
    )
    return tuple(parse_named(file.name[:-3], file.read_text("utf-8"), shipped=True) for file in files)


def named_query(name: str) -> NamedQuery:
    """Find a shipped query.

    Raises
    ------
    QueryError
        When there is none of this name; says which one may have been meant.
    """
    wanted = name.strip().replace("_", "-").lower()
    for candidate in named_queries():
        if candidate.name == wanted:
            return candidate
    near = difflib.get_close_matches(wanted, [candidate.name for candidate in named_queries()], n=3)
    meant = (
        f", did you mean {' or '.join(near)}?"
        if near
        else "; provrdf query --list shows all, and -q takes SPARQL text"
    )
    message = f"there is no named query {name!r}{meant}"
    raise QueryError(message)
