"""Check many graphs, one after the other or several at once in as many processes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import NamedTuple

from provrdf.validate.plan import Checked, Plan, check_graph

_WAITING = 2  # graphs per process that are read ahead: enough to keep it busy, few enough for memory


class Task(NamedTuple):
    """One graph to be checked."""

    plan: Plan
    name: str
    statements: list[str]


def check_graphs(tasks: Iterable[Task], *, jobs: int = 1) -> Iterator[Checked]:
    """Check graphs; results come in the order of the graphs.

    Parameters
    ----------
    tasks : iterable of Task
        Taken one by one, as they are needed.
    jobs : int
        Number of processes; 1 starts none.
    """
    if jobs <= 1:
        for task in tasks:
            yield check_graph(*task)
        return
    waiting: deque[Future[Checked]] = deque()
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        for task in tasks:
            waiting.append(pool.submit(check_graph, *task))
            if len(waiting) >= jobs * _WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
