"""Finding a store's addresses from the one a person knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from provrdf.errors import ConfigError
from provrdf.publish.client import ClientError, Endpoint, SparqlClient
from provrdf.publish.profiles import PROFILES, Profile
from provrdf.spelling import did_you_mean


@dataclass(frozen=True)
class Addresses:
    """What a person says about where a store is.

    Attributes
    ----------
    endpoint : str
        Base or query URL.
    update, graphs : str or None
        URLs of updates and of the Graph Store Protocol, when they are known.
    profile : str or None
        Kind of store, when it is known.
    """

    endpoint: str
    update: str | None = None
    graphs: str | None = None
    profile: str | None = None


def discover(addresses: Addresses, client: SparqlClient) -> tuple[Endpoint, Profile]:
    """Find the query address that answers, and guess the addresses that go with it; changes nothing.

    Raises
    ------
    ConfigError
        The profile is unknown.
    ClientError
        Nothing that answers questions was found; says what was tried.
    """
    query, server = _find_query(addresses, client)
    profile = _likely(addresses, query, server)[0]
    return _around(addresses, profile, query), profile


def find_updates(addresses: Addresses, client: SparqlClient) -> tuple[Endpoint, Profile]:
    """Find the addresses that take changes; tries each with a change that changes nothing.

    Raises
    ------
    ClientError
        None does.
    """
    query, server = client.endpoint.query, client.server()
    for profile in _likely(addresses, query, server):
        endpoint = _around(addresses, profile, query)
        if _takes_updates(client.at(endpoint)):
            return endpoint, profile
        if addresses.update:
            break
    message = f"no address that takes changes was found for {query}; name it with --update-url"
    raise ClientError(message)


def _find_query(addresses: Addresses, client: SparqlClient) -> tuple[str, str]:
    """Return the first address that answers a question, and what the server calls itself."""
    last: ClientError | None = None
    for query in _query_addresses(addresses):
        try:
            return query, client.at(Endpoint(query)).patient(tries=3).server()
        except ClientError as error:
            if error.status == 401:
                raise
            last = error if last is None or error.status != 404 else last
    told = last.message if last else ""
    message = f"no address that answers questions was found at {addresses.endpoint}: {told}"
    raise ClientError(message, again=last is not None and last.again)


def _query_addresses(addresses: Addresses) -> Iterator[str]:
    """Yield the addresses that may answer questions; the one given first if it looks like one."""
    if addresses.profile is not None and addresses.profile not in PROFILES:
        message = (
            f"the profile {addresses.profile!r} is not known, {did_you_mean(addresses.profile, PROFILES)}"
        )
        raise ConfigError(message)
    given = addresses.endpoint
    chosen = [PROFILES[addresses.profile]] if addresses.profile else list(PROFILES.values())
    endings = list(dict.fromkeys(profile.query for profile in chosen))
    looks_right = "/repositories/" in given or any(e.strip("/") and given.endswith(e) for e in endings)
    found = [given] if looks_right else []
    found += [given.rstrip("/") + ending for ending in endings]
    yield from dict.fromkeys([*found, given])


def _likely(addresses: Addresses, query: str, server: str) -> list[Profile]:
    """Return the kinds of stores it may be, likeliest first."""
    if addresses.profile:
        return [PROFILES[addresses.profile]]

    def unlikely(profile: Profile) -> tuple[bool, bool]:
        by_name = bool(profile.server) and server.lower().startswith(profile.server)
        by_path = profile.query.strip("/") != "" and query.endswith(profile.query)
        by_path = by_path or (profile.query == "" and "/repositories/" in query)
        return not by_name, not by_path

    return sorted(PROFILES.values(), key=unlikely)


def _takes_updates(client: SparqlClient) -> bool:
    """Tell whether the update address takes a change that changes nothing."""
    try:
        client.persist(lambda: client.update("INSERT DATA { }"), tries=3)
    except ClientError as error:
        if error.status in (0, 401):
            raise
        return False
    return True


def _around(addresses: Addresses, profile: Profile, query: str) -> Endpoint:
    root = query.removesuffix(profile.query) if profile.query.strip("/") else query
    root = root.rstrip("/")
    update = addresses.update or root + profile.update
    graphs = addresses.graphs or (None if profile.graphs == "-" else root + profile.graphs)
    return Endpoint(query, update, graphs, profile.bulk)
