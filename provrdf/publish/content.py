"""What is published: graphs as sorted lines of N-Triples, each with a digest, none held in memory twice.

The unit is the session graph (and the small shared graphs of environments and models, which are handled
alike). Its content decides its name in the store, so the same content is the same graph, wherever it is
published from.
"""

from __future__ import annotations

import contextlib
import hashlib
import heapq
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from provrdf.errors import FormatError
from provrdf.publish.fingerprint import Fingerprint, FingerprintBuilder
from provrdf.publish.portable import portable
from provrdf.publish.statement import Statement, Value, check_iri, parse_statement, write_triple

MEMORY = 64 << 20
"""Bytes of lines kept in memory, all graphs together, before files take over."""

_CHUNK = 1 << 18
Change = Callable[[Statement], Statement | None]
"""Takes a statement and gives what may be published of it, or None."""


@dataclass(frozen=True)
class Content:
    """The lines of one graph: sorted, without doubles, in memory or in a file.

    Attributes
    ----------
    size : int
        Bytes.
    digest : str
        SHA-256 of the bytes, hexadecimal.
    fingerprint : Fingerprint
        Counts by hash, what a store is asked for to compare.
    """

    source: bytes | Path = field(repr=False)
    size: int
    digest: str
    fingerprint: Fingerprint

    @property
    def triples(self) -> int:
        """Number of statements."""
        return self.fingerprint.triples

    def open(self) -> BinaryIO:
        """Open the lines for reading; every call starts at the first."""
        return io.BytesIO(self.source) if isinstance(self.source, bytes) else self.source.open("rb")

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes in pieces, each time anew: an upload can be repeated."""
        with self.open() as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk

    def lines(self) -> Iterator[str]:
        """Yield the lines, each with its line end."""
        with self.open() as stream:
            for line in stream:
                yield line.decode()

    def statements(self) -> Iterator[Statement]:
        """Yield the statements in order."""
        return map(parse_statement, self.lines())


@dataclass(frozen=True)
class SessionGraph:
    """One graph that is published as a whole.

    Attributes
    ----------
    name : str
        Its IRI here, ``{base}graph/K``: the same for all its versions.
    key : str
        ``K``.
    session : str or None
        IRI of the session it is about; None for shared graphs.
    content : Content
        What it says.
    """

    name: str
    key: str
    session: str | None
    content: Content

    @property
    def published(self) -> str:
        """IRI of this very content in a store; another content has another."""
        return f"{self.name}--{self.content.digest[:32]}"


class _Lines:
    """Collects the lines of one graph; what is too much for memory is sorted and set aside in files."""

    def __init__(self, folder: Path, stem: str) -> None:
        self._folder = folder
        self._stem = stem
        self._lines: list[bytes] = []
        self._parts: list[Path] = []
        self.size = 0

    def add(self, line: bytes) -> None:
        self._lines.append(line)
        self.size += len(line) + 50  # what Python adds to the bytes

    def set_aside(self) -> None:
        """Move the lines in memory to a file."""
        part = self._folder / f"{self._stem}.{len(self._parts)}"
        with part.open("wb") as stream:
            stream.writelines(sorted(self._lines))
        self._parts.append(part)
        self._lines, self.size = [], 0

    def finish(self) -> Content:
        """Sort, drop doubles, and take the digests on the way."""
        if self._parts:
            self.set_aside()
        builder, digest, size = FingerprintBuilder(), hashlib.sha256(), 0
        final = self._folder / self._stem
        with contextlib.ExitStack() as stack:
            out: BinaryIO = stack.enter_context(final.open("wb")) if self._parts else io.BytesIO()
            parts = [stack.enter_context(part.open("rb")) for part in self._parts]
            previous = b""
            for line in heapq.merge(*parts) if parts else sorted(self._lines):
                if line == previous:
                    continue
                previous = line
                out.write(line)
                digest.update(line)
                size += len(line)
                builder.add(line)
            source = final if isinstance(out, io.BufferedWriter) else out.getvalue()  # type: ignore[attr-defined]
        self._lines = []
        for part in self._parts:
            part.unlink()
        return Content(source, size, digest.hexdigest(), builder.build())


@contextlib.contextmanager
def collect(
    lines: Iterable[str | bytes], *, base: str, change: Change | None = None, memory: int = MEMORY
) -> Iterator[tuple[SessionGraph, ...]]:
    """Read N-Quads into graphs that can be published; large ones live in files until the block ends.

    Parameters
    ----------
    lines : iterable of str or bytes
        N-Quads, as ``provrdf.graph.write_nquads`` makes them; every line names a graph ``{base}graph/K``.
    base : str
        Base IRI.
    change : callable, optional
        What may be published of a statement, see :mod:`provrdf.publish.privacy`.
    memory : int
        Bytes kept in memory.

    Yields
    ------
    tuple of SessionGraph
        Shared graphs first, then sessions, each by name.

    Raises
    ------
    FormatError
        A line cannot be published; says which and why.
    """
    with tempfile.TemporaryDirectory(prefix="provrdf-publish-") as folder:
        found = _distribute(lines, Path(folder), base, change, memory)
        graphs = [_graph(name, found.pop(name), base) for name in sorted(found)]
        yield tuple(sorted(graphs, key=lambda graph: (graph.session is not None, graph.name)))


def _distribute(
    lines: Iterable[str | bytes], folder: Path, base: str, change: Change | None, memory: int
) -> dict[str, _Lines]:
    graphs: dict[str, _Lines] = {}
    checked: set[str] = set()
    used = 0
    for number, line in enumerate(lines, 1):
        text = line.decode() if isinstance(line, bytes) else line
        if not text.strip() or text.startswith("#"):
            continue
        try:
            statement = _prepared(text, checked, change)
        except FormatError as error:
            message = f"statement {number}: {error}"
            raise FormatError(message) from error
        if statement is None:
            continue
        name = _graph_name(statement, base, number)
        graph = graphs.get(name) or graphs.setdefault(name, _Lines(folder, f"graph{len(graphs)}"))
        written = (write_triple(statement) + "\n").encode()
        graph.add(written)
        used += len(written) + 50
        if used > memory:
            largest = max(graphs.values(), key=lambda held: held.size)
            used -= largest.size
            largest.set_aside()
    return graphs


def _prepared(text: str, checked: set[str], change: Change | None) -> Statement | None:
    statement = parse_statement(text)
    changed = change(statement) if change else statement
    if changed is None:
        return None
    term = changed.object
    iris = (changed.subject, changed.predicate, term if isinstance(term, str) else term.datatype)
    for iri in iris:
        if iri not in checked:
            checked.add(check_iri(iri))
    return changed._replace(object=portable(term)) if isinstance(term, Value) else changed


def _graph_name(statement: Statement, base: str, number: int) -> str:
    if statement.graph is None or not statement.graph.startswith(f"{base}graph/"):
        message = (
            f"statement {number}: the graph {statement.graph or '(none)'} is not under {base}graph/, "
            "so no session can be told; publish what was made with this base IRI"
        )
        raise FormatError(message)
    return statement.graph


def _graph(name: str, lines: _Lines, base: str) -> SessionGraph:
    key = name.removeprefix(f"{base}graph/")
    shared = key.startswith(("environment-", "model-")) or key == "unassigned"
    return SessionGraph(name, key, None if shared else f"{base}session/{key}", lines.finish())
