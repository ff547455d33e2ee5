"""What can go wrong with an exchange file, as one clear sentence."""

from __future__ import annotations


class InterchangeError(Exception):
    """A file that cannot be read or written. `str` says what happened and what to do next."""
