"""Sound for films, for words, and after sound: lengths to the sample, refusals, what is said."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from scipy.io import wavfile

from engine.abilities import extend_audio, text_to_audio, video_to_audio
from engine.errors import BadMedia, BadRequest, WeightsNotInstalled
from engine.protocol.recipes import FILM_RECIPE, Ability, InputAsset, InputRole, Recipe, Sampler
from tests.engine.abilities.tiny_sound import write_tiny_sound
from tests.fakes.job_context import FakeJobContext
from tests.studio.media.footage import Shot, make_video

HOP = 1920
SOURCE = InputAsset(role=InputRole.SOURCE, sha256="given")


def _recipe(ability: Ability, **fields: object) -> Recipe:
    quick = Recipe(ability=ability, model="pocket-sound", seed=1, sampler=Sampler(steps=1))
    return msgspec.structs.replace(quick, **fields)


@pytest.fixture
def context(tmp_path: Path) -> FakeJobContext:
    home = write_tiny_sound(tmp_path / "models")
    return FakeJobContext(tmp_path, home, model="pocket-sound")


def _samples(context: FakeJobContext) -> np.ndarray:
    saved = context.saved[-1]
    assert isinstance(saved, Path)
    rate, samples = wavfile.read(saved)
    assert rate == 48_000
    return samples


def test_a_film_gets_sound_as_long_as_itself(context: FakeJobContext, tmp_path: Path) -> None:
    shot = Shot(frames=17, rate=Fraction(24000, 1001), size=(100, 60))
    context.assets["given"] = make_video(tmp_path / "film.mp4", shot)
    (output,) = video_to_audio.run(_recipe(Ability.VIDEO_TO_AUDIO, inputs=(SOURCE,)), context)
    assert len(_samples(context)) == round(17 * 1001 / 24000 * 48_000)
    assert output.asset.media_type == "audio/wav"
    assert output.media.sample_rate_hz == 48_000
    assert ("composing", 1, 1) in context.reports


def test_a_part_of_a_film_can_be_asked_for(context: FakeJobContext, tmp_path: Path) -> None:
    context.assets["given"] = make_video(tmp_path / "film.mp4", Shot(frames=50, size=(64, 36)))
    part = msgspec.structs.replace(SOURCE, in_s="1/2", out_s="3/2")
    video_to_audio.run(_recipe(Ability.VIDEO_TO_AUDIO, inputs=(part,)), context)
    assert len(_samples(context)) == 48_000


def test_words_give_sound_of_the_length_asked_for(context: FakeJobContext) -> None:
    recipe = _recipe(Ability.TEXT_TO_AUDIO, prompt="rain; music: calm piano", frames=24)
    text_to_audio.run(recipe, context)
    assert len(_samples(context)) == 2 * 48_000


def test_a_seed_gives_the_same_sound_again(context: FakeJobContext) -> None:
    made = []
    for seed in (1, 1, 2):
        text_to_audio.run(
            _recipe(Ability.TEXT_TO_AUDIO, prompt="wind", frames=6, seed=seed), context
        )
        made.append(_samples(context))
    assert np.array_equal(made[0], made[1])
    assert not np.array_equal(made[0], made[2])


def test_words_it_never_learnt_are_said_to_be_a_guess(context: FakeJobContext) -> None:
    recipe = _recipe(Ability.TEXT_TO_AUDIO, prompt="rain and a dog barking, no wind", frames=6)
    text_to_audio.run(recipe, context)
    assert context.notes == [
        'The sound model never learnt "dog barking": what comes of it is a guess.'
    ]


def test_a_cut_out_film_is_heard_by_its_recipe(context: FakeJobContext, tmp_path: Path) -> None:
    context.assets["given"] = make_video(tmp_path / "film.mp4", Shot(frames=24, size=(64, 36)))
    made_by = Recipe(
        ability=Ability.TEXT_TO_VIDEO,
        model="pocket-animatic",
        prompt="a fox jumps in the rain",
        frames=24,
        rate="12/1",
    )
    told = {FILM_RECIPE: msgspec.json.encode(made_by).decode()}
    made = []
    for options in ({}, told):
        recipe = _recipe(Ability.VIDEO_TO_AUDIO, inputs=(SOURCE,), options=options)
        video_to_audio.run(recipe, context)
        made.append(_samples(context))
    assert len(made[0]) == len(made[1])
    assert not np.array_equal(made[0], made[1])


@pytest.mark.parametrize("method", ["together", "segments"])
def test_a_sound_goes_on_without_a_step(
    context: FakeJobContext, tmp_path: Path, method: str
) -> None:
    t = np.arange(48_000) / 48_000
    tone = (8000 * np.sin(2 * np.pi * 220 * t)).astype(np.int16)
    context.assets["given"] = tmp_path / "tone.wav"
    wavfile.write(context.assets["given"], 48_000, tone)
    recipe = _recipe(
        Ability.EXTEND_AUDIO, inputs=(SOURCE,), frames=300, rate="25/1", options={"method": method}
    )
    extend_audio.run(recipe, context)
    made = _samples(context)
    assert len(made) == 300 * HOP
    inside = np.abs(np.diff(made[HOP:].astype(int))).max()
    assert abs(int(made[0]) - int(tone[-1])) <= max(int(inside), 600)


def test_a_new_part_meets_the_old_one_and_is_its_own_at_once() -> None:
    generator = torch.Generator().manual_seed(0)
    made, end = 0.1 * torch.randn(2, 9600, generator=generator)
    new = extend_audio.new_part(made, end[:4800])
    assert len(new) == 4800
    assert float(new[0]) == pytest.approx(float(end[4799] + made[4800] - made[4799]), abs=1e-6)
    assert torch.equal(new[120:], made[4920:])


@pytest.mark.parametrize("prompt", ["a man talks", "a woman sings a song", "dialogue in a bar"])
def test_voices_are_refused(context: FakeJobContext, prompt: str) -> None:
    with pytest.raises(BadRequest, match="no speech and no singing"):
        text_to_audio.run(_recipe(Ability.TEXT_TO_AUDIO, prompt=prompt, frames=6), context)


def test_what_is_said_to_be_absent_is_not_refused(context: FakeJobContext) -> None:
    text_to_audio.run(_recipe(Ability.TEXT_TO_AUDIO, prompt="rain, no speech", frames=6), context)
    assert len(context.saved) == 1


def test_a_film_without_sound_cannot_be_gone_on_with(
    context: FakeJobContext, tmp_path: Path
) -> None:
    context.assets["given"] = make_video(tmp_path / "film.mp4", Shot(frames=5, size=(64, 36)))
    with pytest.raises(BadMedia, match="has no sound"):
        extend_audio.run(_recipe(Ability.EXTEND_AUDIO, inputs=(SOURCE,), frames=6), context)


def test_without_weights_the_training_command_is_named(tmp_path: Path) -> None:
    bare = FakeJobContext(tmp_path, tmp_path / "nowhere", model="pocket-sound")
    with pytest.raises(WeightsNotInstalled, match="is not installed") as refused:
        text_to_audio.run(_recipe(Ability.TEXT_TO_AUDIO, prompt="rain", frames=6), bare)
    assert "main.py train pocket-sound" in refused.value.hint
