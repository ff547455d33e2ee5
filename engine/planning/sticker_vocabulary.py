"""The words that the sticker models learnt: who, in which colour, with what, and how it moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.planning.film_words import NEAR_PLACES, SHOWN_AS
from engine.planning.painted_places import PHRASES, SEA, TOLD_PLACES
from engine.planning.vocabulary import (
    OTHER_ACTIONS,
    OTHER_SUBJECTS,
    POCKET_VIDEO,
    Vocabulary,
    Words,
    groups,
    listed,
    meanings,
)


@dataclass(frozen=True, slots=True)
class StickerVocabulary:
    """What a sticker's prompt may be rewritten into. `colours` says which one a word means, `most`

    how many of a kind one sticker shows.
    """

    subjects: Words
    companions: Words
    colours: Mapping[str, str]
    motions: Words
    most: int = 2


_MORE = groups(
    """
tiger
bear
monkey
cow
unicorn
mouse
t-rex dinosaur
shark
crab
laughing face
face with heart eyes
face with sunglasses
crying face
angry face
sleeping face
thinking face
party face
skull
red apple
banana
strawberry
hamburger
doughnut
cupcake
cup of coffee
cactus
rose
gift box
trophy
crown
flame
thumbs up
rainbow
smiling sun
christmas tree
"""
)

_ONLY_MOVING = groups(
    """
koala
horse
hamster
wolf
raccoon
chicken
chick
parrot
flamingo
crocodile
snake
long-necked dinosaur
dolphin
tropical fish
ladybug
hedgehog
sloth
sick green face
cowboy face
clown
slice of watermelon
pineapple
avocado
french fries
hot dog
taco
cookie
ice cream cone
popcorn
mushroom
sunflower
light bulb
camera
alarm clock
bicycle
airplane
steam train
fire truck
police car
money bag
diamond
bomb
broken heart
crescent moon
basketball
game controller
headphones
lightning bolt
"""
)

_PLAIN = meanings(
    """
grizzly, grizzly bear, brown bear: bear
ape, chimp, chimpanzee: monkey
cattle, calf: cow
tyrannosaurus, t-rex, dinosaur: t-rex dinosaur
great white, great white shark: shark
laughing emoji, laughing smiley, joy face, face laughing with tears: laughing face
face in love, heart eyes, emoji with heart eyes, love struck face: face with heart eyes
cool face, cool emoji, smiley with sunglasses, face with shades: face with sunglasses
emoji with sunglasses, smiling face with sunglasses: face with sunglasses
smiling face with heart-eyes: face with heart eyes
sobbing face, crying emoji, sad emoji, sad face, weeping face: crying face
furious face, angry emoji, mad emoji, mad face, enraged face: angry face
snoring face, sleeping emoji, sleepy emoji, sleepy face: sleeping face
pondering face, thinking emoji: thinking face
celebrating face, party emoji: party face
apple: red apple
burger, cheeseburger: hamburger
donut: doughnut
muffin: cupcake
coffee, mug of coffee, coffee cup, coffee mug: cup of coffee
cacti: cactus
happy emoji face, happy face: yellow smiley face
gold star: yellow star
gift, present, wrapped gift: gift box
winner's cup: trophy
fire, blaze, fire blaze: flame
like sign, thumb up: thumbs up
sun, happy sun: smiling sun
xmas tree, decorated fir tree: christmas tree
"""
)

_PLAIN_MOVING = meanings(
    """
pony: horse
gerbil: hamster
hen: chicken
baby chicken: chick
macaw: parrot
alligator: crocodile
serpent: snake
brontosaurus: long-necked dinosaur
porpoise: dolphin
reef fish: tropical fish
ladybird: ladybug
queasy face: sick green face
face with a cowboy hat: cowboy face
jester: clown
watermelon: slice of watermelon
chips: french fries
frankfurter: hot dog
biscuit: cookie
ice cream, soft serve: ice cream cone
toadstool: mushroom
lamp: light bulb
bike: bicycle
plane: airplane
locomotive: steam train
fire engine: fire truck
patrol car: police car
sack of money: money bag
gem: diamond
moon: crescent moon
gamepad: game controller
headset: headphones
bolt of lightning, lightning: lightning bolt
"""
)

_MORE_OTHERS = listed(
    """
face, head, priest, nun, imam, plant, grass, wood, bush, toy, disc, spinning top, crepe, bagel,
toast, pastry, dessert, jar, tin, tool, machine, furniture, clothes, musical instrument, insect,
sunglasses, glasses, bird, animal, person, food, fruit, vegetable, vehicle, building, snow, rain,
fog, mist, storm
"""
)
"""Kinds of things, and neighbours of what stickers show beyond the clips' subjects."""

_COMPANIONS = listed(
    """
red balloon, red heart, yellow star, birthday cake, gift box, rose, guitar, slice of pizza,
trophy, cup of coffee, soccer ball, crown
"""
)

_SHOWN = ("stretches", "waves", "nods", "walks", "runs")
"""Doings that loops show, or something near them."""

_MOTIONS = Words(
    learnt=groups(
        """
stands still|stays in place
jumps up and down|bounces
spins around|rotates
dances|sways from side to side
rocks back and forth|tilts left and right
shakes|trembles
grows and shrinks|pulses
floats gently|hovers
squashes and stretches|wobbles like jelly
slides left and right|moves from left to right
turns around like a coin|flips over
"""
    ),
    others=tuple(each for each in OTHER_ACTIONS if each not in _SHOWN),
    plain=meanings(
        """
stands, waits, freezes, is motionless, is still, does nothing: stands still
jumps, hops, leaps, jumps around, bounces up and down: jumps up and down
spins, twirls, whirls, turns around, turns in circles: spins around
grooves, boogies, waltzes, sways: dances
rocks, teeters, swings, waves, nods: rocks back and forth
quivers, vibrates, shivers, shudders, wiggles: trembles
throbs, pulsates, breathes, beats, beats like a heart: grows and shrinks
floats, levitates, flies: floats gently
wobbles, jiggles, squashes, squishes: wobbles like jelly
slides, glides, walks, runs, drives, glides sideways: slides left and right
flips, turns about, turns over: flips over
"""
    ),
)

_COLOURS = {
    **{colour: colour for colour in ("red", "orange", "green", "blue", "purple", "pink")},
    **meanings(
        """
crimson, scarlet, ruby, dark red, bright red: red
dark orange, bright orange: orange
emerald, lime, lime green, dark green, light green, bright green: green
navy, navy blue, azure, sky blue, dark blue, light blue, bright blue: blue
violet, lilac, lavender: purple
magenta, fuchsia, hot pink, light pink: pink
"""
    ),
}


def _subjects(names: tuple[tuple[str, ...], ...], plain: Mapping[str, str]) -> Words:
    learnt = {name for group in names for name in group}
    meant = {word: name for word, name in plain.items() if name in learnt and word not in learnt}
    others = tuple(
        each
        for each in (*OTHER_SUBJECTS, *_MORE_OTHERS)
        if each not in learnt and each not in meant
    )
    return Words(names, others, meant)


def _companions(subjects: Words) -> Words:
    """The few that stand beside a subject; the rest of what was learnt is something else."""
    plain = {word: name for word, name in subjects.plain.items() if name in _COMPANIONS}
    rest = tuple(name for (name,) in subjects.learnt if name not in _COMPANIONS)
    return Words(tuple((name,) for name in _COMPANIONS), (*subjects.others, *rest), plain)


def _vocabulary(names: tuple[tuple[str, ...], ...], plain: Mapping[str, str]) -> StickerVocabulary:
    subjects = _subjects(names, plain)
    return StickerVocabulary(subjects, _companions(subjects), _COLOURS, _MOTIONS)


def _shown(actions: Words) -> Words:
    """Actions with what a cut-out does in place of others."""
    shown = {**SHOWN_AS, **actions.plain}
    others = tuple(each for each in actions.others if each not in shown)
    return Words(actions.learnt, others, shown)


_STILL = (*POCKET_VIDEO.subjects.learnt, *_MORE)
POCKET_STICKER = _vocabulary(_STILL, {**POCKET_VIDEO.subjects.plain, **_PLAIN})
"""What the pocket sticker model was trained on."""
POCKET_LOOP = _vocabulary(
    (*_STILL, *_ONLY_MOVING), {**POCKET_VIDEO.subjects.plain, **_PLAIN, **_PLAIN_MOVING}
)
"""What the pocket model of animated stickers was trained on: more subjects, and the motions."""
POCKET_TROUPE = Vocabulary(
    POCKET_STICKER.subjects,
    replace(POCKET_VIDEO.settings, plain={**POCKET_VIDEO.settings.plain, SEA: SEA}),
    _shown(POCKET_VIDEO.actions),
    {**NEAR_PLACES, **POCKET_VIDEO.places},
)
"""What the pocket animatic understood while it had the places of the scene grammar and the sea."""
POCKET_ANIMATIC = replace(
    POCKET_TROUPE,
    settings=replace(POCKET_TROUPE.settings, plain={**POCKET_TROUPE.settings.plain, **PHRASES}),
    places={**NEAR_PLACES, **POCKET_VIDEO.places, **TOLD_PLACES},
)
"""What the pocket animatic understands: the subjects of stickers, where and how clips move.

For what it cannot show it has what comes nearest.
"""


def clip_vocabulary(model: str, *, is_staged: bool = True) -> Vocabulary:
    """What prompts for a model's clips are read in; those of cut-out films of before in fewer

    places.
    """
    if model != "pocket-animatic":
        return POCKET_VIDEO
    return POCKET_ANIMATIC if is_staged else POCKET_TROUPE
