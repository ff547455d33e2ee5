"""The engine's parts, put together once: what the routes work with."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.server.assets import AssetStore
from engine.server.bell import Bell
from engine.server.cast import Cast
from engine.server.database import engine_id, open_database
from engine.server.dispatcher import Dispatcher
from engine.server.event_feed import EventFeed
from engine.server.executor import Executor
from engine.server.intake import Intake
from engine.server.job_run import Workshop
from engine.server.queue import JobQueue, needed_assets

DATABASE = "engine.sqlite"
ASSETS = "assets"
SCRATCH = "scratch"
LOGS = "logs"


@dataclass(frozen=True, slots=True)
class Parts:
    """One engine."""

    engine_id: str
    database: sqlite3.Connection
    queue: JobQueue
    feed: EventFeed
    assets: AssetStore
    cast: Cast
    executor: Executor
    intake: Intake
    dispatcher: Dispatcher


def assemble(state: Path, cast: Cast, executor: Executor, bound_bytes: int) -> Parts:
    """An engine over its state folder. Nothing runs until its dispatcher is started."""
    path = state / DATABASE
    database, changed = open_database(path), Bell()
    queue = JobQueue(database, changed)
    feed = EventFeed(queue, changed)
    assets = AssetStore(state / ASSETS, partial(needed_assets, path), bound_bytes)
    shop = Workshop(cast, assets, executor, state / SCRATCH)
    return Parts(
        engine_id=engine_id(database),
        database=database,
        queue=queue,
        feed=feed,
        assets=assets,
        cast=cast,
        executor=executor,
        intake=Intake(queue, assets, cast, executor),
        dispatcher=Dispatcher(queue, feed, shop, changed),
    )
