"""Sticker files read back with other programs: frames, times, loops, edges and bytes."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from studio.media.errors import BadJob, Cancelled
from studio.media.stickers.clip import StickerClip
from studio.media.stickers.loops import Loop, looped
from studio.media.stickers.make import Sticker, Wish, make_sticker, save_sticker
from studio.media.stickers.palette import choose_palette, indices_of
from studio.media.stickers.platforms import (
    ANY,
    DISCORD,
    MOVING,
    SLACK,
    STILL,
    TELEGRAM,
    WHATSAPP,
    Target,
)
from studio.media.stickers.reading import read_clip
from studio.media.stickers.shaping import bled, fitted, resampled, resized
from studio.media.stickers.steps import Step, best_fit
from tests.studio.media.stickers import ORANGE, ball, balls, noise

EVERY_FORMAT = (".webp", ".png", ".gif", ".webm")
MOVING_TARGETS = [(target, target.suffixes[0]) for target in MOVING.values()]


def _saved(sticker: Sticker, folder: Path, suffix: str) -> Path:
    path = folder / f"sticker{suffix}"
    save_sticker(path, sticker)
    return path


def _frames(data: bytes) -> tuple[list[np.ndarray], list[float], int | None]:
    """Pictures, milliseconds each and the loop count, as Pillow sees a file."""
    pictures: list[np.ndarray] = []
    lengths: list[float] = []
    with Image.open(io.BytesIO(data)) as image:
        loop = image.info.get("loop")
        for place in range(getattr(image, "n_frames", 1)):
            image.seek(place)
            pictures.append(np.asarray(image.convert("RGBA")).copy())
            lengths.append(float(image.info.get("duration", 0)))
    return pictures, lengths, loop


@pytest.mark.parametrize("suffix", [".webp", ".png", ".gif"])
def test_a_picture_format_keeps_frames_times_alpha_and_loops_for_ever(suffix: str) -> None:
    clip = balls(8)
    sticker = make_sticker(clip, Wish(ANY, suffix))
    pictures, lengths, loop = _frames(sticker.data)
    assert loop == 0
    assert len(pictures) == 8
    assert sum(lengths) == 1000
    assert all(abs(length - 125) <= 5 for length in lengths)
    assert sticker.gave_up == ()
    for before, after in zip(clip.pictures, pictures, strict=True):
        assert after[0, 0, 3] == 0
        covered = before[..., 3] == 255
        assert np.array_equal(after[..., 3][covered], before[..., 3][covered])
        assert np.abs(after[covered].astype(int) - before[covered]).mean() < 3


@pytest.mark.parametrize("suffix", [".webp", ".png"])
def test_webp_and_png_lose_nothing_where_there_is_room(suffix: str) -> None:
    clip = balls(4)
    pictures, _, _ = _frames(make_sticker(clip, Wish(ANY, suffix)).data)
    for before, after in zip(clip.pictures, pictures, strict=True):
        seen = before[..., 3] > 0
        assert np.array_equal(after[..., 3], before[..., 3])
        assert np.array_equal(after[seen], before[seen])


def test_webm_is_vp9_with_alpha_that_browsers_look_for(tmp_path: Path) -> None:
    clip = balls(8)
    path = _saved(make_sticker(clip, Wish(ANY, ".webm")), tmp_path, ".webm")
    assert b"\x53\xc0\x81\x01" in path.read_bytes(), "the AlphaMode element, set to 1"
    with av.open(str(path)) as film:
        (stream,) = film.streams
        assert stream.codec_context.name == "vp9"
        assert film.duration == 1_000_000
    read = read_clip([path], 512)
    assert (len(read.pictures), read.duration) == (8, 1)
    for before, after in zip(clip.pictures, read.pictures, strict=True):
        assert np.abs(after[..., 3].astype(int) - before[..., 3]).mean() < 2
        solid = before[..., 3] == 255
        assert np.abs(after[solid].astype(int) - before[solid]).mean() < 5


@pytest.mark.parametrize(("target", "suffix"), MOVING_TARGETS)
def test_platforms_get_their_size_and_no_more_bytes_than_they_take(
    target: Target, suffix: str, tmp_path: Path
) -> None:
    clip = noise(5, side=100)
    sticker = make_sticker(clip, Wish(target, suffix))
    assert target.max_bytes is not None
    assert len(sticker.data) <= target.max_bytes
    assert max(sticker.clip.size) == target.side or target.may_shrink
    read = read_clip([_saved(sticker, tmp_path, suffix)], 1024)
    assert read.size == sticker.clip.size
    assert abs(read.duration - clip.duration) <= Fraction(1, 100)


def test_what_was_given_up_is_said_in_order() -> None:
    """Quality goes first, then frames, then size."""
    clip = noise(8, side=64)
    whole = len(make_sticker(clip, Wish(ANY, ".png")).data)
    fewer = make_sticker(clip, Wish(ANY, ".png", max_bytes=whole // 3))
    assert [words.split()[-1] for words in fewer.gave_up] == ["colours."]
    slower = make_sticker(clip, Wish(ANY, ".png", max_bytes=whole // 12))
    assert any("of its 8 frames" in words for words in slower.gave_up)
    assert slower.clip.size == (64, 64)
    smaller = make_sticker(clip, Wish(ANY, ".png", max_bytes=whole // 30))
    assert any("instead of 64 × 64" in words for words in smaller.gave_up)


def test_the_same_clip_gives_the_same_bytes() -> None:
    for suffix in EVERY_FORMAT:
        first, again = (
            make_sticker(noise(4, side=48), Wish(ANY, suffix, max_bytes=6000)) for _ in range(2)
        )
        assert first.data == again.data


def test_what_cannot_be_met_is_one_sentence() -> None:
    with pytest.raises(BadJob, match="cannot be made smaller than 200 bytes as WebP"):
        make_sticker(noise(4, side=64), Wish(ANY, ".webp", side=64, max_bytes=200))
    with pytest.raises(BadJob, match=r"Telegram takes \.webm, not \.gif"):
        make_sticker(balls(4), Wish(TELEGRAM, ".gif"))
    with pytest.raises(BadJob, match="Discord stickers are 320 px"):
        make_sticker(balls(4), Wish(DISCORD, ".png", side=100))
    with pytest.raises(BadJob, match="from 16 to 1024 px"):
        make_sticker(balls(4), Wish(ANY, ".png", side=5000))
    with pytest.raises(BadJob, match="at most 128 KB"):
        make_sticker(balls(4), Wish(SLACK, ".gif", max_bytes=10**6))


def test_cancelling_stops_before_the_next_attempt() -> None:
    with pytest.raises(Cancelled):
        make_sticker(balls(4), Wish(ANY, ".webp"), lambda: True)


def test_time_and_frame_limits_are_kept_and_told() -> None:
    slow = StickerClip.steady([ball(place, 40) for place in range(5)], Fraction(1))
    telegram = make_sticker(slow, Wish(TELEGRAM, ".webm"))
    assert telegram.clip.duration == 3
    assert telegram.gave_up[0] == "Only its first 3 s of 5.0 s."
    long = StickerClip.steady([ball(place, 40) for place in range(80)], Fraction(16))
    slack = make_sticker(long, Wish(SLACK, ".gif"))
    pictures, lengths, _ = _frames(slack.data)
    assert len(pictures) <= 50
    assert sum(lengths) == 5000
    quick = StickerClip.steady([ball(place, 40) for place in range(6)], Fraction(60))
    assert len(make_sticker(quick, Wish(TELEGRAM, ".webm")).clip.pictures) == 3
    flash = StickerClip.steady([ball(place, 40) for place in range(16)], Fraction(1000))
    assert min(make_sticker(flash, Wish(WHATSAPP, ".webp")).clip.seconds) >= Fraction(8, 1000)


def test_stills_have_their_own_limits(tmp_path: Path) -> None:
    still = StickerClip((noise(1, side=300).pictures[0],), (Fraction(1),))
    for name, target in STILL.items():
        for suffix in target.suffixes:
            sticker = make_sticker(still, Wish(target, suffix))
            assert len(sticker.data) <= (target.max_bytes or 0), (name, suffix)
            read = read_clip([_saved(sticker, tmp_path, suffix)], 1024)
            assert not read.moving


def test_gif_edges_keep_their_own_colour_unless_there_is_a_matte() -> None:
    clip = balls(2, side=96)
    bare, _, _ = _frames(make_sticker(clip, Wish(ANY, ".gif")).data)
    opaque = bare[0][bare[0][..., 3] > 0]
    assert np.abs(opaque[:, :3].astype(int) - ORANGE).max() < 8, "no dark or light rim"
    white, _, _ = _frames(make_sticker(clip, Wish(ANY, ".gif", matte=(255, 255, 255))).data)
    assert (white[0][..., 3] > 0).sum() > (bare[0][..., 3] > 0).sum()


@pytest.mark.parametrize("suffix", EVERY_FORMAT)
@pytest.mark.parametrize("paper", [0, 128, 255])
def test_edges_are_clean_on_black_grey_and_white(suffix: str, paper: int, tmp_path: Path) -> None:
    """Where an edge is half covered, what is seen is half ball and half paper, and no third
    colour; a GIF has no such pixels at all."""
    clip = fitted(balls(2, side=64), 256, square=False)
    (shown, *_) = read_clip(
        [_saved(make_sticker(clip, Wish(ANY, suffix)), tmp_path, suffix)], 512
    ).pictures
    alpha = shown[..., 3:].astype(np.float64) / 255
    seen = shown[..., :3] * alpha + paper * (1 - alpha)
    low, high = np.minimum(ORANGE, paper), np.maximum(ORANGE, paper)
    rim = (shown[..., 3] > 20) & (shown[..., 3] < 235)
    assert rim.any() == (suffix != ".gif")
    outside = np.maximum(low - seen, seen - high)[rim]
    assert outside.size == 0 or outside.max() < 14


def test_enlarging_keeps_the_colour_of_an_edge() -> None:
    large = resized(ball(0, 64), (256, 256))
    soft = (large[..., 3] > 30) & (large[..., 3] < 225)
    assert soft.any()
    assert np.abs(large[soft][:, :3].astype(int) - ORANGE).max() <= 6
    assert np.array_equal(large[large[..., 3] == 0], np.zeros_like(large[large[..., 3] == 0]))


def test_colour_is_spread_under_what_is_transparent_and_alpha_stays() -> None:
    picture = ball(0, 96)
    spread = bled(picture)
    assert np.array_equal(spread[..., 3], picture[..., 3])
    assert np.abs(spread[..., :3].astype(int) - ORANGE).max() <= 6


def test_a_loop_is_closed_by_bouncing_or_dissolving() -> None:
    clip = balls(8)
    bounced = looped(clip, Loop.BOUNCE)
    assert len(bounced.pictures) == 14
    assert np.array_equal(bounced.pictures[8], clip.pictures[6])
    assert np.array_equal(bounced.pictures[13], clip.pictures[1])
    ramp = StickerClip.steady(
        [np.full((4, 4, 4), (20 * place, 0, 0, 255), np.uint8) for place in range(8)], Fraction(8)
    )
    smooth = looped(ramp, Loop.SMOOTH)
    reds = [int(picture[0, 0, 0]) for picture in smooth.pictures]
    jumps = np.abs(np.diff([*reds, reds[0]]))
    assert len(reds) == 6
    assert jumps.max() < 140, "the seam of the clip as it is jumps by 140"
    assert smooth.duration == Fraction(6, 8)
    assert looped(clip, Loop.AS_IS) is clip
    for way in Loop:
        pair = StickerClip(clip.pictures[:2], clip.seconds[:2])
        assert len(looped(pair, way).pictures) == 2


@settings(max_examples=25, deadline=None)
@given(
    frames=st.integers(1, 6),
    width=st.integers(1, 40),
    height=st.integers(1, 40),
    rate=st.sampled_from([Fraction(8), Fraction(24000, 1001), Fraction(50), Fraction(1, 2)]),
    suffix=st.sampled_from([".webp", ".png", ".gif"]),
)
def test_any_shape_survives(
    frames: int, width: int, height: int, rate: Fraction, suffix: str
) -> None:
    random = np.random.default_rng(frames * 10_000 + width * 100 + height)
    pictures = random.integers(0, 256, (frames, height, width, 4), np.uint8)
    clip = StickerClip.steady(list(pictures), rate)
    read, lengths, _ = _frames(make_sticker(clip, Wish(ANY, suffix)).data)
    assert read[0].shape == (height, width, 4)
    assert len(read) == len(clip.joined().pictures)
    if frames > 1:
        assert abs(sum(lengths) - float(clip.duration * 1000)) <= 10


@given(st.lists(st.integers(1, 500), min_size=1, max_size=40), st.integers(0, 600))
def test_the_best_step_that_fits_is_found_whatever_the_sizes(sizes: list[int], limit: int) -> None:
    ordered = sorted(sizes, reverse=True)
    found = best_fit(
        lambda step: bytes(ordered[step.value]), [Step(n) for n in range(len(ordered))], limit
    )
    fitting = [place for place, size in enumerate(ordered) if size <= limit]
    assert (found.step.value if found else None) == (fitting[0] if fitting else None)


def test_stamps_never_drift(  # eight a second are 12.5 hundredths each
) -> None:
    stamps = balls(8, side=8).starts_in(Fraction(1, 100))
    assert stamps == [0, 12, 25, 38, 50, 62, 75, 88, 100]


def test_resampling_keeps_the_length_and_joining_loses_no_time() -> None:
    clip = balls(8)
    assert resampled(clip, 3).duration == clip.duration
    doubled = resampled(clip, 16)
    assert len(doubled.joined().pictures) == 8
    assert doubled.joined().seconds == clip.seconds


def test_a_palette_holds_few_colours_as_they_are() -> None:
    picture = np.zeros((2, 2, 4), np.uint8)
    picture[0] = (255, 0, 0, 255), (0, 255, 0, 255)
    picture[1] = (0, 0, 255, 128), (9, 9, 9, 0)
    palette = choose_palette([picture], 16)
    assert len(palette) == 4
    seen = palette[indices_of(picture, palette)]
    assert np.array_equal(seen[0], picture[0])
    assert tuple(seen[1, 1]) == (0, 0, 0, 0)


def test_files_that_make_no_sticker_are_refused_in_a_sentence(tmp_path: Path) -> None:
    for place, side in enumerate((20, 30)):
        Image.new("RGBA", (side, side)).save(tmp_path / f"{place}.png")
    with pytest.raises(BadJob, match="another size"):
        read_clip([tmp_path / "0.png", tmp_path / "1.png"], 64)
    film = _saved(make_sticker(balls(3), Wish(ANY, ".webm")), tmp_path, ".webm")
    with pytest.raises(BadJob, match="one film, or several pictures"):
        read_clip([tmp_path / "0.png", film], 64)
    long = StickerClip.steady([ball(place % 2, 8) for place in range(301)], Fraction(25))
    many = _saved(make_sticker(long, Wish(ANY, ".png")), tmp_path, ".png")
    with pytest.raises(BadJob, match="300 at most"):
        read_clip([many], 64)
    with pytest.raises(BadJob, match="301 pictures are given"):
        read_clip([tmp_path / "0.png"] * 301, 64)


def test_more_than_memory_should_hold_is_refused_at_the_first_picture(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    Image.new("RGBA", (2048, 1024)).save(path, compress_level=1)
    with pytest.raises(BadJob, match="of 1024 × 512 pixels a sticker is made from 256 at most"):
        read_clip([path] * 257, 1024)
    frames = [Image.new("RGBA", (2048, 1024), (level, 0, 0)) for level in range(65)]
    gif = tmp_path / "large.gif"
    frames[0].save(gif, save_all=True, append_images=frames[1:])
    with pytest.raises(BadJob, match=r"The 65 frames of large\.gif are too many for their size"):
        read_clip([gif], 2048)


def test_a_gif_shows_a_frame_no_longer_than_it_can() -> None:
    clip = StickerClip(balls(2).pictures, (Fraction(1000), Fraction(1, 2)))
    sticker = make_sticker(clip, Wish(ANY, ".gif"))
    with Image.open(io.BytesIO(sticker.data)) as image:
        assert image.info["duration"] == 655_350
