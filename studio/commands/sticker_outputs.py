"""Sticker abilities write the file that was asked for: what the engine made, coded anew here."""

from __future__ import annotations

import tempfile
from pathlib import Path

from engine.protocol.assets import Output
from engine.protocol.recipes import Ability
from studio.client.engine import EngineClient, TransferProgress
from studio.commands.outputs import fetch_outputs
from studio.media.stickers.make import LARGEST_SIDE, Wish, make_sticker, save_sticker
from studio.media.stickers.platforms import ANY
from studio.media.stickers.reading import read_clip

_STICKERS = (Ability.TEXT_TO_STICKER, Ability.ANIMATE_STICKER)


def is_sticker_file(path: Path, ability: Ability) -> bool:
    """Whether a sticker's ability is to end in a sticker's file, not in the engine's own."""
    return ability in _STICKERS and path.suffix.lower() in ANY.suffixes


def fetch_sticker(
    client: EngineClient, outputs: tuple[Output, ...], path: Path, on_progress: TransferProgress
) -> list[Path]:
    """Bring a job's sticker here in the format of the name; -> where it is, as `fetch_outputs`.

    Raises: EngineClientError, MediaError.
    """
    with tempfile.TemporaryDirectory(prefix="workprint-") as folder:
        raw = fetch_outputs(client, outputs[:1], Path(folder) / path.name, on_progress)
        clip = read_clip(raw, LARGEST_SIDE)
        save_sticker(path, make_sticker(clip, Wish(ANY, path.suffix.lower())))
    return [path]
