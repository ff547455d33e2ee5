"""A film leaves through the dialog, in a child process, and says what came of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from studio.media.export.job import Result
from studio.media.export.process import Failed, Finished
from studio.session.exports import ExportRow, Going
from studio.ui.dialogs.export import ExportDialog, ExportVerbs
from studio.ui.dialogs.export_progress import export_text, report_of
from studio.ui.editor import Editor
from tests.studio.ui.driving import wait


def _dialog(cut: Editor, revealed: list[Path]) -> ExportDialog:
    verbs = ExportVerbs(revealed.append)
    return ExportDialog(cut.session, cut.exports, cut.preferences, verbs, cut.window)


def test_a_range_is_exported_and_shown(cut: Editor, tmp_path: Path, qtbot: QtBot) -> None:
    cut.session.transport.mark_in(0)
    cut.session.transport.mark_out(6)
    revealed: list[Path] = []
    dialog = _dialog(cut, revealed)
    assert dialog.form.range.currentData() == (0, 6)
    dialog.form.preset.setCurrentIndex(dialog.form.preset.findData("gif"))
    target = tmp_path / "out.gif"
    dialog.form.path.setText(str(target))
    dialog.start()
    assert dialog.pages.currentWidget() is dialog.progress
    wait(qtbot, lambda: not cut.exports.row(1).active)
    state = cut.exports.row(1).state
    assert isinstance(state, Finished), state
    assert state.result.frames == 3, "half of them: a GIF runs at 15 a second"
    assert target.stat().st_size > 0
    dialog.progress.show_file.click()
    assert revealed == [target]
    assert any(n.text == "Exported out.gif." for n in cut.session.notices.shown)


def test_how_a_preset_codes_is_shown_changed_and_remembered(
    cut: Editor, tmp_path: Path, qtbot: QtBot
) -> None:
    cut.session.transport.mark_in(0)
    cut.session.transport.mark_out(6)
    form = _dialog(cut, []).form
    assert form.picture.quality.value() == 18
    assert form.loudness.itemText(0) == "As the preset says: the mix as it is"
    assert form.frame_size.itemText(0) == "As the preset says: 1920 × 1080"
    assert form.sound.currentText() == "192 kb/s, the preset's own"
    form.preset.setCurrentIndex(form.preset.findData("prores_422"))
    assert form.picture.fixed.text() == "As the codec has it"
    assert form.sound.currentText() == "PCM, 24 bit, nothing is lost"
    assert not form.sound.isEnabled()
    assert form.job(tmp_path / "a.mov").quality is None
    dialog = _dialog(cut, [])
    form = dialog.form
    form.preset.setCurrentIndex(form.preset.findData("youtube_1080"))
    assert form.loudness.itemText(0) == "As the preset says: −14 LUFS"
    before = form.estimate.text()
    assert before.startswith("About ")
    form.picture.quality.setValue(40)
    assert form.estimate.text() != before
    form.picture.way.setCurrentIndex(1)
    form.picture.rate.setValue(8000)
    assert form.estimate.text() == "About 0.2 MB", "6 frames at 8 Mb and 320 kb a second"
    assert not form.hardware.isEnabled()
    form.sound.setCurrentIndex(form.sound.findData(96_000))
    form.loudness.setCurrentIndex(form.loudness.findData(-23.0))
    form.frame_size.setCurrentIndex(form.frame_size.findData((1280, 720)))
    dialog.form.path.setText(str(tmp_path / "out.mp4"))
    dialog.start()
    job = cut.exports.row(1).job
    assert (job.quality, job.bit_rate, job.sound_bit_rate) == (None, 8_000_000, 96_000)
    wait(qtbot, lambda: not cut.exports.row(1).active)
    state = cut.exports.row(1).state
    assert isinstance(state, Finished), state
    again = _dialog(cut, []).form
    assert again.chosen.name == "youtube_1080"
    assert again.loudness.currentData() == -23.0
    assert cut.session.undo_name is None, "what is remembered is no edit"


def test_cancel_leaves_nothing_behind(cut: Editor, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = _dialog(cut, [])
    target = tmp_path / "out.mp4"
    dialog.form.path.setText(str(target))
    dialog.start()
    dialog.progress.cancel.click()
    question = dialog.findChild(QMessageBox)
    assert question is not None
    next(b for b in question.buttons() if b.text() == "Cancel the export").click()
    wait(qtbot, lambda: not cut.exports.row(1).active)
    state = cut.exports.row(1).state
    assert isinstance(state, Failed)
    assert state.cancelled
    assert list(tmp_path.glob("*out*")) == []


def test_pause_holds_and_goes_on(cut: Editor, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = _dialog(cut, [])
    dialog.form.preset.setCurrentIndex(dialog.form.preset.findData("gif"))
    dialog.form.path.setText(str(tmp_path / "out.gif"))
    dialog.start()
    wait(qtbot, lambda: isinstance(cut.exports.row(1).state, Going))
    dialog.progress.pause.click()
    state = cut.exports.row(1).state
    if isinstance(state, Going):
        assert state.paused
        assert dialog.progress.pause.text() == "Go on"
        dialog.progress.pause.click()
    cut.exports.cancel(1)
    wait(qtbot, lambda: not cut.exports.row(1).active)


def test_a_place_that_cannot_be_written_is_refused_before_anything_runs(
    cut: Editor, tmp_path: Path
) -> None:
    dialog = _dialog(cut, [])
    dialog.form.path.setText(str(tmp_path / "nowhere" / "out.mp4"))
    dialog.start()
    assert "no folder" in dialog.error.text()
    assert cut.exports.rows == ()
    dialog.form.path.setText(str(tmp_path))
    dialog.start()
    assert dialog.error.text() == "Give the film a file name."


def test_the_preset_decides_suffix_and_what_can_be_chosen(cut: Editor) -> None:
    dialog = _dialog(cut, [])
    form = dialog.form
    form.preset.setCurrentIndex(form.preset.findData("gif"))
    assert form.path.text().endswith(".gif")
    assert not form.loudness.isEnabled()
    assert not form.smart.isEnabled()
    form.preset.setCurrentIndex(form.preset.findData("instagram_reel"))
    assert form.reframe.isEnabled()
    assert "-14 LUFS" in form.about.text()


def test_another_frame_and_no_chapters_can_be_chosen(cut: Editor, tmp_path: Path) -> None:
    form = _dialog(cut, []).form
    assert not form.reframe.isEnabled()
    form.frame_size.setCurrentIndex(form.frame_size.findText("1080 × 1080, square"))
    assert form.reframe.isEnabled()
    form.chapters.click()
    job = form.job(tmp_path / "out.mp4")
    assert (job.size, job.chapters) == ((1080, 1080), False)
    form.preset.setCurrentIndex(form.preset.findData("stems"))
    assert not form.frame_size.isEnabled()
    assert not form.captions.isEnabled()
    assert form.credentials.isEnabled()


def test_loudness_and_the_report_are_told(cut: Editor, tmp_path: Path) -> None:
    out, report = tmp_path / "out.mp4", tmp_path / "out.credits.html"
    result = Result(out, 25, 1.0, 0, -14.04, -1.2, sidecars=(tmp_path / "out.srt", report))
    row = ExportRow(1, _dialog(cut, []).form.job(out), Finished(result))
    assert export_text(row).endswith("· −14.0 LUFS, true peak −1.2 dBTP")
    assert report_of(result) == report
    silent = Result(out, 25, 1.0, 0, float("-inf"), float("-inf"))
    assert "LUFS" not in export_text(ExportRow(2, row.job, Finished(silent)))
    assert report_of(silent) is None


def test_a_file_is_replaced_only_when_told_twice_and_footage_never(
    cut: Editor, tmp_path: Path, qtbot: QtBot
) -> None:
    cut.session.transport.mark_in(0)
    cut.session.transport.mark_out(6)
    dialog = _dialog(cut, [])
    dialog.form.preset.setCurrentIndex(dialog.form.preset.findData("gif"))
    target = tmp_path / "out.gif"
    target.write_bytes(b"last week's")
    dialog.form.path.setText(str(target))
    dialog.start()
    assert "out.gif already" in dialog.error.text()
    assert dialog.go.text() == "Replace"
    assert cut.exports.rows == ()
    dialog.form.path.setText(str(tmp_path / "other.gif"))
    assert dialog.go.text() == "Export"
    footage = cut.session.file.media_path(cut.session.project.assets[0])
    before = footage.read_bytes()
    dialog.form.path.setText(str(footage))
    dialog.start()
    dialog.start()
    assert "is footage of this project" in dialog.error.text()
    assert footage.read_bytes() == before
    dialog.form.path.setText(str(target))
    dialog.start()
    dialog.start()
    wait(qtbot, lambda: not cut.exports.row(1).active)
    assert isinstance(cut.exports.row(1).state, Finished)
    assert target.read_bytes().startswith(b"GIF")
