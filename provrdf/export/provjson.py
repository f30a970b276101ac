"""PROV-JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from pyoxigraph import Quad

SUMMARY = "PROV-JSON: for the prov library, ProvStore and older tools"
SUFFIXES = (".prov.json",)


def write(quads: Sequence[Quad], stream: IO[bytes], *, base: str, bundles: bool = True) -> None:
    """Write quads as PROV-JSON, one bundle per graph, or all as one document without bundles."""
    from provrdf.export._provwrite import write_prov

    write_prov(quads, stream, "json", base=base, bundles=bundles)
