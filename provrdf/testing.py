"""Made-up logs for tests: Hypothesis strategies of Records as the field's pipelines log them.

Every log is consistent: activities have a start, files are described before they are used, lines follow the
start of what they are about. It still has all that makes real logs awkward: sessions side by side and line by
line mixed, text and integer session ids, session records repeated with every task, ids that are hashes of
paths, files rewritten in place, files that several activities of a step write, steps executed again, activity
ids that occur twice, Python objects whose ids count in one process only, members, progenitors, activities
without an end, odd text. Needs Hypothesis.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from provrdf.records import Record

__all__ = ["DIALECTS", "logs", "plain_values", "records", "sessions"]

DIALECTS = ("lstosa", "gammapy", "logprov")
"""Whose way of logging; lstosa marks every line with its step and run, the others do not."""

_FIRST = datetime(2026, 11, 22, 7, 36, 13, 348707)  # noqa: DTZ001 (logs have naive local time)
_STEPS = ("r0_to_dl1", "dl1ab", "dl1_to_dl2", "get_datasets")
_WORDS = (
    "DL1",
    "events",
    "it's",
    'a "b"',
    "Öl & µ",
    "a--b",
    "50 %",
    "C:\\new",
    "x\ty",
    "two\nlines",
    "01618",
)
_FOLDERS = ("/fefs/aswg/data/real/DL1", "data", "/tmp/with space")  # noqa: S108 (names, not files)
_ENVIRONMENTS = (
    {"executable": "/opt/bin/python", "platform": {"machine": "x86_64", "node": "cp15", "num_cpus": 2}},
    {
        "python": {"version": "3.11.7", "packages": [{"name": "numpy", "version": "1.26.4"}]},
        "environment": {"USER": "lstanalyzer", "SHELL": None},
    },
)

Data = dict[Any, Any]


def plain_values() -> SearchStrategy[Any]:
    """Values of parameters: what a Python literal can hold, numbers finite."""
    numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    scalars = st.none() | st.booleans() | numbers | st.sampled_from(_WORDS) | _text()
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text(min_size=1), inner, max_size=3),
        max_leaves=5,
    )


def _text(*, min_size: int = 0) -> SearchStrategy[str]:
    return st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=min_size, max_size=8
    )


@dataclass
class _Process:
    """One session while it is made up: what it has logged, its clock and what it knows."""

    draw: DrawFn
    dialect: str
    number: int
    clock: datetime
    id: Any = None
    name: str = ""
    environment: Data = field(default_factory=dict)
    lines: list[tuple[datetime, Data]] = field(default_factory=list)
    tag: Data = field(default_factory=dict)
    known: list[Any] = field(default_factory=list)
    objects: int = 0

    def log(self, **data: Any) -> None:
        """Log one record, a little later than the one before."""
        self.clock += timedelta(microseconds=37)
        self.lines.append((self.clock, data | self.tag))

    def later(self) -> str:
        """Let up to a second pass; return the time then."""
        self.clock += timedelta(microseconds=self.draw(st.integers(1, 1_000_000)))
        return self.clock.isoformat()

    def name_key(self) -> str:
        """Return the key under which this dialect names the kind of an entity."""
        return "entity_description" if self.dialect == "logprov" else "name"


def records(*, max_activities: int = 3) -> SearchStrategy[Record]:
    """Single records, each taken from a consistent log."""
    return logs(max_sessions=1, max_activities=max_activities).flatmap(st.sampled_from)


def sessions(
    *, dialect: str | None = None, number: int = 0, max_activities: int = 4
) -> SearchStrategy[list[tuple[datetime, Data]]]:
    """Return what one session logs: times (naive) and payloads, in the order of its lines.

    Parameters
    ----------
    dialect : str, optional
        One of `DIALECTS`; default: any.
    number : int
        Which session of its log: makes its id, run and objects its own.
    max_activities : int
    """
    return _session(dialect, number, max_activities)


@st.composite
def _session(
    draw: DrawFn, dialect: str | None, number: int, max_activities: int
) -> list[tuple[datetime, Data]]:
    start = _FIRST + timedelta(milliseconds=draw(st.integers(0, 5_000)))
    process = _Process(draw, dialect or draw(st.sampled_from(DIALECTS)), number, start)
    process.environment = draw(st.sampled_from(_ENVIRONMENTS))
    run = 1615 + number
    process.name = f"{run:05d}"
    process.id = draw(st.sampled_from([f"20191123{run:05d}", 8739478486569 + number, 2**63 + number]))
    process.known = [_file(process, f"input_{run}_{count}.fits", "RawFile") for count in range(2)]
    for count in range(draw(st.integers(1, max_activities))):
        _activity(process, count, number)
    return process.lines


def _activity(process: _Process, count: int, number: int) -> None:
    """Make up one activity; its lines are logged at its end, as all the systems do."""
    draw = process.draw
    step = draw(st.sampled_from(_STEPS))
    if process.dialect == "lstosa":
        process.tag = {"session_tag": f"{step}:{process.name}"}
    start, end = process.later(), process.later()
    # the last hex digits of a uuid: they occur again in other sessions, where tags tell them apart
    others = "0" if process.dialect == "lstosa" else f"{number:x}"
    own = {"activity_id": f"{count:x}{others}{draw(st.sampled_from(['ab1c', 'd0fe']))}"}
    if count == 0 or process.dialect == "lstosa":
        _session_record(process, start)
    agent = {"agent_name": draw(st.sampled_from(["lstanalyzer", "test"]))}
    process.log(**own, name=step, startTime=start, in_session=process.id, **agent)
    if draw(st.booleans()):
        names = st.sampled_from(["StoreImage", "kwargs.value", "offset-max", "a b"])
        process.log(**own, parameters=draw(st.dictionaries(names, plain_values(), max_size=3)))
    used = draw(st.lists(st.sampled_from(process.known), max_size=3, unique_by=_id_of))
    for entity in used:
        _link(process, own, "used", entity)
    makers = _makers(process)
    for maker in draw(st.lists(st.sampled_from(makers), max_size=3, unique=True)):
        made = maker(process, count, number)
        _link(process, own, "generated", made)
        _relate(process, made, used)
        if made not in process.known:
            process.known.append(made)
    if draw(st.integers(0, 4)):
        process.log(**own, endTime=end)


def _session_record(process: _Process, start: str) -> None:
    facts = (
        {"name": process.name} if process.dialect != "logprov" else {"module": "builtins", "class": "dict"}
    )
    if process.dialect == "lstosa":
        facts |= {
            "observation_run": process.name,
            "observation_date": "20191123",
            "software_version": "v0.12.3",
        }
    process.log(session_id=process.id, startTime=start, system=process.environment, **facts)


def _link(process: _Process, own: Data, relation: str, entity: Data) -> None:
    """Log the description of an entity and that an activity used or generated it."""
    draw = process.draw
    process.log(**entity)
    role = draw(st.sampled_from(_WORDS[:7]) | st.none()) if process.dialect != "lstosa" else entity["name"]
    roles = {} if role is None else {f"{relation}_role": role}
    process.log(**own, **{f"{relation}_id": entity["entity_id"]}, **roles)


def _relate(process: _Process, made: Data, used: list[Data]) -> None:
    """Log members and progenitors of a new entity, where the dialect has them."""
    if process.dialect == "lstosa" or not used:
        return
    draw, other = process.draw, used[0]
    if other["entity_id"] == made["entity_id"]:
        return
    if draw(st.booleans()):
        time = {"generated_time": process.clock.isoformat()} if process.dialect == "logprov" else {}
        process.log(entity_id=made["entity_id"], progenitor_id=other["entity_id"], **time)
    if draw(st.booleans()):
        process.log(entity_id=made["entity_id"], member_id=other["entity_id"])


def _makers(process: _Process) -> list[Callable[[_Process, int, int], Data]]:
    if process.dialect == "lstosa":
        return [_rewritten, _of_run, _new_file]
    return [_rewritten, _content_file, _object]


def _rewritten(process: _Process, _count: int, _number: int) -> Data:
    """Describe a file that every step of the session may write anew, in place."""
    return _file(process, f"dl1_{process.name}.h5", "DL1Dataset")


def _of_run(process: _Process, _count: int, _number: int) -> Data:
    """Describe a file that the activities of a run write together, and other sessions too."""
    return _file(process, "datacheck_run.pdf", "CheckPlot")


def _new_file(process: _Process, count: int, number: int) -> Data:
    return _file(process, f"file_{number}_{count}.h5", process.draw(st.sampled_from(["DL2Dataset", "Muons"])))


def _file(process: _Process, name: str, kind: str) -> Data:
    """Describe a file by the hash of its path."""
    path = f"{_FOLDERS[len(name) % len(_FOLDERS)]}/{name}"
    digest = hashlib.md5(path.encode()).hexdigest()  # noqa: S324 (what the logs have)
    place = "filepath" if process.dialect == "lstosa" else "location"
    facts = {process.name_key(): kind, place: path, "hash": digest, "hash_type": "md5", "type": "File"}
    return {"entity_id": digest, **facts, "contentType": "application/x-hdf"}


def _content_file(process: _Process, count: int, _number: int) -> Data:
    """Describe a file by the hash of its content, which other files may share."""
    digest = hashlib.sha1(str(count % 2).encode()).hexdigest()  # noqa: S324
    facts = {process.name_key(): "YAMLFile", "location": f"model_{count}.yaml"}
    return {"entity_id": f"file:{digest}", **facts, "hash": digest, "hash_type": "sha1", "type": "File"}


def _object(process: _Process, count: int, _number: int) -> Data:
    """Describe a Python object; sessions number theirs alike."""
    process.objects += 1
    value = {"value": process.draw(st.sampled_from(_WORDS))} if process.draw(st.booleans()) else {}
    facts = {process.name_key(): "Datasets", "type": "PythonObject"}
    return {"entity_id": 519318473740404787 + count * 2**62 + process.objects, **facts, **value}


def _id_of(entity: Data) -> str:
    return str(entity["entity_id"])


@st.composite
def logs(
    draw: DrawFn,
    *,
    max_sessions: int = 3,
    max_activities: int = 4,
    dialect: str | None = None,
    file: str = "prov.log",
) -> list[Record]:
    """Whole logs: sessions of one or several dialects, their lines mixed.

    Parameters
    ----------
    max_sessions, max_activities : int
        How many sessions, and activities in each, at most.
    dialect : str, optional
        One of `DIALECTS`; default: each session its own.
    file : str
        The name of the log in the records.

    Returns
    -------
    list of Record
        In the order of the lines, which is not always that of their times.
    """
    count = draw(st.integers(1, max_sessions))
    written = [draw(_session(dialect, number, max_activities)) for number in range(count)]
    turns = draw(st.permutations([index for index, lines in enumerate(written) for _ in lines]))
    queues = [iter(lines) for lines in written]
    ordered = [next(queues[turn]) for turn in turns]
    return [Record(time.isoformat(), data, file, line) for line, (time, data) in enumerate(ordered, 1)]
