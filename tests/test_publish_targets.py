"""Other places to publish to: a folder of files, an Oxigraph store on disk, and plug-ins."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pyoxigraph
import pytest

from provrdf.errors import ConfigError, PublishError, StoreError
from provrdf.publish.catalog import CatalogSettings
from provrdf.publish.targets import GROUP, Target, target
from provrdf.publish.targets.directory import DirectoryTarget
from provrdf.publish.targets.oxigraph import OxigraphTarget, open_store
from provrdf.publish.verifying import comparable
from provrdf.vocab import PROVRDF
from published import BASE, graphs

SETTINGS = CatalogSettings(BASE)


@pytest.fixture(params=["directory", "oxigraph"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Target]:
    """Return what opens a target, again and again."""
    if request.param == "directory":
        return lambda: DirectoryTarget(tmp_path / "files")
    return lambda: OxigraphTarget(tmp_path / "store", tmp_path / "state")


def test_again_and_changed(place: Callable[[], Target]) -> None:
    """As with a server: the same is unchanged, one change is one, what returns is described once."""
    counts = []
    for tag in ("a", "a", "b", "a"):
        with graphs({"s1": tag, "s2": ""}) as found:
            receipt = place().publish(found, SETTINGS)
            assert receipt.exit_code == 0
            counts.append(receipt.counts)
    assert counts == [
        {"published": 2},
        {"unchanged": 2},
        {"published": 1, "unchanged": 1},
        {"published": 1, "unchanged": 1},
    ]


def test_a_session_called_like_the_catalog(place: Callable[[], Target]) -> None:
    """It would overwrite the catalog, so it is refused; another name for the catalog helps."""
    with graphs(["catalog"]) as found:
        with pytest.raises(ConfigError, match="--catalog"):
            place().publish(found, SETTINGS)
        other = CatalogSettings(BASE, graph=f"{BASE}graph/our-catalog")
        assert place().publish(found, other).counts == {"published": 1}


def test_the_files_are_what_they_say(tmp_path: Path) -> None:
    """Each file's SHA-256 is in its name and the catalog; the TriG holds the catalog and what is current."""
    with graphs({"s1": "a", "s2": ""}) as found:
        DirectoryTarget(tmp_path).publish(found, SETTINGS)
    with graphs({"s1": "b"}) as found:
        DirectoryTarget(tmp_path).publish(found, SETTINGS)
        (graph,) = found
        wanted = {comparable(statement) for statement in graph.content.statements()}
    catalog = (tmp_path / "catalog.nt").read_text()
    files = sorted((tmp_path / "graphs").iterdir())
    assert len(files) == 3
    for file in files:
        digest = hashlib.sha256(gzip.decompress(file.read_bytes())).hexdigest()
        assert digest[:32] in file.name
        assert digest in catalog
    store = pyoxigraph.Store()
    store.load(path=str(tmp_path / "current.trig"))
    current = pyoxigraph.NamedNode(PROVRDF.current)
    (link,) = store.quads_for_pattern(pyoxigraph.NamedNode(graph.name), current, None)
    assert link.object.value == graph.published
    assert len(list(store.quads_for_pattern(None, None, None, link.object))) == len(wanted)
    assert len(list(store.named_graphs())) == 3


def test_a_damaged_file_is_written_again(tmp_path: Path) -> None:
    """A file that does not hold what its name says is not believed."""
    with graphs({"s1": "a"}) as found:
        (graph,) = found
        file = tmp_path / "graphs" / f"s1--{graph.content.digest[:32]}.nt.gz"
        file.parent.mkdir()
        file.write_bytes(gzip.compress(b"<http://x/s> <http://x/p> <http://x/o> .\n"))
        assert DirectoryTarget(tmp_path).publish(found, SETTINGS).counts == {"published": 1}
        assert gzip.decompress(file.read_bytes()) == b"".join(graph.content)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """Exit code 4 and the name of the place."""
    (tmp_path / "file").write_text("")
    with graphs({"s1": "a"}) as found, pytest.raises(PublishError, match="nothing was changed"):
        DirectoryTarget(tmp_path / "file").publish(found, SETTINGS)


def test_a_store_that_is_open_elsewhere(tmp_path: Path) -> None:
    """The message says what to look for."""
    kept = open_store(tmp_path / "store")
    with pytest.raises(StoreError, match="is a server running on it"):
        open_store(tmp_path / "store")
    del kept


def test_public_names() -> None:
    """Every public name of the package is where it says."""
    from provrdf import publish

    assert all(getattr(publish, name).__name__ == name for name in publish.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        publish.nothing  # noqa: B018


def test_plug_ins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A target of another package is found by its entry point; a misspelt name gets a suggestion."""
    point = metadata.EntryPoint("files", "provrdf.publish.targets.directory:open_target", GROUP)
    monkeypatch.setattr(metadata, "entry_points", lambda group: [point] if group == GROUP else [])
    assert target("files", str(tmp_path)) == DirectoryTarget(tmp_path)
    assert target("directory", str(tmp_path)) == DirectoryTarget(tmp_path)
    with pytest.raises(ConfigError, match="directory"):
        target("directori", str(tmp_path))
