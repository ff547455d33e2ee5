"""What a sentence is read as before a draft is cast: roles, clothes and things said otherwise.

A skateboarder is a person with a skateboard, and a lighthouse stands where a tower would: what the
art library lacks and is drawn by hand is read as something near of the library, and then put in its
place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROLES = r"""
skateboarders => people with skateboards
skateboarder => person with a skateboard
(?:on|with) (?:an?|the|his|her) (skateboard|kick scooter|sled|surfboard) => with a \1
(?:(?:rain|water)[ -]?)?drops? (?:\w+ )?(?:on|down) (?:the |a )?window => rain falls at a window
(?:at|by|near|out of|through|out|on) (?:an? |the |his |her )?(?:\w+ )?window => at a window
(?:football|soccer) players|footballers => men
(?:football|soccer) player|footballer|goalkeeper|goalie => man
tennis player => woman with a tennis ball
guitarist|guitar player => man with a guitar
violinist|violin player => woman with a violin
saxophonist|saxophone player => man with a saxophone
drummer => man with a drum
(?:photographer|cameraman) => person with a camera
fisherman|angler => man with a fishing pole
archer => woman with a bow and arrow
(?:vlogger|blogger|influencer|youtuber|streamer) => person
(?:presenter|news ?reader|reporter|journalist) => person
(?:elderly|senior|old|aged) couple => old man and an old woman
(?:elderly|aged|senior) (man|woman|lady|gentleman) => old \1
(?:hand|arm) in (?:hand|arm) =>
(?:slow[- ]motion|slo-mo|pov)(?: shot| footage| video| clip)?(?: of)? =>
(?:steam|smoke) (?:rises|rising|curls|drifts|comes|rose) (?:up )?(?:from|out of|off|over) =>
(?:a |the |two )?hands?(?= \w+(?:s|ing)\b) => a person
(?:in)?to (?:the )?(?:camera|lens) =>
(?:hot )?(?:cup|mug) of (?:hot )?(?:tea|coffee|cocoa|hot chocolate) => cup of coffee
(?:does|doing|practi[cs]es|practi[cs]ing|do) (?:her |his )?(?:morning )?yoga => meditates
(?:coffee shop|coffee house|coffee bar|tea ?room|canteen) => cafe
(?:through|in|into) (?:the )?(?:shallow water|surf|shallows|waves) => on the beach
along the (?:shore|shoreline|water) => on the beach
blow(?:s|ing) (?:soap )?bubbles => standing still
at (?:an?|the|their|her|his) wedding => in front of a church
on (?:an?|the) (?:tree )?branch => on a log in a forest
(?:bedtime |fairy )?(?:story|stories|tale) => book
(?:barber|hairdresser|hair stylist) => person with scissors
(?:rock |jazz |pop |street )?band(?= (?:play|perform|rock|sing)) => man with a guitar and a singer
traffic|rush hour => cars
(?:meeting|conference|board|waiting) ?room => office
(?:balcony|terrace|patio|porch|veranda|greenhouse|allotment) => garden
savannah? => meadow
(?:under|beneath|below) (an? |the )((?:\w+ )?tree) ((?:in|on|at|by) .+) => \3 under \1\2
knit(s|ting)? => knits yarn
shepherd(?! dog) => farmer
(?:leads|guides|herds) => walks with
cauldron => soup
(?:farmland|crops|vineyards?|rice fields?|paddies) => farm
in (?:the )?(?:summer|spring|summertime) =>
grandson => boy
granddaughter => girl
fish(?:es|ing)(?= (?:by|in|at|on|off|from) ) => holding a fishing pole
toast(?:s|ing)?(?= (?:with|to|at|each)) => stand
backpacker => person with a backpack
ballerina => woman dancing
snow[- ]covered|snow[- ]capped|frosty|wintry => snowy
autumnal => autumn
scores a goal|shoots at goal => kicks a ball in a stadium
into the (?:goal|net) => in a stadium
vegetables|veggies|salad => carrots
fruits? => red apples
dough => bread
(?<!soccer )(?<!tennis )(?<!crystal )(?<!disco )(?<!a costume )ball => soccer ball
in (?:the |a |some |muddy |rain )*puddles? =>
"""
_DRAWN = """
hot[- ]air balloons => balloons => balloon => hot air balloon
hot[- ]air balloon => balloon => balloon => hot air balloon
lighthouse => tower => Tokyo tower => lighthouse
wind turbines? => tower => Tokyo tower => wind turbine
windmills? => tower => Tokyo tower => windmill
campfire|camp fire|bonfire => fire => fire => campfire
tent => tent => tent => pitched tent
sand ?castle => rock => rock => sandcastle
street ?lamps?|street ?lights?|lamp ?posts? => bus stop => bus stop => street lamp
floor lamp|lamp => potted plant => potted plant => floor lamp
fireplace => mirror => mirror => fireplace
pyramids? => factory => factory => pyramid
wheelchair => shopping cart => shopping cart => manual wheelchair
(?:baby carriage|pram|stroller|buggy) => shopping cart => shopping cart => pram
(?:pirate|sailing|tall|wooden) ship|galleon => ship => ship => pirate ship
robot => robot => robot => walking robot
robots => robots => robot => walking robot
tray of (?:glasses|drinks|champagne|wine|cocktails) => wine glass => wine glass => tray of glasses
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Something that is drawn by hand: the label that it is read as, and its own."""

    stands_for: str
    label: str


def _rules(table: str, fields: int) -> list[list[str]]:
    lines = [[part.strip() for part in line.split("=>")] for line in table.strip().splitlines()]
    return [[*line, *[""] * (fields - len(line))] for line in lines]


_READ_AS = tuple(
    (re.compile(rf"(?<![\w-])(?:{said})(?![\w-])", re.IGNORECASE), read)
    for said, read in _rules(_ROLES, 2)
)
_BY_HAND = tuple(
    (re.compile(rf"(?<![\w-])(?:{said})(?![\w-])", re.IGNORECASE), read, Drawn(near, label))
    for said, read, near, label in _rules(_DRAWN, 4)
)
_ADJECTIVES = r"(?:[\w-]+ ){0,2}?"
_COLOURS = r"red|orange|yellow|green|blue|purple|pink|teal|brown|black|white|gr[ea]y"
_GARMENTS = {
    "gown": ("dress", "gown", "robe", "kimono", "skirt", "cloak", "sari"),
    "coat": ("coat", "raincoat", "overcoat", "trench coat", "lab coat"),
    "suit": ("suit", "uniform", "tuxedo", "costume", "tracksuit", "overalls", "jumpsuit"),
    "top": (
        "shirt", "t-shirt", "jacket", "hoodie", "sweater", "jumper", "jersey", "vest", "blouse",
        "pullover",
    ),
    "legs": ("jeans", "trousers", "pants", "shorts", "leggings"),
}  # fmt: skip
_USUAL = {
    "dress": "red", "gown": "red", "raincoat": "yellow", "suit": "black", "uniform": "blue",
    "tuxedo": "black", "robe": "purple", "cloak": "purple", "coat": "brown", "lab coat": "white",
    "jeans": "blue", "hoodie": "grey", "kimono": "pink",
}  # fmt: skip
"""What colour clothes are of which none is told."""
_CLOTHES = re.compile(
    rf"(?<=\w) (?:in|wearing|dressed in) (?:an? |the |his |her |their )?(?P<how>{_ADJECTIVES})"
    rf"(?:(?P<colour>{_COLOURS}) )?(?P<more>{_ADJECTIVES})"
    rf"(?P<what>{'|'.join(sorted((w for g in _GARMENTS.values() for w in g), key=len)[::-1])})"
    r"(?:e?s)?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clothes:
    """What somebody has on: "gown", "coat", "suit", "top" or "legs", and a colour's name."""

    kind: str
    colour: str


def clothes_told(said: str) -> Clothes | None:
    """What a sentence says that somebody has on; None where it says nothing that can be dyed."""
    match = _CLOTHES.search(said)
    if match is None:
        return None
    what = match["what"].lower()
    words = f"{match['how']} {match['more']}".lower().split()
    told = match["colour"] or next((w for w in words if re.fullmatch(_COLOURS, w)), "")
    colour = told.lower().replace("gray", "grey") or _USUAL.get(what, "")
    kind = next(kind for kind, names in _GARMENTS.items() if what in names)
    return Clothes(kind, colour) if colour else None


def read_plainly(said: str) -> str:
    """A sentence with roles, clothes and what is drawn by hand in words that are read."""
    said = _CLOTHES.sub("", said)
    for rule, read in _READ_AS:
        said = rule.sub(read, said)
    for rule, read, _ in _BY_HAND:
        said = rule.sub(read, said)
    return " ".join(said.split())


def drawn_by_hand(said: str) -> dict[str, str]:
    """The labels of what a sentence names that is drawn by hand, by those it is read as."""
    found = (drawn for rule, _, drawn in _BY_HAND if rule.search(said))
    return {drawn.stands_for: drawn.label for drawn in found}
