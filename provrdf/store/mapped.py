"""Map some records of one unit: what they say happened to files, and the lines of its sessions."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from provrdf.config import Config
from provrdf.graph import LineIndex, resolve_records, write_resolution
from provrdf.identity import Collector, FileEvent, Resolution, Session
from provrdf.iris import graph_iri
from provrdf.model import Model
from provrdf.store.events import RELATION, EventRow
from provrdf.times import to_utc, xsd_datetime


class Mapper:
    """The mapping with its settings.

    Parameters
    ----------
    config : Config
    model : Model, optional
    """

    def __init__(self, config: Config, model: Model | None) -> None:
        self._config = config
        self._model = model
        self._zone = ZoneInfo(config.timezone)
        self.unknown: dict[tuple[str, str], int] = {}
        """(kind of subject, log key) -> how often a key without a rule was met."""

    def resolve(self, collector: Collector, events: Iterable[FileEvent] = ()) -> Resolution:
        """Decide what the ids mean, given what happened to files elsewhere."""
        return resolve_records(collector, config=self._config, model=self._model, events=events)

    def events(self, resolution: Resolution, unit: int) -> set[EventRow]:
        """List what happened to files, memberships and derivations of files included."""
        rows = {EventRow.of(event, unit) for event in resolution.events}
        for session in resolution.sessions:
            links = [(one, other, place) for one, other, place in session.memberships]
            links += [(one, other, place) for one, other, _, place in session.derivations]
            for one, other, place in links:
                when = to_utc(place.time, self._zone)
                for entity in (one, other):
                    if entity.is_file:
                        event = FileEvent(entity.id, when, False, session.key, "", "", "")
                        rows.add(EventRow.of(event, unit)._replace(kind=RELATION))
        return rows

    def lines(self, session: Session, resolution: Resolution) -> set[bytes]:
        """Write a session; the lines of N-Quads are its graph."""
        buffer = io.BytesIO()
        summary = write_resolution(
            resolution, buffer, config=self._config, model=self._model, only=[session.key], shared=False
        )
        for name, count in summary.unknown.items():
            self.unknown[name] = self.unknown.get(name, 0) + count
        return set(buffer.getvalue().splitlines(keepends=True))

    def places(self, resolution: Resolution) -> LineIndex:
        """Tell which log line made which node."""
        index: LineIndex = {}
        config, model = self._config, self._model
        write_resolution(resolution, io.BytesIO(), config=config, model=model, lines=index, shared=False)
        return index

    def shared(self, resolution: Resolution) -> set[str]:
        """Name the graphs of environments and model that go with a resolution."""
        names = {f"environment-{digest}" for digest in resolution.environments}
        if self._model is not None:
            names.add(f"model-{self._model.sha256[:12]}")
        return {graph_iri(name, self._config.base) for name in names}

    def shared_lines(self, resolution: Resolution, graphs: Iterable[str]) -> dict[str, set[bytes]]:
        """Write some of these graphs."""
        buffer = io.BytesIO()
        write_resolution(resolution, buffer, config=self._config, model=self._model, only=())
        lines: dict[str, set[bytes]] = {graph: set() for graph in graphs}
        for line in buffer.getvalue().splitlines(keepends=True):
            graph = line.rpartition(b" <")[2][: -len(b"> .\n")].decode()
            if graph in lines:
                lines[graph].add(line)
        return lines

    def facts(self, session: Session) -> dict[str, Any]:
        """Describe a session for the table of sessions."""
        starts = [activity.start for activity in session.activities if activity.start]
        ends = [moment for activity in session.activities if (moment := activity.end or activity.start)]
        return {
            "key": session.key,
            "id": session.id,
            "iri": session.iri,
            "graph": graph_iri(session.key, self._config.base),
            "started": _stamp(min([*starts, *([session.start] if session.start else [])], default=None)),
            "ended": _stamp(max(ends, default=None)),
        }


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else xsd_datetime(moment)
