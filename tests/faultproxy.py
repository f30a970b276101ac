"""A proxy that does to requests what networks, balancers and login walls do, at random but from a seed."""

from __future__ import annotations

import contextlib
import gzip
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

HOST = "127.0.0.1"
_LOGIN = b"<!DOCTYPE html><html><body><form action='/login'>please sign in</form></body></html>"


def _answer(status: str, *headers: str, body: bytes = b"", kind: str = "text/html") -> bytes:
    head = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(body)}",
        f"Content-Type: {kind}",
        "Connection: close",
    ]
    return "\r\n".join([*head, *headers, "", ""]).encode() + body


@dataclass
class Exchange:
    """One request on its way: the client's connection, the whole request, and how to reach the server."""

    client: socket.socket
    request: bytes
    proxy: FaultProxy

    def forward(self, request: bytes | None = None) -> bytes:
        """Send a request to the server and return its whole answer; empty when it cannot be reached."""
        try:
            with socket.create_connection((HOST, self.proxy.server_port), timeout=20) as server:
                server.sendall(self.request if request is None else request)
                return b"".join(iter(lambda: server.recv(65536), b""))
        except OSError:
            return b""

    def reply(self, answer: bytes) -> None:
        """Send an answer to the client, who may have gone."""
        with contextlib.suppress(OSError):
            self.client.sendall(answer)


def passed(exchange: Exchange) -> None:
    """No fault."""
    exchange.reply(exchange.forward())


def cut_request(exchange: Exchange) -> None:
    """Only the beginning of the request reaches the server; the client sees the connection break."""
    size = exchange.proxy.random.randrange(len(exchange.request))
    try:
        with socket.create_connection((HOST, exchange.proxy.server_port), timeout=20) as server:
            server.sendall(exchange.request[:size])
    except OSError:
        return


def drop_answer(exchange: Exchange) -> None:
    """Let the server do what was asked, and the client never hear of it."""
    exchange.forward()


def busy(exchange: Exchange) -> None:
    """503 with Retry-After, for this request and maybe the next ones."""
    exchange.reply(_answer("503 Service Unavailable", "Retry-After: 0"))


def server_error(exchange: Exchange) -> None:
    """500 of something in between; the server heard nothing."""
    exchange.reply(_answer("500 Internal Server Error", body=b"oops", kind="text/plain"))


def server_error_after(exchange: Exchange) -> None:
    """500 although the server did it."""
    exchange.forward()
    exchange.reply(_answer("500 Internal Server Error", body=b"oops", kind="text/plain"))


def gave_up(exchange: Exchange) -> None:
    """504 at once; the server gets the request a little later and does it."""
    exchange.reply(_answer("504 Gateway Timeout", body=_LOGIN))
    exchange.client.close()
    time.sleep(0.03)
    exchange.forward()


def too_large(exchange: Exchange) -> None:
    """413 before the request was looked at."""
    exchange.reply(_answer("413 Request Entity Too Large", body=_LOGIN))


def redirected(exchange: Exchange) -> None:
    """302 to a login page."""
    exchange.reply(_answer("302 Found", f"Location: http://{HOST}:1/login"))


def login_page(exchange: Exchange) -> None:
    """200 with a web page that has nothing to do with the question."""
    exchange.reply(_answer("200 OK", body=_LOGIN))


def cut_answer(exchange: Exchange) -> None:
    """Let the server do it; the answer breaks off."""
    answer = exchange.forward()
    exchange.reply(answer[: exchange.proxy.random.randrange(max(len(answer), 1))])


def slow(exchange: Exchange) -> None:
    """Let the server do it; the answer comes byte by byte, never late for a timeout between two bytes."""
    answer = exchange.forward()
    with contextlib.suppress(OSError):
        for position in range(min(len(answer), 60)):
            exchange.client.sendall(answer[position : position + 1])
            time.sleep(0.02)


def twice(exchange: Exchange) -> None:
    """Give the server the request twice, as a balancer does that tries again by itself."""
    exchange.forward()
    exchange.reply(exchange.forward())


def zipped(exchange: Exchange) -> None:
    """No fault, but the answer is compressed."""
    answer = exchange.forward()
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found or not body or b"chunked" in head.lower():
        exchange.reply(answer)
        return
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
    packed = gzip.compress(body)
    lines += [b"Content-Encoding: gzip", b"Content-Length: %d" % len(packed)]
    exchange.reply(b"\r\n".join(lines) + b"\r\n\r\n" + packed)


FAULTS: tuple[Callable[[Exchange], None], ...] = (
    cut_request,
    drop_answer,
    busy,
    server_error,
    server_error_after,
    gave_up,
    too_large,
    redirected,
    login_page,
    cut_answer,
    slow,
    twice,
    zipped,
)


@dataclass
class FaultProxy:
    """Listens on a loopback port in front of a server.

    Attributes
    ----------
    server_port : int
        Where the server is.
    seed : int
        Decides which request meets which fault.
    rate : float
        Share of requests that meet one.
    before : callable or None
        Called with the number of each request before anything else, to kill a server for instance.
    """

    server_port: int
    seed: int = 0
    rate: float = 0.3
    faults: tuple[Callable[[Exchange], None], ...] = FAULTS
    before: Callable[[int], None] | None = None
    met: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.requests = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._socket = socket.create_server((HOST, 0))
        self._socket.settimeout(0.05)
        self.port = int(self._socket.getsockname()[1])
        self._threads: list[threading.Thread] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def url(self) -> str:
        """Base URL of the server, through the proxy."""
        return f"http://{HOST}:{self.port}"

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads = [running for running in self._threads if running.is_alive()]
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(20)
            try:
                request = _whole_request(connection)
            except OSError:
                return
            if not request:
                return
            with self._lock:
                self.requests += 1
                number = self.requests
                fault = self.random.choice(self.faults) if self.random.random() < self.rate else passed
                self.met[fault.__name__] += 1
            if self.before:
                self.before(number)
            fault(Exchange(connection, request, self))

    def close(self) -> None:
        """Stop, and wait for what is still on its way: a late request must not reach the next test."""
        self._stop.set()
        self._listener.join()
        for thread in self._threads:
            thread.join()
        self._socket.close()


def _whole_request(connection: socket.socket) -> bytes:
    """Read one request; bodies come with a length or in chunks."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return b""
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
    length = int(fields.get(b"content-length", b"0"))
    while len(body) < length:
        piece = connection.recv(65536)
        if not piece:
            return b""
        body += piece
    return head + b"\r\n\r\n" + body


@contextlib.contextmanager
def faulty(server_port: int, **options: object) -> Iterator[FaultProxy]:
    """Put a proxy before a server for the length of a with block."""
    proxy = FaultProxy(server_port, **options)  # type: ignore[arg-type]
    try:
        yield proxy
    finally:
        proxy.close()
