"""TriG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from pyoxigraph import Quad, RdfFormat

from provrdf.export._rdf import write_rdf

SUMMARY = "RDF for people: Turtle with one graph per session"
SUFFIXES = (".trig",)


def write(quads: Sequence[Quad], stream: IO[bytes], *, base: str) -> None:
    """Write quads as TriG."""
    write_rdf(quads, stream, RdfFormat.TRIG, base=base)
