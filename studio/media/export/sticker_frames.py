"""A range of a sequence as the pictures of a sticker: what the compositor draws, over nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studio.document.model.record import Id
from studio.media.compositor.render import Scene, render_transparent
from studio.media.errors import Cancelled
from studio.media.picture import Size
from studio.media.stickers.clip import Picture, StickerClip


def range_clip(
    scene: Scene,
    sequence_id: Id,
    first: int,
    end: int,
    largest: int,
    should_cancel: Callable[[], bool] = lambda: False,
) -> StickerClip:
    """Frames `first` to `end` of a sequence with alpha, no side longer than `largest` pixels.

    Raises:
        MediaError: footage cannot be read, in a scene that does not forgive it.
        Cancelled: `should_cancel` said so between two frames.
    """
    sequence = scene.project.sequence(sequence_id)
    size = _within((sequence.width, sequence.height), largest)

    def pictures() -> Iterator[Picture]:
        for frame in range(first, end):
            if should_cancel():
                raise Cancelled("The sticker was not made.")
            yield render_transparent(scene, sequence_id, frame, size).straight()

    return StickerClip.steady(pictures(), sequence.rate.fraction)


def _within(size: Size, largest: int) -> Size:
    scale = min(1.0, largest / max(size))
    return max(2, round(size[0] * scale)), max(2, round(size[1] * scale))
