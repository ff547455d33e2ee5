"""Commands of Clip › Generate that make something out of the selected clip."""

from __future__ import annotations

from studio.ui.actions.command import Command
from studio.ui.actions.file import writable
from studio.ui.desk import Desk

COMMANDS: tuple[Command[Desk], ...] = (
    Command(
        "clip.extend", "Extend…", "Clip/Generate", lambda d: d.making.extend(), ("Ctrl+Alt+E",),
        icon="between-horizontal-start", enabled=writable,
        words="generate longer continue before after",
    ),
    Command(
        "clip.retake", "Retake range…", "Clip/Generate",
        lambda d: d.making.retake(), ("Ctrl+Alt+R",),
        icon="brackets", enabled=writable, words="generate again part in out inpaint",
    ),
    Command(
        "clip.edit", "Edit by instruction…", "Clip/Generate",
        lambda d: d.making.edit(), ("Ctrl+Alt+I",),
        icon="wand-sparkles", enabled=writable,
        words="generate change add remove replace recolour background style weather segment",
    ),
    Command(
        "clip.upscale", "Upscale 2×…", "Clip/Generate",
        lambda d: d.making.upscale(), ("Ctrl+Alt+U",),
        icon="maximize", enabled=writable, words="generate larger bigger resolution",
    ),
    Command(
        "clip.smooth", "Smooth motion…", "Clip/Generate",
        lambda d: d.making.smooth(), ("Ctrl+Alt+W",),
        icon="film", enabled=writable,
        words="generate slow motion optical flow frame interpolation time remapping rate fps",
    ),
    Command(
        "clip.soundtrack", "Make a soundtrack…", "Clip/Generate", lambda d: d.making.soundtrack(),
        ("Ctrl+Alt+D",), icon="audio-lines", enabled=writable,
        words="generate sound effects foley music audio video to audio",
    ),
    Command(
        "clip.extend_sound", "Extend sound…", "Clip/Generate", lambda d: d.making.extend_sound(),
        icon="audio-lines", enabled=writable, words="generate longer audio continue",
    ),
    Command(
        "clip.from_frame", "Make a clip from this frame…", "Clip/Generate",
        lambda d: d.making.from_frame(),
        ("Ctrl+Alt+F",), icon="frame", enabled=writable,
        words="generate image to video first frame",
    ),
    Command(
        "clip.animate_sticker", "Animate this sticker…", "Clip/Generate",
        lambda d: d.making.animate_sticker(), ("Ctrl+Alt+S",), icon="sparkles",
        enabled=writable, words="generate loop transparent",
    ),
)  # fmt: skip
"""All can always be asked for: where one does not apply, it says why and what to do."""
