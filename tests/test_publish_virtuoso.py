"""Publishing to a real Virtuoso; run by .ci/virtuoso, which unpacks and starts one."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from faultproxy import faulty
from provrdf.errors import PublishError
from provrdf.publish.asking import read_back
from provrdf.publish.connection import Connection
from provrdf.publish.credentials import Credentials, find_credentials
from provrdf.publish.reading import PublishedGraphs
from provrdf.publish.receipt import Receipt
from provrdf.publish.retiring import retract
from provrdf.publish.targets.endpoint import EndpointTarget
from provrdf.publish.verifying import same_by_value
from published import PATIENT, Reader, connection, graphs

URL = os.environ.get("PROVRDF_TEST_VIRTUOSO", "")
pytestmark = pytest.mark.skipif(not URL, reason="needs a Virtuoso, see .ci/virtuoso")


@pytest.fixture
def base() -> str:
    """Return a base IRI, and with it a catalog, that no other test uses."""
    return f"http://v{time.time_ns()}.example/"


def _credentials() -> Credentials:
    return find_credentials("127.0.0.1")


def _connect(state: Path, base: str, url: str = URL) -> Connection:
    return connection(url, state, base=base, patience=PATIENT, credentials=_credentials())


def _publish(store: Connection, sessions: dict[str, str], *, steps: int = 4) -> Receipt:
    with graphs(sessions, base=store.settings.base, steps=steps) as found:
        return EndpointTarget(store).publish(found, store.settings)


def test_the_probe_sees_what_virtuoso_is_like(tmp_path: Path, base: str) -> None:
    """Find by trying: not atomic, no gzip, answers cut, hashes right for ASCII only, literals changed."""
    found = _connect(tmp_path, base).for_changes()
    assert found.profile.name == "virtuoso"
    can = found.capabilities
    assert (can.whole_graphs, can.gzip, can.atomic, can.row_cap) == (True, False, False, 10_000)
    assert not can.hash_unicode
    assert can.literals["boolean"] == "changed"
    assert can.literals["string"] == "kept"


def test_publish_again_change_withdraw(tmp_path: Path, base: str) -> None:
    """The whole life of sessions, with digest authentication."""
    store = _connect(tmp_path, base)
    assert _publish(store, {"s1": "", "s2": ""}).counts == {"published": 2}
    writes = store.client.traffic.writes
    assert _publish(store, {"s1": "", "s2": ""}).counts == {"unchanged": 2}
    assert store.client.traffic.writes == writes
    assert _publish(store, {"s1": "", "s2": "new"}).counts == {"published": 1, "unchanged": 1}
    published = PublishedGraphs(store)
    (row,) = published.send("SELECT (COUNT(*) AS ?n) WHERE { ?s a <http://www.w3.org/ns/prov#Activity> }")
    assert int(row["n"].value) == 8
    assert [outcome.state for outcome in retract(store, [f"{base}graph/s1"], purge=True)] == ["purged"]
    assert set(store.catalog.all_current()) == {f"{base}graph/s2"}


def test_a_graph_larger_than_its_answers(tmp_path: Path, base: str) -> None:
    """16,000 statements are verified and read back although no answer has more than 10,000 rows."""
    store = _connect(tmp_path, base)
    with graphs({"big": ""}, base=base, steps=2000) as found:
        assert EndpointTarget(store).publish(found, store.settings).counts == {"published": 1}
        (graph,) = found
        assert same_by_value(store.client, graph.published, graph.content)
        back = list(read_back(store.client, graph.published, row_cap=10_000))
        assert len(back) == graph.content.triples > 16_000


@pytest.mark.parametrize("seed", range(10))
def test_through_faults(tmp_path: Path, base: str, seed: int) -> None:
    """Readers see the old or the new whole, whatever happens to requests on the way."""
    port = int(URL.rpartition(":")[2])
    direct = _connect(tmp_path, base)
    assert _publish(direct, {"s1": "old"}).exit_code == 0
    (before,) = direct.catalog.current(f"{base}graph/s1")
    with (
        faulty(port, seed=seed, rate=0.2) as proxy,
        Reader(port, "/sparql", f"{base}graph/s1", direct.settings.name) as reader,
    ):
        first = reader.look()
        for _ in range(30):
            try:
                code = _publish(_connect(tmp_path, base, proxy.url), {"s1": "new"}).exit_code
            except PublishError as error:
                code = error.exit_code
            if code == 0:
                break
        last = reader.look()
    assert code == 0
    assert reader.seen <= {first, last}
    assert direct.catalog.current(f"{base}graph/s1") != (before,)
