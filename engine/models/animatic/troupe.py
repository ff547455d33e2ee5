"""Several who act at once: where each stands, and how each moves a little otherwise than the next.

The first is in front and moves as one alone does. The rest are spread over the floor behind, each
smaller the farther back, none in step with another: copies in a row look like copies in a row.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.models.animatic.movements import Moment, Pose

MOST = 5
_CROWDED = {1: 1.0, 2: 0.86, 3: 0.76, 4: 0.68, 5: 0.62}
"""How large each is, of one alone, by how many there are."""
_APART, _STEP, _WIDEST = 0.32, 0.27, 0.72
"""How far two are apart, one of more from the next, and the first from the last at most, in widths

of a frame.
"""
_UNEVEN = 0.22
"""By how much of a step a place is off."""
_DEPTH, _SMALLER = 0.085, 2.4
"""How far behind the front the last stands, in heights of the plate, and how much smaller it is:

this times the depth.
"""
_ALOFT = 0.17
"""How far up and down those are spread who stand on nothing, in frame heights."""
_LATE, _GROWTH = 0.1, 0.08
"""How late one begins at the most, of the whole, and by how much it is larger or smaller."""


@dataclass(frozen=True, slots=True)
class Member:
    """How one of several differs from one alone. `x` is in frame widths, `up` in frame heights,

    `back` in heights of the plate; `share` is how large it is. What repeats is `ahead_s` ahead, and
    what goes from one end to the other begins `late`, as a share of the whole.
    """

    x: float = 0.0
    up: float = 0.0
    back: float = 0.0
    share: float = 1.0
    ahead_s: float = 0.0
    late: float = 0.0

    def moment(self, now: Moment) -> Moment:
        """How far its own movement is when that of one alone is at a moment."""
        share = max(0.0, now.share - self.late) / (1 - self.late)
        return Moment(share, now.turns + 2 * math.pi * self.ahead_s, now.length_s)

    def moved(self, pose: Pose) -> Pose:
        """Where it is, of where one alone would be that stands as far back and is as large."""
        return replace(pose, x=pose.x + self.x, y=pose.y - self.up)


ALONE = Member()


def members(seed: int, scales: Sequence[float], *, is_adrift: bool) -> tuple[Member, ...]:
    """Everybody of a seeded film, the first in front; `scales` are how large each is by itself.

    One alone is where chance had it before there were several.
    """
    count = len(scales)
    if count == 1:
        return (replace(ALONE, share=scales[0]),)
    rng = random.Random(f"troupe/{seed}")
    step = _APART if count == 2 else min(_STEP, _WIDEST / (count - 1))
    slots = [(slot - (count - 1) / 2) * step for slot in range(count)]
    front = slots.pop(rng.randrange(count) if count == 2 else rng.randrange(1, count - 1))
    rng.shuffle(slots)
    depths = [(place + 1) / (count - 1) for place in range(count - 1)]
    rng.shuffle(depths)
    found = [_member(rng, front, 0.0, step, is_adrift=is_adrift)]
    found += [
        _member(rng, slot, depth * _DEPTH, step, is_adrift=is_adrift)
        for slot, depth in zip(slots, depths, strict=True)
    ]
    first = replace(found[0], ahead_s=0.0, late=0.0)
    sized = zip((first, *found[1:]), scales, strict=True)
    return tuple(replace(each, share=each.share * scale * _CROWDED[count]) for each, scale in sized)


def chasing(two: Sequence[Member], *, is_to_left: bool) -> tuple[Member, Member]:
    """Two of whom the second goes ahead of the first."""
    hunter, quarry = two
    away = abs(quarry.x - hunter.x) / 2 * (-1 if is_to_left else 1)
    return replace(hunter, x=-away), replace(quarry, x=away, late=0.0)


def touching(members: Sequence[Member]) -> tuple[Member, ...]:
    """Several who stand as near each other as those do who touch, side by side."""
    return tuple(_nearer(each) for each in members)


def _nearer(member: Member) -> Member:
    share = member.share / (1 - _SMALLER * member.back)
    return replace(member, x=_TOUCH * member.x, back=0.0, share=share, late=0.0)


_TOUCH = 0.4
"""How far apart those are who touch, of others."""


def _member(
    rng: random.Random, slot: float, back: float, step: float, *, is_adrift: bool
) -> Member:
    return Member(
        x=slot + step * rng.uniform(-_UNEVEN, _UNEVEN),
        up=rng.uniform(-_ALOFT, _ALOFT) * is_adrift,
        back=0.0 if is_adrift else back,
        share=(1 - _SMALLER * back) * rng.uniform(1 - _GROWTH, 1 + _GROWTH),
        ahead_s=rng.uniform(0.12, 0.88),
        late=rng.uniform(0.0, _LATE),
    )
