"""Who acts in a clip: the pictures that show them, whose face of several, and their consent."""

from __future__ import annotations

from dataclasses import dataclass

from engine.protocol.recipes import CONSENT, FACE, InputAsset, InputRole

MOST_PICTURES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Pictures by the names of their bytes. `faces` says whose face acts in each, from 1 at the

    left, 0 where there is no choice; `undecided` is the number of a picture of which nobody has
    said it yet.
    """

    pictures: tuple[str, ...] = ()
    faces: tuple[int, ...] = ()
    undecided: int = 0
    shows_people: bool = False
    consent: bool = False

    @property
    def missing(self) -> str:
        """What must be chosen before anything can be planned, in a sentence; "" for nothing."""
        if not self.pictures:
            return "Choose a picture of who is to act first: drop one here, or click the box."
        if self.undecided:
            return f"Picture {self.undecided} shows several faces. Choose who acts."
        return ""

    @property
    def lacks_consent(self) -> bool:
        """Whether a person is to be seen who is not known to agree."""
        return self.shows_people and not self.consent

    @property
    def inputs(self) -> tuple[InputAsset, ...]:
        """The pictures as a recipe reads them."""
        return tuple(InputAsset(role=InputRole.REFERENCE, sha256=name) for name in self.pictures)

    @property
    def options(self) -> dict[str, str | int | float | bool]:
        """What a recipe says of them."""
        options: dict[str, str | int | float | bool] = {}
        if any(self.faces):
            options[FACE] = ",".join(str(face) for face in self.faces)
        if self.shows_people:
            options[CONSENT] = True
        return options
