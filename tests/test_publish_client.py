"""The strict client: deadlines, caps, redirects, pages that are no answers, and nothing secret shown."""

from __future__ import annotations

import gzip
import logging
import shutil
import ssl
import subprocess
import time
import traceback
from dataclasses import replace
from pathlib import Path

import pytest

from provrdf.errors import ConfigError
from provrdf.publish.client import NTRIPLES, ClientError, Endpoint, Patience, SparqlClient
from provrdf.publish.credentials import Credentials, Secret, check_url, find_credentials
from provrdf.publish.transport import Transport, TransportError
from servers import answer, listening, scripted

YES = answer(body=b'{"head": {}, "boolean": true}')
ROWS = answer(
    body=b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "1"}}]}}'
)
PAGE = answer(body=b"<html>please sign in</html>", kind="text/html")
ONCE = Patience(seconds=2, tries=1, pause=0.001)
OFTEN = Patience(seconds=2, tries=4, pause=0.001)


def client(url: str, patience: Patience = ONCE, credentials: Credentials | None = None) -> SparqlClient:
    """Make a client for a scripted server."""
    return SparqlClient(Endpoint(url, url, url), patience=patience, credentials=credentials or Credentials())


def test_answers_are_read() -> None:
    """ASK and SELECT give values; one store answers ASK with a table."""
    with scripted(YES, ROWS) as server:
        asked = client(server.url)
        assert asked.ask("ASK {}") is True
        assert asked.select("SELECT * {}") == [{"x": {"type": "literal", "value": "1"}}]
    table = b'{"head": {}, "results": {"bindings": [{"__ASK_RETVAL": {"type": "literal", "value": "1"}}]}}'
    with scripted(answer(body=table)) as server:
        assert client(server.url).ask("ASK {}") is True


def test_requests_are_posts_without_trimmings() -> None:
    """POST with a form, no keep-alive, no cookies, and a body that is not in the address."""
    with scripted(YES) as server:
        client(server.url).ask("ASK { ?s ?p 'x y' }")
        (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST / HTTP/1.1")
    assert b"connection: close" in head.lower()
    assert body.startswith(b"query=ASK")


@pytest.mark.parametrize(
    "wrong",
    [
        PAGE,
        answer(body=b""),
        answer(body=b'{"head": {}, "results": {"bindings": [{"x"'),
        answer(body=b'{"error": "none"}'),
        answer(body=b"true"),
        answer(body=b'{"head": {}, "boolean": true}', kind="text/plain"),
        answer(body=b'{"head": {}, "boolean": true', length=40),
        b"HTTP/1.1 200 OK\r\n",
        b"not http at all\r\n\r\n",
        b"",
    ],
)
def test_what_is_no_answer_is_a_failure(wrong: bytes) -> None:
    """A 200 proves nothing: pages, wrong types, cut bodies and nonsense are failures, never empty results."""
    with scripted(wrong) as server, pytest.raises(ClientError) as caught:
        client(server.url).ask("ASK {}")
    assert caught.value.exit_code == 4
    assert caught.value.again


def test_passing_faults_are_waited_out() -> None:
    """503, a page and a cut answer in a row, then the real one; Retry-After is heeded."""
    busy = answer("503 Service Unavailable", b"", "Retry-After: 1")
    with scripted(busy, PAGE, b"", YES) as server:
        started = time.monotonic()
        assert client(server.url, OFTEN).ask("ASK {}")
        assert time.monotonic() - started >= 1.0
        assert len(server.requests) == 4


@pytest.mark.parametrize(
    "status", ["400 Bad Request", "401 No", "403 No", "404 No", "405 No", "415 No", "501 No"]
)
def test_final_refusals_are_not_repeated(status: str) -> None:
    """What would be refused again is not sent again, except 5xx."""
    with scripted(answer(status, b"because", kind="text/plain")) as server:
        with pytest.raises(ClientError):
            client(server.url, OFTEN).ask("ASK {}")
        assert len(server.requests) == (1 if status[0] == "4" else 4)


def test_500_is_repeated_once() -> None:
    """Some stores say 500 for a refusal: one more try, then the reason is shown."""
    with scripted(answer("500 Error", b"no permission", kind="text/plain")) as server:
        with pytest.raises(ClientError, match="no permission"):
            client(server.url, OFTEN).ask("ASK {}")
        assert len(server.requests) == 2


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 Other", "307 Temporary", "308 Permanent"])
def test_redirects_are_not_followed(status: str) -> None:
    """Nothing is sent to where a redirect leads, least of all credentials."""
    with listening() as elsewhere:
        moved = answer(status, b"", f"Location: {elsewhere.url}")
        with scripted(moved) as server:
            known = Credentials("ann", Secret("s3cret-pw"), scheme="basic")
            with pytest.raises(ClientError, match="redirection"):
                client(server.url, OFTEN, known).ask("ASK {}")
        assert elsewhere.heard == []


def test_the_deadline_is_for_the_whole() -> None:
    """A byte every 50 ms is never late for a timeout between bytes, but the request ends in time."""
    for slow in (YES, b"HTTP/1.1 200 OK\r\n" + b"X-Long: y\r\n" * 100):
        with scripted(slow, pause=0.05) as server:
            started = time.monotonic()
            with pytest.raises(ClientError, match="no whole answer within"):
                client(server.url, Patience(seconds=0.4, tries=1)).ask("ASK {}")
            assert time.monotonic() - started < 1.5


def test_an_upload_that_nobody_takes_ends_in_time() -> None:
    """A server that stops reading does not hold the publisher for ever."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(TransportError):
            Transport().send("POST", url, content=[b"x" * (1 << 20)] * 30, headers={}, seconds=0.5)
        assert time.monotonic() - started < 3


def test_answers_have_a_cap() -> None:
    """A gigabyte of zeros in a small gzip does not fill the memory."""
    bomb = gzip.compress(b"\0" * (8 << 20))
    with scripted(answer("200 OK", bomb, "Content-Encoding: gzip")) as server:
        transport = Transport(cap=1 << 20)
        limited = SparqlClient(Endpoint(server.url), patience=ONCE, transport=transport)
        with pytest.raises(ClientError, match="more than 1 MB"):
            limited.ask("ASK {}")


def test_compressed_answers_are_read() -> None:
    """Gzip is unpacked."""
    packed = gzip.compress(b'{"head": {}, "boolean": true}')
    with scripted(answer("200 OK", packed, "Content-Encoding: gzip")) as server:
        assert client(server.url).ask("ASK {}")


def test_statements_that_may_have_been_cut_are_refused() -> None:
    """N-Triples cut at a line end look whole; an answer that ends because the connection did is refused."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\n\r\n"
    cut = head + b"<http://x/s> <http://x/p> <http://x/o> .\n"
    with scripted(cut) as server, pytest.raises(ClientError, match="may have been cut"):
        client(server.url).result("CONSTRUCT {} {}", accept=NTRIPLES)
    capped = answer("200 OK", b'{"head": {}, "results": {"bindings": []}}', "X-SPARQL-MaxRows: 10000")
    with scripted(capped) as server, pytest.raises(ClientError, match="cut its answer to 10000"):
        client(server.url).select("SELECT * {}")


def test_digest_is_answered_and_remembered() -> None:
    """The first request is challenged, the second is let in at once; the password never goes out."""
    offer = 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=MD5'
    challenge = answer("401 No", b"", offer)
    with scripted(challenge, YES, YES) as server:
        known = client(server.url, credentials=Credentials("ann", Secret("s3cret-pw")))
        assert known.ask("ASK {}")
        assert known.ask("ASK {}")
        assert [b"Digest username" in request for request in server.requests] == [False, True, True]
        assert not any(b"s3cret-pw" in request for request in server.requests)


def test_basic_and_bearer() -> None:
    """Basic when the server asks for it; a token at once."""
    challenge = answer("401 No", b"", 'WWW-Authenticate: Basic realm="r"')
    with scripted(challenge, YES) as server:
        assert client(server.url, credentials=Credentials("ann", Secret("pw"))).ask("ASK {}")
        assert b"Basic YW5uOnB3" in server.requests[1]
    with scripted(YES) as server:
        assert client(server.url, credentials=Credentials(secret=Secret("t0ken"), scheme="bearer")).ask(
            "ASK {}"
        )
        assert b"Bearer t0ken" in server.requests[0]


def test_being_turned_away_is_told_apart_from_not_having_asked() -> None:
    """Who gave a password is not told to give one."""
    challenge = answer("401 No", b"", 'WWW-Authenticate: Basic realm="r"')
    with scripted(challenge, challenge) as server, pytest.raises(ClientError, match="does not accept"):
        client(server.url, credentials=Credentials("ann", Secret("pw"))).ask("ASK {}")
    with scripted(challenge) as server, pytest.raises(ClientError, match="set PROVRDF_USER"):
        client(server.url).ask("ASK {}")


def test_nothing_secret_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    """Not in logs at the finest level, not in errors and their causes, not in representations."""
    caplog.set_level(logging.DEBUG)
    known = Credentials("ann", Secret("s3cret-pw"), scheme="basic")
    with scripted(answer("403 No", b"denied", kind="text/plain")) as server:
        asked = client(server.url, credentials=known)
        with pytest.raises(ClientError) as caught:
            asked.ask("ASK {}")
    shown = (
        "".join(traceback.format_exception(caught.value)) + caplog.text + repr(known) + repr(asked.__dict__)
    )
    assert "s3cret-pw" not in shown
    assert "YW5uOnMzY3JldC1wdw==" not in shown
    for echo in (b"you sent s3cret-pw", b"Basic YW5uOnMzY3JldC1wdw== is wrong"):
        with (
            scripted(answer("400 No", echo, kind="text/plain")) as server,
            pytest.raises(ClientError) as caught,
        ):
            client(server.url, credentials=known).ask("ASK {}")
        assert "s3cret-pw" not in str(caught.value)
        assert "YW5uOnMzY3JldC1wdw" not in str(caught.value)
    with pytest.raises(TypeError):
        __import__("pickle").dumps(known)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x/sparql",
        "sparql",
        "http://ann:pw@x/sparql",
        "https://x/sparql?apikey=1",
        "https://x/sparql?access_token=1",
        "file:///etc/passwd",
    ],
)
def test_addresses_without_passwords(url: str) -> None:
    """Addresses end up in logs, so they may carry no secret; and the message does not repeat it."""
    with pytest.raises(ConfigError) as caught:
        check_url(url)
    assert "pw" not in str(caught.value)


def test_credentials_do_not_go_out_in_clear() -> None:
    """Only to this machine itself is http good enough."""
    known = Credentials("ann", Secret("pw"))
    for url in ("https://store.example/", "http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]:1/"):
        assert check_url(url, credentials=known) == url
    for url in ("http://store.example/", "http://10.0.0.1/", "http://localhost.example/"):
        with pytest.raises(ConfigError, match="unencrypted"):
            check_url(url, credentials=known)
    with pytest.raises(ConfigError, match="unencrypted"):
        SparqlClient(Endpoint("https://store.example/", "http://store.example/update"), credentials=known)


def test_credentials_come_from_the_environment(tmp_path: Path) -> None:
    """Variables, or files that variables name; contradictions and unusable values are refused."""
    secret = tmp_path / "password"
    secret.write_text("from a file\n")
    found = find_credentials("x", environment={"PROVRDF_USER": "ann", "PROVRDF_PASSWORD_FILE": str(secret)})
    assert (found.user, found.secret, found.scheme) == ("ann", Secret("from a file"), "auto")
    found = find_credentials("x", environment={"PROVRDF_TOKEN": "t0ken"})
    assert (found.secret, found.scheme) == (Secret("t0ken"), "bearer")
    assert find_credentials("x", environment={}).secret is None
    for wrong in (
        {"PROVRDF_TOKEN": "a", "PROVRDF_PASSWORD": "b"},
        {"PROVRDF_PASSWORD": "a", "PROVRDF_PASSWORD_FILE": str(secret)},
        {"PROVRDF_PASSWORD_FILE": str(tmp_path / "none")},
        {"PROVRDF_TOKEN": "a\r\nX-Evil: 1"},
        {"PROVRDF_PASSWORD": "a", "PROVRDF_AUTH": "ntlm"},
    ):
        with pytest.raises(ConfigError):
            find_credentials("x", environment=wrong)


def test_netrc_only_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is not opened unless somebody wants it; other hosts' entries do not count."""
    (tmp_path / ".netrc").write_text("machine store.example login ann password n3trc\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_credentials("store.example", environment={}).secret is None
    found = find_credentials("store.example", environment={}, use_netrc=True)
    assert (found.user, found.secret) == ("ann", Secret("n3trc"))
    assert find_credentials("other.example", environment={}, use_netrc=True).secret is None


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """An http proxy would read credentials; a request goes where it says it goes."""
    with listening() as proxy, scripted(YES) as server:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert client(server.url).ask("ASK {}")
        assert proxy.heard == []


def _certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Make a certificate that vouches for itself."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    subject = ["-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificates")
def test_certificates_both_ways(tmp_path: Path) -> None:
    """The server's is checked against one's own authority; the client's is shown; without either, nothing."""
    server_files, client_files = _certificate(tmp_path, "server"), _certificate(tmp_path, "client")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*server_files)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(client_files[0])
    good = Credentials(authority=server_files[0], certificate=client_files[0], key=client_files[1])
    with scripted(YES, context=context) as server:
        url = server.url.replace("http:", "https:")
        assert client(url, credentials=good).ask("ASK {}")
        for bad in (replace(good, authority=None), replace(good, certificate=None, key=None)):
            with pytest.raises(ClientError):
                client(url, credentials=bad).ask("ASK {}")


def test_certificates_that_cannot_be_used(tmp_path: Path) -> None:
    """A missing or broken certificate is a mistake of the configuration, said without a traceback."""
    broken = tmp_path / "cert.pem"
    broken.write_text("no certificate")
    for files in ({"certificate": tmp_path / "none"}, {"certificate": broken}, {"authority": broken}):
        with pytest.raises(ConfigError, match="certificate"):
            Credentials(**files).context()
