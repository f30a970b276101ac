"""A picture as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provrdf.export._draw import picture_writer

if TYPE_CHECKING:
    from provrdf.export._picture import Picture

SUMMARY = "SVG: a picture for web pages and screens"
SUFFIXES = (".svg",)


def _encode(picture: Picture) -> bytes:
    from provrdf.export._dotwrite import to_dot
    from provrdf.export._render import render

    return render(to_dot(picture), "svg")


write = picture_writer(_encode)
