"""Who may ask: bearer tokens, each with the name of its owner and how many jobs may wait."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadRequest, Unauthorized

LOCAL_OWNER = "local"
DEFAULT_MAX_WAITING = 200
SHORTEST_TOKEN = 16

_SCHEME = "Bearer "


@dataclass(frozen=True, slots=True)
class Owner:
    """Someone with a token. Jobs, events and quotas are kept apart by name."""

    name: str
    max_waiting: int = DEFAULT_MAX_WAITING


class Tokens:
    """Tokens and their owners, kept and compared as digests."""

    def __init__(self, owners: Iterable[tuple[str, Owner]]) -> None:
        self._owners = {_digest(token): owner for token, owner in owners}

    def owner(self, authorization: str | None) -> Owner:
        """Whose token an Authorization header carries.

        Raises: Unauthorized.
        """
        if authorization is None or not authorization.startswith(_SCHEME):
            raise Unauthorized("This engine wants a token.", "Enter the token of its operator.")
        owner = self._owners.get(_digest(authorization.removeprefix(_SCHEME)))
        if owner is None:
            raise Unauthorized("This token is not known here.", "Check it, or ask for a new one.")
        return owner


def new_token() -> str:
    """A token for one launch."""
    # Hexadecimal: a token that began with a dash would read as an option on the command line.
    return secrets.token_hex(32)


def read_tokens(path: Path) -> Tokens:
    """A tokens file: lines of `NAME TOKEN [MOST_JOBS_WAITING]`; `#` begins a comment.

    Raises: BadRequest, naming the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise BadRequest(
            f"The tokens file {path} cannot be read: {problem}.", "Check its path and permissions."
        ) from problem
    owners = [_owner(path, number, line) for number, line in enumerate(lines, 1) if _says(line)]
    if not owners:
        raise BadRequest(
            f"The tokens file {path} names nobody.", "Write lines of NAME TOKEN into it."
        )
    return Tokens(owners)


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _owner(path: Path, number: int, line: str) -> tuple[str, Owner]:
    match line.split():
        case [name, token] if len(token) >= SHORTEST_TOKEN:
            return token, Owner(name)
        case [name, token, most] if len(token) >= SHORTEST_TOKEN and most.isdigit():
            return token, Owner(name, int(most))
        case _:
            raise BadRequest(
                f"Line {number} of {path} is not NAME TOKEN [MOST_JOBS_WAITING].",
                f"A token has {SHORTEST_TOKEN} characters or more, and no spaces.",
            )


def _digest(token: str) -> bytes:
    """A table of digests can be looked up without its timing telling how much was right."""
    return hashlib.sha256(token.encode()).digest()
