"""Pictures of assets for bin, inspector and timeline: asked for now, there a moment later.

Every call answers at once with what is known; what is not is made on other threads, newest
request first, and `arrived` tells when to look again.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from studio.document.keyframes import value_at
from studio.document.model.asset import Asset, AssetKind
from studio.document.model.clip import AssetMedia, Clip, SpeedRamp
from studio.document.retime import source_time
from studio.document.time import Rate
from studio.session.jobs import JobBoard
from studio.session.late import Late
from studio.session.session import Session
from studio.ui.picture_queue import PictureQueue
from studio.ui.theme import colour
from studio.ui.timeline.geometry import Scale
from studio.ui.timeline.waveform import TILE_PX, draw_tile
from studio.ui.viewer.images import image_of_array, image_of_preview

if TYPE_CHECKING:
    from studio.media.footage import Footage
    from studio.media.thumbnails import Thumbnails
    from studio.media.waveform import Peaks, Waveforms

POSTER_HEIGHT = 108
SOUND_POSTER = (192, 108)
POSTER_AT = Fraction(1, 6)
STRIP_HEIGHT = 64
KEPT_PIXMAPS = 3000
THREADS = 2


class AssetPictures(QObject):
    """`arrived` carries an asset's id."""

    arrived = Signal(str)

    def __init__(
        self, session: Session, board: JobBoard, cache: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._board = board
        self._thumbnails_folder = cache / "thumbnails"
        self._waveforms = Late(partial(_waveforms, cache / "waveforms"))
        self._queue = PictureQueue("pictures", THREADS, self)
        self._queue.made.connect(self._take_in)
        self._pixmaps: OrderedDict[Hashable, QPixmap | None] = OrderedDict()
        self._peaks: dict[Hashable, Peaks | None] = {}
        self._arrived_of: dict[str, int] = {}
        self._previews: dict[str, tuple[bytes, QImage | None]] = {}
        session.project_opened.connect(self._start_afresh)
        self._thumbnails = Late(partial(_thumbnails, session.media, self._thumbnails_folder))

    @property
    def idle(self) -> bool:
        """Whether nothing is being made."""
        return self._queue.idle

    def poster(self, asset: Asset, moment_s: Fraction | None = None) -> QPixmap | None:
        """A picture that stands for an asset, of a moment if one is given; None while there is

        none.
        """
        if not asset.video:
            return self._sound_poster(asset)
        time = _poster_time(asset) if moment_s is None else _within(asset, moment_s)
        key = ("poster", asset.id, asset.path, str(time))
        return self._thumbnail(key, asset, lambda: time, POSTER_HEIGHT)

    def _sound_poster(self, asset: Asset) -> QPixmap | None:
        """The whole of a sound, as its waveform."""
        key = ("sound poster", asset.id, asset.path)
        if key not in self._pixmaps and asset.audio:
            peaks = self._peaks_of(asset, 0)
            if peaks is None:
                return None
            width, height = SOUND_POSTER
            end = float(asset.duration.seconds)
            self._keep(key, draw_tile(peaks, 0, end, width, height, colour("good", 190), 1.0))
        return self._pixmaps.get(key)

    def arrived_of(self, asset_id: str) -> int:
        """How many pictures of an asset have come since the project was opened."""
        return self._arrived_of.get(asset_id, 0)

    def preview(self, job_id: str) -> QImage | None:
        """The latest frame that a running job has shown."""
        row = self._board.row(job_id)
        if row is None or row.preview is None:
            return None
        known = self._previews.get(job_id)
        if known is None or known[0] is not row.preview:
            known = (row.preview, image_of_preview(row.preview))
            self._previews[job_id] = known
        return known[1]

    def strip(
        self, painter: QPainter, area: QRectF, clip: Clip, asset_id: str, scale: Scale, start: int
    ) -> None:
        """Draw thumbnails of the clip's source along `area`, tile by tile from the clip's head."""
        asset = self._session.project.assets_by_id.get(asset_id)
        if asset is None or not asset.video:
            return
        video = asset.video[0]
        shape = float(video.width * video.pixel_aspect / max(1, video.height))
        width = max(16.0, area.height() * shape)
        rate = self._session.sequence.rate
        power = _power_for(scale.frames_in(width) / float(rate.fraction))
        seconds_at, tiles = _seconds_at(clip, rate), _Tiles(asset, power)
        view = painter.clipBoundingRect() if painter.hasClipping() else area
        first = max(0, math.floor((view.left() - area.left()) / width))
        last = min(math.ceil(area.width() / width), math.ceil((view.right() - area.left()) / width))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for tile in range(first, last):
            place = tiles.place_of(seconds_at(round(scale.frames_in(tile * width))))
            pixmap = self._tile(asset, tiles, place) or self.poster(asset)
            if pixmap is not None:
                target = QRectF(area.left() + tile * width, area.top(), width, area.height())
                painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))

    def waveform(
        self, painter: QPainter, area: QRectF, clip: Clip, asset_id: str, scale: Scale, start: int
    ) -> None:
        """Draw the sound of the clip's source along `area`, from cached tiles."""
        asset = self._session.project.assets_by_id.get(asset_id)
        if asset is None or not asset.audio:
            return
        stream = clip.media.stream if isinstance(clip.media, AssetMedia) else 0
        peaks = self._peaks_of(asset, stream)
        if peaks is None:
            return
        rate, height = self._session.sequence.rate, max(4, round(area.height()))
        gain = 10 ** (value_at(clip.gain_db, clip.duration / 2) / 20)
        view = painter.clipBoundingRect()
        first = max(0, math.floor((view.left() - area.left()) / TILE_PX))
        last = math.ceil((min(view.right(), area.right()) - area.left()) / TILE_PX)
        for tile in range(first, last):
            ends = [_at(clip, scale.frames_in((tile + n) * TILE_PX), rate) for n in (0, 1)]
            key = ("wave", asset.id, stream, *ends, height, round(gain, 3))
            pixmap = self._pixmaps.get(key)
            if pixmap is None:
                ink = QColor(255, 255, 255, 150)
                pixmap = draw_tile(peaks, ends[0], ends[1], TILE_PX, height, ink, gain)
                self._keep(key, pixmap)
            painter.drawPixmap(round(area.left() + tile * TILE_PX), round(area.top()), pixmap)

    def close(self) -> None:
        """Make no more pictures."""
        self._queue.close()

    def _tile(self, asset: Asset, tiles: _Tiles, place: int) -> QPixmap | None:
        key = ("thumbnail", asset.id, asset.path, tiles.power, place)
        return self._thumbnail(key, asset, lambda: tiles.time_of(place), STRIP_HEIGHT)

    def _thumbnail(
        self, key: Hashable, asset: Asset, time: Callable[[], Fraction], height: int
    ) -> QPixmap | None:
        if key in self._pixmaps:
            self._pixmaps.move_to_end(key)
            return self._pixmaps[key]
        if asset.id not in self._session.footage.missing:
            thumbnails = self._thumbnails
            self._queue.want(
                key, lambda: image_of_array(thumbnails.get().thumbnail(asset, time(), height))
            )
        return None

    def _peaks_of(self, asset: Asset, stream: int) -> Peaks | None:
        key = ("peaks", asset.id, asset.path, stream)
        if key in self._peaks:
            return self._peaks[key]
        if asset.id not in self._session.footage.missing:
            path, waveforms = self._session.file.media_path(asset), self._waveforms
            self._queue.want(key, lambda: waveforms.get().peaks(path, stream))
        return None

    def _take_in(self, key: tuple[str, str], made: object) -> None:
        if key[0] == "peaks":
            self._peaks[key] = cast("Peaks | None", made)
        elif isinstance(made, QImage):
            self._keep(key, QPixmap.fromImage(made))
        else:
            self._keep(key, None)
        self._arrived_of[key[1]] = self._arrived_of.get(key[1], 0) + 1
        self.arrived.emit(key[1])

    def _keep(self, key: Hashable, pixmap: QPixmap | None) -> None:
        self._pixmaps[key] = pixmap
        while len(self._pixmaps) > KEPT_PIXMAPS:
            self._pixmaps.popitem(last=False)

    def _start_afresh(self) -> None:
        self._queue.forget()
        self._pixmaps.clear()
        self._peaks.clear()
        self._previews.clear()
        self._thumbnails = Late(partial(_thumbnails, self._session.media, self._thumbnails_folder))


class _Tiles:
    """An asset's pictures at steps of 2 ** `power` seconds, counted from its start.

    Places are worked out in floats, for a repaint asks for thousands; the time of one that must
    be made is exact.
    """

    def __init__(self, asset: Asset, power: int) -> None:
        self.power = power
        self._asset = asset
        self._still = asset.kind is AssetKind.STILL
        self._start = float(asset.start.seconds)
        self._step = 2.0**power
        self._latest = max(0.0, float(asset.duration.seconds) - self._step / 2)

    def place_of(self, seconds: float) -> int:
        """Which picture stands for a moment of the media."""
        inside = min(max(seconds - self._start, 0.0), self._latest)
        return 0 if self._still else int(inside / self._step + 1e-6)

    def time_of(self, place: int) -> Fraction:
        """The moment that a picture shows."""
        if self._still:
            return Fraction(0)
        return self._asset.start.seconds + place * Fraction(2) ** self.power


def _thumbnails(footage: Late[Footage], folder: Path) -> Thumbnails:
    from studio.media.thumbnails import Thumbnails

    return Thumbnails(footage.get(), folder)


def _waveforms(folder: Path) -> Waveforms:
    from studio.media.waveform import Waveforms

    return Waveforms(folder)


def _power_for(tile_s: float) -> int:
    """Times are rounded to a power of two of seconds near a tile's length, so that zooming and
    scrolling find most pictures made already."""
    return math.floor(math.log2(max(tile_s, 1 / 64)))


def _poster_time(asset: Asset) -> Fraction:
    still = asset.kind is AssetKind.STILL
    return asset.start.seconds + (Fraction(0) if still else asset.duration.seconds * POSTER_AT)


def _within(asset: Asset, moment_s: Fraction) -> Fraction:
    """A moment of a film, the nearest that there is; 0 of a still."""
    return min(max(moment_s, Fraction(0)), asset.duration.seconds)


def _seconds_at(clip: Clip, rate: Rate) -> Callable[[int], float]:
    """The media's seconds at a frame of a clip; a constant speed needs no exact sum for each."""
    if isinstance(clip.speed, SpeedRamp):
        return lambda frame: float(source_time(clip, frame, rate).seconds)
    start = float(source_time(clip, 0, rate).seconds)
    pace = float(source_time(clip, 1, rate).seconds) - start
    return lambda frame: start + pace * frame


def _at(clip: Clip, frame: float, rate: Rate) -> float:
    """The source time in seconds at a fractional frame of a clip."""
    whole = math.floor(frame)
    here = source_time(clip, whole, rate).seconds
    after = source_time(clip, whole + 1, rate).seconds
    return round(float(here) + (frame - whole) * float(after - here), 4)
