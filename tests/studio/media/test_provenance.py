"""Where a film comes from: credits by stretch, credentials in the file, a report on paper."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import c2pa
import pytest

from studio.document.model.clip import SequenceMedia
from studio.document.model.generated import GeneratedMedia, Recipe, Take
from studio.document.model.project import Project
from studio.document.time import FrameRange, Time
from studio.media.export.job import ExportJob
from studio.media.export.run import export
from studio.media.probe import probe
from studio.media.provenance.credits import credits_of, generated_seconds, licence_of
from studio.media.provenance.identity import STATEMENT, make_identity, own_identity
from studio.media.provenance.report import Film, as_html, as_markdown
from studio.media.provenance.sign import spans
from tests.studio.media.cuts import FPS, asset, audio, clip, cut, gap, shot, video
from tests.studio.media.footage import grown

TEXT = json.dumps({"weights_sha256": "abc123"})
RECIPE = Recipe(
    text=TEXT, ability="text_to_video", model="pocket-video", prompt="A fox | runs <fast>", seed=7
)


def generated(start: int = 0) -> GeneratedMedia:
    take = Take(id="k1", asset_id="a.mp4", recipe=RECIPE, tier="draft", made_at="2026-01-01")
    return GeneratedMedia(recipe=RECIPE, takes=(take,), chosen="k1")


def film() -> Project:
    made = clip(generated(), 10, name="Fox", source_start=Time(5, FPS))
    return cut(
        video(shot("a.mp4", 10), made), audio(shot("tone.wav", 20)), assets=(asset("a.mp4"),)
    )


def credits_in(project: Project, first: int, end: int) -> tuple:
    return credits_of(project, project.sequences[0], FrameRange(first, end))


def test_credits_say_when_and_by_what() -> None:
    (credit,) = credits_in(film(), 0, 20)
    assert (credit.start_s, credit.end_s) == (Fraction(10, 25), Fraction(20, 25))
    assert (credit.what, credit.model, credit.seed) == ("picture", "pocket-video", 7)
    assert credit.weights == "abc123"
    assert credit.licence == "Apache License 2.0"


def test_credits_follow_the_range_and_nests() -> None:
    (credit,) = credits_in(film(), 15, 18)
    assert (credit.start_s, credit.end_s) == (0, Fraction(3, 25))
    inner = replace(film().sequences[0], id="inner")
    outer = cut(
        video(gap(5), clip(SequenceMedia(sequence_id="inner"), 8, source_start=Time(8, FPS)))
    )
    whole = replace(outer, sequences=(*outer.sequences, inner), assets=film().assets)
    (nested,) = credits_in(whole, 0, 13)
    assert (nested.start_s, nested.end_s) == (Fraction(7, 25), Fraction(13, 25))


def test_consent_is_told_in_the_report_and_in_the_file() -> None:
    agreed = json.dumps({"options": {"consent": True}})
    made = generated()
    takes = tuple(
        replace(take, recipe=replace(take.recipe, text=agreed, ability="personalize_video"))
        for take in made.takes
    )
    shown = clip(replace(made, takes=takes), 10, name="Me")
    found = credits_in(cut(video(shown), assets=(asset("a.mp4"),)), 0, 10)
    assert [credit.consent for credit in found] == [True]
    told = as_markdown(Film("film.mp4", Fraction(1), found, "Nothing is signed."))
    assert "personalize video (draft), with the consent of who is shown" in told
    assert spans(found)[0]["consent_recorded"] is True
    assert "consent_recorded" not in spans(credits_in(film(), 0, 20))[0]


def test_overlapping_stretches_count_once() -> None:
    two = cut(video(clip(generated(), 10)), video(gap(5), clip(generated(), 10)))
    assert generated_seconds(credits_in(two, 0, 20), "picture") == Fraction(15, 25)


def test_a_model_that_is_not_in_the_catalogue_is_said_so() -> None:
    assert "not known" in licence_of("somebody/else")


@pytest.mark.parametrize(
    ("preset", "suffix"),
    [
        ("h264_fast", ".mp4"),
        ("wav", ".wav"),
        ("gif", ".gif"),
        ("webp", ".webp"),
        ("apng", ".png"),
        ("prores_422", ".mov"),
        ("mp3", ".mp3"),
    ],
)
def test_the_file_carries_its_credentials_and_still_plays(
    reel: Path, tmp_path: Path, preset: str, suffix: str
) -> None:
    out = tmp_path / f"film{suffix}"
    job = ExportJob(sequence_id="s", out=out, preset=preset, smart_render=False)
    result = export(film(), reel, job)
    with c2pa.Reader(str(out)) as reader:
        said = json.loads(reader.json())
    active = said["manifests"][said["active_manifest"]]
    labels = {each["label"]: each["data"] for each in active["assertions"]}
    (span,) = labels["org.workprint.generated-spans"]["spans"]
    assert (span["start_s"], span["end_s"], span["model"]) == (0.4, 0.8, "pocket-video")
    assert "fox" not in json.dumps(said).lower()
    problems = {each["code"] for each in said.get("validation_status", [])}
    assert problems <= {"signingCredential.untrusted"}
    assert probe(out).duration > 0
    assert STATEMENT in result.notes[0]
    assert [path.name for path in result.sidecars] == ["film.credits.html"]


def test_a_changed_file_no_longer_matches_its_credentials(reel: Path, tmp_path: Path) -> None:
    out = tmp_path / "film.wav"
    export(film(), reel, ExportJob(sequence_id="s", out=out, preset="wav"))
    data = bytearray(out.read_bytes())
    data[len(data) // 2] ^= 0xFF
    out.write_bytes(data)
    with c2pa.Reader(str(out)) as reader:
        said = json.loads(reader.json())
    assert "assertion.dataHash.mismatch" in {each["code"] for each in said["validation_status"]}


def test_where_there_is_no_place_the_report_says_so(reel: Path, tmp_path: Path) -> None:
    out = tmp_path / "film.webm"
    job = ExportJob(
        sequence_id="s", out=out, preset="vp9", end=3, video_options=(("deadline", "realtime"),)
    )
    result = export(film(), reel, job)
    assert "no place" in result.sidecars[0].read_text()


def test_every_stem_carries_credentials_and_one_report_stands_beside_them(
    reel: Path, tmp_path: Path
) -> None:
    heard = clip(generated(), 10, name="Fox")
    project = cut(
        audio(heard, name="Voice"),
        audio(shot("tone.wav", 10), name="Music"),
        assets=(replace(asset("tone.wav"), id="a.mp4"), asset("tone.wav")),
    )
    job = ExportJob(sequence_id="s", out=tmp_path / "mix.wav", preset="stems")
    result = export(project, reel, job)
    stems = sorted(result.path.iterdir())
    assert [path.name for path in stems] == ["01 Voice.wav", "02 Music.wav"]
    for path in stems:
        with c2pa.Reader(str(path)) as reader:
            assert "pocket-video" in reader.json()
    assert [path.name for path in result.sidecars] == ["mix.credits.html"]
    assert "pocket-video" in result.sidecars[0].read_text()


def test_a_report_stands_for_the_pictures_of_a_sequence(reel: Path, tmp_path: Path) -> None:
    out = tmp_path / "shot.png"
    result = export(film(), reel, ExportJob(sequence_id="s", out=out, preset="png_sequence", end=2))
    assert [path.name for path in result.sidecars] == ["shot.credits.html"]
    assert "one by one" in result.sidecars[0].read_text()
    left_out = ExportJob(
        sequence_id="s", out=tmp_path / "b.png", preset="png_sequence", end=2, credentials=False
    )
    assert export(film(), reel, left_out).sidecars == ()


def test_credentials_can_be_left_out(reel: Path, tmp_path: Path) -> None:
    out = tmp_path / "film.wav"
    result = export(
        film(), reel, ExportJob(sequence_id="s", out=out, preset="wav", credentials=False)
    )
    assert result.notes == ()
    assert list(tmp_path.iterdir()) == [out]


def test_the_identity_is_made_once_and_its_key_is_kept_close(tmp_path: Path) -> None:
    first = own_identity(tmp_path / "identity")
    again = own_identity(tmp_path / "identity")
    assert first == again
    assert first.self_made
    assert (tmp_path / "identity" / "key.pem").stat().st_mode & 0o077 == 0
    assert make_identity("x").key != first.key


def test_the_report_reads_well_and_is_safe_to_open() -> None:
    told = Film("film.mp4", Fraction(4, 5), credits_in(film(), 0, 20), "Nothing is signed.")
    page, text = as_html(told), as_markdown(told)
    assert "A fox | runs &lt;fast&gt;" in page
    assert "Generated picture: 00:00.400 of 00:00.800 (50 %)." in page
    assert "A fox \\| runs <fast>" in text
    assert "Model pocket-video: Apache License 2.0." in text


_SIGN = r"""
import re, sys
from pathlib import Path
from studio.media.provenance.identity import make_identity
from studio.media.provenance.sign import sign_file
source, signed, small = map(Path, sys.argv[1:])
identity = make_identity("x")
def held():
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024
sign_file(small, signed, "x.mp4", (), identity)
before = held()
sign_file(source, signed, "x.mp4", (), identity)
print(held() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a peak in /proc")
def test_signing_does_not_hold_a_film_in_memory_twice(reel: Path, tmp_path: Path) -> None:
    size = 64 * 1024 * 1024
    film_file = grown(reel / "a.mp4", size, tmp_path / "long.mp4")
    told = subprocess.run(
        [sys.executable, "-c", _SIGN, film_file, tmp_path / "signed.mp4", reel / "a.mp4"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(told.stdout) < 1.5 * size
