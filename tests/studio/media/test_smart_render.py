"""Smart render: what is untouched is copied to the byte, the rest encoded, and nothing moves."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from threading import enumerate as enumerate_threads

import av
import numpy as np
import pytest

from studio.document.model.clip import CaptionMedia, TransitionKind
from studio.document.model.project import Project
from studio.media.decode.audio import AudioReader
from studio.media.decode.video import VideoReader
from studio.media.errors import Cancelled, MediaError
from studio.media.export.job import Captions, ExportJob, Progress, Result
from studio.media.export.plan import plan_export
from studio.media.export.run import export
from studio.media.export.smart.cutlist import Encode, make_cut_list
from studio.media.export.smart.write import SHORT
from studio.media.footage import Footage
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


def stored_before(path: Path, key: int, end: int) -> int:
    """How many frames from a key frame on are stored before any that is shown from `end` on.

    Tried one by one from the stamps in the file: a beginning counts if it has no hole.
    """
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stamps = [packet.pts for packet in container.demux(stream) if packet.pts is not None]
    shown = sorted(stamps)
    stored = [shown.index(stamp) for stamp in stamps]
    after = stored[stored.index(key) :]
    counts = [n for n in range(end - key + 1) if set(after[:n]) == set(range(key, key + n))]
    return max(counts)


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
    count = 36 + stored_before(cameras / "cam.mp4", 48, 55)  # groups begin at 12, 24, 36 and 48
    assert len(made) == 50
    assert made[7 : 7 + count] == source[12 : 12 + count]
    assert result.copied_frames == count


@pytest.mark.parametrize("end", range(49, 61))
def test_a_group_is_copied_as_far_as_nothing_in_it_waits_for_later_pictures(
    cameras: Path, tmp_path: Path, end: int
) -> None:
    result = render(cut(video(shot("cam.mp4", end - 30, 30))), cameras, tmp_path / "x.mp4")
    made, source = planes(tmp_path / "x.mp4"), planes(cameras / "cam.mp4")
    count = 12 + stored_before(cameras / "cam.mp4", 48, end)
    assert made[6 : 6 + count] == source[36 : 36 + count]
    assert result.copied_frames == count
    assert count >= end - 36 - 3  # two B frames wait for a later one, and that one
    assert numbers(tmp_path / "x.mp4", end - 30) == list(range(30, end))


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
    before = 36 + stored_before(cameras / "cam.mp4", 36, 42)
    assert made[:before] == source[:before]
    assert made[60:84] == source[96:120]
    assert result.copied_frames == before + 24


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
    untouched = 36 + stored_before(cameras / "cam.mp4", 36, 40)
    assert (burned.copied_frames, beside.copied_frames, smaller.copied_frames) == (0, untouched, 0)


def test_a_caption_track_goes_along_with_copied_frames(cameras: Path, tmp_path: Path) -> None:
    words = captions(gap(5), clip(CaptionMedia(text="Hello"), 30))
    project = cut(video(shot("cam.mp4", 40)), words)
    out = tmp_path / "x.mp4"
    assert render(project, cameras, out, captions=Captions.TRACK).copied_frames >= 36
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
    assert result.copied_frames == 60 + stored_before(cameras / "cam.mp4", 72, 80)
    assert replace(result, seconds=0).frames == 70


def many_cuts() -> Project:
    """Short pieces to encode between copied ones, and one long piece."""
    long = shot("cam.mp4", 48, 48, effects=(effect("exposure", exposure=0.3),))
    items = [shot("cam.mp4", 31, start) for start in (5, 17, 41, 3, 29)]
    return cut(video(*items, long, replace(long, id="again"), replace(long, id="third"), *items))


def test_encoding_ahead_changes_nothing_from_run_to_run(cameras: Path, tmp_path: Path) -> None:
    wanted = [s + k for s in (5, 17, 41, 3, 29) for k in range(31)]
    for name in ("a.mp4", "b.mp4"):
        render(many_cuts(), cameras, tmp_path / name, credentials=False)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    assert numbers(tmp_path / "a.mp4", 155 + 144 + 155)[:155] == wanted
    assert numbers(tmp_path / "a.mp4", 155 + 144 + 155)[-155:] == wanted


def test_a_cancel_ends_what_is_encoded_ahead(cameras: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    job = ExportJob(sequence_id="s", out=tmp_path / "x.mp4", preset="h264")
    with pytest.raises(Cancelled):
        export(many_cuts(), cameras, job, told.append, lambda: bool(told))
    assert not [each for each in enumerate_threads() if each.name.startswith("encode-piece")]
    assert list(tmp_path.iterdir()) == []


def test_a_piece_that_cannot_be_read_ends_the_export_in_a_sentence(
    cameras: Path, tmp_path: Path
) -> None:
    broken = cameras / "broken.mp4"
    broken.write_bytes(b"no film at all" * 100)
    project = cut(video(shot("cam.mp4", 40), shot("broken.mp4", 10), shot("cam.mp4", 40)))
    with pytest.raises(MediaError, match=r"broken\.mp4"):
        render(project, cameras, tmp_path / "x.mp4")
    assert list(tmp_path.iterdir()) == []


def test_short_and_long_pieces_and_copies_are_told_apart_in_one_file(
    cameras: Path, tmp_path: Path
) -> None:
    """Short ones are encoded more quickly and more finely, with parameter sets of their own."""
    darker = (effect("exposure", exposure=-0.1),)
    project = cut(
        video(
            shot("cam.mp4", 50, 5),
            shot("cam.mp4", 80, effects=darker),
            shot("cam.mp4", 60, effects=darker),
            shot("cam.mp4", 50, 9),
        )
    )
    result = render(project, cameras, tmp_path / "x.mp4", video_options=())
    wanted = [*range(5, 55), *range(80), *range(60), *range(9, 59)]
    assert numbers(tmp_path / "x.mp4", len(wanted)) == wanted
    assert 70 < result.copied_frames < 100
    assert max(each.count for each in _encodes(project, cameras, tmp_path)) > SHORT
    assert _nearness(project, cameras, tmp_path) > 0


def _encodes(project: Project, folder: Path, out: Path) -> list[Encode]:
    job = ExportJob(sequence_id="s", out=out / "y.mp4", preset="h264")
    with closing(Footage(folder)) as footage:
        cuts = make_cut_list(plan_export(project, footage, job), footage)
    assert cuts is not None
    return [piece for piece in cuts.pieces if isinstance(piece, Encode)]


def _nearness(project: Project, folder: Path, out: Path) -> float:
    """By how many decibels the short pieces are nearer to the source than in a whole render."""
    render(project, folder, out / "whole.mp4", smart_render=False, video_options=())
    source = planes(folder / "cam.mp4")
    errors = []
    for name in ("x.mp4", "whole.mp4"):
        made = planes(out / name)
        pairs = zip(made[:7], source[5:12], strict=True)
        apart = [
            np.frombuffer(a, np.uint8).astype(float) - np.frombuffer(b, np.uint8) for a, b in pairs
        ]
        errors.append(float(np.mean(np.square(apart))))
    return 10 * float(np.log10(errors[1] / errors[0]))


def _values(picture: bytes) -> np.ndarray:
    return np.frombuffer(picture, np.uint8).astype(float)
