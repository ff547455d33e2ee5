"""Every preset makes the file its name promises: coding, layout, size, rate, colour and sound."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from studio.document.model.project import Project
from studio.document.time import Rate
from studio.media.export.job import ExportJob
from studio.media.export.presets import PRESETS, Output
from studio.media.export.run import export
from studio.media.libav import sound_stream
from tests.studio.media.cuts import audio, cut, shot, video

NTSC = Rate(30000, 1001)
FRAMES = 4
FULL, PORTRAIT, SQUARE, UHD = (1920, 1080), (1080, 1920), (1080, 1080), (3840, 2160)
OWN = (640, 360)
H264 = ("h264", "yuv420p", "avc1")
PRORES, PRORES_SOUND = "yuv422p10le", ("pcm_s24le", "s32")
AAC, OPUS, FLAC = ("aac", "fltp"), ("opus", "fltp"), ("flac", "s32")
NO_TAG = "\0\0\0\0"

FILMS = {
    "h264": (H264, OWN, AAC),
    "h264_fast": (H264, OWN, AAC),
    "hevc": (("hevc", "yuv420p", "hvc1"), OWN, AAC),
    "hevc10": (("hevc", "yuv420p10le", "hvc1"), OWN, AAC),
    "av1": (("av1", "yuv420p10le", "av01"), OWN, OPUS),
    "youtube_1080": (H264, FULL, AAC),
    "youtube_2160": (H264, UHD, AAC),
    "vimeo_1080": (H264, FULL, AAC),
    "podcast_film": (H264, OWN, AAC),
    "vp9": (("vp9", "yuv420p", NO_TAG), OWN, OPUS),
    "vp9_alpha": (("vp9", "yuv420p", NO_TAG), OWN, OPUS),
    "instagram_reel": (H264, PORTRAIT, AAC),
    "instagram_square": (H264, SQUARE, AAC),
    "tiktok": (H264, PORTRAIT, AAC),
    "broadcast": (("prores", PRORES, "apch"), OWN, PRORES_SOUND),
    "prores_proxy": (("prores", PRORES, "apco"), OWN, PRORES_SOUND),
    "prores_422": (("prores", PRORES, "apcn"), OWN, PRORES_SOUND),
    "prores_hq": (("prores", PRORES, "apch"), OWN, PRORES_SOUND),
    "prores_4444": (("prores", "yuva444p12le", "ap4h"), OWN, PRORES_SOUND),
    "dnxhr_hq": (("dnxhd", "yuv422p", "AVdh"), OWN, PRORES_SOUND),
    "dnxhr_hqx": (("dnxhd", "yuv422p10le", "AVdh"), OWN, PRORES_SOUND),
    "lossless": (("ffv1", "bgr0", NO_TAG), OWN, FLAC),
    "lossless_h264": (("h264", "yuv420p", NO_TAG), OWN, FLAC),
}
SOUNDS = {
    "wav": ("pcm_s24le", "s32"),
    "wav_16": ("pcm_s16le", "s16"),
    "flac": FLAC,
    "mp3": ("mp3float", "fltp"),
    "m4a": AAC,
}
QUICK = {
    "libx264": (("preset", "ultrafast"),),
    "libx265": (("preset", "ultrafast"),),
    "libsvtav1": (("preset", "12"),),
    "libvpx-vp9": (("deadline", "realtime"), ("cpu-used", "8")),
}


def film() -> Project:
    rows = video(shot("a.mp4", 8)), audio(shot("tone.wav", 8))
    return cut(*rows, rate=NTSC, width=OWN[0], height=OWN[1])


def made(folder: Path, out: Path, name: str) -> Path:
    preset = PRESETS[name]
    encoder = preset.video.encoders[0] if preset.video else ""
    quick = QUICK.get(encoder, ()) if name != "lossless_h264" else ()
    job = ExportJob(
        sequence_id="s",
        out=out / f"x{preset.suffix}",
        preset=name,
        end=FRAMES,
        video_options=quick,
        smart_render=False,
    )
    return export(film(), folder, job).path


def test_every_preset_is_checked_here() -> None:
    others = {
        name for name, each in PRESETS.items() if each.output not in (Output.FILM, Output.SOUND)
    }
    assert set(PRESETS) == {*FILMS, *SOUNDS, *others}
    assert others == {"webp", "apng", "gif", "png_sequence", "jpeg_sequence", "stems"}


@pytest.mark.parametrize("name", FILMS)
def test_a_film_is_coded_as_its_preset_says(reel: Path, tmp_path: Path, name: str) -> None:
    (codec, layout, tag), size, (sound_codec, sample_format) = FILMS[name]
    with av.open(str(made(reel, tmp_path, name))) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert context.name in (codec, f"lib{codec}", "libdav1d"), context.name
        assert (context.pix_fmt, context.codec_tag) == (layout, tag)
        assert (stream.width, stream.height) == size
        assert stream.average_rate == NTSC.fraction
        matrix, span = (0, 2) if codec == "ffv1" else (1, 1)
        assert (context.colorspace, context.color_range) == (matrix, span)
        assert (context.color_primaries, context.color_trc) == (1, 1)
        assert bool(stream.metadata.get("alpha_mode")) is (name == "vp9_alpha")
        sound = sound_stream(container, container.streams.audio[0].index).codec_context
        assert sound.name in (sound_codec, f"lib{sound_codec}")
        assert (sound.sample_rate, sound.channels) == (48000, 2)
        assert sound.format.name in (sample_format, "flt")
        assert sum(1 for _ in container.decode(video=0)) == FRAMES


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_is_coded_as_its_preset_says(reel: Path, tmp_path: Path, name: str) -> None:
    with av.open(str(made(reel, tmp_path, name))) as container:
        assert not container.streams.video
        sound = container.streams.audio[0].codec_context
        assert (sound.name, sound.format.name) == SOUNDS[name]
        assert (sound.sample_rate, sound.channels) == (48000, 2)
        heard = sum(frame.samples for frame in container.decode(audio=0))
        assert heard >= FRAMES * 48000 / NTSC.fraction - 1


@pytest.mark.parametrize(("name", "frames"), [("webp", 4), ("apng", 4), ("gif", 2)])
def test_an_animation_moves_at_its_rate(reel: Path, tmp_path: Path, name: str, frames: int) -> None:
    """GIF, which counts hundredths of a second, has half the frames from 25 a second on.

    WebP keeps frames that are alike as one, for as long as both.
    """
    path = made(reel, tmp_path, name)
    with Image.open(path) as image:
        found = getattr(image, "n_frames", 1)
        assert image.size == OWN
        assert found == frames or (name == "webp" and 1 < found < frames)
        lasts_s = 0.0
        for number in range(found):
            image.seek(number)
            image.load()
            lasts_s += image.info["duration"] / 1000
    assert lasts_s == pytest.approx(FRAMES / float(NTSC.fraction), abs=0.012)


@pytest.mark.parametrize(("name", "mode"), [("png_sequence", "RGBA"), ("jpeg_sequence", "RGB")])
def test_images_are_numbered_from_one(reel: Path, tmp_path: Path, name: str, mode: str) -> None:
    folder = made(reel, tmp_path, name)
    suffix = PRESETS[name].suffix
    assert sorted(path.name for path in folder.iterdir()) == [
        f"x_{number:05}{suffix}" for number in range(1, FRAMES + 1)
    ]
    with Image.open(folder / f"x_00001{suffix}") as image:
        assert (image.mode, image.size) == (mode, OWN)


def test_stems_are_sounds_of_one_length(reel: Path, tmp_path: Path) -> None:
    (path,) = made(reel, tmp_path, "stems").iterdir()
    with av.open(str(path)) as container:
        sound = container.streams.audio[0].codec_context
        assert (sound.name, sound.sample_rate, sound.channels) == ("pcm_s24le", 48000, 2)
        heard = sum(frame.samples for frame in container.decode(audio=0))
    assert abs(heard - FRAMES * 48000 / Fraction(NTSC.fraction)) <= 1
