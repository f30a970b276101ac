"""The graph database of a store (Oxigraph), changed by differences that are queued and written together."""

from __future__ import annotations

import io
from collections.abc import Callable
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

    Parameters
    ----------
    folder : Path
        Of the database; opened for writing, closed at the end of a ``with`` block.
    """

    def __init__(self, folder: Path) -> None:
        self._store = open_database(folder, write=True)
        self._added: list[bytes] = []
        self._bytes = 0
        self._replaced: list[tuple[str, set[bytes], set[bytes]]] = []
        self._steps: list[Step] = []

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        # The database is closed when nothing refers to it any more, and a traceback may refer to us.
        del self._store
        self._steps.clear()

    @property
    def is_full(self) -> bool:
        """Whether it is time to flush."""
        return self._bytes > _FULL

    @staticmethod
    def is_much(removed: set[bytes]) -> bool:
        """Tell whether it is better to empty a graph than to remove so many quads."""
        return len(removed) > _MUCH

    def when_safe(self, step: Step) -> None:
        """Do something when all changes so far are on disk."""
        self._steps.append(step)

    def change(self, graph: str, removed: set[bytes], added: set[bytes]) -> None:
        """Queue lines of N-Quads to remove (from one graph) and to add."""
        if removed:
            self._replaced.append((graph, removed, added))
        else:
            self._added.extend(added)
        self._bytes += sum(map(len, added))

    def empty(self, graph: str) -> None:
        """Remove a graph, at once."""
        import pyoxigraph

        self._store.remove_graph(pyoxigraph.NamedNode(graph))

    def flush(self) -> list[Step]:
        """Write everything that is queued, and return the steps to do now that it is on disk."""
        import pyoxigraph

        for graph, removed, added in self._replaced:
            self._replace(graph, removed, added)
        if self._added:
            text = b"".join(self._added)
            if len(self._added) >= _BULK:
                self._store.bulk_load(io.BytesIO(text), pyoxigraph.RdfFormat.N_QUADS)
            else:
                self._store.load(text, pyoxigraph.RdfFormat.N_QUADS)
        if self._added or self._replaced:
            self._store.flush()
        self._added.clear()
        self._replaced.clear()
        self._bytes = 0
        steps, self._steps = self._steps, []
        return steps

    def _replace(self, graph: str, removed: set[bytes], added: set[bytes]) -> None:
        """Remove and add in one transaction: a reader never sees the graph in between."""
        end = len(f"<{graph}> .\n".encode())

        def block(lines: set[bytes]) -> str:
            triples = " .\n".join(line[:-end].decode() for line in lines)
            return f"DATA {{ GRAPH <{graph}> {{ {triples} }} }}"

        self._store.update(f"DELETE {block(removed)} ; INSERT {block(added)}")
