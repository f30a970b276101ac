"""Constraints 30 to 49: the order in which things must have happened has no loop through a strict step.

Clock times play no part here: PROV orders events by what is said about them. The only strict step is
constraint 42, a derived entity is generated later than what it is derived from; all other steps allow
"at the same time". So a contradiction is a derivation inside a strongly connected component.

Most rules can never be broken. By the rules of the standard the end of an activity comes before
invalidations and other ends only, and an invalidation before other invalidations only: no loop through a
derivation, hence through two generations, can pass one (30, 32, 35, 36, 38, 40, 44, 46, 47, 49). All
generations of an entity (39) and all starts of an activity (31) are one moment, one event here. A usage
comes before a generation only when a derivation names both (41); the same activity then generates, so that
its start comes before the generation anyway (33, 34), as does the generation of what was used (37, 42).
That leaves starts and generations as events, and 34, 42, 43, 45 and 48 as steps. A test compares with all
rules taken literally.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from provrdf.constraints.components import components, shortest_path
from provrdf.constraints.facts import PROV, Facts
from provrdf.constraints.findings import Findings
from provrdf.constraints.relations import (
    ATTRIBUTION,
    DERIVATION,
    END,
    GENERATION,
    SPECIALIZATION,
    START,
)

STRICT = 42
_SHOWN = 8  # steps of a loop told in the message; all of them are in the details
_TRIED = 50  # derivations of one knot tried in search of its shortest loop, fewer when the knot is large
_STEPS = 100_000

Event = tuple[str, str]
"""(what happened, to what): ``("generation", entity)`` or ``("start", activity)``."""


class Step(NamedTuple):
    """One event comes before another (or at the same time, unless the step is strict).

    Attributes
    ----------
    before, after : Event
        The two events.
    number : int
        The constraint that says so.
    subject, other : str
        The two things of the statement it follows from.
    """

    before: Event
    after: Event
    number: int
    subject: str
    other: str


_SAID = {
    34: "`{other}` started before it generated `{subject}`",
    42: "`{other}` existed before `{subject}`, which was derived from it",
    43: "`{other}` was generated before it started `{subject}`",
    45: "`{other}` existed before its version `{subject}`",
    48: "`{other}` existed before `{subject}`, which is attributed to it",
}


def steps(facts: Facts) -> Iterator[Step]:
    """Yield every step that can be part of a contradiction; none when nothing is derived from anything."""
    derived = _distinct(DERIVATION.links(facts))
    if not derived:
        return
    for entity, source in derived:
        yield Step(("generation", source), ("generation", entity), STRICT, entity, source)
    for special, general in facts.pairs[SPECIALIZATION]:
        yield Step(("generation", general), ("generation", special), 45, special, general)
    for entity, agent in _distinct(ATTRIBUTION.links(facts)):
        yield Step(("generation", agent), ("generation", entity), 48, entity, agent)
        yield Step(("start", agent), ("generation", entity), 48, entity, agent)
    started = _distinct(START.links(facts))
    if started:  # otherwise nothing comes before a start, and no loop passes one
        for activity, trigger in started:
            yield Step(("generation", trigger), ("start", activity), 43, activity, trigger)
        for entity, activity in _distinct(_generations(facts)):
            yield Step(("start", activity), ("generation", entity), 34, entity, activity)


def _distinct(links: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(links))


def _generations(facts: Facts) -> Iterator[tuple[str, str]]:
    """All generations, those of inferences 9 to 11 included: (entity, activity)."""
    yield from GENERATION.links(facts)
    had_activity = facts.objects(PROV + "hadActivity")
    for relation in (START, END):
        for _, node in relation.nodes(facts):
            for trigger in facts.objects(PROV + "entity").get(node, ()):
                yield from ((trigger, starter) for starter in had_activity.get(node, ()))
    for entity, node in DERIVATION.nodes(facts):
        yield from ((entity, activity) for activity in had_activity.get(node, ()))


def check_ordering(findings: Findings) -> None:
    """Find loops in time: derivations whose result would have to exist before its own source."""
    links: dict[Event, list[Event]] = {}
    reasons: dict[tuple[Event, Event], Step] = {}
    strict: list[Step] = []
    for step in steps(findings.facts):
        pair = (step.before, step.after)
        if pair not in reasons or step.number == STRICT:
            reasons[pair] = step
        links.setdefault(step.before, []).append(step.after)
        if step.number == STRICT:
            strict.append(step)
    for knot, inside in _knots(links, strict):
        loop = _shortest_loop(links, reasons, knot, inside)
        _report(findings, loop, len(inside))


def _knots(links: dict[Event, list[Event]], strict: list[Step]) -> list[tuple[set[Event], list[Step]]]:
    """Components that hold a strict step, with their strict steps, in a fixed order."""
    number: dict[Event, int] = {}
    members: list[list[Event]] = []
    for component in components(links):
        for event in component:
            number[event] = len(members)
        members.append(component)
    inside: dict[int, list[Step]] = {}
    for step in strict:
        if number[step.before] == number[step.after]:
            inside.setdefault(number[step.before], []).append(step)
    return sorted(((set(members[n]), sorted(found)) for n, found in inside.items()), key=lambda pair: pair[1])


def _shortest_loop(
    links: dict[Event, list[Event]],
    reasons: dict[tuple[Event, Event], Step],
    knot: set[Event],
    inside: list[Step],
) -> list[Step]:
    best: list[Step] = []
    for step in inside[: min(_TRIED, 1 + _STEPS // len(knot))]:
        path = shortest_path(links, step.after, step.before, within=knot)
        loop = [step, *(reasons[pair] for pair in pairwise(path))]
        if not best or len(loop) < len(best):
            best = loop
    return best


def _report(findings: Findings, loop: list[Step], derivations: int) -> None:
    first = loop[0]
    name = findings.facts.name(first.subject)
    more = len(loop) - _SHOWN
    told = [_told(findings.facts, step) for step in loop]
    story = "; ".join(told[:_SHOWN]) + (f"; and {more} more steps back to the first" if more > 0 else "")
    findings.add(
        STRICT,
        f"`{name}` would have to exist before it was made: {story}",
        focus=first.subject,
        summary="a loop in time",
        expected="whatever something was derived from existed before it",
        found=f"a loop of {len(loop)} step{'s' if len(loop) > 1 else ''}",
        suggestion="one of these statements is wrong, or a file that was written again needs a new version",
        sources=[node for step in loop for node in _sources(findings.facts, step)][: 2 * _SHOWN],
        constraints=sorted({step.number for step in loop}),
        cycle=[_detail(findings, step, text) for step, text in zip(loop, told, strict=True)],
        derivations=derivations,
    )


def _told(facts: Facts, step: Step) -> str:
    return _SAID[step.number].format(subject=facts.name(step.subject), other=facts.name(step.other))


def _sources(facts: Facts, step: Step) -> list[str]:
    """List nodes whose log line made the statement: records of the relation, else the subject."""
    if step.number != STRICT:
        return [step.subject]
    targets = facts.objects(PROV + "entity")
    nodes = [
        node
        for predicate in DERIVATION.qualified
        for node in facts.objects(predicate).get(step.subject, ())
        if step.other in targets.get(node, ())
    ]
    return nodes or [step.subject]


def _detail(findings: Findings, step: Step, text: str) -> dict[str, Any]:
    places = findings.places(_sources(findings.facts, step))
    return {
        "before": list(step.before),
        "after": list(step.after),
        "constraint": step.number,
        "strict": step.number == STRICT,
        "text": text,
        "lines": [str(place) for place in places],
    }
