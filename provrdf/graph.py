"""Records to RDF: N-Quads text or an rdflib Dataset. The graph is a function of the *set* of records.

``inverse.to_records`` goes back. What comes after this module takes a Dataset and knows nothing of logs.
"""

from __future__ import annotations

import contextlib
import gc
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from provrdf._names import Names
from provrdf._sessions import SessionWriter
from provrdf._shared import write_environment, write_model
from provrdf.config import Config
from provrdf.identity import Collector, FileEvent, Resolution, resolve
from provrdf.identity.resolve import UNASSIGNED
from provrdf.iris import prefixes
from provrdf.records import Record
from provrdf.times import zone_of

if TYPE_CHECKING:
    from rdflib import Dataset

    from provrdf.model import Model

LineIndex = dict[str, tuple[str, int]]
"""IRI of a node -> file and line of the log line that made it."""

_CHUNK = 256  # pieces of text that are written at once: some hundred kB, which the processor's cache holds


class Summary(NamedTuple):
    """What was written.

    Attributes
    ----------
    records, sessions, activities, entities : int
        Entities are counted by logged id: the versions of a file are one.
    unknown : mapping
        (kind of subject, log key) -> how often a key without a rule was met. They are kept all the same.
    keyless : tuple of Record
        Records without any id: they speak of nothing and are not in the graph.
    """

    records: int
    sessions: int
    activities: int
    entities: int
    unknown: Mapping[tuple[str, str], int]
    keyless: tuple[Record, ...] = ()


class _Buffer:
    """Joins many small pieces of text into few writes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._pieces: list[str] = []
        self.write = self._pieces.append

    def flush(self, *, over: int = 0) -> None:
        if len(self._pieces) > over:
            self._stream.write("".join(self._pieces).encode("utf-8", "replace"))
            self._pieces.clear()


def write_nquads(
    records: Iterable[Record],
    stream: IO[bytes],
    *,
    config: Config | None = None,
    model: Model | None = None,
    lines: LineIndex | None = None,
    events: Iterable[FileEvent] = (),
) -> Summary:
    """Write records as N-Quads text.

    Parameters
    ----------
    records : iterable of Record
        In any order; read once. Memory grows with what they say, not with how often they say it.
    stream : binary file
    config : Config, optional
        Base IRI and time zone.
    model : Model, optional
        Adds descriptions, classes and roles of the model file, and its own graph.
    lines : dict, optional
        Filled with the log line of each node.
    events : iterable of FileEvent, optional
        What happened to files in sessions that are not among the records.

    Returns
    -------
    Summary
        How much was written, and the keys without a meaning of their own.
    """
    with _collection_paused():
        resolution = resolve_records(records, config=config, model=model, events=events)
        summary = write_resolution(resolution, stream, config=config, model=model, lines=lines)
        resolution.release()
        del resolution  # all is freed now, not found to be garbage later
        return summary


@contextlib.contextmanager
def _collection_paused() -> Iterator[None]:
    """Pause garbage collection: of the many objects made none is in a cycle, and looking costs a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def resolve_records(
    records: Iterable[Record] | Collector,
    *,
    config: Config | None = None,
    model: Model | None = None,
    events: Iterable[FileEvent] = (),
) -> Resolution:
    """Decide what the ids in records mean; the first half of `write_nquads`."""
    config = config or Config()
    collector = records if isinstance(records, Collector) else Collector(records)
    namespaces = model.namespaces if model else None
    zone = zone_of(config.timezone)
    return resolve(collector, base=config.base, zone=zone, namespaces=namespaces, events=events)


def write_resolution(
    resolution: Resolution,
    stream: IO[bytes],
    *,
    config: Config | None = None,
    model: Model | None = None,
    lines: LineIndex | None = None,
    only: Iterable[str] | None = None,
    shared: bool = True,
) -> Summary:
    """Write what was resolved; the second half of `write_nquads`.

    Parameters
    ----------
    only : iterable of str, optional
        Keys of the sessions to write; all by default.
    shared : bool
        Also write the graphs of environments and of the model.
    """
    config = config or Config()
    buffer = _Buffer(stream)
    writer = SessionWriter(
        Names(config.base, model, config.agents),
        zone_of(config.timezone),
        resolution,
        buffer.write,
        lines=lines,
        pause=lambda: buffer.flush(over=_CHUNK),
    )
    wanted = None if only is None else set(only)
    sessions = [session for session in resolution.sessions if wanted is None or session.key in wanted]
    for session in sessions:
        writer.session(session)
    if shared:
        for digest, content in sorted(resolution.environments.items()):
            write_environment(digest, content, config.base, buffer.write)
            buffer.flush(over=_CHUNK)
        if model is not None:
            write_model(model, config.base, buffer.write)
    buffer.flush()
    return Summary(
        records=resolution.records,
        sessions=sum(session.key != UNASSIGNED for session in sessions),
        activities=sum(len(session.activities) for session in sessions),
        entities=len({name for session in sessions for name in session.nodes}),
        unknown=writer.unknown,
        keyless=tuple(resolution.keyless),
    )


def to_dataset(
    records: Iterable[Record],
    *,
    config: Config | None = None,
    model: Model | None = None,
    lines: LineIndex | None = None,
) -> Dataset:
    """Turn records into an rdflib Dataset in memory, with prefixes bound.

    One named graph per session, and one for each environment and the model; the default graph is empty.

    Parameters
    ----------
    records : iterable of Record
        In any order; read once.
    config : Config, optional
        Base IRI and time zone.
    model : Model, optional
        Adds descriptions, classes and roles of the model file, and its own graph.
    lines : dict, optional
        Filled with the log line of each node.

    Returns
    -------
    rdflib.Dataset
    """
    text = io.BytesIO()
    write_nquads(records, text, config=config, model=model, lines=lines)
    return read_nquads(text.getvalue(), config=config)


def read_nquads(text: bytes, *, config: Config | None = None) -> Dataset:
    """Read N-Quads text into an rdflib Dataset with our prefixes; literals keep their form."""
    from rdflib import Dataset

    dataset = Dataset()
    for prefix, namespace in prefixes((config or Config()).base).items():
        dataset.bind(prefix, namespace)
    dataset.addN(_rdflib_quads(text, dataset))
    return dataset


def _rdflib_quads(text: bytes, dataset: Dataset) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Parse with Oxigraph, ten times faster than rdflib, and hand over rdflib terms."""
    import pyoxigraph
    from rdflib import Literal, URIRef

    graphs: dict[str, Any] = {}
    iris: dict[str, URIRef] = {}
    for quad in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS):
        subject, predicate, graph = quad.subject.value, quad.predicate.value, quad.graph_name.value
        if graph not in graphs:
            graphs[graph] = dataset.graph(URIRef(graph))
        target = quad.object
        if isinstance(target, pyoxigraph.Literal):
            value: Any = Literal(target.value, datatype=_datatype(target), normalize=False)
        else:
            value = iris.setdefault(target.value, URIRef(target.value))
        yield (
            iris.setdefault(subject, URIRef(subject)),
            iris.setdefault(predicate, URIRef(predicate)),
            value,
            graphs[graph],
        )


def _datatype(literal: Any) -> str | None:
    from rdflib import URIRef

    name = literal.datatype.value
    return None if name == "http://www.w3.org/2001/XMLSchema#string" else URIRef(name)


__all__ = [
    "LineIndex",
    "Summary",
    "read_nquads",
    "resolve_records",
    "to_dataset",
    "write_nquads",
    "write_resolution",
]
