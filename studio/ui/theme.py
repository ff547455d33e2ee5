"""Colours, sizes and the style sheet: the one place that decides how the window looks."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from studio.ui.palettes import GRAPHITE, THEMES, Theme
from studio.ui.resources import icon, load_fonts
from studio.ui.stylesheet import style_sheet

FONT_FAMILY = "Inter"
FONT_SIZE_PX = 12

_current = GRAPHITE


def current() -> Theme:
    """The theme in force. Painters ask at paint time, so that a change shows at once."""
    return _current


def apply_theme(app: QApplication, name: str) -> None:
    """Dress the whole application; an unknown name falls to the first theme."""
    global _current  # noqa: PLW0603 - one window system, one look
    _current = THEMES.get(name, GRAPHITE)
    load_fonts()
    app.setStyle("Fusion")
    app.setFont(ui_font())
    app.setPalette(_palette(_current))
    app.setStyleSheet(style_sheet(_current))


def ui_font(size_px: int = FONT_SIZE_PX, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The interface font at a size in pixels."""
    font = QFont(FONT_FAMILY)
    font.setPixelSize(size_px)
    font.setWeight(weight)
    return font


def numeric_font(size_px: int, weight: QFont.Weight = QFont.Weight.Medium) -> QFont:
    """The interface font with digits of one width, for timecode that does not dance."""
    font = ui_font(size_px, weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def themed_icon(name: str, size: int = 18, colour: str | None = None) -> QIcon:
    """An icon in the theme's text colour."""
    return icon(name, colour or _current.text, _current.faint, size)


def colour(role: str, alpha: int = 255) -> QColor:
    """A role's colour with an alpha of 0 to 255."""
    value = QColor(getattr(_current, role))
    value.setAlpha(alpha)
    return value


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.field,
        QPalette.ColorRole.AlternateBase: theme.panel,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.on_accent,
        QPalette.ColorRole.ToolTipBase: theme.raised,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.faint,
        QPalette.ColorRole.Link: theme.info,
        QPalette.ColorRole.Mid: theme.border,
    }
    for role, value in roles.items():
        palette.setColor(role, QColor(value))
    for role in (
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
        QPalette.ColorRole.WindowText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faint))
    return palette
