"""Cards' encoders are told a quality in their own words, and take pictures with the same values."""

from __future__ import annotations

import av.error
import numpy as np
import pytest
from av.codec.codec import Codec
from av.video.frame import VideoFrame

from studio.media.export.cards import card_format, card_options
from studio.media.export.presets import PRESETS
from studio.media.picture import RgbPicture

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
