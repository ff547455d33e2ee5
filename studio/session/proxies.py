"""Proxies: small stand-ins of the project's large films, made while nothing plays.

They lie in the cache folder, named by what they stand for, and nothing of them is in the project:
they can be deleted at any time. The session's footage uses those that are ready for playing and
scrubbing; a picture at rest and an export never do.
"""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from studio.document.model.asset import Asset
from studio.document.queries.media import wants_proxy
from studio.session.late import Late
from studio.session.preferences import Preferences
from studio.session.session import Session
from studio.session.transport import Transport

if TYPE_CHECKING:
    from studio.media.proxies import Made, NotMade, ProxyMaker

log = logging.getLogger(__name__)


class Proxies(QObject):
    """`changed` says that one is ready, or that another is being made. It sleeps until `start`."""

    changed = Signal()
    _heard = Signal(object, object)

    def __init__(
        self, session: Session, preferences: Preferences, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._preferences = preferences
        self._started = False
        self._lock = Lock()
        self._maker: Late[ProxyMaker] | None = None
        self._asked: dict[str, Path] = {}
        self._waiting: set[str] = set()
        self._transports: list[Transport] = []
        self._heard.connect(self._take_in, Qt.ConnectionType.QueuedConnection)
        session.changed.connect(self._look)
        session.project_opened.connect(self._begin_again)
        session.footage.changed.connect(self._look)
        preferences.changed.connect(self._preferences_changed)
        self.give_way_to(session.transport)

    @property
    def waiting(self) -> int:
        """How many are being made or wait to be."""
        return len(self._waiting)

    def start(self) -> None:
        """Begin to make what is missing: the window stands, and there is time for it."""
        self._started = True
        self._look()

    def give_way_to(self, transport: Transport) -> None:
        """Make nothing while this one plays or is dragged."""
        self._transports.append(transport)
        transport.state_changed.connect(self._hold)

    def close(self) -> None:
        """Stop, leaving nothing half made."""
        self._started = False
        with self._lock:
            maker, self._maker = self._maker, None
        made = maker.made if maker is not None else None
        if made is not None:
            made.close()

    @Slot()
    def _look(self) -> None:
        """Ask for what the project wants and has not asked for yet."""
        if not self._started or not self._preferences.settings.proxies:
            return
        for asset in self._session.project.assets:
            film = self._session.folder / asset.path
            known = self._asked.get(asset.id) == film
            if known or not wants_proxy(asset) or asset.id in self._session.footage.missing:
                continue
            self._asked[asset.id] = film
            self._waiting.add(asset.id)
            self._ask(asset, film)
        self.changed.emit()

    def _ask(self, asset: Asset, film: Path) -> None:
        if self._maker is None:
            folder = self._preferences.cache_folder / "proxies"
            self._maker = Late(partial(_maker, folder, partial(self._told, self._asked)))
        maker = self._maker

        def ask() -> None:
            with self._lock:
                if maker is self._maker:
                    maker.get().ask(asset, film)

        self._session.work.run(ask, lambda _none: self._hold())

    def _told(self, asked: dict[str, Path], news: Made | NotMade) -> None:
        """On the maker's thread."""
        self._heard.emit(asked, news)

    @Slot(object, object)
    def _take_in(self, asked: object, news: Made | NotMade) -> None:
        from studio.media.proxies import Made

        if asked is not self._asked:  # of a project that is not open any more
            return
        self._waiting.discard(news.asset_id)
        if isinstance(news, Made):
            self._session.stand_ins[self._asked[news.asset_id]] = news.path
        else:
            log.info("no proxy of %s: %s", news.asset_id, news.reason)
        self.changed.emit()

    def _hold(self) -> None:
        made = self._maker.made if self._maker is not None else None
        if made is not None:
            made.hold(held=any(each.playing or each.scrubbing for each in self._transports))

    def _begin_again(self) -> None:
        """Another project, another folder, or none wanted any more."""
        started = self._started
        self.close()
        self._asked, self._waiting, self._started = {}, set(), started
        self._look()

    def _preferences_changed(self, names: frozenset[str]) -> None:
        if names & {"proxies", "cache_folder"}:
            self._session.stand_ins.clear()
            self._begin_again()


def _maker(folder: Path, tell: partial[None]) -> ProxyMaker:
    from studio.media.proxies import ProxyMaker

    return ProxyMaker(folder, tell)
