"""Write the graph of one session: the session, its activities, its entities and how they relate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import Any

from provrdf import mapping
from provrdf._compile import NOTHING, Compiler, Graph, Lines, Subject
from provrdf._names import Names, iri_tail, literal_tail
from provrdf.identity import Activity, Entity, Resolution, Session
from provrdf.identity.collect import thaw
from provrdf.identity.resolve import UNASSIGNED
from provrdf.iris import graph_iri, part
from provrdf.mapping import Link
from provrdf.nquads import string, typed
from provrdf.terms import DCTERMS, PROV, RDF, RDFS, VOPROV, XSD
from provrdf.times import xsd_datetime


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
        for entities in session.nodes.values():
            self._entities(entities, graph)
            self._pause()
        self._relations(session, graph)

    # -- the session itself ---------------------------------------------------------------------

    def _session(self, session: Session, graph: Graph) -> None:
        facts = session.facts
        types = self._types["session"] if facts else (iri_tail(RDF.type, PROV.Entity),)
        graph.tell(session.iri, types, [literal_tail(DCTERMS.identifier, string(session.id))])
        if facts is None:
            graph.tell(session.iri, (), [literal_tail(RDFS.label, string(session.id))])
            return
        if session.start is not None:
            text = typed(xsd_datetime(session.start), XSD.dateTime)
            graph.tell(session.iri, (), [literal_tail(PROV.generatedAtTime, text)])
        for digest in facts.environments:
            self._links["session", "system"](
                session.iri, f"{self._base}environment/{digest}", "", NOTHING, graph
            )
        by_key: dict[str, list[Any]] = {}
        for name, value in facts.facts:
            by_key.setdefault(name, []).append(thaw(value))
        subject = Subject(session.iri, session.key, None, by_key)
        for (name, value), place in facts.facts.items():
            self._rules["session"](name)(subject, thaw(value), place, graph)
        graph.note(session.iri, facts.place)

    # -- activities -----------------------------------------------------------------------------

    def _activity(self, activity: Activity, session: Session, graph: Graph) -> None:
        graph.tell(
            activity.iri, self._types["activity"], [literal_tail(DCTERMS.identifier, string(activity.id))]
        )
        subject = Subject(activity.iri, activity.key, activity.name, {})
        rules = self._rules["activity"]
        for key, value, place in activity.facts:
            rules(key)(subject, value, place, graph)
            if key == "agent_name" and value is not None:
                self._agent(activity, str(value), graph)
            elif key == "parent_id" and value is not None:
                self._parent(activity, str(value), graph)
        if session.key != UNASSIGNED:
            self._links["activity", "in_session"](
                activity.iri, session.iri, f"{activity.key}--session", NOTHING, graph
            )
        graph.note(activity.iri, activity.place)
        self._used(activity, graph)
        self._generated(activity, graph)

    def _agent(self, activity: Activity, name: str, graph: Graph) -> None:
        iri = f"{self._base}agent/{part(name)}"
        key = f"{activity.key}--{part(name)}"
        self._links["activity", "agent_name"](activity.iri, iri, key, self._names.plan(activity.name), graph)
        text = string(name)
        names = [literal_tail(predicate, text) for predicate in (RDFS.label, VOPROV.name, DCTERMS.identifier)]
        types, texts = self._names.agent(name)
        graph.once(iri, (*self._types["agent"], *types), (*names, *texts))

    def _parent(self, activity: Activity, parent_id: str, graph: Graph) -> None:
        parents = self._resolution.activities.get(parent_id, [])
        same = [parent for parent in parents if parent.session is activity.session] or parents
        session = activity.session.key if activity.session else UNASSIGNED
        unseen = f"{self._base}activity/{session}--start-unknown--{part(parent_id)}"
        for iri in [found.iri for found in same] or [unseen]:
            self._links["activity", "parent_id"](activity.iri, iri, "", NOTHING, graph)

    def _used(self, activity: Activity, graph: Graph) -> None:
        link = self._links["activity", "used_id"]
        for entity, role, place in activity.used:
            key = f"{activity.key}--{entity.key}"
            if role is None:
                node = link(activity.iri, entity.iri, key, NOTHING, graph)
            else:
                more = self._names.role("usage", activity.name, role)
                node = link(activity.iri, entity.iri, f"{key}--{part(str(role))}", more, graph)
            graph.note(node, place)

    def _generated(self, activity: Activity, graph: Graph) -> None:
        link = self._links["activity", "generated_id"]
        for entity, role, place in activity.generated:
            more = NOTHING if role is None else self._names.role("generation", activity.name, role)
            node = link(entity.iri, activity.iri, f"{entity.key}--{activity.key}", more, graph)
            graph.note(node, place)

    # -- entities -------------------------------------------------------------------------------

    def _entities(self, entities: list[Entity], graph: Graph) -> None:
        """Write an entity with its versions; a log says the same of all, so it is put together once."""
        first = entities[0]
        block: list[str] = []
        graph.record(block)
        self._facts(first, graph)
        graph.resume()
        text = "".join(block)
        for entity in entities:
            graph.write(text.replace("\1", entity.iri))
            for place in entity.facts.values() if graph.lines is not None else ():
                graph.note(entity.iri, place)
            if entity.version is not None and entity.file is not None:
                graph.tell(entity.iri, [iri_tail(mapping.VERSION_OF, entity.file.iri)])
                previous = entity.version.previous
                if previous is not None:
                    graph.tell(
                        entity.iri, [iri_tail(mapping.REVISION_OF, f"{self._base}entity/{previous.key}")]
                    )

    def _facts(self, entity: Entity, graph: Graph) -> None:
        """Write what is said of an entity, with a gap for its IRI."""
        types = self._types["entity"]
        if entity.is_file:
            types = (*types, iri_tail(RDF.type, VOPROV.DatasetEntity))
        by_key: dict[str, list[Any]] = {}
        for key, value in entity.facts:
            by_key.setdefault(key, []).append(thaw(value))
        if any(kind in ("FileCollection", "SetCollection") for kind in by_key.get("type", ())):
            types = (*types, iri_tail(RDF.type, PROV.Collection))
        graph.tell("\1", types, [literal_tail(DCTERMS.identifier, string(entity.id))])
        subject = Subject("\1", entity.key, None, by_key, is_file=entity.is_file)
        rules = self._rules["entity"]
        for (key, value), place in entity.facts.items():
            rules(key)(subject, thaw(value), place, graph)

    def _relations(self, session: Session, graph: Graph) -> None:
        member = self._links["entity", "member_id"]
        collections = set()
        for whole, part_, place in session.memberships:
            member(whole.iri, part_.iri, "", NOTHING, graph)
            collections.add(whole.iri)
            graph.note(whole.iri, place)
        for iri in sorted(collections):
            graph.tell(iri, [iri_tail(RDF.type, PROV.Collection)])
        derived = self._links["entity", "progenitor_id"]
        for made, source, when, place in session.derivations:
            node = derived(made.iri, source.iri, f"{made.key}--{source.key}", NOTHING, graph)
            if when is not None:
                self._rules["entity"]("generated_time")(
                    Subject(made.iri, made.key, None, {}), when, place, graph
                )
            graph.note(node, place)
