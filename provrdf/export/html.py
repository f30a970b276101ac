"""An interactive picture as one HTML file that works offline: everything is inside, nothing is fetched."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import IO, Any

from pyoxigraph import Quad

from provrdf.export._picture import FLOW, Picture

SUMMARY = "HTML: an interactive picture in one file: pan, zoom, search, details on a click"
SUFFIXES = (".html", ".htm")


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
    limit: int = 600,
) -> Sequence[str]:
    """Draw quads as an interactive page; returns remarks on what was left out.

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
    from provrdf.export._dotwrite import make_picture, summary, to_dot
    from provrdf.export._render import render

    picture = make_picture(
        quads, focus=focus, depth=depth, folded=fold, agents=agents, parameters=parameters, limit=limit
    )
    svg = render(to_dot(picture, caption=False), "svg").decode()
    stream.write(_page(picture, svg, summary(picture)).encode())
    return picture.notes


def _page(picture: Picture, svg: str, summary: str) -> str:
    script = _file("viewer.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    parts = {
        # Only the script below may run, whatever a log may have put into a name.
        "HASH": f"sha256-{digest}",
        "TITLE": html.escape(f"Provenance: {summary}"),
        "SUMMARY": html.escape(summary),
        "NOTES": "".join(f"<p>{html.escape(note)}</p>" for note in picture.notes),
        "STYLE": _file("style.css"),
        "SVG": svg[svg.index("<svg") :],
        "DATA": _data(picture),
        "SCRIPT": script,
    }
    # One pass: what is put in is never looked at again.
    return re.sub(r"@@([A-Z]+)@@", lambda found: parts[found[1]], _file("page.html"))


def _data(picture: Picture) -> str:
    from provrdf.export._picturefold import edges_once

    ids = {key: f"n{number}" for number, key in enumerate(picture.nodes)}
    nodes: dict[str, Any] = {
        ids[key]: {
            "kind": node.kind,
            "title": node.title,
            "failed": node.failed,
            "members": node.members,
            "details": node.details,
        }
        for key, node in picture.nodes.items()
    }
    edges = [
        {
            "id": f"e{number}",
            "source": ids[edge.source],
            "target": ids[edge.target],
            "relation": edge.relation,
            "label": edge.label,
            "flow": edge.relation in FLOW,
        }
        for number, edge in enumerate(edges_once(picture.edges))
    ]
    text = json.dumps({"nodes": nodes, "edges": edges}, ensure_ascii=False)
    # In a script element "<" could begin an end tag or a comment.
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _file(name: str) -> str:
    return (files("provrdf.export") / "viewer" / name).read_text(encoding="utf-8")
