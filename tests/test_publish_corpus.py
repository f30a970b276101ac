"""Every real log, published and read back: the same values, and the same answers as from the local store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from provrdf.cli import main
from provrdf.config import Config, PublishConfig
from provrdf.lineage import lineage
from provrdf.publish.asking import read_back
from provrdf.publish.reading import connect, remote_graphs
from provrdf.publish.statement import parse_statement
from provrdf.publish.verifying import comparable
from provrdf.store import Store
from provrdf.vocab import DCTERMS
from published import NOBODY, PATIENT
from servers import Server, oxigraph, running

LOGS = (
    "gammapy/read.log",
    "gammapy/second_session_crashes.log",
    "logprov/notebook_full.log",
    "logprov/tests_asis.log",
    "lstosa/night_small.log",
    "seed/gammapy.log",
    "seed/gammapy_truncated.log",
    "seed/lstosa.log",
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run Oxigraph in memory."""
    with running(oxigraph()) as started:
        yield started


@pytest.mark.parametrize("log", LOGS)
def test_a_real_log_there_and_back(
    log: str, server: Server, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Statements come back with their meaning; lineages from the endpoint equal the local ones."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    base = f"http://{log.replace('/', '-').replace('_', '-')}.example/"
    config = Config(base=base)
    store = Store(tmp_path / "store")
    store.ingest([str(corpus / log)], config=config)
    options = ["--base", base, "--endpoint", server.url, "--no-validate", "-q"]
    assert main(["publish", "--store", str(tmp_path / "store"), *options]) == 0

    published = connect(server.url, base=base, credentials=NOBODY, patience=PATIENT)
    client = published.connection.client
    graphs = published.current.values()
    there = {comparable(statement) for graph in graphs for statement in read_back(client, graph)}
    mapped = [parse_statement(line) for line in store.nquads()]
    here = {comparable(statement) for statement in mapped}
    withheld = here - there
    assert there <= here
    kinds = (f"{base}session/", f"{base}environment/")
    assert all(str(statement[0]).startswith(kinds) for statement in withheld)

    endpoint = PublishConfig(endpoint=server.url)
    remote, local = remote_graphs(config.replace(publish=endpoint)), store.graphs()
    named = {each.subject for each in mapped if each.predicate == DCTERMS.identifier}
    entities = sorted(iri for iri in named if iri.startswith(f"{base}entity/"))
    directions: tuple[Literal["back", "forward"], ...] = ("back", "forward")
    for entity in entities[:: max(len(entities) // 6, 1)]:
        for direction in directions:
            found, wanted = (lineage(graphs, entity, direction=direction) for graphs in (remote, local))
            assert found.rows == wanted.rows
            assert sorted(found.links, key=repr) == sorted(wanted.links, key=repr)
