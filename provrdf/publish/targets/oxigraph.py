"""Target: an Oxigraph store on disk that no server has open; loads several times faster than over HTTP."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provrdf.errors import StoreError
from provrdf.publish.catalog import CatalogSettings
from provrdf.publish.client import ClientError, Endpoint, SparqlClient, Term
from provrdf.publish.connection import Connection
from provrdf.publish.content import SessionGraph
from provrdf.publish.credentials import Credentials
from provrdf.publish.discovery import Addresses
from provrdf.publish.profiles import PROFILES, Capabilities
from provrdf.publish.receipt import Receipt
from provrdf.publish.state import StateFolder, default_folder
from provrdf.publish.targets import Progress
from provrdf.publish.targets.endpoint import EndpointTarget

if TYPE_CHECKING:
    import pyoxigraph

_CAN = Capabilities(gzip=False, atomic=True, batch=10_000)


@dataclass(frozen=True)
class OxigraphTarget:
    """Publishes to a store in a folder by the same steps as over HTTP.

    Attributes
    ----------
    place : Path
        Folder of the store; made if it is not there.
    state : Path or None
        Folder for the manifest.
    """

    place: Path
    state: Path | None = None

    def publish(
        self,
        graphs: Sequence[SessionGraph],
        settings: CatalogSettings,
        *,
        progress: Progress | None = None,
    ) -> Receipt:
        """Publish graphs; one at a time, the disk is one."""
        client = _OfflineClient(open_store(self.place), str(self.place))
        folder = StateFolder(self.state or default_folder(), str(self.place.absolute()))
        connection = _OfflineConnection(
            client, PROFILES["oxigraph"], _CAN, settings, folder, Addresses(str(self.place))
        )
        receipt = EndpointTarget(connection, parallel=1).publish(graphs, settings, progress=progress)
        client.store.flush()
        return receipt


def open_target(place: str) -> OxigraphTarget:
    """Return the target for a folder."""
    return OxigraphTarget(Path(place))


def open_store(place: Path) -> pyoxigraph.Store:
    """Open a store for writing.

    Raises
    ------
    StoreError
        It is open elsewhere, or the folder holds something else.
    """
    import pyoxigraph

    try:
        return pyoxigraph.Store(str(place))
    except (OSError, ValueError) as error:
        message = f"the store in {place} cannot be opened; is a server running on it? ({error})"
        raise StoreError(message) from error


class _OfflineConnection(Connection):
    """A connection to a store whose abilities are known."""

    def for_changes(self, *, fresh: bool = False) -> Connection:
        return self


class _OfflineClient(SparqlClient):
    """Asks and updates a store in this process; no request leaves it."""

    def __init__(self, store: pyoxigraph.Store, place: str) -> None:
        super().__init__(Endpoint("http://localhost/", "http://localhost/", "http://localhost/"))
        self.store = store
        self.endpoint = Endpoint(place, place, place)
        self.credentials = Credentials()

    def select(self, text: str) -> list[dict[str, Term]]:
        """Answer a SELECT query."""
        bindings: list[dict[str, Term]] = self._answer(text)["results"]["bindings"]
        return bindings

    def ask(self, text: str) -> bool:
        """Answer an ASK query."""
        return bool(self._answer(text)["boolean"])

    def _answer(self, text: str) -> Any:
        import pyoxigraph

        found = self.store.query(text)
        self.traffic.add(size=len(text), writes=False)
        return json.loads(found.serialize(format=pyoxigraph.QueryResultsFormat.JSON))  # type: ignore[arg-type]

    def update(self, text: str) -> None:
        """Carry out an update as a whole or not at all."""
        self.traffic.add(size=len(text), writes=True)
        try:
            self.store.update(text)
        except (OSError, SyntaxError, ValueError) as error:
            message = f"the store refused: {error}"
            raise ClientError(message) from error

    def add(self, graph: str, content: Iterable[bytes], *, size: int, gzip: bool = False) -> None:
        """Load N-Triples into a graph, in bulk."""
        import pyoxigraph

        self.traffic.add(size=size, writes=True)
        try:
            self.store.bulk_load(
                io.BufferedReader(_Joined(iter(content))),
                format=pyoxigraph.RdfFormat.N_TRIPLES,
                to_graph=pyoxigraph.NamedNode(graph),
            )
        except (OSError, SyntaxError, ValueError) as error:
            message = f"the store refused: {error}"
            raise ClientError(message) from error


class _Joined(io.RawIOBase):
    """Pieces of bytes as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)
