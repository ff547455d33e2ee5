"""The catalogue's files: each can be read, says its terms, and adds up."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.catalogue import (
    FOLDER,
    FOLDER_VARIABLE,
    Entry,
    load_catalogue,
    read_catalogue,
    read_entry,
)
from engine.errors import Internal, UnknownModel
from engine.planning.shapes import valid_frames
from engine.protocol.recipes import Ability

ENTRIES = list(read_catalogue(FOLDER))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_an_entry_is_whole(entry: Entry) -> None:
    assert entry.licence.title
    assert entry.licence.url.startswith("https://")
    assert entry.licence.commercial or entry.licence.limits
    assert entry.abilities
    assert entry.download_bytes > 0
    for width, height in entry.rules.aspects.values():
        assert width % entry.rules.size_multiple == height % entry.rules.size_multiple == 0
        assert width * height <= entry.rules.max_pixels
    assert entry.defaults.frames in valid_frames(entry.rules)
    assert entry.source.kind != "hub" or entry.source.repository
    assert not (entry.runnable and entry.source.kind == "none")


@pytest.mark.parametrize(
    ("model", "gigabytes"),
    [("wan2.1-1.3b", 28.9), ("wan2.2-ti2v-5b", 34.2), ("wan2.2-a14b", 126.2)],
)
def test_downloads_are_as_large_as_the_hub_lists_them(model: str, gigabytes: float) -> None:
    entry = read_catalogue(FOLDER).entry(model)
    assert entry.download_bytes / 1e9 == pytest.approx(gigabytes, rel=0.01)


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("wan2.1-1.3B", "wan2.1-1.3b"), ("wan-14b", "wan2.1-14b"), ("movie-gen", "movie-gen-30b")],
)
def test_a_misspelt_model_is_answered_with_the_nearest(wrong: str, near: str) -> None:
    with pytest.raises(UnknownModel, match=f'no model called "{wrong}"') as told:
        read_catalogue(FOLDER).entry(wrong)
    assert told.value.hint == f"Did you mean {near}?"


def test_a_name_like_none_is_answered_with_all() -> None:
    with pytest.raises(UnknownModel) as told:
        read_catalogue(FOLDER).entry("§§§")
    assert told.value.hint.startswith("Choose from ")
    assert "wan2.1-14b" in told.value.hint


def test_only_what_can_be_run_serves_an_ability() -> None:
    serving = [entry.id for entry in read_catalogue(FOLDER).serving(Ability.TEXT_TO_VIDEO)]
    assert "wan2.1-1.3b" in serving
    assert "movie-gen-30b" not in serving


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text.replace("steps =", "stops ="),
        lambda text: text.replace("[latent]", "[latent"),
        lambda text: text.replace('id = "wan2.1-1.3b"', 'id = "other"'),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, harm: object) -> None:
    path = tmp_path / "wan2.1-1.3b.toml"
    text = (FOLDER / path.name).read_text("utf-8")
    path.write_text(harm(text), "utf-8")  # type: ignore[operator]
    with pytest.raises(Internal, match=r"wan2\.1-1\.3b\.toml"):
        read_entry(path)


def test_a_folder_of_ones_own_adds_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (FOLDER / "wan2.1-1.3b.toml").read_text("utf-8")
    (tmp_path / "mine.toml").write_text(text.replace('id = "wan2.1-1.3b"', 'id = "mine"'), "utf-8")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert load_catalogue().entry("mine").family == "wan"
    assert load_catalogue().entry("wan2.1-1.3b").family == "wan"
