"""The words of stickers laid of cut-outs: in which colours, how many, and how they can be moved."""

from __future__ import annotations

from collections.abc import Mapping

from engine.planning.sticker_vocabulary import POCKET_LOOP, POCKET_STICKER, StickerVocabulary
from engine.planning.vocabulary import OTHER_ACTIONS, Words, groups, meanings

_MORE_COLOURS = {
    **{colour: colour for colour in ("yellow", "teal", "brown", "black", "white", "grey")},
    **meanings(
        """
golden, gold, bright yellow, light yellow: yellow
turquoise, cyan, aqua: teal
beige, tan, chocolate, dark brown, light brown: brown
jet black, pitch black: black
snow white, snowy: white
gray, silver, dark grey, light grey: grey
"""
    ),
}
"""What a cut-out can be dyed in beside what the sticker model learnt."""


def _motions(learnt: tuple[tuple[str, ...], ...], plain: Mapping[str, str]) -> Words:
    """Motions with everything else that can be done as what they are not."""
    known = {*plain, *(wording for group in learnt for wording in group)}
    return Words(learnt, tuple(each for each in OTHER_ACTIONS if each not in known), plain)


_COLLAGE_MOTIONS = _motions(
    groups(
        """
stands still|stays in place
jumps up and down|bounces
spins around|rotates
dances|shakes its hips
rocks back and forth|tilts left and right
shakes|shakes its head
trembles|shivers
grows and shrinks|pulses
beats like a heart|throbs
floats gently|hovers
squashes and stretches|breathes
wobbles like jelly|jiggles
slides left and right|moves from left to right
turns around like a coin|turns around
flips over|somersaults
nods|bows
waves|bends from side to side
swings|dangles
falls down|falls over
walks|waddles
runs|dashes
sways from side to side|sways
flies|flaps
swims|wriggles
laughs|giggles
pops up|appears
zooms in|comes closer
"""
    ),
    meanings(
        """
stands, waits, freezes, is motionless, is still, does nothing: stands still
jumps, hops, leaps, jumps around, bounces up and down, bobs up and down, skips: jumps up and down
jumps for joy, celebrates, cheers: jumps up and down
spins, twirls, whirls, turns in circles, goes round, spins like a wheel, rolls: spins around
grooves, boogies, waltzes, twerks, parties, moves to the music, does a dance: dances
rocks, teeters, tilts, tilts its head, leans left and right: rocks back and forth
wags, wiggles, shakes from side to side, says no, disagrees: shakes its head
quivers, vibrates, shudders, is cold, is scared, buzzes, rings: trembles
pulsates, blinks, glows, gets bigger and smaller: grows and shrinks
beats, is in love: beats like a heart
floats, levitates, bobs, drifts: floats gently
squashes, stretches, squishes, sleeps, snores, bounces like rubber: squashes and stretches
wobbles, wobbles like a jelly: wobbles like jelly
slides, glides, glides sideways, drives, skates, moves, moves left and right: slides left and right
turns about, turns, shows its back, spins like a coin: turns around like a coin
flips, turns over, rolls over, does a flip, does a somersault, backflips: flips over
agrees, says yes, nods its head, nods yes, greets, pecks: nods
bends, says hello, says hi, says goodbye, waves hello, waves goodbye, waves its hand: waves
hangs, swings like a pendulum, hangs and swings: swings
falls, tumbles, drops, faints, collapses, topples, topples over, trips: falls down
marches, strolls, strides, stomps: walks
races, sprints, rushes, hurries: runs
flutters, soars, flaps its wings: flies
squirms, slithers, swims along: swims
chuckles, is happy, cracks up, talks, sings, speaks, chats, eats, chews: laughs
peeks, pops, peeks out, shows up: pops up
approaches, comes near, gets closer: comes closer
"""
    ),
)
"""What cut-outs can be moved like, in the order of `engine.models.collage.movements.MOVEMENTS`."""

POCKET_COLLAGE = StickerVocabulary(
    POCKET_STICKER.subjects,
    POCKET_STICKER.companions,
    {**POCKET_STICKER.colours, **_MORE_COLOURS},
    _COLLAGE_MOTIONS,
    most=5,
)
"""What stickers of cut-outs show: what the sticker model draws, dyed in more colours."""
POCKET_COLLAGE_LOOP = StickerVocabulary(
    POCKET_LOOP.subjects, POCKET_LOOP.companions, POCKET_COLLAGE.colours, _COLLAGE_MOTIONS, most=5
)
