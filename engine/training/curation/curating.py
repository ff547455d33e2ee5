"""Curating a folder: read headers, measure what is new, judge, and write down what came of it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

import msgspec

from engine.lifeline import die_with_parent, take_children_along
from engine.training.curation import store
from engine.training.curation.facts import Clip, Source, as_plain
from engine.training.curation.footage import BadFootage, find_videos, read_source
from engine.training.curation.funnel import Stage, Verdict, judge, rejected_by_header
from engine.training.curation.measure import clips_of, measure
from engine.training.curation.thresholds import Thresholds

CLIPS = "clips.jsonl"
MOST_PROCESSES = 2

Progress = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Curated:
    """What a run came to. `problems` has a sentence for each file that was skipped."""

    verdicts: list[Verdict]
    stages: list[Stage]
    problems: list[str]


def curate(
    places: list[Path],
    out: Path,
    limits: Thresholds,
    progress: Progress = lambda _text: None,
    processes: int = MOST_PROCESSES,
) -> Curated:
    """Judge all footage in `places`. What was measured is kept below `out`, so that a second run,

    or one after a kill, measures only what is new.

    Raises:
        BadFootage: a place does not exist, or there is no video in any.
    """
    paths = find_videos(places, out)
    if not paths:
        named = ", ".join(str(place) for place in places)
        raise BadFootage(f"There is no video in {named}. Name a folder of footage.")
    out.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    sources = list(_sources(paths, problems, progress))
    wanted = [source for source in sources if not rejected_by_header(_whole(source), limits)]
    new = {s.sha256: s for s in wanted if store.kept(out, s.sha256) is None}
    failed = _measure_all(list(new.values()), out, processes, progress)
    problems += failed.values()
    clips = [clip for source in sources for clip in _clips(source, out, limits, failed)]
    verdicts, stages = judge(clips, limits)
    return Curated(verdicts, stages, problems)


def _sources(paths: list[Path], problems: list[str], progress: Progress) -> Iterator[Source]:
    for number, path in enumerate(paths, 1):
        progress(f"reading {number}/{len(paths)} {path.name}")
        try:
            yield read_source(path)
        except BadFootage as problem:
            problems.append(str(problem))


def _whole(source: Source) -> Clip:
    return Clip(source=source, in_s=Fraction(0), out_s=source.duration_s)


def _clips(source: Source, out: Path, limits: Thresholds, failed: dict[str, str]) -> Sequence[Clip]:
    if rejected_by_header(_whole(source), limits):
        return [_whole(source)]
    measured = None if source.sha256 in failed else store.kept(out, source.sha256)
    return [] if measured is None else clips_of(source, measured, limits)


def _measure_all(
    sources: list[Source], out: Path, processes: int, progress: Progress
) -> dict[str, str]:
    """Measure and keep; -> sentences on those that could not be, by hash."""
    failed: dict[str, str] = {}
    results = _in_turn(sources, out) if processes == 1 else _in_parallel(sources, out, processes)
    for done, (source, problem) in enumerate(results, 1):
        progress(f"measured {done}/{len(sources)} {Path(source.path).name}")
        if problem:
            failed[source.sha256] = problem
    return failed


def _in_turn(sources: list[Source], out: Path) -> Iterator[tuple[Source, str]]:
    for source in sources:
        yield source, measure_into(source, out)


def _in_parallel(sources: list[Source], out: Path, processes: int) -> Iterator[tuple[Source, str]]:
    """Measure in processes of their own. A file that takes its process down is told by trying

    again, alone, each that was left.
    """
    take_children_along()
    left = {source.sha256: source for source in sources}
    try:
        with _pool(min(processes, MOST_PROCESSES)) as pool:
            tasks = [(source, pool.submit(measure_into, source, out)) for source in sources]
            for source, task in tasks:
                problem = task.result()
                del left[source.sha256]
                yield source, problem
    except (BrokenProcessPool, OSError):  # which of them, if a process was just being started
        for source in left.values():
            yield source, _alone(source, out)


def _alone(source: Source, out: Path) -> str:
    try:
        with _pool(1) as pool:
            return pool.submit(measure_into, source, out).result()
    except BrokenProcessPool:
        return f"{source.path} cannot be decoded (the decoder crashed); skipped."


@contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that end at once when this one is interrupted: a measurement half done is

    worth nothing, and a long film would keep a person waiting.
    """
    before = set(active_children())
    pool = ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_begin, initargs=(os.getpid(),)
    )
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in set(active_children()) - before:
            child.kill()
        raise
    pool.shutdown()


def _begin(parent_pid: int) -> None:
    import cv2

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its children
    die_with_parent(parent_pid)
    cv2.setNumThreads(1)


def measure_into(source: Source, out: Path) -> str:
    """Measure a file and keep it; -> a sentence where it cannot be read."""
    try:
        store.keep(out, source.sha256, measure(source))
    except BadFootage as problem:
        return str(problem)
    return ""


def write_clips(verdicts: Sequence[Verdict], files: dict[int, str], out: Path) -> Path:
    """Write clips.jsonl, one clip a line; `files` has names, below `out`, of those cut out."""
    lines = [
        msgspec.json.encode(as_plain(_row(verdict, files.get(place, ""))))
        for place, verdict in enumerate(verdicts)
    ]
    path = out / CLIPS
    store.write_whole(path, b"".join(line + b"\n" for line in lines))
    return path


def _row(verdict: Verdict, file: str) -> dict[str, Any]:
    clip, source = verdict.clip, verdict.clip.source
    facts = {
        "width": source.width,
        "height": source.height,
        "duration_s": source.duration_s,
    }
    if clip.seen is not None:
        facts |= {
            name: getattr(clip.seen, name)
            for name in clip.seen.__struct_fields__
            if name != "feature"
        }
    return {
        "source": source.path,
        "sha256": source.sha256,
        "in_s": clip.in_s,
        "out_s": clip.out_s,
        "verdict": "keep" if verdict.keeps else "reject",
        "filter": verdict.filter,
        "reason": verdict.reason,
        "caption": source.caption,
        "file": file,
        "facts": facts,
    }
