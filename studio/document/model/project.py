"""Project: the whole document, one immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field

from studio.document.model.asset import Asset
from studio.document.model.record import Id, Record
from studio.document.model.sequence import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Record):
    """Sequences and assets, each in the order shown. Equal projects have equal contents.

    `next_id` numbers the next object made. It takes no part in equality and is carried forward
    through undo, so that an id never names two things in the life of a project. `bins` lists the
    folders of the media bin by their paths, so that empty ones are kept (`queries.bins`).
    """

    name: str = "Untitled"
    sequences: tuple[Sequence, ...] = ()
    assets: tuple[Asset, ...] = ()
    bins: tuple[str, ...] = ()
    next_id: int = field(default=1, compare=False)
    _asset_index: dict[Id, Asset] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    @property
    def assets_by_id(self) -> dict[Id, Asset]:
        if self._asset_index is None:
            object.__setattr__(self, "_asset_index", {a.id: a for a in self.assets})
        index = self._asset_index
        assert index is not None
        return index

    def sequence(self, sequence_id: Id) -> Sequence:
        """The sequence of that id.

        Raises: KeyError when there is none.
        """
        for sequence in self.sequences:
            if sequence.id == sequence_id:
                return sequence
        raise KeyError(sequence_id)
