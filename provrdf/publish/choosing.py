"""Which sessions are published: always whole ones, as half a session would replace the whole in a store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from provrdf.errors import UsageError
from provrdf.publish.statement import Statement, Value, parse_statement
from provrdf.times import to_utc
from provrdf.vocab import DCTERMS, PROV, PROVRDF, RDFS, VOPROV


@dataclass(frozen=True)
class Choice:
    """What sessions are wanted; nothing said means all.

    Attributes
    ----------
    since, until : datetime or None
        Sessions in which something happened in this time; `until` itself is out.
    sessions : frozenset of str
        Keys, logged ids or names.
    runs : frozenset of str
        Run numbers, with or without leading zeros.
    agents, activities : frozenset of str
        Sessions in which one of them occurs.
    """

    since: datetime | None = None
    until: datetime | None = None
    sessions: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        *,
        since: str | None = None,
        until: str | None = None,
        session: Iterable[str] | None = None,
        run: Iterable[str] | None = None,
        agent: Iterable[str] | None = None,
        activity: Iterable[str] | None = None,
        timezone: str = "UTC",
    ) -> Choice:
        """Make a choice of what a person wrote.

        Raises
        ------
        UsageError
            A time cannot be read.
        """
        return cls(
            since=_moment(since, timezone),
            until=_moment(until, timezone),
            sessions=frozenset(session or ()),
            runs=frozenset(number.lstrip("0") for number in run or ()),
            agents=frozenset(agent or ()),
            activities=frozenset(activity or ()),
        )

    @property
    def everything(self) -> bool:
        """Whether nothing was said."""
        return self == Choice()


def _moment(text: str | None, timezone: str) -> datetime | None:
    if text is None:
        return None
    moment = to_utc(text, ZoneInfo(timezone))
    if moment is None:
        message = f"no time {text!r}: ISO 8601 such as 2026-11-22 or 2026-11-22T07:36:00"
        raise UsageError(message)
    return moment


@dataclass
class _Facts:
    """What is known of one session's graph."""

    names: set[str] = field(default_factory=set)
    runs: set[str] = field(default_factory=set)
    agents: set[str] = field(default_factory=set)
    activities: set[str] = field(default_factory=set)
    first: str = ""
    last: str = ""

    def fits(self, choice: Choice) -> bool:
        """Tell whether the session is wanted."""
        named = (
            (choice.sessions, self.names),
            (choice.runs, self.runs),
            (choice.agents, self.agents),
            (choice.activities, self.activities),
        )
        return all(not wanted or wanted & found for wanted, found in named) and self._in_time(choice)

    def _in_time(self, choice: Choice) -> bool:
        if choice.since is None and choice.until is None:
            return True
        utc = ZoneInfo("UTC")
        first, last = to_utc(self.first, utc), to_utc(self.last, utc)
        if first is None or last is None:
            return False
        return (choice.since is None or last >= choice.since) and (
            choice.until is None or first < choice.until
        )


_TIMES = frozenset((PROV.generatedAtTime, PROV.startedAtTime, PROV.endedAtTime))
_RUNS = frozenset((PROVRDF.observationRun, PROVRDF.pedestalRun, PROVRDF.calibrationRun))
_NAMES = frozenset((RDFS.label, VOPROV.name, DCTERMS.identifier))
_HINTS = tuple(f"<{term}>" for term in (*_TIMES, *_RUNS, *_NAMES))


def chosen(lines: Iterable[str], choice: Choice, *, base: str) -> Collection[str]:
    """Find the names of the graphs whose sessions are wanted.

    Parameters
    ----------
    lines : iterable of str
        N-Quads.
    choice : Choice
        What is wanted.
    base : str
        Base IRI.
    """
    found: dict[str, _Facts] = defaultdict(_Facts)
    for line in lines:
        if any(hint in line for hint in _HINTS):
            statement = parse_statement(line)
            if statement.graph and isinstance(statement.object, Value):
                _note(found[statement.graph], statement, statement.object.text, base)
    return {name for name, facts in found.items() if facts.fits(choice)}


def _note(facts: _Facts, statement: Statement, text: str, base: str) -> None:
    subject, predicate = statement.subject, statement.predicate
    if predicate in _TIMES:
        facts.first = min(facts.first or text, text)
        facts.last = max(facts.last, text)
    elif predicate in _RUNS:
        facts.runs |= {number.lstrip("0") for number in text.split("-")}
    elif subject.startswith(f"{base}session/"):
        facts.names |= {text, subject.removeprefix(f"{base}session/")}
    elif subject.startswith(f"{base}agent/"):
        facts.agents.add(text)
    elif subject.startswith(f"{base}activity/") and predicate == VOPROV.name:
        facts.activities.add(text)


def only(lines: Iterable[str], names: Collection[str], *, base: str) -> Iterator[str]:
    """Yield the lines of some graphs, and of those that sessions share: they are small."""
    shared = tuple(f" <{base}graph/{kind}-" for kind in ("environment", "model"))
    wanted = {f"<{name}>" for name in names}
    for line in lines:
        graph = line.rsplit(" ", 2)[1]
        if graph in wanted or f" {graph}".startswith(shared):
            yield line
