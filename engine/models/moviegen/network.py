"""The base of our networks: diffusers' model and configuration, with the types they leave out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import torch
from diffusers.configuration_utils import ConfigMixin
from diffusers.models.modeling_utils import ModelMixin

from engine.models.packed import NAME, load_packed, save_packed


class Network(ModelMixin, ConfigMixin):
    """A network that is saved as a folder of safetensors and its configuration."""

    config_name = "config.json"

    @classmethod
    def from_folder(cls, folder: Path, dtype: torch.dtype) -> Self:
        """The network of a folder of ours, whether its weights are packed or not.

        Raises: FileNotFoundError, where there is none; diffusers would look for it on the network.
        """
        if not (folder / cls.config_name).exists():
            raise FileNotFoundError(f"There is no model in {folder}.")
        if not (folder / NAME).exists():
            return cls.from_pretrained(folder, torch_dtype=dtype)
        with torch.device("meta"):
            network = cls.from_config(cls.load_config(str(folder)))
        network.load_state_dict(load_packed(folder, dtype), assign=True)
        return network

    def to_folder(self, folder: Path) -> None:
        """Write packed weights and the configuration, in place of whatever weights lie there."""
        folder.mkdir(parents=True, exist_ok=True)
        save_packed(self.state_dict(), folder)
        self.save_config(str(folder))
        for other in folder.glob("diffusion_pytorch_model*"):
            other.unlink()

    if TYPE_CHECKING:

        @property
        def config(self) -> Any: ...
        def to(self, *args: Any, **kwargs: Any) -> Self: ...
        @classmethod
        def from_config(cls, config: Any) -> Self: ...  # type: ignore[override]
        @classmethod
        def from_pretrained(cls, path: Any, **kwargs: Any) -> Self: ...  # type: ignore[override]
