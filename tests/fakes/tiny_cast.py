"""The catalogue's cast over one folder of tiny weights, which WORKPRINT_TEST_WEIGHTS names."""

from __future__ import annotations

import os
from pathlib import Path

from engine.catalogue import load_catalogue
from engine.downloads.store import default_store
from engine.protocol.models import ModelCard
from engine.server.catalogue_cast import CatalogueCast

WEIGHTS_VARIABLE = "WORKPRINT_TEST_WEIGHTS"


class FakeTinyCast(CatalogueCast):
    """Every model is there, and its weights are the tiny ones."""

    def cards(self) -> tuple[ModelCard, ...]:
        """See Cast."""
        return tuple(entry.card(installed=True) for entry in load_catalogue())

    def card(self, model_id: str) -> ModelCard:
        """See Cast."""
        return load_catalogue().entry(model_id).card(installed=True)

    def weights(self, model_id: str) -> Path:
        """See Cast."""
        load_catalogue().entry(model_id)
        return Path(os.environ[WEIGHTS_VARIABLE])


def load_cast() -> FakeTinyCast:
    """What `serve --cast` asks for."""
    return FakeTinyCast(load_catalogue(), default_store())
