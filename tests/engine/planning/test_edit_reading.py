"""Reading instructions: the task, the learnt words, and what is said where there are none."""

from __future__ import annotations

import random

import pytest

from engine.errors import BadRequest
from engine.planning.edit_reading import (
    guidance_of,
    instruction_of,
    read_instruction,
    scale_of,
)
from engine.planning.edit_vocabulary import OPTICALS, REDRAWN
from engine.protocol.recipes import EDIT_TASKS, Ability, Recipe, Sampler
from engine.training.edit_grammar import (
    has_way_back,
    held_out_edits,
    instruction,
    is_held_out_edit,
    sample_edit,
    sample_edits,
)
from engine.training.grammar import sample_scene


@pytest.mark.parametrize(
    ("said", "task", "words"),
    [
        ("make it snow", "weather", "make it snow"),
        ("Please let it rain!", "weather", "make it rain"),
        ("stop the rain", "weather", "stop the rain"),
        ("turn day into night", "weather", "make it night"),
        ("turn it into a night city", "background", "change the background to a night city"),
        ("put the dog on the beach", "background", "change the background to the beach"),
        ("change the background to the woods", "background", "change the background to a forest"),
        ("get rid of the puppy", "remove", "remove the dog"),
        ("replace the puppy with a droid", "replace", "replace the dog with a robot"),
        ("make the dog a cat", "replace", "replace the dog with a cat"),
        ("make the car blue", "recolour", "make the red car blue"),
        ("paint it red", "recolour", "make it red"),
        ("put a cake on the left", "add", "add a birthday cake on the left"),
        ("add an owl", "add", "add an owl on the right"),
        ("make it look like a comic book", "style", "make it a comic"),
        ("highlight the owl in violet", "segment", "segment the owl in purple"),
        ("segment the cat", "segment", "segment the cat in green"),
    ],
)
def test_an_instruction_is_read_in_learnt_words(said: str, task: str, words: str) -> None:
    read = read_instruction(said)
    assert (read.task, read.words) == (task, words)


@pytest.mark.parametrize("synonyms", [False, True])
def test_every_wording_of_the_grammar_is_read_as_its_task(synonyms: bool) -> None:
    rng = random.Random(4)
    for _ in range(150):
        scene = sample_scene(rng)
        for task in EDIT_TASKS:
            words = instruction(scene, sample_edit(scene, task, rng), rng, synonyms=synonyms)
            assert read_instruction(words).task == task, words


def test_a_task_that_is_given_is_the_only_one_that_is_read() -> None:
    assert read_instruction("make it dark and snowy", "weather").task == "weather"
    with pytest.raises(BadRequest, match="does not say how to style"):
        read_instruction("remove the dog", "style")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("add a lightsaber", 'no word for "lightsaber"'),
        ("replace the dog with a horse", 'no word for "horse"'),
        ("change the background to the moon", 'no word for "the moon"'),
        ("segment the dog in plaid", 'no word for "plaid"'),
        ("make it better", "asks for no edit"),
        ("…", "asks for no edit"),
    ],
)
def test_what_has_no_word_is_said_with_what_there_is(said: str, message: str) -> None:
    with pytest.raises(BadRequest, match=message) as refused:
        read_instruction(said)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("said", "task", "thing", "detail"),
    [
        ("remove the man in the red jacket", "remove", "man in the red jacket", ""),
        ("make her dress teal", "recolour", "her dress", "teal"),
        ("replace the woman with a tiger", "replace", "woman", "tiger"),
        ("add a christmas tree on the left", "add", "", "christmas tree"),
        ("turn the car into a horse", "replace", "car", "horse"),
        ("replace the dog with a steam locomotive", "replace", "dog", "locomotive"),
        ("put a hat on the dog", "add", "", "hat"),
        ("turn it into night", "weather", "", "night"),
        ("blur the background", "style", "background", "blur"),
        ("blur the faces", "style", "faces", "blur"),
        ("blur everything", "style", "", "blur"),
        ("make the background black and white", "style", "background", "mono"),
        ("make the background blue", "recolour", "background", "blue"),
        ("remove the background", "background", "", ""),
        ("replace the background with a beach", "background", "", "on a sandy beach"),
        ("give it a cinematic look", "style", "", "cinematic"),
        ("make it a watercolour", "style", "", "watercolour"),
        ("make it day", "weather", "", "day"),
    ],
)
def test_opticals_take_what_is_there_by_any_name(
    said: str, task: str, thing: str, detail: str
) -> None:
    read = read_instruction(said, None, OPTICALS)
    assert (read.task, read.thing, read.detail) == (task, thing, detail)


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("make the sky purple", "what stands out and what is behind"),
        ("add a lightsaber", "1871 things"),
        ("stop the snow", "Ask for another"),
        ("put him on the moon", "1871 things"),
    ],
)
def test_what_opticals_cannot_do_is_said(said: str, hint: str) -> None:
    with pytest.raises(BadRequest) as refused:
        read_instruction(said, None, OPTICALS)
    assert hint in (refused.value.hint or "")


def test_every_wording_of_the_grammar_is_read_by_the_opticals_too() -> None:
    rng = random.Random(5)
    for _ in range(60):
        scene = sample_scene(rng)
        for task in EDIT_TASKS:
            words = instruction(scene, sample_edit(scene, task, rng), rng)
            assert read_instruction(words, None, OPTICALS).task == task, words


def test_words_may_be_left_alone_once_their_task_is_known() -> None:
    recipe = Recipe(
        ability=Ability.EDIT_VIDEO,
        model="pocket-edit",
        prompt="Add a hat",
        options={"rewrite": "off", "task": "add"},
    )
    assert instruction_of(recipe).words == "Add a hat"


def test_scales_are_the_recipes_or_usual_and_the_sampler_guides_the_second() -> None:
    recipe = Recipe(ability=Ability.EDIT_VIDEO, model="pocket-edit", options={"keep_source": 2})
    assert scale_of(recipe, "keep_source") == 2.0
    assert scale_of(recipe, "follow") == 4.0
    guided = Recipe(
        ability=Ability.EDIT_VIDEO, model="pocket-edit", sampler=Sampler(guidance_scale=6.0)
    )
    assert scale_of(guided, "follow") == 6.0
    assert guidance_of(guided) == (1.0, 1.5)


def test_held_out_edits_are_never_drawn_for_training() -> None:
    rng = random.Random(8)
    for _ in range(300):
        scene = sample_scene(rng)
        edits = sample_edits(scene, 5, rng)
        assert not any(is_held_out_edit(scene, edit) for edit in edits)
    held = held_out_edits(16, 1)
    assert all(is_held_out_edit(scene, edit) for scene, edit in held)
    assert [edit.task for _, edit in held] == [*EDIT_TASKS, *EDIT_TASKS]


def test_the_way_back_of_an_edit_names_what_was_there() -> None:
    rng = random.Random(2)
    for _ in range(100):
        scene = sample_scene(rng)
        edit = sample_edit(scene, "replace", rng)
        assert scene.subject.noun in instruction(scene, edit, rng, back=True)
    assert not has_way_back(sample_edit(scene, "segment", rng))


@pytest.mark.parametrize(
    ("said", "task", "thing", "detail"),
    [
        ("replace the dog with a hovercraft", "replace", "dog", "hovercraft"),
        ("add a hot air balloon", "add", "", "hot air balloon"),
        ("make the background a busy harbour at dawn", "background", "", "busy harbour at dawn"),
        ("put her on the moon", "background", "", "moon"),
        ("remove the man on the left", "remove", "man on the left", ""),
    ],
)
def test_models_that_draw_anything_are_asked_for_it_in_the_words_that_were_said(
    said: str, task: str, thing: str, detail: str
) -> None:
    read = read_instruction(said, None, REDRAWN)
    assert (read.task, read.thing, read.detail) == (task, thing, detail)
