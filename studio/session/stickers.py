"""What a sticker can be made of here: the chosen clip's own media, or the marked range as rendered.

Pure functions from a project and what is chosen in it to the parts, or one sentence why there are
none; and `read_part`, which blocks and belongs on another thread.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from studio.document.errors import EditError
from studio.document.model.asset import Asset, AssetKind
from studio.document.model.clip import ConstantSpeed
from studio.document.model.project import Project
from studio.document.retime import source_range
from studio.document.time import FrameRange
from studio.session.late import Late
from studio.session.played import PlayedClip
from studio.session.reworking import subject_of

if TYPE_CHECKING:
    from studio.media.footage import Footage
    from studio.media.stickers.clip import StickerClip

MOST_FRAMES = 300
"""As many as a sticker file may have; the readers hold to it too."""
_ROOM_BYTES = 384 * 2**20
"""Memory for the pictures that are read: a long part is read smaller than a short one."""
_LARGEST, _SMALLEST = 1024, 512


@dataclass(frozen=True, slots=True)
class ClipPart:
    """What a clip plays of its file, with the file's own frames; `speed` below 0 is backwards."""

    name: str
    path: Path
    in_s: Fraction
    out_s: Fraction
    speed: Fraction
    frames: int
    alpha: bool


@dataclass(frozen=True, slots=True)
class RangePart:
    """Frames `first` to `end` of a sequence as the compositor draws them, over nothing."""

    name: str
    project: Project
    sequence_id: str
    first: int
    end: int

    @property
    def frames(self) -> int:
        return self.end - self.first


Part: TypeAlias = ClipPart | RangePart


def sticker_parts(
    project: Project,
    sequence_id: str,
    selected: Collection[str],
    missing: Collection[str],
    marks: FrameRange | None,
    path_of: Callable[[Asset], Path],
) -> tuple[Part, ...]:
    """What can be made a sticker now, the likeliest first.

    Raises: EditError, a sentence, where nothing can.
    """
    found: list[Part] = []
    refusals: list[EditError] = []
    for part in (
        lambda: clip_part(subject_of(project, selected, missing, "export"), path_of),
        lambda: _range_part(project, sequence_id, marks),
    ):
        try:
            found.append(part())
        except EditError as refusal:
            refusals.append(refusal)
    if found:
        return tuple(found)
    if selected and marks is None:
        raise refusals[0]
    if marks is not None:
        raise refusals[1]
    raise EditError("Select a clip first, or mark in and out around what is to be a sticker.")


def clip_part(subject: PlayedClip, path_of: Callable[[Asset], Path]) -> ClipPart:
    """What a clip plays of its file.

    Raises: EditError when it is too long, or its speed changes on the way.
    """
    asset, speed = subject.asset, subject.clip.speed
    picture = asset.video[0]
    if not isinstance(speed, ConstantSpeed):
        raise EditError(
            f"{subject.name} changes its speed. Mark in and out around it, and export the range."
        )
    if asset.kind is AssetKind.STILL:
        return ClipPart(
            subject.name,
            path_of(asset),
            Fraction(0),
            Fraction(1),
            Fraction(1),
            1,
            picture.has_alpha,
        )
    used = source_range(subject.clip, subject.place.sequence.rate)
    in_s = max(Fraction(0), used.start.seconds)
    out_s = min(used.end_time_exclusive.seconds, asset.duration.seconds)
    if speed.factor == 0:
        out_s = in_s + 1 / picture.rate.fraction
    frames = max(1, round((out_s - in_s) * picture.rate.fraction))
    _check_length(subject.name, frames)
    return ClipPart(
        subject.name, path_of(asset), in_s, out_s, speed.factor, frames, picture.has_alpha
    )


def _range_part(project: Project, sequence_id: str, marks: FrameRange | None) -> RangePart:
    if marks is None or marks.start >= marks.end:
        raise EditError("The marked range is empty. Mark in and out around what is to be exported.")
    _check_length("The marked range", marks.end - marks.start)
    name = project.sequence(sequence_id).name
    return RangePart(name, project, sequence_id, marks.start, marks.end)


def _check_length(name: str, frames: int) -> None:
    if frames > MOST_FRAMES:
        raise EditError(
            f"{name} has {frames} frames, and a sticker {MOST_FRAMES} at most."
            " Mark in and out around a shorter part."
        )


def read_part(part: Part, footage: Late[Footage], should_cancel: Callable[[], bool]) -> StickerClip:
    """The pictures of a part, as large as a sticker can use. Blocks.

    Raises: MediaError, Cancelled among them.
    """
    from studio.media.compositor.render import Scene
    from studio.media.export.sticker_frames import range_clip
    from studio.media.stickers import reading
    from studio.media.stickers.shaping import paced

    largest = _largest_side(part.frames)
    if isinstance(part, RangePart):
        scene = Scene(part.project, footage.get(), forgiving=False)
        return range_clip(scene, part.sequence_id, part.first, part.end, largest, should_cancel)
    return paced(reading.read_part(part.path, part.in_s, part.out_s, largest), part.speed)


def _largest_side(frames: int) -> int:
    room = int((_ROOM_BYTES / (4 * frames)) ** 0.5)
    return min(_LARGEST, max(_SMALLEST, room))
