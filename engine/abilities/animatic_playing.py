"""A staged film played as drafts are today: in clothes, at tables, asleep, near or from above.

`animatic_staging` says who is where with what; here is how they are, what the air is like over any
place, and what moves by itself. Roles, and things that are drawn by hand, are read in plain names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from engine.abilities.animatic_cast import Acting, Cast
from engine.abilities.animatic_effects import BURNS, effects_of, season_told, time_of, weather_of
from engine.abilities.animatic_poses import is_someone, posed
from engine.abilities.animatic_staging import staged_of
from engine.abilities.animatic_troupe import apart
from engine.models.animatic.air import Air
from engine.models.animatic.place import PLAIN, setting_named
from engine.models.animatic.troupe import MOST
from engine.models.moviegen.nouns import article
from engine.models.moviegen.places import placed
from engine.models.moviegen.rewriting import Clause, Rewriter
from engine.planning.figures import WAVE
from engine.planning.painted_places import AUTUMN_FROM_ABOVE, FROM_ABOVE, SEA, WORKPLACES
from engine.planning.plain_names import clothes_told, drawn_by_hand, read_plainly
from engine.planning.set_pieces import Behind, Beside, InSky, Piece, Under

NEAR = "near"
_FIREWORKS = re.compile(
    r"(?:the |some |colou?rful |bright )*fireworks?\b(?P<rest>.*)", re.IGNORECASE
)
_FALLING = re.compile(
    r"(?:the |some |autumn |golden |dry |cherry )*(?:leaves|petals|blossoms|confetti) (?:are |is )?"
    r"(?:fall|drift|flutter|float|rain|swirl)\w*\b(?P<rest>.*)",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"\b(?:drone|aerial|bird's[- ]eye|top[- ]?down|overhead|from above|helicopter)\b", re.IGNORECASE
)
_CLOSE = re.compile(
    r"\b(?:close-?ups?|close up|macro|vlogger|portrait|interview\w*"
    r"|(?:talk|speak|look|smil)\w* (?:in)?(?:to|at) (?:the )?(?:camera|lens))\b",
    re.IGNORECASE,
)
_BUSY = re.compile(r"\b(?:busy|crowded|bustling|packed)\b", re.IGNORECASE)
_OVER_CITY = "in the city at night"
_LAWN, _STREET, _ROOM = "in a green meadow", "on a city street", "inside a room"
_PASSERS = "woman standing", "man standing", "person standing"


def played_of(clause: Clause, said: str, rewriter: Rewriter) -> Cast:
    """Who acts in a clause, as it was read in plain names, of a prompt that was `said`."""
    of_fire = _FIREWORKS.match(said.strip())
    if of_fire is not None:
        return _fireworks(clause, of_fire["rest"], said, rewriter)
    falls = _FALLING.match(said.strip())
    if falls is not None:
        return _alone(clause, falls["rest"], said, rewriter)
    cast = staged_of(clause, read_plainly(said), rewriter)
    if cast.actors is None and _HUMAN.search(said):
        cast = _by_somebody(clause, cast, said, rewriter)
    if cast.actors is None:
        return cast
    cast = _in_air(_by_hand(cast, drawn_by_hand(said)), said)
    if BURNS.search(said) and any(isinstance(piece, Behind) for piece in cast.pieces):
        cast = replace(cast, pieces=(*cast.pieces, Beside("fire", count=2)))
    if not cast.actors:
        return _from_above(replace(cast, effects=effects_of(cast, said)), said)
    if cast.actors[0].label == "droplet" and "on glass" in effects_of(cast, said):
        return replace(cast, actors=(), framing=NEAR, effects=effects_of(cast, said))
    cast = posed(_at_home(cast, said), said)
    cast = _dressed(cast, said)
    cast = _among_others(cast, said)
    cast = replace(cast, effects=effects_of(cast, said))
    if "sparks" in cast.effects and cast.action == "stand":
        cast = replace(cast, action="flicker")
    if _CLOSE.search(said):
        cast = replace(cast, framing=NEAR, shown=(*cast.shown, "close"))
    return cast


def _by_somebody(clause: Clause, guess: Cast, said: str, rewriter: Rewriter) -> Cast:
    """What only people do, done by a person in the place of whoever cannot be found."""
    who = clause.name.partition(" with ")[0]
    cast = staged_of(replace(clause, article="a", name="person"), read_plainly(said), rewriter)
    note = f"No {who} is in the library; a person stands in."
    return guess if cast.actors is None else replace(cast, notes=(note, *cast.notes))


_HUMAN = re.compile(
    r"\b(?:talk|speak|smil|laugh|read|writ|cook|teach|sing|type|typ|paint|explain|present|work|sell"
    r"|repair|wear|hold|drink|act|perform|record|interview|wav)(?:s|es|ing)?\b",
    re.IGNORECASE,
)


def _fireworks(clause: Clause, rest: str, said: str, rewriter: Rewriter) -> Cast:
    """Fireworks alone, over a place or a city."""
    setting = placed(f"in {rest}", rewriter.vocabulary.places) if rest.strip() else None
    named = setting_named(setting or "")
    if setting is None or named in (None, PLAIN, "street", "sky"):
        setting = _OVER_CITY
    there = Clause("", "the place", "", setting, clause.camera)
    cast = Cast(there, (), (), air=apart(Air("night", weather_of(said)), setting))
    return replace(cast, effects=effects_of(cast, said))


def _alone(clause: Clause, rest: str, said: str, rewriter: Rewriter) -> Cast:
    """What falls by itself over a place, or a park, that nobody is in."""
    setting = placed(f"in {rest}", rewriter.vocabulary.places) if rest.strip() else None
    if setting is None or setting_named(setting) in (None, PLAIN):
        setting = "in a park"
    there = Clause("", "the place", "", setting, clause.camera)
    season = season_told(said) or ("autumn" if "leaves" in said.lower() else "")
    air = replace(apart(Air(time_of(said), weather_of(said)), setting), season=season)
    cast = Cast(there, (), (), air=air)
    return replace(cast, effects=effects_of(cast, said))


def _by_hand(cast: Cast, drawn: dict[str, str]) -> Cast:
    """A cast with what is drawn by hand in the place of what it was read as."""
    if not drawn:
        return cast

    def acting(actor: Acting) -> Acting:
        held = actor.held
        if held is not None:
            held = replace(held, label=drawn.get(held.label, held.label))
        label, name = (drawn.get(each, each) for each in (actor.label, actor.name))
        return replace(actor, label=label, name=name, held=held)

    pieces = tuple(_renamed(piece, drawn.get) for piece in cast.pieces)
    actors = tuple(map(acting, cast.everybody))
    notes = tuple(f"Shown as {article(label)}." for label in drawn.values())
    return replace(cast, actors=actors, pieces=pieces, notes=(*cast.notes, *notes))


def _renamed(piece: Piece, to: Callable[[str, str], str]) -> Piece:
    if isinstance(piece, Under):
        return replace(piece, name=to(piece.name, piece.name))
    return replace(piece, label=to(piece.label, piece.label))


def _in_air(cast: Cast, said: str) -> Cast:
    """A cast under the time, the weather and the season that are told, wherever it came to be."""
    setting, first = cast.clause.setting, next(iter(cast.everybody), None)
    if first is not None and first.label == WAVE and setting_named(setting) in ("rain", PLAIN):
        setting = SEA
    air = Air(time_of(said), weather_of(said), season_told(said))
    if setting_named(setting) == PLAIN and air != Air() and cast.actors:
        setting = _STREET if air.weather == "wet" else _LAWN
    pieces = cast.pieces
    if air.time == "night":  # the sky is full of them
        pieces = tuple(p for p in pieces if not (isinstance(p, InSky) and "star" in p.label))
    there = replace(cast.clause, setting=setting)
    whole = replace(apart(air, setting), season=air.season)
    return replace(cast, clause=there, air=whole, pieces=pieces)


def _at_home(cast: Cast, said: str) -> Cast:
    """Who has a trade in the place of it, where none is told; and waves as high as they break."""
    first, *others = cast.everybody
    if first.label == WAVE and setting_named(cast.clause.setting) == "sea":
        grown = tuple(replace(each, scale=_BREAKERS * each.scale) for each in (first, *others))
        return replace(cast, actors=grown, lift=_IN_WATER)
    if setting_named(cast.clause.setting) != PLAIN:
        return cast
    trade = first.name.removeprefix("woman ").removeprefix("man ")
    if _CLOSE.search(said) and is_someone(first):
        return replace(cast, clause=replace(cast.clause, setting=_ROOM))
    home = next((place for rule, place in _CUES if rule.search(said)), WORKPLACES.get(trade))
    if home is None:
        return cast
    there = replace(cast.clause, setting=home)
    note = f"No place is told, so it is shown {home}."
    return replace(cast, clause=there, notes=(*cast.notes, note))


_BREAKERS, _IN_WATER = 1.6, 0.02
"""How much larger waves are at sea than at a shore, and how far up."""
_CUES = tuple(
    (re.compile(rf"\b(?:{said})\b", re.IGNORECASE), place)
    for said, place in (
        (r"bedtime|goes to bed|wakes? up|pillows?|pyjamas|pajamas|alarm", "in a bedroom"),
        (r"picnic|jogg\w+|frisbee", "in a park"),
        (r"barbecue|bbq|garden\w*|plants? (?:a )?(?:tree|seeds?|flowers?)", "in a garden"),
        (r"meeting|presentation|conference|colleagues?|laptop", "in an office"),
        (r"concert|audience|microphone|applause|encore", "on a stage"),
        (r"christmas|birthday|television|tv|video games?|knit\w*|unwrap\w*", "inside a room"),
        (r"dinner|breakfast|cook\w*|bak(?:es?|ing)|dish(?:es)?", "in a kitchen"),
        (r"shower|teeth|bath", "in a bathroom"),
        (r"lift\w* weights?|work\w* out|push-ups?|treadmill", "in a gym"),
        (r"hitch\w*|road ?trip|highway", "on a country road"),
        (r"skateboard\w*|protest\w*|parade|graffiti|taxi|traffic", "on a city street"),
    )
)
"""Words of a sentence without a place that say where it is."""


def _from_above(cast: Cast, said: str) -> Cast:
    """A view that a drone has of a place, flying on."""
    named = setting_named(cast.clause.setting) or ""
    if not _ABOVE.search(said) or named not in FROM_ABOVE:
        return cast
    setting = FROM_ABOVE[named]
    is_wood = setting == FROM_ABOVE["forest"]
    at_night = setting == FROM_ABOVE["street"] and cast.air.time == "night"
    if at_night or setting == FROM_ABOVE["night_city"]:
        setting, cast = FROM_ABOVE["night_city"], replace(cast, air=Air(weather=cast.air.weather))
    if is_wood and cast.air.season == "autumn":
        setting = AUTUMN_FROM_ABOVE
    camera = cast.clause.camera if cast.clause.camera != "zoom in" else ""
    there = replace(cast.clause, setting=setting, camera=camera or "tilt up")
    shown = (*cast.shown, "drone", "aerial", "bird")
    return replace(cast, clause=there, air=replace(cast.air, season=""), shown=shown)


def _dressed(cast: Cast, said: str) -> Cast:
    """Whoever is in front in the clothes that are told."""
    clothes, (first, *others) = clothes_told(said), cast.everybody
    if clothes is None or not is_someone(first):
        return cast
    actors = (replace(first, clothes=clothes), *others)
    return replace(cast, actors=actors, notes=(*cast.notes, f"Dressed in {clothes.colour}."))


def _among_others(cast: Cast, said: str) -> Cast:
    """A cast with passers-by where a place is said to be busy."""
    actors = cast.everybody
    first = actors[0]
    if not _BUSY.search(said) or len(actors) > 2 or not is_someone(first):
        return cast
    others = [
        Acting(label, name=label.partition(" ")[0], is_aside=True)
        for label in _PASSERS
        if label != first.label
    ]
    return replace(cast, actors=(*actors, *others[: min(3, MOST - len(actors))]))
