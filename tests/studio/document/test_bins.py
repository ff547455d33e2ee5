"""Folders of the media bin: made, renamed, moved, removed, and never in the way of the cut."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.document.edits import bins
from studio.document.edits.assets import remove_assets
from studio.document.edits.merge import merge
from studio.document.edits.sequences import add_sequence
from studio.document.edits.source import clips_of_asset
from studio.document.errors import EditError
from studio.document.file.project_file import ProjectFile
from studio.document.history import History, MemoryJournal
from studio.document.model.asset import Asset, AssetKind
from studio.document.model.label import Label
from studio.document.model.project import Project
from studio.document.queries.bins import all_bins, bin_parent, ids_in, lies_in
from studio.document.rows import all_rows
from studio.document.time import Rate
from tests.studio.document.films import ASSET, film, track
from tests.studio.document.rules import check


def stocked() -> Project:
    """A cut of one tape, three more files, two of them in folders, and a second sequence."""
    project = film(track("AAAA"))
    project = add_sequence(project, "Two", Rate(24), 640, 360)
    for number, folder in enumerate(("", "Day 1", "Day 1/Foxes"), 1):
        made = Asset(
            id=f"a{900 + number}",
            name=f"{number}.mov",
            kind=AssetKind.VIDEO,
            path=f"/tapes/{number}.mov",
            bin=folder,
        )
        project = replace(project, assets=(*project.assets, made))
    return project


def where(project: Project) -> dict[str, str]:
    """The folders of all files and sequences, by name."""
    return {each.name: each.bin for each in (*project.assets, *project.sequences)}


def test_a_folder_stays_when_its_last_file_leaves_it() -> None:
    project = bins.put_in_bin(stocked(), ["a903"], "")
    assert all_bins(project) == ("Day 1", "Day 1/Foxes")
    assert where(project)["3.mov"] == ""
    project = remove_assets(bins.keep_bins(project), ["a902"])
    assert all_bins(project) == ("Day 1", "Day 1/Foxes")


def test_a_sequence_and_a_file_go_into_a_new_folder_together() -> None:
    project = stocked()
    moved = bins.put_in_bin(project, ["a901", project.sequences[1].id], " Cuts / Old ")
    assert where(moved) == {**where(project), "1.mov": "Cuts/Old", "Two": "Cuts/Old"}
    assert all_bins(moved) == ("Cuts", "Cuts/Old", "Day 1", "Day 1/Foxes")
    assert moved.sequences[0] is project.sequences[0]


def test_a_folder_moves_and_is_renamed_with_all_in_it() -> None:
    project = bins.add_bin(stocked(), "Archive")
    project = bins.move_bin(project, "Day 1", "Archive")
    assert where(project)["3.mov"] == "Archive/Day 1/Foxes"
    project = bins.rename_bin(project, "Archive/Day 1", "Monday")
    assert where(project)["2.mov"] == "Archive/Monday"
    assert all_bins(project) == ("Archive", "Archive/Monday", "Archive/Monday/Foxes")


def test_a_removed_folder_leaves_what_was_in_it_where_it_lay() -> None:
    project = bins.remove_bins(stocked(), ["Day 1"], contents=False)
    assert where(project)["2.mov"] == ""
    assert where(project)["3.mov"] == "Foxes"
    assert all_bins(project) == ("Foxes",)


def test_a_folder_goes_with_all_in_it_unless_a_timeline_uses_that() -> None:
    project = bins.remove_bins(stocked(), ["Day 1", "Day 1/Foxes"], contents=True)
    assert {"2.mov", "3.mov"}.isdisjoint(where(project))
    assert all_bins(project) == ()
    used = bins.put_in_bin(project, [ASSET.id], "Day 1")
    with pytest.raises(EditError, match="is used on a timeline"):
        bins.remove_bins(used, ["Day 1"], contents=True)


def test_a_sequence_goes_together_with_the_footage_that_it_alone_uses() -> None:
    project = stocked()
    first = project.sequences[0].id
    left = bins.remove_from_bin(project, [ASSET.id, first])
    assert [each.name for each in left.sequences] == ["Two"]
    assert ASSET.id not in left.assets_by_id
    with pytest.raises(EditError, match="at least one sequence"):
        bins.remove_from_bin(project, [each.id for each in project.sequences])


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda p: bins.add_bin(p, " / "), "needs a name"),
        (lambda p: bins.add_bin(p, "Day 1"), "already a folder called Day 1"),
        (lambda p: bins.rename_bin(p, "Day 1/Foxes", ""), "needs a name"),
        (lambda p: bins.move_bin(p, "Day 1", "Day 1/Foxes"), "into itself"),
        (lambda p: bins.move_bin(bins.add_bin(p, "Foxes"), "Day 1/Foxes", ""), "already a folder"),
        (lambda p: bins.put_in_bin(p, ["gone"], "Day 1"), "no longer in the media bin"),
    ],
)
def test_what_cannot_be_is_refused(edit: object, says: str) -> None:
    assert callable(edit)
    with pytest.raises(EditError, match=says):
        edit(stocked())


def test_folders_of_another_project_come_in_below_the_open_one() -> None:
    project = merge(Project(name="mine"), bins.add_bin(stocked(), "Empty"), "From Anna")
    assert where(project)["3.mov"] == "From Anna/Day 1/Foxes"
    assert where(project)["Two"] == "From Anna"
    assert "From Anna/Empty" in all_bins(project)


def test_clips_take_over_the_label_of_their_footage() -> None:
    project = bins.label_in_bin(stocked(), [ASSET.id], Label.MANGO)
    picture, sound = clips_of_asset(project, ASSET.id, Rate(24))
    assert picture is not None
    assert sound is not None
    assert (picture.colour, sound.colour) == (Label.MANGO, Label.MANGO)
    assert Label.read(picture.colour) is Label.MANGO
    assert Label.read("#336699") is None


def test_empty_folders_are_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "film.workprint"
    with ProjectFile.create(path, stocked()) as file:
        file.history.apply("New folder", lambda p: bins.add_bin(p, "Day 2/Birds"))
        edited = file.project
    with ProjectFile.open(path) as file:
        assert file.project == edited
        assert all_bins(file.project) == ("Day 1", "Day 1/Foxes", "Day 2", "Day 2/Birds")
        file.history.undo()
        assert file.project == stocked()


PATHS = st.sampled_from(["", "A", "A/B", "A/B/C", "B", "Day 1", "Day 1/Foxes"])
IDS = st.lists(st.sampled_from(["a901", "a902", "a903", "asset"]), unique=True)
EDITS = st.one_of(
    st.tuples(st.just("add"), PATHS),
    st.tuples(st.just("put"), IDS, PATHS),
    st.tuples(st.just("rename"), PATHS.filter(bool), st.sampled_from(["A", "B", "Foxes", ""])),
    st.tuples(st.just("move"), PATHS, PATHS),
    st.tuples(st.just("lift"), PATHS),
    st.tuples(st.just("empty"), PATHS),
)
VERBS = {
    "add": bins.add_bin,
    "put": bins.put_in_bin,
    "rename": bins.rename_bin,
    "move": bins.move_bin,
    "lift": lambda p, path: bins.remove_bins(p, [path] if path else [], contents=False),
    "empty": lambda p, path: bins.remove_bins(p, [path] if path else [], contents=True),
}


@settings(max_examples=60, deadline=None)
@given(st.lists(EDITS, max_size=8))
def test_whatever_is_done_every_thing_lies_in_a_folder_that_there_is(edits: list[tuple]) -> None:
    history = History(stocked(), MemoryJournal())
    for verb, *values in edits:
        before = history.project
        try:
            history.apply(verb, lambda p, verb=verb, values=values: VERBS[verb](p, *values))
        except EditError:
            assert history.project is before
            continue
        project = history.project
        check(project)
        listed = set(all_bins(project))
        assert {bin_parent(each) for each in listed} - {""} <= listed
        assert {each.bin for each in (*project.assets, *project.sequences)} - {""} <= listed
        assert set(all_bins(before)) <= listed or verb in ("rename", "move", "lift", "empty")
        assert project.sequences[0].tracks == before.sequences[0].tracks
    while history.undo_name is not None:
        history.undo()
    assert all_rows(history.project) == all_rows(stocked())


def test_a_folder_holds_what_lies_in_it_at_any_depth() -> None:
    assert ids_in(stocked(), "Day 1") == ["a902", "a903"]
    assert lies_in("Day 1/Foxes", "")
    assert not lies_in("Day 10", "Day 1")
