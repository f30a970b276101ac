"""What leaves the house: session facts by allow-list, paths shortened, people renamed, secrets never.

Works statement by statement before anything is hashed or sent, so what is withheld is not in the store, not
in the digests and not in the manifest. The report says what was withheld, without repeating it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from provrdf import iris
from provrdf.capture.redact import MASK, Redactor
from provrdf.publish.credentials import Secret
from provrdf.publish.statement import Statement, Value
from provrdf.vocab import DCTERMS, PROV, PROVRDF, RDF, RDFS, VOPROV, XSD

SESSION_KEYS = (
    "calibrationRun",
    "configFile",
    "environment",
    "environmentRecordedAt",
    "observationDate",
    "observationRun",
    "package",
    "pedestalRun",
    "pythonVersion",
    "sessionTag",
    "softwareVersion",
)
"""Facts of sessions and environments that are published unless the configuration lists others.

Not among them: host, user, executable, arguments, variables, and the whole environment as it was logged.
"""

_ALWAYS = frozenset(
    (
        RDF.type,
        RDFS.label,
        VOPROV.name,
        DCTERMS.identifier,
        PROV.generatedAtTime,
        PROV.specializationOf,
        PROV.wasDerivedFrom,
        PROV.hadMember,
    )
)
_HOMES = re.compile(r"(?<![\w.~/])/(?:home|Users)/[^/\s\"',;:]+")
_NAMING = (RDFS.label, VOPROV.name, DCTERMS.identifier)


@dataclass(frozen=True)
class PrivacySettings:
    """What may leave the house.

    Attributes
    ----------
    base : str
        Base IRI.
    session_keys : tuple of str
        Facts of sessions and environments that may be published, by their names (``softwareVersion``).
    path_rewrites : mapping
        Beginning of a path -> what is published instead, tried in order.
    agents : mapping
        Login -> name to publish, or the IRI of a person (an ORCID).
    pseudonymous : bool
        Replace the agents that are not in `agents` by a digest, and home folders by ``~``.
    pseudonym_key : Secret or None
        Makes the digests ones that nobody else can work out from a list of logins.
    accepted : frozenset of str
        Marks of findings of the secret scan that a person looked at and found harmless.
    """

    base: str
    session_keys: tuple[str, ...] = SESSION_KEYS
    path_rewrites: Mapping[str, str] = field(default_factory=dict, hash=False)
    agents: Mapping[str, str] = field(default_factory=dict, hash=False)
    pseudonymous: bool = False
    pseudonym_key: Secret | None = None
    accepted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SecretFinding:
    """A place that looks as if it held a secret; the secret itself is not kept.

    Attributes
    ----------
    subject, predicate : str
        Where.
    hint : str
        The text with the secret masked.
    mark : str
        What to write into the configuration if it is harmless.
    """

    subject: str
    predicate: str
    hint: str
    mark: str


class PrivacyFilter:
    """Changes statements into what may be published, and counts what that was.

    Parameters
    ----------
    settings : PrivacySettings
        What may leave.
    logins : iterable of str
        Logins that occur (:func:`find_logins`); where they are renamed, also inside other texts.

    Notes
    -----
    Called with a statement, returns what may be published of it, or None. What comes out depends on the
    statement and the settings alone, not on what came before.
    """

    def __init__(self, settings: PrivacySettings, *, logins: Iterable[str] = ()) -> None:
        self._settings = settings
        self._allowed = {PROVRDF.BASE + key for key in settings.session_keys} | _ALWAYS
        self._scan = Redactor({})
        self._iris: dict[str, str] = {}
        self._secret_names: dict[str, bool] = {}
        self._guarded = tuple(f"{settings.base}{kind}/" for kind in ("session", "environment"))
        self._agent = f"{settings.base}agent/"
        self._parameter = f"{settings.base}parameter/"
        self._paths = [
            (start.rstrip("/"), _path_pattern(start), instead.rstrip("/"))
            for start, instead in settings.path_rewrites.items()
        ]
        self._renamed = self._renames({*logins, *settings.agents})
        self.withheld: Counter[str] = Counter()
        self.rewritten: Counter[str] = Counter()
        self.shown: Counter[str] = Counter()
        self.secrets: list[SecretFinding] = []

    def __call__(self, statement: Statement) -> Statement | None:
        """Return what may be published of a statement, or None."""
        subject, predicate, _, graph = statement
        if self._is_withheld(subject, predicate):
            self.withheld[_short(predicate)] += 1
            return None
        kept = Statement(self._iri(subject), predicate, self._term(statement), graph)
        self._look_for_secrets(kept)
        return kept

    def _is_withheld(self, subject: str, predicate: str) -> bool:
        if subject.startswith(self._guarded):
            return predicate not in self._allowed
        hidden = self._settings.pseudonymous and subject.startswith(self._agent)
        return hidden and predicate not in _ALWAYS

    def _term(self, statement: Statement) -> str | Value:
        term = statement.object
        if isinstance(term, str):
            return self._iri(term)
        if statement.predicate in _NAMING and statement.subject.startswith(self._agent):
            return Value(_label(self._person(term.text)))
        if term.datatype in (XSD.string, RDF.JSON):
            return term._replace(text=self._text(term.text))
        return term

    # -- people ------------------------------------------------------------------------------------------

    def _person(self, login: str) -> str:
        """Return what a login is published as."""
        if login in self._settings.agents:
            return self._settings.agents[login]
        if not self._settings.pseudonymous:
            return login
        key = self._settings.pseudonym_key
        secret = key.reveal() if key else self._settings.base
        return "agent-" + hmac.new(secret.encode(), login.encode(), hashlib.sha256).hexdigest()[:12]

    def _renames(self, logins: Iterable[str]) -> list[tuple[re.Pattern[str], str]]:
        """Return patterns of logins that are renamed, longest first; very short ones are also words."""
        found = []
        for login in sorted(logins, key=lambda login: (-len(login), login)):
            name = self._person(login)
            if name != login and len(login) > 3:
                found.append((re.compile(rf"(?<![\w-]){re.escape(login)}(?![\w-])"), _label(name)))
        return found

    def _iri(self, iri: str) -> str:
        found = self._iris.get(iri)
        if found is None:
            if len(self._iris) > 100_000:
                self._iris.clear()
            found = self._iris[iri] = self._new_iri(iri)
        return found

    def _new_iri(self, iri: str) -> str:
        base = self._settings.base
        if iri.startswith(self._agent):
            login = unquote(iri.removeprefix(self._agent))
            name = self._person(login)
            self.rewritten["agents"] += name != login
            return name if _is_web(name) else f"{self._agent}{iris.part(name)}"
        if iri.startswith(f"{base}association/"):
            before, found, login = iri.rpartition("--")
            return f"{before}--{iris.part(_label(self._person(unquote(login))))}" if found else iri
        if iri.startswith("file://"):
            path = unquote(iri.removeprefix("file://"))
            shortened = self._text(path)
            relative = quote(shortened.lstrip("/"), safe="/~")
            return iri if shortened == path else f"{base}location/{relative}"
        return iri

    # -- texts -------------------------------------------------------------------------------------------

    def _text(self, text: str) -> str:
        """Shorten paths wherever they stand in a text, and rename people who are renamed."""
        if "/" in text:
            for start, pattern, instead in self._paths:
                if start in text:
                    text, found = pattern.subn(_shortened(instead), text)
                    self.rewritten["paths"] += found
            text = self._without_homes(text)
        for pattern, name in self._renamed:
            text, found = pattern.subn(_always(name), text)
            self.rewritten["names in texts"] += found
        return text

    def _without_homes(self, text: str) -> str:
        """Shorten home folders when people are hidden; else count them, so that the report tells."""
        if self._settings.pseudonymous:
            text, found = _HOMES.subn("~", text)
            self.rewritten["home folders"] += found
        elif "/home/" in text or "/Users/" in text:
            self.shown["home folders"] += len(_HOMES.findall(text))
        return text

    # -- secrets -----------------------------------------------------------------------------------------

    def _look_for_secrets(self, statement: Statement) -> None:
        """Note a secret; the mask of a pipeline that already removed one is none."""
        term = statement.object
        text = term if isinstance(term, str) else term.text
        cleaned, found = (MASK, 1) if self._is_named_secret(statement) else self._scan.clean(text)
        if not found or cleaned == text:
            return
        name = statement.predicate.rpartition("#")[2]
        mark = hashlib.sha256(f"{name} {text}".encode()).hexdigest()[:12]
        if mark not in self._settings.accepted:
            hint = cleaned if len(cleaned) < 100 else cleaned[max(cleaned.find(MASK) - 40, 0) :][:100]
            self.secrets.append(SecretFinding(statement.subject, statement.predicate, hint, mark))

    def _is_named_secret(self, statement: Statement) -> bool:
        """Tell whether it is the name that makes a text a secret: a parameter or key called ``password``."""
        term = statement.object
        if isinstance(term, str) or term.datatype != XSD.string or not term.text:
            return False
        if statement.predicate.startswith(PROVRDF.BASE):
            name = statement.predicate.removeprefix(PROVRDF.BASE)
        elif statement.predicate == PROV.value and statement.subject.startswith(self._parameter):
            name = statement.subject.rpartition("--")[2]
        else:
            return False
        known = self._secret_names.get(name)
        if known is None:
            known = self._secret_names[name] = self._scan.is_secret_name(unquote(name))
        return known

    def report(self) -> dict[str, object]:
        """Say what was withheld and rewritten, without repeating it."""
        return {
            "session facts withheld": dict(sorted(self.withheld.items())),
            "rewritten": {what: number for what, number in sorted(self.rewritten.items()) if number},
            "published as they are": {what: number for what, number in self.shown.items() if number},
            "secrets found": len(self.secrets),
        }


def find_logins(lines: Iterable[str], *, base: str) -> set[str]:
    """Find the logins of agents in N-Quads."""
    start = f"<{base}agent/"
    return {unquote(line[len(start) : line.index(">")]) for line in lines if line.startswith(start)}


def _path_pattern(start: str) -> re.Pattern[str]:
    """Match the beginning of a path, not one of another folder whose name only begins alike."""
    return re.compile(rf"(?<![\w.~/-]){re.escape(start.rstrip('/'))}(?:(/)|(?![\w.-]))")


def _shortened(instead: str) -> Callable[[re.Match[str]], str]:
    return lambda match: f"{instead}/" if match[1] and instead else instead


def _always(text: str) -> Callable[[re.Match[str]], str]:
    return lambda _: text


def _is_web(name: str) -> bool:
    return name.startswith(("http://", "https://"))


def _label(name: str) -> str:
    """Name a person by the last part of an IRI (the digits of an ORCID)."""
    return name.rstrip("/").rpartition("/")[2] if _is_web(name) else name


def _short(iri: str) -> str:
    return iri.removeprefix(PROVRDF.BASE).rpartition("/")[2].rpartition("#")[2]
