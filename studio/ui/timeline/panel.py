"""The timeline panel: tools, headers, ruler, canvas and scroll bars as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollBar, QSlider, QToolButton, QWidget

from studio.session.jobs import JobBoard
from studio.session.session import Session
from studio.session.track_switches import change_track
from studio.ui.controls import boxed, column, row, rule, tool_button
from studio.ui.theme import colour, current
from studio.ui.timecode_field import TimecodeField
from studio.ui.timeline.canvas import TimelineCanvas
from studio.ui.timeline.clip_painter import ClipPainter, ClipPictures
from studio.ui.timeline.drops import TimelineDrops
from studio.ui.timeline.hand import TimelineHand
from studio.ui.timeline.headers import HeaderColumn
from studio.ui.timeline.ruler import Ruler
from studio.ui.timeline.scene_painter import ScenePainter
from studio.ui.timeline.state import HEADER_PX, TimelineState, Tool
from studio.ui.timeline.tab_bar import SequenceTabBar
from studio.ui.timeline.zoom import position_of, scale_of

SCROLL_UNITS = 1_000_000
TOOLS = (
    (Tool.SELECT, "mouse-pointer-2", "Select and move  (V)"),
    (Tool.RIPPLE, "ripple", "Ripple trim  (B)"),
    (Tool.ROLL, "roll", "Roll a cut  (N)"),
    (Tool.SLIP, "slip", "Slip: other media in the same place  (Y)"),
    (Tool.SLIDE, "slide", "Slide between neighbours  (U)"),
    (Tool.RAZOR, "slice", "Razor  (C)"),
    (Tool.HAND, "move-horizontal", "Drag the view  (H)"),
)


@dataclass(frozen=True, slots=True)
class TimelineParts:
    """What the panel is put together from."""

    session: Session
    board: JobBoard
    state: TimelineState
    drops: TimelineDrops
    pictures: ClipPictures


class TimelinePanel(QWidget):
    """Signals pass on what the window must answer: menus and things opened.

    `worked_in` is emitted whenever a hand has begun something here: a press, a drop, a time typed.
    """

    worked_in = Signal()
    menu_wanted = Signal(QPoint, object)
    track_menu_wanted = Signal(str, QPoint)
    ruler_menu_wanted = Signal(QPoint, int)
    marker_opened = Signal(str)
    item_opened = Signal(str)

    def __init__(self, parts: TimelineParts) -> None:
        super().__init__()
        self.setObjectName("Panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.state = parts.state
        self._session = parts.session
        self._transport = parts.session.transport
        self.hand = TimelineHand(parts.state, parts.board, parts.session.footage, self)
        self._pictures = parts.pictures
        painter = ScenePainter(ClipPainter(parts.pictures))
        self.canvas = TimelineCanvas(parts.state, self._transport, painter, self.hand, parts.drops)
        self.ruler = Ruler(parts.state, self._transport)
        self.headers = HeaderColumn(parts.state, self._change_track)
        self.tabs = SequenceTabBar(parts.session)
        self.timecode = TimecodeField(15)
        self.across = QScrollBar(Qt.Orientation.Horizontal)
        self.down = QScrollBar(Qt.Orientation.Vertical)
        self.zoom = QSlider(Qt.Orientation.Horizontal)
        self.hint = QLabel(self.canvas)
        self.tools: dict[Tool, QToolButton] = {}
        self._build()
        self._connect(parts)
        self._project_changed()

    def restyle(self) -> None:
        """The theme has changed: fonts and pens are made anew."""
        self.canvas.set_painter(ScenePainter(ClipPainter(self._pictures)))

    def zoom_by(self, factor: float) -> None:
        """Zoom around the playhead when it is in view, else around the middle."""
        x = self.state.scale.x_of(self._transport.position)
        middle = self.state.view_width / 2
        self.state.zoom(factor, x if 0 <= x <= self.state.view_width else middle)

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        top = column(self.tabs, self._toolbar(), spacing=0)
        grid.addLayout(top, 0, 0, 1, 3)
        grid.addWidget(rule(), 1, 0, 1, 3)
        corner = boxed(row(self.timecode, margins=(6, 0, 0, 0)))
        corner.setFixedWidth(HEADER_PX)
        grid.addWidget(corner, 2, 0)
        grid.addWidget(self.ruler, 2, 1)
        grid.addWidget(self.headers, 3, 0)
        grid.addWidget(self.canvas, 3, 1)
        grid.addWidget(self.down, 3, 2)
        grid.addWidget(self.across, 4, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(3, 1)
        self.hint.hide()
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _toolbar(self) -> QWidget:
        for tool, icon, tip in TOOLS:
            button = tool_button(icon, tip, checkable=True, size=17)
            button.clicked.connect(lambda _on=False, tool=tool: self.state.set_tool(tool))
            self.tools[tool] = button
        self.snap = tool_button("magnet", "Snap  (Shift+S)", checkable=True, size=17)
        self.snap.clicked.connect(self.state.set_snapping)
        self.follow = tool_button("crosshair", "Follow the playhead", checkable=True, size=17)
        self.follow.clicked.connect(self._transport.set_follow)
        self.zoom.setRange(0, 1000)
        self.zoom.setFixedWidth(120)
        self.zoom.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.zoom.setToolTip("Zoom  (Ctrl+wheel)")
        self.extra = row(spacing=2)
        bar = row(*self.tools.values(), rule(vertical=True), self.snap, self.follow, spacing=2)
        bar.addSpacing(4)
        bar.addLayout(self.extra)
        bar.addStretch(1)
        fit = tool_button(
            "unfold-horizontal", "Show the whole film  (Shift+Z)", self.state.zoom_to_fit, size=16
        )
        out = tool_button("minus", "Zoom out  (-)", lambda: self.zoom_by(1 / 1.4), size=15)
        closer = tool_button("plus", "Zoom in  (+)", lambda: self.zoom_by(1.4), size=15)
        for widget in (fit, out, self.zoom, closer):
            bar.addWidget(widget)
        bar.setContentsMargins(8, 4, 8, 4)
        return boxed(bar)

    def add_tool(self, button: QToolButton) -> None:
        """Put a button of the window's beside the tools."""
        self.extra.addWidget(button)

    def _connect(self, parts: TimelineParts) -> None:
        state, session, canvas = self.state, self._session, self.canvas
        session.changed.connect(lambda _changes: self._project_changed())
        session.opened.connect(self._opened)
        session.selection.changed.connect(canvas.invalidate)
        session.footage.changed.connect(canvas.invalidate)
        parts.board.updated.connect(lambda _job: canvas.invalidate())
        self._transport.range_changed.connect(canvas.invalidate)
        self._transport.moved.connect(self._playhead_moved)
        self._transport.state_changed.connect(self._show_tools)
        self.timecode.entered.connect(self._transport.seek)
        self.timecode.entered.connect(lambda _frame: self.worked_in.emit())
        canvas.pressed.connect(self.worked_in)
        self.ruler.pressed.connect(self.worked_in)
        state.looked.connect(self._sync)
        state.tool_changed.connect(self._show_tools)
        state.hinted.connect(self._show_hint)
        canvas.scrolled.connect(self._sync)
        canvas.menu_wanted.connect(self.menu_wanted)
        self.headers.menu_wanted.connect(self.track_menu_wanted)
        self.ruler.menu_wanted.connect(self.ruler_menu_wanted)
        self.ruler.marker_opened.connect(self.marker_opened)
        self.hand.opened.connect(self.item_opened)
        self.across.valueChanged.connect(self._scrolled_across)
        self.down.valueChanged.connect(state.set_scroll_y)
        self.zoom.valueChanged.connect(self._zoomed)
        self._show_tools()

    def _opened(self) -> None:
        self.state.clear_gesture()
        self._project_changed()
        self.state.look_as_before()

    def _project_changed(self) -> None:
        sequence = self.state.sequence
        self.timecode.set_format(
            sequence.rate, drop_frame=sequence.drop_frame, start=sequence.start_timecode
        )
        self.headers.refresh()
        self.canvas.invalidate()
        self.ruler.update()
        self._sync()

    def _playhead_moved(self, frame: int) -> None:
        self.timecode.show_frame(frame)
        if not self._transport.follow:
            return
        scale, width = self.state.scale, self.state.view_width
        if self._transport.playing:
            scale = scale.paged_to(frame, width, self.state.duration)
        elif self._transport.scrubbing:
            scale = scale.revealing(frame, width, margin=0)  # no leap under a hand that drags
        else:
            scale = scale.centred_on(frame, width)
        self.state.set_scale(scale)

    def _show_tools(self) -> None:
        for tool, button in self.tools.items():
            button.setChecked(tool is self.state.tool)
        self.snap.setChecked(self.state.snapping)
        self.follow.setChecked(self._transport.follow)

    def _show_hint(self) -> None:
        hint = self.state.hint
        self.hint.setVisible(bool(hint.text))
        if not hint.text:
            return
        tint = current().danger if hint.refused else current().text
        self.hint.setStyleSheet(
            f"background: {colour('raised').name()}; color: {tint}; border-radius: 4px;"
            f" border: 1px solid {current().border}; padding: 3px 7px;"
        )
        self.hint.setText(hint.text)
        self.hint.adjustSize()
        at = self.canvas.mapFromGlobal(self.canvas.cursor().pos())
        x = min(at.x() + 14, self.canvas.width() - self.hint.width() - 4)
        self.hint.move(max(4, x), max(4, at.y() - self.hint.height() - 10))

    def _sync(self) -> None:
        """Scroll bars and slider follow the state, silently."""
        state = self.state
        shown = state.scale.frames_in(state.view_width)
        reach = max(state.duration + shown * 0.5, state.scale.origin_frame + shown)
        unit = SCROLL_UNITS / max(1.0, reach)
        for bar, top, page, value in (
            (
                self.across,
                round((reach - shown) * unit),
                round(shown * unit),
                state.scale.origin_frame * unit,
            ),
            (
                self.down,
                round(max(0.0, state.content_height - state.view_height)),
                round(state.view_height),
                state.scroll_y,
            ),
        ):
            bar.blockSignals(True)
            bar.setRange(0, max(0, top))
            bar.setPageStep(max(1, page))
            bar.setSingleStep(max(1, page // 20))
            bar.setValue(round(value))
            bar.blockSignals(False)
        self.down.setVisible(state.content_height > state.view_height)
        self.zoom.blockSignals(True)
        self.zoom.setValue(position_of(state.scale.pixels_per_frame))
        self.zoom.blockSignals(False)

    def _scrolled_across(self, value: int) -> None:
        shown = self.state.scale.frames_in(self.state.view_width)
        reach = max(self.state.duration + shown * 0.5, self.state.scale.origin_frame + shown)
        self.state.set_scale(self.state.scale.scrolled_to(value / SCROLL_UNITS * reach))

    def _zoomed(self, value: int) -> None:
        self.zoom_by(scale_of(value) / self.state.scale.pixels_per_frame)

    def _change_track(self, track_id: str, step: str, fields: dict[str, Any]) -> None:
        self._session.apply(step, lambda project: change_track(project, track_id, fields))
