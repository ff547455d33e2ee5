"""What stands about in a cut-out film beside who acts, how large it is, and where words put it.

Labels are Emojibase's. Sizes are heights, of the canvas that a place is painted on, whose grown-ups
are some 0.42 tall; they are those of a picture that reads well, not of the world.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.planning.art_library import index
from engine.planning.vocabulary import listed, meanings

Colour = str
"""A colour of `engine.models.opticals.colours.TONES` by its name, "" for a thing's own."""


@dataclass(frozen=True, slots=True)
class InSky:
    """Something far up behind everybody."""

    label: str
    colour: Colour = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """Something large at the back of the ground, `count` of it."""

    label: str
    colour: Colour = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Beside:
    """Something that stands on the ground next to who acts, `count` of it."""

    label: str
    colour: Colour = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Under:
    """What who acts sits, lies or stands on: a seat of `SEATS` that is built, or art."""

    name: str
    colour: Colour = ""


Piece = InSky | Behind | Beside | Under


def name_of(piece: Piece) -> str:
    """The label of what a piece shows, or the name of a seat."""
    return piece.name if isinstance(piece, Under) else piece.label


SEATS = meanings(
    """
bench, park bench, pew: bench
sofa, couch, settee, loveseat, armchair: sofa
bed, mattress, bunk: bed
table, desk, counter, tabletop, workbench, countertop, dinner table, kitchen table: table
"""
)
"""Furniture that the library has no art of, by its names; it is built."""
SEAT_HIGH = {"bench": 0.11, "sofa": 0.11, "bed": 0.11, "table": 0.15, "chair": 0.13, "rock": 0.12,
             "wood": 0.13}  # fmt: skip
"""How high above the ground one sits or stands on something, of the canvas."""
_USUAL_TOP = 0.85
"""Where the top of other things is that somebody stands on, of their height."""

SKY = frozenset(
    listed(
        """
sun, sun with face, full moon, crescent moon, rainbow, star, glowing star, shooting star, comet,
cloud, ringed planet, tornado, satellite, cloud with lightning, high voltage,
flying saucer, milky way, globe showing Americas, globe showing Europe-Africa
"""
    )
)
"""What is in the sky wherever it is said to be."""
_LARGE = (
    (
        0.56,
        """
Tokyo tower, lighthouse, windmill, wind turbine, Statue of Liberty, office building, mountain,
snow-capped mountain, volcano, mount
fuji
""",
    ),
    (
        0.52,
        """
castle, Japanese castle, church, mosque, hindu temple, ferris wheel, hotel, hospital, palm tree,
synagogue
""",
    ),
    (
        0.46,
        """
school, bank, factory, pyramid, stadium, classical building, department store, evergreen tree,
deciduous
tree, Christmas tree, circus tent, roller coaster, shinto shrine, tanabata tree, building
construction
""",
    ),
    (
        0.38,
        """
house, house with garden, houses, derelict house, hut, convenience store, post office,
playground slide, carousel horse, moai
""",
    ),
    (
        0.34,
        """
tent, pitched tent, street lamp, fountain, goal net, door, collision, window, elevator, bus stop,
barber pole
""",
    ),
)
LARGE = {label: size for size, labels in _LARGE for label in listed(labels)}
"""What stands at the back, and how tall."""
_MEDIUM = (
    (
        0.3,
        """
bus, ambulance, fire engine, delivery truck, articulated lorry, tractor, automobile, taxi,
police car, sport utility vehicle, racing car, pickup truck, minibus, locomotive, airplane,
helicopter, trolleybus
""",
    ),
    (
        0.28,
        """
floor lamp, fireplace, chair, couch and lamp, bed, bathtub, television, snowman, cactus, sailboat,
canoe, speedboat,
shopping cart, motorcycle, bicycle, motor scooter, ladder, drum, umbrella on ground, placard,
postbox, shower, mirror, rocket, beach with umbrella, headstone, coffin
""",
    ),
    (
        0.2,
        """
campfire, sandcastle, rock, wood, fire, potted plant, sunflower, desktop computer, jack-o-lantern,
toilet, luggage,
musical keyboard, telescope, barrel, oil drum, wastebasket, teddy bear, seedling, package,
basket, wrapped gift, satellite antenna, guitar, trophy, sled, chess pawn
""",
    ),
)
_MEDIUMS = {label: size for size, labels in _MEDIUM for label in listed(labels)}
_SMALL, _LEAST_UNDER = 0.13, 0.2

VEHICLES = frozenset(
    listed(
        """
bus, ambulance, fire engine, delivery truck, articulated lorry, tractor, automobile, taxi,
police car, sport utility vehicle, racing car, pickup truck, minibus, locomotive, trolleybus,
high-speed train, bullet train, light rail, monorail, motorcycle, motor scooter
"""
    )
)
"""What drives along."""
RIDDEN = frozenset(
    listed("skateboard, kick scooter, sled, skis, surfboard, canoe, horse, elephant, camel")
)
"""What carries who is on it along."""
OVERHEAD = frozenset(listed("umbrella, umbrella with rain drops, balloon, kite, parachute"))
"""What is held up high."""
FLOWN = frozenset(("kite",))
"""What flies on a string while who holds it stands."""
WORN_ON_TOP = frozenset(
    listed(
        """
top hat, woman’s hat, crown, billed cap, graduation cap, military helmet, rescue worker’s helmet,
headphone
"""
    )
)
"""What is worn on a head."""
LARGE_IN_HAND = frozenset(
    listed(
        """
guitar, violin, saxophone, trumpet, accordion, banjo, broom, placard, fishing pole, bow and arrow,
ladder, axe, bouquet, triangular flag, chequered flag, white flag, black flag, pirate flag, shield,
teddy bear, wrapped gift, package, trophy, cricket game, field hockey, ice hockey, lacrosse
"""
    )
)
"""What takes two hands."""
AT_FEET = frozenset(
    listed(
        """
soccer ball, basketball, volleyball, american football, rugby football, tennis, baseball,
bowling, luggage, shopping cart, skateboard, drum, manual wheelchair, pram
"""
    )
)
"""What is in front of somebody's feet."""

PUSHED = frozenset(("manual wheelchair", "pram"))
"""What one walks behind."""
CARRIED = {
    " in bed": ("bed",),
    " biking": ("bicycle",),
    "horse racing": ("horse", "horse face"),
    " surfing": ("surfboard", "water wave"),
    " rowing boat": ("canoe", "sailboat", "motor boat"),
    " bouncing ball": ("basketball", "soccer ball"),
    " golfing": ("golf", "flag in hole"),
}
"""What is drawn with who does something, by how their labels end."""
OUTDOORS = frozenset(
    listed(
        """
rock, wood, fire, cactus, sunflower, seedling, beach with umbrella, snowman, tent, fallen leaf,
maple leaf, leaf fluttering in wind, mushroom, tulip, blossom, herb, nest with eggs, empty nest,
bicycle, automobile, motorcycle, postbox, bus stop, headstone, rose, hibiscus, sled
"""
    )
)
"""What stands out of doors where nothing is told of the place."""

OTHER_NAMES = meanings(
    """
football: soccer ball
tennis ball: tennis
frisbee: flying disc
chess: chess pawn
acorn: chestnut
flag: triangular flag
explosion, blast: collision
tree, oak, oak tree: deciduous tree
pine, pine tree, fir: evergreen tree
stone, boulder: rock
log, tree trunk, stump: wood
suitcase, baggage: luggage
tv: television
computer, pc, monitor, screen: desktop computer
phone, smartphone, cell phone, cellphone: mobile phone
pasta, noodles: spaghetti
book, novel: open book
coffee, tea, cup of coffee, cup of tea, mug: hot beverage
beer: beer mug
wine: wine glass
milk: glass of milk
flowers, flower bouquet, bunch of flowers: bouquet
flower: tulip
gift, present: wrapped gift
sword, blade: dagger
hat: top hat
cap: billed cap
helmet: rescue worker’s helmet
handbag, bag: handbag
letter: envelope
magazine: newspaper
box, parcel: package
piano: musical keyboard
drums: drum
statue: moai
tower: Tokyo tower
planet: ringed planet
earth: globe showing Americas
lightning: high voltage
campfire, bonfire: fire
bread loaf, loaf: bread
burger: hamburger
steak: cut of meat
soup: pot of food
meal, dinner, lunch, food: shallow pan of food
snack: sandwich
cake: birthday cake
camera: camera
car: automobile
truck, lorry: delivery truck
boat: sailboat
spaceship: rocket
ufo: flying saucer
skyscraper: office building
temple: shinto shrine
shop front: convenience store
pram, trolley, cart: shopping cart
fries, chips: french fries
toast: bread
sausage: hot dog
ramen: steaming bowl
soda, juice, lemonade: cup with straw
whiskey, whisky: tumbler glass
champagne: bottle with popping cork
plate: fork and knife with plate
rucksack, satchel, bag of books: backpack
rope: knot
wand: magic wand
torch: flashlight
necklace: prayer beads
telephone: telephone
sax: saxophone
projector: film projector
saw: carpentry saw
hatchet: axe
grave, gravestone, tombstone, tomb: headstone
snow globe: crystal ball
rainclouds, rain cloud: cloud with rain
street lamp, lantern: red paper lantern
clock: mantelpiece clock
shoe, shoes, sneakers: running shoe
bike: bicycle
plane: airplane
dinosaur: T-Rex
"""
)
"""Everyday words for what stands about or is held, and labels."""

_FIRST, _LAST = "monkey face", "placard"
"""What of the library's order is a thing or an animal: hands, faces, signs and flags are none."""
_NO_THINGS = frozenset(
    listed(
        """
bust in silhouette, map of Japan, world map, foggy, night with stars, cityscape,
sunrise over mountains, sunrise, cityscape at dusk, sunset, bridge at night, national park,
desert, desert island, camping, hot springs, wedding, love hotel, station, metro, motorway,
railway track, thermometer, new moon, waxing crescent moon, wind face, cyclone, fog, droplet,
dashing away, sweat droplets, admission tickets, ticket, muted speaker, speaker low volume,
bullseye, running shirt, martial arts uniform, performing arts, sparkles, moon viewing ceremony,
low battery, chart increasing, chart decreasing, bar chart, date, calendar, locked, unlocked,
fireworks, sparkler, water wave, paw prints, wing, feather, dress, t-shirt, jeans, coat,
necktie, kimono, bikini
"""
    )
)


def things() -> frozenset[str]:
    """The labels of whatever can stand about or be held."""
    labels = list(index().labels)
    within = labels[labels.index(_FIRST) : labels.index(_LAST) + 1]
    clocks = (label for label in within if "o’clock" in label or label.endswith("-thirty"))
    return frozenset(within) - _NO_THINGS - frozenset(clocks)


def size_of(label: str) -> float:
    """How tall something is."""
    return LARGE.get(label) or _MEDIUMS.get(label) or _SMALL


def size_under(label: str) -> float:
    """How tall something is that somebody is on or in."""
    return max(size_of(label), _LEAST_UNDER)


def top_of(name: str) -> float:
    """How high above the ground one sits or stands on something, of the canvas."""
    return SEAT_HIGH.get(name) or _USUAL_TOP * size_under(name)
