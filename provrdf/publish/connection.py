"""A store one is connected to: its addresses, what it can do, and whose catalog is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from provrdf.publish.asking import CatalogReader
from provrdf.publish.catalog import CatalogSettings
from provrdf.publish.client import Endpoint, Patience, SparqlClient
from provrdf.publish.credentials import Credentials, check_url, find_credentials
from provrdf.publish.discovery import Addresses, discover, find_updates
from provrdf.publish.probe import Probe
from provrdf.publish.profiles import PROFILES, Capabilities, Profile
from provrdf.publish.state import StateFolder, default_folder

_DAYS = 30.0  # after which a store is probed anew: it may have been updated


@dataclass(frozen=True)
class Connection:
    """A store with a catalog.

    Attributes
    ----------
    client : SparqlClient
        How it is asked.
    profile : Profile
        What kind of store it seems to be.
    capabilities : Capabilities
        What it can do, as far as known; :meth:`for_changes` makes sure.
    settings : CatalogSettings
        Which catalog, and what it says.
    state : StateFolder
        What is kept here about it.
    addresses : Addresses
        What a person said about where it is.
    """

    client: SparqlClient
    profile: Profile
    capabilities: Capabilities
    settings: CatalogSettings
    state: StateFolder
    addresses: Addresses

    @property
    def catalog(self) -> CatalogReader:
        """What the store's catalog says."""
        return CatalogReader(self.client, self.settings)

    def for_changes(self, *, fresh: bool = False) -> Connection:
        """Make sure of the addresses for changes and of what the store can do; probes unless done lately."""
        known = None if fresh else self.state.recall("probe", days=_DAYS)
        if known is not None:
            return self._recalled(known)
        endpoint, profile = find_updates(self.addresses, self.client)
        client = self.client.at(endpoint)
        found = Probe(client, base=self.settings.base, start=profile.start).run()
        self.state.remember("probe", {"profile": profile.name, "endpoint": asdict(endpoint), **asdict(found)})
        return replace(self, client=client, profile=profile, capabilities=found)

    def _recalled(self, known: Mapping[str, Any]) -> Connection:
        return replace(
            self,
            client=self.client.at(Endpoint(**known["endpoint"])),
            profile=PROFILES[known["profile"]],
            capabilities=Capabilities.from_json(known),
        )


def connect_store(
    addresses: Addresses,
    settings: CatalogSettings,
    *,
    credentials: Credentials | None = None,
    patience: Patience | None = None,
    state: Path | None = None,
) -> Connection:
    """Find a store's addresses and connect.

    Parameters
    ----------
    addresses : Addresses
        Where it is, as far as a person says.
    settings : CatalogSettings
        Which catalog.
    credentials : Credentials, optional
        None: those of the environment.
    patience : Patience, optional
        How long to wait.
    state : Path, optional
        Folder for locks, manifest and probe.

    Raises
    ------
    ConfigError
        An address or the credentials cannot be used.
    ClientError
        No store answers there.
    """
    check_url(addresses.endpoint)
    host = urlsplit(addresses.endpoint).hostname or ""
    found = find_credentials(host) if credentials is None else credentials
    client = SparqlClient(Endpoint(addresses.endpoint), credentials=found, patience=patience)
    endpoint, profile = discover(addresses, client)
    folder = StateFolder(state or default_folder(), f"{endpoint.query} {settings.name} {addresses}")
    known = folder.recall("probe", days=_DAYS)
    connection = Connection(client.at(endpoint), profile, profile.start, settings, folder, addresses)
    return connection if known is None else connection._recalled(known)


def describe(connection: Connection) -> Mapping[str, str]:
    """Say in words which addresses are used, for ``-v``."""
    endpoint = connection.client.endpoint
    return {
        "kind of store": connection.profile.name,
        "questions": endpoint.query,
        "changes": endpoint.update or "none",
        "whole graphs": endpoint.graphs or "none",
        "catalog": connection.settings.name,
    }
