"""The funnel's thresholds, and the two sets of them that have a name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

Aspect = Literal["landscape", "portrait", "any"]


def _limit(default: float, meaning: str) -> float:
    return field(default=default, metadata={"help": meaning})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a clip must keep to. The defaults are the paper's; `help` of each says what it is."""

    min_duration_s: float = _limit(4.0, "shortest source, seconds")
    max_duration_s: float = _limit(120.0, "longest source, seconds")
    min_side: float = _limit(768, "least width and height, pixels")
    aspect: Aspect = "landscape"
    max_text: float = _limit(0.6, "text score that is too much: a tenth for each letter of a line")
    max_border: float = _limit(0.01, "widest bar at an edge, as a share of the side")
    skip_start_s: float = _limit(0.0, "seconds left out at the start of each source")
    min_clip_s: float = _limit(12.0, "shortest clip cut from one scene, seconds")
    max_clip_s: float = _limit(16.0, "longest clip; longer scenes make several")
    min_aesthetics: float = _limit(0.4, "sharpness, exposure and colour of the middle, 0 to 1")
    min_luma_motion: float = _limit(2.0, "change of smoothed luma from picture to picture, levels")
    min_vector: float = _limit(0.5, "mean motion, pixels at 768 lines in 1/24 s")
    max_vector: float = _limit(7.0, "mean motion that is too much")
    max_shots_per_s: float = _limit(0.85, "jumps of content a second that are too many")
    max_shake: float = _limit(4.0, "jerk of the camera that is too much, pixels as for motion")
    max_similarity: float = _limit(0.99, "cosine from which two clips are copies")
    same_concept: float = _limit(0.85, "cosine from which two pictures show the same kind of thing")
    resampled: bool = True


PAPER = Thresholds()
POCKET = replace(
    PAPER,
    min_duration_s=1.0,
    max_duration_s=7200.0,
    min_side=256,
    aspect="any",
    min_clip_s=2.0,
    max_clip_s=8.0,
    min_aesthetics=0.3,
    min_luma_motion=0.3,
    min_vector=0.1,
    max_vector=20.0,
    max_shake=8.0,
)
PRESETS = {"paper": PAPER, "pocket": POCKET}
