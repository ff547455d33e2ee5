"""Drawing where an edit is meant, and telling it how a draft was made."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from engine.protocol.recipes import Ability, InputRole, Recipe
from studio.document.model.clip import Clip
from studio.document.model.generated import GeneratedMedia
from studio.ui.editor import Editor
from tests.fakes.engine_client import POCKET, FakeEngine
from tests.studio.ui.driving import click, clips, settle, wait

MADE = (Ability.TEXT_TO_VIDEO, Ability.EDIT_VIDEO)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine((msgspec.structs.replace(POCKET, abilities=MADE),))


def _begin(editor: Editor, qtbot: QtBot, clip: Clip) -> None:
    """Choose a clip and ask for an edit of it, as the menu does."""
    editor.parts.generate.wake()
    wait(qtbot, lambda: editor.parts.generate.form.card is not None)
    editor.session.selection.set([clip.id])
    editor.book.trigger("clip.edit")
    wait(qtbot, editor.parts.generate.leave.isVisible)


def _go(editor: Editor, engine: FakeEngine, qtbot: QtBot, prompt: str) -> Recipe:
    """Start what is described; the recipe that the engine gets."""
    panel, before = editor.parts.generate, len(engine.submitted)
    panel.form.prompt.setPlainText(prompt)
    wait(qtbot, lambda: panel.plan is not None)
    panel.go.click()
    wait(qtbot, lambda: len(engine.submitted) == before + 1)
    return engine.submitted[-1]


def test_an_edit_of_a_draft_is_told_its_recipe_and_one_of_an_edit_is_not(
    cut: Editor, engine: FakeEngine, qtbot: QtBot, footage: Path
) -> None:
    cut.parts.generate.wake()
    wait(qtbot, lambda: cut.parts.generate.form.card is not None)
    cut.session.transport.seek(200)
    _go(cut, engine, qtbot, "a fox jumps")
    engine.finish(engine.job_ids[0], footage / "b.mp4")
    wait(qtbot, lambda: _take_count(cut) == 1)
    _begin(cut, qtbot, _made(cut))
    told = _go(cut, engine, qtbot, "remove the fox").options["film_recipe"]
    assert json.loads(str(told))["prompt"] == "a fox jumps"
    engine.finish(engine.job_ids[1], footage / "a.mp4")
    wait(qtbot, lambda: _take_count(cut) == 2)
    _begin(cut, qtbot, _made(cut))
    assert "film_recipe" not in _go(cut, engine, qtbot, "make it snow").options
    settle(qtbot, cut)


def _made(cut: Editor) -> Clip:
    items = (item for track in cut.session.sequence.tracks for item in track.items)
    return next(
        item for item in items if isinstance(item, Clip) and isinstance(item.media, GeneratedMedia)
    )


def _take_count(cut: Editor) -> int:
    media = _made(cut).media
    assert isinstance(media, GeneratedMedia)
    return len(media.takes)


def test_an_edit_of_a_drawn_region_reads_its_mask(
    cut: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    cut.session.transport.seek(15)
    _begin(cut, qtbot, clips(cut)[0])
    region = cut.parts.generate.form.edit.region
    assert not region.pad.isVisible()
    region.draw.click()
    wait(qtbot, region.pad.isVisible)
    assert (region.pad.picture.width(), region.pad.picture.height()) == (160, 90)
    for corner in ((0.2, 0.2), (0.8, 0.2), (0.5, 0.8)):
        click(region.pad, region.pad.place(corner).toPoint())
    wait(qtbot, lambda: region.mask is not None and not region.reading)
    mask = region.mask
    assert mask is not None
    recipe = _go(cut, engine, qtbot, "blur it")
    assert [item.role for item in recipe.inputs] == [InputRole.SOURCE, InputRole.MASK]
    assert recipe.inputs[1].sha256 == mask.sha256
    assert recipe.options["mask_at_s"] == "1/2"
    with Image.open(cut.session.file.media_path(mask)) as drawn:
        pixels = np.asarray(drawn)
    assert pixels.shape == (90, 160)
    assert (pixels[40, 80], pixels[5, 5], pixels[80, 20]) == (255, 0, 0)
    assert any(asset.sha256 == mask.sha256 for asset in cut.session.project.assets)
    _begin(cut, qtbot, clips(cut)[1])
    assert region.mask is None
    region.draw.click()
    wait(qtbot, region.pad.isVisible)
    region.whole.click()
    assert not region.pad.isVisible()
    settle(qtbot, cut)
