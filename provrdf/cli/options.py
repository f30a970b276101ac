"""Options that several verbs share, and how they become a Config, a Model and Records."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from provrdf.config import Config

if TYPE_CHECKING:
    from provrdf.model import Model
    from provrdf.records import Record


def add_general(parser: argparse.ArgumentParser) -> None:
    """Options of every verb: configuration, base IRI, time zone, verbosity."""
    group = parser.add_argument_group("general")
    group.add_argument("-c", "--config", metavar="FILE", help="configuration (default: ./provrdf.toml if there)")
    group.add_argument("--base", metavar="IRI", help="base IRI of what is minted, ends with /")
    group.add_argument("--timezone", metavar="ZONE", help="time zone of the times in the logs, such as Atlantic/Canary")
    group.add_argument("--strict", action="store_true", help="stop with exit code 3 when a line was rejected")
    group.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")
    group.add_argument("-v", "--verbose", action="count", default=0, help="say more")


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Options that select records."""
    group = parser.add_argument_group("selection")
    group.add_argument("--since", metavar="TIME", help="from this time on (ISO 8601, or a day)")
    group.add_argument("--until", metavar="TIME", help="before this time")
    for name in ("session", "run", "agent", "activity"):
        group.add_argument(f"--{name}", metavar=name.upper(), action="append", help=f"only this {name} (repeatable)")


def add_inputs(parser: argparse.ArgumentParser, *, nargs: str = "+") -> None:
    """INPUT arguments: logs, folders, globs, RDF files, ``-``."""
    parser.add_argument("inputs", nargs=nargs, metavar="INPUT", help="log, folder, glob, .gz, RDF file or - (standard input)")


def add_model(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """The ``-m MODEL`` option."""
    parser.add_argument("-m", "--model", metavar="FILE", required=required, help="model file (definition.yaml)")


def config_of(args: argparse.Namespace) -> Config:
    """Build the Config from the configuration file, the environment and the flags (flags win)."""
    raise SystemExit("not yet")


def model_of(args: argparse.Namespace) -> Model | None:
    """Load the model file named on the command line or in the configuration."""
    raise SystemExit("not yet")


def records_of(args: argparse.Namespace) -> Iterator[Record]:
    """Read, select and count the records of the inputs; rejected lines are reported on stderr."""
    raise SystemExit("not yet")
