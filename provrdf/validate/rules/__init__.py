"""Rules that compare nodes: one SPARQL query per file, run once over a graph or over the whole dataset.

The comment lines at the top of a file say what the rule is called and how a finding reads. ``?focus`` is the
node at fault, ``?value`` another node or value that shows it. A new rule is a new file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from provrdf.iris import VOCABULARY_PREFIXES
from provrdf.report import Severity
from provrdf.shapes.rdf import from_oxigraph

if TYPE_CHECKING:
    import pyoxigraph

_TERM = re.compile(r"\b(prov|voprov|provrdf|dcterms|rdfs):([A-Za-z]\w*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Attributes
    ----------
    check, severity, kind, summary, expected, suggestion
        As in `Shape`.
    query : str
        SPARQL SELECT of ``?focus`` and ``?value``, without prefixes.
    whole : bool
        Whether it looks at all graphs together rather than at one.
    predicates : frozenset of str
        Terms that the query mentions: nothing else need be loaded to answer it.
    """

    check: str
    severity: Severity
    kind: str
    summary: str
    expected: str
    suggestion: str
    query: str
    whole: bool
    predicates: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> Rule:
        """Read a rule file."""
        header = dict(re.findall(r"^# (\w+): (.*)$", text, re.MULTILINE))
        query = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        return cls(
            check=header["check"],
            severity=Severity.parse(header["severity"]),
            kind=header["kind"],
            summary=header["summary"],
            expected=header["expected"],
            suggestion=header["suggestion"],
            query=query,
            whole=header["scope"] == "dataset",
            predicates=frozenset(f"<{VOCABULARY_PREFIXES[p]}{name}>" for p, name in _TERM.findall(query)),
        )


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, by name of their file."""
    folder = files(__name__)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".rq"))
    return tuple(Rule.parse((folder / name).read_text("utf-8")) for name in names)


class RuleStore:
    """The statements that some rules need, in memory, to ask them.

    Parameters
    ----------
    asked : iterable of Rule
        The rules that will be asked.
    """

    def __init__(self, asked: Iterable[Rule]) -> None:
        import pyoxigraph

        self._rules = tuple(asked)
        self._wanted: frozenset[str] = frozenset().union(*(rule.predicates for rule in self._rules))
        self._store: pyoxigraph.Store = pyoxigraph.Store()

    def load(self, statements: Iterable[str]) -> None:
        """Add the statements that the rules need; graphs make no difference."""
        import pyoxigraph

        wanted = self._wanted
        lines = [statement for statement in statements if statement.split(" ", 2)[1] in wanted]
        if lines:
            text = " .\n".join(lines) + " .\n"
            self._store.bulk_load(text.encode(), pyoxigraph.RdfFormat.N_TRIPLES)

    def ask(self) -> Iterable[tuple[Rule, str, str]]:
        """Ask all rules; yields rule, focus and value, in a fixed order."""
        if not len(self._store):
            return
        for rule in self._rules:
            solutions: Any = self._store.query(rule.query, prefixes=VOCABULARY_PREFIXES)
            found = {(from_oxigraph(row["focus"]), from_oxigraph(row["value"])) for row in solutions}
            for focus, value in sorted(found):
                yield rule, focus, value
