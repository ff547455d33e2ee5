"""What travels when assets, effects or titles are dragged inside the window."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self, runtime_checkable

from PySide6.QtCore import QMimeData, QPoint
from PySide6.QtWidgets import QApplication


@dataclass(frozen=True, slots=True)
class AssetDrag:
    """Assets on their way to the timeline; the frames in and out hold for a single one.

    `in_frame` and `out_frame` count frames at the asset's own rate, from its start. From the media
    bin come besides: `entries`, the keys of what was taken there, folders among them, and
    `things`, the ids of all assets and sequences in it, in the order shown.
    """

    MIME: ClassVar[str] = "application/x-workprint-assets"

    asset_ids: tuple[str, ...]
    in_frame: int | None = None
    out_frame: int | None = None
    entries: tuple[str, ...] = ()
    things: tuple[str, ...] = ()

    @property
    def laid(self) -> tuple[str, ...]:
        """The ids of the assets and sequences that a timeline lays down, in order."""
        return self.things or self.asset_ids

    def mime(self) -> QMimeData:
        """As drag data."""
        data = QMimeData()
        body = {
            "assets": self.asset_ids,
            "in": self.in_frame,
            "out": self.out_frame,
            "entries": self.entries,
            "things": self.things,
        }
        data.setData(self.MIME, json.dumps(body).encode())
        return data

    @classmethod
    def read(cls, data: QMimeData) -> Self | None:
        """From drag data, None when it is something else."""
        if not data.hasFormat(cls.MIME):
            return None
        body = json.loads(bytes(data.data(cls.MIME).data()))
        lists = (tuple(body[name]) for name in ("entries", "things"))
        return cls(tuple(body["assets"]), body["in"], body["out"], *lists)


@dataclass(frozen=True, slots=True)
class LibraryDrag:
    """An effect, a transition, a title template or a generator, on its way to the timeline.

    `shelf` is "effect", "transition", "title", "generator" or "adjustment".
    """

    MIME: ClassVar[str] = "application/x-workprint-library"

    shelf: str
    kind: str

    def mime(self) -> QMimeData:
        """As drag data."""
        data = QMimeData()
        data.setData(self.MIME, json.dumps([self.shelf, self.kind]).encode())
        return data

    @classmethod
    def read(cls, data: QMimeData) -> Self | None:
        """From drag data, None when it is something else."""
        if not data.hasFormat(cls.MIME):
            return None
        shelf, kind = json.loads(bytes(data.data(cls.MIME).data()))
        return cls(shelf, kind)


@runtime_checkable
class ClipTaker(Protocol):
    """A widget on which a clip of the timeline can be let go; the clip stays where it was."""

    def take_clip(self, clip_id: str) -> None: ...


def clip_taker_at(place: QPoint) -> ClipTaker | None:
    """The taker under a place on the screen."""
    widget = QApplication.widgetAt(place)
    while widget is not None and not isinstance(widget, ClipTaker):
        widget = widget.parentWidget()
    return widget
