"""Near-duplicates: clips whose features at three moments point the same way.

The best copy stays: of most pixels, then first by path and time. The paper compares embeddings of
a copy-detection model at the same cosine; ours are those of features.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.training.curation.facts import Clip
from engine.training.curation.thresholds import Thresholds


def rule(limits: Thresholds) -> str:
    """What `copies` asks for."""
    return f"cosine to every other clip < {limits.max_similarity:g}"


def copies(clips: Sequence[Clip], limits: Thresholds) -> dict[int, str]:
    """The places of clips that are copies of one that stays, and of which."""
    vectors = np.array([clip.looked_at.feature for clip in clips], np.float32)
    kept: list[int] = []
    originals = np.empty_like(vectors)
    found: dict[int, str] = {}
    for place in sorted(range(len(clips)), key=lambda place: _best_first(clips[place])):
        alike = originals[: len(kept)] @ vectors[place]
        if alike.size and float(alike.max()) >= limits.max_similarity:
            twin = clips[kept[int(alike.argmax())]]
            name = Path(twin.source.path).name
            found[place] = f"it shows what {name} shows at {float(twin.in_s):.2f} s"
        else:
            originals[len(kept)] = vectors[place]
            kept.append(place)
    return found


def _best_first(clip: Clip) -> tuple[int, str, float]:
    return -clip.source.width * clip.source.height, clip.source.path, float(clip.in_s)
