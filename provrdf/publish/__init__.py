"""Publishing: sessions go to a triple store as immutable, verified graphs behind one small pointer.

Reading order: :mod:`.content` (what is published), :mod:`.catalog` (what is said about it),
:mod:`.protocol` (the steps for one graph), :mod:`.targets` (where it can go).
"""

from __future__ import annotations

import importlib
from typing import Any

_PUBLIC = {
    "Capabilities": "provrdf.publish.profiles",
    "CatalogSettings": "provrdf.publish.catalog",
    "Credentials": "provrdf.publish.credentials",
    "Endpoint": "provrdf.publish.client",
    "PublishedGraphs": "provrdf.publish.reading",
    "Receipt": "provrdf.publish.receipt",
    "SessionGraph": "provrdf.publish.content",
    "SparqlClient": "provrdf.publish.client",
    "Target": "provrdf.publish.targets",
    "collect": "provrdf.publish.content",
    "connect": "provrdf.publish.reading",
    "remote_graphs": "provrdf.publish.reading",
}

__all__ = sorted(_PUBLIC)  # noqa: PLE0605  one table feeds both


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(_PUBLIC[name]), name)
