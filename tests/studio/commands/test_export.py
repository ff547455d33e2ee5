"""`export`: a project as a film, by preset, range and sequence; and what cannot be exported."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import av
import pytest

from studio.document.edits.assets import with_asset
from studio.document.edits.insert import overwrite
from studio.document.edits.source import Piece, clips_of_asset
from studio.document.file.project_file import ProjectFile
from studio.document.model.project import Project
from studio.document.time import Rate
from studio.session.describing import describe
from studio.session.projects import empty_project
from tests.engine.running import small_disk
from tests.studio.commands.running import alone, command, end, sentence, start


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, footage: Path) -> Path:
    """Two seconds of footage with its sound on a small sequence of 25 frames a second."""
    path = tmp_path_factory.mktemp("project") / "film.workprint"
    ProjectFile.create(path, holiday(footage, path.parent)).close()
    return path


def holiday(footage: Path, folder: Path) -> Project:
    cut = empty_project("film", Rate(25), (320, 180))
    cut, asset_id = with_asset(cut, describe(footage, folder))
    sequence = cut.sequences[0]
    picture, sound = clips_of_asset(cut, asset_id, Rate(25))
    assert picture is not None
    assert sound is not None
    video, _, audio, _ = sequence.tracks
    return overwrite(cut, sequence.id, 0, [Piece(video.id, picture), Piece(audio.id, sound)])


def frames_in(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def test_a_project_becomes_a_film(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "film.mp4"
    made = command("export", project, out, "--json")
    assert made.code == 0, made.err
    assert made.err == ""
    assert made.body["file"] == str(out)
    assert (made.body["preset"], made.body["frames"]) == ("h264", 50)
    assert frames_in(out) == 50
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]


def test_quality_and_bit_rates_are_chosen_and_refused_in_words(
    project: Path, tmp_path: Path
) -> None:
    sizes: dict[str, int] = {}
    for quality in ("10", "45"):
        out = tmp_path / f"{quality}.mp4"
        made = command("export", project, out, "--quality", quality, "--no-smart-render", "--json")
        assert made.code == 0, made.err
        sizes[quality] = out.stat().st_size
    assert sizes["10"] > 2 * sizes["45"]
    out = tmp_path / "rate.mp4"
    chosen = ("--bit-rate", "800k", "--sound-bit-rate", "64k")
    made = command("export", project, out, *chosen, "--no-smart-render", "--json")
    assert made.code == 0, made.err
    with av.open(str(out)) as container:
        assert container.streams.audio[0].bit_rate < 100_000
    out = tmp_path / "film.mov"
    refused = command("export", project, out, "--quality", "18")
    assert "ProRes 422 has no quality to choose" in sentence(refused, 1)
    assert not out.exists()
    both = command("export", project, out, "--quality", "18", "--bit-rate", "8M")
    assert both.code == 2


def test_a_range_is_given_in_timecode_or_in_seconds(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "part.mp4"
    by_timecode = ("--range", "00:00:00:10", "00:00:01:10")
    assert command("export", project, out, *by_timecode).code == 0
    assert frames_in(out) == 25
    part = command("export", project, out, "--range", "0.4", "1", "--no-smart-render", "--json")
    assert part.body["frames"] == 15
    assert part.body["copied_frames"] == 0


def test_a_frame_of_another_shape_has_bars_or_is_filled_and_papers_can_be_left_out(
    project: Path, tmp_path: Path
) -> None:
    brightest: dict[str, int] = {}
    for reframe in ("fit", "fill"):
        out = tmp_path / f"{reframe}.webm"
        more = ("--size", "90x160", "--reframe", reframe, "--range", "0", "0.1")
        made = command("export", project, out, *more, "--no-credentials", "--json")
        assert made.code == 0, made.err
        assert made.body["notes"] == []
        with av.open(str(out)) as container:
            (frame, *_) = container.decode(video=0)
        assert (frame.width, frame.height) == (90, 160)
        brightest[reframe] = int(frame.to_ndarray(format="gray")[2].max())
    assert brightest["fit"] < 8 < 16 < brightest["fill"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fill.webm", "fit.webm"]


def test_the_ending_chooses_the_way_out(project: Path, tmp_path: Path) -> None:
    sound = command("export", project, tmp_path / "film.wav", "--loudness", "-20", "--json")
    assert sound.code == 0, sound.err
    assert sound.body["preset"] == "wav"
    assert sound.body["loudness_lufs"] == pytest.approx(-20, abs=0.5)


def test_it_exports_while_the_studio_has_the_project_open(project: Path, tmp_path: Path) -> None:
    with ProjectFile.open(project):
        made = alone("export", project, tmp_path / "film.mp4", "--range", "0", "0.2")
    assert made.code == 0, made.err


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--preset", "h265"), 2, "There is no preset called 'h265'"),
        (("--preset", "prores_422"), 2, "makes .mov files"),
        (("--range", "5", "9"), 1, "holds nothing"),
        (("--range", "one", "two"), 2, "neither timecode"),
        (("--loudness", "loud"), 2, "not a loudness"),
        (("--size", "big"), 2, "not a size such as 1920x1080"),
        (("--size", "4x4"), 1, "cannot be made"),
        (("--reframe", "crop"), 2, "fill"),
        (("--sequence", "Reel 9"), 1, "It has: Sequence 1"),
    ],
)
def test_what_cannot_be_exported_is_told(
    project: Path, tmp_path: Path, more: tuple[str, ...], code: int, said: str
) -> None:
    assert said in sentence(command("export", project, tmp_path / "a.mp4", *more), code)
    assert list(tmp_path.iterdir()) == []


def test_a_bad_project_or_place_is_told(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.mp4"
    missing = command("export", tmp_path / "no.workprint", out)
    assert "There is no file" in sentence(missing, 1)
    other = tmp_path / "other.workprint"
    other.write_bytes(b"SQLite format 3\0" + bytes(200))
    assert "is not a Workprint project" in sentence(command("export", other, out), 1)
    ending = command("export", project, tmp_path / "a.mp5")
    assert "No film ends in .mp5" in sentence(ending, 2)
    nowhere = command("export", project, tmp_path / "no" / "a.mp4")
    assert "does not exist" in sentence(nowhere, 1)
    assert not out.exists()


def test_footage_that_is_gone_is_named(footage: Path, tmp_path: Path) -> None:
    copy = tmp_path / "gone.mp4"
    copy.write_bytes(footage.read_bytes())
    project = tmp_path / "film.workprint"
    ProjectFile.create(project, holiday(copy, tmp_path)).close()
    copy.unlink()
    ended = command("export", project, tmp_path / "film.mp4")
    assert "gone.mp4" in sentence(ended, 1)
    assert not (tmp_path / "film.mp4").exists()


def test_a_full_disk_leaves_nothing(project: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path, 1) as disk:
        ended = command("export", project, disk / "film.mov", "--preset", "prores_hq")
        assert "full" in sentence(ended, 1)
        assert list(disk.iterdir()) == []


def test_ctrl_c_leaves_the_film_that_was_there(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "film.mp4"
    out.write_bytes(b"the old film")
    running = start("export", project, out, "--preset", "av1", "--size", "3840x2160")
    while not list(tmp_path.glob(".film.*")):
        assert running.poll() is None
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    assert sentence(end(running), 1) == "Stopped."
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]
    assert out.read_bytes() == b"the old film"
