"""Give entity records (facts, members, derivations) to the sessions and nodes they belong to.

Entity records name no session. A tag decides; otherwise the session whose activities mention the entity;
where several do, the one whose mention was logged next.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from functools import cached_property
from itertools import chain

from provrdf.identity.activities import Sessions, mentions
from provrdf.identity.collect import Collector
from provrdf.identity.entities import Entities
from provrdf.identity.lines import Description, EntityLines, Link, Logged, Place, is_earlier
from provrdf.identity.subjects import Activity, Entity, Session
from provrdf.identity.versions import Versions
from provrdf.times import to_utc


class Homes:
    """In which sessions an entity is mentioned; worked out when asked for, as tags often tell enough."""

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
        # Fixed before links are attached: what is found must not depend on which record is looked at first.
        self._shared: set[str] = set()

    @cached_property
    def _of(self) -> dict[str, dict[str, Session]]:
        found: dict[str, dict[str, Session]] = {}
        for activity, mention in mentions(self._activities):
            if activity.session is not None:
                found.setdefault(mention.other, {})[activity.session.key] = activity.session
        self._shared = {name for name, homes in found.items() if len(homes) > 1}
        return found

    def note(self, entity_id: str, session: Session) -> None:
        """Remember that the entity is mentioned in the session."""
        self._of.setdefault(entity_id, {})[session.key] = session

    def are_several(self, entity_id: str) -> bool:
        """Tell whether more than one session mentions an entity."""
        return len(self._of.get(entity_id, ())) > 1

    def find(self, entity_id: str, place: Logged, *, after: bool = False) -> list[Session]:
        """Find the sessions that a record about the entity belongs to; none if nobody mentions it.

        With `after`, the record is one that is written before the entity is mentioned.
        """
        if place.session is not None:
            return [self._sessions.named(place.session, to_utc(place.time, self._zone))]
        tagged = self._sessions.of_tag(place.tag)
        if tagged:
            return tagged
        homes = list(self._of.get(entity_id, {}).values())
        return homes if len(homes) < 2 else self._nearest(entity_id, place, homes, after=after)

    def orphan(self) -> Session:
        """Give the session of records that nothing ties to any: the only one there is, or ``unassigned``."""
        return self._orphanage()

    def _nearest(self, entity_id: str, place: Logged, homes: list[Session], *, after: bool) -> list[Session]:
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
            for activity, mention in mentions(self._activities):
                if (
                    mention.other in self._shared
                    and (moment := to_utc(mention.time, self._zone))
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
        """Attach members and derivations, then descriptions: the first two also tell where those belong."""
        self._link(self._collector.links)
        for entity_id, lines in self._collector.entities.items():
            for session, told in self._told(entity_id, lines).items():
                self._entities.node(session, entity_id).told += told.items()

    def _link(self, links: list[Link]) -> None:
        """Attach links from what activities mention outwards; what is tied to nothing goes to the orphans."""
        left = set(range(len(links)))
        waiting: dict[str, set[int]] = defaultdict(set)  # by the ids at their ends
        pending = left
        while pending:
            found = [(number, self._sessions_of_link(links[number])) for number in pending]
            reached: set[str] = set()
            for number, sessions in found:
                link = links[number]
                for session in sessions:
                    self._attach(session, link)
                for end in (link.entity, link.mention.other):
                    waiting[end].add(number)
                    reached.update([end] if sessions else ())
            left = left.difference(number for number, sessions in found if sessions)
            pending = left.intersection(chain.from_iterable(waiting.pop(end) for end in reached))
        for number in left:
            self._attach(self._homes.orphan(), links[number])

    def _sessions_of_link(self, link: Link) -> list[Session]:
        """Find the sessions that mention one end of a link, or else the other."""
        mention = link.mention
        return self._homes.find(link.entity, mention) or self._homes.find(mention.other, mention)

    def _attach(self, session: Session, link: Link) -> None:
        entity_id, mention, is_member, when = link
        self._homes.note(entity_id, session)
        self._homes.note(mention.other, session)
        one, other = self._at(session, entity_id, mention), self._at(session, mention.other, mention)
        if is_member:
            session.memberships.append((one, other, mention))
        else:
            session.derivations.append((one, other, when, mention))

    def _at(self, session: Session, entity_id: str, place: Logged) -> Entity:
        """Get the node an id meant when a line was logged."""
        version = None
        if self._entities.kind(entity_id).is_file:
            version = self._versions.at(entity_id, to_utc(place.time, self._zone))
        return self._entities.node(session, entity_id, version)

    def _told(self, entity_id: str, lines: EntityLines) -> dict[Session, dict[Description, Place]]:
        """Give each session its descriptions of an entity, each with the first line there."""
        found: dict[Session, dict[Description, Place]] = defaultdict(dict)
        for telling, first in lines.told.items():
            places = lines.places.get(telling) if lines.places else None
            for session, place in self._sessions_of(entity_id, places, first).items():
                if is_earlier(place, found[session].setdefault(telling[0], place)):
                    found[session][telling[0]] = place
        return found

    def _sessions_of(self, entity_id: str, places: list[Place] | None, first: Place) -> dict[Session, Place]:
        """Find the sessions of a telling, each with the first line there."""
        found: dict[Session, Place] = {}
        if not places or not (first.session is not None or self._homes.are_several(entity_id)):
            places = [first]
        for place in places:
            for session in self._homes.find(entity_id, place, after=True) or [self._homes.orphan()]:
                if is_earlier(place, found.setdefault(session, place)):
                    found[session] = place
        return found
