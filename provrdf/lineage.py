"""Lineage: what something was made from, and what came of it.

Back from an entity go the activities that generated it, what they used, and what it was derived from; forward
the inverse. A file that is written again and again has versions, and a usage means the version that was there
when the activity started: a lineage never runs through one that did not exist yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from provrdf.config import Config
from provrdf.errors import UsageError
from provrdf.graphsource import GraphSource
from provrdf.iris import VOCABULARY_PREFIXES
from provrdf.lookup import SPECIALIZATION, find
from provrdf.opening import as_graphs
from provrdf.timeline import Timelines

_PROV = VOCABULARY_PREFIXES["prov"]
_VOPROV = VOCABULARY_PREFIXES["voprov"]
_USED = _PROV + "used"
_GENERATED = _PROV + "wasGeneratedBy"
_DERIVED = _PROV + "wasDerivedFrom"
_MEMBER = _PROV + "hadMember"
_AGENT = _PROV + "wasAssociatedWith"
_IDENTIFIER = VOCABULARY_PREFIXES["dcterms"] + "identifier"
_NAME = _VOPROV + "name"
_LABEL = VOCABULARY_PREFIXES["rdfs"] + "label"
_LOCATION = _VOPROV + "location"

Direction = Literal["back", "forward"]
Kind = Literal["entity", "activity", "agent"]


@dataclass(frozen=True)
class Row:
    """One thing in a lineage.

    Attributes
    ----------
    kind : {'entity', 'activity', 'agent'}
    id : str
        As logged.
    iri : str
    name : str
        Name of the step, kind of the file or object, login of the agent.
    location : str
        Path of a file; empty for other things. Several paths are joined by ``; ``.
    distance : int
        Number of relations from the start: 1 for the activity that made it, 2 for what that used.
    """

    kind: Kind
    id: str
    iri: str
    name: str
    location: str
    distance: int


@dataclass(frozen=True)
class Link:
    """One relation that a lineage followed, away from the start: from the near IRI to the far one."""

    near: str
    far: str
    relation: str


@dataclass(frozen=True)
class Lineage:
    """What something was made from (back), or what came of it (forward).

    Attributes
    ----------
    direction : {'back', 'forward'}
    start : tuple of Row
        What was asked for: an activity, an object, or the versions of a file, latest first when going back.
    rows : tuple of Row
        Everything found, nearest first, without the start.
    links : tuple of Link
        The relations between them.
    notes : tuple of str
        What is worth telling the person who asked.
    """

    direction: Direction
    start: tuple[Row, ...]
    rows: tuple[Row, ...]
    links: tuple[Link, ...]
    notes: tuple[str, ...] = ()

    def ids(self, kind: Kind) -> set[str]:
        """Return the logged ids of all things of one kind."""
        return {row.id for row in self.rows if row.kind == kind}


def lineage(
    source: Any,
    target: str,
    *,
    direction: Direction = "back",
    depth: int | None = None,
    derivations: bool = True,
    members: bool = False,
    agents: bool = False,
    latest: bool = False,
    config: Config | None = None,
    model: Any = None,
) -> Lineage:
    """Follow where something came from, or what came of it.

    Parameters
    ----------
    source : path, list of paths, Store, rdflib.Dataset, pyoxigraph.Store or graph source
        What to look in. Paths may be logs, RDF files or the folder of a local store.
    target : str
        An id as logged, the path of a file (or a clear end of it), or an IRI.
    direction : {'back', 'forward'}
        Towards the origins, or towards the products.
    depth : int, optional
        Largest number of relations to follow; all by default.
    derivations : bool
        Follow ``wasDerivedFrom``, besides used and wasGeneratedBy.
    members : bool
        Follow collections to their members (back), members to their collections (forward).
    agents : bool
        Include who ran the activities.
    latest : bool
        Of a file with several versions take the last one as the start, rather than all.
    config, model : optional
        As for `provrdf.to_dataset`, used when `source` names logs.

    Returns
    -------
    Lineage
        What was found, nearest first.

    Raises
    ------
    NothingFoundError
        When the target is not there.
    UsageError
        When it is ambiguous, or an option makes no sense.
    """
    if direction not in ("back", "forward"):
        message = f"direction is {direction!r}, expected back or forward"
        raise UsageError(message)
    if depth is not None and depth < 0:
        raise UsageError("depth must not be negative")
    graphs = as_graphs(source, config=config, model=model)
    found = find(graphs, target)
    walk = _Walk(graphs, direction, derivations=derivations, members=members)
    start = walk.latest(found.iris) if latest else list(found.iris)
    walk.run(start, depth)
    if agents:
        walk.add_agents(depth)
    return walk.result(start, found.notes)


class _Walk:
    """A breadth-first walk; each level is a few set-based look-ups, so the same code serves endpoints."""

    def __init__(
        self, graphs: GraphSource, direction: Direction, *, derivations: bool, members: bool
    ) -> None:
        self._graphs = graphs
        self._direction = direction
        wanted = [(_DERIVED, "wasDerivedFrom")] if derivations else []
        wanted += [(_MEMBER, "hadMember")] if members else []
        self._relations = [(predicate, name) for predicate, name in wanted if graphs.has(predicate)]
        self._timelines = Timelines(graphs)
        self.distance: dict[str, int] = {}
        self.kind: dict[str, Kind] = {}
        self.links: dict[Link, None] = {}

    def latest(self, nodes: Iterable[str]) -> list[str]:
        """Of the versions of each file keep the last one."""
        nodes = list(nodes)
        files = dict(self._linked(nodes, SPECIALIZATION))
        kept = {node for node in nodes if node not in files}
        self._timelines.load(kept | set(files.values()))
        for file in set(files.values()):
            last = self._timelines.current(file, None)
            kept.discard(file)
            kept.add(last or file)
        return sorted(kept)

    def run(self, start: list[str], depth: int | None) -> None:
        """Walk until nothing new is found, or `depth` relations away."""
        activity_type = _PROV + "Activity"
        types = self._linked(start, VOCABULARY_PREFIXES["rdf"] + "type")
        activities = {node for node, of_type in types if of_type == activity_type}
        for node in start:
            self.distance[node] = 0
            self.kind[node] = "activity" if node in activities else "entity"
        frontier = start
        distance = 0
        while frontier and (depth is None or distance < depth):
            distance += 1
            frontier = self._advance(frontier, distance)

    def _advance(self, frontier: list[str], distance: int) -> list[str]:
        entities = [node for node in frontier if self.kind[node] == "entity"]
        activities = [node for node in frontier if self.kind[node] == "activity"]
        steps = self._back if self._direction == "back" else self._forward
        reached = []
        for link, kind in steps(entities, activities):
            self.links[link] = None
            if link.far not in self.distance:
                self.distance[link.far] = distance
                self.kind[link.far] = kind
                reached.append(link.far)
        return reached

    def _linked(
        self, nodes: Iterable[str], predicate: str, *, inverse: bool = False
    ) -> Iterator[tuple[str, str]]:
        """Distinct pairs of IRIs."""
        seen = set()
        for node, other in self._graphs.links(nodes, predicate, inverse=inverse):
            if type(other).__name__ != "NamedNode":
                continue
            pair = (node, other.value)  # type: ignore[union-attr]
            if pair not in seen:
                seen.add(pair)
                yield pair

    def _back(self, entities: list[str], activities: list[str]) -> Iterator[tuple[Link, Kind]]:
        for entity, activity in self._linked(entities, _GENERATED):
            yield Link(entity, activity, "wasGeneratedBy"), "activity"
        used = list(self._linked(activities, _USED))
        self._timelines.load({entity for _, entity in used}, activities)
        for activity, entity in used:
            yield Link(activity, self._timelines.used(entity, activity), "used"), "entity"
        for predicate, relation in self._relations:
            pairs = list(self._linked(entities, predicate))
            self._timelines.load({other for _, other in pairs})
            for entity, other in pairs:
                yield Link(entity, self._timelines.behind(other, entity), relation), "entity"

    def _forward(self, entities: list[str], activities: list[str]) -> Iterator[tuple[Link, Kind]]:
        for activity, entity in self._linked(activities, _GENERATED, inverse=True):
            yield Link(activity, entity, "wasGeneratedBy"), "entity"
        versions: dict[str, list[str]] = defaultdict(list)
        for version, file in self._linked(entities, SPECIALIZATION):
            versions[file].append(version)
        for entity, activity in self._forward_pairs(entities, versions, _USED):
            yield Link(entity, activity, "used"), "activity"
        for predicate, relation in self._relations:
            for entity, other in self._forward_pairs(entities, versions, predicate):
                yield Link(entity, other, relation), "entity"

    def _forward_pairs(
        self, entities: list[str], versions: dict[str, list[str]], predicate: str
    ) -> Iterator[tuple[str, str]]:
        """Yield what points at entities, or at the file while the entity was its current version."""
        yield from self._linked(entities, predicate, inverse=True)
        pairs = list(self._linked(versions, predicate, inverse=True))
        users = [user for _, user in pairs] if predicate == _USED else []
        self._timelines.load({file for file, _ in pairs}, users)
        for file, other in pairs:
            now = (
                self._timelines.used(file, other)
                if predicate == _USED
                else self._timelines.behind(file, other)
            )
            if now in versions[file]:
                yield now, other

    def add_agents(self, depth: int | None) -> None:
        """Add who ran the activities that were found."""
        activities = [node for node, kind in self.kind.items() if kind == "activity"]
        for activity, agent in list(self._linked(activities, _AGENT)):
            distance = self.distance[activity] + 1
            if depth is None or distance <= depth:
                self.links[Link(activity, agent, "wasAssociatedWith")] = None
                self.kind[agent] = "agent"
                self.distance[agent] = min(distance, self.distance.get(agent, distance))

    def result(self, start: list[str], notes: tuple[str, ...]) -> Lineage:
        """Put the rows together, each with its id, name and place."""
        places = [node for node, kind in self.kind.items() if kind == "entity"]
        texts = {
            "id": self._texts(_IDENTIFIER, self.distance),
            "name": self._texts(_NAME, self.distance),
            "location": self._texts(_LOCATION, places),
        }
        texts["name"] |= self._texts(_LABEL, [node for node in self.distance if node not in texts["name"]])
        rows = [self._row(node, texts) for node in self.distance]
        rows.sort(key=lambda row: (row.distance, row.kind, row.name, row.location, row.id, row.iri))
        first = sorted(
            (row for row in rows if row.distance == 0), key=self._age, reverse=self._direction == "back"
        )
        rest = tuple(row for row in rows if row.distance > 0)
        return Lineage(self._direction, tuple(first), rest, tuple(self.links), notes)

    def _age(self, row: Row) -> tuple[bool, str, str]:
        return (*self._timelines.made(row.iri), row.iri)

    def _texts(self, predicate: str, nodes: Iterable[str]) -> dict[str, list[str]]:
        texts: dict[str, set[str]] = defaultdict(set)
        for node, term in self._graphs.links(nodes, predicate):
            texts[node].add(getattr(term, "value", str(term)))
        return {node: sorted(found) for node, found in texts.items()}

    def _row(self, node: str, texts: dict[str, dict[str, list[str]]]) -> Row:
        location = "; ".join(texts["location"].get(node, ()))
        logged = texts["id"].get(node, (_last_part(node),))[0]
        name = texts["name"].get(node, ("",))[0]
        return Row(self.kind[node], logged, node, name, location, self.distance[node])


def _last_part(iri: str) -> str:
    """Return what follows the last ``/`` or ``#``: stands in for the id in RDF not made from logs."""
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
