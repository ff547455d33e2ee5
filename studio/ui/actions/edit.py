"""Commands of the Edit and Clip menus."""

from __future__ import annotations

from functools import partial

from studio.document.model.clip import Clip, SequenceMedia, TransitionKind
from studio.document.model.generated import GeneratedMedia
from studio.ui.actions.command import Command
from studio.ui.actions.file import writable
from studio.ui.desk import Desk


def has_selection(desk: Desk) -> bool:
    """Whether something on the timeline is selected, in a project that may be changed."""
    return writable(desk) and bool(desk.session.selection.ids)


def has_clips(desk: Desk) -> bool:
    """Whether clips are selected."""
    return has_selection(desk) and bool(desk.editing.clip_ids())


def _several(desk: Desk) -> bool:
    return has_selection(desk) and len(desk.editing.clip_ids()) > 1


def _can_paste(desk: Desk) -> bool:
    return writable(desk) and bool(desk.editing.clipboard.content)


def _has_effects(desk: Desk) -> bool:
    return has_clips(desk) and bool(desk.dressing.copied)


def _is_nested(desk: Desk) -> bool:
    return has_clips(desk) and any(
        isinstance(item, Clip) and isinstance(item.media, SequenceMedia)
        for item in desk.editing.items()
    )


def _pair(desk: Desk) -> bool:
    return has_clips(desk) and desk.editing.pair() is not None


def _generated(desk: Desk) -> str | None:
    for item in desk.editing.items():
        if isinstance(item, Clip) and isinstance(item.media, GeneratedMedia):
            return item.id
    return None


def _is_generated(desk: Desk) -> bool:
    return writable(desk) and _generated(desk) is not None


def _new_take(desk: Desk) -> None:
    clip_id = _generated(desk)
    if clip_id is not None:
        desk.generation.another_seed(clip_id)


def _nudge(frames: int, desk: Desk) -> None:
    desk.editing.nudge(frames)


def _second(desk: Desk) -> int:
    return desk.session.sequence.rate.nominal


COMMANDS: tuple[Command[Desk], ...] = (
    Command(
        "edit.undo",
        "Undo",
        "Edit",
        lambda d: d.session.undo(),
        ("Ctrl+Z",),
        icon="undo-2",
        enabled=lambda d: d.session.undo_name is not None,
    ),
    Command(
        "edit.redo",
        "Redo",
        "Edit",
        lambda d: d.session.redo(),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        icon="redo-2",
        enabled=lambda d: d.session.redo_name is not None,
    ),
    Command(
        "edit.cut", "Cut", "Edit", lambda d: d.editing.cut_out(), ("Ctrl+X",),
        enabled=has_clips, section=1,
    ),
    Command(
        "edit.copy", "Copy", "Edit", lambda d: d.editing.copy(), ("Ctrl+C",),
        enabled=lambda d: bool(d.editing.clip_ids()), section=1,
    ),
    Command(
        "edit.paste", "Paste", "Edit", lambda d: d.editing.paste(), ("Ctrl+V",),
        enabled=_can_paste, section=1,
    ),
    Command(
        "edit.paste_insert", "Paste insert", "Edit", lambda d: d.editing.paste(ripple=True),
        ("Ctrl+Shift+V",), enabled=_can_paste, section=1,
    ),
    Command(
        "edit.duplicate", "Duplicate", "Edit", lambda d: d.editing.duplicate(),
        ("Ctrl+Shift+D",), enabled=has_clips, section=1,
    ),
    Command(
        "edit.copy_effects", "Copy effects", "Edit", lambda d: d.dressing.copy_effects(),
        ("Ctrl+Alt+C",), enabled=has_clips, section=1, words="attributes grade look",
    ),
    Command(
        "edit.paste_effects", "Paste effects", "Edit", lambda d: d.dressing.paste_effects(),
        ("Ctrl+Alt+V",), enabled=_has_effects, section=1, words="attributes grade look",
    ),
    Command(
        "edit.delete", "Delete", "Edit", lambda d: d.editing.delete(), ("Del", "Backspace"),
        icon="trash-2", enabled=has_selection, section=2,
    ),
    Command(
        "edit.ripple_delete", "Ripple delete", "Edit", lambda d: d.editing.ripple_delete(),
        ("Shift+Del", "Shift+Backspace"), enabled=has_selection, section=2,
    ),
    Command(
        "edit.select_all", "Select all", "Edit", lambda d: d.editing.select_all(), ("Ctrl+A",),
        section=3,
    ),
    Command(
        "edit.select_none", "Select nothing", "Edit", lambda d: d.session.selection.clear(),
        ("Ctrl+Alt+A",), section=3,
    ),
    Command(
        "edit.select_forward", "Select everything after the playhead", "Edit",
        lambda d: d.editing.select_forward(), ("A",), section=3,
    ),
    Command(
        "edit.select_here", "Select clips at the playhead", "Edit",
        lambda d: d.editing.select_at_playhead(), ("D",), section=3,
    ),
    Command(
        "clip.split", "Cut at playhead", "Clip", lambda d: d.editing.split(), ("S", "Ctrl+K"),
        icon="square-split-horizontal", enabled=writable, words="split blade razor",
    ),
    Command(
        "clip.split_all", "Cut all tracks at playhead", "Clip",
        lambda d: d.editing.split_all(), ("Ctrl+Shift+K",), enabled=writable,
    ),
    Command(
        "clip.trim_start", "Trim start to playhead", "Clip",
        lambda d: d.editing.trim_start_to_playhead(), ("Q",), enabled=writable,
    ),
    Command(
        "clip.trim_end", "Trim end to playhead", "Clip",
        lambda d: d.editing.trim_end_to_playhead(), ("W",), enabled=writable,
    ),
    Command(
        "clip.left", "Move one frame left", "Clip/Move", partial(_nudge, -1), ("Alt+Left",),
        enabled=has_clips, section=1,
    ),
    Command(
        "clip.right", "Move one frame right", "Clip/Move", partial(_nudge, 1), ("Alt+Right",),
        enabled=has_clips, section=1,
    ),
    Command(
        "clip.left_second", "Move one second left", "Clip/Move",
        lambda d: d.editing.nudge(-_second(d)), ("Alt+Shift+Left",), enabled=has_clips, section=1,
    ),
    Command(
        "clip.right_second", "Move one second right", "Clip/Move",
        lambda d: d.editing.nudge(_second(d)), ("Alt+Shift+Right",), enabled=has_clips, section=1,
    ),
    Command(
        "clip.dissolve", "Add dissolve", "Clip",
        lambda d: d.dressing.add_transition(TransitionKind.DISSOLVE), ("Ctrl+D", "T"),
        icon="blend", enabled=writable, section=2, words="transition cross fade",
    ),
    Command(
        "clip.crossfade", "Add audio crossfade", "Clip",
        lambda d: d.dressing.add_transition(TransitionKind.CROSSFADE), ("Ctrl+Shift+T",),
        enabled=writable, section=2,
    ),
    Command(
        "clip.link", "Link", "Clip", lambda d: d.editing.link(), ("Ctrl+L",),
        icon="link", enabled=_several, section=3,
    ),
    Command(
        "clip.unlink", "Unlink", "Clip", lambda d: d.editing.unlink(), ("Ctrl+Shift+L",),
        icon="unlink", enabled=has_clips, section=3,
    ),
    Command(
        "clip.group", "Group", "Clip", lambda d: d.editing.group(), ("Ctrl+G",),
        enabled=_several, section=3,
    ),
    Command(
        "clip.ungroup", "Ungroup", "Clip", lambda d: d.editing.ungroup(), ("Ctrl+Shift+G",),
        enabled=has_clips, section=3,
    ),
    Command(
        "clip.nest", "Nest into a sequence", "Clip", lambda d: d.editing.nest(),
        enabled=has_clips, section=3,
    ),
    Command(
        "clip.unnest", "Put nested clips back", "Clip", lambda d: d.editing.unnest(),
        enabled=_is_nested, section=3, words="unnest decompose sequence",
    ),
    Command(
        "clip.open_nested", "Open the nested sequence", "Clip",
        lambda d: d.editing.open_nested(), enabled=_is_nested, section=3,
    ),
    Command(
        "clip.swap", "Swap two clips", "Clip", lambda d: d.editing.swap(), ("Ctrl+Shift+X",),
        enabled=_pair, section=3, words="exchange",
    ),
    Command(
        "clip.enable", "Enable or disable", "Clip", lambda d: d.editing.toggle_enabled(),
        ("Shift+E",), enabled=has_clips, section=4,
    ),
    Command(
        "clip.reverse", "Play backwards", "Clip", lambda d: d.editing.reverse(),
        enabled=has_clips, section=4, words="reverse speed",
    ),
    Command(
        "clip.freeze", "Hold frame at playhead", "Clip", lambda d: d.editing.freeze(),
        ("Shift+F",), enabled=has_clips, section=4, words="freeze still",
    ),
    Command(
        "clip.freeze_all", "Freeze the clip at the playhead", "Clip",
        lambda d: d.editing.freeze_clip(), enabled=has_clips, section=4, words="hold still stop",
    ),
    Command(
        "clip.match_frame", "Show in source viewer", "Clip",
        lambda d: d.workspace.match_frame(), ("F",), section=4, words="match frame reveal",
    ),
    Command(
        "clip.new_take", "New take", "Clip/Generate", _new_take, ("Ctrl+R",), icon="dices",
        enabled=_is_generated, words="regenerate again variation seed",
    ),
)  # fmt: skip
