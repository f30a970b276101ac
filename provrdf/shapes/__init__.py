"""Shapes: what a model file promises, and what holds for any provenance, as checks and as SHACL.

`catalogue` lists all checks in a form of our own (`provrdf.shapes.forms`); `shapes_of` and `write_shapes`
write them as SHACL Core, which any SHACL engine runs. The SHACL, the fast engine and the words of a report
come from the same list, so they cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from provrdf.config import Config
from provrdf.errors import FormatError
from provrdf.shapes.forms import Shape
from provrdf.shapes.general import general_shapes
from provrdf.shapes.ivoa import ivoa_shapes
from provrdf.shapes.kinds import agent_shapes, docurl_shapes, kind_shapes, name_shapes
from provrdf.shapes.parameters import parameter_shapes
from provrdf.shapes.steps import role_shapes
from provrdf.shapes.words import Source

if TYPE_CHECKING:
    import rdflib

    from provrdf.model import Model

__all__ = ["FORMATS", "catalogue", "model_shapes", "shapes_of", "write_shapes"]

FORMATS = {"turtle": "turtle", "ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}
"""Names of the syntaxes shapes can be written in, and what rdflib calls them."""


def catalogue(
    model: Model | None, *, config: Config | None = None, strict: bool = False
) -> tuple[Shape, ...]:
    """List all checks: those of the model file, if there is one, and the general ones.

    Parameters
    ----------
    model : Model or None
        Without one only the general checks.
    config : Config, optional
        Gives the base IRI of the data.
    strict : bool
        Raise warnings about what the model file does not foresee (an undeclared role, a missing optional
        input) to violations.
    """
    base = (config or Config()).base
    found = [] if model is None else list(model_shapes(Source(model, base, strict)))
    return (*found, *general_shapes())


def model_shapes(source: Source) -> Iterator[Shape]:
    """All shapes that one model file gives."""
    model = source.model
    yield from name_shapes(source)
    for activity in model.activities.values():
        yield from role_shapes(activity, source)
        yield from parameter_shapes(activity, source)
        yield from docurl_shapes(activity, source, activity=True)
    for entity in model.entities.values():
        yield from kind_shapes(entity, source)
        yield from docurl_shapes(entity, source, activity=False)
    for agent in model.agents.values():
        yield from agent_shapes(agent, source)


def shapes_of(model: Model | None, *, config: Config | None = None, strict: bool = False) -> rdflib.Graph:
    """Write all checks as one graph of SHACL Core.

    The rules of the IVOA that SHACL Core can say are there too.
    Each shape carries the id of its check (``provrdf:check``), its severity, and a message with the line of
    the model file.

    Parameters
    ----------
    model : Model or None
        Without one, only the checks that hold for every pipeline.
    config : Config, optional
        Base IRI.
    strict : bool
        Take what the model file lacks for violations rather than warnings.

    Returns
    -------
    rdflib.Graph
    """
    from provrdf.shapes.shacl import to_graph

    base = (config or Config()).base
    sha256 = "" if model is None else model.sha256
    shapes = (*catalogue(model, config=config, strict=strict), *ivoa_shapes())
    return to_graph(shapes, base=base, sha256=sha256)


def write_shapes(
    model: Model | None,
    stream: IO[bytes],
    format: str = "turtle",  # noqa: A002
    *,
    config: Config | None = None,
    strict: bool = False,
) -> None:
    """Write all checks as SHACL; the same bytes for the same model file.

    Parameters
    ----------
    stream : binary stream
        Where to.
    format : str
        turtle, ntriples, jsonld or rdfxml.

    Raises
    ------
    FormatError
        When there is no such format.
    """
    if format not in FORMATS:
        message = f"unknown format {format!r} for shapes: one of {', '.join(FORMATS)}"
        raise FormatError(message)
    graph = shapes_of(model, config=config, strict=strict)
    stream.write(graph.serialize(format=FORMATS[format], encoding="utf-8"))
