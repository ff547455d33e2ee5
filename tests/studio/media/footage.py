"""Small media files with known pictures and samples, made on the spot.

Every picture carries its own number: sixteen blocks along the top are its bits, black or white,
so that a test can read from the pixels which frame it was given. Every sound is a function of
its sample number.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from PIL import Image

from studio.media.libav import add_pictures, add_sound

BITS = 16
X264 = {"preset": "ultrafast", "g": "12", "bf": "2", "qp": "10"}
BLACK, WHITE = 30, 225


@dataclass(frozen=True, slots=True)
class Shot:
    """What to make: see `make_video`."""

    frames: int = 60
    rate: Fraction = Fraction(25)
    size: tuple[int, int] = (320, 180)
    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    options: dict[str, str] = field(default_factory=lambda: X264)
    stamps: list[int] | None = None
    """Presentation stamps in ticks of 1/90000 s, for variable rates and odd starts."""
    sound_rate: int = 0
    sound_channels: int = 2
    sound_codec: str = "aac"
    container_options: dict[str, str] = field(default_factory=dict)
    colour: tuple[int, int] | None = None
    """(matrix, range) as libav numbers."""


def numbered(number: int, size: tuple[int, int]) -> np.ndarray:
    """A picture that carries its number: uint8 (H, W, 3)."""
    width, height = size
    picture = np.empty((height, width, 3), np.uint8)
    picture[..., 0] = np.linspace(40, 210, width).astype(np.uint8)[None, :]
    picture[..., 1] = np.linspace(60, 190, height).astype(np.uint8)[:, None]
    picture[..., 2] = 40 + 3 * number % 170
    block = width // BITS
    for bit in range(BITS):
        value = WHITE if number >> bit & 1 else BLACK
        picture[: height // 4, bit * block : (bit + 1) * block] = value
    return picture


def number_of(picture: np.ndarray) -> int:
    """Read the number back from pixels (H, W, 3) or luma (H, W)."""
    luma = picture if picture.ndim == 2 else picture[..., :3].mean(axis=2)
    height, width = luma.shape
    block = width / BITS
    row = luma[height // 16 : max(height // 16 + 1, height // 5)]
    value = 0
    for bit in range(BITS):
        middle = row[:, int((bit + 0.3) * block) : int((bit + 0.7) * block) + 1]
        value |= int(middle.mean() > (BLACK + WHITE) / 2) << bit
    return value


def tone(count: int, rate: int, channels: int = 2, hertz: float = 440.0) -> np.ndarray:
    """A sine, float32 (count, channels), half scale, second channel silent-side inverted."""
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(count) / rate)
    return np.stack([wave * (1 if c % 2 == 0 else -1) for c in range(channels)], 1).astype("f4")


def make_video(path: Path, shot: Shot = Shot()) -> Path:
    """Encode numbered pictures, with a tone if `sound_rate` is set."""
    with av.open(str(path), "w", options=shot.container_options) as out:
        rate = shot.rate if shot.stamps is None else Fraction(25)
        stream = add_pictures(out, shot.codec, rate, shot.options)
        stream.width, stream.height = shot.size
        stream.codec_context.thread_count = 1
        stream.pix_fmt = shot.pixel_format
        stream.codec_context.time_base = Fraction(1, 90000) if shot.stamps else 1 / shot.rate
        if shot.colour is not None:
            stream.codec_context.colorspace, stream.codec_context.color_range = shot.colour
        sound = None
        if shot.sound_rate:
            layout = {1: "mono", 2: "stereo", 6: "5.1"}[shot.sound_channels]
            sound = add_sound(out, shot.sound_codec, shot.sound_rate, layout)
        for number in range(shot.frames):
            frame = av.VideoFrame.from_ndarray(numbered(number, shot.size), format="rgb24")
            matrix = shot.colour[0] if shot.colour else 5
            frame = frame.reformat(format=shot.pixel_format, dst_colorspace=matrix)
            frame.pts = shot.stamps[number] if shot.stamps else number
            frame.time_base = stream.codec_context.time_base
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        if sound is not None:
            seconds = shot.frames / shot.rate
            _encode_sound(
                out,
                sound,
                tone(int(seconds * shot.sound_rate), shot.sound_rate, shot.sound_channels),
                shot.sound_rate,
            )
    return path


def grown(film: Path, size_bytes: int, path: Path) -> Path:
    """A copy of an MP4 with another box of media at its end, which nothing plays."""
    box = struct.pack(">I4s", size_bytes, b"mdat") + bytes(size_bytes - 8)
    path.write_bytes(film.read_bytes() + box)
    return path


def make_sound(path: Path, samples: np.ndarray, rate: int, codec: str = "pcm_s16le") -> Path:
    """Encode samples (count, channels) in [-1, 1]."""
    with av.open(str(path), "w") as out:
        layout = {1: "mono", 2: "stereo", 6: "5.1"}[samples.shape[1]]
        stream = add_sound(out, codec, rate, layout)
        _encode_sound(out, stream, samples, rate)
    return path


def _encode_sound(
    out: OutputContainer, stream: av.AudioStream, samples: np.ndarray, rate: int
) -> None:
    layout = stream.layout.name
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T, dtype="f4"), "fltp", layout)
    frame.sample_rate = rate
    frame.pts = 0
    frame.time_base = Fraction(1, rate)
    out.mux(stream.encode(frame))
    out.mux(stream.encode(None))


def make_film_of_photos(path: Path, orientation: int) -> Path:
    """Five pictures of Motion JPEG that carry EXIF, a kind of side data that PyAV does not know.

    `orientation` is EXIF's, 0 for none.
    """
    notes, body = Image.Exif(), io.BytesIO()
    notes[0x010F] = "Camera"
    if orientation:
        notes[0x0112] = orientation
    Image.new("RGB", (64, 48), (20, 80, 120)).save(body, "JPEG", exif=notes)
    with av.open(str(path), "w") as out:
        stream = add_pictures(out, "mjpeg", 10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        for number in range(5):
            packet = av.Packet(body.getvalue())
            packet.stream, packet.time_base = stream, Fraction(1, 10)
            packet.pts = packet.dts = number
            out.mux(packet)
    return path
