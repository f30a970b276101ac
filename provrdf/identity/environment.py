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


class Environments:
    """Distinct environments by digest. A block seen before, as the same object, is not read again."""

    def __init__(self) -> None:
        self.contents: dict[str, Mapping[str, Any]] = {}
        self._seen: dict[int, tuple[Any, bytes]] = {}

    def digest(self, system: Mapping[str, Any]) -> str:
        """Give the first 16 hex digits of the SHA-256 of the content, and remember the content."""
        lasting = {key: value for key, value in system.items() if key not in VOLATILE}
        total = hashlib.sha256()
        for key in sorted(lasting, key=str):
            total.update(f"{key}=".encode("utf-8", "surrogatepass") + self._block(lasting[key]))
        name = total.hexdigest()[:16]
        self.contents.setdefault(name, lasting)
        return name

    def _block(self, value: Any) -> bytes:
        """Digest of one block. The object is kept, so its id cannot be given to another one meanwhile."""
        known = self._seen.get(id(value))
        if known is None or known[0] is not value:
            text = json.dumps(value, sort_keys=True, default=repr, skipkeys=False, ensure_ascii=True)
            known = (value, hashlib.sha256(text.encode("ascii")).digest())
            if isinstance(value, (dict, list)):
                self._seen[id(value)] = known
        return known[1]
