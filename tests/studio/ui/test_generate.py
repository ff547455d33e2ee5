"""A shot from the panel to a take: placeholder, progress, result, and every way it can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import cv2
import msgspec
import numpy as np
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from studio.document.model.clip import Clip
from studio.document.model.generated import Failed, GeneratedMedia, Pending, Ready
from studio.session.draft import recipe_of
from studio.session.notices import Severity
from studio.ui.asset_drag import AssetDrag
from studio.ui.editor import Editor
from studio.ui.panels.inspector.generated_section import GeneratedSection
from studio.ui.timeline.looks import Broken, Working, look_of
from tests.fakes.engine_client import POCKET, FakeEngine
from tests.studio.ui.driving import clips, settle, wait


def _media(editor: Editor) -> GeneratedMedia:
    media = clips(editor)[0].media
    assert isinstance(media, GeneratedMedia)
    return media


def _look(editor: Editor, clip: Clip):  # noqa: ANN202
    found = editor.session.sequence.tracks[0]
    return look_of(clip, found.kind, editor.session.project, editor.board, frozenset())


def _ready(editor: Editor, qtbot: QtBot) -> None:
    """The engine has answered and its models are offered."""
    wait(qtbot, lambda: editor.parts.generate.form.card is not None)


def _generate(editor: Editor, engine: FakeEngine, qtbot: QtBot, prompt: str = "A red fox") -> str:
    _ready(editor, qtbot)
    panel = editor.parts.generate
    panel.form.prompt.setPlainText(prompt)
    wait(qtbot, lambda: panel.plan is not None)
    panel.go.click()
    wait(qtbot, lambda: len(engine.job_ids) == 1)
    return engine.job_ids[0]


def _preview() -> bytes:
    return cv2.imencode(".jpg", np.full((90, 160, 3), 128, np.uint8))[1].tobytes()


def test_an_empty_prompt_is_refused_in_words(empty: Editor, qtbot: QtBot) -> None:
    _ready(empty, qtbot)
    empty.parts.generate.generate()
    assert empty.parts.generate.plan_card.head.text().startswith("Describe the shot first")
    assert empty.session.undo_name is None


def test_the_plan_is_shown_before_anything_runs(
    empty: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    _ready(empty, qtbot)
    panel = empty.parts.generate
    panel.form.prompt.setPlainText("A red fox")
    wait(qtbot, lambda: panel.plan is not None)
    assert panel.plan_card.head.text() == "About 6 s"
    assert "CPU, 2 cores" in panel.plan_card.facts.text()
    assert engine.submitted == []


def test_a_clip_has_the_rate_of_its_timeline_or_one_that_is_chosen(
    empty: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    _ready(empty, qtbot)
    form = empty.parts.generate.form
    assert not form.rates.isVisibleTo(form), "one rate is no choice"
    rules = msgspec.structs.replace(
        POCKET.rules, rates=("24/1", "25/1", "30/1", "12/1"), max_frames=240
    )
    card = msgspec.structs.replace(POCKET, rules=rules)
    form.set_cards((card,))
    assert form.rates.isVisibleTo(form)
    assert Fraction(form.rate) == empty.session.sequence.rate.fraction
    assert form.length.slider.maximum() == 2 * 240 / empty.session.sequence.rate.fraction
    form.rates.choose("12/1")
    assert form.rate == "12/1"
    assert form.length.slider.maximum() == 2 * 20
    form.prompt.setPlainText("A red fox")
    assert recipe_of(form.draft(), card).rate == "12/1"


def test_a_refusal_offers_the_nearest_setting_as_one_click(
    empty: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.refuses_over_frames = 24
    _ready(empty, qtbot)
    panel = empty.parts.generate
    panel.form.prompt.setPlainText("A red fox")
    wait(qtbot, lambda: panel.plan is not None and panel.plan.refusal is not None)
    assert not panel.go.isEnabled()
    assert panel.plan_card.fix.text() == "Use 2 s at 320×176"
    panel.plan_card.fix.click()
    wait(qtbot, lambda: panel.plan is not None and panel.plan.refusal is None)
    assert panel.form.seconds == 2
    assert panel.go.isEnabled()


def test_a_shot_goes_from_placeholder_to_take(
    empty: Editor, engine: FakeEngine, qtbot: QtBot, footage: Path
) -> None:
    job = _generate(empty, engine, qtbot)
    assert empty.parts.jobs.card(job).drag_data() is None
    clip = clips(empty)[0]
    assert clip.duration == 4 * 30
    assert isinstance(_media(empty).state, Pending)
    assert empty.session.selection.ids == {clip.id}
    engine.step(job, 4, 16, _preview())
    wait(
        qtbot, lambda: empty.board.row(job) is not None and empty.pictures.preview(job) is not None
    )
    state = _look(empty, clip).state
    assert isinstance(state, Working)
    assert (state.fraction, state.text) == (0.25, "Denoise 4/16 · 2 s left")
    engine.finish(job, footage / "a.mp4", notes=("Made at a lower plan.",))
    wait(qtbot, lambda: bool(_media(empty).takes))
    media, project = _media(empty), empty.session.project
    assert media.take is not None
    asset = project.assets_by_id[media.take.asset_id]
    assert asset.generated
    assert (empty.session.folder / asset.path).read_bytes() == (footage / "a.mp4").read_bytes()
    assert asset.path == f"film.media/{asset.sha256}.mp4"
    assert media.recipe.prompt == "A red fox"
    card = empty.parts.jobs.card(job)
    data = card.drag_data()
    assert data is not None
    assert AssetDrag.read(data) == AssetDrag((asset.id,))
    assert empty.session.undo_name == "Take of A red fox"
    assert [step.name for step in empty.session.steps] == [
        "Generate: A red fox",
        "Take of A red fox",
    ]
    wait(qtbot, lambda: engine.released == [job])
    assert empty.session.notices.shown == (), "what is said of a take is no alarm"
    assert card.remarks.text() == "Made at a lower plan."
    section = empty.parts.inspector.section(GeneratedSection)
    assert isinstance(section, GeneratedSection)
    assert section.remarks.text() == "Made at a lower plan."
    settle(qtbot, empty)


def test_a_take_that_undo_took_away_is_taken_in_again(
    empty: Editor, engine: FakeEngine, qtbot: QtBot, footage: Path
) -> None:
    job = _generate(empty, engine, qtbot)
    engine.finish(job, footage / "a.mp4")
    wait(qtbot, lambda: len(_media(empty).takes) == 1)
    before = _media(empty).take
    empty.book.trigger("edit.undo")
    section = empty.parts.inspector.section(GeneratedSection)
    assert isinstance(section, GeneratedSection)
    assert section.state.text() == "Undo took its finished take away."
    assert section.again.isEnabled()
    assert not section.cancel.isVisibleTo(section)
    assert isinstance(_look(empty, clips(empty)[0]).state, Broken)
    section.restore.click()
    wait(qtbot, lambda: len(_media(empty).takes) == 1)
    again = _media(empty).take
    assert before is not None
    assert again is not None
    assert again.recipe == before.recipe
    assert again.remarks == before.remarks
    assert len(list(empty.session.media_folder.iterdir())) == 1
    assert not section.restore.isVisibleTo(section)
    empty.book.trigger("edit.undo")
    section.again.click()
    wait(qtbot, lambda: len(engine.job_ids) == 2)
    assert [job.job_id for job in _media(empty).jobs] == [engine.job_ids[1]]
    settle(qtbot, empty)


def test_cancel_leaves_the_placeholder_and_a_way_to_try_again(
    empty: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    job = _generate(empty, engine, qtbot)
    empty.parts.jobs.card(job).cancel.click()
    wait(qtbot, lambda: isinstance(_media(empty).state, Failed))
    assert empty.board.active_count == 0
    empty.parts.jobs.card(job).retry.click()
    wait(qtbot, lambda: len(engine.job_ids) == 2)
    assert isinstance(_media(empty).state, Pending)
    assert engine.submitted[0] == engine.submitted[1]


def test_a_cancelled_new_take_leaves_a_good_clip_as_it_was(
    empty: Editor, engine: FakeEngine, qtbot: QtBot, footage: Path
) -> None:
    engine.finish(_generate(empty, engine, qtbot), footage / "a.mp4")
    wait(qtbot, lambda: len(_media(empty).takes) == 1)
    before, look = _media(empty), _look(empty, clips(empty)[0])
    section = empty.parts.inspector.section(GeneratedSection)
    assert isinstance(section, GeneratedSection)
    section.again.click()
    wait(qtbot, lambda: len(engine.job_ids) == 2)
    assert isinstance(_media(empty).state, Pending)
    section.cancel.click()
    wait(qtbot, lambda: isinstance(_media(empty).state, Ready))
    after = _media(empty)
    assert (after.takes, after.chosen, after.stale) == (before.takes, before.chosen, False)
    assert _look(empty, clips(empty)[0]) == look
    assert not section.retry.isVisibleTo(section)
    assert section.again.isEnabled()
    assert section.state.text() == ""
    settle(qtbot, empty)


def test_a_failed_job_keeps_its_reason_on_the_clip(
    empty: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    job = _generate(empty, engine, qtbot)
    engine.fail(job, "The worker died.")
    wait(qtbot, lambda: isinstance(_media(empty).state, Failed))
    state = _look(empty, clips(empty)[0]).state
    assert isinstance(state, Broken)
    assert state.reason == "The worker died."
    section = empty.parts.inspector.section(GeneratedSection)
    assert isinstance(section, GeneratedSection)
    section.retry.click()
    wait(qtbot, lambda: len(engine.job_ids) == 2)


def test_an_engine_that_is_down_costs_a_notice_and_not_the_edit(
    empty: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    _ready(empty, qtbot)
    panel = empty.parts.generate
    panel.form.prompt.setPlainText("A red fox")
    wait(qtbot, lambda: panel.plan is not None)
    engine.down = "The engine does not answer. Start it again."
    panel.generate()
    wait(qtbot, lambda: isinstance(_media(empty).state, Failed))
    errors = [n for n in empty.session.notices.shown if n.severity is Severity.ERROR]
    assert "does not answer" in errors[0].text
    assert errors[0].action is not None
    engine.down = ""
    errors[0].action.run()
    wait(qtbot, lambda: len(engine.job_ids) == 1)


def test_new_takes_stand_beside_the_old_and_are_chosen_by_hand(
    empty: Editor, engine: FakeEngine, qtbot: QtBot, footage: Path
) -> None:
    job = _generate(empty, engine, qtbot)
    engine.finish(job, footage / "a.mp4")
    wait(qtbot, lambda: len(_media(empty).takes) == 1)
    section = empty.parts.inspector.section(GeneratedSection)
    assert isinstance(section, GeneratedSection)
    section.again.click()
    wait(qtbot, lambda: len(engine.job_ids) == 2)
    assert engine.submitted[1].seed != engine.submitted[0].seed
    engine.finish(engine.job_ids[1], footage / "b.mp4")
    wait(qtbot, lambda: len(_media(empty).takes) == 2)
    first, second = _media(empty).takes
    assert _media(empty).chosen == first.id
    assert not _media(empty).stale, "another seed is another take of the same thing"
    section.strip.buttons[second.id].click()
    assert _media(empty).chosen == second.id
    assert empty.session.undo_name == "Use take"
    assert not _media(empty).stale
    empty.window.upper.setSizes([400, 800, 1])
    panel = empty.parts.inspector
    scroll = panel.findChild(QScrollArea)
    assert scroll is not None
    wait(qtbot, lambda: scroll.verticalScrollBar().isVisible())
    assert empty.window.right.width() == empty.window.right.minimumWidth()
    inside = scroll.viewport().width()
    assert max(each.minimumSizeHint().width() for each in panel.sections) + 18 <= inside
    for button in (section.again, section.change, section.flip):
        right = button.mapTo(panel, button.rect().topRight()).x()
        assert right <= inside
    section.flip.click()
    assert _media(empty).chosen == first.id
    empty.session.undo()
    assert _media(empty).chosen == second.id
    settle(qtbot, empty)


def test_editing_a_recipe_makes_another_take_of_the_same_clip(
    empty: Editor, engine: FakeEngine, qtbot: QtBot, footage: Path
) -> None:
    job = _generate(empty, engine, qtbot)
    engine.finish(job, footage / "a.mp4")
    wait(qtbot, lambda: len(_media(empty).takes) == 1)
    panel = empty.parts.generate
    panel.edit_clip(clips(empty)[0].id)
    assert panel.go.text() == "Make a new take"
    panel.form.prompt.setPlainText("A blue fox")
    panel.generate()
    wait(qtbot, lambda: len(engine.job_ids) == 2)
    assert len(clips(empty)) == 1
    assert _media(empty).recipe.prompt == "A blue fox"
    assert _media(empty).stale
    assert panel.go.text() == "Generate clip"


def test_a_reopened_project_finds_its_jobs_again(
    empty: Editor,
    engine: FakeEngine,
    qtbot: QtBot,
    footage: Path,
    open_editor: Callable[[Path], Editor],
) -> None:
    job = _generate(empty, engine, qtbot)
    path = empty.session.path
    empty.window.close()
    engine.finish(job, footage / "a.mp4")
    again = open_editor(path)
    wait(qtbot, lambda: len(_media(again).takes) == 1)
    assert isinstance(_media(again).state, Ready)


def test_a_job_that_the_engine_has_forgotten_says_so(
    empty: Editor,
    engine: FakeEngine,
    qtbot: QtBot,
    open_editor: Callable[[Path], Editor],
) -> None:
    job = _generate(empty, engine, qtbot)
    path = empty.session.path
    empty.window.close()
    engine.forget(job)
    again = open_editor(path)
    wait(qtbot, lambda: isinstance(_media(again).state, Failed))
    state = _media(again).state
    assert isinstance(state, Failed)
    assert "no longer knows" in state.reason
