"""Measure the local store: ``python bench_store.py [RECORDS]``.

Says how fast a made-up LST night goes into a store, against ``yaml.safe_load`` + ``prov`` on a part of the
same log, and what appending 100 records costs on a large store and on an empty one. Times are CPU seconds of
this process where nothing else is said: the machine may be shared.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from make_lst_log import write_lst_log

from provrdf.graphsource import LocalGraphs
from provrdf.lineage import lineage
from provrdf.query import query
from provrdf.store import Store

APPENDED = 100
ROUNDS = 5


def cpu() -> float:
    """CPU seconds of this process, threads included."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(action: Callable[[], Any]) -> tuple[float, float, Any]:
    """Do something; give CPU seconds, wall seconds and its result."""
    started, clock = cpu(), time.perf_counter()
    result = action()
    return cpu() - started, time.perf_counter() - clock, result


@contextmanager
def made_up_log(records: int) -> Iterator[Path]:
    """A made-up night in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "prov.log"
        with log.open("w", encoding="utf-8") as stream:
            write_lst_log(stream, records)
        yield log


def predecessor(log: Path, records: int) -> int:
    """Read with yaml.safe_load and make PROV documents, as lstosa and logprov do."""
    import yaml
    from prov.model import ProvDocument

    document = ProvDocument()
    document.add_namespace("x", "http://x/")
    count = 0
    with log.open(encoding="utf-8") as stream:
        for line in itertools.islice(stream, records):
            data = yaml.safe_load(line.split("__PROV__")[2])
            count += 1
            if "used_id" in data:
                document.used(f"x:{data['activity_id']}", f"x:{data['used_id']}")
            elif "generated_id" in data:
                document.wasGeneratedBy(f"x:{data['generated_id']}", f"x:{data['activity_id']}")
            elif "activity_id" in data:
                document.activity(f"x:{data['activity_id']}")
            elif "entity_id" in data:
                document.entity(f"x:{data['entity_id']}", {"x:name": str(data.get("name"))})
    document.serialize(format="rdf", rdf_format="trig")
    return count


def append(store: Store, log: Path, lines: list[bytes]) -> list[float]:
    """Append pieces of a log that is in the store already; give the CPU seconds of each."""
    seconds = []
    for start in range(0, len(lines), APPENDED):
        with log.open("ab") as stream:
            stream.writelines(lines[start : start + APPENDED])
        spent, _, done = timed(lambda: store.ingest(log))
        assert done.added
        seconds.append(spent)
    return seconds


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("records", type=int, nargs="?", default=100_000)
    count = parser.parse_args().records
    with made_up_log(count) as log, tempfile.TemporaryDirectory() as folder:
        part = min(500, count)
        before = part / timed(lambda: predecessor(log, part))[0]
        print(f"yaml + prov      {before:10,.0f} records/s")
        lines = log.read_bytes().splitlines(keepends=True)
        tail, lines = lines[-APPENDED * ROUNDS :], lines[: -APPENDED * ROUNDS]
        log.write_bytes(b"".join(lines))
        large = Store(Path(folder) / "large")
        spent, wall, done = timed(lambda: large.ingest(log))
        speed = done.read / spent
        print(f"ingest           {speed:10,.0f} records/s, {done.quads_added:,} quads, {wall:.1f} s wall")
        print(f"                 {speed / before:10,.1f} times yaml + prov")
        print(
            f"memory           {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:10,.0f} MB at most"
        )
        small_log = Path(folder) / "small.log"
        small_log.touch()
        few = append(Store(Path(folder) / "small"), small_log, tail)
        many = append(large, log, tail)
        print(f"append {APPENDED}       {statistics.median(few) * 1000:10,.0f} ms on an empty store")
        quads = len(large.graphs().store)
        print(f"                 {statistics.median(many) * 1000:10,.0f} ms on a store of {quads:,} quads")
        again = timed(lambda: large.ingest(log))
        print(f"nothing new      {again[0] * 1000:10,.0f} ms ({again[1] * 1000:,.0f} ms wall)")
        ask(large)


def answer(graphs: LocalGraphs, name: str) -> bytes:
    """Answer a named query as a table."""
    return query(graphs, name).to_bytes()


def ask(store: Store) -> None:
    """Time a few questions."""
    graphs = store.graphs()
    for step, direction in (("dl1_to_dl2", "back"), ("drs4_pedestal", "forward")):
        text = "SELECT ?e { ?a voprov:name ?name . ?e prov:wasGeneratedBy ?a } ORDER BY ?e LIMIT 1"
        target = next(iter(query(graphs, text, {"name": step})))["e"]
        _, wall, found = timed(partial(lineage, graphs, target, direction=direction))
        print(f"lineage {direction:<9}{wall * 1000:10,.0f} ms for {len(found.rows):,} rows")
    for name in ("steps", "top-files", "activities"):
        _, wall, text = timed(partial(answer, graphs, name))
        print(f"query {name:<11}{wall * 1000:10,.0f} ms for {len(text.splitlines()) - 2:,} rows")


if __name__ == "__main__":
    main()
