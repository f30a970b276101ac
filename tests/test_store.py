"""The local store: idempotent, incremental, exact, repaired after a crash, one writer at a time."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from night import KNOWN, NIGHT, line, task
from provrdf.config import Config
from provrdf.errors import ConfigError, LogError, StoreError
from provrdf.graph import write_nquads
from provrdf.opening import as_graphs
from provrdf.query import query
from provrdf.records import Record
from provrdf.sources import read
from provrdf.store import Store, additions, is_store
from provrdf.store.lock import Lock
from provrdf.store.records import Decoder, Encoder, content, said


def mapped(log: Path) -> set[str]:
    """Map a log in one go, and read it as the graph database does."""
    text = io.BytesIO()
    write_nquads(read(log), text)
    store = pyoxigraph.Store()
    store.load(text.getvalue(), pyoxigraph.RdfFormat.N_QUADS)
    return set(map(str, store))


def stored(store: Store) -> set[str]:
    """Everything in the named graphs of a store; the default graph must say the same, once."""
    quads = list(store.graphs().store)
    named = [quad for quad in quads if isinstance(quad.graph_name, pyoxigraph.NamedNode)]
    default = {quad.triple for quad in quads if isinstance(quad.graph_name, pyoxigraph.DefaultGraph)}
    assert default == {quad.triple for quad in named}
    return set(map(str, named))


def kept(store: Store) -> set[str]:
    """Everything a store says it wrote, as the database would read it."""
    copy = pyoxigraph.Store()
    copy.load("".join(store.nquads()), pyoxigraph.RdfFormat.N_QUADS)
    return set(map(str, copy))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A small night: three sessions, a file rewritten within a session and one between two."""
    path = tmp_path / "prov.log"
    path.write_text("".join(NIGHT))
    return path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store", wait=0.2)


def test_a_store_holds_what_the_mapping_gives(log: Path, store: Store) -> None:
    """The graphs are those of mapping the log in one go, in the database and as text."""
    done = store.ingest(log)
    assert (done.read, done.added, done.new) == (len(NIGHT), KNOWN, ("calib", "run1", "run2"))
    assert stored(store) == mapped(log)
    assert kept(store) == mapped(log)
    assert is_store(store.path)
    assert store.count_records() == KNOWN
    assert [(one.lines, one.rejected, one.format) for one in store.sources()] == [(len(NIGHT), 0, "provlog")]


def test_the_same_log_twice_adds_nothing(log: Path, store: Store) -> None:
    """Neither the log itself again, nor a copy of it, nor half of it under another name adds anything."""
    store.ingest(log)
    before = stored(store)
    copy, half = log.with_name("copy.log"), log.with_name("half.log")
    shutil.copy(log, copy)
    half.write_text("".join(NIGHT[3:20]))
    for path in (log, copy, half):
        done = store.ingest(path)
        assert (done.added, done.quads_added, done.quads_removed) == (0, 0, 0)
    assert stored(store) == before


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("small", [0, 10_000])
def test_a_growing_log_gives_the_same_as_the_whole(
    log: Path, tmp_path: Path, seed: int, small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However a log grows, cut anywhere, the graphs are the same; also when sessions are only added to."""
    monkeypatch.setattr(additions, "SMALL", small)
    data = log.read_bytes()
    growing, store = tmp_path / "growing.log", Store(tmp_path / "grown")
    cuts = [0, *sorted(random.Random(seed).sample(range(len(data)), 7)), len(data)]
    read_lines = 0
    for before, after in pairwise(cuts):
        with growing.open("ab") as stream:
            stream.write(data[before:after])
        done = store.ingest(growing)
        assert not done.rejects
        read_lines += done.read
    assert stored(store) == mapped(log)
    assert kept(store) == mapped(log)
    assert read_lines < 2 * len(NIGHT)


@settings(max_examples=6, deadline=None)
@given(st.permutations(range(len(NIGHT))), st.integers(1, len(NIGHT) - 1))
def test_order_and_division_do_not_matter(order: list[int], cut: int) -> None:
    """Lines in any order, in two files ingested in any order: the same graphs."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(additions, "SMALL", 0)
        whole, one, other = (Path(folder) / name for name in ("whole.log", "one.log", "other.log"))
        whole.write_text("".join(NIGHT))
        one.write_text("".join(NIGHT[number] for number in order[:cut]))
        other.write_text("".join(NIGHT[number] for number in order[cut:]))
        store = Store(Path(folder) / "store")
        store.ingest(one)
        store.ingest(other)
        assert stored(store) == mapped(whole)


@pytest.mark.parametrize("pieces", [5])
def test_real_logs_in_pieces(
    corpus: Path, tmp_path: Path, pieces: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every real log, cut anywhere, gives the same graphs as in one go."""
    monkeypatch.setattr(additions, "SMALL", 0)
    for path in sorted(corpus.glob("*/*.log")):
        lines = path.read_bytes().splitlines(keepends=True)
        growing = tmp_path / f"{path.parent.name}-{path.name}"
        store = Store(tmp_path / growing.stem)
        chosen = random.Random(pieces).sample(range(1, len(lines)), min(pieces, len(lines) - 1))
        for before, after in zip([0, *sorted(chosen)], [*sorted(chosen), len(lines)], strict=True):
            with growing.open("ab") as stream:
                stream.writelines(lines[before:after])
            store.ingest(growing)
        assert stored(store) == mapped(path), path


def test_a_new_writing_moves_usages_in_other_sessions(tmp_path: Path) -> None:
    """A calibration that comes to light late changes what a run used, in the graph of that run."""
    early, late = tmp_path / "early.log", tmp_path / "late.log"
    early.write_text("".join(task("run1", "b1", 5, used="1a", made="3a")))
    late.write_text("".join(task("calib", "a1", 0, used="0a", made="1a", name="pedestal")))
    store = Store(tmp_path / "store")
    store.ingest(early)
    done = store.ingest(late)
    assert (done.new, done.changed) == (("calib",), ("run1",))
    both = tmp_path / "both.log"
    both.write_text(early.read_text() + late.read_text())
    assert stored(store) == mapped(both)


def test_rotation_is_noticed(log: Path, store: Store) -> None:
    """What was written before the rotation is read from the rotated file, though only the new is named."""
    log.write_text("".join(NIGHT[:10]))
    store.ingest(log)
    with log.open("a") as stream:
        stream.writelines(NIGHT[10:20])
    log.rename(log.with_name("prov.log.1"))
    log.write_text("".join(NIGHT[20:]))
    done = store.ingest(log)
    assert done.added == len(set(NIGHT)) - 10
    assert done.sources == ((str(log.with_name("prov.log.1")), "renamed"), (str(log), "new"))
    whole = log.with_name("whole.log")
    whole.write_text("".join(NIGHT))
    assert stored(store) == mapped(whole)


def test_gzipped_and_renamed_logs_are_recognised(log: Path, store: Store) -> None:
    """A log that was compressed after reading is not read again."""
    store.ingest(log)
    packed = log.with_name("prov.log.1.gz")
    packed.write_bytes(gzip.compress(log.read_bytes()))
    log.unlink()
    done = store.ingest(packed)
    assert (done.read, done.added, done.sources) == (0, 0, ((str(packed), "renamed"),))


def test_truncation_is_noticed(log: Path, store: Store) -> None:
    """A log that was emptied and written anew is read from its beginning."""
    store.ingest(log)
    log.write_text("".join(task("run3", "d1", 30, used="9a", made="9b")))
    done = store.ingest(log)
    assert done.new == ("run3",)
    assert done.sources == ((str(log), "rewritten"),)


def test_a_line_being_written_waits(log: Path, store: Store) -> None:
    """Half a line is neither lost nor rejected: it is read when it is whole."""
    log.write_text("".join(NIGHT[:5]) + NIGHT[5][:40])
    assert not store.ingest(log).rejects
    with log.open("a") as stream:
        stream.write(NIGHT[5][40:] + "".join(NIGHT[6:]))
    store.ingest(log)
    assert stored(store) == mapped(log)


def test_rejected_lines_have_their_place(log: Path, store: Store) -> None:
    """A line that cannot be read is told with its own number, also in the rest of a log."""
    store.ingest(log)
    with log.open("a") as stream:
        stream.write("INFO provLogger __PROV__2026-11-22T12:00:00__PROV__{'activity_id': 'x', \n")
        stream.writelines(task("run3", "d1", 30, made="9b"))
    done = store.ingest(log)
    assert [(one.file, one.line) for one in done.rejects] == [(str(log), len(NIGHT) + 1)]
    assert store.lines("run3")["http://provrdf.localhost/session/run3"] == (str(log), len(NIGHT) + 2)


def test_one_bad_file_costs_only_itself(log: Path, store: Store) -> None:
    """The other files are taken in; the bad one is told."""
    bad = log.with_name("bad.log")
    bad.write_bytes(b"\x00\x01\x02")
    done = store.ingest([bad, log])
    assert [type(error) for error in done.errors] == [LogError]
    assert done.added == KNOWN


CRASH = """
import os, signal, sys
from provrdf.store import Store, database, remake
where = sys.argv[3]
def die(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
if where == "before":
    remake.Remaker.run = die
elif where == "events":
    remake.Remaker._add = remake.Remaker._write = die
elif where == "written":
    real = database.Database.flush
    def flush(self):
        real(self)
        die()
    database.Database.flush = flush
elif where == "emptied":
    real_refill = database.Database.refill
    def refill(self, *args):
        real_refill(self, *args)
        die()
    database.Database.refill = refill
    database.Database.is_much = staticmethod(lambda removed: True)
elif where == "cleaning":
    database.Database._clean = die
Store(sys.argv[1]).ingest(sys.argv[2])
"""


@pytest.mark.parametrize("where", ["before", "events", "written", "emptied", "cleaning"])
def test_a_killed_ingest_is_repaired(log: Path, store: Store, where: str) -> None:
    """Killed anywhere, the next run makes everything right, even without a new line."""
    log.write_text("".join(NIGHT[12:]))
    store.ingest(log)
    with log.open("a") as stream:
        stream.writelines(NIGHT[:12])
    killed = subprocess.run([sys.executable, "-c", CRASH, str(store.path), str(log), where], check=False)
    assert killed.returncode == -signal.SIGKILL
    store.ingest(log)
    assert stored(store) == mapped(log)
    assert kept(store) == mapped(log)
    assert store.ingest(log).summary() == "nothing new"


def test_two_writers_are_refused(log: Path, store: Store) -> None:
    """A second writer waits a moment, then says who is in the way; readers may share."""
    store.ingest(log)
    one, other = store.graphs(), store.graphs()
    assert one.base == other.base
    with pytest.raises(StoreError, match="is in use"):
        store.ingest(log)
    del one, other
    with Lock(store.path, write=True, wait=0), pytest.raises(StoreError, match=f"process {os.getpid()}"):
        store.sessions()
    assert store.ingest(log).summary() == "nothing new"


def test_folders_that_are_no_store_are_refused(log: Path, tmp_path: Path) -> None:
    """Neither a folder with other things in it nor a missing one is taken for a store."""
    with pytest.raises(StoreError, match="is no provrdf store"):
        Store(tmp_path / "nothing").sessions()
    other = tmp_path / "other"
    other.mkdir()
    (other / "precious.txt").write_text("x")
    with pytest.raises(StoreError, match="other things in it"):
        Store(other).ingest(log)
    assert [one.name for one in other.iterdir()] == ["precious.txt"]


def test_settings_are_part_of_a_store(log: Path, store: Store) -> None:
    """Another base IRI or time zone is refused, unless everything is made anew."""
    store.ingest(log)
    zone = Config(timezone="Atlantic/Canary")
    with pytest.raises(ConfigError, match=r"timezone: the store .* has UTC"):
        store.ingest(log, config=zone)
    done = store.ingest(log, config=zone, rebuild=True)
    assert len(done.new) == 3
    text = io.BytesIO()
    write_nquads(read(log), text, config=zone)
    assert set(store.nquads()) == set(text.getvalue().decode().splitlines(keepends=True))
    assert store.timezone() == "Atlantic/Canary"


def test_a_model_is_remembered(corpus: Path, tmp_path: Path) -> None:
    """The model of the first time is used the next time; another one makes all sessions anew."""
    from provrdf.model import load_model

    model = load_model(corpus / "lstosa" / "definition_v0.10.18.yaml")
    night = corpus / "lstosa" / "night_small.log"
    growing, store = tmp_path / "prov.log", Store(tmp_path / "store")
    lines = night.read_bytes().splitlines(keepends=True)
    growing.write_bytes(b"".join(lines[:100]))
    store.ingest(growing, model=model)
    growing.write_bytes(b"".join(lines))
    store.ingest(growing)
    text = io.BytesIO()
    write_nquads(read(growing), text, model=model)
    assert set(store.nquads()) == set(text.getvalue().decode().splitlines(keepends=True))


def test_sessions_are_described(log: Path, store: Store) -> None:
    """Counts, times and digests are those of the graphs, also after adding to one."""
    store.ingest(log)
    sessions = {session.key: session for session in store.sessions()}
    assert (sessions["calib"].activities, sessions["run1"].activities) == (2, 2)
    assert (sessions["run1"].started, sessions["run1"].ended) == (
        "2026-11-22T10:05:00Z",
        "2026-11-22T10:08:00Z",
    )
    assert sessions["run1"].quads == store.session_nquads("run1").count(b"\n")
    assert store.session_graphs()["run1"] == "http://provrdf.localhost/graph/run1"
    with pytest.raises(StoreError, match="no session 'run9'"):
        store.session_nquads("run9")
    with pytest.raises(StoreError, match="no session run9"):
        list(store.nquads(["run9"]))
    assert {one.split()[-2] for one in store.nquads(["run1"])} == {"<http://provrdf.localhost/graph/run1>"}


def test_a_store_answers_queries(log: Path, store: Store) -> None:
    """A store can be asked by itself, by its folder, and for the lines that made a node."""
    store.ingest(log)
    assert [row["id"] for row in query(store, "activities", {"name": "rewrite"})] == ["b2"]
    assert (
        len(list(as_graphs(store.path).ask("SELECT ?a { ?a a <http://www.w3.org/ns/prov#Activity> }"))) == 5
    )
    places = store.lines()
    first = next(iter(query(store, "activities")))["activity"]
    assert places[first] == (str(log), 2)


def test_what_sessions_share_counts_once(log: Path, store: Store) -> None:
    """A file that several sessions describe is one file in a query, and stays when one of them forgets it."""
    store.ingest(log)
    text = "SELECT (COUNT(?path) AS ?n) { entity:0000000000000000000000000000001a voprov:location ?path }"
    assert [row["n"] for row in query(store, text)] == [1]
    path = "entity:0000000000000000000000000000001a voprov:location ?path"
    assert len(list(query(store, f"SELECT ?g {{ GRAPH ?g {{ {path} }} }}"))) > 1


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=12)
    | st.binary(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=6) | st.integers(), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(
    data=st.dictionaries(st.text(max_size=8), VALUES, max_size=5),
    time=st.none() | st.text(max_size=8),
    large=st.booleans(),
)
def test_records_are_kept_exactly(data: dict[str, Any], time: str | None, *, large: bool) -> None:
    """Whatever Python values a record holds, it comes back equal, with the same types."""
    if large:
        data = data | {
            "system": {"python": {"packages": [{"name": "x" * 50, "n": number} for number in range(60)]}}
        }
    blocks: dict[str, str] = {}
    record = Record(time, data, "file", 7, ("key",))
    encoder = Encoder(blocks.__setitem__)
    encoded = encoder.encode(record)
    assert "\n" not in encoded
    (back,) = Decoder(blocks.__getitem__).decode([encoded], "file")
    assert repr(back) == repr(record)
    assert bool(blocks) >= large
    assert said(encoder.encode(record._replace(line=8))) == said(encoded)
    assert content(encoder.encode(record._replace(time="2026"))) == content(
        encoder.encode(record._replace(time=None))
    )


def test_the_same_environment_is_kept_once(tmp_path: Path) -> None:
    """The 22 kB that logs repeat with every task take their space once."""
    system = {
        "python": {"version": "3.11", "packages": [{"name": f"p{n}", "version": "1"} for n in range(400)]}
    }
    log = tmp_path / "prov.log"
    session = {"session_id": "s", "name": "s", "startTime": "2026-11-22T10:00:00", "system": system}
    with log.open("w") as stream:
        for minute in range(50):
            stream.write(line(f"10:{minute:02}:00", session))
            stream.writelines(task("s", f"a{minute}", minute, made=f"{minute:x}"))
    store = Store(tmp_path / "store")
    store.ingest(log)
    assert (store.path / "state.sqlite").stat().st_size < 200_000
    assert json.loads(json.dumps(system)) in [record.data.get("system") for record in store.records()]
