"""Numbered pictures come in as one film, photos as photos."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from pytestqt.qtbot import QtBot

from studio.document.model.asset import AssetKind
from studio.session.numbered import FEWEST, gathered
from studio.ui.editor import Editor
from tests.studio.ui.driving import settle, wait


def _pictures(folder: Path, count: int) -> list[Path]:
    folder.mkdir(exist_ok=True)
    made = [folder / f"shot_{number:04}.png" for number in range(7, 7 + count)]
    for number, path in enumerate(made):
        Image.new("RGBA", (64, 36), (10 * number, 90, 160, 128)).save(path)
    return made


def test_rows_are_told_by_their_names() -> None:
    film = [Path(f"/a/shot_{number:04}.png") for number in range(3, 3 + FEWEST)]
    photos = [Path(f"/a/IMG_{number:04}.jpg") for number in range(FEWEST)]
    frames = [Path(f"/a/x/frame.{number:05}.jpg") for number in range(FEWEST)]
    assert gathered([*film, Path("/a/b.mp4")]) == [Path("/a/shot_%04d.png"), Path("/a/b.mp4")]
    assert gathered(photos) == photos
    assert gathered(frames) == [Path("/a/x/frame.%05d.jpg")]
    assert gathered(film[:-1]) == film[:-1], "too few"
    assert gathered([*film[:5], *film[6:], Path("/a/shot_0100.png")])[0] == film[0], "a gap"
    assert gathered([]) == []


def test_a_folder_of_them_is_one_clip_with_its_transparency(
    empty: Editor, tmp_path: Path, qtbot: QtBot
) -> None:
    session = empty.session
    _pictures(tmp_path / "row", FEWEST)
    empty.importing.import_files([tmp_path / "row"])
    wait(qtbot, lambda: len(session.project.assets) == 1)
    settle(qtbot, empty)
    (film,) = session.project.assets
    assert (film.kind, film.path) == (AssetKind.VIDEO, "row/shot_%04d.png")
    assert film.video[0].frames == FEWEST
    assert film.video[0].has_alpha
    assert session.footage.missing == frozenset()
    (notice,) = [n for n in session.notices.shown if n.topic == "rows"]
    assert "shot_%04d.png" in notice.text
    assert notice.action is not None
    notice.action.run()
    wait(qtbot, lambda: len(session.project.assets) == 1 + FEWEST)
    empty.workspace.assets.add_to_timeline([film.id])
    settle(qtbot, empty)
    assert empty.parts.program.canvas.image is not None
