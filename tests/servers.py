"""Real servers for tests, on free loopback ports, ended by process id; and a listener that hears requests."""

from __future__ import annotations

import contextlib
import http.client
import importlib.util
import os
import shutil
import socket
import ssl
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

HOST = "127.0.0.1"
_START = 20.0
RESULTS = "application/sparql-results+json"
_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """One server process and where it answers."""

    command: list[str]
    port: int
    ask: str
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Base URL, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> Server:
        """Start the process and wait until it answers; the answer counts only while our own child lives."""
        self.process = subprocess.Popen(
            self.command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | self.environment,
        )
        end = time.monotonic() + _START
        while time.monotonic() < end:
            if self.process.poll() is not None:
                message = f"{self.command[0]} ended with {self.process.returncode}"
                raise RuntimeError(message)
            if self._answers():
                return self
            time.sleep(0.02)
        self.kill()
        message = f"{self.command[0]} did not answer within {_START} s"
        raise RuntimeError(message)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=2)
        try:
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", self.ask, body="query=ASK%20%7B%7D", headers=form)
            return connection.getresponse().status < 500
        except OSError:
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """End the process at once (SIGKILL)."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def oxigraph(folder: Path | None = None, *, port: int | None = None) -> Server:
    """Describe an Oxigraph server: in memory, or on disk in `folder`."""
    beside = Path(sysconfig.get_path("scripts")) / "oxigraph"
    program = str(beside) if beside.exists() else shutil.which("oxigraph")
    if program is None:
        pytest.skip("the oxigraph server is not installed (pip install oxigraph)")
    port = port or free_port()
    place = [] if folder is None else ["-l", str(folder)]
    return Server([program, "serve", *place, "-b", f"{HOST}:{port}"], port, "/query")


_RDFLIB_APP = """
import sys, uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
app = SparqlEndpoint(graph=Dataset(), enable_update=True, path="/")
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
"""


def rdflib_endpoint() -> Server:
    """Describe an rdflib-endpoint server with an empty dataset in memory."""
    if importlib.util.find_spec("rdflib_endpoint") is None or importlib.util.find_spec("uvicorn") is None:
        pytest.skip("rdflib-endpoint is not installed (pip install rdflib-endpoint uvicorn)")
    port = free_port()
    return Server([sys.executable, "-W", "ignore", "-c", _RDFLIB_APP, str(port)], port, "/")


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    """Run a server for the length of a with block."""
    server.start()
    try:
        yield server
    finally:
        server.kill()


class Listener:
    """Counts the connections made to a loopback port; tests of untrusted input want it to hear none."""

    def __init__(self) -> None:
        self._socket = socket.create_server((HOST, 0))
        self._socket.settimeout(0.1)
        self.port = int(self._socket.getsockname()[1])
        self.heard: list[bytes] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The address that must never be asked."""
        return f"http://{HOST}:{self.port}/trap"

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(1)
                with contextlib.suppress(OSError):
                    self.heard.append(connection.recv(4096))
                    connection.sendall(_NOT_FOUND)

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        self._thread.join()
        self._socket.close()


@contextlib.contextmanager
def listening() -> Iterator[Listener]:
    """Listen for the length of a with block."""
    listener = Listener()
    try:
        yield listener
    finally:
        listener.close()


class Scripted:
    """Answers requests with prepared bytes, one after the other (the last for ever), and keeps them."""

    def __init__(self, *answers: bytes, pause: float = 0.0, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        self._answers = list(answers)
        self._pause = pause
        self._socket = socket.create_server((HOST, 0))
        self._socket.settimeout(0.05)
        self.port = int(self._socket.getsockname()[1])
        self.requests: list[bytes] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Base URL."""
        return f"http://{HOST}:{self.port}"

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            with connection, contextlib.suppress(OSError):
                connection.settimeout(2)
                if self._context is None:
                    self._answer(connection)
                    continue
                with self._context.wrap_socket(connection, server_side=True) as secure:
                    self._answer(secure)

    def _answer(self, connection: socket.socket) -> None:
        self.requests.append(_request(connection))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if not self._pause:
            connection.sendall(answer)
            return
        for position in range(len(answer)):
            connection.sendall(answer[position : position + 1])
            if self._stop.wait(self._pause):
                return

    def close(self) -> None:
        """Stop answering."""
        self._stop.set()
        self._thread.join()
        self._socket.close()


def _request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return received
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    fields = [line.lower() for line in head.split(b"\r\n")]
    length = next((int(line.split(b":")[1]) for line in fields if line.startswith(b"content-length")), 0)
    while len(body) < length:
        piece = connection.recv(65536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body


def answer(
    status: str = "200 OK", body: bytes = b"", *headers: str, kind: str = RESULTS, length: int | None = None
) -> bytes:
    """Write an HTTP answer; with `length`, it promises another length than it has."""
    size = len(body) if length is None else length
    head = [f"HTTP/1.1 {status}", f"Content-Length: {size}", f"Content-Type: {kind}", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


@contextlib.contextmanager
def scripted(
    *answers: bytes, pause: float = 0.0, context: ssl.SSLContext | None = None
) -> Iterator[Scripted]:
    """Answer with prepared bytes for the length of a with block."""
    server = Scripted(*answers, pause=pause, context=context)
    try:
        yield server
    finally:
        server.close()
