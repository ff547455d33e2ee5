"""ExportPlan: a job looked at before any work: what will be made, and whether it can be.

Everything that can be refused is refused here, in a sentence, before a file is touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from studio.document.model.asset import Asset
from studio.document.model.clip import Clip, Fit, SequenceMedia
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.queries.layers import audible_tracks
from studio.document.queries.media import asset_of
from studio.document.queries.places import clips_of, sequence_duration
from studio.document.time import FrameRange, Rate, Rounding, Time, sample_of_frame
from studio.media.errors import BadJob, FootageMissing
from studio.media.export.job import Captions, ExportJob, Reframe
from studio.media.export.presets import Output, Preset
from studio.media.footage import Footage
from studio.media.mixer.clipsound import MIX_RATE
from studio.media.picture import Size, even_size

LARGEST_SIDE = 8192
WRAPPER_ID = "export"


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What will be made.

    `project` and `sequence` are what is rendered: the job's own sequence (`source`), or one that
    holds it nested where shape or rate change. `span` is in frames of the one, `source_span` of
    the other.
    """

    job: ExportJob
    preset: Preset
    project: Project
    sequence: Sequence
    source: Sequence
    span: FrameRange
    source_span: FrameRange
    size: Size
    has_sound: bool

    @property
    def out(self) -> Path:
        return self.job.out

    @property
    def rate(self) -> Fraction:
        return self.sequence.rate.fraction

    @property
    def frames(self) -> int:
        return self.span.duration

    @property
    def burn_captions(self) -> bool:
        return self.job.captions is Captions.BURN

    def sample_at(self, number: int) -> int:
        """The first sample of output frame `number`, counted in the sequence."""
        return sample_of_frame(self.span.start + number, self.sequence.rate, MIX_RATE)

    @property
    def samples(self) -> FrameRange:
        """The samples of the sequence that go out."""
        return FrameRange(self.sample_at(0), self.sample_at(self.frames))


def plan_export(project: Project, footage: Footage, job: ExportJob) -> ExportPlan:
    """Work out what a job means.

    Raises:
        BadJob: it cannot be made, and why.
        FootageMissing: footage it needs is not there.
    """
    preset = job.way
    source = _sequence(project, job.sequence_id)
    span = _span(source, job)
    size = _size(source, preset, job)
    rate = _rate(source, preset)
    sounding = preset.sound is not None and _has_sound(source)
    if preset.video is None and preset.output is not Output.IMAGES and not sounding:
        raise BadJob("There is no sound to export: every audio track is empty or muted.")
    _check_footage(project, source, span, footage)
    if _same_shape(size, source) and rate == source.rate:
        return ExportPlan(job, preset, project, source, source, span, span, size, sounding)
    return _wrapped(project, source, job, preset, span, size, rate, sounding)


def _sequence(project: Project, sequence_id: Id) -> Sequence:
    try:
        return project.sequence(sequence_id)
    except KeyError:
        raise BadJob("That sequence is not in the project any more.") from None


def _span(sequence: Sequence, job: ExportJob) -> FrameRange:
    length = sequence_duration(sequence)
    end = length if job.end is None else min(job.end, length)
    if length == 0:
        raise BadJob("The sequence is empty. Put a clip on the timeline before exporting.")
    if job.first < 0 or job.first >= end:
        raise BadJob(
            f"The range from frame {job.first} to {end} holds nothing; "
            f"the sequence has frames 0 to {length}."
        )
    return FrameRange(job.first, end)


def _size(sequence: Sequence, preset: Preset, job: ExportJob) -> Size:
    wanted = job.size or preset.size or (sequence.width, sequence.height)
    if not all(16 <= side <= LARGEST_SIDE for side in wanted):
        raise BadJob(
            f"A film of {wanted[0]} × {wanted[1]} cannot be made; each side goes from 16 "
            f"to {LARGEST_SIDE}."
        )
    return even_size(wanted)


def _rate(sequence: Sequence, preset: Preset) -> Rate:
    """The sequence's rate, halved until it is within the preset's limit."""
    rate = sequence.rate
    while preset.rate_limit is not None and rate.fraction > preset.rate_limit * Fraction(
        1001, 1000
    ):
        rate = Rate.of(rate.fraction / 2)
    return rate


def _has_sound(sequence: Sequence) -> bool:
    return any(isinstance(item, Clip) for track in audible_tracks(sequence) for item in track.items)


def _same_shape(size: Size, sequence: Sequence) -> bool:
    """True where the frame is the sequence's own, larger or smaller but of the same shape."""
    return abs(size[0] * sequence.height - size[1] * sequence.width) <= 2 * max(
        sequence.height, sequence.width
    )


def _wrapped(
    project: Project,
    source: Sequence,
    job: ExportJob,
    preset: Preset,
    span: FrameRange,
    size: Size,
    rate: Rate,
    sounding: bool,
) -> ExportPlan:
    """A plan that renders a new sequence with the job's nested in it."""
    length = Time(span.duration, source.rate).ticks(rate, Rounding.CEIL)
    fit = Fit.FILL if job.reframe is Reframe.FILL else Fit.FIT
    start = Time(span.start, source.rate)
    media = SequenceMedia(sequence_id=source.id)
    picture = Clip(id="export-v", duration=length, media=media, source_start=start, fit=fit)
    sound = Clip(id="export-a", duration=length, media=media, source_start=start)
    outer = Sequence(
        id=WRAPPER_ID,
        name=source.name,
        rate=rate,
        width=size[0],
        height=size[1],
        background=source.background,
        tracks=(
            Track(id="export-tv", kind=TrackKind.VIDEO, items=(picture,)),
            Track(id="export-ta", kind=TrackKind.AUDIO, items=(sound,)),
        ),
    )
    whole = replace(project, sequences=(*project.sequences, outer))
    return ExportPlan(
        job, preset, whole, outer, source, FrameRange(0, length), span, size, sounding
    )


def _check_footage(
    project: Project, sequence: Sequence, span: FrameRange, footage: Footage
) -> None:
    """Raise where a file that the span needs is not there."""
    missing = sorted(
        {asset.name for asset in used_assets(project, sequence) if not footage.exists(asset)}
    )
    if missing:
        names = ", ".join(missing[:3]) + (" and others" if len(missing) > 3 else "")
        raise FootageMissing(
            f"Footage is missing: {names}. Relink it or take it out of the cut, then export again."
        )


def used_assets(project: Project, sequence: Sequence) -> Iterator[Asset]:
    """Every asset that a sequence plays, nested sequences included."""
    for track, _, clip in clips_of(sequence):
        if track.hidden or not clip.enabled:
            continue
        if isinstance(clip.media, SequenceMedia):
            yield from used_assets(project, project.sequence(clip.media.sequence_id))
            continue
        asset = asset_of(project, clip)
        if asset is not None:
            yield asset
