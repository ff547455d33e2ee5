"""Several transitions selected: the inspector changes all of them in one step."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

from studio.document.edits.transitions import add_transition
from studio.document.model.clip import Transition, TransitionKind
from studio.document.model.sequence import TrackKind
from studio.document.queries.limits import Edge
from studio.ui.editor import Editor
from studio.ui.number_field import MIXED
from studio.ui.panels.inspector.transition_section import TransitionSection
from tests.studio.ui.driving import clips, track

DISSOLVE, WIPE, CROSSFADE = TransitionKind.DISSOLVE, TransitionKind.WIPE, TransitionKind.CROSSFADE


def lay(editor: Editor, number: int, kind: TransitionKind, frames: int) -> None:
    """Put a transition at the head of a clip, counted from 0."""
    row = TrackKind.AUDIO if kind is CROSSFADE else TrackKind.VIDEO
    clip = clips(editor, row)[number]
    editor.session.apply("Add", lambda p: add_transition(p, clip.id, Edge.HEAD, kind, frames))


def found(editor: Editor, kind: TrackKind = TrackKind.VIDEO) -> list[Transition]:
    """The transitions of a track."""
    return [item for item in track(editor, kind).items if isinstance(item, Transition)]


def section(editor: Editor) -> TransitionSection:
    """What the inspector shows of them."""
    shown = editor.parts.inspector.section(TransitionSection)
    assert isinstance(shown, TransitionSection)
    return shown


def choose(box: QComboBox, value: str) -> None:
    """Choose from a box as a hand does."""
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_kind_and_length_are_changed_in_all_of_them(cut: Editor) -> None:
    for number, kind, frames in ((0, DISSOLVE, 10), (1, DISSOLVE, 20), (2, WIPE, 20)):
        lay(cut, number, kind, frames)
    before = cut.session.project
    cut.session.selection.set(each.id for each in found(cut))
    shown = section(cut)
    assert shown.heading.text() == "3 transitions selected"
    assert shown.kind.currentIndex() == -1, "they differ"
    assert MIXED in shown.length.text()
    assert shown.rows == {}
    choose(shown.kind, WIPE.value)
    assert [each.kind for each in found(cut)] == [WIPE] * 3
    assert cut.session.undo_name == "Change transition of 3"
    shown = section(cut)
    assert set(shown.rows) == {"shape", "angle", "softness", "ease"}
    shown.length.committed.emit(8.0)
    reach = [(each.in_offset, each.out_offset) for each in found(cut)]
    assert reach == [(0, 8), (4, 4), (4, 4)], "at the head of the film it lies within the clip"
    shown.rows["angle"].changed.emit(45.0)
    assert [dict(each.params)["angle"] for each in found(cut)] == [45.0] * 3
    for _ in range(3):
        cut.session.undo()
    assert cut.session.project == before


def test_pictures_and_sounds_together_have_only_a_length(cut: Editor) -> None:
    lay(cut, 1, DISSOLVE, 10)
    lay(cut, 0, CROSSFADE, 10)
    both = [*found(cut), *found(cut, TrackKind.AUDIO)]
    cut.session.selection.set(each.id for each in both)
    shown = section(cut)
    assert shown.kind.count() == 0
    shown.length.committed.emit(6.0)
    both = [*found(cut), *found(cut, TrackKind.AUDIO)]
    assert [each.in_offset + each.out_offset for each in both] == [6, 6]
    assert [each.kind for each in both] == [DISSOLVE, CROSSFADE]
    cut.session.selection.set(each.id for each in found(cut))
    assert section(cut).heading.text() == "Transition"
    choose(section(cut).kind, WIPE.value)
    assert cut.session.undo_name == "Change transition"
    assert found(cut)[0].kind is WIPE
