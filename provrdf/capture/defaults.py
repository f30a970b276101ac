"""The captures of pipelines that configure none: found from files beside the package.

Every package has its own model file, as lstosa, lstchain and ctapipe would; all of them share one
session, and one log when the site configures one.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from provrdf.capture.control import Capture
from provrdf.capture.family import FAMILY

if TYPE_CHECKING:
    from provrdf.capture.settings import Settings

CONFIG = "PROVRDF_CONFIG"

_BESIDE = ("", "config", "provenance", os.path.join("provenance", "config"))
_FILES = {"model": "definition", "logger": "logger", "environment": "environment"}
_SITE = ("provrdf.toml", "pyproject.toml")
_CAPTURE_TABLE = rb"(?m)^\s*(?:\[\s*(?:tool\.provrdf\.)?capture\b|capture\s*[.=])"


class Defaults:
    """Finds the capture of a function that was decorated without one."""

    def __init__(self) -> None:
        self._given: Capture | None = None
        self._by_module: dict[str, Capture | None] = {}
        self._by_files: dict[tuple[Any, ...], Capture] = {}

    def configure(self, capture: Capture | None) -> None:
        """Use one capture for everything, from the next call on; None looks for the files again."""
        self._given = capture
        self._by_module.clear()
        self._by_files.clear()
        FAMILY.changed()

    def find(self, function: Callable[..., Any]) -> Capture | None:
        """Return the capture of a function; None when nothing is configured."""
        return self.of_module(getattr(function, "__module__", None) or "__main__")

    def of_module(self, module: str) -> Capture | None:
        """Return the capture of a module."""
        if self._given is not None:
            return self._given
        if module not in self._by_module:
            self._by_module.setdefault(module, self._discover(module))
        return self._by_module[module]

    def _discover(self, module: str) -> Capture | None:
        folders = list(_folders(module))
        site = _site_file(folders)
        beside = _beside(folders)
        if "model" not in beside and not _speaks_of_capture(site):
            return None
        found = (site, *sorted(beside.items()))
        if found not in self._by_files:
            capture = Capture(config=functools.partial(_settings, site, beside))
            self._by_files.setdefault(found, capture)
        return self._by_files[found]


DEFAULTS = Defaults()
"""One per process: decorators without a capture ask it."""


def _settings(site: str | None, beside: Mapping[str, str]) -> Settings:
    """Read what was found; what the site says wins over what the package brings."""
    from provrdf.capture.settings import Settings, read_options

    options: dict[str, Any] = {}
    if "logger" in beside:
        options.update(read_options(beside["logger"]))
    options.update((key, beside[key]) for key in ("model", "environment") if key in beside)
    if site is not None:
        options.update(read_options(site))
    return Settings(**options)


def _folders(module: str) -> Iterator[str]:
    """Give the folder of a module, then those of the packages around it."""
    file = getattr(sys.modules.get(module), "__file__", None)
    folder = os.path.dirname(os.path.abspath(file)) if file else os.getcwd()
    yield folder
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder = os.path.dirname(folder)
        if os.path.exists(os.path.join(folder, "__init__.py")):
            yield folder


def _beside(folders: list[str]) -> dict[str, str]:
    """Find model, logger and environment files: the nearest of each."""
    found: dict[str, str] = {}
    places = [os.path.join(folder, place) for folder in folders for place in _BESIDE]
    for key, stem in _FILES.items():
        candidates = (os.path.join(place, stem + ending) for place in places for ending in (".yaml", ".yml"))
        path = next(filter(os.path.isfile, candidates), None)
        if path is not None:
            found[key] = os.path.normpath(path)
    return found


def _site_file(folders: list[str]) -> str | None:
    """Find the site's configuration: PROVRDF_CONFIG, the current directory, then around the package."""
    given = os.environ.get(CONFIG)
    if given:
        return os.path.abspath(given)
    around = [os.getcwd(), os.path.dirname(folders[-1]), os.path.dirname(os.path.dirname(folders[-1]))]
    candidates = (os.path.join(folder, name) for folder in around for name in _SITE)
    return next((path for path in candidates if os.path.isfile(path) and _speaks_of_capture(path)), None)


def _speaks_of_capture(path: str | None) -> bool:
    """Tell whether a configuration file is about capture; one of the field is about nothing else."""
    if path is None or not path.endswith(".toml"):
        return path is not None
    import re

    try:
        with open(path, "rb") as stream:
            return re.search(_CAPTURE_TABLE, stream.read()) is not None
    except OSError:
        # it was asked for and cannot be read: that is said when it is needed
        return True
