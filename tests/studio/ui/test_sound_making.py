"""Sound made in the window: a soundtrack under its clip, sound from words, sound gone on with."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from scipy.io import wavfile

from engine.protocol.recipes import Ability
from studio.document.model.clip import Clip
from studio.document.model.generated import GeneratedMedia
from studio.document.model.sequence import TrackKind
from studio.document.queries.media import asset_of
from studio.session.draft import Kind
from studio.ui.editor import Editor
from tests.fakes.engine_client import POCKET, FakeEngine
from tests.studio.ui.driving import clips, settle, starts, wait

SOUNDS = (Ability.VIDEO_TO_AUDIO, Ability.TEXT_TO_AUDIO, Ability.EXTEND_AUDIO)
RULES = msgspec.structs.replace(
    POCKET.rules, rates=("25/1",), frame_step=1, max_frames=15_000, aspects={}
)
POCKET_SOUND = msgspec.structs.replace(
    POCKET, id="pocket-sound", title="Pocket sound", abilities=SOUNDS, rules=RULES
)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine((POCKET, POCKET_SOUND))


def _begin(editor: Editor, qtbot: QtBot, command: str, clip: Clip) -> None:
    panel = editor.parts.generate
    panel.wake()
    wait(qtbot, lambda: panel.form.card is not None)
    editor.session.selection.set([clip.id])
    editor.book.trigger(command)
    wait(qtbot, panel.leave.isVisible)


def _go(editor: Editor, engine: FakeEngine, qtbot: QtBot) -> str:
    panel = editor.parts.generate
    wait(qtbot, lambda: panel.plan is not None)
    panel.go.click()
    wait(qtbot, lambda: len(engine.submitted) == 1)
    return engine.job_ids[0]


def _wav(path: Path, seconds: float) -> Path:
    wavfile.write(path, 48_000, np.zeros(round(48_000 * seconds), np.int16))
    return path


def test_a_soundtrack_lies_under_its_clip_linked_to_it_as_a_take(
    cut: Editor, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    before = cut.session.project
    first = clips(cut)[0]
    _begin(cut, qtbot, "clip.soundtrack", first)
    panel = cut.parts.generate
    assert panel.title.text() == "Soundtrack for a.mp4"
    assert panel.go.text() == "Make a soundtrack"
    panel.form.prompt.setPlainText("wind; music: happy")
    job = _go(cut, engine, qtbot)
    recipe = engine.submitted[0]
    assert recipe.ability is Ability.VIDEO_TO_AUDIO
    assert (recipe.frames, recipe.rate) == (60, "25/1")
    assert (recipe.inputs[0].in_s, recipe.inputs[0].out_s) == ("0/1", "12/5")
    made = clips(cut, TrackKind.AUDIO, 1)[0]
    assert starts(cut, TrackKind.AUDIO, 1) == [0]
    assert made.duration == first.duration
    assert made.link == clips(cut)[0].link == clips(cut, TrackKind.AUDIO)[0].link
    engine.finish(job, _wav(tmp_path / "made.wav", 2.4))

    def made_media() -> GeneratedMedia:
        media = clips(cut, TrackKind.AUDIO, 1)[0].media
        assert isinstance(media, GeneratedMedia)
        return media

    wait(qtbot, lambda: made_media().take is not None)
    asset = asset_of(cut.session.project, clips(cut, TrackKind.AUDIO, 1)[0])
    assert asset is not None
    assert (asset.audio[0].samples, asset.video) == (115_200, ())
    cut.session.undo()
    cut.session.undo()
    assert cut.session.project == before
    settle(qtbot, cut)


def test_sound_from_words_lies_on_an_audio_track(
    cut: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    panel = cut.parts.generate
    panel.wake()
    panel.make_kind(Kind.SOUND)
    wait(qtbot, lambda: panel.form.card is not None)
    panel.form.prompt.setPlainText("rain falling")
    _go(cut, engine, qtbot)
    recipe = engine.submitted[0]
    assert recipe.ability is Ability.TEXT_TO_AUDIO
    assert recipe.prompt == "rain falling"
    assert recipe.frames == 25 * panel.form.seconds
    assert [c.name for c in clips(cut, TrackKind.AUDIO, 1)] == ["rain falling"]
    settle(qtbot, cut)


def test_a_sound_goes_on_right_after_itself(cut: Editor, engine: FakeEngine, qtbot: QtBot) -> None:
    last = clips(cut, TrackKind.AUDIO)[-1]
    end = starts(cut, TrackKind.AUDIO)[-1] + last.duration
    _begin(cut, qtbot, "clip.extend_sound", last)
    assert cut.parts.generate.go.text() == "Extend sound"
    _go(cut, engine, qtbot)
    assert engine.submitted[0].ability is Ability.EXTEND_AUDIO
    assert starts(cut, TrackKind.AUDIO)[-1] == end
    settle(qtbot, cut)


def test_extending_a_sound_says_what_to_select(cut: Editor, qtbot: QtBot) -> None:
    cut.session.selection.set([])
    cut.book.trigger("clip.extend_sound")
    assert "Select the sound" in cut.session.notices.shown[-1].text
    settle(qtbot, cut)


class TestWithoutWeights:
    """A draft model that is not in this copy is said to be missing; nothing is offered to fetch."""

    @pytest.fixture
    def engine(self) -> FakeEngine:
        missing = msgspec.structs.replace(POCKET_SOUND, installed=False, weights_sha256="")
        return FakeEngine((POCKET, missing))

    def test_the_panel_says_so_and_how_to_have_it(
        self, cut: Editor, engine: FakeEngine, qtbot: QtBot
    ) -> None:
        _begin(cut, qtbot, "clip.soundtrack", clips(cut)[0])
        panel = cut.parts.generate
        assert panel.go.text() == "Not installed"
        wait(qtbot, lambda: panel.plan is not None)
        panel.go.click()
        assert "is not installed" in panel.plan_card.head.text()
        assert "train pocket-sound" in panel.plan_card.facts.text()
        assert engine.submitted == []
        settle(qtbot, cut)
