"""More names for what the art library holds, beside those of its index: everyday words, by hand.

The left is what people say, the right a label of Emojibase. They are words that the text encoder
does not know well enough; it finds others by itself.
"""

from __future__ import annotations

from engine.planning.vocabulary import meanings

_SAME = meanings(
    """
sheep, lamb: ewe
mongrel, pooch, doggo, canine: dog face
puss, moggy: cat face
swine: pig face
squirrel: chipmunk
pigeon: dove
ladybird: lady beetle
caterpillar: bug
aeroplane, airliner, jumbo jet, passenger plane, jet: airplane
biplane, propeller plane: small airplane
sports car, race car, racing car, formula one car: racing car
jeep, off-roader: sport utility vehicle
juggernaut, semi-truck, semi: articulated lorry
motorbike: motorcycle
scooter, moped, vespa: motor scooter
ocean liner, cruise ship, liner: passenger ship
spacecraft, spaceship, space rocket: rocket
steam engine, steam train: locomotive
person, somebody, someone, pedestrian, stranger, passer-by, tourist, customer: person
friend, guest, commuter, shopper, worker: person
kid, toddler, youngster, schoolchild: child
lad, schoolboy, son: boy
lass, schoolgirl, daughter: girl
guy, bloke, gentleman, dad, father, husband: man
businessman: man office worker
businesswoman: woman office worker
groom, bridegroom: man in tuxedo
policewoman: woman police officer
lady, mum, mom, mother, wife: woman
teenager, teen: person
grandfather, grandpa, granddad: old man
grandmother, grandma, granny: old woman
runner, jogger, sprinter: person running
walker, hiker: person walking
cyclist, biker: person biking
surfer: person surfing
swimmer: person swimming
dancer, ballerina: woman dancing
golfer: person golfing
juggler: person juggling
climber, mountaineer: person climbing
rower: person rowing boat
fencer: person fencing
jockey, rider: horse racing
basketball player: person bouncing ball
fireman: firefighter
moon, full moon: full moon
wave, breaker, tsunami: water wave
autumn leaf, leaf, foliage: fallen leaf
raindrop, water drop: droplet
campfire, bonfire, blaze: fire
"""
)
"""Everyday words for what has another label."""
_NEAR = meanings(
    """
pony, stallion, mare, foal, steed, colt, racehorse: horse face
bull, bullock: ox
calf, heifer: cow face
hawk, falcon: eagle
hen: chicken
pterodactyl, brachiosaurus: sauropod
jalopy, saloon car, limousine, limo, hatchback, convertible: automobile
galleon, dinghy, schooner: sailboat
physician, surgeon, medic: health worker
nurse: woman health worker
queen: princess
king: person with crown
footballer, soccer player, football player, athlete: person running
spy: detective
soldier, knight: guard
samurai, warrior, thief, burglar, robber: ninja
waiter, butler: man in tuxedo
waitress: woman in tuxedo
baker: cook
nun: woman with headscarf
cowboy, gardener: farmer
witch: woman mage
sailor, captain: pilot
sheriff: police officer
plumber, electrician: mechanic
builder: construction worker
welder: factory worker
lawyer: office worker
professor: teacher
programmer, hacker: technologist
musician: singer
emperor: person with crown
duke: prince
skyscraper, office block: office building
cottage, mansion, bungalow: house
"""
)
"""Words for what the library has nothing of but something near, and has to do with it."""
MORE_NAMES = {**_SAME, **_NEAR}
"""Names beside those of the index, and their labels; they come first."""
STAND_INS = {word: label.removesuffix(" face") for word, label in _NEAR.items()}
"""Who stands in for whom."""

IRREGULAR = {
    "children": "child",
    "geese": "goose",
    "knives": "knife",
    "leaves": "leaf",
    "men": "man",
    "mice": "mouse",
    "people": "person",
    "wolves": "wolf",
    "women": "woman",
}
"""More than one of a name, and the name, where no rule makes it."""
MIXED = {
    "people": ("woman", "man", "person"),
    "children": ("girl", "boy", "child"),
    "kids": ("boy", "girl", "child"),
    "friends": ("man", "woman", "person"),
    "dancers": ("woman dancing", "man dancing"),
    "couple": ("woman", "man"),
    "crowd": ("woman", "man", "person"),
    "family": ("woman", "man", "girl"),
}
"""Words for several people who are not all alike, and the labels that take turns."""
