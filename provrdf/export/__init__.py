"""Write provenance in other formats: one module per format, named as the format.

A format is a module of this package, or an entry point in the group ``provrdf.exports``, with

- ``SUMMARY``: one line of help,
- ``SUFFIXES``: the file name endings it goes by,
- ``write(quads, stream, *, base, ...)``: writes sorted quads to a binary stream; further keyword-only
  parameters are the options of the format; it may return remarks for a person.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol, cast

from provrdf.errors import UsageError

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from provrdf.export._quads import Source

GROUP = "provrdf.exports"
"""The entry point group by which other packages add formats."""

__all__ = ["GROUP", "Format", "export", "format_of_path", "formats", "load_format", "options"]


class Format(Protocol):
    """What a module of a format has."""

    SUMMARY: str
    SUFFIXES: Sequence[str]

    def write(
        self, quads: Sequence[Quad], stream: IO[bytes], *, base: str, **options: Any
    ) -> Sequence[str] | None:
        """Write quads, sorted by graph and subject; may return remarks for a person."""


def formats() -> list[str]:
    """List the names of all formats, sorted; no format is loaded for it.

    >>> "turtle" in formats() and "svg" in formats()
    True
    """
    own = {module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")}
    return sorted(own | {point.name for point in entry_points(group=GROUP)})


def load_format(name: str) -> Format:
    """Load a format by name; the formats of this package come before those of others.

    Raises
    ------
    UsageError
        There is no such format.
    """
    if name in {module.name for module in pkgutil.iter_modules(__path__)} and not name.startswith("_"):
        return cast("Format", importlib.import_module(f"{__name__}.{name}"))
    for point in entry_points(group=GROUP, name=name):
        return cast("Format", point.load())
    message = f"no format {name!r}; there are {', '.join(formats())}"
    raise UsageError(message)


def format_of_path(path: str | Path) -> str:
    """Tell the format from the ending of a file name (``.gz`` may follow).

    >>> format_of_path("night.ttl"), format_of_path("night.provn"), format_of_path("night.svg")
    ('turtle', 'provn', 'svg')
    """
    name = Path(path).name.lower().removesuffix(".gz")
    endings = {ending: each for each in formats() for ending in load_format(each).SUFFIXES}
    for ending in sorted(endings, key=len, reverse=True):
        if name.endswith(ending):
            return endings[ending]
    message = f"no format known for {Path(path).name!r}; endings known are {' '.join(sorted(endings))}"
    raise UsageError(message)


def options(name: str) -> dict[str, inspect.Parameter]:
    """List the options of a format: the keyword-only parameters of its ``write``, without ``base``."""
    parameters = inspect.signature(load_format(name).write, eval_str=True).parameters
    return {key: each for key, each in parameters.items() if each.kind is each.KEYWORD_ONLY and key != "base"}


def export(
    dataset: Source,
    format: str,  # noqa: A002  the word for it everywhere
    stream: IO[bytes],
    *,
    base: str | None = None,
    **given: Any,
) -> tuple[str, ...]:
    """Write a dataset in a format.

    Parameters
    ----------
    dataset : rdflib.Dataset, pyoxigraph.Store, pyoxigraph.Dataset, N-Quads bytes, or iterable of quads
        What to write. The order does not matter: the same quads give the same bytes.
    format : str
        Name of a format, see `formats`.
    stream : binary file
        Where to write.
    base : str, optional
        Base IRI of the data, for short names; found in the data when not given.
    **given
        Options of the format, see `options`.

    Returns
    -------
    tuple of str
        Remarks for a person: what a picture leaves out.

    Raises
    ------
    UsageError
        There is no such format or option.
    FormatError
        The data cannot be written in this format, or not on this machine.
    """
    from provrdf.export._quads import find_base, sorted_quads

    writer = load_format(format)
    chosen = {key: _checked(format, key, value) for key, value in given.items()}
    quads = sorted_quads(dataset)
    remarks = writer.write(quads, stream, base=base or find_base(quads), **chosen)
    return tuple(remarks or ())


def _checked(name: str, key: str, value: object) -> object:
    """Check an option; a number stands for text where text is wanted: logged ids often are numbers."""
    known = options(name)
    if key not in known:
        message = f"format {name!r} has no option {key!r}; it has {', '.join(sorted(known)) or 'none'}"
        raise UsageError(message)
    kind = known[key].annotation
    if kind is inspect.Parameter.empty or isinstance(value, kind):
        return value
    if isinstance(value, int) and isinstance("", kind):
        return str(value)
    wanted = str(getattr(kind, "__name__", kind)).replace(" | None", "")
    words = {"int": "a number", "str": "text", "bool": "true or false"}.get(wanted, wanted)
    message = f"option {key!r} of format {name!r} is {value!r}, but it must be {words}"
    raise UsageError(message)
