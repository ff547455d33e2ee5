"""Edits by in and out points: fit to fill, three-point and four-point edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from studio.document.edits.insert import insert, overwrite
from studio.document.edits.pieces import lasting
from studio.document.edits.source import Piece
from studio.document.errors import EditError
from studio.document.model.clip import ConstantSpeed
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.queries.places import sequence_of
from studio.document.time import FrameRange, Rate, Rounding, Time, TimeRange


def fit_to_fill(
    project: Project,
    sequence_id: Id,
    span: FrameRange,
    pieces: Sequence[Piece],
    source: TimeRange,
) -> Project:
    """Lay clips over a stretch, their speed changed so that a source range fills it exactly.

        source |-----------|    span  <------>
        | A |   B    | C |   ->   | A |NEW >>| C |

    Stays: the place of everything else, as in `overwrite`.
    Raises: EditError for an empty stretch or source, and as `overwrite` does.
    """
    if span.duration < 1 or not source.duration.value > 0:
        raise EditError("Fit to fill needs a source range and a stretch of the sequence.")
    rate = sequence_of(project, sequence_id).rate
    fitted = [_fitted(piece, span.duration, source, rate) for piece in pieces]
    return overwrite(project, sequence_id, span.start, fitted)


def _fitted(piece: Piece, duration: int, source: TimeRange, rate: Rate) -> Piece:
    factor = source.duration.seconds / Time(duration, rate).seconds
    clip = replace(piece.clip, source_start=source.start, speed=ConstantSpeed(factor))
    return replace(piece, clip=lasting(clip, duration), offset=0)


class Placing(Enum):
    """How a three- or four-point edit treats what is there."""

    OVERWRITE = "overwrite"
    INSERT = "insert"


@dataclass(frozen=True, slots=True)
class SourceMarks:
    """In and out in the source's own time; None where not marked."""

    in_: Time | None = None
    out: Time | None = None


@dataclass(frozen=True, slots=True)
class TargetMarks:
    """In and out on the sequence, in frames; None where not marked."""

    in_: int | None = None
    out: int | None = None


def three_point(
    project: Project,
    sequence_id: Id,
    pieces: Sequence[Piece],
    source: SourceMarks,
    target: TargetMarks,
    placing: Placing = Placing.OVERWRITE,
) -> Project:
    """Three marks say the fourth: the source range and where it lands.

        source in, out + target in    ->  the range lands at the in point
        source in, out + target out   ->  the range ends at the out point (backtimed)
        source in + target in, out    ->  as much source as the stretch takes
        source out + target in, out   ->  the source that ends at its out point

    Stays: as in `overwrite` or `insert`.
    Raises: EditError unless exactly three marks are set and in order.
    """
    rate = sequence_of(project, sequence_id).rate
    start, used = _resolve(source, target, rate)
    duration = used.duration.ticks(rate, Rounding.FLOOR)
    if duration < 1:
        raise EditError("The marks leave less than a frame. Set the out point after the in point.")
    cut = [
        replace(
            piece,
            clip=lasting(replace(piece.clip, source_start=used.start), duration),
            offset=0,
        )
        for piece in pieces
    ]
    place = insert if placing is Placing.INSERT else overwrite
    return place(project, sequence_id, start, cut)


def _resolve(source: SourceMarks, target: TargetMarks, rate: Rate) -> tuple[int, TimeRange]:
    """Where a three-point edit begins on the sequence, and the source range it uses."""
    match source.in_, source.out, target.in_, target.out:
        case Time() as first, Time() as last, int() as start, None:
            return start, TimeRange.between(first, last)
        case Time() as first, Time() as last, None, int() as end:
            used = TimeRange.between(first, last)
            return end - used.duration.ticks(rate, Rounding.FLOOR), used
        case Time() as first, None, int() as start, int() as end:
            return start, TimeRange(first, Time(end - start, rate))
        case None, Time() as last, int() as start, int() as end:
            length = Time(end - start, rate)
            return start, TimeRange(last - length, length)
        case _:
            raise EditError("A three-point edit needs exactly three in and out points.")


def four_point(
    project: Project,
    sequence_id: Id,
    pieces: Sequence[Piece],
    source: TimeRange,
    target: FrameRange,
) -> Project:
    """All four marks set: the source range fills the stretch, at the speed that takes.

    Where both are as long as each other this is `overwrite`, else `fit_to_fill`.
    Stays: as in `overwrite`.
    Raises: EditError as `fit_to_fill` does.
    """
    return fit_to_fill(project, sequence_id, target, pieces, source)
