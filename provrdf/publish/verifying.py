"""Is what was sent there, all of it and nothing else? By fingerprint; where stores rewrite, by value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from provrdf.publish.asking import count, pages, statement_of
from provrdf.publish.client import SparqlClient
from provrdf.publish.content import Content
from provrdf.publish.fingerprint import Fingerprint, same
from provrdf.publish.portable import meaning
from provrdf.publish.profiles import Capabilities
from provrdf.publish.statement import Statement, Value
from provrdf.sparql import quote_iri

_ROWS = 2000  # statements asked for at a time
_SUBJECTS = 100


def verify(client: SparqlClient, graph: str, content: Content, capabilities: Capabilities) -> bool:
    """Tell whether a graph in a store is this content.

    One question when the store keeps every literal as it was sent. Where it does not (or cannot hash other
    than ASCII), the statements are read back in small pages and compared by what they mean.
    """
    if capabilities.hash_unicode or content.fingerprint.ascii:
        answer = fingerprint_there(client, graph, content.fingerprint)
        if sum(answer.values()) != content.triples:
            return False
        if same(content.fingerprint, answer) and not content.fingerprint.by_value:
            return True
    elif count(client, graph) != content.triples:
        return False
    return same_by_value(client, graph, content)


def fingerprint_there(client: SparqlClient, graph: str, fingerprint: Fingerprint) -> dict[str, int]:
    """Ask a store for the fingerprint of a graph, or of the same part of it."""
    rows = client.select(fingerprint.question(graph))
    return {row["b"]["value"].lower(): int(row["n"]["value"]) for row in rows if "b" in row}


def same_by_value(client: SparqlClient, graph: str, content: Content) -> bool:
    """Compare statement by statement; the numbers of statements must already be equal."""
    return all(_found(client, graph, group) for group in _groups(content))


def _groups(content: Content) -> Iterator[dict[str, set[tuple[object, ...]]]]:
    """Yield subjects with what is said of each, some thousand statements at a time."""
    group: dict[str, set[tuple[object, ...]]] = defaultdict(set)
    size = 0
    for statement in content.statements():
        if statement.subject not in group and (size >= _ROWS or len(group) >= _SUBJECTS):
            yield group
            group, size = defaultdict(set), 0
        group[statement.subject].add(comparable(statement))
        size += 1
    if group:
        yield group


def _found(client: SparqlClient, graph: str, group: dict[str, set[tuple[object, ...]]]) -> bool:
    wanted = set().union(*group.values())
    values = " ".join(map(quote_iri, group))
    found = set()
    for page in pages(len(wanted)):
        only = f'FILTER(STRSTARTS(SHA256(STR(?o)), "{page}"))' if page else ""
        rows = client.select(
            f"SELECT ?s ?p ?o WHERE {{ GRAPH {quote_iri(graph)} "
            f"{{ VALUES ?s {{ {values} }} ?s ?p ?o }} {only} }}"
        )
        found |= {comparable(statement_of(row)) for row in rows}
    return found == wanted


def comparable(statement: Statement) -> tuple[object, ...]:
    """Return what a statement says, so that two spellings of one value compare equal."""
    term = statement.object
    return (statement.subject, statement.predicate, meaning(term) if isinstance(term, Value) else term)
