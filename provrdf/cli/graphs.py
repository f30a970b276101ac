"""Options that say what to ask, a log, RDF files, a local store or an endpoint, and how they are opened."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from provrdf.cli.options import (
    add_general,
    add_model,
    add_selection,
    config_of,
    model_of,
    records_of,
    refuse_selection,
    selection_of,
    sort_inputs,
    stored_records,
)
from provrdf.errors import UsageError

if TYPE_CHECKING:
    from provrdf.config import Config
    from provrdf.graphsource import GraphSource


def add_graphs(parser: argparse.ArgumentParser, *, quiet: Sequence[str] = ("-q", "--quiet")) -> None:
    """Add ``--store``, ``--endpoint``, the model and what belongs to reading logs."""
    group = parser.add_argument_group("what to ask, instead of INPUT")
    group.add_argument("--store", metavar="DIR", help="local store, as made by provrdf ingest")
    group.add_argument("--endpoint", metavar="URL", help="SPARQL endpoint, as filled by provrdf publish")
    add_model(parser)
    add_selection(parser)
    add_general(parser, quiet=quiet)


def graphs_of(args: argparse.Namespace, inputs: Sequence[str], config: Config | None = None) -> GraphSource:
    """Open what the arguments say: inputs, ``--store`` or ``--endpoint``, else what is configured.

    Raises
    ------
    UsageError
        When nothing or more than one thing was named.
    """
    config = config or config_of(args)
    named = [bool(inputs), args.store is not None, args.endpoint is not None]
    if sum(named) > 1:
        raise UsageError("name inputs, --store or --endpoint: only one of them can be asked at a time")
    if args.endpoint is not None:
        refuse_selection(args, "an endpoint")
        return _remote(config)
    if args.store is not None or (not inputs and config.store is not None):
        return _stored(args, config)
    return _read(args, list(inputs or config.inputs), config)


def _stored(args: argparse.Namespace, config: Config) -> GraphSource:
    """Open a local store; a selection of it is mapped anew from the records that it keeps."""
    from provrdf.store import Store

    store = Store(args.store or str(config.store))
    graphs = store.graphs()
    if not selection_of(args):
        return graphs
    from provrdf.config import Config
    from provrdf.graphsource import graphs_of_inputs
    from provrdf.validate.stored import StoredSessions

    model = model_of(args, config) or StoredSessions(store).model()
    settings = Config(base=graphs.base, timezone=store.timezone())
    return graphs_of_inputs((), stored_records(args, store), config=settings, model=model)


def _remote(config: Config) -> GraphSource:
    from provrdf.publish.reading import remote_graphs

    return remote_graphs(config)


def _read(args: argparse.Namespace, inputs: list[str], config: Config) -> GraphSource:
    from provrdf.graphsource import graphs_of_inputs

    if not inputs:
        raise UsageError("nothing to ask: name a log, an RDF file, --store DIR or --endpoint URL")
    rdf_files, logs = sort_inputs(inputs)
    if rdf_files:
        refuse_selection(args, rdf_files[0])
    records = records_of(args, config, inputs=logs) if logs else iter(())
    return graphs_of_inputs(rdf_files, records, config=config, model=model_of(args, config))
