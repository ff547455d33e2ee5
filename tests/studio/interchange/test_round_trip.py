"""Random films out to other editors' formats and back: what a format carries comes back as sent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings

from studio.document.model.clip import Gap
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence
from studio.interchange.files import read, write
from tests.studio.document.actions import Action
from tests.studio.document.random_sessions import SESSIONS, performed
from tests.studio.document.rules import check

HOME = Path("/films")


def there_and_back(project: Project, ending: str, home: Path = HOME) -> Project:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"cut{ending}"
        write(project, path, home)
        return read(path, home, Path(folder) / "media").project


def nameless_gaps(project: Project) -> Project:
    """The project without its gaps' ids, for formats in which a gap is where nothing is."""
    return replace(project, sequences=tuple(map(_nameless, project.sequences)))


def _nameless(sequence: Sequence) -> Sequence:
    tracks = (
        replace(
            track,
            items=tuple(replace(i, id="") if isinstance(i, Gap) else i for i in track.items),
        )
        for track in sequence.tracks
    )
    return replace(sequence, tracks=tuple(tracks))


@pytest.mark.parametrize("ending", [".otio", ".otioz"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(session=SESSIONS)
def test_opentimelineio_brings_everything_back(ending: str, session: list[Action]) -> None:
    project = performed(session)
    back = there_and_back(project, ending)
    assert back == project
    check(back)
    assert back.next_id >= project.next_id


@pytest.mark.parametrize("ending", [".fcpxml", ".xml"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(session=[Action(verb="four_point", a=0, b=34, c=23)])  # 35 frames in 24: 145.833… %
@given(session=SESSIONS)
def test_final_cut_brings_everything_back(ending: str, session: list[Action]) -> None:
    project = performed(session)
    back = there_and_back(project, ending)
    assert nameless_gaps(back) == nameless_gaps(project)
    check(back)
