"""The internal form of the PROV and IVOA rules: terms are plain strings, links are lists of pairs.

A term is an IRI as it is, a blank node as ``_:id``, a literal as ``"`` and its text (``"r0_to_dl1``):
the first character tells them apart. Only predicates that a rule or a name for people needs are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from urllib.parse import unquote

from provrdf.iris import PROVRDF, VOCABULARY_PREFIXES, VOPROV

PROV = VOCABULARY_PREFIXES["prov"]
TYPE = VOCABULARY_PREFIXES["rdf"] + "type"
LABEL = VOCABULARY_PREFIXES["rdfs"] + "label"
NAME = VOPROV + "name"
SESSION = PROVRDF + "inSession"
RUN = PROVRDF + "observationRun"

NAMING = frozenset((LABEL, NAME, SESSION, RUN))
"""Predicates that give a node its name for people."""

Triple = tuple[str, str, str]


class Facts:
    """The statements of one graph, or of the union of several, by predicate.

    Parameters
    ----------
    wanted : collection of str
        Predicates (IRIs) that are kept.
    """

    def __init__(self, wanted: Collection[str]) -> None:
        self.pairs: dict[str, list[tuple[str, str]]] = {predicate: [] for predicate in wanted}
        self._objects: dict[str, dict[str, list[str]]] = {}
        self._subjects: dict[str, dict[str, list[str]]] = {}

    def add_all(self, triples: Iterable[Triple]) -> None:
        """Add statements; those of other predicates are passed over."""
        pairs = self.pairs
        for subject, predicate, value in triples:
            if predicate in pairs:
                pairs[predicate].append((subject, value))

    def merge(self, other: Facts, known: Callable[[str, str], str], *, classes: Collection[str]) -> None:
        """Add the statements of another graph, of the predicates that are kept here.

        Parameters
        ----------
        other : Facts
            The other graph.
        known : callable
            ``setdefault`` of a dictionary: equal texts become one object, which bounds the memory of a union.
        classes : collection of str
            Of the types of things, only these are taken.
        """
        for predicate, pairs in self.pairs.items():
            more = other.pairs.get(predicate, ())
            if predicate == TYPE:
                more = [pair for pair in more if pair[1] in classes]
            pairs.extend((known(s, s), known(o, o)) for s, o in more)

    def add_names(self, other: Facts) -> None:
        """Add what gives nodes their names for people."""
        for predicate in NAMING:
            self.pairs.setdefault(predicate, []).extend(other.pairs[predicate])
            self._objects.pop(predicate, None)

    def objects(self, predicate: str) -> dict[str, list[str]]:
        """Subject -> its objects, each once, in order of appearance."""
        index = self._objects.get(predicate)
        if index is None:
            index = self._objects[predicate] = {}
            for subject, value in dict.fromkeys(self.pairs.get(predicate, ())):
                index.setdefault(subject, []).append(value)
        return index

    def subjects(self, predicate: str) -> dict[str, list[str]]:
        """Object -> its subjects, each once, in order of appearance."""
        index = self._subjects.get(predicate)
        if index is None:
            index = self._subjects[predicate] = {}
            for subject, value in dict.fromkeys(self.pairs.get(predicate, ())):
                index.setdefault(value, []).append(subject)
        return index

    def first(self, node: str, predicate: str) -> str | None:
        """One object of a node: the smallest, so that order of input does not matter."""
        return min(self.objects(predicate).get(node, ()), default=None)

    def name(self, node: str) -> str:
        """Name a node for people: label and, for an activity, the run it belongs to."""
        label = self.label(node)
        session = self.first(node, SESSION)
        if session is None:
            return label
        run = self.first(session, RUN)
        return f"{label} of run {text(run)}" if run else f"{label} of session {self.label(session)}"

    def label(self, node: str) -> str:
        """Label of a node; the readable end of its IRI when it has none."""
        label = self.first(node, LABEL) or self.first(node, NAME)
        return text(label) if label else short(node)

    def kind(self, node: str) -> str:
        """Tell what a node is: the name of its activity or entity in the model."""
        name = self.first(node, NAME)
        return text(name) if name else ""


def text(term: str) -> str:
    """Text of a literal, or the term itself."""
    return term[1:] if term.startswith('"') else term


def is_blank(term: str) -> bool:
    """Whether a term is a blank node: something that exists, without a name of its own."""
    return term.startswith("_:")


def is_literal(term: str) -> bool:
    """Whether a term is a literal."""
    return term.startswith('"')


def short(node: str) -> str:
    """Readable end of an IRI.

    >>> short("http://example.org/run/dl1%20file.h5"), short("_:b0")
    ('dl1 file.h5', 'something without a name')
    """
    if is_blank(node):
        return "something without a name"
    if is_literal(node):
        return text(node)
    tail = node.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]
    return unquote(tail) or node
