"""Slates: what is shown where a picture is not there (yet): a clip being generated, lost footage.

A neutral dark card with the prompt, what is happening and how far it is; never an exception.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from studio.document.model.generated import Failed, GeneratedMedia, Pending, Ready
from studio.document.model.title import Align, Bar, TextBlock, TextStyle, Title
from studio.media.compositor.content import DrawnContent
from studio.media.compositor.text import title_patch
from studio.media.picture import Size

CARD = (38, 40, 46)
INK, DIM = "#e8e8ecff", "#9a9da8ff"
TRACK, FILL, FAULT = "#50535eff", "#6ea8feff", "#ff8a80ff"
LONGEST_PROMPT = 220


@dataclass(frozen=True, slots=True)
class Glimpse:
    """News of a job: how far it is, 0 to 1 (None while unknown), and a preview, RGB (H, W, 3)."""

    progress: float | None = None
    phase: str = ""
    preview: np.ndarray | None = None


def waiting_content(media: GeneratedMedia, glimpse: Glimpse | None, canvas: Size) -> DrawnContent:
    """The picture of a generated clip that has no take yet."""
    prompt = media.recipe.prompt.strip() or "A clip to be generated"
    match media.state:
        case Failed(reason=reason):
            return _card(canvas, prompt, reason or "It could not be generated.", None, FAULT)
        case Pending():
            seen = glimpse or Glimpse()
            note = seen.phase or "Waiting in the queue"
            if seen.progress is not None:
                note = f"{note} · {round(seen.progress * 100)} %"
            return _card(canvas, prompt, note, seen.progress, FILL, seen.preview)
        case Ready():
            return _card(canvas, prompt, "Not generated yet", None, FILL)


def missing_content(sentence: str, canvas: Size) -> DrawnContent:
    """The picture of a clip whose footage cannot be read."""
    return _card(canvas, "Footage missing", sentence, None, FAULT)


def _card(
    canvas: Size,
    headline: str,
    note: str,
    progress: float | None,
    accent: str,
    preview: np.ndarray | None = None,
) -> DrawnContent:
    pixels = np.empty((canvas[1], canvas[0], 4), np.uint8)
    pixels[...] = (*CARD, 255)
    if preview is not None:
        pixels[..., :3] = _dimmed(preview, canvas)
    if len(headline) > LONGEST_PROMPT:
        headline = headline[: LONGEST_PROMPT - 1].rstrip() + "…"
    bars: tuple[Bar, ...] = ()
    if progress is not None:
        done = min(1.0, max(0.0, progress))
        bars = (
            Bar(x=0.1, y=0.78, width=0.8, height=0.012, colour=TRACK),
            Bar(x=0.1, y=0.78, width=0.8 * done, height=0.012, colour=accent),
        )
    title = Title(
        bars=bars,
        blocks=(
            _text(headline, 0.46, 0.052, 600, INK),
            _text(note, 0.70, 0.034, 400, accent if accent == FAULT else DIM),
        ),
    )
    patch = title_patch(title, canvas)
    _lay(pixels, patch.pixels, patch.rect.x, patch.rect.y)
    return DrawnContent(pixels, opaque=True)


def _text(text: str, y: float, size: float, weight: int, colour: str) -> TextBlock:
    style = TextStyle(size=size, weight=weight, colour=colour, align=Align.CENTRE)
    return TextBlock(text=text, x=0.5, y=y, width=0.8, style=style)


def _lay(pixels: np.ndarray, patch: np.ndarray, x: int, y: int) -> None:
    region = pixels[y : y + patch.shape[0], x : x + patch.shape[1]]
    free = 255 - patch[..., 3:].astype(np.uint16)
    region[...] = (patch + region * free // 255).clip(0, 255).astype(np.uint8)
    region[..., 3] = 255


def _dimmed(preview: np.ndarray, canvas: Size) -> np.ndarray:
    """A preview filling the card, darkened so that text can be read over it."""
    height, width = preview.shape[:2]
    scale = max(canvas[0] / width, canvas[1] / height)
    size = (max(canvas[0], round(width * scale)), max(canvas[1], round(height * scale)))
    grown = cv2.resize(preview, size, interpolation=cv2.INTER_LINEAR)
    left, top = (size[0] - canvas[0]) // 2, (size[1] - canvas[1]) // 2
    cut = grown[top : top + canvas[1], left : left + canvas[0]]
    return cv2.convertScaleAbs(cut, alpha=0.45)
