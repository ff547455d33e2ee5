"""Filters of a file's header: how long the source is, how large, and which way up."""

from __future__ import annotations

from engine.training.curation.facts import Clip
from engine.training.curation.thresholds import Thresholds


def duration_rule(limits: Thresholds) -> str:
    """What `too_short_or_long` asks for."""
    return f"{limits.min_duration_s:g} s ≤ source ≤ {limits.max_duration_s:g} s"


def too_short_or_long(clip: Clip, limits: Thresholds) -> str | None:
    """Why the source's length is wrong."""
    seconds = float(clip.source.duration_s)
    if limits.min_duration_s <= seconds <= limits.max_duration_s:
        return None
    return f"the source lasts {seconds:.2f} s"


def resolution_rule(limits: Thresholds) -> str:
    """What `too_small` asks for."""
    return f"width and height ≥ {limits.min_side:g}"


def too_small(clip: Clip, limits: Thresholds) -> str | None:
    """Why there are too few pixels."""
    width, height = clip.source.width, clip.source.height
    return None if min(width, height) >= limits.min_side else f"it is {width}×{height}"


def aspect_rule(limits: Thresholds) -> str:
    """What `wrong_way_up` asks for."""
    rules = {"landscape": "width ≥ height", "portrait": "height ≥ width", "any": "any"}
    return rules[limits.aspect]


def wrong_way_up(clip: Clip, limits: Thresholds) -> str | None:
    """Why the picture's shape is not the one that is collected."""
    width, height = clip.source.width, clip.source.height
    wrong = {"landscape": width < height, "portrait": height < width, "any": False}
    return f"it is {width}×{height}" if wrong[limits.aspect] else None
