"""The sticker grammar: what a pocket sticker can show, and every word that says so.

A sticker is one subject, perhaps in another colour, with something beside it, or twice; an animated
one moves in one of a few ways and comes back to where it began. Combinations are held out by a hash
of their parts and never trained.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace
from enum import StrEnum

from engine.models.collage.movements import REACHES
from engine.models.moviegen.nouns import article, plural
from engine.models.opticals.colours import TONES
from engine.training.grammar import SUBJECTS, Phrase, Subject, parse_subjects

_MORE_SUBJECTS = """
tiger face|tiger
bear|bear|grizzly
monkey face|monkey|ape
cow face|cow|cattle
unicorn|unicorn
mouse face|mouse
T-Rex|t-rex dinosaur|tyrannosaurus
shark|shark
crab|crab
face with tears of joy|laughing face|face laughing with tears
smiling face with heart-eyes|face with heart eyes|face in love
smiling face with sunglasses|face with sunglasses|cool face
loudly crying face|crying face|sobbing face
enraged face|angry face|furious face
sleeping face|sleeping face|snoring face
thinking face|thinking face|pondering face
partying face|party face|celebrating face
skull|skull
red apple|red apple
banana|banana
strawberry|strawberry
hamburger|hamburger|burger
doughnut|doughnut|donut
cupcake|cupcake|muffin
hot beverage|cup of coffee|mug of coffee
cactus|cactus
rose|rose
wrapped gift|gift box|present
trophy|trophy|winner's cup
crown|crown
fire|flame|fire blaze
thumbs up|thumbs up|like sign
rainbow|rainbow
sun with face|smiling sun|happy sun
Christmas tree|christmas tree|decorated fir tree
"""

_ONLY_MOVING = """
koala|koala
horse face|horse|pony
hamster|hamster|gerbil
wolf|wolf
raccoon|raccoon
chicken|chicken|hen
baby chick|chick|baby chicken
parrot|parrot|macaw
flamingo|flamingo
crocodile|crocodile|alligator
snake|snake|serpent
sauropod|long-necked dinosaur|brontosaurus
dolphin|dolphin|porpoise
tropical fish|tropical fish|reef fish
lady beetle|ladybug|ladybird
hedgehog|hedgehog
sloth|sloth
nauseated face|sick green face|queasy face
cowboy hat face|cowboy face|face with a cowboy hat
clown face|clown|jester
watermelon|slice of watermelon|watermelon
pineapple|pineapple
avocado|avocado
french fries|french fries|chips
hot dog|hot dog|frankfurter
taco|taco
cookie|cookie|biscuit
soft ice cream|ice cream cone|soft serve
popcorn|popcorn
mushroom|mushroom|toadstool
sunflower|sunflower
light bulb|light bulb|lamp
camera|camera
alarm clock|alarm clock
bicycle|bicycle|bike
airplane|airplane|plane
locomotive|steam train|locomotive
fire engine|fire truck|fire engine
police car|police car|patrol car
money bag|money bag|sack of money
gem stone|diamond|gem
bomb|bomb
broken heart|broken heart
crescent moon|crescent moon|moon
basketball|basketball
video game|game controller|gamepad
headphone|headphones|headset
high voltage|lightning bolt|bolt of lightning
"""

STICKER_SUBJECTS = (*SUBJECTS, *parse_subjects(_MORE_SUBJECTS))
"""What a sticker can be asked to show: as many as the training affordable so far tells apart."""

MOVING_SUBJECTS = (*STICKER_SUBJECTS, *parse_subjects(_ONLY_MOVING))
"""What loops are drawn with: more, so that any sticker that is given can be animated."""

COMPANIONS = tuple(
    subject
    for subject in STICKER_SUBJECTS
    if subject.noun
    in {
        "red balloon",
        "red heart",
        "yellow star",
        "birthday cake",
        "gift box",
        "rose",
        "guitar",
        "slice of pizza",
        "trophy",
        "cup of coffee",
        "soccer ball",
        "crown",
    }
)
"""Things small enough to stand beside a subject."""

COLOURS = {name: TONES[name] for name in ("red", "orange", "green", "blue", "purple", "pink")}
"""Colours a subject can be dyed in: red, green and blue of its middle tone, in [0, 1]."""

MOTIONS = (
    Phrase("stand", ("stands still", "stays in place"), ("is motionless",)),
    Phrase("jump", ("jumps up and down", "bounces"), ("hops", "leaps")),
    Phrase("spin", ("spins around", "rotates"), ("twirls", "whirls")),
    Phrase("dance", ("dances", "sways from side to side"), ("grooves", "boogies")),
    Phrase("rock", ("rocks back and forth", "tilts left and right"), ("teeters",)),
    Phrase("shake", ("shakes", "trembles"), ("quivers", "vibrates")),
    Phrase("pulse", ("grows and shrinks", "pulses"), ("throbs", "beats like a heart")),
    Phrase("float", ("floats gently", "hovers"), ("levitates",)),
    Phrase("squash", ("squashes and stretches", "wobbles like jelly"), ("jiggles",)),
    Phrase("slide", ("slides left and right", "moves from left to right"), ("glides sideways",)),
    Phrase("flip", ("turns around like a coin", "flips over"), ("turns about",)),
)

RATE_FPS = 8
LOOP_FRAMES = 8


class Style(StrEnum):
    """How a sticker is drawn."""

    RENDERED = "3d"
    COMIC = "comic"
    DIE_CUT = "die-cut"


STYLE_WORDS = {
    Style.RENDERED: "3d emoji",
    Style.COMIC: "comic drawing",
    Style.DIE_CUT: "die-cut sticker with a white border",
}
MOTION_SIZES = REACHES

_HELD_OUT_SHARE = 0.1
_WRONG_STYLE_SHARE, _NO_STYLE_SHARE = 0.1, 0.4


@dataclass(frozen=True, slots=True)
class Sticker:
    """One sentence of the grammar. `seed` fixes everything the words leave open."""

    subject: Subject
    style: Style
    seed: int
    colour: str = ""
    companion: Subject | None = None
    twice: bool = False
    motion: Phrase | None = None
    motion_size: str = "medium"


def is_held_out(sticker: Sticker) -> bool:
    """Whether a combination is never trained. A subject alone at rest never is one."""
    extra = sticker.companion.noun if sticker.companion else ""
    moves = sticker.motion.id if sticker.motion else ""
    parts = f"{sticker.colour}/{extra}/{sticker.twice}/{moves}"
    if parts == "//False/":
        return False
    key = f"sticker/{sticker.subject.noun}/{parts}".encode()
    return int.from_bytes(hashlib.sha256(key).digest()[:4]) / 2**32 < _HELD_OUT_SHARE


def phrase_of(sticker: Sticker, *, synonyms: bool = False) -> str:
    """What is seen, in words: "a blue fox with a rose", "two foxes".

    With `synonyms` the subject is named by a word that no caption had.
    """
    rng = random.Random(sticker.seed)
    noun = sticker.subject.noun
    if synonyms:
        noun = rng.choice(sticker.subject.synonyms)
    if sticker.twice:
        return f"two {plural(noun)}"
    seen = article(f"{sticker.colour} {noun}".strip())
    return f"{seen} with {article(sticker.companion.noun)}" if sticker.companion else seen


def caption(sticker: Sticker, *, weak: bool = False) -> str:
    """The training caption; a weak one names its style often not at all, and sometimes wrongly."""
    rng = random.Random(sticker.seed)
    words = phrase_of(sticker)
    if sticker.motion is not None:
        head = f"FPS-{RATE_FPS}, {sticker.motion_size} motion"
        words = f"{head}, {words} {rng.choice(sticker.motion.words)}"
    style, luck = sticker.style, rng.random()
    if weak and luck < _NO_STYLE_SHARE:
        return words
    if weak and luck < _NO_STYLE_SHARE + _WRONG_STYLE_SHARE:
        style = rng.choice([other for other in Style if other != style])
    return f"{words}, {STYLE_WORDS[style]}"


def sample_sticker(rng: random.Random, style: Style | None = None, *, moving: bool) -> Sticker:
    """A random trained sticker; combinations that are held out are drawn again."""
    while True:
        sticker = _draw(rng, style, moving=moving)
        if not is_held_out(sticker):
            return sticker


def held_out_stickers(count: int, seed: int, style: Style, *, moving: bool) -> list[Sticker]:
    """`count` stickers whose combination is never trained."""
    rng = random.Random(seed)
    found: list[Sticker] = []
    while len(found) < count:
        sticker = _draw(rng, style, moving=moving)
        if is_held_out(sticker):
            found.append(sticker)
    return found


def _draw(rng: random.Random, style: Style | None, *, moving: bool) -> Sticker:
    drawn = style or rng.choices(tuple(Style), (0.6, 0.2, 0.2))[0]
    subjects = MOVING_SUBJECTS if moving else STICKER_SUBJECTS
    sticker = Sticker(rng.choice(subjects), drawn, rng.getrandbits(31))
    kind = rng.random()
    if kind < 0.15:
        named = set(sticker.subject.noun.split()) & {*COLOURS, "yellow"}
        sticker = replace(sticker, colour="" if named else rng.choice(tuple(COLOURS)))
    elif kind < 0.35:
        others = [thing for thing in COMPANIONS if thing != sticker.subject]
        sticker = replace(sticker, companion=rng.choice(others))
    elif kind < 0.42:
        sticker = replace(sticker, twice=True)
    if not moving:
        return sticker
    size = rng.choice(tuple(MOTION_SIZES))
    return replace(sticker, motion=rng.choice(MOTIONS), motion_size=size)
