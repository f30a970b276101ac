"""Options that several verbs share, and how they become a Config, a Model and Records."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from provrdf.cli.output import say
from provrdf.errors import FormatError, LogError, UsageError

if TYPE_CHECKING:
    from provrdf.config import Config
    from provrdf.model import Model
    from provrdf.records import Record, Reject
    from provrdf.sources import Tally
    from provrdf.store import Store

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

SELECTIONS = ("since", "until", "session", "run", "agent", "activity")
"""Options that select records."""

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
    group.add_argument("--base", metavar="IRI", help="address (IRI) that names begin with, ends with /")
    group.add_argument(
        "--timezone", metavar="ZONE", help="time zone of the times in logs, as Atlantic/Canary"
    )
    group.add_argument("--strict", action="store_true", help=strict)
    group.add_argument(*quiet, action="store_true", help="say nothing but errors")
    group.add_argument(
        "-v", "--verbose", action="store_true", help="say which files are read, and name every line rejected"
    )


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


def sort_inputs(inputs: Iterable[str]) -> tuple[list[str], list[str]]:
    """Tell RDF files from logs, by their names; globs of RDF files become the files that fit.

    Raises
    ------
    FormatError
        When no file fits a glob of RDF files.
    """
    from provrdf.syntaxes import rdf_syntax

    rdf_files: list[str] = []
    logs: list[str] = []
    for path in inputs:
        if path == "-" or not rdf_syntax(path):
            logs.append(path)
        else:
            rdf_files += _files_that_fit(path)
    return rdf_files, logs


def _files_that_fit(path: str) -> list[str]:
    import glob
    import os

    if os.path.exists(path) or not glob.has_magic(path):
        return [path]
    found = sorted(glob.glob(path, recursive=True))
    if not found:
        message = f"no file fits {path}"
        raise FormatError(message)
    return found


def selection_of(args: argparse.Namespace) -> dict[str, Any]:
    """Return the options that select records, of those that were given."""
    return {name: value for name in SELECTIONS if (value := getattr(args, name, None))}


def refuse_selection(args: argparse.Namespace, subject: str) -> None:
    """Refuse options that select records where there are none; an answer about everything would mislead.

    Raises
    ------
    UsageError
        When one was given.
    """
    for name in selection_of(args):
        message = f"--{name} selects the records of logs; {subject} has none"
        raise UsageError(message)


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
    telling = _Telling(args)
    try:
        yield from _selected(args, config, tuple(inputs or inputs_of(args, config)), telling)
    except LogError:
        telling.rejects()
        raise
    if config.strict and telling.rejected:
        raise LogError(telling.summary())
    telling.files()
    telling.rejects()


def _selected(
    args: argparse.Namespace, config: Config, inputs: tuple[str, ...], telling: _Telling
) -> Iterator[Record]:
    """Read the inputs; with selection options twice, as choosing needs."""
    from provrdf.sources import read

    wanted = selection_of(args)
    first = read(inputs, rejects=telling.take, prefix=config.prefix, tally=telling.tally)
    if not wanted:
        return first
    from provrdf.select import select

    if "-" in inputs:  # can be read only once
        return telling.chosen(select(first, **wanted, timezone=config.timezone), wanted)
    readings = iter([first])

    def again() -> Iterator[Record]:
        return next(readings, None) or read(inputs, rejects=_ignore, prefix=config.prefix)

    return telling.chosen(select(again, **wanted, timezone=config.timezone), wanted)


def stored_records(args: argparse.Namespace, store: Store) -> Iterator[Record]:
    """Select among the records that a local store keeps; all of them without a selection."""
    from provrdf.select import select

    wanted = selection_of(args)
    return _Telling(args).chosen(select(store.records, **wanted, timezone=store.timezone()), wanted)


class _Telling:
    """What there is to say of a reading: rejected lines, files.

    Keeps the first rejects and counts the others (a file that is no log must not fill the memory), unless
    ``-v`` asks for all.
    """

    def __init__(self, args: argparse.Namespace) -> None:
        self.rejected = 0
        self.tally: dict[str, Tally] = {}
        self._quiet = getattr(args, "quiet", False)
        self._verbose = getattr(args, "verbose", False)
        self._first: list[Reject] = []

    def take(self, reject: Reject) -> None:
        """Note a line that could not be read."""
        self.rejected += 1
        if self._verbose or self.rejected <= SHOWN_REJECTS:
            self._first.append(reject)

    def chosen(self, records: Iterable[Record], wanted: dict[str, Any]) -> Iterator[Record]:
        """Pass on the records that were selected, and say so when there are none."""
        none = True
        for record in records:
            none = False
            yield record
        if none and not self._quiet:
            options = [
                f"--{name} {one}"
                for name, value in wanted.items()
                for one in ([value] if isinstance(value, str) else value)
            ]
            say(f"nothing was selected: no record fits {' '.join(options)}")

    def summary(self) -> str:
        """Name the first lines and count the others."""
        shown = [str(reject) for reject in self._first]
        if self.rejected > len(shown):
            shown.append(f"and {self.rejected - len(shown)} more (-v names them all)")
        count = "1 line" if self.rejected == 1 else f"{self.rejected} lines"
        return "\n  ".join([f"{count} could not be read:", *shown])

    def rejects(self) -> None:
        """Say which lines could not be read, if any."""
        if self.rejected and not self._quiet:
            say(self.summary())

    def files(self) -> None:
        """Say what each file held, if asked to say more."""
        for name, tally in self.tally.items() if self._verbose else ():
            counts = f"{tally.records} records, {tally.rejected} lines rejected, {tally.other} other lines"
            say(f"read {name}: {counts} ({tally.format})")


def _ignore(_reject: Reject) -> None:
    """Forget a line that was told of before."""
