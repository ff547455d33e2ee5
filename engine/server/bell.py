"""A bell that wakes every task waiting at this moment: something changed, look again."""

from __future__ import annotations

import asyncio


class Bell:
    """Rung on the event loop, waited for on the event loop."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake those who wait now."""
        self._event.set()
        self._event = asyncio.Event()

    def next_ring(self) -> asyncio.Event:
        """The coming ring; take it before looking, and wait on it after, to miss none."""
        return self._event
