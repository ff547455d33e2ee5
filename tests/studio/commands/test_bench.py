"""`bench`: the report's form, its subjects, and the figures of a clip."""

from __future__ import annotations

import msgspec
import pytest

from studio.commands.bench.clip import time_jobs, warm_figures
from studio.commands.bench.sticker import NETWORK, rows
from studio.commands.console import Console
from studio.commands.figures import Figure, report
from tests.studio.commands.conftest import Here
from tests.studio.commands.running import command, sentence, visitor


def test_a_report_has_the_promised_keys() -> None:
    body = report("clip", [Figure(figure="a_s", value=2.0, unit="s", peer="melt", peer_value=4.0)])
    assert set(body) == {"name", "machine", "commit", "figures"}
    (figure,) = body["figures"]
    assert figure == {
        "figure": "a_s",
        "value": 2.0,
        "unit": "s",
        "peer": "melt",
        "peer_value": 4.0,
        "ratio": 0.5,
        "target": None,
        "met": None,
    }


@pytest.mark.parametrize(
    ("value", "more_is_better", "met"),
    [(8.0, False, True), (8.1, False, False), (7.9, True, False), (8.0, True, True)],
)
def test_a_target_is_met_from_its_own_side(value: float, more_is_better: bool, met: bool) -> None:
    figure = Figure(figure="a", value=value, unit="s", target=8.0, more_is_better=more_is_better)
    assert figure.met is met


def test_what_could_not_be_measured_is_there_and_says_why() -> None:
    body = Figure(figure="a", value=None, unit="s", target=8.0, why="No GPU.").as_json()
    assert (body["value"], body["met"], body["why"]) == (None, False, "No GPU.")


def test_an_unknown_subject_is_told_with_those_there_are() -> None:
    said = sentence(command("bench", "clop"), 2)
    assert "Did you mean clip?" in said
    assert "clip, " in said
    assert "clip" in command("bench", "--help").out


def test_a_clip_is_timed_on_a_warm_engine(here: Here) -> None:
    client = visitor(here[1])
    figures = {each.figure: each for each in warm_figures(time_jobs(client, Console()))}
    client.close()
    warm, preview = figures["clip_4s_warm_s"].value, figures["clip_first_preview_s"].value
    assert warm is not None
    assert preview is not None
    assert 0 < preview < warm
    assert figures["worker_peak_bytes"].value


def test_stickers_are_measured_as_they_ship_and_with_each_optimisation_left_out() -> None:
    measured = {row.figure: row for row in rows("still", "loop", None)}
    assert measured["text_to_sticker_256_warm_s"].target_s == 1.5
    shipped = measured["animate_sticker_8x256_warm_s"]
    assert (shipped.target_s, shipped.recipe.frames, shipped.recipe.width) == (1.0, 8, 256)
    left_out = [row.recipe for name, row in measured.items() if name.startswith("animate_")]
    assert len({msgspec.json.encode(recipe) for recipe in left_out}) == len(left_out) == 6
    assert [recipe.model for recipe in left_out] == ["loop", *[NETWORK] * 5]
    slowest = measured["animate_plain_s"].recipe
    assert (slowest.sampler.steps, slowest.options["precision"]) == (50, "fp32")
