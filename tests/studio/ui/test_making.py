"""Everything that can be made from the panel: clips, stills, stickers, and loops of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.protocol.models import ModelCard
from engine.protocol.recipes import Ability, InputRole
from studio.document.model.sequence import TrackKind
from studio.session.draft import Kind
from studio.ui.asset_drag import AssetDrag
from studio.ui.editor import Editor
from studio.ui.panels.generate import GeneratePanel
from studio.ui.panels.still_slot import StillSlot
from tests.fakes.engine_client import POCKET, FakeEngine
from tests.studio.ui.driving import at, clips, drag, settle, track, wait

VIDEO = msgspec.structs.replace(
    POCKET,
    rules=msgspec.structs.replace(
        POCKET.rules,
        max_frames=192,
        aspects={**POCKET.rules.aspects, "4:3": (256, 192), "3:4": (192, 256)},
    ),
    abilities=(
        Ability.TEXT_TO_VIDEO,
        Ability.IMAGE_TO_VIDEO,
        Ability.TEXT_TO_IMAGE,
    ),
)
STICKER = msgspec.structs.replace(
    POCKET,
    id="pocket-sticker",
    title="Pocket sticker",
    rules=msgspec.structs.replace(POCKET.rules, aspects={"1:1": (256, 256)}),
    abilities=(Ability.TEXT_TO_STICKER, Ability.ANIMATE_STICKER),
)


@pytest.fixture
def cast() -> tuple[ModelCard, ...]:
    return VIDEO, STICKER


@pytest.fixture
def engine(cast: tuple[ModelCard, ...]) -> FakeEngine:
    return FakeEngine(cast)


def _panel(editor: Editor, qtbot: QtBot, kind: Kind) -> GeneratePanel:
    panel = editor.parts.generate
    panel.wake()
    wait(qtbot, lambda: panel.form.card is not None)
    panel.make_kind(kind)
    return panel


def _filled(slot: StillSlot, qtbot: QtBot) -> str:
    wait(qtbot, lambda: slot.asset is not None)
    return slot.sha256


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "fox.png"
    pixels = np.zeros((96, 64, 4), np.uint8)
    pixels[20:60, 20:40] = (0, 120, 240, 255)
    cv2.imwrite(str(path), pixels)
    return path


def test_only_the_fields_that_apply_are_there(empty: Editor, qtbot: QtBot) -> None:
    panel = _panel(empty, qtbot, Kind.CLIP)
    empty.window.left.open("Generate")
    form = panel.form
    assert form.length.isVisible()
    assert form.aspect.keys == ("16:9", "9:16", "1:1", "4:3", "3:4")
    assert form.length.slider.maximum() == 32
    panel.make_kind(Kind.STICKER)
    assert not form.length.isVisible()
    assert not form.aspect.isVisible()
    assert not form.stills.isVisible()
    assert form.card is not None
    assert form.card.id == "pocket-sticker"
    panel.make_kind(Kind.ANIMATION)
    assert form.stills.sticker.isVisible()
    assert not form.stills.first.isVisible()
    assert form.motion.isVisible()


@pytest.mark.parametrize("cast", [(VIDEO,)])
def test_what_no_model_makes_is_explained(empty: Editor, qtbot: QtBot) -> None:
    panel = _panel(empty, qtbot, Kind.CLIP)
    panel.make_kind(Kind.STICKER)
    panel.form.prompt.setPlainText("A fox")
    words = "No model under Draft makes stickers."
    wait(qtbot, lambda: panel.plan_card.head.text() == words)
    assert not panel.go.isEnabled()
    panel.make_kind(Kind.STILL)
    wait(qtbot, lambda: panel.plan is not None)
    assert panel.go.isEnabled()


def test_a_still_and_a_sticker_are_one_frame_each(
    empty: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    for number, (kind, ability, size) in enumerate(
        (
            (Kind.STILL, Ability.TEXT_TO_IMAGE, (320, 176)),
            (Kind.STICKER, Ability.TEXT_TO_STICKER, (256, 256)),
        ),
        1,
    ):
        panel = _panel(empty, qtbot, kind)
        panel.form.prompt.setPlainText("A red fox")
        panel.generate()
        wait(qtbot, lambda number=number: len(engine.submitted) == number)
        recipe = engine.submitted[-1]
        assert (recipe.ability, recipe.frames) == (ability, 1)
        assert (recipe.width, recipe.height) == size


def test_a_clip_from_stills_reads_a_file_a_clip_and_the_playhead(
    cut: Editor, engine: FakeEngine, qtbot: QtBot, picture: Path
) -> None:
    panel = _panel(cut, qtbot, Kind.STILLS)
    form, slots = panel.form, panel.form.stills
    panel.form.prompt.setPlainText("The fox runs")
    panel.generate()
    assert panel.plan_card.head.text().startswith("Choose a still first")
    slots.first.pick_file(picture)
    first = _filled(slots.first, qtbot)
    assert first == _hash(picture)
    assert form.aspect.key == "3:4"
    slots.middle.take_clip(clips(cut)[1].id)
    middle = _filled(slots.middle, qtbot)
    slots.last.pick_playhead()
    last = _filled(slots.last, qtbot)
    before = cut.session.project
    panel.generate()
    wait(qtbot, lambda: len(engine.submitted) == 1)
    recipe = engine.submitted[0]
    assert recipe.ability is Ability.IMAGE_TO_VIDEO
    assert [(item.role, item.sha256) for item in recipe.inputs] == [
        (InputRole.FIRST_FRAME, first),
        (InputRole.MIDDLE_FRAME, middle),
        (InputRole.LAST_FRAME, last),
    ]
    assert [_hash(path) for path in engine.uploaded] == [first, middle, last]
    made = {asset.sha256 for asset in cut.session.project.assets}
    assert {first, middle, last} <= made
    cut.session.undo()
    assert cut.session.project == before
    settle(qtbot, cut)


def _drop(slot: StillSlot, data: QMimeData) -> None:
    copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    place = QPointF(slot.rect().center())
    event = QDropEvent(place, copy, data, button, Qt.KeyboardModifier.NoModifier)
    slot.dropEvent(event)


def test_what_is_dropped_on_a_slot_fills_it_and_clear_empties_it(
    cut: Editor, qtbot: QtBot, picture: Path
) -> None:
    slots = _panel(cut, qtbot, Kind.STILLS).form.stills
    asset = cut.session.project.assets[0]
    _drop(slots.first, AssetDrag((asset.id,), 10, 20).mime())
    _filled(slots.first, qtbot)
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(picture))])
    _drop(slots.last, files)
    assert _filled(slots.last, qtbot) == _hash(picture)
    names = [action.text() for action in slots.last.menu().actions()]
    assert names[0] == "Frame under the playhead"
    assert names[-1] == "Clear"
    slots.last.clear()
    assert slots.last.asset is None
    assert slots.assets == (slots.first.asset,)
    settle(qtbot, cut)


def test_what_has_no_picture_is_refused_and_the_slot_keeps_what_it_held(
    cut: Editor, qtbot: QtBot, picture: Path, footage: Path
) -> None:
    panel = _panel(cut, qtbot, Kind.STILLS)
    slot = panel.form.stills.first
    slot.pick_file(picture)
    held = _filled(slot, qtbot)
    said: list[str] = []
    slot.refused.connect(said.append)
    slot.pick_file(footage / "music.wav")
    wait(qtbot, lambda: bool(said))
    assert said == ["music.wav has no picture. Choose a still or a video."]
    slot.take_clip(clips(cut, TrackKind.AUDIO)[0].id)
    assert said[-1].startswith("Only sound is selected")
    cut.session.transport.seek(10_000)
    assert slot.sha256 == held


def test_a_clip_is_dragged_from_the_timeline_to_a_slot_and_stays(cut: Editor, qtbot: QtBot) -> None:
    slots = _panel(cut, qtbot, Kind.STILLS).form.stills
    cut.window.left.open("Generate")
    QApplication.processEvents()
    canvas = cut.parts.timeline.canvas
    before = cut.session.project
    start = at(cut, 20, track(cut, TrackKind.VIDEO).id)
    end = canvas.mapFromGlobal(slots.first.mapToGlobal(QPoint(20, 20)))
    drag(canvas, start, end)
    _filled(slots.first, qtbot)
    assert cut.session.project == before
    assert not cut.parts.timeline.hand.dragging
    settle(qtbot, cut)


def test_a_sticker_is_animated_into_a_loop(
    empty: Editor, engine: FakeEngine, qtbot: QtBot, picture: Path
) -> None:
    panel = _panel(empty, qtbot, Kind.ANIMATION)
    panel.form.prompt.setPlainText("Jumps")
    panel.generate()
    assert panel.plan_card.head.text().startswith("Choose the sticker first")
    panel.form.stills.sticker.pick_file(picture)
    _filled(panel.form.stills.sticker, qtbot)
    panel.form.motion.choose("large")
    panel.generate()
    wait(qtbot, lambda: len(engine.submitted) == 1)
    recipe = engine.submitted[0]
    assert recipe.ability is Ability.ANIMATE_STICKER
    assert (recipe.frames, recipe.rate, recipe.options) == (8, "8/1", {"motion": "large"})
    assert [item.role for item in recipe.inputs] == [InputRole.SOURCE]
    assert clips(empty)[0].duration == 30


def test_stills_of_a_recipe_come_back_when_it_is_edited(
    empty: Editor,
    engine: FakeEngine,
    qtbot: QtBot,
    picture: Path,
) -> None:
    panel = _panel(empty, qtbot, Kind.STILLS)
    panel.form.prompt.setPlainText("The fox runs")
    panel.form.stills.last.pick_file(picture)
    sha256 = _filled(panel.form.stills.last, qtbot)
    panel.generate()
    wait(qtbot, lambda: len(engine.submitted) == 1)
    panel.form.stills.clear()
    panel.make_kind(Kind.STICKER)
    panel.edit_clip(clips(empty)[0].id)
    assert panel.form.kind is Kind.STILLS
    assert panel.form.stills.last.sha256 == sha256
    assert panel.form.stills.first.asset is None
    panel.form.prompt.setPlainText("The fox sleeps")
    panel.generate()
    wait(qtbot, lambda: len(engine.submitted) == 2)
    assert engine.submitted[1].inputs == engine.submitted[0].inputs
    assert panel.form.kind is Kind.STICKER


def test_another_project_empties_the_slots(
    empty: Editor, qtbot: QtBot, picture: Path, tmp_path: Path
) -> None:
    panel = _panel(empty, qtbot, Kind.STILLS)
    panel.form.stills.first.pick_file(picture)
    _filled(panel.form.stills.first, qtbot)
    empty.opening.new_at(tmp_path / "other.workprint")
    assert panel.form.stills.first.asset is None
