"""Films with one fault each, or none: what the funnel's filters are tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Frames = Iterator[NDArray[np.uint8]]

RATE = 24
SIZE = (640, 360)
SECONDS = 4
FONTS = Path(__file__).resolve().parents[4] / "resources" / "fonts"


def scenery(seed: int, width: int = 1100, height: int = 700) -> NDArray[np.uint8]:
    """A colourful picture of hills, blobs and fine grain, (H, W, 3), unlike that of other seeds."""
    rng = np.random.default_rng(seed)
    colours = rng.uniform(30, 225, (5, 7, 3)).astype(np.float32)
    picture = cv2.resize(colours, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(60):
        middle = int(rng.integers(0, width)), int(rng.integers(0, height))
        axes = int(rng.integers(10, 90)), int(rng.integers(10, 90))
        shade = tuple(float(v) for v in rng.uniform(10, 245, 3))
        cv2.ellipse(picture, middle, axes, float(rng.uniform(0, 180)), 0, 360, shade, -1)
    grain = cv2.resize(rng.normal(0, 14, (height // 2, width // 2, 3)), (width, height))
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 1.2) + grain, 0, 255).astype(np.uint8)


def pan(
    seed: int, size: tuple[int, int] = SIZE, seconds: float = SECONDS, speed: float = 2.0
) -> Frames:
    """A camera that glides over one scenery at `speed` pixels a frame."""
    wide = scenery(seed, size[0] + 400, size[1] + 260)
    for number in range(round(seconds * RATE)):
        along = 200 - abs(200 - speed * number % 400)
        yield window(wide, 100 + along, 100 + 0.3 * along, size)


def window(wide: NDArray[np.uint8], x: float, y: float, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A part of a picture, its corner between pixels."""
    middle = x + (size[0] - 1) / 2, y + (size[1] - 1) / 2
    return np.asarray(cv2.getRectSubPix(wide, size, middle), np.uint8)


def still(seed: int) -> Frames:
    """One picture all along."""
    return pan(seed, speed=0.0)


def shaky(seed: int) -> Frames:
    """A camera knocked about at each frame, around one spot."""
    wide, rng = scenery(seed), np.random.default_rng(seed)
    for _ in range(SECONDS * RATE):
        dx, dy = rng.choice([-1, 1], 2) * rng.uniform(3, 4.5, 2)
        yield window(wide, 120 + dx, 120 + dy, SIZE)


def fast(seed: int) -> Frames:
    """A whip pan that never ends."""
    return pan(seed, speed=14.0)


def cut_often(seed: int) -> Frames:
    """Another scene every second."""
    for second in range(SECONDS):
        yield from pan(seed + second, seconds=1)


def titled(seed: int, words: str = "Chapter two: the river") -> Frames:
    """A caption over the middle second and a half."""
    for number, picture in enumerate(pan(seed)):
        in_title = 1.0 <= number / RATE < 2.5
        yield captioned(picture, words) if in_title else picture


def captioned(picture: NDArray[np.uint8], words: str, height: int = 30) -> NDArray[np.uint8]:
    """White letters with a dark rim, low in the picture, as subtitles are."""
    image = Image.fromarray(picture)
    font = ImageFont.truetype(str(FONTS / "Inter-SemiBold.otf"), height)
    place = picture.shape[1] // 2, picture.shape[0] - 2 * height
    ImageDraw.Draw(image).text(
        place, words, (255, 255, 255), font, "mm", stroke_width=2, stroke_fill=(0, 0, 0)
    )
    return np.asarray(image)


def letterboxed(seed: int) -> Frames:
    """Black bars above and below."""
    for picture in pan(seed):
        bars = picture.copy()
        bars[:44] = bars[-44:] = 16
        yield bars


def blurred_sides(seed: int) -> Frames:
    """An upright picture set into a blurred copy of itself."""
    for picture in pan(seed):
        behind = cv2.GaussianBlur(picture, (0, 0), 18) // 2
        behind[:, 200:440] = picture[:, 200:440]
        yield behind


def dim(seed: int) -> Frames:
    """Out of focus and underexposed."""
    for picture in pan(seed, speed=3.0):
        yield (cv2.GaussianBlur(picture, (0, 0), 5) * 0.25).astype(np.uint8)


def write(path: Path, frames: Frames, crf: int = 20, rate: Fraction = Fraction(RATE)) -> Path:
    """Encode frames (H, W, 3) as H.264."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate, {"crf": str(crf), "preset": "ultrafast"})
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        for number, picture in enumerate(frames):
            if number == 0:
                stream.height, stream.width = picture.shape[:2]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


FAULTS: dict[str, Callable[[int], Frames]] = {
    "duration": lambda seed: pan(seed, seconds=1),
    "resolution": lambda seed: pan(seed, size=(240, 160)),
    "aspect": lambda seed: pan(seed, size=(360, 640)),
    "text": titled,
    "borders": letterboxed,
    "scene": cut_often,
    "aesthetics": dim,
    "motion": still,
    "jitter": shaky,
}
"""By the filter that has to find it."""
