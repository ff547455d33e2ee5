"""Smart render: what is untouched is copied to the byte, the rest encoded, and nothing moves."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from studio.document.model.clip import CaptionMedia, TransitionKind
from studio.document.model.project import Project
from studio.media.decode.audio import AudioReader
from studio.media.decode.video import VideoReader
from studio.media.export.job import Captions, ExportJob, Result
from studio.media.export.run import export
from studio.media.libav import clock_of
from tests.studio.media.cuts import audio, captions, clip, cut, effect, gap, meet, shot, video
from tests.studio.media.footage import Shot, make_sound, make_video, number_of, tone

SIZE = (320, 180)
HD709 = (1, 1)


@pytest.fixture(scope="module")
def cameras(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`cam.mp4` closed groups of 12, `open.mp4` open groups, `other.mp4` another encoder's."""
    folder = tmp_path_factory.mktemp("cameras")
    closed = {"preset": "veryfast", "g": "12", "bf": "2", "crf": "18", "x264-params": "scenecut=0"}
    opened = closed | {"x264-params": "open-gop=1:scenecut=0"}
    make_video(folder / "cam.mp4", Shot(120, options=closed, colour=HD709))
    make_video(folder / "cam.mkv", Shot(120, options=closed, colour=HD709))
    make_video(folder / "cam.ts", Shot(120, options=closed, colour=HD709))
    make_video(folder / "open.mp4", Shot(60, options=opened, colour=HD709))
    make_video(folder / "other.mp4", Shot(60, options=closed | {"bf": "0"}, colour=HD709))
    make_sound(folder / "tone.wav", tone(6 * 48000, 48000), 48000)
    return folder


def render(project: Project, folder: Path, out: Path, **more: object) -> Result:
    options = {"smart_render": True, "video_options": (("preset", "ultrafast"),)} | more
    return export(project, folder, ExportJob(sequence_id="s", out=out, preset="h264", **options))  # type: ignore[arg-type]


def numbers(path: Path, count: int) -> list[int]:
    reader = VideoReader(path)
    return [
        number_of(reader.frame_at(Fraction(n, 25)).reformat(format="rgb24").to_ndarray())
        for n in range(count)
    ]


def planes(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray().tobytes() for frame in container.decode(video=0)]


@pytest.mark.parametrize("name", ["cam.mp4", "cam.mkv", "cam.ts"])
def test_ten_cuts_are_copied_and_every_frame_is_in_its_place(
    cameras: Path, tmp_path: Path, name: str
) -> None:
    starts = [5, 40, 71, 12, 90, 60, 3, 33, 50, 20]
    project = cut(
        video(*(shot(name, 29, start) for start in starts)),
        audio(shot("tone.wav", 150)),
    )
    result = render(project, cameras, tmp_path / "x.mp4")
    wanted = [start + k for start in starts for k in range(29)]
    assert numbers(tmp_path / "x.mp4", len(wanted)) == wanted
    assert result.copied_frames >= 10 * 12
    assert result.frames == len(wanted)


def test_copied_frames_are_the_source_to_the_bit(cameras: Path, tmp_path: Path) -> None:
    result = render(cut(video(shot("cam.mp4", 50, 5))), cameras, tmp_path / "x.mp4")
    made, source = planes(tmp_path / "x.mp4"), planes(cameras / "cam.mp4")
    assert len(made) == 50
    assert made[7 : 7 + 36] == source[12 : 12 + 36]  # groups begin at 12, 24 and 36
    assert result.copied_frames == 36


def test_only_what_is_touched_is_encoded(cameras: Path, tmp_path: Path) -> None:
    coloured = shot("cam.mp4", 24, 48, effects=(effect("exposure", exposure=0.5),))
    project = cut(
        video(
            shot("cam.mp4", 48),
            meet(TransitionKind.DISSOLVE, 6, 6),
            shot("cam.mp4", 36, 84),
            coloured,
        )
    )
    result = render(project, cameras, tmp_path / "x.mp4")
    made, source = planes(tmp_path / "x.mp4"), planes(cameras / "cam.mp4")
    assert made[:36] == source[:36]
    assert made[60:84] == source[96:120]
    assert result.copied_frames == 60


def test_open_groups_and_other_encoders_are_not_copied_wrongly(
    cameras: Path, tmp_path: Path
) -> None:
    project = cut(video(shot("open.mp4", 40, 4), shot("cam.mp4", 40, 4), shot("other.mp4", 40, 4)))
    render(project, cameras, tmp_path / "x.mp4")
    assert numbers(tmp_path / "x.mp4", 120) == [*range(4, 44)] * 3


def test_without_it_the_same_frames_are_encoded(cameras: Path, tmp_path: Path) -> None:
    project = cut(video(shot("cam.mp4", 40, 7)))
    result = render(project, cameras, tmp_path / "x.mp4", smart_render=False)
    assert result.copied_frames == 0
    assert numbers(tmp_path / "x.mp4", 40) == list(range(7, 47))


def test_burned_captions_and_other_sizes_stop_the_copy(cameras: Path, tmp_path: Path) -> None:
    words = captions(clip(CaptionMedia(text="Hello"), 40))
    project = cut(video(shot("cam.mp4", 40)), words)
    burned = render(project, cameras, tmp_path / "a.mp4")
    beside = render(project, cameras, tmp_path / "b.mp4", captions=Captions.SRT)
    smaller = render(project, cameras, tmp_path / "c.mp4", size=(160, 90))
    assert (burned.copied_frames, beside.copied_frames, smaller.copied_frames) == (0, 36, 0)


def test_a_caption_track_goes_along_with_copied_frames(cameras: Path, tmp_path: Path) -> None:
    words = captions(gap(5), clip(CaptionMedia(text="Hello"), 30))
    project = cut(video(shot("cam.mp4", 40)), words)
    out = tmp_path / "x.mp4"
    assert render(project, cameras, out, captions=Captions.TRACK).copied_frames == 36
    assert numbers(out, 40) == list(range(40))
    with av.open(str(out)) as container:
        (stream,) = container.streams.subtitles
        told = [
            (packet.pts, bytes(packet)) for packet in container.demux(stream) if packet.size > 2
        ]
        assert [(pts * clock_of(stream), text[2:]) for pts, text in told if pts is not None] == [
            (Fraction(5, 25), b"Hello")
        ]


def test_the_sound_stays_with_the_picture(cameras: Path, tmp_path: Path) -> None:
    project = cut(video(shot("cam.mp4", 100, 3)), audio(shot("tone.wav", 100)))
    render(project, cameras, tmp_path / "x.mp4")
    heard = AudioReader(tmp_path / "x.mp4").read(0, 4 * 48000)
    assert np.abs(heard - tone(4 * 48000, 48000))[4000:-4000].max() < 0.03


def test_a_range_of_a_smart_render(cameras: Path, tmp_path: Path) -> None:
    project = cut(video(shot("cam.mp4", 100)))
    result = render(project, cameras, tmp_path / "x.mp4", first=10, end=80)
    assert numbers(tmp_path / "x.mp4", 70) == list(range(10, 80))
    assert result.copied_frames == 60
    assert replace(result, seconds=0).frames == 70
