"""Where results go: places are tried before the work, files appear whole or not at all."""

from __future__ import annotations

import mimetypes
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.protocol.assets import Output
from engine.protocol.recipes import Ability
from studio.client.engine import EngineClient, TransferProgress
from studio.commands.failures import CommandError, UsageError
from studio.media.errors import from_os_error
from studio.session.collecting import suffix_of

_SOUNDS = {Ability.VIDEO_TO_AUDIO, Ability.TEXT_TO_AUDIO, Ability.EXTEND_AUDIO}
_STILLS = {Ability.TEXT_TO_IMAGE, Ability.TEXT_TO_STICKER, Ability.CUT_OUT}
_EITHER = {Ability.ANIMATE_STICKER}
_PART = ".part"


@contextmanager
def output_place(path: Path | None, ability: Ability) -> Iterator[Path]:
    """Where a result goes: the file that was named, or for a text none, which is then printed only.

    Raises: as `check_output`; UsageError where a file must be named.
    """
    if path is not None:
        check_output(path, ability)
        yield path
        return
    if ability is not Ability.REWRITE_PROMPT:
        raise UsageError(f"Say where it goes, such as --out output{_kinds(ability)[1]}.")
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "prompt.txt"


def check_output(path: Path, ability: Ability) -> None:
    """See that a file can be written there, and that its name says what it will hold.

    Raises: UsageError, CommandError, MediaError.
    """
    kind = (mimetypes.guess_type(path.name, strict=False)[0] or "").partition("/")[0]
    wanted, example = _kinds(ability)
    if kind not in wanted:
        raise UsageError(
            f"{ability} does not make {path.suffix or 'files without an ending'}. Name the output"
            f" such as {path.stem or 'output'}{example}."
        )
    check_place(path)


def check_place(path: Path) -> None:
    """See that a file can be written there, before any work is done for it.

    Raises: CommandError, MediaError.
    """
    if path.is_dir():
        raise CommandError(f"{path} is a folder. Name a file in it.")
    if not path.parent.is_dir():
        raise CommandError(f"The folder {path.parent} does not exist. Make it, or choose another.")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            return
    except OSError as error:
        raise from_os_error(error, path) from error


def fetch_outputs(
    client: EngineClient, outputs: tuple[Output, ...], path: Path, on_progress: TransferProgress
) -> list[Path]:
    """Bring a job's outputs here; -> where they are, the first under the name asked for.

    An output of another format than the name's ending gets its own ending, and further ones
    their name before it: clip.mp4, clip.mask.mp4.
    """
    fetched: list[Path] = []
    for place, output in enumerate(outputs):
        wanted = path if place == 0 else path.with_stem(f"{path.stem}.{output.name}")
        target = _named(output, wanted)
        try:
            client.download(output.asset, target, on_progress=on_progress)
        except BaseException:
            target.with_name(target.name + _PART).unlink(missing_ok=True)
            raise
        fetched.append(target)
    return fetched


def _named(output: Output, path: Path) -> Path:
    """The path, with the ending of what the file really is."""
    suffix = suffix_of(output.asset)
    if path.suffix.lower() == suffix:
        return path
    if mimetypes.guess_type(path.name, strict=False)[0] == output.asset.media_type:
        return path
    return path.with_suffix(suffix)


def _kinds(ability: Ability) -> tuple[tuple[str, ...], str]:
    """Major media types an ability gives, and an ending to suggest."""
    if ability in _SOUNDS:
        return ("audio",), ".wav"
    if ability in _STILLS:
        return ("image",), ".png"
    if ability in _EITHER:
        return ("image", "video"), ".webp"
    if ability is Ability.REWRITE_PROMPT:
        return ("text",), ".txt"
    return ("video",), ".mp4"
