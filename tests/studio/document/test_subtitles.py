"""Subtitle files as they are found: hand-edited, oddly encoded, damaged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.document.edits.captions import bring_captions
from studio.document.model.clip import CaptionMedia, Clip
from studio.document.model.project import Project
from studio.document.model.sequence import TrackKind
from studio.document.subtitles import decoded, parse_subtitles, read_subtitles
from tests.studio.document.films import film, track
from tests.studio.document.rules import check

PLAIN = "1\n00:00:01,000 --> 00:00:02,000\nHello.\n\n2\n00:00:02,500 --> 00:00:03,000\nRain.\n"


def words(text: str) -> list[str]:
    return [cue.text for cue in parse_subtitles(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (PLAIN.replace("\n", "\r\n"), ["Hello.", "Rain."]),
        (PLAIN.replace("\n", "\r"), ["Hello.", "Rain."]),
        (PLAIN.replace("\n\n", "\n"), ["Hello.", "Rain."]),
        (PLAIN.replace("Hello.", "Hello.\n\nAgain."), ["Hello.\nAgain.", "Rain."]),
        (PLAIN.replace("Hello.", "42"), ["42", "Rain."]),
        (PLAIN.replace(",000", ""), ["Hello.", "Rain."]),
        (PLAIN.replace("Hello.", ""), ["Rain."]),
        ("\ufeffWEBVTT\n\nNOTE no -- arrow\n\n" + PLAIN.replace(",", "."), ["Hello.", "Rain."]),
        ("WEBVTT\n\nintro\n00:01.000 --> 00:02.000 line:0\n<i>So</i> &amp; so", ["So & so"]),
    ],
)
def test_files_are_read_as_people_leave_them(text: str, wanted: list[str]) -> None:
    assert words(text) == wanted
    assert not read_subtitles(text).left_out


@pytest.mark.parametrize(
    "times",
    ["00:00:99,000 --> 00:01:01,000", "00:00:05 --> 00:00:04", "soon --> later", "999:0:0 --> "],
)
def test_a_caption_without_sense_is_told_by_its_line_and_the_others_stay(times: str) -> None:
    found = read_subtitles(f"{PLAIN}\n3\n{times}\nLost.\n")
    assert [cue.text for cue in found.cues] == ["Hello.", "Rain."]
    assert len(found.left_out) == 1
    assert found.left_out[0].startswith("Line 10, ")


@pytest.mark.parametrize("text", ["", "Dear Ada,\nno times here.", "1\n--> \nx"])
def test_a_file_without_captions_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no captions"):
        read_subtitles(text)


def test_text_is_read_in_the_encodings_that_occur() -> None:
    for codec in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert decoded("Schön – „so“".encode(codec)) == "Schön – „so“"
    with pytest.raises(ValueError, match="no subtitle file"):
        decoded(b"RIFF\0\0\0\0")


@given(st.lists(st.sampled_from([*"0123456789:,.<>-\n\r ", "-->", "WEBVTT", "\n\n", "a"])))
def test_no_text_does_worse_than_be_refused(parts: list[str]) -> None:
    try:
        cues = parse_subtitles("".join(parts))
    except ValueError:
        return
    assert all(cue.start <= cue.end and cue.text for cue in cues)


def caption_rows(project: Project) -> dict[str, list[tuple[int, str]]]:
    return {
        row.name: [
            (start, item.media.text)
            for start, item in zip(row.index.starts, row.items, strict=False)
            if isinstance(item, Clip) and isinstance(item.media, CaptionMedia)
        ]
        for row in project.sequences[0].tracks
        if row.kind is TrackKind.CAPTION
    }


def test_captions_take_an_empty_track_and_then_one_of_their_own() -> None:
    project = film(track("A" * 60), track("", "C1", TrackKind.CAPTION))
    once = bring_captions(project, "s", parse_subtitles(PLAIN), "talk")
    assert caption_rows(once) == {"C1": [(24, "Hello."), (60, "Rain.")]}
    twice = bring_captions(once, "s", parse_subtitles(PLAIN), "talk")
    check(twice)
    assert caption_rows(twice) == {
        "C1": [(24, "Hello."), (60, "Rain.")],
        "talk": [(24, "Hello."), (60, "Rain.")],
    }


def test_a_file_that_counts_in_timecode_lands_where_the_film_begins() -> None:
    project = film(track("A" * 60))
    hour = replace(project.sequences[0], start_timecode=24 * 3600)
    project = replace(project, sequences=(hour,))
    laid = bring_captions(project, "s", parse_subtitles(PLAIN.replace("00:00:", "01:00:")), "C1")
    assert caption_rows(laid) == {"C1": [(24, "Hello."), (60, "Rain.")]}
    counted = bring_captions(project, "s", parse_subtitles(PLAIN), "C1")
    assert caption_rows(counted) == caption_rows(laid), "a file that counts from 0 still does"
