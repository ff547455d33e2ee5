"""A sticker leaves through its dialog: a clip's own media, or the marked range as rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from studio.document.edits import speed
from studio.document.edits.assets import with_asset
from studio.document.edits.insert import overwrite
from studio.document.file.project_file import ProjectFile
from studio.media.libav import add_pictures
from studio.media.stickers.reading import read_clip
from studio.session.describing import describe
from studio.session.placing import Wanted, pieces_for, target_tracks
from studio.session.projects import empty_project
from studio.ui.dialogs.sticker_export import StickerExportDialog, open_sticker_export
from studio.ui.editor import Editor
from tests.studio.media.stickers import ball
from tests.studio.ui.driving import clips, wait

RATE = Fraction(8)


OPENED: list[StickerExportDialog] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Dialogs that a test left open are closed before their window is."""
    yield
    for dialog in OPENED:
        if shiboken6.isValid(dialog):
            dialog.reject()
    OPENED.clear()


@pytest.fixture
def stickers(tmp_path: Path, open_editor: Callable[[Path], Editor]) -> Editor:
    """A window over an eight-frame loop with alpha, one second long, at frame 0."""
    return open_editor(_project(tmp_path, [ball(place, 64) for place in range(8)]))


def _project(folder: Path, pictures: list[np.ndarray]) -> Path:
    """A project whose one clip shows these pictures, eight a second."""
    source = _film(folder / "ball.mkv", pictures)
    project, asset_id = with_asset(empty_project("film"), describe(source, folder))
    sequence = project.sequences[0]
    pieces = pieces_for(project, sequence.id, [Wanted(asset_id)], target_tracks(sequence), 120)
    path = folder / "film.workprint"
    ProjectFile.create(path, overwrite(project, sequence.id, 0, pieces)).close()
    return path


def _film(path: Path, pictures: list[np.ndarray]) -> Path:
    """FFV1 with alpha, as the engine makes loops."""
    with av.open(str(path), "w") as out:
        track = add_pictures(out, "ffv1", RATE, {})
        track.width = track.height = pictures[0].shape[0]
        track.pix_fmt = "bgra"
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(picture, format="rgba")
            out.mux(track.encode(frame.reformat(format="bgra")))
        out.mux(track.encode(None))
    return path


def _open(editor: Editor, qtbot: QtBot, revealed: list[Path] | None = None) -> StickerExportDialog:
    reveal = (revealed if revealed is not None else []).append
    dialog = open_sticker_export(editor.session, editor.preferences, reveal, editor.window)
    assert dialog is not None, _said(editor)
    OPENED.append(dialog)
    wait(qtbot, lambda: dialog.made is not None)
    return dialog


def _choose(dialog: StickerExportDialog, qtbot: QtBot, platform: str, suffix: str) -> None:
    form = dialog.form
    form.platform.setCurrentIndex(form.platform.findData(platform))
    at = form.format.findData(suffix)
    assert at >= 0, f"{suffix} is offered"
    form.format.setCurrentIndex(at)
    form.format.activated.emit(at)
    wait(qtbot, lambda: dialog.made is not None and dialog.made.suffix == suffix)


def _said(editor: Editor) -> str:
    return editor.session.notices.shown[-1].text


def test_a_clip_becomes_a_file_for_a_platform(
    stickers: Editor, tmp_path: Path, qtbot: QtBot
) -> None:
    stickers.session.selection.set([clips(stickers)[0].id])
    revealed: list[Path] = []
    dialog = _open(stickers, qtbot, revealed)
    assert dialog.form.limits.text() == "512 px · at most 256 KB · 3 s · 30 frames a second"
    assert "512 × 512 · 8 frames in 1.00 s" in dialog.verdict.text()
    _choose(dialog, qtbot, "whatsapp", ".webp")
    assert "of 500 KB" in dialog.verdict.text()
    target = tmp_path / "ball.webp"
    assert dialog.form.path.text() == str(target)
    dialog.save.click()
    wait(qtbot, target.is_file)
    wait(qtbot, lambda: any(n.text == "Saved ball.webp." for n in stickers.session.notices.shown))
    assert target.stat().st_size <= 500_000
    seen = read_clip([target], 1024)
    assert seen.size == (512, 512)
    assert seen.duration == 1
    alpha = seen.pictures[0][..., 3]
    assert (alpha[0, 0], alpha[256, 256]) == (0, 255), "nothing around the ball, all of it there"
    assert stickers.preferences.settings.export_folder == str(tmp_path)
    action = next(n.action for n in stickers.session.notices.shown if n.text == "Saved ball.webp.")
    assert action is not None
    action.run()
    assert revealed == [target]


def test_what_plays_is_the_file_and_bounce_lengthens_it(stickers: Editor, qtbot: QtBot) -> None:
    stickers.session.selection.set([clips(stickers)[0].id])
    dialog = _open(stickers, qtbot)
    _choose(dialog, qtbot, "discord", ".gif")
    made = dialog.made
    assert made is not None
    assert sum(made.film.shown_ms) == 1000
    first = made.film.images[0]
    assert first.pixelColor(0, 0).alpha() == 0
    assert {first.pixelColor(x, 160).alpha() for x in range(320)} == {0, 255}, "a GIF's hard edge"
    qtbot.mouseClick(_button(dialog, "Bounce"), Qt.MouseButton.LeftButton)
    assert not dialog.save.isEnabled(), "what is seen is no longer what is asked for"
    wait(qtbot, lambda: dialog.made is not None)
    bounced = dialog.made
    assert bounced is not None
    assert sum(bounced.film.shown_ms) == 1750
    wait(qtbot, lambda: dialog.preview.film.place > 0)
    dialog.preview.background.chosen.emit("black")
    assert dialog.preview.film.grab().toImage().pixelColor(4, 4).name() == "#000000"


def _button(dialog: StickerExportDialog, text: str) -> QPushButton:
    return next(b for b in dialog.form.loop.findChildren(QPushButton) if b.text() == text)


def test_the_marked_range_is_rendered_with_alpha_and_trimmed(
    stickers: Editor, tmp_path: Path, qtbot: QtBot
) -> None:
    stickers.session.transport.mark_in(0)
    stickers.session.transport.mark_out(15)
    dialog = _open(stickers, qtbot)
    assert "In to out of" in dialog.form.part.currentText()
    assert dialog.form.trim.isChecked()
    made = dialog.made
    assert made is not None
    width, height = made.sticker.clip.size
    assert (width, made.sticker.clip.duration) == (512, Fraction(1, 2))
    assert height < 512, "the ball goes from side to side"
    dialog.form.trim.setChecked(False)
    wait(qtbot, lambda: dialog.made is not None)
    whole = dialog.made
    assert whole is not None
    assert whole.sticker.clip.size == (512, 288), "the frame of the film"
    assert whole.sticker.clip.pictures[0][0, 0, 3] == 0


def test_with_a_clip_and_marks_either_can_be_chosen(stickers: Editor, qtbot: QtBot) -> None:
    stickers.session.selection.set([clips(stickers)[0].id])
    stickers.session.transport.mark_in(0)
    stickers.session.transport.mark_out(8)
    dialog = _open(stickers, qtbot)
    assert dialog.form.part.currentText() == "ball.mkv  (8 frames)"
    assert not dialog.form.trim.isChecked()
    dialog.form.part.setCurrentIndex(1)
    assert dialog.made is None
    wait(qtbot, lambda: dialog.made is not None)
    assert dialog.form.trim.isChecked()


def test_a_reversed_clip_plays_backwards_and_a_frozen_one_stands(
    stickers: Editor, qtbot: QtBot
) -> None:
    clip = clips(stickers)[0]
    stickers.session.selection.set([clip.id])
    forward = _open(stickers, qtbot).made
    stickers.session.apply("Reverse", partial(speed.reverse, clip_id=clip.id))
    stickers.session.selection.set([clips(stickers)[0].id])
    backward = _open(stickers, qtbot).made
    assert forward is not None
    assert backward is not None
    there, back = (made.sticker.clip.pictures for made in (forward, backward))
    assert np.array_equal(there[0], back[-1])
    assert not np.array_equal(there[1], back[1])


def test_what_had_to_give_way_is_said(
    tmp_path: Path, open_editor: Callable[[Path], Editor], qtbot: QtBot
) -> None:
    editor = open_editor(_project(tmp_path, [ball(place, 64) for place in range(32)]))
    editor.session.selection.set([clips(editor)[0].id])
    dialog = _open(editor, qtbot)
    assert dialog.notes.text().startswith("Only its first 3 s of 4.0 s.")
    _choose(dialog, qtbot, "slack", ".gif")
    assert dialog.notes.text() == ""
    assert "of 128 KB" in dialog.verdict.text()


def test_a_bad_place_is_refused_and_mended(stickers: Editor, tmp_path: Path, qtbot: QtBot) -> None:
    stickers.session.selection.set([clips(stickers)[0].id])
    dialog = _open(stickers, qtbot)
    dialog.form.path.setText(str(tmp_path / "nowhere" / "a.webm"))
    dialog.save.click()
    assert "There is no folder" in dialog.verdict.text()
    dialog.form.path.setText(str(tmp_path / "a.mp4"))
    dialog.save.click()
    assert dialog.verdict.text() == "Let the name end in .webm."
    taken = tmp_path / "a.webm"
    taken.write_bytes(b"kept")
    dialog.form.path.setText(str(taken))
    assert dialog.save.text() == "Replace file"
    dialog.reject()
    assert taken.read_bytes() == b"kept"
    assert [each for each in tmp_path.iterdir() if ".part" in each.name] == []


def test_what_cannot_be_a_sticker_is_said_in_one_sentence(
    cut: Editor, qtbot: QtBot, tmp_path: Path
) -> None:
    cut.book.trigger("file.export_sticker")
    assert _said(cut).startswith("Select a clip first, or mark in and out")
    cut.session.transport.mark_in(0)
    cut.session.transport.mark_out(301)
    cut.book.trigger("file.export_sticker")
    assert _said(cut).startswith("The marked range has 301 frames, and a sticker 300 at most.")
    cut.session.transport.mark_in(None)
    cut.session.transport.mark_out(None)
    gone = [replace(each, path=f"gone/{each.path}") for each in cut.session.project.assets]
    cut.session.footage.look(gone, tmp_path)
    wait(qtbot, lambda: bool(cut.session.footage.missing))
    cut.session.selection.set([clips(cut)[0].id])
    cut.book.trigger("file.export_sticker")
    assert "offline" in _said(cut)


def test_footage_without_alpha_says_so(cut: Editor, qtbot: QtBot) -> None:
    cut.session.selection.set([clips(cut)[1].id])
    dialog = _open(cut, qtbot)
    assert "no transparency" in dialog.notes.text()


def test_the_menu_of_a_clip_offers_it(stickers: Editor) -> None:
    stickers.session.selection.set([clips(stickers)[0].id])
    offered = [action.text() for action in stickers.menus.clip_menu().actions()]
    assert "Export sticker…" in offered
