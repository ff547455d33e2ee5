"""The Qt style sheet, written once from a palette."""

from __future__ import annotations

from string import Template

from studio.ui.palettes import Theme
from studio.ui.resources import RESOURCES

_SHEET = Template("""
* { outline: 0; }
QWidget { color: $text; font-size: 12px; }
QMainWindow, QDialog { background: $window; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px 6px; }

QMenuBar { background: $window; padding: 4px 6px; }
QMenuBar::item { padding: 7px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $raised; }
QMenu { background: $raised; border: 1px solid $border; border-radius: 6px; padding: 5px; }
QMenu::item { padding: 5px 26px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $faint; }
QMenu::item:disabled:selected { background: transparent; color: $faint; }
QMenu::separator { height: 1px; background: $border; margin: 5px 8px; }
QMenu::icon { padding-left: 6px; }

#Panel { background: $panel; border-radius: 6px; }
#PanelHead { background: $panel; border-top-left-radius: 6px; border-top-right-radius: 6px;
  border-bottom: 1px solid $border; }
#Stage { background: #000000; }
#Separator { background: $border; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: 15px; font-weight: 600; }
QLabel[role="hero"] { font-size: 22px; font-weight: 600; }
QLabel[role="head"] { font-weight: 600; }
QLabel[role="dim"] { color: $dim; }
QLabel[role="faint"] { color: $faint; }
QLabel[role="small"] { color: $dim; font-size: 11px; }
QLabel[role="figures"] { color: $dim; font-size: 10px; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="danger"] { color: $danger; }
QLabel[role="good"] { color: $good; }
QLabel[role="section"] { color: $dim; font-size: 11px; font-weight: 600; }
QLabel[role="key"] { background: $field; border: 1px solid $border; border-radius: 4px;
  padding: 1px 6px; color: $dim; font-size: 11px; }

QPushButton { background: $raised; border: 1px solid $border; border-radius: 5px;
  padding: 4px 12px; min-height: 18px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $field; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $faint; background: $panel; }
QPushButton[kind="primary"] { background: $accent; border-color: $accent; color: $on_accent;
  font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; }
QPushButton[kind="primary"]:disabled { background: $raised; border-color: $border; color: $faint; }
QPushButton[kind="link"] { background: transparent; border: none; color: $info; padding: 2px 4px;
  text-align: left; }
QPushButton[kind="link"]:hover { color: $text; }
QPushButton[kind="chip"] { padding: 2px 8px; border-radius: 10px; min-height: 16px;
  color: $dim; font-size: 11px; }
QPushButton[kind="chip"]:checked { background: $accent; border-color: $accent; color: $on_accent; }
QPushButton[kind="chip"]:hover:!checked { color: $text; background: $hover; }

QPushButton[kind="crumb"] { background: transparent; border-color: transparent; padding: 1px 5px;
  min-height: 16px; color: $dim; }
QPushButton[kind="crumb"]:hover { color: $text; background: $hover; }
QPushButton[kind="crumb"]:pressed { background: $accent_soft; }
QPushButton[kind="crumb"]:disabled { color: $text; font-weight: 600; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 5px;
  padding: 3px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $field; }
QToolButton:checked { background: $accent_soft; border-color: $accent_line; }
QToolButton:focus { border-color: $accent_line; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox, QKeySequenceEdit {
  background: $field; border: 1px solid $border; border-radius: 5px; padding: 3px 7px;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { min-height: 20px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QComboBox:focus { border-color: $accent; }
QLineEdit:disabled, QPlainTextEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled,
QComboBox:disabled { color: $faint; background: $panel; }
QLineEdit[bad="true"], QPlainTextEdit[bad="true"] { border-color: $danger; }
QComboBox::drop-down { border: none; width: 18px; }
QComboBox::down-arrow { image: url($icons/chevron-down-ui.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $border; padding: 4px;
  selection-background-color: $accent; selection-color: $on_accent; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button,
QDoubleSpinBox::down-button { width: 0; border: none; }

QCheckBox { spacing: 7px; background: transparent; }
QCheckBox::indicator, QListView::indicator { width: 14px; height: 14px; border-radius: 3px;
  border: 1px solid $line_strong; background: $field; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
  image: url($icons/check-ui.svg); }
QCheckBox:disabled { color: $faint; }
QRadioButton { spacing: 7px; background: transparent; }
QRadioButton::indicator { width: 12px; height: 12px; border-radius: 7px;
  border: 1px solid $line_strong; background: $field; }
QRadioButton::indicator:checked { border: 4px solid $accent; width: 6px; height: 6px;
  background: $on_accent; }

QSlider { background: transparent; }
QSlider::groove:horizontal { height: 3px; background: $border; border-radius: 1px; }
QSlider::sub-page:horizontal { background: $dim; border-radius: 1px; }
QSlider::handle:horizontal { width: 11px; height: 11px; margin: -4px 0; border-radius: 5px;
  background: $text; }
QSlider::handle:horizontal:hover { background: $accent; }
QSlider::handle:horizontal:disabled, QSlider::sub-page:horizontal:disabled { background: $faint; }

QProgressBar { background: $field; border: none; border-radius: 3px; max-height: 6px;
  min-height: 6px; text-align: center; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QTabWidget::pane { border: none; background: $panel; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $dim; padding: 6px 8px; border: none;
  border-bottom: 2px solid transparent; margin: 0 1px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; font-weight: 600; }

#SequenceTabs::tab { padding: 5px 6px 4px 10px; font-size: 11px; margin: 2px 1px 0 1px; }
#SequenceTabs::tab:selected { font-weight: 500; }
#SequenceTabs::close-button { image: url($icons/x-ui.svg); width: 10px; height: 10px;
  border-radius: 3px; padding: 1px; subcontrol-position: right; }
#SequenceTabs::close-button:hover { background: $hover; }
#SequenceTabs QToolButton { background: $panel; border: none; }

QSplitter::handle { background: $window; }
QSplitter::handle:horizontal { width: 5px; }
QSplitter::handle:vertical { height: 5px; }
QSplitter::handle:hover { background: $border; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 1px; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 1px; }
QScrollBar::handle { background: $border; border-radius: 4px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $hover; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QListView, QTreeView, QTableView { background: $panel; border: none;
  alternate-background-color: $panel;
  selection-background-color: $accent_soft; selection-color: $text; }
QListView::item, QTreeView::item { padding: 4px 6px; border-radius: 4px; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected { background: $accent_soft; color: $text; }
#BinTree::item { border-radius: 0; }
QHeaderView { background: $panel; }
QHeaderView::section { background: $panel; color: $dim; border: none; padding: 5px 7px;
  border-bottom: 1px solid $border; font-size: 11px; }

QGroupBox { border: 1px solid $border; border-radius: 6px; margin-top: 8px; padding: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 8px; color: $dim; }
QStatusBar { background: $window; color: $dim; }
""")


def style_sheet(theme: Theme) -> str:
    """The application's style sheet in a theme's colours."""
    icons = (RESOURCES / "icons").as_posix()
    return _SHEET.substitute(
        icons=icons,
        accent_hover=_mix(theme.accent, "#ffffff", 0.18),
        accent_soft=_mix(theme.panel, theme.accent, 0.22),
        accent_line=_mix(theme.panel, theme.accent, 0.55),
        line_strong=_mix(theme.border, theme.text, 0.25),
        **{slot: getattr(theme, slot) for slot in theme.__slots__},
    )


def _mix(first: str, second: str, share: float) -> str:
    """The colour `share` of the way from the first to the second, as "#rrggbb"."""
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
