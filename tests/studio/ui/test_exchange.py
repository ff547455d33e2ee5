"""Cuts of other editors through the File menu and by dropping them on the window."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from studio.document.edits.bins import label_in_bin, put_in_bin
from studio.document.file.project_file import ProjectFile
from studio.document.model.sequence import TrackKind
from studio.interchange.files import write
from studio.session.notices import Severity
from studio.session.projects import empty_project
from studio.ui.editor import Editor
from studio.ui.panels.inspector.effect_section import EffectSection
from tests.studio.ui.driving import clips, settle, starts, wait


@pytest.fixture(autouse=True)
def qt_dialogs() -> Iterator[None]:
    """Qt's own file dialog instead of the desktop's, which a test cannot reach."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, True)
    yield
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)


def _answering(path: Path, kind: str = "") -> None:
    """Answer the file dialog that opens next as somebody does who knows the path."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            QTimer.singleShot(20, answer)
            return
        if kind:
            dialog.selectNameFilter(kind)
        dialog.setDirectory(str(path.parent))
        name = dialog.findChild(QLineEdit)
        assert name is not None
        name.setText(str(path))
        dialog.accept()

    QTimer.singleShot(0, answer)


def _drop(editor: Editor, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    editor.window.dropEvent(QDropEvent(QPointF(40, 40), copy, data, left, none))


def _said(editor: Editor, words: str) -> bool:
    return any(words in notice.text for notice in editor.session.notices.shown)


@pytest.mark.parametrize("ending", [".otio", ".fcpxml", ".xml"])
def test_a_cut_goes_out_and_comes_back_as_a_sequence(
    cut: Editor, qtbot: QtBot, tmp_path: Path, ending: str
) -> None:
    target, before = tmp_path / f"cut{ending}", starts(cut)
    _answering(target)
    cut.book.trigger("file.export_cut")
    wait(qtbot, target.exists)
    wait(qtbot, lambda: _said(cut, f"cut{ending} is written"))
    _answering(target)
    first = cut.session.sequence_id
    cut.book.trigger("file.import_cut")
    wait(qtbot, lambda: len(cut.session.project.sequences) == 2)
    assert cut.session.sequence_id != first
    assert starts(cut) == before
    cut.book.trigger("edit.undo")
    assert [each.id for each in cut.session.project.sequences] == [first]


def test_a_name_without_an_ending_gets_that_of_the_kind_chosen(
    cut: Editor, qtbot: QtBot, tmp_path: Path
) -> None:
    kind = "CMX3600 edit list (*.edl)"
    _answering(tmp_path / "for the lab", kind)
    cut.book.trigger("file.export_cut")
    wait(qtbot, (tmp_path / "for the lab.edl").exists)


def test_a_cut_that_is_dropped_becomes_a_sequence(
    cut: Editor, qtbot: QtBot, tmp_path: Path
) -> None:
    target = tmp_path / "cut.otio"
    cut.exchange.get().export_cut(target)
    wait(qtbot, target.exists)
    assets = len(cut.session.project.assets)
    _drop(cut, target)
    wait(qtbot, lambda: len(cut.session.project.sequences) == 2)
    assert len(cut.session.project.assets) == assets, "media that is there is used again"


def test_a_file_that_is_no_cut_is_refused_in_words(
    cut: Editor, qtbot: QtBot, tmp_path: Path
) -> None:
    broken, before = tmp_path / "broken.fcpxml", cut.session.project
    broken.write_text("<fcpxml><never ends")
    _answering(broken)
    cut.book.trigger("file.import_cut")
    wait(qtbot, lambda: any(n.severity is Severity.ERROR for n in cut.session.notices.shown))
    assert _said(cut, "broken.fcpxml")
    assert cut.session.project is before


TALK = "1\n00:00:01,000 --> 00:00:02,000\nHello.\n\n2\n00:00:99,0 --> 00:01:00,0\nLost.\n"


def test_captions_come_in_from_a_file_and_go_out_again(
    cut: Editor, qtbot: QtBot, tmp_path: Path
) -> None:
    talk, out, before = tmp_path / "talk.srt", tmp_path / "out.srt", cut.session.project
    talk.write_text(TALK)
    assert not cut.book.action("file.export_captions").isEnabled()
    _answering(talk)
    cut.book.trigger("file.import_captions")
    wait(qtbot, lambda: cut.session.project is not before)
    assert _said(cut, "1 caption from talk.srt")
    assert _said(cut, "Line 6")
    assert starts(cut, TrackKind.CAPTION) == [30]
    _answering(out)
    cut.book.trigger("file.export_captions")
    wait(qtbot, out.exists)
    assert "Hello." in out.read_text()
    cut.book.trigger("edit.undo")
    assert cut.session.project == before


def test_what_is_no_subtitle_file_is_refused_in_words(
    cut: Editor, qtbot: QtBot, tmp_path: Path
) -> None:
    broken, before = tmp_path / "talk.vtt", cut.session.project
    broken.write_bytes(b"\0\1\2")
    _drop(cut, broken)
    wait(qtbot, lambda: _said(cut, "talk.vtt: That is no subtitle file."))
    assert cut.session.project is before


def test_a_look_is_loaded_from_its_effect(cut: Editor, qtbot: QtBot, tmp_path: Path) -> None:
    look = tmp_path / "warm.cube"
    corners = [f"{r} {g} {b}" for b in (0, 1) for g in (0, 1) for r in (0, 1)]
    look.write_text("\n".join(["LUT_3D_SIZE 2", *corners]))
    cut.session.selection.set([clips(cut)[0].id])
    cut.dressing.add_effect("lut")
    section = cut.parts.inspector.section(EffectSection)
    assert isinstance(section, EffectSection)
    box = section.rows["lut"].control
    assert isinstance(box, QComboBox)
    _answering(look)
    box.setCurrentIndex(box.findText("Load a file…"))
    box.activated.emit(box.currentIndex())
    wait(qtbot, lambda: bool(clips(cut)[0].effects[0].params))
    chosen = dict(clips(cut)[0].effects[0].params)["lut"]
    assert cut.session.project.assets_by_id[str(chosen)].name == "warm"
    assert box.currentText() == "warm"


def test_the_folders_of_another_editors_cut_lie_in_the_open_folder(
    cut: Editor, empty_beside: Editor, qtbot: QtBot, tmp_path: Path
) -> None:
    """Also when the footage is on this disk, and is looked at for what it is."""
    asset = cut.session.project.assets[0]
    assert cut.session.apply("File", lambda p: put_in_bin(p, [asset.id], "Day 1"))
    assert cut.session.apply("Label", lambda p: label_in_bin(p, [asset.id], "teal"))
    target = tmp_path / "cut.xml"
    write(cut.session.project, target, cut.session.folder)
    foreign = re.sub(r"<clipcommenta>.*?</clipcommenta>", "", target.read_text("utf-8"))
    target.write_text(foreign, "utf-8")
    other, media = empty_beside.session, empty_beside.parts.media
    media.new_folder()
    media.open_folder("New folder")
    empty_beside.workspace.assets.import_paths([target])
    wait(qtbot, lambda: len(other.project.sequences) == 2)
    (found,) = [each for each in other.project.assets if each.name == asset.name]
    assert (found.bin, found.colour) == ("New folder/Day 1", "teal")
    assert found.video[0].width == 160, "it was looked at"
    assert other.sequence.bin == "New folder"
    settle(qtbot, empty_beside)


@pytest.fixture
def empty_beside(tmp_path: Path, open_editor: Callable[[Path], Editor]) -> Editor:
    """A second window, over a new project."""
    path = tmp_path / "other.workprint"
    ProjectFile.create(path, empty_project("other")).close()
    return open_editor(path)
