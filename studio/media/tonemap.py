"""High dynamic range and wide colour brought to BT.709 for display: PQ, HLG and BT.2020.

Light is kept as it is up to middle tones and rolled off above, by the brightest of the three
channels so that hues stay; 203 cd/m² is reference white. Sources: SMPTE ST 2084, ITU-R BT.2100,
BT.2408, BT.2087.
"""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame

from studio.media.facts import Transfer
from studio.media.lut import apply_cube, write_cube

TABLE_SIZE = 33
REFERENCE_WHITE_NITS = 203.0
PEAK_NITS = 1000.0
KNEE = 0.3
DISPLAY_GAMMA = 2.4
HLG_SYSTEM_GAMMA = 1.2
TO_BT709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]]
)
BT2020_LUMA = np.array([0.2627, 0.6780, 0.0593])


def to_sdr(frame: VideoFrame, transfer: Transfer) -> VideoFrame:
    """Full-range BT.2020 RGB code values (rgb48le) turned into BT.709 ones, same format."""
    return apply_cube(frame, _table_file(transfer))


@lru_cache(maxsize=1)
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="workprint-tables-")


@lru_cache(maxsize=3)
def _table_file(transfer: Transfer) -> Path:
    """A table for one transfer, written once per process to a folder that goes with it."""
    path = Path(_folder().name) / f"{transfer.value}.cube"
    write_cube(path, table(transfer), f"{transfer.value} to BT.709")
    return path


def table(transfer: Transfer, size: int = TABLE_SIZE) -> np.ndarray:
    """The mapping of code values, float (size, size, size, 3) indexed [blue, green, red]."""
    axis = np.linspace(0, 1, size)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    return mapped(np.stack([red, green, blue], axis=-1), transfer)


def mapped(code: np.ndarray, transfer: Transfer) -> np.ndarray:
    """BT.2020 code values in [0, 1], (…, 3), to BT.709 code values for an SDR display."""
    match transfer:
        case Transfer.PQ:
            light = pq_to_nits(code) / REFERENCE_WHITE_NITS
        case Transfer.HLG:
            light = hlg_to_nits(code) / REFERENCE_WHITE_NITS
        case Transfer.SDR:
            light = code**DISPLAY_GAMMA
    light = np.maximum(light @ TO_BT709.T, 0.0)
    if transfer is not Transfer.SDR:
        brightest = np.max(light, axis=-1, keepdims=True)
        light *= roll_off(brightest) / np.maximum(brightest, 1e-6)
    return np.clip(light, 0, 1) ** (1 / DISPLAY_GAMMA)


def pq_to_nits(code: np.ndarray) -> np.ndarray:
    """SMPTE ST 2084 code values in [0, 1] to light in cd/m²."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    root = code ** (1 / m2)
    return 10000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1)


def hlg_to_nits(code: np.ndarray) -> np.ndarray:
    """BT.2100 HLG code values in [0, 1] to light on a display of 1000 cd/m²."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
    luma = np.maximum(scene @ BT2020_LUMA, 1e-9)[..., None]
    return PEAK_NITS * scene * luma ** (HLG_SYSTEM_GAMMA - 1)


def roll_off(light: np.ndarray) -> np.ndarray:
    """Straight up to the knee, then a curve to 1 at the peak, smooth where they meet."""
    peak = PEAK_NITS / REFERENCE_WHITE_NITS
    a = -(KNEE**2) * (peak - 1) / (KNEE**2 - 2 * KNEE + peak)
    b = (KNEE**2 - 2 * KNEE * peak + peak) / (peak - 1)
    curve = (b**2 + 2 * b * KNEE + KNEE**2) / (b - a) * (light + a) / (light + b)
    return np.where(light <= KNEE, light, np.minimum(curve, 1.0))
