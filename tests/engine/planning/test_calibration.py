"""Rates measured on this machine, kept in a file that may be missing, shared or damaged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.planning.calibration import Calibration, RunKey

KEY = RunKey("wan2.1-1.3b", "RTX 4090", "bf16/none")


def test_nothing_is_known_before_the_first_run(tmp_path: Path) -> None:
    assert Calibration(tmp_path / "none").rate(KEY, "denoise") is None


def test_newer_runs_weigh_more_but_do_not_wipe_out_older_ones(tmp_path: Path) -> None:
    past = Calibration(tmp_path / "c")
    past.record(KEY, "denoise", 100.0, 1.0)
    past.record(KEY, "denoise", 200.0, 1.0)
    assert past.rate(KEY, "denoise") == pytest.approx(140.0)


def test_a_device_is_known_by_its_best_model(tmp_path: Path) -> None:
    past = Calibration(tmp_path / "c")
    past.record(KEY, "denoise", 100.0, 1.0)
    past.record(RunKey("other", KEY.device, "nf4/none"), "denoise", 300.0, 1.0)
    assert past.rate_of_device(KEY.device, "denoise") == 300.0
    assert past.rate_of_device("another card", "denoise") is None


def test_runs_that_measured_nothing_are_not_kept(tmp_path: Path) -> None:
    past = Calibration(tmp_path / "c")
    past.record(KEY, "decode", 0.0, 1.0)
    past.record(KEY, "decode", 1.0, 0.0)
    assert past.rate(KEY, "decode") is None


def test_workers_write_it_at_the_same_time(tmp_path: Path) -> None:
    past = Calibration(tmp_path / "c")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: past.record(KEY, "denoise", 100.0, 1.0), range(20)))
    assert past.rate(KEY, "denoise") == pytest.approx(100.0)


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    past = Calibration(tmp_path / "c")
    past.path.write_bytes(b"this is no database" * 100)
    assert past.rate(KEY, "denoise") is None
