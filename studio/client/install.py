"""Having an engine install a model, and hearing how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import httpx

from engine.protocol import routes
from engine.protocol.codec import BadMessage, decode, encode
from engine.protocol.installs import (
    InstallDone,
    InstallFailed,
    Installing,
    InstallNews,
    InstallRequest,
)
from studio.client.calls import PATIENT, Calls, refused
from studio.client.errors import AnswerNotUnderstood, EngineRefused, EngineUnreachable


class Install:
    """One action on one model. An engine that goes away is asked again, and goes on."""

    def __init__(
        self,
        calls: Calls,
        model_id: str,
        request: InstallRequest,
        on_news: Callable[[Installing], None],
    ) -> None:
        self._calls = calls
        self._path = routes.install_path(model_id)
        self._body = encode(request)
        self._on_news = on_news

    def run(self) -> InstallDone:
        """Listen until it has ended.

        Raises: EngineRefused with the reason, EngineClientError.
        """
        return self._calls.use(self._listen)

    def _listen(self, client: httpx.Client) -> InstallDone:
        with client.stream("POST", self._path, content=self._body, timeout=PATIENT) as answer:
            if not answer.is_success:
                answer.read()
                raise refused(answer)
            for line in answer.iter_lines():
                match _news(line):
                    case Installing() as news:
                        self._on_news(news)
                    case InstallDone() as done:
                        return done
                    case InstallFailed(error=error):
                        raise EngineRefused(error)
        raise EngineUnreachable("The engine ended before the install did. Try again.")


def _news(line: str) -> InstallNews:
    try:
        return decode(line, cast(Any, InstallNews))
    except BadMessage as problem:
        raise AnswerNotUnderstood(
            f"The engine's answer cannot be read ({problem}). Bring both up to date."
        ) from problem
