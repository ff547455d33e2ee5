"""An open model through the real engine and worker processes: made, cancelled, damaged, absent."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import pytest

from engine.catalogue import FOLDER_VARIABLE as CATALOGUE
from engine.downloads.store import FOLDER_VARIABLE as MODELS
from engine.protocol.errors import ErrorCode
from engine.protocol.jobs import Cancelled, Done, Failed
from engine.protocol.plans import PlanRequest
from engine.protocol.recipes import Ability, Recipe, Sampler
from studio.client.address import Address, RemoteHost
from studio.client.errors import EngineRefused
from studio.client.http_client import HttpEngineClient
from tests.engine.running import until_running

ROOT = Path(__file__).resolve().parents[4]
DAMAGED = "tiny-wan-a14b"


@contextmanager
def engine(home: Path, models: Path, state: Path) -> Iterator[Address]:
    """A real `serve` over the tiny catalogue."""
    process = subprocess.Popen(
        [sys.executable, "-m", "engine", "serve", "--state", str(state), "--port", "0",
         "--devices", "cpu"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, CATALOGUE: str(home / "catalogue"), MODELS: str(models)},
    )  # fmt: skip
    assert process.stdout is not None
    url, token = (process.stdout.readline().split()[1] for _ in range(2))
    try:
        yield Address(url, token)
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
def address(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """An engine whose models are whole but for one."""
    home = tmp_path_factory.mktemp("engine")
    models = shutil.copytree(tiny_home / "models", home / "models")
    for shard in (models / DAMAGED / "transformer").glob("*.safetensors"):
        content = bytearray(shard.read_bytes())
        content[8:40] = b"\x00" * 32
        shard.write_bytes(bytes(content))
    with engine(tiny_home, models, home / "state") as running:
        yield running


@pytest.fixture(scope="module")
def client(address: Address) -> Iterator[HttpEngineClient]:
    """A client of it."""
    client = HttpEngineClient(RemoteHost(address))
    yield client
    client.close()


def recipe(steps: int = 2, **fields: object) -> Recipe:
    values: dict[str, object] = {"model": "tiny-wan", "frames": 5, "width": 64, **fields}
    return Recipe(
        ability=Ability.TEXT_TO_VIDEO,
        prompt="a red boat",
        height=64,
        rate="16/1",
        sampler=Sampler(steps=steps),
        **values,  # type: ignore[arg-type]
    )


def test_a_clip_comes_back_with_the_weights_it_was_made_with(
    client: HttpEngineClient, tmp_path: Path
) -> None:
    ended = client.wait(client.submit(recipe())).state
    assert isinstance(ended, Done), ended
    assert len(ended.recipe.weights_sha256) == 64
    (output,) = ended.outputs
    film = tmp_path / "clip.mp4"
    client.download(output.asset, film)
    with av.open(str(film)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 5


def test_it_is_cancelled_in_mid_denoise(client: HttpEngineClient) -> None:
    job = client.submit(recipe(steps=900, width=256, frames=33))
    until_running(client, job)
    client.cancel(job)
    assert isinstance(client.wait(job).state, Cancelled)
    assert isinstance(client.wait(client.submit(recipe())).state, Done)


def test_damaged_weights_fail_their_job_with_a_sentence_and_nothing_else(
    client: HttpEngineClient,
) -> None:
    ended = client.wait(client.submit(recipe(model=DAMAGED))).state
    assert isinstance(ended, Failed)
    assert ended.error.code is ErrorCode.BAD_WEIGHTS
    assert "is damaged" in ended.error.message
    assert "models verify" in ended.error.hint
    assert isinstance(client.wait(client.submit(recipe())).state, Done)


def test_a_command_tells_of_damaged_weights_and_leaves_nothing(
    address: Address, tmp_path: Path
) -> None:
    out = tmp_path / "boat.mp4"
    ended = subprocess.run(
        [sys.executable, "-m", "studio", "generate", "text_to_video", "--prompt", "a red boat",
         "--model", DAMAGED, "--width", "64", "--height", "64", "--frames", "5", "--steps", "2",
         "--server", address.url, "--token", address.token, "--out", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "is damaged" in ended.stderr.splitlines()[0]
    assert "models verify" in ended.stderr.splitlines()[0]
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_is_not_here_can_be_planned_but_not_run(client: HttpEngineClient) -> None:
    asked = Recipe(ability=Ability.TEXT_TO_VIDEO, model="wan2.1-1.3b", prompt="a boat", frames=0)
    plan = client.plan_elsewhere(PlanRequest(recipe=asked))
    assert plan.tokens == 32_760
    assert plan.download_bytes > 28e9
    with pytest.raises(EngineRefused, match="models download"):
        client.submit(asked)


def test_a_misspelt_model_is_answered_with_the_nearest(client: HttpEngineClient) -> None:
    with pytest.raises(EngineRefused, match=r"Did you mean wan2\.1-1\.3b"):
        client.submit(recipe(model="wan-2.1-1.3b"))
