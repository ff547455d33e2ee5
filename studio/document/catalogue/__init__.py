"""The catalogue: every effect, transition and generator with its parameters, as data.

Panels build their controls from it, the compositor and the mixer take ranges and defaults from
it, and edits check values against it. How a pixel changes is not here.
"""

from __future__ import annotations

from studio.document.catalogue.entry import Entry, Target
from studio.document.catalogue.generators import GENERATORS
from studio.document.catalogue.picture import PICTURE_EFFECTS
from studio.document.catalogue.sound import SOUND_EFFECTS
from studio.document.catalogue.transitions import TRANSITIONS

EFFECTS: dict[str, Entry] = {entry.kind: entry for entry in (*PICTURE_EFFECTS, *SOUND_EFFECTS)}

__all__ = ["EFFECTS", "GENERATORS", "TRANSITIONS", "Entry", "Target"]
