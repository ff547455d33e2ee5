"""Captions of an export: the cues of its range, and the .srt file beside a film.

Burning them in is the compositor's work; a track inside the film is `film`'s.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from studio.document.model.sequence import TrackKind
from studio.document.subtitles import Cue, cues_of, write_srt
from studio.document.time import Time
from studio.media.export.job import Captions
from studio.media.export.placing import placed_file
from studio.media.export.plan import ExportPlan


def cues_in(plan: ExportPlan) -> list[Cue]:
    """The captions seen in the range, timed from its first frame, in order."""
    rate = plan.source.rate
    start, end = (Time(frame, rate) for frame in (plan.source_span.start, plan.source_span.end))
    cues = [
        replace(cue, start=max(cue.start, start) - start, end=min(cue.end, end) - start)
        for track in plan.source.tracks
        if track.kind is TrackKind.CAPTION and not track.hidden
        for cue in cues_of(track, rate)
        if cue.start < end and cue.end > start
    ]
    return sorted(cues, key=lambda cue: cue.start)


def write_captions(plan: ExportPlan) -> tuple[Path, ...]:
    """Write the .srt file where one is wanted and there is something to say."""
    cues = cues_in(plan) if plan.job.captions is Captions.SRT else []
    if not cues:
        return ()
    path = plan.out.with_suffix(".srt")
    with placed_file(path) as part:
        part.write_text(write_srt(cues), encoding="utf-8")
    return (path,)
