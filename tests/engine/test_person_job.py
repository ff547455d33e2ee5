"""A clip of whoever pictures show through the real engine, its queue and a worker, tiny weights."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from engine.protocol.jobs import Done, Failed
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe, Sampler
from tests.engine.abilities.pictures import ASTRONAUT, draw_toy, write_tiny_person
from tests.engine.abilities.tiny_pocket import write_tiny_pocket
from tests.engine.running import running_engine
from tests.fakes.tiny_cast import WEIGHTS_VARIABLE

_REAL = ("--cast", "tests.fakes.tiny_cast", "--abilities", "engine.abilities.registry")


@pytest.mark.parametrize(
    ("model", "folder"), [("pocket-animatic", "pocket-video"), ("pocket-person", "pocket-person")]
)
def test_pictures_go_in_and_a_clip_comes_back(
    model: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = write_tiny_pocket(tmp_path / "models", stickers=True).parent
    write_tiny_person(models)
    monkeypatch.setenv(WEIGHTS_VARIABLE, str(models / folder))
    with running_engine(tmp_path / "state", *_REAL) as engine:
        client = engine.client()
        pictures = [draw_toy(tmp_path / "toy.png"), ASTRONAUT]
        given = tuple(
            InputAsset(role=InputRole.REFERENCE, sha256=client.upload(path).sha256)
            for path in pictures
        )
        recipe = Recipe(
            ability=Ability.PERSONALIZE_VIDEO,
            model=model,
            prompt="jumps in the snow",
            width=512,
            height=288,
            frames=8,
            rate="12/1",
            sampler=Sampler(steps=2),
            inputs=given,
            options={"consent": True},
        )
        ended = client.wait(client.submit(recipe)).state
        assert isinstance(ended, Done), ended
        (output,) = ended.outputs
        client.download(output.asset, tmp_path / "made.mp4")
        with av.open(str(tmp_path / "made.mp4")) as made:
            assert sum(1 for _ in made.decode(video=0)) == 8
        bare = Recipe(
            ability=Ability.PERSONALIZE_VIDEO, model=model, prompt="jumps", inputs=given[1:]
        )
        refused = client.wait(client.submit(bare)).state
        assert isinstance(refused, Failed)
        assert "not said that this person agrees" in refused.error.message
