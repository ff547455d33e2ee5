"""Reworking: what extending, retaking or enlarging a clip reads, or one sentence why it cannot.

Pure functions from a project and its selection to the asset and the part of it that is meant.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from fractions import Fraction

from studio.document.errors import EditError
from studio.document.model.asset import Asset, AssetKind
from studio.document.model.clip import AssetMedia, Clip
from studio.document.model.generated import GeneratedMedia
from studio.document.model.project import Project
from studio.document.model.sequence import TrackKind
from studio.document.queries.places import Place, find
from studio.document.retime import shown_source_time, source_range
from studio.document.time import FrameRange
from studio.session.draft import Source
from studio.session.played import PlayedClip, played, played_part

LONGEST_S = 60
"""The longest part of a clip that is made anew at once."""
HANDLE_S = 1
"""A take goes on for so long on either side of what its clip plays, for trims and transitions."""


def subject_of(
    project: Project, selected: Collection[str], missing: Collection[str], verb: str
) -> PlayedClip:
    """The one picture clip that is selected. `verb` says in a refusal what was wanted of it.

    Raises: EditError when none is, or several are, or it has no picture that can be read.
    """
    places = [place for each in selected if (place := find(project, each)) is not None]
    clips = [place for place in places if isinstance(place.item, Clip)]
    if not clips:
        raise EditError(f"Select the clip to {verb} first.")
    pictures = [place for place in clips if place.track.kind is TrackKind.VIDEO]
    if not pictures:
        raise EditError(f"Only sound is selected. Select a clip with a picture to {verb}.")
    if len(pictures) > 1:
        raise EditError(f"Several clips are selected. Select the one to {verb}.")
    return _readable(project, pictures[0], missing)


def _readable(project: Project, place: Place, missing: Collection[str]) -> PlayedClip:
    clip = place.item
    assert isinstance(clip, Clip)
    name = clip.name or "This clip"
    if not isinstance(clip.media, AssetMedia | GeneratedMedia):
        raise EditError(f"{name} is no footage. Choose a clip of a file or a generated one.")
    subject = played(
        project, place, missing, f"{name} has no picture yet. Wait until it has been made."
    )
    if not subject.asset.video:
        raise EditError(f"{subject.asset.name} has no picture, only sound.")
    return subject


def source_with_handles(subject: PlayedClip) -> Source:
    """The part of a file that a clip plays, and a little on either side: what a take is made of.

    Raises: EditError for a still, or for a clip that plays too much of its file.
    """
    asset = _moving(subject)
    used = source_range(subject.clip, subject.place.sequence.rate)
    if used.duration.seconds > LONGEST_S:
        raise EditError(
            f"{subject.name} plays for {_length(used.duration.seconds)}, and at most {LONGEST_S} s "
            "are made anew at once. Cut the part you mean into a clip of its own."
        )
    start, end = used.start.seconds - HANDLE_S, used.end_time_exclusive.seconds + HANDLE_S
    return _source(subject, *_whole_frames(asset, start, end))


def used_source(subject: PlayedClip) -> Source:
    """The part of a file that a clip plays.

    Raises: EditError for a still, or for a clip that does not play at its own pace.
    """
    _moving(subject)
    return _source(subject, *played_part(subject))


def retake_range(subject: PlayedClip, marks: FrameRange | None) -> tuple[Fraction, Fraction]:
    """The seconds of the file between the sequence's marks, out to whole frames of the file.

    Without marks it is all that the clip plays.

    Raises: EditError when the marks do not touch the clip.
    """
    lies = subject.place.range
    span = (
        lies
        if marks is None
        else FrameRange(max(lies.start, marks.start), min(lies.end, marks.end))
    )
    if span.start >= span.end:
        raise EditError(f"The marked range does not touch {subject.name}. Move in and out over it.")
    rate = subject.place.sequence.rate
    used = source_range(subject.clip, rate, span.start - lies.start, span.end - lies.start)
    start, end = _whole_frames(
        _moving(subject), used.start.seconds, used.end_time_exclusive.seconds
    )
    if start >= end:
        raise EditError("The range is empty. Mark in and out around the part to be made anew.")
    return start, end


def edit_range(
    subject: PlayedClip, marks: FrameRange | None, source: Source
) -> tuple[Fraction, Fraction]:
    """As `retake_range`; where it reaches an end of the clip, the handle beyond is changed as well.

    A dissolve then shows nothing that was not changed.
    """
    start, end = retake_range(subject, marks)
    whole_start, whole_end = retake_range(subject, None)
    return (
        source.in_s if start == whole_start else start,
        source.out_s if end == whole_end else end,
    )


def frame_time(subject: PlayedClip, playhead: int) -> Fraction:
    """The moment of the file that the clip shows at the playhead, or at its near end."""
    lies = subject.place.range
    inside = min(max(playhead, lies.start), lies.end - 1) - lies.start
    rate = subject.place.sequence.rate
    return shown_source_time(subject.clip, inside, rate).seconds


def sticker_of(subject: PlayedClip) -> Asset:
    """The still with transparency that a clip shows.

    Raises: EditError when it moves, or has no transparency.
    """
    asset = subject.asset
    if asset.kind is not AssetKind.STILL:
        raise EditError(
            f"{subject.name} moves already. Select a sticker: a still with transparency."
        )
    if not asset.video[0].has_alpha:
        raise EditError(
            f"{subject.name} has no transparency. Make a sticker, or import a PNG with it."
        )
    return asset


def _moving(subject: PlayedClip) -> Asset:
    if subject.asset.kind is not AssetKind.VIDEO:
        raise EditError(f"{subject.name} is a still. Make a clip from this frame instead.")
    return subject.asset


def _whole_frames(asset: Asset, start: Fraction, end: Fraction) -> tuple[Fraction, Fraction]:
    """A stretch of a file out to whole frames, as far as the file goes."""
    rate = asset.video[0].rate.fraction
    last = math.floor(asset.duration.seconds * rate)
    return max(0, math.floor(start * rate)) / rate, min(last, math.ceil(end * rate)) / rate


def _source(subject: PlayedClip, in_s: Fraction, out_s: Fraction) -> Source:
    asset, media = subject.asset, subject.clip.media
    video = asset.video[0]
    rate = video.rate.fraction
    take = media.take if isinstance(media, GeneratedMedia) else None
    return Source(
        sha256=asset.sha256,
        width=video.width,
        height=video.height,
        frames=max(1, round((out_s - in_s) * rate)),
        rate=f"{rate.numerator}/{rate.denominator}",
        in_s=in_s,
        out_s=out_s,
        is_whole=not in_s and out_s + 1 / rate > asset.duration.seconds,
        footage_in_s=in_s + (take.begins.seconds if take is not None else 0),
    )


def _length(seconds: Fraction) -> str:
    return f"{round(seconds)} s" if seconds < 120 else f"{round(seconds / 60)} min"
