"""What is done to frames: only where it may be, and what was behind comes back."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.models.animatic.film import Art
from engine.models.animatic.movements import Pose
from engine.models.opticals.backdrop import Seen, backdrop_of
from engine.models.opticals.changes import cut_out, in_front_of, looked, with_cut_out, without
from engine.models.opticals.colours import TONES, dyed, lightness
from engine.models.opticals.falling import fall
from engine.models.opticals.looks import styled, weathered
from engine.models.opticals.standing import beside, boxes, in_place_of, seen_from
from engine.planning.edit_words import OPTICAL_STYLES, STYLES, WEATHERS
from tests.engine.models.opticals.scenery import BLOCK, LEFT, SIZE, TOP, film, seen

_MATTE = np.zeros((SIZE[1], SIZE[0]), np.float32)
_MATTE[80:140, 120:200] = 1.0
_RED_SQUARE = np.zeros((64, 64, 4), np.uint8)
_RED_SQUARE[8:56, 8:56] = (255, 0, 0, 255)


def _shift(pixels: float) -> np.ndarray:
    return np.array([[1.0, 0.0, pixels], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])


def _levels(picture: object) -> NDArray[np.float32]:
    return np.asarray(picture, np.float32) / np.float32(255)


def test_what_was_behind_a_subject_comes_back_as_other_frames_show_it() -> None:
    frames, mattes = film(9, pan=2, step=20)
    told = [
        Seen(frame, matte.astype(np.float32) / 255, _shift(2.0 * index))
        for index, (frame, matte) in enumerate(zip(frames, mattes, strict=True))
    ]
    backdrop = backdrop_of(told)
    for index in (0, 4, 8):
        back = without(frames[index], told[index].matte, backdrop.behind(told[index].matrix, SIZE))
        assert np.abs(back.astype(int) - seen(2 * index)).mean() < 2.0
        assert np.abs(back.astype(int) - seen(2 * index)).max() < 60
        far = mattes[index] == 0
        far[60:200, 20:320] = False
        assert (back[far] == frames[index][far]).all()


def test_what_the_matte_missed_and_the_shadow_go_with_the_subject() -> None:
    frames, mattes = film(9, pan=0, step=20)
    for index in range(9):  # an arm, and a shadow beneath, of which no matte knows
        left = LEFT + 20 * index
        frames[index, TOP + 20 : TOP + 30, left + BLOCK : left + BLOCK + 14] = (220, 30, 30)
        frames[index, TOP + BLOCK : TOP + BLOCK + 8, left : left + BLOCK] //= 3
    still = np.eye(3)
    backdrop = backdrop_of(
        [
            Seen(frame, matte.astype(np.float32) / 255, still)
            for frame, matte in zip(frames, mattes, strict=True)
        ]
    )
    back = without(frames[4], mattes[4].astype(np.float32) / 255, backdrop.behind(still, SIZE))
    assert np.abs(back.astype(int) - seen(0))[TOP - 10 : TOP + 80, 60:300].mean() < 4.0


@pytest.mark.parametrize("share", [1.0, 0.4])
def test_a_look_stays_within_its_matte(share: float) -> None:
    picture = seen(0)
    out = looked(picture, _MATTE, lambda levels: 1 - levels, share)
    assert (out[_MATTE == 0] == picture[_MATTE == 0]).all()
    inside = picture[100, 160].astype(float)
    assert np.abs(out[100, 160] - (inside + (255 - 2 * inside) * share)).max() <= 1


def test_a_subject_stands_in_front_of_another_place_or_of_nothing() -> None:
    picture, beach = seen(0), np.full((SIZE[1], SIZE[0], 3), 200, np.uint8)
    moved = in_front_of(picture, _MATTE, beach)
    assert (moved[_MATTE == 0] == 200).all()
    assert np.abs(moved[90:130, 130:190].astype(int) - picture[90:130, 130:190]).max() <= 3
    alone = cut_out(picture, _MATTE)
    assert (alone[..., 3] == _MATTE * 255).all()
    assert (alone[_MATTE == 0] == 0).all()


@pytest.mark.parametrize("colour", list(TONES))
def test_what_is_dyed_has_the_colour_whatever_lightness_it_had(colour: str) -> None:
    for level in (0.25, 0.5, 0.7):
        grey = np.full((4, 4, 3), level, np.float32)
        assert np.allclose(dyed(grey, TONES[colour], level), TONES[colour], atol=0.02)
    ramp = np.repeat(np.linspace(0.05, 0.95, 9, dtype=np.float32)[None, :, None], 3, axis=2)
    assert (np.diff(lightness(dyed(ramp, TONES[colour]))[0]) >= 0).all()


@pytest.mark.parametrize("style", [*STYLES, *OPTICAL_STYLES])
def test_a_style_is_the_same_at_every_size(style: str) -> None:
    large = _levels(cv2.GaussianBlur(cv2.resize(seen(0), (1024, 576)), (0, 0), 4))
    small = np.asarray(cv2.resize(large, (512, 288), interpolation=cv2.INTER_AREA), np.float32)
    changed = styled(small, style, 0.5)
    assert changed.shape == small.shape
    assert changed.dtype == np.float32
    assert changed.min() >= 0
    assert changed.max() <= 1
    assert np.abs(changed - small).mean() > 0.004
    shrunk = cv2.resize(styled(large, style, 0.5), (512, 288), interpolation=cv2.INTER_AREA)
    assert np.abs(shrunk - changed).mean() < 0.06


@pytest.mark.parametrize("weather", [*WEATHERS, "day"])
def test_a_weather_changes_the_picture_and_a_seed_gives_the_same(weather: str) -> None:
    picture = _levels(seen(0))
    changed = weathered(picture, weather, 0.5, 3)
    assert changed.dtype == np.float32
    assert np.abs(changed - picture).mean() > 0.02
    assert np.array_equal(changed, weathered(picture, weather, 0.5, 3))


@pytest.mark.parametrize("weather", ["snow", "rain"])
def test_drops_fall(weather: str) -> None:
    black = np.zeros((144, 256, 3), np.float32)
    now, soon, other = (fall(black, weather, at, seed) for at, seed in ((1, 1), (1.02, 1), (1, 2)))
    shifts = [np.abs(np.roll(now, rows, axis=0) - soon).sum() for rows in range(-6, 7)]
    assert int(np.argmin(shifts)) - 6 > 0
    assert not np.array_equal(now, other)


def test_a_drawn_thing_takes_the_place_of_a_subject_on_its_foot() -> None:
    _, mattes = film(5, pan=0, step=4)
    found = boxes(mattes)
    art = Art.of(_RED_SQUARE, is_cropped=False)
    pose = in_place_of(found[2], art, SIZE[0] / SIZE[1])
    picture = np.full((SIZE[1], SIZE[0], 3), 60, np.uint8)
    out = with_cut_out(picture, art, pose, has_floor=False)
    rows, columns = np.nonzero(out[..., 0] > 150)
    assert abs(rows.max() - (TOP + BLOCK)) <= 3
    assert abs(columns.mean() - (LEFT + 8 + BLOCK / 2)) <= 3
    assert (out[: TOP - 20] == 60).all()


def test_a_thing_that_is_added_stays_where_it_is_while_the_camera_moves() -> None:
    art = Art.of(_RED_SQUARE, is_cropped=False)
    for side, where in (("left", 0.2), ("right", 0.8)):
        pose = beside(side, [], art, 0)
        assert pose.x == where
        later = seen_from(pose, _shift(12.0), *SIZE)
        assert later.x == pytest.approx(where - 12 / SIZE[0])
        assert later.size == pytest.approx(pose.size)
    zoomed = seen_from(Pose(0.5, 0.5, 0.3), np.diag([0.5, 0.5, 1.0]), *SIZE)
    assert zoomed.size == pytest.approx(0.6)


def test_a_frame_in_which_the_subject_is_unseen_has_the_box_of_the_nearest() -> None:
    _, mattes = film(6, pan=0, step=0)
    mattes[2:4] = 0
    assert len({(round(box.x, 6), round(box.foot, 6)) for box in boxes(mattes)}) == 1
