"""Titles in the viewer: moved, resized and typed in where they stand."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from studio.document.grips import Grip
from studio.document.model.clip import TitleMedia
from studio.document.model.title import Align, TextBlock, TextStyle, Title
from studio.document.queries.places import find_clip
from studio.document.queries.stage import Region
from studio.document.title_parts import Parts, grown, moved, region_of, whole, widened, wrap_region
from studio.document.titles import title_from
from studio.media.compositor.text import caret_places, text_box, title_patch
from studio.ui.editor import Editor
from studio.ui.panels.inspector.title_section import TitleSection
from studio.ui.viewer.canvas import PictureCanvas
from studio.ui.viewer.holds import TitleHold
from tests.studio.ui.driving import click, drag, lay_title, settle, wait

Key, Modifier = Qt.Key, Qt.KeyboardModifier
FRAME = (640, 360)
texts = st.text(st.sampled_from("aé W.1\n "), max_size=40)
blocks = st.builds(
    TextBlock,
    text=texts,
    x=st.floats(0, 1),
    y=st.floats(0, 1),
    width=st.floats(0.1, 1),
    style=st.builds(TextStyle, size=st.floats(0.03, 0.2), align=st.sampled_from(Align)),
)


def box_of(block: TextBlock) -> Region:
    left, top, width, height = text_box(block, FRAME)
    return Region(left, top, left + width, top + height)


@settings(max_examples=30)
@given(blocks)
def test_there_is_a_place_for_the_cursor_at_every_letter(block: TextBlock) -> None:
    places = caret_places(block, FRAME)
    assert len(places) == len(block.text) + 1
    box = box_of(block)
    for one, other in pairwise(places):
        assert other.top > one.top or (other.top == one.top and other.x >= one.x)
    for place in places:
        assert box.left - 0.01 <= place.x <= box.right + 0.01
        assert box.top - 0.01 <= place.top < place.bottom <= box.bottom + 0.01


@settings(max_examples=30)
@given(blocks, st.floats(-200, 200), st.floats(-200, 200), st.floats(0.5, 2))
def test_parts_go_as_far_as_they_are_moved_and_grow_about_what_stays(
    block: TextBlock, across: float, along: float, factor: float
) -> None:
    title = title_from("lower third", "Ada", "Mathematician")
    title = replace(title, blocks=(*title.blocks, replace(block, text=block.text or "a")))
    parts = whole(title)
    before = region_of(title, parts, FRAME, box_of)
    after = region_of(moved(title, parts, (across, along), FRAME), parts, FRAME, box_of)
    assert (after.left - before.left, after.top - before.top) == pytest.approx(
        (across, along), abs=0.01
    )
    one = Parts(bars=(0,))
    left = region_of(title, one, FRAME, box_of)
    large = region_of(grown(title, one, left.at(0, 0), factor, FRAME), one, FRAME, box_of)
    assert large.at(0, 0) == pytest.approx(left.at(0, 0), abs=0.01)
    assert large.right - large.left == pytest.approx((left.right - left.left) * factor, abs=0.02)


@settings(max_examples=30)
@given(blocks, st.floats(40, 600))
def test_the_room_of_a_block_reaches_to_where_its_side_was_put(block: TextBlock, x: float) -> None:
    wide = widened(Title(blocks=(block,)), 0, x, FRAME).blocks[0]
    room = wrap_region(wide, box_of(wide), FRAME)
    reach = x - block.x * FRAME[0]
    if block.style.align is Align.RIGHT:
        reach = -reach
    if block.style.align is Align.CENTRE:
        reach = abs(reach)
    if reach < 0.03 * FRAME[0]:
        assert wide.width > 0
    elif block.style.align is Align.RIGHT or x < block.x * FRAME[0]:
        assert room.left == pytest.approx(x, abs=0.01)
    else:
        assert room.right == pytest.approx(x, abs=0.01)


def test_text_is_drawn_where_its_box_says() -> None:
    block = TextBlock(text="HHH", x=0.3, y=0.4, style=TextStyle(size=0.1, align=Align.LEFT))
    patch = title_patch(Title(blocks=(block,)), FRAME)
    inked = np.flatnonzero(patch.pixels[..., 3].any(axis=0))
    box = box_of(block)
    assert patch.rect.x + inked[0] == pytest.approx(box.left, abs=4)
    assert patch.rect.x + inked[-1] + 1 == pytest.approx(box.right, abs=4)


def _canvas(editor: Editor) -> PictureCanvas:
    return editor.parts.program.canvas


def _title(editor: Editor, clip_id: str) -> Title:
    clip = find_clip(editor.session.project, clip_id)
    assert clip is not None
    assert isinstance(clip.media, TitleMedia)
    return clip.media.title


def _hold(editor: Editor) -> TitleHold:
    hold = editor.in_picture.hand.hold()
    assert isinstance(hold, TitleHold)
    return hold


def _handle(editor: Editor, grip: Grip) -> QPoint:
    return _canvas(editor).from_frame(_hold(editor).handles()[grip]).toPoint()


def _on_block(editor: Editor, place: int) -> QPoint:
    hold = _hold(editor)
    region = hold.box_of(hold.title.blocks[place])
    return _canvas(editor).from_frame(region.at(0.5, 0.5)).toPoint()


def _laid(editor: Editor, qtbot: QtBot) -> str:
    clip_id = lay_title(editor, 0).id
    editor.session.transport.seek(5)
    editor.window.right.open("Inspector")
    settle(qtbot, editor)
    return clip_id


def test_a_title_moves_as_a_whole_and_a_clicked_part_alone(cut: Editor, qtbot: QtBot) -> None:
    clip_id = _laid(cut, qtbot)
    before, canvas = _title(cut, clip_id), _canvas(cut)
    start = _on_block(cut, 0)
    drag(canvas, start, start + QPoint(20, -30), Modifier.ControlModifier, release=False)
    section = cut.parts.inspector.section(TitleSection)
    assert isinstance(section, TitleSection)
    way = QPointF(20, -30) / canvas.scale
    assert section.blocks[0].x.value() == pytest.approx(9 + way.x() / 19.2, abs=0.1)
    assert _title(cut, clip_id) == before
    qtbot.keyClick(canvas, Key.Key_Escape)
    assert section.blocks[0].x.value() == pytest.approx(9)
    drag(canvas, start, start + QPoint(20, -30), Modifier.ControlModifier)
    after = _title(cut, clip_id)
    for old, new in zip((*before.blocks, *before.bars), (*after.blocks, *after.bars), strict=True):
        gap = (new.x - old.x) * 1920, (new.y - old.y) * 1080
        assert gap == pytest.approx((way.x(), way.y()), abs=0.6)
    assert cut.session.undo_name == "Move title text"
    start += QPoint(20, -30)
    middle = _hold(cut).map(_hold(cut).region.at(0.5, 0.5))
    corner = canvas.from_frame(_hold(cut).outline[2])
    centre = canvas.from_frame(middle)
    way = corner - centre + QPointF(12, 12)
    goal = centre + QPointF(-way.y(), way.x())
    drag(canvas, (centre + way).toPoint(), goal.toPoint(), Modifier.ShiftModifier)
    turned = _hold(cut)
    assert turned.stage.pose.rotation == 90
    assert turned.map(turned.region.at(0.5, 0.5)) == pytest.approx(middle, abs=0.1)
    assert cut.session.undo_name == "Turn title"
    cut.book.trigger("edit.undo")
    click(canvas, start)
    assert _hold(cut).parts == Parts(blocks=(0,))
    drag(canvas, start, start + QPoint(0, -40), Modifier.ControlModifier)
    alone = _title(cut, clip_id)
    assert (alone.blocks[1], alone.bars) == (after.blocks[1], after.bars)
    assert alone.blocks[0].y < after.blocks[0].y
    corner = _handle(cut, Grip.BOTTOM_RIGHT)
    drag(canvas, corner, corner + QPoint(30, 8))
    large = _title(cut, clip_id).blocks[0]
    assert large.style.size > alone.blocks[0].style.size * 1.1
    side = _handle(cut, Grip.RIGHT)
    goal = side - QPoint(60, 0)
    drag(canvas, side, goal)
    assert _handle(cut, Grip.RIGHT).x() == pytest.approx(goal.x(), abs=1)
    assert _title(cut, clip_id).blocks[0].width < large.width


def test_a_double_click_types_in_the_picture(active: Editor, qtbot: QtBot) -> None:
    clip_id = _laid(active, qtbot)
    canvas, text = _canvas(active), active.in_picture.hand.text
    where, steps = _on_block(active, 0), len(active.session.steps)
    before = canvas.image
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=where)
    assert text.active
    assert active.window.focusWidget() is text.field
    qtbot.keyClicks(text.field, "Grace S ")  # S would split a clip, and space would play
    wait(qtbot, lambda: active.settled and canvas.image is not before)
    assert not active.session.transport.playing
    assert _title(active, clip_id).blocks[0].text == "Name"
    section = active.parts.inspector.section(TitleSection)
    assert isinstance(section, TitleSection)
    assert section.blocks[0].text.toPlainText() == "Grace S "
    qtbot.keyClick(text.field, Key.Key_Escape)
    assert (text.active, len(active.session.steps)) == (False, steps)
    assert active.window.focusWidget() is active.parts.timeline.canvas
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=where)
    qtbot.keyClicks(text.field, "Grace")
    qtbot.keyClick(text.field, Key.Key_Return)
    qtbot.keyClicks(text.field, "Hopper")
    qtbot.keyClick(text.field, Key.Key_Up)
    qtbot.keyClick(text.field, Key.Key_Home)
    qtbot.keyClicks(text.field, "Dr ")
    qtbot.keyClick(text.field, Key.Key_Down)
    qtbot.keyClick(text.field, Key.Key_End)
    qtbot.keyClicks(text.field, "!")
    qtbot.keyClick(text.field, Key.Key_Return, Modifier.ControlModifier)
    assert _title(active, clip_id).blocks[0].text == "Dr Grace\nHopper!"
    assert len(active.session.steps) == steps + 1
    assert active.session.undo_name == "Change title text"
    settle(qtbot, active)
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=where)
    qtbot.keyClicks(text.field, "Ada")
    click(canvas, canvas.picture_rect().topLeft().toPoint() + QPoint(30, 30))
    assert not text.active
    assert _title(active, clip_id).blocks[0].text == "Ada"
