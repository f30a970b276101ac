"""DOT, the language of Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provrdf.export._draw import picture_writer

if TYPE_CHECKING:
    from provrdf.export._picture import Picture

SUMMARY = "DOT: the picture as text, to be drawn by Graphviz"
SUFFIXES = (".dot", ".gv")


def _encode(picture: Picture) -> bytes:
    from provrdf.export._dotwrite import to_dot

    return to_dot(picture).encode()


write = picture_writer(_encode)
