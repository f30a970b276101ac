"""The catalog: what a store says about what was published in it, as linked data.

One graph, ``{base}graph/catalog``, holds for every session the one link ``provrdf:current`` to the graph
that counts, and for every published graph where it came from, when, how much it is, its checksum, and what
it replaced. Readers follow ``provrdf:current``; should two publishers ever leave two, the higher
``provrdf:serial`` counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from provrdf import iris
from provrdf.errors import ConfigError
from provrdf.publish.content import SessionGraph
from provrdf.publish.statement import Statement, Value, check_iri, write_triple
from provrdf.vocab import DCAT, DCTERMS, PROV, PROVRDF, RDF, RDFS, SD, SPDX, VOID, XSD

CATALOG_KEY = "catalog"
_VOCABULARIES = ("prov", "voprov", "provrdf", "dcterms")


@dataclass(frozen=True)
class CatalogSettings:
    """What the catalog says about all that is published.

    Attributes
    ----------
    base : str
        Base IRI.
    graph : str or None
        IRI of the catalog graph; None: ``{base}graph/catalog``.
    licence, publisher : str or None
        IRI of the licence; IRI or name of the publisher.
    conforms_to : sequence of str
        IRIs of the shapes that the sessions were checked against.
    endpoint : str or None
        Where the published graphs can be queried.
    title : str
        Title of the dataset.
    """

    base: str
    graph: str | None = None
    licence: str | None = None
    publisher: str | None = None
    conforms_to: Sequence[str] = ()
    endpoint: str | None = None
    title: str = "Provenance"

    @property
    def name(self) -> str:
        """IRI of the catalog graph."""
        return self.graph or f"{self.base}graph/{CATALOG_KEY}"

    @property
    def dataset(self) -> str:
        """IRI of the dataset that all current graphs make up."""
        return f"{self.base}dataset/provenance"


def check_names(graphs: Iterable[SessionGraph], settings: CatalogSettings) -> None:
    """Refuse a session whose graph has the name of the catalog.

    Raises
    ------
    ConfigError
        There is one; another name for the catalog helps.
    """
    for graph in graphs:
        if graph.name == settings.name:
            message = (
                f"the session {graph.key!r} has the name of the catalog; give that another with --catalog"
            )
            raise ConfigError(message)


@dataclass(frozen=True)
class Entry:
    """What the catalog knows of one session.

    Attributes
    ----------
    current : tuple of str
        Graphs that are called current: none, one, or (after a clash of two publishers) more; the one that
        counts stands first.
    serial : int
        Highest serial number that was ever given.
    withdrawn : str or None
        When it was withdrawn, if it is.
    known : bool
        Whether the catalog already describes the content at hand.
    """

    current: tuple[str, ...] = ()
    serial: int = 0
    withdrawn: str | None = None
    known: bool = False


@dataclass(frozen=True)
class Change:
    """What is taken out of the catalog and put in, in one step, and what must be there for it to happen.

    Attributes
    ----------
    required : Statement or None
        Without this nothing happens; None: happens always.
    removed, added : tuple of Statement
        Lines without graph.
    """

    required: Statement | None
    removed: tuple[Statement, ...]
    added: tuple[Statement, ...]


def timestamp(moment: datetime) -> Value:
    """Write a moment (UTC) as stores keep it: whole seconds with Z."""
    return Value(moment.strftime("%Y-%m-%dT%H:%M:%SZ"), XSD.dateTime)


def pointer(graph: SessionGraph, published: str) -> Statement:
    """Make the link that says which content of a session counts."""
    return Statement(graph.name, PROVRDF.current, published)


def publication(graph: SessionGraph, entry: Entry, settings: CatalogSettings, moment: datetime) -> Change:
    """Make the change by which a graph becomes the current one of its session."""
    new, serial = graph.published, entry.serial + 1
    old = entry.current[0] if entry.current else None
    activity = f"{settings.base}publication/{iris.key(graph.key, str(serial), graph.content.digest[:12])}"
    added = [
        pointer(graph, new),
        Statement(settings.dataset, VOID.subset, new),
        *_activity(activity, serial, moment),
        Statement(activity, PROVRDF.published, new),
        *_dataset(settings),
    ]
    if not entry.known:
        # A content that returns after another was current in between keeps its first description: a graph is
        # generated once, and a revision that ran in a circle would contradict PROV.
        added += _description(graph, settings, moment, activity)
        added += [Statement(new, PROV.wasRevisionOf, old)] if old else []
    if entry.withdrawn:
        added.append(Statement(graph.name, PROVRDF.republishedAt, timestamp(moment)))
    if old is None:
        return Change(None, (), tuple(added))
    added += [
        Statement(activity, PROV.used, old),
        Statement(old, PROVRDF.supersededAt, timestamp(moment)),
    ]
    return Change(pointer(graph, old), _links(graph.name, old, settings), tuple(added))


def retraction(name: str, current: str, settings: CatalogSettings, moment: datetime) -> Change:
    """Make the change by which a session is withdrawn: no pointer any more, and a note that there was one."""
    key = name.removeprefix(f"{settings.base}graph/")
    stamp = moment.strftime("%Y%m%dT%H%M%SZ")
    activity = f"{settings.base}retraction/{iris.key(key, stamp)}"
    added = (
        Statement(activity, RDF.type, PROV.Activity),
        Statement(activity, RDF.type, PROVRDF.Retraction),
        Statement(activity, PROV.startedAtTime, timestamp(moment)),
        Statement(current, PROV.wasInvalidatedBy, activity),
        Statement(current, PROV.invalidatedAtTime, timestamp(moment)),
        Statement(name, PROVRDF.withdrawnAt, timestamp(moment)),
    )
    return Change(Statement(name, PROVRDF.current, current), _links(name, current, settings), added)


def unlink(name: str, published: str, settings: CatalogSettings, moment: datetime) -> Change:
    """Make the change that takes back the pointer of a publisher that came second."""
    added = (Statement(published, PROVRDF.supersededAt, timestamp(moment)),)
    return Change(Statement(name, PROVRDF.current, published), _links(name, published, settings), added)


def dropped(published: str, moment: datetime, *, purged: bool = False) -> Change:
    """Make the note that the content of a graph is gone; its checksum stays."""
    term = PROVRDF.purgedAt if purged else PROVRDF.droppedAt
    return Change(None, (), (Statement(published, term, timestamp(moment)),))


def _links(name: str, published: str, settings: CatalogSettings) -> tuple[Statement, ...]:
    return (
        Statement(name, PROVRDF.current, published),
        Statement(settings.dataset, VOID.subset, published),
    )


def _activity(activity: str, serial: int, moment: datetime) -> list[Statement]:
    return [
        Statement(activity, RDF.type, PROV.Activity),
        Statement(activity, RDF.type, PROVRDF.Publication),
        Statement(activity, PROVRDF.serial, Value(str(serial), XSD.integer)),
        Statement(activity, PROV.endedAtTime, timestamp(moment)),
    ]


def _description(
    graph: SessionGraph, settings: CatalogSettings, moment: datetime, activity: str
) -> list[Statement]:
    name, content = graph.published, graph.content
    checksum = f"{settings.base}checksum/sha256-{content.digest}"
    rows: list[tuple[str, str, str | Value]] = [
        (name, RDF.type, PROV.Bundle),
        (name, RDF.type, PROV.Entity),
        (name, RDF.type, SD.NamedGraph),
        (name, DCTERMS.isVersionOf, graph.name),
        (name, PROV.specializationOf, graph.name),
        (name, PROV.wasGeneratedBy, activity),
        (name, PROV.generatedAtTime, timestamp(moment)),
        (name, DCTERMS.issued, timestamp(moment)),
        (name, VOID.triples, Value(str(content.triples), XSD.integer)),
        (name, SPDX.checksum, checksum),
        (checksum, RDF.type, SPDX.Checksum),
        (checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256),
        (checksum, SPDX.checksumValue, Value(content.digest, XSD.hexBinary)),
    ]
    if graph.session:
        rows.append((name, DCTERMS.subject, graph.session))
    rows += [(name, DCTERMS.conformsTo, shapes) for shapes in settings.conforms_to]
    rows += [(name, term, value) for term, value in _rights(settings)]
    return [Statement(*row) for row in rows]


def _rights(settings: CatalogSettings) -> Iterable[tuple[str, str | Value]]:
    if settings.licence:
        yield DCTERMS.license, _iri(settings.licence, "licence")
    if settings.publisher:
        is_iri = settings.publisher.startswith(("http://", "https://"))
        yield DCTERMS.publisher, check_iri(settings.publisher) if is_iri else Value(settings.publisher)


def _iri(text: str, what: str) -> str:
    if not text.startswith(("http://", "https://")):
        message = f"the {what} of the catalog is {text!r}: expected its address, http(s)://..."
        raise ConfigError(message)
    return check_iri(text)


def _dataset(settings: CatalogSettings) -> list[Statement]:
    dataset = settings.dataset
    rows: list[tuple[str, str | Value]] = [
        (RDF.type, VOID.Dataset),
        (RDF.type, DCAT.Dataset),
        (DCTERMS.title, Value(settings.title)),
        (RDFS.label, Value(settings.title)),
        *((VOID.vocabulary, iris.VOCABULARY_PREFIXES[name]) for name in _VOCABULARIES),
        *_rights(settings),
    ]
    if settings.endpoint:
        rows.append((VOID.sparqlEndpoint, settings.endpoint))
    return [Statement(dataset, *row) for row in rows]


def lines(statements: Iterable[Statement]) -> list[str]:
    """Write statements as sorted lines of N-Triples."""
    return sorted({write_triple(statement) for statement in statements})


def update_text(change: Change, settings: CatalogSettings) -> str:
    """Write a change as ONE SPARQL Update operation, harmless when repeated.

    With a requirement it is a compare-and-swap on a constant pattern: a second run finds nothing to do. (A
    WHERE of OPTIONAL alone does nothing on some stores; MOVE and COPY empty their target when repeated.)
    """
    added = _block(settings, change.added)
    if change.required is None:
        return f"INSERT DATA {added}"
    removed, required = _block(settings, change.removed), _block(settings, [change.required])
    return f"DELETE {removed}\nINSERT {added}\nWHERE {required}"


def _block(settings: CatalogSettings, statements: Iterable[Statement]) -> str:
    return f"{{ GRAPH <{check_iri(settings.name)}> {{\n" + "\n".join(lines(statements)) + "\n} }"
