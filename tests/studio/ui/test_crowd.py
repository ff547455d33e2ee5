"""Thousands of clips in one line of pixels: every column shows what lies under it."""

from __future__ import annotations

from PySide6.QtGui import QColor

from studio.document.model.clip import AssetMedia, Clip, Gap
from studio.document.model.sequence import Track, TrackKind
from studio.ui.timeline.crowd import EDGE_DARKER, CrowdLines, Ink
from studio.ui.timeline.geometry import Scale

INK = Ink(QColor("#101010"), QColor("#3d618f"), QColor("#f0b44c"))
EDGE = INK.clip.darker(EDGE_DARKER)


def _clip(number: int, duration: int) -> Clip:
    return Clip(id=f"c{number}", media=AssetMedia(asset_id="a1"), duration=duration)


TRACK = Track(
    id="t1",
    kind=TrackKind.VIDEO,
    items=(_clip(1, 4), _clip(2, 3), Gap(id="g1", duration=2), _clip(3, 2)),
)


def _columns(left: float, width: int, scale: Scale, selected: frozenset[str] = frozenset()):  # noqa: ANN202
    line = CrowdLines().line(TRACK, scale, left, width, INK, selected)
    assert (line.width(), line.height()) == (width, 1)
    names = {INK.ground.name(): ".", INK.clip.name(): "c", INK.selected.name(): "S"}
    names[EDGE.name()] = "|"
    return "".join(names[line.pixelColor(x, 0).name()] for x in range(width))


def test_a_column_shows_the_clip_under_it_and_where_the_next_begins() -> None:
    assert _columns(0, 13, Scale(1.0)) == "cccc|cc..|c.."


def test_selected_clips_are_lit_and_a_scrolled_view_shows_the_same_frames() -> None:
    assert _columns(0, 6, Scale(1.0, 3.0), frozenset({"c2", "c3"})) == "cSSS.."


def test_two_pixels_a_frame_and_two_frames_a_pixel() -> None:
    assert _columns(0, 10, Scale(2.0)) == "cccccccc|c"
    assert _columns(0, 6, Scale(0.5)) == "cc|c.|"


def test_a_changed_track_is_drawn_anew() -> None:
    lines = CrowdLines()
    first = lines.line(TRACK, Scale(1.0), 0, 4, INK, frozenset())
    moved = Track(id="t1", kind=TrackKind.VIDEO, items=(Gap(id="g2", duration=9), _clip(4, 2)))
    second = lines.line(moved, Scale(1.0), 0, 4, INK, frozenset())
    assert first.pixelColor(2, 0) == INK.clip
    assert second.pixelColor(2, 0) == INK.ground
