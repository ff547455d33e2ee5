"""The sticker grammar and its pictures: what a caption says is what is drawn."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.training.sticker_grammar import (
    COLOURS,
    COMPANIONS,
    MOTION_SIZES,
    MOTIONS,
    STICKER_SUBJECTS,
    STYLE_WORDS,
    Sticker,
    Style,
    caption,
    held_out_stickers,
    is_held_out,
    phrase_of,
    sample_sticker,
)
from engine.training.sticker_pictures import MIDDLE_FRAME, Rgba, die_cut, loop, on_matte, still

FOX = next(s for s in STICKER_SUBJECTS if s.noun == "fox")
ROSE = next(s for s in COMPANIONS if s.noun == "rose")
PLAIN = Sticker(FOX, Style.RENDERED, seed=4)


def disc(_label: str) -> Rgba:
    """A disc in place of packaged art, which tests do not fetch."""
    y, x = np.mgrid[:256, :256] - 128.0
    alpha = (np.hypot(x, y) < 115).astype(np.float32)
    red = 0.3 + 0.6 * (y < 0)
    return np.stack([red * alpha, 0.4 * alpha, 0.1 * alpha, alpha], axis=-1).astype(np.float32)


def test_trained_stickers_are_never_held_out_combinations() -> None:
    rng = random.Random(0)
    for moving in (False, True):
        assert not any(is_held_out(sample_sticker(rng, moving=moving)) for _ in range(800))
    assert all(is_held_out(s) for s in held_out_stickers(40, 1, Style.DIE_CUT, moving=True))


def test_a_subject_alone_at_rest_is_always_trained() -> None:
    assert not any(is_held_out(Sticker(s, Style.COMIC, 1)) for s in STICKER_SUBJECTS)


def test_words_name_everything_that_is_there() -> None:
    assert phrase_of(PLAIN) == "a fox"
    assert phrase_of(replace(PLAIN, colour="blue", companion=ROSE)) == "a blue fox with a rose"
    assert phrase_of(replace(PLAIN, twice=True)) == "two foxes"
    jumping = replace(PLAIN, motion=MOTIONS[1], motion_size="large")
    assert caption(jumping).startswith("FPS-8, large motion, a fox ")


def test_nothing_that_is_named_by_its_colour_is_dyed() -> None:
    rng = random.Random(1)
    dyed = [s for s in (sample_sticker(rng, moving=False) for _ in range(3000)) if s.colour]
    assert dyed
    assert not any({"red", "yellow", "green"} & set(s.subject.noun.split()) for s in dyed)


def test_weak_captions_say_nothing_or_something_wrong_of_half_the_styles() -> None:
    rng = random.Random(3)
    drawn = [sample_sticker(rng, moving=False) for _ in range(2000)]
    right = sum(caption(s, weak=True).endswith(STYLE_WORDS[s.style]) for s in drawn) / len(drawn)
    assert 0.45 < right < 0.55
    assert all(caption(s).endswith(STYLE_WORDS[s.style]) for s in drawn)


@given(st.sampled_from(MOTIONS), st.sampled_from(tuple(MOTION_SIZES)))
def test_a_loop_shows_its_still_in_the_middle_and_stays_on_the_canvas(
    motion: object, size: str
) -> None:
    sticker = replace(PLAIN, motion=motion, motion_size=size)
    frames = loop(sticker, disc)
    assert frames.shape == (8, 256, 256, 4)
    assert np.abs(frames[MIDDLE_FRAME] - still(sticker, disc)).max() < 1e-5
    assert frames[..., 3].max(axis=(1, 2)).min() > 0.9 or sticker.motion == MOTIONS[-1]
    moves = np.abs(np.diff(frames, axis=0)).mean() > 1e-4
    assert moves == (sticker.motion != MOTIONS[0])


def test_larger_motion_moves_farther() -> None:
    rocking = next(m for m in MOTIONS if m.id == "rock")
    reach = [
        np.abs(np.diff(loop(replace(PLAIN, motion=rocking, motion_size=s), disc), axis=0)).mean()
        for s in MOTION_SIZES
    ]
    assert reach == sorted(reach)


def test_a_die_cut_edge_is_white_all_round_and_an_even_width() -> None:
    bare, cut = still(PLAIN, disc), still(replace(PLAIN, style=Style.DIE_CUT), disc)
    border = (cut[..., 3] > 0.99) & (bare[..., 3] < 0.01)
    assert border.any()
    assert np.allclose(cut[border][:, :3], 1.0, atol=0.02)
    row = border[128]
    left = row[:128].sum()
    right = row[128:].sum()
    assert abs(int(left) - int(right)) <= 2
    again = die_cut(bare)
    assert np.array_equal(again, cut)


def test_a_dyed_sticker_has_the_colour_that_is_named() -> None:
    picture = still(replace(PLAIN, colour="blue"), disc)
    inside = picture[picture[..., 3] > 0.99][:, :3].mean(axis=0)
    assert inside[2] > inside[0]
    assert inside[2] > inside[1]
    assert set(COLOURS) == {"red", "orange", "green", "blue", "purple", "pink"}


def test_the_matte_shows_where_nothing_is() -> None:
    seen = on_matte(still(PLAIN, disc))
    assert (seen[0, 0] == 128).all()
    assert seen.dtype == np.uint8
