"""A full disk while something is kept or exported: a sentence, nothing half made, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.media.errors import DiskFull
from studio.media.export.job import ExportJob
from studio.media.export.run import export
from studio.media.footage import Footage
from studio.media.provenance.identity import make_identity
from studio.media.provenance.sign import CannotSign, sign_file
from studio.media.proxies import make_proxy
from studio.media.thumbnails import Thumbnails
from studio.media.waveform import Waveforms
from tests.engine.running import small_disk
from tests.studio.media.cuts import asset, audio, cut, shot, video
from tests.studio.media.footage import grown

PRESETS = ("prores_hq", "lossless", "png_sequence", "apng", "stems", "wav")
LEFT_BYTES = 20_000


def _fill(disk: Path) -> Path:
    """Leave hardly any room."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            file.truncate(max(0, file.tell() - LEFT_BYTES))
    return ballast


def test_no_export_leaves_half_of_anything(reel: Path, tmp_path: Path) -> None:
    project = cut(video(shot("a.mp4", 25)), audio(shot("tone.wav", 25)))
    with small_disk(tmp_path, 1) as disk:
        ballast = _fill(disk)
        for preset in PRESETS:
            suffix = {"png_sequence": ".png", "apng": ".png", "stems": ".wav", "wav": ".wav"}
            out = disk / f"film{suffix.get(preset, '.mov')}"
            with pytest.raises(DiskFull, match="Free some space"):
                export(project, reel, ExportJob(sequence_id="s", out=out, preset=preset))
            assert list(disk.iterdir()) == [ballast], preset


def test_caches_do_without_and_a_proxy_says_so(reel: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path, 1) as disk:
        ballast = _fill(disk)
        ballast.write_bytes(bytes(ballast.stat().st_size + LEFT_BYTES - 4096))
        with pytest.raises(DiskFull, match="Free some space"):
            make_proxy(reel / "a.mp4", disk / "proxy.mp4")
        pictures = Thumbnails(Footage(reel), disk / "thumbnails")
        assert pictures.thumbnail(asset("a.mp4"), asset("a.mp4").start.seconds, 90).shape[0] == 90
        peaks = Waveforms(disk / "waveforms").peaks(reel / "tone.wav")
        assert len(peaks.low) == 1000
        kept = [path for path in disk.rglob("*") if path.is_file() and path != ballast]
        assert all(not path.name.startswith(".") for path in kept)


def test_a_film_that_cannot_be_signed_for_want_of_room_says_so(
    reel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = grown(reel / "a.mp4", 16 * 1024 * 1024, tmp_path / "film.mp4")
    identity = make_identity("somebody")
    with small_disk(tmp_path, 1) as disk:
        monkeypatch.setenv("TMPDIR", str(disk))
        with pytest.raises(CannotSign, match=r"disk is full.*Free some space"):
            sign_file(film, tmp_path / "signed.mp4", "film.mp4", (), identity)
