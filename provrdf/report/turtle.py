"""A report as a SHACL validation report in Turtle, for programs that read those.

``sh:conforms`` follows SHACL: true only when there is no result at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from provrdf.iris import PROVRDF, VOCABULARY_PREFIXES
from provrdf.report import Report, Result, Severity
from provrdf.report._plain import plain

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, NamedNode, Triple

SHACL = "http://www.w3.org/ns/shacl#"
_SEVERITIES = {Severity.VIOLATION: "Violation", Severity.WARNING: "Warning", Severity.INFO: "Info"}
_LINKS = {"path": "resultPath", "shape": "sourceShape", "component": "sourceConstraintComponent"}
_NO_IRI = frozenset(' <>"{}|\\^`')


def write(report: Report, stream: IO[bytes], *, color: bool | None = None) -> None:
    """Write the report. `color` has no effect.

    The ``path``, ``shape``, ``component`` (IRIs) and ``value`` of a result's details become the SHACL
    properties of the same meaning; a rule that is no shape stands as its own constraint component.
    """
    from pyoxigraph import RdfFormat, serialize

    prefixes = {
        "sh": SHACL,
        "provrdf": PROVRDF,
        "xsd": VOCABULARY_PREFIXES["xsd"],
        "rdfs": VOCABULARY_PREFIXES["rdfs"],
    }
    stream.write(serialize(_triples(report), format=RdfFormat.TURTLE, prefixes=prefixes) or b"")


def _triples(report: Report) -> Iterator[Triple]:
    from pyoxigraph import BlankNode, Literal, NamedNode, Triple

    node = BlankNode("report")
    results = report.shown()
    yield Triple(node, _rdf("type"), _sh("ValidationReport"))
    yield Triple(node, _sh("conforms"), Literal(value=report.clean))
    for number in range(len(results)):
        yield Triple(node, _sh("result"), BlankNode(f"r{number}"))
    for number, result in enumerate(results):
        this = BlankNode(f"r{number}")
        yield Triple(this, _rdf("type"), _sh("ValidationResult"))
        yield Triple(this, _sh("resultSeverity"), _sh(_SEVERITIES[result.severity]))
        yield Triple(this, _sh("resultMessage"), Literal(plain(result.message)))
        yield Triple(this, NamedNode(f"{PROVRDF}check"), Literal(result.check))
        if result.log is not None:
            yield Triple(this, NamedNode(f"{PROVRDF}logLine"), Literal(plain(str(result.log))))
        yield from _details(this, result, number)
    for result in sorted(
        {result.focus: result for result in results}.values(), key=lambda result: result.focus
    ):
        focus = _iri(result.focus)
        if focus is not None and result.focus_name:
            yield Triple(focus, _rdfs_label(), Literal(plain(result.focus_name)))


def _details(this: BlankNode, result: Result, number: int) -> Iterator[Triple]:
    from pyoxigraph import BlankNode, Literal, Triple

    focus = _iri(result.focus)
    if focus is not None:
        yield Triple(this, _sh("focusNode"), focus)
    elif result.focus.startswith("_:"):
        yield Triple(this, _sh("focusNode"), BlankNode(f"focus{number}"))
    own = f"{PROVRDF}check-{result.check.replace('/', '-')}"
    links = {"component": own, **result.details}
    for detail, predicate in _LINKS.items():
        target = _iri(links.get(detail))
        if target is not None:
            yield Triple(this, _sh(predicate), target)
    value = result.details.get("value")
    if value is not None:
        yield Triple(this, _sh("value"), _iri(value) or Literal(plain(str(value))))


def _iri(text: object) -> NamedNode | None:
    """Make an IRI of what looks like one; anything else is None."""
    from pyoxigraph import NamedNode

    if not isinstance(text, str) or ":" not in text or text.startswith("_:") or _NO_IRI & set(plain(text)):
        return None
    try:
        return NamedNode(text)
    except ValueError:
        return None


def _sh(name: str) -> NamedNode:
    from pyoxigraph import NamedNode

    return NamedNode(SHACL + name)


def _rdf(name: str) -> NamedNode:
    from pyoxigraph import NamedNode

    return NamedNode(VOCABULARY_PREFIXES["rdf"] + name)


def _rdfs_label() -> NamedNode:
    from pyoxigraph import NamedNode

    return NamedNode(VOCABULARY_PREFIXES["rdfs"] + "label")
