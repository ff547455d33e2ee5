"""Which clip the viewer's handles are on, and which lies under the pointer.

The handles are on the uppermost selected picture under the playhead that may be changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from enum import StrEnum

from studio.document.affine import Point
from studio.document.grips import CORNERS, point_of
from studio.document.model.clip import AdjustmentMedia, CaptionMedia, TitleMedia
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence, TrackKind
from studio.document.model.title import TextBlock
from studio.document.queries.layers import ClipLayer, layers_at
from studio.document.queries.stage import Region, Staged, staged
from studio.document.title_parts import Parts, parts_at, whole
from studio.ui.viewer.holds import CropHold, Hold, PictureHold, TitleHold

ROOM_SHARE = 0.15
"""Of the size of a block's text: what its box keeps clear on either side."""


class Handles(StrEnum):
    """What the viewer's handles change; the value is what preferences keep."""

    OFF = "off"
    TRANSFORM = "transform"
    CROP = "crop"


def handles_of(name: str) -> Handles:
    """What preferences ask for; a name of a newer version is the default."""
    return next((each for each in Handles if each.value == name), Handles.TRANSFORM)


def clips_at(sequence: Sequence, frame: int) -> Iterator[ClipLayer]:
    """The pictures under the playhead that may be changed, uppermost first."""
    for layer in reversed(layers_at(sequence, frame)):
        sides = (layer,) if isinstance(layer, ClipLayer) else (layer.incoming, layer.outgoing)
        for side in sides:
            if side is None or side.track.kind is not TrackKind.VIDEO or side.track.locked:
                continue
            if not isinstance(side.clip.media, CaptionMedia):
                yield side


def hold_of(
    project: Project,
    sequence: Sequence,
    frame: int,
    selected: Collection[str],
    handles: Handles,
    parts: Parts | None,
) -> Hold | None:
    """What the handles are on, None for nothing. `parts` are those of a title that are held."""
    for layer in clips_at(sequence, frame):
        clip = layer.clip
        if clip.id not in selected:
            continue
        stage = staged(project, sequence, clip, layer.frame)
        if handles is Handles.CROP:
            return CropHold(clip.id, layer.frame, stage)
        if isinstance(clip.media, TitleMedia):
            return _title_hold(layer, clip.media, stage, parts)
        return PictureHold(clip.id, layer.frame, stage)
    return None


def _title_hold(
    layer: ClipLayer, media: TitleMedia, stage: Staged, parts: Parts | None
) -> TitleHold | None:
    every = whole(media.title)
    held = parts if parts is not None and parts.within(media.title) else every
    if not held.within(media.title):
        return None  # a title without anything in it
    box_of = boxes_on(stage.frame)
    return TitleHold(layer.clip.id, layer.frame, media.title, held, stage, box_of)


def clip_under(project: Project, sequence: Sequence, frame: int, point: Point) -> ClipLayer | None:
    """The uppermost picture at a point of the frame."""
    for layer in clips_at(sequence, frame):
        if isinstance(layer.clip.media, AdjustmentMedia):
            continue  # it has no picture of its own
        stage = staged(project, sequence, layer.clip, layer.frame)
        if isinstance(layer.clip.media, TitleMedia):
            if title_part_under(layer.clip.media, stage, point) is not None:
                return layer
        elif _covers(stage, point):
            return layer
    return None


def title_part_under(media: TitleMedia, stage: Staged, point: Point) -> Parts | None:
    """The block or bar of a title at a point of the frame."""
    there = stage.map.inverse()(point)
    return parts_at(media.title, there, stage.frame, boxes_on(stage.frame))


def _covers(stage: Staged, point: Point) -> bool:
    """Whether a point lies in a picture, whichever way that is turned."""
    corners = [point_of(stage, corner) for corner in CORNERS]
    sides = zip(corners, (*corners[1:], corners[0]), strict=True)
    turns = [
        (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])
        for start, end in sides
    ]
    return all(turn >= 0 for turn in turns) or all(turn <= 0 for turn in turns)


def boxes_on(frame: tuple[int, int]) -> Callable[[TextBlock], Region]:
    """Where the text of blocks is drawn on a frame, with a little room around it to take hold of.

    What draws text is loaded when a title is first held: a window opens without it.
    """

    def box_of(block: TextBlock) -> Region:
        from studio.media.compositor.text import text_box

        left, top, width, height = text_box(block, frame)
        room = block.style.padding * frame[1] + block.style.size * frame[1] * ROOM_SHARE
        return Region(left - room, top, left + width + room, top + height)

    return box_of
