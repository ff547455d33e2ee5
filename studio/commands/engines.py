"""Which engine a command talks to: this machine's, started if need be, or a GPU server."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.client.connect import connect_local, connect_server
from studio.client.engine import EngineClient
from studio.commands.failures import UsageError
from studio.session.settings import Settings, default_path, read_settings


def tier_of(arguments: argparse.Namespace) -> str:
    """The tier asked for; naming a server asks for it."""
    if arguments.tier is None:
        return "server" if arguments.server else "draft"
    if arguments.server and arguments.tier != "server":
        raise UsageError(
            f"--server goes with --tier server, not with {arguments.tier}. Leave one of them out."
        )
    return str(arguments.tier)


@contextmanager
def connected(arguments: argparse.Namespace) -> Iterator[EngineClient]:
    """The engine that the options of `parser.add_engine` choose, for as long as the block runs.

    Raises: UsageError, EngineClientError.
    """
    client = _client(arguments)
    try:
        yield client
    finally:
        client.close()


def _client(arguments: argparse.Namespace) -> EngineClient:
    if tier_of(arguments) != "server":
        return connect_local(arguments.engine_state)
    settings = read_settings(default_path())
    url = arguments.server or settings.server_address
    if not url:
        raise UsageError(
            "No server is known. Give --server URL --token TEXT, or save one in the preferences."
        )
    token = arguments.token or _saved_token(url, settings)
    return connect_server(url, token, _certificate(arguments, settings))


def _saved_token(url: str, settings: Settings) -> str:
    """The saved token, which goes to the saved server alone."""
    if url.rstrip("/") != settings.server_address.rstrip("/") or not settings.server_token:
        raise UsageError(f"The server {url} needs a token. Give it with --token.")
    return settings.server_token


def _certificate(arguments: argparse.Namespace, settings: Settings) -> Path | None:
    if arguments.certificate is not None:
        return Path(arguments.certificate)
    saved = settings.server_certificate
    return Path(saved) if saved and not arguments.server else None
