"""The tree of errors: what can go wrong, and the exit code each kind gives.

::

    ProvRdfError
    ├── UsageError          the command or call does not make sense             exit 2
    ├── ConfigError         provrdf.toml, flags or environment                  exit 2
    ├── ModelError          the model file (definition.yaml)                    exit 2
    ├── QueryError          a query that cannot be read or is not allowed       exit 2
    ├── LogError            a log that cannot be read, or rejected records      exit 3
    ├── FormatError         a format that cannot be read or written             exit 3
    ├── StoreError          the local store on disk                             exit 3
    ├── OutputError         a result that cannot be written, as on a full disk  exit 3
    ├── PublishError        publishing failed, the remote store is unchanged    exit 4
    └── PublishHaltedError  publishing stopped half-way and can be resumed      exit 5

A rule that data breaks is not an error: it is a Result in a Report (exit 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Problem(NamedTuple):
    """One mistake with its place: ``file:line: what, what would be right``."""

    message: str
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        if self.file is None:
            return self.message
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}"


class ProvRdfError(Exception):
    """Base of all errors raised on purpose; says what, where, and what would be right.

    Parameters
    ----------
    message : str
        What went wrong, in plain words.
    file, line : optional
        Where; shown as ``file:line: message``.
    problems : sequence of Problem
        All mistakes found at once, when there are several.
    """

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        problems: Sequence[Problem] = (),
    ) -> None:
        self.message = message
        self.problems = tuple(problems)
        self.problem = Problem(message, file, line)
        super().__init__(message)

    def __str__(self) -> str:
        return "\n".join([str(self.problem), *(f"  {problem}" for problem in self.problems)])


class UsageError(ProvRdfError):
    """The command line or call does not make sense."""


class ConfigError(ProvRdfError):
    """A configuration file, flag or environment variable is wrong."""


class ModelError(ProvRdfError):
    """The model file (definition.yaml) is wrong; lists every mistake."""


class QueryError(ProvRdfError):
    """A query cannot be read, or asks for something that is not allowed."""


class LogError(ProvRdfError):
    """A log cannot be read, or has rejected records in strict mode."""

    exit_code = 3


class FormatError(ProvRdfError):
    """A format cannot be read or written."""

    exit_code = 3


class StoreError(ProvRdfError):
    """The local store on disk cannot be opened, read or written."""

    exit_code = 3


class OutputError(ProvRdfError):
    """A result cannot be written: the disk is full, for instance."""

    exit_code = 3


class PublishError(ProvRdfError):
    """Publishing failed; the remote store is as it was."""

    exit_code = 4


class PublishHaltedError(PublishError):
    """Publishing stopped half-way; the same command resumes it."""

    exit_code = 5
