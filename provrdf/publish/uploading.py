"""Getting a graph's content to a store, by whichever way it takes; repeating any of it does no harm.

The graph's name is made from its content and nobody refers to it yet, so a half-filled one hurts nobody,
and the same statements sent twice are the same graph: there are no blank nodes.
"""

from __future__ import annotations

import contextlib
import gzip
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import IO

from provrdf.publish.asking import count
from provrdf.publish.client import ClientError, SparqlClient
from provrdf.publish.content import Content
from provrdf.publish.fingerprint import Fingerprint, same
from provrdf.publish.profiles import Capabilities
from provrdf.publish.statement import Statement, Value, parse_statement, write_triple
from provrdf.publish.verifying import fingerprint_there
from provrdf.sparql import quote_iri, quote_string
from provrdf.vocab import XSD

Progress = Callable[[int], None]
"""Told how many bytes went out."""

_CHUNK = 1 << 18
_ESCAPED_U = re.compile(r"\\[uU]")
_MAX_BATCH_BYTES = 8 << 20


def upload(
    client: SparqlClient,
    graph: str,
    content: Content,
    capabilities: Capabilities,
    *,
    progress: Progress | None = None,
    parts: int = 1,
) -> bool:
    """Send a graph.

    Parameters
    ----------
    client : SparqlClient
        The store.
    graph : str
        Name of the graph.
    content : Content
        What it says.
    capabilities : Capabilities
        What the store can do.
    progress : callable, optional
        Told how many bytes went out.
    parts : int
        In how many parts to send it; each is verified while the next is on its way.

    Returns
    -------
    bool
        Whether all was verified on the way; if not, that is for the caller to do.

    Raises
    ------
    ClientError
        The store refused, or passing faults did not pass.
    """
    if content.triples == 0:
        return False
    if not (capabilities.whole_graphs and client.endpoint.graphs):
        _insert(client, graph, content, capabilities, progress)
        return False
    try:
        if parts > 1 and capabilities.hash_unicode:
            return _post_parts(client, graph, content, parts, progress)
        _post(client, graph, content, content.triples, size=content.size, progress=progress)
    except ClientError as error:
        if not error.too_large:
            raise
        _send_smaller(client, graph, content, capabilities, progress)
    return False


def _post_parts(
    client: SparqlClient, graph: str, content: Content, number: int, progress: Progress | None
) -> bool:
    """Send some predicates at a time; while one part is on its way the store hashes the one before."""
    sent = 0
    with ThreadPoolExecutor(max_workers=1) as pool:
        checks = []
        for part in content.fingerprint.parts(number):
            sent += part.triples
            _post(client, graph, _Part(content, part), sent, size=part.size, progress=progress)
            checks.append(pool.submit(_matches, client, graph, part))
        verified = all(check.result() for check in checks)
    return verified and not content.fingerprint.by_value and count(client, graph) == content.triples


def _matches(client: SparqlClient, graph: str, part: Fingerprint) -> bool:
    return same(part, fingerprint_there(client, graph, part))


class _Part:
    """The lines of a content that have certain predicates, in pieces."""

    def __init__(self, content: Content, part: Fingerprint) -> None:
        self._content = content
        self._predicates = frozenset(f"<{name}>".encode() for name in part.tallies)

    def __iter__(self) -> Iterator[bytes]:
        predicates = self._predicates
        with self._content.open() as stream:
            while lines := stream.readlines(_CHUNK):
                # The predicate is between the first two blanks; inline, as this runs for every line and part.
                yield b"".join([line for line in lines if line.split(b" ", 2)[1] in predicates])


def _send_smaller(
    client: SparqlClient,
    graph: str,
    content: Content,
    capabilities: Capabilities,
    progress: Progress | None,
) -> None:
    if capabilities.gzip:
        with contextlib.suppress(ClientError):
            with tempfile.SpooledTemporaryFile(max_size=_MAX_BATCH_BYTES) as packed:
                size = _pack(content, packed)
                body = _Replayed(packed)
                _post(client, graph, body, content.triples, size=size, compressed=True, progress=progress)
            return
    _insert(client, graph, content, capabilities, progress)


def _post(
    client: SparqlClient,
    graph: str,
    body: Iterable[bytes],
    wanted: int,
    *,
    size: int,
    compressed: bool = False,
    progress: Progress | None = None,
) -> None:
    """Send until it is answered well, or the store turns out to have it although the answer got lost."""
    body = _Counted(body, progress) if progress else body
    for number in range(1, client.patience.tries + 1):
        try:
            client.add(graph, body, size=size, gzip=compressed)
            return
        except ClientError as error:
            # 500 is how some stores refuse a datatype or a right: once more in case it was not, then no more.
            if not error.again or number == client.patience.tries or (error.status == 500 and number > 2):
                raise
            client.pause(number, error.wait)
            if settled(client, graph) == wanted:
                return


def _pack(content: Content, packed: IO[bytes]) -> int:
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1, mtime=0) as stream:
        for chunk in content:
            stream.write(chunk)
    return packed.tell()


class _Replayed:
    """Bytes of an open file, from its start at every call."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        self._stream.seek(0)
        while chunk := self._stream.read(_CHUNK):
            yield chunk


class _Counted:
    """Bytes that tell how far they got."""

    def __init__(self, body: Iterable[bytes], progress: Progress) -> None:
        self._body = body
        self._progress = progress

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._body:
            yield chunk
            self._progress(len(chunk))


def settled(client: SparqlClient, graph: str, *, looks: int = 20) -> int:
    """Count a graph until two counts agree: a store may still be working on what its proxy gave up on."""
    before = -1
    for number in range(1, looks + 1):
        found = count(client, graph)
        if found == before:
            return found
        before = found
        client.pause(min(number, 3))
    return before


def _insert(
    client: SparqlClient,
    graph: str,
    content: Content,
    capabilities: Capabilities,
    progress: Progress | None,
) -> None:
    """Send in INSERT DATA operations, smaller ones when the store finds them too large."""
    batch = max(capabilities.batch, 1)
    lines = content.lines()
    waiting: list[str] = []
    while waiting or (waiting := list(islice(lines, batch))):
        now, waiting = waiting[:batch], waiting[batch:]
        text = f"INSERT DATA {{ GRAPH {quote_iri(graph)} {{\n{''.join(map(_for_update, now))}}} }}"
        try:
            client.persist(lambda text=text: client.update(text), tries=_tries(client))  # type: ignore[misc]
        except ClientError as error:
            if error.status not in (400, 413, 500) or len(now) == 1:
                raise
            waiting = now + waiting
            batch = max(len(now) // 2, 1)
            continue
        if progress:
            progress(sum(map(len, now)))


def _tries(client: SparqlClient) -> int:
    return client.patience.tries


def _for_update(line: str) -> str:
    r"""Write a line so that parsers that expand ``\u`` first (rdflib's) do not stumble over ``\\u``."""
    return update_line(parse_statement(line)) + "\n" if _ESCAPED_U.search(line) else line


def update_line(statement: Statement) -> str:
    """Write a statement for the body of an update."""
    term = statement.object
    if not isinstance(term, Value):
        return write_triple(statement)
    typed = "" if term.datatype == XSD.string else f"^^{quote_iri(term.datatype)}"
    suffix = f"@{term.language}" if term.language else typed
    return (
        f"{quote_iri(statement.subject)} {quote_iri(statement.predicate)} {quote_string(term.text)}{suffix} ."
    )
