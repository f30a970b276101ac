"""Publishing through faults: whatever happens to requests, readers see old or new, and reports are right."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from faultproxy import FaultProxy, faulty
from provrdf.errors import PublishError
from provrdf.publish.asking import read_back
from provrdf.publish.catalog import CatalogSettings
from provrdf.publish.client import Patience
from provrdf.publish.content import SessionGraph
from provrdf.publish.discovery import Addresses
from provrdf.publish.state import StateFolder
from provrdf.publish.targets.endpoint import EndpointTarget
from provrdf.publish.verifying import same_by_value
from published import PATIENT, QUICK, Reader, connection, graphs
from servers import Server, oxigraph, rdflib_endpoint, running

ATTEMPTS = 15

HASTY = Patience(seconds=0.3, tries=4, pause=0.003)
RUNS = 200


@pytest.fixture(scope="module")
def memory() -> Iterator[Server]:
    """Run one Oxigraph server in memory; every run has a base IRI, and so a catalog, of its own."""
    with running(oxigraph()) as server:
        yield server


def _probed(server: Server, url: str, state: Path, base: str) -> None:
    """Let a way to the server count as probed: what is tested here is publishing, not the probe."""
    one = connection(server.url, state, base="http://probed.example/", patience=PATIENT)
    facts = dict(one.state.recall("probe", days=1) or {})
    if not facts:
        one.for_changes()
        facts = dict(one.state.recall("probe", days=1) or {})
    endpoint = {
        part: address and address.replace(server.url, url) for part, address in facts["endpoint"].items()
    }
    catalog, addresses = CatalogSettings(base).name, Addresses(url)
    folder = StateFolder(state, f"{endpoint['query']} {catalog} {addresses}")
    folder.remember("probe", facts | {"endpoint": endpoint})


def _attempt(url: str, found: tuple[SessionGraph, ...], state: Path, base: str, patience: Patience) -> int:
    """Publish once and return the exit code; every failure must say what to do."""
    try:
        connected = connection(url, state, base=base, patience=patience)
        receipt = EndpointTarget(connected).publish(found, connected.settings)
    except PublishError as error:
        return error.exit_code
    for outcome in receipt.outcomes:
        assert outcome.state in ("published", "unchanged") or "again" in outcome.message, outcome
    return receipt.exit_code


def _run(
    server: Server,
    proxy: FaultProxy,
    state: Path,
    base: str,
    *,
    patience: Patience = HASTY,
    fresh: bool = False,
) -> Counter[int]:
    """Publish a first version cleanly, the second through faults until it succeeds; check every promise.

    A `fresh` run has no first version: readers then see nothing, or all of the only one.
    """
    codes: Counter[int] = Counter()
    path = "/query" if "oxigraph" in server.command[0] else "/"
    with graphs({"s1": "old"}, base=base) as old, graphs({"s1": "new"}, base=base) as new:
        for url in (server.url, proxy.url):
            _probed(server, url, state, base)
        direct = connection(server.url, state, base=base, patience=PATIENT)
        if not fresh:
            assert EndpointTarget(direct).publish(old, direct.settings).exit_code == 0
        (before,), (after,) = old, new
        with Reader(server.port, path, before.name, direct.settings.name) as reader:
            first = reader.look()
            possible = {() if fresh else (before.published,)}
            for _ in range(ATTEMPTS):
                code = _attempt(proxy.url, new, state, base, patience)
                codes[code] += 1
                if code == 4:
                    assert direct.catalog.current(before.name) in possible, "said that nothing was changed"
                if code == 5:
                    possible.add((after.published,))
                if code == 0:
                    break
            assert code == 0, "never got through"
            assert direct.catalog.current(before.name) == (after.published,)
            last = reader.look()
        assert reader.seen <= {first, last}, "somebody saw neither the old nor the new"
        assert len(first) == (0 if fresh else before.content.triples)
        assert len(last) == after.content.triples
        assert {row[0] for row in last} == {after.published}
        assert same_by_value(direct.client, after.published, after.content)
    return codes


def test_two_hundred_runs_through_faults(memory: Server, tmp_path: Path) -> None:
    """Three of ten requests meet a fault; in 200 runs nobody sees a mixture and no report is wrong."""
    _probed(memory, memory.url, tmp_path, "http://run.example/")

    def run(seed: int) -> tuple[Counter[int], Counter[str]]:
        with faulty(memory.port, seed=seed) as proxy:
            base = f"http://run{seed}.example/"
            return _run(memory, proxy, tmp_path, base, fresh=seed % 4 == 0), proxy.met

    met: Counter[str] = Counter()
    codes: Counter[int] = Counter()
    with ThreadPoolExecutor(max_workers=4) as pool:  # the runs mostly wait
        for run_codes, run_met in pool.map(run, range(RUNS)):
            codes += run_codes
            met += run_met
    assert codes[0] == RUNS
    assert codes[4] + codes[5] > 0, "the faults were too mild to prove anything"
    assert set(codes) <= {0, 4, 5}
    assert all(met[fault] > 5 for fault in ("cut_request", "drop_answer", "gave_up", "twice", "slow")), met


def test_a_store_without_whole_graphs(tmp_path: Path) -> None:
    """The same through INSERT batches on a store that undoes nothing."""
    with running(rdflib_endpoint()) as server:
        for seed in range(4):
            with faulty(server.port, seed=seed) as proxy:
                _run(server, proxy, tmp_path, f"http://run{seed}.example/", patience=QUICK)


class _Killer:
    """Kills a server before a certain request and starts it again soon after."""

    def __init__(self, server: Server, at: int) -> None:
        self._server = server
        self._at = at
        self.kills = 0
        self._lock = threading.Lock()

    def __call__(self, number: int) -> None:
        with self._lock:
            if number >= self._at and self.kills == 0:
                self.kills += 1
                threading.Timer(0.0, self._restart).start()

    def _restart(self) -> None:
        self._server.kill()
        self._server.start()


@pytest.mark.parametrize("at", [1, 2, 4, 6, 8, 9, 10, 11, 12])
def test_a_server_killed_in_the_middle(tmp_path: Path, at: int) -> None:
    """SIGKILL at any request and a restart on the same disk: nothing is lost, the same command finishes."""
    with running(oxigraph(tmp_path / "disk")) as server:
        killer = _Killer(server, at)
        with faulty(server.port, rate=0.0, before=killer) as proxy:
            _run(server, proxy, tmp_path / "state", "http://killed.example/", patience=QUICK)
            assert killer.kills == 1 or proxy.requests < at
        direct = connection(server.url, tmp_path / "state", base="http://killed.example/")
        (name,) = direct.catalog.all_current().values()
        assert len(list(read_back(direct.client, name[0]))) == 34
