"""The films that the benches of exports and media measure are whole, and what they say they are."""

from __future__ import annotations

import sys
from pathlib import Path

import av
import pytest

from studio.commands.bench import export
from studio.commands.console import Console
from studio.commands.failures import CommandError
from studio.commands.sample_footage import GROUP, SIZE, make_film
from studio.commands.side_by_side import run_timed
from studio.document.model.asset import Asset, AssetKind
from studio.document.model.clip import Clip
from studio.document.queries.places import sequence_duration
from tests.studio.document.rules import check


def _film(name: str) -> Asset:
    return Asset(id=name, name=name, kind=AssetKind.VIDEO, path=f"{name}.mp4")


def test_the_minute_is_a_minute_of_dissolves_under_a_title() -> None:
    project = export._cut([_film("a"), _film("b")], export.PIECES)
    check(project)
    assert sequence_duration(project.sequences[0]) == 1800
    kinds = [type(item).__name__ for item in project.sequences[0].tracks[0].items]
    assert kinds.count("Transition") == 5


def test_memory_is_that_of_ten_minutes_within_the_films() -> None:
    project = export._cut([_film("a"), _film("b")], export.LONG_PIECES)
    check(project)
    assert sequence_duration(project.sequences[0]) == 18_000
    half = export.OVERLAP // 2
    for item in project.sequences[0].tracks[0].items:
        if isinstance(item, Clip):
            assert item.source_start.value >= half
            assert item.source_start.value + item.duration + half <= export.FILM_FRAMES


@pytest.mark.parametrize("pieces", [export.PIECES, export.LONG_PIECES])
def test_melt_is_given_the_same_cut(pieces: int) -> None:
    words = export._melt(Path("/f"), [_film("a"), _film("b")], pieces)
    starts = [place for place, word in enumerate(words) if word.startswith("in=")]
    first = [int(words[place][3:]) for place in starts]
    last = [int(words[place + 1][4:]) for place in starts]
    frames = sum(end - start + 1 for start, end in zip(first, last, strict=True))
    assert len(starts) == pieces
    assert frames - (pieces - 1) * export.OVERLAP == pieces * export.PIECE


def _bench(folder: Path) -> export._Bench:
    return export._Bench(folder, [_film("a"), _film("b")], Console())


def test_a_peer_that_is_absent_leaves_a_figure_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    bench = _bench(tmp_path)
    for name, figures, program in (
        ("export_vs_melt", bench.against_melt(), "melt"),
        ("export_peak_vs_melt", bench.peak_against_melt(2), "melt"),
        ("reencode_vs_ffmpeg", bench.against_ffmpeg(), "ffmpeg"),
    ):
        (figure,) = figures
        assert (figure.figure, figure.value) == (name, None)
        assert figure.why == f"{program} is not installed here"


def test_our_own_failure_is_never_passed_off_as_a_missing_peer(tmp_path: Path) -> None:
    wrong = [sys.executable, "-c", "raise SystemExit('the disk is full')"]
    with pytest.raises(CommandError, match="the disk is full"):
        _bench(tmp_path)._pairs("one", wrong, [sys.executable, "-c", ""], 1)


def test_a_peer_that_fails_says_its_last_word(tmp_path: Path) -> None:
    ours, theirs = [sys.executable, "-c", ""], ["sh", "-c", "echo no such codec; exit 3"]
    with pytest.raises(export._PeerFailed, match="sh failed: no such codec"):
        _bench(tmp_path)._pairs("one", ours, theirs, 1)


def test_memory_counts_a_command_with_its_children(tmp_path: Path) -> None:
    holding = "import time; held = bytearray(90_000_000); time.sleep(1.5)"
    alone = run_timed([sys.executable, "-c", holding], tmp_path)
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {holding!r}])"
    both = run_timed([sys.executable, "-c", child], tmp_path)
    assert alone.peak_bytes > 90_000_000
    assert both.peak_bytes > alone.peak_bytes


def test_no_piece_to_be_copied_begins_or_ends_with_a_group() -> None:
    project = export._ten_cuts(_film("a"))
    check(project)
    for item in project.sequences[0].tracks[0].items:
        assert isinstance(item, Clip)
        start = item.source_start.value
        assert start % GROUP
        assert (start + item.duration) % GROUP
        assert start + item.duration <= export.FILM_FRAMES


def test_footage_has_long_groups_and_pictures_that_differ(tmp_path: Path) -> None:
    made = make_film(tmp_path / "film.mp4", GROUP + 4, 1)
    assert made.duration.value == GROUP + 4
    with av.open(str(tmp_path / "film.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == SIZE
        keys = [packet.is_keyframe for packet in container.demux(stream) if packet.size]
    assert len(keys) == GROUP + 4
    assert sum(keys) == 2


def test_smooth_footage_has_the_same_shape_and_fewer_bytes(tmp_path: Path) -> None:
    rough = make_film(tmp_path / "rough.mp4", 4, 1)
    smooth = make_film(tmp_path / "smooth.mp4", 4, 1, grain=False)
    assert smooth.video == rough.video
    sizes = [(tmp_path / name).stat().st_size for name in ("smooth.mp4", "rough.mp4")]
    assert sizes[0] < sizes[1]
