"""The statements of one partition, indexed for walking: plain dictionaries of N-Triples terms.

A session graph is small (a few ten thousand statements), and checks follow the same few predicates again and
again: dictionaries answer that in a tenth of a microsecond, without a store and without term objects.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from provrdf.shapes.forms import Instances, Node, ObjectsOf, Path, SubjectsOf, Target, named
from provrdf.shapes.rdf import lexical

TYPE = named("rdf:type")
_SUBCLASS = named("rdfs:subClassOf")
_NONE: Mapping[str, None] = {}
_NO_TABLE: Mapping[str, Mapping[str, None]] = {}


class Facts:
    """Statements by predicate and subject; by predicate and object when first asked for.

    Parameters
    ----------
    statements : iterable of str
        ``subject predicate object``, N-Triples terms parted by one blank, without the final dot.
    """

    def __init__(self, statements: Iterable[str] = ()) -> None:
        self.tables: dict[str, dict[str, dict[str, None]]] = {}
        self._inverse: dict[str, dict[str, dict[str, None]]] = {}
        self._classes: dict[str, set[str]] = {}
        tables = self.tables
        for statement in statements:
            subject, predicate, value = statement.split(" ", 2)
            table = tables.get(predicate)
            if table is None:
                table = tables[predicate] = {}
            values = table.get(subject)
            if values is None:
                table[subject] = {value: None}
            else:
                values[value] = None

    def table(self, step: str) -> Mapping[str, Mapping[str, None]]:
        """Node -> nodes one step away; the step is a predicate, ``^`` before it to be walked backwards."""
        if not step.startswith("^"):
            return self.tables.get(step, _NO_TABLE)
        inverse = self._inverse.get(step)
        if inverse is None:
            inverse = {}
            for subject, values in self.tables.get(step[1:], _NO_TABLE).items():
                for value in values:
                    inverse.setdefault(value, {})[subject] = None
            self._inverse[step] = inverse
        return inverse

    def reach(self, node: str, path: Path) -> Iterable[str]:
        """List the nodes that `path` leads to, each once; the node itself when the path is empty."""
        nodes: Iterable[str] = (node,)
        for step in path:
            table = self.table(step)
            nodes = {value: None for here in nodes for value in table.get(here, _NONE)}
        return nodes

    def values(self, node: str, step: str) -> Iterable[str]:
        """List the nodes one step away."""
        return self.table(step).get(node, _NONE)

    def value(self, node: str, step: str) -> str | None:
        """One value of a predicate (the first in order when there are several), or None."""
        return min(self.values(node, step), default=None)

    def text(self, node: str, step: str) -> str:
        """Text of a value of a predicate, or nothing."""
        value = self.value(node, step)
        return "" if value is None else lexical(value)

    def is_a(self, node: str, term: str) -> bool:
        """Whether the node is of the class or of a subclass of it."""
        types = self.values(node, TYPE)
        return term in types or (_SUBCLASS in self.tables and not self._below(term).isdisjoint(types))

    def class_test(self, term: str) -> Callable[[str], bool]:
        """Prepare `is_a` for one class, to be asked of many nodes."""
        types = self.table(TYPE)
        if _SUBCLASS not in self.tables:
            return lambda node: term in types.get(node, _NONE)
        below = self._below(term)
        return lambda node: not below.isdisjoint(types.get(node, _NONE))

    def targets(self, target: Target) -> Collection[str]:
        """List the focus nodes of a shape, each once."""
        match target:
            case Instances(term):
                return self._instances(term)
            case SubjectsOf(term):
                return self.table(term).keys()
            case ObjectsOf(term):
                return self.table("^" + term).keys()
            case Node(term):
                return (term,)

    def _instances(self, term: str) -> Collection[str]:
        by_class = self.table("^" + TYPE)
        if _SUBCLASS not in self.tables:
            return by_class.get(term, _NONE)
        return {node: None for each in sorted(self._below(term)) for node in by_class.get(each, _NONE)}

    def _below(self, term: str) -> set[str]:
        """All subclasses of a class, and itself."""
        found = self._classes.get(term)
        if found is None:
            found, queue = {term}, [term]
            table = self.table("^" + _SUBCLASS)
            while queue:
                fresh = set(table.get(queue.pop(), _NONE)) - found
                found |= fresh
                queue.extend(fresh)
            self._classes[term] = found
        return found
