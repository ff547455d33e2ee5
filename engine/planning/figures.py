"""Which drawing of the art library shows who acts in a cut-out film, and which way it looks.

Labels are Emojibase's.

Of some animals the library has a face and a whole body; of a man, a woman and a person a face and
bodies that do things. A film shows the body that does what is told, and the face where it is asked
for. Most of what goes somewhere is drawn going to the left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.planning.vocabulary import listed

BODIES = {
    f"{animal} face": animal
    for animal in (
        "monkey", "dog", "cat", "tiger", "horse", "cow", "pig", "mouse", "rabbit", "dragon",
    )
}  # fmt: skip
"""Faces of whom the library has all."""
NEAR_BODIES = {"chicken": "rooster"}
"""Faces of whom it has all of somebody near."""

_GROWN = {
    "man": "man",
    "woman": "woman",
    "person": "person",
    "old man": "man",
    "old woman": "woman",
    "boy": "man",
    "girl": "woman",
    "child": "person",
}
"""People of whom the library has no body of their own, and whose they are given."""
_SMALL = frozenset(("boy", "girl", "child"))
_OLD = frozenset(("old man", "old woman"))
_CHILD, _CHILD_HEAD, _OLD_HEAD = 0.74, 1.6, 1.25
"""How large a child is, of a grown-up, and how large heads are, of those that bodies had before."""

_DEEDS = tuple(
    (re.compile(rf"\b(?:{said})\b", re.IGNORECASE), doing)
    for said, doing in (
        (r"(?:rid\w+|pedal\w*)\b.* (?:bike|bicycle)s?|cycl(?:es?|ing)|bik(?:es|ing)", "biking"),
        (r"rid\w+\b.* (?:horse|pony)s?|gallop\w*", "horse racing"),
        (r"rid\w+\b.* (?:waves?|surfboard)|surf(?:s|ing)?", "surfing"),
        (r"swims?|swimming|swam", "swimming"),
        (r"row(?:s|ing)?|paddl(?:es?|ing)", "rowing boat"),
        (r"danc(?:es?|ing)|waltz\w*", "dancing"),
        (r"juggl\w+", "juggling"),
        (r"lift\w* weights?|weightlift\w*", "lifting weights"),
        (r"play\w* (?:basketball|with (?:a|the) ball)|dribbl\w+", "bouncing ball"),
        (r"play\w* golf|golf(?:s|ing)", "golfing"),
        (r"cartwheel\w*", "cartwheeling"),
        (r"kneel\w*|knelt|propos(?:es|ing)", "kneeling"),
        (r"meditat\w+|sits?|sitting|sat", "in lotus position"),
        (r"climb\w*", "climbing"),
        (r"run(?:s|ning)?|ran|jog\w*|sprint\w*|rac(?:es?|ing)|dash\w*|rush\w*|hurr\w+", "running"),
        (r"walk\w*|stroll\w*|wander\w*|march\w*|hik(?:es?|ing)|step\w*|enter\w*", "walking"),
        (r"cross\w*|leav(?:es|ing)|com(?:es?|ing)|go(?:es|ing)?|mov(?:es?|ing)", "walking"),
        (r"travel\w*|sneak\w*|arriv\w+|approach\w*|follow\w*", "walking"),
    )
)  # fmt: skip
"""What somebody may be told to do, and how the labels of people who do it end."""
_ALONE = {"horse racing": "horse racing"}
_STANDING = "standing"

_LEFT = frozenset(
    listed(
        """
pirate ship, monkey, gorilla, dog, guide dog, service dog, poodle, cat, black cat, tiger, leopard,
horse face,
moose, donkey, horse, unicorn, zebra, deer, bison, ox, water buffalo, cow, pig, boar, ram, ewe,
goat, camel, two-hump camel, llama, giraffe, elephant, mammoth, rhinoceros, hippopotamus, mouse,
rat, rabbit, chipmunk, beaver, hedgehog, skunk, kangaroo, badger, turkey, chicken, rooster,
baby chick, bird, dove, eagle, duck, swan, dodo, flamingo, parrot, black bird, goose, turtle,
snake, dragon face, dragon, sauropod, T-Rex, spouting whale, whale, dolphin, seal, fish,
tropical fish, blowfish, shark, shrimp, snail, bug, ant, honeybee, cricket, locomotive,
high-speed train, bullet train, light rail, monorail, bus, trolleybus, minibus, ambulance,
fire engine, police car, taxi, automobile, sport utility vehicle, pickup truck, delivery truck,
articulated lorry, tractor, racing car, motorcycle, motor scooter, manual wheelchair,
motorized wheelchair, auto rickshaw, bicycle, kick scooter, sailboat, canoe, speedboat,
passenger ship, ferry, motor boat, ship, helicopter, comet, skier, snowboarder, horse racing,
person fencing
"""
    )
)
_RIGHT = frozenset(("airplane", "small airplane", "airplane departure", "rocket"))
_CUT_LEFT = frozenset(
    f"whole {animal}" for animal in listed("fox, wolf, raccoon, lion, bear, polar bear, panda")
)
"""Animals whose bodies are cut together; others sit and look ahead."""
_GOING_LEFT = (
    " walking", " running", " biking", " mountain biking", " surfing", " swimming",
    " bouncing ball", " playing handball", " kneeling", " with white cane", " rowing boat",
    " in manual wheelchair", " in motorized wheelchair", " seated",
)  # fmt: skip

FLYING = frozenset(
    listed(
        """
bird, dove, eagle, duck, swan, goose, parrot, owl, black bird, flamingo, bat, butterfly,
honeybee, fly, mosquito, lady beetle, dragon, airplane, small airplane, helicopter, rocket,
flying saucer, fairy, superhero, man superhero, woman superhero, ghost, balloon, kite, parachute,
baby angel, Santa Claus, cloud, satellite, comet, shooting star, peacock
"""
    )
)
"""What crosses the air where it flies."""
HOVERING = frozenset(
    listed(
        """
honeybee, fly, mosquito, lady beetle, butterfly, bat, helicopter, flying saucer, fairy, balloon,
ghost, kite, parachute, cloud, satellite
"""
    )
)
"""What hangs in the air where nothing is told of it."""
SWIMMING = frozenset(
    listed(
        """
fish, tropical fish, blowfish, shark, dolphin, whale, spouting whale, seal, octopus, squid,
jellyfish, turtle, merman, mermaid, crocodile, shrimp, penguin, otter, beaver
"""
    )
)
"""What crosses the water where it swims."""
AFLOAT = frozenset(listed("sailboat, canoe, speedboat, passenger ship, ferry, motor boat, ship"))
AWASH = (" swimming", " rowing boat", " surfing")
"""What is drawn with the water that carries it; its labels end so."""
LIGHTS = frozenset(("sun", "sun with face", "full moon", "crescent moon"))
"""What is in the sky, far away, and shines by itself."""
GLOWING = LIGHTS | {
    "fire",
    "campfire",
    "fireplace",
    "star",
    "glowing star",
    "candle",
    "light bulb",
    "jack-o-lantern",
}
"""What is as light at night as by day."""
WAVE = "water wave"
FAR_OFF = LIGHTS | {WAVE}
"""What throws no shadow where somebody stands."""
_SMILING_SUN, _SMILES = "sun with face", re.compile(r"smil|happy|laugh|grin", re.IGNORECASE)
_SIZES = (
    (
        0.45,
        frozenset(
            listed(
                """
honeybee, fly, mosquito, lady beetle, butterfly, ant, spider, snail, mouse, rat, bug, cricket, worm,
baby chick, hamster, frog, fallen leaf, droplet
"""
            )
        ),
    ),
    (
        0.6,
        frozenset(
            listed(
                """
bird, dove, duck, black bird, owl, parrot, chipmunk, rabbit, hedgehog, turtle, chicken, rooster,
crab, fish, tropical fish, bat, rose, soccer ball, basketball, red apple
"""
            )
        ),
    ),
    (
        0.75,
        frozenset(
            listed(
                """
cat, dog, black cat, poodle, guide dog, fox, monkey, raccoon, goose, swan, penguin, eagle, pig, ewe,
goat, koala, otter, beaver, badger, skunk, baby, teddy bear
"""
            )
        ),
    ),
)
"""How large those are who are small, beside a person or a car, as far as they can be seen well."""


@dataclass(frozen=True, slots=True)
class Head:
    """A head that a body is given in place of its own: its label, and the middle (x, y) and the

    height of the body's own in pixels of 256, of which it is `size` times as large.
    """

    label: str
    x: int
    y: int
    height: int
    size: float


_OWN_HEADS = {
    "standing": (128, 40, 53),
    "walking": (122, 43, 57),
    "running": (96, 43, 55),
    "in lotus position": (128, 50, 77),
    "kneeling": (128, 73, 52),
    "dancing": (126, 57, 56),
    "seated": (128, 73, 52),
}
"""Where the heads of bodies are, and how tall."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One drawing of who acts: its label, how large it is beside others, and another's head."""

    label: str
    scale: float = 1.0
    head: Head | None = None


def figure_of(label: str, said: str, *, is_face: bool = False) -> Figure:
    """The drawing of who a label says, doing what a prompt says; the face where it is asked."""
    if is_face:
        return Figure(label)
    if label in _GROWN:
        return person_doing(label, deed_of(said))
    if label == _SMILING_SUN and not _SMILES.search(said):
        return Figure("sun")
    body = {**BODIES, **NEAR_BODIES}.get(label, label)
    return Figure(body, next((size for size, who in _SIZES if body in who), 1.0))


def deed_of(said: str) -> str:
    """What somebody is told to do, as the labels of people end who do it."""
    return next((doing for rule, doing in _DEEDS if rule.search(said)), _STANDING)


def person_doing(label: str, doing: str) -> Figure:
    """Somebody with a body that does something, and their own head where it is another's."""
    who = _GROWN[label]
    if doing == "dancing" and (who == "person" or label in _SMALL | _OLD):
        who = "man"  # nobody else dances alone, but for a woman in a ball gown
    scale = _CHILD if label in _SMALL else 1.0
    head = None
    if doing in _OWN_HEADS and label in _SMALL | _OLD:
        size = _CHILD_HEAD if label in _SMALL else _OLD_HEAD
        head = Head(label, *_OWN_HEADS[doing], size)
    return Figure(_ALONE.get(doing, f"{who} {doing}"), scale, head)


def looks(label: str) -> int:
    """Which way a drawing looks: -1 to the left, 1 to the right, 0 to the front."""
    if label in _RIGHT:
        return 1
    return -1 if label in _LEFT or label.endswith(_GOING_LEFT) or label in _CUT_LEFT else 0


def is_person(label: str) -> bool:
    """Whether a label is of somebody whom the library has no trade for."""
    return label in _GROWN


def is_somebody(label: str) -> bool:
    """Whether what a label says acts for itself, and is not held or worn by another."""
    return bool(looks(label)) or label in _GROWN or label in BODIES or label in _BEINGS


_BEINGS = frozenset(
    listed(
        """
fox, wolf, bear, polar bear, panda, koala, lion, raccoon, frog, penguin, owl, hamster, robot, alien,
ghost, snowman, astronaut, princess, prince, mage, cook, police officer, baby, spider, octopus,
butterfly, crab, squid, orangutan, sloth, otter, bat, peacock, teddy bear, health worker, teacher,
farmer, singer, firefighter, detective, ninja, superhero, fairy, vampire, mermaid, zombie
"""
    )
)
