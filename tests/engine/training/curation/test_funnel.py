"""The funnel's arithmetic: what is counted, what is spared, and that nothing depends on order."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from statistics import median

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.training.curation.concepts import caption_features, clusters, kept_of, surplus
from engine.training.curation.duplicates import copies
from engine.training.curation.facts import MEASURED_AS, Clip, Measurement, Seen, Source, Step
from engine.training.curation.features import unit
from engine.training.curation.funnel import FILTERS, judge
from engine.training.curation.scenes import cuts, scenes, spans
from engine.training.curation.thresholds import POCKET

SIZE = 8


def clip(number: int, direction: int, seconds: int = 4, width: int = 640, **seen: float) -> Clip:
    """A clip that passes; `direction` is what it shows."""
    vector = np.zeros(3 * SIZE, np.float32)
    vector[[direction % SIZE, SIZE + direction % SIZE, 2 * SIZE + direction % SIZE]] = 1
    vector[-1 - number % 4] += 0.3  # like the others of its kind, and no copy
    facts = {"text": 0.0, "border": 0.0, "aesthetics": 1.0, "luma_motion": 3.0, "vector": 2.0}
    facts |= {"shots_per_s": 0.0, "shake": 0.0} | seen
    source = Source(
        path=f"{number:04}.mp4",
        sha256=f"{number:064}",
        width=width,
        height=360,
        duration_s=Fraction(seconds),
    )
    feature = tuple(float(v) for v in unit(vector))
    return Clip(
        source=source,
        in_s=Fraction(0),
        out_s=Fraction(seconds),
        seen=Seen(scene_s=Fraction(seconds), feature=feature, **facts),
    )


some_clips = st.lists(
    st.builds(
        lambda direction, seconds, text, shake: (direction, seconds, text, shake),
        st.integers(0, 5),
        st.integers(1, 9),
        st.sampled_from([0.0, 0.9]),
        st.sampled_from([0.0, 50.0]),
    ),
    max_size=30,
).map(lambda rows: [clip(n, d, s, text=t, shake=k) for n, (d, s, t, k) in enumerate(rows)])


@given(some_clips)
def test_the_table_counts_what_the_verdicts_say(clips: list[Clip]) -> None:
    verdicts, stages = judge(clips, POCKET)
    assert [verdict.clip for verdict in verdicts] == clips
    names = [each.name for each in FILTERS]
    assert [stage.name for stage in stages] == ["footage", *names]
    total = sum((c.seconds for c in clips), Fraction(0))
    for number, stage in enumerate(stages):
        left = [v for v in verdicts if v.keeps or names.index(v.filter) >= number]
        assert stage.clips == len(left)
        assert stage.seconds == sum((v.clip.seconds for v in left), Fraction(0))
        assert stage.share == (float(stage.seconds / total) if total else 0.0)
    assert all(bool(v.filter) == bool(v.reason) for v in verdicts)


@given(some_clips, st.randoms(use_true_random=False))
def test_the_order_of_clips_does_not_change_how_many_copies_there_are(
    clips: list[Clip], rng: random.Random
) -> None:
    def rejected(order: list[Clip]) -> set[str]:
        return {order[place].source.path for place in copies(order, POCKET)}

    mixed = list(clips)
    rng.shuffle(mixed)
    assert rejected(mixed) == rejected(clips)


def test_of_copies_the_largest_stays() -> None:
    clips = [clip(0, 1), clip(4, 1, width=1920), clip(8, 2)]
    assert copies(clips, POCKET) == {0: "it shows what 0004.mp4 shows at 0.00 s"}


@given(st.integers(1, 10_000), st.integers(1, 10_000), st.floats(1, 500))
def test_a_cluster_keeps_the_root_of_its_size(one: int, other: int, usual: float) -> None:
    kept = kept_of(one, usual)
    assert 1 <= kept <= one
    assert kept_of(max(1, int(usual)), usual) == max(1, int(usual))
    if one > usual:
        assert abs(kept - (one * usual) ** 0.5) <= 0.5
    if one <= other:
        assert kept <= kept_of(other, usual)
        assert kept / one >= kept_of(other, usual) / other - 1 / one


@given(st.lists(st.integers(0, 5), min_size=1, max_size=60))
def test_every_concept_survives_and_the_usual_one_whole(directions: list[int]) -> None:
    clips = [clip(number, direction) for number, direction in enumerate(directions)]
    spared = surplus(clips, POCKET)
    usual = median(directions.count(direction) for direction in set(directions))
    for direction in set(directions):
        places = [place for place, each in enumerate(directions) if each == direction]
        left = [place for place in places if place not in spared]
        assert len(left) == kept_of(len(places), usual)
    assert surplus(clips, POCKET) == spared
    assert surplus(clips, replace(POCKET, resampled=False)) == {}


def test_captions_cluster_by_what_they_name() -> None:
    captions = ["a dog runs on the beach", "a dog runs along a beach", "two cups of tea"]
    assert clusters(caption_features(captions), 0.5) == [[0, 1], [2]]


def measured(changes: list[float], rate: int = 24) -> Measurement:
    steps = [Step(change=c, luma=1.0, vector=1.0, pan_x=0.0, pan_y=0.0) for c in changes]
    return Measurement(
        measured_as=MEASURED_AS,
        tick_s=Fraction(1001, rate * 1000),
        stamps=tuple(range(len(changes) + 1)),
        end=len(changes) + 1,
        steps=tuple(steps),
        looks=(),
    )


@given(st.lists(st.floats(0, 120), min_size=1, max_size=300), st.floats(0.5, 4))
def test_clips_cover_every_picture_once_and_none_is_too_long(
    changes: list[float], longest: float
) -> None:
    film = measured(changes)
    limits = replace(POCKET, max_clip_s=longest)
    found = [span for scene in scenes(film) for span in spans(scene, film, limits)]
    frames = [frame for first, last in found for frame in range(first, last)]
    assert frames == list(range(len(film.stamps)))
    assert all(film.time_s(last) - film.time_s(first) <= longest for first, last in found)


def test_a_cut_is_one_jump_and_not_a_flicker() -> None:
    quiet = [2.0] * 20
    assert cuts(np.array([*quiet, 60.0, *quiet])) == [21]
    assert cuts(np.array([*quiet, *[60.0] * 10, *quiet])) == []
