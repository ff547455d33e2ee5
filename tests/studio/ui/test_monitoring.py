"""Meters move with what plays, scopes show the picture in front, and both remember how."""

from __future__ import annotations

from math import isinf

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.document.model.sequence import TrackKind
from studio.document.queries.places import sequence_duration
from studio.media.scopes.scale import Scope, Units
from studio.media.scopes.signal import sampled
from studio.ui.editor import Editor
from studio.ui.meters.strip import SoundMeters
from studio.ui.scopes.light import trace_image
from studio.ui.scopes.painter import cells, plot_of, vector_point
from studio.ui.scopes.panel import UNPOINTED
from studio.ui.scopes.pointed import Pointed, rings
from studio.ui.theme import colour
from studio.ui.viewer.canvas import PictureCanvas
from studio.ui.viewer.images import array_of
from studio.ui.viewer.viewer import Viewer
from tests.studio.ui.driving import click, point_at, settle, track, wait

LOUD = np.full((4800, 2), 0.9, np.float32)
OVER = np.full((4800, 2), 1.0, np.float32)


@pytest.fixture
def meters(dressed: QApplication, qtbot: QtBot) -> SoundMeters:
    """Meters alone, which nobody plays anything to."""
    widget = SoundMeters()
    qtbot.addWidget(widget)
    widget.resize(widget.width(), 320)
    return widget


def middle(rect: QRectF) -> QPoint:
    return rect.center().toPoint()


def pixel(meters: SoundMeters, at: QPoint) -> QColor:
    return meters.grab().toImage().pixelColor(at)


def test_what_plays_moves_the_meters_and_they_come_to_rest(cut: Editor, qtbot: QtBot) -> None:
    meter, transport = cut.parts.meters.meter, cut.session.transport
    assert meter.at_rest
    transport.seek(0)
    cut.book.trigger("play.toggle")
    wait(qtbot, lambda: not isinf(meter.loudness.momentary_lufs))
    assert all(needle.level_dbfs == pytest.approx(-6, abs=2) for needle in meter.needles)
    assert meter.highest_dbfs == pytest.approx(-6, abs=1)
    assert meter.loudness.momentary_lufs == pytest.approx(-6.7, abs=0.5)
    headers = cut.parts.timeline.headers
    one, two = (headers.header(track(cut, TrackKind.AUDIO, n).id).meter for n in (0, 1))
    assert one.needle.level_dbfs == pytest.approx(-6, abs=2)
    assert two.needle.at_rest  # nothing lies on it
    cut.book.trigger("play.toggle")
    stood = meter.needles[0].level_dbfs
    wait(qtbot, lambda: meter.needles[0].level_dbfs < stood - 1)
    meter.hear(LOUD[:0], 60.0)
    wait(qtbot, lambda: meter.at_rest)
    assert meter.highest_dbfs == pytest.approx(-6, abs=1)  # what was measured stays in view


def test_the_source_is_heard_too_and_the_monitors_volume_changes_nothing(
    cut: Editor, qtbot: QtBot
) -> None:
    meter = cut.parts.meters.meter
    cut.workspace.open_source(cut.session.project.assets[0].id)
    cut.deck.transport.set_volume(1.0, muted=True)
    cut.book.trigger("play.toggle")
    assert cut.deck.transport.playing
    wait(qtbot, lambda: meter.highest_dbfs > -10)
    assert meter.highest_dbfs == pytest.approx(-6, abs=1)
    cut.book.trigger("play.toggle")


def test_a_click_puts_the_lights_out_and_another_begins_again(meters: SoundMeters) -> None:
    meters.meter.hear(OVER, 0.1)
    light = middle(meters.over_rect()) - QPoint(8, 0)
    lit = pixel(meters, light)
    assert lit == colour("danger")
    click(meters, light)
    assert pixel(meters, light) != lit
    assert meters.meter.highest_dbfs == 0
    click(meters, middle(meters.figures_rect()))
    assert isinf(meters.meter.highest_dbfs)


def test_a_column_is_lit_as_far_as_its_level_and_in_the_colours_of_its_zones(
    meters: SoundMeters,
) -> None:
    meters.meter.hear(LOUD * [1.0, 0.1], 0.1)  # -0.9 and -20.9 dBFS
    bars = meters.bars_rect()
    left, right = round(bars.left()) + 8, round(bars.right()) - 8
    high = round(bars.top() + bars.height() * 0.1)
    low = round(bars.bottom() - bars.height() * 0.2)
    assert pixel(meters, QPoint(left, high)) == colour("danger")
    assert pixel(meters, QPoint(left, low)) == pixel(meters, QPoint(right, low)) == colour("good")
    assert pixel(meters, QPoint(right, high)) != colour("danger")


def test_the_meters_can_be_hidden_and_stay_so(cut: Editor, qtbot: QtBot) -> None:
    meters = cut.parts.meters
    small = cut.parts.timeline.headers.header(track(cut, TrackKind.AUDIO).id).meter
    assert meters.isVisible()
    assert small.isVisible()
    assert cut.book.action("view.meters").isChecked()
    cut.book.trigger("view.meters")
    assert not meters.isVisible()
    assert not small.isVisible()
    assert not cut.preferences.settings.sound_meters
    cut.book.trigger("play.toggle")
    wait(qtbot, lambda: cut.session.transport.position > 5)
    assert isinf(meters.meter.highest_dbfs)  # hidden, they listen to nothing
    cut.book.trigger("play.toggle")
    cut.book.trigger("view.meters")
    assert meters.isVisible()
    assert cut.preferences.settings.sound_meters


def traced(editor: Editor, scope: Scope, viewer: Viewer) -> bool:
    """Whether a scope shows the trace of what a viewer shows, and nothing else is on its way."""
    image = viewer.canvas.image
    if image is None or not editor.settled:
        return False
    shown = editor.parts.scopes.canvas.images.get(scope)
    return shown == trace_image(scope, sampled(array_of(image)), 1.0)


def test_scopes_show_the_frame_in_front(cut: Editor, qtbot: QtBot) -> None:
    panel, program, source = cut.parts.scopes, cut.parts.program, cut.parts.source
    settle(qtbot, cut)
    assert panel.canvas.images == {}  # nobody looks: nothing is measured
    cut.book.trigger("panel.scopes")
    for frame in (0, 90):
        cut.session.transport.seek(frame)
        for scope in (Scope.WAVEFORM, Scope.VECTORSCOPE):
            wait(qtbot, lambda scope=scope: traced(cut, scope, program))
    cut.workspace.open_source(cut.session.project.assets[1].id)
    cut.deck.transport.seek(33)
    wait(qtbot, lambda: traced(cut, Scope.WAVEFORM, source))
    assert not traced(cut, Scope.WAVEFORM, program)
    cut.window.middle.open("Program")
    wait(qtbot, lambda: traced(cut, Scope.WAVEFORM, program))


def test_scopes_follow_while_it_plays(cut: Editor, qtbot: QtBot) -> None:
    panel, transport = cut.parts.scopes, cut.session.transport
    cut.book.trigger("panel.scopes")
    wait(qtbot, lambda: Scope.WAVEFORM in panel.canvas.images)
    before = panel.canvas.images[Scope.WAVEFORM]
    transport.seek(sequence_duration(cut.session.sequence) - 12)
    cut.book.trigger("play.toggle")
    wait(qtbot, lambda: not transport.playing)
    settle(qtbot, cut)
    assert panel.canvas.images[Scope.WAVEFORM] != before


def test_which_scopes_and_what_scale_is_chosen_and_kept(cut: Editor, qtbot: QtBot) -> None:
    panel, settings = cut.parts.scopes, cut.preferences
    cut.book.trigger("panel.scopes")
    assert panel.canvas.scopes == (Scope.WAVEFORM, Scope.VECTORSCOPE)
    panel.chips[Scope.HISTOGRAM].click()
    panel.chips[Scope.PARADE].click()
    assert panel.canvas.scopes == tuple(Scope)
    wait(qtbot, lambda: set(panel.canvas.images) == set(Scope))
    for scope in (Scope.WAVEFORM, Scope.VECTORSCOPE, Scope.HISTOGRAM, Scope.PARADE):
        panel.chips[scope].click()
    assert panel.canvas.scopes == (Scope.PARADE,)  # the last one stays
    assert settings.settings.scopes == ("parade",)
    panel.units.chosen.emit(Units.CODE.value)
    assert panel.canvas.units is Units.CODE
    panel.brightness.setValue(200)
    assert (settings.settings.scope_units, settings.settings.scope_brightness_percent) == (
        "code", 200,
    )  # fmt: skip


@pytest.mark.parametrize(("size", "columns"), [((320, 520), 1), ((900, 500), 2), ((1800, 300), 4)])
def test_scopes_lie_in_rows_as_the_room_lets_them(size: tuple[int, int], columns: int) -> None:
    found = cells(QRectF(0, 0, *size), len(Scope))
    assert len({cell.left() for cell in found}) == columns
    assert all(QRectF(0, 0, *size).contains(cell) for cell in found)
    for first in found:
        assert [other for other in found if other.intersects(first)] == [first]


def test_a_target_is_painted_where_its_colour_is_traced() -> None:
    plot = plot_of(QRectF(0, 0, 560, 580), Scope.VECTORSCOPE)
    pixels = vector_point(plot, 0, 0), vector_point(plot, 255, 255)
    half = plot.width() / 512
    assert pixels[0].x() == pytest.approx(plot.left() + half)
    assert pixels[0].y() == pytest.approx(plot.bottom() - half)
    assert pixels[1].x() == pytest.approx(plot.right() - half)
    assert pixels[1].y() == pytest.approx(plot.top() + half)


def _parts(canvas: PictureCanvas, x: int, y: int) -> tuple[int, int, int]:
    """Red, green and blue that are shown for a pixel of the frame."""
    image, (width, height) = canvas.image, canvas.frame_size
    assert image is not None
    across, down = (x + 0.5) * image.width() / width, (y + 0.5) * image.height() / height
    seen = image.pixelColor(int(across), int(down))
    return seen.red(), seen.green(), seen.blue()


def test_the_pixel_under_the_pointer_is_told_and_ringed(cut: Editor, qtbot: QtBot) -> None:
    panel, canvas = cut.parts.scopes, cut.parts.program.canvas
    cut.window.show_panel("Scopes")
    panel.units.chosen.emit(Units.PERCENT.value)
    settle(qtbot, cut)
    assert panel.readout.text() == UNPOINTED
    plain = panel.canvas.grab().toImage()
    place = canvas.from_frame((100.5, 50.5)).toPoint()
    point_at(canvas, place)
    x, y = (int(part) for part in canvas.to_frame(QPointF(place)))
    red, green, blue = _parts(canvas, x, y)
    luma = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255
    words = f"{x}, {y}   R {red}  G {green}  B {blue}   Y′ "
    narrowest = panel.minimumSizeHint().width()
    assert panel.readout.text() == f"{words}{luma * 100:.0f} %"
    panel.units.chosen.emit(Units.CODE.value)
    assert panel.readout.text() == f"{words}{64 + luma * 876:.0f}"
    panel.point_at(Pointed((3839, 2159), (255, 255, 255), 1.0))
    assert panel.minimumSizeHint().width() == narrowest  # no word pushes the panel wider
    panel.units.chosen.emit(Units.PERCENT.value)
    settle(qtbot, cut)
    assert panel.canvas.grab().toImage() != plain
    cut.session.transport.seek(150)
    settle(qtbot, cut)
    red, green, blue = _parts(canvas, x, y)
    assert f"R {red}  G {green}  B {blue}" in panel.readout.text()
    point_at(canvas, canvas.from_frame((-5, -5)).toPoint())
    assert panel.readout.text() == UNPOINTED


def test_rings_lie_where_the_scopes_have_the_pixel() -> None:
    plot, grey = QRectF(10, 20, 300, 100), Pointed((0, 0), (255, 255, 255), 0.5)
    ((wave, _),) = rings(plot, Scope.WAVEFORM, grey)
    assert (wave.x(), wave.y()) == (160, 20)
    assert [at.x() for at, _ in rings(plot, Scope.PARADE, grey)] == [60, 160, 260]
    square = QRectF(0, 0, 256, 256)
    ((chroma, _),) = rings(square, Scope.VECTORSCOPE, grey)
    assert chroma == vector_point(square, 128, 128)
