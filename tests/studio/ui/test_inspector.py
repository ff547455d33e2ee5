"""The inspector by hand: keyframes and how they are left, speed and ramps, titles, captions."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from studio.document.catalogue.entry import parse_points
from studio.document.edits.effects import add_effect
from studio.document.edits.sequences import set_format
from studio.document.keyframes import value_at
from studio.document.model.clip import CaptionMedia, ConstantSpeed, SpeedRamp, TitleMedia
from studio.document.model.curve import Bezier, Curve, Hold
from studio.document.model.sequence import TrackKind
from studio.document.model.title import Title
from studio.document.titles import title_from
from studio.ui.asset_drag import LibraryDrag
from studio.ui.editor import Editor
from studio.ui.number_field import NumberField
from studio.ui.panels.curve_strip import CurveStrip
from studio.ui.panels.inspector.clip_sections import LevelsSection
from studio.ui.panels.inspector.effect_section import EffectSection
from studio.ui.panels.inspector.speed_section import SpeedSection
from studio.ui.panels.inspector.title_section import (
    CaptionLookSection,
    CaptionSection,
    TitleSection,
)
from studio.ui.panels.inspector.track_section import TrackSection
from studio.ui.panels.points_pad import OutlinePad, TonePad
from tests.studio.ui.driving import click, clips, drag, settle, track

_LEFT = Qt.MouseButton.LeftButton


def chosen(menu: QMenu, words: str) -> None:
    """Choose an item of a menu by its words."""
    next(action for action in menu.actions() if action.text() == words).trigger()


def inspected(editor: Editor, place: int = 0) -> str:
    """Select a clip of the lowest picture track; -> its id."""
    clip_id = clips(editor)[place].id
    editor.session.selection.set([clip_id])
    editor.window.right.open("Inspector")
    return clip_id


def keyed(editor: Editor) -> CurveStrip:
    """The opacity's strip, with keyframes at 10 (100 %) and 40 (50 %)."""
    inspected(editor)
    section = editor.parts.inspector.section(LevelsSection)
    assert isinstance(section, LevelsSection)
    line = section.rows["opacity"]
    editor.session.transport.seek(10)
    line.keyframe.click()
    editor.session.transport.seek(40)
    assert isinstance(line.control, NumberField)
    line.control.setValue(50)
    assert line.strip is not None
    return line.strip


def curve(editor: Editor) -> Curve:
    found = clips(editor)[0].opacity
    assert isinstance(found, Curve)
    return found


def test_keyframes_are_set_dragged_eased_and_removed(cut: Editor) -> None:
    strip = keyed(cut)
    assert [(key.at, key.value) for key in curve(cut).keyframes] == [(10, 1.0), (40, 0.5)]
    chosen(strip.menu_for(10), "Hold")
    assert curve(cut).keyframes[0].leave == Hold()
    assert value_at(curve(cut), 39) == 1.0
    chosen(strip.menu_for(10), "Smooth")
    assert isinstance(curve(cut).keyframes[0].leave, Bezier)
    assert value_at(curve(cut), 15) > 0.95
    before = curve(cut)
    start = strip.point_of(40)
    drag(strip, start, QPoint(round(strip.map.x(30)), start.y() - 8))
    assert curve(cut).keyframes[1].at == 30
    assert curve(cut).keyframes[1].value > 0.5
    assert cut.session.undo_name == "Change opacity"
    cut.book.trigger("edit.undo")
    assert curve(cut) == before, "a drag is one step"
    chosen(strip.menu_for(40), "Remove keyframe")
    assert [key.at for key in curve(cut).keyframes] == [10]


def test_handles_of_an_eased_keyframe_bend_the_curve(cut: Editor) -> None:
    strip = keyed(cut)
    chosen(strip.menu_for(10), "Smooth")
    QTest.mouseClick(strip, _LEFT, pos=strip.point_of(10))
    view = strip.map
    first = QPoint(round(view.x(10 + 0.42 * 30)), round(view.y(1.0)))
    drag(strip, first, QPoint(round(view.x(34)), first.y()))
    way = curve(cut).keyframes[0].leave
    assert isinstance(way, Bezier)
    assert abs(way.x1 - 0.8) < 0.05
    assert (way.x2, way.y2) == (0.58, 1.0)


def test_a_double_click_adds_a_keyframe_and_takes_one_away(cut: Editor) -> None:
    strip = keyed(cut)
    view = strip.map
    QTest.mouseDClick(strip, _LEFT, pos=QPoint(round(view.x(55)), round(view.y(0.75))))
    assert [key.at for key in curve(cut).keyframes] == [10, 40, 55]
    QTest.mouseDClick(strip, _LEFT, pos=strip.point_of(40))
    assert [key.at for key in curve(cut).keyframes] == [10, 55]


def test_a_ramp_is_chosen_bent_and_taken_off(cut: Editor) -> None:
    inspected(cut)
    section = cut.parts.inspector.section(SpeedSection)
    assert isinstance(section, SpeedSection)
    menu = section.ramp.menu()
    assert menu is not None
    chosen(menu, "Slow to fast")
    ramp = clips(cut)[0].speed
    assert isinstance(ramp, SpeedRamp)
    assert [point.factor for point in ramp.points] == [Fraction(n, 2) for n in (1, 1, 3, 3)]
    assert not section.percent.isEnabled()
    last = section.strip.point_of(ramp.points[-1].at)
    drag(section.strip, last, QPoint(last.x(), last.y() - 200))
    bent = clips(cut)[0].speed
    assert isinstance(bent, SpeedRamp)
    assert bent.points[:3] == ramp.points[:3], "what was not dragged stays exact"
    assert bent.points[3].factor > 2
    assert "There is less" in section.words.text()
    chosen(menu, "None: one speed")
    after = clips(cut)[0].speed
    assert isinstance(after, ConstantSpeed)
    assert after.factor > 1
    assert section.percent.isEnabled()


def test_a_title_gets_more_text_another_look_and_another_template(cut: Editor) -> None:
    cut.shelf.lay(LibraryDrag("title", "lower third"), 0, "")
    section = cut.parts.inspector.section(TitleSection)
    assert isinstance(section, TitleSection)
    section.add.click()
    section = cut.parts.inspector.section(TitleSection)
    assert isinstance(section, TitleSection)
    look = section.blocks[2].look
    look.italic.click()
    look.outline.setValue(0.5)
    style = title(cut).blocks[2].style
    assert (style.italic, style.outline) == (True, 0.005)
    assert title(cut).blocks[0].style == title_from("lower third").blocks[0].style
    section.remove_block(1)
    assert [block.text for block in title(cut).blocks] == ["Name", "Text"]
    section = cut.parts.inspector.section(TitleSection)
    assert isinstance(section, TitleSection)
    section.template.setCurrentIndex(section.template.findData("end card"))
    section.template.activated.emit(section.template.currentIndex())
    assert title(cut) == title_from("end card", "Name", "Text")


def title(editor: Editor) -> Title:
    """The title on the second picture track."""
    media = clips(editor, TrackKind.VIDEO, 1)[0].media
    assert isinstance(media, TitleMedia)
    return media.title


def test_captions_are_written_split_joined_and_dressed(cut: Editor) -> None:
    cut.session.transport.seek(10)
    cut.book.trigger("sequence.caption")
    section = cut.parts.inspector.section(CaptionSection)
    assert isinstance(section, CaptionSection)
    section.text.setPlainText("Hello. Goodbye.")
    section.text.flush()
    cut.session.transport.seek(30)
    cursor = section.text.textCursor()
    cursor.setPosition(6)
    section.text.setTextCursor(cursor)
    section.cut.click()
    assert spoken(cut) == [("Hello.", 20), ("Goodbye.", 40)]
    section.join.click()
    assert spoken(cut) == [("Hello. Goodbye.", 60)]
    look = cut.parts.inspector.section(CaptionLookSection)
    assert isinstance(look, CaptionLookSection)
    look.look.size.setValue(9)
    assert track(cut, TrackKind.CAPTION).caption_style.size == 0.09
    cut.book.trigger("sequence.caption")
    assert any("already" in notice.text for notice in cut.session.notices.shown)
    assert len(spoken(cut)) == 1


def spoken(editor: Editor) -> list[tuple[str, int]]:
    found = clips(editor, TrackKind.CAPTION)
    return [(c.media.text, c.duration) for c in found if isinstance(c.media, CaptionMedia)]


def test_a_track_is_chosen_by_its_header_and_mixed(cut: Editor) -> None:
    row = track(cut, TrackKind.AUDIO)
    header = cut.parts.timeline.headers.header(row.id)
    QTest.mouseClick(header, _LEFT, pos=QPoint(header.width() - 10, 10))
    section = cut.parts.inspector.section(TrackSection)
    assert isinstance(section, TrackSection)
    fader = section.rows["gain_db"].control
    assert isinstance(fader, NumberField)
    fader.setValue(-6)
    section.synced.click()
    cut.dressing.add_effect_to(row.id, "ducking")
    changed = track(cut, TrackKind.AUDIO)
    assert (changed.gain_db, changed.synced) == (-6.0, False)
    assert [effect.kind for effect in changed.effects] == ["ducking"]
    ducking = cut.parts.inspector.section(EffectSection)
    assert isinstance(ducking, EffectSection)
    ducking.rows["amount"].keyframe.click()
    assert isinstance(dict(track(cut, TrackKind.AUDIO).effects[0].params)["amount"], Curve)
    section = cut.parts.inspector.section(TrackSection)
    assert isinstance(section, TrackSection)
    section.downwards.click()
    assert track(cut, TrackKind.AUDIO, 1).id == row.id
    inspected(cut)
    assert cut.parts.inspector.section(TrackSection) is None
    assert cut.session.selection.track == ""


def test_effects_go_on_the_whole_film_and_change_their_order(cut: Editor) -> None:
    cut.session.selection.clear()
    for kind in ("vignette", "exposure"):
        cut.dressing.add_effect_to(cut.session.sequence_id, kind)
    first, second = (s for s in cut.parts.inspector.sections if isinstance(s, EffectSection))
    assert not first.earlier.isEnabled()
    second.earlier.click()
    assert [each.kind for each in cut.session.sequence.effects] == ["exposure", "vignette"]
    cut.book.trigger("edit.undo")
    assert [each.kind for each in cut.session.sequence.effects] == ["vignette", "exposure"]


def test_a_tone_curve_and_a_masks_outline_are_drawn(cut: Editor) -> None:
    inspected(cut)
    for kind in ("curves", "mask_bezier"):
        cut.dressing.add_effect(kind)
    tones, mask = (s for s in cut.parts.inspector.sections if isinstance(s, EffectSection))
    pad = tones.rows["master"].control
    assert isinstance(pad, TonePad)
    drag(pad, pad.place((0.3, 0.3)).toPoint(), pad.place((0.3, 0.1)).toPoint())
    bent = parse_points(str(dict(clips(cut)[0].effects[0].params)["master"]))
    assert bent is not None
    assert [round(x, 1) for x, _ in bent] == [0.0, 0.3, 1.0]
    assert bent[1][1] < 0.2
    QTest.mouseDClick(pad, _LEFT, pos=pad.place(bent[1]).toPoint())
    assert clips(cut)[0].effects[0].params == (), "straight is the default, and is not kept"
    outline = mask.rows["outline"].control
    assert isinstance(outline, OutlinePad)
    for shape in (9 / 16, cut.session.sequence.width / cut.session.sequence.height):
        outline.show_shape(shape)
        across = outline.place((1.0, 1.0)) - outline.place((0.0, 0.0))
        assert abs(across.x() / across.y() - shape) < 0.01
    for corner in ((0.2, 0.2), (0.8, 0.2), (0.5, 0.8)):
        click(outline, outline.place(corner).toPoint())
    drawn = parse_points(str(dict(clips(cut)[0].effects[1].params)["outline"]))
    assert drawn is not None
    assert len(drawn) == 9
    drag(outline, outline.place(drawn[0]).toPoint(), outline.place((0.1, 0.4)).toPoint())
    QTest.mouseDClick(outline, _LEFT, pos=outline.place(drawn[6]).toPoint())
    left = parse_points(str(dict(clips(cut)[0].effects[1].params)["outline"]))
    assert left is not None
    assert len(left) == 6
    assert abs(left[0][0] - 0.1) < 0.02


def test_a_mask_is_drawn_in_the_shape_of_the_sequences_frame(cut: Editor, qtbot: QtBot) -> None:
    pad = OutlinePad("Outline", 1080 / 1920)
    qtbot.addWidget(pad)
    pad.resize(400, 150)
    left, right = pad.place((0, 0)), pad.place((1, 1))
    assert (right.x() - left.x()) / (right.y() - left.y()) == pytest.approx(1080 / 1920, rel=0.01)
    first = clips(cut)[0]
    cut.session.apply("Add", partial(add_effect, owner_id=first.id, kind="mask_bezier"))
    cut.session.apply(
        "Upright",
        partial(set_format, sequence_id=cut.session.sequence_id, width=720, height=1280),
    )
    cut.session.selection.set([first.id])
    settle(qtbot, cut)
    drawn = cut.parts.inspector.findChildren(OutlinePad)[-1]
    drawn.resize(400, 150)
    box = drawn.place((1, 1)) - drawn.place((0, 0))
    assert box.x() / box.y() == pytest.approx(720 / 1280, rel=0.02)
