"""Publishing to real servers: once, twice, changed, two at a time, taken back, read back, cleaned up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from provrdf.errors import ConfigError, PublishError, QueryError, UsageError
from provrdf.publish import catalog
from provrdf.publish import protocol as protocol_module
from provrdf.publish.asking import count, read_back
from provrdf.publish.client import ClientError, SparqlClient
from provrdf.publish.comparing import compare, survey
from provrdf.publish.connection import Connection
from provrdf.publish.credentials import Credentials, Secret
from provrdf.publish.probe import Probe
from provrdf.publish.protocol import Protocol
from provrdf.publish.reading import PublishedGraphs, connect
from provrdf.publish.receipt import Receipt
from provrdf.publish.retiring import collect_garbage, retract
from provrdf.publish.targets.endpoint import EndpointTarget
from provrdf.publish.uploading import upload
from provrdf.publish.verifying import comparable, same_by_value, verify
from provrdf.publish.wrapper import sparqlwrapper
from provrdf.vocab import PROV, PROVRDF, RDF
from published import BASE, NOBODY, PATIENT, Reader, connection, graphs
from servers import Server, oxigraph, rdflib_endpoint, running

NIGHT = ("environment-0123456789abcdef", "s1", "s2", "s3", "s4", "s5", "s6")


@pytest.fixture(scope="module", params=["memory", "rdflib-endpoint"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Run a server of each kind."""
    with running(oxigraph() if request.param == "memory" else rdflib_endpoint()) as started:
        yield started


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run Oxigraph on disk, where two transactions can both believe that they came first."""
    with running(oxigraph(tmp_path_factory.mktemp("store"))) as started:
        yield started


@pytest.fixture(scope="module")
def memory() -> Iterator[Server]:
    """Run Oxigraph in memory, for what does not depend on the kind of server."""
    with running(oxigraph()) as started:
        yield started


@pytest.fixture
def base(request: pytest.FixtureRequest) -> str:
    """Return a base IRI, and so a catalog, of the test's own."""
    return f"http://{abs(hash(request.node.nodeid))}.example/"


def store_of(server: Server, folder: Path, base: str) -> Connection:
    """Connect without hurry."""
    return connection(server.url, folder, base=base, patience=PATIENT)


def publish(store: Connection, sessions: dict[str, str], **options: object) -> Receipt:
    """Publish small sessions."""
    with graphs(sessions, base=store.settings.base) as found:
        return EndpointTarget(store, **options).publish(found, store.settings)  # type: ignore[arg-type]


def test_twice_sends_only_questions_and_one_change_sends_one(
    server: Server, tmp_path: Path, base: str
) -> None:
    """A second run of a night sends nothing but questions; with one session changed, that one."""
    night = dict.fromkeys(NIGHT, "")
    first = publish(store_of(server, tmp_path, base), night)
    assert (first.counts, first.exit_code) == ({"published": 7}, 0)
    again = publish(store_of(server, tmp_path, base), night)
    assert (again.counts, again.writes) == ({"unchanged": 7}, 0)
    changed = publish(store_of(server, tmp_path, base), night | {"s3": "again"})
    assert changed.counts == {"published": 1, "unchanged": 6}
    assert [outcome.key for outcome in changed.outcomes if outcome.state == "published"] == ["s3"]
    assert changed.writes == 2, "one upload and one swap"


def test_what_is_read_back_is_what_was_sent(server: Server, tmp_path: Path, base: str) -> None:
    """Every statement comes back with its meaning, other letters, escapes and numbers included."""
    store = store_of(server, tmp_path, base)
    publish(store, {"s1": "x"})
    with graphs({"s1": "x"}, base=base) as (graph,):
        assert same_by_value(store.client, graph.published, graph.content)
        back = {comparable(statement) for statement in read_back(store.client, graph.published)}
        assert back == {comparable(statement) for statement in graph.content.statements()}


def test_verification_notices_one_wrong_statement(server: Server, tmp_path: Path, base: str) -> None:
    """One statement more, one less, one letter changed: each is noticed, and repaired by the next run."""
    store = store_of(server, tmp_path, base)
    publish(store, {"s1": ""})
    with graphs({"s1": ""}, base=base) as (graph,):
        content, client = graph.content, store.client
        for text in (
            f"INSERT DATA {{ GRAPH <{graph.published}> {{ <http://x/s> <http://x/p> 1 }} }}",
            f"DELETE DATA {{ GRAPH <{graph.published}> {{ <{base}session/s1> a <{PROVRDF.Session}> }} }}",
        ):
            client.update(text)
            assert not verify(client, graph.published, content, store.capabilities)
        client.update(
            f"INSERT DATA {{ GRAPH <{graph.published}> "
            f"{{ <{base}session/s1> a <{PROVRDF.BASE}Sessioh> }} }} ; "
            f"DELETE DATA {{ GRAPH <{graph.published}> {{ <http://x/s> <http://x/p> 1 }} }}"
        )
        assert count(client, graph.published) == content.triples
        assert not verify(client, graph.published, content, store.capabilities)
        client.update(f"DELETE WHERE {{ GRAPH <{store.settings.name}> {{ ?n <{PROVRDF.current}> ?g }} }}")
        assert publish(store, {"s1": ""}).counts == {"published": 1}
        assert verify(client, graph.published, content, store.capabilities)


def test_a_stopped_run_is_resumed_without_sending_again(memory: Server, tmp_path: Path, base: str) -> None:
    """Content that arrived before a run was killed is found, verified and only linked."""
    store = store_of(memory, tmp_path, base).for_changes()
    with graphs({"s1": ""}, base=base) as (graph,):
        upload(store.client, graph.published, graph.content, store.capabilities)
        receipt = EndpointTarget(store).publish([graph], store.settings)
        (outcome,) = receipt.outcomes
        assert (outcome.state, outcome.resumed) == ("published", True)


def test_a_large_graph_is_sent_and_verified_in_parts(
    memory: Server, tmp_path: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three requests instead of one, the same graph; a part that does not arrive is noticed and repaired."""
    monkeypatch.setattr(protocol_module, "_PART", 1000)
    store = store_of(memory, tmp_path, base).for_changes()
    with graphs({"s1": "", "s2": ""}, base=base, steps=100) as (one, two):
        writes = store.client.traffic.writes
        receipt = EndpointTarget(store).publish([one], store.settings)
        assert receipt.writes == writes + 4
        assert same_by_value(store.client, one.published, one.content)
        lost: list[str] = []

        def lossy(client: SparqlClient, graph: str, content: object, **options: int) -> None:
            if len(lost) == 1:
                lost.append(graph)
                return
            lost.append(graph)
            whole(client, graph, content, **options)  # type: ignore[arg-type]

        whole = SparqlClient.add
        monkeypatch.setattr(SparqlClient, "add", lossy)
        assert EndpointTarget(store).publish([two], store.settings).counts == {"published": 1}
        assert len(lost) == 4
        assert same_by_value(store.client, two.published, two.content)


def test_withdraw_purge_and_publish_again(server: Server, tmp_path: Path, base: str) -> None:
    """A withdrawn session stays withdrawn until told otherwise; purging leaves nothing but the checksum."""
    store = store_of(server, tmp_path, base)
    publish(store, {"s1": "a", "s2": ""})
    publish(store, {"s1": "b"})
    name = f"{base}graph/s1"
    versions = store.catalog.versions(name)
    assert [outcome.state for outcome in retract(store, [name])] == ["retracted"]
    assert [count(store.client, version) for version in versions] == [34, 34]
    receipt = publish(store, {"s1": "b", "s2": ""})
    assert (receipt.counts, receipt.exit_code) == ({"unchanged": 1, "withdrawn": 1}, 1)
    assert "--republish" in receipt.outcomes[0].message
    assert [outcome.state for outcome in retract(store, [name], purge=True)] == ["purged"]
    assert [count(store.client, version) for version in versions] == [0, 0]
    assert publish(store, {"s1": "b"}, republish=True).counts == {"published": 1}
    assert publish(store, {"s1": "b"}).counts == {"unchanged": 1}
    with pytest.raises(UsageError, match="nothing was ever published"):
        retract(store, [name, f"{base}graph/other"])
    assert name in store.catalog.all_current(), "a mistake in one name withdraws nothing"


def test_superseded_content_is_deleted_after_grace(memory: Server, tmp_path: Path, base: str) -> None:
    """Old content goes when its time is over; current content, and what came back, never."""
    store = store_of(memory, tmp_path, base)
    for tag in ("a", "b", "a", "c"):
        publish(store, {"s1": tag, "s2": ""})
    assert collect_garbage(store) == ([], [])
    later = datetime.now(UTC) + timedelta(days=31)
    dropped, _ = collect_garbage(store, now=later)
    assert len(dropped) == 2
    current = {graphs[0] for graphs in store.catalog.all_current().values()}
    assert not current & set(dropped)
    assert all(count(store.client, graph) == 34 for graph in current)
    assert all(count(store.client, graph) == 0 for graph in dropped)
    assert publish(store, {"s1": "a", "s2": ""}).counts == {"published": 1, "unchanged": 1}


def test_what_own_runs_left_behind_is_deleted(memory: Server, tmp_path: Path, base: str) -> None:
    """An upload that was never linked is deleted if it was ours; graphs of unknown origin are only named."""
    store = store_of(memory, tmp_path, base).for_changes()
    publish(store, {"s2": ""})
    with graphs({"s1": ""}, base=base) as (graph,):
        store.state.note(step="upload", graph=graph.published)
        upload(store.client, graph.published, graph.content, store.capabilities)
        stray = f"{base}graph/s9--{'0' * 32}"
        store.client.update(f"INSERT DATA {{ GRAPH <{stray}> {{ <http://x/s> <http://x/p> 1 }} }}")
        later = datetime.now(UTC) + timedelta(days=31)
        dropped, notes = collect_garbage(store, now=later)
        assert dropped == [graph.published]
        assert len(notes) == 1
        assert stray in notes[0]
        assert count(store.client, stray) == 1


def test_two_publishers_at_once(server: Server, tmp_path: Path, base: str) -> None:
    """Two machines publish different content of one session: one wins, whole, and the other is told."""
    results: dict[str, Receipt] = {}
    for round_ in range(3):
        start = threading.Barrier(2)

        def machine(tag: str, start: threading.Barrier = start) -> None:
            store = store_of(server, tmp_path / tag[0], base)
            with graphs({"s1": tag}, base=base) as found:
                start.wait()
                results[tag] = EndpointTarget(store).publish(found, store.settings)

        tags = (f"a{round_}", f"b{round_}")
        threads = [threading.Thread(target=machine, args=(tag,)) for tag in tags]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        store = store_of(server, tmp_path / "c", base)
        with graphs({"s1": tags[0]}, base=base) as (one,), graphs({"s1": tags[1]}, base=base) as (two,):
            (current,) = store.catalog.current(one.name)
            winner = one if current == one.published else two
            assert current == winner.published
            assert same_by_value(store.client, current, winner.content)
        states = sorted(results[tag].outcomes[0].state for tag in tags)
        assert states in (["overtaken", "published"], ["published", "published"])
        lost = tags[1] if winner is one else tags[0]
        if states == ["overtaken", "published"]:
            assert results[lost].outcomes[0].state == "overtaken"
            assert results[lost].exit_code == 4


def test_two_publishers_at_once_on_disk(disk: Server, tmp_path: Path, base: str) -> None:
    """The same where the store's isolation is weaker."""
    test_two_publishers_at_once(disk, tmp_path, base)


def test_two_pointers_are_repaired(server: Server, tmp_path: Path, base: str) -> None:
    """A store that let two publishers through keeps the higher serial; readers agree before that."""
    store = store_of(server, tmp_path, base)
    with graphs({"s1": "a"}, base=base) as (one,), graphs({"s1": "b"}, base=base) as (two,):
        EndpointTarget(store).publish([one], store.settings)
        store = store.for_changes()
        upload(store.client, two.published, two.content, store.capabilities)
        entry = replace(store.catalog.entries([two])[two.name], current=())
        change = catalog.publication(two, entry, store.settings, datetime.now(UTC))
        store.client.update(catalog.update_text(change, store.settings))
        assert store.catalog.current(two.name) == (two.published, one.published)
        assert PublishedGraphs(store).current[two.name] == two.published
        with graphs({"s1": "c"}, base=base) as (three,):
            receipt = EndpointTarget(store).publish([three], store.settings)
            assert receipt.counts == {"published": 1}
            assert store.catalog.current(two.name) == (three.published,)


def test_a_swap_that_comes_late_changes_nothing(memory: Server, tmp_path: Path, base: str) -> None:
    """The swap names what it replaces: arriving after another publisher's, or twice, it does nothing."""
    store = store_of(memory, tmp_path, base)
    publish(store, {"s1": "a"})
    with graphs({"s1": "b"}, base=base) as (late,), graphs({"s1": "c"}, base=base) as (quick,):
        entry = store.catalog.entries([late])[late.name]
        change = catalog.publication(late, entry, store.settings, datetime.now(UTC))
        EndpointTarget(store).publish([quick], store.settings)
        protocol = Protocol(store.client, store.capabilities, store.settings, store.state)
        found = protocol.swap(change, late.name, (late.published,), before=entry.current)
        assert found == (quick.published,)
        assert store.catalog.current(late.name) == (quick.published,)


def test_fixed_names_only_where_they_are_safe(server: Server, tmp_path: Path, base: str) -> None:
    """A copy under the session's own name on stores that undo half-done requests; a clear word on others."""
    store = store_of(server, tmp_path, base)
    if "oxigraph" not in server.command[0]:
        with pytest.raises(ConfigError, match="fixed names"):
            publish(store, {"s1": "a"}, fixed_names=True)
        assert store.catalog.all_current() == {}
        return
    publish(store, {"s1": "a"}, fixed_names=True)
    receipt = publish(store, {"s1": "b"}, fixed_names=True)
    assert receipt.notes == []
    with graphs({"s1": "b"}, base=base) as (graph,):
        assert verify(store.client, graph.name, graph.content, store.capabilities)
        retract(store, [graph.name])
        assert count(store.client, graph.name) == 0


def test_the_catalog_is_linked_data(memory: Server, tmp_path: Path, base: str) -> None:
    """A bundle, its publication, revision, size, checksum, rights, and the dataset they belong to."""
    store = store_of(memory, tmp_path, base)
    settings = replace(
        store.settings,
        licence="https://creativecommons.org/licenses/by/4.0/",
        publisher="An Observatory",
        conforms_to=("https://shapes.example/",),
        endpoint="https://store.example/query",
    )
    store = replace(store, settings=settings)
    publish(store, {"s1": "a"})
    publish(store, {"s1": "b"})
    (new,) = store.catalog.current(f"{base}graph/s1")
    (old,) = set(store.catalog.versions(f"{base}graph/s1")) - {new}
    question = f"""
        PREFIX prov: <{PROV.BASE}> PREFIX provrdf: <{PROVRDF.BASE}>
        PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcat: <http://www.w3.org/ns/dcat#>
        PREFIX spdx: <http://spdx.org/rdf/terms#>
        ASK {{ GRAPH <{settings.name}> {{
          <{base}graph/s1> provrdf:current <{new}> .
          <{new}> a prov:Bundle, prov:Entity ; prov:wasRevisionOf <{old}> ; dcterms:issued ?when ;
            dcterms:isVersionOf <{base}graph/s1> ; dcterms:subject <{base}session/s1> ; void:triples 34 ;
            dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
            dcterms:publisher "An Observatory" ;
            dcterms:conformsTo <https://shapes.example/> ;
            spdx:checksum [ spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue ?sum ] ;
            prov:wasGeneratedBy ?publication .
          ?publication a prov:Activity, provrdf:Publication ; prov:used <{old}> ; provrdf:serial 2 .
          <{old}> provrdf:supersededAt ?when .
          ?dataset a void:Dataset, dcat:Dataset ; void:subset <{new}> ; void:vocabulary prov: ;
            void:sparqlEndpoint <https://store.example/query> .
          FILTER NOT EXISTS {{ ?dataset void:subset <{old}> }}
        }} }}"""
    assert store.client.ask(question)
    statements = list(read_back(store.client, settings.name))
    assert statements
    assert not any(statement.subject.startswith("_:") for statement in statements)


def test_content_that_returns_is_not_described_twice(memory: Server, tmp_path: Path, base: str) -> None:
    """After a, b, a again: one generation and no revision in a circle, as PROV-CONSTRAINTS demand."""
    store = store_of(memory, tmp_path, base)
    for tag in ("a", "b", "a"):
        publish(store, {"s1": tag})
    with graphs({"s1": "a"}, base=base) as (graph,):
        generated = f"<{graph.published}> <{PROV.wasGeneratedBy}> ?x"
        rows = store.client.select(f"SELECT ?x WHERE {{ GRAPH <{store.settings.name}> {{ {generated} }} }}")
        assert len(rows) == 1
        assert not store.client.ask(
            f"ASK {{ GRAPH <{store.settings.name}> {{ ?x <{PROV.wasRevisionOf}>+ ?x }} }}"
        )


def test_queries_see_what_is_current(server: Server, tmp_path: Path, base: str) -> None:
    """Reading back, superseded content is not seen, and graphs have the names they have here."""
    store = store_of(server, tmp_path, base)
    publish(store, {"s1": "a", "s2": ""})
    publish(store, {"s1": "b"})
    published = connect(server.url, base=base, credentials=NOBODY)
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    found = [
        row["l"].value for row in published.send(f"SELECT ?l {{ ?s {label} ?l FILTER(CONTAINS(?l, '0')) }}")
    ]
    assert sorted(found) == ["step 0 ", "step 0 b"]
    names = {row["g"].value for row in published.send("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")}
    assert names == {f"{base}graph/s1", f"{base}graph/s2"}
    assert bool(published.send(f"ASK {{ GRAPH <{base}graph/s1> {{ ?s {label} 'step 1 b' }} }}"))
    assert not bool(published.send(f"ASK {{ GRAPH <{base}graph/s2> {{ ?s {label} 'step 1 b' }} }}"))
    built = list(published.send(f"CONSTRUCT {{ ?s a ?t }} WHERE {{ ?s <{RDF.type}> ?t }}"))
    assert len(built) == 2 * 6
    assert store.client.traffic.writes == 0 or published.connection.client.traffic.writes == 0


def test_differences_and_survey(memory: Server, tmp_path: Path, base: str) -> None:
    """A dry run says what is new and which statements differ; the survey also knows what is only there."""
    store = store_of(memory, tmp_path, base)
    publish(store, {"s1": "a", "s2": "", "s3": ""})
    with graphs({"s1": "b", "s2": "", "s4": ""}, base=base) as found:
        compared = {each.key: each for each in compare(store, found)}
        assert {key: each.relation for key, each in compared.items()} == {
            "s1": "changed",
            "s2": "unchanged",
            "s4": "new",
        }
        assert len(compared["s1"].added) == len(compared["s1"].removed) == 4
        assert all('"step' in line for line in compared["s1"].added + compared["s1"].removed)
        relations = {each.key: each.relation for each in survey(store, found)}
    assert relations == {"s1": "changed", "s2": "unchanged", "s3": "unknown here", "s4": "new"}
    assert {each.relation for each in survey(store)} == {"unchanged"}


def test_the_probe_cleans_up(server: Server, tmp_path: Path, base: str) -> None:
    """The store can be told apart by what it does, and nothing is left of trying."""
    store = store_of(server, tmp_path, base)
    found = Probe(
        store.client.at(store.for_changes().client.endpoint), base=base, start=store.profile.start
    ).run()
    is_oxigraph = "oxigraph" in server.command[0]
    assert (found.whole_graphs, found.gzip, found.atomic) == (is_oxigraph, is_oxigraph, is_oxigraph)
    assert found.literals["double"] in ("kept", "changed")
    assert "refused" not in found.literals.values()
    assert not store.client.ask(f'ASK {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{base}")) }}')


def test_a_run_waits_for_another_on_the_same_machine(memory: Server, tmp_path: Path, base: str) -> None:
    """One publisher per store and machine; who waits too long is told, and nothing was changed."""
    store = store_of(memory, tmp_path, base)
    with store.state.lock(), pytest.raises(PublishError, match="another run"), store.state.lock(wait=0.1):
        pass
    with store.state.lock(wait=0.1):
        pass


def test_a_store_that_is_gone(tmp_path: Path) -> None:
    """No store: exit code 4, and the message names the address."""
    with pytest.raises(ClientError, match="no address that answers") as caught:
        connection("http://127.0.0.1:9", tmp_path, base=BASE)
    assert caught.value.exit_code == 4
    with pytest.raises(ConfigError, match="oxigraph"):
        connection("http://127.0.0.1:9", tmp_path, base=BASE, profile="oxygraph")


def test_readers_never_see_a_mixture(memory: Server, tmp_path: Path, base: str) -> None:
    """While versions are published one after the other, a reader sees each whole or not at all."""
    store = store_of(memory, tmp_path, base)
    publish(store, {"s1": "0"})
    with Reader(memory.port, "/query", f"{base}graph/s1", store.settings.name) as reader:
        for number in range(1, 8):
            publish(store, {"s1": str(number)})
    assert {len(seen) for seen in reader.seen} == {34}
    assert reader.looks > 3


def test_sparqlwrapper_for_questions(memory: Server, tmp_path: Path, base: str) -> None:
    """Who knows SPARQLWrapper gets one that asks for what is current; changes are refused, Digest too."""
    store = store_of(memory, tmp_path, base)
    publish(store, {"s1": "a"})
    publish(store, {"s1": "b"})
    rows = sparqlwrapper(store, f"SELECT ?s WHERE {{ ?s a <{PROV.Activity}> }}").queryAndConvert()
    assert len(rows["results"]["bindings"]) == 4
    with pytest.raises(QueryError):
        sparqlwrapper(store, "DROP ALL")
    known = store.client.at(store.client.endpoint)
    known.credentials = Credentials("ann", Secret("pw"))
    with pytest.raises(ConfigError, match="PROVRDF_AUTH=basic"):
        sparqlwrapper(replace(store, client=known), "ASK {}")
