"""What a processor is said to be quick at."""

from __future__ import annotations

import pytest

from engine.processor import told_to_multiply_bf16

AMX = "flags\t\t: fpu sse2 avx512_bf16 avx512_fp16 amx_bf16 amx_tile amx_int8\n"
LAPTOP = "flags\t\t: fpu sse2 avx avx2 fma avx_vnni sha_ni bmi1\nbugs : bf16_none\n"
NEOVERSE = "Features\t: fp asimd evtstrm aes sve i8mm bf16 dgh\n"
OLDER_ARM = "Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32\n"


@pytest.mark.parametrize(
    ("cpu_info", "quick"), [(AMX, True), (LAPTOP, False), (NEOVERSE, True), (OLDER_ARM, False)]
)
def test_only_a_processor_with_instructions_for_it_is_quick_at_bfloat16(
    cpu_info: str, quick: bool
) -> None:
    assert told_to_multiply_bf16(f"processor\t: 0\n{cpu_info}\nprocessor\t: 1\n{cpu_info}") == quick
