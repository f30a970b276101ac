"""A picture as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from pyoxigraph import Quad

SUMMARY = "PDF: a picture for papers and printing"
SUFFIXES = (".pdf",)


def write(
    quads: Sequence[Quad],
    stream: IO[bytes],
    *,
    base: str,
    focus: str | None = None,
    depth: int | None = None,
    fold: bool = True,
    agents: bool = False,
    parameters: bool = False,
    limit: int = 300,
) -> Sequence[str]:
    """Draw quads; returns remarks on what was left out.

    Parameters
    ----------
    base : str
        Base IRI of the data.
    focus : str, optional
        IRI, logged id, path or file name: only what it was made from and what came of it is drawn.
    depth : int, optional
        Steps to go from the focus, in each direction; all by default.
    fold : bool
        Draw alike steps and files, such as the subruns of a run, as one.
    agents, parameters : bool
        Draw who ran the steps, and their parameters.
    limit : int
        Most nodes to draw.
    """
    from provrdf.export._dotwrite import make_picture, to_dot
    from provrdf.export._render import render

    picture = make_picture(
        quads, focus=focus, depth=depth, folded=fold, agents=agents, parameters=parameters, limit=limit
    )
    stream.write(render(to_dot(picture), "pdf"))
    return picture.notes
