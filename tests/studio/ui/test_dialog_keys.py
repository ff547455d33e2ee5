"""Return in a dialog does what the dialog is for; Return and Space end no export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from studio.document.model.marker import Marker, MarkerColour
from studio.session.exports import Going
from studio.ui.dialogs.about import AboutDialog
from studio.ui.dialogs.conform import ConformDialog
from studio.ui.dialogs.export import ExportDialog
from studio.ui.dialogs.marker import MarkerDialog
from studio.ui.dialogs.preferences import PreferencesDialog
from studio.ui.dialogs.sticker_export import StickerExportDialog
from studio.ui.editor import Editor
from tests.studio.ui.driving import clips, wait

Key = Qt.Key


def _opened(editor: Editor, kind: type[QDialog], qtbot: QtBot) -> QDialog:
    """The dialog of a kind that is open and has the keyboard."""
    found = editor.window.findChildren(kind)
    (dialog,) = [each for each in found if isinstance(each, QDialog)]
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    return dialog


def _press(dialog: QWidget, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(dialog.focusWidget() or dialog, key)


def _export(editor: Editor, qtbot: QtBot, target: Path) -> ExportDialog:
    """The export dialog, its export begun by Return in the field of the file."""
    editor.book.trigger("file.export")
    dialog = _opened(editor, ExportDialog, qtbot)
    assert isinstance(dialog, ExportDialog)
    dialog.form.path.setText(str(target))
    dialog.form.path.setFocus()
    _press(dialog, qtbot, Key.Key_Return)
    assert dialog.pages.currentWidget() is dialog.progress
    wait(qtbot, lambda: isinstance(editor.exports.row(1).state, Going))
    return dialog


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Return])
def test_return_begins_an_export_and_keys_after_it_hide_the_page(
    active: Editor, qtbot: QtBot, tmp_path: Path, key: Qt.Key
) -> None:
    dialog = _export(active, qtbot, tmp_path / "out.mp4")
    active.exports.pause(1, paused=True)
    _press(dialog, qtbot, key)
    assert not dialog.isVisible()
    assert active.exports.row(1).active
    active.exports.cancel(1)
    wait(qtbot, lambda: not active.exports.row(1).active)


def test_an_export_is_cancelled_only_when_asked_twice(
    active: Editor, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = _export(active, qtbot, tmp_path / "out.mp4")
    active.exports.pause(1, paused=True)
    dialog.progress.cancel.click()
    question = dialog.findChild(QMessageBox)
    assert question is not None
    default = question.defaultButton()
    assert isinstance(default, QPushButton)
    assert default.text() == "Go on exporting"
    default.click()
    assert active.exports.row(1).active
    active.exports.cancel(1)
    wait(qtbot, lambda: not active.exports.row(1).active)


def _preferences(editor: Editor) -> None:
    editor.workspace.show_preferences("Engine")


def _sticker(editor: Editor) -> None:
    editor.session.selection.set([clips(editor)[0].id])
    editor.workspace.export_sticker()


def _marker(editor: Editor) -> None:
    marker = Marker(id="m1", at=0, duration=0, name="here", colour=MarkerColour.GREEN, note="")
    MarkerDialog(marker, editor.window).open()


@pytest.mark.parametrize(
    ("open_it", "kind", "words"),
    [
        (_preferences, PreferencesDialog, "Done"),
        (lambda e: e.workspace.show_about(), AboutDialog, "Close"),
        (lambda e: e.workspace.conform(), ConformDialog, "Conform"),
        (_sticker, StickerExportDialog, "Save sticker"),
        (_marker, MarkerDialog, "Done"),
        (lambda e: e.workspace.export_film(), ExportDialog, "Export"),
    ],
)
def test_return_in_a_dialog_does_what_it_is_for(
    active: Editor,
    qtbot: QtBot,
    open_it: Callable[[Editor], object],
    kind: type[QDialog],
    words: str,
) -> None:
    open_it(active)
    dialog = _opened(active, kind, qtbot)
    for field in dialog.findChildren(QLineEdit):
        if field.isVisible() and field.isEnabled():
            field.setFocus()
            break
    (default,) = [b for b in dialog.findChildren(QPushButton) if b.isDefault()]
    assert default.text() == words
    dialog.close()
