"""Extra frames on either side of a generated clip: made, hidden, shown, and there to trim into."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from studio.document.edits.trim import trim
from studio.document.model.generated import GeneratedMedia
from studio.document.queries.limits import Edge
from studio.document.queries.media import handles
from studio.document.time import Time
from studio.session.draft import Kind
from studio.ui.editor import Editor
from studio.ui.panels.inspector.generated_section import GeneratedSection
from tests.fakes.engine_client import POCKET, FakeEngine
from tests.studio.media.footage import Shot, make_video
from tests.studio.ui.driving import clips, settle, wait

LONG = msgspec.structs.replace(POCKET, rules=msgspec.structs.replace(POCKET.rules, max_frames=72))


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine((LONG,))


def _make(editor: Editor, engine: FakeEngine, qtbot: QtBot, extra: int) -> str:
    panel = editor.parts.generate
    panel.wake()
    wait(qtbot, lambda: panel.form.card is not None)
    panel.form.prompt.setPlainText("A red fox")
    panel.form.extra.setValue(extra)
    wait(qtbot, lambda: panel.plan is not None)
    panel.go.click()
    wait(qtbot, lambda: len(engine.job_ids) == 1)
    return engine.job_ids[0]


def test_extra_frames_lengthen_the_recipe_and_hide_on_either_side(
    empty: Editor, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    job = _make(empty, engine, qtbot, 15)
    assert engine.submitted[0].frames == 60
    clip = clips(empty)[0]
    assert isinstance(clip.media, GeneratedMedia)
    assert (clip.duration, clip.media.handle_frames) == (4 * 30, 15)
    assert clip.source_start == Time(15, empty.session.sequence.rate)
    made = make_video(tmp_path / "made.mp4", Shot(size=(160, 90), rate=Fraction(12), frames=60))
    engine.finish(job, made)
    wait(qtbot, lambda: _takes(empty) == 1)
    room = handles(empty.session.project, clips(empty)[0], empty.session.sequence.rate)
    assert (room.head, room.tail) == (15, 15)
    out = trim(empty.session.project, clip.id, Edge.TAIL, 15)
    assert out != empty.session.project
    section = empty.parts.inspector.section(GeneratedSection)
    assert isinstance(section, GeneratedSection)
    assert "15 extra frames on either side" in section.facts.text()
    settle(qtbot, empty)


def _takes(editor: Editor) -> int:
    media = clips(editor)[0].media
    return len(media.takes) if isinstance(media, GeneratedMedia) else 0


def test_what_is_hidden_shortens_the_longest_clip_and_is_kept_when_edited(
    empty: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    panel = empty.parts.generate
    _make(empty, engine, qtbot, 15)
    assert panel.form.length.slider.maximum() == 10
    panel.form.extra.setValue(0)
    assert panel.form.length.slider.maximum() == 12
    empty.window.left.open("Generate")
    assert panel.form.extra.isVisible()
    panel.edit_clip(clips(empty)[0].id)
    assert not panel.form.extra.isVisible()
    assert panel.form.seconds == 4
    panel.form.prompt.setPlainText("A blue fox")
    panel.generate()
    wait(qtbot, lambda: len(engine.submitted) == 2)
    assert engine.submitted[1].frames == 60
    panel.make_kind(Kind.STICKER)
    assert panel.form.extra_frames == 0


def test_a_clip_lasts_as_long_as_was_asked_though_the_model_counts_in_steps(
    empty: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    _make(empty, engine, qtbot, 12)
    assert engine.submitted[0].frames == 60
    clip = clips(empty)[0]
    assert (clip.duration, clip.source_start) == (120, Time(12, empty.session.sequence.rate))


def test_words_length_and_shape_come_back_after_work_on_a_clip(
    empty: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    _make(empty, engine, qtbot, 0)
    form = empty.parts.generate.form
    form.prompt.setPlainText("A sleeping cat")
    form.aspect.choose("9:16")
    form.length.set_seconds(Fraction(3))
    empty.parts.generate.edit_clip(clips(empty)[0].id)
    assert form.prompt.toPlainText() == "A red fox"
    empty.parts.generate.leave.click()
    assert form.prompt.toPlainText() == "A sleeping cat"
    assert form.seconds == 3
    assert form.kind is Kind.CLIP
