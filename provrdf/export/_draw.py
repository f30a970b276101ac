"""What all picture formats share: their options, and the way from quads to a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import IO, TYPE_CHECKING

from pyoxigraph import Quad

if TYPE_CHECKING:
    from provrdf.export._picture import Picture

Write = Callable[..., Sequence[str]]


def picture_writer(encode: Callable[[Picture], bytes], *, most: int = 300) -> Write:
    """Make the ``write`` of a picture format.

    Parameters
    ----------
    encode : callable
        Turns the picture into the bytes of the format.
    most : int
        Most nodes to draw when nothing is said.
    """

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
        limit: int = most,
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
        from provrdf.export._dotwrite import make_picture

        picture = make_picture(
            quads, focus=focus, depth=depth, folded=fold, agents=agents, parameters=parameters, limit=limit
        )
        stream.write(encode(picture))
        return picture.notes

    return write
