"""The first footage on an untouched sequence gives it its size and rate, as editors expect.

A sequence is untouched while it is empty and has the format that new projects get. What changes is
a step of its own, told of, and taken back with one click.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from studio.document.edits.sequences import is_empty, set_format
from studio.document.model.asset import Asset, AssetKind
from studio.document.model.sequence import Sequence as Cut
from studio.document.time import Rate
from studio.session.notices import NoticeAction
from studio.session.projects import DEFAULT_RATE, DEFAULT_SIZE
from studio.session.session import Session

USUAL_RATES = tuple(
    Rate.parse(text)
    for text in (
        "24000/1001", "24", "25", "30000/1001", "30", "48000/1001", "48", "50", "60000/1001", "60",
        "100", "120000/1001", "120",
    )
)  # fmt: skip
SMALLEST_PX = 240
"""Pictures with a shorter side than that are icons and previews: no film is made in their size."""
NEAR = Fraction(1, 200)
"""How far an average rate, as phones write it, may be from the one that is meant."""


@dataclass(frozen=True, slots=True)
class Format:
    """A frame, in pixels, and a rate."""

    width: int
    height: int
    rate: Rate

    @classmethod
    def of(cls, sequence: Cut) -> Format:
        """A sequence's format."""
        return cls(sequence.width, sequence.height, sequence.rate)

    def __str__(self) -> str:
        return f"{self.width} × {self.height} at {float(self.rate.fraction):.5g} fps"


def lay_matching(
    session: Session, asset_ids: Sequence[str], lay: Callable[[Fraction], bool]
) -> bool:
    """Lay material down; if it is the first on an untouched sequence, after giving it its format.

    `lay` makes the edit; it is given how many frames there are now for each of before, which places
    on the timeline are to be multiplied by. A refused edit leaves the format as it was. Ids of
    nested sequences among the assets have no say in the format.
    """
    old, before = Format.of(session.sequence), session.position
    wanted, name = _wanted(session, asset_ids)
    if wanted is None or not _set(session, wanted):
        return lay(Fraction(1))
    if not lay(wanted.rate.fraction / old.rate.fraction):
        session.go_to_step(before)
        return False
    after = session.position

    def keep() -> None:
        if session.position != after:
            session.notices.warning(
                "The film has been edited since. Its size can be changed in the inspector, with "
                "nothing selected."
            )
            return
        session.go_to_step(before)
        session.file.set_view_state(_key(session), "keep")
        lay(Fraction(1))

    session.notices.done(
        f"The sequence is {wanted} now, as {name} is.", NoticeAction(f"Keep {old}", keep), "format"
    )
    return True


def _set(session: Session, wanted: Format) -> bool:
    edit = partial(
        set_format,
        sequence_id=session.sequence_id,
        rate=wanted.rate,
        width=wanted.width,
        height=wanted.height,
    )
    return session.apply(f"Match sequence: {wanted}", edit)


def _wanted(session: Session, asset_ids: Sequence[str]) -> tuple[Format | None, str]:
    """The format to give the open sequence, None for none, and the name of the footage."""
    known = session.project.assets_by_id
    assets = (known[each] for each in asset_ids if each in known)
    first = next((a for a in assets if a.kind is AssetKind.VIDEO and not a.generated), None)
    if first is None or not _is_untouched(session):
        return None, ""
    found = footage_format(first)
    return (None if found == Format.of(session.sequence) else found), first.name


def _is_untouched(session: Session) -> bool:
    sequence, transport = session.sequence, session.transport
    usual = Format(*DEFAULT_SIZE, DEFAULT_RATE)
    marked = transport.in_frame is not None or transport.out_frame is not None or sequence.markers
    return (
        is_empty(sequence)
        and Format.of(sequence) == usual
        and not (marked or sequence.start_timecode or sequence.drop_frame)
        and not session.file.view_state(_key(session))
    )


def _key(session: Session) -> str:
    return f"format of {session.sequence_id}"


def footage_format(asset: Asset) -> Format | None:
    """What a sequence of some footage would be; None for one that no film is made in.

    Pixels that are not square are counted as seen, and a rate that is near a usual one is that.
    """
    facts = asset.video[0]
    width = round(facts.width * facts.pixel_aspect / 2) * 2
    height = facts.height // 2 * 2
    usual = min(USUAL_RATES, key=lambda rate: abs(rate.fraction - facts.rate.fraction))
    near = abs(usual.fraction / facts.rate.fraction - 1) <= NEAR
    if not near or min(width, height) < SMALLEST_PX:
        return None
    exact = facts.rate if facts.rate in USUAL_RATES else usual
    return Format(width, height, exact)
