"""A strict SPARQL client: POST only, every answer checked for what it is, nothing believed.

What the status says decides only whether to try again. Whether data is there is always asked for.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode

from provrdf.errors import PublishError
from provrdf.publish.credentials import Credentials, check_url

if TYPE_CHECKING:
    from provrdf.publish.transport import Reply, Transport

JSON = "application/sparql-results+json"
NTRIPLES = "application/n-triples"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_BUSY = (429, 502, 503, 504)
_SLOWEST = 64 << 10  # bytes per second below which an upload counts as stuck
_LONGEST_WAIT = 30.0


class ClientError(PublishError):
    """A request failed.

    Attributes
    ----------
    status : int
        Status of the answer; 0 when there was no whole answer.
    again : bool
        Whether the same request may succeed later.
    wait : float
        Seconds the server asks to wait.
    """

    def __init__(self, message: str, *, status: int = 0, again: bool = False, wait: float = 0.0) -> None:
        self.status = status
        self.again = again
        self.wait = wait
        super().__init__(message)

    @property
    def too_large(self) -> bool:
        """Whether the server says the request was too large; some say so with 400 or 500."""
        return self.status == 413


@dataclass(frozen=True)
class Endpoint:
    """Where a store answers.

    Attributes
    ----------
    query : str
        URL for questions.
    update : str or None
        URL for SPARQL Update.
    graphs : str or None
        URL of the Graph Store Protocol; None if there is none.
    bulk : str
        Parameters that make the store load a graph without a transaction, if it has such.
    """

    query: str
    update: str | None = None
    graphs: str | None = None
    bulk: str = ""

    def checked(self, credentials: Credentials) -> Endpoint:
        """Return this after checking that every URL may be asked with the credentials."""
        for url in (self.query, self.update, self.graphs):
            if url is not None:
                check_url(url, credentials=credentials)
        return self


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to try.

    Attributes
    ----------
    seconds : float
        For a whole request; uploads get more by their size.
    tries : int
        For requests that do no harm when repeated.
    pause : float
        Seconds before the second try; doubled for each further one.
    """

    seconds: float = 60.0
    tries: int = 5
    pause: float = 0.25


Result = TypeVar("Result")
Term = Mapping[str, str]
"""A term of a JSON result: ``type``, ``value`` and maybe ``datatype``, ``xml:lang``."""


class Traffic:
    """Counts requests; one count for all clients of a store, whatever the thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests = 0
        self.writes = 0
        self.bytes_sent = 0

    def add(self, *, size: int, writes: bool) -> None:
        """Count one request."""
        with self._lock:
            self.requests += 1
            self.writes += writes
            self.bytes_sent += size


class SparqlClient:
    """Asks and updates one store.

    Parameters
    ----------
    endpoint : Endpoint
        Where.
    credentials : Credentials, optional
        Who we are; see :func:`provrdf.publish.credentials.find_credentials`.
    patience : Patience, optional
        How long.

    Notes ----- May be used by several threads. Questions are repeated on passing faults; :meth:`update` and
    :meth:`put` are not: whoever calls them knows whether a repeat is harmless, see :meth:`persist`.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        credentials: Credentials | None = None,
        patience: Patience | None = None,
        transport: Transport | None = None,
        traffic: Traffic | None = None,
    ) -> None:
        self.credentials = credentials or Credentials()
        self.endpoint = endpoint.checked(self.credentials)
        self.patience = patience or Patience()
        self._transport = transport
        self.traffic = traffic or Traffic()

    def at(self, endpoint: Endpoint) -> SparqlClient:
        """Return a client for other addresses of the same store."""
        return self._like(endpoint, self.patience)

    def patient(self, **changes: Any) -> SparqlClient:
        """Return the same client with another patience."""
        return self._like(self.endpoint, replace(self.patience, **changes))

    def _like(self, endpoint: Endpoint, patience: Patience) -> SparqlClient:
        return SparqlClient(
            endpoint,
            credentials=self.credentials,
            patience=patience,
            transport=self._transport,
            traffic=self.traffic,
        )

    # -- questions ---------------------------------------------------------------------------------------

    def select(self, text: str) -> list[dict[str, Term]]:
        """Answer a SELECT query; tries again on passing faults."""
        return self.persist(lambda: self._select(text))

    def ask(self, text: str) -> bool:
        """Answer an ASK query; tries again on passing faults."""
        return self.persist(lambda: truth(self._json(text)))

    def server(self) -> str:
        """Ask something that is always true, and return what the server calls itself."""

        def asked() -> str:
            reply = self._result("ASK { }", JSON, ())
            self._parsed(reply)
            return reply.headers.get("server", "")

        return self.persist(asked)

    def result(self, text: str, *, accept: str, graphs: Sequence[str] = ()) -> bytes:
        """Answer any query as the bytes of the result.

        Parameters
        ----------
        text : str
            A checked query (:func:`provrdf.sparql.check_query`).
        accept : str
            Media type wanted.
        graphs : sequence of str
            Graphs that together are the default graph, and that are the named graphs; none: all of the store.
        """
        return self.persist(lambda: self._result(text, accept, graphs).body)

    def _select(self, text: str) -> list[dict[str, Term]]:
        answer = self._json(text)
        try:
            return list(answer["results"]["bindings"])
        except (KeyError, TypeError) as error:
            raise self._strange("no table") from error

    def _json(self, text: str) -> dict[str, Any]:
        return self._parsed(self._result(text, JSON, ()))

    def _parsed(self, reply: Reply) -> dict[str, Any]:
        try:
            answer = json.loads(reply.body)
        except ValueError as error:
            raise self._strange("JSON that breaks off") from error
        if not isinstance(answer, dict) or not (
            "results" in answer or isinstance(answer.get("boolean"), bool)
        ):
            raise self._strange("JSON that is no result of a query")
        return answer

    def _result(self, text: str, accept: str, graphs: Sequence[str]) -> Reply:
        form = [("query", text)]
        form += [(f"{kind}-graph-uri", graph) for kind in ("default", "named") for graph in graphs]
        body = urlencode(form).encode()
        reply = self._send("POST", self.endpoint.query, body, {**_FORM, "Accept": accept})
        if reply.content_type not in (accept, accept.replace("sparql-results+", "")):
            raise self._strange(reply.content_type or "an answer without a type")
        if "x-sparql-maxrows" in reply.headers:
            message = f"the store cut its answer to {reply.headers['x-sparql-maxrows']} rows"
            raise ClientError(message)
        if not reply.framed and accept == NTRIPLES:
            raise self._strange("an answer without a length, which may have been cut")
        return reply

    @staticmethod
    def _strange(what: str) -> ClientError:
        return ClientError(
            f"what answers is no SPARQL endpoint, or something in between answers for it: got {what}",
            again=True,
        )

    # -- changes -----------------------------------------------------------------------------------------

    def update(self, text: str) -> None:
        """Send a SPARQL Update once. That it was answered proves nothing: ask afterwards."""
        if self.endpoint.update is None:
            raise ClientError("the store has no address for updates; name it with --update-url")
        self._send("POST", self.endpoint.update, urlencode({"update": text}).encode(), _FORM, writes=True)

    def add(self, graph: str, content: Iterable[bytes], *, size: int, gzip: bool = False) -> None:
        """Add N-Triples to a graph, once. Ask afterwards what is there.

        Never PUT: a late copy of a request that was given up, carried out after the graph became current,
        would empty it for a moment (on some stores for good). A late POST of the same statements changes
        nothing.
        """
        if self.endpoint.graphs is None:
            raise ClientError("the store has no address for whole graphs; name it with --gsp-url")
        join = "&" if "?" in self.endpoint.graphs else "?"
        url = f"{self.endpoint.graphs}{join}graph={quote(graph, safe='')}{self.endpoint.bulk}"
        headers = {"Content-Type": NTRIPLES, "Content-Length": str(size)}
        if gzip:
            headers["Content-Encoding"] = "gzip"
        self._send("POST", url, content, headers, size=size, writes=True)

    def _send(
        self,
        method: str,
        url: str,
        content: bytes | Iterable[bytes],
        headers: Mapping[str, str],
        *,
        size: int = 0,
        writes: bool = False,
    ) -> Reply:
        from provrdf.publish.transport import Transport, TransportError

        if self._transport is None:
            self._transport = Transport(self.credentials)
        self.traffic.add(size=len(content) if isinstance(content, bytes) else size, writes=writes)
        seconds = self.patience.seconds + size / _SLOWEST
        try:
            reply = self._transport.send(method, url, content=content, headers=headers, seconds=seconds)
        except TransportError as error:
            message = f"the store {error}"
            raise ClientError(message, again=True) from error
        if reply.status not in (200, 201, 204):
            raise _refusal(reply, url, self.credentials)
        return reply

    # -- trying again ------------------------------------------------------------------------------------

    def persist(self, attempt: Callable[[], Result], *, tries: int | None = None) -> Result:
        """Call something harmless until it works, with pauses that grow; gives up on final refusals."""
        tries = tries or self.patience.tries
        for number in range(1, tries + 1):
            try:
                return attempt()
            except ClientError as error:
                # 500 is also how some stores refuse for good: once more, then no more.
                if not error.again or number == tries or (error.status == 500 and number > 1):
                    raise
                self.pause(number, error.wait)
        raise AssertionError("unreachable: tries is at least 1")

    def pause(self, number: int, asked: float = 0.0) -> None:
        """Wait before another try: longer each time, never quite the same, and as long as the server asks."""
        grown = self.patience.pause * 2 ** (number - 1)
        time.sleep(min(max(grown * random.uniform(0.5, 1.0), asked), _LONGEST_WAIT))  # noqa: S311  no secret


def truth(answer: Mapping[str, Any]) -> bool:
    """Read the answer to an ASK query; one store (Virtuoso) answers with a table of one number."""
    if "boolean" in answer:
        return answer["boolean"] is True
    rows = answer["results"]["bindings"]
    return bool(rows) and rows[0].get("__ASK_RETVAL", {}).get("value") in ("1", "true")


def _refusal(reply: Reply, url: str, credentials: Credentials) -> ClientError:
    status = reply.status
    if 300 <= status < 400:
        message = f"{url} answers with a redirection ({status}); name the address it leads to yourself"
        return ClientError(message, status=status)
    told = credentials.hide(_excerpt(reply))
    if status in _BUSY:
        return ClientError(
            f"the store is busy ({status}){told}", status=status, again=True, wait=_retry_after(reply)
        )
    unknown = "the store does not know us: set PROVRDF_USER and PROVRDF_PASSWORD, or PROVRDF_TOKEN"
    words = {
        401: unknown
        if credentials.secret is None
        else "the store does not accept the credentials it was given",
        403: "the store does not let us do this",
        404: f"there is nothing at {url}",
        413: "the request is too large for the store",
    }
    message = f"{words.get(status, f'the store refused ({status})')}{told}"
    return ClientError(message, status=status, again=status >= 500)


def _excerpt(reply: Reply) -> str:
    """Quote the beginning of a plain answer; pages and long texts are left out."""
    text = reply.body[:400].decode("utf-8", "replace").strip()
    if not text or "html" in reply.content_type or "<html" in text.lower():
        return ""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return f": {line[:200]}"


def _retry_after(reply: Reply) -> float:
    value = reply.headers.get("retry-after", "")
    return min(float(value), _LONGEST_WAIT) if value.isdigit() else 0.0
