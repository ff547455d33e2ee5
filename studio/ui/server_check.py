"""What the preferences pages cannot do by themselves: ask a server, empty the cache, re-dress."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.protocol.models import Health
from studio.media.diskcache import keep_within
from studio.session.background import Background
from studio.session.preferences import Preferences
from studio.ui.dialogs.preferences import PreferenceVerbs

NOTHING = 0
"""Bytes of the cache that are left when it is emptied."""


def preference_verbs(
    preferences: Preferences, work: Background, dress: Callable[[str], object]
) -> PreferenceVerbs:
    """The verbs for one window."""

    def test(
        address: str,
        token: str,
        on_done: Callable[[Health], object],
        on_error: Callable[[Exception], object],
    ) -> None:
        certificate = preferences.settings.server_certificate
        work.run(lambda: _health_of(address, token, certificate), on_done, on_error)

    return PreferenceVerbs(
        test_server=test,
        clear_cache=lambda: keep_within(preferences.cache_folder, NOTHING),
        change_theme=dress,
    )


def _health_of(address: str, token: str, certificate: str) -> Health:
    """Ask a server how it is. Raises: EngineClientError."""
    from studio.client.connect import connect_server

    client = connect_server(address, token, Path(certificate) if certificate else None)
    try:
        return client.health()
    finally:
        client.close()
