"""What is saved: a golden of each class, a film of each version, and what newer ones wrote."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

import studio.document.model
from studio.document.codec import Unreadable, decode, encode
from studio.document.errors import Corrupt
from studio.document.file.project_file import ProjectFile
from studio.document.file.schema import CURRENT, Upgrade, Version, create_tables, upgrade
from studio.document.model.clip import AssetMedia, BlendMode, Clip, UnknownMedia
from studio.document.model.record import Record
from tests.studio.document.saved_samples import (
    FILM,
    GOLDENS,
    SAMPLES,
    SAVED_PROJECT,
    golden_path,
    golden_text,
)

NAMES = [type(sample).__name__ for sample in SAMPLES]


def _all_records() -> set[str]:
    for module in pkgutil.iter_modules(studio.document.model.__path__):
        importlib.import_module(f"studio.document.model.{module.name}")
    return {cls.__name__ for cls in Record.__subclasses__()}


def test_every_class_that_is_saved_has_a_golden() -> None:
    assert _all_records() == set(NAMES) == {path.stem for path in GOLDENS.glob("*.json")}


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_the_format_is_as_the_golden_has_it(sample: Record) -> None:
    assert golden_text(sample) == golden_path(sample).read_text(encoding="utf-8")


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_a_golden_is_read_back_as_what_it_was_made_from(sample: Record) -> None:
    body = json.loads(golden_path(sample).read_text(encoding="utf-8"))
    if isinstance(sample, UnknownMedia):
        assert encode(sample) == body
    else:
        assert decode(type(sample), body) == sample


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_what_a_newer_version_adds_survives(sample: Record) -> None:
    if isinstance(sample, UnknownMedia):
        return
    body = encode(sample) | {"aura": {"hue": [1, 2.5, None]}}
    assert encode(decode(type(sample), body)) == body


def test_a_word_that_is_not_known_yet_survives_until_it_is_changed() -> None:
    clip = Clip(id="c", duration=3, media=AssetMedia(asset_id="a"))
    body = encode(clip) | {"blend": "vivid_light"}
    read = decode(Clip, body)
    assert read.blend is BlendMode.NORMAL
    assert encode(read) == body
    assert encode(replace(read, blend=BlendMode.ADD))["blend"] == "add"


def test_media_of_a_kind_not_known_yet_keeps_its_place() -> None:
    body = {"id": "c", "duration": 3, "media": {"@": "Hologram", "depth": [1, 2]}}
    read = decode(Clip, body)
    assert isinstance(read.media, UnknownMedia)
    assert encode(read) == body


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": "c", "duration": "long", "media": {"@": "AdjustmentMedia"}},
        {"id": "c", "duration": 3},
        {"id": 7, "duration": 3, "media": {"@": "AdjustmentMedia"}},
    ],
)
def test_what_must_be_there_and_is_not_is_told(body: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        decode(Clip, body)


def _restored(target: Path) -> Path:
    connection = sqlite3.connect(target, isolation_level=None)
    connection.executescript(FILM.read_text(encoding="utf-8"))
    connection.close()
    return target


def test_a_film_of_version_1_0_opens(tmp_path: Path) -> None:
    with ProjectFile.open(_restored(tmp_path / "old.workprint")) as file:
        assert file.project == SAVED_PROJECT
        assert file.project.next_id == 101
        assert [step.name for step in file.history.steps] == ["Marker", "Marker"]
        assert file.history.redo_name == "Marker"
        file.history.redo()
        file.history.undo()
        assert file.project == SAVED_PROJECT


def _old_file(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    create_tables(connection)
    connection.execute("PRAGMA user_version = 900")
    return connection


def test_upgrades_run_in_order_from_where_a_file_is(tmp_path: Path) -> None:
    ran: list[str] = []
    connection = _old_file(tmp_path / "a.workprint")
    steps = [
        Upgrade(Version(0, 800), Version(0, 900), lambda _: ran.append("too old")),
        Upgrade(Version(0, 900), Version(0, 950), lambda _: ran.append("first")),
        Upgrade(Version(0, 950), CURRENT, lambda _: ran.append("second")),
    ]
    upgrade(connection, steps)
    assert ran == ["first", "second"]
    assert Version.of(connection) == CURRENT
    connection.close()


def test_an_upgrade_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    def fails(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO meta VALUES ('half', 'done')")
        raise Corrupt("No.")

    connection = _old_file(tmp_path / "a.workprint")
    with pytest.raises(Corrupt):
        upgrade(connection, [Upgrade(Version(0, 900), CURRENT, fails)])
    assert Version.of(connection) == Version(0, 900)
    assert connection.execute("SELECT count(*) FROM meta").fetchone() == (0,)
    connection.close()
