"""Shapes of the parameters of a model file: VOTable types, bounds, options, defaults, units."""

from __future__ import annotations

from collections.abc import Iterator

from provrdf import iris, nquads
from provrdf.model.descriptions import ActivityDescription, Multiplicity, ParameterDescription, Value
from provrdf.model.values import COMPLEX, FLOATS, INTEGERS, TEXTS
from provrdf.report import Severity
from provrdf.shapes.forms import (
    AllOf,
    AnyOf,
    At,
    AtLeast,
    AtMost,
    Constraint,
    Datatype,
    HasValue,
    In,
    MaxLength,
    Not,
    NotAbove,
    NotBelow,
    Path,
    Pattern,
    Shape,
    at,
    named,
    prov,
    text,
    voprov,
)
from provrdf.shapes.patterns import UCD, UNIT, UTYPE
from provrdf.shapes.words import Draft, Source, listing, slug, times

PARAMETERS: Path = (voprov("wasConfiguredBy"),)
_NAME = voprov("name")
_VALUE = prov("value")
_UNSET = nquads.typed("null", nquads.JSON)
_WHOLE = (named("xsd:integer"), named("xsd:int"), named("xsd:long"))
_DATATYPES: dict[str, tuple[str, ...]] = {
    "boolean": (named("xsd:boolean"),),
    "bit": (*_WHOLE, named("xsd:boolean")),
    **dict.fromkeys(set(INTEGERS) - {"bit"}, _WHOLE),
    **dict.fromkeys(FLOATS, (named("xsd:double"), named("xsd:float"), named("xsd:decimal"), *_WHOLE)),
    **dict.fromkeys(TEXTS, (named("xsd:string"),)),
    **dict.fromkeys(COMPLEX, (named("rdf:JSON"), named("xsd:string"))),
}
_WORDS = {
    "boolean": "true or false",
    **dict.fromkeys(INTEGERS, "a whole number"),
    **dict.fromkeys(FLOATS, "a number"),
    **dict.fromkeys(TEXTS, "a text"),
}
_TIMES = (named("xsd:dateTime"), named("xsd:string"))


class _Parameter:
    """One parameter: the tests that its value goes through."""

    def __init__(self, step: Draft, description: ParameterDescription) -> None:
        self.step = step
        self.description = description
        self.named = at(_NAME, has=HasValue(text(description.name)))

    def given(self, *tests: At) -> AnyOf:
        """Test of a parameter node: when it is this parameter, it passes one of `tests`."""
        return AnyOf((at(has=Not(self.named)), *tests))

    @property
    def typed(self) -> At | None:
        """Test of a parameter node: its value has the declared type (or is unset)."""
        datatypes = self._datatypes()
        if not datatypes:
            return None
        tests = tuple(at(has=Datatype(each)) for each in datatypes)
        return at(_VALUE, has=AnyOf((*tests, at(has=In((_UNSET,))))))

    def _datatypes(self) -> tuple[str, ...]:
        declared = self.description
        if declared.datatype is None:
            bounded = any(isinstance(each, (int, float)) for each in (declared.min, declared.max))
            return _DATATYPES["double"] if bounded else ()
        if declared.is_array:
            return (named("rdf:JSON"),)
        if declared.datatype in TEXTS and declared.xtype == "timestamp":
            return _TIMES
        return _DATATYPES[declared.datatype]

    def shape(
        self,
        facet: str,
        key: str,
        constraint: Constraint,
        *,
        summary: str,
        expected: str,
        suggestion: str = "",
    ) -> Shape:
        """Write the shape of one facet, a violation when broken."""
        name = self.description.name
        return self.step.shape(
            f"model/parameter-{facet}",
            f"parameter-{slug(name)}-{key}",
            PARAMETERS,
            constraint,
            severity=Severity.INFO if facet == "default" else Severity.VIOLATION,
            summary=f"`{name}` {summary}",
            expected=expected,
            suggestion=suggestion,
            described=self.description,
            key=key.partition("-")[0],
        )

    def bounded(self, constraint: Constraint) -> AnyOf:
        """Test the value, but only when its type is right: one mistake, one finding."""
        test = at(_VALUE, has=AnyOf((at(has=constraint), at(has=In((_UNSET,))))))
        typed = self.typed
        return self.given(test) if typed is None else self.given(test, at(has=Not(typed)))


def parameter_shapes(activity: ActivityDescription, source: Source) -> Iterator[Shape]:
    """Shapes of the parameters of one activity."""
    step = source.step(activity)
    parameters = {parameter.name: parameter for parameter in activity.parameters}
    yield _undeclared(step, list(parameters))
    for description in parameters.values():
        parameter = _Parameter(step, description)
        yield from _count_shapes(parameter)
        yield from _value_shapes(parameter)
        yield from _meaning_shapes(activity, description, source)


def _undeclared(step: Draft, names: list[str]) -> Shape:
    return step.shape(
        "model/parameter-unknown",
        "parameter-unknown",
        PARAMETERS,
        AllOf(at(_NAME, has=In(tuple(text(name) for name in names)))),
        severity=Severity.WARNING,
        summary="a parameter is not in the model file",
        expected=listing(names) if names else "no parameters",
        suggestion=f"add it under `parameters` of `{step.kind}` in the model file, or correct its name",
        choices=names,
    )


def _count_shapes(parameter: _Parameter) -> Iterator[Shape]:
    least, most = parameter.description.multiplicity or Multiplicity(0, 1)
    if least:
        yield parameter.shape(
            "missing",
            "multiplicity",
            AtLeast(least, parameter.named),
            summary="is missing",
            expected=f"given at least {times(least)}",
            suggestion="if it may be absent, say so in the model file: multiplicity: 0..1",
        )
    if most is not None:
        yield parameter.shape(
            "repeated",
            "name",
            AtMost(most, parameter.named),
            summary="is given too often",
            expected=f"given at most {times(most)}",
            suggestion="a parameter has one value in one activity",
        )


def _value_shapes(parameter: _Parameter) -> Iterator[Shape]:
    declared = parameter.description
    typed = parameter.typed
    if typed is not None:
        yield parameter.shape(
            "type",
            "datatype",
            parameter.given(typed),
            summary="has a value of another type",
            expected=_type_words(declared),
            suggestion="correct the value, or the datatype in the model file",
        )
    if declared.is_array:
        return  # bounds and options are about single values
    yield from _range_shapes(parameter)
    yield from _choice_shapes(parameter)
    length = _max_length(declared)
    if length is not None:
        yield parameter.shape(
            "length",
            "arraysize",
            parameter.bounded(MaxLength(length)),
            summary="is too long",
            expected=f"at most {length} characters",
            suggestion="shorten the value, or correct arraysize in the model file",
        )


def _range_shapes(parameter: _Parameter) -> Iterator[Shape]:
    declared = parameter.description
    low, high = INTEGERS.get(declared.datatype or "", (None, None))
    least = low if declared.min is None else declared.min
    most = high if declared.max is None else declared.max
    if least is not None:
        yield parameter.shape(
            "range",
            "datatype-min" if declared.min is None else "min",
            parameter.bounded(NotBelow(nquads.literal(least))),
            summary="is too small",
            expected=f"at least {least}",
            suggestion="correct the value, or min in the model file",
        )
    if most is not None:
        yield parameter.shape(
            "range",
            "datatype-max" if declared.max is None else "max",
            parameter.bounded(NotAbove(nquads.literal(most))),
            summary="is too large",
            expected=f"at most {most}",
            suggestion="correct the value, or max in the model file",
        )


def _choice_shapes(parameter: _Parameter) -> Iterator[Shape]:
    declared = parameter.description
    if declared.options:
        terms = tuple(term for option in declared.options for term in _terms(option))
        yield parameter.shape(
            "options",
            "options",
            parameter.bounded(In(terms)),
            summary="is none of the options",
            expected=listing(map(str, declared.options)),
            suggestion="correct the value, or add it to the options in the model file",
        )
    if declared.default is not None and not isinstance(declared.default, tuple):
        same = In(_terms(declared.default))
        yield parameter.shape(
            "default",
            "default",
            parameter.given(at(_VALUE, has=Not(at(has=same)))),
            summary="has its default value",
            expected="",
            suggestion="nothing, this is only said",
        )


def _terms(value: Value) -> tuple[str, ...]:
    """Literals that are this value: 1 may also be logged as 1.0."""
    terms = [nquads.literal(value)]
    if isinstance(value, int) and not isinstance(value, bool):
        terms.append(nquads.literal(float(value)))
    elif isinstance(value, float) and value.is_integer():
        terms.append(nquads.literal(int(value)))
    return tuple(terms)


def _type_words(declared: ParameterDescription) -> str:
    if declared.datatype is None:
        return "a number"
    if declared.is_array:
        return f"a list ({declared.value_type})"
    return f"{_WORDS.get(declared.datatype, 'a value')} ({declared.value_type})"


def _max_length(declared: ParameterDescription) -> int | None:
    """Longest text that arraysize allows; None when it does not limit it."""
    if declared.datatype not in TEXTS or declared.xtype:
        return None
    size = (declared.arraysize or "*").rstrip("*")
    return int(size) if size.isdigit() else None


def _meaning_shapes(
    activity: ActivityDescription, declared: ParameterDescription, source: Source
) -> Iterator[Shape]:
    """Check unit, UCD and utype, on the description itself."""
    iri = iris.model_parameter(source.base, source.model.sha256, activity.name, declared.name)
    name = f"description-{slug(activity.name)}-{slug(declared.name)}"
    draft = source.description(declared, iri, name, declared.name)
    for key, given, pattern, example in (
        ("unit", declared.unit, UNIT, "such as km/s, TeV or cm**-2.s**-1 (VOUnits)"),
        ("ucd", declared.ucd, UCD, "such as pos.eq.ra;meta.main (UCD1+)"),
        ("utype", declared.utype, UTYPE, "such as voprov:Activity.startTime"),
    ):
        if given is not None:
            yield draft.shape(
                f"model/parameter-{key}",
                key,
                (voprov(key),),
                Pattern(pattern),
                severity=Severity.INFO,
                summary=f"the {key} of `{declared.name}` is not written as the VO does",
                expected=example,
                suggestion="correct it in the model file",
                described=declared,
                key=key,
            )
