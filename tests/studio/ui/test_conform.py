"""Conform in the window: the list, the jobs, one step at the end; what fails keeps its draft."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from engine.protocol.models import ModelCard
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe
from studio.document.edits.cut import delete, razor
from studio.document.model.clip import Clip
from studio.document.model.generated import Failed, GeneratedMedia
from studio.session.conforming import Conforming
from studio.ui.dialogs.conform import ConformDialog
from studio.ui.editor import Editor
from studio.ui.panels.inspector.generated_section import GeneratedSection
from tests.fakes.engine_client import POCKET, FakeEngine
from tests.studio.media.footage import Shot, make_video
from tests.studio.ui.driving import clips, wait

BIG = msgspec.structs.replace(
    POCKET,
    id="big-video",
    title="Big video",
    tier="local",
    rules=msgspec.structs.replace(
        POCKET.rules, rates=("16/1",), max_frames=96, aspects={"16:9": (1280, 720)}
    ),
    weights_sha256="f" * 64,
)
FOX = Recipe(
    ability=Ability.TEXT_TO_VIDEO,
    model=POCKET.id,
    prompt="a fox",
    width=320,
    height=176,
    frames=24,
    rate="12/1",
)


VERSATILE = msgspec.structs.replace(BIG, abilities=(Ability.TEXT_TO_VIDEO, Ability.RETAKE))


@pytest.fixture
def cast() -> tuple[ModelCard, ...]:
    return POCKET, VERSATILE


@pytest.fixture
def engine(cast: tuple[ModelCard, ...]) -> FakeEngine:
    return FakeEngine(cast)


@pytest.fixture
def films(tmp_path: Path) -> list[Path]:
    """Two seconds each: drafts at 12 a second, finals at 16."""
    paths = [tmp_path / f"{number}.mp4" for number in range(4)]
    for number, path in enumerate(paths):
        make_video(path, Shot(size=(160, 90), frames=24 + number, rate=Fraction(12)))
    return paths


def _drafted(editor: Editor, engine: FakeEngine, films: list[Path], qtbot: QtBot) -> None:
    """A fox and an owl, both made by the draft model, the fox cut in two."""
    for seed, film in enumerate(films[:2]):
        editor.session.transport.seek(seed * 60)
        recipe = msgspec.structs.replace(FOX, prompt=("a fox", "an owl")[seed], seed=seed)
        editor.generation.generate(recipe, "draft")
        wait(qtbot, lambda: len(engine.submitted) == seed + 1)  # noqa: B023
        engine.finish(engine.job_ids[seed], film)
        wait(qtbot, lambda: _takes(clips(editor)[seed]) == 1)  # noqa: B023
    fox = clips(editor)[0]
    sequence = editor.session.sequence
    assert editor.session.apply(
        "Cut", lambda project: razor(project, sequence.id, 20, [sequence.tracks[0].id])
    ), fox


def _takes(clip: Clip) -> int:
    return len(clip.media.takes) if isinstance(clip.media, GeneratedMedia) else 0


def _plays(clip: Clip) -> str:
    assert isinstance(clip.media, GeneratedMedia)
    assert clip.media.take is not None
    return clip.media.take.recipe.model


def _dialog(editor: Editor, qtbot: QtBot) -> ConformDialog:
    editor.book.action("sequence.conform").trigger()
    dialog = editor.window.findChildren(ConformDialog)[-1]
    wait(qtbot, dialog.go.isEnabled)
    return dialog


def _conforming(editor: Editor) -> Conforming:
    return editor.conforming


def test_a_cut_of_drafts_is_conformed_in_one_step_and_back(
    empty: Editor, engine: FakeEngine, films: list[Path], qtbot: QtBot
) -> None:
    _drafted(empty, engine, films, qtbot)
    lengths = [clip.duration for clip in clips(empty)]
    dialog = _dialog(empty, qtbot)
    shown = [dialog.list.topLevelItem(at) for at in range(dialog.list.topLevelItemCount())]
    assert [item.text(2) for item in shown if item] == ["Big video", "Big video"]
    assert "2 of 2 shots" in dialog.summary.text()
    assert "Apache 2.0, commercial use is allowed" in dialog.terms.text()
    dialog.go.click()
    wait(qtbot, lambda: len(engine.submitted) == 4)
    asked = engine.submitted[2]
    assert (asked.model, asked.frames, asked.rate, asked.width) == ("big-video", 32, "16/1", 1280)
    engine.finish(engine.job_ids[2], films[2])
    wait(qtbot, lambda: _takes(clips(empty)[0]) == 2)
    assert {_plays(clip) for clip in clips(empty)} == {"pocket-video"}, "not before all are done"
    with qtbot.waitSignal(_conforming(empty).finished, timeout=300_000):
        engine.finish(engine.job_ids[3], films[3])
    assert {_plays(clip) for clip in clips(empty)} == {"big-video"}
    assert [clip.duration for clip in clips(empty)] == lengths
    assert empty.session.undo_name == "Conform"
    empty.session.undo()
    assert {_plays(clip) for clip in clips(empty)} == {"pocket-video"}
    empty.session.redo()
    assert {_plays(clip) for clip in clips(empty)} == {"big-video"}
    assert not any(clip.media.stale for clip in clips(empty) if _takes(clip))  # type: ignore[union-attr]


def test_why_a_shot_stays_is_said_in_full_with_a_way_to_models(
    empty: Editor, engine: FakeEngine, films: list[Path], qtbot: QtBot
) -> None:
    _drafted(empty, engine, films, qtbot)
    dialog = _dialog(empty, qtbot)
    assert not dialog.get.isVisibleTo(dialog)
    dialog.tier.choose("server")
    dialog.tier.chosen.emit("server")
    items = [dialog.list.topLevelItem(at) for at in range(dialog.list.topLevelItemCount())]
    assert [item.text(2) for item in items if item] == ["Stays as it is"] * 2
    assert "a fox, an owl: No model for text to video is installed" in dialog.terms.text()
    assert dialog.terms.wordWrap()
    dialog.get.click()
    assert not dialog.isVisible()
    assert empty.window.left.is_open("Generate")
    assert empty.parts.generate.tier.key == "server"


def test_what_fails_keeps_its_draft_and_only_that_is_made_again(
    empty: Editor, engine: FakeEngine, films: list[Path], qtbot: QtBot
) -> None:
    _drafted(empty, engine, films, qtbot)
    _dialog(empty, qtbot).go.click()
    wait(qtbot, lambda: len(engine.submitted) == 4)
    engine.finish(engine.job_ids[2], films[2])
    with qtbot.waitSignal(_conforming(empty).finished, timeout=300_000):
        engine.fail(engine.job_ids[3], "The card is on fire.")
    assert [_plays(clip) for clip in clips(empty)] == ["big-video", "big-video", "pocket-video"]
    owl = clips(empty)[2].media
    assert isinstance(owl, GeneratedMedia)
    assert isinstance(owl.state, Failed)
    assert "on fire" in owl.state.reason
    card = empty.parts.jobs.card(engine.job_ids[3])
    assert (card.reason.text(), card.reason.wordWrap()) == ("The card is on fire.", True)
    assert any("on fire" in notice.text for notice in empty.session.notices.shown)
    with qtbot.waitSignal(_conforming(empty).finished, timeout=300_000):
        empty.generation.retry(engine.job_ids[3])
        wait(qtbot, lambda: len(engine.submitted) == 5)
        assert engine.submitted[4].model == "big-video"
        engine.finish(engine.job_ids[4], films[3])
    assert {_plays(clip) for clip in clips(empty)} == {"big-video"}


def test_takes_that_are_there_already_are_swapped_without_a_job(
    empty: Editor, engine: FakeEngine, films: list[Path], qtbot: QtBot
) -> None:
    _drafted(empty, engine, films, qtbot)
    _dialog(empty, qtbot).go.click()
    wait(qtbot, lambda: len(engine.submitted) == 4)
    with qtbot.waitSignal(_conforming(empty).finished, timeout=300_000):
        for at in (2, 3):
            engine.finish(engine.job_ids[at], films[at])
    empty.session.undo()
    again = _dialog(empty, qtbot)
    shown = [again.list.topLevelItem(at) for at in range(again.list.topLevelItemCount())]
    assert [item.text(2) for item in shown if item] == ["Made already", "Made already"]
    again.go.click()
    assert {_plays(clip) for clip in clips(empty)} == {"big-video"}
    assert len(engine.submitted) == 4


def test_a_retake_is_made_of_what_its_draft_became(
    empty: Editor, engine: FakeEngine, films: list[Path], qtbot: QtBot
) -> None:
    empty.generation.generate(FOX, "draft")
    wait(qtbot, lambda: len(engine.submitted) == 1)
    engine.finish(engine.job_ids[0], films[0])
    wait(qtbot, lambda: _takes(clips(empty)[0]) == 1)
    fox = clips(empty)[0]
    draft = empty.session.project.assets[-1]
    given = InputAsset(role=InputRole.SOURCE, sha256=draft.sha256, in_s="0", out_s="2")
    retake = msgspec.structs.replace(
        FOX,
        ability=Ability.RETAKE,
        inputs=(given,),
        options={"retake_in_s": "1/2", "retake_out_s": "1"},
    )
    empty.generation.rework(fox.id, retake, "draft", (), "Retake")
    wait(qtbot, lambda: len(engine.submitted) == 2)
    engine.finish(engine.job_ids[1], films[1])
    wait(qtbot, lambda: _takes(clips(empty)[0]) == 2)
    plays = clips(empty)[0].media
    dialog = _dialog(empty, qtbot)
    shown = [dialog.list.topLevelItem(at) for at in range(dialog.list.topLevelItemCount())]
    assert [item.text(0) for item in shown if item] == [
        f"{fox.name}  (read by another shot)",
        fox.name,
    ]
    dialog.go.click()
    wait(qtbot, lambda: len(engine.submitted) == 3)
    assert engine.submitted[2].ability is Ability.TEXT_TO_VIDEO
    engine.finish(engine.job_ids[2], films[2])
    wait(qtbot, lambda: len(engine.submitted) == 4)
    anew = next(a for a in empty.session.project.assets if a.sha256 == _sha256(films[2]))
    assert engine.submitted[3].ability is Ability.RETAKE
    assert [given.sha256 for given in engine.submitted[3].inputs] == [anew.sha256]
    assert clips(empty)[0].media.chosen == plays.chosen, "the draft plays until all are done"  # type: ignore[union-attr]
    with qtbot.waitSignal(_conforming(empty).finished, timeout=300_000):
        engine.finish(engine.job_ids[3], films[3])
    assert _plays(clips(empty)[0]) == "big-video"
    assert empty.session.undo_name == "Conform"
    empty.book.action("sequence.conform").trigger()
    again = empty.window.findChildren(ConformDialog)[-1]
    wait(qtbot, lambda: "There is nothing to do" in again.summary.text())


def test_what_a_shot_is_made_of_may_go_meanwhile_and_the_conform_still_ends(
    empty: Editor, engine: FakeEngine, films: list[Path], qtbot: QtBot
) -> None:
    _drafted(empty, engine, films, qtbot)
    fox, _, owl = clips(empty)
    draft = next(a for a in empty.session.project.assets if a.sha256 == _sha256(films[0]))
    given = InputAsset(role=InputRole.SOURCE, sha256=draft.sha256, in_s="0", out_s="2")
    reads = msgspec.structs.replace(FOX, ability=Ability.RETAKE, inputs=(given,))
    empty.generation.rework(owl.id, reads, "draft", (), "Retake")
    wait(qtbot, lambda: len(engine.submitted) == 3)
    engine.finish(engine.job_ids[2], films[2])
    wait(qtbot, lambda: _takes(clips(empty)[2]) == 2)
    _dialog(empty, qtbot).go.click()
    wait(qtbot, lambda: len(engine.submitted) == 4)
    halves = [clip.id for clip in clips(empty)[:2]]
    assert fox.id in halves
    assert empty.session.apply("Delete", lambda project: delete(project, halves))
    with qtbot.waitSignal(_conforming(empty).finished, timeout=300_000):
        engine.finish(engine.job_ids[3], films[3])
    assert _plays(clips(empty)[-1]) == "pocket-video"
    assert any("no longer there" in notice.text for notice in empty.session.notices.shown)
    assert len(engine.submitted) == 4


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_take_carries_a_note_and_the_inspector_names_the_model_that_plays(
    empty: Editor, engine: FakeEngine, films: list[Path], qtbot: QtBot
) -> None:
    _drafted(empty, engine, films, qtbot)
    owl = clips(empty)[2]
    empty.session.selection.set([owl.id])
    section = empty.parts.inspector.findChildren(GeneratedSection)[-1]
    assert isinstance(owl.media, GeneratedMedia)
    take = owl.media.takes[0]
    section.note(take.id, "Too dark")
    assert "Too dark" in section.strip.buttons[take.id].toolTip()
    assert empty.session.undo_name == "Note on take"
    assert section.facts.text().startswith("pocket-video")
    _dialog(empty, qtbot).go.click()
    wait(qtbot, lambda: len(engine.submitted) == 4)
    with qtbot.waitSignal(_conforming(empty).finished, timeout=300_000):
        engine.finish(engine.job_ids[2], films[2])
        engine.finish(engine.job_ids[3], films[3])
    assert section.facts.text().startswith("big-video")
    card = empty.parts.jobs.card(engine.job_ids[3])
    assert not card.reason.isVisibleTo(card)
