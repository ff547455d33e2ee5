"""Prompts as film makers type them, read as a cut-out film reads them: who, what, where, camera."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.abilities.animatic import clause_of
from engine.abilities.animatic_movement import movement_of
from engine.models.moviegen.rewriting import Rewriter
from engine.models.moviegen.text import load_text_encoder, phrase_vectors
from engine.planning.painted_places import PAINTED_IDS
from engine.planning.sticker_vocabulary import POCKET_ANIMATIC
from engine.training.grammar import SETTINGS

HERE = Path(__file__).resolve().parent
MODELS = HERE.parents[3] / "resources" / "models"
LINES = [
    line
    for line in (HERE / "film_prompts.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PLACES = {words: setting.id for setting in SETTINGS for words in setting.words} | PAINTED_IDS


@pytest.fixture(scope="module")
def rewriter() -> Rewriter:
    return Rewriter(POCKET_ANIMATIC, phrase_vectors(*load_text_encoder(MODELS / "text-encoder")))


@pytest.mark.parametrize("line", LINES)
def test_a_prompt_is_read_as_a_person_means_it(line: str, rewriter: Rewriter) -> None:
    prompt, subject, movement, setting, camera = (part.strip() for part in line.split("|"))
    told = rewriter.rewrite(prompt)
    assert rewriter.rewrite(told) == told, "a reading is read as itself"
    clause = clause_of(rewriter, told)
    learnt = rewriter.learnt_name(clause.name)
    if subject.startswith("?"):
        assert learnt is None
        assert subject[1:] in clause.name.lower()
    else:
        assert learnt == subject
    assert (movement_of(clause.action) or "-") == movement
    assert PLACES.get(clause.setting.lower(), "-") == setting
    assert (clause.camera or "-") == camera


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("two dogs dance in the rain", "two dogs dance in the rain"),
        ("puppies playing on a lawn", "dogs sway from side to side in a green meadow"),
        ("a dancing bear", "a bear dances"),
        ("a fox slowly rises", "a fox rises into the air slowly"),
        ("show me a video of a fox", "a fox"),
        ("In the forest, a fox jumps", "a fox jumps up and down in a forest"),
        ("a fox chasing a rabbit", "a fox moves to the right"),
        ("a fox jumps as the camera zooms out", "a fox jumps up and down, zoom out"),
        ("a crab walks, hand-held shot", "a crab moves to the right, handheld"),
    ],
)
def test_the_reading_is_a_sentence(prompt: str, told: str, rewriter: Rewriter) -> None:
    assert rewriter.rewrite(prompt) == told
