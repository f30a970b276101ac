"""The graph database of a store (Oxigraph), changed by differences that are queued and written together.

Its default graph holds what the named graphs say, each statement once: questions go there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING

from provrdf.errors import StoreError

if TYPE_CHECKING:
    import pyoxigraph

_BULK = 20_000  # from so many new quads on, bulk loading is faster than a transaction
_FULL = 48 << 20  # bytes queued before they are written: bulk loading takes several times that in memory
_MUCH = 5_000  # with more quads to remove, a graph is emptied and filled again

Step = Callable[[], object]


def open_database(folder: Path, *, write: bool) -> pyoxigraph.Store:
    """Open the database in a folder.

    Raises
    ------
    StoreError
        When it cannot be opened.
    """
    import pyoxigraph

    try:
        return pyoxigraph.Store(str(folder)) if write else pyoxigraph.Store.read_only(str(folder))
    except OSError as error:
        message = f"the graph database cannot be opened: {error}"
        raise StoreError(message, file=str(folder.parent)) from error


class Database:
    """Takes changes to graphs; `flush` writes them and gives what may be remembered then.

    Writing goes on beside the mapping, in a thread of its own: Oxigraph does not need the interpreter.

    Parameters
    ----------
    folder : Path
        Of the database; opened for writing, closed at the end of a ``with`` block.
    """

    def __init__(self, folder: Path) -> None:
        self._store = open_database(folder, write=True)
        self._queue = _Queue()
        self._loading: Future[list[Step]] | None = None
        self._worker = ThreadPoolExecutor(max_workers=1)

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.shutdown()
        # The database is closed when nothing refers to it any more, and a traceback may refer to us.
        del self._store, self._queue, self._loading

    @property
    def is_full(self) -> bool:
        """Whether it is time to flush."""
        return self._queue.size > _FULL

    @staticmethod
    def is_much(removed: set[bytes]) -> bool:
        """Tell whether it is better to empty a graph than to remove so many quads."""
        return len(removed) > _MUCH

    def when_safe(self, step: Step) -> None:
        """Do something when all changes so far are on disk."""
        self._queue.steps.append(step)

    def change(self, graph: str, removed: set[bytes], added: set[bytes]) -> None:
        """Queue lines of N-Quads to remove (from one graph) and to add."""
        if removed:
            self._queue.removed.append((graph, removed, added))
        else:
            self._queue.added.extend(added)
        self._queue.size += 2 * sum(map(len, added))

    def refill(self, graph: str, old: set[bytes], new: set[bytes]) -> None:
        """Empty a graph at once, and queue what it is to hold; `old` is what it may have held."""
        import pyoxigraph

        if self._loading is not None:
            wait([self._loading])
        name = pyoxigraph.NamedNode(graph)
        suspects = self._queue.suspects
        suspects += [quad.triple for quad in self._store.quads_for_pattern(None, None, None, name)]
        suspects += _triples(old - new)
        self._store.remove_graph(name)
        self.change(graph, set(), new)

    def keep_only(self, graphs: set[str]) -> None:
        """Empty all other graphs: a killed run may have left some that nobody knows of."""
        for graph in list(self._store.named_graphs()):
            if getattr(graph, "value", "") not in graphs:
                self.refill(str(getattr(graph, "value", "")), set(), set())

    def flush(self) -> list[Step]:
        """Write everything that is queued, and return the steps to do now that it is on disk."""
        steps = self.flush_aside()
        if self._loading is not None:
            steps += self._loading.result()
            self._loading = None
        return steps

    def flush_aside(self) -> list[Step]:
        """Begin to write what is queued, while more is made; return the steps of what was begun before."""
        steps = self._loading.result() if self._loading is not None else []
        queue, self._queue = self._queue, _Queue()
        self._loading = self._worker.submit(self._write, queue)
        return steps

    def _write(self, queue: _Queue) -> list[Step]:
        for graph, removed, added in queue.removed:
            self._replace(graph, removed, added)
            queue.suspects += _triples(removed)
            queue.added += added  # again, for the default graph
        if queue.added:
            self._load(queue.added)
            # The same terms again, checked a moment ago.
            self._load({_without_graph(line) for line in queue.added}, lenient=True)
        self._clean(queue.suspects)
        self._store.flush()
        return queue.steps

    def _load(self, lines: Collection[bytes], *, lenient: bool = False) -> None:
        import pyoxigraph

        load = self._store.bulk_load if len(lines) >= _BULK else self._store.load
        load(b"".join(lines), pyoxigraph.RdfFormat.N_QUADS, lenient=lenient)

    def _replace(self, graph: str, removed: set[bytes], added: set[bytes]) -> None:
        """Remove and add in one transaction."""
        end = len(f"<{graph}> .\n".encode())

        def block(lines: set[bytes]) -> str:
            triples = " .\n".join(line[:-end].decode() for line in lines)
            return f"DATA {{ GRAPH <{graph}> {{ {triples} }} }}"

        self._store.update(f"DELETE {block(removed)} ; INSERT {block(added)}")

    def _clean(self, suspects: list[pyoxigraph.Triple]) -> None:
        """Remove from the default graph what no named graph says any more."""
        gone = [str(triple) for triple in set(suspects) if not self._is_said(triple)]
        for start in range(0, len(gone), _MUCH):
            self._store.update(f"DELETE DATA {{ {' . '.join(gone[start : start + _MUCH])} }}")

    def _is_said(self, triple: pyoxigraph.Triple) -> bool:
        import pyoxigraph

        quads = self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object)
        return any(not isinstance(quad.graph_name, pyoxigraph.DefaultGraph) for quad in quads)


class _Queue:
    """Changes that wait to be written, and what to do when they are."""

    def __init__(self) -> None:
        self.added: list[bytes] = []
        self.removed: list[tuple[str, set[bytes], set[bytes]]] = []
        self.suspects: list[pyoxigraph.Triple] = []
        self.steps: list[Step] = []
        self.size = 0


def _without_graph(line: bytes) -> bytes:
    """Take the graph off a line: the same statement in the default graph."""
    return line[: line.rindex(b" <")] + b" .\n"


def _triples(lines: set[bytes]) -> list[pyoxigraph.Triple]:
    import pyoxigraph

    return [quad.triple for quad in pyoxigraph.parse(b"".join(lines), pyoxigraph.RdfFormat.N_QUADS)]
