"""`scopes` and `loudness`: of a project as it is exported, of a file, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.commands import loudness, scopes
from studio.commands.failures import CommandError, exit_code_of
from studio.document.edits.assets import with_asset
from studio.document.edits.insert import overwrite
from studio.document.edits.source import NEW, Piece
from studio.document.file.project_file import ProjectFile
from studio.document.model.clip import Clip, GeneratorKind, GeneratorMedia
from studio.document.model.sequence import TrackKind
from studio.media.errors import MediaError
from studio.session.describing import describe
from studio.session.placing import Wanted, pieces_for, target_tracks
from studio.session.projects import empty_project
from tests.studio.commands.running import command
from tests.studio.media.footage import make_sound, tone

TONE_LUFS = -0.691 + 10 * np.log10(2 * 0.5 * 0.5**2)
"""Of the tone in both channels: at its 440 Hz, K-weighting changes hardly anything."""


@pytest.fixture
def film(tmp_path: Path, footage: Path) -> Path:
    """Two seconds of footage with sound, and then bars of a second."""
    project = empty_project("film")
    project, asset_id = with_asset(project, describe(footage, tmp_path))
    sequence = project.sequences[0]
    pieces = pieces_for(project, sequence.id, [Wanted(asset_id)], target_tracks(sequence), 120)
    project = overwrite(project, sequence.id, 0, pieces)
    track = next(track for track in sequence.tracks if track.kind is TrackKind.VIDEO)
    bars = Clip(id=NEW, duration=30, media=GeneratorMedia(kind=GeneratorKind.BARS))
    project = overwrite(project, sequence.id, 60, [Piece(track.id, bars)])
    path = tmp_path / "film.workprint"
    ProjectFile.create(path, project).close()
    return path


def test_the_scopes_of_a_frame_of_a_project(film: Path, tmp_path: Path) -> None:
    out = tmp_path / "bars.png"
    ended = command("scopes", film, "--at", "00:00:02:10", "--out", out, "--json")
    assert ended.code == 0, ended.err
    body = ended.body
    assert (body["frame"], body["timecode"]) == (70, "00:00:02:10")
    assert body["scopes"] == ["waveform", "parade", "vectorscope", "histogram"]
    assert body["luma"]["highest_percent"] == 100
    assert body["red"]["lowest_percent"] == pytest.approx(0, abs=0.5)
    with Image.open(out) as image:
        picture = np.asarray(image)
    assert picture.shape == (1200, 1920, 3)
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 100


def test_one_scope_of_a_media_file_with_codes(footage: Path, tmp_path: Path) -> None:
    out = tmp_path / "wave.png"
    options = ("--scope", "waveform", "--units", "code", "--at", "1.5")
    ended = command("scopes", footage, "--out", out, *options)
    assert ended.code == 0, ended.err
    assert ended.out.splitlines()[0].endswith("00:00:01:13 of holiday.mp4")
    assert "Y′" in ended.out
    with Image.open(out) as picture:
        assert picture.size == (1280, 800)


def test_the_loudness_of_a_file_and_of_the_film_it_is_in(
    film: Path, footage: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found: list[dict[str, float]] = []
    for path in (footage, film):
        assert loudness.run([str(path), "--json"]) == 0
        found.append(json.loads(capsys.readouterr().out))
    of_file, of_film = found
    assert of_file["integrated_lufs"] == pytest.approx(TONE_LUFS, abs=0.2)
    part_silent = 10 * np.log10((17 + 0.75 + 0.5 + 0.25) / 20)  # windows over the tone's end
    assert of_film["integrated_lufs"] == pytest.approx(TONE_LUFS + part_silent, abs=0.2)
    assert of_file["true_peak_dbtp"] == pytest.approx(20 * np.log10(0.5), abs=0.4)
    assert of_file["short_term_max_lufs"] is None  # it is shorter than three seconds
    assert of_film["seconds"] == 3


def test_loudness_is_told_in_words(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "tone.wav", tone(4 * 48_000, 48_000), 48_000)
    ended = command("loudness", path)
    assert ended.code == 0, ended.err
    lines = [line.split() for line in ended.out.splitlines()]
    names = ["Integrated", "Range", "Short-term,", "Momentary,", "True"]
    assert [line[0] for line in lines] == names
    assert [line[-2:] for line in lines] == [
        ["-6.7", "LUFS"], ["0.0", "LU"], ["-6.7", "LUFS"], ["-6.7", "LUFS"], ["-6.0", "dBTP"],
    ]  # fmt: skip


def refusal(code: int, run: Callable[[list[str]], int], *arguments: str | Path) -> str:
    """The sentence with which a command refuses, and ends with that code."""
    with pytest.raises((CommandError, MediaError)) as refused:
        run(list(map(str, arguments)))
    assert exit_code_of(refused.value) == code
    return str(refused.value)


def test_what_cannot_be_measured_is_refused_in_a_sentence(
    film: Path, footage: Path, tmp_path: Path
) -> None:
    sound = make_sound(tmp_path / "tone.wav", tone(9600, 48_000), 48_000)
    note = tmp_path / "note.txt"
    note.write_text("no film", encoding="utf-8")
    out = ("--out", tmp_path / "out.png")
    assert "no picture" in refusal(1, scopes.run, sound, *out)
    assert "00:00:00:00 to 00:00:02:29" in refusal(2, scopes.run, film, "--at", "60", *out)
    assert "PNG" in refusal(2, scopes.run, film, "--out", tmp_path / "out.jpg")
    assert "waveform" in refusal(2, scopes.run, film, "--scope", "wave", *out)
    assert "Leave --sequence out" in refusal(2, loudness.run, footage, "--sequence", "A")
    assert "no file" in refusal(1, loudness.run, tmp_path / "none.mp4")
    assert "note.txt" in refusal(1, loudness.run, note)
    assert not (tmp_path / "out.png").exists()
