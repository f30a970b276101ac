"""ctapipe's own provenance: JSON arrays of activities, those of later runs appended to the same file.

Each activity becomes the records that a logged pipeline would have written: its session (one per run of a
tool), the start, the parameters (its configuration), each file that it used or generated, and the end.
ctapipe logs true UTC, so the times get a ``Z``. Files are named by the MD5 of their path, as lstosa names
them, so that a file known to both is one entity.

ctapipe keeps a stack of activities and lists them as they finish; one that began while another was on the
stack belongs to that one, and to its session. Files of 2017 to 2026 differ: URLs without role, no uuid, no
status, no exit code, memory and CPU samples.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import IO, Any

from provrdf._payload import MAX_LINE, PayloadError, Reason
from provrdf.records import PREFIXES, Record
from provrdf.sources._log import Log, is_utf8

_START = re.compile(r'\{\s*"(?:activity_name|activity_uuid)"\s*:')
_BETWEEN = re.compile(r"[\s,\[\]]*")
_CHUNK = 2**18
_MAPPED = {
    "activity_name", "activity_uuid", "start", "stop", "system", "input", "output", "config",
    "status", "exit_code", "duration_min",
}  # fmt: skip


def matches(head: str, _prefixes: tuple[str, ...] = PREFIXES) -> bool:
    """Tell whether the beginning of a file is an activity, or an array of them."""
    between = _BETWEEN.match(head)
    return between is not None and _START.match(head, between.end()) is not None


def read(log: Log) -> Iterator[Record]:
    """Yield the records of each activity, array after array; one that an array repeats comes once."""
    done: set[str] = set()
    array: list[_Activity] = []
    for begins, activity in _activities(log):
        if begins:
            yield from _array(array, done, log)
            array = []
        array.append(activity)
    yield from _array(array, done, log)


class _Activity:
    """One activity of a file, and where it belongs."""

    def __init__(self, data: dict[str, Any], line: int, inexact: tuple[str, ...]) -> None:
        own = (
            data.get("activity_uuid")
            or hashlib.md5(  # noqa: S324 (an id, no protection)
                json.dumps(data, sort_keys=True).encode()
            ).hexdigest()
        )
        self.data = data
        self.line = line
        self.inexact = inexact
        self.parent: _Activity | None = None
        self.key = str(own)
        self.start = _utc(_part(data, "start").get("time_utc"))
        self.stop = _utc(_part(data, "stop").get("time_utc"))

    @property
    def top(self) -> _Activity:
        """The run of the tool that this activity is part of."""
        return self if self.parent is None else self.parent.top

    def holds(self, other: _Activity) -> bool:
        """Tell whether another activity, which finished earlier, began while this one was on the stack."""
        if not (self.start and other.start and other.stop):
            return False
        mine, its, its_end = map(datetime.fromisoformat, (self.start, other.start, other.stop))
        return mine < its or mine == its < its_end


def _activities(log: Log) -> Iterator[tuple[bool, _Activity]]:
    """Yield the activities of a file one by one, and whether a new array begins with each."""
    from provrdf._payload.objects import read_leading_object

    begins = True
    for line, text in _pieces(log.lines):
        try:
            if len(text) > MAX_LINE:
                raise PayloadError(Reason.TOO_LARGE)
            if not is_utf8(text):
                raise PayloadError(Reason.NOT_UTF8)
            data, inexact, end = read_leading_object(text)
            rest = text[end:]
            yield begins, _Activity(data, line, inexact)
            begins = "[" in rest
            log.tally.other += _BETWEEN.fullmatch(rest) is None
        except PayloadError as error:
            log.reject(line, error.reason, text)


def _pieces(stream: IO[str]) -> Iterator[tuple[int, str]]:
    """Yield the text from the start of each activity to the start of the next, and its line number."""
    text, line, found = "", 1, None
    while chunk := stream.read(_CHUNK):
        text += chunk
        while (found := found or _START.search(text)) and (after := _START.search(text, found.end())):
            line += text.count("\n", 0, found.start())
            yield line, text[found.start() : after.start()]
            line += text.count("\n", found.start(), after.start())
            text, found = text[after.start() :], None
        if (
            found and len(text) > 2 * MAX_LINE
        ):  # no activity is that long: give it up before the memory is full
            yield line + text.count("\n", 0, found.start()), text[found.start() :]
            line, text = line + text.count("\n"), ""
        found = None
    if found := _START.search(text):
        yield line + text.count("\n", 0, found.start()), text[found.start() :]


def _array(activities: list[_Activity], done: set[str], log: Log) -> Iterator[Record]:
    """Yield the records of the activities of one array."""
    stack: list[_Activity] = []
    for activity in reversed(activities):
        while stack and not stack[-1].holds(activity):
            stack.pop()
        activity.parent = stack[-1] if stack else None
        stack.append(activity)
    for activity in activities:
        if activity.key not in done:
            done.add(activity.key)
            for time, data, inexact in _records(activity):
                log.tally.records += 1
                yield Record(time, data, log.name, activity.line, inexact)


def _records(activity: _Activity) -> Iterator[tuple[str | None, dict[Any, Any], tuple[str, ...]]]:
    """Yield time and data of the records of one activity, in the order in which pipelines log."""
    data, start = activity.data, activity.start
    yield start, _session(activity), ()
    yield start, _begin(activity), ()
    if data.get("config"):
        inexact = tuple(
            f"parameters.{key.removeprefix('config.')}"
            for key in activity.inexact
            if key.startswith("config.")
        )
        yield start, {"activity_id": activity.key, "parameters": _parameters(data["config"])}, inexact
    for relation, key in (("used", "input"), ("generated", "output")):
        for one in _list(data.get(key)):
            for record in _file(activity.key, relation, one):
                yield start, record, ()
    end = _end(activity)
    if len(end) > 1:
        yield activity.stop or start, end, ()


def _session(activity: _Activity) -> dict[str, Any]:
    top, system = activity.top, dict(_part(activity.data, "system"))
    if "start_time_utc" in system:
        system["start_time_utc"] = _utc(system["start_time_utc"])
    return _without_none(
        session_id=top.key, name=top.data.get("activity_name"), startTime=top.start, system=system or None
    )


def _begin(activity: _Activity) -> dict[str, Any]:
    data, system = activity.data, _part(activity.data, "system")
    others = {key: value for key, value in data.items() if key not in _MAPPED and value is not None}
    return others | _without_none(
        activity_id=activity.key,
        name=data.get("activity_name"),
        startTime=activity.start,
        in_session=activity.top.key,
        parent_id=activity.parent.key if activity.parent else None,
        agent_name=_part(system, "environment").get("USER"),
        script=next(iter(_list(system.get("arguments"))), None),
        start=_samples(data, "start"),
    )


def _end(activity: _Activity) -> dict[str, Any]:
    data = activity.data
    return _without_none(
        activity_id=activity.key,
        endTime=activity.stop,
        status=data.get("status"),
        exit_code=data.get("exit_code"),
        duration_min=data.get("duration_min"),
        stop=_samples(data, "stop"),
    )


def _parameters(config: Any) -> dict[str, Any]:
    """Flatten a configuration by one level, ``MyTool.thr``; what is nested deeper stays a dictionary."""
    if not isinstance(config, dict):
        return {"config": config}
    flat: dict[str, Any] = {}
    for name, value in config.items():
        flat |= (
            {f"{name}.{key}": one for key, one in value.items()} if isinstance(value, dict) else {name: value}
        )
    return flat


def _file(activity_id: str, relation: str, entry: Any) -> Iterable[dict[str, Any]]:
    """Return the record of a file and that of its use or generation; entries were bare URLs until 2017."""
    fields = entry if isinstance(entry, dict) else {"url": entry}
    url = fields.get("url")
    if not url:
        return ()
    entity_id = hashlib.md5(_path(str(url)).encode()).hexdigest()  # noqa: S324 (lstosa's ids)
    meta = fields.get("reference_meta")
    entity = _without_none(entity_id=entity_id, location=str(url), type="File", reference_meta=meta)
    link = {"activity_id": activity_id, f"{relation}_id": entity_id, f"{relation}_role": fields.get("role")}
    return entity, _without_none(**link)


def _path(url: str) -> str:
    """Return the path of a file URL; anything else as it is."""
    from urllib.parse import unquote, urlsplit

    return unquote(urlsplit(url).path) if url.startswith("file://") else url


def _utc(time: Any) -> str | None:
    """Mark a time as UTC; None if it is no time."""
    if not isinstance(time, str):
        return None
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return None
    return f"{time}Z" if moment.tzinfo is None else moment.astimezone(UTC).isoformat()


def _part(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _samples(data: dict[str, Any], key: str) -> dict[str, Any] | None:
    """Return what was sampled with a time: memory and CPU, in files of 2017."""
    return {name: value for name, value in _part(data, key).items() if name != "time_utc"} or None


def _without_none(**fields: Any) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}
