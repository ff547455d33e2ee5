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
MEDIA = (
    "Media (*.mp4 *.mov *.mkv *.webm *.avi *.mxf *.m4v *.ts *.mpg *.mpeg *.gif *.webp *.apng *.png"
    " *.jpg *.jpeg *.tif *.tiff *.bmp *.exr *.wav *.mp3 *.flac *.ogg *.opus *.m4a *.aac *.aif"
    " *.aiff *.cube);;All files (*)"
)


def ask_open_project(parent: QWidget, folder: str) -> Path | None:
    """A project to open."""
    chosen, _ = QFileDialog.getOpenFileName(parent, "Open project", folder, PROJECTS)
    return Path(chosen) if chosen else None


def ask_save_project(parent: QWidget, title: str, suggestion: Path) -> Path | None:
    """Where a project shall lie. The dialog has asked before it names a file that exists."""
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(suggestion), PROJECTS)
    return Path(chosen) if chosen else None


def ask_media(parent: QWidget, folder: str) -> list[Path]:
    """Files to import."""
    chosen, _ = QFileDialog.getOpenFileNames(parent, "Import media", folder, MEDIA)
    return [Path(each) for each in chosen]


def ask_one_media(parent: QWidget, title: str, folder: str) -> Path | None:
    """One file to use in place of another."""
    chosen, _ = QFileDialog.getOpenFileName(parent, title, folder, MEDIA)
    return Path(chosen) if chosen else None


def ask_picture(parent: QWidget, folder: str) -> Path | None:
    """A still, or a video whose first frame is meant."""
    chosen, _ = QFileDialog.getOpenFileName(parent, "Choose a picture", folder, MEDIA)
    return Path(chosen) if chosen else None


def ask_cut(parent: QWidget, folder: str) -> Path | None:
    """A cut of another editor to bring in."""
    chosen, _ = QFileDialog.getOpenFileName(parent, "Import timeline", folder, ALL_CUTS)
    return Path(chosen) if chosen else None


def ask_save_cut(parent: QWidget, suggestion: Path) -> Path | None:
    """Where to write a cut; a name without an ending gets that of the kind that was chosen."""
    kinds = ";;".join(CUTS)
    chosen, kind = QFileDialog.getSaveFileName(parent, "Export timeline", str(suggestion), kinds)
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix else path.with_suffix(kind.rpartition("*")[2].rstrip(")") or ".otio")


def ask_look(parent: QWidget, folder: str) -> Path | None:
    """A look to grade with."""
    kinds = "Looks (*.cube)"
    chosen, _ = QFileDialog.getOpenFileName(parent, "Load a look", folder, kinds)
    return Path(chosen) if chosen else None


def ask_captions(parent: QWidget, folder: str) -> Path | None:
    """A subtitle file to bring in."""
    chosen, _ = QFileDialog.getOpenFileName(parent, "Import captions", folder, ALL_CAPTIONS)
    return Path(chosen) if chosen else None


def ask_save_captions(parent: QWidget, suggestion: Path) -> Path | None:
    """Where to write captions; a name without an ending gets that of the kind that was chosen."""
    kinds = ";;".join(CAPTIONS)
    chosen, kind = QFileDialog.getSaveFileName(parent, "Export captions", str(suggestion), kinds)
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix else path.with_suffix(kind.rpartition("*")[2].rstrip(")") or ".srt")


def ask_save(parent: QWidget, title: str, suggestion: Path, kinds: str) -> Path | None:
    """Where to write something."""
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(suggestion), kinds)
    return Path(chosen) if chosen else None


def ask_folder(parent: QWidget, title: str, folder: str) -> Path | None:
    """A folder to look through."""
    chosen = QFileDialog.getExistingDirectory(parent, title, folder)
    return Path(chosen) if chosen else None
