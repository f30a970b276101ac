"""N-Triples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from pyoxigraph import Quad, RdfFormat

from provrdf.export._rdf import write_rdf

SUMMARY = "RDF for programs: one statement per line, all graphs as one"
SUFFIXES = (
    ".nt",
    ".ntriples",
)


def write(quads: Sequence[Quad], stream: IO[bytes], *, base: str) -> None:
    """Write quads as N-Triples."""
    write_rdf(quads, stream, RdfFormat.N_TRIPLES, base=base)
