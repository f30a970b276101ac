"""Credentials: from the environment, a file, a key ring or netrc; never on a command line, never shown."""

from __future__ import annotations

import base64
import ipaddress
import netrc
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl, urlsplit

from provrdf.errors import ConfigError

if TYPE_CHECKING:
    import httpx2

_SECRET_PARAMETERS = ("key", "token", "pass", "secret", "auth", "credential")


class Secret:
    """A text that does not show itself: not in messages, not in logs, not in tracebacks."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text; only the one place that sends it calls this."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(...)"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written to files")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True)
class Credentials:
    """What a server is shown to be let in.

    Attributes
    ----------
    user : str or None
        Name for Basic or Digest.
    secret : Secret or None
        Password, or the token for Bearer.
    scheme : str
        ``auto`` answers what the server asks for (Digest or Basic); ``basic`` and ``digest`` insist;
        ``bearer``.
    certificate, key : Path or None
        Client certificate (PEM) and its key, when it is in another file.
    authority : Path or None
        Certificates of the authorities to trust, instead of the system's.
    """

    user: str | None = None
    secret: Secret | None = None
    scheme: Literal["auto", "basic", "digest", "bearer"] = "auto"
    certificate: Path | None = None
    key: Path | None = None
    authority: Path | None = None

    def hide(self, text: str) -> str:
        """Mask these credentials in a text: some servers repeat in an error what they were sent."""
        if self.secret is None or not self.secret.reveal():
            return text
        secret = self.secret.reveal()
        pair = base64.b64encode(f"{self.user or ''}:{secret}".encode()).decode()
        return text.replace(pair, "...").replace(secret, "...")

    def auth(self) -> httpx2.Auth | None:
        """Make what the HTTP library needs to answer a server's challenge."""
        import httpx2

        if self.secret is None:
            return None
        if self.scheme == "bearer":
            return _bearer(self.secret)
        user, password = self.user or "", self.secret.reveal()
        if self.scheme == "digest":
            return httpx2.DigestAuth(user, password)
        return httpx2.BasicAuth(user, password) if self.scheme == "basic" else _challenged(user, password)

    def context(self) -> ssl.SSLContext:
        """Make the TLS settings: system trust, or one's own authority; client certificate if there is one."""
        try:
            context = ssl.create_default_context(cafile=self.authority and str(self.authority))
            if self.certificate:
                context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            message = f"certificate files cannot be used: {error.strerror or error.__class__.__name__}"
            raise ConfigError(message) from None
        return context


def _bearer(token: Secret) -> httpx2.Auth:
    import httpx2

    class Bearer(httpx2.Auth):
        def auth_flow(self, request):  # type: ignore[no-untyped-def]
            request.headers["Authorization"] = f"Bearer {token.reveal()}"
            yield request

    return Bearer()


def _challenged(user: str, password: str) -> httpx2.Auth:
    import httpx2

    class Challenged(httpx2.Auth):
        """Sends nothing until asked, then answers Digest if offered, else Basic; remembers which."""

        def __init__(self) -> None:
            self._chosen: httpx2.Auth | None = None

        def auth_flow(self, request):  # type: ignore[no-untyped-def]
            if self._chosen is not None:
                yield from self._chosen.auth_flow(request)
                return
            response = yield request
            if response.status_code != 401:
                return
            offered = " ".join(response.headers.get_list("www-authenticate")).lower()
            if "digest " not in offered:
                self._chosen = httpx2.BasicAuth(user, password)
                yield from self._chosen.auth_flow(request)
                return
            digest = httpx2.DigestAuth(user, password)
            flow = digest.auth_flow(request)
            next(flow)  # the request that was just answered by a challenge
            yield flow.send(response)
            self._chosen = digest

    return Challenged()


def check_url(url: str, *, credentials: Credentials | None = None) -> str:
    """Return a URL that may be asked, with these credentials.

    Raises
    ------
    ConfigError
        It is no http(s) URL, carries a password or key itself, or would send credentials unencrypted.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        message = f"{_without_userinfo(url)!r} is no address of a server: expected http://... or https://..."
        raise ConfigError(message)
    if "@" in parts.netloc:
        message = (
            f"the address of {parts.hostname} carries a user name or password; "
            "use PROVRDF_USER and PROVRDF_PASSWORD"
        )
        raise ConfigError(message)
    for name, _ in parse_qsl(parts.query, keep_blank_values=True):
        if any(word in name.lower() for word in _SECRET_PARAMETERS):
            message = (
                f"the address of {parts.hostname} carries {name!r}, and addresses end up in logs; "
                "use PROVRDF_TOKEN"
            )
            raise ConfigError(message)
    secret = credentials is not None and credentials.secret is not None
    if secret and parts.scheme == "http" and not is_loopback(parts.hostname):
        message = f"credentials would go to {parts.hostname} unencrypted; use https://"
        raise ConfigError(message)
    return url


def _without_userinfo(url: str) -> str:
    scheme, found, rest = url.partition("://")
    return url if not found else f"{scheme}://{rest.rpartition('@')[2]}"


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, by its address (names other than localhost are not looked up)."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def find_credentials(
    host: str,
    *,
    environment: Mapping[str, str] | None = None,
    use_netrc: bool = False,
    use_keyring: bool = False,
) -> Credentials:
    """Look for credentials for a host: environment, files it names, then key ring and netrc if asked for.

    Parameters
    ----------
    host : str
        Name of the server.
    environment : mapping, optional
        ``PROVRDF_USER``, ``PROVRDF_PASSWORD``, ``PROVRDF_TOKEN`` (or each with ``_FILE``: the name of a
        file that holds it), ``PROVRDF_AUTH`` (basic, digest, bearer), ``PROVRDF_CERT``, ``PROVRDF_KEY``,
        ``PROVRDF_CA``.
    use_netrc, use_keyring : bool
        Look there too.

    Raises
    ------
    ConfigError
        A named file cannot be read, or two ways contradict each other.
    """
    environment = os.environ if environment is None else environment
    certificates = Credentials(
        certificate=_path(environment, "CERT"),
        key=_path(environment, "KEY"),
        authority=_path(environment, "CA"),
    )
    token, password = _secret(environment, "TOKEN"), _secret(environment, "PASSWORD")
    user = environment.get("PROVRDF_USER")
    if token and password:
        raise ConfigError("both PROVRDF_TOKEN and PROVRDF_PASSWORD are set: a server takes one of them")
    if token:
        return replace(certificates, secret=token, scheme="bearer")
    if password is None and use_keyring:
        password = _from_keyring(host, user)
    if password is None and use_netrc:
        user, password = _from_netrc(host, user)
    return replace(certificates, user=user, secret=password, scheme=_scheme(environment))


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    value = environment.get(f"PROVRDF_{name}")
    return Path(value) if value else None


def _scheme(environment: Mapping[str, str]) -> Literal["auto", "basic", "digest"]:
    scheme = environment.get("PROVRDF_AUTH", "auto").lower()
    if scheme not in ("auto", "basic", "digest"):
        message = (
            f"PROVRDF_AUTH is {scheme!r}: expected auto, basic or digest (a token is always sent as bearer)"
        )
        raise ConfigError(message)
    return scheme  # type: ignore[return-value]


def _secret(environment: Mapping[str, str], name: str) -> Secret | None:
    variable = f"PROVRDF_{name}"
    text, file = environment.get(variable), environment.get(f"{variable}_FILE")
    if text and file:
        message = f"both {variable} and {variable}_FILE are set: keep one"
        raise ConfigError(message)
    if file:
        text = _read_secret(Path(file), f"{variable}_FILE")
    if text and any(ord(letter) < 32 for letter in text):
        message = f"{variable} holds a line break or control character, no server would take it"
        raise ConfigError(message)
    return Secret(text) if text else None


def _read_secret(path: Path, variable: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{variable}: {path} cannot be read"
        raise ConfigError(message) from error


def _from_keyring(host: str, user: str | None) -> Secret | None:
    try:
        import keyring  # type: ignore[import-not-found, unused-ignore]
    except ImportError as error:
        raise ConfigError("the key ring needs the package keyring (pip install keyring)") from error
    try:
        found = keyring.get_password(f"provrdf:{host}", user or "")
    except keyring.errors.KeyringError as error:
        message = f"the key ring cannot be asked here: {type(error).__name__}"
        raise ConfigError(message) from error
    return Secret(found) if found else None


def _from_netrc(host: str, user: str | None) -> tuple[str | None, Secret | None]:
    try:
        found = netrc.netrc().authenticators(host)
    except FileNotFoundError:
        return user, None
    except (OSError, netrc.NetrcParseError) as error:
        message = f"~/.netrc cannot be used: {getattr(error, 'msg', None) or type(error).__name__}"
        raise ConfigError(message) from None
    if found is None or (user and found[0] != user):
        return user, None
    return found[0], Secret(found[2] or "")
