"""Build a document of the prov library from RDF: PROV-O read backwards (W3C PROV-O, sections 3 and 4).

Each named graph becomes a bundle. What PROV-DM has no place for is kept as an attribute.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from prov import constants as names
from prov.identifier import QualifiedName
from prov.model import ProvBundle, ProvDocument
from pyoxigraph import DefaultGraph, NamedNode, Quad

from provrdf.export._provnames import ProvNames
from provrdf.export._provrelations import RELATIONS, Relation
from provrdf.vocab import PROV, RDF, RDFS, SPDX, VOPROV

_ELEMENTS = {
    names.PROV_ENTITY: {PROV.Entity, PROV.Plan, PROV.Collection, PROV.EmptyCollection},
    names.PROV_ACTIVITY: {PROV.Activity},
    names.PROV_AGENT: {PROV.Agent, PROV.Person, PROV.Organization, PROV.SoftwareAgent},
}
# What a record is by being a record of its kind: not repeated as prov:type.
_PLAIN_TYPES = {
    PROV.BASE + name
    for name in (
        *("Entity", "Activity", "Agent", "InstantaneousEvent"),
        *("Influence", "EntityInfluence", "ActivityInfluence", "AgentInfluence", "Usage", "Generation"),
        *(
            "Invalidation",
            "Start",
            "End",
            "Communication",
            "Association",
            "Attribution",
            "Delegation",
            "Derivation",
        ),
    )
}
_TIMES = {PROV.startedAtTime: names.PROV_ATTR_STARTTIME, PROV.endedAtTime: names.PROV_ATTR_ENDTIME}
_TIME_ATTRIBUTES = {*_TIMES.values(), names.PROV_ATTR_TIME}
_ATTRIBUTES = {
    RDF.type: names.PROV_TYPE,
    RDFS.label: names.PROV_LABEL,
    PROV.value: names.PROV_VALUE,
    PROV.atLocation: names.PROV_LOCATION,
    PROV.hadRole: names.PROV_ROLE,
}
# Times that have no place of their own: PROV-DM has no such attributes, IVOA's model has.
_IVOA_TIMES = {
    PROV.generatedAtTime: VOPROV.generatedAtTime,
    PROV.invalidatedAtTime: VOPROV.invalidatedAtTime,
    PROV.startedAtTime: VOPROV.startTime,
    PROV.endedAtTime: VOPROV.endTime,
    PROV.atTime: VOPROV.time,
}
_STRUCTURE = {each for relation in RELATIONS for each in (*relation.binary, *relation.qualified)}

Facts = Mapping[str, Sequence[Any]]
Pairs = list[tuple[QualifiedName, Any]]


def document(quads: Sequence[Quad], *, base: str) -> ProvDocument:
    """Build the document: one bundle per named graph, in the order of the quads."""
    words = ProvNames(quads, base)
    result = ProvDocument(namespaces=words.namespaces)
    for name, members in groupby(quads, key=attrgetter("graph_name")):
        bundle = result if isinstance(name, DefaultGraph) else result.bundle(words.qualified(name))
        _Bundle(bundle, members, words).fill()
    return result


class _Bundle:
    """One graph on its way into one bundle."""

    def __init__(self, bundle: ProvBundle, quads: Iterable[Quad], words: ProvNames) -> None:
        self._bundle = bundle
        self._words = words
        self._graph: dict[Any, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            self._graph[quad.subject][quad.predicate.value].append(quad.object)

    def fill(self) -> None:
        """Add all records: elements first, then relations kind by kind."""
        for node, facts in self._graph.items():
            types = {kind.value for kind in facts.get(RDF.type, ()) if isinstance(kind, NamedNode)}
            for element, classes in _ELEMENTS.items():
                if types & classes:
                    formal, left = self._formal(facts, _TIMES)
                    left = {each: left[each] for each in left if each not in _told_by_generation(facts)}
                    self._add(element, node, formal, self._attributes(left))
        for relation in RELATIONS:
            for node, facts in self._graph.items():
                self._relate(relation, node, facts)

    def _relate(self, relation: Relation, subject: Any, facts: Facts) -> None:
        direct = {
            other: mark for predicate, mark in relation.binary.items() for other in facts.get(predicate, ())
        }
        told = set()
        for node, other in self._qualified(relation, facts):
            told.add(other)
            formal, left = self._formal(_made_at(relation, facts) | self._graph[node], relation.more)
            others = self._attributes(left, skip=relation.via, mark=direct.get(other))
            self._add(relation.kind, node, self._ends(relation, subject, other) + formal, others)
        for other, mark in direct.items():
            if other not in told:
                formal, _ = self._formal(_made_at(relation, facts), relation.more)
                ends = self._ends(relation, subject, other)
                self._add(relation.kind, None, ends + formal, self._attributes({}, mark=mark))

    def _qualified(self, relation: Relation, facts: Facts) -> Iterator[tuple[Any, Any]]:
        for node in (node for predicate in relation.qualified for node in facts.get(predicate, ())):
            told = self._graph.get(node, {})
            yield from ((node, other) for via in relation.via for other in told.get(via, ()))

    def _ends(self, relation: Relation, subject: Any, other: Any) -> Pairs:
        return [
            (relation.subject, self._words.qualified(subject)),
            (relation.other, self._words.qualified(other)),
        ]

    def _formal(self, facts: Facts, wanted: Mapping[str, QualifiedName]) -> tuple[Pairs, Facts]:
        """Take the attributes that PROV-DM has a place for: one value each, and times that are times."""
        formal: Pairs = []
        left = dict(facts)
        for predicate, attribute in wanted.items():
            values = [value for value in facts.get(predicate, ()) if _fits(attribute, value)]
            if values:
                first = values[0]
                is_time = attribute in _TIME_ATTRIBUTES
                formal.append((attribute, first.value if is_time else self._words.qualified(first)))
                left[predicate] = [value for value in facts[predicate] if value != first]
        return formal, left

    def _attributes(self, facts: Facts, *, skip: Sequence[str] = (), mark: str | None = None) -> Pairs:
        pairs: Pairs = [] if mark is None else [(names.PROV_TYPE, self._words.qualified(mark))]
        for predicate, values in facts.items():
            if predicate in skip or predicate in _STRUCTURE:
                continue
            name = _ATTRIBUTES.get(predicate) or self._words.qualified(_IVOA_TIMES.get(predicate, predicate))
            kept = (value for value in values if not (predicate == RDF.type and _is_plain(value)))
            pairs += ((name, self._words.value(value)) for value in kept)
            if predicate == SPDX.checksum:
                pairs += self._checksums(values)
        return pairs

    def _checksums(self, nodes: Sequence[Any]) -> Pairs:
        """Tell the checksum where it is referred to: PROV-DM has no record for such a node."""
        return [
            (self._words.qualified(predicate), self._words.value(value))
            for node in nodes
            for predicate, values in self._graph.get(node, {}).items()
            for value in values
            if predicate != RDF.type
        ]

    def _add(self, kind: QualifiedName, node: Any, formal: Pairs, others: Pairs) -> None:
        identifier = None if node is None else self._words.qualified(node)
        self._bundle.new_record(kind, identifier, formal, others)


def _told_by_generation(facts: Facts) -> set[str]:
    """Tell whether the time an entity was made goes into its generation, where PROV-DM wants it."""
    generated = facts.get(PROV.wasGeneratedBy) or facts.get(PROV.qualifiedGeneration)
    times = [time for time in facts.get(PROV.generatedAtTime, ()) if _fits(names.PROV_ATTR_TIME, time)]
    return (
        {PROV.generatedAtTime}
        if generated and len(times) == len(facts.get(PROV.generatedAtTime, ())) == 1
        else set()
    )


def _made_at(relation: Relation, facts: Facts) -> dict[str, Sequence[Any]]:
    if relation.kind == names.PROV_GENERATION and _told_by_generation(facts):
        return {PROV.atTime: facts[PROV.generatedAtTime]}
    return {}


def _is_plain(kind: Any) -> bool:
    return isinstance(kind, NamedNode) and kind.value in _PLAIN_TYPES


def _fits(attribute: QualifiedName, value: Any) -> bool:
    if attribute not in _TIME_ATTRIBUTES:
        return isinstance(value, NamedNode)
    try:
        datetime.fromisoformat(value.value)
    except (ValueError, AttributeError):
        return False
    return True
