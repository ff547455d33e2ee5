"""Places that are painted for drafts and that no network learnt: how they are said and heard.

Each has its words in a reading, by which a painter is found (`engine.models.animatic.place`), and
the chief words of a phrase that tell it. What is in a phrase besides, a bench in a park, is laid
into the place by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.planning.vocabulary import listed

SEA = "on the open sea"


@dataclass(frozen=True, slots=True)
class PaintedPlace:
    """A place: the name of its painter, its words, the words that tell it, the place of the scene

    grammar whose surroundings are heard there, and whether it is under a roof.
    """

    setting_id: str
    words: str
    told_by: tuple[str, ...]
    heard_as: str
    is_indoors: bool


def _read(text: str, *, is_indoors: bool) -> tuple[PaintedPlace, ...]:
    lines = (tuple(map(str.strip, line.split("|"))) for line in text.strip().splitlines())
    return tuple(
        PaintedPlace(setting_id, words, listed(told_by), heard_as, is_indoors)
        for setting_id, words, told_by, heard_as in lines
    )


_INDOORS = _read(
    """
    kitchen | in a kitchen | kitchen, stove, oven | room
    bedroom | in a bedroom | bedroom, bed, hotel | room
    bathroom | in a bathroom | bathroom, bathtub, shower, toilet | room
    library | in a library | library, bookshop, bookstore, archive | room
    office | in an office | office, desk, boardroom, workplace | room
    classroom | in a classroom | classroom, school, kindergarten, blackboard | room
    hospital | in a hospital | hospital, clinic, ward, infirmary | room
    restaurant | in a restaurant | restaurant, cafe, café, bar, pub, diner, bistro, tavern | room
    shop | in a shop | shop, store, supermarket, grocery, bakery, mall | room
    hall | in a castle hall | throne, ballroom, dungeon | room
    museum | in a museum | museum, gallery, exhibition | room
    laboratory | in a laboratory | laboratory, lab | room
    gym | in a gym | gym, gymnasium | room
    cell | in a prison cell | prison, jail, cell | room
    window | at a window | | room
    """,
    is_indoors=True,
)
_OUTDOORS = _read(
    """
    sea | on the open sea | | beach
    park | in a park | park | meadow
    garden | in a garden | garden, backyard, yard, flowerbed | meadow
    farm | on a farm | farm, barn, farmyard, paddock, ranch | meadow
    village | in a village | village, hamlet, suburb, suburbs | meadow
    mountains | in the mountains | mountain, mountains, alps, peaks, cliff, cliffs, valley | snow
    lake | by a lake | lake, pond, lakeside | beach
    river | by a river | river, stream, creek, waterfall, riverbank | beach
    jungle | in the jungle | jungle, rainforest, swamp | forest
    cave | in a cave | cave, cavern, grotto | space
    campsite | at a campsite | campsite, camp, campfire, campground | forest
    road | on a country road | motorway, freeway, roadside | street
    battlefield | on a battlefield | battlefield, battle, war, trenches | volcano
    cemetery | in a cemetery | cemetery, graveyard, churchyard | night_city
    moon | on the moon | | space
    market | at a market | market, bazaar, marketplace | street
    bridge | on a bridge | bridge | beach
    station | at a railway station | station, platform | street
    airport | at an airport | airport, runway, airfield, tarmac | street
    castle | in front of a castle | castle, fortress, palace | meadow
    pitch | in a stadium | stadium, pitch, arena | street
    playground | at a playground | playground, schoolyard | meadow
    fair | at a fair | fair, carnival, funfair, fairground, amusement, circus | stage
    pool | by a swimming pool | pool, poolside | beach
    above_forest | over a forest from above | | forest
    above_autumn_forest | over an autumn forest from above | | forest
    above_fields | over fields from above | | meadow
    above_city | over a city from above | | street
    above_night_city | over a city at night from above | | night_city
    above_beach | over a beach from above | | beach
    above_sea | over the sea from above | | beach
    """,
    is_indoors=False,
)
FROM_ABOVE = {
    "forest": "over a forest from above",
    "jungle": "over a forest from above",
    "park": "over a forest from above",
    "meadow": "over fields from above",
    "farm": "over fields from above",
    "village": "over fields from above",
    "street": "over a city from above",
    "night_city": "over a city at night from above",
    "beach": "over a beach from above",
    "sea": "over the sea from above",
    "sunset": "over a beach from above",
}
"""How a place is said that is seen from above, by its painter."""
AUTUMN_FROM_ABOVE = "over an autumn forest from above"
PAINTED_PLACES = (*_INDOORS, *_OUTDOORS)
PAINTED_IDS = {place.words: place.setting_id for place in PAINTED_PLACES}
"""Painters by the words of places."""
TOLD_PLACES = {word: place.words for place in PAINTED_PLACES for word in place.told_by if word}
"""Places by a word that alone tells them."""
PHRASES = {
    **{place.words: place.words for place in PAINTED_PLACES},
    "in the castle": "in a castle hall",
    "in a castle": "in a castle hall",
    "inside a castle": "in a castle hall",
    "inside the castle": "in a castle hall",
    "on a football field": "in a stadium",
    "on the football field": "in a stadium",
    "on a soccer field": "in a stadium",
    "on a football pitch": "in a stadium",
    "on mars": "on the moon",
    "on the surface of the moon": "on the moon",
    "across the moon": "on the moon",
    "on a planet": "on the moon",
    "down a country road": "on a country road",
    "on a railway": "at a railway station",
}
"""Phrases that tell a place as they stand."""
WORKPLACES = {
    trade: place
    for place, trades in {
        "in a restaurant": ("in tuxedo",),
        "in a kitchen": ("cook",),
        "in a hospital": ("health worker",),
        "in a laboratory": ("scientist",),
        "in an office": ("office worker", "technologist"),
        "in a classroom": ("teacher", "student"),
        "on a farm": ("farmer",),
        "on a city street": ("police officer", "firefighter", "construction worker", "detective"),
        "at an airport": ("pilot",),
        "on a stage": ("singer",),
        "in outer space": ("astronaut",),
        "in a castle hall": ("princess", "prince", "person with crown"),
    }.items()
    for trade in trades
}
"""Where those are who have a trade, by labels, where nothing is told of the place."""
HEARD_AS = {place.setting_id: place.heard_as for place in PAINTED_PLACES}
"""The place of the scene grammar whose surroundings are heard, by painters."""
INDOORS = frozenset(place.setting_id for place in _INDOORS)
"""Painters of places under a roof."""
