"""Settings of a capture, from provrdf's own files and from those of the field, unchanged.

Read are: a ``[capture]`` table in ``provrdf.toml`` or ``[tool.provrdf.capture]`` in ``pyproject.toml``;
the ``logger.yaml`` of lstosa and gammapy (a logging configuration with ``PREFIX``, ``HASH_METHOD``,
``HASH_BUFFER`` or ``HASH_TYPE``, ``capture``); logprov's configuration (``hash_type``,
``log_filename``, ``log_args``, ...).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from provrdf.capture.checks import ALIASES, CHECKS, HASH_METHODS
from provrdf.errors import ConfigError, Problem


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a capture works.

    Attributes
    ----------
    enabled : bool
        Whether anything is captured.
    model : str or None
        Path of the model file (definition.yaml).
    log : str
        Path of the log; ``{pid}`` and ``{host}`` give every process or host its own.
    format : str
        ``classic`` (the field's lines) or ``jsonl``.
    prefix, layout : str
        Marker and logging format of the classic lines.
    timezone : str
        IANA name of the zone that times are written in.
    hash_method : str
        Digest of files: sha256, md5, sha1, sha224, sha384, sha512, blake2b, blake2s.
    hash_buffer : str
        What of a file is hashed: ``content``, or only its ``path``.
    hash_limit : int
        Bytes; of a larger file only the size and samples are hashed, and the log says so.
    environment : str or None
        Path of the environment file (environment.yaml).
    env_vars : tuple of str
        Environment variables to record besides the usual harmless ones.
    secret_words : tuple of str
        More words that make a name the name of a secret.
    allow_methods : tuple of str
        Methods that value paths may call although their names sound like doing something.
    agent : str or None
        Who runs the pipeline; default: the login name.
    session_name : str or None
        Name of the session; default: the name of the script.
    session_tag : str or None
        Written on every record, as lstosa does: ``{activity}:{session}``.
    follow : bool
        Hand the running activity over to new threads, executors and child processes.
    packages, git : bool
        Record the installed packages, and what git says of the script's version.
    log_args, log_kwargs, log_args_as_entities, log_returned_result : bool
        logprov's options: record arguments and result of every traced function.
    extra : mapping
        More facts about the system (logprov's ``system_dict``).
    logprov : bool
        The configuration is logprov's: session records get the keys that its reader asks for.
    file : str or None
        The configuration file.
    """

    enabled: bool = True
    model: str | None = None
    log: str = "prov.log"
    format: str = "classic"
    prefix: str = "__PROV__"
    layout: str = "%(levelname)s %(name)s %(message)s"
    timezone: str = "UTC"
    hash_method: str = "sha256"
    hash_buffer: str = "content"
    hash_limit: int = 256_000_000
    environment: str | None = None
    env_vars: tuple[str, ...] = ()
    secret_words: tuple[str, ...] = ()
    allow_methods: tuple[str, ...] = ()
    agent: str | None = None
    session_name: str | None = None
    session_tag: str | None = None
    follow: bool = True
    packages: bool = True
    git: bool = True
    log_args: bool = False
    log_kwargs: bool = False
    log_args_as_entities: bool = False
    log_returned_result: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)
    logprov: bool = False
    file: str | None = None

    @property
    def zone(self) -> tzinfo:
        """The time zone."""
        if self.timezone == "UTC":
            return UTC
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.timezone)


@runtime_checkable
class Configured(Protocol):
    """What capture needs of provrdf's Config, which it does not load itself."""

    timezone: str
    model: Path | None
    capture: Mapping[str, Any]
    file: str | None


Source = str | os.PathLike[str] | Mapping[str, Any] | Configured | None
"""Where settings may come from."""


def read_settings(source: Source) -> Settings:
    """Read settings from a file or a dictionary.

    Parameters
    ----------
    source : path, mapping, Config or None
        A ``.toml`` or YAML file, what such a file holds, or provrdf's own Config; None gives the defaults.

    Raises
    ------
    ConfigError
        With every mistake.
    """
    return Settings(**read_options(source))


def read_options(source: Source) -> dict[str, Any]:
    """Read only what the source says, checked; the rest keeps its default."""
    if source is None:
        return {}
    if isinstance(source, Configured):
        said = {"timezone": source.timezone, "model": source.model, **source.capture}
        folder = os.path.dirname(os.path.abspath(source.file)) if source.file else os.getcwd()
        return _Reading(source.file, folder).options(said)
    if isinstance(source, Mapping):
        return _Reading(None, os.getcwd()).options(source)
    path = os.path.abspath(os.fspath(source))
    return _Reading(path, os.path.dirname(path)).options(_load(path))


def toml_options(path: str) -> dict[str, Any] | None:
    """Read the options of a provrdf.toml or pyproject.toml; None when it says nothing about capture.

    Raises
    ------
    ConfigError
        When the file is wrong.
    """
    table = _toml_tables(path)
    return None if table is None else _Reading(path, os.path.dirname(path)).options(table)


def _load(path: str) -> Mapping[str, Any]:
    if path.endswith(".toml"):
        return _toml_tables(path) or {}
    import yaml

    try:
        data = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        message = f"cannot read the configuration: {_reason(error)}"
        raise ConfigError(message, file=path) from error
    if not isinstance(data, Mapping):
        message = "the configuration is not a table of keys and values"
        raise ConfigError(message, file=path)
    return data


def _toml_tables(path: str) -> Mapping[str, Any] | None:
    """Read the capture table of a TOML file, with the time zone and model that it declares for all."""
    import tomllib

    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"cannot read the configuration: {_reason(error)}"
        raise ConfigError(message, file=path) from error
    if os.path.basename(path) == "pyproject.toml":
        data = data.get("tool", {}).get("provrdf")
        if data is None:
            return None
    shared = {key: data[key] for key in ("timezone", "model") if isinstance(data.get(key), str)}
    return {**shared, **data.get("capture", {})}


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error)
    return str(text).replace("\n", " ").lower()


class _Reading:
    """Reads one source and collects its mistakes."""

    def __init__(self, file: str | None, folder: str) -> None:
        self.file = file
        self.folder = folder
        self.problems: list[Problem] = []

    def options(self, data: Mapping[str, Any]) -> dict[str, Any]:
        options: dict[str, Any] = {"file": self.file} if self.file else {}
        if _LOGPROV_KEYS & data.keys():
            options.update(_LOGPROV_DEFAULTS)
        logging = data.get("logging") if isinstance(data.get("logging"), Mapping) else data
        options.update(self.handler(logging or {}))
        if "logger" in data:
            options.update(self.logger(data["logger"]))
        for key, value in data.items():
            if key not in _LOGGING_KEYS:
                options.update(self.option(str(key), value))
        if self.problems:
            count = len(self.problems)
            message = f"the capture cannot be configured: {count} mistake{'s' if count > 1 else ''}"
            raise ConfigError(message, file=self.file, problems=self.problems)
        return options

    def option(self, key: str, value: Any) -> dict[str, Any]:
        name = ALIASES.get(key, key)
        if key == "HASH_TYPE" and str(value).lower() in HASH_METHODS:
            name = "hash_method"
        check = CHECKS.get(name)
        if check is None:
            self.problem(f"{key}: unknown key, {_hint(key)}")
            return {}
        if value is None:
            return {}
        try:
            checked = check(value)
        except (TypeError, ValueError) as error:
            self.problem(f"{key}: {error}")
            return {}
        return {name: self.path(checked) if self.is_path(name) else checked}

    def logger(self, value: Any) -> dict[str, Any]:
        """Read the logging configuration that a provrdf.toml refers to."""
        try:
            options = read_options(self.path(value))
        except (ConfigError, TypeError) as error:
            self.problem(f"logger: {error}")
            return {}
        return {key: item for key, item in options.items() if key != "file"}

    def is_path(self, name: str) -> bool:
        """Tell what is relative to the file: paths, but not the log of a logging configuration."""
        return name in ("model", "environment") or (name == "log" and str(self.file).endswith(".toml"))

    def handler(self, logging: Mapping[str, Any]) -> dict[str, Any]:
        """Read the log's path and layout from a logging configuration."""
        handlers = logging.get("handlers")
        if not isinstance(handlers, Mapping):
            return {}
        loggers = logging.get("loggers")
        logger = loggers.get("provLogger") if isinstance(loggers, Mapping) else None
        names = (logger or {}).get("handlers") or list(handlers)
        chosen: Mapping[str, Any] = next(
            (handlers[name] for name in names if "filename" in (handlers.get(name) or {})), {}
        )
        options: dict[str, Any] = {}
        if "filename" in chosen:
            options["log"] = str(chosen["filename"])
        formatter = (logging.get("formatters") or {}).get(chosen.get("formatter")) or {}
        if "%(message)s" in str(formatter.get("format", "")):
            options["layout"] = str(formatter["format"])
        return options

    def path(self, value: Any) -> str:
        return os.path.normpath(os.path.join(self.folder, os.path.expanduser(os.fspath(value))))

    def problem(self, message: str) -> None:
        self.problems.append(Problem(message, self.file))


_LOGGING_KEYS = frozenset(
    {"logger", "version", "formatters", "filters", "handlers", "loggers", "root", "incremental"}
    | {"disable_existing_loggers", "logging"}
)
_LOGPROV_KEYS = frozenset({"hash_type", "log_filename", "log_args", "log_args_as_entities", "log_kwargs"}) | {
    "log_returned_result",
    "system_dict",
}
_LOGPROV_DEFAULTS: Mapping[str, Any] = {
    "logprov": True,
    "prefix": "_PROV_",
    "layout": "%(levelname)s %(message)s",
    "hash_method": "sha1",
    "log_args": True,
    "log_kwargs": True,
    "log_args_as_entities": True,
    "log_returned_result": True,
}


def _hint(key: str) -> str:
    from provrdf.spelling import did_you_mean

    known = [*CHECKS, *ALIASES, "logger"]
    return did_you_mean(key, known)


def with_options(settings: Settings, options: Mapping[str, Any]) -> Settings:
    """Return the settings with some of them changed."""
    kept = {item.name: getattr(settings, item.name) for item in fields(Settings)}
    return Settings(**{**kept, **options})
