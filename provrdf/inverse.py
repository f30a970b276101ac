"""The mapping read backwards: a graph gives records again, with every fact that a log said.

Mapping these records once more gives the same graph. Times come back in UTC, paths under the key
``location``, and what a log repeated comes back once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from provrdf import mapping
from provrdf.iris import part
from provrdf.mapping import MAPPING, ROLE, ConfigFile, Link, Moment, Name, Value
from provrdf.nquads import JSON
from provrdf.records import Record
from provrdf.times import to_utc, xsd_datetime
from provrdf.vocab import DCTERMS, PROV, PROVRDF, RDF, SPDX, VOPROV

if TYPE_CHECKING:
    from rdflib import Dataset

Facts = dict[str, dict[str, list[Any]]]
"""Subject -> predicate -> objects: IRIs as `Iri`, literals as Python values."""


class Iri(str):
    """An IRI, to tell it from a text."""

    __slots__ = ()


def to_records(dataset: Dataset) -> Iterator[Record]:
    """Turn a Dataset that `to_dataset` made back into records.

    Parameters
    ----------
    dataset : rdflib.Dataset

    Yields
    ------
    Record
        Session by session: session records, then each activity with its lines, then entities.
    """
    graphs = _read(dataset)
    everything = _Everything(graphs)
    for graph in sorted(graphs):
        yield from _GraphReader(graphs[graph], everything).records()


def _read(dataset: Dataset) -> dict[str, Facts]:
    from rdflib import Literal

    graphs: dict[str, Facts] = {}
    for subject, predicate, target, graph in dataset.quads():
        facts = graphs.setdefault(str(graph), {}).setdefault(str(subject), {})
        value = _python(target) if isinstance(target, Literal) else Iri(target)
        facts.setdefault(str(predicate), []).append(value)
    return graphs


def _python(literal: Any) -> Any:
    """Give the Python value of a literal of ours; dates stay text."""
    datatype = str(literal.datatype or "").rpartition("#")[2]
    text = str(literal)
    if str(literal.datatype) == JSON:
        return json.loads(text)
    if datatype == "integer":
        return int(text)
    if datatype == "double":
        return float(text.replace("INF", "inf"))
    return text in ("true", "1") if datatype == "boolean" else text


class _Everything:
    """What has to be looked up across graphs: logged ids, environments, when files were made."""

    def __init__(self, graphs: Mapping[str, Facts]) -> None:
        self.ids: dict[str, str] = {}
        self.environments: dict[str, Any] = {}
        self._times: dict[str, list[str]] = {}
        self._generators: dict[str, list[str]] = {}
        for facts in graphs.values():
            for subject, said in facts.items():
                for name in said.get(DCTERMS.identifier, ()):
                    self.ids[subject] = name
                if PROVRDF.Environment in said.get(RDF.type, ()):
                    self.environments[subject] = said[PROV.value][0]
                self._generators.setdefault(subject, []).extend(said.get(PROV.wasGeneratedBy, ()))
                for predicate in (PROV.startedAtTime, PROV.endedAtTime):
                    self._times.setdefault(subject, []).extend(said.get(predicate, ()))

    def when_linked(self, *entities: str) -> str | None:
        """Give a time at which a line about these entities meant just these versions: all had been made."""
        made = []
        for entity in entities:
            done = [self._done(activity) for activity in self._generators.get(entity, ())]
            made += [min(moment for moment in done if moment)] if any(done) else []
        return xsd_datetime(max(made)) if made else None

    def _done(self, activity: str) -> datetime | None:
        moments = [moment for text in self._times.get(activity, ()) if (moment := to_utc(text, UTC))]
        return max(moments, default=None)


class _GraphReader:
    """Reads one named graph."""

    def __init__(self, facts: Facts, everything: _Everything) -> None:
        self._facts = facts
        self._everything = everything
        self._mentioned: dict[str, str | None] = {}
        self._generators: dict[str, list[tuple[Iri, str]]] = {}
        self._index_generations()
        named = (iri for said in facts.values() for iri in said.get(PROVRDF.inSession, ()))
        described = (iri for iri, said in facts.items() if PROVRDF.Session in said.get(RDF.type, ()))
        self._session_iri = next(described, None) or next(named, None)
        starts = facts.get(self._session_iri or "", {}).get(PROV.generatedAtTime, ())
        self._start: str | None = next(iter(starts), None)

    def records(self) -> Iterator[Record]:
        """Yield the records of this graph."""
        entities: dict[str, dict[str, list[Any]]] = {}
        activities = []
        for subject, said in sorted(self._facts.items()):
            types = said.get(RDF.type, ())
            if PROVRDF.Session in types:
                yield from self._session(subject, said)
            elif PROV.Activity in types:
                activities.append((subject, said))
            elif PROV.Entity in types and DCTERMS.identifier in said and "/session/" not in subject:
                _merge(entities.setdefault(said[DCTERMS.identifier][0], {}), subject, said)
        for subject, said in activities:
            yield from self._activity(subject, said)
        for subject, said in activities:
            yield from self._generations(subject, said)
        for name, said in entities.items():
            yield from self._entity(name, said)

    # -- sessions -------------------------------------------------------------------------------

    def _session_id(self, subject: str) -> int | str:
        """Give a session id its type back: an integer id is one part of several in the key."""
        name = self._everything.ids.get(subject, "")
        return (
            int(name)
            if name.lstrip("-").isdigit() and not subject.endswith(f"/session/{part(name)}")
            else name
        )

    def _session(self, subject: str, said: dict[str, list[Any]]) -> Iterator[Record]:
        base: dict[str, Any] = {"session_id": self._session_id(subject)}
        start = said.get(PROV.generatedAtTime, [None])[0]
        if start is not None:
            base["startTime"] = start
        facts = list(_facts_of(said, "session", skip={PROV.generatedAtTime}))
        facts += [("system", self._everything.environments[iri]) for iri in said.get(PROVRDF.environment, ())]
        for key, rule in MAPPING["session"].items():
            for iri in said.get(rule.predicate, ()) if isinstance(rule, ConfigFile) else ():
                yield from _records({**base, **dict(self._config_file(iri, key))}, [])
        yield from _records(base, facts)

    def _config_file(self, iri: str, key: str) -> Iterator[tuple[str, Any]]:
        said = self._facts.get(iri, {})
        for path in said.get(VOPROV.location, ())[:1]:
            yield key, path
        for value, algorithm in self._digests(said):
            yield f"{key}_hash", value
            yield f"{key}_hash_type", algorithm
            return

    # -- activities -----------------------------------------------------------------------------

    def _activity(self, subject: str, said: dict[str, list[Any]]) -> Iterator[Record]:
        base = {"activity_id": said[DCTERMS.identifier][0]}
        tag, time = said.get(PROVRDF.sessionTag, [None])[0], said.get(PROV.startedAtTime, [None])[0]
        if tag is not None:
            base["session_tag"] = tag
        start = dict(base)
        for session in said.get(PROVRDF.inSession, ()):
            start["in_session"] = self._session_id(session)
        if time is not None:
            start["startTime"] = time
        facts = list(
            _facts_of(said, "activity", skip={PROV.startedAtTime, PROV.endedAtTime, PROVRDF.sessionTag})
        )
        facts += [("agent_name", self._everything.ids[iri]) for iri in said.get(PROV.wasAssociatedWith, ())]
        facts += [
            ("parent_id", self._everything.ids.get(iri, _last(iri)))
            for iri in said.get(PROV.wasInformedBy, ())
        ]
        yield from _records(start, facts, time=time)
        for end in said.get(PROV.endedAtTime, ()):
            yield Record(time, {**base, "endTime": end})
        for iri in said.get(VOPROV.wasConfiguredBy, ()):
            parameter = self._facts.get(iri, {})
            for value in parameter.get(PROV.value, ()):
                yield Record(time, {**base, "parameters": {parameter[VOPROV.name][0]: value}})
        for iri in said.get(PROV.qualifiedUsage, ()):
            usage = self._facts.get(iri, {})
            yield from self._relation(base, "used", usage.get(PROV.entity, ()), usage.get(ROLE, ()), time)

    def _relation(
        self, base: dict[str, Any], name: str, entities: Any, roles: Any, time: str | None
    ) -> Iterator[Record]:
        for entity in entities:
            other = self._entity_id(entity)
            self._mentioned.setdefault(str(other), time)
            for role in roles or (None,):
                data = {**base, f"{name}_id": other}
                yield Record(time, data if role is None else {**data, f"{name}_role": role})

    def _generations(self, subject: str, said: dict[str, list[Any]]) -> Iterator[Record]:
        """Yield what an activity generated: the relation points from the entities."""
        base = {"activity_id": said[DCTERMS.identifier][0]}
        if PROVRDF.sessionTag in said:
            base["session_tag"] = said[PROVRDF.sessionTag][0]
        time = said.get(PROV.startedAtTime, [None])[0]
        for entity, generation in self._generators.get(subject, ()):
            yield from self._relation(
                base, "generated", (entity,), self._facts[generation].get(ROLE, ()), time
            )

    def _index_generations(self) -> None:
        """Find the generations of each activity, once."""
        for subject, said in self._facts.items():
            for generation in said.get(PROV.qualifiedGeneration, ()):
                for activity in self._facts.get(generation, {}).get(PROV.activity, ()):
                    self._generators.setdefault(activity, []).append((Iri(subject), generation))

    # -- entities -------------------------------------------------------------------------------

    def _entity_id(self, iri: str) -> int | str:
        """Give an entity id its type back: an integer id means something in one session only."""
        name = self._everything.ids.get(iri, "")
        scoped = iri.endswith(f"--{part(name)}")
        return int(name) if scoped and name.lstrip("-").isdigit() else name

    def _entity(self, name: str, said: dict[str, list[Any]]) -> Iterator[Record]:
        time = self._mentioned.get(name, self._start)
        base: dict[str, Any] = {"entity_id": self._entity_id(said[""][0])}
        if self._session_iri is not None:
            base["in_session"] = self._session_id(self._session_iri)
        facts = list(_facts_of(said, "entity", skip={PROV.generatedAtTime}))
        for value, algorithm in self._digests(said):
            facts.append(("hash", value))
            if algorithm != "unknown":
                facts.append(("hash_type", algorithm))
        facts += [("hash_kind", kind) for kind in said.get(PROVRDF.hashKind, ())]
        if facts:
            yield from _records(base, facts, time=time)
        for iri in said[""]:
            yield from self._links(iri, base, time)

    def _links(self, iri: str, base: dict[str, Any], time: str | None) -> Iterator[Record]:
        """Yield the members and progenitors of one version, at a time when it was the current one."""
        said = self._facts[iri]
        generated = [{"generated_time": when} for when in said.get(PROV.generatedAtTime, ())] or [{}]
        for other in said.get(PROV.hadMember, ()):
            when = self._everything.when_linked(iri, other) or time
            yield Record(when, {**base, "member_id": self._entity_id(other)})
        for other in said.get(PROV.wasDerivedFrom, ()):
            when = self._everything.when_linked(iri, other) or time
            for generation in generated:
                yield Record(when, {**base, "progenitor_id": self._entity_id(other), **generation})

    def _digests(self, said: Mapping[str, list[Any]]) -> Iterator[tuple[str, str]]:
        """Yield hashes with their algorithm."""
        for text in said.get(PROVRDF.pathHash, ()):
            algorithm, _, value = text.partition(":")
            yield value, algorithm
        for node in said.get(SPDX.checksum, ()):
            checksum = self._facts.get(node, {})
            named = checksum[SPDX.algorithm][0].partition("checksumAlgorithm_")[2]
            yield checksum[SPDX.checksumValue][0], unquote(named)


def _merge(merged: dict[str, list[Any]], subject: str, said: Mapping[str, list[Any]]) -> None:
    """Put what is said of the versions of a file together; a log says it of the file. ``""`` has IRIs."""
    for predicate, values in said.items():
        known = merged.setdefault(predicate, [])
        known.extend(value for value in values if value not in known)
    merged.setdefault("", []).append(Iri(subject))


def _facts_of(said: Mapping[str, list[Any]], kind: str, *, skip: set[str]) -> Iterator[tuple[str, Any]]:
    """Yield (log key, value) of everything that a row says as a literal, and of unknown keys."""
    keys = _KEYS[kind]
    for predicate, values in said.items():
        if predicate in skip:
            continue
        key = keys.get(predicate)
        if key is None and predicate.startswith(PROVRDF.BASE) and predicate not in _NO_KEYS:
            key = unquote(predicate[len(PROVRDF.BASE) :])
        if key is not None:
            yield from ((key, value) for value in values if not isinstance(value, Iri))


def _literal_keys(kind: str) -> dict[str, str]:
    """Invert the rows of a table that give a literal; of two keys with one meaning the first counts."""
    found: dict[str, str] = {}
    for key, rule in MAPPING[kind].items():
        if isinstance(rule, (Value, Moment, Name, mapping.Location)):
            found.setdefault(rule.predicate, key)
    return found


_KEYS = {kind: _literal_keys(kind) for kind in MAPPING}
_NO_KEYS = {
    PROVRDF.pathHash,
    PROVRDF.hashKind,
    *(rule.predicate for table in MAPPING.values() for rule in table.values() if isinstance(rule, Link)),
}


def _records(
    base: dict[str, Any], facts: list[tuple[str, Any]], *, time: str | None = None
) -> Iterator[Record]:
    """Yield one record with the first value of each key, and one more for each further value."""
    first = dict(base)
    further = []
    for key, value in facts:
        if key in first:
            further.append((key, value))
        else:
            first[key] = value
    yield Record(time, first)
    for key, value in further:
        yield Record(time, {**base, key: value})


def _last(iri: str) -> str:
    return unquote(iri.rpartition("--")[2])
