"""The forecast of opticals: what is looked for, drawn and printed, and what is not."""

from __future__ import annotations

import msgspec
import pytest

from engine.catalogue import load_catalogue
from engine.planning.optical_work import optical_work
from engine.planning.timing import work_of
from engine.protocol.recipes import Ability, Recipe

ENTRY = load_catalogue().entry("pocket-opticals")


def _recipe(prompt: str, **fields: object) -> Recipe:
    plain = Recipe(
        ability=Ability.EDIT_VIDEO,
        model=ENTRY.id,
        prompt=prompt,
        width=1920,
        height=1080,
        frames=50,
        rate="25/1",
    )
    return msgspec.structs.replace(plain, **fields)


@pytest.mark.parametrize(
    ("prompt", "looks", "draws"),
    [
        ("make it snow", False, False),
        ("blur everything", False, False),
        ("blur the background", True, False),
        ("remove the man", True, False),
        ("remove the background", True, False),
        ("put him on a beach", True, True),
        ("add a robot", True, True),
        ("replace the man with a robot", True, True),
        ("what nobody can read", True, True),
    ],
)
def test_only_what_is_needed_is_counted(prompt: str, looks: bool, draws: bool) -> None:
    work = work_of(_recipe(prompt), ENTRY, 1000, tiled=False)
    assert (work.text > 0, work.denoise > 0, work.load > 0) == (looks, draws, draws)
    assert work.decode > 0


def test_work_grows_with_the_part_that_is_changed() -> None:
    short = optical_work(_recipe("remove it", frames=25))
    whole = optical_work(_recipe("remove it"))
    assert whole.printing == 2 * short.printing
    assert whole.looking > 1.5 * short.looking
    assert whole.held_bytes > short.held_bytes
    ranged = _recipe("remove it", options={"edit_in_s": "0", "edit_out_s": "1"})
    assert optical_work(ranged).printing == short.printing


def test_a_draft_whose_recipe_is_told_is_drawn_again() -> None:
    told = {"film_recipe": "{}"}
    stills = {
        prompt: optical_work(_recipe(prompt, options=told)).stills
        for prompt in ("make it snow", "remove it", "add a robot")
    }
    assert stills == {"make it snow": 0, "remove it": 2, "add a robot": 3}
