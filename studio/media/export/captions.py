"""Captions of an export: the cues of its range, a track inside the film, an .srt file beside it.

Burning them in is the compositor's work.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from av.container import OutputContainer

from studio.document.model.sequence import TrackKind
from studio.document.subtitles import Cue, cues_of, write_srt
from studio.document.time import Time
from studio.media.export.captiontrack import CODECS, CaptionTrack
from studio.media.export.job import Captions
from studio.media.export.placing import placed_file
from studio.media.export.plan import ExportPlan
from studio.media.export.presets import Output


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


def add_caption_track(container: OutputContainer, plan: ExportPlan) -> CaptionTrack | None:
    """The track that captions go into, before the file begins; None where none is wanted."""
    if plan.job.captions is not Captions.TRACK or not _holds_a_track(plan):
        return None
    cues = cues_in(plan)
    return CaptionTrack(container, plan.preset.container, cues) if cues else None


def _holds_a_track(plan: ExportPlan) -> bool:
    return plan.preset.output is Output.FILM and plan.preset.container in CODECS


def write_captions(plan: ExportPlan) -> tuple[Path, ...]:
    """Write the .srt file where one is wanted, or no track has room, and there are captions."""
    wanted = plan.job.captions
    beside = wanted is Captions.SRT or (wanted is Captions.TRACK and not _holds_a_track(plan))
    cues = cues_in(plan) if beside else []
    if not cues:
        return ()
    path = plan.out.with_suffix(".srt")
    with placed_file(path) as part:
        part.write_text(write_srt(cues), encoding="utf-8")
    return (path,)
