"""What a draft says that it does not show, and never of what it does show."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.abilities.animatic_left_out import left_out
from engine.models.moviegen.rewriting import Rewriter


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("a dog runs, cinematic lighting, 35mm", ("cinematic lighting", "35mm")),
        ("a red car crashes into a fountain while people scream", ("while people scream",)),
        ("close-up of a cat's eyes opening slowly", ("close-up",)),
        ("a fox runs through the snow, slow motion, pan left", ("slow motion",)),
        ("A man walks. He is sad. The camera zooms in.", ("He is sad",)),
        ("a rocket launches and then explodes, film noir", ("and then explodes", "film noir")),
    ],
)
def test_what_is_not_shown_is_told(said: str, missing: tuple[str, ...], rewriter: Rewriter) -> None:
    assert left_out(said, rewriter) == missing


@pytest.mark.parametrize(
    "said",
    [
        "An owl floats in a forest at night",
        "In the forest, a fox jumps",
        "a pig, jumping, in a forest, zoom in",
        "at night, in the rain, a man walks",
        "a bird flies over the sea, sunset",
        "a boy and a girl dance, on a stage, at night",
    ],
)
def test_what_is_shown_is_not(said: str, rewriter: Rewriter) -> None:
    assert left_out(said, rewriter) == ()


def test_when_it_is_may_be_said_first(rewriter: Rewriter) -> None:
    assert rewriter.rewrite("at night, a fox jumps") == "a fox jumps up and down, at night"


def test_of_editors_sentences_nothing_is_missing(rewriter: Rewriter) -> None:
    lines = (Path(__file__).parent / "editor_sentences.txt").read_text("utf-8").splitlines()
    said = [line.split("|")[0].strip() for line in lines if line and not line.startswith("#")]
    assert len(said) > 70
    assert {each: left_out(each, rewriter) for each in said if left_out(each, rewriter)} == {}
