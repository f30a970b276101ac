"""Draw a lineage as a tree of text. A thing that is reached twice is drawn once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from provrdf.query.results import visible

if TYPE_CHECKING:
    from provrdf.lineage import Lineage, Link, Row

_WORDS = {
    ("back", "wasGeneratedBy"): "made by",
    ("back", "used"): "used",
    ("back", "wasDerivedFrom"): "derived from",
    ("back", "hadMember"): "contains",
    ("forward", "wasGeneratedBy"): "made",
    ("forward", "used"): "used by",
    ("forward", "wasDerivedFrom"): "gave",
    ("forward", "hadMember"): "part of",
}


def draw(result: Lineage) -> Iterator[str]:
    """Yield the lines of the tree.

    Parameters
    ----------
    result : Lineage
        Each version of a file that was asked for is a root; versions with nothing behind them are left out
        when others have something.
    """
    rows = {row.iri: row for row in (*result.start, *result.rows)}
    below: dict[str, list[Link]] = defaultdict(list)
    for link in result.links:
        below[link.near].append(link)
    drawn: set[str] = set()
    for root in _roots(result, below):
        if root.iri not in drawn:
            yield _name(root)
            yield from _branches(result, root.iri, rows, below, drawn)


def _roots(result: Lineage, below: dict[str, list[Link]]) -> list[Row]:
    return [root for root in result.start if below.get(root.iri)] or list(result.start[:1])


def _branches(
    result: Lineage, root: str, rows: dict[str, Row], below: dict[str, list[Link]], drawn: set[str]
) -> Iterator[str]:
    """Yield the lines under a root. No recursion: chains can be thousands long."""
    drawn.add(root)
    stack = [(link, "", last) for link, last in _ordered(below[root], rows)]
    while stack:
        link, indent, last = stack.pop()
        row = rows[link.far]
        words = _WORDS.get((result.direction, link.relation), "run by")
        again = row.iri in drawn and bool(below.get(row.iri))
        suffix = " (see above)" if again else ""
        yield f"{indent}{'└─' if last else '├─'} {words} {_name(row)}{suffix}"
        if row.iri not in drawn:
            drawn.add(row.iri)
            inner = indent + ("   " if last else "│  ")
            stack.extend((child, inner, end) for child, end in _ordered(below[row.iri], rows))


def _ordered(links: list[Link], rows: dict[str, Row]) -> list[tuple[Link, bool]]:
    """Order branches by kind and name, last first, as a stack wants them; tells the last one."""
    ordered = sorted(links, key=lambda link: (rows[link.far].kind, _name(rows[link.far]), link.far))
    return [(link, number == 0) for number, link in enumerate(reversed(ordered))]


def _name(row: Row) -> str:
    """Name a thing: an activity by step and id, a file by its path, an object by name and id."""
    if row.location:
        return visible(f"{row.location} ({row.name})" if row.name else row.location)
    return visible(f"{row.name} {row.id}" if row.name and row.name != row.id else row.id)
