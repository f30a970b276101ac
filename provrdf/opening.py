"""Make something that can be asked of whatever a caller has: files, a store, a dataset."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provrdf.config import Config
from provrdf.graphsource import GraphSource, LocalGraphs, base_of, graphs_of_inputs
from provrdf.rdfinput import load_stream, rdf_syntax

if TYPE_CHECKING:
    from provrdf.model import Model
    from provrdf.records import Record


def as_graphs(source: Any, *, config: Config | None = None, model: Model | None = None) -> GraphSource:
    """Make a graph source of whatever a caller has.

    Parameters
    ----------
    source : GraphSource, rdflib.Dataset, rdflib.Graph, pyoxigraph.Store, Store, path or list of paths
        Paths may name logs, RDF files and folders of a local store.
    config, model : optional
        As for `provrdf.to_dataset`, used for logs.
    """
    if hasattr(source, "ask") and hasattr(source, "links"):
        return source  # type: ignore[no-any-return]
    if hasattr(source, "graphs") and hasattr(source, "ingest"):
        return source.graphs()  # type: ignore[no-any-return]
    if hasattr(source, "quads_for_pattern"):
        return LocalGraphs(source, base=base_of(source) or (config or Config()).base)
    if hasattr(source, "serialize"):
        return _from_rdflib(source, config or Config())
    paths = [source] if isinstance(source, (str, Path)) else list(source)
    return _from_paths(paths, config, model)


def _from_rdflib(dataset: Any, config: Config) -> LocalGraphs:
    import pyoxigraph

    store = pyoxigraph.Store()
    text = dataset.serialize(format="nquads" if hasattr(dataset, "quads") else "nt", encoding="utf-8")
    load_stream(store, io.BytesIO(text), syntax="nquads", base=config.base)
    return LocalGraphs(store, base=base_of(store) or config.base)


def _from_paths(paths: list[str | Path], config: Config | None, model: Model | None) -> GraphSource:
    from provrdf.sources import read
    from provrdf.store import Store, is_store

    if len(paths) == 1 and is_store(paths[0]):
        return Store(paths[0]).graphs()
    rdf_files = [path for path in paths if rdf_syntax(path)]
    logs = [path for path in paths if path not in rdf_files]
    records: Iterable[Record] = read(logs) if logs else ()
    return graphs_of_inputs(rdf_files, records, config=config, model=model)
