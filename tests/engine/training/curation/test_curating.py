"""Curating folders end to end: the list, the cut clips, the dataset, and what happens on a kill."""

from __future__ import annotations

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import threading
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from engine.commands import curate as command
from engine.training.curation import store
from engine.training.curation.curating import curate, write_clips
from engine.training.curation.cutting import cut_clip, cut_kept
from engine.training.curation.dataset import CuratedClips
from engine.training.curation.facts import Clip
from engine.training.curation.footage import BadFootage, pictures, read_source, upright
from engine.training.curation.measure import measure
from engine.training.curation.thresholds import POCKET
from tests.architecture.sources import ROOT
from tests.engine.training.curation.films import SIZE, cut_often, pan, still, write
from tests.studio.media.footage import Shot, make_video

LIMITS = replace(POCKET, resampled=False)


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sound films, a lesser copy of one, a still one, one of two scenes, and two bad files."""
    folder = tmp_path_factory.mktemp("footage")
    write(folder / "a.mp4", pan(1))
    (folder / "a.txt").write_text("hills,\n seen from a balloon")
    write(folder / "a again.mp4", pan(1), crf=30)
    write(folder / "b.mkv", pan(2))
    write(folder / "still.mp4", still(3))
    write(folder / "two scenes.mp4", (p for s in (4, 5) for p in pan(s, seconds=2.5)))
    (folder / "broken.mp4").write_bytes(b"not a film at all" * 40)
    (folder / "sound.mp4").write_bytes((folder / "a.mp4").read_bytes()[:2000])
    return folder


@pytest.fixture(scope="module")
def measured(footage: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the footage was curated into."""
    out = tmp_path_factory.mktemp("measured")
    curate([footage], out, LIMITS, processes=1)
    return out


@pytest.fixture
def out(measured: Path, tmp_path: Path) -> Path:
    """A copy of it to work in."""
    return shutil.copytree(measured, tmp_path / "out")


def rows(out: Path) -> list[dict]:
    return [json.loads(line) for line in (out / "clips.jsonl").read_text().splitlines()]


def test_the_list_says_what_became_of_every_clip(footage: Path, out: Path) -> None:
    done = curate([footage], out, LIMITS, processes=1)
    write_clips(done.verdicts, {}, out)
    told = {(Path(row["source"]).name, row["in_s"]): row for row in rows(out)}
    verdicts = {name: row["filter"] for name, row in told.items()}
    assert verdicts == {
        ("a again.mp4", "0/1"): "",
        ("a.mp4", "0/1"): "duplicates",
        ("b.mkv", "0/1"): "",
        ("still.mp4", "0/1"): "motion",
        ("two scenes.mp4", "0/1"): "",
        ("two scenes.mp4", "5/2"): "",
    }
    assert told["a.mp4", "0/1"]["caption"] == "hills, seen from a balloon"
    assert told["two scenes.mp4", "5/2"]["out_s"] == "5/1"
    assert told["still.mp4", "0/1"]["facts"]["vector"] < 0.1
    assert len(done.problems) == 2
    assert all(p.endswith("; skipped.") and "\n" not in p for p in done.problems)


def test_other_thresholds_need_no_second_look(footage: Path, out: Path) -> None:
    kept = {path: path.stat().st_mtime_ns for path in (out / store.FOLDER).iterdir()}
    milder = replace(LIMITS, min_luma_motion=0.0, min_vector=0.0)
    done = curate([footage], out, milder, processes=1)
    assert done.stages[-1].clips == 5
    assert {p: p.stat().st_mtime_ns for p in (out / store.FOLDER).iterdir()} == kept


def test_what_is_measured_survives_being_kept(footage: Path, tmp_path: Path) -> None:
    source = read_source(footage / "a.mp4")
    measured = measure(source)
    store.keep(tmp_path, source.sha256, measured)
    assert store.kept(tmp_path, source.sha256) == measured
    (path,) = (tmp_path / store.FOLDER).iterdir()
    path.write_bytes(path.read_bytes()[:100])
    assert store.kept(tmp_path, source.sha256) is None


def test_a_source_that_falls_by_its_header_is_never_measured(footage: Path, tmp_path: Path) -> None:
    done = curate([footage / "a.mp4"], tmp_path, replace(LIMITS, min_side=1000), processes=1)
    assert [verdict.filter for verdict in done.verdicts] == ["resolution"]
    assert not (tmp_path / store.FOLDER).exists()


def test_cut_clips_are_the_sources_pictures(footage: Path, out: Path) -> None:
    done = curate([footage], out, LIMITS, processes=1)
    files, problems = cut_kept(done.verdicts, out, lambda _text: None)
    assert problems == []
    write_clips(done.verdicts, files, out)
    second = next(row for row in rows(out) if row["in_s"] == "5/2")
    source = [p.frame.to_ndarray() for _, p in pictures(footage / "two scenes.mp4")][60:]
    cut = [p.frame.to_ndarray() for _, p in pictures(out / second["file"])]
    assert len(cut) == len(source) == 60
    assert all(np.array_equal(one, other) for one, other in zip(cut, source, strict=True))
    whole = next(row for row in rows(out) if row["source"].endswith("b.mkv"))
    assert (out / whole["file"]).read_bytes() == (footage / "b.mkv").read_bytes()


@pytest.mark.parametrize("cut", [False, True])
def test_a_curated_folder_is_a_dataset(cut: bool, footage: Path, out: Path) -> None:
    done = curate([footage], out, LIMITS, processes=1)
    files = cut_kept(done.verdicts, out, lambda _text: None)[0] if cut else {}
    write_clips(done.verdicts, files, out)
    clips = CuratedClips(out, size=(64, 64), frames=8)
    assert len(clips) == done.stages[-1].clips == 4
    shapes = {clips[place][0].shape for place in range(len(clips))}
    assert shapes == {(8, 64, 64, 3)}
    frames, caption = CuratedClips(out)[3]
    assert frames.dtype == np.uint8
    assert frames.shape == (60, SIZE[1], SIZE[0], 3)
    assert caption == ""
    with pytest.raises(IndexError):
        clips[len(clips)]


def test_a_folder_that_is_none_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(BadFootage, match=r"clips\.jsonl is missing"):
        CuratedClips(tmp_path)
    (tmp_path / "clips.jsonl").write_text("{half a li")
    with pytest.raises(BadFootage, match="is damaged"):
        CuratedClips(tmp_path)
    with pytest.raises(BadFootage, match="There is no video in"):
        curate([tmp_path], tmp_path / "out", LIMITS)


def test_an_upright_phone_film_is_upright(tmp_path: Path) -> None:
    write(tmp_path / "flat.mp4", pan(9, seconds=2.5))
    data = (tmp_path / "flat.mp4").read_bytes()
    matrix = b"".join(v.to_bytes(4, "big", signed=True) for v in _unturned())
    turned = b"".join(v.to_bytes(4, "big", signed=True) for v in _turned())
    at = data.index(matrix, data.index(b"tkhd"))
    (tmp_path / "turned.mp4").write_bytes(data[:at] + turned + data[at + len(matrix) :])
    source = read_source(tmp_path / "turned.mp4")
    assert (source.width, source.height) == SIZE[::-1]
    done = curate([tmp_path / "turned.mp4"], tmp_path / "out", replace(LIMITS, max_clip_s=2.0))
    files = cut_kept(done.verdicts, tmp_path / "out", lambda _text: None)[0]
    for given in ({}, files):
        write_clips(done.verdicts, given, tmp_path / "out")
        (frames, _) = CuratedClips(tmp_path / "out", frames=1)[0]
        flat = next(pictures(tmp_path / "flat.mp4"))[1].frame.to_ndarray(format="rgb24")
        assert np.abs(np.rot90(flat, -1).astype(int) - frames[0]).mean() < 2


def test_a_film_held_upside_down_is_cut_upright(tmp_path: Path) -> None:
    data = write(tmp_path / "flat.mp4", pan(9, seconds=1)).read_bytes()
    lying, turned = (struct.pack(">9i", *matrix) for matrix in (_unturned(), _upside_down()))
    at = data.index(lying, data.index(b"tkhd"))
    (tmp_path / "turned.mp4").write_bytes(data[:at] + turned + data[at + len(lying) :])
    source = read_source(tmp_path / "turned.mp4")
    clip = Clip(source=source, in_s=Fraction(0), out_s=Fraction(1, 2))
    cut = tmp_path / cut_clip(clip, tmp_path)
    first = next(pictures(cut))[1].frame.to_ndarray()
    flat = next(pictures(tmp_path / "flat.mp4"))[1].frame.to_ndarray()
    assert np.array_equal(first[: SIZE[1]], flat[: SIZE[1]][::-1, ::-1])


@pytest.mark.parametrize(
    ("codec", "layout", "name"),
    [("png", "rgb24", "a.mov"), ("mjpeg", "yuvj420p", "a.avi"), ("libx264rgb", "bgr24", "a.mkv")],
)
def test_any_layout_of_pixels_is_cut_without_loss(
    codec: str, layout: str, name: str, tmp_path: Path
) -> None:
    shot = Shot(frames=20, codec=codec, pixel_format=layout, options={}, size=(96, 54))
    source = read_source(make_video(tmp_path / name, shot))
    clip = Clip(source=source, in_s=Fraction(2, 5), out_s=Fraction(3, 5))
    cut = tmp_path / cut_clip(clip, tmp_path)
    wanted = [upright(p.frame, (96, 54)) for _, p in pictures(tmp_path / name)][10:15]
    found = [upright(p.frame, (96, 54)) for _, p in pictures(cut)]
    assert np.array_equal(found, wanted)


def test_a_source_that_breaks_off_leaves_nothing_half_cut(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mkv", pan(9, seconds=2))
    source = read_source(path)
    path.write_bytes(path.read_bytes()[:2000])
    clip = Clip(source=source, in_s=Fraction(1, 2), out_s=Fraction(3, 2))
    with pytest.raises(BadFootage, match=r"a\.mkv"):
        cut_clip(clip, tmp_path)
    assert list((tmp_path / "clips").iterdir()) == []


def _upside_down() -> tuple[int, ...]:
    return -(1 << 16), 0, 0, 0, -(1 << 16), 0, 0, 0, 1 << 30


def _unturned() -> tuple[int, ...]:
    return 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30


def _turned() -> tuple[int, ...]:
    """A quarter turn clockwise, as phones write it."""
    return 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30


def test_the_command_prints_the_funnel(
    footage: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(footage), "--out", str(out), "--preset", "pocket", "--processes", "1"]
    assert command.run([*arguments, "--sheet", str(out / "kept.jpg")]) == 0
    with Image.open(out / "kept.jpg") as sheet:
        assert sheet.width == 2 * (3 * 200 + 12)
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert lines[0].split() == ["filter", "rule", "clips", "footage", "left"]
    assert lines[1].split() == [
        "footage",
        *["all", "that", "was", "found"],
        "6",
        "0:00:21",
        "100.00",
        "%",
    ]
    assert len(shown.err.splitlines()) == 2
    assert command.run([*arguments, "--json", "--max-similarity", "1.1", "--no-resampling"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["kept"] == 5
    assert report["funnel"][-1]["share"] == pytest.approx(17 / 21, abs=1e-4)


def test_the_command_tells_bad_usage_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        command.run([str(tmp_path), "--out", str(tmp_path), "--max-text", "lots"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("--max-text: lots is not a number of 0 or more.")
    assert command.run([str(tmp_path / "no"), "--out", str(tmp_path)]) == 1
    assert "does not exist. Name a folder of footage." in capsys.readouterr().err


def test_a_killed_run_is_gone_on_with(footage: Path, tmp_path: Path) -> None:
    """Killed when the first measurement is there: what is there is whole, and is used again."""
    folder, out = tmp_path / "footage", tmp_path / "out"
    folder.mkdir()
    for name in ("a.mp4", "b.mkv", "two scenes.mp4"):
        shutil.copy(footage / name, folder)
    line = [sys.executable, "-m", "engine", "curate", str(folder), "--out", str(out)]
    line += ["--preset", "pocket", "--processes", "1"]
    running = subprocess.Popen(line, cwd=ROOT, env=os.environ)
    while not list(out.glob("measured/*.msgpack")):
        assert running.poll() is None
        time.sleep(0.005)
    running.kill()
    running.wait()
    before = {p.name: p.stat().st_mtime_ns for p in out.glob("measured/*.msgpack")}
    (out / "clips.jsonl").unlink(missing_ok=True)
    curate([folder], out, LIMITS, processes=1)
    after = {p.name: p.stat().st_mtime_ns for p in out.glob("measured/*.msgpack")}
    assert len(after) == 3
    assert before.items() <= after.items()


@pytest.mark.skipif(os.name == "nt", reason="no Ctrl-C to a process of its own")
def test_ctrl_c_ends_it_at_once_with_a_sentence(footage: Path, tmp_path: Path) -> None:
    folder, out = tmp_path / "footage", tmp_path / "out"
    folder.mkdir()
    for number in range(40):  # files that differ in nothing but a byte after their end
        data = (footage / "a.mp4").read_bytes()
        (folder / f"{number}.mp4").write_bytes(data + bytes([number]))
    line = [sys.executable, "-m", "engine", "curate", str(folder), "--out", str(out)]
    running = subprocess.Popen(
        [*line, "--preset", "pocket", "--processes", "2"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    with running:
        while not list(out.glob("measured/*.msgpack")):
            assert running.poll() is None
            time.sleep(0.005)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate()
    assert running.returncode == 130
    assert said == "Stopped; the same command goes on where this one was.\n"
    assert 0 < len(list(out.glob("measured/*.msgpack"))) < 40


@pytest.mark.slow
def test_a_measuring_process_that_dies_costs_no_file(footage: Path, tmp_path: Path) -> None:
    def die_once() -> None:
        me = psutil.Process()
        while not (children := [c for c in me.children() if "spawn_main" in str(c.cmdline())]):
            continue
        children[0].kill()

    killer = threading.Thread(target=die_once)
    killer.start()
    done = curate([footage], tmp_path / "two", LIMITS, processes=2)
    killer.join()
    assert done == curate([footage], tmp_path / "one", LIMITS, processes=1)


@pytest.mark.slow
def test_two_processes_find_what_one_does(footage: Path, tmp_path: Path) -> None:
    one = curate([footage], tmp_path / "one", LIMITS, processes=1)
    two = curate([footage], tmp_path / "two", LIMITS, processes=2)
    assert two == one


def test_scenes_shorter_than_a_clip_are_told_by_their_length(tmp_path: Path) -> None:
    path = write(tmp_path / "cuts.mp4", cut_often(2))
    done = curate([path], tmp_path / "out", LIMITS, processes=1)
    assert [v.clip.seconds for v in done.verdicts] == [Fraction(1)] * 4
    assert {v.reason for v in done.verdicts} == {"the scene lasts 1.00 s"}
