"""The small parts that every panel is made of, so that all of them look and behave the same."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.ui.theme import themed_icon


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label in one of the style sheet's roles: title, head, dim, small, warning…"""
    widget = QLabel(text)
    widget.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        widget.setProperty("role", role)
    if wrap:
        widget.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        widget.setSizePolicy(policy)
    return widget


def set_role(widget: QWidget, role: str) -> None:
    """Change a label's role and let the style sheet see it."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def set_bad(widget: QWidget, bad: bool) -> None:
    """Mark a field as holding something that cannot be used, or clear the mark."""
    if bool(widget.property("bad")) == bad:
        return
    widget.setProperty("bad", bad)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def push_button(
    text: str, on_click: Callable[[], object], kind: str = "", icon: str = ""
) -> QPushButton:
    """A push button; `kind` is primary, link or chip."""
    button = QPushButton(text)
    button.setCursor(
        Qt.CursorShape.PointingHandCursor if kind == "link" else Qt.CursorShape.ArrowCursor
    )
    if kind:
        button.setProperty("kind", kind)
    if icon:
        button.setIcon(themed_icon(icon, 16))
    button.clicked.connect(lambda _checked=False: on_click())
    return button


def tool_button(
    icon: str,
    tip: str,
    on_click: Callable[[], object] | None = None,
    *,
    checkable: bool = False,
    size: int = 18,
) -> QToolButton:
    """A square icon button. It never takes the focus from the timeline on a click."""
    button = QToolButton()
    button.setIcon(themed_icon(icon, size))
    button.setIconSize(QSize(size, size))
    button.setToolTip(tip)
    button.setAccessibleName(tip.split("  ", maxsplit=1)[0])
    button.setCheckable(checkable)
    button.setAutoRaise(True)
    button.setMinimumSize(size + 8, size + 8)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if on_click is not None:
        button.clicked.connect(lambda _checked=False: on_click())
    return button


def action_button(action: QAction, size: int = 17) -> QToolButton:
    """A square button of a command: its icon, its tip with the shortcut, and whether it can be."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(size, size))
    button.setMinimumSize(size + 8, size + 8)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def combo(*choices: tuple[str, object]) -> QComboBox:
    """A combo box of (text, value) that gives way where the panel is narrow."""
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(6)
    for text, value in choices:
        box.addItem(text, value)
    return box


def rule(*, vertical: bool = False) -> QFrame:
    """A hairline between groups."""
    line = QFrame()
    line.setObjectName("Separator")
    if vertical:
        line.setFixedWidth(1)
        line.setMinimumHeight(16)
    else:
        line.setFixedHeight(1)
    return line


def row(
    *items: QWidget | int | None,
    spacing: int = 6,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
) -> QHBoxLayout:
    """Widgets side by side. An int is a fixed space, None takes what is left."""
    layout = QHBoxLayout()
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    _fill(layout, items)
    return layout


def column(
    *items: QWidget | int | None,
    spacing: int = 6,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
) -> QVBoxLayout:
    """Widgets below each other. An int is a fixed space, None takes what is left."""
    layout = QVBoxLayout()
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    _fill(layout, items)
    return layout


def boxed(layout: QLayout) -> QWidget:
    """A layout as a widget, to be put into another layout's slot or hidden as a whole."""
    holder = QWidget()
    holder.setLayout(layout)
    return holder


def _fill(layout: QBoxLayout, items: tuple[QWidget | int | None, ...]) -> None:
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        else:
            layout.addWidget(item)


class ElidedLabel(QLabel):
    """One line that gives up its end (or middle) for an ellipsis and tells the whole on hover."""

    def __init__(
        self, text: str = "", role: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        super().__init__(text)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(24)
        if role:
            self.setProperty("role", role)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self.text(), self._mode, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


class EmptyState(QWidget):
    """What a panel shows while it has nothing: an icon, a sentence, and the first step."""

    def __init__(self, icon: str, title: str, text: str, *buttons: QWidget) -> None:
        super().__init__()
        self._icon = QLabel()
        self._icon.setPixmap(themed_icon(icon, 28).pixmap(28, 28))
        self._icon.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.title = label(title, "head", wrap=True)
        self.text = label(text, "dim", wrap=True)
        for part in (self.title, self.text):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = column(
            None, self._icon, 4, self.title, self.text, spacing=6, margins=(18, 18, 18, 18)
        )
        if buttons:
            layout.addSpacing(6)
            layout.addLayout(row(None, *buttons, None))
        layout.addStretch(2)
        self.setLayout(layout)


class PanelFrame(QFrame):
    """A rounded panel with a slim head (title and buttons) and a body below it."""

    def __init__(self, title: str, body: QWidget, *head: QWidget) -> None:
        super().__init__()
        self.setObjectName("Panel")
        bar = QFrame()
        bar.setObjectName("PanelHead")
        bar.setFixedHeight(34)
        bar.setLayout(row(label(title, "head"), None, *head, spacing=2, margins=(11, 0, 6, 0)))
        whole = column(bar, body, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
