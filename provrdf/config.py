"""Configuration: provrdf.toml, [tool.provrdf], environment and flags become one frozen Config."""

from __future__ import annotations

from dataclasses import dataclass

LOCAL_BASE = "http://provrdf.localhost/"
"""Base IRI when none is configured. It is nobody's: publishing refuses it."""


@dataclass(frozen=True)
class Config:
    """How logs are read and named.

    Attributes
    ----------
    base : str
        Base IRI of everything minted; http(s), ends with ``/``.
    timezone : str
        IANA name of the zone of the times in logs (``Atlantic/Canary``); undeclared means UTC.
    """

    base: str = LOCAL_BASE
    timezone: str = "UTC"
