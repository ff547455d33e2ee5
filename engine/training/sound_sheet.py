"""A sheet of what sound looks like: synthesised, through the codec, and made of the picture alone.

Run it with: python3 -m engine.training.sound_sheet SHEET [MODELS]

Held-out scenes, until every kind of movement and every surroundings has been there. Below each
spectrum stand the moments at which the picture shows something.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from engine.abilities.moviegen_sound import Eyes
from engine.downloads.store import BUNDLED
from engine.models.moviegen.audio_pipeline import SoundPipeline
from engine.models.moviegen.listener import mel_bands
from engine.training.grammar import Scene, held_out_scenes
from engine.training.pocket_sound import FOLDER, load_eyes, load_pipeline
from engine.training.sound_evaluation import made_for, through_codec
from engine.training.sound_latents import SHORT_S
from engine.training.sound_scenes import kind_of, onsets, sound_of

_SCENES, _SEED = 400, 2028
_WINDOW, _HOP, _BANDS = 2048, 480, 128
_QUIETEST_DB, _LOUDEST_DB = -70.0, 0.0
_TILE, _GAP, _CAPTION, _TICKS, _ROWS = (380, 128), 6, 18, 10, 10
_PAPER, _INK, _MARK = (24, 24, 26), (225, 225, 225), (255, 200, 60)

Picture = NDArray[np.uint8]


def main(sheet: Path, models: Path) -> None:
    """Write the sheet as a JPEG."""
    pipeline, eyes = load_pipeline(models), load_eyes(models / FOLDER)
    rows = [(scene, _looks_like(pipeline, eyes, scene)) for scene in _scenes()]
    columns = -(-len(rows) // _ROWS)
    width = 3 * (_TILE[0] + _GAP) + _GAP
    height = _CAPTION + _TILE[1] + _TICKS + _GAP
    canvas = Image.new("RGB", (columns * width, min(len(rows), _ROWS) * height), _PAPER)
    for index, (scene, pictures) in enumerate(rows):
        left, top = index // _ROWS * width + _GAP, index % _ROWS * height
        _draw(canvas, (left, top), scene, pictures)
    sheet.parent.mkdir(parents=True, exist_ok=True)
    canvas.save(sheet, quality=65)


def _scenes() -> Iterator[Scene]:
    """Held-out scenes of which each has a movement or surroundings that none before had."""
    heard: set[str] = set()
    for scene in held_out_scenes(_SCENES, _SEED):
        new = {kind_of(scene), sound_of(scene, 0.5, 0.0).ambience} - heard
        if new:
            heard |= new
            yield scene


@torch.inference_mode()
def _looks_like(pipeline: SoundPipeline, eyes: Eyes, scene: Scene) -> list[Picture]:
    """Spectra of what was synthesised with a scene, of that through the codec, and of what is made

    of its picture.
    """
    true = torch.from_numpy(sound_of(scene, SHORT_S, 0.0).samples)
    coded = through_codec(pipeline.networks.codec, scene).samples
    return [spectrum(sound) for sound in (true, coded, made_for(pipeline, eyes, scene).samples)]


def spectrum(samples: Tensor) -> Picture:
    """Loudness of samples (S,) in 128 bands, low ones below, in colours: (H, W, 3)."""
    taper = torch.hann_window(_WINDOW)
    magnitudes = torch.stft(samples, _WINDOW, _HOP, window=taper, return_complex=True).abs()
    levels_db = 20 * (mel_bands(_WINDOW, _BANDS) @ magnitudes).clamp_min(1e-6).log10() - 20
    shares = (levels_db - _QUIETEST_DB) / (_LOUDEST_DB - _QUIETEST_DB)
    grey = (255 * shares.clamp(0, 1)).byte().numpy()[::-1]
    coloured = cv2.applyColorMap(cv2.resize(grey, _TILE), cv2.COLORMAP_INFERNO)
    return cv2.cvtColor(coloured, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)


def _draw(canvas: Image.Image, at: tuple[int, int], scene: Scene, pictures: list[Picture]) -> None:
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(12)
    left, top = at
    words = sound_of(scene, 0.5, 0.0).words.description
    captions = (words, "through the codec", "made of the picture")
    for caption, picture in zip(captions, pictures, strict=True):
        draw.text((left, top + 2), caption, fill=_INK, font=font)
        canvas.paste(Image.fromarray(picture), (left, top + _CAPTION))
        below = top + _CAPTION + _TILE[1]
        for onset_s in onsets(scene, SHORT_S):
            x = left + round(onset_s / SHORT_S * (_TILE[0] - 1))
            draw.line((x, below + 1, x, below + _TICKS - 2), fill=_MARK)
        left += _TILE[0] + _GAP


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else BUNDLED)
