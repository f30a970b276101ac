"""What ``publish`` and ``status`` share: where the store is, and which graphs there are to publish."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from provrdf.cli.options import config_of, inputs_of, model_of, records_of, sort_inputs
from provrdf.config import LOCAL_BASE
from provrdf.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from provrdf.config import Config
    from provrdf.model import Model
    from provrdf.publish.catalog import CatalogSettings
    from provrdf.publish.choosing import Choice
    from provrdf.publish.connection import Connection
    from provrdf.publish.content import SessionGraph
    from provrdf.publish.privacy import PrivacyFilter, PrivacySettings

_SPOOL = 32 << 20
_SELECTION = ("since", "until", "session", "run", "agent", "activity")


def add_remote(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the triple store is and how to talk to it."""
    group = parser.add_argument_group("triple store")
    group.add_argument("--endpoint", metavar="URL", help="base or query address of the store")
    group.add_argument("--update-url", metavar="URL", help="address for changes, when it cannot be guessed")
    group.add_argument("--gsp-url", metavar="URL", help="address for whole graphs (Graph Store Protocol)")
    group.add_argument(
        "--catalog", metavar="IRI", help="name of the catalog graph (default: BASEgraph/catalog)"
    )
    group.add_argument(
        "--profile", metavar="NAME", help="kind of store: oxigraph, fuseki, virtuoso, graphdb, ..."
    )
    group.add_argument(
        "--timeout", metavar="SECONDS", type=float, default=60.0, help="for a request (default: 60)"
    )
    group.add_argument("--tries", metavar="N", type=int, default=5, help="how often to try (default: 5)")
    group.add_argument("--netrc", action="store_true", help="look for name and password in ~/.netrc")
    group.add_argument("--keyring", action="store_true", help="look for the password in the key ring")
    group.add_argument("--state", metavar="DIR", help="folder for locks and the manifest of steps")


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is here."""
    parser.add_argument("--store", metavar="DIR", help="local store, instead of INPUT")
    parser.add_argument(
        "--local-base",
        action="store_true",
        help="accept that no base IRI is configured (for trying things out)",
    )
    parser.add_argument(
        "--accept",
        metavar="MARK",
        action="append",
        default=[],
        help="a finding of the secret scan that is harmless (repeatable)",
    )


def checked_base(args: argparse.Namespace, config: Config) -> str:
    """Return the base IRI, which must be one's own.

    Raises
    ------
    ConfigError
        None is configured.
    """
    if config.base == LOCAL_BASE and not args.local_base:
        raise ConfigError(
            "no base IRI is configured, so names would be nobody's: set base in provrdf.toml (or --base) "
            "to an address you own, https://.../"
        )
    return config.base


def settings_of(config: Config, *, conforms_to: tuple[str, ...] = ()) -> CatalogSettings:
    """Return what the catalog says, from the configuration."""
    from provrdf.publish.catalog import CatalogSettings

    publish = config.publish
    return CatalogSettings(
        config.base,
        graph=publish.catalog,
        licence=publish.licence,
        publisher=publish.publisher,
        conforms_to=conforms_to,
        endpoint=publish.endpoint,
    )


def connection_of(args: argparse.Namespace, config: Config, settings: CatalogSettings) -> Connection:
    """Connect to the store that the arguments or the configuration name.

    Raises
    ------
    UsageError
        They name none.
    """
    from urllib.parse import urlsplit

    from provrdf.publish.client import Patience
    from provrdf.publish.connection import connect_store
    from provrdf.publish.credentials import check_url, find_credentials
    from provrdf.publish.discovery import Addresses

    publish = config.publish
    if publish.endpoint is None:
        raise UsageError("no store: name one with --endpoint URL, or set endpoint under [publish]")
    host = urlsplit(check_url(publish.endpoint)).hostname or ""
    credentials = find_credentials(host, use_netrc=args.netrc, use_keyring=args.keyring)
    addresses = Addresses(publish.endpoint, publish.update_url, publish.gsp_url, publish.profile)
    return connect_store(
        addresses,
        settings,
        credentials=credentials,
        patience=Patience(seconds=args.timeout, tries=max(args.tries, 1)),
        state=Path(args.state) if args.state else None,
    )


def privacy_of(args: argparse.Namespace, config: Config) -> PrivacySettings:
    """Return what may leave the house, from the configuration; ORCIDs stand for people who are hidden."""
    from provrdf.publish.credentials import Secret
    from provrdf.publish.privacy import SESSION_KEYS, PrivacySettings

    privacy = config.publish.privacy
    people = {login: agent.orcid for login, agent in config.agents.items() if agent.orcid}
    key = os.environ.get("PROVRDF_PSEUDONYM_KEY")
    return PrivacySettings(
        base=config.base,
        session_keys=SESSION_KEYS if privacy.session_keys is None else privacy.session_keys,
        path_rewrites=privacy.path_rewrites,
        agents=(people if privacy.pseudonymous else {}) | dict(privacy.agents),
        pseudonymous=privacy.pseudonymous,
        pseudonym_key=Secret(key) if key else None,
        accepted=frozenset(args.accept),
    )


@dataclass(frozen=True)
class Prepared:
    """What there is to publish.

    Attributes
    ----------
    graphs : tuple of SessionGraph
        The graphs, as they may leave the house.
    privacy : PrivacyFilter
        What was withheld and rewritten.
    """

    graphs: tuple[SessionGraph, ...]
    privacy: PrivacyFilter


class Statements:
    """The statements of the wanted sessions, as N-Quads that can be read more than once."""

    def __init__(self, stream: IO[bytes], choice: Choice, base: str) -> None:
        from provrdf.publish.choosing import chosen

        self._stream = stream
        self._base = base
        self._graphs = None if choice.everything else chosen(self._all(), choice, base=base)

    def _all(self) -> Iterator[str]:
        self._stream.seek(0)
        for line in self._stream:
            yield line.decode()

    def __iter__(self) -> Iterator[str]:
        from provrdf.publish.choosing import only

        everything = self._all()
        return everything if self._graphs is None else only(everything, self._graphs, base=self._base)


@contextmanager
def statements_of(
    args: argparse.Namespace, config: Config, model: Model | None = None
) -> Iterator[Statements]:
    """Read logs, RDF files or the local store into N-Quads; in memory while they are small."""
    from provrdf.publish.choosing import Choice

    with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as stream:
        if args.store or (not args.inputs and config.store and not config.inputs):
            _write_store(args, config, stream)
        else:
            _write_inputs(args, config, stream, model)
        said = {name: getattr(args, name) for name in _SELECTION}
        yield Statements(stream, Choice.of(**said, timezone=config.timezone), config.base)


def _write_store(args: argparse.Namespace, config: Config, stream: IO[bytes]) -> None:
    from provrdf.store import Store

    for line in Store(args.store or str(config.store)).nquads():
        stream.write(line.encode())


def _write_inputs(args: argparse.Namespace, config: Config, stream: IO[bytes], model: Model | None) -> None:
    rdf_files, logs = sort_inputs(inputs_of(args, config))
    if rdf_files:
        _write_rdf(rdf_files, stream)
    if logs:
        from provrdf.graph import write_nquads

        # All records: the selection is of whole sessions, and made later.
        everything = argparse.Namespace(**{**vars(args), **dict.fromkeys(_SELECTION)})
        write_nquads(records_of(everything, config, inputs=logs), stream, config=config, model=model)


def _write_rdf(paths: Iterable[str], stream: IO[bytes]) -> None:
    import pyoxigraph

    from provrdf.rdfinput import load_rdf

    store = pyoxigraph.Store()
    for path in paths:
        load_rdf(store, path)
    store.dump(stream, format=pyoxigraph.RdfFormat.N_QUADS)


@contextmanager
def prepared(args: argparse.Namespace, config: Config, statements: Statements) -> Iterator[Prepared]:
    """Turn statements into graphs that may leave the house."""
    from provrdf.publish.content import collect
    from provrdf.publish.privacy import PrivacyFilter, find_logins

    settings = privacy_of(args, config)
    privacy = PrivacyFilter(settings, logins=find_logins(statements, base=config.base))
    with collect(statements, base=config.base, change=privacy) as graphs:
        yield Prepared(graphs, privacy)


def setup(args: argparse.Namespace) -> tuple[Config, Model | None]:
    """Return configuration and model of the arguments."""
    config = config_of(args)
    return config, model_of(args, config)
