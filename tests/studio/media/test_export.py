"""Films as they leave: exact, whole or not at all, and the same as in the viewer."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.subtitles.subtitle import AssSubtitle

from studio.document.model.clip import CaptionMedia, GeneratorKind, GeneratorMedia, TransitionKind
from studio.document.model.marker import Marker
from studio.document.model.project import Project
from studio.document.time import Rate
from studio.media.compositor.render import render_frame, render_picture, render_transparent
from studio.media.decode.audio import AudioReader
from studio.media.decode.pictures import PictureReader
from studio.media.decode.video import VideoReader
from studio.media.errors import (
    BadJob,
    Cancelled,
    EncoderMissing,
    FootageMissing,
    MediaError,
    OutputUnwritable,
)
from studio.media.export.film import FilmWriter, Format
from studio.media.export.job import Captions, ExportJob, Progress, Reframe
from studio.media.export.presets import PRESETS, Output
from studio.media.export.run import export
from studio.media.libav import clock_of
from studio.media.loudness import LoudnessMeter
from studio.media.picture import YuvPicture
from studio.media.probe import probe
from tests.studio.media.cuts import (
    FPS,
    SIZE,
    audio,
    captions,
    clip,
    cut,
    effect,
    gap,
    meet,
    scene,
    shot,
    video,
)
from tests.studio.media.footage import make_sound, number_of, tone

FRAMES = 24


def film(rate: Rate = FPS, markers: tuple[Marker, ...] = ()) -> Project:
    """A dissolve, a picture in a picture with a colour effect, and sound."""
    inset = shot(
        "b.mp4",
        8,
        effects=(
            effect("transform", scale_x=0.3, scale_y=0.3, rotation=10.0),
            effect("exposure", exposure=0.7),
        ),
    )
    pictures = video(
        shot("a.mp4", 12, 6), meet(TransitionKind.DISSOLVE, 4, 4), shot("b.mp4", 12, 10)
    )
    sound = audio(shot("tone.wav", FRAMES, gain_db=-12.0, fade_in_frames=5))
    return cut(pictures, video(gap(14), inset), sound, rate=rate, markers=markers)


def job(out: Path, preset: str = "h264_fast", **more: object) -> ExportJob:
    return ExportJob(sequence_id="s", out=out, preset=preset, smart_render=False, **more)  # type: ignore[arg-type]


def sha(pixels: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()


def decoded(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.reformat(format="rgb24").to_ndarray() for frame in container.decode(video=0)]


def test_what_you_see_is_what_you_export(reel: Path, tmp_path: Path) -> None:
    project = film()
    export(project, reel, job(tmp_path / "x.mkv", "lossless"))
    viewer = scene(project, reel)
    seen = [sha(render_frame(viewer, "s", n, SIZE)) for n in range(FRAMES)]
    assert [sha(frame) for frame in decoded(tmp_path / "x.mkv")] == seen


def test_and_so_it_is_where_pictures_stay_as_they_were_coded(reel: Path, tmp_path: Path) -> None:
    project = cut(
        video(shot("a.mp4", 12, 6), meet(TransitionKind.DISSOLVE, 4, 4), shot("b.mp4", 12, 10))
    )
    export(project, reel, job(tmp_path / "x.mkv", "lossless_h264"))
    viewer = scene(project, reel)
    with av.open(str(tmp_path / "x.mkv")) as container:
        left = [sha(YuvPicture(frame, None).rgb()) for frame in container.decode(video=0)]
    assert left == [sha(render_frame(viewer, "s", n, SIZE)) for n in range(FRAMES)]


@pytest.mark.parametrize(
    "name", [n for n, p in PRESETS.items() if p.output in (Output.FILM, Output.ANIMATION)]
)
def test_every_film_preset_makes_a_film(reel: Path, tmp_path: Path, name: str) -> None:
    preset = PRESETS[name]
    out = tmp_path / f"x{preset.suffix}"
    speed = {
        "libx264": ("preset", "ultrafast"),
        "libx265": ("preset", "ultrafast"),
        "libsvtav1": ("preset", "12"),
        "libvpx-vp9": ("deadline", "realtime"),
    }
    quick = speed.get(preset.video.encoders[0] if preset.video else "")
    small = (
        (128, 72)
        if preset.size is None
        else (72, 128)
        if preset.size[0] < preset.size[1]
        else (144, 80)
    )
    if "dnxhr" in name:
        small = (256, 120)
    result = export(
        film(), reel, job(out, name, size=small, end=6, video_options=(quick,) if quick else ())
    )
    facts = probe(out)
    assert result.frames == 6
    assert facts.video is not None
    assert facts.video.display_size == small
    assert bool(facts.audio) is (preset.sound is not None)


@pytest.mark.parametrize("name", ["prores_4444", "vp9_alpha", "webp", "apng", "gif"])
def test_transparency_goes_out_and_comes_back(reel: Path, tmp_path: Path, name: str) -> None:
    inset = shot("a.mp4", 6, effects=(effect("crop", left=0.5),), opacity=0.5)
    out = tmp_path / f"x{PRESETS[name].suffix}"
    export(cut(video(inset)), reel, job(out, name))
    again = scene(cut(video(shot(out.name, 6))), tmp_path)
    alpha = render_transparent(again, "s", 3, SIZE).pixels[..., 3]
    assert int(alpha[90, 40]) <= 4
    half = 255 if name == "gif" else 128
    assert int(alpha[90, 280]) == pytest.approx(half, abs=4)


def test_frame_for_frame_and_sample_for_sample(reel: Path, tmp_path: Path) -> None:
    project = cut(video(shot("a.mp4", 40)), audio(shot("tone.wav", 40)))
    export(project, reel, job(tmp_path / "x.mp4"))
    reader = VideoReader(tmp_path / "x.mp4")
    numbers = [
        number_of(reader.frame_at(Fraction(n, 25)).reformat(format="rgb24").to_ndarray())
        for n in range(40)
    ]
    assert numbers == list(range(40))
    heard = AudioReader(tmp_path / "x.mp4").read(0, 40 * 1920)
    assert np.abs(heard - tone(40 * 1920, 48000))[4000:-4000].max() < 0.03


def test_a_clap_is_seen_and_heard_at_once(tmp_path: Path) -> None:
    """A white frame and a click at the same instant stay within a thousandth of a second."""
    click = np.zeros((96000, 2), np.float32)
    click[48000:48048] = 0.9
    make_sound(tmp_path / "click.wav", click, 48000)
    white = clip(GeneratorMedia(kind=GeneratorKind.COLOUR, params=(("colour", "#ffffff"),)), 1)
    project = cut(video(gap(25), white, gap(24)), audio(shot("click.wav", 50)))
    export(project, tmp_path, job(tmp_path / "clap.mp4"))
    reader = VideoReader(tmp_path / "clap.mp4")
    bright = [
        n for n in range(50) if reader.frame_at(Fraction(n, 25)).to_ndarray()[:180].mean() > 128
    ]
    heard = np.abs(AudioReader(tmp_path / "clap.mp4").read(0, 96000)).max(axis=1)
    assert bright == [25]
    assert abs(int(np.argmax(heard > 0.3)) - 48000) <= 48


@pytest.mark.parametrize("target", [-14.0, -16.0, -23.0])
def test_loudness_is_met_and_peaks_are_held(tmp_path: Path, target: float) -> None:
    draw = np.random.default_rng(3)
    speech = (
        draw.standard_normal((6 * 48000, 2))
        * 0.03
        * (1 + np.sin(np.arange(6 * 48000) / 9000))[:, None]
    )
    speech[::30000] += 0.7
    make_sound(tmp_path / "speech.wav", speech.astype("f4"), 48000)
    project = cut(audio(shot("speech.wav", 150)))
    result = export(project, tmp_path, job(tmp_path / "x.wav", "wav", loudness=target))
    meter = LoudnessMeter()
    meter.add(AudioReader(tmp_path / "x.wav").read(0, 6 * 48000))
    heard = meter.result()
    assert heard.integrated_lufs == pytest.approx(target, abs=0.2)
    assert heard.true_peak_dbtp <= -1.0
    assert result.loudness_lufs == pytest.approx(heard.integrated_lufs, abs=0.05)


def test_a_range_goes_out_and_nothing_else(reel: Path, tmp_path: Path) -> None:
    project = cut(video(shot("a.mp4", 40)), audio(shot("tone.wav", 40)))
    result = export(project, reel, job(tmp_path / "x.mkv", "lossless", first=10, end=20))
    assert result.frames == 10
    assert [number_of(frame) for frame in decoded(tmp_path / "x.mkv")] == list(range(10, 20))
    heard = AudioReader(tmp_path / "x.mkv").read(0, 10 * 1920)
    assert np.abs(heard - tone(48000, 48000)[10 * 1920 : 20 * 1920]).max() < 1e-3


def test_image_sequences(reel: Path, tmp_path: Path) -> None:
    result = export(cut(video(shot("a.mp4", 5))), reel, job(tmp_path / "shot.png", "png_sequence"))
    names = sorted(path.name for path in result.path.iterdir())
    assert names == [f"shot_{n:05}.png" for n in range(1, 6)]
    again = PictureReader(result.path / "shot_%05d.png")
    assert [number_of(again.frame_at(Fraction(n, 25)).rgb) for n in range(5)] == list(range(5))


def test_hardware_that_is_not_there_is_done_without(reel: Path, tmp_path: Path) -> None:
    made = PRESETS["h264"].video
    assert made is not None
    absent = replace(made, hardware=("h264_of_a_chip_nobody_has", *made.hardware))
    preset = replace(PRESETS["h264"], video=absent)
    form = Format(SIZE, FPS.fraction, sound=False)
    shown = scene(cut(video(shot("a.mp4", 5))), reel)
    with FilmWriter(tmp_path / "film.mp4", preset, form, hardware=True) as writer:
        assert writer.encoder_name in (*made.hardware, *made.encoders)
        for number in range(3):
            picture = render_picture(shown, "s", number, SIZE)
            writer.write_picture(picture.frame(writer.pixel_format), number)
    assert len(decoded(tmp_path / "film.mp4")) == 3
    nothing = replace(absent, encoders=("nobody_has_this",), hardware=())
    with pytest.raises(EncoderMissing, match="Choose another preset"):
        FilmWriter(tmp_path / "b.mp4", replace(preset, video=nothing), form)


def test_stems(reel: Path, tmp_path: Path) -> None:
    project = cut(
        audio(shot("tone.wav", 10), name="Voice"), audio(shot("mono.wav", 10), name="A/B")
    )
    result = export(project, reel, job(tmp_path / "mix.wav", "stems"))
    assert sorted(path.name for path in result.path.iterdir()) == ["01 Voice.wav", "02 A_B.wav"]


def test_another_shape_gets_bars_or_is_filled(reel: Path, tmp_path: Path) -> None:
    for reframe, dark in ((Reframe.FIT, True), (Reframe.FILL, False)):
        out = tmp_path / f"{reframe}.mkv"
        export(film(), reel, job(out, "lossless", size=(90, 160), reframe=reframe, end=2))
        picture = decoded(out)[0]
        assert picture.shape == (160, 90, 3)
        assert bool(picture[2].max() < 8) is dark


def test_chapters_and_captions(reel: Path, tmp_path: Path) -> None:
    words = captions(gap(5), clip(CaptionMedia(text="Hello"), 10))
    marks = (
        Marker(id="m1", at=0, name="Opening", chapter=True),
        Marker(id="m2", at=12, name="End", chapter=True),
    )
    project = film(markers=marks)
    sequence = project.sequences[0]
    project = replace(project, sequences=(replace(sequence, tracks=(*sequence.tracks, words)),))
    result = export(project, reel, job(tmp_path / "x.mp4", captions=Captions.SRT, first=2))
    assert result.sidecars[0].read_text().startswith("1\n00:00:00,120 --> 00:00:00,520\nHello")
    with av.open(str(tmp_path / "x.mp4")) as container:
        told = [
            (each["metadata"]["title"], each["start"] * (each["time_base"] or 0))
            for each in container.chapters()
        ]
    assert told == [("Opening", 0), ("End", Fraction(10, 25))]


def spoken() -> Project:
    """The film with two captions, the first on frames 5 to 14, the second to the end."""
    words = captions(
        gap(5),
        clip(CaptionMedia(text="Hello, you\n{there}", speaker="Ann"), 10),
        clip(CaptionMedia(text="Bye"), 9),
    )
    project = film()
    sequence = project.sequences[0]
    return replace(project, sequences=(replace(sequence, tracks=(*sequence.tracks, words)),))


@pytest.mark.parametrize(
    ("preset", "suffix", "codec"),
    [("h264_fast", ".mp4", "mov_text"), ("dnxhr_hq", ".mov", "mov_text"),
     ("lossless", ".mkv", "srt"), ("vp9", ".webm", "webvtt")],
)  # fmt: skip
def test_captions_as_a_track_of_the_film(
    reel: Path, tmp_path: Path, preset: str, suffix: str, codec: str
) -> None:
    out = tmp_path / f"x{suffix}"
    result = export(spoken(), reel, job(out, preset, captions=Captions.TRACK, first=2))
    assert not [path for path in result.sidecars if path.suffix == ".srt"]
    with av.open(str(out)) as container:
        (stream,) = container.streams.subtitles
        assert stream.codec_context.name == codec
        told = [
            (
                Fraction(packet.pts) * clock_of(packet),
                Fraction(packet.duration or 0) * clock_of(packet),
                b"".join(
                    each.dialogue
                    for each in stream.decode2(packet) or ()
                    if isinstance(each, AssSubtitle)
                ),
            )
            for packet in container.demux(stream)
            if packet.pts is not None and packet.size > 2
        ]
    assert [(start, length) for start, length, _ in told] == [
        (Fraction(3, 25), Fraction(10, 25)),
        (Fraction(13, 25), Fraction(9, 25)),
    ]
    assert b"Ann: Hello, you" in told[0][2]
    assert b"(there)" in told[0][2]
    assert b"Bye" in told[1][2]


def test_captions_go_beside_a_film_that_has_no_place_for_a_track(
    reel: Path, tmp_path: Path
) -> None:
    result = export(spoken(), reel, job(tmp_path / "x.gif", "gif", captions=Captions.TRACK))
    assert "Ann: Hello" in next(p for p in result.sidecars if p.suffix == ".srt").read_text()


def test_progress_is_told_and_cancel_leaves_nothing(reel: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    with pytest.raises(Cancelled):
        export(film(), reel, job(tmp_path / "x.mp4"), told.append, lambda: len(told) > 0)
    assert list(tmp_path.iterdir()) == []
    told.clear()
    export(film(), reel, job(tmp_path / "x.mp4"), told.append)
    assert told[-1].done_frames == told[-1].total_frames == FRAMES


def test_an_old_file_stays_until_the_new_one_is_whole(reel: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.mp4"
    out.write_text("the old film")
    with pytest.raises(Cancelled):
        export(film(), reel, job(out), should_cancel=lambda: True)
    assert out.read_text() == "the old film"


def _refused(reel: Path, bad: ExportJob, project: Project | None = None) -> str:
    with pytest.raises(MediaError) as caught:
        export(project or film(), reel, bad)
    return str(caught.value)


BAD_JOBS: list[tuple[Callable[[Path], ExportJob], type[MediaError], str]] = [
    (lambda p: job(p / "none" / "x.mp4"), OutputUnwritable, "does not exist"),
    (job, OutputUnwritable, "is a folder"),
    (lambda p: job(p / "x.mp4", "betamax"), BadJob, "no preset"),
    (lambda p: job(p / "x.mp4", first=500), BadJob, "holds nothing"),
    (lambda p: job(p / "x.mp4", size=(99999, 8)), BadJob, "cannot be made"),
    (lambda p: replace(job(p / "x.mp4"), sequence_id="gone"), BadJob, "not in the project"),
]


@pytest.mark.parametrize(("make", "error", "words"), BAD_JOBS)
def test_what_cannot_be_made_is_refused_in_a_sentence(
    reel: Path,
    tmp_path: Path,
    make: Callable[[Path], ExportJob],
    error: type[MediaError],
    words: str,
) -> None:
    with pytest.raises(error, match=words):
        export(film(), reel, make(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_empty_cuts_and_missing_footage_are_refused(reel: Path, tmp_path: Path) -> None:
    with pytest.raises(BadJob, match="empty"):
        export(cut(video()), reel, job(tmp_path / "x.mp4"))
    with pytest.raises(BadJob, match="no sound"):
        export(cut(video(shot("a.mp4", 5))), reel, job(tmp_path / "x.wav", "wav"))
    with pytest.raises(FootageMissing, match=r"gone\.mp4"):
        export(cut(video(shot("gone.mp4", 5))), reel, job(tmp_path / "x.mp4"))


def test_unreadable_footage_stops_it_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.mp4").write_bytes(os.urandom(5000))
    with pytest.raises(MediaError, match=r"bad\.mp4 is not a picture"):
        export(cut(video(shot("bad.mp4", 5))), tmp_path, job(tmp_path / "x.mp4"))
    assert [path.name for path in tmp_path.iterdir()] == ["bad.mp4"]


def test_no_rate_is_lost(reel: Path, tmp_path: Path) -> None:
    export(film(rate=FPS), reel, job(tmp_path / "x.mp4"))
    assert probe(tmp_path / "x.mp4").video.rate == Fraction(25)  # type: ignore[union-attr]
