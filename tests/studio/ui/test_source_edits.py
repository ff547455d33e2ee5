"""Three and four points: what the marks of both viewers lay on the timeline."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.document.model.clip import AssetMedia, Clip, ConstantSpeed
from studio.document.model.sequence import TrackKind
from studio.ui.editor import Editor
from tests.studio.ui.driving import clips, starts, wait

HALF_SECOND = 15
"""Frames of the film, at 30 a second; the footage has 25."""


def opened(editor: Editor, name: str, first: int | None = None, last: int | None = None) -> None:
    """Look at an asset in the source viewer and mark it, in frames of its own."""
    asset = next(each for each in editor.session.project.assets if each.name == name)
    editor.workspace.open_source(asset.id)
    editor.deck.transport.mark_in(first)
    editor.deck.transport.mark_out(last)
    editor.window.middle.open("Program")


def marked(editor: Editor, first: int | None, last: int | None) -> None:
    editor.session.transport.mark_in(first)
    editor.session.transport.mark_out(last)


def placed(editor: Editor, start: int) -> Clip:
    """The picture that begins at a frame."""
    return dict(zip(starts(editor), clips(editor), strict=True))[start]


@pytest.mark.parametrize(
    ("source", "film", "start", "first_frame", "length"),
    [
        ((5, 30), (60, None), 60, 5, 30),
        ((5, 30), (None, 60), 30, 5, 30),
        ((5, None), (60, 75), 60, 5, HALF_SECOND),
        ((None, 35), (60, 90), 60, 10, 30),
        ((5, 30), (60, 65), 60, 5, 30),
    ],
)
def test_three_marks_say_the_fourth(
    cut: Editor,
    source: tuple[int | None, int | None],
    film: tuple[int | None, int | None],
    start: int,
    first_frame: int,
    length: int,
) -> None:
    opened(cut, "b.mp4", *source)
    marked(cut, *film)
    cut.book.trigger("sequence.overwrite")
    clip = placed(cut, start)
    assert clip.duration == length
    assert clip.source_start.seconds == Fraction(first_frame, 25)
    assert cut.session.transport.position == start + length


def test_a_source_shorter_than_the_stretch_is_refused_or_fitted(cut: Editor) -> None:
    before = cut.session.project
    opened(cut, "b.mp4", 40)
    marked(cut, 30, 90)
    cut.book.trigger("sequence.overwrite")
    assert cut.session.project is before
    assert any("Fit to fill" in notice.text for notice in cut.session.notices.shown)
    cut.book.trigger("sequence.fit")
    clip = placed(cut, 30)
    assert (clip.duration, clip.speed) == (60, ConstantSpeed(Fraction(1, 5)))


def test_the_source_goes_to_the_end_and_into_a_clips_place(cut: Editor) -> None:
    before, ends = clips(cut), starts(cut)[-1] + clips(cut)[-1].duration
    opened(cut, "b.mp4", 0, 25)
    cut.book.trigger("sequence.append")
    assert placed(cut, ends).duration == 30
    cut.session.selection.set([before[0].id])
    opened(cut, "b.mp4", 10)
    cut.book.trigger("sequence.replace")
    replaced = placed(cut, 0)
    assert isinstance(replaced.media, AssetMedia)
    assert (replaced.id, replaced.duration, replaced.name) == (
        before[0].id, before[0].duration, "b.mp4",
    )  # fmt: skip
    assert replaced.source_start.seconds == Fraction(10, 25)
    sound = clips(cut, TrackKind.AUDIO)[0]
    assert sound.name == "a.mp4", "a sound stays where the new picture has none"


def test_sound_is_marked_in_the_frames_that_the_viewer_counts(
    cut: Editor, qtbot: QtBot, footage: Path
) -> None:
    cut.workspace.assets.import_paths([footage / "music.wav"])
    wait(qtbot, lambda: len(cut.session.project.assets) == 3)
    opened(cut, "music.wav", 30, 60)
    marked(cut, 0, None)
    cut.book.trigger("sequence.overwrite")
    laid = clips(cut, TrackKind.AUDIO)[0]
    assert (laid.duration, laid.source_start.seconds) == (30, 1)
