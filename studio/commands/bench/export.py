"""Exports: against melt and the ffmpeg command line, copied spans, and the memory taken.

All run side by side in turn, with the same x264 preset and quality, each as a command of its own
from its start to its end. melt (MLT) and ffmpeg are only measured against; nothing else uses them.

The whole render that smart render is held against is run once, to its end: five would take long.

Memory is that of ten minutes, once each: sixty cuts of 1080p with dissolves, a title and a colour
effect. Its films are smooth shapes without grain, so that they are quick to decode and to encode;
what an export holds depends on the size of pictures, the encoder and the files that are open, not
on what the pictures show.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from studio.commands.console import Console
from studio.commands.failures import CommandError
from studio.commands.figures import Figure
from studio.commands.sample_footage import clip_of, cut_of, make_film
from studio.commands.side_by_side import ProgramFailed, Taken, run_timed
from studio.document.file.project_file import ProjectFile
from studio.document.model.asset import Asset
from studio.document.model.clip import (
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

RUNS = 5
FILM_FRAMES = 960
PIECES, PIECE = 6, 300
LONG_PIECES = 10 * PIECES
PLACES = 3
"""Places of a film that pieces begin at, in turn."""

OVERLAP = 30
"""Frames of a dissolve, half before the cut and half after it."""

TITLE_AT, TITLE_FRAMES = 150, 180
COLOURED = 2
SATURATION = 1.3
CUTS, CUT_FRAMES = 10, 890
X264 = {"preset": "medium", "crf": "18"}
"""What the preset h264 encodes with."""


def measure(console: Console) -> Sequence[Figure]:
    """Measure on footage of its own, which is thrown away."""
    with tempfile.TemporaryDirectory(prefix="workprint-bench-") as name:
        folder = Path(name)
        console.progress("footage")
        films = [make_film(folder / f"film{seed}.mp4", FILM_FRAMES, seed) for seed in (1, 2)]
        smooth = [
            make_film(folder / f"smooth{seed}.mp4", FILM_FRAMES, seed, grain=False)
            for seed in (1, 2)
        ]
        bench = _Bench(folder, films, console)
        return [
            *bench.against_melt(),
            *_Bench(folder, smooth, console).peak_against_melt(LONG_PIECES),
            *bench.against_ffmpeg(),
            *bench.copied(),
        ]


class _Bench:
    """Runs each pair of commands in turn, so that both see the same machine."""

    def __init__(self, folder: Path, films: Sequence[Asset], console: Console) -> None:
        self._folder, self._films, self._console = folder, films, console

    def against_melt(self) -> list[Figure]:
        """A minute of cuts, dissolves, a title and a colour effect: our time over melt's."""
        name = "export_vs_melt"
        ours = self._ours(_cut(self._films, PIECES), "minute", "--no-smart-render")
        theirs = _melt(self._folder, self._films, PIECES)
        try:
            mine, other = self._pairs("a minute against melt", ours, theirs, RUNS)
        except _PeerFailed as error:
            return [_unmeasured(name, str(error))]
        times = _median(mine), _median(other)
        return [_ratio(name, *times, 0.9, "melt"), _seconds("export_s", *times, "melt")]

    def peak_against_melt(self, pieces: int) -> list[Figure]:
        """Such a cut of so many pieces: the most memory our processes held, over melt's."""
        name = "export_peak_vs_melt"
        ours = self._ours(_cut(self._films, pieces), "long", "--no-smart-render")
        theirs = _melt(self._folder, self._films, pieces)
        try:
            mine, other = self._pairs("memory against melt", ours, theirs, 1)
        except _PeerFailed as error:
            return [_unmeasured(name, str(error))]
        peaks = max(each.peak_bytes for each in mine), max(each.peak_bytes for each in other)
        size = Figure(
            figure="export_peak_bytes",
            value=peaks[0],
            unit="bytes",
            peer="melt",
            peer_value=peaks[1],
        )
        return [_ratio(name, *peaks, 1.0, "melt"), size]

    def against_ffmpeg(self) -> list[Figure]:
        """One film through the compositor, over ffmpeg's own re-encode of it."""
        name = "reencode_vs_ffmpeg"
        ours = self._ours(_straight(self._films[0]), "straight", "--no-smart-render")
        theirs = _ffmpeg(self._folder, self._films[0])
        try:
            mine, other = self._pairs("a re-encode against ffmpeg", ours, theirs, RUNS)
        except _PeerFailed as error:
            return [_unmeasured(name, str(error))]
        times = _median(mine), _median(other)
        return [_ratio(name, *times, 1.1, "ffmpeg"), _seconds("reencode_s", *times, "ffmpeg")]

    def copied(self) -> list[Figure]:
        """Ten cuts of untouched film, smart rendered over rendered whole, both to their ends."""
        project = _ten_cuts(self._films[0])
        smart = self._ours(project, "smart")
        whole = self._ours(project, "whole", "--no-smart-render")
        mine, other = self._pairs("copying against encoding", smart, whole, 1)
        second, third = self._pairs("copying again", smart, smart, RUNS // 2)
        times = _median([*mine, *second, *third]), _median(other)
        ratio = _ratio("smart_render_vs_full", *times, 0.05, "full render")
        return [ratio, _seconds("smart_render_s", *times, "full render")]

    def _ours(self, project: Project, name: str, *options: str) -> list[str]:
        path = self._folder / f"{name}.workprint"
        ProjectFile.create(path, project).close()
        out = self._folder / f"{name}.mp4"
        command = [sys.executable, "-P", "-m", "studio", "export", str(path), str(out)]
        return [*command, "--preset", "h264", *options]

    def _pairs(
        self, what: str, one: list[str], two: list[str], count: int
    ) -> tuple[list[Taken], list[Taken]]:
        """Both commands in turn, `count` times.

        Raises: _PeerFailed where a program of others is absent or fails, CommandError for ours.
        """
        for command in (one, two):
            if shutil.which(command[0]) is None:
                raise _PeerFailed(f"{command[0]} is not installed here")
        runs: tuple[list[Taken], list[Taken]] = ([], [])
        for number in range(count):
            for command, found in zip((one, two), runs, strict=True):
                self._console.progress(f"{what}, {number + 1} of {count}")
                try:
                    found.append(run_timed(command, self._folder))
                except ProgramFailed as error:
                    ours = command[0] == sys.executable
                    raise (CommandError if ours else _PeerFailed)(str(error)) from error
        return runs


class _PeerFailed(Exception):
    """What is measured against is not here or does not work; the words say why."""


def _median(runs: Sequence[Taken]) -> float:
    return statistics.median(run.seconds for run in runs)


def _ratio(name: str, ours: float, theirs: float, target: float, peer: str) -> Figure:
    return Figure(
        figure=name, value=ours / theirs, unit="ratio", target=target, peer=peer, peer_value=1.0
    )


def _seconds(name: str, ours: float, theirs: float, peer: str) -> Figure:
    """What a ratio was made of."""
    return Figure(figure=name, value=ours, unit="s", peer=peer, peer_value=theirs)


def _unmeasured(name: str, why: str) -> Figure:
    return Figure(figure=name, value=None, unit="ratio", why=why)


def _start(place: int) -> int:
    """Where a piece of the cut begins in its film."""
    return 60 + 90 * (place // 2 % PLACES)


def _cut(films: Sequence[Asset], pieces: int) -> Project:
    """Pieces of two films in turn with dissolves; `PIECES` of them are a minute."""
    items: list[Item] = []
    for place in range(pieces):
        clip = clip_of(films[place % 2], f"c{place}", _start(place), PIECE)
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
    words = Title(blocks=(TextBlock(text="Workprint", x=0.5, y=0.4, width=0.8, style=style),))
    title = Clip(id="c90", duration=TITLE_FRAMES, media=TitleMedia(title=words))
    return cut_of(films, tuple(items), (Gap(id="g1", duration=TITLE_AT), title))


def _melt(folder: Path, films: Sequence[Asset], pieces: int) -> list[str]:
    """The same cut for melt, with as many workers as there are cores."""
    half = OVERLAP // 2
    row: list[str] = []
    for place in range(pieces):
        first = _start(place) - (half if place else 0)
        last = _start(place) + PIECE - 1 + (half if place < pieces - 1 else 0)
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
    return cut_of((film,), (clip_of(film, "c1", 0, FILM_FRAMES),))


def _ffmpeg(folder: Path, film: Asset) -> list[str]:
    coding = [word for name, value in X264.items() for word in (f"-{name}", value)]
    source = ["-i", str(folder / film.path), "-an", "-vf", "scale=1920:1080,format=yuv420p"]
    out = ["-c:v", "libx264", *coding, "-profile:v", "high", "-g", "60"]
    return ["ffmpeg", "-y", "-loglevel", "error", *source, *out, str(folder / "ffmpeg.mp4")]


def _ten_cuts(film: Asset) -> Project:
    """Ten long pieces of the film, none of which begins or ends with a group of its pictures."""
    starts = [6 * place + 1 for place in range(1, CUTS + 1)]
    row = [clip_of(film, f"c{place}", start, CUT_FRAMES) for place, start in enumerate(starts)]
    return cut_of((film,), tuple(row))
