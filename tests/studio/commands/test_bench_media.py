"""The films that the benches of exports and media measure are whole, and what they say they are."""

from __future__ import annotations

from pathlib import Path

import av

from studio.commands.bench import export
from studio.commands.sample_footage import GROUP, SIZE, make_film
from studio.document.model.asset import Asset, AssetKind
from studio.document.model.clip import Clip
from studio.document.queries.places import sequence_duration
from tests.studio.document.rules import check


def _film(name: str) -> Asset:
    return Asset(id=name, name=name, kind=AssetKind.VIDEO, path=f"{name}.mp4")


def test_the_minute_is_a_minute_of_dissolves_under_a_title() -> None:
    project = export._minute([_film("a"), _film("b")])
    check(project)
    assert sequence_duration(project.sequences[0]) == 1800
    kinds = [type(item).__name__ for item in project.sequences[0].tracks[0].items]
    assert kinds.count("Transition") == 5


def test_melt_is_given_the_same_minute() -> None:
    words = export._melt(Path("/f"), [_film("a"), _film("b")])
    first = [int(word[3:]) for word in words if word.startswith("in=")]
    last = [int(word[4:]) for word in words if word.startswith("out=") and len(first)][:6]
    frames = sum(end - start + 1 for start, end in zip(first, last, strict=True))
    assert frames - 5 * export.OVERLAP == 1800


def test_no_piece_to_be_copied_begins_or_ends_with_a_group() -> None:
    project = export._ten_cuts(_film("a"))
    check(project)
    for item in project.sequences[0].tracks[0].items:
        assert isinstance(item, Clip)
        start = item.source_start.value
        assert start % GROUP
        assert (start + item.duration) % GROUP
        assert start + item.duration <= export.FILM_FRAMES


def test_footage_has_long_groups_and_pictures_that_differ(tmp_path: Path) -> None:
    made = make_film(tmp_path / "film.mp4", GROUP + 4, 1)
    assert made.duration.value == GROUP + 4
    with av.open(str(tmp_path / "film.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == SIZE
        keys = [packet.is_keyframe for packet in container.demux(stream) if packet.size]
    assert len(keys) == GROUP + 4
    assert sum(keys) == 2
