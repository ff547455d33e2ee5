"""Effects by their pixels: each does what its name says, and nothing when it is neutral."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.document.catalogue import EFFECTS, Target
from studio.document.model.asset import Asset, AssetKind
from studio.document.model.clip import GeneratorKind, GeneratorMedia
from studio.document.model.curve import Curve, Keyframe
from studio.document.model.effect import Effect
from studio.media.compositor.effects.apply import STEPS
from studio.media.compositor.effects.colour import curve_table, light_of
from studio.media.compositor.render import render_frame, render_transparent
from studio.media.lut import write_cube
from tests.studio.media.cuts import SIZE, clip, cut, effect, scene, video


def shown(
    *effects: Effect,
    colour: str = "#646464",
    assets: tuple = (),
    folder: Path = Path(),
    frame: int = 0,
) -> np.ndarray:
    media = GeneratorMedia(kind=GeneratorKind.COLOUR, params=(("colour", colour),))
    project = cut(video(clip(media, 20, effects=effects)), assets=assets)
    return render_transparent(scene(project, folder), "s", frame, SIZE).pixels


def pixel(*effects: Effect, colour: str = "#646464", **more: object) -> list[int]:
    return shown(*effects, colour=colour, **more)[90, 160, :3].astype(int).tolist()  # type: ignore[arg-type]


def gradient(*effects: Effect) -> np.ndarray:
    media = GeneratorMedia(
        kind=GeneratorKind.GRADIENT, params=(("angle", 0.0), ("from", "#000000"), ("to", "#ffffff"))
    )
    return render_frame(scene(cut(video(clip(media, 5, effects=effects))), Path()), "s", 0, SIZE)


def test_every_picture_effect_of_the_catalogue_is_carried_out() -> None:
    wanted = {kind for kind, entry in EFFECTS.items() if entry.target is Target.PICTURE}
    assert wanted == set(STEPS)


@pytest.mark.parametrize(
    "kind",
    [
        "transform",
        "crop",
        "exposure",
        "white_balance",
        "lift_gamma_gain",
        "curves",
        "lut",
        "stabilise",
    ],
)
def test_at_its_defaults_it_changes_nothing(kind: str) -> None:
    assert np.array_equal(shown(effect(kind)), shown())


def test_a_stop_more_is_twice_the_light() -> None:
    twice = pixel(effect("exposure", exposure=1.0))
    assert twice[0] == pytest.approx(((100 / 255) ** 2.2 * 2) ** (1 / 2.2) * 255, abs=2)
    assert pixel(effect("exposure", exposure=-6.0))[0] < 20


def test_contrast_turns_about_its_pivot() -> None:
    pivot = effect("exposure", contrast=2.0, pivot=100 / 255)
    assert pixel(pivot) == pytest.approx([100, 100, 100], abs=1)
    assert pixel(pivot, colour="#c8c8c8")[0] == 255


def test_saturation_and_vibrance() -> None:
    grey = pixel(effect("exposure", saturation=0.0), colour="#c83214")
    assert max(grey) - min(grey) <= 1
    more = pixel(effect("exposure", vibrance=1.0), colour="#78706c")
    assert more[0] - more[2] > 12


def test_white_balance_cools_what_was_shot_warm() -> None:
    cooled = pixel(effect("white_balance", temperature=3200.0))
    assert cooled[2] > 100 > cooled[0]
    assert light_of(2000)[2] < light_of(6500)[2] < light_of(12000)[2]


def test_lift_gamma_gain() -> None:
    assert pixel(effect("lift_gamma_gain", lift=0.2), colour="#000000") == [51, 51, 51]
    assert pixel(effect("lift_gamma_gain", gain_r=2.0))[0] == 200
    assert pixel(effect("lift_gamma_gain", gamma=2.0))[1] == pytest.approx(160, abs=1)


def test_curves_go_through_their_points_and_never_overshoot() -> None:
    bent = effect("curves", master="0,0 0.392,0.6 1,1", blue="0,1 1,0")
    assert pixel(bent)[0] == pytest.approx(153, abs=2)
    table = curve_table("0,0 0.4,0.9 0.5,0.9 1,1")
    assert (np.diff(table) >= -1e-12).all()
    assert table.max() <= 1


def test_a_cube_file_is_looked_up_and_mixed(tmp_path: Path) -> None:
    axis = np.linspace(0, 1, 17)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    write_cube(tmp_path / "negative.cube", 1 - np.stack([red, green, blue], -1), "negative")
    look = Asset(id="lut", name="negative", kind=AssetKind.LUT, path="negative.cube")
    whole = effect("lut", lut="lut")
    half = effect("lut", lut="lut", strength=0.5)
    assert pixel(whole, assets=(look,), folder=tmp_path) == pytest.approx([155] * 3, abs=2)
    assert pixel(half, assets=(look,), folder=tmp_path) == pytest.approx([128] * 3, abs=2)


def test_blur_and_sharpen() -> None:
    edge = effect("mask_rectangle", x=0.25, width=0.5, height=2.0)
    hard, soft = shown(edge)[90, :, 3], shown(edge, effect("blur", radius=0.1))[90, :, 3]
    assert np.count_nonzero((hard > 20) & (hard < 235)) <= 3
    assert np.count_nonzero((soft > 20) & (soft < 235)) > 12
    assert (
        np.abs(np.diff(gradient(effect("sharpen", amount=2.0))[90, 10:-10, 0].astype(int))).max()
        <= 3
    )


def test_a_blur_keeps_the_edge_of_the_frame() -> None:
    blurred = shown(effect("blur", radius=0.2))
    assert (blurred[..., 3] == 255).all()
    assert np.abs(blurred[..., :3].astype(int) - 100).max() <= 1


def test_a_vignette_darkens_corners_alone() -> None:
    dark = shown(effect("vignette", amount=1.0))
    assert dark[0, 0, 0] < 40
    assert dark[90, 160, 0] == 100
    assert shown(effect("vignette", amount=-1.0))[0, 0, 0] > 200


def test_a_key_takes_its_colour_out_and_leaves_the_rest() -> None:
    key = effect("chroma_key", colour="#00ff00")
    assert shown(key, colour="#00e000")[90, 160, 3] < 40
    assert shown(key, colour="#c86464")[90, 160, 3] == 255
    spilled = pixel(
        effect("chroma_key", colour="#00ff00", tolerance=0.0, softness=0.0, spill=1.0),
        colour="#96c896",
    )
    assert spilled[1] <= spilled[0] + 25


@pytest.mark.parametrize(
    ("kind", "share"), [("mask_rectangle", 0.25), ("mask_ellipse", 0.25 * np.pi / 4)]
)
def test_masks_keep_their_shape(kind: str, share: float) -> None:
    kept = shown(effect(kind))[..., 3].mean() / 255
    assert kept == pytest.approx(share, rel=0.02)
    assert shown(effect(kind, invert=True))[..., 3].mean() / 255 == pytest.approx(
        1 - share, rel=0.02
    )
    assert shown(effect(kind, opacity=0.0))[..., 3].min() == 255
    feathered = shown(effect(kind, feather=0.2))[..., 3]
    assert np.count_nonzero((feathered > 10) & (feathered < 245)) > 2000


def test_a_drawn_mask() -> None:
    corners = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))
    outline = " ".join(f"{x},{y}" for corner in corners for x, y in [corner] * 3)
    assert shown(effect("mask_bezier", outline=outline))[..., 3].mean() / 255 == pytest.approx(
        0.25, rel=0.03
    )
    assert shown(effect("mask_bezier"))[..., 3].min() == 255


def test_crop_takes_shares_of_the_picture() -> None:
    alpha = shown(effect("crop", left=0.25, bottom=0.5))[..., 3]
    assert alpha[20, 70] == 0
    assert alpha[20, 90] == 255
    assert alpha[100, 200] == 0


def test_flip_mirrors() -> None:
    assert np.abs(gradient(effect("flip")).astype(int) - gradient()[:, ::-1]).max() <= 1
    both = gradient(effect("flip", vertical=True))
    assert np.abs(both.astype(int) - gradient()[::-1, ::-1]).max() <= 1


def test_order_matters_and_keyframes_move() -> None:
    masked = effect("mask_rectangle", width=0.5, height=0.5)
    small = effect("transform", scale_x=0.5, scale_y=0.5)
    assert shown(masked, small)[..., 3].mean() < shown(small, masked)[..., 3].mean() * 0.5
    curve = Curve(keyframes=(Keyframe(at=0, value=0.0), Keyframe(at=10, value=1.0)))
    faded = effect("exposure", saturation=curve)
    spread = [int(np.ptp(pixel(faded, colour="#c83214", frame=n))) for n in (0, 5, 10)]
    assert spread[0] <= 1 < spread[1] < spread[2]


def test_a_switched_off_or_unknown_effect_does_nothing() -> None:
    off = Effect(id="e", kind="exposure", enabled=False, params=(("exposure", 3.0),))
    assert np.array_equal(shown(off, Effect(id="e2", kind="from_the_future")), shown())
