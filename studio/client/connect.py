"""Clients, made from what a person configures: this machine's engine, or a server's address."""

from __future__ import annotations

from pathlib import Path

from studio.client.address import RemoteHost, parse_server
from studio.client.http_client import HttpEngineClient
from studio.client.local_engine import LocalEngine


def connect_local(state: Path | None = None) -> HttpEngineClient:
    """A client of this machine's engine, which starts with the first request if need be."""
    return HttpEngineClient(LocalEngine(state))


def connect_server(url: str, token: str, certificate: Path | None = None) -> HttpEngineClient:
    """A client of a server. Raises: EngineUnreachable, for text that is no address."""
    return HttpEngineClient(RemoteHost(parse_server(url, token, certificate)))
