"""What is made out of a picture in the bin: its subject alone, or a clip in which that acts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from studio.document.edits.assets import add_asset
from studio.document.model.asset import Asset
from studio.session.cutting_out import CutOut
from studio.session.session import Session
from studio.session.sources import Refused, Sources
from studio.ui.still_picker import StillPicker


class PictureDesk:
    """Verbs on pictures by their ids; of a moving picture its first frame is meant."""

    def __init__(self, session: Session, sources: Sources, picker: StillPicker) -> None:
        self._session = session
        self._sources = sources
        self._picker = picker
        self._cast: Callable[[Asset], object] | None = None

    def take_panel(self, cast: Callable[[Asset], object]) -> None:
        """The window stands; `cast` puts a picture into the Generate panel as who is to act."""
        self._cast = cast

    def cut_out(self, asset_id: str) -> None:
        """Put the subject of a picture into the bin, without what is around it."""
        asset = self._session.project.assets_by_id[asset_id]
        self._picker.asset(asset, partial(self._cut, asset.name), self._refuse)

    def cast(self, asset_id: str) -> None:
        """Begin a clip in which a picture's subject acts."""
        if self._cast is not None:
            asset = self._session.project.assets_by_id[asset_id]
            self._picker.asset(asset, self._cast, self._refuse)

    def _cut(self, name: str, asset: Asset) -> None:
        path = self._picker.path_of(asset)
        kept = partial(self._keep, f"{name} cut out")
        self._session.notices.info(f"Cutting out the subject of {name}…", topic="cut-out")
        self._picker.cutting.ask(path, asset.sha256, 0, kept, self._refuse)

    def _keep(self, name: str, cut: CutOut) -> None:
        def write(path: Path, written: Callable[[], object], dropped: Refused) -> None:
            try:
                path.write_bytes(cut.png)
            except OSError as error:
                dropped(f"The cut-out cannot be kept: {error.strerror or error}.")
            else:
                written()

        self._sources.rendered(write, name, self._bring_in, self._refuse)

    def _bring_in(self, asset: Asset) -> None:
        if self._session.apply("Cut out subject", partial(add_asset, asset=asset)):
            self._session.notices.done(f"{asset.name} is in the media bin.", topic="cut-out")

    def _refuse(self, sentence: str) -> None:
        self._session.notices.warning(sentence, topic="cut-out")
