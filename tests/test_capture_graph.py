"""Our log and the real one become graphs of the same shape; both forms of our log become the same graph."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

from provrdf import sources
from provrdf.capture import Capture
from provrdf.config import Config
from provrdf.graph import Summary, write_nquads
from provrdf.model import load_model
from test_capture_models import gammapy_log, lstosa_log

__all__ = ["gammapy_log", "lstosa_log"]

EDGES = """
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX voprov: <http://www.ivoa.net/documents/ProvenanceDM/index.html#>
SELECT ?activity ?edge ?role ?entity ?place WHERE {
  { ?a prov:qualifiedUsage ?q . ?q prov:entity ?e . BIND("used" AS ?edge) }
  UNION { ?e prov:qualifiedGeneration ?q . ?q prov:activity ?a . BIND("generated" AS ?edge) }
  ?a voprov:name ?activity . ?q voprov:role ?role .
  OPTIONAL { ?e voprov:name ?entity } OPTIONAL { ?e voprov:location ?place }
}
"""


def store_of(log: Path, model: Path | None = None) -> tuple[pyoxigraph.Store, Summary]:
    """Convert a log to RDF."""
    text = io.BytesIO()
    summary = write_nquads(
        sources.read(log), text, config=Config(), model=load_model(model) if model is not None else None
    )
    store = pyoxigraph.Store()
    store.load(text.getvalue(), format=pyoxigraph.RdfFormat.N_QUADS)
    return store, summary


def edges(store: pyoxigraph.Store, *, places: bool) -> Counter[tuple[str, ...]]:
    """Count the usages and generations of a graph."""
    names = ("activity", "edge", "role", "entity", "place")[: 5 if places else 4]
    rows: Any = store.query(EDGES, use_default_graph_as_union=True)
    return Counter(tuple(row[name].value if row[name] else "" for name in names) for row in rows)


def test_lstosa_graph(lstosa_log: object, corpus: Path, tmp_path: Path) -> None:
    """Same steps use and generate the same files in the same roles; all keys are known."""
    model = corpus / "lstosa" / "definition_v0.10.18.yaml"
    ours, summary = store_of(tmp_path / "prov.log", model)
    theirs, _ = store_of(corpus / "lstosa" / "night_small.log", model)
    assert edges(ours, places=True) == edges(theirs, places=True)
    assert len(edges(ours, places=True)) > 40
    assert not set(summary.unknown) - KEYS_TO_COME


def test_gammapy_graph(gammapy_log: object, corpus: Path, tmp_path: Path) -> None:
    """Same steps use and generate entities of the same names in the same roles."""
    model = corpus / "gammapy" / "definition.yaml"
    ours, summary = store_of(tmp_path / "prov.log", model)
    theirs, _ = store_of(corpus / "gammapy" / "read.log", model)
    assert edges(ours, places=False) == edges(theirs, places=False)
    assert not set(summary.unknown) - KEYS_TO_COME


KEYS_TO_COME = {("session", "batch")}
"""Keys that are told under their own name: what batch jobs say differs from site to site."""


CHANGING = (
    (r"\d{4}-\d\d-\d\dT[\d:.]+Z|\d{8}T\d{12}", "TIME"),
    (r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID"),
    (r"/environment([-/])[0-9a-f]{16}", r"/environment\1HASH"),
    (r"([0-9a-f]{32})-\d+", r"\1"),  # the same object, generated twice by this process
)


@pytest.mark.parametrize("hash_buffer", ["content", "path"])
def test_both_forms_are_one_graph(tmp_path: Path, hash_buffer: str) -> None:
    """A classic log and JSON lines of the same steps differ in nothing but ids and times."""
    (tmp_path / "m.yaml").write_text(
        "activities:\n  step:\n    parameters: [{name: p, value: p}]\n"
        "    usage: [{role: in, entityName: F, value: path}]\n"
        "    generation: [{role: out, entityName: O, value: out}]\n"
        "entities:\n  F: {type: File}\n  O: {type: PythonObject}\n"
    )
    (tmp_path / "file").write_text("x")
    texts = []
    for form in ("classic", "jsonl"):
        capture = Capture(
            tmp_path / "m.yaml", log=tmp_path / f"{form}.log", format=form, git=False, hash_buffer=hash_buffer
        )
        with capture.session("s", id="s"), capture.activity("outer"):
            odd = {"a": "é\n'__PROV__", "b": [1e-07, None, True], "c": {"d": 2}}
            with capture.activity("step", p=odd, path=tmp_path / "file", out="made"):
                pass
        text = io.BytesIO()
        write_nquads(sources.read(tmp_path / f"{form}.log"), text, config=Config())
        plain = text.getvalue().decode()
        for pattern, word in CHANGING:
            plain = re.sub(pattern, word, plain)
        texts.append(sorted(plain.splitlines()))
    assert texts[0] == texts[1]


def test_nesting_and_failure_are_in_the_graph(tmp_path: Path) -> None:
    """What ran inside what, and what failed and why, can be asked."""
    capture = Capture(log=tmp_path / "prov.log", git=False)
    with pytest.raises(KeyError), capture.session("s"), capture.activity("outer"), capture.activity("inner"):
        raise KeyError("no such run")
    store, _ = store_of(tmp_path / "prov.log")
    rows: Any = store.query(
        """PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX px: <https://w3id.org/provrdf/ns#>
        SELECT ?status ?type ?message WHERE {
          ?inner prov:wasInformedBy ?outer ; dcterms:isPartOf ?outer ; px:status ?status ;
                 px:exceptionType ?type ; px:exceptionMessage ?message . }""",
        use_default_graph_as_union=True,
    )
    ((status, kind, message),) = [(row[0].value, row[1].value, row[2].value) for row in rows]
    assert (status, kind, message) == ("failed", "KeyError", "'no such run'")
