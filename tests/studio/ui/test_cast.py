"""Who acts, chosen in the window: pictures shown cut out, whose face of several, and consent."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from engine.protocol.models import ModelCard
from engine.protocol.recipes import Ability, InputRole, Recipe
from studio.session.draft import Kind
from studio.ui.editor import Editor
from studio.ui.panels.cast_slots import CastSlots
from studio.ui.panels.generate import GeneratePanel
from tests.fakes.engine_client import POCKET, FakeEngine
from tests.studio.ui.driving import clips, wait

PERSON = msgspec.structs.replace(
    POCKET, abilities=(Ability.TEXT_TO_VIDEO, Ability.PERSONALIZE_VIDEO)
)
CUTTER = msgspec.structs.replace(
    POCKET, id="pocket-cut-out", title="Pocket cut-out", abilities=(Ability.CUT_OUT,)
)


@pytest.fixture
def cast() -> tuple[ModelCard, ...]:
    return PERSON, CUTTER


@pytest.fixture
def engine(cast: tuple[ModelCard, ...]) -> FakeEngine:
    return FakeEngine(cast)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "me.png"
    pixels = np.random.default_rng(1).integers(0, 255, (80, 60, 3), np.uint8)
    cv2.imwrite(str(path), pixels)
    return path


def _panel(editor: Editor, qtbot: QtBot) -> GeneratePanel:
    panel = editor.parts.generate
    panel.wake()
    wait(qtbot, lambda: panel.form.card is not None)
    panel.make_kind(Kind.PERSON)
    editor.window.left.open("Generate")
    return panel


def _asked(engine: FakeEngine, number: int) -> Recipe:
    return engine.submitted[number]


def _answer(engine: FakeEngine, qtbot: QtBot, folder: Path, faces: int) -> Recipe:
    """Cut out what was asked for last, with so many faces; -> what was asked."""
    cut, told = folder / "cut.png", folder / f"faces{faces}.json"
    pixels = np.zeros((40, 30, 4), np.uint8)
    pixels[5:35, 5:25] = (0, 200, 80, 255)
    cv2.imwrite(str(cut), pixels)
    told.write_text(json.dumps([[0.1, 0.1, 0.2, 0.2]] * faces))
    before = len(engine.released)
    engine.finish_cut(engine.job_ids[-1], cut, told)
    wait(qtbot, lambda: len(engine.released) > before)
    return engine.submitted[-1]


def _put(
    slots: CastSlots, number: int, path: Path, engine: FakeEngine, qtbot: QtBot, faces: int
) -> Recipe:
    """Fill a slot and have its picture cut out."""
    before = len(engine.submitted)
    slots.slots[number].pick_file(path)
    wait(qtbot, lambda: len(engine.submitted) > before)
    asked = _answer(engine, qtbot, path.parent, faces)
    wait(qtbot, lambda: slots.slots[number].cut is not None)
    return asked


def test_a_thing_needs_no_consent_and_is_shown_cut_out(
    empty: Editor, engine: FakeEngine, qtbot: QtBot, photo: Path
) -> None:
    panel = _panel(empty, qtbot)
    slots = panel.form.stills.cast
    assert slots.isVisible()
    assert [slot.isVisible() for slot in slots.slots] == [True, False, False, False, False]
    panel.form.prompt.setPlainText("waves on a beach at sunset")
    panel.generate()
    assert "Choose a picture" in panel.plan_card.head.text()
    asked = _put(slots, 0, photo, engine, qtbot, faces=0)
    assert (asked.ability, asked.model) == (Ability.CUT_OUT, "pocket-cut-out")
    picture, has_alpha = slots.slots[0].picture()
    assert picture is not None
    assert (picture.width(), has_alpha) == (30, True)
    assert not slots.consent.isVisible()
    assert slots.slots[1].isVisible()
    panel.generate()
    wait(qtbot, lambda: engine.submitted[-1].ability is Ability.PERSONALIZE_VIDEO)
    recipe = engine.submitted[-1]
    assert [item.role for item in recipe.inputs] == [InputRole.REFERENCE]
    assert recipe.options == {}
    assert recipe.prompt == "waves on a beach at sunset"
    (clip,) = clips(empty)
    assert clip.name


def test_a_person_must_have_agreed_and_of_two_one_is_chosen(
    empty: Editor, engine: FakeEngine, qtbot: QtBot, photo: Path
) -> None:
    panel = _panel(empty, qtbot)
    slots = panel.form.stills.cast
    panel.form.prompt.setPlainText("she dances on a stage")
    _put(slots, 0, photo, engine, qtbot, faces=2)
    panel.generate()
    assert "Picture 1 shows several faces" in panel.plan_card.head.text()
    assert slots.choices[0].isVisible()
    assert slots.choices[0].count() == 3
    before = len(engine.submitted)
    slots.slots[0].choose_face(2)
    wait(qtbot, lambda: len(engine.submitted) > before)
    assert _answer(engine, qtbot, photo.parent, 2).options["face"] == "2"
    wait(qtbot, lambda: slots.slots[0].cut is not None)
    panel.generate()
    assert "tick that you have permission" in panel.plan_card.head.text()
    assert slots.consent.isVisible()
    slots.consent.setChecked(True)
    panel.generate()
    wait(qtbot, lambda: engine.submitted[-1].ability is Ability.PERSONALIZE_VIDEO)
    assert engine.submitted[-1].options == {"face": "2", "consent": True}


def test_a_recipe_comes_back_with_its_pictures_and_consent(
    empty: Editor, engine: FakeEngine, qtbot: QtBot, photo: Path
) -> None:
    panel = _panel(empty, qtbot)
    slots = panel.form.stills.cast
    panel.form.prompt.setPlainText("she dances on a stage")
    _put(slots, 0, photo, engine, qtbot, faces=1)
    slots.consent.setChecked(True)
    panel.generate()
    wait(qtbot, lambda: engine.submitted[-1].ability is Ability.PERSONALIZE_VIDEO)
    (clip,) = clips(empty)
    slots.clear()
    assert not slots.filled
    panel.edit_clip(clip.id)
    wait(qtbot, lambda: slots.slots[0].cut is not None)
    assert slots.consent.isChecked()
    assert panel.form.kind is Kind.PERSON


def test_several_files_dropped_at_once_fill_several_slots(
    empty: Editor, qtbot: QtBot, photo: Path
) -> None:
    slots = _panel(empty, qtbot).form.stills.cast
    other = photo.with_name("her.png")
    other.write_bytes(photo.read_bytes())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in (photo, other)])
    drop = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    slots.slots[0].dropEvent(drop)
    wait(qtbot, lambda: len(slots.filled) == 2)


def test_a_picture_that_cannot_be_cut_out_is_told(
    empty: Editor, engine: FakeEngine, qtbot: QtBot, photo: Path
) -> None:
    panel = _panel(empty, qtbot)
    before = len(engine.submitted)
    panel.form.stills.cast.slots[0].pick_file(photo)
    wait(qtbot, lambda: len(engine.submitted) > before)
    engine.fail(engine.job_ids[-1], "Nothing stands out in the picture.")
    wait(qtbot, lambda: "Nothing stands out" in panel.plan_card.head.text())


def test_a_picture_of_the_bin_is_cut_out_beside_itself(
    empty: Editor, engine: FakeEngine, qtbot: QtBot, photo: Path
) -> None:
    empty.workspace.assets.import_paths([photo])
    wait(qtbot, lambda: len(empty.session.project.assets) == 1)
    (asset,) = empty.session.project.assets
    empty.picturing.cut_out(asset.id)
    wait(qtbot, lambda: bool(engine.submitted))
    _answer(engine, qtbot, photo.parent, 0)
    wait(qtbot, lambda: len(empty.session.project.assets) == 2)
    made = empty.session.project.assets[1]
    assert made.name == "me.png cut out"
    assert made.video[0].has_alpha
    empty.picturing.cast(made.id)
    slots = empty.parts.generate.form.stills.cast
    wait(qtbot, lambda: slots.slots[0].asset is not None)
    assert empty.parts.generate.form.kind is Kind.PERSON
