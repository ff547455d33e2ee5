"""Where pictures lie and what a drag makes of them: the same as the compositor, there and back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from studio.document.affine import Affine, Point, minus, plus
from studio.document.edits.effects import add_effect, enable_effect
from studio.document.edits.insert import overwrite
from studio.document.edits.parameters import Knob, set_keyframe, set_value, value_of
from studio.document.edits.sequences import add_sequence
from studio.document.edits.source import NEW, Piece
from studio.document.edits.staging import crop_picture, pose_picture
from studio.document.grips import CORNERS, HANDLES, Grip, Pull, cropped, dragged, point_of
from studio.document.guides import Axis, Guides, guides_of
from studio.document.keyframes import value_at
from studio.document.model.asset import Asset, AssetKind, VideoFacts
from studio.document.model.clip import AssetMedia, BlendMode, Clip, Fit, SequenceMedia
from studio.document.model.curve import Curve
from studio.document.model.effect import Effect
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence
from studio.document.queries.stage import Crop, Pose, Region, Staged, picture_size, staged
from studio.document.time import Rate
from studio.media.compositor.content import DrawnContent
from studio.media.compositor.effects.apply import Surroundings, apply_effects
from studio.media.compositor.layer import Layer
from studio.media.compositor.patch import RgbaPatch
from studio.media.compositor.render import spread

FREE = Guides((), 0.0)
few = settings(max_examples=30)
FRAMES = ((1920, 1080), (3840, 2160), (1080, 1920), (640, 480))

poses = st.builds(
    Pose,
    x=st.floats(-0.5, 1.5),
    y=st.floats(-0.5, 1.5),
    scale_x=st.floats(0.1, 3),
    scale_y=st.floats(0.1, 3),
    rotation=st.floats(-400, 400),
    anchor_x=st.floats(-0.2, 1.2),
    anchor_y=st.floats(-0.2, 1.2),
)
flips = st.builds(
    lambda across, along: Effect(
        id="f", kind="flip", params=(("horizontal", across), ("vertical", along))
    ),
    st.booleans(),
    st.booleans(),
)
crops = st.builds(Crop, *[st.floats(0, 0.4)] * 4)
places = st.tuples(st.floats(-500, 2500), st.floats(-500, 2500))


def transform(pose: Pose) -> Effect:
    params = tuple(sorted((name, float(getattr(pose, name))) for name in Pose.__slots__))
    return Effect(id="t", kind="transform", params=params)


def crop_effect(crop: Crop) -> Effect:
    params = tuple(sorted((name, float(getattr(crop, name))) for name in Crop.__slots__))
    return Effect(id="c", kind="crop", params=params)


@st.composite
def cuts(
    draw: st.DrawFn, frames: tuple[tuple[int, int], ...] = FRAMES, low: int = 16, high: int = 4096
) -> tuple[Project, Sequence, Clip]:
    """Any picture of any shape in any frame, cropped, posed, and flipped on either side of it."""
    facts = VideoFacts(
        width=draw(st.integers(low, high)),
        height=draw(st.integers(low, high)),
        rate=Rate(25),
        frames=50,
        pixel_aspect=draw(st.sampled_from([Fraction(1), Fraction(64, 45), Fraction(8, 9)])),
        rotation_degrees=draw(st.sampled_from([0, 90, 180, 270])),
    )
    effects = [crop_effect(draw(crops)), draw(flips), transform(draw(poses)), draw(flips)]
    kept = tuple(effect for effect in effects if draw(st.booleans()))
    return _cut(facts, draw(st.sampled_from(frames)), kept, draw(st.sampled_from(Fit)))


stages = cuts().map(lambda cut: staged(*cut, 0))


def _cut(
    facts: VideoFacts, frame: tuple[int, int], effects: tuple[Effect, ...], fit: Fit = Fit.FIT
) -> tuple[Project, Sequence, Clip]:
    asset = Asset(id="a1", name="shot", kind=AssetKind.VIDEO, path="shot.mp4", video=(facts,))
    project = Project(name="film", assets=(asset,), next_id=10)
    project = add_sequence(project, "cut", Rate(25), *frame, video_tracks=1, audio_tracks=0)
    sequence = project.sequences[0]
    media = AssetMedia(asset_id="a1")
    clip = Clip(id=NEW, duration=50, media=media, effects=effects, fit=fit)
    project = overwrite(project, sequence.id, 0, [Piece(sequence.tracks[0].id, clip)])
    sequence = project.sequences[0]
    found = sequence.tracks[0].items[0]
    assert isinstance(found, Clip)
    return project, sequence, found


def _near(one: Point, other: Point, px: float = 0.05) -> bool:
    return abs(one[0] - other[0]) <= px and abs(one[1] - other[1]) <= px


@few
@given(places, places, st.floats(0.1, 9), st.floats(-360, 360))
def test_a_map_and_its_inverse_are_there_and_back(
    point: Point, way: Point, scale: float, rotation: float
) -> None:
    pose = Pose(x=way[0] / 999, y=way[1] / 999, scale_x=scale, scale_y=1, rotation=rotation)
    there = pose.map((1920, 1080))
    assert _near(there.inverse()(there(point)), point, 1e-6)


@few
@given(cuts(((64, 36), (36, 64), (48, 48)), 8, 96))
def test_the_outline_is_where_the_compositor_puts_the_picture(
    cut: tuple[Project, Sequence, Clip],
) -> None:
    project, sequence, clip = cut
    size, fit = picture_size(project, sequence, clip)
    frame = sequence.width, sequence.height
    white = DrawnContent(np.full((size[1], size[0], 4), 255, np.uint8), opaque=False)
    layer = Layer(white, frame, fit, 1.0)
    apply_effects(layer, clip.effects, Surroundings(0, lambda _id: None))
    patch = layer.finished(1.0, BlendMode.NORMAL)
    assert isinstance(patch, RgbaPatch)
    drawn = np.argwhere(spread(patch, frame, deep=False)[..., 3] > 127)
    stage = staged(project, sequence, clip, 0)
    columns, rows = zip(*[stage.at(u, v) for u in (0, 1) for v in (0, 1)], strict=True)
    outline = Region(min(columns), min(rows), max(columns), max(rows))
    seen = outline.shared(Region(0, 0, *frame))
    upright = stage.map.b == stage.map.c == 0
    if upright and seen.right - seen.left > 3 and seen.bottom - seen.top > 3:
        (top, left), (bottom, right) = drawn.min(axis=0), drawn.max(axis=0) + 1
        assert (left, top) == pytest.approx((seen.left, seen.top), abs=1.6)
        assert (right, bottom) == pytest.approx((seen.right, seen.bottom), abs=1.6)
    back = stage.map.inverse()
    for row, column in drawn:
        x, y = back((column + 0.5, row + 0.5))
        slack = 1.6 * max(map(abs, (back.a, back.b, back.c, back.d)))
        assert stage.seen.left - slack <= x <= stage.seen.right + slack
        assert stage.seen.top - slack <= y <= stage.seen.bottom + slack


@few
@given(stages, st.sampled_from(CORNERS), places, st.booleans())
def test_a_free_corner_comes_to_the_pointer_and_the_other_stays(
    stage: Staged, grip: Grip, goal: Point, centred: bool
) -> None:
    assert grip.share is not None
    u, v = grip.share
    pull = Pull(stage.at(u, v), goal, FREE, free=True, centred=centred)
    after = stage.posed(dragged(stage, grip, pull).pose)
    pose = after.pose
    inside = all(0.011 < each < 19.9 for each in (pose.scale_x, pose.scale_y))
    assume(inside and all(abs(each) < 4.9 for each in (pose.x, pose.y)))
    fixed = (0.5, 0.5) if centred else (1 - u, 1 - v)
    assert _near(after.at(*fixed), stage.at(*fixed))
    assert _near(after.at(u, v), goal)


@few
@given(stages, st.sampled_from(CORNERS), places)
def test_a_corner_keeps_the_shape_and_the_opposite_corner(
    stage: Staged, grip: Grip, goal: Point
) -> None:
    assert grip.share is not None
    u, v = grip.share
    after = stage.posed(dragged(stage, grip, Pull(stage.at(u, v), goal, FREE)).pose)
    pose, before = after.pose, stage.pose
    assume(all(abs(each) < 4.9 for each in (pose.x, pose.y)))
    assert pose.scale_x / before.scale_x == pytest.approx(pose.scale_y / before.scale_y, 1e-5)
    assert _near(after.at(1 - u, 1 - v), stage.at(1 - u, 1 - v))
    assert pose.rotation == pytest.approx(before.rotation, abs=1e-6)


@few
@given(stages, st.sampled_from([g for g in HANDLES if not g.is_corner]), places)
def test_a_side_stretches_one_way(stage: Staged, grip: Grip, goal: Point) -> None:
    assert grip.share is not None
    u, v = grip.share
    after = stage.posed(dragged(stage, grip, Pull(stage.at(u, v), goal, FREE)).pose)
    assume(all(abs(each) < 4.9 for each in (after.pose.x, after.pose.y)))
    changed = [
        abs(getattr(after.pose, name) - getattr(stage.pose, name)) > 1e-6
        for name in ("scale_x", "scale_y")
    ]
    assert sum(changed) <= 1
    assert _near(after.at(1 - u, 1 - v), stage.at(1 - u, 1 - v))


@few
@given(stages, places, places)
def test_a_move_goes_as_far_as_the_pointer(stage: Staged, start: Point, now: Point) -> None:
    after = stage.posed(dragged(stage, Grip.INSIDE, Pull(start, now, FREE)).pose)
    assume(all(abs(each) < 4.9 for each in (after.pose.x, after.pose.y)))
    way = minus(now, start)
    for share in ((0, 0), (1, 1), (0.3, 0.9)):
        went = minus(after.at(*share), stage.at(*share))
        assert _near(went, way, 0.51)
        assert _near(went, (round(went[0]), round(went[1])), 1e-3)


@few
@given(stages, places, places)
def test_the_anchor_moves_and_the_picture_does_not(stage: Staged, start: Point, now: Point) -> None:
    after = stage.posed(dragged(stage, Grip.ANCHOR, Pull(start, now, FREE)).pose)
    assume(all(abs(v) < 4.9 for v in (after.pose.x, after.pose.y)))
    assume(all(abs(v) < 4.9 for v in (after.pose.anchor_x, after.pose.anchor_y)))
    for share in ((0, 0), (1, 0), (0.3, 0.9)):
        assert _near(after.at(*share), stage.at(*share))
    assert _near(after.anchor, plus(stage.anchor, minus(now, start)))


@few
@given(stages, st.sampled_from(CORNERS), st.floats(5, 175))
def test_a_turn_carries_a_corner_round_with_the_pointer(
    stage: Staged, grip: Grip, angle: float
) -> None:
    start = point_of(stage, grip)
    assume(max(map(abs, minus(start, stage.anchor))) > 20)
    goal = Affine(*_about(stage.anchor, angle))(start)
    after = stage.posed(dragged(stage, Grip.TURN, Pull(start, goal, FREE)).pose)
    assume(abs(after.pose.rotation) < 3599)
    reach = max(map(abs, minus(start, stage.anchor)))
    assert _near(point_of(after, grip), goal, 0.01 + reach * 2e-4)
    stepped = dragged(stage, Grip.TURN, Pull(start, goal, FREE, free=True)).pose
    assert stepped.rotation % 15 == pytest.approx(0)


def _about(centre: Point, degrees: float) -> tuple[float, ...]:
    from studio.document.affine import shift, turn

    spun = shift(-centre[0], -centre[1]).then(turn(degrees)).then(shift(*centre))
    return spun.a, spun.b, spun.c, spun.d, spun.e, spun.f


@few
@given(stages, st.sampled_from(HANDLES), places)
def test_a_crop_comes_to_the_pointer_and_stays_within_the_picture(
    stage: Staged, grip: Grip, goal: Point
) -> None:
    assert grip.share is not None
    u, v = grip.share
    start = stage.crop_map(stage.cropped.cut(stage.crop).at(u, v))
    crop, _ = cropped(stage, grip, Pull(start, goal, FREE))
    values = crop.left, crop.top, crop.right, crop.bottom
    assert all(0 <= each <= 1 for each in values)
    assert crop.left + crop.right <= 0.991
    assert crop.top + crop.bottom <= 0.991
    now = replace(stage, crop=crop)
    edge = now.cropped.cut(crop).at(u, v)
    wanted = stage.crop_map.inverse()(goal)
    room = stage.cropped
    if grip is Grip.LEFT and room.left < wanted[0] < room.at(0.98 - crop.right, 0)[0]:
        assert edge[0] == pytest.approx(wanted[0], abs=1e-3)


def test_guides_draw_an_edge_a_middle_and_a_corner() -> None:
    project, sequence, clip = _cut(VideoFacts(width=960, height=540, rate=Rate(25), frames=50),
                                   (1920, 1080), ())  # fmt: skip
    half = staged(project, sequence, clip, 0).posed(Pose(scale_x=0.5, scale_y=0.5))
    guides = guides_of((1920, 1080), 12)
    left = dragged(half, Grip.INSIDE, Pull((0, 0), (-471, 0), guides))
    assert left.pose.x == pytest.approx(0.25)
    assert {(line.axis, line.at) for line in left.lines} == {(Axis.X, 0.0), (Axis.Y, 540.0)}
    safe = dragged(half, Grip.INSIDE, Pull((0, 0), (-390, 0), guides))
    assert half.posed(safe.pose).at(0, 0)[0] == pytest.approx(0.05 * 1920)
    grown = dragged(half, Grip.BOTTOM_RIGHT, Pull((1440, 810), (1911, 1075), guides))
    assert half.posed(grown.pose).at(1, 1) == pytest.approx((1920, 1080))
    assert grown.pose.scale_x == pytest.approx(0.75)


def test_a_nest_and_anamorphic_and_turned_footage_have_their_own_shape() -> None:
    facts = VideoFacts(
        width=720, height=576, rate=Rate(25), frames=50, pixel_aspect=Fraction(64, 45)
    )
    stage = staged(*_cut(facts, (1920, 1080), ()), 0)
    assert stage.at(0, 0) == pytest.approx((0, 0))
    assert stage.at(1, 1) == pytest.approx((1920, 1080))
    upright = replace(facts, width=1080, height=1920, pixel_aspect=Fraction(1), rotation_degrees=90)
    stage = staged(*_cut(upright, (1920, 1080), ()), 0)
    assert stage.at(0, 0) == pytest.approx((960 - 1080 * 1080 / 1920 / 2, 0))
    project, sequence, clip = _cut(facts, (1920, 1080), ())
    project = add_sequence(project, "nest", Rate(25), 1000, 1000, video_tracks=1, audio_tracks=0)
    nested = replace(clip, media=SequenceMedia(sequence_id=project.sequences[-1].id))
    stage = staged(project, sequence, nested, 0)
    assert (stage.at(0, 0), stage.at(1, 1)) == ((420, 0), (1500, 1080))


def test_a_pose_is_one_effect_and_a_keyframe_only_where_there_are_some() -> None:
    facts = VideoFacts(width=1920, height=1080, rate=Rate(25), frames=50)
    project, _, clip = _cut(facts, (1920, 1080), ())
    posed = pose_picture(project, clip.id, 12, Pose(x=0.75))
    (effect,) = _effects(posed)
    assert (effect.kind, effect.params) == ("transform", (("x", 0.75),))
    knob = Knob(clip.id, "scale_x", effect.id)
    keyed = set_keyframe(posed, knob, 0, 1.0)
    again = pose_picture(keyed, clip.id, 12, Pose(x=0.6, scale_x=2.0))
    curve = value_of(again, knob)
    assert isinstance(curve, Curve)
    assert [(key.at, key.value) for key in curve.keyframes] == [(0, 1.0), (12, 2.0)]
    still = pose_picture(again, clip.id, 6, Pose(x=0.7, scale_x=value_at(curve, 6)))
    assert value_of(still, knob) == curve
    assert value_of(still, Knob(clip.id, "x", effect.id)) == 0.7


def test_a_crop_comes_before_what_moves_the_picture_and_leaves_what_is_off_alone() -> None:
    facts = VideoFacts(width=1920, height=1080, rate=Rate(25), frames=50)
    project, _, clip = _cut(facts, (1920, 1080), ())
    project = add_effect(project, clip.id, "transform")
    off = _effects(project)[0].id
    project = set_value(project, Knob(clip.id, "x", off), 0.2)
    project = enable_effect(project, clip.id, off, enabled=False)
    project = pose_picture(project, clip.id, 0, Pose(rotation=30))
    project = crop_picture(project, clip.id, 0, Crop(left=0.25))
    kinds = [(effect.kind, effect.enabled) for effect in _effects(project)]
    assert kinds == [("crop", True), ("transform", False), ("transform", True)]


def _effects(project: Project) -> tuple[Effect, ...]:
    item = project.sequences[0].tracks[0].items[0]
    assert isinstance(item, Clip)
    return item.effects
