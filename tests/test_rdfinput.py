"""Reading RDF files of any syntax, and nothing else: no fetching, no document types, no bombs."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest

from provrdf.errors import FormatError
from provrdf.rdfinput import load_rdf, rdf_syntax

TRIPLE = '<http://x/s> <http://x/p> "o" .'
RDFXML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x/">'
    '<rdf:Description rdf:about="http://x/s"><x:p>o</x:p></rdf:Description></rdf:RDF>'
)
FILES = {
    "a.ttl": f"@prefix x: <http://x/> . {TRIPLE}",
    "a.trig": f"<http://x/g> {{ {TRIPLE} }}",
    "a.nt": TRIPLE,
    "a.nq": f"{TRIPLE[:-1]}<http://x/g> .",
    "a.jsonld": '{"@id": "http://x/s", "http://x/p": "o"}',
    "a.json": '{"@context": {"p": "http://x/p"}, "@id": "http://x/s", "p": "o"}',
    "a.rdf": RDFXML,
    "a.xml": RDFXML,
}


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """A web server that notes every request; there must be none."""
    requests: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            requests.append(b"request")
            connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", requests
    over.set()
    thread.join()
    server.close()


def load(path: Path, **options: object) -> pyoxigraph.Store:
    """Load a file into a new store."""
    store = pyoxigraph.Store()
    load_rdf(store, path, **options)  # type: ignore[arg-type]
    return store


@pytest.mark.parametrize("name", sorted(FILES))
@pytest.mark.parametrize("packed", [False, True])
def test_every_syntax_is_read(tmp_path: Path, name: str, *, packed: bool) -> None:
    """All syntaxes, plain and gzipped, give the same statement."""
    path = tmp_path / (f"{name}.gz" if packed else name)
    data = FILES[name].encode()
    path.write_bytes(gzip.compress(data) if packed else data)
    assert rdf_syntax(path) is not None
    (quad,) = load(path)
    assert (quad.subject.value, quad.object.value) == ("http://x/s", "o")


def test_triples_go_into_a_graph_named_after_the_file(tmp_path: Path) -> None:
    """A file without graphs is a graph: so its statements can be told from those of others."""
    path = tmp_path / "a.ttl"
    path.write_text(TRIPLE)
    assert [graph.value for graph in load(path).named_graphs()] == [path.as_uri()]
    assert [graph.value for graph in load(path, graph="http://x/g").named_graphs()] == ["http://x/g"]


def test_logs_are_no_rdf(tmp_path: Path) -> None:
    """Logs, and JSON or XML that is no RDF, are left to others."""
    other = tmp_path / "log.json"
    other.write_text('[{"activity_name": "x"}]')
    page = tmp_path / "page.xml"
    page.write_text("<html/>")
    assert [rdf_syntax(name) for name in ("prov.log", "prov.log.gz", "nosuffix", other, page)] == [None] * 5


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.ttl", '<http://x/s> <http://x/p>\n"o" ..', "a.ttl:2: is no valid turtle"),
        ("a.nt", "<http://x/ s> <http://x/p> <o> .", "is no valid ntriples"),
        ("a.rdf", '<!DOCTYPE r [<!ENTITY a "b">]>' + RDFXML, "document type"),
        (
            "a.rdf",
            '<?xml version="1.0"?>\n' + " " * 9000 + '<!doctype r SYSTEM "file:///etc/passwd">' + RDFXML,
            "document type",
        ),
        ("a.txt", TRIPLE, "is no RDF file by its name"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, name: str, text: str, reason: str) -> None:
    """What is wrong is said with the file and, where it is known, the line."""
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(FormatError) as error:
        load(path)
    assert reason in str(error.value)


def test_missing_and_damaged_files(tmp_path: Path) -> None:
    """Files that cannot be read to the end are errors with exit code 3."""
    damaged = tmp_path / "a.ttl.gz"
    damaged.write_bytes(gzip.compress(TRIPLE.encode() * 100)[:-10])
    for path, reason in ((tmp_path / "no.ttl", "no such file"), (damaged, "is damaged")):
        with pytest.raises(FormatError, match=f"(?i){reason}") as error:
            load(path)
        assert error.value.exit_code == 3


def test_size_is_capped_after_unpacking(tmp_path: Path) -> None:
    """A small file that unpacks to a large one is refused."""
    bomb = tmp_path / "bomb.nt.gz"
    bomb.write_bytes(gzip.compress(f"{TRIPLE}\n".encode() * 50_000))
    assert bomb.stat().st_size < 20_000
    with pytest.raises(FormatError, match="is larger than 100000 bytes"):
        load(bomb, max_bytes=100_000)


def test_nothing_is_fetched(tmp_path: Path, listener: tuple[str, list[bytes]]) -> None:
    """Contexts, imports, entities and stylesheets on the web stay there."""
    url, requests = listener
    context = tmp_path / "a.jsonld"
    context.write_text(f'{{"@context": "{url}/context.jsonld", "@id": "http://x/s", "p": "o"}}')
    with pytest.raises(FormatError, match="a context on the web, which is never fetched"):
        load(context)
    imports = tmp_path / "a.ttl"
    imports.write_text(f"<http://x/o> <http://www.w3.org/2002/07/owl#imports> <{url}/other.ttl> .")
    load(imports)
    style = tmp_path / "a.rdf"
    style.write_text(f'<?xml version="1.0"?><?xml-stylesheet href="{url}/x.xsl"?>{RDFXML}')
    load(style)
    assert requests == []
