"""Strongly connected components: the knots of a directed graph."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

Node = TypeVar("Node", bound=Hashable)


class _Search(Generic[Node]):
    """One run of Tarjan's algorithm, with its own stack instead of recursion."""

    def __init__(self, links: Mapping[Node, Sequence[Node]]) -> None:
        self.links = links
        self.order: dict[Node, int] = {}
        self.low: dict[Node, int] = {}
        self.stack: list[Node] = []
        self.waiting: set[Node] = set()

    def run(self) -> Iterator[list[Node]]:
        for root in self.links:
            if root not in self.order:
                yield from self._walk(root)

    def _walk(self, root: Node) -> Iterator[list[Node]]:
        work = [(root, self._enter(root))]
        while work:
            node, rest = work[-1]
            fresh = self._next(node, rest)
            if fresh is not None:
                work.append((fresh, self._enter(fresh)))
                continue
            work.pop()
            if work:
                parent = work[-1][0]
                self.low[parent] = min(self.low[parent], self.low[node])
            if self.low[node] == self.order[node]:
                yield self._leave(node)

    def _enter(self, node: Node) -> Iterator[Node]:
        self.order[node] = self.low[node] = len(self.order)
        self.stack.append(node)
        self.waiting.add(node)
        return iter(self.links.get(node, ()))

    def _next(self, node: Node, rest: Iterator[Node]) -> Node | None:
        """Return the next node not seen before, noting links back on the way."""
        for other in rest:
            if other not in self.order:
                return other
            if other in self.waiting:
                self.low[node] = min(self.low[node], self.order[other])
        return None

    def _leave(self, node: Node) -> list[Node]:
        at = len(self.stack) - 1
        while self.stack[at] != node:
            at -= 1
        found = self.stack[at:]
        del self.stack[at:]
        self.waiting.difference_update(found)
        return found


def components(links: Mapping[Node, Sequence[Node]]) -> Iterator[list[Node]]:
    """Yield the strongly connected components of a graph, by Tarjan's algorithm.

    Iterative: a chain of a million steps needs no deep stack. Every node comes in exactly one component.

    Parameters
    ----------
    links : mapping
        Node -> nodes it points to.
    """
    return _Search(links).run()


def shortest_path(
    links: Mapping[Node, Sequence[Node]], start: Node, goal: Node, *, within: set[Node]
) -> list[Node]:
    """Find a shortest path from one node to another, both included; only through nodes of `within`.

    Returns an empty list when there is none; the path of a node to itself is that node alone.
    """
    came_from: dict[Node, Node] = {start: start}
    queue = deque([start])
    while queue and goal not in came_from:
        node = queue.popleft()
        for other in links.get(node, ()):
            if other in within and other not in came_from:
                came_from[other] = node
                queue.append(other)
    if goal not in came_from:
        return []
    path = [goal]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return path[::-1]
