"""How strong a clip is at a frame: fades, opacity and gain."""

from __future__ import annotations

from math import pi, sin

from studio.document.keyframes import value_at
from studio.document.model.clip import Clip, FadeShape


def fade_at(clip: Clip, frame: float) -> float:
    """The level, 0 to 1, that a clip's fades leave at a place counted from its first frame.

    Pass the middle of a picture (frame + 0.5), or the place of a sample. Fades that are longer
    than the clip multiply where they meet.
    """
    level = 1.0
    if clip.fade_in_frames:
        level *= fade_shape(clip.fade_shape, frame / clip.fade_in_frames)
    if clip.fade_out_frames:
        level *= fade_shape(clip.fade_shape, (clip.duration - frame) / clip.fade_out_frames)
    return level


def fade_shape(shape: FadeShape, share: float) -> float:
    """The level of a fade-in, `share` of its length from the start. Outside 0 to 1 it is flat."""
    x = min(1.0, max(0.0, share))
    match shape:
        case FadeShape.LINEAR:
            return x
        case FadeShape.EQUAL_POWER:
            return sin(x * pi / 2)
        case FadeShape.SMOOTH:
            return x * x * (3 - 2 * x)


def opacity_at(clip: Clip, frame: int) -> float:
    """The opacity of a picture at one of its frames, keyframes and fades together."""
    return min(1.0, max(0.0, value_at(clip.opacity, frame))) * fade_at(clip, frame + 0.5)


def gain_at(clip: Clip, frame: float) -> float:
    """The factor on a sound's amplitude at a place in its clip, keyframes and fades together."""
    return 10 ** (value_at(clip.gain_db, frame) / 20) * fade_at(clip, frame)
