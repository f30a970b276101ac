"""A small pipeline that is in perfect order, and many ways to spoil it: one for each thing a check looks for.

The clean log has one record a line, and the model file is text: every spoiled thing has a known line in both.
A mutation changes the records (as a broken pipeline would), the text of the model file (as a careless author
would), or the statements of the graph (as a broken converter would).
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from provrdf.config import Config
from provrdf.graph import write_nquads
from provrdf.iris import VOCABULARY_PREFIXES, model_generation, model_parameter, model_usage
from provrdf.model import Model, load_model
from provrdf.records import Record
from provrdf.report import Report
from provrdf.validate import TextGraphs, validate

MODEL = """\
activities:
  calibrate:
    description: Make the calibration of a run
    docurl: https://example.org/calibrate
    parameters:
      - name: gain
        datatype: double
        min: 0.5
        max: 2.0
        unit: adu/ph
        ucd: instr.calib
        utype: obs:Calibration.gain
      - name: mode
        datatype: char
        arraysize: "8*"
        options: [fast, careful, exact, "very slow"]
        default: exact
      - name: pixels
        datatype: short
        arraysize: "*"
      - name: depth
        datatype: unsignedByte
      - name: night
        datatype: char
        arraysize: "*"
        multiplicity: 1
      - name: flat
        datatype: boolean
      - name: valid
        datatype: char
        arraysize: "*"
        xtype: timestamp
        min: "2026-01-01T00:00:00"
        max: "2026-12-31T23:59:59"
    usage:
      - role: Raw file
        entityName: RawFile
        multiplicity: 1
      - role: Dark file
        entityName: DarkFile
      - role: Flat file
        entityName: FlatFile
        multiplicity: 0..2
    generation:
      - role: Calibration
        entityName: CalibrationFile
        multiplicity: 1
      - role: Check plot
        entityName: PlotFile
  select:
    description: Choose the events of a run
    usage:
      - role: Event store
        entityName: EventStore
      - role: Calibration
        entityName: CalibrationFile
    generation:
      - role: Selection
        entityName: Selection
        has_members:
          list: selection.events
          entityName: EventFile
        has_progenitors:
          entityName: EventStore
      - role: Night list
        entityName: NightSet
entities:
  RawFile:
    type: File
    contentType: application/fits
    docurl: https://example.org/raw
  DarkFile:
    type: File
    contentType: application/fits
  FlatFile:
    type: File
  CalibrationFile:
    type: File
    contentType: application/x-hdf
  PlotFile:
    type: File
    contentType: application/pdf
  EventStore:
    type: FileCollection
    index: index.fits.gz
  EventFile:
    type: File
    contentType: application/fits
  Selection:
    type: PythonObject
  NightSet:
    type: SetCollection
agents:
  observer:
    email: observer@example.org
    orcid: https://orcid.org/0000-0002-1825-0097
"""

Records = list[dict[Any, Any]]
START, STOP = "2026-03-01T02:00:00", "2026-03-01T02:05:00"


def _digest(name: str) -> str:
    return hashlib.md5(f"content of {name}".encode(), usedforsecurity=False).hexdigest()


def _file(name: str, kind: str, content_type: str | None, path: str, type_: str = "File") -> dict[str, Any]:
    entity = {
        "entity_id": _digest(name),
        "name": kind,
        "filepath": path,
        "hash": _digest(name),
        "hash_type": "md5",
        "type": type_,
    }
    return entity | ({"contentType": content_type} if content_type else {})


def clean_records() -> Records:
    """List the records of the pipeline in perfect order."""
    session = {"session_id": "2026030101701", "name": "01701", "startTime": START, "observation_run": "01701"}
    a, b = {"activity_id": "aaaaa1"}, {"activity_id": "bbbbb2"}
    common = {"in_session": "2026030101701", "agent_name": "observer"}
    index = _file("index", "EventFile", "application/fits", "/data/store/index.fits.gz")
    return [
        session,
        {**a, "name": "calibrate", "startTime": START, **common},
        {
            **a,
            "parameters": {
                "gain": 1.25,
                "mode": "fast",
                "pixels": [1, 2, 3],
                "depth": 12,
                "night": "20260301",
                "flat": True,
                "valid": "2026-03-01T00:00:00",
            },
        },
        _file("raw", "RawFile", "application/fits", "/data/raw/run01701.fits"),
        {**a, "used_id": _digest("raw"), "used_role": "Raw file"},
        _file("dark", "DarkFile", "application/fits", "/data/dark/dark.fits"),
        {**a, "used_id": _digest("dark"), "used_role": "Dark file"},
        _file("flat", "FlatFile", None, "/data/flat/flat.fits"),
        {**a, "used_id": _digest("flat"), "used_role": "Flat file"},
        _file("calibration", "CalibrationFile", "application/x-hdf", "/data/cal/run01701.h5"),
        {**a, "generated_id": _digest("calibration"), "generated_role": "Calibration"},
        _file("plot", "PlotFile", "application/pdf", "/data/cal/run01701.pdf"),
        {**a, "generated_id": _digest("plot"), "generated_role": "Check plot"},
        {**a, "endTime": STOP},
        {**b, "name": "select", "startTime": "2026-03-01T03:00:00", **common},
        _file("store", "EventStore", None, "/data/store", "FileCollection"),
        index,
        {"entity_id": _digest("store"), "member_id": _digest("index")},
        {**b, "used_id": _digest("store"), "used_role": "Event store"},
        {**b, "used_id": _digest("calibration"), "used_role": "Calibration"},
        {"entity_id": "selection-1", "name": "Selection", "type": "PythonObject", "value": "3 events"},
        _file("event", "EventFile", "application/fits", "/data/store/event.fits"),
        {"entity_id": "selection-1", "member_id": _digest("event")},
        {"entity_id": "selection-1", "progenitor_id": _digest("store")},
        {**b, "generated_id": "selection-1", "generated_role": "Selection"},
        _file("nights", "NightSet", None, "/data/nights", "SetCollection"),
        {"entity_id": _digest("nights"), "member_id": _digest("event")},
        {**b, "generated_id": _digest("nights"), "generated_role": "Night list"},
        {**b, "endTime": "2026-03-01T03:05:00"},
    ]


class Statements:
    """The statements of the session graph, to be changed by hand."""

    def __init__(self, text: TextGraphs, model: Model, base: str) -> None:
        self.model = model
        self.base = base
        self.graph = next(name for name in text.names() if "/graph/2026" in name)
        self.others = {name: text.statements(name) for name in text.names() if name != self.graph}
        self.lines = list(text.statements(self.graph))

    def iri(self, part: str) -> str:
        """IRI (in brackets) of the first subject whose IRI matches a regular expression."""
        return next(line.split(" ", 1)[0] for line in self.lines if re.search(part, line.split(" ", 1)[0]))

    def drop(self, subject: str, predicate: str) -> None:
        """Remove the statements of a subject with a predicate (as a prefixed name)."""
        start = f"{subject} {term(predicate)} "
        kept = [line for line in self.lines if not line.startswith(start)]
        assert len(kept) < len(self.lines), f"nothing to drop: {start}"
        self.lines = kept

    def add(self, subject: str, predicate: str, value: str) -> None:
        """Add a statement."""
        self.lines.append(f"{subject} {term(predicate)} {value}")

    def set(self, subject: str, predicate: str, value: str) -> None:
        """Replace the values of a predicate."""
        self.drop(subject, predicate)
        self.add(subject, predicate, value)

    def rename(self, old: str, new: str) -> None:
        """Give a node another name everywhere."""
        self.lines = [line.replace(old, new) for line in self.lines]

    def graphs(self) -> TextGraphs:
        """Build the changed dataset."""
        text = TextGraphs()
        for name, statements in {self.graph: self.lines, **self.others}.items():
            for statement in statements:
                text.add_statement(name, statement)
        return text


def term(curie: str) -> str:
    """Term of a prefixed name."""
    prefix, _, name = curie.partition(":")
    return f"<{VOCABULARY_PREFIXES[prefix]}{name}>"


def time(text: str) -> str:
    """Literal of a time."""
    return f'"{text}"^^<http://www.w3.org/2001/XMLSchema#dateTime>'


@dataclass(frozen=True)
class Mutation:
    """One way to spoil the pipeline.

    Attributes
    ----------
    name : str
    check : str
        Id of the check that must find it.
    severity : str
    records, statements, model : callable or None
        What is changed; `records` and `statements` change in place, `model` returns new text.
    log : callable or None
        Finds the record that the finding must point at, among the changed records; None: no log line.
    text : str
        Text of the line of the model file that the finding must point at; empty: no line.
    after : str
        Text of an earlier line of the model file, to tell equal lines apart.
    """

    name: str
    check: str
    severity: str = "violation"
    records: Callable[[Records], None] | None = None
    statements: Callable[[Statements], None] | None = None
    model: Callable[[str], str] | None = None
    log: Callable[[dict[Any, Any]], bool] | None = None
    text: str = ""
    after: str = ""

    def model_line(self, source: str) -> int | None:
        """Line of the model file that the finding must point at."""
        if not self.text:
            return None
        lines = source.split("\n")
        first = next((n for n, line in enumerate(lines) if self.after in line), 0)
        return next(n for n, line in enumerate(lines[first:], first + 1) if self.text in line)

    def log_line(self, records: Records) -> int | None:
        """Line of the log that the finding must point at."""
        if self.log is None:
            return None
        return next(n for n, record in enumerate(records, 1) if self.log(record))


@dataclass
class Case:
    """A spoiled pipeline, ready to be validated."""

    records: Records
    source: str
    model: Model
    graphs: TextGraphs
    lines: dict[str, tuple[str, int]] = field(default_factory=dict)

    def report(self, **options: Any) -> Report:
        """Validate it."""
        return validate(self.graphs, model=self.model, lines=self.lines, **{"rules": ("model",), **options})


def build(folder: Path, mutation: Mutation | None = None) -> Case:
    """Write the model file, map the records, and spoil what the mutation spoils."""
    records = copy.deepcopy(clean_records())
    source = MODEL
    if mutation is not None and mutation.records is not None:
        mutation.records(records)
    if mutation is not None and mutation.model is not None:
        source = mutation.model(source)
        assert source != MODEL, mutation.name
    path = folder / "definition.yaml"
    path.write_text(source, "utf-8")
    model = load_model(path)
    text = TextGraphs()
    lines: dict[str, tuple[str, int]] = {}
    logged = [Record("2026-03-01T06:00:00", data, "prov.log", n) for n, data in enumerate(records, 1)]
    write_nquads(logged, text, config=Config(), model=model, lines=lines)
    if mutation is not None and mutation.statements is not None:
        statements = Statements(text, model, Config().base)
        mutation.statements(statements)
        text = statements.graphs()
    return Case(records, source, model, text, lines)


# -- ways to change records -----------------------------------------------------------------------


def _find(records: Records, **wanted: Any) -> dict[Any, Any]:
    return next(r for r in records if all(r.get(key) == value for key, value in wanted.items()))


def change(found: dict[str, Any], **new: Any) -> Callable[[Records], None]:
    """Change the record that has these values; None removes a key."""

    def mutate(records: Records) -> None:
        record = _find(records, **found)
        record.update(new)
        for key in [key for key, value in new.items() if value is None]:
            del record[key]

    return mutate


def also(found: dict[str, Any], **new: Any) -> Callable[[Records], None]:
    """Log a record a second time, with other values."""

    def mutate(records: Records) -> None:
        record = _find(records, **found)
        records.insert(records.index(record) + 1, record | new)

    return mutate


def remove(**found: Any) -> Callable[[Records], None]:
    """Remove the record that has these values."""
    return lambda records: records.remove(_find(records, **found))


def parameter(**new: Any) -> Callable[[Records], None]:
    """Change parameters of calibrate; None removes one."""

    def mutate(records: Records) -> None:
        record = next(r for r in records if "parameters" in r)
        record["parameters"].update(new)
        record["parameters"] = {
            key: value for key, value in record["parameters"].items() if value is not None
        }

    return mutate


def use_twice_more(records: Records) -> None:
    """Let calibrate use three flat files, where two are allowed."""
    at = records.index(_find(records, used_role="Flat file"))
    for name in ("flat2", "flat3"):
        records.insert(at + 1, {"activity_id": "aaaaa1", "used_id": _digest(name), "used_role": "Flat file"})
        records.insert(at + 1, _file(name, "FlatFile", None, f"/data/flat/{name}.fits"))


def later_input(records: Records) -> None:
    """Let calibrate use what select made an hour later (an object, which has no versions)."""
    at = records.index(_find(records, used_role="Flat file"))
    records.insert(at + 1, {"activity_id": "aaaaa1", "used_id": "selection-1", "used_role": "Flat file"})


def has(**wanted: Any) -> Callable[[dict[Any, Any]], bool]:
    """Whether a record has these values."""
    return lambda record: all(record.get(key) == value for key, value in wanted.items())


def replaced(old: str, new: str) -> Callable[[str], str]:
    """Change the text of the model file."""
    return lambda source: source.replace(old, new, 1)


# -- ways to change statements --------------------------------------------------------------------

CALIBRATE, SELECT = r"/activity/.*aaaaa1>$", r"/activity/.*bbbbb2>$"
_RAW_USAGE, _CAL = r"/usage/.*Raw%20file", r"/entity/[0-9a-f]{32}--.*calibrate--1>$"


def on(part: str, change_: Callable[[Statements, str], None]) -> Callable[[Statements], None]:
    """Change statements about the node whose IRI matches."""
    return lambda statements: change_(statements, statements.iri(part))


def second_generation(statements: Statements) -> None:
    """Let select generate the calibration too."""
    file, maker = statements.iri(_CAL), statements.iri(SELECT)
    node = f"<{statements.base}generation/second>"
    statements.add(file, "prov:wasGeneratedBy", maker)
    statements.add(file, "prov:qualifiedGeneration", node)
    statements.add(node, "rdf:type", term("prov:Generation"))
    statements.add(node, "prov:activity", maker)


def second_parameter(statements: Statements) -> None:
    """Give calibrate the parameter gain twice."""
    node = f"<{statements.base}parameter/second>"
    statements.add(statements.iri(CALIBRATE), "voprov:wasConfiguredBy", node)
    statements.add(node, "rdf:type", term("voprov:Parameter"))
    statements.add(node, "voprov:name", '"gain"')
    statements.add(node, "prov:value", '"1.5"^^<http://www.w3.org/2001/XMLSchema#double>')


def unlink(statements: Statements) -> None:
    """Take a usage away from its activity, and leave it lying about."""
    usage = statements.iri(_RAW_USAGE)
    statements.lines = [line for line in statements.lines if not line.endswith(f"{usage}")]


def unrelated_file(statements: Statements) -> None:
    """Add a file that nobody used or generated."""
    node = f"<{statements.base}entity/stray>"
    statements.add(node, "rdf:type", term("prov:Entity"))
    statements.add(node, "rdf:type", term("voprov:DatasetEntity"))
    statements.add(node, "rdfs:label", '"stray.fits"')


def used_nothing(statements: Statements) -> None:
    """Let calibrate use something of which nothing is known."""
    statements.add(statements.iri(CALIBRATE), "prov:used", f"<{statements.base}entity/gone>")


def describe(mint: Callable[..., str], *names: str) -> Callable[[Statements], str]:
    """IRI of a description of the model."""
    return lambda statements: f"<{mint(statements.base, statements.model.sha256, *names)}>"


MODEL_MUTATIONS = (
    Mutation(
        "unit",
        "model/parameter-unit",
        "info",
        model=replaced("unit: adu/ph", "unit: furlongs per fortnight"),
        text="unit: furlongs",
    ),
    Mutation(
        "ucd",
        "model/parameter-ucd",
        "info",
        model=replaced("instr.calib", "gain of it"),
        text="ucd: gain of it",
    ),
    Mutation(
        "utype",
        "model/parameter-utype",
        "info",
        model=replaced("obs:Calibration.gain", "gain here"),
        text="utype: gain here",
    ),
    Mutation(
        "activity docurl",
        "model/docurl",
        "info",
        model=replaced("docurl: https://example.org/calibrate", "docurl: see the wiki"),
        text="docurl: see the wiki",
    ),
    Mutation(
        "entity docurl",
        "model/docurl",
        "info",
        model=replaced("docurl: https://example.org/raw", "docurl: in the office"),
        text="docurl: in the office",
    ),
)

RECORD_MUTATIONS = (
    Mutation(
        "unknown activity",
        "model/activity-unknown",
        "warning",
        records=change({"name": "calibrate"}, name="calibrte"),
        log=has(name="calibrte"),
    ),
    Mutation(
        "unknown entity",
        "model/entity-unknown",
        "warning",
        records=change({"name": "FlatFile"}, name="FlatFiel"),
        log=has(name="FlatFiel"),
    ),
    Mutation(
        "missing role with multiplicity",
        "model/role-missing",
        records=remove(used_role="Raw file"),
        log=has(name="calibrate"),
        text="multiplicity: 1",
        after="role: Raw file",
    ),
    Mutation(
        "missing role without multiplicity",
        "model/role-missing",
        "warning",
        records=remove(used_role="Dark file"),
        log=has(name="calibrate"),
        text="role: Dark file",
    ),
    Mutation(
        "missing generation with multiplicity",
        "model/role-missing",
        records=remove(generated_role="Calibration"),
        log=has(name="calibrate"),
        text="multiplicity: 1",
        after="role: Calibration",
    ),
    Mutation(
        "missing generation without multiplicity",
        "model/role-missing",
        "warning",
        records=remove(generated_role="Check plot"),
        log=has(name="calibrate"),
        text="role: Check plot",
    ),
    Mutation(
        "role too often",
        "model/role-repeated",
        records=use_twice_more,
        log=has(name="calibrate"),
        text="multiplicity: 0..2",
    ),
    Mutation(
        "undeclared usage role",
        "model/role-unknown",
        "warning",
        records=change({"used_role": "Dark file"}, used_role="Drak file"),
        log=has(used_role="Drak file"),
        text="calibrate:",
    ),
    Mutation(
        "undeclared generation role",
        "model/role-unknown",
        "warning",
        records=change({"generated_role": "Check plot"}, generated_role="Plot"),
        log=has(generated_role="Plot"),
        text="calibrate:",
    ),
    Mutation(
        "wrong kind used",
        "model/role-kind",
        records=change({"name": "RawFile"}, name="DarkFile"),
        log=has(used_role="Raw file"),
        text="entityName: RawFile",
    ),
    Mutation(
        "wrong kind generated",
        "model/role-kind",
        records=change({"name": "PlotFile"}, name="FlatFile"),
        log=has(generated_role="Check plot"),
        text="entityName: PlotFile",
    ),
    Mutation(
        "undeclared parameter",
        "model/parameter-unknown",
        "warning",
        records=parameter(gian=1.0),
        log=lambda record: "parameters" in record,
        text="calibrate:",
    ),
    Mutation(
        "missing parameter",
        "model/parameter-missing",
        records=parameter(night=None),
        log=has(name="calibrate"),
        text="multiplicity: 1",
        after="name: night",
    ),
    Mutation(
        "wrong datatype (text for a number)",
        "model/parameter-type",
        records=parameter(gain="high"),
        log=lambda record: "parameters" in record,
        text="datatype: double",
    ),
    Mutation(
        "wrong datatype (number for a text)",
        "model/parameter-type",
        records=parameter(night=20260301),
        log=lambda record: "parameters" in record,
        text="datatype: char",
        after="name: night",
    ),
    Mutation(
        "wrong datatype (text for a boolean)",
        "model/parameter-type",
        records=parameter(flat="yes"),
        log=lambda record: "parameters" in record,
        text="datatype: boolean",
    ),
    Mutation(
        "arraysize (single value for a list)",
        "model/parameter-type",
        records=parameter(pixels=7),
        log=lambda record: "parameters" in record,
        text="datatype: short",
    ),
    Mutation(
        "below min",
        "model/parameter-range",
        records=parameter(gain=0.1),
        log=lambda record: "parameters" in record,
        text="min: 0.5",
    ),
    Mutation(
        "above max",
        "model/parameter-range",
        records=parameter(gain=3),
        log=lambda record: "parameters" in record,
        text="max: 2.0",
    ),
    Mutation(
        "time after max",
        "model/parameter-range",
        records=parameter(valid="2027-03-01T00:00:00"),
        log=lambda record: "parameters" in record,
        text='max: "2026-12-31T23:59:59"',
    ),
    Mutation(
        "does not fit the datatype",
        "model/parameter-range",
        records=parameter(depth=300),
        log=lambda record: "parameters" in record,
        text="datatype: unsignedByte",
    ),
    Mutation(
        "not an option",
        "model/parameter-options",
        records=parameter(mode="slow"),
        log=lambda record: "parameters" in record,
        text="options: ",
    ),
    Mutation(
        "too long",
        "model/parameter-length",
        records=parameter(mode="very slow"),
        log=lambda record: "parameters" in record,
        text='arraysize: "8*"',
    ),
    Mutation(
        "default",
        "model/parameter-default",
        "info",
        records=parameter(mode="exact"),
        log=lambda record: "parameters" in record,
        text="default: exact",
    ),
    Mutation(
        "wrong content type",
        "model/content-type",
        records=change({"name": "PlotFile"}, contentType="image/png"),
        log=has(name="PlotFile"),
        text="contentType: application/pdf",
    ),
    Mutation(
        "two content types",
        "model/content-type",
        records=also({"name": "PlotFile"}, contentType="image/png"),
        log=has(name="PlotFile"),
        text="contentType: application/pdf",
    ),
    Mutation(
        "missing content type",
        "model/content-type",
        records=change({"name": "RawFile"}, contentType=None),
        log=has(name="RawFile"),
        text="contentType: application/fits",
        after="  RawFile:",
    ),
    Mutation(
        "file without location",
        "model/file-location",
        records=change({"name": "DarkFile"}, filepath=None),
        log=has(name="DarkFile"),
        text="type: File",
        after="  DarkFile:",
    ),
    Mutation(
        "hash of the path only",
        "model/file-checksum",
        "warning",
        records=change({"name": "DarkFile"}, hash_kind="path"),
        log=has(name="DarkFile"),
        text="type: File",
        after="  DarkFile:",
    ),
    Mutation(
        "collection that is a single file",
        "model/collection",
        "warning",
        records=lambda records: (
            remove(entity_id=_digest("store"), member_id=_digest("index"))(records),
            change({"name": "EventStore"}, type="File")(records),
        )[0],
        log=has(name="EventStore"),
        text="type: FileCollection",
    ),
    Mutation(
        "collection without members",
        "model/collection-index",
        "warning",
        records=remove(entity_id=_digest("store"), member_id=_digest("index")),
        log=has(name="EventStore"),
        text="index: index.fits.gz",
    ),
    Mutation(
        "collection without index",
        "model/collection-index",
        "warning",
        records=change({"filepath": "/data/store/index.fits.gz"}, filepath="/data/store/other.fits.gz"),
        log=has(name="EventStore"),
        text="index: index.fits.gz",
    ),
    Mutation(
        "set without members",
        "model/set-members",
        "info",
        records=remove(entity_id=_digest("nights"), member_id=_digest("event")),
        log=has(name="NightSet"),
        text="type: SetCollection",
    ),
    Mutation(
        "object without value",
        "model/object-value",
        "info",
        records=change({"name": "Selection"}, value=None),
        log=has(name="Selection"),
        text="type: PythonObject",
    ),
    Mutation(
        "no members",
        "model/member-missing",
        "info",
        records=remove(entity_id="selection-1", member_id=_digest("event")),
        log=has(generated_role="Selection"),
        text="has_members:",
    ),
    Mutation(
        "member of another kind",
        "model/member-kind",
        records=change({"filepath": "/data/store/event.fits"}, name="FlatFile"),
        log=has(generated_role="Selection"),
        text="has_members:",
    ),
    Mutation(
        "no progenitor",
        "model/progenitor-missing",
        "warning",
        records=remove(entity_id="selection-1", progenitor_id=_digest("store")),
        log=has(generated_role="Selection"),
        text="has_progenitors:",
    ),
    Mutation(
        "no output",
        "model/no-output",
        "warning",
        records=lambda records: (
            remove(generated_role="Calibration")(records),
            remove(generated_role="Check plot")(records),
        )[0],
        log=has(name="calibrate"),
        text="calibrate:",
    ),
    Mutation(
        "end before start",
        "data/time-order",
        records=change({"endTime": STOP}, endTime="2026-03-01T01:00:00"),
        log=has(name="calibrate"),
    ),
    Mutation(
        "no end", "data/end-missing", "warning", records=remove(endTime=STOP), log=has(name="calibrate")
    ),
    Mutation(
        "no start",
        "data/start-missing",
        records=change({"name": "calibrate"}, startTime=None),
        log=has(name="calibrate"),
    ),
    Mutation(
        "no agent",
        "data/agent-missing",
        "warning",
        records=change({"name": "calibrate"}, agent_name=None),
        log=has(name="calibrate"),
    ),
    Mutation(
        "used without a record",
        "data/entity-missing",
        records=remove(name="FlatFile"),
        log=has(used_role="Flat file"),
    ),
    Mutation("clock order", "data/clock-order", "warning", records=later_input, log=has(name="calibrate")),
)

STATEMENT_MUTATIONS = (
    Mutation(
        "two starts",
        "data/start-repeated",
        statements=on(
            CALIBRATE, lambda s, node: s.add(node, "prov:startedAtTime", time("2026-03-01T02:01:00Z"))
        ),
        log=has(name="calibrate"),
    ),
    Mutation(
        "two ends",
        "data/end-repeated",
        statements=on(
            CALIBRATE, lambda s, node: s.add(node, "prov:endedAtTime", time("2026-03-01T02:06:00Z"))
        ),
        log=has(name="calibrate"),
    ),
    Mutation(
        "naive time",
        "data/time-zone",
        statements=on(
            CALIBRATE, lambda s, node: s.set(node, "prov:startedAtTime", time("2026-03-01T02:00:00"))
        ),
        log=has(name="calibrate"),
    ),
    Mutation(
        "time that is a text",
        "data/time-type",
        statements=on(CALIBRATE, lambda s, node: s.set(node, "prov:endedAtTime", '"2026-03-01T02:05:00Z"')),
        log=has(name="calibrate"),
    ),
    Mutation(
        "agent without name",
        "data/agent-name",
        statements=on(r"/agent/", lambda s, node: s.drop(node, "voprov:name")),
        log=has(name="calibrate"),
    ),
    Mutation(
        "two generations",
        "data/several-makers",
        statements=second_generation,
        log=has(name="CalibrationFile"),
    ),
    Mutation(
        "repeated parameter",
        "model/parameter-repeated",
        statements=second_parameter,
        log=has(name="calibrate"),
        text="name: gain",
    ),
    Mutation(
        "two locations",
        "model/file-location",
        statements=on(
            f"/entity/{_digest('raw')}>",
            lambda s, node: (
                s.drop(node, "spdx:checksum"),
                s.add(node, "prov:atLocation", "<file:///elsewhere>"),
                s.add(node, "voprov:location", '"/elsewhere"'),
            )[0],
        ),
        log=has(name="RawFile"),
        text="type: File",
        after="  RawFile:",
    ),
    Mutation(
        "two copies",
        "model/file-copies",
        "info",
        statements=on(
            f"/entity/{_digest('raw')}>",
            lambda s, node: s.add(node, "prov:atLocation", "<file:///elsewhere>"),
        ),
        log=has(name="RawFile"),
        text="type: File",
        after="  RawFile:",
    ),
    Mutation(
        "parameter without value",
        "data/parameter-value",
        statements=on(r"/parameter/.*gain", lambda s, node: s.drop(node, "prov:value")),
        log=lambda record: "parameters" in record,
    ),
    Mutation(
        "parameter with two values",
        "data/parameter-value",
        statements=on(r"/parameter/.*night", lambda s, node: s.add(node, "prov:value", '"20260302"')),
        log=lambda record: "parameters" in record,
    ),
    Mutation(
        "usage of nothing",
        "data/relation-incomplete",
        statements=on(_RAW_USAGE, lambda s, node: s.drop(node, "prov:entity")),
        log=has(used_role="Raw file"),
    ),
    Mutation("usage by nobody", "data/relation-incomplete", statements=unlink, log=has(used_role="Raw file")),
    Mutation(
        "usage of two things",
        "data/relation-ambiguous",
        statements=on(
            _RAW_USAGE, lambda s, node: s.add(node, "prov:entity", s.iri(f"/entity/{_digest('dark')}>"))
        ),
        log=has(used_role="Raw file"),
    ),
    Mutation(
        "usage with two times",
        "data/relation-ambiguous",
        statements=on(
            _RAW_USAGE,
            lambda s, node: (
                s.add(node, "prov:atTime", time("2026-03-01T02:01:00Z")),
                s.add(node, "prov:atTime", time("2026-03-01T02:02:00Z")),
            )[0],
        ),
        log=has(used_role="Raw file"),
    ),
    Mutation(
        "blank node",
        "data/nameless",
        statements=lambda s: s.rename(s.iri(_RAW_USAGE), "_:b0"),
        log=has(name="calibrate"),
    ),
    Mutation(
        "made-up scheme",
        "data/made-up-name",
        statements=lambda s: s.rename(s.iri(f"/entity/{_digest('raw')}>"), "<id:raw>"),
        log=has(used_role="Raw file"),
    ),
    Mutation(
        "members of what is no collection",
        "data/collection",
        statements=on(
            r"selection-1>$",
            lambda s, node: setattr(
                s,
                "lines",
                [line for line in s.lines if line != f"{node} {term('rdf:type')} {term('prov:Collection')}"],
            ),
        ),
        log=has(name="Selection"),
    ),
    Mutation("dangling used", "data/entity-missing", statements=used_nothing, log=has(name="calibrate")),
    Mutation(
        "dangling maker",
        "data/activity-missing",
        statements=lambda s: s.add(s.iri(_CAL), "prov:wasGeneratedBy", f"<{s.base}activity/gone>"),
        log=None,
    ),
    Mutation("stray file", "data/file-unused", "info", statements=unrelated_file, log=None),
    Mutation(
        "direct form only",
        "data/one-sided",
        "warning",
        statements=lambda s: s.add(s.iri(CALIBRATE), "prov:used", s.iri(r"selection-1>$")),
        log=has(name="calibrate"),
    ),
    Mutation(
        "qualified form only",
        "data/one-sided",
        "warning",
        statements=on(_CAL, lambda s, node: s.drop(node, "prov:wasGeneratedBy")),
        log=has(name="CalibrationFile"),
    ),
    Mutation(
        "unexpected fact",
        "data/unexpected-fact",
        "info",
        statements=on(_RAW_USAGE, lambda s, node: s.add(node, "rdfs:comment", '"by hand"')),
        log=has(used_role="Raw file"),
    ),
    Mutation(
        "agent email",
        "model/agent-email",
        "warning",
        statements=on(r"/agent/", lambda s, node: s.add(node, "voprov:email", '"ask at the desk"')),
        log=has(name="calibrate"),
        text="email:",
    ),
    Mutation(
        "agent orcid",
        "model/agent-orcid",
        "warning",
        statements=on(r"/agent/", lambda s, node: s.add(node, "provrdf:orcid", "<https://orcid.org/1825>")),
        log=has(name="calibrate"),
        text="orcid:",
    ),
)

MUTATIONS = (*MODEL_MUTATIONS, *RECORD_MUTATIONS, *STATEMENT_MUTATIONS)
"""All of them."""

__all__ = ["MUTATIONS", "Case", "Mutation", "build", "model_generation", "model_parameter", "model_usage"]
