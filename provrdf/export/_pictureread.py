"""Read RDF into a picture: steps, what they used and made, agents and parameters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from provrdf.export._picture import FLOW, Detail, Edge, Node, Picture
from provrdf.export._picturewords import clean, count, duration, moment, short, tail
from provrdf.vocab import DCTERMS, PROV, PROVRDF, RDF, RDFS, SPDX, VOPROV

_LINKS = {PROV.BASE + name: name for name in sorted(FLOW | {"wasRevisionOf", "wasAssociatedWith"})}
_ROLES = {
    PROV.qualifiedUsage: ("used", PROV.entity),
    PROV.qualifiedGeneration: ("wasGeneratedBy", PROV.activity),
}
_AGENTS = {PROV.Agent, PROV.Person, PROV.Organization, PROV.SoftwareAgent}
_NO_DATA = {VOPROV.Parameter, PROVRDF.Session, PROVRDF.Environment, PROVRDF.Package, PROV.Plan, PROV.Bundle}
_NO_DATA |= {
    f"{VOPROV.BASE}{what}Description"
    for what in ("Activity", "Usage", "Generation", "Entity", "Dataset", "Value", "Parameter", "ConfigFile")
}

# What is told in a node's details, in this order, in words for people; the rest follows under its own name.
_DETAILS = {
    VOPROV.name: "name",
    DCTERMS.identifier: "logged id",
    VOPROV.location: "location",
    PROV.startedAtTime: "start (UTC)",
    PROV.endedAtTime: "end (UTC)",
    PROV.generatedAtTime: "made at (UTC)",
    PROVRDF.status: "status",
    DCTERMS.type: "type",
    DCTERMS.format: "format",
    PROV.value: "value",
    PROVRDF.pathHash: "hash of the path",
}
_NAMES = (RDFS.label, VOPROV.name, DCTERMS.title, VOPROV.location)
_MAX_VALUE = 2000  # characters of one detail: a picture is no archive
_LINES = 10  # parameters written in a picture


def read_picture(quads: Iterable[Quad]) -> Picture:
    """Read quads into a picture, all graphs taken together."""
    return _Reader(quads).read()


class _Reader:
    def __init__(self, quads: Iterable[Quad]) -> None:
        # Dictionaries as ordered sets: several graphs may say the same.
        self._facts: dict[Any, dict[str, dict[Any, None]]] = defaultdict(lambda: defaultdict(dict))
        self._generals: set[Any] = set()
        self._sessions: set[Any] = set()
        for quad in quads:
            self._facts[quad.subject][quad.predicate.value][quad.object] = None
            if quad.predicate.value == PROV.specializationOf:
                self._generals.add(quad.object)
            elif quad.predicate.value == PROVRDF.inSession:
                self._sessions.add(quad.object)
        # Said in the picture only where it tells sessions apart.
        self._tell_session = len({self._first(session, *_NAMES) for session in self._sessions}) > 1

    def read(self) -> Picture:
        edges = list(self._links())
        touched = {key for edge in edges for key in (edge.source, edge.target)}
        nodes: dict[str, Node] = {}
        aside = 0
        for subject in list(self._facts):
            kind = self._kind(subject)
            if kind == "entity" and subject.value not in touched:
                aside += subject not in self._generals  # a file as such: its versions are in the picture
            elif kind:
                nodes[subject.value] = self._node(subject, kind)
        for key in [key for key, node in nodes.items() if node.kind == "activity"]:
            for node in self._parameters(key):
                nodes[node.key] = node
                edges.append(Edge(key, node.key, "wasConfiguredBy"))
        kept = tuple(edge for edge in edges if edge.source in nodes and edge.target in nodes)
        notes = (f"left out: {count(aside, 'file or object')} that no step used or made",) if aside else ()
        return Picture(nodes, kept, notes)

    # --- facts

    def _all(self, node: Any, predicate: str) -> list[Any]:
        facts = self._facts.get(node)
        return list(facts.get(predicate, ())) if facts else []

    def _first(self, node: Any, *predicates: str) -> str:
        """Take the first of some facts that is known, as text; of an IRI its last part."""
        return next((_text(value) for predicate in predicates for value in self._all(node, predicate)), "")

    def _kind(self, node: Any) -> str:
        types = {kind.value for kind in self._all(node, RDF.type)}
        if not isinstance(node, NamedNode) or types & _NO_DATA:
            return ""
        if PROV.Activity in types:
            return "activity"
        if types & _AGENTS:
            return "agent"
        return "entity" if types & {PROV.Entity, PROV.Collection} else ""

    # --- edges

    def _links(self) -> Iterator[Edge]:
        for subject, facts in self._facts.items():
            if not isinstance(subject, NamedNode):
                continue
            roles = self._roles(facts)
            for predicate, relation in _LINKS.items():
                for other in facts.get(predicate, ()):
                    if isinstance(other, NamedNode):
                        label = ", ".join(sorted(roles.get((relation, other), ())))
                        yield Edge(subject.value, other.value, relation, label)

    def _roles(self, facts: dict[str, dict[Any, None]]) -> dict[tuple[str, Any], set[str]]:
        roles: dict[tuple[str, Any], set[str]] = defaultdict(set)
        for qualified, (relation, via) in _ROLES.items():
            for node in facts.get(qualified, ()):
                role = self._first(node, VOPROV.role, PROV.hadRole)
                for other in self._all(node, via):
                    roles[relation, other].update([clean(role)] if role else ())
        return roles

    # --- nodes

    def _node(self, subject: NamedNode, kind: str) -> Node:
        start, end = self._first(subject, PROV.startedAtTime), self._first(subject, PROV.endedAtTime)
        title = self._name(subject, *_NAMES) or self._nameless(subject)
        name = self._name(subject, VOPROV.name)
        if kind == "activity":
            lines = tuple(filter(None, (self._session_line(subject), moment(start), duration(start, end))))
        else:
            lines = tuple(self._entity_lines(subject, title, name)) if kind == "entity" else ()
        status = self._first(subject, PROVRDF.status)
        return Node(
            subject.value,
            kind,
            title,
            lines,
            name=name or re.sub(r"\d+", "#", title),
            session=" ".join(each.value for each in self._all(subject, PROVRDF.inSession)),
            start=start,
            end=end,
            failed=status in ("failed", "error", "interrupted"),
            details=tuple(self._details(subject)),
            handles=frozenset(self._handles(subject, title)),
        )

    def _session_line(self, subject: NamedNode) -> str:
        names = [clean(self._first(session, *_NAMES)) for session in self._all(subject, PROVRDF.inSession)]
        return f"session {short(', '.join(names), 24)}" if any(names) and self._tell_session else ""

    def _name(self, subject: NamedNode, *predicates: str) -> str:
        """Take the name of a node, or else that of the file that it is a version of."""
        nodes = (subject, *self._all(subject, PROV.specializationOf))
        return next(filter(None, (clean(self._first(node, *predicates)) for node in nodes)), "")

    def _nameless(self, subject: NamedNode) -> str:
        """Name what the log has only an id of: the end of the id tells two of them apart."""
        identifier = self._first(subject, DCTERMS.identifier) or tail(subject.value).split("--")[-1]
        return identifier if len(identifier) <= 12 else f"id …{identifier[-8:]}"

    def _entity_lines(self, subject: NamedNode, title: str, name: str) -> Iterator[str]:
        value = self._first(subject, PROV.value)
        if name and name != title:
            yield name
        if value:
            yield f"= {short(value, 30)}"
        version = self._version(subject)
        if version > 1:
            yield f"version {version}"

    def _version(self, subject: Any) -> int:
        number, seen = 1, {subject}
        while True:
            earlier = [each for each in self._all(subject, PROV.wasRevisionOf) if each not in seen]
            if not earlier:
                return number
            subject, number = earlier[0], number + 1
            seen.add(subject)

    def _handles(self, subject: NamedNode, title: str) -> Iterator[str]:
        yield from (subject.value, title)
        for node in (subject, *self._all(subject, PROV.specializationOf)):
            yield node.value
            for predicate in (DCTERMS.identifier, VOPROV.location):
                yield from (_text(value) for value in self._all(node, predicate))

    def _details(self, subject: NamedNode) -> Iterator[Detail]:
        for predicate, words in _DETAILS.items():
            yield from ((words, _value(value)) for value in self._all(subject, predicate))
        took = duration(self._first(subject, PROV.startedAtTime), self._first(subject, PROV.endedAtTime))
        if took:
            yield "took", took
        for predicate, values in self._facts[subject].items():
            if predicate not in _DETAILS and predicate != RDFS.label:
                words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tail(predicate)).lower()
                yield from ((words, _value(value)) for value in values if isinstance(value, Literal))
        for checksum in self._all(subject, SPDX.checksum):
            yield (
                "checksum",
                f"{self._first(checksum, SPDX.algorithm)} {self._first(checksum, SPDX.checksumValue)}",
            )
        for agent in self._all(subject, PROV.wasAssociatedWith):
            yield "run by", clean(self._first(agent, *_NAMES)) or tail(agent.value)
        for session in self._all(subject, PROVRDF.inSession):
            version = self._first(session, PROVRDF.softwareVersion)
            yield "session", clean(f"{self._first(session, RDFS.label)} {version}")
        yield "IRI", subject.value

    def _parameters(self, activity: str) -> Iterator[Node]:
        """Gather all parameters of a step into one node: a list is easier to read than a ring of ellipses."""
        pairs = []
        for node in self._all(NamedNode(activity), VOPROV.wasConfiguredBy):
            name = clean(self._first(node, *_NAMES)) or tail(node.value)
            values = self._all(node, PROV.value) or self._all(node, VOPROV.location)
            pairs.append((name, ", ".join(map(_value, values))))
        if pairs:
            pairs.sort()
            lines = tuple(short(f"{name} = {value}", 48) for name, value in pairs[:_LINES])
            more = (f"… {len(pairs) - _LINES} more",) if len(pairs) > _LINES else ()
            yield Node(
                f"{activity}#parameters", "parameters", "parameters", lines + more, details=tuple(pairs)
            )


def _text(value: Any) -> str:
    return value.value if isinstance(value, Literal) else tail(getattr(value, "value", ""))


def _value(value: Any) -> str:
    text = clean(_text(value))
    return text if len(text) <= _MAX_VALUE else f"{text[:_MAX_VALUE]} … ({len(text)} characters)"
