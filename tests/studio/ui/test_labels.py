"""Labels on the timeline: painted, put on several clips in one step, used to select."""

from __future__ import annotations

from itertools import combinations
from math import dist

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor

from studio.document.model.label import Label
from studio.document.model.sequence import TrackKind
from studio.session.labelling import label_track
from studio.ui.actions.labels import label_command
from studio.ui.editor import Editor
from studio.ui.labels import COLOURS, ink_on, label_colour, label_name
from studio.ui.panels.inspector.clip_sections import ClipSection
from studio.ui.panels.inspector.several_sections import SeveralSection
from tests.studio.ui.driving import at, clips, track


def strip_colour(editor: Editor, clip_number: int) -> QColor:
    """The colour of a clip's name strip on the screen, right of its name."""
    canvas, place = editor.parts.timeline.canvas, clips(editor)[clip_number]
    start = track(editor, TrackKind.VIDEO).index.starts[clip_number]
    spot = at(editor, start + place.duration * 0.9, track(editor, TrackKind.VIDEO).id, 0.0)
    return canvas.grab().toImage().pixelColor(spot + QPoint(0, 8))


def near(one: QColor, other: QColor) -> bool:
    """Whether two colours are the same but for rounding."""
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return all(abs(a - b) <= 2 for a, b in pairs)


def test_one_step_labels_all_that_is_selected(cut: Editor) -> None:
    session, before = cut.session, cut.session.project
    ids = [clips(cut)[0].id, clips(cut)[1].id]
    session.selection.set(ids)
    cut.book.trigger(label_command(Label.MANGO))
    assert [clip.colour for clip in clips(cut)] == ["mango", "mango", ""]
    assert session.undo_name == "Label mango of 2 clips"
    assert near(strip_colour(cut, 1), QColor(COLOURS[Label.MANGO]))
    assert not near(strip_colour(cut, 2), QColor(COLOURS[Label.MANGO]))
    assert cut.book.action(label_command(Label.MANGO)).isChecked()
    session.selection.set([clips(cut)[1].id])
    cut.book.trigger("clip.label_select")
    assert session.selection.ids == set(ids)
    session.undo()
    assert session.project == before


def test_a_tracks_label_is_that_of_clips_without_one(cut: Editor) -> None:
    label_track(cut.session, track(cut, TrackKind.VIDEO).id, Label.TEAL)
    cut.session.selection.set([clips(cut)[0].id])
    cut.book.trigger(label_command(Label.ROSE))
    assert near(strip_colour(cut, 0), QColor(COLOURS[Label.ROSE]))
    assert near(strip_colour(cut, 1), QColor(COLOURS[Label.TEAL]))
    cut.book.trigger(label_command(None))
    assert near(strip_colour(cut, 0), QColor(COLOURS[Label.TEAL]))


def test_the_inspector_labels_a_clip_with_its_sound_and_several(cut: Editor) -> None:
    picture = clips(cut)[0]
    cut.session.selection.set([picture.id])
    section = cut.parts.inspector.section(ClipSection)
    assert isinstance(section, ClipSection)
    section.label.setCurrentIndex(section.label.findData("iris"))
    section.label.activated.emit(section.label.currentIndex())
    assert clips(cut)[0].colour == "iris"
    assert clips(cut, TrackKind.AUDIO)[0].colour == "iris"
    cut.session.selection.set(clip.id for clip in clips(cut))
    several = cut.parts.inspector.section(SeveralSection)
    assert isinstance(several, SeveralSection)
    assert several.label.currentIndex() == -1, "they differ"
    several.label.setCurrentIndex(several.label.findData(""))
    several.label.activated.emit(several.label.currentIndex())
    assert [clip.colour for clip in clips(cut)] == ["", "", ""]


@pytest.mark.parametrize("label", list(Label))
def test_every_label_has_a_colour_that_words_can_be_read_on(label: Label) -> None:
    base, ink = QColor(COLOURS[label]), ink_on(QColor(COLOURS[label]))
    light, dark = sorted((_luminance(base), _luminance(ink)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4
    assert label_name(label) == label.capitalize()


def test_labels_are_told_apart() -> None:
    """By at least six times what the eye just sees (CIE 1976)."""
    for one, other in combinations(Label, 2):
        a, b = _lab(QColor(COLOURS[one])), _lab(QColor(COLOURS[other]))
        assert dist(a, b) > 14, (one, other)


def test_another_programs_colour_is_shown_as_it_is() -> None:
    assert label_colour("#336699") == QColor("#336699")
    assert label_colour("no colour") is None
    assert label_name("#336699") == "#336699"


def _linear(colour: QColor) -> list[float]:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def _luminance(colour: QColor) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lab(colour: QColor) -> tuple[float, float, float]:
    """CIE L*a*b* of an sRGB colour, white point D65."""
    red, green, blue = _linear(colour)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    parts = (x, _luminance(colour), z)
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in parts)
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)
