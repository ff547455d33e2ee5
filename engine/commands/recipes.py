"""Every training of the pocket cast by name, as `train` runs them. It loads all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from engine.training import (
    identity_judge,
    judge,
    pocket_edit,
    pocket_person,
    pocket_sound,
    pocket_sticker,
    sticker_judge,
    upsampler,
)
from engine.training.pocket_video import train_autoencoder, train_decoder, train_video

RECIPES: Mapping[str, Callable[[float, Path, Path, str | None], None]] = {
    "judge": judge.train,
    "sticker-judge": sticker_judge.train,
    "identity-judge": identity_judge.train,
    "pocket-autoencoder": train_autoencoder,
    "pocket-decoder": train_decoder,
    "pocket-video": train_video,
    "pocket-edit": pocket_edit.train,
    "pocket-upsampler": upsampler.train,
    "pocket-person": pocket_person.train,
    "pocket-sticker": pocket_sticker.train,
    "pocket-sound-codec": pocket_sound.train_codec,
    "pocket-sound-decoder": pocket_sound.train_decoder,
    "pocket-sound": pocket_sound.train,
}
"""(minutes, folder of the run, folder of all models, device) -> None"""
