"""An edit through the real engine, its queue and a worker, with a tiny checkpoint."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import msgspec
import pytest

from engine.protocol.jobs import Done
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe, Sampler
from studio.client.errors import EngineRefused
from tests.engine.abilities.tiny_pocket import write_tiny_pocket
from tests.engine.running import running_engine
from tests.fakes.tiny_cast import WEIGHTS_VARIABLE
from tests.studio.media.footage import Shot, make_video

PORTRAITS = Path(__file__).resolve().parents[2] / "resources" / "models" / "portraits"
"""Where the eyes of an edit are: what it is about is looked for before it is drawn."""
_REAL = ("--cast", "tests.fakes.tiny_cast", "--abilities", "engine.abilities.registry")


def test_a_film_goes_in_and_comes_back_edited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = write_tiny_pocket(tmp_path / "models", editor=True)
    (tmp_path / "models" / "portraits").symlink_to(PORTRAITS)
    monkeypatch.setenv(WEIGHTS_VARIABLE, str(home))
    shot = Shot(frames=14, rate=Fraction(24), size=(64, 36), sound_rate=48_000)
    film = make_video(tmp_path / "film.mp4", shot)
    with running_engine(tmp_path / "state", *_REAL) as engine:
        client = engine.client()
        source = client.upload(film).sha256
        recipe = Recipe(
            ability=Ability.EDIT_VIDEO,
            model="pocket-edit",
            prompt="replace the puppy with a droid",
            frames=14,
            width=64,
            height=36,
            rate="24/1",
            sampler=Sampler(steps=2),
            inputs=(InputAsset(role=InputRole.SOURCE, sha256=source),),
        )
        ended = client.wait(client.submit(recipe)).state
        assert isinstance(ended, Done), ended
        assert "Read as: replace the dog with a robot" in ended.notes
        (output,) = ended.outputs
        assert (output.media.frames, output.media.rate) == (14, "24/1")
        target = tmp_path / "edited.mp4"
        client.download(output.asset, target)
        with av.open(str(target)) as made:
            assert sum(1 for _ in made.decode(video=0)) == 14
            assert len(made.streams.audio) == 1
        unreadable = msgspec.structs.replace(recipe, prompt="make it better")
        with pytest.raises(EngineRefused, match="asks for no edit"):
            client.submit(unreadable)
