"""What this machine's processor is quick at, asked of the system without importing torch."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

_CPU_INFO = Path("/proc/cpuinfo")
_WORDS = frozenset({"amx_bf16", "avx512_bf16", "bf16"})
"""What Linux calls instructions that multiply bfloat16, of Intel, AMD and ARM."""

_APPLE_FEATURE = "hw.optional.arm.FEAT_BF16"


@cache
def multiplies_bf16() -> bool:
    """Whether bfloat16 is quicker than float32 on this processor.

    Where it has no instructions for it, as most laptops do not, torch multiplies bfloat16 a
    hundred times slower than float32. A system that does not tell has none.
    """
    if sys.platform == "darwin":
        return _apple_multiplies_bf16()
    return _CPU_INFO.exists() and told_to_multiply_bf16(_CPU_INFO.read_text())


def told_to_multiply_bf16(cpu_info: str) -> bool:
    """Whether /proc/cpuinfo names such instructions, among its "flags" or "Features"."""
    return not _WORDS.isdisjoint(cpu_info.split())


def _apple_multiplies_bf16() -> bool:
    answer = subprocess.run(
        ["sysctl", "-n", _APPLE_FEATURE], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() == "1"
