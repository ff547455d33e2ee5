"""Measuring: one pass over a file's pictures, and what of it concerns a clip.

Every picture is compared with the one before at 180 lines; twice a second one is looked at
closely at 360. Judging is elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.training.curation import aesthetics, borders, motion, scenes, text
from engine.training.curation.facts import MEASURED_AS, Clip, Look, Measurement, Seen, Source, Step
from engine.training.curation.features import MOMENTS, picture_feature, unit
from engine.training.curation.footage import BadFootage, at_lines, pictures, upright
from engine.training.curation.thresholds import Thresholds

_STEP_LINES = 180
_LOOKS_PER_S = 2


def measure(source: Source) -> Measurement:
    """Look at every picture of a file.

    Raises:
        BadFootage: the file cannot be read to its end.
    """
    meter = motion.StepMeter()
    stamps, steps, looks = list[int](), list[Step](), list[Look]()
    tick_s, end, next_look = Fraction(1), 0, Fraction(0)
    small = at_lines(source.width, source.height, _STEP_LINES)
    large = at_lines(source.width, source.height, text.LINES)
    for tick_s, picture in pictures(Path(source.path)):
        since = picture.stamp - stamps[-1] if stamps else 1
        step = meter.next(upright(picture.frame, small), float(since * tick_s))
        if step is not None:
            steps.append(step)
        if picture.stamp * tick_s >= next_look:
            looks.append(_look(len(stamps), upright(picture.frame, large)))
            next_look += Fraction(1, _LOOKS_PER_S)
        stamps.append(picture.stamp)
        end = picture.end
    if not stamps:
        raise BadFootage(f"{source.path} holds no picture; skipped.")
    return Measurement(
        measured_as=MEASURED_AS,
        tick_s=tick_s,
        stamps=tuple(stamps),
        end=end,
        steps=tuple(steps),
        looks=tuple(looks),
    )


def _look(frame: int, rgb: NDArray[np.uint8]) -> Look:
    luma = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    return Look(
        frame=frame,
        text=round(text.text_score(luma), 3),
        border=round(borders.border_share(luma), 4),
        sharpness=round(aesthetics.sharpness(luma), 3),
        exposure=round(aesthetics.exposure(luma), 3),
        colourfulness=round(aesthetics.colourfulness(rgb), 3),
        feature=picture_feature(rgb),
    )


def clips_of(source: Source, measured: Measurement, limits: Thresholds) -> list[Clip]:
    """A file cut into clips of single scenes; none has more than the longest length."""
    found = []
    for scene in scenes.scenes(measured):
        scene = scenes.after_the_start(scene, measured, limits)
        if scene[0] == scene[1]:
            continue
        scene_s = measured.time_s(scene[1]) - measured.time_s(scene[0])
        found += [
            Clip(
                source=source,
                in_s=measured.time_s(first),
                out_s=measured.time_s(last),
                seen=_seen(measured, first, last, scene_s),
            )
            for first, last in scenes.spans(scene, measured, limits)
        ]
    return found


def _seen(measured: Measurement, first: int, last: int, scene_s: Fraction) -> Seen:
    looks = [look for look in measured.looks if first <= look.frame < last]
    looks = looks or [_nearest(measured.looks, (first + last) // 2)]
    steps = measured.steps[first : last - 1]
    moments = [_nearest(looks, first + moment * (last - first)) for moment in MOMENTS]
    seconds = float(measured.time_s(last) - measured.time_s(first))
    feature = unit(np.array([look.feature for look in moments], np.float32).ravel())
    return Seen(
        scene_s=scene_s,
        text=max(look.text for look in looks),
        border=min(look.border for look in looks),
        aesthetics=round(aesthetics.aesthetics(moments[1]), 3),
        luma_motion=_mean([step.luma for step in steps]),
        vector=_mean([step.vector for step in steps]),
        shots_per_s=round(motion.jumps_per_s(steps, seconds), 3),
        shake=round(motion.shake(steps), 3),
        feature=tuple(float(value) for value in feature),
    )


def _nearest(looks: Sequence[Look], frame: float) -> Look:
    return min(looks, key=lambda look: abs(look.frame - frame))


def _mean(values: list[float]) -> float:
    return round(float(np.mean(values)), 3) if values else 0.0
