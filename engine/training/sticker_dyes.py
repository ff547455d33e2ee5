"""Ways to give drawn art a colour, so that no judge learns one of them for the colour itself.

None is the way that collages dye: what is judged must not be what was taught.
"""

from __future__ import annotations

import random

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.opticals.colours import Colour, lightness
from engine.models.opticals.colours import dyed as shaded

Rgba = NDArray[np.float32]
"""Premultiplied, (H, W, 4), in [0, 1]."""
Levels = NDArray[np.float32]

_JITTER = 0.05
"""A tone is no closer to its name than this, part by part."""
_FAINT, _VIVID = 0.12, 0.25
"""Strengths of colour up to which and from which something has none and has one."""
_NEAR_DEGREES, _FAR_DEGREES = 25.0, 50.0
_LEAST_SHARE = 0.4
"""Of a thing: a smaller part in another colour does not make it a thing of that colour."""


def freely_dyed(art: Rgba, tone: Colour, rng: random.Random) -> Rgba:
    """Premultiplied art in a colour, by one of five ways and in a shade that chance settles."""
    alpha = art[..., 3:]
    own = (art[..., :3] / np.maximum(alpha, 1e-4)).clip(0, 1).astype(np.float32, copy=False)
    inside = art[..., 3] > 0.5
    near = _near(tone, rng)
    way = rng.choice((_in_shades, _glazed, _washed, _turned, _in_part, _in_part))
    colours = way(own, inside, near, rng).clip(0, 1)
    return np.concatenate([colours * alpha, alpha], axis=2).astype(np.float32, copy=False)


def _near(tone: Colour, rng: random.Random) -> Colour:
    red, green, blue = (min(1.0, max(0.0, c + rng.uniform(-_JITTER, _JITTER))) for c in tone)
    return red, green, blue


def _usual(own: Levels, inside: NDArray[np.bool_]) -> float:
    """How light most of a thing is, in [0, 1]."""
    return float(lightness(own[inside]).mean()) if inside.any() else 0.5


def _in_shades(own: Levels, inside: NDArray[np.bool_], tone: Colour, rng: random.Random) -> Levels:
    """All of it in shades of one colour, the tone at whatever lightness is usual, or at half."""
    return shaded(own, tone, rng.choice((0.5, _usual(own, inside))))


def _glazed(own: Levels, inside: NDArray[np.bool_], tone: Colour, rng: random.Random) -> Levels:
    """As seen through glass of the colour: nothing stays white."""
    grey = lightness(own)[..., None] / max(_usual(own, inside), 0.15)
    least = np.float32(rng.uniform(0.2, 0.45))
    glass = np.array(tone, np.float32) * (least + np.float32(0.65) * grey)
    return glass.astype(np.float32, copy=False)


def _washed(own: Levels, inside: NDArray[np.bool_], tone: Colour, rng: random.Random) -> Levels:
    """Its own colours shine through a little."""
    share = np.float32(rng.uniform(0.72, 0.9))
    dye = shaded(own, tone, _usual(own, inside))
    return (own + share * (dye - own)).astype(np.float32, copy=False)


def _turned(own: Levels, inside: NDArray[np.bool_], tone: Colour, rng: random.Random) -> Levels:
    """Every hue turned to the one hue, lights and darks as they are; what has none is dyed."""
    vivid = _vividness(own)
    if float(vivid[inside].mean() if inside.any() else 0.0) < _LEAST_SHARE:
        return _in_shades(own, inside, tone, rng)
    hue, strength, value = cv2.split(cv2.cvtColor(own, cv2.COLOR_RGB2HSV))
    wanted = cv2.cvtColor(np.array([[tone]], np.float32), cv2.COLOR_RGB2HSV)[0, 0]
    hue = np.full_like(hue, wanted[0])
    strength = (strength * wanted[1] / max(float(strength[inside].mean()), 0.1)).clip(0, 1)
    towards = np.float32(rng.uniform(0.3, 0.7))
    usual = max(float(value[inside].mean()), 0.15)
    value = (value * (1 - towards + towards * wanted[2] / usual)).clip(0, 1)
    return cv2.cvtColor(cv2.merge([hue, strength, value]), cv2.COLOR_HSV2RGB).astype(np.float32)


def _in_part(own: Levels, inside: NDArray[np.bool_], tone: Colour, rng: random.Random) -> Levels:
    """One of its colours alone: a fox keeps a white chin; all of it where no colour is enough."""
    parts = [part for part in _parts(own) if float(part[inside].mean()) >= _LEAST_SHARE]
    if not inside.any() or not parts:
        return _in_shades(own, inside, tone, rng)
    part = rng.choice(parts)
    there = inside & (part > 0.5)
    usual = _usual(own, there)
    pale = np.float32(min(1.0, rng.uniform(0.6, 0.75) / max(usual, 0.05)))
    dye = shaded(own * pale, tone, min(usual, 0.7))
    return (own + part[..., None] * (dye - own)).astype(np.float32, copy=False)


def _vividness(own: Levels) -> Levels:
    """How far colours (H, W, 3) are from grey, (H, W) in [0, 1]."""
    strength = own.max(axis=2) - own.min(axis=2)
    return ((strength - _FAINT) / (_VIVID - _FAINT)).clip(0, 1).astype(np.float32, copy=False)


def _parts(own: Levels) -> list[Levels]:
    """What has about one hue, for six hues, and what has none and is not black: (H, W) each."""
    hue = cv2.cvtColor(own, cv2.COLOR_RGB2HSV)[..., 0]
    vivid = _vividness(own)
    plain = (1 - vivid) * (own.max(axis=2) > 0.3)
    found = [plain.astype(np.float32, copy=False)]
    for middle in range(0, 360, 30):
        away = np.abs((hue - middle + 180) % 360 - 180)
        alike = ((_FAR_DEGREES - away) / (_FAR_DEGREES - _NEAR_DEGREES)).clip(0, 1)
        found.append((vivid * alike).astype(np.float32, copy=False))
    return found
