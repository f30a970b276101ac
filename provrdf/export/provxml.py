"""PROV-XML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from pyoxigraph import Quad

SUMMARY = "PROV-XML: for XML tools"
SUFFIXES = (
    ".provx",
    ".prov.xml",
)


def write(quads: Sequence[Quad], stream: IO[bytes], *, base: str, bundles: bool = True) -> None:
    """Write quads as PROV-XML, one bundle per graph, or all as one document without bundles."""
    from provrdf.export._provwrite import write_prov
    from provrdf.export._xml import require_xml

    require_xml(quads)
    write_prov(quads, stream, "xml", base=base, bundles=bundles)
