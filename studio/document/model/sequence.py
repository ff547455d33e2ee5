"""Sequence and Track: rows of items over time, and the picture and sound format they make."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from studio.document.model.clip import Item
from studio.document.model.curve import Number
from studio.document.model.effect import Effect
from studio.document.model.marker import Marker
from studio.document.model.record import Id, Record
from studio.document.model.title import CAPTION_STYLE, TextStyle
from studio.document.model.track_index import TrackIndex
from studio.document.time import Rate

FILM_RATE = Rate(24)


class TrackKind(StrEnum):
    """What a track carries."""

    VIDEO = "video"
    AUDIO = "audio"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Track(Record):
    """A row of items, first to last, from frame 0.

    `hidden` takes pictures and captions out of the result, `mute` sound; `solo` mutes every audio
    track that is not soloed. `locked` refuses edits. `targeted` tracks receive what is inserted;
    `synced` tracks keep step when a ripple on another track moves what comes later.
    `height` is for the timeline view, in pixels at 100 %. `colour` is the `Label` of clips on it
    that have none.
    """

    id: Id
    kind: TrackKind
    name: str = ""
    items: tuple[Item, ...] = ()
    locked: bool = False
    mute: bool = False
    solo: bool = False
    hidden: bool = False
    targeted: bool = True
    synced: bool = True
    height: int = 64
    colour: str = ""
    gain_db: Number = 0.0
    pan: Number = 0.0
    effects: tuple[Effect, ...] = ()
    caption_style: TextStyle = CAPTION_STYLE
    _index: TrackIndex | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def index(self) -> TrackIndex:
        """Where the items lie: made once, when first asked for."""
        if self._index is None:
            object.__setattr__(self, "_index", TrackIndex(self.items))
        index = self._index
        assert index is not None
        return index

    def with_items(self, items: tuple[Item, ...], low: int, high: int) -> Self:
        """The track with other items, of which all outside `items[low:high]` are as they were.

        The index is brought up to date rather than made anew, which is what keeps an edit among
        thousands of clips quick.
        """
        track = replace(self, items=items)
        object.__setattr__(track, "_index", self.index.changed(items, low, high))
        return track

    @property
    def duration(self) -> int:
        """Frames from 0 to the end of the last item."""
        return self.index.starts[-1]

    def place_at(self, frame: int) -> int:
        """The place in `items` of the clip or gap that covers `frame`; len(items) past the end."""
        return bisect_right(self.index.starts, frame) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence(Record):
    """A cut. Every position and length inside it is counted in frames of `rate`.

    Tracks are ordered bottom to top for pictures: a later video track covers an earlier one.
    `start_timecode` is the timecode of frame 0, in frames; `drop_frame` how it is written.
    `effects` act on the mixed sound and the composed picture. `bin` and `colour` are its folder and
    its `Label` in the media bin.
    """

    id: Id
    name: str
    rate: Rate = FILM_RATE
    width: int = 1920
    height: int = 1080
    sample_rate_hz: int = 48_000
    start_timecode: int = 0
    drop_frame: bool = False
    background: str = "#000000"
    tracks: tuple[Track, ...] = ()
    markers: tuple[Marker, ...] = ()
    effects: tuple[Effect, ...] = ()
    bin: str = ""
    colour: str = ""
