"""The probe: a store is tried out once, in a scratch graph of its own, before anything is published in it.

What a store says of itself is no evidence (all those looked at describe themselves wrongly or not at all),
and neither is a status: after every trial the probe reads back.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from provrdf.publish.asking import count, statement_of
from provrdf.publish.client import JSON, ClientError, SparqlClient, truth
from provrdf.publish.portable import meaning
from provrdf.publish.profiles import Capabilities
from provrdf.publish.statement import Statement, Value, write_triple
from provrdf.sparql import quote_iri, quote_string
from provrdf.vocab import RDF, XSD

_ROWS = 12_000
_LETTERS = "caf\u00e9 \u20ac \U0001f52d"
_LITERALS: Mapping[str, tuple[Value, ...]] = {
    "string": (Value(_LETTERS), Value('tab\t "quote" \\back\nline')),
    "language": (Value("telescope", RDF.langString, "en-gb"),),
    "integer": (Value("-42", XSD.integer), Value("9007199254740993", XSD.integer)),
    "long integer": (Value("13443547070007687302", XSD.decimal),),
    "decimal": (Value("1.5", XSD.decimal), Value("3", XSD.decimal)),
    "double": (Value("1.5E-7", XSD.double), Value("INF", XSD.double)),
    "boolean": (Value("true", XSD.boolean),),
    "dateTime": (
        Value("2026-11-22T07:39:03.769585Z", XSD.dateTime),
        Value("2026-11-22T07:39:03.5Z", XSD.dateTime),
    ),
    "date": (Value("2026-11-22", XSD.date),),
    "anyURI": (Value("http://x/y", XSD.anyURI),),
    "hexBinary": (Value("00ff", XSD.hexBinary),),
    "JSON": (Value('{"a":[1,null,"x"]}', RDF.JSON),),
}


class Probe:
    """Tries out one store.

    Parameters
    ----------
    client : SparqlClient
        The store.
    base : str
        Base IRI; the scratch graph's name is made under it.
    start : Capabilities
        What is believed of it.
    """

    def __init__(self, client: SparqlClient, *, base: str, start: Capabilities) -> None:
        self._client = client
        self._start = start
        self._stem = f"{base}graph/probe--{secrets.token_hex(8)}"
        self._scratches: list[str] = []
        self._subject = f"{base}entity/probe"
        self._predicate = f"{base}entity/probe-value"

    def run(self) -> Capabilities:
        """Try everything and clean up.

        Raises
        ------
        ClientError
            The store cannot be asked, or takes no changes: nothing can be published there.
        """
        try:
            self._need_update()
            found = replace(
                self._start,
                update=True,
                whole_graphs=self._whole_graphs(),
                atomic=self._atomic(),
                row_cap=self._row_cap(),
                datasets=self._datasets(),
            )
            found = replace(found, gzip=found.whole_graphs and self._gzip())
            literals = {name: self._literal(values) for name, values in _LITERALS.items()}
            return replace(found, literals=literals, hash_unicode=self._hash_unicode())
        finally:
            self._clean_up()

    @property
    def _scratch(self) -> str:
        return self._scratches[-1]

    def _fresh(self) -> None:
        """Go on in a graph of another name: a late copy of an earlier trial must not disturb the next."""
        self._scratches.append(f"{self._stem}{len(self._scratches):02d}")

    def _lines(self, values: Iterable[Value]) -> str:
        return "\n".join(write_triple(Statement(self._subject, self._predicate, value)) for value in values)

    def _insert(self, values: Iterable[Value], *, then: str = "") -> None:
        lines = "\n".join(self._line(value) for value in values)
        self._client.update(f"INSERT DATA {{ GRAPH {quote_iri(self._scratch)} {{ {lines} }} }}{then}")

    def _line(self, value: Value) -> str:
        suffix = f"@{value.language}" if value.language else f"^^{quote_iri(value.datatype)}"
        plain = value.datatype == XSD.string
        text = quote_string(value.text) + ("" if plain else suffix)
        return f"{quote_iri(self._subject)} {quote_iri(self._predicate)} {text} ."

    def _clean_up(self) -> None:
        for graph in self._scratches:
            text = f"DROP SILENT GRAPH {quote_iri(graph)}"
            self._tried(lambda text=text: self._client.update(text))  # type: ignore[misc]

    def _tried(self, attempt: Callable[[], object]) -> bool:
        """Try something; passing faults are waited out, a refusal is an answer."""
        try:
            self._client.persist(attempt, tries=4)
        except ClientError as error:
            if error.status == 0:
                raise
            return False
        return True

    def _need_update(self) -> None:
        self._fresh()
        self._client.persist(lambda: self._insert([Value("first")]))
        if count(self._client, self._scratch) != 1:
            raise ClientError("the store answered a change, but did not do it; is the update address right?")

    def _whole_graphs(self) -> bool:
        return self._sent_whole(self._lines([Value("1"), Value("2"), Value("3")]), 3, compressed=False)

    def _gzip(self) -> bool:
        return self._sent_whole(self._lines(map(Value, "1234")), 4, compressed=True)

    def _sent_whole(self, text: str, wanted: int, *, compressed: bool) -> bool:
        if self._client.endpoint.graphs is None:
            return False
        self._fresh()
        body = (text + "\n").encode()
        body = gzip.compress(body, 1, mtime=0) if compressed else body
        done = self._tried(lambda: self._client.add(self._scratch, [body], size=len(body), gzip=compressed))
        return done and count(self._client, self._scratch) == wanted

    def _atomic(self) -> bool:
        """Tell whether a first operation is undone when the second, dropping a missing graph, fails."""
        self._fresh()
        missing = quote_iri(f"{self._scratch}-missing")
        failed = not self._tried(lambda: self._insert([Value("half")], then=f" ;\nDROP GRAPH {missing}"))
        return failed and count(self._client, self._scratch) == 0

    def _row_cap(self) -> int | None:
        """Ask for many rows that need no data; a cap shows as fewer (or as an answer that says so)."""
        digits = " ".join(map(str, range(10)))
        places = " ".join(f"VALUES ?v{place} {{ {digits} }}" for place in range(5))
        try:
            rows = len(self._client.select(f"SELECT ?v0 WHERE {{ {places} }} LIMIT {_ROWS}"))
        except ClientError as error:
            if error.again:
                raise
            return self._start.row_cap or 1000
        return None if rows == _ROWS else max(rows, 100)

    def _datasets(self) -> bool:
        """Tell whether a query is confined to the graphs named beside it."""
        self._fresh()
        self._insert([Value("seen")])
        text = f"ASK {{ {quote_iri(self._subject)} ?p ?o }}"

        def answers(graph: str) -> bool:
            return truth(json.loads(self._client.result(text, accept=JSON, graphs=[graph])))

        try:
            return answers(self._scratch) and not answers(f"{self._scratch}-missing")
        except ClientError as error:
            if error.status == 0:
                raise
            return False

    def _literal(self, values: tuple[Value, ...]) -> str:
        self._fresh()
        if not self._tried(lambda: self._insert(values)):
            return "refused"
        rows = self._client.select(
            f"SELECT ?s ?p ?o WHERE {{ GRAPH {quote_iri(self._scratch)} {{ ?s ?p ?o }} }}"
        )
        found = {statement_of(row).object for row in rows}
        if found == set(values):
            return "kept"
        back = {meaning(value) for value in found if isinstance(value, Value)}
        return "changed" if back == {meaning(value) for value in values} else "lost"

    def _hash_unicode(self) -> bool:
        self._fresh()
        self._insert([Value(_LETTERS)])
        rows = self._client.select(
            f"SELECT (SHA256(STR(?o)) AS ?h) WHERE {{ GRAPH {quote_iri(self._scratch)} {{ ?s ?p ?o }} }}"
        )
        wanted = hashlib.sha256(_LETTERS.encode()).hexdigest()
        return bool(rows) and rows[0].get("h", {}).get("value", "").lower() == wanted
