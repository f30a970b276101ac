"""How fast validation is: ``python bench_validate.py``.

One run prints, for a night of 5,240 records (made by ``make_lst_log.py``):

- the whole command ``provrdf validate``, start-up included, on one core;
- the fast engine against pySHACL: the same shapes on the same graphs, from dataset to Report;
- growth with the number of sessions;
- one session out of stores of different sizes.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from provrdf.graph import write_nquads
from provrdf.model import Model, load_model
from provrdf.sources import read
from provrdf.store import Store
from provrdf.validate import TextGraphs, validate
from provrdf.validate.stored import StoredSessions

HERE = Path(__file__).resolve().parent
MODEL = HERE.parents[1] / "examples" / "lst" / "definition.yaml"
NIGHT = 5_240


def best(action: Callable[[], object], times: int = 3) -> float:
    """Shortest of several runs, in seconds."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        found.append(time.perf_counter() - started)
    return min(found)


def make_log(folder: Path, records: int) -> Path:
    """Make up a night."""
    path = folder / f"night{records}.log"
    command = [sys.executable, str(HERE / "make_lst_log.py"), str(records), "-o", str(path)]
    subprocess.run(command, check=True)
    return path


def graphs_of(log: Path, model: Model) -> TextGraphs:
    """Map a log."""
    text = TextGraphs()
    write_nquads(read(log), text, model=model)  # type: ignore[arg-type]
    return text


def command(log: Path) -> None:
    """Measure the whole command, with compiled modules as an installed package has them."""
    words = [sys.executable, "-m", "provrdf", "validate", str(log), "-m", str(MODEL), "-q"]
    words += ["-o", str(log.with_suffix(".txt"))]
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(log.parent / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def run() -> None:
        subprocess.run(words, env=environment, check=False)  # findings give exit code 1

    run()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = best(run)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 3
    print(
        f"provrdf validate, {NIGHT} records, all rule sets, start-up included: {seconds:.2f} s (target 1.5)"
    )
    print(f"  of one core: {processor:.2f} s")


def engines(log: Path, model: Model, *, reference: bool) -> None:
    """Measure the fast engine against pySHACL, with all rule sets."""
    graphs = graphs_of(log, model)
    fast = best(lambda: validate(graphs, model=model))
    print(f"validate(dataset), engine auto: {fast:.2f} s")
    if reference:
        slow = best(lambda: validate(graphs, model=model, engine="pyshacl"), times=1)
        print(f"validate(dataset), engine pyshacl: {slow:.2f} s: {slow / fast:.0f} times slower (target 20)")


def growth(folder: Path, model: Model) -> None:
    """Measure growth with the number of sessions: it should be linear."""
    for records in (2_500, 5_000, 10_000, 20_000):
        graphs = graphs_of(make_log(folder, records), model)
        sessions = sum("/graph/2" in name for name in graphs.names())
        seconds = best(lambda graphs=graphs: validate(graphs, model=model), times=2)  # type: ignore[misc]
        each = seconds / records * 1e6
        print(f"{records:6} records, {sessions:3} sessions: {seconds:.2f} s, {each:.0f} us a record")


def stores(folder: Path, model: Model) -> None:
    """Measure one session out of a small and a large store."""
    for records in (2_000, 20_000):
        store = Store(folder / f"store{records}")
        store.ingest(make_log(folder, records), model=model)
        small = min(store.sessions(), key=lambda session: session.quads)

        def one(store: Store = store, key: str = small.key) -> None:
            stored = StoredSessions(store, sessions=[key])
            validate(stored.graphs(model), model=model, lines=stored.lines(), whole=False)

        print(f"one session of {small.quads} quads in a store of {records} records: {best(one):.3f} s")


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-reference", action="store_true", help="leave out pySHACL, which takes a while")
    args = parser.parse_args()
    model = load_model(MODEL)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = make_log(folder, NIGHT)
        command(log)
        engines(log, model, reference=not args.no_reference)
        growth(folder, model)
        stores(folder, model)


if __name__ == "__main__":
    main()
