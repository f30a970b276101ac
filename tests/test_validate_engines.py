"""The fast engine against pySHACL, on shapes and graphs made up at random."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provrdf.report import Severity
from provrdf.shapes import forms
from provrdf.shapes.forms import At, Shape
from provrdf.validate.engines import engine_for
from provrdf.validate.facts import TYPE, Facts

_XSD = "http://www.w3.org/2001/XMLSchema#"
NODES = [f"<http://x.org/n{i}>" for i in range(4)] + ["_:b1"]
CLASSES = ["<http://x.org/C>", "<http://x.org/D>"]
LINKS = ["<http://x.org/p>", "<http://x.org/q>"]
VALUES = ["<http://x.org/value>", "<http://x.org/other>"]
LITERALS = [
    '"text"',
    '"longer text"',
    '"text"@en',
    f'"5"^^<{_XSD}integer>',
    f'"05"^^<{_XSD}integer>',
    f'"7.5"^^<{_XSD}double>',
    f'"5.0"^^<{_XSD}decimal>',
    f'"true"^^<{_XSD}boolean>',
    f'"2026-01-01T00:00:00Z"^^<{_XSD}dateTime>',
    f'"2026-01-01T01:30:00+01:00"^^<{_XSD}dateTime>',
    # No rdf:JSON: pySHACL takes it for smaller than any number. Our shapes look at the type first.
]
TERMS = [*NODES[:-1], *LITERALS]

_statement = st.one_of(
    st.tuples(st.sampled_from(NODES), st.just(TYPE), st.sampled_from(CLASSES)),
    st.tuples(st.sampled_from(NODES), st.sampled_from(LINKS), st.sampled_from(NODES)),
    st.tuples(st.sampled_from(NODES), st.sampled_from(VALUES), st.sampled_from(TERMS)),
    st.just((CLASSES[1], "<http://www.w3.org/2000/01/rdf-schema#subClassOf>", CLASSES[0])),
)
graphs = st.lists(_statement, min_size=1, max_size=25).map(lambda found: [" ".join(each) for each in found])

_step = st.sampled_from([*LINKS, *VALUES, *(f"^{link}" for link in LINKS)])
_path = st.lists(_step, min_size=1, max_size=3).map(tuple)
_numbers = st.sampled_from([f'"5"^^<{_XSD}integer>', f'"6.0"^^<{_XSD}double>', '"mild"'])
_datatypes = st.sampled_from([f"<{_XSD}{name}>" for name in ("integer", "string", "dateTime")])
_of_values = (
    st.builds(forms.HasValue, st.sampled_from(TERMS)),
    st.builds(forms.In, st.lists(st.sampled_from(TERMS), max_size=4, unique=True).map(tuple)),
    st.builds(forms.IsA, st.sampled_from(CLASSES)),
    st.builds(forms.Datatype, _datatypes),
    st.builds(forms.IsIri),
    st.builds(forms.Pattern, st.sampled_from(["^text$", "x", "^http"])),
    st.builds(forms.MaxLength, st.sampled_from([4, 10, 40])),
    st.builds(forms.NotBelow, _numbers),
    st.builds(forms.NotAbove, _numbers),
)
_counting = (st.builds(forms.MinCount, st.integers(0, 2)), st.builds(forms.MaxCount, st.integers(0, 2)))


@st.composite
def nested(draw: st.DrawFn, depth: int) -> At:
    """Draw a test; without a path it may not count, which SHACL forbids on node shapes."""
    path = draw(st.one_of(st.just(()), _path))
    return At(path, (draw(constraint_of(depth, counting=bool(path))),))


@st.composite
def constraint_of(draw: st.DrawFn, depth: int, *, counting: bool = True) -> forms.Constraint:
    """Draw a constraint with at most `depth` others inside one another."""
    kinds = [*_of_values, *(_counting if counting else ())]
    if depth:
        kinds.append(st.builds(forms.Not, nested(depth - 1)))
        kinds.append(st.builds(forms.AllOf, nested(depth - 1)))
        kinds.append(st.builds(forms.AnyOf, st.lists(nested(depth - 1), min_size=1, max_size=2).map(tuple)))
    return draw(st.one_of(kinds))


@st.composite
def top(draw: st.DrawFn) -> forms.Constraint:
    """Draw the constraint of a shape."""
    qualified = draw(st.sampled_from([None, None, None, forms.AtLeast, forms.AtMost]))
    if qualified is None:
        return draw(constraint_of(2))
    return qualified(draw(st.integers(1, 2)), draw(nested(1)))


targets = st.one_of(
    st.builds(forms.Instances, st.sampled_from(CLASSES)),
    st.builds(forms.SubjectsOf, st.sampled_from([*LINKS, *VALUES])),
    st.builds(forms.ObjectsOf, st.sampled_from(LINKS)),
    st.builds(forms.Node, st.sampled_from(NODES[:-1])),
)


def shape(target: forms.Target, path: forms.Path, constraint: forms.Constraint, number: int) -> Shape:
    """Make a shape of parts."""
    return Shape(
        iri=f"http://x.org/shape{number}",
        check="x/y",
        severity=Severity.VIOLATION,
        target=target,
        path=path,
        constraint=constraint,
        kind="thing",
        summary="wrong",
        group=f"http://x.org/group{number}",
    )


def verdict(engine: str, shapes: list[Shape], statements: list[str]) -> set[tuple[object, ...]]:
    """Run an engine and collect what it finds."""
    faults = engine_for(engine, shapes)(Facts(statements))
    return {(fault.shape.iri, fault.focus, fault.value, fault.predicate) for fault in faults}


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(graphs, st.lists(st.tuples(targets, _path, top()), min_size=1, max_size=5))
def test_engines_agree(
    statements: list[str], parts: list[tuple[forms.Target, forms.Path, forms.Constraint]]
) -> None:
    """On random graphs and shapes the fast engine finds what pySHACL finds, value by value."""
    shapes = [shape(*part, number) for number, part in enumerate(parts)]
    assert verdict("native", shapes, statements) == verdict("pyshacl", shapes, statements)


@settings(max_examples=20, deadline=None)
@given(graphs, st.lists(st.sampled_from([*LINKS, *VALUES]), max_size=3, unique=True))
def test_engines_agree_on_closed_shapes(statements: list[str], allowed: list[str]) -> None:
    """A closed shape names the same unforeseen statements."""
    only = forms.Only((TYPE, *allowed))
    shapes = [shape(forms.Instances(CLASSES[0]), (), only, 0)]
    assert verdict("native", shapes, statements) == verdict("pyshacl", shapes, statements)


_times = st.sampled_from(
    [f'"2026-01-01T{hour:02}:00:00{zone}"^^<{_XSD}dateTime>' for hour in (1, 2) for zone in ("Z", "+01:00")]
)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(VALUES), _times), max_size=5))
def test_engines_agree_on_order(pairs: list[tuple[str, str]]) -> None:
    """Times are compared as instants."""
    statements = [f"{NODES[0]} {TYPE} {CLASSES[0]}", *(f"{NODES[0]} {step} {time}" for step, time in pairs)]
    shapes = [shape(forms.Instances(CLASSES[0]), (VALUES[0],), forms.NotAfter(VALUES[1]), 0)]
    assert verdict("native", shapes, statements) == verdict("pyshacl", shapes, statements)
