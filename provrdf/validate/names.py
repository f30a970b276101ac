"""Names of nodes for people, and the nodes whose log lines tell about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from provrdf.shapes.forms import named, prov, provrdf, voprov
from provrdf.shapes.rdf import is_blank, is_literal, lexical
from provrdf.validate.facts import Facts

_NAME = voprov("name")
_LABEL = named("rdfs:label")
_ROLE = voprov("role")
_LONGEST = 120

_OWNERS = (
    "^" + prov("qualifiedUsage"),
    "^" + prov("qualifiedGeneration"),
    "^" + prov("qualifiedAssociation"),
    "^" + prov("qualifiedDerivation"),
    "^" + prov("qualifiedInfluence"),
    "^" + voprov("wasConfiguredBy"),
    "^" + voprov("qualifiedWasConfiguredBy"),
    "^" + voprov("configurator"),
    "^" + prov("wasAssociatedWith"),
)
"""From a node that is a part of something to what it is a part of."""


_MENTIONS = (
    "^" + prov("entity"),
    prov("qualifiedGeneration"),
    "^" + prov("used"),
    "^" + prov("activity"),
    "^" + prov("wasAssociatedWith"),
)
"""From a node without a record of its own to what mentions it."""


class Names:
    """Names of the nodes of one partition."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def name(self, node: str) -> str:
        """Name of a node: ``r0_to_dl1 of run 01615``, a file name, ``usage `Pedestal file` of ...``."""
        facts = self._facts
        if is_literal(node):
            return short(lexical(node))
        owner = self.owner(node)
        label = facts.text(node, _LABEL) or facts.text(node, _NAME)
        label = label or self._as_part(node) or self._by_id(node)
        if owner is None:
            return self._with_run(node, label) if label else _end_of(node)
        return f"{label} of {self.name(owner)}"

    def _as_part(self, node: str) -> str:
        """Name a relation by what it is and its role; nothing for what is no relation."""
        facts = self._facts
        word = next((word for term, word in _WORDS if facts.is_a(node, term)), "")
        role = facts.text(node, _ROLE)
        return f"{word} `{role}`" if word and role else word

    def _by_id(self, node: str) -> str:
        """Name an activity without a record of its start by its id; nothing for anything else."""
        known = self._facts.is_a(node, prov("Activity"))
        found = self._facts.text(node, named("dcterms:identifier")) if known else ""
        return f"activity {found}" if found else ""

    def _with_run(self, node: str, label: str) -> str:
        facts = self._facts
        session = facts.value(node, provrdf("inSession"))
        if session is None:
            return label
        run = facts.text(session, provrdf("observationRun"))
        if run:
            return f"{label} of run {run}"
        name = facts.text(session, _LABEL) or facts.text(session, _NAME)
        return f"{label} of session {name}" if name else label

    def owner(self, node: str) -> str | None:
        """Find what a relation or a parameter is a part of; None for what stands by itself."""
        facts = self._facts
        if facts.values(node, prov("qualifiedUsage")) or facts.is_a(node, prov("Activity")):
            return None
        if facts.is_a(node, prov("Generation")):
            return facts.value(node, prov("activity"))
        if not any(facts.is_a(node, term) for term, _ in _WORDS):
            return None
        owners = (facts.value(node, step) for step in _OWNERS)
        return next((owner for owner in owners if owner is not None and owner != node), None)

    def describe(self, node: str) -> str:
        """Say what a node is: a file with its kind, a parameter with its value, the text of a literal."""
        facts = self._facts
        if is_literal(node):
            return short(lexical(node))
        entity = facts.value(node, prov("entity"))
        if facts.is_a(node, prov("Generation")):
            entity = min(facts.values(node, "^" + prov("qualifiedGeneration")), default=entity)
        role = facts.text(node, _ROLE)
        if entity is not None:
            return (f"`{role}`, " if role else "") + self._with_kind(entity)
        if facts.is_a(node, voprov("Parameter")):
            values = " and ".join(
                sorted(short(lexical(value)) for value in facts.values(node, prov("value")))
            )
            return f"`{facts.text(node, _NAME)}` = {values or 'nothing'}"
        return self._with_kind(node)

    def _with_kind(self, entity: str) -> str:
        kind = self._facts.text(entity, _NAME)
        name = self.name(entity)
        return f"{name} (`{kind}`)" if kind and kind != name else name

    def origins(self, *nodes: str | None) -> tuple[str, ...]:
        """IRIs whose log lines tell about these nodes, the most telling first."""
        found = dict.fromkeys(each for node in nodes if node for each in self._origins(node))
        return tuple(found)

    def _origins(self, node: str) -> Iterator[str]:
        if is_literal(node):
            return
        yield node[1:-1]  # of a blank node this is nothing that has a line
        owner = self.owner(node)
        if owner is not None:
            yield owner[1:-1]
        for step in _MENTIONS:
            mention = self._facts.value(node, step)
            if mention is not None:
                yield mention[1:-1]


_WORDS = (
    (prov("Usage"), "usage"),
    (prov("Generation"), "generation"),
    (prov("Association"), "association"),
    (prov("Attribution"), "attribution"),
    (prov("Derivation"), "derivation"),
    (prov("Influence"), "influence"),
    (prov("Communication"), "communication"),
    (prov("Delegation"), "delegation"),
    (prov("Invalidation"), "invalidation"),
    (prov("Start"), "start"),
    (prov("End"), "end"),
    (voprov("ConfigurationRelation"), "configuration"),
    (voprov("Parameter"), "parameter"),
)
"""Classes of what is a part of something else, and what such a part is called."""


def short(text: str) -> str:
    """Cut a long text for a message; the whole of it is in the details of the result."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def several(names: Iterable[str], *, limit: int = 3) -> str:
    """Names in a row, cut after `limit`.

    >>> several("abcde"), several([])
    ('a, b, c and 2 more', 'none')
    """
    found = sorted(dict.fromkeys(names))
    if not found:
        return "none"
    rest = len(found) - limit
    return ", ".join(found[:limit]) + (f" and {rest} more" if rest > 0 else "")


def _end_of(node: str) -> str:
    """Readable end of an IRI.

    >>> _end_of("<http://example.org/run/dl1%20file.h5>"), _end_of("_:b0")
    ('dl1 file.h5', 'something without a name')
    """
    if is_blank(node):
        return "something without a name"
    iri = lexical(node)
    tail = iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]
    return unquote(tail) or iri
