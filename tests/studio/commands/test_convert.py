"""`convert`: projects to other editors' files and back, and what cannot be converted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from studio.document.file.project_file import ProjectFile
from tests.studio.commands.running import command, sentence
from tests.studio.document.films import dissolve, film, track, with_transition
from tests.studio.document.saved_samples import SAVED_PROJECT


def saved(folder: Path) -> Path:
    path = folder / "film.workprint"
    row = with_transition(track("AAAAA|BBBBB...CCC"), 1, dissolve("x", 1, 1))
    ProjectFile.create(path, film(row)).close()
    return path


def test_a_project_goes_out_and_comes_back(tmp_path: Path) -> None:
    source = saved(tmp_path)
    out = tmp_path / "film.otio"
    made = command("convert", source, out, "--json")
    assert made.code == 0, made.err
    assert made.body == {"file": str(out), "sequences": ["Cut"], "losses": []}
    back = tmp_path / "back.workprint"
    assert command("convert", out, back).code == 0
    with (
        ProjectFile.open(source, read_only=True) as before,
        ProjectFile.open(back, read_only=True) as after,
    ):
        assert after.project == before.project


def test_what_does_not_go_along_is_listed(tmp_path: Path) -> None:
    source = tmp_path / "fox.workprint"
    sequence = replace(SAVED_PROJECT.sequences[0], drop_frame=False)
    ProjectFile.create(source, replace(SAVED_PROJECT, sequences=(sequence,))).close()
    made = command("convert", source, tmp_path / "fox.fcpxml")
    assert made.code == 0, made.err
    assert "speed ramps" in made.out
    assert "“Fox”" in made.out


def test_refusals_say_what_to_do(tmp_path: Path) -> None:
    source = saved(tmp_path)
    assert ".edl" in sentence(command("convert", source, tmp_path / "film.aaf"), 2)
    assert "Check the name" in sentence(command("convert", tmp_path / "no.edl", source), 1)
    assert "already" in sentence(command("convert", source, _existing(tmp_path)), 1)
    bad = tmp_path / "bad.otio"
    bad.write_text("{")
    assert "bad.otio" in sentence(command("convert", bad, tmp_path / "x.workprint"), 1)
    no_track = command("convert", source, tmp_path / "x.edl", "--track", "V9")
    assert "V1" in sentence(no_track, 1)
    assert not (tmp_path / "x.edl").exists()


def _existing(folder: Path) -> Path:
    path = folder / "there.otio"
    path.write_text("kept")
    return path
