"""The keys of a configuration file and what each may hold."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from provrdf import people
from provrdf.config import (
    AgentConfig,
    ExportConfig,
    PrivacyConfig,
    PublishConfig,
    ReportConfig,
    ValidateConfig,
)
from provrdf.config.checks import base_iri, time_zone, url
from provrdf.config.lines import KeyPath
from provrdf.spelling import closest, did_you_mean

AGENT_TYPES = ("Person", "Organization", "SoftwareAgent")
RULES = ("model", "prov", "ivoa")
SEVERITIES = ("violation", "warning", "info")


class Notes(Protocol):
    """Where mistakes go, and what paths are relative to."""

    folder: str

    def problem(self, message: str, path: KeyPath) -> None:
        """Note a mistake at a key."""


Read = Callable[[Any, Notes, KeyPath], Any]
"""Reads a value; raises ValueError that says what would be right, or notes several mistakes itself."""

Schema = Mapping[str, Read]


def text(value: Any, notes: Notes, path: KeyPath) -> str:
    """Read a text that is not empty."""
    if not any_text(value, notes, path).strip():
        raise ValueError("is empty: write something, or leave the key out")
    return str(value)


def checked(check: Callable[[str], str]) -> Read:
    """Read a text that a check accepts."""
    return lambda value, notes, path: check(text(value, notes, path))


def one_of(*words: str) -> Read:
    """Read one of some words."""

    def read(value: Any, notes: Notes, path: KeyPath) -> str:
        word = text(value, notes, path)
        if word not in words:
            message = f"{word!r} is not known: {did_you_mean(word, words)}"
            raise ValueError(message)
        return word

    return read


def flag(value: Any, _notes: Notes, _path: KeyPath) -> bool:
    """Read true or false; the environment says them in words."""
    if isinstance(value, bool):
        return value
    word = value.lower() if isinstance(value, str) else ""
    if word in ("1", "true", "yes", "on", "0", "false", "no", "off"):
        return word in ("1", "true", "yes", "on")
    raise ValueError(_expected("true or false", value))


def count(value: Any, _notes: Notes, _path: KeyPath) -> int:
    """Read a number from 1."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(_expected("a whole number from 1", value))
    return value


def place(value: Any, notes: Notes, path: KeyPath) -> str:
    """Read a path or glob, relative to the configuration file; ``-`` stays."""
    name = text(value, notes, path)
    return name if name == "-" else os.path.join(notes.folder, os.path.expanduser(name))


def file(value: Any, notes: Notes, path: KeyPath) -> Path:
    """Read the path of a file or folder."""
    return Path(place(value, notes, path))


def output(value: Any, notes: Notes, path: KeyPath) -> Path | None:
    """Read the path of an output; ``-`` is standard output."""
    return None if value == "-" else file(value, notes, path)


def many(read: Read, *, what: str) -> Read:
    """Read a list, or one element without its brackets."""

    def read_all(value: Any, notes: Notes, path: KeyPath) -> tuple[Any, ...]:
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list | tuple):
            raise ValueError(_expected(f"a list of {what}", value))
        found = [attempt(read, item, notes, (*path, number)) for number, item in enumerate(items)]
        return tuple(item for item in found if item is not None)

    return read_all


def named(read: Read, *, what: str) -> Read:
    """Read a table with names of the writer's own."""

    def read_all(value: Any, notes: Notes, path: KeyPath) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise ValueError(_expected(f"a table of {what}", value))
        found = {key: attempt(read, item, notes, (*path, key)) for key, item in value.items()}
        return {key: item for key, item in found.items() if item is not None}

    return read_all


def fields(value: Any, notes: Notes, path: KeyPath, schema: Schema) -> dict[str, Any]:
    """Read a table of known keys; unknown ones are mistakes."""
    if not isinstance(value, Mapping):
        raise ValueError(_expected("a table", value))
    found = {}
    for key, item in value.items():
        if key not in schema:
            notes.problem(f"unknown key, {did_you_mean(key, schema)}", (*path, key))
            continue
        read = attempt(schema[key], item, notes, (*path, key))
        if read is not None:
            found[key] = read
    return found


def attempt(read: Read, value: Any, notes: Notes, path: KeyPath) -> Any:
    """Read a value; a mistake is noted and gives None."""
    try:
        return read(value, notes, path)
    except ValueError as error:
        notes.problem(str(error), path)
        return None


def any_text(value: Any, _notes: Notes, _path: KeyPath) -> str:
    """Read a text that may be empty."""
    if not isinstance(value, str):
        raise ValueError(_expected("a text", value))
    return value


def section(schema: Schema, build: Callable[..., Any], *, needs: tuple[str, ...] = ()) -> Read:
    """Read a table of known keys into a dataclass."""

    def read(value: Any, notes: Notes, path: KeyPath) -> Any:
        found = fields(value, notes, path, schema)
        complete = has(value, needs) and all(key in found for key in needs)
        return build(**found) if complete else None

    return read


def export(value: Any, notes: Notes, path: KeyPath) -> ExportConfig | None:
    """Read one export: output, format, and options that only the export knows."""
    if not isinstance(value, Mapping):
        raise ValueError(_expected("a table {format = ..., output = ...}", value))
    has(value, ("output",))
    options = {key: item for key, item in value.items() if key not in EXPORT and not closest(key, EXPORT)}
    found = fields({key: item for key, item in value.items() if key not in options}, notes, path, EXPORT)
    return ExportConfig(**found, options=options) if "output" in found else None


def has(value: Mapping[str, Any], needs: tuple[str, ...]) -> bool:
    """Check that keys are there."""
    missing = [key for key in needs if key not in value]
    if missing:
        message = f"needs {' and '.join(map(repr, missing))}"
        raise ValueError(message)
    return True


def capture(value: Any, notes: Notes, path: KeyPath) -> dict[str, Any]:
    """Read the table of the capture side: free, but four of its keys are paths."""
    if not isinstance(value, Mapping):
        raise ValueError(_expected("a table", value))
    paths = ("model", "log", "logger", "environment")
    return {
        key: attempt(place, item, notes, (*path, key)) if key in paths else item
        for key, item in value.items()
    }


REPORT: Schema = {"format": text, "output": output}
VALIDATE: Schema = {
    "rules": many(one_of(*RULES), what="rule sets"),
    "fail_on": one_of(*SEVERITIES),
    "only": many(text, what="checks"),
    "skip": many(text, what="checks"),
    "baseline": file,
    "max_per_check": count,
    "engine": text,
    "reports": many(
        section(REPORT, ReportConfig, needs=("format",)), what="tables {format = ..., output = ...}"
    ),
}
EXPORT: Schema = {"format": text, "output": file}
PRIVACY: Schema = {
    "session_keys": many(text, what="keys"),
    "path_rewrites": named(any_text, what="'beginning of a path' = 'replacement'"),
    "agents": named(text, what="login = 'name to publish'"),
    "pseudonymous": flag,
}
PUBLISH: Schema = {
    **dict.fromkeys(("endpoint", "update_url", "gsp_url", "catalog"), checked(url)),
    **dict.fromkeys(("profile", "licence", "publisher"), text),
    "privacy": section(PRIVACY, PrivacyConfig),
}
AGENT: Schema = {
    "type": one_of(*AGENT_TYPES),
    "name": text,
    "orcid": checked(people.orcid),
    "email": checked(people.email),
}
ROOT: Schema = {
    "base": checked(base_iri),
    "timezone": checked(time_zone),
    "inputs": many(place, what="paths"),
    "model": file,
    "store": file,
    "strict": flag,
    "prefix": text,
    "validate": section(VALIDATE, ValidateConfig),
    "export": many(export, what="[[export]] tables"),
    "publish": section(PUBLISH, PublishConfig),
    "agents": named(section(AGENT, AgentConfig), what="agents"),
    "capture": capture,
}


def _expected(right: str, value: Any) -> str:
    kind = {dict: "a table", list: "a list", bool: "true or false", str: "a text"}.get(type(value))
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"must be {right}, not {f'the number {value}' if number else kind or type(value).__name__}"
