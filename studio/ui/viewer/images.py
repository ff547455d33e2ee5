"""Rendered pictures as images that Qt can draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from engine.protocol.jobs import Done
from studio.session.jobs import UNDONE, JobBoard, news_text

if TYPE_CHECKING:
    import numpy as np

    from studio.media.compositor.placeholder import Glimpse


def image_of(rgb: np.ndarray) -> QImage:
    """An RGB array, uint8 (H, W, 3), as an image with pixels of its own."""
    import numpy as np

    pixels = np.ascontiguousarray(rgb)
    height, width, _ = pixels.shape
    return QImage(pixels.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()


def image_of_array(pixels: np.ndarray) -> QImage:
    """RGB or RGBA, uint8 (H, W, 3 or 4), as an image with pixels of its own."""
    import numpy as np

    if pixels.shape[2] == 3:
        return image_of(pixels)
    packed = np.ascontiguousarray(pixels)
    height, width, _ = packed.shape
    return QImage(packed.data, width, height, width * 4, QImage.Format.Format_RGBA8888).copy()


def image_of_preview(data: bytes) -> QImage | None:
    """A job's preview (JPEG or PNG bytes) as an image; None when it cannot be read."""
    image = QImage.fromData(data)
    return None if image.isNull() else image


def glimpses_of(board: JobBoard) -> dict[str, Glimpse]:
    """The news of jobs, for placeholders in the picture.

    A placeholder of a finished job is one whose take undo has taken away.
    """
    shown = [row for row in board.rows if row.active or isinstance(row.news, Done)]
    if not shown:
        return {}
    from studio.media.compositor.placeholder import Glimpse

    return {
        row.job_id: Glimpse(row.fraction, news_text(row), _pixels(row.preview))
        if row.active
        else Glimpse(None, UNDONE)
        for row in shown
    }


def array_of(image: QImage) -> np.ndarray:
    """An image as an RGB array of its own, uint8 (H, W, 3)."""
    import numpy as np

    image = image.convertToFormat(QImage.Format.Format_RGB888)
    view = np.frombuffer(image.constBits(), np.uint8)
    rows = view.reshape(image.height(), image.bytesPerLine())[:, : image.width() * 3]
    return rows.reshape(image.height(), image.width(), 3).copy()


def _pixels(preview: bytes | None) -> np.ndarray | None:
    image = image_of_preview(preview) if preview is not None else None
    return None if image is None else array_of(image)
