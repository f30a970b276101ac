"""Publishing beside ``curl -T`` of the same N-Triples to the same server; only ratios within a run count.

::

    python tests/bench/bench_publish.py [--triples 100000] [--sessions 1 10] [--disk]

Both send what is already prepared; publishing also verifies, keeps a catalog and moves pointers. Memory is
that of the publishing process alone.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from provrdf.publish.catalog import CatalogSettings
from provrdf.publish.connection import connect_store
from provrdf.publish.content import SessionGraph, collect
from provrdf.publish.discovery import Addresses
from provrdf.publish.targets.endpoint import EndpointTarget
from published import BASE, NOBODY
from servers import Server, oxigraph, running

_PROV = "http://www.w3.org/ns/prov#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"


def lines(key: str, triples: int) -> Iterator[str]:
    """Make statements such as the mapping makes."""
    graph = f"<{BASE}graph/{key}>"
    for number in range(triples // 10):
        step = f"<{BASE}activity/{key}--20261122T0739{number:08d}--{number:06x}>"
        file = f"<{BASE}entity/{number * 7919 % 1000003:032x}--{key}--r0_to_dl1--1>"
        usage = f"<{BASE}usage/{key}--20261122T0739{number:08d}--{number:06x}--{number:032x}--subrun>"
        path = f"/fefs/aswg/data/real/DL1/20191123/v0.12.3/LST-1.1.Run01615.{number:06d}.fits.fz"
        for statement in (
            f"{step} <{_TYPE}> <{_PROV}Activity>",
            f'{step} <{_PROV}startedAtTime> "2026-11-22T07:39:03.{number % 999999 + 1:06d}Z"^^<{_TIME}>',
            f"{step} <{_PROV}used> {file}",
            f"{step} <{_PROV}qualifiedUsage> {usage}",
            f"{usage} <{_PROV}entity> {file}",
            f'{usage} <http://www.ivoa.net/documents/ProvenanceDM/index.html#role> "Observation subrun"',
            f'{file} <http://www.w3.org/2000/01/rdf-schema#label> "LST-1.1.Run01615.{number:06d}.fits.fz"',
            f"{file} <{_TYPE}> <{_PROV}Entity>",
            f"{file} <{_PROV}atLocation> <file://{path}>",
            f"{file} <{_PROV}wasGeneratedBy> {step}",
        ):
            yield f"{statement} {graph} .\n"


def by_curl(server: Server, graphs: tuple[SessionGraph, ...], folder: Path) -> float:
    """Send the graphs one after the other by curl; the time of the transfers alone."""
    files = []
    for number, graph in enumerate(graphs):
        file = folder / f"{number}.nt"
        with file.open("wb") as stream:
            stream.writelines(graph.content)
        files.append((file, f"http://curl.example/{time.time_ns()}/{number}"))
    started = time.perf_counter()
    for file, name in files:
        address = f"{server.url}/store?graph={name}"
        kind = "Content-Type: application/n-triples"
        subprocess.run(["curl", "-fsS", "-o", "/dev/null", "-H", kind, "-T", str(file), address], check=True)
    return time.perf_counter() - started


def by_provrdf(server: Server, graphs: tuple[SessionGraph, ...], folder: Path) -> float:
    """Publish the graphs; the probe is done before, as for every run but the first."""
    catalog = f"{BASE}graph/catalog{time.time_ns()}"
    connection = connect_store(
        Addresses(server.url), CatalogSettings(BASE, graph=catalog), state=folder, credentials=NOBODY
    ).for_changes()
    started = time.perf_counter()
    receipt = EndpointTarget(connection).publish(graphs, connection.settings)
    took = time.perf_counter() - started
    assert receipt.counts == {"published": len(graphs)}, receipt
    connection.client.update(f"CLEAR SILENT GRAPH <{catalog}>")
    for graph in graphs:
        connection.client.update(f"DROP SILENT GRAPH <{graph.published}>")
    return took


def compare(server: Server, sessions: int, triples: int, *, rounds: int) -> None:
    """Time both, taking turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        each = triples // sessions
        started = time.perf_counter()
        text = (line for number in range(sessions) for line in lines(f"session{number}", each))
        with collect(text, base=BASE) as graphs:
            prepared = time.perf_counter() - started
            total = sum(graph.content.triples for graph in graphs)
            print(f"{sessions} session(s), {total} triples, prepared in {prepared:.1f} s")
            for _ in range(rounds):
                curl = by_curl(server, graphs, folder)
                ours = by_provrdf(server, graphs, folder)
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
                print(
                    f"  curl {total / curl:9,.0f} triples/s   provrdf {total / ours:9,.0f} triples/s"
                    f"   ratio {curl / ours:.2f}   peak {peak} MB"
                )


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--sessions", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--disk", action="store_true", help="a server on disk instead of in memory")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp()) if arguments.disk else None
    try:
        with running(oxigraph(folder)) as server:
            for sessions in arguments.sessions:
                compare(server, sessions, arguments.triples, rounds=arguments.rounds)
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
