"""Read RDF files of any syntax into an Oxigraph store, without fetching anything from anywhere.

Only files that the caller named are opened. JSON-LD contexts on the web, XML entities and ``owl:imports`` are
never followed; a document type declaration is refused before the parser sees it; size is capped, also after
unpacking.
"""

from __future__ import annotations

import gzip
import io
import re
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from provrdf.errors import FormatError
from provrdf.syntaxes import SUFFIXES, rdf_syntax

if TYPE_CHECKING:
    import pyoxigraph

__all__ = ["MAX_BYTES", "load_rdf", "load_stream", "rdf_format", "rdf_syntax"]

MAX_BYTES = 8 << 30
"""Largest file that is read, in bytes after unpacking."""

_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DOCTYPE_LONGEST = 16  # bytes of one block that are looked at again with the next


def load_rdf(
    store: pyoxigraph.Store,
    path: str | Path,
    *,
    syntax: str | None = None,
    graph: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> None:
    """Load one RDF file into a store.

    Parameters
    ----------
    store : pyoxigraph.Store
        Where to.
    path : str or Path
        A file, plain or gzipped.
    syntax : str, optional
        ``turtle``, ``trig``, ``ntriples``, ``nquads``, ``jsonld`` or ``rdfxml``; by default from the name.
    graph : str, optional
        IRI of the named graph for triples that are in no graph. By default the ``file:`` IRI of the file.
    max_bytes : int
        Refuse larger files (counted after unpacking).

    Raises
    ------
    FormatError
        When the file cannot be read, has mistakes (with the line), is too large, or declares a document type.
    """
    location = Path(path).absolute()
    syntax = syntax or rdf_syntax(location)
    if syntax is None:
        known = ", ".join(SUFFIXES)
        message = f"is no RDF file by its name, expected one of {known}"
        raise FormatError(message, file=str(path))
    try:
        with _open(location) as stream:
            source = _Guarded(stream, str(path), max_bytes, no_doctype=syntax == "rdfxml")
            load_stream(store, source, syntax=syntax, base=location.as_uri(), graph=graph, name=str(path))
    except OSError as error:
        message = f"cannot be read: {str(error.strerror or error).lower()}"
        raise FormatError(message, file=str(path)) from error


def load_stream(
    store: pyoxigraph.Store,
    stream: IO[bytes] | io.RawIOBase,
    *,
    syntax: str,
    base: str,
    graph: str | None = None,
    name: str = "<stream>",
) -> None:
    """Load RDF from an open binary stream (not guarded against size: see `load_rdf`)."""
    import pyoxigraph

    try:
        store.bulk_load(
            stream,  # type: ignore[arg-type]
            rdf_format(syntax),
            base_iri=base,
            to_graph=pyoxigraph.NamedNode(graph or base) if not _has_graphs(syntax) else None,
        )
    except SyntaxError as error:
        reason = str(error.msg)
        if "remote contexts" in reason:
            reason = "it names a context on the web, which is never fetched; put the context into the file"
        message = f"is no valid {syntax}: {reason}"
        raise FormatError(message, file=name, line=error.lineno) from error


def rdf_format(syntax: str) -> pyoxigraph.RdfFormat:
    """Return Oxigraph's name of a syntax."""
    import pyoxigraph

    formats = {
        "turtle": pyoxigraph.RdfFormat.TURTLE,
        "trig": pyoxigraph.RdfFormat.TRIG,
        "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
        "nquads": pyoxigraph.RdfFormat.N_QUADS,
        "jsonld": pyoxigraph.RdfFormat.JSON_LD,
        "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
    }
    if syntax not in formats:
        message = f"unknown RDF syntax {syntax!r}, expected one of {', '.join(formats)}"
        raise FormatError(message)
    return formats[syntax]


def _has_graphs(syntax: str) -> bool:
    return syntax in ("trig", "nquads", "jsonld")


def _open(path: Path) -> IO[bytes]:
    """Open a file for reading, unpacking it when its content (not its name) is gzip."""
    stream = path.open("rb")
    if stream.read(2) == b"\x1f\x8b":
        stream.seek(0)
        return cast("IO[bytes]", _Unzipped(stream))
    stream.seek(0)
    return stream


class _Unzipped(gzip.GzipFile):
    """A gzip reader that also closes the file under it."""

    def __init__(self, raw: IO[bytes]) -> None:
        super().__init__(fileobj=raw, mode="rb")
        self._raw = raw

    def close(self) -> None:
        super().close()
        self._raw.close()


class _Guarded(io.RawIOBase):
    """Passes bytes on, and refuses too many of them or a document type declaration."""

    def __init__(self, stream: IO[bytes], name: str, max_bytes: int, *, no_doctype: bool) -> None:
        super().__init__()
        self._stream = stream
        self._name = name
        self._left = max_bytes
        self._max = max_bytes
        self._no_doctype = no_doctype
        self._tail = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            block = self._stream.read(size)
        except (EOFError, gzip.BadGzipFile) as error:
            message = f"is damaged: {error}"
            raise FormatError(message, file=self._name) from error
        self._left -= len(block)
        if self._left < 0:
            message = f"is larger than {self._max} bytes"
            raise FormatError(message, file=self._name)
        if self._no_doctype:
            self._refuse_doctype(block)
        return block

    def _refuse_doctype(self, block: bytes) -> None:
        # UTF-16 would hide the declaration from the search below; RDF/XML is written in UTF-8 by everybody.
        window = self._tail + block
        if _DOCTYPE.search(window) or b"\x00" in block:
            reason = "has a document type declaration (or is not UTF-8), which is refused for safety"
            raise FormatError(reason, file=self._name)
        self._tail = window[-_DOCTYPE_LONGEST:]
