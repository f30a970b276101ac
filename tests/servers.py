"""Real servers for tests, on free loopback ports, ended by process id; and a listener that hears requests."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import socket
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
