"""Handles in the program viewer: what the mouse lets go of is where the composited pixel is."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.document.edits.effects import add_effect
from studio.document.edits.parameters import Knob, set_keyframe
from studio.document.edits.sequences import set_format
from studio.document.edits.staging import pose_picture
from studio.document.edits.tracks import lock_track
from studio.document.grips import CORNERS, Grip
from studio.document.model.curve import Curve
from studio.document.model.sequence import TrackKind
from studio.document.queries.stage import Pose
from studio.document.time import Rate
from studio.ui.editor import Editor
from studio.ui.number_field import NumberField
from studio.ui.panels.inspector.effect_section import EffectSection
from studio.ui.viewer.canvas import PictureCanvas
from studio.ui.viewer.handle_painter import knob_of
from studio.ui.viewer.holds import Hold, PictureHold
from tests.studio.ui.driving import click, clips, drag, press, settle, track, wait

Key, Modifier = Qt.Key, Qt.KeyboardModifier
HALF = Pose(scale_x=0.5, scale_y=0.5)


def _canvas(editor: Editor) -> PictureCanvas:
    return editor.parts.program.canvas


def _hold(editor: Editor) -> Hold:
    hold = editor.in_picture.hand.hold()
    assert hold is not None
    return hold


def _handle(editor: Editor, grip: Grip) -> QPoint:
    return _canvas(editor).from_frame(_hold(editor).handles()[grip]).toPoint()


def _seen(editor: Editor) -> tuple[QPointF, QPointF]:
    """The corners, on the widget, of what is not black in the picture on screen."""
    canvas = _canvas(editor)
    assert canvas.image is not None
    image = canvas.image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    pixels = rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)
    lit = np.argwhere(pixels.max(axis=2) > 14)
    (top, left), (bottom, right) = lit.min(axis=0), lit.max(axis=0) + 1
    frame = canvas.picture_rect()
    x, y = frame.width() / image.width(), frame.height() / image.height()
    first, last = QPointF(left * x, top * y), QPointF(right * x, bottom * y)
    return frame.topLeft() + first, frame.topLeft() + last


def _near(one: QPointF, other: QPointF | QPoint, px: float = 2.5) -> bool:
    gap = one - QPointF(other)
    return abs(gap.x()) <= px and abs(gap.y()) <= px


def _posed(editor: Editor, qtbot: QtBot, pose: Pose) -> str:
    """The first clip in a pose, selected, with the playhead over it."""
    clip_id = clips(editor)[0].id
    editor.session.apply("Pose", partial(pose_picture, clip_id=clip_id, at=10, pose=pose))
    editor.session.selection.set([clip_id])
    editor.session.transport.seek(10)
    settle(qtbot, editor)
    return clip_id


def _pose(editor: Editor) -> Pose:
    hold = _hold(editor)
    assert isinstance(hold, PictureHold)
    return hold.stage.pose


def test_a_place_on_the_widget_is_a_pixel_of_the_frame_and_back(qtbot: QtBot) -> None:
    canvas = PictureCanvas()
    qtbot.addWidget(canvas)
    for size, frame, zoom, margin in (
        ((922, 465), (1920, 1080), None, 12),
        ((300, 500), (3840, 2160), None, 0),
        ((640, 360), (1080, 1920), 0.5, 12),
        ((640, 360), (720, 576), 4.0, 0),
    ):
        canvas.resize(*size)
        canvas.set_frame_size(*frame)
        canvas.set_zoom(zoom)
        canvas.set_margin(margin)
        drag(canvas, QPoint(50, 50), QPoint(81, 22))  # pans where it is zoomed
        for place in (QPointF(0, 0), QPointF(123.5, 77.25), QPointF(*size)):
            assert _near(canvas.from_frame(canvas.to_frame(place)), place, 1e-6)
        corner = canvas.picture_rect().bottomRight()
        assert canvas.to_frame(corner) == pytest.approx(frame)
        if zoom is None:
            assert min(canvas.picture_rect().left(), canvas.picture_rect().top()) == (
                pytest.approx(margin)
            )


SET_UPS = ("plain", "mirrored", "4k", "upright", "zoomed")


def _set_up(editor: Editor, name: str) -> None:
    """One thing that is in the way of finding a pixel: each is undone before the next."""
    if name == "mirrored":
        editor.session.apply("Flip", lambda p: add_effect(p, clips(editor)[0].id, "flip"))
    if name in ("4k", "upright"):
        width, height = (3840, 2160) if name == "4k" else (1080, 1920)
        edit = partial(
            set_format, sequence_id=editor.session.sequence_id, rate=Rate(30), width=width,
            height=height,
        )  # fmt: skip
        editor.session.apply("Format", edit)
    if name == "zoomed":
        _canvas(editor).set_zoom(0.25)


def test_a_corner_is_where_the_mouse_let_go(cut: Editor, qtbot: QtBot) -> None:
    for set_up in SET_UPS:
        _set_up(cut, set_up)
        _posed(cut, qtbot, HALF)
        corners = sorted((_handle(cut, grip) for grip in CORNERS), key=lambda at: at.x() + at.y())
        goal = corners[-1] + QPoint(-31, -17)
        drag(_canvas(cut), corners[-1], goal, Modifier.ShiftModifier | Modifier.ControlModifier)
        settle(qtbot, cut)
        first, last = _seen(cut)
        assert _near(last, goal), set_up
        assert _near(first, corners[0]), set_up
        assert cut.session.undo_name == "Scale picture"
        while cut.session.undo_name:
            cut.session.undo()


def test_a_drag_is_shown_while_it_lasts_is_one_step_or_given_up_and_sets_keyframes(
    cut: Editor, qtbot: QtBot
) -> None:
    _posed(cut, qtbot, HALF)
    cut.window.right.open("Inspector")
    before, steps = cut.session.project, len(cut.session.steps)
    first, _ = _seen(cut)
    start = first.toPoint() + QPoint(30, 30)
    drag(_canvas(cut), start, start + QPoint(40, 25), Modifier.ControlModifier, release=False)
    wait(qtbot, lambda: cut.settled and _near(_seen(cut)[0], first + QPointF(40, 25)))
    assert cut.session.project is before
    qtbot.keyClick(_canvas(cut), Key.Key_Escape)
    wait(qtbot, lambda: cut.settled and _near(_seen(cut)[0], first))
    assert (cut.session.project, len(cut.session.steps)) == (before, steps)
    assert not cut.in_picture.hand.dragging

    section = cut.parts.inspector.section(EffectSection)
    assert isinstance(section, EffectSection)
    goal = start + QPoint(33, 0)
    drag(_canvas(cut), start, goal, Modifier.ControlModifier, release=False)
    moved = 50 + 100 * 33 / _canvas(cut).picture_rect().width()
    field = section.rows["x"].control
    assert isinstance(field, NumberField)
    assert field.value() == pytest.approx(moved, abs=0.1)
    assert cut.session.project is before
    QTest.mouseRelease(_canvas(cut), Qt.MouseButton.LeftButton, Modifier.ControlModifier, goal)
    settle(qtbot, cut)
    assert _near(_seen(cut)[0], first + QPointF(33, 0))
    assert len(cut.session.steps) == steps + 1
    after = cut.session.project
    cut.book.trigger("edit.undo")
    assert cut.session.project == before
    cut.book.trigger("edit.redo")
    assert cut.session.project == after
    clip_id = _posed(cut, qtbot, HALF)
    knob = Knob(clip_id, "x", clips(cut)[0].effects[0].id)
    cut.session.apply("Key", lambda p: set_keyframe(p, knob, 0, 0.5))
    first, _ = _seen(cut)
    start = first.toPoint() + QPoint(20, 20)
    drag(_canvas(cut), start, start + QPoint(0, 30), Modifier.ControlModifier)
    values = dict(clips(cut)[0].effects[0].params)
    assert values["y"] == pytest.approx(0.5 + 30 / _canvas(cut).scale / 1080, abs=0.002)
    assert len(_keys(values["x"])) == 1  # it did not move that way
    drag(_canvas(cut), start + QPoint(0, 30), start + QPoint(30, 30), Modifier.ControlModifier)
    assert [at for at, _ in _keys(dict(clips(cut)[0].effects[0].params)["x"])] == [0, 10]


def test_moves_snap_a_knob_turns_a_crop_comes_to_the_mouse_and_lines_are_kept(
    cut: Editor, qtbot: QtBot
) -> None:
    _posed(cut, qtbot, Pose(x=0.3, scale_x=0.5, scale_y=0.5))
    scale = _canvas(cut).scale
    first, _ = _seen(cut)
    start = first.toPoint() + QPoint(20, 20)
    way = round(0.2 * 1920 * scale) - 3
    drag(_canvas(cut), start, start + QPoint(way, 0))
    assert _pose(cut).x == pytest.approx(0.5)
    cut.book.trigger("edit.undo")
    drag(_canvas(cut), start, start + QPoint(way, 0), Modifier.ControlModifier)
    assert _pose(cut).x == pytest.approx(0.5 - 3 / scale / 1920, abs=0.002)
    assert _pose(cut).x != 0.5
    _posed(cut, qtbot, Pose())
    canvas, hold = _canvas(cut), _hold(cut)
    knob = knob_of(hold, canvas.from_frame)
    assert knob is not None
    assert hold.anchor is not None
    anchor = canvas.from_frame(hold.anchor)
    right = QPointF(anchor.x() + anchor.y() - knob.y(), anchor.y())
    drag(canvas, knob.toPoint(), right.toPoint())
    assert _pose(cut).rotation == pytest.approx(90, abs=1.5)
    knob = knob_of(_hold(cut), canvas.from_frame)
    assert knob is not None
    drag(canvas, knob.toPoint(), knob.toPoint() + QPoint(2, 22), Modifier.ShiftModifier)
    assert _pose(cut).rotation == 120
    _posed(cut, qtbot, HALF)
    cut.book.trigger("view.crop")
    settle(qtbot, cut)
    start = _handle(cut, Grip.LEFT)
    goal = start + QPoint(24, 0)
    drag(_canvas(cut), start, goal, Modifier.ControlModifier)
    settle(qtbot, cut)
    first, _ = _seen(cut)
    assert first.x() == pytest.approx(goal.x(), abs=2.5)
    assert [effect.kind for effect in clips(cut)[0].effects] == ["crop", "transform"]
    assert cut.session.undo_name == "Crop picture"
    cut.book.trigger("view.crop")
    assert cut.in_picture.hand.hold() is None
    assert cut.preferences.settings.viewer_handles == "off"
    assert _canvas(cut).lines == frozenset()
    for command in ("view.safe", "view.thirds", "view.cross"):
        cut.book.trigger(command)
    assert {line.value for line in _canvas(cut).lines} == {"safe", "thirds", "cross"}
    assert _canvas(cut).lines == cut.parts.source.canvas.lines
    assert cut.preferences.settings.frame_lines == ("cross", "safe", "thirds")
    shot = _canvas(cut).grab().toImage()
    frame = _canvas(cut).picture_rect()
    third = QPoint(round(frame.left() + frame.width() / 3), round(frame.top() + 40))
    row = [shot.pixelColor(third + QPoint(x, 0)).lightness() for x in range(-3, 4)]
    assert max(row) > min(row) + 30
    cut.book.trigger("view.thirds")
    assert "thirds" not in cut.preferences.settings.frame_lines


def _keys(value: object) -> list[tuple[int, float]]:
    assert isinstance(value, Curve)
    return [(key.at, key.value) for key in value.keyframes]


def test_handles_have_the_arrows_once_held_and_wait_while_it_plays(
    active: Editor, qtbot: QtBot
) -> None:
    active.session.selection.set([clips(active)[0].id])
    click(_canvas(active), _canvas(active).rect().center() + QPoint(60, 30))
    assert active.window.focusWidget() is active.parts.timeline.canvas  # never moved: no nudges
    _posed(active, qtbot, HALF)
    before = _pose(active)
    press(active, qtbot, Key.Key_Right)
    assert active.session.transport.position == 11
    assert _pose(active) == before
    active.session.transport.seek(10)
    inside = _seen(active)[0].toPoint() + QPoint(20, 20)
    click(_canvas(active), inside)
    assert active.window.focusWidget() is _canvas(active)
    qtbot.keyClick(_canvas(active), Key.Key_Right)
    qtbot.keyClick(_canvas(active), Key.Key_Down, Modifier.ShiftModifier)
    assert active.session.transport.position == 10
    assert _pose(active).x == pytest.approx(0.5 + 1 / 1920)
    assert _pose(active).y == pytest.approx(0.5 + 10 / 1080)
    qtbot.keyClick(_canvas(active), Key.Key_Escape)
    assert active.window.focusWidget() is active.parts.timeline.canvas
    _posed(active, qtbot, HALF)
    middle = ((_seen(active)[0] + _seen(active)[1]) / 2).toPoint()
    active.session.selection.clear()
    before = active.session.project
    drag(_canvas(active), middle, middle + QPoint(40, 0))
    assert not active.session.selection.ids
    active.book.trigger("view.full_screen")  # there the picture is only looked at
    click(_canvas(active), _canvas(active).rect().center())
    assert not active.session.selection.ids
    active.book.trigger("view.full_screen")
    settle(qtbot, active)
    click(_canvas(active), middle)
    assert clips(active)[0].id in active.session.selection.ids
    assert active.session.project is before
    before = active.session.project
    start = _seen(active)[0].toPoint() + QPoint(20, 20)
    drag(_canvas(active), start, start + QPoint(30, 0), release=False)
    assert active.in_picture.hand.dragging
    active.book.trigger("play.toggle")
    assert not active.in_picture.hand.dragging
    assert active.in_picture.hand.hold() is None
    active.book.trigger("play.toggle")
    assert active.session.project is before
    v1 = track(active, TrackKind.VIDEO).id
    active.session.apply("Lock", lambda p: lock_track(p, v1, locked=True))
    assert active.in_picture.hand.hold() is None
