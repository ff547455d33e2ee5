"""Events on their way to those who listen: read from the queue's table, with the latest preview.

A listener that was away, or is slow, reads on from where it was; nothing is buffered for it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

import msgspec

from engine.protocol.jobs import JobEvent, JobState, Running
from engine.server.bell import Bell
from engine.server.queue import JobQueue


class EventFeed:
    """Follows the queue. Previews live here, in memory, for as long as their job runs."""

    def __init__(self, queue: JobQueue, changed: Bell) -> None:
        self._queue = queue
        self._changed = changed
        self._previews: dict[str, tuple[int, bytes]] = {}

    def post(self, job_id: str, state: JobState, preview: bytes | None = None) -> None:
        """Write a job's new state, and show its preview with it."""
        sequence = self._queue.update(job_id, state)
        if preview is not None:
            self._previews[job_id] = (sequence, preview)
        if not isinstance(state, Running):
            self._previews.pop(job_id, None)

    async def follow(
        self, owner: str, after: int, job_id: str | None = None
    ) -> AsyncGenerator[JobEvent]:
        """An owner's events, or one job's, from there on, for ever."""
        while True:
            ring = self._changed.next_ring()
            events = self._queue.events_after(after, owner, job_id)
            for event in events:
                after = event.sequence
                yield self._with_preview(event)
            if not events:
                await ring.wait()

    def _with_preview(self, event: JobEvent) -> JobEvent:
        sequence, preview = self._previews.get(event.job_id, (0, b""))
        if sequence != event.sequence:
            return event
        return msgspec.structs.replace(event, preview=preview)
