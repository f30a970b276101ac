"""The fast engine: shapes compiled to closures over `Facts`.

Every function here takes a constraint and the facts of one partition and returns a function of a focus node
and its value nodes that yields what is wrong: the offending value, or None when the fault is in the number of
values. Results are the same, one by one, as those of pySHACL on the SHACL text of the same shapes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from provrdf.shapes import forms
from provrdf.shapes.forms import At, Constraint, Shape
from provrdf.shapes.rdf import datatype, is_blank, is_iri, is_literal, lexical
from provrdf.validate.facts import Facts
from provrdf.validate.values import is_well_formed, not_after, number, plain_text

Faults = Sequence[str | None]
Rule = Callable[[str, Iterable[str]], Faults]
Test = Callable[[str], bool]

COUNTING = (forms.MinCount, forms.MaxCount, forms.AtLeast, forms.AtMost, forms.HasValue)
"""Constraints on the set of value nodes; their results name no single value."""


class Fault(NamedTuple):
    """One result: a focus node breaks a shape, perhaps by one value."""

    shape: Shape
    focus: str
    value: str | None = None
    predicate: str | None = None


def check(shapes: Sequence[Shape], facts: Facts) -> list[Fault]:
    """Check all shapes against the facts of one partition."""
    return [fault for shape in shapes for fault in _faults(shape, facts)]


def _faults(shape: Shape, facts: Facts) -> Iterator[Fault]:
    nodes = facts.targets(shape.target)
    if not nodes:
        return
    if isinstance(shape.constraint, forms.Only):
        yield from _unexpected(shape, shape.constraint, nodes, facts)
        return
    rule = _rule(shape.constraint, facts)
    path = shape.path
    single = facts.table(path[0]) if len(path) == 1 else None
    for node in nodes:
        reached = facts.reach(node, path) if single is None else single.get(node, ())
        for value in rule(node, reached):
            yield Fault(shape, node, value)


def _unexpected(shape: Shape, only: forms.Only, nodes: Iterable[str], facts: Facts) -> Iterator[Fault]:
    """Find the statements that a closed shape does not foresee."""
    foreseen = set(only.predicates)
    others = [(predicate, table) for predicate, table in facts.tables.items() if predicate not in foreseen]
    for node in nodes:
        for predicate, table in others:
            for value in table.get(node, ()):
                yield Fault(shape, node, value, predicate)


def test_of(test: At, facts: Facts) -> Test:
    """Compile a nested shape to a test of one node."""
    faults = _first([_rule(constraint, facts) for constraint in test.constraints])
    path = test.path
    if not path:
        return lambda node: not faults(node, (node,))
    if len(path) == 1:
        table = facts.table(path[0])
        return lambda node: not faults(node, table.get(node, ()))
    return lambda node: not faults(node, facts.reach(node, path))


def _first(rules: Sequence[Rule]) -> Rule:
    """Make several rules one, which stops at the first that finds something."""
    if len(rules) == 1:
        return rules[0]
    return lambda focus, values: next(filter(None, (rule(focus, values) for rule in rules)), ())


def _rule(constraint: Constraint, facts: Facts) -> Rule:
    """Compile a constraint."""
    compiler = _COMPILERS.get(type(constraint))
    if compiler is not None:
        return compiler(constraint, facts)
    ok = _value_test(constraint, facts)
    return lambda focus, values: [value for value in values if not ok(value)]


def _count(values: Iterable[str]) -> int:
    return len(values) if isinstance(values, (dict, tuple)) else sum(1 for _ in values)


def _min_count(constraint: forms.MinCount, facts: Facts) -> Rule:
    least = constraint.n
    return lambda focus, values: (None,) if _count(values) < least else ()


def _max_count(constraint: forms.MaxCount, facts: Facts) -> Rule:
    most = constraint.n
    return lambda focus, values: (None,) if _count(values) > most else ()


def _at_least(constraint: forms.AtLeast, facts: Facts) -> Rule:
    least, passes = constraint.n, test_of(constraint.test, facts)
    return lambda focus, values: (None,) if sum(map(passes, values)) < least else ()


def _at_most(constraint: forms.AtMost, facts: Facts) -> Rule:
    most, passes = constraint.n, test_of(constraint.test, facts)
    return lambda focus, values: (None,) if sum(map(passes, values)) > most else ()


def _has_value(constraint: forms.HasValue, facts: Facts) -> Rule:
    term = constraint.term
    return lambda focus, values: () if term in values else (None,)


def _not_after(constraint: forms.NotAfter, facts: Facts) -> Rule:
    table = facts.table(constraint.predicate)

    def rule(focus: str, values: Iterable[str]) -> Faults:
        others = table.get(focus, ())
        return [value for value in values for other in others if not not_after(value, other)]

    return rule


_COMPILERS: dict[type, Callable[..., Rule]] = {
    forms.MinCount: _min_count,
    forms.MaxCount: _max_count,
    forms.AtLeast: _at_least,
    forms.AtMost: _at_most,
    forms.HasValue: _has_value,
    forms.NotAfter: _not_after,
}


def _value_test(constraint: Constraint, facts: Facts) -> Test:
    """Compile a constraint that looks at one value node at a time."""
    match constraint:
        case forms.In(terms):
            return frozenset(terms).__contains__
        case forms.IsA(term):
            return facts.class_test(term)
        case forms.IsIri():
            return is_iri
        case forms.Not() | forms.AnyOf() | forms.AllOf():
            return _logic_test(constraint, facts)
        case _:
            return _literal_test(constraint)


def _logic_test(constraint: forms.Not | forms.AnyOf | forms.AllOf, facts: Facts) -> Test:
    if isinstance(constraint, forms.AnyOf):
        passing = [test_of(each, facts) for each in constraint.tests]
        return lambda node: any(passes(node) for passes in passing)
    passes = test_of(constraint.test, facts)
    return passes if isinstance(constraint, forms.AllOf) else lambda node: not passes(node)


def _literal_test(constraint: Constraint) -> Test:
    match constraint:
        case forms.Datatype(term):
            return lambda node: is_literal(node) and datatype(node) == term and is_well_formed(node)
        case forms.Pattern(regex):
            search = re.compile(regex).search
            return lambda node: not is_blank(node) and search(lexical(node)) is not None
        case forms.MaxLength(most):
            return lambda node: not is_blank(node) and len(lexical(node)) <= most
        case forms.NotBelow(term):
            return _range_test(term, below=True)
        case forms.NotAbove(term):
            return _range_test(term, below=False)
        case _:
            message = f"no rule for {type(constraint).__name__} inside a value"
            raise TypeError(message)


def _range_test(term: str, *, below: bool) -> Test:
    """Compile a bound. Numbers are compared with numbers, texts (times in ISO 8601) with texts."""
    key = number if number(term) is not None else plain_text
    limit: Any = key(term)
    if limit is None:
        message = f"the limit of a range must be a number or a text, found {term}"
        raise ValueError(message)

    def test(node: str) -> bool:
        value: Any = key(node)
        return value is not None and bool(value >= limit if below else value <= limit)

    return test
