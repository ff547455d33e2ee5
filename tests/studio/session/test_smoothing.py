"""What is asked for to make a clip's motion smooth: a frame for each that it shows, and handles."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.document.edits import speed
from studio.document.model.clip import Clip, SpeedPoint
from studio.document.model.project import Project
from studio.document.queries.places import clips_of, locate_clip
from studio.document.retime import shown_source_time
from studio.document.time import Rate
from studio.session.draft_kinds import Source
from studio.session.played import PlayedClip, played
from studio.session.smoothing import smooth_source
from tests.studio.media.footage import Shot, make_video
from tests.studio.ui.conftest import cut_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Clips of 25 frames a second in a sequence of 30."""
    folder = tmp_path_factory.mktemp("film")
    for name in ("a.mp4", "b.mp4"):
        make_video(folder / name, Shot(size=(64, 36)))
    return cut_project(folder, folder)


def _subject(project: Project) -> PlayedClip:
    _, _, clip = next(clips_of(project.sequences[0]))
    place, _ = locate_clip(project, clip.id)
    return played(project, place, (), "")


def _at(project: Project, factor: Fraction) -> PlayedClip:
    clip_id = _subject(project).clip.id
    return _subject(speed.set_speed(project, clip_id, factor, ripple=True))


def _off_grid(clip: Clip, source: Source, frame: int, rate: Rate) -> Fraction:
    """How far what a frame shows is from a frame of the take, in its frames."""
    place = (shown_source_time(clip, frame, rate).seconds - source.in_s) * Fraction(source.rate)
    return place - round(place)


@given(
    st.fractions(min_value=Fraction(1, 20), max_value=Fraction(9, 10), max_denominator=20),
    st.booleans(),
)
def test_each_frame_that_is_shown_is_one_of_the_takes(
    project: Project, factor: Fraction, backwards: bool
) -> None:
    subject = _at(project, -factor if backwards else factor)
    source = smooth_source(subject)
    rate = subject.place.sequence.rate
    assert Fraction(source.rate) == rate.fraction / factor
    assert source.out_s - source.in_s == source.frames / Fraction(source.rate)
    clip = subject.clip
    for frame in (0, 1, clip.duration // 2, clip.duration - 1):
        assert _off_grid(clip, source, frame, rate) == 0
        shown = shown_source_time(clip, frame, rate).seconds
        # The length of a slowed clip is rounded: it may begin half a frame before its media.
        assert source.in_s - 1 / Fraction(source.rate) <= shown < source.out_s
    assert source.in_s >= 0


def test_a_ramp_gets_the_frames_of_its_slowest_part(project: Project) -> None:
    points = [SpeedPoint(0, Fraction(1)), SpeedPoint(40, Fraction(1, 4))]
    subject = _subject(speed.set_ramp(project, _subject(project).clip.id, points))
    assert smooth_source(subject).rate == "120/1"


def test_a_part_that_all_but_stands_still_does_not_ask_for_ever_more(project: Project) -> None:
    points = [SpeedPoint(0, Fraction(1)), SpeedPoint(40, Fraction(0))]
    subject = _subject(speed.set_ramp(project, _subject(project).clip.id, points))
    assert smooth_source(subject).rate == "600/1"
