"""Stills, animated pictures and numbered sequences, read with Pillow.

JPEG, PNG, TIFF, BMP, AVIF; GIF, animated WebP and APNG with their own frame times and
transparency; and sequences named by a pattern such as `shot_%04d.png`.
"""

from __future__ import annotations

import re
import struct
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from studio.media.decode.container import check_readable, not_media
from studio.media.errors import FileUnreadable, NotMedia
from studio.media.facts import Colour, Matrix, MediaFacts, Transfer, VideoFacts
from studio.media.picture import without_alpha

MAGIC = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM",
)  # fmt: skip
MAX_PIXELS = 16384 * 16384
MAX_FRAMES = 5000
STILL_RATE = Fraction(25)
SEQUENCE_RATE = Fraction(25)
SHORTEST_FRAME_MS = 10
DEFAULT_FRAME_MS = 100
PICTURE_COLOUR = Colour(Matrix.RGB, True, Transfer.SDR, False, 8)
DAMAGE = (
    OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, ArithmeticError,
    MemoryError, RuntimeError, struct.error, Image.DecompressionBombError,
)  # fmt: skip
PATTERN = re.compile(r"%0?(\d*)d")
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def is_picture_file(path: Path) -> bool:
    """True where Pillow, not libav, should read the file: told from its first bytes."""
    if PATTERN.search(path.name):
        return True
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        return False
    is_webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    is_avif = head[4:12] in (b"ftypavif", b"ftypavis", b"ftypmif1")
    return is_webp or is_avif or head.startswith(MAGIC)


@dataclass(frozen=True, slots=True)
class PictureFrame:
    """One picture as read: `rgb` is uint8 (H, W, 3); `alpha` uint8 (H, W), straight, or None."""

    rgb: np.ndarray
    alpha: np.ndarray | None


class PictureReader:
    """Reader of a still, an animated picture or a numbered sequence.

    Raises on opening: FileUnreadable, NotMedia.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warnings: list[str] = []
        self._files = sequence_files(path)
        self._image: Image.Image | None = None
        self._starts_ms: list[int] = []
        if len(self._files) == 1:
            self._image = _open(self._files[0])
            with _guarded(path):
                self._starts_ms = _frame_starts_ms(self._image)

    def close(self) -> None:
        """Let go of the file."""
        if self._image is not None:
            self._image.close()

    @property
    def starts(self) -> tuple[Fraction, ...]:
        """When each frame comes on, in seconds."""
        if self._image is None:
            return tuple(place / SEQUENCE_RATE for place in range(len(self._files)))
        return tuple(Fraction(start, 1000) for start in self._starts_ms)

    def index_at(self, time: Fraction) -> int:
        """Which frame is on screen at `time`, in seconds; the last one after the end."""
        if self._image is None:
            return max(0, min(len(self._files) - 1, int(time * SEQUENCE_RATE)))
        return max(0, bisect_right(self._starts_ms, time * 1000) - 1)

    def frame_at(self, time: Fraction) -> PictureFrame:
        """The picture on screen at `time`, in seconds, turned as EXIF says.

        Raises:
            NotMedia: that picture is damaged.
        """
        index = self.index_at(time)
        if self._image is None:
            with _open(self._files[index]) as image:
                return _pixels(image, self.path)
        with _guarded(self.path):
            if len(self._starts_ms) > 1:
                self._image.seek(index)
        return _pixels(self._image, self.path)


@lru_cache(maxsize=64)
def sequence_files(path: Path) -> tuple[Path, ...]:
    """The files a path stands for: itself, or all that match its number pattern, in order.

    Raises:
        FileUnreadable: a pattern that no file matches.
    """
    pattern = PATTERN.search(path.name)
    if pattern is None:
        return (path,)
    before, after = path.name[: pattern.start()], path.name[pattern.end() :]
    number = re.compile(re.escape(before) + r"(\d+)" + re.escape(after) + r"$")
    numbered = [
        (match, file) for file in path.parent.iterdir() if (match := number.match(file.name))
    ]
    if not numbered:
        raise FileUnreadable(f"No files match {path}. Check the folder and the numbering.")
    return tuple(file for match, file in sorted(numbered, key=lambda pair: int(pair[0].group(1))))


def probe_pictures(path: Path) -> MediaFacts:
    """Facts about a still, an animated picture or a sequence.

    Raises:
        FileUnreadable: missing, a folder, no permission.
        NotMedia: not a picture, or damaged.
    """
    files = sequence_files(path)
    with _open(files[0]) as image, _guarded(path):
        starts = _frame_starts_ms(image)
        total_ms = _total_ms(image, starts)
        width, height = ImageOps.exif_transpose(image).size if image.getexif() else image.size
        alpha = image.has_transparency_data
        container = (image.format or "picture").lower()
    count = len(files) if len(files) > 1 else len(starts)
    moving = count > 1
    if len(files) > 1:
        rate, duration = SEQUENCE_RATE, count / SEQUENCE_RATE
    else:
        duration = Fraction(total_ms, 1000) if moving else Fraction(0)
        rate = (count / duration).limit_denominator(1001) if moving else STILL_RATE
    video = VideoFacts(
        codec=container,
        pixel_format="rgba" if alpha else "rgb24",
        width=width,
        height=height,
        rate=rate,
        variable_rate=moving and len(files) == 1,
        frame_count=count,
        duration=duration,
        colour=PICTURE_COLOUR,
        alpha=alpha,
        still=not moving,
    )
    size_bytes = sum(file.stat().st_size for file in files)
    return MediaFacts(path, container, size_bytes, duration, video, ())


def _open(path: Path) -> Image.Image:
    check_readable(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(path)
    except Image.DecompressionBombError as error:
        raise NotMedia(f"{path.name} is larger than 16384 × 16384; make it smaller.") from error
    except (UnidentifiedImageError, *DAMAGE) as error:
        raise not_media(path) from error


@contextmanager
def _guarded(path: Path) -> Iterator[None]:
    """Whatever Pillow raises for a damaged file becomes one sentence."""
    try:
        yield
    except DAMAGE as error:
        raise NotMedia(f"{path.name} is damaged and cannot be shown. Copy it again.") from error


def _pixels(image: Image.Image, path: Path) -> PictureFrame:
    with _guarded(path):
        turned = ImageOps.exif_transpose(image)
        if image.has_transparency_data:
            rgba = np.asarray(turned.convert("RGBA"))
            return PictureFrame(without_alpha(rgba), rgba[..., 3].copy())
        return PictureFrame(np.asarray(_to_rgb(turned)).copy(), None)


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":  # 16-bit grey would be clipped, not scaled
        values = np.asarray(image, dtype=np.float32)
        scale = 255.0 / (65535.0 if image.mode.startswith("I") else max(1.0, float(values.max())))
        return Image.fromarray((values * scale + 0.5).clip(0, 255).astype(np.uint8)).convert("RGB")
    return image.convert("RGB")


def _frame_starts_ms(image: Image.Image) -> list[int]:
    """When each frame of an animated picture comes on, in milliseconds; [0] for a still."""
    count = min(getattr(image, "n_frames", 1), MAX_FRAMES)
    if count <= 1:
        return [0]
    return [0, *accumulate(_durations_ms(image, count))][:count]


def _total_ms(image: Image.Image, starts: list[int]) -> int:
    if len(starts) <= 1:
        return 0
    return starts[-1] + _frame_ms(image, len(starts) - 1)


def _durations_ms(image: Image.Image, count: int) -> list[int]:
    return [_frame_ms(image, index) for index in range(count)]


def _frame_ms(image: Image.Image, index: int) -> int:
    """How long a frame shows; browsers take anything under 10 ms to mean a tenth of a second."""
    try:
        image.seek(index)
        image.load()
        shown = round(float(image.info.get("duration", DEFAULT_FRAME_MS)))
    except DAMAGE:
        return DEFAULT_FRAME_MS
    return shown if shown >= SHORTEST_FRAME_MS else DEFAULT_FRAME_MS
