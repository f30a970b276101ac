"""Paths and hashes of files: the IRI of a place; whether a hash was taken of the path or of the content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from provrdf.iris import part


def is_of_path(value: str, algorithm: str, paths: list[str], kinds: Iterable[Any]) -> bool:
    """Tell whether a hash was taken of the path, not of the bytes."""
    kinds = tuple(kinds)
    if kinds:
        return "path" in kinds
    try:
        return any(
            hashlib.new(algorithm, path.encode("utf-8", "surrogatepass")).hexdigest() == value.lower()
            for path in _spellings(paths)
        )
    except (
        ValueError,
        TypeError,
    ):  # no such algorithm here: nothing can be said, so it is a checksum as logged
        return False


def _spellings(paths: list[str]) -> Iterable[str]:
    """Yield each path, and the path inside a ``PosixPath('dl3')`` that was logged as such."""
    for path in paths:
        yield path
        if path.startswith("PosixPath(") and path.endswith(")"):
            yield path[len("PosixPath(") : -1].strip("'\"")


def location_iri(text: str, base: str) -> str:
    """Mint the IRI of a location: the URL itself, ``file://`` and a path, or one under the base IRI.

    >>> location_iri("/fefs/a b.h5", "http://x.org/"), location_iri("model.yaml", "http://x.org/")
    ('file:///fefs/a%20b.h5', 'http://x.org/location/model.yaml')
    """
    if text.startswith("/"):
        return "file://" + quote(text, safe="/~!$&'()*+,;=:@", errors="replace")
    if _URL.match(text):
        return text
    return f"{base}location/{part(text)}"


_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[A-Za-z0-9._~!$&'()*+,;=:/?#-]|%[0-9A-Fa-f]{2})+\Z")
