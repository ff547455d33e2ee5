"""`captions`: subtitle files into a project and out again, and what is no subtitle file."""

from __future__ import annotations

from pathlib import Path

from studio.document.file.project_file import ProjectFile
from tests.studio.commands.running import command, sentence
from tests.studio.document.films import film, track

TALK = "1\n00:00:01,000 --> 00:00:02,000\nHello.\n\n2\n00:00:99,0 --> 00:01:00,0\nLost.\n"


def test_captions_go_in_and_come_out(tmp_path: Path) -> None:
    project, talk, out = (tmp_path / name for name in ("film.workprint", "talk.srt", "out.vtt"))
    ProjectFile.create(project, film(track("A" * 60))).close()
    talk.write_text(TALK)
    made = command("captions", project, talk, "--json")
    assert made.code == 0, made.err
    assert made.body["captions"] == 1
    assert "Line 6" in made.body["left_out"][0]
    assert command("captions", project, out, "--write").code == 0
    assert "00:00:01.000 --> 00:00:02.000\nHello." in out.read_text()
    with ProjectFile.open(project) as file:
        assert file.history.undo_name == "Import talk.srt"
    noise = tmp_path / "noise.srt"
    noise.write_bytes(bytes(range(256)))
    assert "noise.srt" in sentence(command("captions", project, noise), 1)
    assert ".vtt" in sentence(command("captions", project, tmp_path / "talk.txt"), 2)
