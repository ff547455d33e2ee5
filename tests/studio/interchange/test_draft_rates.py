"""Drafts at 12 frames a second leave for other editors too: most have no timecode of that rate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.document.model.project import Project
from studio.document.time import Rate, Time
from studio.interchange.files import read, write
from tests.studio.document.films import ASSET, film, track

HOME = Path("/films")


def _drafts(media: Rate, cut: Rate) -> Project:
    """Two clips of media of one rate in a sequence of another."""
    project = film(track("AAAABBBB"))
    facts = replace(ASSET.video[0], rate=media)
    asset = replace(ASSET, video=(facts,), duration=Time(48_000, media), audio=())
    return replace(
        project,
        assets=(asset,),
        sequences=tuple(replace(each, rate=cut) for each in project.sequences),
    )


@pytest.mark.parametrize("ending", [".otio", ".otioz", ".fcpxml", ".xml", ".edl"])
@pytest.mark.parametrize(
    "media", [Rate(8), Rate(12), Rate(15), Rate(16), Rate(120), Rate(30000, 1001)]
)
def test_media_of_any_rate_goes_out_and_comes_back(
    ending: str, media: Rate, tmp_path: Path
) -> None:
    path = tmp_path / f"cut{ending}"
    project = _drafts(media, Rate(30))
    write(project, path, HOME)
    back = read(path, HOME, tmp_path / "media").project
    rows = [row for row in back.sequences[0].tracks if row.items]
    assert [item.duration for item in rows[0].items] == [4, 4]


@pytest.mark.parametrize("ending", [".otio", ".fcpxml", ".xml"])
def test_a_sequence_of_a_drafts_rate_goes_out_and_comes_back(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"cut{ending}"
    write(_drafts(Rate(12), Rate(12)), path, HOME)
    back = read(path, HOME, tmp_path / "media").project
    assert back.sequences[0].rate == Rate(12)
    assert [item.duration for item in back.sequences[0].tracks[0].items] == [4, 4]
