"""Fingerprints: how a store shows, in one question and 256 numbers, that it holds exactly what was sent.

A hash of what comes back cannot be compared byte by byte, and long answers are cut by some stores. So the
store counts its statements by the first two digits of a hash of each, and the counts are compared with
ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from provrdf.publish.portable import BY_VALUE
from provrdf.publish.statement import unescape
from provrdf.sparql import quote_iri

_HASHED = '" ",'.join(("STR(?s),", "STR(?p),", "{object}"))


@dataclass(frozen=True)
class Fingerprint:
    """How many statements there are for each beginning of their hash.

    Attributes
    ----------
    buckets : mapping
        Two hexadecimal digits -> number of statements.
    by_value : int
        Statements whose text stores rewrite (doubles); these are hashed without it and compared by value.
    ascii : bool
        Whether there are no other letters: one store's hashes are right only then.
    """

    buckets: Mapping[str, int]
    by_value: int = 0
    ascii: bool = True

    @property
    def triples(self) -> int:
        """Number of statements."""
        return sum(self.buckets.values())

    def question(self, graph: str) -> str:
        """Write the query whose answer is this fingerprint."""
        text = "STR(?o)"
        if self.by_value:
            types = ", ".join(map(quote_iri, sorted(BY_VALUE)))
            text = f'COALESCE(IF(DATATYPE(?o) IN ({types}), "", STR(?o)), STR(?o))'
        hashed = f"CONCAT({_HASHED.format(object=text)})"
        return (
            f"SELECT ?b (COUNT(*) AS ?n) WHERE {{ GRAPH {quote_iri(graph)} {{ ?s ?p ?o }} "
            f"BIND(SUBSTR(SHA256({hashed}), 1, 2) AS ?b) }} GROUP BY ?b"
        )

    def differs(self, answer: Mapping[str, int]) -> tuple[str, ...]:
        """Return the buckets in which an answer is different, sorted."""
        keys = self.buckets.keys() | answer.keys()
        return tuple(sorted(key for key in keys if self.buckets.get(key, 0) != answer.get(key, 0)))


class FingerprintBuilder:
    """Counts canonical lines one by one."""

    def __init__(self) -> None:
        self._counts = [0] * 256
        self._by_value = 0
        self._ascii = True

    def add(self, line: bytes) -> None:
        """Count one line of canonical N-Triples.

        Taken apart by hand: an IRI holds no ``>``, so the first two places where one ends are certain.
        """
        self._ascii = self._ascii and line.isascii()
        subject, _, rest = line[1:].partition(b"> <")
        predicate, _, term = rest.partition(b"> ")
        if term[:1] == b"<":
            text = term[1 : term.rindex(b">")]
        else:
            end = term.rindex(b'"')
            text = term[1:end]
            if term[end + 1 : end + 3] == b"^^" and term[end + 4 : term.rindex(b">")] in _BY_VALUE:
                self._by_value += 1
                text = b""
            elif b"\\" in text:
                text = unescape(text.decode()).encode()
        self._counts[hashlib.sha256(b"%b %b %b" % (subject, predicate, text)).digest()[0]] += 1

    def build(self) -> Fingerprint:
        """Return what was counted."""
        counts = {f"{number:02x}": count for number, count in enumerate(self._counts) if count}
        return Fingerprint(counts, self._by_value, self._ascii)


_BY_VALUE = frozenset(datatype.encode() for datatype in BY_VALUE)
