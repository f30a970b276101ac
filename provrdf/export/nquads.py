"""N-Quads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from pyoxigraph import Quad, RdfFormat

from provrdf.export._rdf import write_rdf

SUMMARY = "RDF for programs: one statement per line, with its graph"
SUFFIXES = (
    ".nq",
    ".nquads",
)


def write(quads: Sequence[Quad], stream: IO[bytes], *, base: str) -> None:
    """Write quads as N-Quads."""
    write_rdf(quads, stream, RdfFormat.N_QUADS, base=base)
