"""How asking an engine can fail, each a sentence that a person can act on.

EngineClientError
├── EngineUnreachable     no answer from the address
├── EngineNotStarted      the local engine did not come up; its log says why
├── EngineRefused         the engine answered no; `info` has its code, message and hint
├── ConnectionUntrusted   the server's certificate is not one we trust
├── AnswerNotUnderstood   what answers is no Workprint engine, or a much newer one
├── TransferDamaged       a download whose hash is not the one asked for
├── FileUnreadable        a file to upload that cannot be read
└── FileUnwritable        a place for a download that cannot be written, or a full disk
"""

from __future__ import annotations

from engine.protocol.errors import ErrorInfo


class EngineClientError(Exception):
    """Root of every failure in this package; its text is shown to the user as it is."""


class EngineUnreachable(EngineClientError):
    """No answer from the address."""


class EngineNotStarted(EngineClientError):
    """The local engine did not come up; its log says why."""


class EngineRefused(EngineClientError):
    """The engine answered no."""

    def __init__(self, info: ErrorInfo) -> None:
        super().__init__(f"{info.message} {info.hint}".strip())
        self.info = info


class ConnectionUntrusted(EngineClientError):
    """The server's certificate is not one we trust."""


class AnswerNotUnderstood(EngineClientError):
    """What answers is no Workprint engine, or a much newer one."""


class TransferDamaged(EngineClientError):
    """A download whose hash is not the one asked for."""


class FileUnreadable(EngineClientError):
    """A file to upload that cannot be read."""


class FileUnwritable(EngineClientError):
    """A place for a download that cannot be written, or a full disk."""
