"""Where Records come from: log files in several formats, one module per format.

A format is a module of this package named after it, with two functions: ``matches(head, prefixes)`` tells
from the beginning of a file whether it is of that format, ``read(log)`` yields its records. Adding a module
adds the format; there is no list to edit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import chain
from typing import Any

from provrdf._payload import Reason
from provrdf.errors import LogError, Problem, UsageError
from provrdf.records import PREFIXES, Record, Reject
from provrdf.sources._files import NothingThereError, Place, Source, damages, opened, places
from provrdf.sources._log import Log, Tally

__all__ = ["Reason", "Reject", "Tally", "formats", "read"]

_FALLBACK = "provlog"  # any text can be a log whose first record comes late
_SHOWN = 20  # rejected lines in the message of strict reading


def formats() -> list[str]:
    """Name the formats that can be read."""
    files = chain.from_iterable(os.listdir(folder) for folder in __path__)  # pkgutil takes long to load
    names = {name.partition(".")[0] for name in files if name.endswith((".py", ".pyc"))}
    return sorted(name for name in names if not name.startswith("_"))


def read(
    source: Source | Iterable[Source],
    *,
    rejects: list[Reject] | Callable[[Reject], None] | None = None,
    strict: bool = False,
    prefix: str | None = None,
    format: str | None = None,  # noqa: A002 (the word that users know)
    tally: dict[str, Tally] | None = None,
) -> Iterator[Record]:
    """Read the provenance records of logs, one at a time.

    The files are looked up at once, and read while the records are taken: a log of any size needs little
    memory. Files are read one after the other (those of a folder or glob sorted by name), each in the order
    of its lines. A line that cannot be read costs that line only; other messages of the same log are
    passed over.

    Parameters
    ----------
    source : path or iterable of paths
        Files, folders (logs in them, recursively), globs, ``-`` for standard input; gzip is recognised.
    rejects : list or callable, optional
        Takes the lines that carry provenance and cannot be read; by default they are logged as warnings.
    strict : bool
        Raise LogError when there were such lines: at the end, when all that can be read has been.
    prefix : str, optional
        Marker before and after the time (``PREFIX`` of logger.yaml); default: ``__PROV__`` or ``_PROV_``.
    format : str, optional
        One of `formats`; default: recognised from the beginning of each file.
    tally : dict, optional
        Filled with file name -> `Tally`.

    Returns
    -------
    iterator of Record

    Raises
    ------
    LogError
        For a source that does not exist, cannot be opened or is no text; and at the end for files without
        a single record (those that were named: in a folder or glob one of them must have some). A file that
        cannot be read is never passed over.

    Examples
    --------
    >>> for record in read("prov.log"):  # doctest: +SKIP
    ...     print(record.line, record.data["activity_id"])
    """
    if format is not None and format not in formats():
        message = f"no format {format!r}: one of {', '.join(formats())}"
        raise UsageError(message)
    sink = _warn if rejects is None else rejects.append if isinstance(rejects, list) else rejects
    reading = _Reading(sink, prefix, format, {} if tally is None else tally)
    found = places(source)
    return chain.from_iterable(reading.parts(found, strict=strict))


def _warn(reject: Reject) -> None:
    import logging

    place = f"{reject.file}:{reject.line}"
    logging.getLogger("provrdf").warning("%s: line could not be read: %s", place, reject.reason)


class _Reading:
    """One call of `read`: its options, and what it has met."""

    def __init__(
        self,
        sink: Callable[[Reject], None],
        prefix: str | None,
        format_name: str | None,
        tally: dict[str, Tally],
    ) -> None:
        self._sink = sink
        self._prefixes = (prefix,) if prefix else PREFIXES
        self._format = format_name
        self._tally = tally
        self._rejected: list[Problem] = []
        self._barren: dict[str, LogError] = {}  # by file: what kept it from being read

    def parts(self, found: list[Place], *, strict: bool) -> Iterator[Iterable[Record]]:
        """Yield the records of each file, then raise what there is to raise."""
        for place in found:
            yield self._file(place)
        named = {place.name for place in found if place.named}
        serious = [
            error
            for name, error in self._barren.items()
            if name in named or not isinstance(error, NothingThereError)
        ]
        if serious or (self._barren and len(self._barren) == len(found)):
            raise _joined(serious or list(self._barren.values()))
        if strict and (count := sum(one.rejected for one in self._tally.values())):
            lines = "1 line" if count == 1 else f"{count} lines"
            message = f"{lines} could not be read"
            raise LogError(message, problems=self._rejected)

    def _file(self, place: Place) -> Iterator[Record]:
        """Yield the records of one file; if there is none, remember why."""
        try:
            with opened(place) as (head, lines):
                module = self._module(head, place)
                tally = self._tally[place.name] = Tally(format=module.__name__.rpartition(".")[2])
                log = Log(place.name, lines, prefixes=self._prefixes, sink=self._reject, tally=tally)
                yield from module.read(log)
                if not tally.records:
                    self._barren[place.name] = _without_records(log)
        except LogError as error:
            self._barren[place.name] = error
        except damages() as error:
            message = f"{place.name}: cannot be read to the end: {str(error).lower()}"
            self._barren[place.name] = LogError(message)

    def _module(self, head: bytes, place: Place) -> Any:
        """Return the module of the format of a file."""
        if self._format:
            return import_module(f"{__name__}.{self._format}")
        text = head.decode("utf-8", "replace")
        for name in formats():
            module = import_module(f"{__name__}.{name}")
            if module.matches(text, self._prefixes):
                return module
        return import_module(f"{__name__}.{_FALLBACK}")

    def _reject(self, reject: Reject) -> None:
        if len(self._rejected) < _SHOWN:
            self._rejected.append(Problem(str(reject.reason), reject.file, reject.line))
        self._sink(reject)


def _without_records(log: Log) -> LogError:
    """Say why a file gave no record, and what would be right."""
    if log.tally.rejected:
        lines = "the only provenance line in it could not be read"
        if log.tally.rejected > 1:
            lines = f"none of the {log.tally.rejected} provenance lines in it could be read"
        return LogError(f"{log.name}: {lines}")
    message = f"{log.name}: no provenance record in it"
    expected = " or ".join(map(repr, log.prefixes))
    if log.seen_prefix:
        seen = repr(log.seen_prefix)
        return LogError(
            f"{message}: its lines are marked {seen}, not {expected}; set prefix = {seen} in provrdf.toml"
        )
    return NothingThereError(
        f"{message}: no line is marked {expected}, and it is no JSON or other format that is known"
    )


def _joined(errors: list[LogError]) -> LogError:
    if len(errors) == 1:
        return errors[0]
    return LogError(f"{len(errors)} files could not be read", problems=[error.problem for error in errors])
