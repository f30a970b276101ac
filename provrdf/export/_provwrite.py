"""Write a document of the prov library, with its errors in our words."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import IO

from prov import Error
from pyoxigraph import Quad

from provrdf.errors import FormatError
from provrdf.export._prov import document
from provrdf.export._rdf import union


def write_prov(quads: Sequence[Quad], stream: IO[bytes], syntax: str, *, base: str, bundles: bool) -> None:
    """Write quads in a syntax of the prov library: provn, json or xml."""
    if not bundles:
        quads = [Quad(triple.subject, triple.predicate, triple.object) for triple in union(quads)]
    text = io.BytesIO()
    layout = {"indent": 1} if syntax == "json" else {}
    try:
        document(quads, base=base).serialize(text, format=syntax, **layout)
    except (Error, ValueError) as error:
        message = f"the data cannot be written in this format: {error}"
        raise FormatError(message) from error
    stream.write(text.getvalue().rstrip() + b"\n")
