"""Options that several verbs share, and how they become a Config, a Model and Records."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from provrdf.cli.output import say
from provrdf.errors import LogError, UsageError

if TYPE_CHECKING:
    from provrdf.config import Config
    from provrdf.model import Model
    from provrdf.records import Record, Reject

FLAGS = {
    "base": "base",
    "timezone": "timezone",
    "strict": "strict",
    "model": "model",
    "store": "store",
    "prefix": "prefix",
    "rules": "validate.rules",
    "fail_on": "validate.fail_on",
    "only": "validate.only",
    "skip": "validate.skip",
    "baseline": "validate.baseline",
    "max_per_check": "validate.max_per_check",
    "engine": "validate.engine",
    "endpoint": "publish.endpoint",
    "update_url": "publish.update_url",
    "gsp_url": "publish.gsp_url",
    "catalog": "publish.catalog",
    "profile": "publish.profile",
}
"""Name of an option among the parsed arguments -> the key of the configuration that it sets."""

SHOWN_REJECTS = 10


def add_general(
    parser: argparse.ArgumentParser,
    *,
    strict: str = "stop with exit code 3 when a line was rejected",
    quiet: Sequence[str] = ("-q", "--quiet"),
) -> None:
    """Add the options of every verb: configuration, base IRI, time zone, verbosity.

    `strict` is the help of ``--strict``, which some verbs understand in a way of their own; `quiet` are the
    names of ``--quiet``, for the verb where ``-q`` is the query.
    """
    group = parser.add_argument_group("general")
    group.add_argument(
        "-c", "--config", metavar="FILE", help="configuration (default: ./provrdf.toml if there)"
    )
    group.add_argument("--base", metavar="IRI", help="base IRI of what is minted, ends with /")
    group.add_argument(
        "--timezone", metavar="ZONE", help="time zone of the times in logs, as Atlantic/Canary"
    )
    group.add_argument("--strict", action="store_true", help=strict)
    group.add_argument(*quiet, action="store_true", help="say nothing but errors")
    group.add_argument("-v", "--verbose", action="count", default=0, help="say more")


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Add the options that select records."""
    group = parser.add_argument_group("selection")
    group.add_argument("--since", metavar="TIME", help="from this time on (ISO 8601, or a day)")
    group.add_argument("--until", metavar="TIME", help="before this time")
    for name in ("session", "run", "agent", "activity"):
        group.add_argument(
            f"--{name}", metavar=name.upper(), action="append", help=f"only this {name} (repeatable)"
        )


def add_inputs(parser: argparse.ArgumentParser, *, nargs: str = "+") -> None:
    """Add the INPUT arguments: logs, folders, globs, RDF files, ``-``."""
    parser.add_argument(
        "inputs", nargs=nargs, metavar="INPUT", help="log, folder, glob, .gz, RDF file or - (standard input)"
    )


def add_model(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Add the option ``-m MODEL``."""
    parser.add_argument(
        "-m", "--model", metavar="FILE", required=required, help="model file (definition.yaml)"
    )


def config_of(args: argparse.Namespace, *, config: str | None = None) -> Config:
    """Build the Config from the configuration file, the environment and the flags (flags win).

    Parameters
    ----------
    args : argparse.Namespace
        Parsed arguments; options that a verb does not have count as not given.
    config : str, optional
        Configuration file, for the verb that takes it as an argument; default: that of ``-c``.
    """
    from provrdf.config import load_config

    return load_config(config or getattr(args, "config", None), overrides=_overrides(args))


def _overrides(args: argparse.Namespace) -> dict[str, Any]:
    """Take what the flags say; a switch that is off says nothing."""
    given = ((key, getattr(args, name, None)) for name, key in FLAGS.items())
    return {key: value for key, value in given if value is not None and value is not False}


def model_of(args: argparse.Namespace, config: Config | None = None) -> Model | None:
    """Load the model file named on the command line or in the configuration; None when there is none."""
    config = config or config_of(args)
    if config.model is None:
        return None
    from provrdf.model import load_model

    return load_model(config.model)


def inputs_of(args: argparse.Namespace, config: Config) -> Sequence[str]:
    """Return the inputs of the command line, else those of the configuration.

    Raises
    ------
    UsageError
        When there are none.
    """
    inputs = getattr(args, "inputs", None) or config.inputs
    if not inputs:
        raise UsageError("no input: name a log, a folder or a glob, or set 'inputs' in provrdf.toml")
    return tuple(inputs)


def records_of(
    args: argparse.Namespace, config: Config | None = None, *, inputs: Sequence[str] | None = None
) -> Iterator[Record]:
    """Read and select the records of the inputs, lazily.

    At the end, a summary of the lines that could not be read goes to stderr.

    Parameters
    ----------
    args : argparse.Namespace
        Parsed arguments.
    config : Config, optional
        Default: `config_of` the arguments.
    inputs : sequence of str, optional
        What to read; default: `inputs_of` the arguments.

    Raises
    ------
    LogError
        At the end, with ``--strict``, when a line could not be read.
    """
    config = config or config_of(args)
    rejects = _Rejects()
    try:
        yield from _selected(args, config, tuple(inputs or inputs_of(args, config)), rejects)
    except LogError:
        rejects.tell(quiet=getattr(args, "quiet", False))
        raise
    if config.strict and rejects.total:
        raise LogError(rejects.summary())
    rejects.tell(quiet=getattr(args, "quiet", False))


def _selected(
    args: argparse.Namespace, config: Config, inputs: tuple[str, ...], rejects: _Rejects
) -> Iterator[Record]:
    """Read the inputs; with selection options twice, as choosing needs."""
    from provrdf.sources import read

    names = ("since", "until", "session", "run", "agent", "activity")
    wanted = {name: value for name in names if (value := getattr(args, name, None))}
    first = read(inputs, rejects=rejects.take, prefix=config.prefix)
    if not wanted:
        return first
    from provrdf.select import select

    if "-" in inputs:  # can be read only once
        return select(first, **wanted, timezone=config.timezone)
    readings = iter([first])

    def again() -> Iterator[Record]:
        return next(readings, None) or read(inputs, rejects=_ignore, prefix=config.prefix)

    return select(again, **wanted, timezone=config.timezone)


class _Rejects:
    """Keeps the first rejects and counts the others: a file that is no log must not fill the memory."""

    def __init__(self) -> None:
        self.total = 0
        self._first: list[Reject] = []

    def take(self, reject: Reject) -> None:
        """Note a line that could not be read."""
        self.total += 1
        if self.total <= SHOWN_REJECTS:
            self._first.append(reject)

    def summary(self) -> str:
        """Name the first lines and count the others."""
        shown = [str(reject) for reject in self._first]
        if self.total > len(shown):
            shown.append(f"and {self.total - len(shown)} more")
        count = "1 line" if self.total == 1 else f"{self.total} lines"
        return "\n  ".join([f"{count} could not be read:", *shown])

    def tell(self, *, quiet: bool) -> None:
        """Say which lines could not be read, if any."""
        if self.total and not quiet:
            say(self.summary())


def _ignore(_reject: Reject) -> None:
    """Forget a line that was told of before."""
