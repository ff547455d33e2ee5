"""Whether the graphics card decodes footage, as the window asks it; decoders are loaded late."""

from __future__ import annotations


def card_to_use(wanted: bool) -> str:
    """The kind of graphics device to decode with, "" for the processor."""
    from studio.media.decode.hardware import card

    return card() if wanted else ""


def words_on_decoding(wanted: bool) -> str:
    """A sentence on what decodes the pictures of footage."""
    from studio.media.decode.hardware import words_on

    return words_on(wanted)
