"""Every training of the pocket cast by name, as `train` runs them. It loads all of them."""

from __future__ import annotations

from collections.abc import Mapping

from engine.commands.train import Recipe
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

RECIPES: Mapping[str, Recipe] = {
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
