"""Commands as data: every one has a place, no two share keys, and each does what it says."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from operator import attrgetter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from studio.document.model.clip import ConstantSpeed, Transition
from studio.document.model.sequence import TrackKind
from studio.document.queries.places import with_linked
from studio.ui.actions import edit, file, making, sequence
from studio.ui.actions.book import MENU_ORDER
from studio.ui.actions.command import Command, matches
from studio.ui.desk import Desk
from studio.ui.dialogs.palette import CommandPalette
from studio.ui.dialogs.preferences import PreferencesDialog
from studio.ui.dialogs.shortcuts import ShortcutList
from studio.ui.editor import Editor
from studio.ui.server_check import preference_verbs
from tests.studio.ui.driving import clips, starts, track, wait

ALL: tuple[Command[Desk], ...] = (
    *file.COMMANDS,
    *edit.COMMANDS,
    *making.COMMANDS,
    *sequence.COMMANDS,
)


def test_ids_and_keys_are_used_once() -> None:
    assert [name for name, count in Counter(c.id for c in ALL).items() if count > 1] == []
    keys = Counter(QKeySequence(key).toString() for command in ALL for key in command.shortcuts)
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("command", ALL, ids=attrgetter("id"))
def test_every_command_has_a_menu_and_a_title(command: Command[Desk]) -> None:
    assert command.menu.split("/")[0] in MENU_ORDER
    assert command.title[0].isupper()
    assert command.title == command.title.strip()
    for key in command.shortcuts:
        assert QKeySequence(key).count() == 1


def test_a_search_finds_by_title_menu_and_other_words() -> None:
    split = next(c for c in ALL if c.id == "clip.split")
    assert matches(split, "cut play") == 0
    assert matches(split, "razor") == 2
    assert matches(split, "zebra") is None
    assert matches(split, "") is not None


def test_cut_copy_paste_duplicate_and_delete(cut: Editor) -> None:
    first = clips(cut)[0]
    cut.session.selection.set([first.id])
    cut.book.trigger("edit.copy")
    cut.session.transport.seek(300)
    cut.book.trigger("edit.paste")
    assert starts(cut)[-1] == 300
    assert starts(cut, TrackKind.AUDIO)[-1] == 300
    assert cut.session.transport.position == 300 + first.duration
    cut.session.selection.set([first.id])
    cut.book.trigger("edit.ripple_delete")
    assert starts(cut)[0] == 0
    assert first.id not in {c.id for c in clips(cut)}
    cut.book.trigger("edit.undo")
    cut.book.trigger("edit.undo")
    assert len(clips(cut)) == 3


def test_split_trim_to_playhead_and_dissolve(cut: Editor) -> None:
    cut.session.transport.seek(20)
    cut.book.trigger("clip.split")
    assert starts(cut)[:2] == [0, 20]
    cut.session.transport.seek(10)
    cut.book.trigger("clip.trim_start")
    assert (starts(cut)[1], cut.session.transport.position) == (10, 0)
    cut.session.transport.seek(10)
    cut.book.trigger("clip.dissolve")
    kinds = [i.kind.value for i in track(cut, TrackKind.VIDEO).items if isinstance(i, Transition)]
    sound = [i.kind.value for i in track(cut, TrackKind.AUDIO).items if isinstance(i, Transition)]
    assert (kinds, sound) == (["dissolve"], ["crossfade"])
    assert cut.menus is not None
    assert cut.book.action("edit.undo").text() == "Undo add dissolve"


def test_commands_without_a_selection_are_off(cut: Editor) -> None:
    cut.session.selection.clear()
    for command in ("edit.delete", "edit.copy", "clip.link", "clip.reverse"):
        assert not cut.book.action(command).isEnabled()
    cut.book.trigger("edit.select_all")
    assert cut.book.action("edit.delete").isEnabled()


def test_markers_ranges_and_lift(cut: Editor) -> None:
    cut.session.transport.seek(30)
    cut.book.trigger("mark.marker")
    assert [marker.at for marker in cut.session.sequence.markers] == [30]
    cut.book.trigger("mark.in")
    cut.session.transport.seek(49)
    cut.book.trigger("mark.out")
    assert cut.session.transport.range_frames == (30, 50)
    cut.book.trigger("sequence.lift")
    assert starts(cut)[:2] == [0, 50]
    cut.book.trigger("edit.undo")
    cut.book.trigger("sequence.extract")
    assert starts(cut)[2] == 72 - 20


def test_history_panel_goes_back_and_forth(cut: Editor) -> None:
    before = cut.session.project
    for frame in (10, 20, 30):
        cut.session.transport.seek(frame)
        cut.book.trigger("clip.split")
    panel = cut.parts.history
    assert panel.list.count() == 4
    panel._go(panel.list.item(0))
    assert cut.session.project == before
    panel._go(panel.list.item(2))
    assert starts(cut)[:3] == [0, 10, 20]


def test_the_palette_runs_what_is_found(cut: Editor, qtbot: QtBot) -> None:
    palette = CommandPalette(cut.book, cut.window)
    qtbot.addWidget(palette)
    cut.session.transport.seek(20)
    palette.search.setText("cut at play")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert starts(cut)[:2] == [0, 20]


def test_shortcuts_are_changed_and_conflicts_refused(cut: Editor, qtbot: QtBot) -> None:
    page = ShortcutList(cut.book, cut.preferences)
    qtbot.addWidget(page)
    page.search.setText("Cut at playhead")
    group = page.tree.topLevelItem(0)
    first = group.child(0) if group is not None else None
    assert first is not None
    page.tree.setCurrentItem(first)
    page.keys.setKeySequence(QKeySequence("Ctrl+Z"))
    page.set_keys.click()
    assert "already belongs" in page.hint.text()
    page.keys.setKeySequence(QKeySequence("Ctrl+Alt+B"))
    page.set_keys.click()
    assert cut.book.action("clip.split").shortcut() == QKeySequence("Ctrl+Alt+B")
    assert cut.preferences.settings.shortcuts == {"clip.split": "Ctrl+Alt+B"}
    page.all_default.click()
    assert cut.book.action("clip.split").shortcut() == QKeySequence("S")


def test_preferences_test_a_server_and_say_how_it_went(cut: Editor, qtbot: QtBot) -> None:
    verbs = preference_verbs(cut.preferences, cut.session.work, str)
    dialog = PreferencesDialog(cut.preferences, cut.book, verbs, cut.window)
    qtbot.addWidget(dialog)
    dialog.engine.test.click()
    assert "address first" in dialog.engine.result.text()
    dialog.engine.address.setText("http://127.0.0.1:9")
    dialog.engine.token.setText("secret")
    dialog.engine.test.click()
    wait(qtbot, dialog.engine.test.isEnabled)
    assert dialog.engine.result.text()
    assert dialog.engine.result.property("role") == "danger"
    assert cut.preferences.settings.server_address == "http://127.0.0.1:9"


def test_clips_are_nested_looked_into_and_put_back(cut: Editor) -> None:
    before, first = starts(cut), cut.session.sequence_id
    cut.session.selection.set([clip.id for clip in clips(cut)[:2]])
    cut.book.trigger("clip.nest")
    nested = clips(cut)[0]
    cut.session.selection.set([nested.id])
    cut.workspace.open_item(nested.id)
    assert cut.session.sequence_id != first, "a double click looks into it"
    assert starts(cut) == before[:2]
    cut.session.open_sequence(first)
    cut.session.selection.set([nested.id])
    cut.book.trigger("clip.unnest")
    assert starts(cut) == before


def test_two_clips_change_places_with_their_sound(cut: Editor) -> None:
    first, _, last = clips(cut)
    cut.session.selection.set([first.id])
    assert not cut.book.action("clip.swap").isEnabled()
    ids = with_linked(cut.session.project, [first.id, last.id])
    cut.session.selection.set(ids)
    cut.book.trigger("clip.swap")
    assert [clip.id for clip in clips(cut)][::2] == [last.id, first.id]
    assert starts(cut, TrackKind.AUDIO)[0] == 0


def test_effects_are_copied_to_other_pictures_and_not_to_sounds(cut: Editor) -> None:
    first, second, _ = clips(cut)
    cut.session.selection.set([first.id])
    cut.dressing.add_effect("blur")
    cut.book.trigger("edit.copy_effects")
    cut.session.selection.set([clips(cut, TrackKind.AUDIO)[1].id])
    cut.book.trigger("edit.paste_effects")
    assert any("other pictures" in notice.text for notice in cut.session.notices.shown)
    cut.session.selection.set([second.id])
    cut.book.trigger("edit.paste_effects")
    assert [effect.kind for effect in clips(cut)[1].effects] == ["blur"]


def test_a_clip_is_frozen_at_the_playhead(cut: Editor) -> None:
    cut.session.selection.set([clips(cut)[0].id])
    cut.session.transport.seek(12)
    cut.book.trigger("clip.freeze_all")
    assert clips(cut)[0].speed == ConstantSpeed(Fraction(0))
