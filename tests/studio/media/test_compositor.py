"""A frame of a cut, by its pixels: layers, gaps, fits, transitions, opacity, nests, slates."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.document.model.clip import (
    AdjustmentMedia,
    BlendMode,
    CaptionMedia,
    ConstantSpeed,
    Fit,
    GeneratorKind,
    GeneratorMedia,
    SequenceMedia,
    TitleMedia,
    TransitionKind,
)
from studio.document.model.curve import Curve, Keyframe
from studio.document.model.generated import Failed, GeneratedMedia, Pending, Recipe
from studio.document.model.sequence import Sequence
from studio.document.model.title import TextBlock, Title
from studio.document.time import Rate, Time
from studio.media.compositor.placeholder import Glimpse
from studio.media.compositor.render import Scene, render_frame, render_picture, render_transparent
from studio.media.compositor.saturation import Saturation
from studio.media.errors import FootageMissing
from studio.media.picture import YuvPicture, planes_of
from tests.studio.media.cuts import (
    FPS,
    SIZE,
    asset,
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
from tests.studio.media.footage import number_of


def colour(rgb: str, duration: int = 20, **more: object):  # noqa: ANN201 - a clip
    media = GeneratorMedia(kind=GeneratorKind.COLOUR, params=(("colour", rgb),))
    return clip(media, duration, **more)


def frame(made: Scene, number: int, size: tuple[int, int] = SIZE) -> np.ndarray:
    return render_frame(made, "s", number, size)


def close(pixel: np.ndarray, rgb: tuple[int, int, int], tolerance: int = 3) -> bool:
    return bool(np.abs(pixel.astype(int) - rgb).max() <= tolerance)


def test_clips_follow_one_another_to_the_frame(reel: Path) -> None:
    made = scene(cut(video(shot("a.mp4", 10, 5), shot("b.mp4", 10, 20))), reel)
    assert [number_of(frame(made, n)) for n in (0, 9, 10, 19)] == [5, 14, 20, 29]


def test_a_gap_shows_the_background_and_the_end_too(reel: Path) -> None:
    made = scene(cut(video(gap(5), shot("a.mp4", 5)), background="#204060"), reel)
    assert close(frame(made, 2)[90, 160], (0x20, 0x40, 0x60))
    assert close(frame(made, 99)[90, 160], (0x20, 0x40, 0x60))
    assert number_of(frame(made, 5)) == 0


def test_an_untouched_clip_is_passed_through_bit_for_bit(reel: Path) -> None:
    hd = cut(video(shot("a.mp4", 10)))
    picture = render_picture(scene(hd, reel), "s", 3, SIZE)
    assert isinstance(picture, YuvPicture)


def test_the_upper_track_covers_the_lower(reel: Path) -> None:
    made = scene(cut(video(shot("a.mp4", 20)), video(colour("#00ff00", 10))), reel)
    assert close(frame(made, 0)[90, 160], (0, 255, 0))
    assert number_of(frame(made, 12)) == 12


def test_a_hidden_track_and_a_disabled_clip_show_nothing(reel: Path) -> None:
    hidden = video(colour("#00ff00"), hidden=True)
    off = video(colour("#0000ff", enabled=False))
    made = scene(cut(video(shot("a.mp4", 20)), hidden, off), reel)
    assert number_of(frame(made, 7)) == 7


def test_half_opacity_is_half_of_each() -> None:
    made = scene(cut(video(colour("#c80000")), video(colour("#0000c8", opacity=0.5))), Path())
    assert close(frame(made, 0)[90, 160], (100, 0, 100))


def test_opacity_follows_its_keyframes() -> None:
    curve = Curve(keyframes=(Keyframe(at=0, value=0.0), Keyframe(at=10, value=1.0)))
    made = scene(cut(video(colour("#ffffff", opacity=curve))), Path())
    assert [int(frame(made, n)[90, 160, 0]) for n in (0, 5, 10)] == pytest.approx(
        [0, 128, 255], abs=3
    )


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (BlendMode.NORMAL, (200, 100, 50)),
        (BlendMode.ADD, (255, 200, 150)),
        (BlendMode.MULTIPLY, (78, 39, 20)),
        (BlendMode.SCREEN, (222, 161, 130)),
        (BlendMode.DARKEN, (100, 100, 50)),
        (BlendMode.LIGHTEN, (200, 100, 100)),
        (BlendMode.DIFFERENCE, (100, 0, 50)),
    ],
)
def test_blend_modes(mode: BlendMode, expected: tuple[int, int, int]) -> None:
    below, above = colour("#646464"), colour("#c86432", blend=mode)
    assert close(frame(scene(cut(video(below), video(above)), Path()), 0)[90, 160], expected)


@pytest.mark.parametrize(
    ("fit", "corner", "edge"),
    [
        (Fit.FIT, (0, 0, 0), (0, 0, 0)),
        (Fit.FILL, None, None),
        (Fit.STRETCH, None, None),
        (Fit.ORIGINAL, (0, 0, 0), (0, 0, 0)),
    ],
)
def test_fits(reel: Path, fit: Fit, corner: tuple | None, edge: tuple | None) -> None:
    tall = cut(video(shot("a.mp4", 5, fit=fit)), width=180, height=320)
    picture = frame(scene(tall, reel), 1, (180, 320))
    for pixel, wanted in ((picture[2, 2], corner), (picture[-2, 90], edge)):
        assert close(pixel, (0, 0, 0)) is (wanted is not None)


def test_a_dissolve_mixes_both_and_ends_on_each(reel: Path) -> None:
    made = scene(
        cut(video(colour("#c80000", 10), meet(TransitionKind.DISSOLVE), colour("#0000c8", 10))),
        Path(),
    )
    assert close(frame(made, 4)[90, 160], (200, 0, 0))
    assert close(frame(made, 5)[90, 160], (190, 0, 10))
    assert close(frame(made, 10)[90, 160], (90, 0, 110))
    assert close(frame(made, 15)[90, 160], (0, 0, 200))


@pytest.mark.parametrize("kind", [k for k in TransitionKind if k is not TransitionKind.CROSSFADE])
def test_every_transition_begins_with_one_side_and_ends_with_the_other(
    reel: Path, kind: TransitionKind
) -> None:
    around = video(shot("a.mp4", 20, 10), meet(kind, 10, 10), shot("b.mp4", 20, 10))
    made = scene(cut(around), reel)
    early = np.abs(
        frame(made, 10).astype(int) - frame(scene(cut(video(shot("a.mp4", 20, 10))), reel), 10)
    )
    late = np.abs(
        frame(made, 29).astype(int) - frame(scene(cut(video(shot("b.mp4", 40))), reel), 19)
    )
    middle = frame(made, 19)
    assert np.median(early) <= 14
    assert np.median(late) <= 14
    assert not np.array_equal(middle, frame(made, 10))


def test_a_wipe_has_one_side_left_and_the_other_right() -> None:
    wipe = meet(TransitionKind.WIPE, 10, 10)
    made = scene(cut(video(colour("#c80000"), wipe, colour("#0000c8"))), Path())
    picture = frame(made, 20)
    assert close(picture[90, 20], (0, 0, 200))
    assert close(picture[90, 300], (200, 0, 0))


def test_a_fade_from_nothing(reel: Path) -> None:
    made = scene(cut(video(meet(TransitionKind.DISSOLVE, 0, 10), colour("#ffffff", 20))), Path())
    assert [int(frame(made, n)[90, 160, 0]) for n in (0, 5, 12)] == pytest.approx(
        [13, 140, 255], abs=3
    )


def test_moves_scales_and_turns_land_where_they_should() -> None:
    small = colour(
        "#ffffff", effects=(effect("transform", scale_x=0.25, scale_y=0.25, x=0.75, y=0.25),)
    )
    picture = frame(scene(cut(video(small)), Path()), 0)
    rows, columns = np.nonzero(picture[..., 0] > 128)
    assert (columns.min(), columns.max() + 1) == (200, 280)
    assert rows.min() == pytest.approx(22.5, abs=0.6)
    turned = colour(
        "#ffffff", effects=(effect("transform", scale_x=0.5, scale_y=0.1, rotation=90.0),)
    )
    rows, columns = np.nonzero(frame(scene(cut(video(turned)), Path()), 0)[..., 0] > 128)
    assert rows.max() - rows.min() > 100
    assert columns.max() - columns.min() < 25


def test_an_adjustment_changes_everything_beneath_and_nothing_above(reel: Path) -> None:
    adjust = clip(AdjustmentMedia(), 10, effects=(effect("exposure", saturation=0.0),))
    made = scene(cut(video(colour("#c80000")), video(adjust)), Path())
    grey, red = frame(made, 5)[90, 160], frame(made, 15)[90, 160]
    assert np.ptp(grey.astype(int)) <= 3
    assert close(red, (200, 0, 0))


def test_a_nested_sequence_is_seen_whole(reel: Path) -> None:
    inner = replace(cut(video(shot("a.mp4", 30))).sequences[0], id="inner")
    outer = cut(video(clip(SequenceMedia(sequence_id="inner"), 20, source_start=Time(4, FPS))))
    project = replace(outer, sequences=(*outer.sequences, inner), assets=(asset("a.mp4"),))
    made = scene(project, reel)
    assert [number_of(frame(made, n)) for n in (0, 10)] == [4, 14]


def test_transparency_of_a_nest_lets_the_lower_track_through() -> None:
    title = Title(blocks=(TextBlock(text="HELLO"),))
    inner = Sequence(
        id="inner",
        name="",
        rate=FPS,
        width=320,
        height=180,
        tracks=(video(clip(TitleMedia(title=title), 20)),),
    )
    outer = cut(video(colour("#c80000")), video(clip(SequenceMedia(sequence_id="inner"), 20)))
    made = scene(replace(outer, sequences=(*outer.sequences, inner)), Path())
    picture = frame(made, 0)
    assert close(picture[5, 5], (200, 0, 0))
    assert (picture.min(axis=2) > 200).any()


@pytest.mark.parametrize(
    ("speed", "expected"),
    [
        (Fraction(2), [10, 12, 14]),
        (Fraction(1, 2), [10, 10, 11]),
        (Fraction(0), [10, 10, 10]),
        (Fraction(-1), [9, 8, 7]),
    ],
)
def test_speed_reverse_and_freeze(reel: Path, speed: Fraction, expected: list[int]) -> None:
    made = scene(cut(video(shot("a.mp4", 8, 10, speed=ConstantSpeed(speed)))), reel)
    assert [number_of(frame(made, n)) for n in (0, 1, 2)] == expected


def test_captions_are_drawn_unless_left_out() -> None:
    project = cut(video(colour("#204060")), captions(clip(CaptionMedia(text="Good evening"), 20)))
    with_text = frame(scene(project, Path()), 0)
    without = frame(scene(project, Path(), captions=False), 0)
    assert not np.array_equal(with_text, without)
    assert np.array_equal(with_text[:100], without[:100])


def _generated(*jobs: object) -> GeneratedMedia:
    return GeneratedMedia(recipe=Recipe(text="{}", prompt="A fox in the snow"), jobs=jobs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "jobs", [(), (Pending(job_id="j"),), (Failed(job_id="j", reason="No room"),)]
)
def test_a_clip_that_is_not_there_yet_shows_a_slate(jobs: tuple) -> None:
    made = scene(cut(video(clip(_generated(*jobs), 20))), Path())
    assert frame(made, 3).std() > 3


def test_progress_moves_the_bar_and_a_preview_shows_through() -> None:
    project = cut(video(clip(_generated(Pending(job_id="j")), 20)))
    seen = [
        frame(Scene(project, scene(project, Path()).footage, {"j": glimpse}), 0)
        for glimpse in (
            Glimpse(0.1),
            Glimpse(0.9),
            Glimpse(0.9, "Denoising", np.full((9, 16, 3), 200, np.uint8)),
        )
    ]
    assert not np.array_equal(seen[0], seen[1])
    assert seen[2].mean() > seen[1].mean() + 20


def test_missing_footage_shows_a_slate_in_the_viewer_and_stops_an_export(tmp_path: Path) -> None:
    project = cut(video(shot("gone.mp4", 10)))
    assert frame(scene(project, tmp_path), 0).std() > 3
    with pytest.raises(FootageMissing, match=r"gone\.mp4 is missing"):
        frame(scene(project, tmp_path, forgiving=False), 0)


def test_transparent_rendering_keeps_alpha() -> None:
    half = colour("#ff0000", opacity=0.5, effects=(effect("crop", left=0.5),))
    picture = render_transparent(scene(cut(video(half)), Path()), "s", 0, SIZE)
    assert picture.pixels[90, 10, 3] == 0
    assert picture.pixels[90, 300, 3] in (127, 128)
    assert close(picture.straight()[90, 300, :3], (255, 0, 0))


def test_a_smaller_view_is_the_same_picture(reel: Path) -> None:
    made = scene(cut(video(shot("a.mp4", 10)), video(colour("#00ff00", opacity=0.3))), reel)
    large, small = frame(made, 2, (640, 360)), frame(made, 2, (160, 90))
    shrunk = large.reshape(90, 4, 160, 4, 3).mean(axis=(1, 3))
    assert np.abs(shrunk - small).mean() < 4


def test_any_rate_of_a_nest_is_taken_at_its_own_time() -> None:
    inner = Sequence(
        id="inner",
        name="",
        rate=Rate(50),
        width=320,
        height=180,
        tracks=(video(colour("#c80000", 10), colour("#0000c8", 10)),),
    )
    outer = cut(video(clip(SequenceMedia(sequence_id="inner"), 10)))
    made = scene(replace(outer, sequences=(*outer.sequences, inner)), Path())
    assert close(frame(made, 4)[90, 160], (200, 0, 0))
    assert close(frame(made, 5)[90, 160], (0, 0, 200))


def test_a_sticker_made_larger_has_no_dark_rim(tmp_path: Path) -> None:
    """What hides under transparent pixels, black here, must not seep into the edge."""
    pixels = np.zeros((32, 32, 4), np.uint8)
    pixels[8:24, 8:24] = (240, 140, 40, 255)
    pixels[8:24, 7] = pixels[8:24, 24] = (240, 140, 40, 128)
    Image.fromarray(pixels, "RGBA").save(tmp_path / "sticker.png")
    white = clip(GeneratorMedia(kind=GeneratorKind.COLOUR, params=(("colour", "#ffffff"),)), 1)
    project = cut(video(white), video(shot("sticker.png", 1)))
    picture = render_frame(scene(project, tmp_path), "s", 0, SIZE).astype(int)
    darkest = np.array([240, 140, 40]) - 6
    assert (picture >= darkest).all()
    assert (abs(picture[SIZE[1] // 2, SIZE[0] // 2] - (240, 140, 40)) < 6).all()


@pytest.mark.parametrize("amount", [0.0, 0.4, 1.3])
def test_saturation_leaves_coded_luma_alone_and_is_what_rgb_would_give(
    reel: Path, amount: float
) -> None:
    saturated = effect("exposure", saturation=amount)
    plain, coded = (
        render_picture(scene(cut(video(shot("a.mp4", 10, effects=effects))), reel), "s", 3, SIZE)
        for effects in ((), (saturated,))
    )
    assert isinstance(plain, YuvPicture)
    assert isinstance(coded, YuvPicture)
    before, after = planes_of(plain.i420()), planes_of(coded.i420())
    assert np.array_equal(before[0], after[0])
    assert np.ptp(after[1]) > 0 if amount else set(after[1].flat) == {128}
    in_rgb = Saturation(amount)(plain.rgb()).astype(int)
    assert np.abs(in_rgb - coded.rgb()).mean() <= 1


def test_saturation_beside_another_colour_effect_is_done_in_rgb(reel: Path) -> None:
    both = (effect("exposure", saturation=0.5), effect("white_balance", temperature=4000.0))
    made = scene(cut(video(shot("a.mp4", 10, effects=both))), reel)
    assert not isinstance(render_picture(made, "s", 3, SIZE), YuvPicture)
