"""Constraints 22 to 29: keys. What is known of one thing under one name must agree.

A blank node says "something, whatever its name": two descriptions that must be the same thing may always
be merged when one of them is blank. Only two different IRIs, or two different times, contradict each other.
Merging goes on until nothing changes: one merge can force the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from provrdf.constraints.facts import PROV, TYPE, Facts, is_blank, text
from provrdf.constraints.findings import Findings, listed
from provrdf.constraints.relations import (
    ACTIVITY,
    AT_TIME,
    DERIVATION,
    END,
    ENDED_AT,
    GENERATION,
    INFLUENCE,
    INVALIDATION,
    RELATIONS,
    START,
    STARTED_AT,
    USAGE,
    Relation,
)
from provrdf.iris import line_of_time

Row = dict[str, list[str]]
"""What one record says: part of the record -> its values."""

SUBJECT = "subject"
TARGET = "target"
TIME = "time"

_PARTS = {
    PROV + "hadActivity": "activities",
    PROV + "hadPlan": "plans",
    PROV + "hadGeneration": "generations",
    PROV + "hadUsage": "usages",
    TIME: "times",
}
_PLURAL = {"activity": "activities", "agent": "agents", "entity": "entities", None: "things"}
_UNIQUE = (
    (GENERATION, TARGET, 24),
    (INVALIDATION, TARGET, 25),
    (START, PROV + "hadActivity", 26),
    (END, PROV + "hadActivity", 27),
)


class Names:
    """Which blank nodes stand for which thing: union-find over terms."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self.merges = 0

    def find(self, term: str) -> str:
        """Name a term goes by: an IRI when one is known."""
        parent = self._parent
        while term in parent:
            term = parent[term]
        return term

    def settle(self, terms: Iterable[str]) -> list[str]:
        """Make terms the same thing; more than one name left means they contradict each other."""
        names = sorted({self.find(term) for term in terms}, key=lambda term: (is_blank(term), term))
        fixed = [name for name in names if not is_blank(name)]
        first = names[0]
        for name in names[1:]:
            if is_blank(name):
                self._parent[name] = first
                self.merges += 1
        return fixed if len(fixed) > 1 else [first]


class Records:
    """The records (qualified nodes) of every relation, as rows of parts."""

    def __init__(self, facts: Facts) -> None:
        self.tables = {relation.name: _rows(relation, facts) for relation in RELATIONS}
        elsewhere = {node for name, rows in self.tables.items() if name != INFLUENCE.name for node in rows}
        influences = self.tables[INFLUENCE.name]
        self.tables[INFLUENCE.name] = {node: row for node, row in influences.items() if node not in elsewhere}
        self.told = {name: set(rows) for name, rows in self.tables.items()}
        self._tell_derivations()

    def of(self, relation: Relation) -> dict[str, Row]:
        """Give the records of one relation by node."""
        return self.tables[relation.name]

    def _tell_derivations(self) -> None:
        """Inference 11: the generation and usage that a derivation names are of its entities and activity."""
        for row in self.of(DERIVATION).values():
            activities = row.get(PROV + "hadActivity", [])
            for node in row.get(PROV + "hadGeneration", ()):
                self._tell(GENERATION, node, row.get(SUBJECT, []), activities)
            for node in row.get(PROV + "hadUsage", ()):
                self._tell(USAGE, node, activities, row.get(TARGET, []))

    def _tell(self, relation: Relation, node: str, subjects: list[str], targets: list[str]) -> None:
        row = self.of(relation).setdefault(node, {})
        # The lists of a row may be those of the facts: never change them in place.
        row[SUBJECT] = [*row.get(SUBJECT, ()), *subjects]
        row[TARGET] = [*row.get(TARGET, ()), *targets]


def _rows(relation: Relation, facts: Facts) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for subject, node in relation.nodes(facts):
        rows.setdefault(node, {}).setdefault(SUBJECT, []).append(subject)
    classes = facts.subjects(TYPE)
    for name in relation.classes:
        for node in classes.get(name, ()):
            rows.setdefault(node, {})
    for part, predicates in _parts(relation):
        for predicate in predicates:
            _fill(rows, part, facts.objects(predicate))
    return rows


def _parts(relation: Relation) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield TARGET, relation.target
    for predicate, _ in relation.extra:
        yield predicate, (predicate,)
    if relation.timed:
        yield TIME, (AT_TIME,)


def _fill(rows: dict[str, Row], part: str, values: Mapping[str, list[str]]) -> None:
    if not values:
        return
    for node, row in rows.items():
        found = values.get(node)
        if found:
            row[part] = [*row[part], *found] if part in row else found


def check_uniqueness(findings: Findings) -> None:
    """Find records that contradict themselves or each other (22 to 29), or lack a mandatory part."""
    records = Records(findings.facts)
    _check_mandatory(findings, records)
    _Keys(findings, records).check()
    _check_times(findings, records, START, STARTED_AT, 28)
    _check_times(findings, records, END, ENDED_AT, 29)


def _check_mandatory(findings: Findings, records: Records) -> None:
    pointed_at = _pointed_at(records)
    for relation in RELATIONS:
        for node, row in records.of(relation).items():
            if node not in records.told[relation.name]:
                continue
            if not row.get(SUBJECT) and node not in pointed_at:
                _missing(findings, relation, node, f"belongs to no {relation.ends[0] or 'thing'}")
            if relation.needs_target and not row.get(TARGET):
                _missing(findings, relation, node, f"names no {relation.ends[1] or 'thing'} at its other end")


def _pointed_at(records: Records) -> set[str]:
    """List generations and usages that a derivation names: their subject is then known to exist."""
    rows = records.of(DERIVATION).values()
    parts = (PROV + "hadGeneration", PROV + "hadUsage")
    return {node for row in rows for part in parts for node in row.get(part, ())}


def _missing(findings: Findings, relation: Relation, node: str, what: str) -> None:
    findings.add(
        0,
        f"a record of {relation.words} {what}",
        focus=node,
        summary=f"a record of {relation.words} {what}",
        expected=f"a record of {relation.words} links two things",
        found="one of them only",
        suggestion="the record was cut, or the rest of it is in another file",
        relation=relation.name,
    )


class _Keys:
    """Settles what must be the same, and reports what cannot be."""

    def __init__(self, findings: Findings, records: Records) -> None:
        self.findings = findings
        self.records = records
        self.names = Names()
        self.reported: set[tuple[str, str, str]] = set()

    def check(self) -> None:
        """Merge until nothing changes."""
        while True:
            before = self.names.merges
            for relation in RELATIONS:
                self._check_parts(relation)
            for relation, part, number in _UNIQUE:
                self._check_unique(relation, part, number)
            if self.names.merges == before:
                return

    def _check_parts(self, relation: Relation) -> None:
        for node, (nodes, row) in self._merged(relation).items():
            for part, values in row.items():
                if len(values) > 1:
                    self._check_part(relation, node, nodes, part, values)

    def _merged(self, relation: Relation) -> dict[str, tuple[list[str], Row]]:
        """Rows by the name their node goes by."""
        rows = self.records.of(relation)
        if not self.names.merges:
            return {node: ([node], row) for node, row in rows.items()}
        merged: dict[str, tuple[list[str], Row]] = {}
        for node, row in rows.items():
            nodes, whole = merged.setdefault(self.names.find(node), ([], {}))
            nodes.append(node)
            for part, values in row.items():
                whole[part] = [*whole.get(part, ()), *values]
        return merged

    def _check_part(
        self, relation: Relation, node: str, nodes: list[str], part: str, values: list[str]
    ) -> None:
        left = _times(values) if part == TIME else self.names.settle(values)
        if len(left) < 2 or not self._first_time(relation, node, part):
            return
        what = _PARTS.get(part) or _PLURAL[relation.ends[0 if part == SUBJECT else 1]]
        shown = listed(map(text, left)) if part == TIME else self.findings.quoted(left)
        number = next((n for r, _, n in _UNIQUE if r is relation), 23) if len(nodes) > 1 else 23
        self.findings.add(
            number,
            f"one {relation.words} names {len(left)} different {what}: {shown}",
            focus=node,
            summary=f"one {relation.words} names several {what}",
            expected=f"one of the {what}",
            found=shown,
            suggestion="two records were given one identifier, or one was written twice with other content",
            sources=[*nodes, *left],
            constraints=(23,),
            relation=relation.name,
            part=part.removeprefix(PROV),
            values=[text(value) for value in left],
        )

    def _check_unique(self, relation: Relation, part: str, number: int) -> None:
        groups: dict[tuple[str, str], list[str]] = {}
        find = self.names.find
        for node, row in self.records.of(relation).items():
            for subject in row.get(SUBJECT, ()):
                for other in row.get(part, ()):
                    groups.setdefault((find(subject), find(other)), []).append(node)
        for (subject, other), nodes in groups.items():
            if len(nodes) > 1:
                left = self.names.settle(nodes)
                if len(left) > 1 and self._first_time(relation, subject, f"{number} {other}"):
                    self._report_unique(relation, number, subject, other, left)

    def _report_unique(
        self, relation: Relation, number: int, subject: str, other: str, nodes: list[str]
    ) -> None:
        name = self.findings.facts.name
        self.findings.add(
            number,
            f"`{name(subject)}` has {len(nodes)} separate records of {relation.words} by `{name(other)}`",
            focus=subject,
            summary=f"several records of one {relation.words}",
            found=f"{len(nodes)} records",
            expected=f"one record of {relation.words} for the two",
            suggestion="give the records one identifier, or make the second one a new version of the entity",
            sources=nodes,
            relation=relation.name,
            records=nodes,
            other=other,
        )

    def _first_time(self, relation: Relation, node: str, part: str) -> bool:
        key = (relation.name, node, part)
        if key in self.reported:
            return False
        self.reported.add(key)
        return True


def _check_times(
    findings: Findings, records: Records, relation: Relation, shortcut: str, number: int
) -> None:
    """Constraints 22, 28 and 29: one start time and one end time per activity."""
    facts = findings.facts
    direct = facts.objects(shortcut)
    recorded: dict[str, list[tuple[str, str]]] = {}
    for node, row in records.of(relation).items():
        for subject in row.get(SUBJECT, ()):
            recorded.setdefault(subject, []).extend((time, node) for time in row.get(TIME, ()))
    declared = set(facts.subjects(TYPE).get(PROV + "Activity", ()))
    for activity, times in direct.items():
        if len(times) > 1 and len(_times(times)) > 1:
            _report_times(findings, activity, relation, _times(times), number=22, nodes=[])
    for activity, pairs in recorded.items():
        times = [*direct.get(activity, ()), *(time for time, _ in pairs)]
        if (activity in declared or activity in direct) and len(_times(times)) > 1:
            nodes = [node for _, node in pairs]
            _report_times(findings, activity, relation, _times(times), number=number, nodes=nodes)


def _report_times(
    findings: Findings, activity: str, relation: Relation, times: list[str], *, number: int, nodes: list[str]
) -> None:
    shown = listed(map(text, times))
    findings.add(
        number,
        f"`{findings.facts.name(activity)}` has {len(times)} different {relation.words} times: {shown}",
        focus=activity,
        summary=f"several {relation.words} times",
        found=shown,
        suggestion="are these two runs of the same activity that were given one identifier?",
        sources=[*nodes, *(line_of_time(activity, text(time)) for time in times)],
        values=[text(time) for time in times],
        type=ACTIVITY,
    )


def _times(values: Iterable[str]) -> list[str]:
    """Different times among literals: two ways to write one instant are one time."""
    return list({_instant(value): value for value in sorted(values, reverse=True)}.values())[::-1]


def _instant(value: str) -> object:
    try:
        moment = datetime.fromisoformat(text(value).strip())
    except ValueError:
        return value
    return moment if moment.tzinfo is None else moment.astimezone(UTC)
