"""Chapters of an export, from the sequence's chapter markers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from av.container import OutputContainer

from studio.document.time import Rate, Rounding, Time
from studio.media.export.plan import ExportPlan

if TYPE_CHECKING:
    from av.container.core import Chapter  # a type that exists for checkers alone

MILLISECONDS = Rate(1000)
CONTAINERS = frozenset({"mp4", "mov", "matroska", "webm", "ipod"})


def set_chapters(container: OutputContainer, plan: ExportPlan) -> None:
    """Write chapters where the container can hold them and the range has any."""
    chapters = chapters_of(plan) if plan.preset.container in CONTAINERS else []
    if chapters:
        container.set_chapters(chapters)


def chapters_of(plan: ExportPlan) -> list[Chapter]:
    """Each chapter from its marker to the next; the first begins with the film."""
    first, end = plan.source_span.start, plan.source_span.end
    rate = plan.source.rate
    markers = sorted(
        (m for m in plan.source.markers if m.chapter and m.at < end), key=lambda m: m.at
    )
    inside = [marker for marker in markers if marker.at >= first]
    before = [marker for marker in markers if marker.at < first]
    opening = before[-1:] if not inside or inside[0].at > first else []
    starts = [*((first, marker) for marker in opening), *((m.at, m) for m in inside)]
    ends = [*(start for start, _ in starts[1:]), end][: len(starts)]
    return [
        {
            "id": number,
            "start": _milliseconds(start - first, rate),
            "end": _milliseconds(stop - first, rate),
            "time_base": 1 / MILLISECONDS.fraction,
            "metadata": {"title": marker.name or f"Chapter {number + 1}"},
        }
        for number, ((start, marker), stop) in enumerate(zip(starts, ends, strict=True))
    ]


def _milliseconds(frames: int, rate: Rate) -> int:
    return Time(frames, rate).ticks(MILLISECONDS, Rounding.NEAREST)
