"""Target: a folder of files, for stores that load files, for archives, and for checking digests years later.

::

    PLACE/catalog.nt          what is published, and which content counts (as in a store)
    PLACE/graphs/K--D.nt.gz   the content: canonical N-Triples, whose SHA-256 begins with D
    PLACE/current.trig        catalog and current content in one file, ready to be loaded
"""

from __future__ import annotations

import gzip
import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from provrdf.errors import PublishError
from provrdf.publish import catalog
from provrdf.publish.catalog import CatalogSettings, Change, Entry
from provrdf.publish.content import SessionGraph
from provrdf.publish.receipt import Outcome, Receipt, State
from provrdf.publish.statement import Statement, Value, parse_statement
from provrdf.publish.targets import Progress
from provrdf.vocab import DCTERMS, PROVRDF

_CHUNK = 1 << 20


@dataclass(frozen=True)
class DirectoryTarget:
    """Writes graphs into a folder; what is there is whole at any moment.

    Attributes
    ----------
    place : Path
        The folder; made if it is not there.
    """

    place: Path

    def publish(
        self,
        graphs: Sequence[SessionGraph],
        settings: CatalogSettings,
        *,
        progress: Progress | None = None,
    ) -> Receipt:
        """Write the content, then the catalog in one step."""
        catalog.check_names(graphs, settings)
        started = datetime.now(UTC)
        try:
            (self.place / "graphs").mkdir(parents=True, exist_ok=True)
            known = self._catalog()
            entries = entries_of(known, graphs)
            outcomes = []
            for graph in graphs:
                outcome, change = self._one(graph, entries[graph.name], settings, started)
                if change is not None:
                    apply(known, change)
                    if progress:
                        progress(graph, graph.content.size)
                outcomes.append(outcome)
            if any(outcome.state == "published" for outcome in outcomes):
                self._write(known, settings)
        except OSError as error:
            message = (
                f"{error.filename or self.place} cannot be written ({error.strerror}); nothing was changed"
            )
            raise PublishError(message) from error
        return Receipt(
            target=str(self.place),
            catalog=settings.name,
            started=_text(started),
            ended=_text(datetime.now(UTC)),
            outcomes=outcomes,
            bytes_sent=sum(graph.content.size for graph in graphs),
        )

    def _catalog(self) -> set[Statement]:
        path = self.place / "catalog.nt"
        if not path.exists():
            return set()
        with path.open(encoding="utf-8") as stream:
            return set(map(parse_statement, stream))

    def _one(
        self, graph: SessionGraph, entry: Entry, settings: CatalogSettings, moment: datetime
    ) -> tuple[Outcome, Change | None]:
        state: State = "unchanged"
        change = None
        if entry.current[:1] != (graph.published,):
            state = "published"
            self._content(graph)
            change = catalog.publication(graph, entry, settings, moment)
        outcome = Outcome(
            name=graph.name,
            key=graph.key,
            state=state,
            graph=graph.published,
            previous=entry.current[0] if entry.current else None,
            digest=graph.content.digest,
            triples=graph.content.triples,
        )
        return outcome, change

    def _file(self, published: str, settings_base: str) -> Path:
        return self.place / "graphs" / (published.removeprefix(f"{settings_base}graph/") + ".nt.gz")

    def _content(self, graph: SessionGraph) -> None:
        """Write the content and read it back."""
        path = self.place / "graphs" / f"{graph.key}--{graph.content.digest[:32]}.nt.gz"
        if path.exists() and _digest(path) == graph.content.digest:
            return
        with _written(path) as stream, gzip.GzipFile("", "wb", 6, stream, mtime=0) as packed:
            for chunk in graph.content:
                packed.write(chunk)
        if _digest(path) != graph.content.digest:
            path.unlink()
            message = (
                f"{path} does not hold what was written; the catalog was not changed. Run the same again"
            )
            raise PublishError(message)

    def _write(self, known: set[Statement], settings: CatalogSettings) -> None:
        lines = catalog.lines(known)
        current = sorted(
            statement.object
            for statement in known
            if statement.predicate == PROVRDF.current and isinstance(statement.object, str)
        )
        with _written(self.place / "current.trig") as stream:
            _graph(stream, settings.name, (f"{line}\n".encode() for line in lines))
            for published in current:
                with gzip.open(self._file(published, settings.base)) as content:
                    _graph(stream, published, content)
        with _written(self.place / "catalog.nt") as stream:
            stream.writelines(f"{line}\n".encode() for line in lines)


def open_target(place: str) -> DirectoryTarget:
    """Return the target for a folder."""
    return DirectoryTarget(Path(place))


def entries_of(known: Iterable[Statement], graphs: Iterable[SessionGraph]) -> dict[str, Entry]:
    """Find what a catalog says of sessions."""
    current: dict[str, list[str]] = defaultdict(list)
    name_of: dict[str, str] = {}
    published: dict[str, str] = {}
    serials: dict[str, int] = {}
    for subject, predicate, term, _ in known:
        if isinstance(term, Value):
            if predicate == PROVRDF.serial:
                serials[subject] = int(term.text)
        elif predicate == PROVRDF.current:
            current[subject].append(term)
        elif predicate == DCTERMS.isVersionOf:
            name_of[subject] = term
        elif predicate == PROVRDF.published:
            published[subject] = term
    highest: dict[str, int] = {}
    for publication, version in published.items():
        name = name_of.get(version, "")
        highest[name] = max(serials.get(publication, 0), highest.get(name, 0))
    return {
        graph.name: Entry(
            current=tuple(current.get(graph.name, ())),
            serial=highest.get(graph.name, 0),
            known=graph.published in name_of,
        )
        for graph in graphs
    }


def apply(known: set[Statement], change: Change) -> None:
    """Carry out a change on a catalog in memory."""
    if change.required is None or change.required in known:
        known.difference_update(change.removed)
        known.update(change.added)


def _graph(stream: IO[bytes], name: str, lines: Iterable[bytes]) -> None:
    stream.write(f"<{name}> {{\n".encode())
    stream.writelines(lines)
    stream.write(b"}\n")


@contextmanager
def _written(path: Path) -> Iterator[IO[bytes]]:
    """Write a file that appears only when it is complete and on the disk."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with gzip.open(path) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
