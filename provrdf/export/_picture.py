"""What a picture shows: nodes and edges for people, however it is drawn and wherever it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

Detail = tuple[str, str]

FLOW = frozenset({"used", "wasGeneratedBy", "wasDerivedFrom", "hadMember", "wasInformedBy"})
"""Relations that say where something came from; a lineage runs along them."""


@dataclass(frozen=True)
class Node:
    """A step, file, object, agent or list of parameters.

    Attributes
    ----------
    key : str
        IRI of the node, or of the first of a group.
    kind : str
        ``activity``, ``entity``, ``agent`` or ``parameters``.
    title, lines : str, tuple of str
        What is written in the picture: the name, and smaller lines below.
    name : str
        Name of the step or of the kind of entity: nodes fold together by it.
    session : str
        IRI of the session of an activity.
    start, end : str
        Times as logged, in UTC; empty when not known.
    failed, focus : bool
        Drawn so that one sees it.
    members : tuple of str
        Titles of the nodes that were folded into this one.
    details : tuple of (str, str)
        Everything else there is to say.
    handles : frozenset of str
        Words by which a person may ask for the node: id, path, file name.
    """

    key: str
    kind: str
    title: str
    lines: tuple[str, ...] = ()
    name: str = ""
    session: str = ""
    start: str = ""
    end: str = ""
    failed: bool = False
    focus: bool = False
    members: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()
    handles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Edge:
    """A relation, pointing to where something came from, as in PROV."""

    source: str
    target: str
    relation: str
    label: str = ""


@dataclass(frozen=True)
class Picture:
    """Nodes and edges, and remarks on what was left out."""

    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    notes: tuple[str, ...] = ()

    def noting(self, *notes: str) -> Picture:
        """Add remarks."""
        return replace(self, notes=(*self.notes, *notes))

    def only(self, keys: Iterable[str]) -> Picture:
        """Keep some nodes and the edges between them."""
        kept = set(keys)
        nodes = {key: node for key, node in self.nodes.items() if key in kept}
        edges = tuple(edge for edge in self.edges if edge.source in kept and edge.target in kept)
        return replace(self, nodes=nodes, edges=edges)

    def without(self, *kinds: str) -> Picture:
        """Leave out nodes of some kinds."""
        return self.only(key for key, node in self.nodes.items() if node.kind not in kinds)
