"""What a film maker's words mean to a cut-out film: verbs and places, near ones for those it lacks.

Words that mean the same are in `vocabulary.py`; these are what comes nearest: a dog that runs is
shown moving to the right, and a kitchen as a room. The reading says so beside the result.
"""

from __future__ import annotations

from engine.planning.vocabulary import listed, meanings

SHOWN_AS = meanings(
    """
walks, runs, strolls, marches, skates, hurries, trots, jogs, sprints, dashes: moves to the right
races: moves to the right
rushes, speeds, zooms, crawls, creeps, waddles, stomps, gallops, wanders: moves to the right
scuttles, prances, travels, goes, moves, rides, drives, cruises, passes: moves to the right
crosses, patrols: moves to the right
slides, steps, heads, sneaks, tiptoes, charges, flees, chases, follows, sails: moves to the right
slithers: moves to the right
walks around, runs around: moves to the right
swims, drifts, glides, flies, flutters, buzzes, surfs, dives: floats gently
swings, sways, rocks, sings, plays, parties, celebrates, waves, conducts: sways from side to side
performs: sways from side to side
cheers, skips, hops around, bounces around: jumps up and down
laughs, talks, claps, nods, cries, shouts, sneezes, roars, barks, growls, howls, flickers: shakes
wiggles, rattles, shudders: shakes
sits, lies, rests, sleeps, stays, stops, poses, looks, watches, reads, smiles: stands still
thinks, parks: stands still
sits still, sits down, lies down, looks around, stares, eats, drinks, naps, relaxes: stands still
launches, blasts off, climbs, shoots up, rockets, jumps into the air: rises into the air
lands, sinks, sets, crashes, crash-lands, tumbles, slips: falls down
arrives, comes, nears, enters: comes closer
leaves, departs, disappears, vanishes, melts, escapes, fades: goes away
circles, turns, pirouettes, revolves: spins around
"""
)
"""Verbs, as one who does it is told of, and what a cut-out does in their place."""

TRAVELS = frozenset(
    (
        *(verb for verb, shown in SHOWN_AS.items() if shown == "moves to the right"),
        *listed(
            """swims, drifts, glides, flies, flutters, buzzes, surfs, floats, slides, skips, comes,
            leaves, climbs, shoots, steps, heads, turns, hops, tumbles, falls, rises, lands, dives,
            rolls, hovers, descends, ascends, escapes, disappears, vanishes, sinks"""
        ),
    )
)
"""Verbs that a direction can follow."""

NEAR_PLACES = meanings(
    """
garden, park, farm, yard, backyard, countryside, savanna, savannah, hill, hills: in a green meadow
hillside, playground, flower, flowers: in a green meadow
jungle, rainforest, tree, treetops, zoo: in a forest
bedroom, kitchen, bathroom, office, classroom, school, library, hotel, hospital, cafe: inside a room
restaurant, bar, shop, lab, laboratory, museum, attic, basement, hallway, garage: inside a room
window: inside a room
sofa, couch, floor, bed, table, ballroom, castle, gym: inside a room
club, nightclub, disco, circus, spotlight, spotlights, dancefloor, opera, arena: on a stage
moon, mars, planet, orbit, spaceship: in outer space
island, harbour, harbor, pier, palm, palms: on a sandy beach
lake, pond, river: on the open sea
mountain, mountains, rink: in a snowy landscape
bridge, motorway, market, parking, station: on a city street
"""
)
"""Places that were never learnt, by their chief word, and what comes nearest.

What has a painter today is in `painted_places`, which goes first but in films of before.
"""
