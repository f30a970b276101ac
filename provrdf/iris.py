"""The only place that mints an IRI, and the prefixes that name them.

Every IRI is flat, ``{base}kind/key``, and a key of several parts joins them with ``--``. Parts are
escaped so that ``--`` never occurs inside one: two different keys can never give the same IRI.
The characters left as they are also need no escaping in Turtle, PROV-N and URLs.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

VOPROV = "http://www.ivoa.net/documents/ProvenanceDM/index.html#"
PROVRDF = "https://w3id.org/provrdf/ns#"

VOCABULARY_PREFIXES = {
    "prov": "http://www.w3.org/ns/prov#",
    "voprov": VOPROV,
    "provrdf": PROVRDF,
    "dcterms": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

KINDS = (
    "activity",
    "agent",
    "association",
    "checksum",
    "configuration",
    "derivation",
    "entity",
    "environment",
    "generation",
    "graph",
    "influence",
    "location",
    "model",
    "package",
    "parameter",
    "role",
    "session",
    "usage",
)
"""The kinds of IRIs; each is bound to a prefix of the same name."""

_PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_]|-(?!-)|\.(?!$))*(?<!-)\Z")
_MAX_PART = 120  # longer parts are replaced by a digest: stores and file systems dislike endless names


@lru_cache(maxsize=1 << 14)
def part(text: str) -> str:
    """Escape one part of a key, so that it can stand between ``--`` and in any RDF syntax.

    >>> part("r0_to_dl1"), part("gamma-events:23523"), part("a--b")
    ('r0_to_dl1', 'gamma-events%3A23523', 'a%2D%2Db')
    """
    if _PLAIN.match(text) and len(text) <= _MAX_PART:
        return text
    if len(text) > _MAX_PART or not text:
        return "sha256-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    escaped = percent(text)
    if "--" in escaped or escaped.startswith("-") or escaped.endswith("-"):
        escaped = escaped.replace("-", "%2D")
    if escaped.startswith(".") or escaped.endswith("."):
        escaped = escaped.replace(".", "%2E")
    return escaped


def percent(text: str, *, safe: str = "") -> str:
    """Escape all but letters, digits, ``_``, ``.``, ``-`` and the characters in `safe`, as in URLs.

    >>> percent("gamma events:23523"), percent("/é", safe="/")
    ('gamma%20events%3A23523', '/%C3%A9')
    """
    octets = text if text.isascii() else text.encode("utf-8", "replace").decode("latin-1")
    return _unsafe(safe).sub(_octet, octets)


@lru_cache
def _unsafe(safe: str) -> re.Pattern[str]:
    return re.compile(f"[^A-Za-z0-9_.{safe}-]")


def _octet(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):02X}"


def key(*parts: str) -> str:
    """Join escaped parts into the key of an IRI.

    >>> key("01618", "20200518T141806362321", "621ca2")
    '01618--20200518T141806362321--621ca2'
    """
    return "--".join(map(part, parts))


def line_of_time(activity: str, time: str) -> str:
    """Say under which name the log line of a start or end is kept; with a space in it, it is no IRI.

    >>> line_of_time("http://example.org/activity/a", "2026-11-22T07:36:13Z")
    'http://example.org/activity/a 2026-11-22T07:36:13Z'
    """
    return f"{activity} {time}"


def graph_iri(key: str, base: str) -> str:
    """Name the graph of a session, or of what is shared between sessions."""
    return f"{base}graph/{key}"


def prefixes(base: str) -> dict[str, str]:
    """All prefixes for data under one base IRI: the vocabularies and one per kind of IRI."""
    return VOCABULARY_PREFIXES | {kind: f"{base}{kind}/" for kind in KINDS}


def model_term(base: str, model_sha256: str, fragment: str) -> str:
    """IRI of something that one model file declares; the first 12 hex digits of the file's digest name it.

    >>> model_term("http://x.org/", "0123456789abcdef", "Step_r0_to_dl1")
    'http://x.org/model/0123456789ab#Step_r0_to_dl1'
    """
    return f"{base}model/{model_sha256[:12]}#{fragment}"


def model_step(base: str, model_sha256: str, activity: str) -> str:
    """Name the class of all activities with this name."""
    return model_term(base, model_sha256, f"Step_{part(activity)}")


def model_kind(base: str, model_sha256: str, entity: str) -> str:
    """Name the class of all entities with this name."""
    return model_term(base, model_sha256, f"Kind_{part(entity)}")


def model_activity(base: str, model_sha256: str, name: str) -> str:
    """Name the description of an activity (voprov:ActivityDescription)."""
    return model_term(base, model_sha256, f"activity-{part(name)}")


def model_entity(base: str, model_sha256: str, name: str) -> str:
    """Name the description of an entity (voprov:EntityDescription)."""
    return model_term(base, model_sha256, f"entity-{part(name)}")


def model_usage(base: str, model_sha256: str, activity: str, role: str) -> str:
    """Name the description of a usage, which is also its role; a role the model lacks gets one too.

    >>> model_usage("http://x.org/", "0123456789ab", "r0_to_dl1", "Observation subrun")
    'http://x.org/model/0123456789ab#usage-r0_to_dl1-Observation-subrun'
    """
    return model_term(base, model_sha256, f"usage-{_slug(activity)}-{_slug(role)}")


def model_generation(base: str, model_sha256: str, activity: str, role: str) -> str:
    """Name the description of a generation, which is also its role."""
    return model_term(base, model_sha256, f"generation-{_slug(activity)}-{_slug(role)}")


def model_parameter(base: str, model_sha256: str, activity: str, name: str) -> str:
    """Name the description of a parameter of an activity."""
    return model_term(base, model_sha256, f"parameter-{_slug(activity)}-{_slug(name)}")


def _slug(text: str) -> str:
    """Escape `text` as `part` does, but readably: one blank is ``-``, and ``-`` itself is escaped.

    Injective, so that a role gives its IRI without the model being asked whether another role is alike.
    """
    escaped = part(text).replace("-", "%2D")
    oddly_spaced = "%20%20" in escaped or escaped.startswith("%20") or escaped.endswith("%20")
    return escaped if oddly_spaced else escaped.replace("%20", "-")
