"""The mapping table, compiled: one function per key that writes N-Quads text.

The functions make no decision that the table could make beforehand; that is why this is fast. The slow,
obvious reading of the same table is in the tests, and both must agree.
"""

from __future__ import annotations

import os.path
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from typing import Any

from provrdf import mapping
from provrdf._locations import is_of_path, location_iri
from provrdf._names import Names, Tails, iri_tail, literal_tail
from provrdf.identity.collect import Place
from provrdf.iris import key, part
from provrdf.mapping import AT_LOCATION, LABEL, Link, Qualified, Rule, own_term
from provrdf.nquads import literal, string, typed
from provrdf.terms import PROV, PROVRDF, RDF, SPDX, VOPROV, XSD
from provrdf.times import to_utc, xsd_datetime

Lines = dict[str, tuple[str, int]]


class Graph:
    """The named graph being written: the ends of its lines, its text so far, and what it has said already."""

    __slots__ = ("_out", "blocks", "iri_end", "lines", "literal_end", "said", "write")

    def __init__(self, iri: str, write: Callable[[str], object], lines: Lines | None) -> None:
        self.iri_end = f"> <{iri}> .\n"
        self.literal_end = f" <{iri}> .\n"
        self._out = write
        self.write = write
        self.said: set[str] = set()
        self.blocks: dict[object, str] = {}
        self.lines = lines

    def note(self, iri: str, place: Place | None) -> None:
        """Remember the line that made a node, if lines are wanted."""
        if self.lines is not None and place is not None and place.line:
            known = self.lines.get(iri)
            if known is None or (place.file, place.line) < known:
                self.lines[iri] = (place.file, place.line)

    def tell(self, subject: str, iri_tails: Iterable[str], literal_tails: Iterable[str] = ()) -> None:
        """Write what is said of one subject."""
        write, end = self.write, self.iri_end
        for tail in iri_tails:
            write(f"<{subject}{tail}{end}")
        end = self.literal_end
        for tail in literal_tails:
            write(f"<{subject}{tail}{end}")

    def block(
        self, heads: Iterable[str], subject: str, iri_tails: Iterable[str], texts: Iterable[str]
    ) -> str:
        """Put lines together, with gaps (control characters) for what differs from time to time.

        Filling the gaps of a whole block is several times faster than writing its lines one by one.
        """
        iris = [*heads, *(f"<{subject}{tail}" for tail in iri_tails)]
        lines = [f"{line}{self.iri_end}" for line in iris]
        return "".join([*lines, *(f"<{subject}{tail}{self.literal_end}" for tail in texts)])

    def once(self, subject: str, iri_tails: Iterable[str], literal_tails: Iterable[str] = ()) -> bool:
        """Write what is said of a subject unless it has been said in this graph; tell whether it was new."""
        if subject in self.said:
            return False
        self.said.add(subject)
        current, self.write = self.write, self._out
        self.tell(subject, iri_tails, literal_tails)
        self.write = current
        return True

    def record(self, into: list[str]) -> None:
        """Send what is written to a list, until `resume`; what `once` writes still goes to the graph."""
        self.write = into.append

    def resume(self) -> None:
        """Write to the graph again."""
        self.write = self._out


class Subject:
    """What the rules need to know of the subject they write about."""

    __slots__ = ("facts", "iri", "is_file", "key", "name")

    def __init__(
        self, iri: str, key_: str, name: str | None, facts: Mapping[str, list[Any]], *, is_file: bool = False
    ) -> None:
        self.iri = iri
        self.key = key_
        self.name = name
        self.facts = facts
        self.is_file = is_file


Emit = Callable[[Subject, Any, Place, Graph], None]
"""Writes what one key says."""

WriteLink = Callable[[str, str, str, Tails, Graph], str]
"""Writes a relation: subject, object, key of the qualifying node, more about that node. Gives the node."""

NOTHING: Tails = ((), ())
"""Nothing more to say about a node."""


def _nothing(subject: Subject, value: Any, place: Place, graph: Graph) -> None:
    """Write nothing: the key is read together with another one, or where the graph is put together."""


class Compiler:
    """Turns rules into functions for one base IRI, time zone and model."""

    def __init__(self, names: Names, zone: tzinfo) -> None:
        self.names = names
        self.base = names.base
        self.zone = zone
        self.unknown: Counter[tuple[str, str]] = Counter()

    def table(self, kind: str) -> Callable[[str], Emit]:
        """Compile the table of a kind of subject: log key -> function."""
        compiled = {
            log_key: self.rule(rule, log_key, kind) for log_key, rule in mapping.MAPPING[kind].items()
        }

        def find(log_key: str) -> Emit:
            found = compiled.get(log_key)
            if found is None:
                found = compiled[log_key] = self._unknown(log_key, kind)
            return found

        return find

    def rule(self, rule: Rule, log_key: str, kind: str) -> Emit:
        """Compile one row."""
        emit = _nothing
        match rule:
            case mapping.Value(predicate):
                emit = self._value(predicate)
            case mapping.Moment(predicate):
                emit = self._moment(predicate, log_key)
            case mapping.Name(predicate):
                emit = self._name(predicate, kind)
            case mapping.Parameters():
                emit = self._parameters(rule)
            case mapping.Location(predicate):
                emit = self._location(predicate)
            case mapping.Digest():
                emit = self._digest()
            case mapping.ConfigFile(predicate):
                emit = self._config_file(predicate, log_key)
        return emit

    def _unknown(self, log_key: str, kind: str) -> Emit:
        write = self._literal(own_term(log_key))

        def emit(subject: Subject, value: Any, place: Place, graph: Graph) -> None:
            self.unknown[kind, log_key] += 1
            write(subject, value, place, graph)

        return emit

    def _literal(self, predicate: str) -> Emit:
        head = f"> <{predicate}> "

        def emit(subject: Subject, value: Any, place: Place, graph: Graph) -> None:
            graph.write(f"<{subject.iri}{head}{literal(value)}{graph.literal_end}")

        return emit

    def _value(self, predicate: str) -> Emit:
        write = self._literal(predicate)
        is_value = predicate == PROV.value

        def emit(subject: Subject, value: Any, place: Place, graph: Graph) -> None:
            if value is not None:
                write(subject, value, place, graph)
                if is_value:
                    graph.tell(subject.iri, [iri_tail(RDF.type, VOPROV.ValueEntity)])

        return emit

    def _moment(self, predicate: str, log_key: str) -> Emit:
        head = f"> <{predicate}> "
        otherwise = self._literal(own_term(log_key))

        def emit(subject: Subject, value: Any, place: Place, graph: Graph) -> None:
            moment = to_utc(value, self.zone)
            if moment is not None:
                graph.write(
                    f"<{subject.iri}{head}{typed(xsd_datetime(moment), XSD.dateTime)}{graph.literal_end}"
                )
            elif value is not None:
                otherwise(subject, value, place, graph)

        return emit

    def _name(self, predicate: str, kind: str) -> Emit:
        head, label = f"> <{predicate}> ", f"> <{LABEL}> "
        described = {"activity": self.names.step, "entity": self.names.kind}.get(kind)

        def emit(subject: Subject, value: Any, place: Place, graph: Graph) -> None:
            if value is None:
                return
            text = literal(value)
            graph.write(f"<{subject.iri}{head}{text}{graph.literal_end}")
            if kind != "entity" or not _labels(subject):
                graph.write(f"<{subject.iri}{label}{text}{graph.literal_end}")
            if described is not None:
                graph.tell(subject.iri, described(str(value)))

        return emit

    def _parameters(self, rule: mapping.Parameters) -> Emit:
        link = self.link(rule)
        types = (iri_tail(RDF.type, PROV.Entity), iri_tail(RDF.type, VOPROV.Parameter))
        otherwise = self._literal(own_term("parameters"))

        def emit(subject: Subject, value: Any, place: Place, graph: Graph) -> None:
            if not isinstance(value, dict):
                otherwise(subject, value, place, graph)
                return
            for name, setting in value.items():
                node_key = f"{subject.key}--{part(str(name))}"
                iri = f"{self.base}parameter/{node_key}"
                link(subject.iri, iri, node_key, NOTHING, graph)
                text = string(str(name))
                graph.tell(
                    iri,
                    (*types, *self.names.parameter(subject.name, str(name))),
                    (
                        literal_tail(VOPROV.name, text),
                        literal_tail(LABEL, text),
                        literal_tail(PROV.value, literal(setting)),
                    ),
                )
                graph.note(iri, place)

        return emit

    def link(self, rule: Link | mapping.Parameters) -> WriteLink:
        """Compile a relation, direct and qualified: one block of lines with three gaps."""
        also = rule.also if isinstance(rule, Link) else ()
        direct = [f"<\1> <{predicate}> <\2" for predicate in (rule.predicate, *also)]
        via = rule.via
        start = f"{self.base}{via.kind}/" if via else ""
        name = id(rule)

        def emit(subject: str, target: str, node_key: str, more: Tails, graph: Graph) -> str:
            block = graph.blocks.get((name, more))
            if block is None:
                iri_tails, texts = _node_tails(via, more) if via else NOTHING
                heads = [*direct, f"<\1> <{via.predicate}> <\3"] if via else direct
                block = graph.block(heads, "\3", iri_tails, texts)
                graph.blocks[name, more] = block
            node = start + node_key
            graph.write(block.replace("\1", subject).replace("\2", target).replace("\3", node))
            return node

        return emit

    def _location(self, predicate: str) -> Emit:
        head = f"> <{predicate}> "

        def emit(subject: Subject, value: Any, place: Place, graph: Graph) -> None:
            if value is None:
                return
            text = str(value)
            graph.write(f"<{subject.iri}{head}{string(text)}{graph.literal_end}")
            if subject.is_file:
                self.place(subject.iri, text, graph)
                graph.write(
                    f"<{subject.iri}> <{LABEL}> {string(os.path.basename(text) or text)}{graph.literal_end}"
                )

        return emit

    def place(self, subject: str, text: str, graph: Graph) -> None:
        """Write where something is, as a prov:Location of its own."""
        iri = location_iri(text, self.base)
        graph.write(f"<{subject}> <{AT_LOCATION}> <{iri}{graph.iri_end}")
        graph.once(iri, [iri_tail(RDF.type, PROV.Location)], [literal_tail(LABEL, string(text))])

    def _digest(self) -> Emit:
        def emit(subject: Subject, value: Any, place: Place, graph: Graph) -> None:
            if value is None:
                return
            algorithm = str(next(iter(subject.facts.get("hash_type", ())), None) or "unknown")
            paths = [str(path) for name in ("filepath", "location") for path in subject.facts.get(name, ())]
            kinds = subject.facts.get("hash_kind", ())
            self.digest(
                subject.iri, str(value), algorithm, is_of_path(str(value), algorithm, paths, kinds), graph
            )
            for kind in kinds:
                graph.tell(subject.iri, (), [literal_tail(PROVRDF.hashKind, literal(kind))])

        return emit

    def digest(self, subject: str, value: str, algorithm: str, of_path: bool, graph: Graph) -> None:
        """Write a hash: of the path, or a checksum of the content with its algorithm."""
        if of_path:
            graph.tell(subject, (), [literal_tail(PROVRDF.pathHash, string(f"{algorithm}:{value}"))])
            return
        node = f"{self.base}checksum/{key(algorithm, value)}"
        graph.tell(subject, [iri_tail(SPDX.checksum, node)])
        named = f"{SPDX.base}checksumAlgorithm_{part(algorithm.lower())}"
        hexadecimal = all(digit in "0123456789abcdefABCDEF" for digit in value) and len(value) % 2 == 0
        text = typed(value, XSD.hexBinary) if hexadecimal else string(value)
        graph.once(
            node,
            [iri_tail(RDF.type, SPDX.Checksum), iri_tail(SPDX.algorithm, named)],
            [literal_tail(SPDX.checksumValue, text)],
        )

    def _config_file(self, predicate: str, log_key: str) -> Emit:
        def emit(subject: Subject, value: Any, place: Place, graph: Graph) -> None:
            if value is None:
                return
            path = str(value)
            hashes = [str(found) for found in subject.facts.get(f"{log_key}_hash", ()) if found is not None]
            iri = f"{self.base}entity/{part(hashes[0] if hashes else path)}"
            graph.write(f"<{subject.iri}> <{predicate}> <{iri}{graph.iri_end}")
            new = graph.once(
                iri,
                [iri_tail(RDF.type, PROV.Entity), iri_tail(RDF.type, VOPROV.ConfigFile)],
                [
                    literal_tail(VOPROV.name, string(os.path.basename(path) or path)),
                    literal_tail(VOPROV.location, string(path)),
                ],
            )
            if not new:
                return
            self.place(iri, path, graph)
            algorithm = str(next(iter(subject.facts.get(f"{log_key}_hash_type", ())), "unknown"))
            for found in hashes:
                self.digest(iri, found, algorithm, is_of_path(found, algorithm, [path], ()), graph)
            graph.note(iri, place)

        return emit


def _node_tails(via: Qualified, more: Tails) -> Tails:
    """List what is said of a qualifying node."""
    iris = [iri_tail(via.pointer, "\2"), *(iri_tail(RDF.type, kind) for kind in via.types)]
    iris += [iri_tail(predicate, text[1:-1]) for predicate, text in via.fixed.items() if text.startswith("<")]
    texts = [
        literal_tail(predicate, string(text))
        for predicate, text in via.fixed.items()
        if not text.startswith("<")
    ]
    return (*iris, *more[0]), (*texts, *more[1])


def _labels(subject: Subject) -> bool:
    """Tell whether an entity gets its label from its path."""
    return subject.is_file and any(
        path is not None for name in ("filepath", "location") for path in subject.facts.get(name, ())
    )
