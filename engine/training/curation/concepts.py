"""Concept resampling: of what there is much of, less is kept, in proportion to 1/√n.

Clips are clustered by their captions where all have one, else by their middle pictures. A cluster
of n clips keeps √(n·m) of them, m being the median size of a cluster, so that the usual cluster
stays whole. Which clips stay is drawn by hash: the same footage gives the same choice anywhere.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

from engine.training.curation.facts import Clip
from engine.training.curation.features import MOMENTS, unit
from engine.training.curation.thresholds import Thresholds

_SAME_WORDS = 0.5
_EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at by for from in into is it its of on or over the there to under with",
    )
)


def rule(_limits: Thresholds) -> str:
    """What `surplus` asks for."""
    return "keep ∝ 1/√(cluster size)"


def surplus(clips: Sequence[Clip], limits: Thresholds) -> dict[int, str]:
    """The places of clips that their clusters can spare, and why."""
    if not limits.resampled or not clips:
        return {}
    found = clusters(*_vectors(clips, limits))
    usual = median(len(cluster) for cluster in found)
    spared: dict[int, str] = {}
    for cluster in found:
        keep = kept_of(len(cluster), usual)
        drawn = sorted(cluster, key=lambda place: _lot(clips[place]))
        reason = f"{keep} of {len(cluster)} clips of its kind are kept"
        spared |= dict.fromkeys(drawn[keep:], reason)
    return spared


def kept_of(size: int, usual: float) -> int:
    """How many of a cluster of `size` stay where `usual` is the size of a cluster."""
    return min(size, max(1, round(math.sqrt(size * usual))))


def clusters(vectors: NDArray[np.float32], same: float) -> list[list[int]]:
    """Places of vectors (N, D) of length 1, each with the first one that it is like enough to."""
    leaders = np.empty_like(vectors)
    found: list[list[int]] = []
    for place, vector in enumerate(vectors):
        alike = leaders[: len(found)] @ vector
        if alike.size and float(alike.max()) >= same:
            found[int(alike.argmax())].append(place)
        else:
            leaders[len(found)] = vector
            found.append([place])
    return found


def _vectors(clips: Sequence[Clip], limits: Thresholds) -> tuple[NDArray[np.float32], float]:
    captions = [clip.source.caption for clip in clips]
    if all(captions):
        return caption_features(captions), _SAME_WORDS
    whole = np.array([clip.looked_at.feature for clip in clips], np.float32)
    middle = np.split(whole, len(MOMENTS), axis=1)[len(MOMENTS) // 2]
    return np.array([unit(vector) for vector in middle]), limits.same_concept


def caption_features(captions: Sequence[str]) -> NDArray[np.float32]:
    """Captions as vectors (N, words) of length 1: their words, rare ones counting for more."""
    bags = [Counter(re.findall(r"\w+", caption.lower())) for caption in captions]
    words = sorted({word for bag in bags for word in bag} - _EMPTY_WORDS)
    columns = {word: column for column, word in enumerate(words)}
    table = np.zeros((len(bags), len(words)), np.float32)
    for row, bag in zip(table, bags, strict=True):
        for word in bag.keys() & columns.keys():
            row[columns[word]] = bag[word]
    weight = 1.0 + np.log(len(bags) / np.maximum(1, (table > 0).sum(axis=0)))
    return np.array([unit(row) for row in table * weight.astype(np.float32)], np.float32)


def _lot(clip: Clip) -> str:
    return hashlib.sha256(f"{clip.source.sha256} {clip.in_s}".encode()).hexdigest()
