"""The model file (definition.yaml): what a pipeline does, declared by its makers.

All three dialects of the field are read: lstosa and gammapy (``activities``, ``entities``, ``entityName``),
logprov (``activity_descriptions``, ``entity_descriptions``, ``entity_description``, ``namespaces``), and the
``entityType`` of their common header comment. Every mistake is reported at once, each with file and line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from provrdf.errors import ModelError, Problem
from provrdf.model.descriptions import (
    ActivityDescription,
    AgentDescription,
    Described,
    EntityDescription,
    Model,
    Multiplicity,
    ParameterDescription,
    Port,
    Related,
    Remark,
    Value,
)
from provrdf.model.grammar import Grammar
from provrdf.model.table import Notes
from provrdf.yamlmarks import Node, compose, from_data

__all__ = [
    "ActivityDescription",
    "AgentDescription",
    "Described",
    "EntityDescription",
    "Model",
    "Multiplicity",
    "ParameterDescription",
    "Port",
    "Related",
    "Remark",
    "Value",
    "load_model",
    "model_from_dict",
]


def load_model(source: str | Path, *, name: str | None = None) -> Model:
    r"""Read a model file.

    Parameters
    ----------
    source : str or Path
        Path of the file, or its text (a str with a line break in it is a text).
    name : str, optional
        What messages call the file; default: the path as given.

    Returns
    -------
    Model

    Raises
    ------
    ModelError
        When the file cannot be read or used; its `problems` are all mistakes in it. The cause is an OSError
        when the file cannot be opened.

    Examples
    --------
    >>> model = load_model("activities:\n  fit:\n    usage:\n      - {role: data, entityName: Table}\n")
    >>> model.activities["fit"].usage("data").entity
    'Table'
    """
    if isinstance(source, str) and "\n" in source:
        data, file = source.encode("utf-8", "surrogatepass"), name or "<text>"
    else:
        data, file = _bytes_of(Path(source)), name or str(source)
    node, problems = compose(data, file=file)
    return _build(node, file=file, sha256=hashlib.sha256(data).hexdigest(), problems=problems)


def model_from_dict(data: Mapping[str, Any], *, name: str = "<definitions>") -> Model:
    """Build a Model from a dictionary, such as the ``definitions`` of a logprov session record.

    Its `sha256` is that of the dictionary as sorted JSON; there are no lines.

    Raises
    ------
    ModelError
        When it cannot be used.
    """
    try:
        node = from_data(data)
        text = json.dumps(data, sort_keys=True, ensure_ascii=True, default=str)
    except (ValueError, TypeError) as error:
        message = f"cannot be used as a model: {error}"
        raise ModelError(message, file=name) from error
    return _build(node, file=name, sha256=hashlib.sha256(text.encode()).hexdigest(), problems=())


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"cannot read the model file: {(error.strerror or str(error)).lower()}"
        raise ModelError(message, file=str(path)) from error


def _build(node: Node, *, file: str, sha256: str, problems: tuple[Problem, ...]) -> Model:
    notes = Notes(file)
    notes.problems.extend(problems)
    fields = Grammar(notes).root(node)
    if notes.problems:
        mistakes = sorted(set(notes.problems), key=lambda problem: (problem.line or 0, problem.message))
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        message = f"the model file cannot be used: {count}"
        raise ModelError(message, file=file, problems=mistakes)
    return Model(file=file, sha256=sha256, **fields)
