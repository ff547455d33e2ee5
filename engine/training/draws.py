"""Training data that is drawn: each sample made from a seed and its index, in worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import cv2
from torch.utils.data import DataLoader, Dataset

from engine.training.budget import behind_training, worker_count

T = TypeVar("T")

_MOST_WORKERS = 16


class Draws(Dataset[T]):
    """`count` samples by index: what `draw` makes of the seed and an index, the same every time."""

    def __init__(self, count: int, seed: str, draw: Callable[[str, int], T]) -> None:
        self.count, self.seed, self.draw = count, seed, draw

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> T:
        if index >= self.count:
            raise IndexError(index)
        cv2.setNumThreads(1)  # a worker process is one of several
        return self.draw(self.seed, index)


def drawn(samples: Draws[T]) -> Iterable[T]:
    """Every sample in the order of its index, made in worker processes.

    Drawing takes the cores that training needs: a recipe that learns from samples again and again
    lists them all before it begins.
    """
    return DataLoader(
        samples,
        batch_size=None,
        num_workers=min(worker_count(), _MOST_WORKERS),
        worker_init_fn=behind_training,
    )
