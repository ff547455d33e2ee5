"""Questions for a file or folder, in the words of this studio."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

PROJECTS = "Workprint projects (*.workprint)"
CUTS = (
    "OpenTimelineIO (*.otio)",
    "OpenTimelineIO with its media (*.otioz)",
    "Final Cut Pro XML (*.fcpxml)",
    "Final Cut Pro 7 XML: Premiere, Resolve (*.xml)",
    "CMX3600 edit list (*.edl)",
)
CAPTIONS = ("SubRip (*.srt)", "WebVTT (*.vtt)")
ALL_CAPTIONS = "Subtitles (*.srt *.vtt)"
ALL_CUTS = "Cuts of other editors (*.otio *.otioz *.fcpxml *.xml *.edl)"
LOOKS = "Looks (*.cube)"
MEDIA = (
    "Media (*.mp4 *.mov *.mkv *.webm *.avi *.mxf *.m4v *.ts *.mpg *.mpeg *.gif *.webp *.apng *.png"
    " *.jpg *.jpeg *.tif *.tiff *.bmp *.exr *.wav *.mp3 *.flac *.ogg *.opus *.m4a *.aac *.aif"
    " *.aiff *.cube);;All files (*)"
)


def ask_open_project(parent: QWidget, folder: str) -> Path | None:
    """A project to open."""
    return _ask_file(parent, "Open project", folder, PROJECTS)


def ask_save_project(parent: QWidget, title: str, suggestion: Path) -> Path | None:
    """Where a project shall lie. The dialog has asked before it names a file that exists."""
    return ask_save(parent, title, suggestion, PROJECTS)


def ask_media(parent: QWidget, folder: str) -> list[Path]:
    """Files to import."""
    chosen, _ = QFileDialog.getOpenFileNames(parent, "Import media", folder, MEDIA)
    return [Path(each) for each in chosen]


def ask_one_media(parent: QWidget, title: str, folder: str) -> Path | None:
    """One file to use in place of another."""
    return _ask_file(parent, title, folder, MEDIA)


def ask_picture(parent: QWidget, folder: str) -> Path | None:
    """A still, or a video whose first frame is meant."""
    return _ask_file(parent, "Choose a picture", folder, MEDIA)


def ask_cut(parent: QWidget, folder: str) -> Path | None:
    """A cut of another editor to bring in."""
    return _ask_file(parent, "Import timeline", folder, ALL_CUTS)


def ask_save_cut(parent: QWidget, suggestion: Path) -> Path | None:
    """Where to write a cut; a name without an ending gets that of the kind that was chosen."""
    return _ask_save_as(parent, "Export timeline", suggestion, CUTS)


def ask_look(parent: QWidget, folder: str) -> Path | None:
    """A look to grade with."""
    return _ask_file(parent, "Load a look", folder, LOOKS)


def ask_captions(parent: QWidget, folder: str) -> Path | None:
    """A subtitle file to bring in."""
    return _ask_file(parent, "Import captions", folder, ALL_CAPTIONS)


def ask_save_captions(parent: QWidget, suggestion: Path) -> Path | None:
    """Where to write captions; a name without an ending gets that of the kind that was chosen."""
    return _ask_save_as(parent, "Export captions", suggestion, CAPTIONS)


def ask_save(parent: QWidget, title: str, suggestion: Path, kinds: str) -> Path | None:
    """Where to write something."""
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(suggestion), kinds)
    return Path(chosen) if chosen else None


def ask_folder(parent: QWidget, title: str, folder: str) -> Path | None:
    """A folder to look through."""
    chosen = QFileDialog.getExistingDirectory(parent, title, folder)
    return Path(chosen) if chosen else None


def _ask_file(parent: QWidget, title: str, folder: str, kinds: str) -> Path | None:
    chosen, _ = QFileDialog.getOpenFileName(parent, title, folder, kinds)
    return Path(chosen) if chosen else None


def _ask_save_as(
    parent: QWidget, title: str, suggestion: Path, kinds: tuple[str, ...]
) -> Path | None:
    """Where to write one of several kinds, of which the first is the usual one."""
    chosen, kind = QFileDialog.getSaveFileName(parent, title, str(suggestion), ";;".join(kinds))
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix else path.with_suffix(_ending(kind) or _ending(kinds[0]))


def _ending(kind: str) -> str:
    """The ending in a kind's words, such as ".otio" in "OpenTimelineIO (*.otio)"."""
    return kind.rpartition("*")[2].rstrip(")")
