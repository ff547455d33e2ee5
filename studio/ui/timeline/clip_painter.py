"""Painting one clip: its block, name strip, picture strip or waveform, fades and state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
)

from studio.document.model.clip import Clip
from studio.document.model.sequence import TrackKind
from studio.ui.labels import ink_on, label_colour
from studio.ui.resources import icon_pixmap
from studio.ui.theme import colour, current, ui_font
from studio.ui.timeline.geometry import Scale
from studio.ui.timeline.layout import LOW_ROW_PX, NAME_STRIP_PX, fade_handle_y
from studio.ui.timeline.looks import Broken, ClipLook, Missing, Working

RADIUS = 4.0
TINY_PX = 7.0
NAME_PX = 34.0


class ClipPictures(Protocol):
    """Where a clip's pictures come from. Every call answers at once; what is not there yet is
    fetched elsewhere and the view is repainted when it comes."""

    def strip(
        self, painter: QPainter, area: QRectF, clip: Clip, asset_id: str, scale: Scale, start: int
    ) -> None:
        """Draw thumbnails of the clip's source along `area`."""
        ...

    def waveform(
        self, painter: QPainter, area: QRectF, clip: Clip, asset_id: str, scale: Scale, start: int
    ) -> None:
        """Draw the sound of the clip's source along `area`."""
        ...

    def arrived_of(self, asset_id: str) -> int:
        """How many pictures of an asset have come so far; a change asks for another painting."""
        ...

    def preview(self, job_id: str) -> QImage | None:
        """The latest frame that a running job has shown."""
        ...


@dataclass(frozen=True, slots=True)
class ClipFrame:
    """One clip to paint: where it lies in the view and how it stands."""

    rect: QRectF
    clip: Clip
    start: int
    kind: TrackKind
    look: ClipLook
    selected: bool
    hovered: bool
    locked: bool


class ClipPainter:
    """Paints clips with the fonts and pens of the theme; made anew when the theme changes."""

    def __init__(self, pictures: ClipPictures) -> None:
        self._pictures = pictures
        self._font = ui_font(11, QFont.Weight.Medium)
        self._small = ui_font(10)
        self._metrics = QFontMetricsF(self._font)
        self._small_metrics = QFontMetricsF(self._small)
        self._stripes = _stripes(QColor(255, 255, 255, 22))
        self._hatch = _stripes(QColor(0, 0, 0, 60))

    def pictures_of(self, asset_id: str) -> int:
        """How many pictures of an asset there are to paint with."""
        return self._pictures.arrived_of(asset_id)

    def paint(self, painter: QPainter, frame: ClipFrame, scale: Scale, view: QRectF) -> None:
        """Paint a clip; only its part inside `view` is drawn in detail."""
        rect = frame.rect
        base = _base(frame.look)
        if not frame.look.enabled:
            base = _toned(base, 0.45)
        if rect.width() < TINY_PX:
            painter.fillRect(rect, colour("accent") if frame.selected else base)
            return
        shown = rect.intersected(view.adjusted(-RADIUS * 3, 0, RADIUS * 3, 0))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
        painter.fillRect(shown, base.darker(135))
        self._body(painter, frame, scale, shown, base)
        self._fades(painter, frame, scale)
        self._strip(painter, frame, shown, base)
        if frame.hovered and rect.width() > 40 and not frame.locked:
            self._fade_handles(painter, frame, scale)
        self._overlay(painter, frame, shown)
        painter.restore()
        self._border(painter, frame, base)

    def _body(
        self, painter: QPainter, frame: ClipFrame, scale: Scale, shown: QRectF, base: QColor
    ) -> None:
        area = QRectF(frame.rect)
        area.setTop(area.top() + self._strip_height(frame))
        match frame.look.state:
            case Working():
                self._working(painter, frame, area, shown)
            case Broken(reason=reason):
                self._message(painter, area, shown, "triangle-alert", reason)
            case Missing():
                self._message(painter, area, shown, "triangle-alert", "Footage missing")
            case _ if frame.look.body_text and area.height() > 12:
                painter.setPen(_ink(frame, base.darker(135)))
                painter.setFont(self._font)
                _text(painter, _inset(area, shown), self._metrics, frame.look.body_text)
            case _ if frame.look.asset_id and area.height() > 8:
                draw = (
                    self._pictures.waveform
                    if frame.kind is TrackKind.AUDIO
                    else self._pictures.strip
                )
                draw(painter, area, frame.clip, frame.look.asset_id, scale, frame.start)
            case _:
                painter.fillRect(shown, base.darker(118))

    def _strip_height(self, frame: ClipFrame) -> float:
        if frame.rect.height() < LOW_ROW_PX:
            return 0.0 if frame.look.body_text else frame.rect.height()
        return NAME_STRIP_PX

    def _strip(self, painter: QPainter, frame: ClipFrame, shown: QRectF, base: QColor) -> None:
        height = self._strip_height(frame)
        if not height:
            return
        strip = QRectF(shown.left(), frame.rect.top(), shown.width(), height)
        painter.fillRect(strip, base)
        text = _inset(QRectF(frame.rect.left(), strip.top(), frame.rect.width(), height), shown)
        if text.width() < NAME_PX - 12:
            return
        painter.setFont(self._font)
        ink = _ink(frame, base)
        text = self._badges(painter, frame, text)
        text = self._sparkle(painter, frame, text, ink)
        painter.setFont(self._font)
        painter.setPen(ink)
        _text(painter, text, self._metrics, frame.look.title)

    def _sparkle(self, painter: QPainter, frame: ClipFrame, text: QRectF, ink: QColor) -> QRectF:
        if not frame.look.generated or text.width() < 30:
            return text
        pixmap = icon_pixmap("sparkles", ink.name(), 11)
        painter.drawPixmap(QPointF(text.left(), text.center().y() - 5.5), pixmap)
        return text.adjusted(15, 0, 0, 0)

    def _badges(self, painter: QPainter, frame: ClipFrame, text: QRectF) -> QRectF:
        """Badges from the right, as long as they leave room for the name."""
        words = list(frame.look.badges)
        if frame.look.stale:
            words.insert(0, "stale")
        painter.setFont(self._small)
        for word in words:
            width = self._small_metrics.horizontalAdvance(word) + 8
            if text.width() - width < NAME_PX + 10:
                break
            box = QRectF(text.right() - width, text.center().y() - 6, width, 12)
            painter.setPen(Qt.PenStyle.NoPen)
            stale = word == "stale"
            painter.setBrush(colour("warning") if stale else QColor(0, 0, 0, 80))
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(colour("on_accent") if stale else QColor(255, 255, 255, 220))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)
            text = text.adjusted(0, 0, -width - 3, 0)
        return text

    def _working(self, painter: QPainter, frame: ClipFrame, area: QRectF, shown: QRectF) -> None:
        state = frame.look.state
        assert isinstance(state, Working)
        painter.fillRect(shown, QBrush(self._stripes))
        preview = self._pictures.preview(state.job_id)
        text_area = _inset(area, shown)
        if preview is not None and area.height() > 14:
            width = area.height() * preview.width() / max(1, preview.height())
            target = QRectF(area.left(), area.top(), width, area.height())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, preview)
            text_area.setLeft(max(text_area.left(), target.right() + 7))
        if area.height() > 14 and text_area.width() > NAME_PX:
            painter.setFont(self._small)
            painter.setPen(QColor(255, 255, 255, 220))
            _text(painter, text_area.adjusted(0, 0, 0, -4), self._small_metrics, state.text)
        self._bar(painter, frame, state.fraction)

    def _bar(self, painter: QPainter, frame: ClipFrame, fraction: float | None) -> None:
        bar = QRectF(frame.rect.left(), frame.rect.bottom() - 4, frame.rect.width(), 4)
        painter.fillRect(bar, QColor(0, 0, 0, 110))
        share = fraction if fraction is not None else 0.06
        painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * share, 4), colour("accent"))

    def _message(
        self, painter: QPainter, area: QRectF, shown: QRectF, icon: str, words: str
    ) -> None:
        painter.fillRect(shown, QBrush(self._hatch))
        text = _inset(area, shown)
        if text.width() < NAME_PX or area.height() < 14:
            return
        painter.drawPixmap(
            QPointF(text.left(), text.center().y() - 6.5), icon_pixmap(icon, current().warning, 13)
        )
        painter.setFont(self._small)
        painter.setPen(QColor(255, 255, 255, 225))
        _text(painter, text.adjusted(18, 0, 0, 0), self._small_metrics, words)

    def _fades(self, painter: QPainter, frame: ClipFrame, scale: Scale) -> None:
        rect, clip = QRectF(frame.rect), frame.clip
        strip = self._strip_height(frame)
        if strip < rect.height():  # below the name, which a fade must not darken
            rect.setTop(rect.top() + strip)
        painter.setPen(QPen(QColor(255, 255, 255, 150), 1.0))
        painter.setBrush(QColor(0, 0, 0, 110))
        if clip.fade_in_frames:
            x = rect.left() + scale.width_of(clip.fade_in_frames)
            painter.drawPolygon(
                QPolygonF([rect.topLeft(), QPointF(x, rect.top()), rect.bottomLeft()])
            )
        if clip.fade_out_frames:
            x = rect.right() - scale.width_of(clip.fade_out_frames)
            painter.drawPolygon(
                QPolygonF([QPointF(x, rect.top()), rect.topRight(), rect.bottomRight()])
            )

    def _fade_handles(self, painter: QPainter, frame: ClipFrame, scale: Scale) -> None:
        rect, clip = frame.rect, frame.clip
        painter.setPen(QPen(QColor(0, 0, 0, 160), 1.0))
        painter.setBrush(QColor(255, 255, 255, 235))
        left = rect.left() + max(scale.width_of(clip.fade_in_frames), 11)
        right = rect.right() - max(scale.width_of(clip.fade_out_frames), 11)
        y = rect.top() + fade_handle_y(rect.height())
        for x in (left, right):
            painter.drawEllipse(QPointF(x, y), 3.5, 3.5)

    def _overlay(self, painter: QPainter, frame: ClipFrame, shown: QRectF) -> None:
        if not frame.look.enabled:
            painter.fillRect(shown, QColor(12, 12, 14, 120))
        if frame.locked:
            painter.fillRect(shown, QBrush(self._hatch))
        if frame.hovered and not frame.selected:
            painter.fillRect(shown, QColor(255, 255, 255, 14))

    def _border(self, painter: QPainter, frame: ClipFrame, base: QColor) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if frame.selected:
            painter.setPen(QPen(colour("accent"), 2.0))
            painter.drawRoundedRect(frame.rect.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        else:
            painter.setPen(QPen(base.darker(190), 1.0))
            painter.drawRoundedRect(frame.rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _base(look: ClipLook) -> QColor:
    """The colour of a clip: its label's, but where it must be seen that something is amiss."""
    label = None if isinstance(look.state, Broken | Missing) else label_colour(look.label)
    return colour(look.colour_role) if label is None else label


def _ink(frame: ClipFrame, base: QColor) -> QColor:
    """The colour of words on a clip: white, but on the lighter labels; paler when disabled."""
    ink = ink_on(base)
    ink.setAlpha(235 if frame.look.enabled else 130)
    return ink


def _inset(area: QRectF, shown: QRectF) -> QRectF:
    """The part of `area` that is in view, with room at the sides, so that names stay readable."""
    inside = area.intersected(QRectF(shown.left(), area.top(), shown.width(), area.height()))
    return inside.adjusted(6, 0, -5, 0)


def _text(painter: QPainter, area: QRectF, metrics: QFontMetricsF, words: str) -> None:
    if area.width() < 8:
        return
    line = words.replace("\n", " ")
    shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def _toned(base: QColor, saturation: float) -> QColor:
    hue, strength = max(base.hsvHueF(), 0.0), base.hsvSaturationF() * saturation
    return QColor.fromHsvF(hue, strength, base.valueF() * 0.8, base.alphaF())


def _stripes(ink: QColor) -> QPixmap:
    """A tile of diagonal stripes, for brushes."""
    tile = QPixmap(12, 12)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 4))
    for offset in (-12, 0, 12):
        painter.drawLine(QPointF(offset - 2, 14), QPointF(offset + 14, -2))
    painter.end()
    return tile
