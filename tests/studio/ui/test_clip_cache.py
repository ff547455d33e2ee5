"""Kept clips: painted once for each way they look, and let go of when there are too many."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from studio.document.model.clip import AssetMedia, Clip
from studio.ui.editor import Editor
from studio.ui.timeline.clip_cache import Appearance, ClipCache
from studio.ui.timeline.looks import ClipLook
from tests.studio.ui.driving import clips, settle

CLIP = Clip(id="c1", media=AssetMedia(asset_id="a1"), duration=10)
PLAIN = Appearance(ClipLook("clip_video", "a"), False, False, False, 2.0, 0)
RED = QColor("#ff0000")


def _draw(
    cache: ClipCache, clip: Clip, look: Appearance, painted: list[QRectF], x: int = 0
) -> QImage:
    screen = QImage(40, 20, QImage.Format.Format_RGB32)
    screen.fill(0)

    def paint(inner: QPainter, at: QRectF) -> None:
        painted.append(at)
        inner.fillRect(at, RED)

    painter = QPainter(screen)
    cache.draw(painter, QRectF(x, 4, 10, 8), clip, look, paint)
    painter.end()
    return screen


def test_a_clip_is_painted_once_and_drawn_wherever_it_is(qapp: object) -> None:
    cache, painted = ClipCache(), list[QRectF]()
    for x in (0, 5, 30):
        screen = _draw(cache, CLIP, PLAIN, painted, x)
        assert screen.pixelColor(x, 4) == RED
        assert screen.pixelColor(x + 9, 11) == RED
        assert screen.pixelColor((x + 10) % 40, 4) != RED
    assert painted == [QRectF(0, 0, 10, 8)]


def test_whatever_changes_its_look_paints_it_again(qapp: object) -> None:
    cache, painted = ClipCache(), list[QRectF]()
    looks = (
        PLAIN,
        replace(PLAIN, selected=True),
        replace(PLAIN, pixels_per_frame=2.5),
        replace(PLAIN, pictures=1),
        replace(PLAIN, look=ClipLook("clip_video", "b")),
    )
    for number, look in enumerate(looks, 1):
        _draw(cache, CLIP, look, painted)
        assert len(painted) == number
    _draw(cache, replace(CLIP, enabled=False), looks[-1], painted)
    assert len(painted) == len(looks) + 1


def test_those_used_longest_ago_are_let_go(qapp: object) -> None:
    cache, painted = ClipCache(limit_bytes=2 * 10 * 8 * 4), list[QRectF]()
    three = [replace(CLIP, id=f"c{number}") for number in range(3)]
    for clip in (*three, three[2], three[1], three[0]):
        _draw(cache, clip, PLAIN, painted)
    assert len(painted) == 4


def test_a_kept_clip_looks_as_one_painted_anew(cut: Editor, qtbot: QtBot) -> None:
    settle(qtbot, cut)
    canvas, state = cut.parts.timeline.canvas, cut.timeline
    first = canvas.grab().toImage()
    state.set_scale(state.scale.scrolled_to(20))
    canvas.grab()
    state.set_scale(state.scale.scrolled_to(0))
    assert canvas.grab().toImage() == first
    cut.session.selection.set([clips(cut)[0].id])
    assert canvas.grab().toImage() != first
    cut.session.selection.clear()
    assert canvas.grab().toImage() == first
