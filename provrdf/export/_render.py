"""Turn DOT into images: with Graphviz if it is installed, else with a renderer that comes as a wheel."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from provrdf.errors import FormatError

TIMEOUT = 120
"""Seconds a layout may take. Graphviz can take hours on dense graphs."""


def render(dot: str, kind: str) -> bytes:
    """Lay out and draw: `kind` is svg, png or pdf.

    Raises
    ------
    FormatError
        There is nothing to draw with, or it failed or took too long.
    """
    native = shutil.which("dot")
    if native is not None:
        return _run([native, f"-T{kind}"], dot)
    wheel = _wheel_command()
    if wheel is None:
        message = (
            f"no {kind} can be drawn: neither Graphviz (the program dot) nor the package graphviz-pure is "
            "installed; install one, or write dot and draw it elsewhere"
        )
        raise FormatError(message)
    if kind == "pdf":
        return _pdf(_run([wheel, "-Tsvg"], dot))
    return _run([wheel, f"-T{kind}"], dot)


def _wheel_command() -> str | None:
    """Find the program of graphviz-pure: in the environment of this Python, which need not be on the PATH."""
    places = [sysconfig.get_path("scripts"), str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    return shutil.which("graphviz-pure", path=os.pathsep.join(places))


def _run(command: list[str], dot: str) -> bytes:
    # A fixed date, so that the same picture is the same file.
    environment = os.environ | {"SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "0")}
    try:
        done = subprocess.run(  # noqa: S603  the program was found above, its input is text on stdin
            command, input=dot.encode(), capture_output=True, timeout=TIMEOUT, check=False, env=environment
        )
    except subprocess.TimeoutExpired as error:
        message = (
            f"drawing took more than {TIMEOUT} seconds: the picture is too large; "
            "choose one thing with focus, or lower limit"
        )
        raise FormatError(message) from error
    except OSError as error:
        message = f"{command[0]} cannot be run: {error}"
        raise FormatError(message) from error
    if done.returncode or not done.stdout:
        message = f"{Path(command[0]).name} failed: {done.stderr.decode('utf-8', 'replace').strip()[:500]}"
        raise FormatError(message)
    return done.stdout


def _pdf(svg: bytes) -> bytes:
    try:
        from reportlab.graphics import renderPDF  # type: ignore[import-untyped]
        from svglib.svglib import svg2rlg
    except ImportError as error:
        message = "no pdf can be drawn: install Graphviz (the program dot) or the package svglib"
        raise FormatError(message) from error
    drawing = svg2rlg(io.BytesIO(svg))
    if drawing is None:
        message = "no pdf can be drawn: svglib does not understand the picture; write svg instead"
        raise FormatError(message)
    return bytes(renderPDF.drawToString(drawing, invariant=1))
