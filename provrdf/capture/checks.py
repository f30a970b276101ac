"""What each setting of a capture may be, and the other names it goes by in the files of the field."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from typing import Any

HASH_METHODS = ("sha256", "md5", "sha1", "sha224", "sha384", "sha512", "blake2b", "blake2s")
_PREFIX = re.compile(r"[A-Za-z0-9_]{3,40}\Z")


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    message = f"{value!r} is neither true nor false"
    raise TypeError(message)


def _text(value: Any) -> str:
    if isinstance(value, str) and value:
        return value
    message = f"{value!r} is no text"
    raise TypeError(message)


def _path_text(value: Any) -> str:
    return os.fspath(value) if isinstance(value, os.PathLike) else _text(value)


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not all(isinstance(item, str) for item in value):
        message = f"{value!r} is no list of names"
        raise TypeError(message)
    return tuple(value)


def _size(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    message = f"{value!r} is no number of bytes"
    raise ValueError(message)


def _one_of(*words: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if str(value).lower() in words:
            return str(value).lower()
        message = f"{value!r} is none of {', '.join(words)}"
        raise ValueError(message)

    return check


def _prefix(value: Any) -> str:
    if isinstance(value, str) and _PREFIX.match(value):
        return value
    message = f"{value!r} cannot divide a line: use 3 to 40 letters, digits and underscores, such as __PROV__"
    raise ValueError(message)


def _zone(value: Any) -> str:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(_text(value))
    except (OSError, LookupError, ValueError) as error:
        message = f"{value!r} is no time zone: use a name such as UTC or Atlantic/Canary"
        raise ValueError(message) from error
    return str(value)


def _table(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    message = f"{value!r} is no table"
    raise TypeError(message)


CHECKS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("enabled", "follow", "packages", "git"), _flag),
    **dict.fromkeys(("log_args", "log_kwargs", "log_args_as_entities", "log_returned_result"), _flag),
    **dict.fromkeys(("model", "log", "environment"), _path_text),
    **dict.fromkeys(("layout", "agent", "session_name", "session_tag"), _text),
    **dict.fromkeys(("env_vars", "secret_words", "allow_methods"), _names),
    "format": _one_of("classic", "jsonl"),
    "prefix": _prefix,
    "timezone": _zone,
    "hash_method": _one_of(*(name for name in HASH_METHODS if name in hashlib.algorithms_available)),
    "hash_buffer": _one_of("content", "path"),
    "hash_limit": _size,
    "extra": _table,
}
ALIASES: Mapping[str, str] = {
    "capture": "enabled",
    "PREFIX": "prefix",
    "HASH_METHOD": "hash_method",
    "HASH_BUFFER": "hash_buffer",
    "HASH_TYPE": "hash_buffer",
    "hash_type": "hash_method",
    "log_filename": "log",
    "system_dict": "extra",
}
