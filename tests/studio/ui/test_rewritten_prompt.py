"""How a prompt is read is told below it, without a job that anybody sees; a switch turns it off."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.protocol.jobs import Cancelled, Queued
from engine.protocol.recipes import Ability, Recipe
from studio.session.preferences import Preferences
from studio.ui.editor import Editor
from studio.ui.panels.generate import GeneratePanel
from tests.fakes.engine_client import POCKET, FakeEngine
from tests.studio.ui.driving import clips, wait

READER = msgspec.structs.replace(
    POCKET, abilities=(Ability.TEXT_TO_VIDEO, Ability.REWRITE_PROMPT, Ability.UPSCALE_VIDEO)
)
PLAIN = msgspec.structs.replace(POCKET, id="wan", title="Wan")


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine((READER, PLAIN))


@pytest.fixture
def panel(empty: Editor, qtbot: QtBot) -> GeneratePanel:
    """The Generate panel in front, with its models."""
    empty.window.left.open("Generate")
    found = empty.parts.generate
    found.wake()
    wait(qtbot, lambda: found.form.card is not None)
    return found


def _questions(engine: FakeEngine) -> list[Recipe]:
    return [each for each in engine.submitted if each.ability is Ability.REWRITE_PROMPT]


def _answer(engine: FakeEngine, folder: Path, text: str) -> str:
    """Answer the last question; its job's id."""
    file = folder / "prompt.txt"
    file.write_text(text, encoding="utf-8")
    job_id = engine.job_ids[-1]
    engine.finish(job_id, file)
    return job_id


def _ask(panel: GeneratePanel, engine: FakeEngine, qtbot: QtBot, prompt: str) -> None:
    before = len(_questions(engine))
    panel.form.prompt.setPlainText(prompt)
    wait(qtbot, lambda: len(_questions(engine)) == before + 1)


def test_a_prompt_is_told_as_it_is_read_and_no_job_is_seen(
    empty: Editor, panel: GeneratePanel, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    _ask(panel, engine, qtbot, "a puppy hops in the woods")
    question = _questions(engine)[0]
    assert (question.prompt, question.model) == ("a puppy hops in the woods", "pocket-video")
    job_id = _answer(engine, tmp_path, "a dog jumps up and down in a forest")
    wait(qtbot, panel.rewritten.told.isVisible)
    assert panel.rewritten.told.text() == "Read as: a dog jumps up and down in a forest"
    assert engine.released == [job_id], "the engine may forget it"
    assert empty.board.rows == ()
    assert list(empty.session.media_folder.glob("*")) == []


def test_a_prompt_that_is_read_as_it_stands_says_nothing(
    panel: GeneratePanel, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    _ask(panel, engine, qtbot, "a dog")
    _answer(engine, tmp_path, "a dog")
    wait(qtbot, lambda: len(engine.released) == 1)
    assert not panel.rewritten.told.isVisible()


def test_a_new_text_cancels_the_old_question(
    panel: GeneratePanel, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    _ask(panel, engine, qtbot, "a puppy")
    old = engine.job_ids[-1]
    wait(qtbot, lambda: isinstance(engine.job(old).state, Queued))
    _ask(panel, engine, qtbot, "a kitten")
    wait(qtbot, lambda: isinstance(engine.job(old).state, Cancelled))
    _answer(engine, tmp_path, "a cat")
    wait(qtbot, lambda: panel.rewritten.told.text() == "Read as: a cat")
    panel.form.prompt.setPlainText("a")
    assert panel.rewritten.told.text() == "", "what was said was of another text"
    panel.form.prompt.setPlainText("a kitten")
    wait(qtbot, lambda: panel.rewritten.told.text() == "Read as: a cat")
    assert [each.prompt for each in _questions(engine)].count("a kitten") == 1, "it is remembered"


def test_switched_off_the_recipe_says_so_and_it_is_remembered(
    empty: Editor,
    panel: GeneratePanel,
    engine: FakeEngine,
    preferences: Preferences,
    qtbot: QtBot,
) -> None:
    _ask(panel, engine, qtbot, "a puppy")
    qtbot.mouseClick(panel.rewritten.switch, Qt.MouseButton.LeftButton)
    assert not panel.rewritten.on
    assert not preferences.settings.rewrite_prompts
    assert not Preferences(preferences.path).settings.rewrite_prompts
    panel.generate()
    wait(qtbot, lambda: engine.submitted[-1].ability is Ability.TEXT_TO_VIDEO)
    assert engine.submitted[-1].options == {"rewrite": "off"}
    qtbot.mouseClick(panel.rewritten.switch, Qt.MouseButton.LeftButton)
    panel.generate()
    wait(qtbot, lambda: len([e for e in engine.submitted if e.frames > 1]) == 2)
    assert engine.submitted[-1].options == {}
    panel.edit_clip(clips(empty)[0].id)
    assert not panel.rewritten.on, "as that clip was made"
    assert preferences.settings.rewrite_prompts, "which is no choice for others"
    panel.leave_task()
    assert panel.rewritten.on


def test_the_row_hides_for_models_that_take_words_as_they_are(
    panel: GeneratePanel, engine: FakeEngine
) -> None:
    assert panel.rewritten.switch.isVisible()
    ids = [panel.form.model.itemText(n) for n in range(panel.form.model.count())]
    panel.form.model.setCurrentIndex(ids.index("Wan"))
    assert not panel.rewritten.isVisible()
    panel.rewritten.switch.setChecked(False)
    panel.form.prompt.setPlainText("a puppy")
    recipe = panel.rewritten.applied(
        Recipe(ability=Ability.TEXT_TO_VIDEO, model="wan", prompt="a puppy"), PLAIN
    )
    assert recipe.options == {}


def test_an_engine_that_fails_says_nothing_and_is_asked_again(
    empty: Editor, panel: GeneratePanel, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    _ask(panel, engine, qtbot, "a puppy")
    engine.fail(engine.job_ids[-1], "The worker died.")
    _ask(panel, engine, qtbot, "a kitten")
    assert not empty.session.notices.shown
    _answer(engine, tmp_path, "a cat")
    wait(qtbot, lambda: panel.rewritten.told.text() == "Read as: a cat")
