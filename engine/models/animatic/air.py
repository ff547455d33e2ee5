"""The time of day and the weather of a painted place, laid over it; and the light that it throws on

who acts there. A place that is one by itself, a city at night or a rainy street, is painted so.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

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
_STARLESS = frozenset(("street", "plain", *_INDOORS))
_STARS, _LOWEST_STAR = 60, 0.4


@dataclass(frozen=True, slots=True)
class Air:
    """A time of day, "night", "dusk", "dawn" or "" for day, and a weather, "rain", "snow", "fog" or

    "" for a clear sky.
    """

    time: str = ""
    weather: str = ""

    @property
    def words(self) -> str:
        """The time and the weather as a sentence ends with them."""
        told = _TIME_WORDS.get(self.time, ""), _WEATHER_WORDS.get(self.weather, "")
        return ", ".join(each for each in told if each)


_TIME_WORDS = {"night": "at night", "dusk": "at dusk", "dawn": "at dawn"}
_WEATHER_WORDS = {"rain": "in the rain", "snow": "in falling snow", "fog": "in fog"}

CLEAR = Air()


def in_air(backdrop: Backdrop, setting_id: str, air: Air, seed: int) -> Backdrop:
    """A painted place at a time of day and in a weather."""
    far, near = backdrop.far.copy(), backdrop.near.copy()
    outdoors = setting_id not in _INDOORS
    if air.weather and outdoors:
        _weather(far, near, air.weather)
    if air.time:
        if outdoors and air.time in _SKY:
            _toned(far, _blend(*_SKY[air.time], far.shape[0]), _SKY_SHARE)
        light = np.array(_LIGHT[air.time], np.float32)
        for layer in (far, near):
            layer[..., :3] *= light if outdoors else (1 + 2 * light) / 3
    if air.time == "night" and not air.weather and setting_id not in _STARLESS:
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
    if weather == "snow":
        _toned(near, np.array(_WHITE, np.float32), 0.5)
    else:
        near[..., :3] *= np.array((0.72, 0.76, 0.82), np.float32)


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
