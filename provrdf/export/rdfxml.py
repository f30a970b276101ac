"""RDF/XML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from pyoxigraph import Quad, RdfFormat

from provrdf.export._rdf import write_rdf
from provrdf.export._xml import require_elements, require_xml

SUMMARY = "RDF for older programs: XML, all graphs as one"
SUFFIXES = (
    ".rdf",
    ".owl",
)


def write(quads: Sequence[Quad], stream: IO[bytes], *, base: str) -> None:
    """Write quads as RDF/XML."""
    require_xml(quads)
    require_elements(quads)
    write_rdf(quads, stream, RdfFormat.RDF_XML, base=base)
