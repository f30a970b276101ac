"""Where graphs can be published to. A target is anything with this one method; each lives in its own module.

Other packages add targets as entry points of the group ``provrdf.targets``: the name is what stands before
the colon in ``--target NAME:PLACE``, the value is called with the place and returns a :class:`Target`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from importlib import metadata
from typing import Protocol

from provrdf.errors import ConfigError
from provrdf.publish.catalog import CatalogSettings
from provrdf.publish.content import SessionGraph
from provrdf.publish.receipt import Receipt
from provrdf.spelling import did_you_mean

GROUP = "provrdf.targets"
_BUILT_IN = ("directory", "oxigraph")

Progress = Callable[[SessionGraph, int], None]
"""Told how many bytes of a graph went out."""


class Target(Protocol):
    """Somewhere graphs can be published to."""

    def publish(
        self,
        graphs: Sequence[SessionGraph],
        settings: CatalogSettings,
        *,
        progress: Progress | None = None,
    ) -> Receipt:
        """Publish graphs: afterwards each is there whole, or as it was before.

        Parameters
        ----------
        graphs : sequence of SessionGraph
            What to publish; shared graphs stand first.
        settings : CatalogSettings
            What the catalog says about them.
        progress : callable, optional
            Told of every piece that went out.
        """


def target(name: str, place: str) -> Target:
    """Return the target of a name at a place, such as ``directory`` and a folder.

    Raises
    ------
    ConfigError
        There is no target of that name.
    """
    if name in _BUILT_IN:
        module = importlib.import_module(f"{__name__}.{name}")
        return module.open_target(place)  # type: ignore[no-any-return]
    plugins = {point.name: point for point in metadata.entry_points(group=GROUP)}
    if name not in plugins:
        message = f"the target {name!r} is not known, {did_you_mean(name, [*_BUILT_IN, *plugins])}"
        raise ConfigError(message)
    return plugins[name].load()(place)  # type: ignore[no-any-return]
