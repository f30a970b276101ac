"""File versions: the same path is written again and again, and a usage means what was there at the time.

A version is one per (file, session, step). All activities of a step that write one run-level file make one
version together. A new version starts when the step runs again on the same inputs, when another step or
session wrote the file in between, and when somebody read the file in between. A usage binds to the
version that was complete when the using activity started, or to the file itself when there was none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from provrdf.iris import part

_NEVER = datetime.max.replace(tzinfo=UTC)


class FileEvent(NamedTuple):
    """An activity that used or generated a file.

    Attributes
    ----------
    file : str
        Logged id of the file.
    when : datetime or None
        UTC. Start of the activity for a usage; its end (or, unknown, its start) for a generation.
    generates : bool
    session, step, activity : str
        Key of the session, name of the step, key of the activity.
    inputs : str
        Digest of the ids of everything the activity used; two runs with the same digest are re-executions.
    """

    file: str
    when: datetime | None
    generates: bool
    session: str
    step: str
    activity: str
    inputs: str = ""


class Version:
    """One version of a file, in the order they came to be."""

    __slots__ = ("begun", "file", "key", "ordinal", "previous", "read", "session", "step")

    def __init__(self, event: FileEvent, ordinal: int, previous: Version | None) -> None:
        self.file = event.file
        self.session = event.session
        self.step = event.step
        self.ordinal = ordinal
        self.previous = previous
        self.begun = event.when or _NEVER
        self.read = False
        self.key = f"{part(event.file)}--{event.session}--{part(event.step)}--{ordinal}"


Bound = dict[str, dict[str, Version]]
"""Key of an activity -> logged id of a file -> the version it means there."""


class Versions:
    """Which version each activity generated and used."""

    def __init__(self, events: Iterable[FileEvent]) -> None:
        self.made_by: Bound = {}
        self.used_by: Bound = {}
        self._latest: dict[str, Version] = {}
        by_file: dict[str, list[FileEvent]] = defaultdict(list)
        for event in events:
            by_file[event.file].append(event)
        for file_events in by_file.values():
            self._split(file_events)

    @property
    def generated(self) -> dict[tuple[str, str], Version]:
        """The version that an activity generated, by (key of the activity, logged id of the file)."""
        return _flat(self.made_by)

    @property
    def used(self) -> dict[tuple[str, str], Version]:
        """The version that an activity used, by (key of the activity, logged id of the file)."""
        return _flat(self.used_by)

    def settle(self) -> None:
        """Let go of what activities used and generated, which takes memory; `at` still answers."""
        self.made_by, self.used_by = {}, {}

    def _split(self, events: list[FileEvent]) -> None:
        latest: Version | None = None
        inputs: set[str] = set()  # of the latest version
        ordinals: dict[tuple[str, str], int] = defaultdict(int)
        events.sort(key=_order)
        for number, event in enumerate(events):
            if number and event == events[number - 1]:
                continue
            if not event.generates:
                self._read(event, latest)
                continue
            if latest is None or event.inputs in inputs or not _continues(latest, event):
                ordinals[event.session, event.step] += 1
                latest, inputs = Version(event, ordinals[event.session, event.step], latest), set()
            inputs.add(event.inputs)
            self.made_by.setdefault(event.activity, {})[event.file] = latest
        if latest is not None:
            self._latest[latest.file] = latest

    def _read(self, event: FileEvent, latest: Version | None) -> None:
        """Bind a usage to the latest version, if there is one."""
        if latest is not None and self.made_by.get(event.activity, {}).get(event.file) is latest:
            latest = latest.previous  # an activity that took no time used what was there before it
        if latest is not None:
            latest.read = True
            self.used_by.setdefault(event.activity, {})[event.file] = latest

    def at(self, file: str, when: datetime | None) -> Version | None:
        """Give the version of a file that was the latest at a time (of all times, if that is unknown)."""
        version = self._latest.get(file)
        while version is not None and when is not None and version.begun > when:
            version = version.previous
        return version


def _flat(bound: Bound) -> dict[tuple[str, str], Version]:
    return {(activity, file): version for activity, found in bound.items() for file, version in found.items()}


def _order(event: FileEvent) -> tuple[datetime, bool, str]:
    """Sort events by time; at the same instant what was written is there for others to read."""
    return (event.when or _NEVER, not event.generates, event.activity)


def _continues(latest: Version, event: FileEvent) -> bool:
    """Tell whether a generation adds to the latest version rather than starting a new one."""
    return (latest.session, latest.step) == (event.session, event.step) and not latest.read
