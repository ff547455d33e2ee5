"""The queue by itself: order, states, events, and what is left after a kill."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec
import pytest

from engine.errors import BadRequest, NotFound
from engine.protocol.assets import AssetRef, MediaInfo, Output
from engine.protocol.errors import ErrorCode, ErrorInfo
from engine.protocol.jobs import Cancelled, Done, Failed, JobRequest, Queued, Running
from engine.protocol.recipes import Ability, Recipe
from engine.server.bell import Bell
from engine.server.database import open_database
from engine.server.queue import MAX_ATTEMPTS, JobQueue, needed_assets
from tests.engine.running import noise, noise_from

ANN, BEN = "ann", "ben"
INPUT, OUTPUT = "a" * 64, "b" * 64
DONE = Done(
    outputs=(
        Output(
            asset=AssetRef(sha256=OUTPUT, size_bytes=1, media_type="video/mp4"), media=MediaInfo()
        ),
    ),
    recipe=noise(),
    model_s=1.0,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "engine.sqlite"


@pytest.fixture
def queue(path: Path) -> JobQueue:
    return open_queue(path)


def open_queue(path: Path) -> JobQueue:
    return JobQueue(open_database(path), Bell())


def put(queue: JobQueue, job_id: str, priority: int = 0, recipe: Recipe | None = None) -> None:
    queue.put(JobRequest(id=job_id, recipe=recipe or noise(), priority=priority), ANN)


def take(queue: JobQueue) -> str | None:
    taken = queue.take(lambda _recipe: True)
    return taken.job.id if taken else None


def test_jobs_run_by_priority_and_then_in_order(queue: JobQueue) -> None:
    for job_id, priority in (("first", 0), ("second", 0), ("urgent", 5), ("whenever", -1)):
        put(queue, job_id, priority)
    assert [take(queue) for _ in range(5)] == ["urgent", "first", "second", "whenever", None]


def test_a_waiting_job_knows_how_many_run_before_it(queue: JobQueue) -> None:
    put(queue, "first")
    put(queue, "second")
    put(queue, "urgent", 1)
    assert queue.get("second", ANN).state == Queued(ahead=2)
    take(queue)
    take(queue)
    assert queue.get("second", ANN).state == Queued(ahead=2)
    before = queue.last_sequence()
    queue.update("urgent", Cancelled())
    assert queue.get("second", ANN).state == Queued(ahead=1)
    told = queue.events_after(before, ANN, "second")
    assert [event.state for event in told] == [Queued(ahead=1)]


def test_prompts_that_are_read_in_passing_stand_in_nobodys_way(queue: JobQueue) -> None:
    reading = msgspec.structs.replace(noise(), ability=Ability.REWRITE_PROMPT)
    for job_id in ("reading", "read too"):
        queue.put(JobRequest(id=job_id, recipe=reading, priority=5), ANN)
    put(queue, "first")
    put(queue, "second")
    assert queue.get("first", ANN).state == Queued(ahead=0)
    assert queue.get("second", ANN).state == Queued(ahead=1)
    assert take(queue) == "reading"
    put(queue, "third")
    assert queue.get("first", ANN).state == Queued(ahead=0)
    assert queue.get("third", ANN).state == Queued(ahead=2)


def test_sending_a_job_twice_queues_it_once(queue: JobQueue) -> None:
    put(queue, "once")
    put(queue, "once")
    assert len(queue.list(ANN).jobs) == 1
    assert len(queue.events_after(0, ANN)) == 1


def test_an_id_cannot_be_used_for_another_recipe_or_owner(queue: JobQueue) -> None:
    put(queue, "once")
    with pytest.raises(BadRequest, match="another job with the id once"):
        put(queue, "once", recipe=noise(seed=1))
    with pytest.raises(BadRequest, match="another job with the id once"):
        queue.put(JobRequest(id="once", recipe=noise()), BEN)


def test_owners_do_not_see_each_other(queue: JobQueue) -> None:
    put(queue, "mine")
    assert queue.list(BEN).jobs == ()
    assert queue.events_after(0, BEN) == []
    with pytest.raises(NotFound):
        queue.get("mine", BEN)


def test_events_tell_every_change_in_order(queue: JobQueue) -> None:
    put(queue, "a-job")
    take(queue)
    queue.update("a-job", Running(phase="denoising", step=1, steps=2))
    queue.update("a-job", DONE)
    events = queue.events_after(0, ANN)
    assert [type(event.state) for event in events] == [Queued, Running, Running, Done]
    assert [event.sequence for event in events] == [1, 2, 3, 4]
    assert queue.events_after(2, ANN) == events[2:]
    assert queue.list(ANN).sequence == 4


def test_after_a_kill_running_jobs_wait_again_until_they_have_had_their_attempts(
    path: Path,
) -> None:
    put(open_queue(path), "doomed")
    for attempt in range(1, MAX_ATTEMPTS + 1):
        queue = open_queue(path)
        taken = queue.take(lambda _recipe: True)
        assert taken is not None
        assert taken.attempt == attempt
        open_queue(path).recover()
    state = open_queue(path).get("doomed", ANN).state
    assert isinstance(state, Failed)
    assert state.error.code is ErrorCode.WORKER_DIED


def test_an_engine_that_ends_in_good_order_costs_no_attempt(path: Path) -> None:
    queue = open_queue(path)
    put(queue, "patient")
    take(queue)
    queue.suspend()
    taken = open_queue(path).take(lambda _recipe: True)
    assert taken is not None
    assert taken.attempt == 1


def test_assets_are_needed_until_the_job_has_ended_and_its_outputs_are_collected(
    path: Path,
) -> None:
    queue = open_queue(path)
    put(queue, "reads", recipe=noise_from(INPUT))
    assert needed_assets(path) == {INPUT}
    take(queue)
    assert needed_assets(path) == {INPUT}
    queue.update("reads", DONE)
    assert OUTPUT in needed_assets(path)
    queue.release("reads")
    assert needed_assets(path) == set()


def test_a_failed_job_needs_nothing(path: Path) -> None:
    queue = open_queue(path)
    put(queue, "reads", recipe=noise_from(INPUT))
    queue.update("reads", Failed(error=ErrorInfo(code=ErrorCode.INTERNAL, message="It broke.")))
    assert needed_assets(path) == set()


def test_old_stories_are_forgotten_but_uncollected_results_are_not(queue: JobQueue) -> None:
    for job_id in ("failed", "collected", "waiting", "uncollected"):
        put(queue, job_id)
    queue.update("failed", Cancelled())
    queue.update("collected", DONE)
    queue.release("collected")
    queue.update("uncollected", DONE)
    before = queue.last_sequence()
    queue.forget_before(2e12)
    assert [job.id for job in queue.list(ANN).jobs] == ["waiting", "uncollected"]
    put(queue, "new")
    assert queue.last_sequence() > before


def test_a_damaged_job_list_is_set_aside(path: Path) -> None:
    path.write_bytes(b"this is no database, and never was one" * 100)
    put(open_queue(path), "a-job")
    (aside,) = path.parent.glob("*.damaged-*")
    assert aside.read_bytes().startswith(b"this is no database")


def test_a_job_list_of_a_later_version_is_left_alone(path: Path) -> None:
    open_queue(path)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(BadRequest, match="later version"):
        open_queue(path)
