"""A picture as PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provrdf.export._draw import picture_writer

if TYPE_CHECKING:
    from provrdf.export._picture import Picture

SUMMARY = "PNG: a picture as pixels"
SUFFIXES = (".png",)


def _encode(picture: Picture) -> bytes:
    from provrdf.export._dotwrite import to_dot
    from provrdf.export._render import render

    return render(to_dot(picture), "png")


write = picture_writer(_encode)
