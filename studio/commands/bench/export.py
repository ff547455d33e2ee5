"""Exports: against melt and the ffmpeg command line, copied spans, and the memory taken.

All run side by side in turn, with the same x264 preset and quality, each as a command of its own
from its start to its end. melt (MLT) and ffmpeg are only measured against; nothing else uses them.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from studio.commands.console import Console
from studio.commands.failures import CommandError
from studio.commands.figures import Figure
from studio.commands.sample_footage import FPS, SIZE, make_film
from studio.document.edits.sequences import add_sequence
from studio.document.file.project_file import ProjectFile
from studio.document.model.asset import Asset
from studio.document.model.clip import (
    AssetMedia,
    Clip,
    Gap,
    Item,
    TitleMedia,
    Transition,
    TransitionKind,
)
from studio.document.model.effect import Effect
from studio.document.model.project import Project
from studio.document.model.title import TextBlock, TextStyle, Title
from studio.document.time import Time

RUNS = 5
FILM_FRAMES = 960
PIECES, PIECE = 6, 300
OVERLAP = 30
"""Frames of a dissolve, half before the cut and half after it."""

TITLE_AT, TITLE_FRAMES = 150, 180
COLOURED = 2
SATURATION = 1.3
CUTS, CUT_FRAMES = 10, 890
RENDERED_FRAMES = 600
X264 = {"preset": "medium", "crf": "18"}
"""What the preset h264 encodes with."""

_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class _Run:
    """What a command took."""

    seconds: float
    peak_bytes: int


def measure(console: Console) -> Sequence[Figure]:
    """Measure on footage of its own, which is thrown away."""
    with tempfile.TemporaryDirectory(prefix="workprint-bench-") as name:
        folder = Path(name)
        console.progress("footage")
        films = [make_film(folder / f"film{seed}.mp4", FILM_FRAMES, seed) for seed in (1, 2)]
        bench = _Bench(folder, films, console)
        return [*bench.against_melt(), *bench.against_ffmpeg(), *bench.copied()]


class _Bench:
    """Runs each pair of commands in turn, so that both see the same machine."""

    def __init__(self, folder: Path, films: Sequence[Asset], console: Console) -> None:
        self._folder, self._films, self._console = folder, films, console

    def against_melt(self) -> list[Figure]:
        """A minute of cuts, dissolves, a title and a colour effect: time and memory over melt's."""
        names = ("export_vs_melt", "export_peak_vs_melt")
        if shutil.which("melt") is None:
            return [_unmeasured(name, "melt") for name in names]
        ours = self._ours(_minute(self._films), "minute", "--no-smart-render")
        theirs = _melt(self._folder, self._films)
        mine, other = self._pairs("a minute against melt", ours, theirs)
        times = _median(mine), _median(other)
        peaks = max(r.peak_bytes for r in mine), max(r.peak_bytes for r in other)
        return [
            _ratio(names[0], *times, 0.9, "melt"),
            _seconds("export_s", *times, "melt"),
            _ratio(names[1], *peaks, 1.0, "melt"),
        ]

    def against_ffmpeg(self) -> list[Figure]:
        """One film through the compositor, over ffmpeg's own re-encode of it."""
        name = "reencode_vs_ffmpeg"
        if shutil.which("ffmpeg") is None:
            return [_unmeasured(name, "ffmpeg")]
        ours = self._ours(_straight(self._films[0]), "straight", "--no-smart-render")
        mine, other = self._pairs(
            "a re-encode against ffmpeg", ours, _ffmpeg(self._folder, self._films[0])
        )
        times = _median(mine), _median(other)
        return [_ratio(name, *times, 1.1, "ffmpeg"), _seconds("reencode_s", *times, "ffmpeg")]

    def copied(self) -> list[Figure]:
        """Ten cuts of untouched film, smart rendered over rendered whole.

        Only the first stretch is rendered whole, and its time taken as often as it goes into all.
        """
        project = _ten_cuts(self._films[0])
        smart = self._ours(project, "smart")
        seconds = RENDERED_FRAMES / float(FPS.fraction)
        whole = self._ours(project, "whole", "--no-smart-render", "--range", "0", f"{seconds:g}")
        mine, other = self._pairs("copying against encoding", smart, whole)
        full = _median(other) * CUTS * CUT_FRAMES / RENDERED_FRAMES
        times = _median(mine), full
        ratio = _ratio("smart_render_vs_full", *times, 0.05, "full render")
        return [ratio, _seconds("smart_render_s", *times, "full render")]

    def _ours(self, project: Project, name: str, *options: str) -> list[str]:
        path = self._folder / f"{name}.workprint"
        ProjectFile.create(path, project).close()
        out = self._folder / f"{name}.mp4"
        command = [sys.executable, "-P", "-m", "studio", "export", str(path), str(out)]
        return [*command, "--preset", "h264", *options]

    def _pairs(self, what: str, one: list[str], two: list[str]) -> tuple[list[_Run], list[_Run]]:
        runs: tuple[list[_Run], list[_Run]] = ([], [])
        for number in range(RUNS):
            for command, found in zip((one, two), runs, strict=True):
                self._console.progress(f"{what}, {number + 1} of {RUNS}")
                found.append(_timed(command, self._folder))
        return runs


def _timed(command: list[str], folder: Path) -> _Run:
    """Run a command: its wall time, and the most memory that it and its children held at once."""
    root = Path(__file__).resolve().parents[3]
    with (folder / "said.txt").open("w") as said:
        began = time.perf_counter()
        process = psutil.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=root
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, _held_bytes(process))
            time.sleep(_POLL_S)
        took = time.perf_counter() - began
    if process.returncode != 0:
        words = (folder / "said.txt").read_text(errors="replace").strip().splitlines()
        raise CommandError(f"{Path(command[0]).name} failed: {(words or ['no word'])[-1]}")
    return _Run(took, peak)


def _held_bytes(process: psutil.Process) -> int:
    total = 0
    try:
        for each in (process, *process.children(recursive=True)):
            total += each.memory_info().rss
    except psutil.NoSuchProcess:  # it has ended meanwhile
        return total
    return total


def _median(runs: Sequence[_Run]) -> float:
    return statistics.median(run.seconds for run in runs)


def _ratio(name: str, ours: float, theirs: float, target: float, peer: str) -> Figure:
    return Figure(
        figure=name, value=ours / theirs, unit="ratio", target=target, peer=peer, peer_value=1.0
    )


def _seconds(name: str, ours: float, theirs: float, peer: str) -> Figure:
    """What a ratio was made of."""
    return Figure(figure=name, value=ours, unit="s", peer=peer, peer_value=theirs)


def _unmeasured(name: str, program: str) -> Figure:
    return Figure(figure=name, value=None, unit="ratio", why=f"{program} is not installed here")


def _cut(films: Sequence[Asset], *rows: tuple[Item, ...]) -> Project:
    project = add_sequence(Project(name="bench"), "Cut", FPS, *SIZE)
    sequence = project.sequences[0]
    tracks = tuple(
        replace(track, items=rows[place] if place < len(rows) else ())
        for place, track in enumerate(sequence.tracks)
    )
    whole = replace(sequence, tracks=tracks)
    return replace(project, sequences=(whole,), assets=tuple(films), next_id=1000)


def _clip(film: Asset, name: str, start: int, frames: int) -> Clip:
    media = AssetMedia(asset_id=film.id)
    return Clip(id=name, duration=frames, media=media, source_start=Time(start, FPS))


def _start(place: int) -> int:
    """Where a piece of the minute begins in its film."""
    return 60 + 90 * (place // 2)


def _minute(films: Sequence[Asset]) -> Project:
    items: list[Item] = []
    for place in range(PIECES):
        clip = _clip(films[place % 2], f"c{place}", _start(place), PIECE)
        if place == COLOURED:
            colour = Effect(id="e1", kind="exposure", params=(("saturation", SATURATION),))
            clip = replace(clip, effects=(colour,))
        if place:
            half = OVERLAP // 2
            items.append(
                Transition(
                    id=f"x{place}",
                    kind=TransitionKind.DISSOLVE,
                    in_offset=half,
                    out_offset=half,
                )
            )
        items.append(clip)
    style = TextStyle(size=0.12)
    words = Title(blocks=(TextBlock(text="Workprint", x=0.1, y=0.4, width=0.8, style=style),))
    title = Clip(id="c90", duration=TITLE_FRAMES, media=TitleMedia(title=words))
    return _cut(films, tuple(items), (Gap(id="g1", duration=TITLE_AT), title))


def _melt(folder: Path, films: Sequence[Asset]) -> list[str]:
    """The same minute for melt, with as many workers as there are cores."""
    half = OVERLAP // 2
    row: list[str] = []
    for place in range(PIECES):
        first = _start(place) - (half if place else 0)
        last = _start(place) + PIECE - 1 + (half if place < PIECES - 1 else 0)
        row += [str(folder / films[place % 2].path), f"in={first}", f"out={last}"]
        if place == COLOURED:
            row += ["-attach-cut", "avfilter.eq", f"av.saturation={SATURATION}"]
        if place:
            row += ["-mix", str(OVERLAP), "-mixer", "luma"]
    text = ["pango:+Workprint.txt", "size=130", f"out={TITLE_FRAMES - 1}"]  # qtext needs a display
    title = ["-track", "-blank", str(TITLE_AT - 1), *text]
    over = ["-transition", "composite", "a_track=0", "b_track=1", "progressive=1"]
    out = [f"avformat:{folder / 'melt.mp4'}", "vcodec=libx264", "pix_fmt=yuv420p", "an=1", "g=60"]
    coding = [f"{name}={value}" for name, value in X264.items()]
    profile = ["-profile", "atsc_1080p_30"]
    return [
        "melt", *profile, *row, *title, *over, "-consumer", *out, *coding, "vprofile=high",
        "real_time=-2", "terminate_on_pause=1",
    ]  # fmt: skip


def _straight(film: Asset) -> Project:
    return _cut((film,), (_clip(film, "c1", 0, FILM_FRAMES),))


def _ffmpeg(folder: Path, film: Asset) -> list[str]:
    coding = [word for name, value in X264.items() for word in (f"-{name}", value)]
    source = ["-i", str(folder / film.path), "-an", "-vf", "scale=1920:1080,format=yuv420p"]
    out = ["-c:v", "libx264", *coding, "-profile:v", "high", "-g", "60"]
    return ["ffmpeg", "-y", "-loglevel", "error", *source, *out, str(folder / "ffmpeg.mp4")]


def _ten_cuts(film: Asset) -> Project:
    """Ten long pieces of the film, none of which begins or ends with a group of its pictures."""
    starts = [6 * place + 1 for place in range(1, CUTS + 1)]
    row = [_clip(film, f"c{place}", start, CUT_FRAMES) for place, start in enumerate(starts)]
    return _cut((film,), tuple(row))
