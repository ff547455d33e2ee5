"""The studio: the desktop editor. It knows an engine only through `engine.protocol`."""

from __future__ import annotations

__version__ = "0.1.0"
