"""An overview of provenance: what there is, when, by whom, and what did not end well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provrdf.graphsource import GraphSource
from provrdf.query import ask, named_query, parse_named

Rows = tuple[Mapping[str, Any], ...]

_COUNTS = "SELECT (COUNT(DISTINCT ?activity) AS ?activities) WHERE { ?activity a prov:Activity }"

_TIMES = """
SELECT (MIN(?moment) AS ?first) (MAX(?moment) AS ?last)
WHERE { ?activity a prov:Activity ; prov:startedAtTime|prov:endedAtTime ?moment }
"""

_ENTITIES = """
SELECT (COUNT(DISTINCT ?id) AS ?entities) (COUNT(DISTINCT ?path) AS ?files)
WHERE {
  ?entity a prov:Entity ; dcterms:identifier ?id .
  FILTER NOT EXISTS { ?entity a provrdf:Session }
  FILTER NOT EXISTS { ?activity provrdf:inSession ?entity }
  OPTIONAL { ?entity voprov:location ?path }
}
"""

_RELATIONS = """
SELECT (COUNT(DISTINCT ?usage) AS ?used) (COUNT(DISTINCT ?generation) AS ?generated)
WHERE { { ?usage a prov:Usage } UNION { ?generation a prov:Generation } }
"""


@dataclass(frozen=True)
class Overview:
    """What some graphs hold.

    Attributes
    ----------
    activities, entities, files, used, generated : int
        Entities are counted by logged id, so the versions of a file are one.
    first, last : datetime or None
        First start and last end (or start) of an activity, UTC.
    sessions, agents, steps, unfinished, failed : tuple of mapping
        The answers of the named queries of the same names.
    """

    activities: int
    entities: int
    files: int
    used: int
    generated: int
    first: Any
    last: Any
    sessions: Rows
    agents: Rows
    steps: Rows
    unfinished: Rows
    failed: Rows


def overview(graphs: GraphSource) -> Overview:
    """Look over everything in some graphs."""
    numbers: dict[str, Any] = {}
    for text in (_COUNTS, _TIMES, _ENTITIES, _RELATIONS):
        numbers |= next(iter(ask(graphs, parse_named("overview", text))))
    names = ("sessions", "agents", "steps", "unfinished", "failed")
    tables: dict[str, Any] = {name: tuple(ask(graphs, named_query(name))) for name in names}
    return Overview(**numbers, **tables)
