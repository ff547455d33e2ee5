"""The cut list of a smart render: what is copied and what is encoded, in order, without a hole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studio.media.export.plan import ExportPlan
from studio.media.export.presets import Output
from studio.media.export.smart.gops import SourceGops
from studio.media.export.smart.nal import ParameterSets
from studio.media.export.smart.spans import Run, untouched_runs
from studio.media.footage import Footage

CONTAINERS = frozenset({"mp4", "mov", "matroska"})
FEWEST_COPIED = 12
"""Fewer frames than this are not worth a copy."""


@dataclass(frozen=True, slots=True)
class Copy:
    """`count` frames of the film from `first` are those of a file from `source_first`."""

    first: int
    count: int
    path: Path
    source_first: int


@dataclass(frozen=True, slots=True)
class Encode:
    """`count` frames of the film from `first` are rendered and encoded."""

    first: int
    count: int


Piece = Copy | Encode


@dataclass(frozen=True, slots=True)
class CutList:
    """Pieces in order. `sets` are the parameter sets of all that is copied, `delay` the most by
    which a copied picture is stored before it is shown."""

    pieces: tuple[Piece, ...]
    sets: ParameterSets
    delay: int

    @property
    def copied_frames(self) -> int:
        """How many frames are not encoded."""
        return sum(piece.count for piece in self.pieces if isinstance(piece, Copy))


def make_cut_list(plan: ExportPlan, footage: Footage) -> CutList | None:
    """The cut list of a plan; None where nothing can be copied."""
    coding = plan.preset.video
    can = (
        plan.job.smart_render
        and plan.preset.output is Output.FILM
        and plan.preset.container in CONTAINERS
        and coding is not None
        and coding.encoders == ("libx264",)
        and coding.pixel_format == "yuv420p"
        and not plan.job.hardware
        and "qp" not in dict(coding.options)  # a lossless preset promises its own coding
    )
    return _cut_list(plan, untouched_runs(plan, footage)) if can else None


def _cut_list(plan: ExportPlan, runs: list[Run]) -> CutList | None:
    copies: list[Copy] = []
    sets: ParameterSets | None = None
    delay = 0
    for path in dict.fromkeys(run.path for run in runs if run.count >= FEWEST_COPIED):
        source = SourceGops(path, plan.rate)
        if source.sets.sequence and (sets is None or source.sets == sets):
            found, reordering = _copies(source, [run for run in runs if run.path == path])
            copies += found
            delay = max(delay, reordering)
            sets = source.sets if found else sets
        source.close()
    if sets is None:
        return None
    return CutList(_with_encodes(sorted(copies, key=lambda c: c.first), plan.frames), sets, delay)


def _copies(source: SourceGops, runs: list[Run]) -> tuple[list[Copy], int]:
    """What of these runs can be copied, adjoining groups as one; and their reordering."""
    copies: list[Copy] = []
    delay = 0
    for run in runs:
        start: int | None = None
        end = 0
        for gop in source.copyable(run.source_first, run.source_first + run.count):
            delay = max(delay, gop.delay)
            if start is None or gop.first != end:
                copies += _copy(run, start, end)
                start = gop.first
            end = gop.first + gop.count
        copies += _copy(run, start, end)
    return copies, delay


def _copy(run: Run, start: int | None, end: int) -> list[Copy]:
    if start is None or end - start < FEWEST_COPIED:
        return []
    return [Copy(run.first + start - run.source_first, end - start, run.path, start)]


def _with_encodes(copies: list[Copy], frames: int) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = 0
    for copy in copies:
        if copy.first > at:
            pieces.append(Encode(at, copy.first - at))
        pieces.append(copy)
        at = copy.first + copy.count
    if at < frames:
        pieces.append(Encode(at, frames - at))
    return tuple(pieces)
