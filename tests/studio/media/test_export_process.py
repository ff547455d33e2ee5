"""The export's child: it reports, obeys, dies with its parent, and leaves whole files or none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from studio.document.codec import encode
from studio.document.model.project import Project
from studio.media.export.job import Captions, ExportJob, Progress, Reframe
from studio.media.export.process import Event, ExportProcess, Failed, Finished
from studio.media.probe import probe
from tests.studio.media.cuts import audio, cut, shot, video

ROOT = Path(__file__).resolve().parents[3]


LARGE = (3840, 2160)
"""A size that takes long enough to be stopped on the way."""


def film() -> Project:
    return cut(video(shot("a.mp4", 50)), audio(shot("tone.wav", 50)))


def job(out: Path, **more: object) -> ExportJob:
    return ExportJob(sequence_id="s", out=out, preset="h264_fast", smart_render=False, **more)  # type: ignore[arg-type]


def test_a_child_makes_the_film_and_tells_how_far_it_is(reel: Path, tmp_path: Path) -> None:
    events = list(ExportProcess(film(), reel, job(tmp_path / "x.mp4")).events())
    assert isinstance(events[0], Progress)
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.result.path == tmp_path / "x.mp4"
    assert probe(tmp_path / "x.mp4").video.frame_count == 50  # type: ignore[union-attr]


def _cancelled_midway(process: ExportProcess) -> list[Event]:
    events = []
    for event in process.events():
        events.append(event)
        process.pause()
        process.cancel()
    return events


def test_cancel_while_paused_leaves_nothing(reel: Path, tmp_path: Path) -> None:
    large = job(tmp_path / "x.mp4", size=LARGE)
    events = _cancelled_midway(ExportProcess(film(), reel, large))
    assert isinstance(events[-1], Failed)
    assert events[-1].cancelled
    assert list(tmp_path.iterdir()) == []


def test_a_failure_comes_as_one_sentence(reel: Path, tmp_path: Path) -> None:
    events = list(ExportProcess(film(), reel, job(tmp_path / "none" / "x.mp4")).events())
    assert isinstance(events[-1], Failed)
    assert "does not exist" in events[-1].reason
    assert not events[-1].cancelled


def test_a_killed_child_is_reported(reel: Path, tmp_path: Path) -> None:
    process = ExportProcess(film(), reel, job(tmp_path / "x.mp4"))
    process._child.kill()
    events = list(process.events())
    assert isinstance(events[-1], Failed)
    assert "unexpectedly" in events[-1].reason
    assert not (tmp_path / "x.mp4").exists()


def test_the_child_ends_when_its_parent_is_gone(reel: Path, tmp_path: Path) -> None:
    given = {
        "project": encode(film()),
        "folder": str(reel),
        "job": json.loads(job(tmp_path / "x.mp4", size=LARGE).to_json()),
    }
    ended = subprocess.run(
        [sys.executable, "-m", "studio.media.export", "-"],
        input=json.dumps(given) + "\n",  # then its input closes, as when the studio dies
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=500,
        check=False,
    )
    assert ended.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_a_job_travels_as_json() -> None:
    whole = ExportJob(
        sequence_id="s",
        out=Path("/x/y.mp4"),
        preset="hevc",
        first=3,
        end=9,
        size=(640, 360),
        reframe=Reframe.FILL,
        captions=Captions.SRT,
        loudness=-16.0,
        video_options=(("crf", "30"),),
    )
    assert ExportJob.from_json(whole.to_json()) == whole
