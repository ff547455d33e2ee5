"""Scopes as a picture in a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from studio.media.scopes.scale import Scope, Units
from studio.ui.resources import load_fonts
from studio.ui.scopes.light import trace_image
from studio.ui.scopes.painter import paint_scopes


def picture_of(
    rgb: np.ndarray, scopes: Sequence[Scope], size: tuple[int, int], units: Units
) -> QImage:
    """Scopes of a picture, uint8 (H, W, 3), as an image of a size. It needs an application."""
    image = QImage(*size, QImage.Format.Format_RGB888)
    image.fill(0)
    traces = {scope: trace_image(scope, rgb, 1.0) for scope in scopes}
    painter = QPainter(image)
    paint_scopes(painter, QRectF(image.rect()), scopes, traces, units)
    painter.end()
    return image


def save_picture_of(
    path: Path, rgb: np.ndarray, scopes: Sequence[Scope], size: tuple[int, int], units: Units
) -> None:
    """Write scopes as a PNG, with no window and no screen.

    Raises: OSError.
    """
    _application = QGuiApplication.instance() or QGuiApplication(["", "-platform", "offscreen"])
    load_fonts()
    if not picture_of(rgb, scopes, size, units).save(str(path)):
        raise OSError(f"{path} cannot be written. Choose a folder that you may write to.")
