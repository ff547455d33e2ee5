"""Where an engine is: an address that was configured, or one that a local engine has just got."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from engine.protocol import PROTOCOL_VERSION
from engine.protocol.routes import PROTOCOL_HEADER
from studio.client.errors import ConnectionUntrusted, EngineUnreachable


@dataclass(frozen=True, slots=True)
class Address:
    """One engine's URL and token. `certificate` is trusted beside the system's own."""

    url: str
    token: str
    certificate: Path | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {
            "Authorization": f"Bearer {self.token}",
            PROTOCOL_HEADER: str(PROTOCOL_VERSION),
        }

    @property
    def events_url(self) -> str:
        """The URL's WebSocket form."""
        return "ws" + self.url.removeprefix("http")

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine, where no proxy has a place."""
        return urlsplit(self.url).hostname in ("127.0.0.1", "::1", "localhost")

    def tls(self) -> ssl.SSLContext | None:
        """How to check the server's certificate; None for plain http.

        Raises: ConnectionUntrusted, when the certificate file cannot be used.
        """
        if not self.url.startswith("https:"):
            return None
        context = ssl.create_default_context()
        if self.certificate is not None:
            try:
                context.load_verify_locations(self.certificate)
            except (OSError, ssl.SSLError) as problem:
                raise ConnectionUntrusted(
                    f"The certificate file {self.certificate} cannot be used: {problem}."
                    " Choose the server's certificate in PEM form."
                ) from problem
        return context


class EngineHost(Protocol):
    """Whatever knows where the engine is at this moment."""

    def address(self) -> Address:
        """The address to use now, starting an engine there if that is this host's business.

        Raises: EngineClientError.
        """
        ...

    def close(self) -> None:
        """The engine is not needed any more by this client."""
        ...


@dataclass(frozen=True, slots=True)
class RemoteHost:
    """A server that someone else runs."""

    remote: Address

    def address(self) -> Address:
        """See EngineHost."""
        return self.remote

    def close(self) -> None:
        """See EngineHost: a server goes on without us."""


def parse_server(url: str, token: str, certificate: Path | None = None) -> Address:
    """A server's address as a person types it: "gpu.studio.lan:7878" means https.

    Raises: EngineUnreachable, for text that is no address.
    """
    text = url.strip().rstrip("/")
    full = text if "://" in text else f"https://{text}"
    parts = urlsplit(full)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise EngineUnreachable(
            f"{url!r} is not a server's address. Write one such as https://gpu.studio.lan:7878."
        )
    return Address(full, token.strip(), certificate)
