"""The scene grammar: what a draft can show, and every word that says so.

Its subjects are as many as the training affordable so far can tell apart; the sticker library
has over a thousand more.

A scene is subject, setting, action and camera. Trained words appear in captions; synonyms are
held out and serve only to measure whether the model understands words it never saw.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

from engine.models.moviegen.nouns import article
from engine.models.moviegen.prompts import EMPTY


@dataclass(frozen=True, slots=True)
class Subject:
    """Someone or something that acts: its sticker, its trained noun, and held-out synonyms.

    `body` is the sticker of all of it, where `label` is that of its face alone, "" where there is
    none: the networks learnt the face, and drafts show the body.
    """

    label: str
    noun: str
    synonyms: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A setting, action or camera move: its id, trained wordings, and held-out synonyms."""

    id: str
    words: tuple[str, ...]
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """One sentence of the grammar. `seed` fixes everything the words leave open."""

    subject: Subject
    setting: Phrase
    action: Phrase
    camera: Phrase
    seed: int


_SUBJECTS = """
fox|fox|vixen
dog face+dog|dog|puppy,hound
cat face+cat|cat|kitten,kitty
lion|lion|big cat with a mane
panda|panda|panda bear
rabbit face+rabbit|rabbit|bunny,hare
frog|frog|toad
pig face+pig|pig|piglet,hog
elephant|elephant
penguin|penguin
owl|owl
duck|duck|mallard
turtle|turtle|tortoise
dragon|dragon
spouting whale|whale
octopus|octopus|squid
butterfly|butterfly|moth
honeybee|bee|bumblebee
snail|snail|slug
astronaut|astronaut|spaceman,cosmonaut
police officer|police officer|cop,policeman
cook|chef|cook
mage|wizard|magician,sorcerer
princess|princess
robot|robot|android
alien|alien|extraterrestrial
ghost|ghost|phantom,spirit
snowman|snowman
teddy bear|teddy bear|stuffed bear
automobile|red car|automobile
taxi|taxi|yellow cab
bus|bus|coach
helicopter|helicopter|chopper
rocket|rocket|spaceship
flying saucer|flying saucer|ufo
sailboat|sailboat|yacht
pizza|slice of pizza|pizza slice
birthday cake|birthday cake
soccer ball|soccer ball|football
guitar|guitar
red heart|red heart|love heart
star|yellow star|golden star
jack-o-lantern|halloween pumpkin|jack-o-lantern
balloon|red balloon
grinning face|yellow smiley face|happy emoji face
"""


def parse_subjects(lines: str) -> tuple[Subject, ...]:
    """Subjects of lines "label+body|noun|synonym,synonym"."""
    subjects = []
    for line in lines.strip().splitlines():
        art, noun, *rest = line.split("|")
        label, _, body = art.partition("+")
        subjects.append(Subject(label, noun, tuple(rest[0].split(",")) if rest else (), body))
    return tuple(subjects)


SUBJECTS = parse_subjects(_SUBJECTS)

SETTINGS = (
    Phrase("meadow", ("in a green meadow", "on a grassy meadow"), ("on a lawn", "in a pasture")),
    Phrase("beach", ("on a sandy beach", "at the beach"), ("by the seaside", "on the shore")),
    Phrase("forest", ("in a forest", "in the green forest"), ("in the woods", "among the trees")),
    Phrase("desert", ("in the desert", "in a hot desert"), ("among the sand dunes",)),
    Phrase("snow", ("in the snow", "in a snowy landscape"), ("in winter", "on an icy field")),
    Phrase("street", ("on a city street", "in the city"), ("downtown", "on an urban road")),
    Phrase("night_city", ("in the city at night", "in a night city"), ("downtown after dark",)),
    Phrase("space", ("in outer space", "in space"), ("among the stars", "in the cosmos")),
    Phrase("underwater", ("under water", "underwater in the sea"), ("at the bottom of the ocean",)),
    Phrase("sunset", ("at sunset by the sea", "in front of a sunset"), ("at dusk by the ocean",)),
    Phrase("room", ("in a living room", "inside a room"), ("indoors", "in an apartment")),
    Phrase("stage", ("on a stage", "on a stage with spotlights"), ("in a theatre", "at a concert")),
    Phrase("sky", ("in the blue sky", "in the sky among clouds"), ("high above the clouds",)),
    Phrase("volcano", ("near a volcano", "by a lava volcano"), ("beside an erupting mountain",)),
    Phrase("rain", ("in the rain", "on a rainy day"), ("in a downpour", "in a storm")),
    Phrase("plain", ("on a plain background", "on a plain backdrop"), ("on an empty background",)),
)

ACTIONS = (
    Phrase("stand", ("stands still", "stays in place"), ("is motionless", "waits")),
    Phrase("right", ("moves to the right", "goes from left to right"), ("travels rightwards",)),
    Phrase("left", ("moves to the left", "goes from right to left"), ("travels leftwards",)),
    Phrase("jump", ("jumps up and down", "bounces"), ("hops", "leaps")),
    Phrase("spin", ("spins around", "rotates"), ("twirls", "turns round and round")),
    Phrase("roll", ("rolls to the right", "rolls along"), ("tumbles along",)),
    Phrase("rise", ("flies up", "rises into the air"), ("ascends", "takes off")),
    Phrase("fall", ("falls down", "drops from above"), ("plunges", "tumbles down")),
    Phrase("grow", ("comes closer", "grows bigger"), ("approaches", "gets larger")),
    Phrase("shrink", ("goes away", "gets smaller"), ("shrinks", "recedes")),
    Phrase("dance", ("dances", "sways from side to side"), ("grooves", "boogies")),
    Phrase("shake", ("shakes", "trembles"), ("quivers", "vibrates")),
    Phrase("float", ("floats gently", "hovers"), ("levitates",)),
)

CAMERAS = (
    Phrase("static", ("static",)),
    Phrase("pan_left", ("pan left",)),
    Phrase("pan_right", ("pan right",)),
    Phrase("zoom_in", ("zoom in",)),
    Phrase("zoom_out", ("zoom out",)),
    Phrase("tilt_up", ("tilt up",)),
    Phrase("tilt_down", ("tilt down",)),
    Phrase("handheld", ("handheld",)),
)

_HELD_OUT_SHARE = 0.08


def is_held_out(subject: Subject, setting: Phrase, action: Phrase) -> bool:
    """Whether a combination is never trained: eight in a hundred, fixed by a hash of its parts."""
    key = f"{subject.noun}/{setting.id}/{action.id}".encode()
    return int.from_bytes(hashlib.sha256(key).digest()[:4]) / 2**32 < _HELD_OUT_SHARE


def caption(scene: Scene, *, still: bool = False, rate_fps: int = 12) -> str:
    """The training caption of a scene, in the order the paper prefixes it (A.3).

    A still says nothing of rate, camera or action.
    """
    rng = random.Random(scene.seed)
    subject = article(scene.subject.noun)
    setting = rng.choice(scene.setting.words)
    if still:
        return f"{subject} {setting}"
    action = rng.choice(scene.action.words)
    return f"FPS-{rate_fps}, {scene.camera.words[0]}, {subject} {action} {setting}"


def plate_caption(scene: Scene) -> str:
    """The training caption of a setting alone."""
    return f"{EMPTY} {random.Random(scene.seed).choice(scene.setting.words)}"


def sample_scene(rng: random.Random) -> Scene:
    """A random trained scene; combinations that are held out are drawn again."""
    while True:
        subject, setting, action = (
            rng.choice(SUBJECTS),
            rng.choice(SETTINGS),
            rng.choice(ACTIONS),
        )
        if not is_held_out(subject, setting, action):
            break
    static = rng.random() < 0.6
    camera = CAMERAS[0] if static else rng.choice(CAMERAS[1:])
    return Scene(subject, setting, action, camera, rng.getrandbits(31))


def held_out_scenes(count: int, seed: int) -> list[Scene]:
    """`count` scenes whose combination of subject, setting and action is never trained."""
    rng = random.Random(seed)
    scenes: list[Scene] = []
    while len(scenes) < count:
        parts = rng.choice(SUBJECTS), rng.choice(SETTINGS), rng.choice(ACTIONS)
        if is_held_out(*parts):
            scenes.append(Scene(*parts, CAMERAS[0], rng.getrandbits(31)))
    return scenes
