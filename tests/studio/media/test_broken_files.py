"""Broken files: cut short, bits turned, headers that lie. Never a hang, a crash or a flood.

Each file is read in a child with little memory and little time, by everything that reads files.
A sentence is a fine answer; so are pictures and a warning.
"""

from __future__ import annotations

import os
import random
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.studio.media.footage import Shot, make_sound, make_video, tone

ROOT = Path(__file__).resolve().parents[3]
MEMORY_BYTES = 3 << 30
TIMEOUT_S = 500
FEW, MANY = 4, 60

READER = """
import resource, sys
from fractions import Fraction
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
from studio.document.model.asset import Asset, AssetKind
from studio.media.errors import MediaError
from studio.media.fingerprint import fingerprint
from studio.media.footage import Footage
from studio.media.probe import probe
from studio.media.proxies import make_proxy
from studio.media.waveform import measure
from studio.media.conform import to_rgb

def tried(work):
    try:
        work()
    except MediaError as error:
        assert str(error).endswith("."), error
        return

for name in sys.argv[2:]:
    path = Path(name)
    footage = Footage(path.parent, cache_bytes=0)
    asset = Asset(id="a", name=path.name, kind=AssetKind.VIDEO, path=path.name)
    tried(lambda: fingerprint(path))
    tried(lambda: probe(path))
    for time in (0, 1, Fraction(1, 2), 1000, -1):
        tried(lambda: to_rgb(footage.picture(asset, Fraction(time)), (64, 36)))
    for start in (0, 40000, 10_000_000):
        tried(lambda: footage.sound(asset, 0, start, 2000))
    tried(lambda: measure(path, 0, lambda: False))
    tried(lambda: make_proxy(path, path.with_suffix(".proxy.mp4"), 36))
    footage.close()
    print(path.name, flush=True)
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One small file of each kind."""
    folder = tmp_path_factory.mktemp("whole")
    for name in ("a.mp4", "a.mkv", "a.ts", "a.mov", "a.avi"):
        codec = {"a.avi": "mpeg4", "a.mov": "prores_ks"}.get(name, "libx264")
        options = {} if codec != "libx264" else {"preset": "ultrafast", "g": "12"}
        pixel_format = "yuv422p10le" if codec == "prores_ks" else "yuv420p"
        made = Shot(25, codec=codec, options=options, pixel_format=pixel_format, sound_rate=44100)
        make_video(folder / name, made)
    for name, codec in (("a.wav", "pcm_s16le"), ("a.mp3", "libmp3lame"), ("a.flac", "flac")):
        make_sound(folder / name, tone(44100, 44100), 44100, codec)
    for name in ("a.png", "a.jpg", "a.gif", "a.webp", "a.tif", "a.avif"):
        frames = [Image.effect_noise((80, 60), 40 + k * 20).convert("RGB") for k in range(3)]
        several = (
            {"save_all": True, "append_images": frames[1:]} if name in ("a.gif", "a.webp") else {}
        )
        frames[0].save(folder / name, **several)
    return folder


def damaged(data: bytes, draw: random.Random) -> bytes:
    """One way of going wrong."""
    body = bytearray(data)
    match draw.randrange(5):
        case 0:
            return bytes(body[: draw.randrange(1, len(body))])
        case 1:
            for _ in range(draw.randrange(1, 40)):
                body[draw.randrange(len(body))] ^= 1 << draw.randrange(8)
        case 2:  # the header lies about sizes and counts
            at = draw.randrange(0, max(1, min(len(body) - 4, 600)))
            body[at : at + 4] = struct.pack(">I", draw.choice([0, 1, 0x7FFFFFFF, 0xFFFFFFFF]))
        case 3:
            start = draw.randrange(len(body))
            body[start : start + draw.randrange(1, 4000)] = bytes(draw.randrange(1, 4000))
        case _:
            start = draw.randrange(len(body))
            body = body[start:] + body[:start]
    return bytes(body)


def _read_all(paths: list[Path]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READER, str(MEMORY_BYTES), *map(str, paths)],
        cwd=ROOT,
        env={**os.environ, "MALLOC_ARENA_MAX": "2"},  # else address space grows with the cores
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    read = done.stdout.split()
    assert done.returncode == 0, (len(read), paths[len(read)].name, done.stderr[-1500:])
    assert len(read) == len(paths)


def _corpus(whole: Path, folder: Path, seed: int, count: int) -> list[Path]:
    draw = random.Random(seed)
    made = []
    for path in sorted(whole.iterdir()):
        for number in range(count):
            broken = folder / f"{path.stem}{number}-{seed}{path.suffix}"
            broken.write_bytes(damaged(path.read_bytes(), draw))
            made.append(broken)
    return made


def test_broken_files_cost_a_sentence_at_most(whole: Path, tmp_path: Path) -> None:
    _read_all(_corpus(whole, tmp_path, 1, FEW))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_great_many_broken_files(whole: Path, tmp_path: Path, seed: int) -> None:
    _read_all(_corpus(whole, tmp_path, seed, MANY // 10))


def test_whole_files_are_read_in_the_same_bounds(whole: Path) -> None:
    _read_all(sorted(whole.iterdir()))


def test_a_header_that_claims_a_huge_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    Image.new("RGB", (8, 8)).save(path)
    data = bytearray(path.read_bytes())
    data[16:24] = struct.pack(">II", 60000, 60000)
    path.write_bytes(data)
    _read_all([path])


def test_a_picture_whose_coded_part_is_gone_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "gone.avif"
    Image.effect_noise((80, 60), 60).convert("RGB").save(path)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 8
    data[start:] = bytes(len(data) - start)
    path.write_bytes(data)
    _read_all([path])
