"""PROV-CONSTRAINTS: whether a description of the past is consistent (W3C Recommendation, 30 April 2013).

`check_prov` looks at every graph by itself, as the standard asks of bundles, and then at the union of all,
where contradictions between sessions show. Pure Python over plain strings; no RDF library is loaded that the
caller has not loaded already.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from provrdf.constraints.facts import NAMING, Facts
from provrdf.constraints.findings import Findings, Lines
from provrdf.constraints.kinds import check_kinds
from provrdf.constraints.ordering import check_ordering
from provrdf.constraints.reading import read_graphs, readable_again
from provrdf.constraints.relations import PROV_CLASSES, PROV_TERMS, RELATIONS, WANTED
from provrdf.constraints.rules import CHECKS
from provrdf.constraints.uniqueness import check_uniqueness
from provrdf.report import Checked, Result

if TYPE_CHECKING:
    from provrdf.constraints.reading import Source

__all__ = ["CHECKS", "Lines", "check_prov"]

_ALL = "PROV statement"


def check_prov(
    source: Source, *, lines: Lines | None = None, checked: list[Checked] | None = None, union: bool = True
) -> list[Result]:
    """Check a dataset against PROV-CONSTRAINTS.

    Blank nodes stand for "something" and merge with what they must be; several ways to write one relation
    (``prov:used``, its Usage node) are one relation.

    Parameters
    ----------
    source : Source
        What to check: a pyoxigraph Store or Dataset, an rdflib Dataset or Graph, or an iterable of pyoxigraph
        quads. Of a store, one graph at a time is in memory, and of the union what PROV says.
    lines : Lines, optional
        IRI -> (file, line), to say which lines of the log disagree.
    checked : list of Checked, optional
        Filled with how many statements of each relation were seen.
    union : bool
        Whether to look at the union of all graphs as well.

    Returns
    -------
    list of Result
        Findings, each once; ``details["scope"]`` is "graph", or "union" for those no graph has by itself.
    """
    results: list[Result] = []
    counts: dict[str, int] = {_ALL: 0}
    source = readable_again(source, WANTED)
    whole, known, graphs = Facts(PROV_TERMS), dict[str, str](), 0
    for name, facts in read_graphs(source, WANTED):
        graphs += any(facts.pairs.values())
        _count(facts, counts)
        results += _check(facts, graph=name, lines=lines)
        if union:
            whole.merge(facts, known.setdefault, classes=PROV_CLASSES)
    if union and graphs > 1:
        results += _check_union(whole, source, results, lines)
    if checked is not None:
        checked.extend(_checked(counts))
    return results


def _check_union(whole: Facts, source: Source, before: list[Result], lines: Lines | None) -> list[Result]:
    """Check all graphs together, and keep the findings that none had by itself.

    Names for people are read only when there is something to tell, which is rare: they take as much memory
    as the rest.
    """
    seen = {(result.check, result.focus) for result in before}
    found = _check(whole, graph=None, lines=lines)
    if all((result.check, result.focus) in seen for result in found):
        return []
    for _, facts in read_graphs(source, NAMING):
        whole.add_names(facts)
    found = _check(whole, graph=None, lines=lines)
    return [result for result in found if (result.check, result.focus) not in seen]


def _check(facts: Facts, *, graph: str | None, lines: Lines | None) -> list[Result]:
    findings = Findings(facts, graph=graph, lines=lines)
    check_uniqueness(findings)
    check_kinds(findings)
    check_ordering(findings)
    return findings.results


def _count(facts: Facts, counts: dict[str, int]) -> None:
    counts[_ALL] += sum(len(facts.pairs[p]) for p in PROV_TERMS)
    for relation in RELATIONS:
        number = len(set(relation.links(facts)))
        counts[relation.words] = counts.get(relation.words, 0) + number


def _checked(counts: dict[str, int]) -> Iterator[Checked]:
    for words, count in counts.items():
        if words == _ALL:
            yield Checked(check="prov", kind=words, count=count)
        else:
            yield Checked(check="prov", kind=words, count=count, unseen=None)
