"""One HTTP request, strictly: a deadline for the whole, a cap on the answer, no redirect, a fresh connection.

Timeouts of HTTP libraries hold for one read, so a server that sends a byte now and then is never late. Here
the network layer itself knows when the request must be over.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpcore2
import httpx2

from provrdf.publish.credentials import Credentials

if TYPE_CHECKING:
    import ssl

_CONNECT = 15.0  # seconds for a connection, within the deadline
_USER_AGENT = "provrdf"


@dataclass(frozen=True)
class Reply:
    """What a server answered, read to its end."""

    status: int
    content_type: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    @property
    def framed(self) -> bool:
        """Whether a cut answer would have been noticed: its length was announced, or it came in chunks."""
        return "content-length" in self.headers or "chunked" in self.headers.get("transfer-encoding", "")


class TransportError(Exception):
    """No whole answer came: whether the server did what was asked is unknown.

    Attributes
    ----------
    sent : bool
        Whether the server can have received the request.
    """

    def __init__(self, message: str, *, sent: bool = True) -> None:
        self.sent = sent
        super().__init__(message)


class _Stream(httpcore2.NetworkStream):
    """A connection on which no operation lasts beyond the deadline."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def _left(self, *, reading: bool) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise (httpcore2.ReadTimeout if reading else httpcore2.WriteTimeout)("deadline")
        return left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._left(reading=True))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # Not through the inner stream: that waits anew after every byte the server deigns to take.
        connection: socket.socket = self._inner.get_extra_info("socket")
        view = memoryview(buffer)
        while view:
            connection.settimeout(self._left(reading=False))
            try:
                view = view[connection.send(view) :]
            except TimeoutError as error:
                raise httpcore2.WriteTimeout("deadline") from error
            except OSError as error:
                raise httpcore2.WriteError(type(error).__name__) from error

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        left = min(self._left(reading=True), _CONNECT)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    """Opens connections that know the deadline."""

    def __init__(self, deadline: float) -> None:
        self._inner = httpcore2.SyncBackend()
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        left = max(min(self._deadline - time.monotonic(), _CONNECT), 0.001)
        return _Stream(
            self._inner.connect_tcp(host, port, left, local_address, socket_options), self._deadline
        )


class _Body(httpx2.SyncByteStream):
    """The answer's bytes on their way from one library layer to the next."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._stream.close()


class _Transport(httpx2.BaseTransport):
    """The library's transport with our network layer under it; no connection is used twice."""

    def __init__(self, deadline: float, context: ssl.SSLContext | None) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context,
            max_connections=1,
            max_keepalive_connections=0,
            retries=0,
            network_backend=_Backend(deadline),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        asked = httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
        )
        answer = self._pool.handle_request(asked)
        return httpx2.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    def close(self) -> None:
        self._pool.close()


class Transport:
    """Sends requests to servers with one set of credentials.

    Parameters
    ----------
    credentials : Credentials, optional
        Who we are.
    cap : int
        Bytes an answer may have, unpacked.
    """

    def __init__(self, credentials: Credentials | None = None, *, cap: int = 256 << 20) -> None:
        self._credentials = credentials or Credentials()
        self._auth = self._credentials.auth()
        self._context: ssl.SSLContext | None = None
        self._cap = cap

    def send(
        self,
        method: str,
        url: str,
        *,
        content: bytes | Iterable[bytes],
        headers: Mapping[str, str],
        seconds: float,
    ) -> Reply:
        """Send one request and read the answer to its end.

        Raises
        ------
        TransportError
            No whole answer came within the time.
        """
        deadline = time.monotonic() + seconds
        context = self._tls() if url.startswith("https:") else None
        transport = _Transport(deadline, context)
        headers = {"User-Agent": _USER_AGENT, "Connection": "close", **headers}
        try:
            with httpx2.Client(transport=transport, trust_env=False, follow_redirects=False) as client:
                request = client.build_request(method, url, content=content, headers=headers)
                response = client.send(request, stream=True, auth=self._auth)
                try:
                    return self._read(response, deadline)
                finally:
                    response.close()
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
            raise TransportError("cannot be reached", sent=False) from error
        except (httpcore2.TimeoutException, httpx2.TimeoutException) as error:
            message = f"gave no whole answer within {seconds:.3g} s"
            raise TransportError(message) from error
        except (
            httpx2.HTTPError,
            httpcore2.NetworkError,
            httpcore2.ProtocolError,
            httpx2.StreamError,
        ) as error:
            message = f"broke the connection ({type(error).__name__})"
            raise TransportError(message) from error

    def _read(self, response: httpx2.Response, deadline: float) -> Reply:
        pieces, size = [], 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > self._cap:
                message = f"answers with more than {self._cap >> 20} MB"
                raise TransportError(message)
            if time.monotonic() > deadline:
                raise TransportError("gave no whole answer in time")
            pieces.append(piece)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Reply(response.status_code, kind, b"".join(pieces), dict(response.headers))

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = self._credentials.context()
        return self._context
