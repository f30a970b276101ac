"""Turtle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from pyoxigraph import Quad, RdfFormat

from provrdf.export._rdf import write_rdf

SUMMARY = "RDF for people: all graphs as one"
SUFFIXES = (
    ".ttl",
    ".turtle",
)


def write(quads: Sequence[Quad], stream: IO[bytes], *, base: str) -> None:
    """Write quads as Turtle."""
    write_rdf(quads, stream, RdfFormat.TURTLE, base=base)
