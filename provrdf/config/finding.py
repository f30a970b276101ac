"""Which configuration file there is, and what environment and flags say: all that most calls need to know."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

ENVIRONMENT = {
    "PROVRDF_BASE": "base",
    "PROVRDF_TIMEZONE": "timezone",
    "PROVRDF_MODEL": "model",
    "PROVRDF_STORE": "store",
    "PROVRDF_PREFIX": "prefix",
    "PROVRDF_STRICT": "strict",
    "PROVRDF_ENDPOINT": "publish.endpoint",
}
"""Environment variable -> the key that it sets."""

NAMES = ("provrdf.toml", "pyproject.toml")

Said = tuple[str, str, Any]
"""The name of a variable or flag, the key that it sets, and the value."""


def find(folder: str) -> str | None:
    """Name the configuration file in a folder that applies when none is given."""
    for name in NAMES:
        candidate = os.path.join(folder, name)
        if os.path.isfile(candidate) and (name != "pyproject.toml" or _is_ours(candidate)):
            return name
    return None


def said(env: Mapping[str, str], overrides: Mapping[str, Any]) -> list[Said]:
    """List what environment and flags say; what is said last wins."""
    variables = [(name, key, env[name]) for name, key in ENVIRONMENT.items() if env.get(name)]
    return variables + [(_flag(key), key, value) for key, value in overrides.items() if value is not None]


def _flag(key: str) -> str:
    return "--" + key.rpartition(".")[2].replace("_", "-")


def _is_ours(pyproject: str) -> bool:
    """Whether a pyproject.toml speaks of us; what else is in it, broken or not, is none of our business."""
    try:
        with open(pyproject, encoding="utf-8") as stream:
            text = stream.read()
        if "provrdf" not in text:
            return False
        import tomllib

        return "provrdf" in tomllib.loads(text).get("tool", {})
    except (OSError, ValueError):
        return False
