"""The bar under a viewer: timecode, shuttle, marks, loop, volume, zoom, handles and lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QComboBox, QSizePolicy, QSlider, QToolButton, QWidget

from studio.document.time import Rate
from studio.document.timecode import timecode
from studio.session.transport import Transport
from studio.ui.controls import action_button, boxed, label, row, rule, tool_button
from studio.ui.theme import numeric_font, themed_icon
from studio.ui.timecode_field import TimecodeField
from studio.ui.viewer.canvas import PictureCanvas

ZOOM_CHOICES = (("Fit", None), ("25 %", 0.25), ("50 %", 0.5), ("100 %", 1.0), ("200 %", 2.0))
WIDE_FIGURES = "000 dropped · A/V +000 ms"


@dataclass(frozen=True, slots=True)
class ViewerVerbs:
    """What the buttons do that is not the transport's own."""

    previous_edit: Callable[[], object]
    next_edit: Callable[[], object]
    full_screen: Callable[[], object]


class TransportBar(QWidget):
    """Every button says its shortcut; nothing here keeps the focus from the timeline."""

    def __init__(self, transport: Transport, canvas: PictureCanvas, verbs: ViewerVerbs) -> None:
        super().__init__()
        self._transport = transport
        self._canvas = canvas
        self._rate = Rate(24)
        self._drop = False
        self.timecode = TimecodeField()
        self.timecode.entered.connect(transport.seek)
        self.total = label("", "dim")
        self.total.setFont(numeric_font(12))
        self.figures = label("", "figures")
        self.figures.setAccessibleName("Playback figures")
        small = numeric_font(10)
        self.figures.setFont(small)
        room = QFontMetrics(small).horizontalAdvance(WIDE_FIGURES)
        self.figures.setMinimumWidth(room)  # what comes and goes must not push the buttons about
        self.play = tool_button("play", "Play or pause  (Space)", transport.toggle, size=20)
        self.loop = tool_button("repeat", "Loop  (Ctrl+Shift+R)", checkable=True)
        self.loop.clicked.connect(transport.set_loop)
        self.mute = tool_button("volume-2", "Mute the monitor", checkable=True)
        self.mute.clicked.connect(lambda on: transport.set_volume(transport.volume, on))
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setRange(0, 150)
        self.volume.setValue(100)
        self.volume.setFixedWidth(70)
        self.volume.setToolTip("Monitor volume; exports are not touched")
        self.volume.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.volume.valueChanged.connect(lambda v: transport.set_volume(v / 100, transport.muted))
        self.zoom = QComboBox()
        for text, _zoom in ZOOM_CHOICES:
            self.zoom.addItem(text)
        self.zoom.setToolTip("Size of the picture  (Shift+Z fits)")
        self.zoom.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.zoom.setFixedWidth(72)
        self.zoom.activated.connect(lambda place: canvas.set_zoom(ZOOM_CHOICES[place][1]))
        self.lines = tool_button("frame", "Safe areas, thirds, centre")
        self.lines.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.tools = row(spacing=2)
        self._build(verbs)
        transport.moved.connect(self.timecode.show_frame)
        transport.state_changed.connect(self._refresh)
        transport.range_changed.connect(self._show_length)
        canvas.zoom_changed.connect(self._show_zoom)
        self._refresh()

    def set_format(self, rate: Rate, *, drop_frame: bool = False, start: int = 0) -> None:
        """Write times at another rate."""
        self._rate, self._drop = rate, drop_frame
        self.timecode.set_format(rate, drop_frame=drop_frame, start=start)
        self._refresh()

    def show_playback(self, words: str, tip: str) -> None:
        """Say how playing goes, or went; where there is no room for it, the play button tells."""
        self.figures.setText(words)
        self.figures.setToolTip(tip)
        self.play.setToolTip(f"Play or pause  (Space)\n{tip}")

    def resizeEvent(self, event: object) -> None:
        """Where it is narrow, what is used least gives way, one after another."""
        giving = (
            self.figures,
            self.volume,
            self.total,
            self.zoom,
            self.marks,
            self.lines,
            self.loop,
        )
        for part in giving:
            part.show()
        for part in giving:
            if self._room_needed() <= self.width():
                break
            part.hide()

    def _room_needed(self) -> int:
        layout = self.layout()
        assert layout is not None
        layout.activate()  # or rows within rows would tell the room of what was hidden just now
        return layout.minimumSize().width()

    def _build(self, verbs: ViewerVerbs) -> None:
        transport = self._transport

        def button(icon: str, tip: str, run: Callable[[], object]) -> QToolButton:
            return tool_button(icon, tip, run)

        self.marks = boxed(
            row(
                button("mark-in", "Mark in  (I)", lambda: transport.mark_in(transport.position)),
                button(
                    "mark-out", "Mark out  (O)", lambda: transport.mark_out(transport.position + 1)
                ),
                spacing=2,
            )
        )
        left = row(self.timecode, self.total, 6, self.figures, None, spacing=4)
        middle = row(
            self.marks,
            button("skip-back", "Previous edit  (Up)", verbs.previous_edit),
            button("step-back", "One frame back  (Left)", lambda: transport.step(-1)),
            self.play,
            button("step-forward", "One frame on  (Right)", lambda: transport.step(1)),
            button("skip-forward", "Next edit  (Down)", verbs.next_edit),
            self.loop,
            spacing=2,
        )
        right = row(
            None,
            self.mute,
            self.volume,
            rule(vertical=True),
            self.zoom,
            self.lines,
            button("maximize", "Full screen  (F11)", verbs.full_screen),
            spacing=3,
        )
        layout = row(spacing=6, margins=(6, 2, 6, 4))
        for part, stretch in ((left, 1), (middle, 0), (right, 1)):
            layout.addLayout(part, stretch)
        self.setLayout(layout)
        right.insertLayout(right.indexOf(self.zoom), self.tools)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def take_actions(self, lines: list[QAction], tools: list[QAction]) -> None:
        """Offer the lines over the picture in a menu, and switches beside the zoom."""
        self.lines.addActions(lines)
        for action in tools:
            self.tools.addWidget(action_button(action, 18))

    def _refresh(self) -> None:
        transport = self._transport
        self.play.setIcon(themed_icon("pause" if transport.playing else "play", 20))
        self.loop.setChecked(transport.loop)
        self.mute.setIcon(themed_icon("volume-x" if transport.muted else "volume-2"))
        self.mute.setChecked(transport.muted)
        self.timecode.show_frame(transport.position)
        self._show_length()

    def _show_length(self) -> None:
        """How long the whole is, or what is marked of it, which is what would be laid down."""
        transport = self._transport
        whole = timecode(transport.length_frames, self._rate, drop_frame=self._drop)
        if transport.in_frame is None and transport.out_frame is None:
            self.total.setText(f"/ {whole}")
            self.total.setToolTip("The whole length")
            return
        start, end = transport.range_frames
        marked = timecode(end - start, self._rate, drop_frame=self._drop)
        self.total.setText(f"[ {marked} ]")
        self.total.setToolTip(f"What is marked, of {whole}")

    def _show_zoom(self) -> None:
        zooms = [zoom for _text, zoom in ZOOM_CHOICES]
        place = zooms.index(self._canvas.zoom) if self._canvas.zoom in zooms else -1
        self.zoom.setCurrentIndex(place)
