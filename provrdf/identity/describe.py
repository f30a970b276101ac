"""Give entity records (facts, members, derivations) to the sessions and nodes they belong to.

Entity records name no session. A tag decides; otherwise the session whose activities mention the entity;
where several do, the one whose mention was logged next.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from typing import Any

from provrdf.identity.activities import Sessions, mentions
from provrdf.identity.collect import Collector, Mention, Place
from provrdf.identity.entities import Entities
from provrdf.identity.subjects import Activity, Entity, Session
from provrdf.identity.versions import Versions
from provrdf.times import to_utc

Links = list[tuple[str, Mention, bool, Any]]


class Homes:
    """In which sessions an entity is mentioned."""

    def __init__(
        self,
        activities: Iterable[Activity],
        sessions: Sessions,
        orphanage: Callable[[], Session],
        zone: tzinfo,
    ) -> None:
        self._activities = list(activities)
        self._sessions = sessions
        self._orphanage = orphanage
        self._zone = zone
        self._times: dict[str, dict[datetime, dict[str, Session]]] | None = None
        self._sorted: dict[str, list[datetime]] = {}
        self.of: dict[str, list[Session]] = {}
        for activity, mention, _ in mentions(self._activities):
            if activity.session is not None:
                self.note(mention.other, activity.session)
        # Fixed before links are attached: what is found must not depend on which record is looked at first.
        self._shared = {name for name, homes in self.of.items() if len(homes) > 1}

    def note(self, entity_id: str, session: Session) -> None:
        """Remember that the entity is mentioned in the session."""
        known = self.of.setdefault(entity_id, [])
        if not (known and known[-1] is session) and session not in known:
            known.append(session)

    def find(self, entity_id: str, place: Place, *, after: bool = False) -> list[Session]:
        """Find the sessions that a record about the entity belongs to; none if nobody mentions it.

        With `after`, the record is one that is written before the entity is mentioned.
        """
        if place.session is not None:
            return [self._sessions.named(place.session, to_utc(place.time, self._zone))]
        tagged = self._sessions.of_tag(place.tag)
        if tagged:
            return tagged
        homes = list(self.of.get(entity_id, ()))
        return homes if len(homes) < 2 else self._nearest(entity_id, place, homes, after=after)

    def orphan(self) -> Session:
        """Give the session of records that nothing ties to any: the only one there is, or ``unassigned``."""
        return self._orphanage()

    def _nearest(self, entity_id: str, place: Place, homes: list[Session], *, after: bool) -> list[Session]:
        """Pick the sessions whose mention was logged closest to the record, with `after` next after it."""
        logged = to_utc(place.time, self._zone)
        times = self._mention_times().get(entity_id)
        if not times or logged is None:
            return homes  # nothing tells them apart: what is said holds for all
        moments = self._sorted[entity_id] if entity_id in self._sorted else sorted(times)
        self._sorted[entity_id] = moments
        at = bisect_left(moments, logged)
        before, next_ = moments[at - 1 : at], moments[at : at + 1]
        if after and next_:
            before = []
        closest = min((*before, *next_), key=lambda moment: abs(moment - logged))
        ties = [moment for moment in (*before, *next_) if abs(moment - logged) == abs(closest - logged)]
        return list({key: session for moment in ties for key, session in times[moment].items()}.values())

    def _mention_times(self) -> dict[str, dict[datetime, dict[str, Session]]]:
        """Collect when entities of several sessions were mentioned; needed rarely, so only when asked."""
        if self._times is None:
            self._times = defaultdict(lambda: defaultdict(dict))
            for activity, mention, _ in mentions(self._activities):
                if (
                    mention.other in self._shared
                    and (moment := to_utc(mention.place.time, self._zone))
                    and activity.session
                ):
                    self._times[mention.other][moment][activity.session.key] = activity.session
        return self._times


class Describer:
    """Attaches what entity records say."""

    def __init__(
        self, collector: Collector, entities: Entities, versions: Versions, homes: Homes, zone: tzinfo
    ) -> None:
        self._collector = collector
        self._entities = entities
        self._versions = versions
        self._homes = homes
        self._zone = zone

    def describe(self) -> None:
        """Attach members and derivations, then facts: the first two also tell where facts belong."""
        self._link([*self._links()])
        for entity_id, lines in self._collector.entities.items():
            for facts, place in lines.facts.items():
                for session, where in self._sessions_of(entity_id, lines.times.get(facts), place).items():
                    self._tell(session, entity_id, facts, where)

    def _links(self) -> Links:
        links: Links = []
        for entity_id, lines in self._collector.entities.items():
            links += [(entity_id, mention, True, None) for mention in lines.members]
            links += [(entity_id, mention, False, when) for mention, when in lines.progenitors]
        return links

    def _link(self, pending: Links) -> None:
        """Attach links from what activities mention outwards; what is tied to nothing goes to the orphans."""
        while pending:
            left: Links = []
            found = [
                (
                    link,
                    self._homes.find(link[0], link[1].place)
                    or self._homes.find(link[1].other, link[1].place),
                )
                for link in pending
            ]
            for link, sessions in found:
                if not sessions:
                    left.append(link)
                for session in sessions:
                    self._attach(session, link)
            if len(left) == len(pending):
                orphan = self._homes.orphan()
                for link in left:
                    self._attach(orphan, link)
                return
            pending = left

    def _attach(self, session: Session, link: tuple[str, Mention, bool, Any]) -> None:
        entity_id, mention, is_member, when = link
        self._homes.note(entity_id, session)
        self._homes.note(mention.other, session)
        one, other = (
            self._at(session, entity_id, mention.place),
            self._at(session, mention.other, mention.place),
        )
        if is_member:
            session.memberships.append((one, other, mention.place))
        else:
            session.derivations.append((one, other, when, mention.place))

    def _at(self, session: Session, entity_id: str, place: Place) -> Entity:
        """Get the node an id meant when a line was logged."""
        version = None
        if self._entities.kind(entity_id).is_file:
            version = self._versions.at(entity_id, to_utc(place.time, self._zone))
        return self._entities.node(session, entity_id, version)

    def _sessions_of(self, entity_id: str, places: list[Place] | None, first: Place) -> dict[Session, Place]:
        """Find the sessions of a set of facts, each with the first line there."""
        found: dict[Session, Place] = {}
        shared = first.session is not None or len(self._homes.of.get(entity_id, ())) > 1
        for place in places if places and shared else [first]:
            for session in self._homes.find(entity_id, place, after=True) or [self._homes.orphan()]:
                known = found.setdefault(session, place)
                if (place.file, place.line) < (known.file, known.line):
                    found[session] = place
        return found

    def _tell(self, session: Session, entity_id: str, facts: tuple[Any, ...], place: Place) -> None:
        if entity_id not in session.nodes:
            self._entities.node(session, entity_id)
        for entity in session.nodes[entity_id]:
            known = entity.facts
            for fact in facts[1:]:
                first = known.setdefault(fact, place)
                if (place.file, place.line) < (first.file, first.line):
                    known[fact] = place
