"""Scenes for the video transformer: kept on disk once, or streamed while it trains."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.configs import POCKET_AUTOENCODER
from engine.models.moviegen.transformer import TextFeatures
from engine.training.latents import SceneDataset, SceneEncoder, Shard, room_like
from engine.training.packages import DataError
from engine.training.scene_sets import Scenes, SceneSets, Stream, scenes_for

_KINDS = (
    Scenes("plate", {"16:9": 2, "1:1": 2}, 1, 1),
    Scenes("still", {"16:9": 2, "1:1": 2}, 1, 1),
    Scenes("short", {"16:9": 4}, 24, 2),
    Scenes("long", {"16:9": 2}, 48, 1),
)


@pytest.fixture(scope="module")
def encoder() -> SceneEncoder:
    torch.manual_seed(0)
    small: dict[str, Any] = POCKET_AUTOENCODER | {
        "block_channels": (8, 8, 8, 8),
        "encoder_layers": (0, 0, 0, 1),
        "decoder_layers": (0, 0, 0, 1),
    }

    def read(words: list[str]) -> TextFeatures:
        lengths = torch.tensor([[float(len(each))] for each in words])
        states = lengths[:, None].expand(-1, 4, 8)
        return TextFeatures((states,), torch.ones(len(words), 4, dtype=torch.bool), states[:, 0])

    return SceneEncoder(TemporalAutoencoder(**small).eval(), read)


def test_a_stream_gives_every_kind_and_stands_in_for_moments(
    encoder: SceneEncoder, tmp_path: Path
) -> None:
    with scenes_for(encoder, tmp_path, Stream(_KINDS, rounds=2)) as sets:
        sets.wait()
        assert {len(sets.of(kind)) for kind in ("plate", "still")} == {2}  # a room for each aspect
        assert sets.of("moment_short") is sets.of("short")
        while sum(map(len, sets.of("long"))) < 2:
            assert sets.of("short")[0].latents.shape == (4, 16, 6, 18, 32)
            time.sleep(0.01)  # what fills them needs the processor
    (short,) = sets.of("short")
    assert len(short) == 4
    frames, words, cover = SceneDataset(4, "16:9", 24, 2)[3]
    alone = encoder.encoded((frames[None], [words], cover[None]))
    assert torch.allclose(short.latents[3], alone.latents[0], atol=2e-2)
    assert torch.equal(short.subject[3], cover)


def test_more_of_what_is_on_disk_comes_while_it_is_used(
    encoder: SceneEncoder, tmp_path: Path
) -> None:
    on_disk = (Scenes("still", {"16:9": 2}, 1, 2),)
    with scenes_for(encoder, tmp_path, Stream(on_disk, rounds=1), on_disk) as sets:
        assert (tmp_path / "still-16x9.safetensors").exists()
        while len(sets.of("still")) < 2 or not len(sets.of("still")[1]):
            assert len(sets.of("still")[0]) == 2
            time.sleep(0.01)
    kept, came = sets.of("still")
    assert not torch.equal(kept.latents[0], came.latents[0])


def test_a_stream_waits_while_another_thread_compiles(
    encoder: SceneEncoder, tmp_path: Path
) -> None:
    asked: list[int] = []

    def traced_at_first(words: list[str]) -> TextFeatures:
        asked.append(len(words))
        if len(asked) < 3:
            raise NameError("module is not installed as a submodule")
        return encoder.text(words)

    in_the_way = SceneEncoder(encoder.autoencoder, traced_at_first)
    kinds = (Scenes("still", {"16:9": 2}, 1, 2),)
    with scenes_for(in_the_way, tmp_path, Stream(kinds, rounds=1)) as sets:
        sets.begun.wait()
        assert [len(shard) for shard in sets.of("still")] == [2]


def test_a_stream_that_fails_says_what_is_missing(encoder: SceneEncoder, tmp_path: Path) -> None:
    shapeless = Stream((Scenes("still", {"4:3": 2}, 1, 1),))
    with scenes_for(encoder, tmp_path, shapeless) as sets, pytest.raises(DataError):
        sets.wait()
    assert "no more scenes" in (tmp_path / "log.txt").read_text()


def test_a_room_takes_what_fits() -> None:
    part = Shard(
        torch.ones(3, 16, 1, 2, 2), torch.ones(3, 4, 8), torch.ones(3, 4).bool(),
        torch.ones(3, 8), torch.ones(3, 1, 1, 2, 2),
    )  # fmt: skip
    room = room_like(part, 5)
    room.add(part)
    assert (len(room), len(room.latents)) == (3, 5)
    room.add(part)
    assert len(room) == 5
    assert room.latents.min() == 1.0


def test_sets_say_which_kinds_could_not_be_made() -> None:
    sets = SceneSets()
    sets.begun.set()
    with pytest.raises(DataError, match="plate, still"):
        sets.wait()
