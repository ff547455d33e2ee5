"""Uploads and downloads that are cut, damaged, resumed, or have nowhere to go."""

from __future__ import annotations

import hashlib
import os
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from engine.protocol import routes
from engine.protocol.assets import AssetRef, UploadStatus
from engine.protocol.codec import decode
from studio.client.connect import connect_server
from studio.client.errors import (
    EngineRefused,
    EngineUnreachable,
    FileUnreadable,
    FileUnwritable,
    TransferDamaged,
)
from studio.client.http_client import HttpEngineClient
from studio.client.upload import PIECE_BYTES
from tests.engine.running import RunningEngine, small_disk
from tests.studio.client.relay import Relay

SIZE = PIECE_BYTES * 2 + 12_345


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "footage.mp4"
    path.write_bytes(os.urandom(SIZE))
    return path


def put_piece(
    engine: RunningEngine, sha256: str, data: bytes, offset: int, size: int
) -> httpx.Response:
    span = f"bytes {offset}-{offset + len(data) - 1}/{size}"
    return httpx.put(
        engine.address.url + routes.asset_path(sha256),
        content=data,
        headers={**engine.address.headers, "Content-Range": span},
    )


def test_a_file_goes_there_and_back(client: HttpEngineClient, file: Path, tmp_path: Path) -> None:
    told: list[int] = []
    asset = client.upload(file, on_progress=lambda done, size: told.append(done))
    assert (asset.size_bytes, asset.media_type) == (SIZE, "video/mp4")
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, SIZE)
    client.download(asset, tmp_path / "new" / "back.mp4", on_progress=lambda done, size: None)
    assert (tmp_path / "new" / "back.mp4").read_bytes() == file.read_bytes()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["back.mp4"]


def test_a_cut_upload_goes_on_where_it_was(
    client: HttpEngineClient, relay: Relay, file: Path
) -> None:
    client.health()
    relay.cut_after(PIECE_BYTES + PIECE_BYTES // 2)
    told: list[int] = []
    client.upload(file, on_progress=lambda done, size: told.append(done))
    assert relay.cuts == 1
    assert told.count(0) == 1
    assert told[-1] == SIZE


def test_a_later_upload_sends_only_what_is_missing(
    engine: RunningEngine, client: HttpEngineClient, relay: Relay, file: Path
) -> None:
    data = file.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    put_piece(engine, sha256, data[: PIECE_BYTES * 2], 0, SIZE)
    relay.cut_after(PIECE_BYTES)
    client.upload(file)
    assert relay.cuts == 0


def test_an_asset_that_is_there_is_not_sent(
    client: HttpEngineClient, relay: Relay, file: Path
) -> None:
    client.upload(file)
    relay.cut_after(PIECE_BYTES // 2)
    client.upload(file)
    assert relay.cuts == 0


def test_a_cut_download_goes_on_where_it_was(
    client: HttpEngineClient, relay: Relay, file: Path, tmp_path: Path
) -> None:
    asset = client.upload(file)
    relay.cut_after(SIZE // 2)
    told: list[int] = []
    client.download(asset, tmp_path / "back", on_progress=lambda done, size: told.append(done))
    assert relay.cuts == 1
    assert told == sorted(told)
    assert (tmp_path / "back").read_bytes() == file.read_bytes()


def test_a_later_download_goes_on_from_the_part(
    client: HttpEngineClient, relay: Relay, file: Path, tmp_path: Path
) -> None:
    asset = client.upload(file)
    (tmp_path / "back.part").write_bytes(file.read_bytes()[: SIZE - 1000])
    relay.cut_after(SIZE // 2)
    client.download(asset, tmp_path / "back")
    assert relay.cuts == 0
    assert (tmp_path / "back").read_bytes() == file.read_bytes()


def test_a_part_of_something_else_is_fetched_anew(
    client: HttpEngineClient, file: Path, tmp_path: Path
) -> None:
    asset = client.upload(file)
    (tmp_path / "back.part").write_bytes(b"something else")
    client.download(asset, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == file.read_bytes()


def test_a_damaged_download_gets_no_name(
    engine: RunningEngine, client: HttpEngineClient, file: Path, tmp_path: Path
) -> None:
    asset = client.upload(file)
    kept = engine.state / "assets" / "kept" / asset.sha256[:2] / asset.sha256
    kept.write_bytes(bytes(SIZE))
    with pytest.raises(TransferDamaged, match="arrived damaged"):
        client.download(asset, tmp_path / "back")
    assert not list(tmp_path.glob("back*"))


def test_a_damaged_upload_is_refused(engine: RunningEngine, file: Path) -> None:
    data = file.read_bytes()[:1000]
    wrong = hashlib.sha256(b"what it should have been").hexdigest()
    answer = put_piece(engine, wrong, data, 0, 1000)
    assert answer.status_code == 400
    assert "arrived damaged" in answer.json()["message"]


def test_a_piece_in_the_wrong_place_is_told_the_right_one(engine: RunningEngine) -> None:
    sha256 = hashlib.sha256(b"ab").hexdigest()
    put_piece(engine, sha256, b"a", 0, 2)
    answer = put_piece(engine, sha256, b"a", 0, 2)
    assert answer.status_code == 409
    assert decode(answer.content, UploadStatus).received_bytes == 1
    assert put_piece(engine, sha256, b"b", 1, 2).json()["complete"]


def test_an_asset_that_is_not_there_is_a_sentence(client: HttpEngineClient, tmp_path: Path) -> None:
    asset = AssetRef(sha256="0" * 64, size_bytes=10, media_type="video/mp4")
    with pytest.raises(EngineRefused, match="no asset 000000000000"):
        client.download(asset, tmp_path / "back")
    assert not list(tmp_path.glob("back*"))


def test_files_that_cannot_be_read_are_a_sentence(client: HttpEngineClient, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="cannot be read"):
        client.upload(tmp_path / "nothing.mp4")
    with pytest.raises(FileUnreadable, match="cannot be read"):
        client.upload(tmp_path)
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(FileUnreadable, match="is empty"):
        client.upload(tmp_path / "empty.mp4")


def test_a_place_that_cannot_be_written_is_a_sentence(
    client: HttpEngineClient, file: Path, tmp_path: Path
) -> None:
    asset = client.upload(file)
    (tmp_path / "file").touch()
    with pytest.raises(FileUnwritable, match="cannot be written"):
        client.download(asset, tmp_path / "file" / "back")


def test_a_full_disk_is_a_sentence_and_leaves_nothing_under_the_name(
    client: HttpEngineClient, file: Path, tmp_path: Path
) -> None:
    asset = client.upload(file)
    with small_disk(tmp_path, 4) as disk:
        with pytest.raises(FileUnwritable, match=r"disk that holds .* is full"):
            client.download(asset, disk / "back")
        assert not (disk / "back").exists()


def test_a_server_without_encryption_is_named_as_one(engine: RunningEngine) -> None:
    """As when "http://" was left out of its address."""
    plain = engine.address.url.removeprefix("http://")
    with (
        closing(connect_server(plain, "")) as client,
        pytest.raises(EngineUnreachable) as refusal,
    ):
        client.health()
    assert str(refusal.value) == (
        f"What answers at https://{plain} does so without encryption. If it is your server, write "
        f"its address as http://{plain}."
    )


def test_an_engine_that_is_not_there_is_a_sentence(client: HttpEngineClient, relay: Relay) -> None:
    relay.close()
    with pytest.raises(EngineUnreachable, match="does not answer"):
        client.health()
