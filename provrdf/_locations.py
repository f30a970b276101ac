"""Paths and hashes of files: the IRI of a place; whether a hash was taken of the path or of the content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

from provrdf.iris import part, percent


def is_of_path(value: str, algorithm: str, paths: Iterable[Any], kinds: Sequence[Any]) -> bool:
    """Tell whether a hash was taken of the path, not of the bytes."""
    if kinds:
        return "path" in kinds
    wanted = value.lower()
    try:
        for path in _spellings(paths):
            if hashlib.new(algorithm, path.encode("utf-8", "surrogatepass")).hexdigest() == wanted:
                return True
    except (ValueError, TypeError):  # no such algorithm here: nothing can be said
        return False
    return False


def _spellings(paths: Iterable[Any]) -> Iterable[str]:
    """Yield each path, and the path inside a ``PosixPath('dl3')`` that was logged as such."""
    for path in map(str, paths):
        yield path
        if path.startswith("PosixPath(") and path.endswith(")"):
            yield path[len("PosixPath(") : -1].strip("'\"")


def location_iri(text: str, base: str) -> str:
    """Mint the IRI of a location: the URL itself, ``file://`` and a path, or one under the base IRI.

    >>> location_iri("/fefs/a b.h5", "http://x.org/"), location_iri("model.yaml", "http://x.org/")
    ('file:///fefs/a%20b.h5', 'http://x.org/location/model.yaml')
    """
    if text.startswith("/"):
        return "file://" + percent(text, safe="/~!$&'()*+,;=:@")
    if re.match(_URL, text):
        return text
    return f"{base}location/{part(text)}"


_URL = r"[A-Za-z][A-Za-z0-9+.-]*://(?:[A-Za-z0-9._~!$&'()*+,;=:/?#-]|%[0-9A-Fa-f]{2})+\Z"
