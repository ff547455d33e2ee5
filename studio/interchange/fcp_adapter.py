"""A mend of otio-fcp-adapter 1.0.0: a timecode whose rate is given in metadata can be written.

Symptom: "'str' object has no attribute 'text'" when `fcp_xml.timecode` of a media reference holds
`timebase` and `ntsc`, as its own reader puts there: `_build_timecode_from_metadata` reads a string
with a function for elements. Without those a rate that has no SMPTE timecode, such as the 12 of a
draft, cannot be written at all. Delete this once a newer adapter passes test_draft_rates.
"""

from __future__ import annotations

from typing import Any

import opentimelineio as otio

FCP = "fcp_xml"


def mend() -> None:
    """Let the adapter read a truth value from a string too. Doing it again does nothing."""
    module: Any = otio.adapters.from_name(FCP).module()
    setattr(module, "_bool_value", _bool_value)  # noqa: B010 - the name is the adapter's own


def _bool_value(value: Any) -> bool:
    text = value if isinstance(value, str) else value.text
    return str(text).lower() == "true"
