"""Keeping secrets out of the log: tokens, passwords, keys, addresses with a password in them.

Provenance is published. What looks like a secret is replaced by ``[redacted]`` before it is written,
and counted.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence

MASK = "[redacted]"
_REMEMBERED = 1024
"""Harmless texts that are not looked at again: the paths of a pipeline come many times."""

_NAME_WORDS = (
    r"passw(?:or)?ds?|passwd|passphrase|pwd|pass|secrets?|tokens?|credentials?|creds|auth|authorization|bearer"
    r"|api_?keys?|access_?keys?|private_?keys?|secret_?keys?|signing_?keys?|encryption_?keys?|account_?keys?"
    r"|ssh_?keys?|master_?keys?|session_?keys?|cookies?|dsn|connection_?string|signature|netrc|kubeconfig|otp|pat"
)
_SECRET_NAME = re.compile(rf"(?:^|_)(?:{_NAME_WORDS})(?:$|_)")
_SECRET_ENDING = re.compile(
    r"(?:password|passwd|passphrase|secret|token|apikey|accesskey|privatekey|credentials?)s?$"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_HARMLESS_NAMES = frozenset({"pass", "signature", "pat", "pwd", "otp"})
"""Words that alone are often something else: as a whole name they stay, unless configured."""

_USERINFO = re.compile(
    # user:password@, where the password may hold anything but must not be a port; or a name alone
    r"((?<![a-zA-Z0-9+.-])[a-zA-Z][a-zA-Z0-9+.-]{0,30}://)"
    r"(?:[^\s/?#:@'\"]{0,200}:(?!\d+(?:[/?#]|$))[^\s'\"]{0,300}|[^\s/?#@'\"]{1,300})@"
)
_BARE_USERINFO = re.compile(r"(?<![\w.@/:%+-])[\w.%+-]+:[^\s/:@'\",;]+@(?=[\w-]+(?:\.[\w-]+)*(?:[:/\s]|$))")
_QUERY = re.compile(
    r"([?&;#](?:[\w.-]*[_.-])?(?:access_?token|refresh_?token|id_?token|token|api_?key|key|auth|sig|signature"
    r"|password|passwd|pwd|secret|client_secret|credential|code|session|jwt|sas|security[_-]token|awsaccesskeyid)=)"
    r"[^&;#\s'\"]+",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(
    r"((?:^|(?<=[\s,;{(\[&?'\"]))[\w.-]{0,64}(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key"
    r"|private[_-]?key|credentials?)[\w.-]{0,64}['\"]?\s*(?:=>|[=:])\s*)"
    r"(?:\"[^\"]*\"|'[^']*'|(?:(?:bearer|basic)\s+)?[^\s,;)}\]&'\"]+)",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"\b(bearer|basic|digest|token|negotiate)\s+(?=[\w.~+/=-]*[\d+/=_-])[\w.~+/=-]{8,}", re.IGNORECASE
)
_LOGIN_OPTION = re.compile(r"((?<!\S)(?:-u|--user|--proxy-user)(?:\s+|=))(?!\d+:)[^\s:/'\"]+:(?!//)[^\s'\"]+")
_KEY_BLOCK = re.compile(
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?"
    r"(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.DOTALL,
)
_KNOWN_TOKEN = re.compile(
    r"\b(?:(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}"
    r"|gh[opusr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|gl[a-z]{2,5}-[\w-]{20,}"
    r"|xox[abeoprs]-[\w-]{10,}|xapp-[\w-]{10,}|sk-[\w-]{16,}|[rs]k_(?:live|test)_\w{10,}|hf_[A-Za-z0-9]{20,}"
    r"|pypi-[\w-]{20,}|npm_[A-Za-z0-9]{20,}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|dckr_pat_[\w-]{20,}|hv[sbr]\.[\w-]{20,}"
    r"|dop_v1_[a-f0-9]{32,}|SG\.[\w-]{16,}\.[\w-]{16,}|eyJ[\w-]{8,2000}\.[\w-]{8,}(?:\.[\w-]*)?)"
)
_HINTS = (
    *(
        "://",
        "private key",
        "akia",
        "asia",
        "aroa",
        "aida",
        "gh",
        "gl",
        "xox",
        "xapp-",
        "sk-",
        "k_live",
        "k_test",
    ),
    *("hf_", "pypi-", "npm_", "aiza", "ya29", "dckr_", "hvs.", "hvb.", "hvr.", "dop_", "sg.", "eyj", "pass"),
    *(
        "secret",
        "token",
        "key",
        "credential",
        "bearer ",
        "basic ",
        "digest ",
        "negotiate ",
        "sig=",
        "signature=",
    ),
    *("auth=", "code=", "session=", "jwt=", "sas=", "pwd=", "-u ", "-user"),
)


class Redactor:
    """Knows what a secret looks like.

    Parameters
    ----------
    environment : mapping
        Environment variables; the values of those with a secret's name are secrets wherever they turn up.
    words : sequence of str
        More words that make a name the name of a secret.
    """

    def __init__(self, environment: Mapping[str, str], *, words: Sequence[str] = ()) -> None:
        self._harmless: dict[str, None] = {}
        self._words = frozenset(_simple(word) for word in words)
        values = {
            value
            for name, value in environment.items()
            if len(value) >= 6 and self.is_secret_name(name, whole=True) and not _is_path(value)
        }
        self._values = tuple(sorted(values, key=lambda value: (-len(value), value)))

    def is_secret_name(self, name: str, *, whole: bool = False) -> bool:
        """Tell whether a value of this name is a secret.

        Parameters
        ----------
        name : str
            Name of a variable, parameter, option or key.
        whole : bool
            Take a short word (``pass``, ``auth``) for a secret even when it is the whole name.
        """
        simple = _simple(name)
        if simple in self._words:
            return True
        if simple in _HARMLESS_NAMES and not whole:
            return False
        return bool(_SECRET_NAME.search(simple) or _SECRET_ENDING.search(simple))

    def is_harmless(self, text: str) -> bool:
        """Tell whether a text was found to hold no secret before."""
        return text in self._harmless

    def clean(self, text: str) -> tuple[str, int]:
        """Mask what is secret in a text.

        Returns
        -------
        str, int
            The text, and how many secrets were in it.
        """
        cleaned, count = self._masked(text)
        if cleaned == text and len(text) < 300 and text.isascii():
            if len(self._harmless) >= _REMEMBERED:
                self._harmless.clear()
            self._harmless[text] = None
        return cleaned, count

    def _masked(self, text: str) -> tuple[str, int]:
        before = text.count(MASK)
        for value in self._values:
            text = text.replace(value, MASK)
        if _is_suspect(text):
            for pattern, mask in _PATTERNS:
                text = pattern.sub(mask, text)
        return text, max(0, text.count(MASK) - before)

    def arguments(self, arguments: Iterable[str]) -> tuple[list[str], int]:
        """Mask what is secret in the arguments of a command."""
        cleaned: list[str] = []
        count = 0
        hide_next = False
        before = ""
        for argument in arguments:
            name, equals, value = argument.partition("=")
            is_option = argument.startswith("-") and self.is_secret_name(name, whole=True)
            if hide_next and not argument.startswith("--"):
                text, found = MASK, 1
            elif is_option and equals and value:
                text, found = f"{name}={MASK}", 1
            elif _LOGIN_OPTION.fullmatch(f"{before} {argument}"):
                text, found = MASK, 1
            else:
                text, found = self.clean(argument)
            hide_next = is_option and not equals
            before = argument
            cleaned.append(text)
            count += found
        return cleaned, count


_PATTERNS = (
    (_KEY_BLOCK, MASK),
    (_USERINFO, rf"\1{MASK}@"),
    (_BARE_USERINFO, f"{MASK}@"),
    (_QUERY, rf"\1{MASK}"),
    (_ASSIGNED, rf"\1{MASK}"),
    (_HEADER, rf"\1 {MASK}"),
    (_LOGIN_OPTION, rf"\1{MASK}"),
    (_KNOWN_TOKEN, MASK),
)


def _is_suspect(text: str) -> bool:
    """Tell cheaply whether a text is worth a closer look; nearly none is."""
    lower = text.lower()
    for hint in _HINTS:
        if hint in lower:
            return True
    return "@" in text and ":" in text


def _simple(name: str) -> str:
    """Write a name in lower case with underscores: ``apiKey``, ``api-key`` and ``API_KEY`` are alike."""
    return _NOT_WORD.sub("_", _CAMEL.sub("_", name).lower()).strip("_")


def _is_path(value: str) -> bool:
    """Tell a path from a secret: ``SSH_AUTH_SOCK=/tmp/agent`` says where a secret is, and is none."""
    return value.startswith(("/", "~", "./")) and value.count("/") > 1 and os.sep in value
