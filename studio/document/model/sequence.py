"""Sequence and Track: rows of items over time, and the picture and sound format they make."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate
from operator import attrgetter

from studio.document.model.clip import Item
from studio.document.model.curve import Number
from studio.document.model.effect import Effect
from studio.document.model.marker import Marker
from studio.document.model.record import Id, Record
from studio.document.model.title import CAPTION_STYLE, TextStyle
from studio.document.time import Rate

FILM_RATE = Rate(24)

_duration = attrgetter("duration")
_id = attrgetter("id")


class TrackKind(StrEnum):
    """What a track carries."""

    VIDEO = "video"
    AUDIO = "audio"
    CAPTION = "caption"


class TrackIndex:
    """Where the items of one track lie: made once per track value, when first asked for.

    `starts[i]` is the first frame of `items[i]`, and `starts[len(items)]` the track's end.
    """

    __slots__ = ("_items", "_places", "starts")

    def __init__(self, items: tuple[Item, ...]) -> None:
        self._items = items
        self._places: dict[Id, int] | None = None
        self.starts = tuple(accumulate(map(_duration, items), initial=0))

    @property
    def by_id(self) -> dict[Id, int]:
        """The place of each item, by its id."""
        if self._places is None:
            self._places = dict(zip(map(_id, self._items), range(len(self._items)), strict=True))
        return self._places


@dataclass(frozen=True, slots=True, kw_only=True)
class Track(Record):
    """A row of items, first to last, from frame 0.

    `hidden` takes pictures and captions out of the result, `mute` sound; `solo` mutes every audio
    track that is not soloed. `locked` refuses edits. `targeted` tracks receive what is inserted;
    `synced` tracks keep step when a ripple on another track moves what comes later.
    `height` is for the timeline view, in pixels at 100 %.
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
        if self._index is None:
            object.__setattr__(self, "_index", TrackIndex(self.items))
        index = self._index
        assert index is not None
        return index

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
    `effects` act on the mixed sound and the composed picture.
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
