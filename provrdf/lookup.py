"""Find what a person means: an IRI, an id as logged, a file path or the end of one, or a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from provrdf import _sparql_tokens as tokens
from provrdf.errors import QueryError, UsageError
from provrdf.graphsource import GraphSource
from provrdf.iris import VOCABULARY_PREFIXES, prefixes

_PROV = VOCABULARY_PREFIXES["prov"]
_VOPROV = VOCABULARY_PREFIXES["voprov"]
_RDF_TYPE = VOCABULARY_PREFIXES["rdf"] + "type"
_IDENTIFIER = VOCABULARY_PREFIXES["dcterms"] + "identifier"
_LOCATION = _VOPROV + "location"
_LABEL = VOCABULARY_PREFIXES["rdfs"] + "label"
_NAME = _VOPROV + "name"
SPECIALIZATION = _PROV + "specializationOf"

_CLASSES = {"entity": _PROV + "Entity", "activity": _PROV + "Activity", "agent": _PROV + "Agent"}
_NO_DATA = frozenset(
    [
        VOCABULARY_PREFIXES["provrdf"] + "Session",
        VOCABULARY_PREFIXES["provrdf"] + "Environment",
        _VOPROV + "Parameter",
        _VOPROV + "ActivityDescription",
        _PROV + "Plan",
        _PROV + "Bundle",
    ]
)
_SHOWN = 10  # candidates listed when a name is ambiguous


class NothingFoundError(QueryError):
    """Nothing in the data goes by that id, path or IRI (exit code 1: an answer, not a mistake)."""

    exit_code = 1


@dataclass(frozen=True)
class Found:
    """What a person's words stand for.

    Attributes
    ----------
    iris : tuple of str
        The nodes; several for a file with versions.
    notes : tuple of str
        What is worth telling: that an id stands for several things, for example.
    """

    iris: tuple[str, ...]
    notes: tuple[str, ...] = ()


def find(graphs: GraphSource, words: str, *, kind: str | None = None) -> Found:
    """Find the nodes that an IRI, a logged id, a path, the end of a path or a name stands for.

    A file stands for itself and all its versions; the IRI of one version for that version alone.

    Parameters
    ----------
    graphs : GraphSource
        Where to look.
    words : str
        What the person said.
    kind : {'entity', 'activity', 'agent'}, optional
        Only things of this kind; by default entities and activities.

    Raises
    ------
    NothingFoundError
        When nothing fits.
    UsageError
        When the end of a path or a name fits several things; lists them.
    """
    nodes = _by_iri(graphs, words) or _by_value(graphs, _IDENTIFIER, [words]) or _by_path(graphs, words)
    notes: tuple[str, ...] = ()
    if not nodes:
        nodes = _by_ending(graphs, words) or _by_name(graphs, words)
    fitting = _of_kind(graphs, nodes, kind)
    if not fitting:
        raise NothingFoundError(_nothing(words, kind, other=bool(nodes)))
    different = _different(graphs, fitting)
    if len(different) > 1:
        notes = (f"{words} stands for {len(different)} different things, all are taken: {_some(different)}",)
    return Found(tuple(sorted(set(fitting) | _versions(graphs, fitting))), notes)


def _nothing(words: str, kind: str | None, *, other: bool) -> str:
    wanted = kind or "file, object or activity"
    if other:
        return f"{words} is here, but it is no {wanted}"
    return f"no {wanted} goes by {words!r} (expected an id as logged, a path or its end, a name, or an IRI)"


def _by_iri(graphs: GraphSource, words: str) -> list[str]:
    name, _, local = words.partition(":")
    known = prefixes(graphs.base)
    iri = words.removeprefix("<").removesuffix(">")
    if name in known and not local.startswith("//"):
        iri = known[name] + local
    if "://" not in iri or not _is_iri(iri):
        return []
    if next(graphs.links([iri], _RDF_TYPE), None) or next(
        graphs.links([iri], SPECIALIZATION, inverse=True), None
    ):
        return [iri]
    return _by_link(graphs, _PROV + "atLocation", iri)


def _is_iri(text: str) -> bool:
    try:
        tokens.quote_iri(text)
    except (QueryError, ValueError):
        return False
    return True


def _by_link(graphs: GraphSource, predicate: str, iri: str) -> list[str]:
    return [
        other.value for _, other in graphs.links([iri], predicate, inverse=True) if hasattr(other, "value")
    ]


def _by_value(graphs: GraphSource, predicate: str, values: Iterable[str]) -> list[str]:
    written = " ".join(map(tokens.quote_string, values))
    pattern = f"VALUES ?value {{ {written} }} ?x {tokens.quote_iri(predicate)} ?value"
    return _column(graphs, f"SELECT DISTINCT ?x WHERE {{ {pattern} }}")


def _column(graphs: GraphSource, text: str) -> list[str]:
    return [row[0].value for row in graphs.ask(text, repeats=True) if row[0] is not None]  # type: ignore[union-attr]


def _by_path(graphs: GraphSource, words: str) -> list[str]:
    spellings = {words, str(Path(words).absolute())} if "://" not in words else {words}
    return _by_value(graphs, _LOCATION, sorted(spellings))


def _by_ending(graphs: GraphSource, words: str) -> list[str]:
    """Find by the end of a path, whole parts only: for ``/data/DL1/x.h5``, ``DL1/x.h5`` but not ``.h5``."""
    ending = tokens.quote_string("/" + words.removeprefix("./").lstrip("/"))
    where = f"{{ ?x {tokens.quote_iri(_LOCATION)} ?at FILTER(STRENDS(?at, {ending})) }}"
    paths = sorted(set(_column(graphs, f"SELECT DISTINCT ?at WHERE {where}")))
    if len(paths) > 1:
        message = f"{words!r} is the end of {len(paths)} paths, say more of it: {_some(paths)}"
        raise UsageError(message)
    return _by_value(graphs, _LOCATION, paths) if paths else []


def _by_name(graphs: GraphSource, words: str) -> list[str]:
    """Find by label or name, which must be clear."""
    nodes = sorted({*_by_value(graphs, _LABEL, [words]), *_by_value(graphs, _NAME, [words])})
    different = _different(graphs, _of_kind(graphs, nodes, None))
    if len(different) > 1:
        message = f"{len(different)} things are called {words!r}, say which by id: {_some(different)}"
        raise UsageError(message)
    return nodes


def _some(items: Sequence[str]) -> str:
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more


def _of_kind(graphs: GraphSource, nodes: Sequence[str], kind: str | None) -> list[str]:
    """Keep entities and activities (or the wanted kind), and drop sessions, parameters and descriptions."""
    wanted = {_CLASSES[kind]} if kind else {_CLASSES["entity"], _CLASSES["activity"]}
    types: dict[str, set[str]] = {node: set() for node in nodes}
    for node, of_type in graphs.links(nodes, _RDF_TYPE):
        types[node].add(getattr(of_type, "value", ""))
    # A file that is only ever seen as versions has no type of its own: it is still an entity.
    return [
        node for node in nodes if (not types[node] or types[node] & wanted) and not types[node] & _NO_DATA
    ]


def _different(graphs: GraphSource, nodes: Sequence[str]) -> list[str]:
    """List the distinct things among nodes: versions of one file are one thing."""
    files = {node: file.value for node, file in graphs.links(nodes, SPECIALIZATION) if hasattr(file, "value")}
    return sorted({files.get(node, node) for node in nodes})


def _versions(graphs: GraphSource, nodes: Sequence[str]) -> set[str]:
    return {
        version.value
        for _, version in graphs.links(nodes, SPECIALIZATION, inverse=True)
        if hasattr(version, "value")
    }
