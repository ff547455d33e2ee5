"""Smooth motion: frames are made for a slowed clip, and it plays the same moments with more."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from engine.abilities import interpolate_frames
from engine.abilities.video_output import write_film
from engine.protocol.recipes import Ability, Recipe
from studio.document.edits import speed
from studio.document.model.clip import Clip, ConstantSpeed
from studio.document.model.generated import GeneratedMedia, Pending, Ready
from studio.media.compositor.render import Scene, render_frame
from studio.ui.editor import Editor
from studio.ui.panels.inspector.generated_section import GeneratedSection
from tests.fakes.engine_client import FakeEngine
from tests.fakes.job_context import FakeJobContext
from tests.studio.ui.driving import clips, settle, wait
from tests.studio.ui.test_clip_making import ALL

WIDTH, HEIGHT, STEP = 160, 90, 4


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine((ALL,))


def _square(x: float) -> NDArray[np.uint8]:
    """A white square on its way over dark stripes."""
    columns = np.indices((HEIGHT, WIDTH))[1]
    picture = np.repeat((40 + 20 * np.sin(columns / 4))[..., None], 3, axis=2).astype(np.uint8)
    left = round(x)
    cv2.rectangle(picture, (left, 30), (left + 25, 60), (250, 250, 250), -1)
    return picture


@pytest.fixture
def moving(empty: Editor, qtbot: QtBot, tmp_path: Path) -> Editor:
    """A second of something that moves `STEP` pixels a frame, as fast as the sequence is."""
    rate = empty.session.sequence.rate.fraction
    pictures = [_square(10 + STEP * place) for place in range(25)]
    write_film(pictures, rate, tmp_path / "moving.mp4")
    laid: list[str] = []
    empty.importing.import_files([tmp_path / "moving.mp4"], laid.extend)
    wait(qtbot, lambda: bool(laid))
    empty.workspace.assets.add_to_timeline(laid)
    return empty


def _clip(editor: Editor) -> Clip:
    return clips(editor)[0]


def _media(editor: Editor) -> GeneratedMedia:
    media = _clip(editor).media
    assert isinstance(media, GeneratedMedia)
    return media


def _places(editor: Editor, frames: range) -> list[float]:
    """Where the square is in frames of the film, in pixels of the footage."""
    session = editor.session
    scene, found = Scene(session.project, session.media.get()), []
    for frame in frames:
        seen = render_frame(scene, session.sequence_id, frame, (WIDTH, HEIGHT))
        white = np.asarray(seen)[..., :3].min(axis=-1) > 150
        found.append(float(np.nonzero(white)[1].mean()) - 12.5)
    return found


def _slowed(editor: Editor, factor: Fraction) -> None:
    edit = partial(speed.set_speed, clip_id=_clip(editor).id, factor=factor, ripple=True)
    assert editor.session.apply("Speed", edit)


def _asked(editor: Editor, engine: FakeEngine, qtbot: QtBot) -> Recipe:
    """The recipe of the job that Smooth motion begins."""
    panel = editor.parts.generate
    panel.wake()
    wait(qtbot, lambda: panel.form.card is not None)
    editor.session.selection.set([_clip(editor).id])
    editor.book.trigger("clip.smooth")
    wait(qtbot, panel.leave.isVisible)
    assert not panel.form.prompt.isVisible()
    wait(qtbot, lambda: panel.plan is not None)
    panel.go.click()
    wait(qtbot, lambda: len(engine.submitted) == 1)
    return engine.submitted[0]


def _made(editor: Editor, recipe: Recipe, folder: Path) -> Path:
    """What the pocket model makes of a recipe."""
    folder.mkdir()
    context = FakeJobContext(folder, folder, model="pocket-multiplane")
    read = recipe.inputs[0].sha256
    asset = next(each for each in editor.session.project.assets if each.sha256 == read)
    context.assets[read] = editor.session.file.media_path(asset)
    interpolate_frames.run(msgspec.structs.replace(recipe, model="pocket-multiplane"), context)
    made = context.saved[0]
    assert isinstance(made, Path)
    return made


def _smoothed(editor: Editor, engine: FakeEngine, qtbot: QtBot, tmp_path: Path) -> Recipe:
    recipe = _asked(editor, engine, qtbot)
    engine.finish(engine.job_ids[0], _made(editor, recipe, tmp_path / "made"))
    wait(qtbot, lambda: len(_media(editor).takes) == 2)
    return recipe


def test_a_slowed_clip_gets_a_frame_for_every_frame_and_keeps_all_else(
    moving: Editor, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    rate = moving.session.sequence.rate.fraction
    _slowed(moving, Fraction(1, 4))
    slow = _clip(moving)
    before = _places(moving, range(20, 29))
    assert before == pytest.approx([30] * 4 + [34] * 4 + [38], abs=0.6)
    recipe = _smoothed(moving, engine, qtbot, tmp_path)
    assert recipe.ability is Ability.INTERPOLATE_FRAMES
    assert (Fraction(recipe.rate), recipe.frames) == (4 * rate, 100)
    assert (recipe.width, recipe.height) == (WIDTH, HEIGHT)
    now = _clip(moving)
    assert (now.duration, now.speed) == (slow.duration, slow.speed)
    assert _media(moving).chosen == _media(moving).takes[1].id
    after = _places(moving, range(20, 29))
    assert after == pytest.approx([30 + place for place in range(9)], abs=0.8)
    section = moving.parts.inspector.section(GeneratedSection)
    assert isinstance(section, GeneratedSection)
    section.flip.click()
    assert _places(moving, range(20, 29)) == pytest.approx(before, abs=0.1)
    moving.session.undo()
    moving.session.undo()
    moving.session.undo()
    assert _clip(moving) == slow
    settle(qtbot, moving)


def test_a_part_has_handles_so_that_it_can_be_trimmed_and_plays_backwards(
    moving: Editor, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    _slowed(moving, Fraction(1, 2))
    for cut_at, drop in ((40, 1), (20, 0)):
        moving.session.transport.seek(cut_at)
        moving.book.trigger("clip.split")
        moving.session.selection.set([clips(moving)[drop].id])
        moving.book.trigger("edit.ripple_delete")
    moving.session.selection.set([_clip(moving).id])
    moving.editing.reverse()
    assert _clip(moving).speed == ConstantSpeed(Fraction(-1, 2))
    before = _places(moving, range(1, 19, 2))
    recipe = _smoothed(moving, engine, qtbot, tmp_path)
    rate = moving.session.sequence.rate.fraction
    assert Fraction(recipe.rate) == 2 * rate
    assert (Fraction(str(recipe.inputs[0].in_s)), recipe.frames) == (0, 50)
    assert Fraction(str(recipe.options["footage_in_s"])) == 0
    after = _places(moving, range(19))
    assert after[1::2] == pytest.approx(before, abs=0.8)
    steps = -np.diff(after)
    assert steps == pytest.approx([STEP / 2] * len(steps), abs=0.9)
    settle(qtbot, moving)


@pytest.mark.parametrize("factor", [Fraction(1), Fraction(2)])
def test_a_clip_that_lacks_no_frame_is_told_what_to_do(
    moving: Editor, factor: Fraction, qtbot: QtBot
) -> None:
    if factor != 1:
        _slowed(moving, factor)
    before = moving.session.project
    moving.session.selection.set([_clip(moving).id])
    moving.book.trigger("clip.smooth")
    assert moving.session.notices.shown[-1].text == (
        "moving.mp4 has a frame for every frame that is shown. Slow it down first: Speed in the "
        "inspector."
    )
    assert moving.session.project is before
    settle(qtbot, moving)


def test_a_frozen_clip_is_told_what_to_do(moving: Editor, qtbot: QtBot) -> None:
    edit = partial(speed.freeze, clip_id=_clip(moving).id, frame=3)
    moving.session.apply("Freeze", edit)
    moving.session.selection.set([_clip(moving).id])
    moving.book.trigger("clip.smooth")
    said = moving.session.notices.shown[-1].text
    assert said == "moving.mp4 is frozen, so nothing moves. Take the freeze off first."
    settle(qtbot, moving)


def test_footage_slower_than_the_sequence_is_made_as_fast_and_can_be_cancelled_and_tried_again(
    cut: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    recipe = _asked(cut, engine, qtbot)
    assert "clip.smooth" in [each.objectName() for each in cut.menus.clip_menu().actions()]
    assert (recipe.rate, recipe.frames) == ("30/1", 72)
    job = engine.job_ids[0]
    cut.parts.jobs.card(job).cancel.click()
    wait(qtbot, lambda: isinstance(_media(cut).state, Ready))
    cut.parts.jobs.card(job).retry.click()
    wait(qtbot, lambda: len(engine.submitted) == 2)
    assert isinstance(_media(cut).state, Pending)
    assert engine.submitted[1] == recipe
    settle(qtbot, cut)
