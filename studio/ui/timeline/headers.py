"""Track headers: name, lock, mute, solo, hide and target, beside the rows they belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QInputDialog, QLabel, QToolButton, QWidget

from studio.document.model.sequence import Track, TrackKind
from studio.ui.controls import ElidedLabel, tool_button
from studio.ui.labels import ink_on, label_colour
from studio.ui.meters.column import TrackMeter
from studio.ui.theme import colour, current, themed_icon
from studio.ui.timeline.state import HEADER_PX, TimelineState

ChangeTrack = Callable[[str, str, dict[str, Any]], object]
"""Called with the track's id, the name of the step, and the fields to change."""

MIN_ROW_PX, MAX_ROW_PX = 34, 220
RESIZE_PX = 5
TWO_LINES_PX = 54
METER_PX = 5
_TAGS = {TrackKind.VIDEO: "V", TrackKind.AUDIO: "A", TrackKind.CAPTION: "C"}
_TINTS = {
    TrackKind.VIDEO: "clip_video",
    TrackKind.AUDIO: "clip_audio",
    TrackKind.CAPTION: "clip_caption",
}


class TrackHeader(QFrame):
    """One track's header; everything it changes goes through `change`."""

    menu_wanted = Signal(str, QPoint)
    chosen = Signal(str)

    def __init__(self, change: ChangeTrack, parent: QWidget) -> None:
        super().__init__(parent)
        self._change = change
        self._track: Track | None = None
        self._chosen = False
        self._resize_from: tuple[float, int] | None = None
        self._tag = QLabel(self)
        self._tag.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = ElidedLabel()
        self._name.setParent(self)
        self._hide = self._switch("eye", "Hide this track", "hidden", "Hide track")
        self._mute = self._letter("M", "Mute this track", "mute", "Mute track")
        self._solo = self._letter("S", "Solo: silence the other audio tracks", "solo", "Solo track")
        self._lock = self._switch(
            "lock-open", "Lock this track against edits", "locked", "Lock track"
        )
        self.meter = TrackMeter(self)
        self.setMouseTracking(True)

    def show_chosen(self, on: bool) -> None:
        """Show whether this is the track that the inspector is about."""
        if on != self._chosen:
            self._chosen = on
            self.update()

    def show_track(self, track: Track, number: int) -> None:
        """Show a track's state."""
        self._track = track
        label = label_colour(track.colour)
        tint = getattr(current(), _TINTS[track.kind]) if label is None else label.name()
        ink = ink_on(QColor(tint)).name() if track.targeted else current().text
        self._tag.setText(f"{_TAGS[track.kind]}{number}")
        back = tint if track.targeted else "transparent"
        self._tag.setStyleSheet(
            f"background: {back}; border: 1px solid {tint}; border-radius: 3px; font-size: 10px;"
            f" font-weight: 600; color: {ink};"
        )
        self._tag.setToolTip("Target: new clips land here. Click to switch.")
        plain = f"{_TAGS[track.kind]}{number}"
        named = track.name if track.name != plain else ""
        self._name.setText(named or f"{track.kind.value.capitalize()} {number}")
        sound = track.kind is TrackKind.AUDIO
        for button, shown, on in (
            (self._hide, not sound, track.hidden),
            (self._mute, sound, track.mute),
            (self._solo, sound, track.solo),
            (self._lock, True, track.locked),
        ):
            button.setVisible(shown)
            button.setChecked(on)
        self._hide.setIcon(themed_icon("eye-off" if track.hidden else "eye", 14))
        self._lock.setIcon(themed_icon("lock" if track.locked else "lock-open", 14))
        self._place()

    def resizeEvent(self, event: object) -> None:
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("raised" if self._chosen else "panel"))
        if self._chosen:
            painter.fillRect(QRect(0, 0, 3, self.height()), colour("accent"))
        painter.setPen(colour("window"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._track is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if self._at_edge(event):
            self._resize_from = (event.globalPosition().y(), self._track.height)
        elif self._tag.geometry().contains(event.position().toPoint()):
            self._apply("Target track", targeted=not self._track.targeted)
        else:
            self.chosen.emit(self._track.id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._resize_from is not None:
            self.setFixedHeight(self._resized(event))
            return
        over = self._at_edge(event)
        self.setCursor(Qt.CursorShape.SizeVerCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._resize_from is not None:
            height = self._resized(event)
            self._resize_from = None
            self.setMinimumHeight(0)
            self.setMaximumHeight(MAX_ROW_PX * 4)
            self._apply("Resize track", height=height)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._track is not None and self._name.geometry().contains(event.position().toPoint()):
            self.rename()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._track is not None:
            self.menu_wanted.emit(self._track.id, event.globalPos())

    def rename(self) -> None:
        """Ask for a new name."""
        name, agreed = QInputDialog.getText(self, "Rename track", "Name", text=self._name.text())
        if agreed and name.strip():
            self._apply("Rename track", name=name.strip())

    def _resized(self, event: QMouseEvent) -> int:
        assert self._resize_from is not None
        start_y, height = self._resize_from
        travel = event.globalPosition().y() - start_y
        return min(MAX_ROW_PX, max(MIN_ROW_PX, round(height + travel)))

    def _at_edge(self, event: QMouseEvent) -> bool:
        return event.position().y() >= self.height() - RESIZE_PX

    def _apply(self, step: str, **fields: Any) -> None:
        if self._track is not None:
            self._change(self._track.id, step, fields)

    def _switch(self, icon: str, tip: str, field: str, step: str) -> QToolButton:
        button = tool_button(icon, tip, checkable=True, size=14)
        button.setParent(self)
        button.clicked.connect(lambda on: self._apply(step, **{field: on}))
        return button

    def _letter(self, letter: str, tip: str, field: str, step: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(letter)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda on: self._apply(step, **{field: on}))
        return button

    def _place(self) -> None:
        tall = self.height() >= TWO_LINES_PX
        top = 8 if tall else max(2, (self.height() - 20) // 2)
        self._tag.setGeometry(QRect(8, top + 1, 24, 18))
        buttons = [b for b in (self._hide, self._mute, self._solo, self._lock) if not b.isHidden()]
        size = QSize(24, 22)
        self.meter.setGeometry(self.width() - METER_PX - 3, 4, METER_PX, self.height() - 9)
        if tall:
            self._name.setGeometry(QRect(38, top, self.width() - 49, 20))
            x, y = 35, top + 24
        else:
            room = len(buttons) * size.width()
            self._name.setGeometry(QRect(38, top, max(24, self.width() - 54 - room), 20))
            x, y = self.width() - 12 - room, top - 1
        for button in buttons:
            button.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + (2 if tall else 0)


class HeaderColumn(QWidget):
    """All headers, scrolled with the rows."""

    menu_wanted = Signal(str, QPoint)

    def __init__(self, state: TimelineState, change: ChangeTrack) -> None:
        super().__init__()
        self._state = state
        self._change = change
        self._headers: list[TrackHeader] = []
        self._metered = True
        self.setFixedWidth(HEADER_PX)
        state.rows_changed.connect(self.refresh)
        state.session.selection.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Bring the headers in line with the sequence and the scroll position."""
        rows, sequence = self._state.rows, self._state.sequence
        while len(self._headers) < len(rows):
            header = TrackHeader(self._change, self)
            header.menu_wanted.connect(self.menu_wanted)
            header.chosen.connect(self._state.session.selection.choose_track)
            self._headers.append(header)
        while len(self._headers) > len(rows):
            self._headers.pop().deleteLater()
        by_id = {track.id: track for track in sequence.tracks}
        numbers = track_numbers(sequence.tracks)
        for header, row in zip(self._headers, rows, strict=True):
            top = round(row.top - self._state.scroll_y)
            header.setGeometry(0, top, self.width(), round(row.height) + 1)
            header.show_track(by_id[row.track_id], numbers[row.track_id])
            metered = self._metered and by_id[row.track_id].kind is TrackKind.AUDIO
            header.meter.setVisible(metered)
            header.show_chosen(row.track_id == self._state.session.selection.track)
            header.show()

    def show_meters(self, shown: bool) -> None:
        """Show or hide the meters of sound tracks."""
        self._metered = shown
        self.refresh()

    def show_levels(self, peaks: Mapping[str, float], passed_s: float) -> None:
        """What was heard of each track, by its id, in the seconds that have passed."""
        for header, row in zip(self._headers, self._state.rows, strict=True):
            header.meter.hear(peaks.get(row.track_id, 0.0), passed_s)

    def header(self, track_id: str) -> TrackHeader:
        """The header of a track. Raises: KeyError."""
        for header, row in zip(self._headers, self._state.rows, strict=True):
            if row.track_id == track_id:
                return header
        raise KeyError(track_id)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._state.set_scroll_y(self._state.scroll_y - event.angleDelta().y() / 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("window"))
        painter.end()


def track_numbers(tracks: tuple[Track, ...]) -> dict[str, int]:
    """Every track's number among its kind, from 1 at the bottom (or, for sound, at the top)."""
    counts: dict[TrackKind, int] = {}
    numbers: dict[str, int] = {}
    for track in tracks:
        counts[track.kind] = counts.get(track.kind, 0) + 1
        numbers[track.id] = counts[track.kind]
    return numbers
