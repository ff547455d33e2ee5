"""What the editor's network is told of an instruction: what is to be seen, not what was asked.

Which task it is and where it happens the network is told beside the words, so the words can be
those that the model it began as learnt pictures by: "a robot", "in a forest".
"""

from __future__ import annotations

from engine.planning.edit_reading import Instruction

_EMPTY = "an empty scene"


def told_words(asked: Instruction) -> str:
    """The words of what an edit leads to; those of the instruction where they are all there is."""
    if asked.task == "remove":
        return _EMPTY
    if not asked.detail or asked.task in ("style", "weather"):
        return asked.words
    if asked.task not in ("add", "replace"):
        return asked.detail
    thing = f"{'an' if asked.detail[0] in 'aeiou' else 'a'} {asked.detail}"
    return f"{thing} on the {asked.side}" if asked.side else thing
