"""The only place that mints an IRI, and the prefixes that name them.

Every IRI is flat, ``{base}kind/key``, and a key of several parts joins them with ``--``. Parts are
escaped so that ``--`` never occurs inside one: two different keys can never give the same IRI.
The characters left as they are also need no escaping in Turtle, PROV-N and URLs.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

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


def part(text: str) -> str:
    """Escape one part of a key, so that it can stand between ``--`` and in any RDF syntax.

    >>> part("r0_to_dl1"), part("gamma-events:23523"), part("a--b")
    ('r0_to_dl1', 'gamma-events%3A23523', 'a%2D%2Db')
    """
    if _PLAIN.match(text) and len(text) <= _MAX_PART:
        return text
    if len(text) > _MAX_PART or not text:
        return "sha256-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    escaped = quote(text, safe="", errors="replace").replace("~", "%7E")
    if "--" in escaped or escaped.startswith("-") or escaped.endswith("-"):
        escaped = escaped.replace("-", "%2D")
    if escaped.startswith(".") or escaped.endswith("."):
        escaped = escaped.replace(".", "%2E")
    return escaped


def key(*parts: str) -> str:
    """Join escaped parts into the key of an IRI.

    >>> key("01618", "20200518T141806362321", "621ca2")
    '01618--20200518T141806362321--621ca2'
    """
    return "--".join(map(part, parts))


def prefixes(base: str) -> dict[str, str]:
    """All prefixes for data under one base IRI: the vocabularies and one per kind of IRI."""
    return VOCABULARY_PREFIXES | {kind: f"{base}{kind}/" for kind in KINDS}
