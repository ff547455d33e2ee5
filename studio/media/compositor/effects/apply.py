"""A clip's effects, first to last, handed to the layer in the form each takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.document.catalogue import EFFECTS, Target
from studio.document.model.effect import Effect
from studio.media.compositor.effects import colour, detail, geometry, keying, masks
from studio.media.compositor.layer import Layer

Values = dict[str, float | bool | str]
FileOf = Callable[[str], Path | None]
"""The file of an asset by id, None where the project has none."""
SteadiedBy = Callable[[float, float], np.ndarray | None]
"""What steadies the clip's picture (smoothness, zoom limit); None where that is not known."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an effect may know beside its values: the frame of its clip, and where files are."""

    frame: int
    file_of: FileOf
    steadied_by: SteadiedBy = lambda smoothness, zoom_limit: None


Apply = Callable[[Layer, Values, Surroundings], None]

STEPS: dict[str, Apply] = {
    "transform": lambda layer, values, _: geometry.transform(layer, values),
    "crop": lambda layer, values, _: geometry.crop(layer, values),
    "flip": lambda layer, values, _: geometry.flip(layer, values),
    "stabilise": lambda layer, values, around: geometry.stabilise(
        layer, values, around.steadied_by
    ),
    "exposure": lambda layer, values, _: colour.exposure(layer, values),
    "white_balance": lambda layer, values, _: colour.white_balance(layer, values),
    "lift_gamma_gain": lambda layer, values, _: colour.lift_gamma_gain(layer, values),
    "curves": lambda layer, values, _: colour.curves(layer, values),
    "lut": lambda layer, values, around: colour.lut(layer, values, around.file_of),
    "blur": lambda layer, values, _: detail.blur(layer, values),
    "sharpen": lambda layer, values, _: detail.sharpen(layer, values),
    "vignette": lambda layer, values, _: detail.vignette(layer, values),
    "chroma_key": lambda layer, values, _: keying.chroma_key(layer, values),
    "mask_rectangle": lambda layer, values, _: masks.rectangle(layer, values),
    "mask_ellipse": lambda layer, values, _: masks.ellipse(layer, values),
    "mask_bezier": lambda layer, values, _: masks.bezier(layer, values),
}


def apply_effects(layer: Layer, effects: tuple[Effect, ...], around: Surroundings) -> None:
    """Run the effects that are switched on and known here.

    An effect of a newer version is passed over; the document keeps it.
    """
    for effect in effects:
        step = STEPS.get(effect.kind)
        entry = EFFECTS.get(effect.kind)
        if (
            step is None
            or entry is None
            or not effect.enabled
            or entry.target is not Target.PICTURE
        ):
            continue
        step(layer, entry.values_at(effect.params, around.frame), around)
