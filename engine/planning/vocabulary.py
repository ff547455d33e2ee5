"""Vocabulary: the words a model learnt, plain words for them, and words that mean something else.

The learnt wordings are those of the training captions. `OTHER_…` are everyday things, places and
doings that were never trained: a word that is nearer to one of them is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    """One kind of word: groups of learnt wordings that mean the same, and what is none of them.

    `plain` says outright what a wording means, where likeness alone would not find it.
    """

    learnt: tuple[tuple[str, ...], ...]
    others: tuple[str, ...]
    plain: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a prompt may be rewritten into. `places` are settings by a word that alone tells them:

    "in the middle of a dark forest" is in a forest.
    """

    subjects: Words
    settings: Words
    actions: Words
    places: Mapping[str, str] = field(default_factory=dict)


def listed(text: str) -> tuple[str, ...]:
    """Words between commas, on any number of lines."""
    return tuple(" ".join(each.split()) for each in text.split(","))


def groups(text: str) -> tuple[tuple[str, ...], ...]:
    """Lines of wordings that mean the same, with bars between them."""
    return tuple(tuple(line.split("|")) for line in text.strip().splitlines())


def meanings(text: str) -> dict[str, str]:
    """Lines of "word, word: what they mean"."""
    pairs = (line.split(": ") for line in text.strip().splitlines())
    return {word: meaning for words, meaning in pairs for word in listed(words)}


OTHER_SUBJECTS = listed(
    """
horse, cow, bull, shark, giraffe, spider, scorpion, knight, nurse, doctor, truck, lorry,
airplane, jet, bicycle, house, castle, apple, banana, orange, grapes, strawberry, cherry, peach,
pear, pineapple, watermelon, lemon, coconut, tree, palm tree, mountain, clown, king, queen,
prince, wolf, bear, polar bear, tiger, leopard, cheetah, panther, monkey, gorilla, orangutan,
chimpanzee, zebra, mouse, rat, hamster, squirrel, chipmunk, hedgehog, beaver, otter, skunk,
badger, raccoon, crocodile, alligator, snake, cobra, lizard, gecko, dinosaur, dolphin, seal, sea
lion, walrus, crab, lobster, shrimp, jellyfish, starfish, fish, goldfish, eagle, hawk, falcon,
crow, pigeon, dove, parrot, peacock, flamingo, chicken, rooster, turkey, swan, goose, ostrich,
sparrow, ant, ladybug, beetle, cricket, grasshopper, dragonfly, mosquito, fly, worm,
caterpillar, teacher, student, farmer, pirate, ninja, mermaid, fairy, elf, dwarf, giant, troll,
vampire, zombie, witch, skeleton, skull, monster, devil, angel, unicorn, phoenix, train, tram,
police car, toy car, race car, fire truck,
subway, motorcycle, scooter, tractor, ambulance, fire engine, van, racing car, submarine, tank,
ship, cruise ship, canoe, rowboat, ferry, skateboard, skateboarder, roller coaster, hamburger,
hot dog, sandwich, taco, burrito, sushi, noodles, spaghetti, rice, bread, cheese, egg, bacon,
steak, donut, cookie, chocolate, candy, lollipop, ice cream, cupcake, pie, pancakes, coffee,
tea, milk, beer, wine, piano, violin, drum, trumpet, saxophone, flute, accordion, banjo,
microphone, basketball, tennis ball, baseball, volleyball, bowling ball, golf ball, rugby ball,
moon, sun, planet, earth, comet, meteor, cloud, rainbow, candle, lamp, lantern, light bulb,
book, newspaper, pencil, computer, laptop, phone, television, radio, camera, clock, watch,
umbrella, hat, crown, shoe, boot, shirt, dress, ring, necklace, glasses, sword, shield, hammer,
axe, key, lock, flower, rose, tulip, sunflower, daisy, cactus, mushroom, leaf, carrot, tomato,
potato, onion, corn, broccoli, kite, doll, cube, block, diamond, gem, coin, money, baby, boy,
girl, man, woman, grandmother, grandfather, old man, family, bride, groom, dancer, ballerina,
singer, actor, artist, painter, musician, scientist, engineer, mechanic, firefighter, soldier,
sailor, pilot, judge, detective, spy, guard, thief, athlete, runner, swimmer, football player,
boxer, surfer, skier, superhero, villain, genie, camel, kangaroo, koala, sloth, goat, sheep,
ram, deer, moose, reindeer, hippo, rhino, bat, donkey, llama, buffalo, cave, bridge, tower,
lighthouse, church, windmill, tent, chair, table, sofa, bed, door, window, box, bag, suitcase,
bottle, cup, bowl, spoon, fork, knife, pan, basket, broom, soap, bathtub, toilet, toothbrush,
mirror, rope, ladder, wheel, gear, magnet, battery, robot arm, drone, satellite, telescope,
microscope, parachute, hot air balloon, statue, puppet, mask, gift, present, christmas tree,
flag, trophy, medal, puzzle, dice, chess piece, playing card, bomb, fire, flame, water drop,
wave, snowflake, lightning, tornado, rock, stone, bone, tooth, eye, hand, foot, brain, heart
rate, speech bubble, arrow, anchor, compass, map, barrel, bell, whistle, megaphone, envelope,
letter, package, calendar, scissors, paperclip, bucket, paint, brush, feather, shell, pearl,
nest, spider web, log, brick, fence, well, fountain, bench, swing, slide, merry-go-round, ferris
wheel, circus tent, hotel, hospital, school, bank, shop, factory, stadium, temple, pyramid,
igloo, island, waterfall, river, volcano
"""
)

OTHER_SETTINGS = listed(
    """
in a kitchen, in a bathroom, in a bedroom, in bed, in a car, in a bus, on a train, on a plane,
on the moon, on mars, in a library, in a museum, at school, in a classroom, in the office, at a
farm, in a barn, on a bridge, in a swimming pool, in a bathtub, in a castle, in a garden, in a
park, at the playground, on a mountain top, on a hill, in the jungle, in a cave, in a tunnel, on
a river, on a lake, on the sea, by the sea, over the sea, over the ocean, over the water, on the
water, in a puddle, in the sun, in the distance, in the harbour,
on an island, on a boat, at the market, in a shop, in a
restaurant, in a cafe, in a bar, in a hospital, in a church, in a temple, in a stadium, in a
gym, in a hotel, in a garage, in a basement, on a roof, on a balcony, on a table, on a chair, on
the floor, in a box, in a cup, in a tree, behind a window, at the circus, in a zoo, at the
airport, at the station, in a factory, in a laboratory, in a prison, in a swamp, in a cornfield,
by a waterfall, in an igloo, in a fire, in the fog, in the dark, in the morning, at noon, at
night, in autumn, in spring, in summer, on a motorway, on a railway, in a mirror, with a ball,
with friends, for fun, at a party, at a wedding, in a tent, in a boxing ring, on a horse, in a
picture frame, in a dream
"""
)

OTHER_ACTIONS = listed(
    """
eats, drinks, sleeps, wakes up, reads a book, writes a letter, plays the guitar, plays, cries,
laughs, smiles, cooks, swims, dives, runs, walks, sits down, stands up, lies down, explodes,
burns, melts, sings, talks, shouts, waves, claps, kisses, hugs, fights, kicks a ball, throws a
ball, catches a ball, climbs a tree, rides a bicycle, drives a car, opens a door, closes a door,
breaks, cuts, digs, builds, paints, looks around, nods, blinks, yawns, stretches, sneezes,
hides, chases, follows, turns into, disappears, appears, bites, barks, howls, glows, sparkles,
rings, eats an apple, drinks tea, washes, cleans, works, thinks, dreams, listens, reads, wins,
loses, gives a gift, carries a box
"""
)

PLACES = meanings(
    """
meadow, meadows, lawn, pasture, grass, grassy, grassland, field, fields, prairie: in a green meadow
beach, shore, seashore, seaside, coast, shoreline: on a sandy beach
forest, forests, woods, woodland, trees: in a forest
desert, dune, dunes, sahara: in the desert
snow, snowy, snowfield, blizzard, snowstorm, winter, wintry, ice, icy, iceberg: in the snow
glacier, arctic: in the snow
street, streets, road, city, downtown, town, urban, avenue, alley, highway: on a city street
sidewalk: on a city street
space, stars, cosmos, galaxy, universe: in outer space
underwater, seabed, reef: under water
sunset, sundown, dusk, twilight: at sunset by the sea
room, indoors, apartment, home: inside a room
stage, theatre, theater, concert: on a stage
sky, skies, clouds, mid-air, midair: in the blue sky
volcano, volcanoes, erupting, lava: near a volcano
rain, rainy, downpour, storm, thunderstorm, drizzle: in the rain
background, backdrop: on a plain background
"""
)

POCKET_VIDEO = Vocabulary(
    places=PLACES,
    subjects=Words(
        learnt=groups(
            """
fox
dog
cat
lion
panda
rabbit
frog
pig
elephant
penguin
owl
duck
turtle
dragon
whale
octopus
butterfly
bee
snail
astronaut
police officer
chef
wizard
princess
robot
alien
ghost
snowman
teddy bear
red car
taxi
bus
helicopter
rocket
flying saucer
sailboat
slice of pizza
birthday cake
soccer ball
guitar
red heart
yellow star
halloween pumpkin
red balloon
yellow smiley face
"""
        ),
        others=OTHER_SUBJECTS,
        plain=meanings(
            """
vixen: fox
puppy, pup, hound, mutt, doggy, doggie, pug, corgi, poodle, labrador, retriever: dog
golden retriever, beagle, dachshund, husky, terrier, bulldog, chihuahua, dalmatian: dog
kitten, kitty, tomcat, feline, tabby, tabby cat: cat
bunny, hare, bunny rabbit: rabbit
piglet, hog: pig
toad: frog
tortoise, sea turtle: turtle
duckling, ducky: duck
panda bear, giant panda: panda
bumblebee, honeybee: bee
spaceman, cosmonaut: astronaut
cop, policeman, policewoman: police officer
magician, sorcerer: wizard
extraterrestrial: alien
phantom: ghost
chopper: helicopter
yacht: sailboat
pizza, pizza slice: slice of pizza
lioness, big cat: lion
drake, mallard: duck
moth: butterfly
android, droid: robot
plush bear, stuffed bear, teddy: teddy bear
cook: chef
car, automobile, sedan, sports car: red car
cab, yellow cab: taxi
coach, omnibus, double-decker, school bus: bus
sailing boat, boat, sailing ship: sailboat
spaceship, spacecraft, space shuttle: rocket
ufo, alien spaceship: flying saucer
football, ball: soccer ball
cake: birthday cake
balloon: red balloon
heart, love heart: red heart
star, shooting star, golden star: yellow star
pumpkin, jack-o-lantern, jack-o'-lantern: halloween pumpkin
smiley, emoji, smiling face, smiley face: yellow smiley face
"""
        ),
    ),
    settings=Words(
        learnt=groups(
            """
in a green meadow|on a grassy meadow
on a sandy beach|at the beach
in a forest|in the green forest
in the desert|in a hot desert
in the snow|in a snowy landscape
on a city street|in the city
in the city at night|in a night city
in outer space|in space
under water|underwater in the sea
at sunset by the sea|in front of a sunset
in a living room|inside a room
on a stage|on a stage with spotlights
in the blue sky|in the sky among clouds
near a volcano|by a lava volcano
in the rain|on a rainy day
on a plain background|on a plain backdrop
"""
        ),
        others=OTHER_SETTINGS,
        plain=meanings(
            """
underwater, under the sea, at the bottom of the sea, at the bottom of the ocean: under water
among the stars, through space: in outer space
among the sand dunes, in the dunes: in the desert
indoors: inside a room
downtown: in the city
downtown at night: in the city at night
"""
        ),
    ),
    actions=Words(
        learnt=groups(
            """
stands still|stays in place
moves to the right|goes from left to right
moves to the left|goes from right to left
jumps up and down|bounces
spins around|rotates
rolls to the right|rolls along
flies up|rises into the air
falls down|drops from above
comes closer|grows bigger
goes away|gets smaller
dances|sways from side to side
shakes|trembles
floats gently|hovers
"""
        ),
        others=OTHER_ACTIONS,
        plain=meanings(
            """
jumps, hops, leaps, bounds, jumps around, springs: jumps up and down
spins, twirls, whirls, turns around, turns round: spins around
rises, ascends, takes off, soars, lifts off, goes up: rises into the air
falls, drops, plunges, plummets, descends, tumbles down, comes down, drops down: falls down
approaches, comes near, gets closer, comes nearer, gets nearer: comes closer
grows, gets bigger, gets larger, becomes bigger, becomes larger, grows larger: grows bigger
shrinks, recedes, moves away, becomes smaller, grows smaller: goes away
moves right, runs to the right, walks to the right, drives to the right: moves to the right
moves left, runs to the left, walks to the left, drives to the left: moves to the left
grooves, boogies, waltzes: dances
shivers, quivers, vibrates, wobbles: trembles
rolls, tumbles along: rolls along
floats, levitates: floats gently
waits, stands, is motionless: stands still
"""
        ),
    ),
)
"""What the pocket video model was trained on."""
