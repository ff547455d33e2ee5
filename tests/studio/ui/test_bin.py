"""The media bin as an editor keeps it in order: folders, the list, dragging, names and labels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copyfile

from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QInputDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.document.edits.sequences import add_sequence
from studio.document.file.project_file import ProjectFile
from studio.document.model.clip import SequenceMedia
from studio.document.model.label import Label
from studio.document.model.sequence import TrackKind
from studio.document.queries.bins import all_bins
from studio.session.bin_entries import Column, Shown, natural
from studio.session.use_counts import UseCounts
from studio.ui.asset_drag import AssetDrag
from studio.ui.editor import Editor
from studio.ui.panels.bin_views import choose
from studio.ui.panels.media_bin import MediaBin
from tests.studio.ui.conftest import cut_project
from tests.studio.ui.driving import at, clips, settle, starts, track, wait

Key, SHIFT = Qt.Key, Qt.KeyboardModifier.ShiftModifier


def shown(media: MediaBin, folder: str = "") -> list[str]:
    """The names in a folder of the bin, in order."""
    parent = media.model.index_of(f"folder:{folder}") if folder else QModelIndex()
    rows = range(media.model.rowCount(parent))
    return [media.model.index(row, 0, parent).data() for row in rows]


def take(editor: Editor, *names: str) -> None:
    """Select entries of the bin by their names."""
    media = editor.parts.media
    project = editor.session.project
    keys = {each.name: f"asset:{each.id}" for each in project.assets}
    keys |= {each.name: f"sequence:{each.id}" for each in project.sequences}
    keys |= {path: f"folder:{path}" for path in all_bins(project)}
    choose(media.view, [media.model.index_of(keys[name]) for name in names])


def let_go(widget: QWidget, data: QMimeData, where: QPoint) -> None:
    """Let something that is dragged go on a widget."""
    both, left = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QDragEnterEvent(where, both, data, left, none))
    QApplication.sendEvent(widget, QDragMoveEvent(where, both, data, left, none))
    QApplication.sendEvent(widget, QDropEvent(QPointF(where), both, data, left, none))


def type_name(media: MediaBin, qtbot: QtBot, name: str) -> None:
    """Type into the name that is being edited, and press Return."""
    found = media.view.viewport().findChildren(QLineEdit)
    (editor,) = (each for each in found if each.isVisible())
    editor.setText(name)
    media.model.dataChanged.emit(media.view.currentIndex(), media.view.currentIndex())
    qtbot.keyClick(editor, Key.Key_Return)
    wait(qtbot, lambda: media.view.state() == media.view.State.NoState)


def homes(editor: Editor) -> dict[str, str]:
    """The folders of all files, by name."""
    return {each.name: each.bin for each in editor.session.project.assets}


def test_a_folder_is_made_named_filled_and_left(cut: Editor, qtbot: QtBot) -> None:
    media = cut.parts.media
    cut.book.trigger("file.new_folder")
    type_name(media, qtbot, "Day 1")
    assert all_bins(cut.session.project) == ("Day 1",)
    assert shown(media) == ["Day 1", "Sequence 1", "b.mp4", "a.mp4"]
    take(cut, "a.mp4", "b.mp4")
    data = media.model.mimeData(media.view.selectionModel().selectedIndexes())
    folder = media.model.index_of("folder:Day 1")
    media.tiles.scrollTo(folder)
    let_go(media.tiles.viewport(), data, media.tiles.visualRect(folder).center())
    assert homes(cut) == {"a.mp4": "Day 1", "b.mp4": "Day 1"}
    assert cut.session.undo_name == "Move to Day 1"
    media.open_folder("Day 1")
    assert media.folder == "Day 1"
    assert [crumb.text() for crumb in media.crumbs.crumbs] == ["Media", "Day 1"]
    take(cut, "a.mp4")
    data = media.model.mimeData(media.view.selectionModel().selectedIndexes())
    let_go(media.crumbs.crumbs[0], data, QPoint(4, 4))
    assert homes(cut) == {"a.mp4": "", "b.mp4": "Day 1"}
    cut.session.undo()
    cut.session.undo()
    assert homes(cut) == {"a.mp4": "", "b.mp4": ""}
    assert shown(media) == ["Day 1", "Sequence 1", "b.mp4", "a.mp4"], "the folder stays"


def test_f2_names_in_place_and_the_ending_of_a_file_is_left_alone(
    active: Editor, qtbot: QtBot
) -> None:
    media = active.parts.media
    media.view.setFocus()
    take(active, "a.mp4")
    qtbot.keyClick(media.view, Key.Key_F2)
    (editor,) = media.view.viewport().findChildren(QLineEdit)
    assert editor.selectedText() == "a"
    type_name(media, qtbot, "Anna.mp4")
    assert "Anna.mp4" in homes(active)
    take(active, "Sequence 1")
    qtbot.keyClick(media.view, Key.Key_Return)
    type_name(media, qtbot, "Reel")
    assert active.session.sequence.name == "Reel"
    assert active.session.undo_name == "Rename sequence"


def test_what_is_clicked_is_what_the_menu_is_about(cut: Editor, qtbot: QtBot) -> None:
    media = cut.parts.media
    for name, key in (("a.mp4", "asset"), ("Sequence 1", "sequence")):
        row = shown(media).index(name)
        index = media.model.index(row, 0)
        media.tiles.scrollTo(index)
        spot = media.tiles.visualRect(index).center()
        qtbot.mouseClick(media.tiles.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        assert [chosen.partition(":")[0] for chosen in media.chosen()] == [key]
    words = [action.text() for action in cut.bin_desk.menu(media).actions()]
    assert words[:2] == ["Open in a tab", "Add to timeline at playhead"]
    assert words[-1] == "Remove from project\tDel"


def test_delete_in_the_bin_is_not_delete_on_the_timeline(active: Editor, qtbot: QtBot) -> None:
    media, before = active.parts.media, starts(active)
    active.session.apply("Two", lambda p: add_sequence(p, "Two", p.sequences[0].rate, 640, 360))
    active.session.selection.set([clips(active)[0].id])
    take(active, "Two")
    media.view.setFocus()
    qtbot.keyClick(media.view, Key.Key_Delete)
    assert [each.name for each in active.session.project.sequences] == ["Sequence 1"]
    assert starts(active) == before


def test_a_full_folder_asks_what_becomes_of_it(empty: Editor, footage: Path, qtbot: QtBot) -> None:
    media = empty.parts.media
    empty.importing.import_files([footage / "a.mp4"], into="Day 1/Tape")
    empty.importing.import_files([footage / "music.wav"])
    wait(qtbot, lambda: len(empty.session.project.assets) == 2)
    for button, left in (("Move it up", 2), ("Remove it too", 1), ("Cancel", 2)):
        take(empty, "Day 1")

        def answer(button: str = button) -> None:
            box = QApplication.activeModalWidget()
            assert isinstance(box, QMessageBox)
            next(b for b in box.findChildren(QPushButton) if b.text() == button).click()

        before = empty.session.position
        later(answer)
        media.tiles.removed.emit()
        assert len(empty.session.project.assets) == left
        bins = {"Move it up": ("Tape",), "Cancel": ("Day 1", "Day 1/Tape")}
        assert all_bins(empty.session.project) == bins.get(button, ())
        empty.session.go_to_step(before)
        assert homes(empty) == {"a.mp4": "Day 1/Tape", "music.wav": ""}
    settle(qtbot, empty)


def later(answer: Callable[[], None]) -> None:
    """Answer a dialog once it is up."""

    def when_up() -> None:
        if QApplication.activeModalWidget() is None:
            QTimer.singleShot(10, when_up)
        else:
            answer()

    QTimer.singleShot(0, when_up)


def test_a_folder_from_the_desktop_is_a_folder_in_the_bin(
    empty: Editor, footage: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    media = empty.parts.media
    shoot = tmp_path / "Shoot"
    (shoot / "Cam A" / "Old").mkdir(parents=True)
    copyfile(footage / "a.mp4", shoot / "Cam A" / "a.mp4")
    copyfile(footage / "b.mp4", shoot / "Cam A" / "Old" / "b.mp4")
    copyfile(footage / "music.wav", shoot / "music.wav")
    (shoot / "notes.txt").write_text("no footage")
    empty.book.trigger("file.new_folder")
    type_name(media, qtbot, "Rushes")
    media.open_folder("Rushes")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(shoot))])
    let_go(media, data, QPoint(20, 200))
    wait(qtbot, lambda: len(empty.session.project.assets) == 3)
    assert homes(empty) == {
        "a.mp4": "Rushes/Shoot/Cam A",
        "b.mp4": "Rushes/Shoot/Cam A/Old",
        "music.wav": "Rushes/Shoot",
    }
    assert media.folder == "Rushes/Shoot", "what came last is in view"
    assert empty.session.undo_name == "Import 3 files"
    settle(qtbot, empty)


def test_a_search_looks_through_all_folders(empty: Editor, footage: Path, qtbot: QtBot) -> None:
    media = empty.parts.media
    empty.importing.import_files([footage / "a.mp4"], into="Day 1")
    wait(qtbot, lambda: len(empty.session.project.assets) == 1)
    empty.importing.import_files([footage / "b.mp4"], into="Day 2")
    wait(qtbot, lambda: len(empty.session.project.assets) == 2)
    media.open_folder("Day 2")
    media.search.setText("a.mp4")
    assert shown(media) == ["a.mp4"]
    assert not media.tiles.rootIndex().isValid()
    media.search.setText("day")
    assert shown(media) == ["Day 1", "Day 2", "b.mp4", "a.mp4"]
    media.search.clear()
    assert media.folder == "Day 2"
    media.model.set_shown(Shown.SEQUENCES)
    assert shown(media) == ["Sequence 1"]
    media.model.set_shown(Shown.ALL)
    settle(qtbot, empty)


def test_the_list_sorts_and_says_how_often_a_file_is_used(cut: Editor, qtbot: QtBot) -> None:
    media = cut.parts.media
    media.look.click()
    columns = list(Column)

    def cells(column: Column) -> list[str]:
        place = columns.index(column)
        return [media.model.index(row, place).data() for row in range(media.model.rowCount())]

    media.tree.header().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
    assert cells(Column.NAME) == ["a.mp4", "b.mp4", "Sequence 1"]
    assert cells(Column.USED) == ["2", "1", ""]
    assert cells(Column.SIZE) == ["160×90", "160×90", "1920×1080"]
    assert cells(Column.RATE) == ["25", "25", "30"]
    media.tree.header().setSortIndicator(columns.index(Column.USED), Qt.SortOrder.DescendingOrder)
    assert cells(Column.NAME) == ["a.mp4", "b.mp4", "Sequence 1"]
    cut.session.selection.set([clip.id for clip in clips(cut) if clip.name == "a.mp4"])
    cut.book.trigger("edit.delete")
    assert cells(Column.NAME)[0] == "b.mp4"
    assert UseCounts().of(cut.session.project)[cut.session.project.assets[1].id] == 1
    assert sorted(["Take 10", "take 2"], key=natural) == ["take 2", "Take 10"]


def test_the_bin_is_found_as_it_was_left(
    tmp_path: Path, footage: Path, open_editor: Callable[[Path], Editor]
) -> None:
    path = tmp_path / "film.workprint"
    ProjectFile.create(path, cut_project(footage, tmp_path)).close()
    first = open_editor(path)
    first.parts.media.new_folder()
    first.parts.media.look.click()
    first.parts.media.open_folder("New folder")
    first.window.close()
    media = open_editor(path).parts.media
    assert media.as_list
    assert media.tree.open_folders() == ["folder:New folder"]
    assert media.look.toolTip() == "Show as pictures"


def test_several_are_laid_down_in_the_order_shown_and_sequences_are_nested(
    empty: Editor, footage: Path, qtbot: QtBot
) -> None:
    media, session = empty.parts.media, empty.session
    empty.importing.import_files([footage / "b.mp4"], into="Day 1")
    wait(qtbot, lambda: len(session.project.assets) == 1)
    empty.importing.import_files([footage / "a.mp4"], into="Day 1")
    wait(qtbot, lambda: len(session.project.assets) == 2)
    empty.workspace.assets.add_to_timeline([session.project.assets[0].id])
    first = session.sequence_id
    session.apply("Two", lambda p: add_sequence(p, "Two", session.sequence.rate, 640, 360))
    session.open_sequence(session.project.sequences[1].id)
    media.look.click()
    media.tree.expandAll()
    media.tree.header().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
    take(empty, "Sequence 1", "b.mp4", "a.mp4")
    drag = media.model.drag_of(media.view.selectionModel().selectedRows())
    assert [each[0] for each in drag.things] == ["a", "a", "s"]
    v1 = track(empty, TrackKind.VIDEO).id
    let_go(empty.parts.timeline.canvas, drag.mime(), at(empty, 0, v1))
    assert [clip.name for clip in clips(empty)] == ["a.mp4", "b.mp4", "Sequence 1"]
    nested = clips(empty)[2].media
    assert isinstance(nested, SequenceMedia)
    assert nested.sequence_id == first
    take(empty, "Day 1")
    assert media.laid() == [f"a{n}" for n in _numbers(session.project.assets, "a.mp4", "b.mp4")]
    take(empty, "Two")
    drag = media.model.drag_of(media.view.selectionModel().selectedRows())
    let_go(empty.parts.timeline.canvas, drag.mime(), at(empty, 400, v1))
    assert len(clips(empty)) == 3, "a sequence does not hold itself"
    settle(qtbot, empty)


def _numbers(assets: tuple, *names: str) -> list[str]:
    by_name = {each.name: each.id[1:] for each in assets}
    return [by_name[name] for name in names]


def test_a_label_is_taken_over_by_what_is_edited_in(cut: Editor, qtbot: QtBot) -> None:
    media, session = cut.parts.media, cut.session
    take(cut, "b.mp4")
    menu = cut.bin_desk.menu(media)
    labels = next(a.menu() for a in menu.actions() if a.text() == "Label")
    assert isinstance(labels, QMenu)
    next(a for a in labels.actions() if a.text() == "Mango").trigger()
    assert session.undo_name == "Label mango"
    (asset,) = [each for each in session.project.assets if each.name == "b.mp4"]
    assert asset.colour == Label.MANGO
    assert [clip.colour for clip in clips(cut)] == ["", "", ""], "what is there stays as it is"
    cut.workspace.assets.add_to_timeline([asset.id])
    assert clips(cut)[0].colour == Label.MANGO
    assert AssetDrag((asset.id,)).laid == (asset.id,)
    settle(qtbot, cut)


def test_a_new_sequence_lies_in_the_open_folder_and_is_in_front(cut: Editor, qtbot: QtBot) -> None:
    media = cut.parts.media
    cut.book.trigger("file.new_folder")
    type_name(media, qtbot, "Scenes")
    media.open_folder("Scenes")

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        dialog.setTextValue("Rooftop")
        dialog.accept()

    later(answer)
    cut.book.trigger("sequence.new")
    assert (cut.session.sequence.name, cut.session.sequence.bin) == ("Rooftop", "Scenes")
    assert cut.session.sequence.rate == cut.session.project.sequences[0].rate
    assert shown(media, "Scenes") == ["Rooftop"]
