"""Encoders of graphics cards: what each calls a constant quality, and the pictures it takes.

Every maker has words of its own for it, and an encoder that is told nothing makes films of a few
hundred kilobits. None of this is computed or measured here; sources: libavcodec's nvenc.c,
qsvenc.c, amfenc_*.c and videotoolboxenc.c, and their option tables.
"""

from __future__ import annotations

QP_TO_LAMBDA = 118
"""In which unit libavcodec takes a quality scale."""

FORMATS = {"yuv420p": "nv12", "yuv420p10le": "p010le"}
"""The layouts that all of them take, by those of libav's own encoders with the same values."""


def card_options(encoder: str, quality: int) -> dict[str, str]:
    """Options for a constant quality, given as x264's crf would be: 0 best, 51 worst."""
    match encoder.rpartition("_")[2]:
        case "nvenc":
            return {"rc": "vbr", "cq": str(quality), "b": "0", "preset": "p5"}
        case "qsv":
            return {"global_quality": str(quality), "preset": "slow"}
        case "amf":
            level = quality * (5 if encoder.startswith("av1") else 1)  # AV1 counts to 255
            return {"rc": "cqp", "qp_i": str(level), "qp_p": str(level), "quality": "quality"}
        case "videotoolbox":  # 100 is best; Macs without Apple's own chip refuse it
            share = max(1, 100 - quality * 2)
            return {"flags": "+qscale", "global_quality": str(share * QP_TO_LAMBDA)}
        case _:
            return {}


def card_format(pixel_format: str) -> str:
    """The layout in which a card takes pictures of a preset."""
    return FORMATS.get(pixel_format, pixel_format)
