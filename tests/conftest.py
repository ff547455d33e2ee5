"""One world for all tests: no screen, one thread, no network, and a home that is thrown away."""

from __future__ import annotations

import os
import random
import shutil
import sys
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
    "WORKPRINT_TRAIN_NICE": "0",
}
(HOME / "run").mkdir(mode=0o700)

hypothesis.settings.register_profile(
    "deterministic",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],  # a busy machine is no fault
)
hypothesis.settings.load_profile("deterministic")


@pytest.fixture(autouse=True)
def _same_chance() -> None:
    """Every test draws the same numbers, whichever ran before it in this process.

    Small ones too: training counts them as zero, and that for the whole process.
    """
    random.seed(0)
    for name in ("numpy", "torch"):
        library = sys.modules.get(name)
        if library is not None:
            seed = library.manual_seed if name == "torch" else library.random.seed
            seed(0)
        if library is not None and name == "torch":
            library.set_flush_denormal(False)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Throw the home away."""
    shutil.rmtree(HOME, ignore_errors=True)
