"""Provenance logs of observatory pipelines as checked, published linked data.

The public names are loaded when first used: ``import provrdf`` alone loads nothing, so that a pipeline that
only captures provenance pays for nothing else.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from provrdf.config import Config, load_config
    from provrdf.errors import ProvRdfError
    from provrdf.export import export
    from provrdf.graph import to_dataset, write_nquads
    from provrdf.inverse import to_records
    from provrdf.lineage import lineage
    from provrdf.model import Model, load_model
    from provrdf.query import query
    from provrdf.records import Record
    from provrdf.report import Report
    from provrdf.select import select
    from provrdf.shapes import shapes_of
    from provrdf.sources import read
    from provrdf.store import Store
    from provrdf.validate import validate

_HOMES = {
    "Config": "config",
    "Model": "model",
    "ProvRdfError": "errors",
    "Record": "records",
    "Report": "report",
    "Store": "store",
    "export": "export",
    "lineage": "lineage",
    "load_config": "config",
    "load_model": "model",
    "query": "query",
    "read": "sources",
    "select": "select",
    "shapes_of": "shapes",
    "to_dataset": "graph",
    "to_records": "inverse",
    "validate": "validate",
    "write_nquads": "graph",
}

__all__ = [
    "Config",
    "Model",
    "ProvRdfError",
    "Record",
    "Report",
    "Store",
    "export",
    "lineage",
    "load_config",
    "load_model",
    "query",
    "read",
    "select",
    "shapes_of",
    "to_dataset",
    "to_records",
    "validate",
    "write_nquads",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module (PEP 562)."""
    import importlib

    if name not in _HOMES:
        message = f"module 'provrdf' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"provrdf.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Keeps ``provrdf.query`` the function when the module ``provrdf.query`` is imported.

    Python would put the module over the function of the same name. ``from provrdf.query import ...`` still
    finds the module.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
