"""ctapipe's own provenance, written into the same log as everything else.

ctapipe tools keep a `Provenance` of their activities and write it to a file of its own when they end.
Here its activities become records of the running session: same log, same session, and inside the
activity that runs.

    from provrdf.capture.ctapipe import recorded

    with recorded(capture):
        tool.run()
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from provrdf.capture.control import Capture
from provrdf.capture.entities import Data
from provrdf.capture.family import FAMILY
from provrdf.capture.inside import BUSY
from provrdf.capture.recorder import Recorder
from provrdf.capture.troubles import CAUGHT

_STATUS = {"error": "failed", "interrupted": "stopped"}


@contextlib.contextmanager
def recorded(capture: Capture, provenance: Any = None) -> Iterator[None]:
    """Record the ctapipe activities that finish in a block.

    Parameters
    ----------
    capture : Capture
        Where to.
    provenance : ctapipe.core.Provenance, optional
        Default: ctapipe's own.
    """
    source = _provenance() if provenance is None else provenance
    before = frozenset(_uuid(activity) for activity in _finished(source, capture))
    try:
        yield
    finally:
        record(_finished(source, capture), capture, known=before)


def record(activities: Iterable[Mapping[str, Any]], capture: Capture, *, known: Iterable[str] = ()) -> int:
    """Write ctapipe activities, as `Provenance.provenance` lists them.

    Parameters
    ----------
    activities : iterable of mapping
        The activities.
    capture : Capture
        Where to.
    known : iterable of str
        Uuids of those to leave out.

    Returns
    -------
    int
        How many were written.
    """
    recorder = capture.recorder()
    if recorder is None:
        return 0
    written = set(known)
    busy = BUSY.set(True)
    try:
        for activity in activities:
            if _uuid(activity) not in written:
                written.add(_uuid(activity))
                recorder.announce(recorder.session())
                recorder.write(_records(activity, recorder))
    except CAUGHT as error:
        recorder.troubles.note("ctapipe's provenance", error)
    finally:
        BUSY.reset(busy)
    return len(written) - len(set(known))


def _provenance() -> Any:
    import importlib

    return importlib.import_module("ctapipe.core").Provenance()


def _finished(provenance: Any, capture: Capture) -> list[Mapping[str, Any]]:
    """List the finished activities of a ctapipe Provenance."""
    try:
        return [activity.provenance for activity in provenance.finished_activities]
    except CAUGHT as error:
        capture.troubles.note("ctapipe's provenance", error)
        return []


def _uuid(activity: Mapping[str, Any]) -> str:
    return str(activity.get("activity_uuid"))


def _records(activity: Mapping[str, Any], recorder: Recorder) -> Iterator[Data]:
    identity = _uuid(activity)
    inside = FAMILY.parent()
    parent = inside.activity if inside is not None else None
    start = recorder.start(identity, str(activity.get("activity_name")), recorder.session(), parent)
    yield {**start, "startTime": _time(activity.get("start")) or start["startTime"]}
    parameters = recorder.maker.plain(_flat(activity.get("config") or {}))
    if parameters:
        yield {"activity_id": identity, "parameters": parameters}
    for key, relation in (("input", "used"), ("output", "generated")):
        for entry in activity.get(key) or ():
            yield from _file(identity, relation, entry, recorder)
    yield _end(identity, activity)


def _file(identity: str, relation: str, entry: Any, recorder: Recorder) -> Iterator[Data]:
    fields = entry if isinstance(entry, Mapping) else {"url": entry}
    url = str(fields.get("url") or "")
    if url:
        path = unquote(urlsplit(url).path) if url.startswith("file://") else url
        role = fields.get("role")
        name = None if role is None else str(role)
        entity = recorder.maker.describer.file(path, name, facts={"type": "File"})
        yield entity
        link = {"activity_id": identity, f"{relation}_id": entity["entity_id"]}
        yield link if name is None else {**link, f"{relation}_role": name}


def _end(identity: str, activity: Mapping[str, Any]) -> Data:
    status = str(activity.get("status") or "unknown")
    end: Data = {"activity_id": identity, "status": _STATUS.get(status, status)}
    stop = _time(activity.get("stop"))
    if stop is not None:
        end["endTime"] = stop
    if isinstance(activity.get("exit_code"), int):
        end["exit_code"] = activity["exit_code"]
    return end


def _time(moment: Any) -> str | None:
    """Read ctapipe's UTC time, and say that it is UTC."""
    text = str(moment.get("time_utc") or "") if isinstance(moment, Mapping) else ""
    return f"{text}+00:00" if text else None


def _flat(config: Any) -> dict[str, Any]:
    """Flatten a configuration by one level: ``MyTool.threshold``."""
    flat: dict[str, Any] = {}
    for name, value in config.items() if isinstance(config, Mapping) else ():
        if isinstance(value, Mapping):
            flat.update((f"{name}.{key}", item) for key, item in value.items())
        else:
            flat[str(name)] = value
    return flat
