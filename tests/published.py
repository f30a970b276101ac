"""What tests of publishing share: small made-up sessions, and a reader who follows the pointer."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode

from provrdf.publish.catalog import CatalogSettings
from provrdf.publish.client import Patience
from provrdf.publish.connection import Connection, connect_store
from provrdf.publish.content import SessionGraph, collect
from provrdf.publish.credentials import Credentials
from provrdf.publish.discovery import Addresses
from provrdf.vocab import PROV, PROVRDF, RDF, RDFS, XSD

BASE = "https://prov.example.org/"
QUICK = Patience(seconds=1.0, tries=4, pause=0.005)
PATIENT = Patience(seconds=20.0, tries=8, pause=0.05)
NOBODY = Credentials()


def quads(key: str, steps: int = 4, *, tag: str = "", base: str = BASE) -> Iterator[str]:
    """Make the statements of a small session with all classes of literals, other letters and escapes."""
    graph = f"<{base}graph/{key}>"
    yield f"{graph} <{RDF.type}> <{PROV.Bundle}> {graph} ."
    yield f"<{base}session/{key}> <{RDF.type}> <{PROVRDF.Session}> {graph} ."
    for number in range(steps):
        step = f"<{base}activity/{key}--{number}>"
        values = (
            f"<{RDF.type}> <{PROV.Activity}>",
            f'<{RDFS.label}> "step {number} {tag}"',
            f'<{PROVRDF.BASE}note> "caf\\u00e9 \U0001f52d \\"quoted\\" C:\\\\users\\nline"',
            f'<{PROV.startedAtTime}> "2026-11-22T07:39:{number:02d}.5Z"^^<{XSD.dateTime}>',
            f'<{PROV.value}> "{number}.25"^^<{XSD.decimal}>',
            f'<{PROVRDF.size}> "{number}"^^<{XSD.integer}>',
            f'<{PROVRDF.BASE}weight> "{number}.5E-7"^^<{XSD.double}>',
            f'<{PROVRDF.BASE}done> "true"^^<{XSD.boolean}>',
        )
        for value in values:
            yield f"{step} {value} {graph} ."


@contextlib.contextmanager
def graphs(
    sessions: Mapping[str, str] | Iterable[str], *, base: str = BASE, steps: int = 4
) -> Iterator[tuple[SessionGraph, ...]]:
    """Make graphs of sessions; with a mapping, the value tells versions of a session apart."""
    tags = dict(sessions) if isinstance(sessions, Mapping) else dict.fromkeys(sessions, "")
    lines = (line for key, tag in tags.items() for line in quads(key, steps, tag=tag, base=base))
    with collect(lines, base=base) as found:
        yield found


def connection(
    url: str,
    state: Path,
    *,
    base: str = BASE,
    patience: Patience = QUICK,
    profile: str | None = None,
    credentials: Credentials = NOBODY,
) -> Connection:
    """Connect to a store, in a hurry."""
    addresses = Addresses(url, profile=profile)
    return connect_store(
        addresses, CatalogSettings(base), state=state, patience=patience, credentials=credentials
    )


class Reader:
    """Follows the pointer of one session again and again, in one question each, and keeps what it saw."""

    def __init__(self, port: int, path: str, name: str, catalog: str) -> None:
        self._port = port
        self._path = path
        self._query = (
            f"SELECT ?g ?s ?p ?o WHERE {{ GRAPH <{catalog}> {{ <{name}> <{PROVRDF.current}> ?g }} "
            "GRAPH ?g { ?s ?p ?o } }"
        )
        self.seen: set[frozenset[tuple[str, ...]]] = set()
        self.looks = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look_again, daemon=True)

    def look(self) -> frozenset[tuple[str, ...]]:
        """Ask once."""
        answer = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            answer.request(
                "POST",
                self._path,
                urlencode({"query": self._query}),
                {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Accept": "application/sparql-results+json",
                },
            )
            rows = json.loads(answer.getresponse().read())["results"]["bindings"]
        finally:
            answer.close()
        return frozenset(tuple(row[name]["value"] for name in "gspo") for row in rows)

    def _look_again(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException, ValueError, KeyError):
                self.seen.add(self.look())
                self.looks += 1
            self._stop.wait(0.01)

    def __enter__(self) -> Reader:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
