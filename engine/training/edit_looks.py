"""Looks that an edit gives a whole picture: styles, and weathers laid over any place."""

from __future__ import annotations

import random

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.training.scenes import Drops

Picture = NDArray[np.float32]
"""(H, W, 3) in [0, 1]."""

_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
_SEPIA = np.array([1.06, 0.92, 0.68], np.float32)
_INK = 0.12


def styled(picture: Picture, style: str) -> Picture:
    """The picture in one of the styles of `engine.planning.edit_words`."""
    grey = (picture @ _LUMA)[..., None]
    if style == "mono":
        return np.repeat(grey, 3, axis=2)
    if style == "old film":
        return np.clip((0.12 + 0.8 * grey) * _SEPIA, 0, 1).astype(np.float32)
    if style == "pixel art":
        return _pixels(picture)
    if style == "painting":
        levels = cv2.convertScaleAbs(picture, alpha=255.0)
        return cv2.medianBlur(cv2.medianBlur(levels, 9), 7).astype(np.float32) / np.float32(255.0)
    if style == "sketch":
        soft = cv2.GaussianBlur(1 - grey, (0, 0), 4)[..., None]
        drawn = np.clip(grey / np.maximum(1 - soft, 0.05), 0, 1)
        return np.repeat(0.12 + 0.86 * drawn**2, 3, axis=2).astype(np.float32)
    return _comic(picture)


def weathered(picture: Picture, weather: str, time_s: float, seed: int) -> Picture:
    """The picture in one of the weathers or times of day, a moment of a film of them."""
    height = picture.shape[0]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    grey = (picture @ _LUMA)[..., None]
    if weather == "night":
        dark = (0.35 * grey + 0.65 * picture) * np.array([0.24, 0.3, 0.55], np.float32)
        return dark.astype(np.float32)
    if weather == "sunset":
        glow = np.array([0.98, 0.5, 0.22], np.float32)
        warm = picture * np.array([1.02, 0.74, 0.55], np.float32)
        return np.clip(warm + glow * 0.35 * (1 - down) ** 1.5, 0, 1).astype(np.float32)
    if weather == "fog":
        thick = 0.78 - 0.38 * down
        return (picture * (1 - thick) + np.float32(0.84) * thick).astype(np.float32)
    if weather == "rain":
        wet = (0.6 * grey + 0.4 * picture) * np.array([0.62, 0.68, 0.76], np.float32)
        return _falling(wet.astype(np.float32), weather, time_s, seed)
    lying = 0.62 * np.clip((down - 0.55) * 4, 0, 1) + 0.12
    white = np.array([0.93, 0.95, 0.99], np.float32)
    cold = (0.4 * grey + 0.6 * picture) * (1 - lying) + white * lying
    return _falling(cold.astype(np.float32), weather, time_s, seed)


def _falling(picture: Picture, weather: str, time_s: float, seed: int) -> Picture:
    Drops(weather, random.Random(seed)).fall(picture, time_s)
    return picture


def _pixels(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (width // 8, height // 8), interpolation=cv2.INTER_AREA)
    few = np.round(small * 5) / 5
    big = cv2.resize(few, (width, height), interpolation=cv2.INTER_NEAREST)
    return big.astype(np.float32, copy=False)


def _comic(picture: Picture) -> Picture:
    flat = np.round(cv2.bilateralFilter(picture, 7, 0.15, 5) * 4) / 4
    grey = cv2.GaussianBlur(picture @ _LUMA, (0, 0), 1.2)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    line = np.clip(np.hypot(across, down) * 3 - 0.3, 0, 1)[..., None]
    return (flat * (1 - line) + _INK * line).astype(np.float32)
