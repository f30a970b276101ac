"""From file, environment and flags to a Config, with every mistake at its line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from provrdf.config import Config
from provrdf.config import schema as keys
from provrdf.config.finding import Said
from provrdf.config.lines import KeyPath, key_lines, line_of
from provrdf.errors import ConfigError, Problem

_AT_LINE = r" \(at line (\d+), column \d+\)| \(at end of document\)"


class _Source:
    """One place that says things: a file, a variable, the flags. Notes the mistakes in it."""

    def __init__(self, name: str, *, folder: str = "", lines: dict[KeyPath, int] | None = None) -> None:
        self.name = name
        self.folder = folder
        self.lines = lines or {}
        self.above: KeyPath = ()  # pyproject.toml keeps our keys under tool.provrdf
        self.problems: list[Problem] = []

    def problem(self, message: str, path: KeyPath) -> None:
        """Note a mistake at a key."""
        words = f"{_dotted(path)}: {message}" if path else message
        self.problems.append(Problem(words, self.name, line_of(self.lines, (*self.above, *path))))


def build(found: str | Path | None, said: Iterable[Said], *, folder: str) -> Config:
    """Build the Config from a file and from what variables and flags say, whose paths are in `folder`."""
    file = None if found is None else Path(folder) / found
    values, problems = _from_file(file) if file else ({}, [])
    for name, key, value in said:
        problems += _set(values, key, value, _Source(name, folder=folder))
    if problems:
        count = "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
        message = f"the configuration cannot be used: {count}"
        raise ConfigError(message, problems=problems)
    return Config(**values, file=str(file) if file else None, declared=frozenset(values))


def _from_file(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """Read a configuration file."""
    import tomllib

    text = _text_of(path)
    source = _Source(str(path), folder=_folder(path), lines=key_lines(text))
    try:
        data: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(_AT_LINE, str(error))
        line = int(place[1]) if place and place[1] else len(text.splitlines()) or None
        message = f"not TOML: {re.sub(_AT_LINE, '', str(error)).lower()}"
        raise ConfigError(message, file=str(path), line=line) from None
    if path.name == "pyproject.toml":
        data, source.above = data.get("tool", {}).get("provrdf", {}), ("tool", "provrdf")
    values = keys.attempt(lambda value, notes, at: keys.fields(value, notes, at, keys.ROOT), data, source, ())
    return values or {}, source.problems


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        message = f"cannot read the configuration: {(error.strerror or str(error)).lower()}"
        raise ConfigError(message, file=str(path)) from error
    except UnicodeDecodeError as error:
        message = "not UTF-8 text: save the file as UTF-8"
        raise ConfigError(message, file=str(path)) from error


def _folder(path: Path) -> str:
    """Return the folder of a file, as it was named; empty for the current one."""
    return "" if path.parent == Path() else str(path.parent)


def _set(values: dict[str, Any], key: str, value: Any, source: _Source) -> list[Problem]:
    """Set one dotted key to what a variable or flag says."""
    section, _, name = key.rpartition(".")
    schema = {"": keys.ROOT, "publish": keys.PUBLISH, "validate": keys.VALIDATE}[section]
    read = keys.attempt(schema[name], value, source, ())
    if source.problems:
        return source.problems
    if section:
        before = values.get(section) or getattr(Config(), section)
        values[section] = before.replace(**{name: read})
    else:
        values[name] = read
    return []


def _dotted(path: KeyPath) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
