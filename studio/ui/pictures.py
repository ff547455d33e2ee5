"""Pictures of assets for bin, inspector and timeline: asked for now, there a moment later.

Every call answers at once with what is known; what is not is made on other threads, newest
request first, and `arrived` tells when to look again.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Hashable
from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from studio.document.keyframes import value_at
from studio.document.model.asset import Asset, AssetKind
from studio.document.model.clip import AssetMedia, Clip
from studio.document.retime import source_time
from studio.document.time import Rate
from studio.media.thumbnails import Thumbnails
from studio.media.waveform import Peaks, Waveforms
from studio.session.jobs import JobBoard
from studio.session.session import Session
from studio.ui.picture_queue import PictureQueue
from studio.ui.timeline.geometry import Scale
from studio.ui.timeline.waveform import TILE_PX, draw_tile
from studio.ui.viewer.images import image_of_array, image_of_preview

POSTER_HEIGHT = 108
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
        self._waveforms = Waveforms(cache / "waveforms")
        self._queue = PictureQueue("pictures", THREADS, self)
        self._queue.made.connect(self._take_in)
        self._pixmaps: OrderedDict[Hashable, QPixmap | None] = OrderedDict()
        self._peaks: dict[Hashable, Peaks | None] = {}
        self._previews: dict[str, tuple[bytes, QImage | None]] = {}
        session.opened.connect(self._start_afresh)
        self._thumbnails = Thumbnails(session.media, self._thumbnails_folder)

    @property
    def idle(self) -> bool:
        """Whether nothing is being made."""
        return self._queue.idle

    def poster(self, asset: Asset) -> QPixmap | None:
        """A picture that stands for an asset, None while there is none."""
        if not asset.video:
            return None
        time = Fraction(0) if asset.kind is AssetKind.STILL else asset.duration.seconds * POSTER_AT
        return self._thumbnail(asset, asset.start.seconds + time, POSTER_HEIGHT)

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
        step = _step_for(scale.frames_in(width) / float(rate.fraction))
        view = painter.clipBoundingRect() if painter.hasClipping() else area
        first = max(0, math.floor((view.left() - area.left()) / width))
        last = min(math.ceil(area.width() / width), math.ceil((view.right() - area.left()) / width))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for tile in range(first, last):
            frame = round(scale.frames_in(tile * width))
            time = _stepped(source_time(clip, frame, rate).seconds, step, asset)
            pixmap = self._thumbnail(asset, time, STRIP_HEIGHT) or self.poster(asset)
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

    def _thumbnail(self, asset: Asset, time: Fraction, height: int) -> QPixmap | None:
        key = ("thumbnail", asset.id, asset.path, time, height)
        if key in self._pixmaps:
            self._pixmaps.move_to_end(key)
            return self._pixmaps[key]
        if asset.id not in self._session.footage.missing:
            thumbnails = self._thumbnails
            self._queue.want(key, lambda: image_of_array(thumbnails.thumbnail(asset, time, height)))
        return None

    def _peaks_of(self, asset: Asset, stream: int) -> Peaks | None:
        key = ("peaks", asset.id, asset.path, stream)
        if key in self._peaks:
            return self._peaks[key]
        if asset.id not in self._session.footage.missing:
            path, waveforms = self._session.file.media_path(asset), self._waveforms
            self._queue.want(key, lambda: waveforms.peaks(path, stream))
        return None

    def _take_in(self, key: tuple[str, str], made: object) -> None:
        if isinstance(made, Peaks):
            self._peaks[key] = made
        elif isinstance(made, QImage):
            self._keep(key, QPixmap.fromImage(made))
        elif key[0] == "peaks":
            self._peaks[key] = None
        else:
            self._keep(key, None)
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
        self._thumbnails = Thumbnails(self._session.media, self._thumbnails_folder)


def _step_for(tile_s: float) -> Fraction:
    """Times are rounded to a power of two of seconds near a tile's length, so that zooming and
    scrolling find most pictures made already."""
    power = math.floor(math.log2(max(tile_s, 1 / 64)))
    return Fraction(2) ** power


def _stepped(time: Fraction, step: Fraction, asset: Asset) -> Fraction:
    if asset.kind is AssetKind.STILL:
        return Fraction(0)
    start = asset.start.seconds
    inside = min(
        max(time - start, Fraction(0)), max(Fraction(0), asset.duration.seconds - step / 2)
    )
    return start + inside // step * step


def _at(clip: Clip, frame: float, rate: Rate) -> float:
    """The source time in seconds at a fractional frame of a clip."""
    whole = math.floor(frame)
    here = source_time(clip, whole, rate).seconds
    after = source_time(clip, whole + 1, rate).seconds
    return round(float(here) + (frame - whole) * float(after - here), 4)
