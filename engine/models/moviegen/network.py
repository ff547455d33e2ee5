"""The base of our networks: diffusers' model and configuration, with the types they leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from diffusers.configuration_utils import ConfigMixin
from diffusers.models.modeling_utils import ModelMixin


class Network(ModelMixin, ConfigMixin):
    """A network that is saved as a folder of safetensors and its configuration."""

    config_name = "config.json"

    if TYPE_CHECKING:

        @property
        def config(self) -> Any: ...
        def to(self, *args: Any, **kwargs: Any) -> Self: ...
        @classmethod
        def from_config(cls, config: Any) -> Self: ...  # type: ignore[override]
        @classmethod
        def from_pretrained(cls, path: Any, **kwargs: Any) -> Self: ...  # type: ignore[override]
