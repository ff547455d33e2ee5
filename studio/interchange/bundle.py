""".otioz: a cut and its media in one zip file, as OpenTimelineIO's own adapter lays it out.

    content.otio   the timeline, media by relative addresses
    version.txt    1.0.0
    media/…        the files, stored as they are

Written and unpacked here because OpenTimelineIO's adapter bundles only the take that plays, refuses
two files of one name, and forgets what it knew of a file that is missing.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import opentimelineio as otio

from studio.interchange.errors import InterchangeError
from studio.interchange.losses import Losses
from studio.interchange.references import path_of

_CONTENT, _VERSION, _MEDIA = "content.otio", "version.txt", "media"


def write_bundle(timeline: otio.schema.Timeline, target: Path, losses: Losses) -> None:
    """Pack a timeline, whose media addresses are absolute; it is changed on the way.

    Media that is not on this disk stays outside, and is told.
    Raises: OSError when a file cannot be read or the disk refuses.
    """
    names = _packed(timeline, losses)
    with zipfile.ZipFile(target, "w") as archive:
        text = otio.adapters.write_to_string(timeline, "otio_json")
        archive.writestr(_CONTENT, text, zipfile.ZIP_DEFLATED)
        archive.writestr(_VERSION, "1.0.0", zipfile.ZIP_DEFLATED)
        for path, name in names.items():
            archive.write(path, f"{_MEDIA}/{name}", zipfile.ZIP_STORED)


def _packed(timeline: otio.schema.Timeline, losses: Losses) -> dict[Path, str]:
    """Give references their addresses inside; -> the names of the files to pack."""
    names: dict[Path, str] = {}
    for reference in _files(timeline):
        path = path_of(reference.target_url)
        if not path.is_file():
            losses.add("Missing files are named in the bundle, not packed", path.name)
            continue
        if path not in names:
            names[path] = _free(path.name, set(names.values()))
        reference.target_url = quote(f"{_MEDIA}/{names[path]}")
    return names


def _files(timeline: otio.schema.Timeline) -> Iterator[otio.schema.ExternalReference]:
    for clip in timeline.find_clips():
        for reference in clip.media_references().values():
            if isinstance(reference, otio.schema.ExternalReference):
                yield reference


def _free(name: str, taken: set[str]) -> str:
    path, number = Path(name), 2
    while name.lower() in {each.lower() for each in taken}:
        name, number = f"{path.stem}-{number}{path.suffix}", number + 1
    return name


def read_bundle(source: Path, into: Path) -> str:
    """Unpack the media into a folder, and give the timeline's text, its addresses turned there.

    A file that is there already, and as long, is taken to be the same one.
    Raises: InterchangeError when this is no bundle; OSError when the disk refuses.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            text = archive.read(_CONTENT).decode()
            places = dict(_unpacked(archive, into))
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, EOFError) as error:
        raise InterchangeError(
            f"{source.name} is damaged or no .otioz bundle. Ask for it once more."
        ) from error
    return _turned(text, places)


def _unpacked(archive: zipfile.ZipFile, into: Path) -> Iterator[tuple[str, Path]]:
    for info in archive.infolist():
        folder, _, name = info.filename.partition("/")
        if folder != _MEDIA or not name or name != Path(name).name or info.is_dir():
            continue
        into.mkdir(parents=True, exist_ok=True)
        path = _place(into, name, info.file_size)
        if not path.exists():
            _extract(archive, info, path)
        yield info.filename, path


def _place(into: Path, name: str, size_bytes: int) -> Path:
    """Where a file goes: beside another one of its name, never over it."""
    path, number = into / name, 2
    while path.exists() and path.stat().st_size != size_bytes:
        path, number = into / f"{Path(name).stem}-{number}{Path(name).suffix}", number + 1
    return path


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> None:
    half = path.with_name(f".{path.name}.part")
    try:
        with archive.open(info) as packed, half.open("wb") as out:
            shutil.copyfileobj(packed, out, 2**20)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _turned(text: str, places: dict[str, Path]) -> str:
    timeline = otio.adapters.read_from_string(text, "otio_json")
    for each in _timelines(timeline):
        for reference in _files(each):
            path = places.get(path_of(reference.target_url).as_posix())
            if path is not None:
                reference.target_url = path.absolute().as_uri()
    return otio.adapters.write_to_string(timeline, "otio_json")


def _timelines(read: object) -> Iterator[otio.schema.Timeline]:
    match read:
        case otio.schema.Timeline():
            yield read
        case otio.schema.SerializableCollection():
            for each in read:
                yield from _timelines(each)
        case _:
            return
