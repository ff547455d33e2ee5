"""The formats by their endings, and what a person calls them."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from studio.interchange.errors import InterchangeError


class Format(Enum):
    """An exchange format; the value is the ending of its files."""

    OTIO = ".otio"
    OTIOZ = ".otioz"
    FCPXML = ".fcpxml"
    FCP7 = ".xml"
    EDL = ".edl"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @classmethod
    def of(cls, path: Path) -> Format:
        """The format that a file's ending means.

        Raises: InterchangeError naming the endings there are.
        """
        try:
            return cls(path.suffix.lower())
        except ValueError:
            endings = ", ".join(each.value for each in cls)
            ending = path.suffix or "nothing"
            raise InterchangeError(
                f"{path.name} ends in {ending}, which is no exchange format. Choose one of"
                f" {endings}."
            ) from None


_LABELS = {
    Format.OTIO: "OpenTimelineIO",
    Format.OTIOZ: "OpenTimelineIO with its media",
    Format.FCPXML: "Final Cut Pro XML",
    Format.FCP7: "Final Cut Pro 7 XML (Premiere, Resolve)",
    Format.EDL: "CMX3600 edit list",
}
