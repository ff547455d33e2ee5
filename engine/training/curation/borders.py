"""Borders: letterbox and pillarbox bars, frames, and the blurred sides of upright phone footage.

Two tests on luma. Scan lines: lines from an edge inwards, each of one even value, that end in a
step. First derivative: a straight step along a whole line, at the same distance from two opposite
edges, whatever lies outside it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.training.curation.facts import Clip
from engine.training.curation.thresholds import Thresholds

_EVEN, _STEP = 3.0, 8.0
_WHOLE_LINE = 0.85
_EDGE_ZONE = 0.4


def rule(limits: Thresholds) -> str:
    """What `has_borders` asks for."""
    return f"no bar over {100 * limits.max_border:g} % of a side"


def has_borders(clip: Clip, limits: Thresholds) -> str | None:
    """Why it is taken for a picture with bars."""
    share = clip.looked_at.border
    return None if share <= limits.max_border else f"a bar takes {100 * share:.1f} % of a side"


def border_share(luma: NDArray[np.uint8]) -> float:
    """The widest border of a picture (H, W), as a share of the side it takes from.

    A picture of one even value has no picture inside its borders and says nothing: 0.
    """
    picture = luma.astype(np.float32)
    if float(picture.std()) < _EVEN:
        return 0.0
    turned = picture.T
    bars = [_bar(side) for side in (picture, picture[::-1], turned, turned[::-1])]
    return max(*bars, _pair_of_steps(picture), _pair_of_steps(turned))


def _bar(picture: NDArray[np.float32]) -> float:
    """Share of the lines, from the first on, that are a bar: even, alike, and ended by a step."""
    means, spreads = picture.mean(axis=1), picture.std(axis=1)
    plain = (spreads < _EVEN) & (np.abs(means - means[0]) < _EVEN)
    depth = len(plain) if plain.all() else int(np.argmin(plain))
    # A resampled edge is soft: the step is over a few lines.
    inner = min(depth + 3, len(plain) - 1)
    if depth == 0 or depth > len(plain) * _EDGE_ZONE:
        return 0.0
    steps = np.abs(picture[inner] - picture[depth - 1]) > _STEP
    return depth / len(plain) if float(steps.mean()) > 0.5 else 0.0


def _pair_of_steps(picture: NDArray[np.float32]) -> float:
    """Share up to a straight step along whole lines, where the far edge has one to match."""
    steps = np.abs(picture[2:] - picture[:-2]) > _STEP
    whole = steps.mean(axis=1) > _WHOLE_LINE
    count = len(picture)
    near = np.flatnonzero(whole[: int(count * _EDGE_ZONE)]) + 1
    far = np.flatnonzero(whole[::-1][: int(count * _EDGE_ZONE)]) + 1
    matched = [depth for depth in near if far.size and np.abs(far - depth).min() <= 2]
    return float(max(matched, default=0)) / count
