"""Write the graph of one session: the session, its activities, its entities and how they relate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from provrdf import mapping
from provrdf._compile import Compiler, Graph, Lines, Subject
from provrdf._names import Names, Tails, iri_tail, literal_tail
from provrdf.identity import Activity, Entity, Resolution, Session
from provrdf.identity.lines import Description, Place, Said, thaw
from provrdf.identity.resolve import UNASSIGNED
from provrdf.iris import graph_iri, part
from provrdf.mapping import Link
from provrdf.nquads import string, typed
from provrdf.times import xsd_datetime
from provrdf.vocab import DCTERMS, PROV, RDF, RDFS, VOPROV, XSD


class SessionWriter:
    """Writes sessions of one resolution.

    Parameters
    ----------
    names : Names
    zone : tzinfo
    resolution : Resolution
    write : callable
        Takes text.
    lines : dict, optional
        Filled with node IRI -> (file, line).
    pause : callable
        Called now and then, between two subjects.
    """

    def __init__(
        self,
        names: Names,
        zone: tzinfo,
        resolution: Resolution,
        write: Callable[[str], object],
        *,
        lines: Lines | None = None,
        pause: Callable[[], object] = lambda: None,
    ) -> None:
        self._names = names
        self._base = names.base
        self._resolution = resolution
        self._write = write
        self._lines = lines
        self._pause = pause
        compiler = self._compiler = Compiler(names, zone)
        self._rules = {kind: compiler.table(kind) for kind in mapping.MAPPING}
        links = {
            kind: {key: rule for key, rule in table.items() if isinstance(rule, Link)}
            for kind, table in mapping.MAPPING.items()
        }
        self._links = {
            (kind, key): compiler.link(rule) for kind, table in links.items() for key, rule in table.items()
        }
        self._types = {
            kind: tuple(iri_tail(RDF.type, name) for name in types) for kind, types in mapping.TYPES.items()
        }

    @property
    def unknown(self) -> dict[tuple[str, str], int]:
        """Keys without a row, as (kind of subject, key), and how often they were met."""
        return dict(self._compiler.unknown)

    def session(self, session: Session) -> None:
        """Write the whole graph of a session."""
        iri = graph_iri(session.key, self._base)
        graph = Graph(iri, self._write, self._lines)
        graph.tell(iri, [iri_tail(RDF.type, PROV.Bundle)])
        if session.key != UNASSIGNED:
            self._session(session, graph)
        for activity in session.activities:
            self._activity(activity, session, graph)
            self._pause()
        for entity in session.nodes.values():
            self._entity(entity, graph)
            self._pause()
        self._relations(session, graph)

    # -- the session itself ---------------------------------------------------------------------

    def _session(self, session: Session, graph: Graph) -> None:
        facts = session.facts
        subject = Subject(session.iri, session.key, None, _by_key(facts.facts if facts else ()))
        tails = subject.tails
        tails += self._types["session"] if facts else [iri_tail(RDF.type, PROV.Entity)]
        tails.append(literal_tail(DCTERMS.identifier, string(session.id)))
        if facts is None:
            tails.append(literal_tail(RDFS.label, string(session.id)))
            graph.tell(session.iri, tails)
            return
        if session.start is not None:
            tails.append(literal_tail(PROV.generatedAtTime, typed(xsd_datetime(session.start), XSD.dateTime)))
        for digest in facts.environments:
            environment = f"{self._base}environment/{digest}"
            self._links["session", "system"](session.iri, environment, "", (), graph)
        row = self._rules["session"].row
        for (name, value), place in facts.facts.items():
            row(name)(subject, thaw(value), place, graph)
        graph.tell(session.iri, tails)
        graph.note(session.iri, facts.place)

    # -- activities -----------------------------------------------------------------------------

    def _activity(self, activity: Activity, session: Session, graph: Graph) -> None:
        iri = activity.iri
        subject = Subject(iri, activity.key, activity.name, {})
        subject.tails += self._types["activity"]
        subject.tails.append(literal_tail(DCTERMS.identifier, string(activity.id)))
        plan = self._rules["activity"].plan
        for said in activity.said:
            values = said.values
            for at, emit in plan(said.keys):
                emit(subject, values[at], said, graph)
            self._others(activity, said, graph)
        graph.tell(iri, subject.tails)
        if session.key != UNASSIGNED:
            node_key = f"{activity.key}--session"
            self._links["activity", "in_session"](iri, session.iri, node_key, (), graph)
        graph.note(iri, activity.place)
        self._used(activity, graph)
        self._generated(activity, graph)

    def _others(self, activity: Activity, said: Said, graph: Graph) -> None:
        """Relate an activity to its agent and to the activity that it is part of."""
        for key, relate in (("agent_name", self._agent), ("parent_id", self._parent)):
            value = said.value(key)
            if value is not None:
                relate(activity, str(value), graph)

    def _agent(self, activity: Activity, name: str, graph: Graph) -> None:
        iri = f"{self._base}agent/{part(name)}"
        key = f"{activity.key}--{part(name)}"
        self._links["activity", "agent_name"](activity.iri, iri, key, self._names.plan(activity.name), graph)
        if iri not in graph.said:
            text = string(name)
            names = [
                literal_tail(predicate, text) for predicate in (RDFS.label, VOPROV.name, DCTERMS.identifier)
            ]
            graph.once(iri, (*self._types["agent"], *names, *self._names.agent(name)))

    def _parent(self, activity: Activity, parent_id: str, graph: Graph) -> None:
        parents = self._resolution.activities.get(parent_id, [])
        same = [parent for parent in parents if parent.session is activity.session] or parents
        session = activity.session.key if activity.session else UNASSIGNED
        unseen = f"{self._base}activity/{session}--start-unknown--{part(parent_id)}"
        for iri in [found.iri for found in same] or [unseen]:
            self._links["activity", "parent_id"](activity.iri, iri, "", (), graph)

    def _used(self, activity: Activity, graph: Graph) -> None:
        link, role_of = self._links["activity", "used_id"], self._names.role
        iri, key = activity.iri, activity.key
        for entity, line in zip(activity.sources, activity.uses, strict=True):
            node_key, role = f"{key}--{entity.key}", line.role
            more: Tails = ()
            if role is not None:
                more = role_of("usage", activity.name, role)
                node_key = f"{node_key}--{part(str(role))}"
            graph.note(link(iri, entity.iri, node_key, more, graph), line)

    def _generated(self, activity: Activity, graph: Graph) -> None:
        link, role_of = self._links["activity", "generated_id"], self._names.role
        iri, key = activity.iri, activity.key
        for entity, line in zip(activity.products, activity.makes, strict=True):
            more = () if line.role is None else role_of("generation", activity.name, line.role)
            node = link(entity.iri, iri, f"{entity.key}--{key}", more, graph)
            graph.note(node, line)

    # -- entities -------------------------------------------------------------------------------

    def _entity(self, entity: Entity, graph: Graph) -> None:
        """Write an entity with its versions; a log says the same of all."""
        tails, iri = self._facts(entity, graph), entity.iri
        graph.tell(iri, tails)
        for version in entity.versions or ():
            more = [iri_tail(mapping.VERSION_OF, iri)]
            if version.version is not None and version.version.previous is not None:
                previous = f"{self._base}entity/{version.version.previous.key}"
                more.append(iri_tail(mapping.REVISION_OF, previous))
            graph.tell(version.iri, (*tails, *more))
        if graph.lines is not None:
            for one in (entity, *(entity.versions or ())):
                for _, place in entity.told:
                    graph.note(one.iri, place)

    def _facts(self, entity: Entity, graph: Graph) -> list[str]:
        """List what is said of an entity, whichever version of it."""
        keys, values, by_key = _merged(entity.told)
        subject = Subject(entity.iri, entity.key, None, by_key, is_file=entity.is_file)
        tails = subject.tails
        tails += self._types["entity"]
        if entity.is_file:
            tails.append(iri_tail(RDF.type, VOPROV.DatasetEntity))
        kinds = by_key.get("type", ())
        if "FileCollection" in kinds or "SetCollection" in kinds:
            tails.append(iri_tail(RDF.type, PROV.Collection))
        tails.append(literal_tail(DCTERMS.identifier, string(entity.id)))
        for at, emit in self._rules["entity"].plan(keys):
            emit(subject, values[at], None, graph)
        return tails

    # -- relations between entities -------------------------------------------------------------

    def _relations(self, session: Session, graph: Graph) -> None:
        member = self._links["entity", "member_id"]
        collections = set()
        for whole, part_, place in session.memberships:
            member(whole.iri, part_.iri, "", (), graph)
            collections.add(whole.iri)
            graph.note(whole.iri, place)
        for iri in sorted(collections):
            graph.tell(iri, [iri_tail(RDF.type, PROV.Collection)])
        derived = self._links["entity", "progenitor_id"]
        for made, source, when, place in session.derivations:
            node = derived(made.iri, source.iri, f"{made.key}--{source.key}", (), graph)
            if when is not None:
                subject = Subject(made.iri, made.key, None, {})
                self._rules["entity"].row("generated_time")(subject, when, place, graph)
                graph.tell(made.iri, subject.tails)
            graph.note(node, place)


Merged = tuple[tuple[str, ...], Sequence[Any], Mapping[str, Sequence[Any]]]
"""Keys, a value for each, and the values by key."""


def _merged(told: Sequence[tuple[Description, Place]]) -> Merged:
    """Say once what several descriptions say."""
    if len(told) == 1:
        keys, frozen = told[0][0]
        values = [thaw(value) for value in frozen]
        return keys, values, dict(zip(keys, zip(values, strict=True), strict=True))
    facts = dict.fromkeys([fact for one, _ in told for fact in zip(one.keys, one.values, strict=True)])
    return tuple([key for key, _ in facts]), [thaw(value) for _, value in facts], _by_key(facts)


def _by_key(facts: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    """Sort facts by key."""
    found: dict[str, list[Any]] = {}
    for key, value in facts:
        found.setdefault(key, []).append(thaw(value))
    return found
