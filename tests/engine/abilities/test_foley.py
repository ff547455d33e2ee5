"""Draft soundtracks: as long as their film, of what is seen and said, refused where nothing is."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import msgspec
import numpy as np
import pytest
from scipy.io import wavfile

from engine.abilities import foley
from engine.abilities.animatic_cast import Cast
from engine.abilities.foley_seen import heard_as_made
from engine.errors import BadMedia, BadRequest, WeightsNotInstalled
from engine.models.animatic.movements import staged
from engine.models.animatic.onsets import onsets
from engine.models.moviegen.rewriting import Clause
from engine.protocol.recipes import (
    EASED,
    FILM_RECIPE,
    MOVES,
    Ability,
    InputAsset,
    InputRole,
    Recipe,
)
from tests.engine.abilities.tiny_sound import write_tiny_sound
from tests.fakes.job_context import FakeJobContext
from tests.studio.media.footage import Shot, make_video

SOURCE = InputAsset(role=InputRole.SOURCE, sha256="given")


def _recipe(ability: Ability, prompt: str = "", **fields: object) -> Recipe:
    plain = Recipe(ability=ability, model="pocket-foley", seed=1, prompt=prompt)
    return msgspec.structs.replace(plain, **fields)


@pytest.fixture
def context(tmp_path: Path) -> FakeJobContext:
    home = write_tiny_sound(tmp_path / "models")
    return FakeJobContext(tmp_path, home, model="pocket-foley")


def _samples(context: FakeJobContext) -> np.ndarray:
    saved = context.saved[-1]
    assert isinstance(saved, Path)
    rate, samples = wavfile.read(saved)
    assert rate == 48_000
    return samples


def test_a_film_gets_sound_to_the_sample_and_is_told_what(
    context: FakeJobContext, tmp_path: Path
) -> None:
    shot = Shot(frames=17, rate=Fraction(24000, 1001), size=(100, 60))
    context.assets["given"] = make_video(tmp_path / "film.mp4", shot)
    foley.run(_recipe(Ability.VIDEO_TO_AUDIO, inputs=(SOURCE,)), context)
    assert len(_samples(context)) == round(17 * 1001 / 24000 * 48_000)
    assert np.abs(_samples(context).astype(int)).max() > 300
    (note,) = context.notes
    assert note.startswith("What is heard: ")
    assert [phase for phase, *_ in context.reports][:2] == ["loading", "watching"]


def test_words_replace_what_is_seen(context: FakeJobContext, tmp_path: Path) -> None:
    context.assets["given"] = make_video(tmp_path / "film.mp4", Shot(frames=24, size=(64, 36)))
    prompt = "rain, footsteps; music: sad piano"
    foley.run(_recipe(Ability.VIDEO_TO_AUDIO, prompt, inputs=(SOURCE,)), context)
    assert context.notes == ["What is heard: rain falling, footsteps and sad music."]


MADE_BY = Recipe(
    ability=Ability.TEXT_TO_VIDEO,
    model="pocket-animatic",
    prompt="a red car jumps up and down in the snow",
    seed=4,
    frames=48,
    rate="12/1",
)


def test_a_cut_out_films_recipe_tells_every_step(context: FakeJobContext, tmp_path: Path) -> None:
    film = make_video(tmp_path / "film.mp4", Shot(frames=48, rate=Fraction(12), size=(64, 36)))
    context.assets["given"] = film
    part = msgspec.structs.replace(SOURCE, in_s="1", out_s="4")
    told = {FILM_RECIPE: msgspec.json.encode(MADE_BY).decode()}
    foley.run(_recipe(Ability.VIDEO_TO_AUDIO, inputs=(part,), options=told), context)
    assert context.notes == [
        "What is heard: wind blowing, an engine running and a thud at each landing."
    ]
    assert "watching" not in [phase for phase, *_ in context.reports]
    landings = [at_s - 1 for at_s in onsets("jump", staged(random.Random(4)).phase, 4.0)]
    shown = heard_as_made(
        MADE_BY, Cast(Clause("a", "red car", "jumps up and down", "in the snow"), ()), 1.0, 3.0
    )
    assert shown.moments_s == tuple(at_s for at_s in landings if at_s >= 0)
    assert len(shown.moments_s) >= 3


def test_a_film_that_eases_is_heard_as_it_moves() -> None:
    eased = msgspec.structs.replace(MADE_BY, frames=96, rate="24/1", options={MOVES: EASED})
    cast = Cast(Clause("a", "soccer ball", "rolls to the right", "in the snow"), ())
    even, gentle = (heard_as_made(made, cast, 0.0, 4.0).moments_s for made in (MADE_BY, eased))
    assert gentle == onsets("roll", staged(random.Random(4)).phase, 4.0, is_eased=True)
    assert even[0] == gentle[0] == 0
    assert even[1] < gentle[1]
    assert even[2] > gentle[2]


@pytest.mark.parametrize("model", ["pocket-video", "wan2.1-1.3b"])
def test_a_film_that_was_drawn_is_watched(
    context: FakeJobContext, tmp_path: Path, model: str
) -> None:
    context.assets["given"] = make_video(tmp_path / "film.mp4", Shot(frames=24, size=(64, 36)))
    drawn = msgspec.json.encode(msgspec.structs.replace(MADE_BY, model=model)).decode()
    recipe = _recipe(Ability.VIDEO_TO_AUDIO, inputs=(SOURCE,), options={FILM_RECIPE: drawn})
    foley.run(recipe, context)
    assert "watching" in [phase for phase, *_ in context.reports]


def test_a_recipe_that_is_none_is_told(context: FakeJobContext, tmp_path: Path) -> None:
    context.assets["given"] = make_video(tmp_path / "film.mp4", Shot(frames=5, size=(64, 36)))
    recipe = _recipe(Ability.VIDEO_TO_AUDIO, inputs=(SOURCE,), options={FILM_RECIPE: "{"})
    with pytest.raises(BadRequest, match="recipe cannot be read"):
        foley.run(recipe, context)


def test_words_alone_give_a_sound_of_the_length_asked_for(context: FakeJobContext) -> None:
    foley.run(_recipe(Ability.TEXT_TO_AUDIO, "ocean waves, a kazoo", frames=24), context)
    assert len(_samples(context)) == 2 * 48_000
    assert "no sound here for kazoo" in context.notes[-2]
    assert context.notes[-1] == "What is heard: ocean waves."


@pytest.mark.parametrize(
    ("prompt", "problem"),
    [("", "empty"), ("gunshots", "None of these"), ("a man talks", "no speech")],
)
def test_what_would_be_silent_is_refused(
    context: FakeJobContext, prompt: str, problem: str
) -> None:
    with pytest.raises(BadRequest, match=problem):
        foley.run(_recipe(Ability.TEXT_TO_AUDIO, prompt, frames=24), context)


def test_a_film_that_is_too_long_is_refused_before_it_is_watched(
    context: FakeJobContext, tmp_path: Path
) -> None:
    context.assets["given"] = make_video(
        tmp_path / "film.mp4", Shot(frames=11 * 60, rate=Fraction(1), size=(64, 36))
    )
    with pytest.raises(BadRequest, match="longer than 10 minutes"):
        foley.run(_recipe(Ability.VIDEO_TO_AUDIO, inputs=(SOURCE,)), context)
    assert context.reports == []


def test_without_eyes_the_training_command_is_named(tmp_path: Path) -> None:
    bare = FakeJobContext(tmp_path, tmp_path / "nowhere", model="pocket-foley")
    bare.assets["given"] = make_video(tmp_path / "film.mp4", Shot(frames=5, size=(64, 36)))
    with pytest.raises(WeightsNotInstalled, match="is not installed") as refused:
        foley.run(_recipe(Ability.VIDEO_TO_AUDIO, inputs=(SOURCE,)), bare)
    assert "main.py train pocket-sound" in refused.value.hint


def test_a_sound_goes_on_out_of_itself(context: FakeJobContext, tmp_path: Path) -> None:
    t = np.arange(2 * 48_000) / 48_000
    tone = (8000 * np.sin(2 * np.pi * 220 * t)).astype(np.int16)
    context.assets["given"] = tmp_path / "tone.wav"
    wavfile.write(context.assets["given"], 48_000, tone)
    recipe = _recipe(Ability.EXTEND_AUDIO, "louder", inputs=(SOURCE,), frames=75, rate="25/1")
    foley.run(recipe, context)
    made = _samples(context)
    assert len(made) == 3 * 48_000
    assert abs(int(made[0]) - int(tone[-1])) < 600
    assert "goes on as it is" in context.notes[-1]


def test_a_sound_too_short_to_go_on_from_is_told(context: FakeJobContext, tmp_path: Path) -> None:
    context.assets["given"] = tmp_path / "click.wav"
    wavfile.write(context.assets["given"], 48_000, np.ones(4800, np.int16))
    with pytest.raises(BadMedia, match=r"0\.100 s long"):
        foley.run(_recipe(Ability.EXTEND_AUDIO, inputs=(SOURCE,), frames=25), context)
