"""The time of day and the weather of a painted place, laid over it; and the light that it throws on

who acts there. A place that is one by itself, a city at night or a rainy street, is painted so.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic.aerial import AERIAL
from engine.models.animatic.canvas import Backdrop
from engine.planning.painted_places import INDOORS

Colour = tuple[float, float, float]
_LIGHT: dict[str, Colour] = {
    "night": (0.3, 0.36, 0.6),
    "dusk": (0.96, 0.68, 0.56),
    "dawn": (1.0, 0.86, 0.82),
}
"""What is left of red, green and blue at a time of day."""
_ON_ACTORS: dict[str, Colour] = {
    "night": (0.6, 0.66, 0.86),
    "dusk": (1.0, 0.84, 0.74),
    "dawn": (1.0, 0.94, 0.9),
}
_SKY: dict[str, tuple[Colour, Colour]] = {
    "dusk": ((0.42, 0.2, 0.5), (1.0, 0.58, 0.3)),
    "dawn": ((0.6, 0.68, 0.92), (1.0, 0.8, 0.66)),
}
"""The colours of a sky, above and at the horizon."""
_SKY_SHARE, _HORIZON = 0.62, 0.66
_OVERCAST: Colour = (0.55, 0.59, 0.65)
_FOG: Colour = (0.84, 0.86, 0.88)
_WHITE: Colour = (0.95, 0.97, 1.0)
_INDOORS = INDOORS | {"room", "stage", "underwater", "space", "cave", "moon"}
"""Where no weather is, and no sky is seen."""
_STARLESS = frozenset(("street", "plain", *_INDOORS, *AERIAL))
_STARS, _LOWEST_STAR = 60, 0.4


@dataclass(frozen=True, slots=True)
class Air:
    """A time of day, "night", "dusk", "dawn" or "" for day; a weather, "rain", "snow", "fog",

    "storm", "" for a clear sky, or what it left behind, "snow cover" or "wet"; and a season,
    "autumn" or "" for summer.
    """

    time: str = ""
    weather: str = ""
    season: str = ""

    @property
    def words(self) -> str:
        """The time and the weather as a sentence ends with them."""
        times, weathers = _TIME_WORDS.get(self.time, ""), _WEATHER_WORDS.get(self.weather, "")
        told = times, weathers, f"in {self.season}" if self.season else ""
        return ", ".join(each for each in told if each)


_TIME_WORDS = {"night": "at night", "dusk": "at dusk", "dawn": "at dawn"}
_WEATHER_WORDS = {"rain": "in the rain", "snow": "in falling snow", "fog": "in fog",
                  "storm": "in a storm", "snow cover": "under snow", "wet": "wet"}  # fmt: skip

CLEAR = Air()


def in_air(backdrop: Backdrop, setting_id: str, air: Air, seed: int) -> Backdrop:
    """A painted place at a time of day and in a weather."""
    far, near = backdrop.far.copy(), backdrop.near.copy()
    outdoors = setting_id not in _INDOORS
    if air.season == "autumn" and outdoors:
        for layer in (far, near):
            _autumnal(layer, random.Random(f"autumn/{seed}"))
    if air.weather in _COVERS and outdoors:
        _covered(far, near, air.weather, backdrop.ground)
    elif air.weather and outdoors:
        _weather(far, near, air.weather)
    if air.time:
        if outdoors and air.time in _SKY and setting_id not in AERIAL:
            _toned(far, _blend(*_SKY[air.time], far.shape[0]), _SKY_SHARE)
        light = np.array(_LIGHT[air.time], np.float32)
        for layer in (far, near):
            layer[..., :3] *= light if outdoors else (1 + 2 * light) / 3
    if air.time == "night" and air.weather in ("", *_COVERS) and setting_id not in _STARLESS:
        _stars(far, random.Random(f"stars/{seed}"))
    return replace(backdrop, far=far, near=near)


def lit(art: NDArray[np.uint8], air: Air) -> NDArray[np.uint8]:
    """Straight RGBA (h, w, 4) in the light of a time of day."""
    if not air.time:
        return art
    light = np.array((*_ON_ACTORS[air.time], 1.0), np.float32)
    return (art * light).round().astype(np.uint8)


def falling(setting_id: str, air: Air) -> str:
    """The setting whose drops fall in a place: its own, or those of the weather."""
    if air.weather == "storm":
        return "rain"
    return air.weather if air.weather in ("rain", "snow") else setting_id


def _weather(far: NDArray[np.float32], near: NDArray[np.float32], weather: str) -> None:
    height = far.shape[0]
    if weather == "fog":
        down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
        thick = np.clip(1.25 - 1.1 * np.abs(down - _HORIZON) / _HORIZON, 0.25, 0.9)
        thick = thick.astype(np.float32)
        _toned(far, np.array(_FOG, np.float32), np.float32(0.88) * thick)
        _toned(near, np.array(_FOG, np.float32), np.float32(0.6) * thick)
        return
    _toned(far, np.array(_OVERCAST, np.float32), 0.6)
    if weather == "storm":
        for layer in (far, near):
            layer[..., :3] *= np.array((0.6, 0.64, 0.72), np.float32)
    elif weather == "snow":
        _toned(near, np.array(_WHITE, np.float32), 0.5)
    else:
        near[..., :3] *= np.array((0.72, 0.76, 0.82), np.float32)


_COVERS = frozenset(("snow cover", "wet"))
"""Weathers that are over, and what they left."""
_GREENER = 0.015
_STRAW: Colour = (0.82, 0.66, 0.36)
_LEAVES: tuple[Colour, ...] = (0.86, 0.42, 0.13), (0.95, 0.68, 0.2), (0.74, 0.27, 0.14)


def _covered(
    far: NDArray[np.float32], near: NDArray[np.float32], weather: str, ground: float
) -> None:
    """Snow on what stands about and on the ground, or the sky in a wet one."""
    if weather == "snow cover":
        green = far[..., 1] - np.maximum(far[..., 0], far[..., 2])
        for layer, share in ((far, np.clip(green * 9, 0, 0.8)[..., None]), (near, 0.86)):
            luma = layer[..., :3].mean(axis=2, keepdims=True)
            alpha = layer[..., 3:]
            white = np.array(_WHITE, np.float32) * (0.72 * alpha + 0.6 * luma)
            layer[..., :3] += share * (np.minimum(white, alpha) - layer[..., :3])
        return
    height = near.shape[0]
    down = np.arange(height, dtype=np.float32)[:, None, None] / height
    shine = np.clip((down - ground + 0.1) * 9, 0, 1) * 0.35
    streaks = cv2.resize(
        np.random.default_rng(3).random((1, near.shape[1] // 24), np.float32),
        (near.shape[1], height),
        interpolation=cv2.INTER_CUBIC,
    )[..., None]
    sky = np.array((0.62, 0.7, 0.8), np.float32)
    near[..., :3] *= 1 - 0.35 * np.clip((down - ground + 0.14) * 9, 0, 1)
    near[..., :3] += (shine * streaks * near[..., 3:]) * sky


def _autumnal(layer: NDArray[np.float32], rng: random.Random) -> None:
    """What is green in a premultiplied layer, in the colours of leaves that fall."""
    height, width = layer.shape[:2]
    red, green, blue = (layer[..., part] for part in range(3))
    is_green = np.clip((green - np.maximum(red, blue) - _GREENER) * 9, 0, 1)[..., None]
    noise = np.random.default_rng(rng.randrange(2**31)).random((5, 14), np.float32)
    which = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1)[..., None]
    first, second, third = (np.array(tone, np.float32) for tone in _LEAVES)
    half = np.clip(which * 2, 0, 1)
    tone = third + half * (first - third) + np.clip(which * 2 - 1, 0, 1) * (second - first)
    luma = (layer[..., :3] @ np.array((0.3, 0.6, 0.1), np.float32))[..., None]
    leaf = _is_rough(luma[..., 0])[..., None]
    tone = np.array(_STRAW, np.float32) * (1 - leaf) + tone * leaf
    leaves = np.minimum(tone * luma * (1.5 + 0.4 * leaf), layer[..., 3:])
    layer[..., :3] += is_green * (leaves - layer[..., :3])


def _is_rough(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far a place of a picture (H, W) is of drawn leaves and not of an even wash, in [0, 1]."""
    side = max(3, luma.shape[0] // 60)
    mean = cv2.blur(luma, (side, side))
    spread = np.sqrt(np.maximum(cv2.blur(luma * luma, (side, side)) - mean * mean, 0))
    wide = cv2.GaussianBlur(cv2.dilate(spread, np.ones((side, side))), (0, 0), side)
    return np.clip((wide - 0.008) * 90, 0, 1).astype(np.float32)


def _toned(
    layer: NDArray[np.float32], tone: NDArray[np.float32], share: float | NDArray[np.float32]
) -> None:
    """Bring a premultiplied layer (H, W, 4) a share nearer to a colour, or to one for each row."""
    layer[..., :3] += share * (tone * layer[..., 3:] - layer[..., :3])


def _blend(top: Colour, bottom: Colour, height: int) -> NDArray[np.float32]:
    """A colour for each row (H, 1, 3): the second from the horizon down."""
    down = np.linspace(0, 1 / _HORIZON, height, dtype=np.float32)[:, None, None].clip(0, 1)
    return np.array(top, np.float32) * (1 - down) + np.array(bottom, np.float32) * down


def _stars(far: NDArray[np.float32], rng: random.Random) -> None:
    height, width = far.shape[:2]
    sky = np.zeros((height, width), np.uint8)
    for _ in range(_STARS):
        at = int(rng.random() * width), int(rng.random() ** 1.4 * _LOWEST_STAR * height)
        cv2.circle(sky, at, max(1, round(height / 400)), rng.randint(110, 255), -1, cv2.LINE_AA)
    far[..., :3] += (0.9 - far[..., :3]).clip(0) * (sky.astype(np.float32) / 255.0)[..., None]
