"""Configuration: provrdf.toml, [tool.provrdf], environment and flags become one frozen Config.

A flag wins over the environment, the environment over the file, the file over the defaults. Paths in a file
are relative to that file. Every mistake is reported at once, with file and line.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from provrdf.config.checks import LOCAL_BASE, base_iri, time_zone
from provrdf.config.finding import find, said
from provrdf.config.section import NOTHING, Section
from provrdf.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "LOCAL_BASE",
    "AgentConfig",
    "Config",
    "ExportConfig",
    "PrivacyConfig",
    "PublishConfig",
    "ReportConfig",
    "ValidateConfig",
    "load_config",
]


class ReportConfig(Section):
    """A validation report to write: ``{format = "sarif", output = "provrdf.sarif"}``.

    Attributes
    ----------
    format : str
        text, table, json, junit, sarif, github, gitlab, turtle, html.
    output : Path or None
        Where to; None is standard output.
    """

    format: str
    output: Path | None = None


class ValidateConfig(Section):
    """Section ``[validate]``.

    Attributes
    ----------
    rules : tuple of str
        Rule sets: model, prov, ivoa.
    fail_on : str
        The mildest severity that makes the exit code 1: violation, warning, info.
    only, skip : tuple of str
        Check ids, rule sets or globs.
    baseline : Path or None
        File of known findings, which do not count.
    max_per_check : int or None
        How many findings of a check are written.
    engine : str
        SHACL engine; ``auto`` takes the fast path where it is proven.
    reports : tuple of ReportConfig
        What to write, besides the words on the screen.
    """

    rules: tuple[str, ...] = ("model", "prov", "ivoa")
    fail_on: str = "violation"
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    baseline: Path | None = None
    max_per_check: int | None = None
    engine: str = "auto"
    reports: tuple[ReportConfig, ...] = ()


class ExportConfig(Section):
    """One ``[[export]]``.

    Attributes
    ----------
    output : Path
        File to write.
    format : str or None
        Name of the export; None: told by the ending of the file.
    options : mapping
        Every other key, for the export itself.
    """

    output: Path
    format: str | None = None
    options: Mapping[str, Any] = NOTHING


class PrivacyConfig(Section):
    """Section ``[publish.privacy]``: what leaves the house.

    Attributes
    ----------
    session_keys : tuple of str or None
        Keys of session records that may be published; None: the built-in list.
    path_rewrites : mapping
        Beginning of a path -> what is published instead, tried in order.
    agents : mapping
        Login -> name to publish.
    pseudonymous : bool
        Replace the agents that are not in `agents` by a digest.
    """

    session_keys: tuple[str, ...] | None = None
    path_rewrites: Mapping[str, str] = NOTHING
    agents: Mapping[str, str] = NOTHING
    pseudonymous: bool = False


class PublishConfig(Section):
    """Section ``[publish]``; credentials have no place in it.

    Attributes
    ----------
    endpoint, update_url, gsp_url : str or None
        URLs of the triple store: base or query, update, graph store protocol.
    catalog : str or None
        IRI of the catalog graph.
    profile : str or None
        Kind of store (oxigraph, fuseki, virtuoso, ...); None: probed.
    licence, publisher : str or None
        For the catalog: IRI of the licence, IRI or name of the publisher.
    privacy : PrivacyConfig
        What leaves the house.
    """

    endpoint: str | None = None
    update_url: str | None = None
    gsp_url: str | None = None
    catalog: str | None = None
    profile: str | None = None
    licence: str | None = None
    publisher: str | None = None
    privacy: PrivacyConfig = PrivacyConfig()


class AgentConfig(Section):
    """One ``[agents.LOGIN]``: who is behind the name in the log.

    Attributes
    ----------
    type : str or None
        Person, Organization, SoftwareAgent.
    name, email : str or None
        For people.
    orcid : str or None
        Full IRI, ``https://orcid.org/0000-0002-1825-0097``.
    """

    type: str | None = None
    name: str | None = None
    orcid: str | None = None
    email: str | None = None


class Config(Section):
    """How logs are read and named, and what is done with them.

    Attributes
    ----------
    base : str
        Base IRI of everything minted; http(s), ends with ``/``.
    timezone : str
        IANA name of the zone of the times in logs (``Atlantic/Canary``); undeclared means UTC.
    inputs : tuple of str
        Logs, folders, globs.
    model, store : Path or None
        Model file and local store.
    strict : bool
        Stop at rejected lines and unknown keys.
    prefix : str or None
        Marker of provenance lines; None: those of the field (``__PROV__``, ``_PROV_``).
    validate : ValidateConfig
        Section ``[validate]``.
    export : tuple of ExportConfig
        The ``[[export]]`` tables.
    publish : PublishConfig
        Section ``[publish]``.
    agents : mapping
        Name in the log -> AgentConfig.
    capture : mapping
        Section ``[capture]``, read by the capture side alone: model, log, logger and environment are paths.
    file : str or None
        The configuration file that was read.
    declared : frozenset of str
        Names of the top-level keys that somebody set.

    Raises
    ------
    ConfigError
        When base or time zone are none.
    """

    base: str = LOCAL_BASE
    timezone: str = "UTC"
    inputs: tuple[str, ...] = ()
    model: Path | None = None
    store: Path | None = None
    strict: bool = False
    prefix: str | None = None
    validate: ValidateConfig = ValidateConfig()
    export: tuple[ExportConfig, ...] = ()
    publish: PublishConfig = PublishConfig()
    agents: Mapping[str, AgentConfig] = NOTHING
    capture: Mapping[str, Any] = NOTHING
    file: str | None = None
    declared: frozenset[str] = frozenset()

    def check(self) -> None:
        """Check base and time zone."""
        for name, check in (("base", base_iri), ("timezone", time_zone)):
            try:
                check(getattr(self, name))
            except ValueError as error:
                message = f"{name}: {error}"
                raise ConfigError(message) from None

    @property
    def knows_timezone(self) -> bool:
        """Whether somebody said in which zone the logged times are."""
        return self.timezone != "UTC" or "timezone" in self.declared


def load_config(
    path: str | Path | None = None,
    *,
    cwd: str | Path | None = None,
    env: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Config:
    """Build the Config.

    Parameters
    ----------
    path : str or Path, optional
        Configuration file. Default: ``PROVRDF_CONFIG``, else ``provrdf.toml`` or a ``pyproject.toml`` with a
        ``[tool.provrdf]`` table in `cwd`, else none.
    cwd : str or Path, optional
        Where to look; default: the current directory.
    env : mapping, optional
        Environment; default: that of the process.
    overrides : mapping, optional
        What the flags say: ``{"base": "http://...", "publish.endpoint": None}``; None means not said.

    Returns
    -------
    Config

    Raises
    ------
    ConfigError
        With all mistakes.

    Examples
    --------
    >>> load_config(env={}, cwd="/", overrides={"base": "https://example.org/prov/"}).base
    'https://example.org/prov/'
    """
    env = os.environ if env is None else env
    folder = "" if cwd is None else str(cwd)
    found = path or env.get("PROVRDF_CONFIG") or find(folder)
    words = said(env, overrides or {})
    if not found and not words:
        return Config()
    from provrdf.config import reading

    return reading.build(found or None, words, folder=folder)
