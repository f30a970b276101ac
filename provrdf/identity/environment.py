"""The environment of a session (platform, Python, packages, variables), named by its content.

Logs repeat the same 22 kB in every session record of a night; one entity per distinct content says it once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

VOLATILE = ("arguments", "start_time_utc")
"""Keys of `system` that differ from process to process: they belong to the session."""

_MOST_SEEN = 200  # environments that are kept to be recognised


class Environments:
    """Distinct environments by digest. One of blocks seen before, as the same objects, is not read again."""

    def __init__(self) -> None:
        self.contents: dict[str, Mapping[str, Any]] = {}
        self._seen: dict[tuple[Any, ...], tuple[str, Any]] = {}

    def digest(self, system: Mapping[str, Any]) -> str:
        """Give the first 16 hex digits of the SHA-256 of the content, and remember the content."""
        marks = tuple([(str(key), _mark(value)) for key, value in system.items() if key not in VOLATILE])
        known = self._seen.get(marks)
        if known is None:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            lasting = {key: value for key, value in system.items() if key not in VOLATILE}
            known = self._seen[marks] = _digest(lasting), lasting
            self.contents.setdefault(*known)
        return known[0]


def _mark(value: object) -> object:
    """Tell a value from others: a text by itself, another by its identity while the object is kept."""
    return value if type(value) is str else id(value)


def _digest(content: Mapping[str, Any]) -> str:
    total = hashlib.sha256()
    for key in sorted(content, key=str):
        block = json.dumps(content[key], sort_keys=True, default=repr, skipkeys=False, ensure_ascii=True)
        total.update(
            f"{key}=".encode("utf-8", "surrogatepass") + hashlib.sha256(block.encode("ascii")).digest()
        )
    return total.hexdigest()[:16]
