"""Jobs through a running engine: made, refused, cancelled, and shared between clients."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import msgspec
import pytest

from engine import __version__
from engine.protocol.errors import ErrorCode
from engine.protocol.jobs import Cancelled, Done, Failed, JobEvent, Queued, Running
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe, Sampler
from studio.client.errors import EngineRefused
from studio.client.http_client import HttpEngineClient
from tests.engine.running import RunningEngine, noise, noise_from, until_running


def finish(client: HttpEngineClient, recipe: Recipe) -> Done:
    state = client.wait(client.submit(recipe)).state
    assert isinstance(state, Done), state
    return state


def refusal(client: HttpEngineClient, recipe: Recipe) -> EngineRefused:
    with pytest.raises(EngineRefused) as refused:
        client.submit(recipe)
    return refused.value


def test_a_recipe_becomes_an_asset(client: HttpEngineClient, tmp_path: Path) -> None:
    done = finish(client, noise(frames=3, width=0, height=0))
    (output,) = done.outputs
    assert (output.media.width, output.media.frames) == (64, 3)
    assert output.asset.size_bytes == 64 * 64 * 3 * 3
    client.download(output.asset, tmp_path / "clip")
    data = (tmp_path / "clip").read_bytes()
    assert hashlib.sha256(data).hexdigest() == output.asset.sha256


def test_the_recipe_comes_back_complete_and_runs_again_to_the_same_bytes(
    client: HttpEngineClient,
) -> None:
    done = finish(client, noise(width=0, height=0, seed=5))
    assert (done.recipe.width, done.recipe.engine_version) == (64, __version__)
    assert done.recipe.weights_sha256 == "0" * 64
    again = finish(client, done.recipe)
    assert again.outputs == done.outputs
    assert again.notes == ()


def test_a_recipe_says_why_it_may_come_out_otherwise(client: HttpEngineClient) -> None:
    recipe = msgspec.structs.replace(noise(), weights_sha256="f" * 64, engine_version="0.0.1")
    notes = " ".join(finish(client, recipe).notes)
    assert "weights have changed" in notes
    assert "version 0.0.1" in notes


def test_events_tell_phases_steps_seconds_and_a_preview(
    engine: RunningEngine, client: HttpEngineClient
) -> None:
    events: list[JobEvent] = []
    job_id = client.submit(noise("held", frames=12))

    def listen(event: JobEvent) -> None:
        events.append(event)
        if event.preview:
            engine.let_go(job_id)

    client.wait(job_id, listen)
    states = [event.state for event in events]
    running = [state for state in states if isinstance(state, Running)]
    assert isinstance(states[0], Queued)
    assert isinstance(states[-1], Done)
    phases = list(dict.fromkeys(state.phase for state in running))
    assert phases == ["starting", "loading", "denoising"]
    steps = [state.step for state in running if state.phase == "denoising"]
    assert steps == sorted(steps)
    assert steps[-1] == 12
    assert any(state.seconds_left is not None for state in running)


def test_an_input_is_uploaded_once_and_read(client: HttpEngineClient, tmp_path: Path) -> None:
    source = tmp_path / "source.bin"
    source.write_bytes(b"the source")
    asset = client.upload(source)
    assert client.upload(source) == asset
    done = finish(client, noise_from(asset.sha256))
    client.download(done.outputs[0].asset, tmp_path / "out")
    assert (tmp_path / "out").read_bytes().endswith(b"the source")


def test_sending_a_job_twice_makes_it_once(client: HttpEngineClient) -> None:
    before = len(client.jobs().jobs)
    for _ in range(2):
        assert client.submit(noise(), job_id="sent-twice") == "sent-twice"
    client.wait("sent-twice")
    client.submit(noise(), job_id="sent-twice")
    assert len(client.jobs().jobs) == before + 1


def test_two_clients_see_the_same_jobs(engine: RunningEngine, client: HttpEngineClient) -> None:
    other = engine.client()
    job_id = client.submit(noise())
    assert isinstance(other.wait(job_id).state, Done)
    assert job_id in [job.id for job in other.jobs().jobs]


def test_a_running_job_is_cancelled_within_a_step(client: HttpEngineClient) -> None:
    job_id = client.submit(noise("held", frames=100))
    began = threading.Event()
    events: list[JobEvent] = []

    def listen(event: JobEvent) -> None:
        events.append(event)
        if isinstance(event.state, Running) and event.state.step and not began.is_set():
            began.set()
            client.cancel(job_id)

    assert client.wait(job_id, listen).state == Cancelled()
    assert max(e.state.step for e in events if isinstance(e.state, Running)) == 1


def test_a_waiting_job_is_cancelled_and_the_next_runs(
    engine: RunningEngine, client: HttpEngineClient
) -> None:
    first = client.submit(noise("held"))
    second, third = client.submit(noise()), client.submit(noise())
    client.cancel(second)
    assert client.job(second).state == Cancelled()
    engine.let_go(first)
    assert isinstance(client.wait(first).state, Done)
    assert isinstance(client.wait(third).state, Done)


def test_cancelling_a_done_job_changes_nothing_of_it(client: HttpEngineClient) -> None:
    job_id = client.submit(noise())
    state = client.wait(job_id).state
    client.cancel(job_id)
    assert client.job(job_id).state == state


def test_an_urgent_job_overtakes(engine: RunningEngine, client: HttpEngineClient) -> None:
    first, later = client.submit(noise("held")), client.submit(noise("held"))
    until_running(client, first)
    urgent = client.submit(noise(), priority=1)
    engine.let_go(first)
    client.wait(urgent)
    assert isinstance(client.job(first).state, Done)
    assert isinstance(client.job(later).state, Queued | Running)
    engine.let_go(later)
    client.wait(later)


def test_models_and_plan(client: HttpEngineClient) -> None:
    assert {card.id: card.installed for card in client.models()} == {
        "noise": True,
        "absent": False,
    }
    plan = client.plan(noise(frames=10))
    assert (plan.ram_bytes, plan.refusal) == (16 * 16 * 10 * 12, None)


def test_health_says_what_waits(engine: RunningEngine, client: HttpEngineClient) -> None:
    job_id = client.submit(noise("held"))
    waiting = client.submit(noise())
    health = client.health()
    engine.let_go(job_id)
    assert health.running + health.queued == 2
    client.wait(job_id)
    client.wait(waiting)
    assert client.health().devices[0].kind == "cpu"


@pytest.mark.parametrize(
    ("recipe", "code", "words"),
    [
        (noise("  "), ErrorCode.BAD_REQUEST, "prompt is empty"),
        (noise("x" * 10_001), ErrorCode.BAD_REQUEST, "longer than 10000"),
        (noise(model="dream"), ErrorCode.UNKNOWN_MODEL, "no model 'dream'"),
        (noise(model="absent"), ErrorCode.WEIGHTS_NOT_INSTALLED, "not installed"),
        (noise(frames=5000), ErrorCode.DOES_NOT_FIT, "more memory"),
        (noise(seed=-1), ErrorCode.BAD_REQUEST, "seed -1 is out of range"),
        (noise(rate="fast"), ErrorCode.BAD_REQUEST, "frame rate 'fast'"),
        (noise(rate="0/1"), ErrorCode.BAD_REQUEST, "frame rate 0/1"),
        (noise(rate="1/0"), ErrorCode.BAD_REQUEST, "frame rate '1/0'"),
        (noise(sampler=Sampler(steps=0)), ErrorCode.BAD_REQUEST, "0 steps"),
        (noise(sampler=Sampler(guidance_scale=1e9)), ErrorCode.BAD_REQUEST, "guidance scale"),
        (noise_from("../../etc/passwd"), ErrorCode.BAD_REQUEST, "does not name an asset"),
        (noise_from("f" * 64), ErrorCode.MISSING_ASSET, "has not got the input ffffffffffff"),
        (
            Recipe(ability=Ability.EDIT_VIDEO, model="noise", prompt="red"),
            ErrorCode.BAD_REQUEST,
            "needs an input of the role source",
        ),
        (
            Recipe(
                ability=Ability.EDIT_VIDEO,
                model="noise",
                prompt="red",
                inputs=(
                    InputAsset(role=InputRole.SOURCE, sha256="f" * 64, in_s="2/1", out_s="1/1"),
                ),
            ),
            ErrorCode.BAD_REQUEST,
            "range, 2/1 to 1/1, is empty",
        ),
    ],
)
def test_a_bad_recipe_gets_one_sentence_and_is_not_queued(
    client: HttpEngineClient, recipe: Recipe, code: ErrorCode, words: str
) -> None:
    before = len(client.jobs().jobs)
    refused = refusal(client, recipe)
    assert refused.info.code is code
    assert words in refused.info.message
    assert refused.info.hint
    assert len(client.jobs().jobs) == before


def test_an_id_that_is_no_id_is_refused(client: HttpEngineClient) -> None:
    with pytest.raises(EngineRefused, match="is not a job id"):
        client.submit(noise(), job_id="short")


def test_a_job_that_fails_says_why_and_the_next_runs(client: HttpEngineClient) -> None:
    state = client.wait(client.submit(noise("crash"))).state
    assert isinstance(state, Failed)
    assert state.error.code is ErrorCode.INTERNAL
    assert "a wire came loose" in state.error.message
    assert "worker-cpu.log" in state.error.hint
    finish(client, noise())
