"""Scores of the enlarger on rendered scenes made half as large, beside stretching by Lanczos.

Once the small pictures are as they are, and once they have been through a JPEG of middling quality:
films that people enlarge were coded.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.enlarging.network import load_enlarger
from engine.models.enlarging.pictures import FilmEnlarger
from engine.training.contact_sheet import Row, save_sheet
from engine.training.evaluation import Score
from engine.training.grammar import Scene, held_out_scenes
from engine.training.likeness import ssim_map
from engine.training.precision import CPU
from engine.training.samples import prompt_of
from engine.training.scenes import render

Frames = NDArray[np.uint8]
"""(F, H, W, 3)."""

_FRAMES = 2
_SIZE = (512, 288)
_SEED = 2028
_QUALITY = 60
_SHEET_CLIPS = 16
_TILE_SIDE = 320
_MIDDLE = slice(88, 200), slice(156, 356)
"""What a sheet shows pixel by pixel."""
_PEER = "Lanczos"
_FIGURES = (("psnr", "dB"), ("ssim", ""), ("change_psnr", "dB"))
"""How near the pictures are to the truth, how alike in structure, and how near their change from

frame to frame is: flicker lowers it.
"""


def pocket_enlarge(models: Path, clips: int, sheet: Path | None) -> Iterator[Score]:
    """Every figure, of clean pictures and of coded ones."""
    network = load_enlarger(models / "pocket-enlarge" / "enlarger", CPU)
    scenes = held_out_scenes(clips, _SEED)
    truths = [render(scene, *_SIZE, _FRAMES).frames for scene in scenes]
    for kind in ("clean", "coded"):
        small = [_small(frames, is_coded=kind == "coded") for frames in truths]
        made = [_enlarged(FilmEnlarger(network, _SIZE, _TILE_SIDE), frames) for frames in small]
        stretched = [_stretched(frames) for frames in small]
        ours, theirs = (
            np.mean([_figures(*pair) for pair in zip(each, truths, strict=True)], axis=0)
            for each in (made, stretched)
        )
        for (name, unit), value, peer in zip(_FIGURES, ours, theirs, strict=True):
            yield Score(f"{name}_{kind}", float(value), unit, None, _PEER, float(peer))
        if sheet is not None and kind == "coded":
            save_sheet(list(_rows(scenes, stretched, made, truths)), sheet)


def _rows(
    scenes: list[Scene], stretched: list[Frames], made: list[Frames], truths: list[Frames]
) -> Iterator[Row]:
    """Of each scene the middle of its first frame: stretched, enlarged, and as it was."""
    clips = zip(scenes, stretched, made, truths, strict=True)
    for scene, *frames in list(clips)[:_SHEET_CLIPS]:
        yield Row(prompt_of(scene), np.stack([each[0][_MIDDLE] for each in frames]))


def _small(frames: Frames, *, is_coded: bool) -> Frames:
    size = (_SIZE[0] // 2, _SIZE[1] // 2)
    pictures = [cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in frames]
    return np.stack([_coded(p) if is_coded else p for p in pictures]).astype(np.uint8, copy=False)


def _coded(picture: NDArray) -> NDArray:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert decoded is not None
    return decoded


def _enlarged(film: FilmEnlarger, frames: Frames) -> Frames:
    return np.stack([film.enlarge(frame) for frame in frames]).astype(np.uint8, copy=False)


def _stretched(frames: Frames) -> Frames:
    pictures = [cv2.resize(frame, _SIZE, interpolation=cv2.INTER_LANCZOS4) for frame in frames]
    return np.stack(pictures).astype(np.uint8, copy=False)


def _figures(made: Frames, true: Frames) -> tuple[float, ...]:
    """One clip's, in the order of _FIGURES."""
    a, b = made.astype(np.float64), true.astype(np.float64)
    alike = [ssim(x, y) for x, y in zip(made, true, strict=True)]
    return psnr(a, b), float(np.mean(alike)), psnr(np.diff(a, axis=0), np.diff(b, axis=0))


def psnr(made: NDArray, true: NDArray) -> float:
    """Peak signal to noise in dB, of levels up to 255; 100 at most."""
    error = np.square(made.astype(np.float64) - true).mean()
    return float(10 * np.log10(255.0**2 / max(error, 255.0**2 / 1e10)))


def ssim(made: NDArray[np.uint8], true: NDArray[np.uint8]) -> float:
    """Structural similarity of two pictures (H, W, 3); 1 where they are the same."""
    return float(ssim_map(made, true).mean())
