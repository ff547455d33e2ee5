"""The rating window, driven by keys: what is on disk after each, and what the window shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.protocol.ratings import (
    CHOICES,
    Candidate,
    Rater,
    Reason,
    Verdict,
    add_choice,
    choice,
    read_choices,
    write_candidates,
)
from studio.__main__ import main as studio_main
from studio.ui.editor import Editor
from studio.ui.rating.board import RatingBoard
from studio.ui.rating.films import Background, FilmShelf, read_film
from studio.ui.rating.opening import open_rating
from studio.ui.rating.window import RatingWindow
from tests.studio.ui.driving import WAIT_MS, wait

COUNT = 7


def sticker(hue: int) -> Image.Image:
    """A round sticker with a clear surround."""
    rgba = np.zeros((32, 32, 4), np.uint8)
    y, x = np.mgrid[-16:16, -16:16]
    rgba[x * x + y * y < 150] = (hue, 255 - hue, 80, 255)
    return Image.fromarray(rgba)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Seven candidates of two teachers: the first an animation, the second a broken file."""
    made = []
    for number in range(COUNT):
        name = f"{number}.png"
        sticker(number * 30).save(tmp_path / name)
        source = "AB"[number % 2]
        made.append(Candidate(id=str(number), file=name, prompt=f"sticker {number}", source=source))
    frames = [sticker(hue) for hue in (0, 80, 160)]
    frames[0].save(tmp_path / "0.png", save_all=True, append_images=frames[1:], duration=20, loop=0)
    (tmp_path / "1.png").write_bytes(b"no picture")
    write_candidates(tmp_path, made)
    return tmp_path


@pytest.fixture
def window(dressed: QApplication, folder: Path) -> Iterator[RatingWindow]:
    shown = RatingWindow(RatingBoard(folder))
    shown.show()
    yield shown
    shown.close()
    shown.deleteLater()
    dressed.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def press(qtbot: QtBot, window: RatingWindow, keys: str) -> None:
    """Press keys on the grid, as a hand on the keyboard does."""
    for key in keys:
        qtbot.keyClick(window.grid, Qt.Key(ord(key)))


def in_hand(window: RatingWindow) -> str:
    return window.board.candidates[window.place].id


def verdicts(folder: Path) -> dict[str, Verdict]:
    return {name: made.verdict for name, made in read_choices(folder).items()}


def place_of(window: RatingWindow, name: str) -> int:
    return [each.id for each in window.board.candidates].index(name)


def test_each_key_is_on_disk_at_once_and_leads_to_the_next(
    qtbot: QtBot, window: RatingWindow, folder: Path
) -> None:
    order = [each.id for each in window.board.candidates]
    assert in_hand(window) == order[0]
    press(qtbot, window, "K")
    assert verdicts(folder) == {order[0]: Verdict.KEEP}
    assert in_hand(window) == order[1]
    press(qtbot, window, "25R")
    made = read_choices(folder)[order[1]]
    assert (made.verdict, made.by) == (Verdict.REJECT, Rater.PERSON)
    assert made.reasons == (Reason.UGLY, Reason.NO_MOTION)
    assert in_hand(window) == order[2]
    assert window.progress.text() == "2 of 7 rated · 1 kept"
    assert window.bar.value() == 2


def test_a_reason_pressed_twice_is_taken_back(
    qtbot: QtBot, window: RatingWindow, folder: Path
) -> None:
    name = in_hand(window)
    press(qtbot, window, "3")
    assert window.reasons[Reason.CROPPED].isChecked()
    assert window.state.text() == "Rejected"
    press(qtbot, window, "3")
    assert not window.reasons[Reason.CROPPED].isChecked()
    assert read_choices(folder)[name].reasons == ()
    assert in_hand(window) == name


def test_undo_goes_back_through_every_choice(
    qtbot: QtBot, window: RatingWindow, folder: Path
) -> None:
    first = in_hand(window)
    press(qtbot, window, "KR")
    press(qtbot, window, "U")
    assert verdicts(folder) == {first: Verdict.KEEP}
    press(qtbot, window, "U")
    assert verdicts(folder) == {}
    assert in_hand(window) == first
    press(qtbot, window, "U")
    assert verdicts(folder) == {}
    assert len((folder / CHOICES).read_text().splitlines()) == 4


def test_undo_gives_an_earlier_rater_back_its_choice(
    qtbot: QtBot, dressed: QApplication, folder: Path
) -> None:
    board = RatingBoard(folder)
    for each in board.candidates:
        add_choice(folder, choice(each, Verdict.REJECT, Rater.JUDGE))
    window = RatingWindow(RatingBoard(folder))
    qtbot.addWidget(window)
    name = in_hand(window)
    assert window.state.text() == "Rejected by the automatic judge"
    press(qtbot, window, "K")
    assert read_choices(folder)[name].by is Rater.PERSON
    press(qtbot, window, "U")
    made = read_choices(folder)[name]
    assert (made.verdict, made.by) == (Verdict.REJECT, Rater.JUDGE)


def test_arrows_move_without_a_choice(qtbot: QtBot, window: RatingWindow, folder: Path) -> None:
    before = in_hand(window)
    qtbot.keyClick(window.grid, Qt.Key.Key_Right)
    assert in_hand(window) == window.board.candidates[1].id != before
    qtbot.keyClick(window.grid, Qt.Key.Key_Left)
    assert in_hand(window) == before
    assert not (folder / CHOICES).exists()


def test_space_plays_what_moves(qtbot: QtBot, window: RatingWindow) -> None:
    window.go_to(place_of(window, "0"))
    assert window.play.isEnabled()
    with qtbot.waitSignal(window.stage.advanced, timeout=WAIT_MS):
        qtbot.keyClick(window.grid, Qt.Key.Key_Space)
    wait(qtbot, lambda: window.stage.frame == 0)  # it has come around
    qtbot.keyClick(window.grid, Qt.Key.Key_Space)
    assert (window.stage.playing, window.stage.frame) == (False, 0)
    window.go_to(place_of(window, "2"))
    assert not window.play.isEnabled()


def test_a_broken_picture_is_told_and_can_be_rejected(
    qtbot: QtBot, window: RatingWindow, folder: Path
) -> None:
    window.go_to(place_of(window, "1"))
    assert read_film(folder / "1.png").frames == ()
    assert not window.grab().isNull()
    press(qtbot, window, "R")
    assert verdicts(folder) == {"1": Verdict.REJECT}


def test_a_tile_needs_the_first_picture_alone(dressed: QApplication, folder: Path) -> None:
    path = folder / "0.png"
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex(b"fdAT") + 8])
    assert read_film(path).frames == ()
    picture, moves = FilmShelf().poster(path, 16)
    assert picture is not None
    assert (picture.width(), moves) == (16, True)
    assert FilmShelf().poster(folder / "1.png", 16) == (None, False)


def test_huge_pictures_are_read_as_far_as_they_can_be_shown(
    dressed: QApplication, tmp_path: Path
) -> None:
    frames = [Image.new("RGBA", (1400, 700), (level, 0, 0, 255)) for level in range(60)]
    frames[0].save(tmp_path / "long.webp", save_all=True, append_images=frames[1:], lossless=True)
    film = read_film(tmp_path / "long.webp")
    assert film.frames[0].width() == 1024
    assert 1 < len(film.frames) < 40
    Image.new("1", (11_600, 11_600)).save(tmp_path / "bomb.png")
    assert read_film(tmp_path / "bomb.png").frames == ()


def test_counts_are_kept_by_source(qtbot: QtBot, window: RatingWindow) -> None:
    for name, key in (("0", "K"), ("2", "K"), ("4", "R"), ("3", "R")):
        window.go_to(place_of(window, name))
        press(qtbot, window, key)
    assert window.counts.texts("A") == ["2", "1", "1", "67 %"]
    assert window.counts.texts("B") == ["0", "1", "2", "0 %"]


def test_the_grid_can_show_those_of_one_verdict(qtbot: QtBot, window: RatingWindow) -> None:
    press(qtbot, window, "KRK")
    chips = {chip.text(): chip for chip in window._filters.buttons()}
    chips["Kept"].click()
    assert window.model.rowCount() == 2
    chips["Open"].click()
    assert window.model.rowCount() == COUNT - 3
    press(qtbot, window, "K" * (COUNT - 3))
    assert window.model.rowCount() == 0
    assert window.progress.text() == "All 7 rated · 6 kept"
    chips["All"].click()
    assert window.model.rowCount() == COUNT


def test_one_that_leaves_the_grid_stays_in_hand_for_more_reasons(
    qtbot: QtBot, window: RatingWindow, folder: Path
) -> None:
    name = in_hand(window)
    press(qtbot, window, "K")
    chips = {chip.text(): chip for chip in window._filters.buttons()}
    chips["Kept"].click()
    assert in_hand(window) == name
    press(qtbot, window, "14")
    assert window.model.rowCount() == 0
    assert in_hand(window) == name
    assert read_choices(folder)[name].reasons == (Reason.OFF_PROMPT, Reason.WRONG_STYLE)
    press(qtbot, window, "UU")
    assert [window.board.candidates[place].id for place in window.model.places] == [name]


def test_backgrounds_go_around_and_show_behind_the_sticker(
    qtbot: QtBot, window: RatingWindow
) -> None:
    window.go_to(place_of(window, "3"))
    corners = []
    for background in (*Background, Background.CHECKER):
        assert window.stage.background is background
        corners.append(window.stage.grab().toImage().pixelColor(12, 12).lightness())
        press(qtbot, window, "B")
    assert corners[1:4] == [255, 128, 0]
    assert corners[0] == corners[4]


def test_a_choice_that_cannot_be_saved_moves_nothing(
    qtbot: QtBot, window: RatingWindow, folder: Path
) -> None:
    (folder / CHOICES).mkdir()
    before = in_hand(window)
    press(qtbot, window, "K")
    assert in_hand(window) == before
    assert window.problem.isVisible()
    assert "This choice was not saved" in window.problem.text()
    (folder / CHOICES).rmdir()
    press(qtbot, window, "K")
    assert not window.problem.isVisible()
    assert verdicts(folder) == {before: Verdict.KEEP}


def test_the_chosen_tile_shows_its_picture_whatever_was_decided(
    qtbot: QtBot, window: RatingWindow
) -> None:
    window.go_to(place_of(window, "5"))
    tile = window.grid.visualRect(window.grid.currentIndex())

    def middle() -> tuple[int, int, int]:
        shown = window.grid.viewport().grab().toImage().pixelColor(tile.center())
        return shown.red(), shown.green(), shown.blue()

    assert middle() == (150, 105, 80)
    window.board.keep(window.place)
    window.model.touched(window.place)
    assert middle() == (150, 105, 80)
    window.board.reject(window.place)
    window.model.touched(window.place)
    red, green, blue = middle()
    assert 60 < red < 150  # dimmed, and of its own hue
    assert red > green > blue


def test_a_sitting_is_gone_on_with(qtbot: QtBot, window: RatingWindow, folder: Path) -> None:
    press(qtbot, window, "KR")
    again = RatingWindow(RatingBoard(folder))
    qtbot.addWidget(again)
    assert in_hand(again) == in_hand(window)
    rows = [json.loads(line) for line in (folder / CHOICES).read_text().splitlines()]
    assert [row["by"] for row in rows] == ["person", "person"]


def test_the_tools_menu_opens_it_and_says_when_there_is_nothing(
    qtbot: QtBot, empty: Editor, folder: Path, tmp_path: Path
) -> None:
    action = empty.book.action("tools.rate")
    assert action.text() == "Rate candidates…"
    window = open_rating(empty.desk, folder, empty.window)
    assert window is not None
    assert window.isVisible()
    window.close()
    assert open_rating(empty.desk, tmp_path / "nowhere", empty.window) is None
    assert "has nothing to rate" in empty.session.notices.shown[-1].text


def test_the_command_saves_a_picture_and_refuses_in_a_sentence(
    dressed: QApplication, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "window.png"
    assert studio_main(["rate", str(folder), "--screenshot", str(picture)]) == 0
    with Image.open(picture) as saved:
        assert saved.width > 900
    assert studio_main(["rate", str(tmp_path / "nowhere")]) == 1
    assert "has nothing to rate" in capsys.readouterr().err
