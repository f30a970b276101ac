"""PROV-N, the notation for people of the W3C."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from pyoxigraph import Quad

SUMMARY = "PROV-N: the W3C's notation for people"
SUFFIXES = (".provn",)


def write(quads: Sequence[Quad], stream: IO[bytes], *, base: str, bundles: bool = True) -> None:
    """Write quads as PROV-N, one bundle per graph, or all as one document without bundles."""
    from provrdf.export._provwrite import write_prov

    write_prov(quads, stream, "provn", base=base, bundles=bundles)
