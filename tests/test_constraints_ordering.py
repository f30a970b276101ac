"""The order of events, compared with the rules of the standard taken literally.

The oracle here draws every event (the unnamed ones too) and every "precedes" of constraints 30 to 49, closes
them transitively and looks for an event strictly before itself. It is slow and obvious; the module under
test keeps a few kinds of events only and must always agree.
"""

# ruff: noqa: D102, N815  the oracle's methods are the names of PROV

from itertools import product

import pyoxigraph
from hypothesis import given, settings
from hypothesis import strategies as st

from provrdf.constraints import check_prov
from provrdf.constraints.components import components, shortest_path

PROV = "http://www.w3.org/ns/prov#"
EX = "http://example.org/"
ENTITIES = ("e0", "e1", "e2")
ACTIVITIES = ("a0", "a1")
AGENTS = (*ENTITIES, *ACTIVITIES, "g")

entity = st.sampled_from(ENTITIES)
activity = st.sampled_from(ACTIVITIES)
agent = st.sampled_from(AGENTS)
entity_agent = st.sampled_from((*ENTITIES, "g"))
statement = st.one_of(
    st.tuples(st.just("used"), activity, entity),
    st.tuples(st.just("wasGeneratedBy"), entity, activity),
    st.tuples(st.just("wasInvalidatedBy"), entity, activity),
    st.tuples(st.just("wasStartedBy"), activity, entity, activity),
    st.tuples(st.just("wasEndedBy"), activity, entity, activity),
    st.tuples(st.just("wasInformedBy"), activity, activity),
    st.tuples(st.just("wasDerivedFrom"), entity, entity),
    st.tuples(st.just("fully"), entity, entity, activity),
    st.tuples(st.just("specializationOf"), entity, entity),
    st.tuples(st.just("wasAttributedTo"), entity, agent),
    st.tuples(st.just("wasAssociatedWith"), activity, agent),
    st.tuples(st.just("actedOnBehalfOf"), agent, agent),
)
documents = st.lists(statement, max_size=9, unique=True)


class Oracle:
    """All events and all "precedes" of a document."""

    def __init__(self, statements):
        self.pairs = set()
        self.strict = set()
        self.generations = {e: {f"gen-{e}"} for e in ENTITIES}
        self.invalidations = {e: {f"inv-{e}"} for e in ENTITIES}
        self.starts = {a: {f"start-{a}"} for a in ACTIVITIES}
        self.ends = {a: {f"end-{a}"} for a in ACTIVITIES}
        self.uses = set()
        self.generated_by = set()
        for each in statements:
            self.events(*each)
        for each in statements:
            getattr(self, each[0])(*each[1:])
        self.always()

    def events(self, name, one, other, third=None):
        """Events of a statement: (event, ends); inferences 9 to 11 included."""
        event = f"{name} {one} {other} {third}"
        if name == "used":
            self.uses.add((event, one, other))
        elif name == "wasGeneratedBy":
            self.generates(event, one, other)
        elif name == "wasInvalidatedBy":
            self.invalidations[one].add(event)
        elif name == "wasStartedBy":
            self.starts[one].add(event)
            self.generates(f"by {event}", other, third)
        elif name == "wasEndedBy":
            self.ends[one].add(event)
            self.generates(f"by {event}", other, third)
        elif name == "fully":
            self.generates(f"fully-gen {one} {third}", one, third)
            self.uses.add((f"fully-use {event}", third, other))

    def generates(self, event, entity, activity):
        self.generations[entity].add(event)
        self.generated_by.add((event, activity))

    def before(self, firsts, seconds, *, strict=False):
        pairs = set(product(firsts, seconds))
        self.pairs |= pairs
        if strict:
            self.strict |= pairs

    def always(self):
        for starts, ends in zip(self.starts.values(), self.ends.values(), strict=True):
            self.before(starts, ends)  # 30
            self.before(starts, starts)  # 31
            self.before(ends, ends)  # 32
        for use, activity, entity in self.uses:
            self.before(self.starts[activity], {use})  # 33
            self.before({use}, self.ends[activity])
            self.before(self.generations[entity], {use})  # 37
            self.before({use}, self.invalidations[entity])  # 38
        for generation, activity in self.generated_by:
            self.before(self.starts[activity], {generation})  # 34
            self.before({generation}, self.ends[activity])
        for entity in ENTITIES:
            self.before(self.generations[entity], self.invalidations[entity])  # 36
            self.before(self.generations[entity], self.generations[entity])  # 39
            self.before(self.invalidations[entity], self.invalidations[entity])  # 40

    def used(self, *_):
        """33, 37 and 38, above."""

    wasGeneratedBy = wasInvalidatedBy = used  # 34, 36, 39 and 40, above

    def wasInformedBy(self, second, first):
        self.before(self.starts[first], self.ends[second])  # 35

    def wasDerivedFrom(self, derived, source):
        self.before(self.generations[source], self.generations[derived], strict=True)  # 42

    def fully(self, derived, source, activity):
        self.wasDerivedFrom(derived, source)
        use = f"fully-use fully {derived} {source} {activity}"
        self.before({use}, {f"fully-gen {derived} {activity}"})  # 41

    def wasStartedBy(self, activity, trigger, starter):
        event = f"wasStartedBy {activity} {trigger} {starter}"
        self.before(self.generations[trigger], {event})  # 43
        self.before({event}, self.invalidations[trigger])

    def wasEndedBy(self, activity, trigger, ender):
        event = f"wasEndedBy {activity} {trigger} {ender}"
        self.before(self.generations[trigger], {event})  # 44
        self.before({event}, self.invalidations[trigger])

    def specializationOf(self, special, general):
        self.before(self.generations[general], self.generations[special])  # 45
        self.before(self.invalidations[special], self.invalidations[general])  # 46

    def wasAssociatedWith(self, activity, agent):
        self.before(self.starts[activity], self.invalidations.get(agent, ()))  # 47
        self.before(self.generations.get(agent, ()), self.ends[activity])
        self.before(self.starts[activity], self.ends.get(agent, ()))
        self.before(self.starts.get(agent, ()), self.ends[activity])

    def wasAttributedTo(self, entity, agent):
        self.before(self.generations.get(agent, ()), self.generations[entity])  # 48
        self.before(self.starts.get(agent, ()), self.generations[entity])

    def actedOnBehalfOf(self, delegate, responsible):
        self.before(self.generations.get(responsible, ()), self.invalidations.get(delegate, ()))  # 49
        self.before(self.starts.get(responsible, ()), self.ends.get(delegate, ()))

    def contradicts(self):
        """Whether some event comes strictly before itself, by transitive closure."""
        after = {}
        for first, second in self.pairs:
            after.setdefault(first, set()).add(second)
        changed = True
        while changed:
            changed = False
            for seconds in after.values():
                more = set().union(*(after.get(second, ()) for second in seconds)) - seconds
                seconds.update(more)
                changed = changed or bool(more)
        return any(first == second or first in after.get(second, ()) for first, second in self.strict)


def quads(statements):
    """PROV-O quads of a document, every record with a node of its own."""

    def iri(name):
        return pyoxigraph.NamedNode(EX + name)

    def quad(subject, predicate, value):
        return pyoxigraph.Quad(iri(subject), pyoxigraph.NamedNode(PROV + predicate), iri(value))

    for name, one, other, *third in statements:
        node = f"{name}-{one}-{other}{''.join(third)}"
        if name in ("wasStartedBy", "wasEndedBy"):
            yield quad(one, "qualifiedStart" if name == "wasStartedBy" else "qualifiedEnd", node)
            yield quad(node, "entity", other)
            yield quad(node, "hadActivity", third[0])
        elif name == "fully":
            yield quad(one, "qualifiedDerivation", node)
            yield quad(node, "entity", other)
            yield quad(node, "hadActivity", third[0])
            yield quad(node, "hadUsage", f"use-{node}")
            yield quad(node, "hadGeneration", f"gen-{one}-{third[0]}")
        else:
            yield quad(one, name, other)
    for each in ENTITIES:
        yield pyoxigraph.Quad(
            iri(each),
            pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
            pyoxigraph.NamedNode(PROV + "Entity"),
        )


@given(documents)
@settings(max_examples=400, deadline=None)
def test_agrees_with_the_rules_taken_literally(statements):
    """Random documents get the same verdict on ordering as from all rules drawn out."""
    found = any(result.check == "prov/c42" for result in check_prov(quads(statements)))
    assert found is Oracle(statements).contradicts()


@given(st.dictionaries(st.integers(0, 7), st.lists(st.integers(0, 7), max_size=4), max_size=8))
@settings(max_examples=200, deadline=None)
def test_components_are_mutual_reachability(links):
    """Two nodes are in one component when each can be reached from the other."""

    def reach(start):
        seen, queue = {start}, [start]
        while queue:
            for other in links.get(queue.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    queue.append(other)
        return seen

    found = {frozenset(component) for component in components(links)}
    nodes = set(links) | {other for others in links.values() for other in others}
    reached = {node: reach(node) for node in nodes}
    assert found == {frozenset(b for b in nodes if b in reached[a] and a in reached[b]) for a in nodes}


def test_components_of_a_long_chain():
    """A hundred thousand steps need no deep stack."""
    links = {number: [number + 1] for number in range(100_000)}
    assert sum(1 for _ in components(links)) == 100_001


def test_shortest_path():
    """The path is shortest, stays within, and is empty when there is none."""
    links = {1: [2, 3], 2: [4], 3: [5], 5: [4], 4: [1]}
    assert shortest_path(links, 1, 4, within={1, 2, 3, 4, 5}) == [1, 2, 4]
    assert shortest_path(links, 1, 4, within={1, 3, 4, 5}) == [1, 3, 5, 4]
    assert shortest_path(links, 1, 4, within={1, 3}) == []
    assert shortest_path(links, 1, 1, within={1}) == [1]
