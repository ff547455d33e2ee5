"""Cards' encoders: a quality in their own words, the same values, and the processor after them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av.error
import numpy as np
import pytest
from av.codec.codec import Codec
from av.video.frame import VideoFrame

from studio.media.export.cards import card_format, card_options
from studio.media.export.film import FilmWriter
from studio.media.export.job import ExportJob
from studio.media.export.presets import PRESETS, VideoCoding
from studio.media.export.run import export
from studio.media.picture import RgbPicture
from studio.media.probe import probe
from tests.studio.media.cuts import audio, cut, shot, video

ENCODERS = sorted(
    {name for each in PRESETS.values() if each.video is not None for name in each.video.hardware}
)


def _known(name: str) -> Codec | None:
    try:
        return Codec(name, "w")
    except (av.error.FFmpegError, ValueError):
        return None


@pytest.mark.parametrize("name", ENCODERS)
def test_every_encoder_has_words_for_a_quality_and_takes_the_layout(name: str) -> None:
    assert card_options(name, 20)
    codec = _known(name)
    if codec is not None:  # it is in this build of libav, whether or not a card is here
        taken = {each.name for each in codec.video_formats or ()}
        assert {card_format("yuv420p"), card_format("yuv420p10le")} - taken <= {"p010le"}


def test_a_worse_quality_is_said_so_by_all() -> None:
    assert card_options("h264_nvenc", 18)["cq"] < card_options("h264_nvenc", 28)["cq"]
    best, worse = (
        int(card_options("hevc_videotoolbox", quality)["global_quality"]) for quality in (18, 28)
    )
    assert best > worse > 0
    assert card_options("libx264", 18) == {}


@pytest.mark.parametrize(("pixel_format", "depth"), [("yuv420p", 8), ("yuv420p10le", 10)])
def test_the_layout_of_a_card_holds_the_same_values(pixel_format: str, depth: int) -> None:
    gradient = np.linspace(0, 255, 64 * 32 * 3).astype(np.uint8).reshape(32, 64, 3)
    picture = RgbPicture(gradient)
    own, cards = picture.frame(pixel_format), picture.frame(card_format(pixel_format))
    assert cards.format.name == {8: "nv12", 10: "p010le"}[depth]
    back: VideoFrame = cards.reformat(format=pixel_format)
    one, two = (frame.to_ndarray().astype(int) for frame in (own, back))
    assert np.abs(one - two).max() <= 1


class FakeTiredCard(FilmWriter):
    """Encodes a few pictures as a graphics card, and then reports what a lost driver reports."""

    def write_picture(self, frame: VideoFrame, number: int) -> None:
        if self.encoder_name == CARD and number == 3:
            raise av.error.ExternalError(542398533, "Generic error in an external library")
        super().write_picture(frame, number)


CARD, PROCESSOR = "libx264", "mpeg4"


def _job(out: Path, monkeypatch: pytest.MonkeyPatch) -> ExportJob:
    """H.264 by something that opens as a card does; without it MPEG-4, so that they differ."""
    coding = VideoCoding((PROCESSOR,), "yuv420p", hardware=("h264_none", "h264_nvenc", CARD))
    monkeypatch.setitem(PRESETS, "h264", replace(PRESETS["h264"], video=coding))
    return ExportJob(sequence_id="s", out=out, preset="h264", hardware=True)


def test_a_card_that_is_not_there_is_passed_over_for_one_that_is(
    reel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = export(cut(video(shot("a.mp4", 8))), reel, _job(tmp_path / "x.mp4", monkeypatch))
    assert f"The graphics card encoded the pictures ({CARD})." in made.notes


def test_a_card_that_fails_on_the_way_is_followed_by_the_processor(
    reel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = cut(video(shot("a.mp4", 8)), audio(shot("tone.wav", 8)))
    job = _job(tmp_path / "x.mp4", monkeypatch)
    made = export(project, reel, job, writer_kind=FakeTiredCard)
    assert "No graphics card here could encode this; the processor did." in made.notes
    facts = probe(tmp_path / "x.mp4")
    assert facts.video is not None
    assert (facts.video.codec, facts.video.frame_count, len(facts.audio)) == ("mpeg4", 8, 1)
    assert list(tmp_path.iterdir()) == [tmp_path / "x.mp4"]
