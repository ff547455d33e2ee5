"""Markers on the way in."""

from __future__ import annotations

from dataclasses import replace

import opentimelineio as otio

from studio.document.model.marker import Marker, MarkerColour
from studio.document.time import Rate, Rounding
from studio.interchange.payload import attached
from studio.interchange.reading import Reading
from studio.interchange.times import frames_from_otio, from_otio


def read_marker(
    marker: otio.schema.Marker,
    start: otio.opentime.RationalTime | None,
    rate: Rate,
    reading: Reading,
) -> Marker:
    """A marker, with its place in frames from `start` (from nought for a sequence's)."""
    record = attached(marker, Marker) or Marker(id="", at=0)
    at = from_otio(marker.marked_range.start_time)
    if start is not None:
        at = at - from_otio(start)
    return replace(
        record,
        id=(reading.claim if start is None else reading.keep)(record.id, "m"),
        at=at.ticks(rate, Rounding.NEAREST),
        duration=max(0, frames_from_otio(marker.marked_range.duration, rate)),
        name=marker.name,
        note=marker.comment,
        colour=_colour(marker.color, record.colour),
    )


def _colour(name: str | None, fallback: MarkerColour) -> MarkerColour:
    try:
        return MarkerColour((name or "").lower())
    except ValueError:
        return fallback
