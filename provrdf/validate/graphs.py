"""What is validated, graph by graph: text, a store, an rdflib dataset. One graph is in memory at a time.

A statement is ``subject predicate object`` in N-Triples, without graph and dot.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from provrdf.errors import UsageError
from provrdf.shapes.rdf import from_oxigraph, from_rdflib

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib

    from provrdf.model import Model

_SHARED = re.compile(r"/graph/(environment|model)-[^/]+\Z")
_LIMIT = 400_000  # statements kept in memory, about 150 MB; more go to a temporary file per graph


class Graphs(Protocol):
    """Named graphs that can be read one by one; the default graph has the name ``""``."""

    def names(self) -> Iterable[str]:
        """IRIs of the graphs, in a fixed order."""

    def statements(self, name: str) -> list[str]:
        """All statements of one graph."""


if TYPE_CHECKING:
    Dataset = rdflib.Dataset | rdflib.Graph | pyoxigraph.Store | Graphs


def shared_kind(name: str) -> str | None:
    """Tell whether a graph is shared by sessions: ``environment``, ``model``, or None.

    >>> shared_kind("http://x.org/graph/model-0123456789ab"), shared_kind("http://x.org/graph/2019112301615")
    ('model', None)
    """
    match = _SHARED.search(name)
    return match[1] if match else None


def base_of(graphs: Graphs, model: Model) -> str | None:
    """Find the base IRI under which data name the terms of a model file; None when they name none."""
    own = re.compile(rf"<(https?://[^<>]*/)model/{model.sha256[:12]}#")
    for name in graphs.names():
        for statement in graphs.statements(name):
            match = own.search(statement)
            if match:
                return match[1]
    return None


def graphs_of(dataset: Dataset) -> Graphs:
    """Take any dataset as graphs.

    Parameters
    ----------
    dataset : rdflib.Dataset, rdflib.Graph, pyoxigraph.Store or Graphs
        An rdflib dataset is read at once, a store graph by graph.
    """
    given: Any = dataset
    if hasattr(given, "statements"):
        return cast("Graphs", given)
    if hasattr(given, "quads_for_pattern"):
        return StoreGraphs(given)
    if type(dataset).__module__.partition(".")[0] == "rdflib":
        return _of_rdflib(dataset)
    message = f"cannot validate a {type(dataset).__name__}: give an rdflib Dataset or a pyoxigraph Store"
    raise UsageError(message)


class TextGraphs:
    """Graphs filled with N-Quads text; beyond a limit they wait in temporary files.

    It takes text as a binary stream does, so that a converter can write to it.
    """

    def __init__(self, *, limit: int = _LIMIT) -> None:
        self._limit = limit
        self._kept: dict[str, list[str]] = {}
        self._count = 0
        self._rest = b""
        self._folder: Path | None = None
        self._files: dict[str, Path] = {}

    def write(self, text: bytes) -> int:
        """Add N-Quads lines; a last line without end is kept until the rest of it comes."""
        lines = (self._rest + text).split(b"\n")
        self._rest = lines.pop()
        self.add(line.decode() for line in lines if line)
        return len(text)

    def add(self, lines: Iterable[str]) -> None:
        """Add N-Quads lines as our own converter writes them (one blank between terms)."""
        kept = self._kept
        for line in lines:
            body, graph, _ = line.rsplit(" ", 2)
            statements = kept.get(graph)
            if statements is None:
                statements = kept[graph] = []
            statements.append(body)
            self._count += 1
            if self._count >= self._limit:
                self._spill()

    def add_statement(self, graph: str, statement: str) -> None:
        """Add one statement to the graph of a name (``""``: the default graph)."""
        self._kept.setdefault(f"<{graph}>" if graph else "", []).append(statement)
        self._count += 1
        if self._count >= self._limit:
            self._spill()

    def names(self) -> Iterable[str]:
        """IRIs of the graphs, in order of appearance."""
        return [name[1:-1] for name in dict.fromkeys((*self._files, *self._kept))]

    def statements(self, name: str) -> list[str]:
        """All statements of one graph."""
        term = f"<{name}>" if name else ""
        kept = self._kept.get(term, [])
        path = self._files.get(term)
        if path is None:
            return kept
        return path.read_text("utf-8").split("\n")[:-1] + kept

    def _spill(self) -> None:
        """Move all statements to files."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="provrdf-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        for term, statements in self._kept.items():
            path = self._files.setdefault(term, self._folder / str(len(self._files)))
            with path.open("a", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{statement}\n" for statement in statements)
        self._kept.clear()
        self._count = 0


class StoreGraphs:
    """The graphs of an Oxigraph store, some of them or all.

    Parameters
    ----------
    store : pyoxigraph.Store
        In memory or on disk.
    only : iterable of str, optional
        IRIs of the graphs to look at; the others are not touched.
    """

    def __init__(self, store: pyoxigraph.Store, *, only: Iterable[str] | None = None) -> None:
        self._store = store
        self._only = None if only is None else list(dict.fromkeys(only))

    def names(self) -> Iterable[str]:
        """IRIs of the graphs, sorted."""
        if self._only is not None:
            return self._only
        named = sorted(str(getattr(graph, "value", graph)) for graph in self._store.named_graphs())
        return [*([""] if self._has_default() else []), *named]

    def _has_default(self) -> bool:
        import pyoxigraph

        quads = self._store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph())
        return next(iter(quads), None) is not None

    def statements(self, name: str) -> list[str]:
        """All statements of one graph."""
        import pyoxigraph

        graph = pyoxigraph.NamedNode(name) if name else pyoxigraph.DefaultGraph()
        return [
            f"{from_oxigraph(quad.subject)} {from_oxigraph(quad.predicate)} {from_oxigraph(quad.object)}"
            for quad in self._store.quads_for_pattern(None, None, None, graph)
        ]


def _of_rdflib(dataset: Any) -> TextGraphs:
    import rdflib

    found = TextGraphs()
    for name, graph in _rdflib_graphs(dataset, rdflib):
        for subject, predicate, value in graph:
            found.add_statement(name, f"{from_rdflib(subject)} {from_rdflib(predicate)} {from_rdflib(value)}")
    return found


def _rdflib_graphs(dataset: Any, rdflib: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(dataset, rdflib.Dataset):
        yield "", dataset
        return
    default = dataset.default_graph.identifier
    for graph in dataset.graphs():
        yield ("" if graph.identifier == default else str(graph.identifier)), graph


def union(graphs: Iterable[Graphs]) -> Graphs:
    """Several sources as one; graphs of the same name are put together."""
    sources = list(graphs)
    return sources[0] if len(sources) == 1 else _Union(sources)


class _Union:
    """Several sources as one."""

    def __init__(self, sources: list[Graphs]) -> None:
        self._sources = sources

    def names(self) -> Iterable[str]:
        """IRIs of the graphs of all sources, each once."""
        return list(dict.fromkeys(name for source in self._sources for name in source.names()))

    def statements(self, name: str) -> list[str]:
        """All statements of one graph, from every source that has it."""
        return [
            statement
            for source in self._sources
            if name in source.names()
            for statement in source.statements(name)
        ]
