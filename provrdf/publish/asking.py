"""Questions to a store about what it holds: the catalog's entries, counts, statements in pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from provrdf.publish.catalog import CatalogSettings, Entry
from provrdf.publish.client import SparqlClient, Term
from provrdf.publish.content import SessionGraph
from provrdf.publish.statement import Statement, Value
from provrdf.sparql import quote_iri
from provrdf.vocab import DCTERMS, PROVRDF, RDF, XSD

_NAMES = 200  # names in one question: well under every store's limit
_PAGE = 5000  # rows in one answer: half of what the strictest store gives


class CatalogReader:
    """Asks one store what its catalog says.

    Parameters
    ----------
    client : SparqlClient
        The store.
    settings : CatalogSettings
        Which catalog.
    """

    def __init__(self, client: SparqlClient, settings: CatalogSettings) -> None:
        self.client = client
        self._catalog = quote_iri(settings.name)

    def currents(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Ask which graphs are current for some names, in no order."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._about(names, f"?name {quote_iri(PROVRDF.current)} ?value"):
            found[row["name"]["value"]].append(row["value"]["value"])
        return found

    def entries(self, graphs: Sequence[SessionGraph]) -> dict[str, Entry]:
        """Ask what the catalog knows; details only of sessions whose content is not already current."""
        currents = self.currents(graph.name for graph in graphs)
        entries = {}
        for graph in graphs:
            if currents.get(graph.name) == [graph.published]:
                entries[graph.name] = Entry(current=(graph.published,), known=True)
        open_names = [graph.name for graph in graphs if graph.name not in entries]
        withdrawn = self._withdrawn(open_names)
        serials = self._serials(open_names)
        for graph in graphs:
            if graph.name in entries:
                continue
            by_graph = serials.get(graph.name, {})
            current = self._ranked(currents.get(graph.name, []), by_graph)
            entries[graph.name] = Entry(
                current=current,
                serial=max(by_graph.values(), default=0),
                withdrawn=None if current else withdrawn.get(graph.name),
                known=graph.published in by_graph,
            )
        return entries

    def current(self, name: str) -> tuple[str, ...]:
        """Ask for the current graphs of one name; the one that counts first."""
        found = self.currents([name]).get(name, [])
        return self._ranked(found, self._serials([name])[name]) if len(found) > 1 else tuple(found)

    def all_current(self, *, row_cap: int | None = None) -> dict[str, tuple[str, ...]]:
        """Ask for the current graphs of all names."""
        term = quote_iri(PROVRDF.current)
        pattern = f"GRAPH {self._catalog} {{ ?name {term} ?value }}"
        found: dict[str, list[str]] = defaultdict(list)
        for row in paged(self.client, "?name ?value", pattern, "?name", row_cap=row_cap):
            found[row["name"]["value"]].append(row["value"]["value"])
        clashes = [name for name, graphs in found.items() if len(graphs) > 1]
        serials = self._serials(clashes)
        return {name: self._ranked(graphs, serials.get(name, {})) for name, graphs in found.items()}

    def versions(self, name: str) -> list[str]:
        """Ask for all graphs ever published for a name."""
        pattern = f"?value {quote_iri(DCTERMS.isVersionOf)} ?name"
        return sorted(row["value"]["value"] for row in self._about([name], pattern))

    def pages(self, variables: str, pattern: str, *, row_cap: int | None = None) -> Iterator[dict[str, Term]]:
        """Ask the catalog for a pattern whose first variable spreads the pages."""
        key = variables.split(maxsplit=1)[0]
        whole = f"GRAPH {self._catalog} {{ {pattern} }}"
        return paged(self.client, variables, whole, key, row_cap=row_cap)

    def _withdrawn(self, names: Sequence[str]) -> dict[str, str]:
        events: dict[str, list[tuple[str, str]]] = defaultdict(list)
        terms = " ".join(map(quote_iri, (PROVRDF.withdrawnAt, PROVRDF.republishedAt)))
        for row in self._about(names, f"VALUES ?event {{ {terms} }} ?name ?event ?value", "?event"):
            events[row["name"]["value"]].append((row["value"]["value"], row["event"]["value"]))
        last = {name: max(found) for name, found in events.items()}
        return {name: when for name, (when, event) in last.items() if event == PROVRDF.withdrawnAt}

    def _serials(self, names: Sequence[str]) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = defaultdict(dict)
        pattern = (
            f"?graph {quote_iri(DCTERMS.isVersionOf)} ?name . "
            f"?publication {quote_iri(PROVRDF.published)} ?graph ; {quote_iri(PROVRDF.serial)} ?value"
        )
        for row in self._about(names, pattern, "?graph"):
            versions = found[row["name"]["value"]]
            graph, serial = row["graph"]["value"], int(row["value"]["value"])
            versions[graph] = max(serial, versions.get(graph, 0))
        return found

    def _about(self, names: Iterable[str], pattern: str, more: str = "") -> Iterator[dict[str, Term]]:
        remaining = iter(names)
        while chunk := list(islice(remaining, _NAMES)):
            values = " ".join(map(quote_iri, chunk))
            yield from self.client.select(
                f"SELECT ?name ?value {more} WHERE "
                f"{{ GRAPH {self._catalog} {{ VALUES ?name {{ {values} }} {pattern} }} }}"
            )

    @staticmethod
    def _ranked(graphs: Iterable[str], serials: dict[str, int]) -> tuple[str, ...]:
        return tuple(sorted(graphs, key=lambda graph: (serials.get(graph, 0), graph), reverse=True))


def count(client: SparqlClient, graph: str) -> int:
    """Ask how many statements a graph has."""
    rows = client.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {quote_iri(graph)} {{ ?s ?p ?o }} }}")
    return int(rows[0]["n"]["value"]) if rows and "n" in rows[0] else 0


def paged(
    client: SparqlClient, variables: str, pattern: str, key: str, *, row_cap: int | None = None
) -> Iterator[dict[str, Term]]:
    """Ask in pages small enough that no store cuts one; the pages are told apart by a hash of one variable.

    A store without a cap is asked once.
    """
    if row_cap is None:
        yield from client.select(f"SELECT {variables} WHERE {{ {pattern} }}")
        return
    rows = client.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
    total = int(rows[0]["n"]["value"]) if rows and "n" in rows[0] else 0
    for page in pages(total, limit=min(row_cap // 2, _PAGE)):
        where = f'FILTER(STRSTARTS(SHA256(STR({key})), "{page}"))' if page else ""
        yield from client.select(f"SELECT {variables} WHERE {{ {pattern} {where} }}")


def read_back(client: SparqlClient, graph: str, *, row_cap: int | None = None) -> Iterator[Statement]:
    """Yield all statements of a graph in a store, in no order, however small the answers it gives."""
    pattern = f"GRAPH {quote_iri(graph)} {{ ?s ?p ?o }}"
    return map(statement_of, paged(client, "?s ?p ?o", pattern, "?s", row_cap=row_cap))


def pages(total: int, *, limit: int = _PAGE) -> list[str]:
    """Return beginnings of hashes that divide so many rows into pages under the limit."""
    digits = 0
    while total > limit * 16**digits:
        digits += 1
    return [f"{number:0{digits}x}" for number in range(16**digits)] if digits else [""]


def statement_of(row: dict[str, Term]) -> Statement:
    """Make a statement of a row with ?s ?p ?o."""
    return Statement(row["s"]["value"], row["p"]["value"], term_of(row["o"]))


def term_of(term: Term) -> str | Value:
    """Make a term of its JSON form."""
    if term["type"] == "uri":
        return term["value"]
    language = term.get("xml:lang")
    if language:
        return Value(term["value"], RDF.langString, language.lower())
    return Value(term["value"], term.get("datatype", XSD.string))
