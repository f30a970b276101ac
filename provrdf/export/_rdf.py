"""What the RDF syntaxes share: Oxigraph writes them, some hundred times faster than rdflib."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import IO, cast

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from provrdf.errors import FormatError
from provrdf.export._names import namespaces


def write_rdf(quads: Sequence[Quad], stream: IO[bytes], syntax: RdfFormat, *, base: str) -> None:
    """Write sorted quads in an RDF syntax, with the prefixes that the data uses.

    A syntax without named graphs gets the union of all graphs.
    """
    try:
        _write(quads, stream, syntax, base)
    except ValueError as error:
        message = f"the data cannot be written as {syntax.name}: {error}"
        raise FormatError(message) from error


def _write(quads: Sequence[Quad], stream: IO[bytes], syntax: RdfFormat, base: str) -> None:
    statements = quads if syntax.supports_datasets else union(quads)
    names = namespaces(quads, base)
    if syntax in (RdfFormat.TURTLE, RdfFormat.TRIG):
        _write_turtle(statements, stream, syntax, names)
    else:
        serialize(statements, stream, format=syntax, prefixes=names)


def union(quads: Iterable[Quad]) -> list[Triple]:
    """Forget the graphs: each triple once, by subject."""
    # The sort is stable: within a subject the order of predicates stays.
    return list(dict.fromkeys(quad.triple for quad in sorted(quads, key=lambda quad: str(quad.subject))))


def _write_turtle(
    statements: Sequence[Quad] | list[Triple], stream: IO[bytes], syntax: RdfFormat, names: dict[str, str]
) -> None:
    for name, iri in names.items():
        stream.write(f"@prefix {name}: <{iri}> .\n".encode())
    airy = cast("IO[bytes]", _Airy(stream, indent=int(syntax == RdfFormat.TRIG)))
    serialize(statements, airy, format=syntax, prefixes=names)


class _Airy(io.RawIOBase):
    """Put blank lines between subjects, and leave out the prefixes, which Oxigraph writes in no fixed order.

    Literals never hold a line break in Turtle, so that lines can be told by their beginning.
    """

    def __init__(self, stream: IO[bytes], *, indent: int) -> None:
        self._stream = stream
        self._subject_level = indent
        self._rest = b""

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        lines = (self._rest + bytes(data)).split(b"\n")
        self._rest = lines.pop()
        self._stream.write(b"".join(map(self._air, lines)))
        return len(data)

    def flush(self) -> None:
        if self._rest:
            self._stream.write(self._air(self._rest))
            self._rest = b""

    def _air(self, line: bytes) -> bytes:
        if line.startswith(b"@prefix") or not line:
            return b""
        level = len(line) - len(line.lstrip(b"\t"))
        opens = line != b"}" if level == 0 else level == self._subject_level
        before = b"\n" if opens else b""
        return before + line.replace(b"\t", b"    ", level) + b"\n"
