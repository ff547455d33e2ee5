"""One world for all tests: no screen, one thread, no network, and a home that is thrown away."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest

HOME = Path(tempfile.mkdtemp(prefix="workprint-tests-"))

# Set while pytest collects, before any test module imports a library that reads them.
os.environ |= {
    "HOME": str(HOME),
    "XDG_CACHE_HOME": str(HOME / "cache"),
    "XDG_CONFIG_HOME": str(HOME / "config"),
    "XDG_DATA_HOME": str(HOME / "data"),
    "XDG_STATE_HOME": str(HOME / "state"),
    "XDG_RUNTIME_DIR": str(HOME / "run"),
    "QT_QPA_PLATFORM": "offscreen",
    "OMP_NUM_THREADS": "1",
    "HF_HUB_OFFLINE": "1",
}
(HOME / "run").mkdir(mode=0o700)

hypothesis.settings.register_profile(
    "deterministic", derandomize=True, deadline=None, database=None, print_blob=True
)
hypothesis.settings.load_profile("deterministic")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Throw the home away."""
    shutil.rmtree(HOME, ignore_errors=True)
