"""Commands of the Clip › Label menu."""

from __future__ import annotations

from functools import partial

from studio.document.model.label import Label
from studio.session.labelling import label_clips, select_labelled, selected_labels
from studio.ui.actions.command import Command
from studio.ui.actions.edit import has_clips
from studio.ui.desk import Desk
from studio.ui.labels import label_name

NONE = "none"


def label_command(label: Label | None) -> str:
    """The id of the command that gives a label, or takes labels off."""
    return f"clip.label_{label.value if label is not None else NONE}"


def _put(label: Label | None, desk: Desk) -> None:
    label_clips(desk.session, desk.editing.clip_ids(), label)


def _has(label: Label | None, desk: Desk) -> bool:
    return selected_labels(desk.session) == {label.value if label is not None else ""}


def _any_clip(desk: Desk) -> bool:
    return bool(desk.editing.clip_ids())


COMMANDS: tuple[Command[Desk], ...] = (
    *(
        Command(
            label_command(label), label_name(label.value), "Clip/Label", partial(_put, label),
            enabled=has_clips, checked=partial(_has, label), words="label colour color",
        )
        for label in Label
    ),
    Command(
        label_command(None), "No label", "Clip/Label", partial(_put, None), enabled=has_clips,
        checked=partial(_has, None), section=1, words="colour color remove clear",
    ),
    Command(
        "clip.label_select", "Select all with this label", "Clip/Label",
        lambda desk: select_labelled(desk.session), enabled=_any_clip, section=2,
        words="colour color group",
    ),
)  # fmt: skip
