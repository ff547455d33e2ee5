"""Commands of the File, Tools and Help menus."""

from __future__ import annotations

from studio.document.model.sequence import TrackKind
from studio.ui.actions.command import Command
from studio.ui.desk import Desk


def writable(desk: Desk) -> bool:
    """Whether the open project may be changed."""
    return not desk.session.read_only


def _has_clips(desk: Desk) -> bool:
    return desk.timeline.duration > 0


def _has_missing(desk: Desk) -> bool:
    return bool(desk.session.footage.missing)


def _has_captions(desk: Desk) -> bool:
    tracks = desk.session.sequence.tracks
    return any(track.kind is TrackKind.CAPTION and track.items for track in tracks)


def _rate(desk: Desk) -> None:
    from studio.ui.rating.opening import rate_candidates  # few need it: not at every start

    rate_candidates(desk)


COMMANDS: tuple[Command[Desk], ...] = (
    Command("file.new", "New project…", "File", lambda d: d.workspace.new_project(), ("Ctrl+N",)),
    Command(
        "file.open", "Open project…", "File", lambda d: d.workspace.open_project(), ("Ctrl+O",)
    ),
    Command(
        "file.save_as",
        "Save as…",
        "File",
        lambda d: d.workspace.save_as(),
        ("Ctrl+Shift+S",),
        words="copy duplicate save",
    ),
    Command(
        "file.import",
        "Import media…",
        "File",
        lambda d: d.workspace.import_media(),
        ("Ctrl+I",),
        enabled=writable,
        section=1,
    ),
    Command(
        "file.new_folder",
        "New folder in the media bin",
        "File",
        lambda d: d.workspace.new_folder(),
        ("Ctrl+B",),
        enabled=writable,
        section=1,
        words="bin directory organise",
    ),
    Command(
        "file.import_cut",
        "Import timeline…",
        "File",
        lambda d: d.workspace.import_cut(),
        enabled=writable,
        section=1,
        words="otio otioz fcpxml xml edl timeline premiere resolve final cut",
    ),
    Command(
        "file.import_captions",
        "Import captions…",
        "File",
        lambda d: d.workspace.import_captions(),
        enabled=writable,
        section=1,
        words="subtitles srt vtt webvtt subrip",
    ),
    Command(
        "file.find_missing",
        "Find missing footage…",
        "File",
        lambda d: d.workspace.find_missing(),
        enabled=_has_missing,
        section=1,
        words="relink offline",
    ),
    Command(
        "file.export",
        "Export film…",
        "File",
        lambda d: d.workspace.export_film(),
        ("Ctrl+M", "Ctrl+E"),
        icon="share",
        enabled=_has_clips,
        section=2,
        words="render deliver mp4",
    ),
    Command(
        "file.export_still",
        "Export frame as picture…",
        "File",
        lambda d: d.workspace.export_still(),
        ("Ctrl+Shift+E",),
        enabled=_has_clips,
        section=2,
        words="still png screenshot",
    ),
    Command(
        "file.export_sticker",
        "Export sticker…",
        "File",
        lambda d: d.workspace.export_sticker(),
        ("Ctrl+Alt+M",),
        enabled=_has_clips,
        section=2,
        words="loop webm webp gif apng telegram whatsapp discord slack emoji transparent",
    ),
    Command(
        "file.export_cut",
        "Export timeline…",
        "File",
        lambda d: d.workspace.export_cut(),
        enabled=_has_clips,
        section=2,
        words="otio otioz fcpxml xml edl timeline premiere resolve final cut interchange",
    ),
    Command(
        "file.export_captions",
        "Export captions…",
        "File",
        lambda d: d.workspace.export_captions(),
        enabled=_has_captions,
        section=2,
        words="subtitles srt vtt webvtt subrip",
    ),
    Command(
        "file.preferences",
        "Preferences…",
        "File",
        lambda d: d.workspace.show_preferences("Engine"),
        ("Ctrl+,",),
        section=3,
        words="settings options server gpu tier cache theme",
    ),
    Command("file.quit", "Quit", "File", lambda d: d.workspace.quit(), ("Ctrl+Q",), section=4),
    Command(
        "tools.rate",
        "Rate candidates…",
        "Tools",
        _rate,
        words="choose keep reject stickers teachers training",
    ),
    Command(
        "help.palette",
        "Search commands…",
        "Help",
        lambda d: d.workspace.show_palette(),
        ("Ctrl+Shift+P", "Ctrl+/"),
        words="palette find action",
    ),
    Command(
        "help.shortcuts",
        "Keyboard shortcuts",
        "Help",
        lambda d: d.workspace.show_preferences("Shortcuts"),
        ("Ctrl+Alt+K",),
    ),
    Command("help.guide", "User guide", "Help", lambda d: d.workspace.show_guide(), ("F1",)),
    Command("help.log", "Show the log file", "Help", lambda d: d.workspace.show_log(), section=1),
    Command(
        "help.about",
        "About and licences",
        "Help",
        lambda d: d.workspace.show_about(),
        section=1,
        words="model licence version",
    ),
)
