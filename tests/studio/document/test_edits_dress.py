"""Transitions, effects, keyframes, markers and captions: what they change, and what stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.document.catalogue import EFFECTS, Target
from studio.document.edits.captions import add_captions, join_captions, split_caption
from studio.document.edits.effects import (
    add_effect,
    effects_of,
    enable_effect,
    move_effect,
    paste_effects,
    remove_effect,
)
from studio.document.edits.markers import add_marker, change_marker, move_marker, remove_marker
from studio.document.edits.parameters import (
    Knob,
    move_keyframe,
    remove_keyframe,
    reset_value,
    set_keyframe,
    set_value,
    value_of,
)
from studio.document.edits.titles import set_title, set_title_text
from studio.document.edits.transitions import (
    Alignment,
    add_transition,
    change_transition,
    remove_transition,
)
from studio.document.errors import EditError
from studio.document.keyframes import value_at
from studio.document.model.clip import CaptionMedia, Clip, TitleMedia, Transition, TransitionKind
from studio.document.model.curve import Bezier, Curve, Hold, Linear
from studio.document.model.marker import MarkerColour
from studio.document.model.project import Project
from studio.document.model.sequence import TrackKind
from studio.document.model.title import Title
from studio.document.queries.limits import Edge
from studio.document.queries.places import locate_clip
from studio.document.subtitles import Cue, parse_subtitles, write_srt, write_vtt
from studio.document.time import Rate, Time
from studio.document.titles import TEMPLATES, TITLE_SAFE, title_from
from tests.studio.document.films import clip, drawn, film, named, track
from tests.studio.document.rules import check

SRT = """1
00:00:00,500 --> 00:00:01,000
Hello. Goodbye.

2
00:00:01,000 --> 00:00:02,000
<i>Rain</i> falls.
"""


def on_cut(project: Project) -> Transition:
    return next(item for item in named(project, "V1").items if isinstance(item, Transition))


@pytest.mark.parametrize(
    ("alignment", "reach"),
    [(Alignment.CENTRE, (2, 2)), (Alignment.BEFORE, (4, 0)), (Alignment.AFTER, (0, 4))],
)
def test_a_transition_lies_about_its_cut_and_no_clip_moves(
    alignment: Alignment, reach: tuple[int, int]
) -> None:
    project = film(track("AAAAAABBBBBB"))
    made = add_transition(project, "A", Edge.TAIL, TransitionKind.DISSOLVE, 4, alignment)
    found = on_cut(made)
    assert (found.in_offset, found.out_offset) == reach
    assert drawn(made) == "AAAAAAxBBBBBB"
    assert named(remove_transition(made, found.id), "V1") == named(project, "V1")


def test_a_transition_at_the_end_of_a_track_fades_and_lies_inside_the_clip() -> None:
    project = film(track("AAAAAA"))
    fade_in = add_transition(project, "A", Edge.HEAD, TransitionKind.DISSOLVE, 4)
    assert (on_cut(fade_in).in_offset, on_cut(fade_in).out_offset) == (0, 4)
    fade_out = add_transition(project, "A", Edge.TAIL, TransitionKind.DISSOLVE, 4)
    assert (on_cut(fade_out).in_offset, on_cut(fade_out).out_offset) == (4, 0)


def test_every_kind_of_transition_takes_its_place_on_tracks_of_its_own_kind() -> None:
    sound = film(track("aaaaaabbbbbb", "A1", TrackKind.AUDIO))
    picture = film(track("AAAAAABBBBBB"))
    for kind in TransitionKind:
        fits, other = (sound, picture) if kind is TransitionKind.CROSSFADE else (picture, sound)
        check(add_transition(fits, named_first(fits), Edge.TAIL, kind, 4))
        with pytest.raises(EditError, match="is for"):
            add_transition(other, named_first(other), Edge.TAIL, kind, 4)


def named_first(project: Project) -> str:
    return project.sequences[0].tracks[0].items[0].id


def test_a_change_of_kind_keeps_the_reach_and_drops_settings_it_has_not() -> None:
    wipe = add_transition(
        film(track("AAAAAABBBBBB")),
        "A",
        Edge.TAIL,
        TransitionKind.WIPE,
        4,
        params=(("angle", 45.0), ("ease", "ease_in")),
    )
    pushed = change_transition(wipe, on_cut(wipe).id, kind=TransitionKind.PUSH)
    assert on_cut(pushed).params == (("ease", "ease_in"),)
    assert (on_cut(pushed).in_offset, on_cut(pushed).out_offset) == (2, 2)
    with pytest.raises(EditError, match="no setting"):
        change_transition(wipe, on_cut(wipe).id, params=(("sparkle", 1.0),))


def test_every_effect_goes_on_what_it_works_on_and_on_nothing_else() -> None:
    project = film(track("AAA"), track("aaa", "A1", TrackKind.AUDIO))
    for kind, entry in EFFECTS.items():
        fits, other = ("a", "A") if entry.target is Target.SOUND else ("A", "a")
        for owner in (fits, named(project, "A1" if fits == "a" else "V1").id, "s"):
            made = add_effect(project, owner, kind)
            assert [effect.kind for effect in effects_of(made, owner)] == [kind]
        with pytest.raises(EditError, match="works on"):
            add_effect(project, other, kind)


def test_effects_keep_an_order_and_are_switched_copied_and_removed() -> None:
    project = add_effect(add_effect(film(track("AAABBB")), "A", "blur"), "A", "vignette")
    blur, vignette = effects_of(project, "A")
    assert [e.kind for e in effects_of(move_effect(project, "A", vignette.id, 0), "A")] == [
        "vignette",
        "blur",
    ]
    off = enable_effect(project, "A", blur.id, enabled=False)
    assert [effect.enabled for effect in effects_of(off, "A")] == [False, True]
    pasted = paste_effects(off, "A", ["B"])
    assert [(e.kind, e.enabled) for e in effects_of(pasted, "B")] == [
        ("blur", False),
        ("vignette", True),
    ]
    assert {e.id for e in effects_of(pasted, "B")}.isdisjoint({blur.id, vignette.id})
    assert effects_of(remove_effect(project, "A", blur.id), "A") == (vignette,)


def test_effects_pasted_on_many_clips_are_each_an_effect_of_its_own() -> None:
    project = add_effect(add_effect(film(track("AAABBBCCC")), "A", "blur"), "A", "vignette")
    pasted = paste_effects(project, "A", ["B", "C", "A", "B"])
    owned = {name: effects_of(pasted, name) for name in ("A", "B", "C")}
    assert [len(effects) for effects in owned.values()] == [4, 2, 2]
    ids = [effect.id for effects in owned.values() for effect in effects]
    assert len(ids) == len(set(ids))
    assert all(int(each[1:]) < pasted.next_id for each in ids)


def test_keyframes_hold_run_straight_and_ease() -> None:
    knob = Knob("A", "opacity")
    project = set_keyframe(film(track("A" * 20)), knob, 0, 0.0, Linear())
    project = set_keyframe(project, knob, 10, 1.0, Hold())
    assert [value_at(opacity(project), frame) for frame in (0, 5, 10, 19)] == [0, 0.5, 1, 1]
    held = set_keyframe(project, knob, 0, 0.0, Hold())
    assert [value_at(opacity(held), frame) for frame in (0, 9, 10)] == [0, 0, 1]
    eased = set_keyframe(project, knob, 0, 0.0, Bezier(0.42, 0.0, 0.58, 1.0))
    assert value_at(opacity(eased), 2) < 0.2 * 0.9
    assert value_at(opacity(eased), 5) == pytest.approx(0.5)
    moved = move_keyframe(project, knob, 10, 4)
    assert value_at(opacity(moved), 2) == 0.5
    one = remove_keyframe(project, knob, 10)
    assert value_at(opacity(one), 10) == 0
    assert value_of(reset_value(project, knob), knob) == 1.0
    with pytest.raises(EditError, match="goes from 0 to 1"):
        set_value(project, knob, 1.5)


def opacity(project: Project) -> float | Curve:
    value = value_of(project, Knob("A", "opacity"))
    assert not isinstance(value, bool | str)
    return value


def test_markers_keep_their_order_notes_and_colours() -> None:
    project = add_marker(film(track("AAABBB")), "s", 4, name="Late", colour=MarkerColour.RED)
    project = add_marker(project, "s", 1, name="Early", note="Too dark", chapter=True)
    early, late = project.sequences[0].markers
    assert (early.name, early.note, early.chapter) == ("Early", "Too dark", True)
    assert late.colour is MarkerColour.RED
    moved = move_marker(project, "s", early.id, 5)
    assert [marker.name for marker in moved.sequences[0].markers] == ["Late", "Early"]
    pink = change_marker(
        project, "s", late.id, lambda each: replace(each, colour=MarkerColour.PINK)
    )
    assert pink.sequences[0].markers[1].colour is MarkerColour.PINK
    assert remove_marker(project, "s", early.id).sequences[0].markers == (late,)
    assert drawn(pink) == "AAABBB"
    with pytest.raises(EditError, match="before the start"):
        move_marker(project, "s", early.id, -1)


def test_a_subtitle_file_becomes_captions_that_can_be_split_joined_and_written() -> None:
    project = film(track("A" * 60), track("", "C1", TrackKind.CAPTION))
    project = add_captions(project, "C1", parse_subtitles(SRT))
    assert spoken(project) == [("Hello. Goodbye.", 12), ("Rain falls.", 24)]
    first = next(item for item in named(project, "C1").items if isinstance(item, Clip))
    split = split_caption(project, first.id, 4, 6)
    assert spoken(split) == [("Hello.", 4), ("Goodbye.", 8), ("Rain falls.", 24)]
    assert spoken(join_captions(split, first.id)) == spoken(project)
    assert parse_subtitles(write_srt(parse_subtitles(SRT))) == parse_subtitles(SRT)
    assert parse_subtitles(write_vtt(parse_subtitles(SRT))) == parse_subtitles(SRT)
    with pytest.raises(EditError, match="not for captions"):
        add_captions(project, "V1", parse_subtitles(SRT))


def cue(start: int, end: int, text: str, speaker: str = "") -> Cue:
    """A cue from tick to tick of a 24 a second clock."""
    rate = Rate(24)
    return Cue(Time(start, rate), Time(end, rate), text, speaker)


@pytest.mark.parametrize(
    ("cues", "wanted"),
    [
        ([(0, 48, "a"), (24, 72, "b")], [("a", 24), ("a\nb", 24), ("b", 24)]),
        ([(0, 72, "a"), (24, 48, "b")], [("a", 24), ("a\nb", 24), ("a", 24)]),
        ([(0, 48, "a"), (0, 48, "b")], [("a\nb", 48)]),
        ([(0, 48, "a"), (0, 48, "a")], [("a", 48)]),
        ([(0, 50, "a"), (48, 72, "b")], [("a", 48), ("b", 24)]),
        ([(0, 24, "a"), (48, 72, "b")], [("a", 24), ("b", 24)]),
        ([(24, 72, "b"), (0, 30, "a")], [("a", 24), ("a\nb", 6), ("b", 42)]),
        ([(5, 5, "a")], [("a", 1)]),
    ],
)
def test_captions_on_screen_together_are_read_together(
    cues: list[tuple[int, int, str]], wanted: list[tuple[str, int]]
) -> None:
    project = film(track("A" * 80), track("", "C1", TrackKind.CAPTION))
    laid = add_captions(project, "C1", [cue(*each) for each in cues])
    check(laid)
    assert spoken(laid) == wanted


def test_speakers_who_talk_at_once_are_both_named() -> None:
    project = film(track("A" * 80), track("", "C1", TrackKind.CAPTION))
    both = [cue(0, 48, "No!", "Ann"), cue(0, 48, "Yes!", "Bo"), cue(60, 70, "So?", "Ann")]
    laid = add_captions(project, "C1", both)
    media = [item.media for item in named(laid, "C1").items if isinstance(item, Clip)]
    assert [each.speaker for each in media if isinstance(each, CaptionMedia)] == ["Ann, Bo", "Ann"]


def spoken(project: Project) -> list[tuple[str, int]]:
    return [
        (item.media.text, item.duration)
        for item in named(project, "C1").items
        if isinstance(item, Clip) and isinstance(item.media, CaptionMedia)
    ]


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_title_template_takes_lines_and_fills_in_its_own(template: str) -> None:
    own = words_of(title_from(template))
    given = words_of(title_from(template, "Ada"))
    assert own == list(TEMPLATES[template].lines)
    assert given == ["Ada", *own[1:]]
    empty = clip("A", 9, media=TitleMedia(title=Title(blocks=())))
    project = film(replace(track("A"), items=(empty,)))
    laid = set_title_text(set_title(project, "A", title_from(template)), "A", 0, "Grace")
    media = locate_clip(laid, "A")[1].media
    assert isinstance(media, TitleMedia)
    assert media.title.template == template
    assert media.title.blocks[0].text == "Grace"
    for block in media.title.blocks:
        assert (1 - TITLE_SAFE) / 2 <= block.x <= (1 + TITLE_SAFE) / 2
        assert (1 - TITLE_SAFE) / 2 <= block.y <= (1 + TITLE_SAFE) / 2


def words_of(title: Title) -> list[str]:
    return [line for block in title.blocks for line in block.text.split("\n")]
