"""What luma is made of, by the standards. Plain numbers, so that asking costs no library."""

from __future__ import annotations

from studio.media.facts import Matrix

WEIGHTS = {
    Matrix.BT601: (0.299, 0.114),
    Matrix.BT709: (0.2126, 0.0722),
    Matrix.BT2020: (0.2627, 0.0593),
}
"""How much of red and of blue makes luma; green is the rest."""
