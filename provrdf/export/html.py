"""An interactive picture as one HTML file that works offline: everything is inside, nothing is fetched."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from importlib.resources import files
from typing import Any

from provrdf.export._draw import picture_writer
from provrdf.export._picture import FLOW, Picture

SUMMARY = "HTML: an interactive picture in one file: pan, zoom, search, details on a click"
SUFFIXES = (".html", ".htm")


def _encode(picture: Picture) -> bytes:
    from provrdf.export._dotwrite import summary, to_dot
    from provrdf.export._render import render

    svg = render(to_dot(picture, caption=False), "svg").decode()
    return _page(picture, svg, summary(picture)).encode()


write = picture_writer(_encode, most=600)


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
