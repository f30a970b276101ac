"""From what an engine found to Results: names for people, what was found, what was meant, where to look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple, Protocol

from provrdf.iris import line_of_time
from provrdf.report import Place, Result
from provrdf.shapes import forms
from provrdf.shapes.forms import prov, voprov
from provrdf.shapes.rdf import is_literal, lexical
from provrdf.spelling import closest
from provrdf.validate.facts import Facts
from provrdf.validate.names import Names, several, short
from provrdf.validate.native import Fault
from provrdf.validate.rules import Rule

_COUNTS = (forms.MinCount, forms.MaxCount, forms.AtLeast, forms.AtMost)
_OF_TIMES = ("data/time-order", "data/end-repeated", "data/start-repeated")
_OF_VALUE = (
    "model/parameter-type",
    "model/parameter-range",
    "model/parameter-options",
    "model/parameter-length",
    "model/parameter-default",
)


class Lines(Protocol):
    """Log line of a node: IRI -> (file, line). A dictionary will do."""

    def get(self, key: str, /) -> tuple[str, int] | None:
        """File and line of the log line that made a node."""


class Finding(NamedTuple):
    """A Result before its log lines are looked up.

    Attributes
    ----------
    origins : tuple of str
        IRIs of nodes; the first that has a log line gives the place of the result.
    others : tuple of str
        IRIs of nodes whose log lines are also part of the finding.
    """

    result: Result
    origins: tuple[str, ...]
    others: tuple[str, ...] = ()

    def placed(self, lines: Lines | None) -> Result:
        """Look up the log lines."""
        if lines is None:
            return self.result
        places = [Place(*found) for iri in self.origins if (found := lines.get(iri))]
        more = [Place(*found) for iri in self.others if (found := lines.get(iri))]
        log = places[0] if places else None
        return replace(
            self.result, log=log, other=tuple(place for place in dict.fromkeys(more) if place != log)
        )


def findings(faults: Iterable[Fault], facts: Facts, *, graph: str) -> Iterator[Finding]:
    """Turn what broke shapes into findings."""
    names = Names(facts)
    for fault in faults:
        yield _finding(fault, names, facts, graph)


def _finding(fault: Fault, names: Names, facts: Facts, graph: str) -> Finding:
    shape, focus, value = fault.shape, fault.focus, fault.value
    found = _found(fault, names, facts)
    telling = value is not None and not is_literal(value)
    result = Result(
        check=shape.check,
        severity=shape.severity,
        message=shape.summary if found in ("", "none") else f"{shape.summary}: {found}",
        focus=lexical(focus),
        focus_name=names.name(focus),
        kind=shape.kind,
        summary=shape.summary,
        expected=shape.expected,
        found=found,
        suggestion=_suggestion(fault, facts),
        model=shape.place,
        details=_details(fault, graph),
    )
    origins = names.origins(value if telling else None, focus)
    return Finding(result, origins, _others(fault, facts))


def _details(fault: Fault, graph: str) -> Mapping[str, str]:
    details = {"shape": fault.shape.iri}
    if fault.value is not None:
        details["value"] = fault.value
    if fault.predicate is not None:
        details["predicate"] = fault.predicate
    if graph:
        details["graph"] = graph
    return details


def _found(fault: Fault, names: Names, facts: Facts) -> str:
    """Say what is there instead of what was expected."""
    shape, value = fault.shape, fault.value
    if shape.shows:
        return several(names.describe(each) for each in facts.reach(value or fault.focus, shape.shows))
    if value is None:
        return _found_instead(fault, names, facts)
    if shape.check in _OF_VALUE:
        return several(short(lexical(each)) for each in facts.values(value, prov("value")))
    if isinstance(shape.constraint, forms.Pattern):
        return short(lexical(value))
    if fault.predicate is not None:
        return f"{names.name(fault.predicate)}: {names.describe(value)}"
    return "" if value == fault.focus else names.describe(value)


def _found_instead(fault: Fault, names: Names, facts: Facts) -> str:
    """Say what is there when there is too much or too little of it."""
    shape = fault.shape
    match shape.constraint:
        case forms.MaxCount():
            return several(names.describe(each) for each in facts.reach(fault.focus, shape.path))
        case forms.HasValue():
            return several(names.describe(each) for each in facts.reach(fault.focus, shape.path))
        case forms.AtMost(_, test):
            return several(_passing(fault, test, names, facts))
        case forms.AtLeast(n, test) if n > 1:
            return several(_passing(fault, test, names, facts))
        case _:
            return "none"


def _passing(fault: Fault, test: forms.At, names: Names, facts: Facts) -> Iterator[str]:
    from provrdf.validate.native import test_of

    passes = test_of(test, facts)
    for each in facts.reach(fault.focus, fault.shape.path):
        if passes(each):
            yield names.describe(each)


def _suggestion(fault: Fault, facts: Facts) -> str:
    """Add what was probably meant to the suggestion of a shape."""
    shape = fault.shape
    if not shape.choices or fault.value is None:
        return shape.suggestion
    value = fault.value
    word = (
        lexical(value)
        if is_literal(value)
        else facts.text(value, voprov("role")) or facts.text(value, voprov("name"))
    )
    guess = closest(word, shape.choices) if word else None
    return f"did you mean `{guess}`? Otherwise {shape.suggestion}" if guess else shape.suggestion


def _others(fault: Fault, facts: Facts) -> tuple[str, ...]:
    """Further nodes whose records take part: the file of a usage, the makers of a file."""
    value = fault.value
    if fault.shape.check in _OF_TIMES:
        times = [
            time
            for term in ("startedAtTime", "endedAtTime")
            for time in facts.values(fault.focus, prov(term))
        ]
        return tuple(line_of_time(lexical(fault.focus), lexical(time)) for time in sorted(times))
    if fault.shape.check == "data/several-makers":
        return tuple(sorted(lexical(each) for each in facts.values(fault.focus, prov("qualifiedGeneration"))))
    if value is None or is_literal(value):
        return ()
    entities = (*facts.values(value, prov("entity")), *facts.values(value, "^" + prov("qualifiedGeneration")))
    return tuple(sorted(lexical(each) for each in entities))


def rule_finding(rule: Rule, focus: str, value: str, names: Names, *, graph: str = "") -> Finding:
    """Turn an answer of a rule into a finding."""
    found = names.describe(value)
    details = {"value": value} | ({"graph": graph} if graph else {})
    result = Result(
        check=rule.check,
        severity=rule.severity,
        message=f"{rule.summary}: {found}",
        focus=lexical(focus),
        focus_name=names.name(focus),
        kind=rule.kind,
        summary=rule.summary,
        expected=rule.expected,
        found=found,
        suggestion=rule.suggestion,
        details=details,
    )
    return Finding(result, names.origins(focus), names.origins(value))
