"""Insert, overwrite, append, replace, fit to fill, three- and four-point edits."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from studio.document.edits.insert import append, insert, overwrite, paste, replace_media
from studio.document.edits.marked import (
    Placing,
    SourceMarks,
    TargetMarks,
    fit_to_fill,
    four_point,
    three_point,
)
from studio.document.edits.source import Piece, clips_of_asset, copied
from studio.document.model.clip import AssetMedia, Clip, ConstantSpeed, TitleMedia
from studio.document.model.project import Project
from studio.document.model.sequence import TrackKind
from studio.document.queries.places import find_clip
from studio.document.time import FrameRange, Rate, Time, TimeRange
from studio.document.titles import title_from
from tests.studio.document.films import (
    ASSET,
    RATE,
    clip,
    dissolve,
    film,
    named,
    picture_and_sound,
    source_frames,
    track,
    with_transition,
)
from tests.studio.document.sessions import edited, refused

NEW = [Piece("V1", clip("N", 3))]


def test_overwrite_in_the_middle_cuts_a_clip_in_two() -> None:
    done = edited(film(track("AAAAAAAA")), lambda p: overwrite(p, "s", 2, NEW), "AANNNAAA")
    assert source_frames(done, "A") == (100, 2)
    later = named(done, "V1").items[2]
    assert isinstance(later, Clip)
    assert later.source_start == Time(105, RATE)


def test_overwrite_covers_whole_clips_and_shortens_the_last() -> None:
    done = edited(film(track("AABBCCC")), lambda p: overwrite(p, "s", 2, NEW), "AANNNCC")
    assert source_frames(done, "C") == (101, 2)


def test_overwrite_into_a_gap_and_past_the_end() -> None:
    edited(film(track("AA....BB")), lambda p: overwrite(p, "s", 3, NEW), "AA.NNNBB")
    edited(film(track("AA")), lambda p: overwrite(p, "s", 5, NEW), "AA...NNN")
    edited(film(track("")), lambda p: overwrite(p, "s", 0, NEW), "NNN")


def test_overwrite_drops_transitions_at_its_edges_only() -> None:
    row = with_transition(track("AAAABBBBCCCC"), 1, dissolve("x", 1, 1))
    row = with_transition(row, 3, dissolve("y", 1, 1))
    edited(film(row), lambda p: overwrite(p, "s", 4, [Piece("V1", clip("N", 4))]), "AAAANNNNCCCC")
    edited(film(row), lambda p: overwrite(p, "s", 9, NEW), "AAAAxBBBBxCNNN")


def test_overwrite_leaves_other_tracks_alone() -> None:
    project = film(track("AAAA"), track("BBBB", "V2"))
    edited(project, lambda p: overwrite(p, "s", 1, NEW), "ANNN", "BBBB", tracks=("V1", "V2"))


def test_insert_between_and_inside_clips() -> None:
    edited(film(track("AABB")), lambda p: insert(p, "s", 2, NEW), "AANNNBB")
    done = edited(film(track("AAAA")), lambda p: insert(p, "s", 1, NEW), "ANNNAAA")
    later = named(done, "V1").items[2]
    assert isinstance(later, Clip)
    assert later.source_start == Time(101, RATE)


def test_insert_moves_later_clips_of_synced_tracks_and_leaves_a_music_bed_whole() -> None:
    project = film(track("AABB"), track("MMMM....TT", "V2"))
    tracks = ("V1", "V2")
    edited(project, lambda p: insert(p, "s", 2, NEW), "AANNNBB", "MMMM.......TT", tracks=tracks)


def test_insert_cuts_sound_linked_to_a_picture_that_is_cut() -> None:
    project = picture_and_sound("AAAA")
    tracks = ("V1", "A1")
    done = edited(project, lambda p: insert(p, "s", 2, NEW), "AANNNAA", "aa...aa", tracks=tracks)
    picture, sound = named(done, "V1").items[2], named(done, "A1").items[2]
    assert isinstance(picture, Clip)
    assert isinstance(sound, Clip)
    assert picture.link == sound.link != "link A"


def test_insert_passes_by_tracks_that_are_locked_or_out_of_sync() -> None:
    row = replace(track("..BB", "V2"), synced=False)
    project = film(track("AAAA"), row, replace(track("..CC", "V3"), locked=True))
    edited(
        project,
        lambda p: insert(p, "s", 0, NEW),
        "NNNAAAA",
        "..BB",
        "..CC",
        tracks=("V1", "V2", "V3"),
    )


def test_insert_moves_later_markers() -> None:
    from studio.document.edits.markers import add_marker

    project = add_marker(add_marker(film(track("AAAA")), "s", 1), "s", 3)
    done = insert(project, "s", 2, NEW)
    assert [marker.at for marker in done.sequences[0].markers] == [1, 6]


def test_append_puts_picture_and_sound_at_one_frame() -> None:
    project = film(track("AAAA"), track("aa", "A1", TrackKind.AUDIO))
    pieces = [*NEW, Piece("A1", clip("n", 3))]
    tracks = ("V1", "A1")
    edited(project, lambda p: append(p, "s", pieces), "AAAANNN", "aa..nnn", tracks=tracks)


def test_replace_keeps_place_and_length() -> None:
    media = AssetMedia(asset_id="other")
    done = edited(
        film(track("AABB")),
        lambda p: replace_media(p, "B", media, Time(7, RATE)),
        "AABB",
    )
    assert source_frames(done, "B") == (7, 2)


def test_what_cannot_be_put_there_is_refused() -> None:
    locked = film(replace(track("AA"), locked=True))
    refused(locked, lambda p: overwrite(p, "s", 0, NEW), "locked")
    refused(film(track("AA")), lambda p: overwrite(p, "s", -1, NEW), "before the start")
    refused(film(track("AA")), lambda p: overwrite(p, "s", 0, []), "nothing to put")
    empty = [Piece("V1", clip("N", 0))]
    refused(film(track("AA")), lambda p: insert(p, "s", 0, empty), "at least one frame")
    title = [Piece("A1", replace(clip("N", 3), media=TitleMedia(title=title_from("subtitle"))))]
    sound = film(track("aa", "A1", TrackKind.AUDIO))
    refused(sound, lambda p: insert(p, "s", 0, title), "cannot go on A1")
    gone = [Piece("V9", clip("N", 3))]
    refused(film(track("AA")), lambda p: append(p, "s", gone), "no longer in the sequence")


def test_fit_to_fill_changes_the_speed_exactly() -> None:
    source = TimeRange(Time(10, RATE), Time(7, RATE))
    done = edited(
        film(track("AAAAAAAA")),
        lambda p: fit_to_fill(p, "s", FrameRange(2, 5), NEW, source),
        "AANNNAAA",
    )
    fitted = named(done, "V1").items[1]
    assert isinstance(fitted, Clip)
    assert fitted.speed == ConstantSpeed(Fraction(7, 3))
    assert fitted.source_start == Time(10, RATE)


def _three(source: SourceMarks, target: TargetMarks, drawing: str) -> tuple[int, int]:
    done = edited(
        film(track("AAAAAAAAAA")), lambda p: three_point(p, "s", NEW, source, target), drawing
    )
    fresh = next(i for i in named(done, "V1").items if isinstance(i, Clip) and i.name == "N")
    return source_frames(done, fresh.id)


def test_three_point_edits() -> None:
    ten, fourteen = Time(10, RATE), Time(14, RATE)
    assert _three(SourceMarks(ten, fourteen), TargetMarks(in_=3), "AAANNNNAAA") == (10, 4)
    assert _three(SourceMarks(ten, fourteen), TargetMarks(out=9), "AAAAANNNNA") == (10, 4)
    assert _three(SourceMarks(in_=ten), TargetMarks(2, 5), "AANNNAAAAA") == (10, 3)
    assert _three(SourceMarks(out=fourteen), TargetMarks(2, 5), "AANNNAAAAA") == (11, 3)


def test_three_point_insert_and_wrong_marks() -> None:
    marks = SourceMarks(Time(10, RATE), Time(12, RATE))
    edited(
        film(track("AAAA")),
        lambda p: three_point(p, "s", NEW, marks, TargetMarks(in_=1), Placing.INSERT),
        "ANNAAA",
    )
    four = TargetMarks(1, 2)
    refused(film(track("AA")), lambda p: three_point(p, "s", NEW, marks, four), "exactly three")
    backwards = SourceMarks(Time(5, RATE), Time(2, RATE))
    once = TargetMarks(in_=1)
    refused(film(track("AA")), lambda p: three_point(p, "s", NEW, backwards, once), "after the in")


def test_four_point_edit_fits_source_to_target() -> None:
    source = TimeRange(Time(10, RATE), Time(6, RATE))
    done = four_point(film(track("AAAA")), "s", NEW, source, FrameRange(0, 3))
    first = named(done, "V1").items[0]
    assert isinstance(first, Clip)
    assert first.speed == ConstantSpeed(Fraction(2))


def test_clips_of_an_asset_are_linked_and_as_long_as_it() -> None:
    picture, sound = clips_of_asset(film(track("")), ASSET.id, Rate(25))
    assert picture is not None
    assert sound is not None
    assert picture.link == sound.link is not None
    assert picture.duration == 104_166


def test_copies_keep_their_distances_and_ties() -> None:
    def again(project: Project) -> Project:
        return paste(project, "s", 6, copied(project, ["A", "a", "B", "b"]), ripple=False)

    project = picture_and_sound("AA.BBB")
    tracks = ("V1", "A1")
    done = edited(project, again, "AA.BBBAA.BBB", "aa.bbbaa.bbb", tracks=tracks)
    copies = [i for i in named(done, "V1").items if isinstance(i, Clip)][2:]
    sounds = [i for i in named(done, "A1").items if isinstance(i, Clip)][2:]
    assert [c.link for c in copies] == [s.link for s in sounds]
    assert find_clip(done, "A") is not None
    assert not {c.link for c in copies} & {"link A", "link B"}
