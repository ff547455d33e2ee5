"""Models on their way here: resumed, verified, and never half there under their final name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from engine.catalogue import Entry, KnownFile
from engine.downloads.errors import DownloadFailed, LicenceNotAccepted
from engine.downloads.hub import Hub
from engine.downloads.manifest import read_manifest
from engine.downloads.store import ModelStore, TransferProgress
from engine.downloads.transfer import Patience
from engine.errors import BadRequest, BadWeights, DiskFull, WeightsNotInstalled
from engine.protocol.models import Licence
from tests.engine.downloads.hub_server import REPOSITORY, HubFiles, running_hub
from tests.engine.planning.machines import catalogue
from tests.engine.running import small_disk

WEIGHTS = bytes(range(256)) * 2000
FILES = {
    "model_index.json": b'{"_class_name": "WanPipeline"}',
    "transformer/config.json": b"{}",
    "transformer/diffusion_pytorch_model.safetensors": WEIGHTS,
    "vae/diffusion_pytorch_model.safetensors": WEIGHTS[::-1],
    "README.md": b"not wanted",
    "assets/picture.json": b"not in its folders",
}
BIG = "transformer/diffusion_pytorch_model.safetensors"


@pytest.fixture
def hub() -> HubFiles:
    return HubFiles(dict(FILES))


@pytest.fixture
def store(hub: HubFiles, tmp_path: Path) -> Iterator[ModelStore]:
    with running_hub(hub) as address:
        yield ModelStore(tmp_path / "models", Hub(address), Patience(tries=4, pause_s=0.01))


@pytest.fixture
def entry() -> Entry:
    real = catalogue().entry("wan2.1-1.3b")
    source = msgspec.structs.replace(
        real.source, repository=REPOSITORY, folders=("", "transformer", "vae")
    )
    parts = tuple(c for c in real.components if c.name in ("transformer", "vae"))
    return msgspec.structs.replace(real, id="tiny", source=source, components=parts)


def test_a_model_arrives_whole_and_only_what_belongs_to_it(
    store: ModelStore, entry: Entry, hub: HubFiles
) -> None:
    seen: list[TransferProgress] = []
    assert not store.installed(entry)
    folder = store.download(entry, seen.append)
    assert store.installed(entry)
    here = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    assert here == [
        "files.json",
        "model_index.json",
        "transformer/config.json",
        BIG,
        "vae/diffusion_pytorch_model.safetensors",
    ]
    assert (folder / BIG).read_bytes() == WEIGHTS
    done = [progress.done_bytes for progress in seen]
    assert done == sorted(done)
    assert done[-1] == seen[-1].total_bytes == sum(len(FILES[path]) for path in here[1:])
    assert len(store.weights_sha256(entry)) == 64


def test_a_line_that_drops_is_gone_on_with_where_it_dropped(
    store: ModelStore, entry: Entry, hub: HubFiles
) -> None:
    hub.drops = [100_000, 150_000]
    folder = store.download(entry)
    assert (folder / BIG).read_bytes() == WEIGHTS
    ranges = [wanted for path, wanted in hub.asked if path == BIG]
    assert ranges == ["", "bytes=100000-", "bytes=250000-"]


def test_a_download_that_was_given_up_goes_on_the_next_time(
    store: ModelStore, entry: Entry, hub: HubFiles
) -> None:
    class Stopped(Exception):
        pass

    def stop_half_way(progress: TransferProgress) -> None:
        if progress.path == BIG:
            raise Stopped

    with pytest.raises(Stopped):
        store.download(entry, stop_half_way)
    folder = store.weights(entry)
    assert not store.installed(entry)
    assert not (folder / BIG).exists()
    begun = (folder / f"{BIG}.part").stat().st_size
    assert begun > 0
    hub.asked.clear()
    store.download(entry)
    assert store.installed(entry)
    wanted = [range_ for path, range_ in hub.asked if path == BIG]
    assert wanted in ([f"bytes={begun}-"], [])
    assert "model_index.json" not in [path for path, _ in hub.asked]


def test_a_server_that_cannot_go_on_starts_again(
    store: ModelStore, entry: Entry, hub: HubFiles
) -> None:
    hub.drops, hub.ignores_ranges = [100_000], True
    assert (store.download(entry) / BIG).read_bytes() == WEIGHTS


def test_other_contents_than_the_hash_says_are_thrown_away(
    store: ModelStore, entry: Entry, hub: HubFiles
) -> None:
    hub.lies_about = BIG
    with pytest.raises(BadWeights, match="other contents than its hash says"):
        store.download(entry)
    folder = store.weights(entry) / "transformer"
    assert not list(folder.glob("*.safetensors*"))
    assert not store.installed(entry)


def test_a_damaged_part_from_before_is_fetched_again(
    store: ModelStore, entry: Entry, hub: HubFiles
) -> None:
    part = store.weights(entry) / f"{BIG}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"\xff" * 1000)
    store.download(entry)
    assert (store.weights(entry) / BIG).read_bytes() == WEIGHTS


def test_a_hash_in_the_catalogue_overrules_the_hub(
    store: ModelStore, entry: Entry, hub: HubFiles
) -> None:
    known = KnownFile(path=BIG, sha256="0" * 64, size_bytes=len(WEIGHTS))
    with pytest.raises(BadWeights):
        store.download(msgspec.structs.replace(entry, files=(known,)))


@pytest.mark.parametrize(
    ("status", "says"),
    [(404, "no such file"), (403, "accept the licence"), (401, "HF_TOKEN"), (503, "answered 503")],
)
def test_a_hub_that_refuses_is_quoted(
    store: ModelStore, entry: Entry, hub: HubFiles, status: int, says: str
) -> None:
    hub.status = status
    with pytest.raises(DownloadFailed, match=says):
        store.download(entry)
    expected = 4 if status == 503 else 1
    assert len(hub.asked) == expected


def test_no_hub_at_all_is_one_sentence(entry: Entry, tmp_path: Path) -> None:
    store = ModelStore(tmp_path, Hub("http://127.0.0.1:9"), Patience(tries=1, pause_s=0.01))
    with pytest.raises(DownloadFailed, match="did not list the files"):
        store.download(entry)


def test_pickles_are_refused(store: ModelStore, entry: Entry, hub: HubFiles) -> None:
    hub.files = {"transformer/diffusion_pytorch_model.bin": WEIGHTS, "model_index.json": b"{}"}
    with pytest.raises(BadWeights, match="comes as a pickle"):
        store.download(entry)
    assert not hub.asked


def test_a_listing_cannot_write_outside_the_models_folder(
    store: ModelStore, entry: Entry, hub: HubFiles
) -> None:
    hub.files["../../escaped.json"] = b"{}"
    escaping = msgspec.structs.replace(
        entry, source=msgspec.structs.replace(entry.source, folders=("", "../.."))
    )
    with pytest.raises(BadWeights, match="outside the model"):
        store.download(escaping)


def test_a_full_disk_is_found_out_before_the_first_byte(
    hub: HubFiles, entry: Entry, tmp_path: Path
) -> None:
    with running_hub(hub) as address, small_disk(tmp_path, 1) as disk:
        store = ModelStore(disk / "models", Hub(address))
        with pytest.raises(DiskFull, match="are to be downloaded"):
            store.download(entry)
        assert not hub.asked


def test_a_disk_that_fills_up_on_the_way_keeps_what_is_there(
    hub: HubFiles, entry: Entry, tmp_path: Path
) -> None:
    with running_hub(hub) as address, small_disk(tmp_path, 3) as disk:
        store = ModelStore(disk / "models", Hub(address))
        filler = disk / "filler"

        def fill_the_disk(_progress: TransferProgress) -> None:
            if not filler.exists():
                filler.write_bytes(b"\0" * 2_200_000)

        with pytest.raises(DiskFull, match=r"is full"):
            store.download(entry, fill_the_disk)
        assert not store.installed(entry)
        filler.unlink()
        store.download(entry)
        assert store.installed(entry)


def test_terms_that_limit_use_are_to_be_accepted_first(
    store: ModelStore, entry: Entry, hub: HubFiles
) -> None:
    terms = Licence(
        spdx="LicenseRef-X",
        title="X licence",
        commercial=False,
        limits="No commercial use.",
        url="https://example.org/x",
    )
    limited = msgspec.structs.replace(entry, licence=terms)
    with pytest.raises(LicenceNotAccepted, match="No commercial use") as refused:
        store.download(limited)
    assert refused.value.hint.endswith("--accept-licence.")
    assert not hub.asked
    store.accept_licence(limited)
    store.download(limited)
    assert store.installed(limited)


def test_verify_finds_damage_and_download_mends_it(store: ModelStore, entry: Entry) -> None:
    folder = store.download(entry)
    assert store.verify(entry) == ()
    damaged = bytearray(WEIGHTS)
    damaged[5000] ^= 1
    (folder / BIG).write_bytes(bytes(damaged))
    assert store.verify(entry) == (BIG,)
    assert not store.installed(entry)
    store.download(entry)
    assert store.verify(entry) == ()


def test_what_is_not_here_is_said_with_the_command_that_brings_it(
    store: ModelStore, entry: Entry
) -> None:
    with pytest.raises(WeightsNotInstalled) as missing:
        store.require(entry)
    assert "python3 main.py models download tiny" in missing.value.hint
    with pytest.raises(WeightsNotInstalled):
        store.verify(entry)


def test_a_model_without_weights_is_not_downloaded(store: ModelStore) -> None:
    paper = catalogue().entry("movie-gen-30b")
    with pytest.raises(BadRequest, match="has no weights"):
        store.download(paper)
    assert not store.installed(paper)


def test_removing_a_model_removes_it(store: ModelStore, entry: Entry) -> None:
    folder = store.download(entry)
    store.remove(entry)
    assert not folder.exists()
    assert read_manifest(folder) is None
