"""The mapping table, compiled: one function per key that writes N-Quads text.

The functions make no decision that the table could make beforehand; that is why this is fast. The slow,
obvious reading of the same table is in the tests, and both must agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from provrdf import mapping
from provrdf._locations import is_of_path, location_iri
from provrdf._names import Names, Tails, iri_tail, literal_tail
from provrdf.identity.lines import Logged
from provrdf.iris import key, line_of_time, part
from provrdf.mapping import AT_LOCATION, LABEL, Link, Qualified, Rule, own_term
from provrdf.nquads import literal, string, typed
from provrdf.times import xsd_text
from provrdf.vocab import PROV, PROVRDF, RDF, SPDX, VOPROV, XSD

Lines = dict[str, tuple[str, int]]

_MOST_PLANS = 1_000


class Graph:
    """The named graph being written: the end of its lines, and what it has said already."""

    __slots__ = ("end", "lines", "said", "write")

    def __init__(self, iri: str, write: Callable[[str], object], lines: Lines | None) -> None:
        self.end = f" <{iri}> .\n"
        self.write = write
        self.said: set[str] = set()
        self.lines = lines

    def note(self, iri: str, place: Logged | None) -> None:
        """Remember the line that made a node, if lines are wanted."""
        if self.lines is not None and place is not None and place.line:
            known = self.lines.get(iri)
            if known is None or (place.file, place.line) < known:
                self.lines[iri] = (place.file, place.line)

    def text(self, subject: str, tails: Iterable[str]) -> str:
        """Put together the lines of one subject."""
        between = f"{self.end}<{subject}"
        return f"<{subject}{between.join(tails)}{self.end}"

    def tell(self, subject: str, tails: Iterable[str]) -> None:
        """Write what is said of one subject: at least one thing."""
        self.write(self.text(subject, tails))

    def once(self, subject: str, tails: Iterable[str]) -> bool:
        """Write what is said of a subject unless it has been said in this graph; tell whether it was new."""
        if subject in self.said:
            return False
        self.said.add(subject)
        self.tell(subject, tails)
        return True


class Subject:
    """What the rules need to know of the subject they write about, and what they have to say of it."""

    __slots__ = ("facts", "iri", "is_file", "key", "name", "tails")

    def __init__(
        self,
        iri: str,
        key_: str,
        name: str | None,
        facts: Mapping[str, Sequence[Any]],
        *,
        is_file: bool = False,
    ) -> None:
        self.iri = iri
        self.key = key_
        self.name = name
        self.facts = facts
        self.is_file = is_file
        self.tails: list[str] = []


Emit = Callable[[Subject, Any, Logged | None, Graph], None]
"""Adds what one key says to the tails of its subject; writes what is said of other nodes."""

WriteLink = Callable[[str, str, str, Tails, Graph], str]
"""Writes a relation: subject, object, key of the qualifying node, more about that node. Gives the node."""


def _nothing(subject: Subject, value: Any, place: Logged | None, graph: Graph) -> None:
    """Say nothing: the key is read together with another one, or where the graph is put together."""


class Table:
    """Compiled rows by log key; a row for a key without one is made when it is met."""

    def __init__(self, rows: dict[str, Emit], unknown: Callable[[str], Emit]) -> None:
        self._rows = rows
        self._unknown = unknown
        self._plans: dict[tuple[str, ...], list[tuple[int, Emit]]] = {}

    def row(self, log_key: str) -> Emit:
        """Find the row of a key."""
        found = self._rows.get(log_key)
        if found is None:
            found = self._rows[log_key] = self._unknown(log_key)
        return found

    def plan(self, keys: tuple[str, ...]) -> list[tuple[int, Emit]]:
        """Find the rows of some keys that say something, each with the place of its key among them."""
        plan = self._plans.get(keys)
        if plan is None:
            rows = enumerate(map(self.row, keys))
            plan = [(at, row) for at, row in rows if row is not _nothing]
            if len(self._plans) < _MOST_PLANS:
                self._plans[keys] = plan
        return plan


class Compiler:
    """Turns rules into functions for one base IRI, time zone and model."""

    def __init__(self, names: Names, zone: tzinfo) -> None:
        self.names = names
        self.base = names.base
        self.zone = zone
        self.unknown: Counter[tuple[str, str]] = Counter()

    def table(self, kind: str) -> Table:
        """Compile the table of a kind of subject."""
        rows = {log_key: self.rule(rule, log_key, kind) for log_key, rule in mapping.MAPPING[kind].items()}
        return Table(rows, lambda log_key: self._unknown(log_key, kind))

    def rule(self, rule: Rule, log_key: str, kind: str) -> Emit:
        """Compile one row."""
        emit: Emit = _nothing
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

        def emit(subject: Subject, value: Any, place: Logged | None, graph: Graph) -> None:
            self.unknown[kind, log_key] += 1
            write(subject, value, place, graph)

        return emit

    def _literal(self, predicate: str) -> Emit:
        head = f"> <{predicate}> "

        def emit(subject: Subject, value: Any, place: Logged | None, graph: Graph) -> None:
            subject.tails.append(f"{head}{literal(value)}")

        return emit

    def _value(self, predicate: str) -> Emit:
        head = f"> <{predicate}> "
        is_value = predicate == PROV.value

        def emit(subject: Subject, value: Any, place: Logged | None, graph: Graph) -> None:
            if value is not None:
                subject.tails.append(f"{head}{literal(value)}")
                if is_value:
                    subject.tails.append(iri_tail(RDF.type, VOPROV.ValueEntity))

        return emit

    def _moment(self, predicate: str, log_key: str) -> Emit:
        head, datatype = f'> <{predicate}> "', f'"^^<{XSD.dateTime}>'
        otherwise = self._literal(own_term(log_key))
        of_activity = predicate in (PROV.startedAtTime, PROV.endedAtTime)

        def emit(subject: Subject, value: Any, place: Logged | None, graph: Graph) -> None:
            text = xsd_text(value, self.zone)
            if text is not None:
                subject.tails.append(f"{head}{text}{datatype}")
                if of_activity and graph.lines is not None:
                    # start and end are on lines of their own, and may contradict each other
                    graph.note(line_of_time(subject.iri, text), place)
            elif value is not None:
                otherwise(subject, value, place, graph)

        return emit

    def _name(self, predicate: str, kind: str) -> Emit:
        head, label = f"> <{predicate}> ", f"> <{LABEL}> "
        described = {"activity": self.names.step, "entity": self.names.kind}.get(kind)

        def emit(subject: Subject, value: Any, place: Logged | None, graph: Graph) -> None:
            if value is None:
                return
            text = literal(value)
            subject.tails.append(f"{head}{text}")
            if kind != "entity" or not _labels(subject):
                subject.tails.append(f"{label}{text}")
            if described is not None:
                subject.tails += described(str(value))

        return emit

    def _parameters(self, rule: mapping.Parameters) -> Emit:
        link = self.link(rule)
        types = (iri_tail(RDF.type, PROV.Entity), iri_tail(RDF.type, VOPROV.Parameter))
        otherwise = self._literal(own_term("parameters"))

        def emit(subject: Subject, value: Any, place: Logged | None, graph: Graph) -> None:
            if not isinstance(value, dict):
                otherwise(subject, value, place, graph)
                return
            for name, setting in value.items():
                node_key = f"{subject.key}--{part(str(name))}"
                iri = f"{self.base}parameter/{node_key}"
                link(subject.iri, iri, node_key, (), graph)
                text = string(str(name))
                tails = (literal_tail(VOPROV.name, text), literal_tail(LABEL, text))
                described = self.names.parameter(subject.name, str(name))
                graph.tell(iri, (*types, *tails, literal_tail(PROV.value, literal(setting)), *described))
                graph.note(iri, place)

        return emit

    def link(self, rule: Link | mapping.Parameters) -> WriteLink:
        """Compile a relation, direct and qualified."""
        also = rule.also if isinstance(rule, Link) else ()
        heads = [f"> <{predicate}> <" for predicate in (rule.predicate, *also)]
        via = rule.via

        def direct(subject: str, target: str, node_key: str, more: Tails, graph: Graph) -> str:
            graph.tell(subject, [f"{head}{target}>" for head in heads])
            return ""

        if via is None:
            return direct
        first, *others = heads
        start, qualified, pointer = (
            f"{self.base}{via.kind}/",
            f"> <{via.predicate}> <",
            f"> <{via.pointer}> <",
        )
        fixed = tuple(_node_tails(via))

        def emit(subject: str, target: str, node_key: str, more: Tails, graph: Graph) -> str:
            node, end = f"{start}{node_key}", graph.end
            about = f"{end}<{node}".join(("", *fixed, *more))
            graph.write(
                f"<{subject}{first}{target}>{end}<{subject}{qualified}{node}>{end}"
                f"<{node}{pointer}{target}>{about}{end}"
            )
            if others:
                graph.tell(subject, [f"{head}{target}>" for head in others])
            return node

        return emit

    def _location(self, predicate: str) -> Emit:
        head = f"> <{predicate}> "

        def emit(subject: Subject, value: Any, place: Logged | None, graph: Graph) -> None:
            if value is None:
                return
            path = str(value)
            text = string(path)
            subject.tails.append(f"{head}{text}")
            if subject.is_file:
                subject.tails.append(self.place(path, text, graph))
                subject.tails.append(literal_tail(LABEL, string(_last(path))))

        return emit

    def place(self, path: str, text: str, graph: Graph) -> str:
        """Write where something is, as a prov:Location of its own; give what to say of the thing."""
        iri = location_iri(path, self.base)
        graph.once(iri, (iri_tail(RDF.type, PROV.Location), literal_tail(LABEL, text)))
        return iri_tail(AT_LOCATION, iri)

    def _digest(self) -> Emit:
        def emit(subject: Subject, value: Any, place: Logged | None, graph: Graph) -> None:
            if value is None:
                return
            algorithm = str(next(iter(subject.facts.get("hash_type", ())), None) or "unknown")
            paths = (*subject.facts.get("filepath", ()), *subject.facts.get("location", ()))
            kinds = subject.facts.get("hash_kind", ())
            of_path = is_of_path(str(value), algorithm, paths, kinds)
            subject.tails.append(self.digest(str(value), algorithm, of_path=of_path, graph=graph))
            subject.tails += [literal_tail(PROVRDF.hashKind, literal(kind)) for kind in kinds]

        return emit

    def digest(self, value: str, algorithm: str, *, of_path: bool, graph: Graph) -> str:
        """Say a hash: of the path, or a checksum of the content with its algorithm, which is written."""
        if of_path:
            return literal_tail(PROVRDF.pathHash, string(f"{algorithm}:{value}"))
        node = f"{self.base}checksum/{key(algorithm, value)}"
        named = f"{SPDX.BASE}checksumAlgorithm_{part(algorithm.lower())}"
        hexadecimal = all(digit in "0123456789abcdefABCDEF" for digit in value) and len(value) % 2 == 0
        text = typed(value, XSD.hexBinary) if hexadecimal else string(value)
        tails = iri_tail(RDF.type, SPDX.Checksum), iri_tail(SPDX.algorithm, named)
        graph.once(node, (*tails, literal_tail(SPDX.checksumValue, text)))
        return iri_tail(SPDX.checksum, node)

    def _config_file(self, predicate: str, log_key: str) -> Emit:
        def emit(subject: Subject, value: Any, place: Logged | None, graph: Graph) -> None:
            if value is None:
                return
            path = str(value)
            hashes = [str(found) for found in subject.facts.get(f"{log_key}_hash", ()) if found is not None]
            iri = f"{self.base}entity/{part(hashes[0] if hashes else path)}"
            subject.tails.append(iri_tail(predicate, iri))
            if iri in graph.said:
                return
            algorithm = str(next(iter(subject.facts.get(f"{log_key}_hash_type", ())), "unknown"))
            tails = [
                *(iri_tail(RDF.type, kind) for kind in (PROV.Entity, VOPROV.ConfigFile)),
                literal_tail(VOPROV.name, string(_last(path))),
                literal_tail(VOPROV.location, string(path)),
                self.place(path, string(path), graph),
            ]
            for found in hashes:
                of_path = is_of_path(found, algorithm, [path], ())
                tails.append(self.digest(found, algorithm, of_path=of_path, graph=graph))
            graph.once(iri, tails)
            graph.note(iri, place)

        return emit


def _node_tails(via: Qualified) -> Iterator[str]:
    """List what is always said of a qualifying node."""
    for kind in via.types:
        yield iri_tail(RDF.type, kind)
    for predicate, text in via.fixed.items():
        is_iri = text.startswith("<")
        yield iri_tail(predicate, text[1:-1]) if is_iri else literal_tail(predicate, string(text))


def _last(path: str) -> str:
    """Return the last part of a path."""
    return path.rpartition("/")[2] or path


def _labels(subject: Subject) -> bool:
    """Tell whether an entity gets its label from its path."""
    paths = (*subject.facts.get("filepath", ()), *subject.facts.get("location", ()))
    return subject.is_file and any(path is not None for path in paths)
