"""RDF files by their names: which syntax a file is in, told without any RDF library."""

from __future__ import annotations

import os
from collections.abc import Mapping

SUFFIXES: Mapping[str, str] = {
    ".ttl": "turtle",
    ".turtle": "turtle",
    ".trig": "trig",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".nquads": "nquads",
    ".jsonld": "jsonld",
    ".rdf": "rdfxml",
    ".owl": "rdfxml",
}
"""File name endings of RDF files, and the syntax each stands for; ``.gz`` may follow."""

_SNIFF_BYTES = 4096
_GZIP = b"\x1f\x8b"
_IN_JSONLD = (b'"@context"', b'"@id"', b'"@graph"')


def rdf_syntax(path: str | os.PathLike[str]) -> str | None:
    """Name the RDF syntax of a file by the end of its name; None when it is no RDF file.

    A ``.json`` file counts as JSON-LD when it begins like one, a ``.xml`` file as RDF/XML likewise.
    """
    name = os.path.basename(os.path.normpath(path)).lower().removesuffix(".gz")
    ending = os.path.splitext(name)[1]
    if ending == ".json":
        return "jsonld" if any(word in _beginning(path) for word in _IN_JSONLD) else None
    if ending == ".xml":
        return "rdfxml" if b"22-rdf-syntax-ns" in _beginning(path) else None
    return SUFFIXES.get(ending)


def _beginning(path: str | os.PathLike[str]) -> bytes:
    try:
        with open(path, "rb") as stream:
            if stream.peek(2)[:2] != _GZIP:
                return stream.read(_SNIFF_BYTES)
            import gzip

            return gzip.GzipFile(fileobj=stream).read(_SNIFF_BYTES)
    except (OSError, EOFError):
        return b""
