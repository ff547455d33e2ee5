"""What the Clip menu makes of a clip: longer, in part again, larger, moving; and why it cannot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.abilities.lossless_copy import copy_frames
from engine.abilities.video_input import frames_from, open_film, part_used
from engine.protocol.recipes import Ability, InputRole, Recipe
from studio.document.model.clip import AssetMedia, Clip
from studio.document.model.generated import GeneratedMedia, Pending, Ready
from studio.document.model.sequence import TrackKind
from studio.document.time import FrameRange
from studio.media.compositor.render import Scene, render_frame
from studio.media.provenance.credits import credits_of
from studio.session.draft import Kind
from studio.ui.editor import Editor
from studio.ui.panels.inspector.generated_section import GeneratedSection
from tests.fakes.engine_client import POCKET, FakeEngine
from tests.studio.media.footage import Shot, make_video, number_of
from tests.studio.ui.driving import clips, settle, starts, wait

MADE = tuple(each for each in Ability if each is not Ability.REWRITE_PROMPT)
ALL = msgspec.structs.replace(POCKET, abilities=MADE)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine((ALL,))


def _begin(editor: Editor, qtbot: QtBot, command: str, clip: Clip) -> None:
    """Choose a clip and ask for something to be made of it, as the menu does."""
    editor.parts.generate.wake()
    wait(qtbot, lambda: editor.parts.generate.form.card is not None)
    editor.session.selection.set([clip.id])
    editor.book.trigger(command)
    wait(qtbot, editor.parts.generate.leave.isVisible)


def _go(editor: Editor, engine: FakeEngine, qtbot: QtBot, prompt: str = "It goes on") -> str:
    panel = editor.parts.generate
    panel.form.prompt.setPlainText(prompt)
    wait(qtbot, lambda: panel.plan is not None)
    panel.go.click()
    wait(qtbot, lambda: len(engine.submitted) == 1)
    return engine.job_ids[0]


def _media(clip: Clip) -> GeneratedMedia:
    assert isinstance(clip.media, GeneratedMedia)
    return clip.media


def _said(editor: Editor) -> str:
    return editor.session.notices.shown[-1].text


def test_extend_joins_new_frames_to_a_clip_and_makes_room(
    cut: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    before = cut.session.project
    first = clips(cut)[0]
    _begin(cut, qtbot, "clip.extend", first)
    assert cut.parts.generate.title.text() == "Extend a.mp4"
    assert cut.parts.generate.go.text() == "Extend clip"
    _go(cut, engine, qtbot)
    recipe = engine.submitted[0]
    assert recipe.ability is Ability.EXTEND_VIDEO
    assert recipe.options == {"direction": "after"}
    assert recipe.inputs[0].role is InputRole.SOURCE
    assert (recipe.inputs[0].in_s, recipe.inputs[0].out_s) == ("0/1", "12/5")
    assert [c.duration for c in clips(cut)][:2] == [first.duration, 60]
    assert starts(cut)[:3] == [0, 72, 132]
    assert isinstance(_media(clips(cut)[1]).state, Pending)
    assert not cut.parts.generate.leave.isVisible()
    cut.session.undo()
    assert cut.session.project == before
    settle(qtbot, cut)


def test_extend_before_fills_the_room_in_front_of_a_clip(
    cut: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    later = clips(cut)[1]
    cut.session.selection.set([clips(cut)[0].id])
    cut.editing.delete()
    _begin(cut, qtbot, "clip.extend", later)
    cut.parts.generate.form.direction.choose("before")
    _go(cut, engine, qtbot)
    assert engine.submitted[0].options == {"direction": "before"}
    made = clips(cut)[0]
    assert starts(cut)[:2] == [12, 72]
    assert (made.duration, clips(cut)[1].id) == (60, later.id)
    settle(qtbot, cut)


def test_a_retake_of_footage_is_a_take_that_plays_and_undo_brings_the_footage_back(
    cut: Editor, engine: FakeEngine, qtbot: QtBot, footage: Path
) -> None:
    clip = clips(cut)[0]
    assert isinstance(clip.media, AssetMedia)
    asset = cut.session.project.assets_by_id[clip.media.asset_id]
    cut.session.transport.mark_in(15)
    cut.session.transport.mark_out(30)
    _begin(cut, qtbot, "clip.retake", clip)
    assert cut.parts.generate.title.text() == "Retake 0.48 to 1.00 s of a.mp4"
    job = _go(cut, engine, qtbot, "The fox jumps")
    recipe = engine.submitted[0]
    assert recipe.ability is Ability.RETAKE
    assert recipe.options == {"retake_in_s": "12/25", "retake_out_s": "1/1"}
    assert (recipe.width, recipe.height, recipe.frames, recipe.rate) == (160, 90, 60, "25/1")
    waiting = _media(clips(cut)[0])
    assert waiting.take is not None
    assert (waiting.take.asset_id, waiting.take.is_footage) == (asset.id, True)
    sequence, film = cut.session.sequence, FrameRange(0, 200)
    assert credits_of(cut.session.project, sequence, film) == ()
    engine.finish(job, footage / "b.mp4")
    wait(qtbot, lambda: len(_media(clips(cut)[0]).takes) == 2)
    done = _media(clips(cut)[0])
    assert done.chosen == done.takes[1].id
    assert not done.stale
    assert clips(cut)[0].duration == clip.duration
    section = cut.parts.inspector.section(GeneratedSection)
    assert isinstance(section, GeneratedSection)
    assert [button.text() for button in section.strip.buttons.values()] == [
        "1 · footage",
        "2 · draft",
    ]
    section.flip.click()
    assert _media(clips(cut)[0]).chosen == done.takes[0].id
    assert not _media(clips(cut)[0]).stale
    cut.session.undo()
    cut.session.undo()
    assert _media(clips(cut)[0]).take == waiting.take
    cut.session.undo()
    assert clips(cut)[0].media == clip.media
    settle(qtbot, cut)


def test_an_edit_is_a_take_of_the_marked_range_and_says_how_closely_it_keeps_and_follows(
    cut: Editor, engine: FakeEngine, qtbot: QtBot, footage: Path
) -> None:
    clip = clips(cut)[0]
    cut.session.transport.mark_in(15)
    cut.session.transport.mark_out(30)
    _begin(cut, qtbot, "clip.edit", clip)
    panel = cut.parts.generate
    assert (panel.title.text(), panel.go.text()) == ("Edit a.mp4", "Edit clip")
    assert panel.form.edit.task.isVisible()
    assert (
        panel.window().focusWidget() is panel.form.prompt
    )  # what is typed next is the instruction
    assert not panel.form.negative.isVisible()
    assert "make it snow" in panel.form.prompt.placeholderText()
    panel.go.click()
    assert not engine.submitted
    assert "Say what to change first" in panel.plan_card.head.text()
    panel.form.edit.keep.slider.setValue(20)
    panel.form.edit.follow.slider.setValue(65)
    panel.form.edit.task.setCurrentIndex(panel.form.edit.task.findData("weather"))
    job = _go(cut, engine, qtbot, "make it snow")
    recipe = engine.submitted[0]
    assert recipe.ability is Ability.EDIT_VIDEO
    assert recipe.options == {
        "edit_in_s": "12/25",
        "edit_out_s": "1/1",
        "keep_source": 2.0,
        "follow": 6.5,
        "task": "weather",
    }
    assert (recipe.width, recipe.height, recipe.frames, recipe.rate) == (160, 90, 60, "25/1")
    engine.finish(job, footage / "b.mp4")
    wait(qtbot, lambda: len(_media(clips(cut)[0]).takes) == 2)
    media = _media(clips(cut)[0])
    assert media.chosen == media.takes[1].id
    cut.session.undo()
    cut.session.undo()
    assert clips(cut)[0].media == clip.media
    settle(qtbot, cut)


def test_upscale_asks_for_twice_the_size_and_needs_no_words(
    cut: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    _begin(cut, qtbot, "clip.upscale", clips(cut)[1])
    panel = cut.parts.generate
    assert not panel.form.prompt.isVisible()
    assert panel.title.text() == "Upscale b.mp4 to 320×180"
    job = _go(cut, engine, qtbot, "")
    recipe = engine.submitted[0]
    assert (recipe.width, recipe.height, recipe.frames) == (320, 180, 50)
    cut.parts.jobs.card(job).cancel.click()
    wait(qtbot, lambda: isinstance(_media(clips(cut)[1]).state, Ready))
    cut.parts.jobs.card(job).retry.click()
    wait(qtbot, lambda: len(engine.submitted) == 2)
    assert isinstance(_media(clips(cut)[1]).state, Pending)
    assert engine.submitted[1] == recipe
    settle(qtbot, cut)


def test_a_clip_begins_with_the_frame_under_the_playhead(
    cut: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    cut.session.transport.seek(80)
    cut.session.selection.set([clips(cut)[1].id])
    cut.book.trigger("clip.from_frame")
    form = cut.parts.generate.form
    wait(qtbot, lambda: form.stills.first.asset is not None)
    assert form.kind is Kind.STILLS
    assert form.stills.first.asset is not None
    assert form.stills.first.asset.name == "Frame of b.mp4"
    settle(qtbot, cut)


def test_a_sticker_on_the_timeline_is_animated(empty: Editor, qtbot: QtBot, tmp_path: Path) -> None:
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[8:50, 8:50] = (0, 120, 240, 255)
    cv2.imwrite(str(tmp_path / "fox.png"), pixels)
    cv2.imwrite(str(tmp_path / "photo.png"), np.full((64, 64, 3), 90, np.uint8))
    laid: list[str] = []
    for name in ("fox.png", "photo.png"):
        empty.importing.import_files([tmp_path / name], laid.extend)
    wait(qtbot, lambda: len(laid) == 2)
    names = {empty.session.project.assets_by_id[each].name: each for each in laid}
    empty.workspace.assets.add_to_timeline([names["fox.png"], names["photo.png"]])
    sticker, photo = clips(empty)
    empty.session.selection.set([photo.id])
    empty.book.trigger("clip.animate_sticker")
    assert _said(empty).startswith("photo.png has no transparency.")
    actions = [each.objectName() for each in empty.menus.clip_menu().actions()]
    assert actions[:2] == ["clip.from_frame", "clip.animate_sticker"]
    empty.session.selection.set([sticker.id])
    empty.book.trigger("clip.animate_sticker")
    slot = empty.parts.generate.form.stills.sticker
    wait(qtbot, lambda: slot.asset is not None)
    assert empty.parts.generate.form.kind is Kind.ANIMATION
    settle(qtbot, empty)


LONG = Shot(frames=1800, size=(160, 90))
"""72 s: more than is read whole."""


@pytest.fixture(scope="module")
def rush(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("rush") / "rush.mp4", LONG)


def _seen(editor: Editor, frames: Iterable[int]) -> list[int]:
    """Which pictures of the rush the film shows."""
    session = editor.session
    scene = Scene(session.project, session.media.get())
    return [
        number_of(render_frame(scene, session.sequence_id, each, (320, 180))) for each in frames
    ]


def _as_asked(recipe: Recipe, editor: Editor, folder: Path) -> Path:
    """What an engine makes of a recipe that changes nothing: the part, frame by frame."""
    given = recipe.inputs[0]
    read = next(each for each in editor.session.project.assets if each.sha256 == given.sha256)
    film = open_film(editor.session.file.media_path(read))
    span = film.between(*part_used(film, given))
    frames = frames_from(film, *span)
    return copy_frames(frames, film.rate, Fraction(1), lambda _shown: None, folder / "made").path


@pytest.mark.parametrize("command", ["clip.edit", "clip.upscale", "clip.retake"])
def test_a_short_clip_of_a_long_rush_is_made_anew_in_its_place(
    command: str, empty: Editor, engine: FakeEngine, qtbot: QtBot, rush: Path, tmp_path: Path
) -> None:
    laid: list[str] = []
    empty.importing.import_files([rush], laid.extend)
    wait(qtbot, lambda: bool(laid))
    empty.workspace.assets.add_to_timeline(laid)
    for cut_at, drop in ((1200, 0), (50, 1)):
        empty.session.transport.seek(cut_at)
        empty.book.trigger("clip.split")
        empty.session.selection.set([clips(empty)[drop].id])
        empty.book.trigger("edit.ripple_delete")
    (clip,) = clips(empty)
    frames = (0, 1, 24, 48, 49)
    before = _seen(empty, frames)
    assert before == [1000, 1000, 1020, 1040, 1040]  # at 30 frames a second
    _begin(empty, qtbot, command, clip)
    job = _go(empty, engine, qtbot)
    recipe = engine.submitted[0]
    assert recipe.frames == 92
    read = next(
        each for each in empty.session.project.assets if each.sha256 == recipe.inputs[0].sha256
    )
    assert read.name.startswith("Part of rush.mp4 from 0:00:38")
    if command == "clip.edit":
        changed = (recipe.options["edit_in_s"], recipe.options["edit_out_s"])
        assert changed == (recipe.inputs[0].in_s, recipe.inputs[0].out_s), "handles too"
    assert read.size_bytes < rush.stat().st_size / 4
    engine.finish(job, _as_asked(recipe, empty, tmp_path))
    wait(qtbot, lambda: len(_media(clips(empty)[0]).takes) == 2)
    done = _media(clips(empty)[0])
    assert done.chosen == done.takes[1].id
    assert clips(empty)[0].source_start.seconds == 1
    assert _seen(empty, frames) == before
    section = empty.parts.inspector.section(GeneratedSection)
    assert isinstance(section, GeneratedSection)
    section.flip.click()
    assert _media(clips(empty)[0]).chosen == done.takes[0].id
    assert _seen(empty, frames) == before
    settle(qtbot, empty)


def test_a_clip_that_plays_more_than_is_made_at_once_is_told_what_to_do(
    empty: Editor, qtbot: QtBot, rush: Path
) -> None:
    laid: list[str] = []
    empty.importing.import_files([rush], laid.extend)
    wait(qtbot, lambda: bool(laid))
    empty.workspace.assets.add_to_timeline(laid)
    empty.session.selection.set([clips(empty)[0].id])
    empty.book.trigger("clip.edit")
    assert _said(empty) == (
        "rush.mp4 plays for 72 s, and at most 60 s are made anew at once. "
        "Cut the part you mean into a clip of its own."
    )
    settle(qtbot, empty)


@pytest.mark.parametrize(
    ("command", "verb"),
    [
        ("clip.extend", "extend"),
        ("clip.retake", "retake"),
        ("clip.upscale", "upscale"),
        ("clip.edit", "edit"),
        ("clip.animate_sticker", "animate"),
        ("clip.from_frame", "take the frame of"),
    ],
)
def test_without_the_right_clip_each_says_what_to_do(
    cut: Editor, command: str, verb: str, qtbot: QtBot
) -> None:
    before = cut.session.project
    cut.session.selection.clear()
    cut.book.trigger(command)
    assert _said(cut) == f"Select the clip to {verb} first."
    cut.session.selection.set([clips(cut, TrackKind.AUDIO)[0].id])
    cut.book.trigger(command)
    assert _said(cut) == f"Only sound is selected. Select a clip with a picture to {verb}."
    cut.session.selection.set([clip.id for clip in clips(cut)])
    cut.book.trigger(command)
    assert _said(cut) == f"Several clips are selected. Select the one to {verb}."
    assert cut.session.project is before
    settle(qtbot, cut)


def test_a_range_beside_the_clip_and_a_missing_file_are_refused(cut: Editor, qtbot: QtBot) -> None:
    clip = clips(cut)[0]
    cut.session.selection.set([clip.id])
    cut.session.transport.mark_in(100)
    cut.session.transport.mark_out(110)
    cut.book.trigger("clip.retake")
    assert _said(cut) == "The marked range does not touch a.mp4. Move in and out over it."
    assert isinstance(clip.media, AssetMedia)
    asset = cut.session.project.assets_by_id[clip.media.asset_id]
    lost = replace(asset, path="nowhere/a.mp4")
    cut.session.footage.look([lost], cut.session.folder)
    wait(qtbot, lambda: asset.id in cut.session.footage.missing)
    cut.book.trigger("clip.upscale")
    assert _said(cut).startswith("a.mp4 is offline. Find its file first")
