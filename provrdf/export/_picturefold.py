"""Make a picture small enough to read: look at one thing, fold what repeats, and say what was left out."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from provrdf.errors import UsageError
from provrdf.export._picture import FLOW, Edge, Node, Picture
from provrdf.export._picturewords import TIMES, count, moment, pattern

_FEW = 3  # fewer nodes than this are not folded
_ROUNDS = 30  # how far away a difference may be to keep two nodes apart; a longer chain of alike steps folds
_LISTED = 200  # members named in the details of a group


def focus_on(picture: Picture, wanted: str, depth: int | None) -> Picture:
    """Keep what one node was made from and what came of it, up to `depth` steps away.

    Parameters
    ----------
    wanted : str
        IRI, logged id, path or file name.
    depth : int or None
        Steps to go in each direction; None goes all the way.
    """
    centre = _find(picture, wanted)
    kept = set(centre)
    for forward in (False, True):
        kept |= _reach(picture, centre, forward=forward, depth=depth)
    kept |= {
        edge.target
        for edge in picture.edges
        if edge.source in kept and edge.relation not in FLOW | {"wasRevisionOf"}
    }
    chosen = picture.only(kept)
    nodes = {key: replace(node, focus=key in centre) for key, node in chosen.nodes.items()}
    hidden = len(picture.nodes) - len(nodes)
    around = "" if depth is None else f" within {count(depth, 'step')}"
    return replace(chosen, nodes=nodes).noting(
        f"only what is linked to {wanted}{around}; left out: {count(hidden, 'node')}"
    )


def _find(picture: Picture, wanted: str) -> set[str]:
    found = {key for key, node in picture.nodes.items() if wanted in node.handles}
    if not found:
        found = {
            key
            for key, node in picture.nodes.items()
            if any(each.endswith(f"/{wanted}") for each in node.handles)
        }
    if found:
        return found
    close = get_close_matches(
        wanted, sorted({each for node in picture.nodes.values() for each in node.handles}), n=3
    )
    hint = f"; close to it: {', '.join(close)}" if close else ""
    message = (
        f"nothing in the data is called {wanted!r} (give an IRI, a logged id, a path or a file name){hint}"
    )
    raise UsageError(message)


def _reach(picture: Picture, start: Iterable[str], *, forward: bool, depth: int | None) -> set[str]:
    """Walk along edges; a step into an activity counts one, so that depth 1 is "the step that made it"."""
    links: dict[str, list[str]] = defaultdict(list)
    for edge in picture.edges:
        if edge.relation in FLOW:
            near, far = (edge.target, edge.source) if forward else (edge.source, edge.target)
            links[near].append(far)
    cost = dict.fromkeys(start, 0)
    queue = deque(cost)
    while queue:
        here = queue.popleft()
        for there in links[here]:
            into_step = picture.nodes[there].kind == "activity" or picture.nodes[here].kind == "entity"
            new = cost[here] + into_step
            if (depth is None or new <= depth) and new < cost.get(there, len(picture.nodes) + 1):
                cost[there] = new
                (queue.append if into_step else queue.appendleft)(there)
    return set(cost)


def fold(picture: Picture, *, across_sessions: bool = False) -> Picture:
    """Fold steps and files that repeat (the subruns of a run) into one node that says how many they are.

    Nodes fold when they have the same name and are linked in the same way to nodes that fold with each other:
    the coarsest such grouping is found by refining step by step. Steps of different sessions are kept apart
    unless `across_sessions`.
    """
    colours = _refine(picture, _first_colours(picture, across_sessions))
    groups: dict[int, list[str]] = defaultdict(list)
    for key, colour in colours.items():
        groups[colour].append(key)
    new = {key: members[0] if len(members) >= _FEW else key for members in groups.values() for key in members}
    nodes = {
        new[members[0]]: _merge([picture.nodes[key] for key in members])
        for members in groups.values()
        if len(members) >= _FEW
    }
    nodes |= {key: picture.nodes[key] for key, target in new.items() if key == target and key not in nodes}
    ordered = {key: nodes[key] for key in picture.nodes if key in nodes}
    edges = dict.fromkeys(
        replace(edge, source=new[edge.source], target=new[edge.target]) for edge in picture.edges
    )
    folded = len(picture.nodes) - len(ordered)
    notes = (
        (f"{TIMES} n: n alike steps or files drawn as one ({count(folded, 'node')} less)",) if folded else ()
    )
    return replace(picture, nodes=ordered, edges=tuple(edges)).noting(*notes)


def _first_colours(picture: Picture, across_sessions: bool) -> dict[str, int]:
    labels: dict[tuple[object, ...], int] = {}
    colours = {}
    for key, node in picture.nodes.items():
        session = "" if across_sessions else node.session
        apart = key if node.focus or node.kind == "agent" else ""
        colours[key] = labels.setdefault((node.kind, node.name, session, node.failed, apart), len(labels))
    return colours


def _refine(picture: Picture, colours: dict[str, int]) -> dict[str, int]:
    """Split colours by the colours of neighbours until nothing changes (partition refinement)."""
    around: dict[str, list[tuple[str, str, str, bool]]] = defaultdict(list)
    for edge in picture.edges:
        if edge.relation == "wasRevisionOf":
            continue  # what a file held before says nothing about how it came to be
        around[edge.source].append((edge.target, edge.relation, edge.label, True))
        around[edge.target].append((edge.source, edge.relation, edge.label, False))
    known = len(set(colours.values()))
    for _ in range(_ROUNDS):
        labels: dict[tuple[object, ...], int] = {}
        finer = {}
        for key, colour in colours.items():
            seen = frozenset((colours[other], *how) for other, *how in around[key])
            finer[key] = labels.setdefault((colour, seen), len(labels))
        if len(labels) == known:
            return finer
        colours, known = finer, len(labels)
    return colours


def _merge(nodes: list[Node]) -> Node:
    first = nodes[0]
    titles = tuple(node.title for node in nodes)
    starts = sorted(node.start for node in nodes if node.start)
    ends = sorted(node.end for node in nodes if node.end)
    lines = tuple(line for line in first.lines if all(line in node.lines for node in nodes))
    if len(lines) < len(first.lines) and first.kind == "parameters":
        lines = (*lines, "other values differ")
    if first.kind == "activity" and starts:
        last = moment((ends or starts)[-1])
        same_day = last.split(" ")[0] == moment(starts[0]).split(" ")[0]
        period = f"{moment(starts[0])} to {last.split(' ')[-1] if same_day else last}"
        lines = (*(line for line in lines if line.startswith("session ")), period)
    listed = titles if first.kind != "activity" else tuple(moment(node.start) or node.key for node in nodes)
    return replace(
        first,
        title=pattern(titles),
        lines=lines,
        start=starts[0] if starts else "",
        end=ends[-1] if ends else "",
        members=titles,
        details=(("number", str(len(nodes))), *_shared(nodes), *(("", each) for each in listed[:_LISTED])),
    )


def _shared(nodes: list[Node]) -> list[tuple[str, str]]:
    """Keep the details that all nodes of a group have in common."""
    common = set(nodes[0].details).intersection(*(node.details for node in nodes[1:]))
    return [detail for detail in nodes[0].details if detail in common]


def limit_to(picture: Picture, most: int) -> Picture:
    """Keep the first steps, by time, with what they used and made: no more nodes than can be drawn."""
    if len(picture.nodes) <= most:
        return picture
    around: Mapping[str, set[str]] = defaultdict(set)
    for edge in picture.edges:
        around[edge.source].add(edge.target)
        around[edge.target].add(edge.source)
    steps = sorted(
        (node for node in picture.nodes.values() if node.kind == "activity"),
        key=lambda node: (not node.focus, node.start, node.key),
    )
    kept: set[str] = set()
    shown = 0
    for node in steps:
        grown = kept | {node.key} | around[node.key]
        if len(grown) > most and kept:
            break
        kept, shown = grown, shown + 1
    if not steps:
        kept = set(list(picture.nodes)[:most])
    hidden = len(picture.nodes) - len(kept)
    return picture.only(kept).noting(
        f"too large to draw: the first {shown} of {count(len(steps), 'step')} are shown; "
        f"left out: {count(hidden, 'node')}; choose one thing with focus, or raise limit"
    )


def edges_once(edges: Iterable[Edge]) -> list[Edge]:
    """Merge edges between the same nodes of the same kind, joining their labels."""
    labels: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for edge in edges:
        kept = labels[edge.source, edge.target, edge.relation]
        if edge.label and edge.label not in kept:
            kept.append(edge.label)
    return [Edge(*ends, ", ".join(words)) for ends, words in labels.items()]
