"""Formats as a whole: found by name and ending, the same bytes for the same data in whatever form."""

import io
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from provrdf.errors import FormatError, UsageError
from provrdf.export import export, format_of_path, formats, load_format, options
from provrdf.graph import read_nquads, write_nquads
from tests.lines import Log

TEXT_FORMATS = [
    "dot", "jsonld", "nquads", "ntriples", "provjson", "provn", "provxml", "rdfxml", "trig", "turtle",
]  # fmt: skip


def sample(sessions: int = 2) -> bytes:
    """Write N-Quads of sessions: a step that makes a file, one that rewrites it, one that reads it."""
    log = Log()
    for number in range(sessions):
        run, file = f"run{number}", f"dl1-{number}.h5"
        roles = {"raw.fits": "raw", file: "events", "result.txt": "result"}
        log.session(run, name=run, observation_run=f"0{number}", system={"executable": "/bin/python"})
        log.run(f"a{number}", "reduce", run, "10:00", "10:05", used=["raw.fits"], made=[file], roles=roles)
        log.run(f"b{number}", "clean", run, "10:06", "10:07", used=[file], made=[file], roles=roles)
        log.run(f"c{number}", "fit", run, "10:08", None, used=[file], made=["result.txt"], roles=roles)
        parameters = {"cut": 0.5, "bins": [1, 2], "tag": "é\n\"'<&>"}
        log.line("10:00", activity_id=f"a{number}", parameters=parameters)
        log.line("10:00", activity_id=f"a{number}", agent_name="observer")
    out = io.BytesIO()
    write_nquads(log.records, out)
    return out.getvalue()


def written(data: object, name: str, **given: object) -> bytes:
    """Export to bytes."""
    stream = io.BytesIO()
    export(data, name, stream, **given)
    return stream.getvalue()


def test_every_format_is_complete() -> None:
    """Each format has a line of help, file endings of its own, and a writer."""
    endings = [ending for name in formats() for ending in load_format(name).SUFFIXES]
    assert len(endings) == len(set(endings))
    assert set(TEXT_FORMATS) | {"svg", "png", "pdf", "html"} == set(formats())
    for name in formats():
        assert load_format(name).SUMMARY
        assert all(ending.startswith(".") for ending in load_format(name).SUFFIXES)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.ttl", "turtle"),
        ("a.nq.gz", "nquads"),
        ("a.prov.json", "provjson"),
        ("x/A.SVG", "svg"),
        ("a.jsonld", "jsonld"),
    ],
)
def test_format_of_a_path(path: str, name: str) -> None:
    """The ending of a file name tells the format, the longest first."""
    assert format_of_path(path) == name


def test_unknown_names_say_what_there_is() -> None:
    """A wrong format, ending or option is answered with those there are."""
    with pytest.raises(UsageError, match=r"no format 'tutrle'.*turtle"):
        load_format("tutrle")
    with pytest.raises(UsageError, match=r"'a.doc'.*\.ttl"):
        format_of_path("a.doc")
    with pytest.raises(UsageError, match="no option 'depht'; it has agents, depth"):
        written(b"", "svg", depht=1)
    with pytest.raises(UsageError, match="no format '_rdf'"):
        load_format("_rdf")
    with pytest.raises(UsageError, match="option 'depth' of format 'svg' is 'two', but it must be a number"):
        written(b"", "svg", depth="two")
    with pytest.raises(UsageError, match=r"'fold'.* must be true or false"):
        written(b"", "svg", fold="maybe")
    assert "focus" in options("svg")
    assert options("turtle") == {}


def test_a_number_can_be_an_id() -> None:
    """Logged ids are often numbers, and read as such from a command line or TOML."""
    data = sample(1).replace(b"raw.fits", b"19728205709083761510")
    assert b"19728205709083761510" in written(data, "dot", focus=19728205709083761510)


def test_other_packages_can_add_a_format(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry point adds a format; it gets sorted quads, the base, and its options."""

    def write(quads, stream, *, base, mark="-"):
        stream.write(f"{mark} {len(quads)} {base}".encode())
        return ["a remark"]

    module = SimpleNamespace(SUMMARY="count", SUFFIXES=(".count",), write=write)
    point = SimpleNamespace(name="count", load=lambda: module)

    def entry_points(*, group, name="count"):
        assert group == "provrdf.exports"
        return [point] if name == "count" else []

    monkeypatch.setattr(sys.modules["provrdf.export"], "entry_points", entry_points)
    stream = io.BytesIO()
    remarks = export(
        b"<http://x.org/activity/1> <http://x.org/p> 'x' .".replace(b"'", b'"'), "count", stream, mark="+"
    )
    assert stream.getvalue() == b"+ 1 http://x.org/"
    assert remarks == ("a remark",)
    assert format_of_path("x.count") == "count"


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_the_order_of_statements_does_not_matter(name: str) -> None:
    """The same statements in another order, or twice, give the same bytes."""
    data = sample()
    lines = data.splitlines(keepends=True)
    assert written(b"".join(reversed(lines)) + lines[0], name) == written(data, name)


def test_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    """No order depends on hash values, which differ from process to process."""
    (tmp_path / "a.nq").write_bytes(sample())
    program = (
        "import sys, hashlib, io\nfrom provrdf.export import export\n"
        "data = open(sys.argv[1], 'rb').read()\n"
        f"for name in {[*TEXT_FORMATS, 'html']}:\n"
        "    out = io.BytesIO()\n    export(data, name, out)\n"
        "    print(name, hashlib.md5(out.getvalue()).hexdigest())\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "a.nq")]
    first, second = (
        subprocess.run(
            command, env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    )
    assert first == second


def test_any_form_of_data() -> None:
    """Bytes, pyoxigraph's stores and datasets, quads and rdflib's datasets give the same."""
    data = sample()
    quads = list(pyoxigraph.parse(data, pyoxigraph.RdfFormat.N_QUADS))
    store = pyoxigraph.Store()
    store.bulk_extend(quads)
    expected = written(data, "trig")
    for form in (store, pyoxigraph.Dataset(quads), quads, iter(quads), read_nquads(data)):
        assert written(form, "trig") == expected


def test_a_plain_graph_of_rdflib() -> None:
    """A Graph has no named graphs; its blank nodes and languages are kept."""
    graph = rdflib.Graph().parse(data='_:a <http://x.org/p> "hallo"@de, 1 .')
    assert b'"hallo"@de' in written(graph, "nquads")


def test_what_is_not_rdf_is_refused() -> None:
    """Rubbish and impossible IRIs are format errors."""
    with pytest.raises(FormatError, match="not N-Quads"):
        written(b"rubbish", "turtle")
    graph = rdflib.Graph()
    graph.add((rdflib.URIRef("not an iri"), rdflib.RDF.type, rdflib.PROV.Entity))
    with pytest.raises(FormatError, match="'not an iri' is not an IRI"):
        written(graph, "turtle")


@pytest.mark.parametrize("name", formats())
def test_nothing_can_be_written(name: str) -> None:
    """An empty dataset is written without complaint."""
    written(b"", name)


def test_the_base_is_found() -> None:
    """Short names work for data under any base, without being told."""
    data = sample().replace(b"http://provrdf.localhost/", b"https://data.example.org/p/")
    assert b"@prefix activity: <https://data.example.org/p/activity/>" in written(data, "turtle")
    assert written(data, "turtle") == written(data, "turtle", base="https://data.example.org/p/")


def test_a_reader_that_leaves_is_noticed() -> None:
    """A broken pipe comes through as such."""

    class Gone(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            raise BrokenPipeError

    for name in ("turtle", "nquads", "jsonld", "provn", "dot"):
        with pytest.raises(BrokenPipeError):
            export(sample(1), name, Gone())


def test_formats_are_listed_without_loading_libraries() -> None:
    """Naming the formats is cheap: nothing heavy is imported for it."""
    program = (
        "import sys\nfrom provrdf.export import formats\nformats()\n"
        "print([m for m in ('rdflib', 'pyoxigraph', 'prov', 'pydot', 'lxml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=40))
def test_any_text_survives(text: str) -> None:
    """Every text that RDF can hold is read back as it was from Turtle, TriG, N-Quads and JSON-LD."""
    literal = pyoxigraph.Literal(text.replace("\ud800", "").encode("utf-8", "replace").decode())
    node = pyoxigraph.NamedNode("http://x.org/entity/1")
    quads = [pyoxigraph.Quad(node, pyoxigraph.NamedNode("http://x.org/p#p"), literal, node)]
    for name, syntax in (
        ("trig", pyoxigraph.RdfFormat.TRIG),
        ("nquads", pyoxigraph.RdfFormat.N_QUADS),
        ("jsonld", pyoxigraph.RdfFormat.JSON_LD),
    ):
        assert list(pyoxigraph.parse(written(quads, name), syntax)) == quads
    turtle = list(pyoxigraph.parse(written(quads, "turtle"), pyoxigraph.RdfFormat.TURTLE))
    assert [quad.triple for quad in turtle] == [quads[0].triple]
