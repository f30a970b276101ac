"""Fingerprints: how a store shows, in one question and 256 numbers, that it holds exactly what was sent.

A hash of what comes back cannot be compared byte by byte, and long answers are cut by some stores. So the
store counts its statements by the first two digits of a hash of each, and the counts are compared with
ours. They are kept by predicate, so that a large graph can be sent and verified in parts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from provrdf.publish.portable import BY_VALUE
from provrdf.publish.statement import unescape
from provrdf.sparql import quote_iri

_HASHED = 'CONCAT(STR(?s), " ", STR(?p), " ", {object})'
_BY_VALUE = frozenset(datatype.encode() for datatype in BY_VALUE)


@dataclass(frozen=True)
class Tally:
    """What is counted of the statements with one predicate.

    Attributes
    ----------
    counts : tuple of int
        Statements by the first byte of their hash, 256 numbers.
    size : int
        Bytes of their lines.
    by_value : int
        Statements whose text stores rewrite (doubles): hashed without it, and compared by value.
    """

    counts: tuple[int, ...]
    size: int
    by_value: int


@dataclass(frozen=True)
class Fingerprint:
    """How many statements there are for each beginning of their hash.

    Attributes
    ----------
    tallies : mapping
        Predicate -> what was counted.
    ascii : bool
        Whether there are no other letters: one store's hashes are right only then.
    part : bool
        Whether these are only some of the graph's predicates.
    """

    tallies: Mapping[str, Tally]
    ascii: bool = True
    part: bool = False

    @property
    def triples(self) -> int:
        """Number of statements."""
        return sum(sum(tally.counts) for tally in self.tallies.values())

    @property
    def size(self) -> int:
        """Bytes of the lines."""
        return sum(tally.size for tally in self.tallies.values())

    @property
    def by_value(self) -> int:
        """Number of statements that must be compared by value."""
        return sum(tally.by_value for tally in self.tallies.values())

    @property
    def buckets(self) -> dict[str, int]:
        """Two hexadecimal digits -> number of statements."""
        sums = map(sum, zip(*(tally.counts for tally in self.tallies.values()), strict=True))
        return {f"{number:02x}": count for number, count in enumerate(sums) if count}

    def question(self, graph: str) -> str:
        """Write the query whose answer is this fingerprint."""
        text = "STR(?o)"
        if self.by_value:
            types = ", ".join(map(quote_iri, sorted(BY_VALUE)))
            text = f'COALESCE(IF(DATATYPE(?o) IN ({types}), "", STR(?o)), STR(?o))'
        only = f"VALUES ?p {{ {' '.join(map(quote_iri, sorted(self.tallies)))} }} " if self.part else ""
        hashed = _HASHED.format(object=text)
        return (
            f"SELECT ?b (COUNT(*) AS ?n) WHERE {{ GRAPH {quote_iri(graph)} {{ {only}?s ?p ?o }} "
            f"BIND(SUBSTR(SHA256({hashed}), 1, 2) AS ?b) }} GROUP BY ?b"
        )

    def parts(self, number: int) -> list[Fingerprint]:
        """Divide by predicates into parts of about the same number of statements."""
        groups: list[dict[str, Tally]] = [{} for _ in range(number)]
        filled = [0] * number
        for name, tally in sorted(self.tallies.items(), key=lambda item: (-sum(item[1].counts), item[0])):
            least = filled.index(min(filled))
            groups[least][name] = tally
            filled[least] += sum(tally.counts)
        return [Fingerprint(group, self.ascii, part=True) for group in groups if group]


class FingerprintBuilder:
    """Counts canonical lines one by one."""

    def __init__(self) -> None:
        self._counts: dict[bytes, list[int]] = {}
        self._ascii = True

    def add(self, line: bytes) -> None:
        """Count one line of canonical N-Triples.

        Taken apart by hand: an IRI holds no ``>``, so the first two places where one ends are certain.
        """
        self._ascii = self._ascii and line.isascii()
        subject, _, rest = line[1:].partition(b"> <")
        predicate, _, term = rest.partition(b"> ")
        tally = self._counts.get(predicate)
        if tally is None:
            tally = self._counts[predicate] = [0] * 258
        text = term[1 : term.rindex(b">")] if term[:1] == b"<" else _literal(term, tally)
        tally[hashlib.sha256(b"%b %b %b" % (subject, predicate, text)).digest()[0]] += 1
        tally[256] += len(line)

    def build(self) -> Fingerprint:
        """Return what was counted."""
        tallies = {
            predicate.decode(): Tally(tuple(tally[:256]), tally[256], tally[257])
            for predicate, tally in self._counts.items()
        }
        return Fingerprint(tallies, self._ascii)


def _literal(term: bytes, tally: list[int]) -> bytes:
    """Return the characters of a literal as stores hash them."""
    end = term.rindex(b'"')
    if term[end + 1 : end + 3] == b"^^" and term[end + 4 : term.rindex(b">")] in _BY_VALUE:
        tally[257] += 1
        return b""
    text = term[1:end]
    return unescape(text.decode()).encode() if b"\\" in text else text


def same(fingerprint: Fingerprint, answer: Mapping[str, int]) -> bool:
    """Tell whether a store's answer is the fingerprint."""
    return {key: count for key, count in answer.items() if count} == fingerprint.buckets
