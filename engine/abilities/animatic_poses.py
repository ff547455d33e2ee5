"""How those are who act in a played film: seated, lying down, behind a table, after a ball."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.abilities.animatic_cast import ASLEEP, DOWN, Acting, Cast, Holding
from engine.models.animatic.layers import MARGIN
from engine.models.animatic.place import PLAIN, setting_named
from engine.models.poses_made import WIDE
from engine.planning.bodies import DOLLS, body_of
from engine.planning.figures import is_person, is_somebody, person_doing
from engine.planning.painted_places import INDOORS
from engine.planning.set_pieces import (
    AT_FEET,
    RIDDEN,
    SEAT_HIGH,
    VEHICLES,
    Beside,
    Piece,
    Under,
    name_of,
    size_of,
    top_of,
)


def _rule(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_UPRIGHT = _rule(
    r"stand\w*|jump\w*|leap\w*|walk\w*|danc\w*|run\w*|skat\w*|climb\w*|hop\w*|rid\w*|balanc\w*"
)
_SLEEPS = _rule(r"sleep\w*|asleep|naps?|napping|doz\w+|snooz\w+|snor\w+")
_LIES = _rule(r"lies|lie|lying|rests?|resting|curl\w* up|sunbath\w+|lounge?s?|lounging")
_AT_WORK = _rule(
    r"chop\w*|cuts?|cutting|slic\w+|cooks?|cooking|bak(?:es?|ing)|knead\w*|mix(?:es|ing)|stir\w*"
    r"|pour\w*|prepar\w+|decorat\w+|ic(?:es|ing)|writ(?:es?|ing)|typ(?:es?|ing)|stud(?:y|ies|ying)"
    r"|work(?:s|ing)? (?:at|on)|blow\w* out|microscope|examin\w+|repair\w*|sews?|sewing|sketch\w*"
    r"|paints|wraps?|wrapping|play\w* (?:chess|cards|(?:the |a )?piano)|pianist|keyboard"
    r"|(?:eat|hav)\w* (?:dinner|breakfast|lunch|supper|a meal)|dines?|dining"
    r"|(?:shares?|sharing|enjoy\w*) (?:a )?(?:meal|dinner|breakfast|lunch|pizza)"
)
_SELLS = _rule(r"sells?|selling|vendor|stall")
_TABLES = _rule(r"(?:at|behind) (?:an? |the |his |her |their )?(?:[\w-]+ )?"
                r"(?:table|desk|counter|bar|workbench|piano)")  # fmt: skip
_ON_WALL = _rule(r"on (?:the |a )?(?:black|white|chalk)?(?:board|wall)")
_PUSHES = _rule(r"push(?:es|ing)?|pull(?:s|ing)?|wheel(?:s|ing)?")
_BREATHES = _rule(r"(?:breath\w*|spit\w*|blow\w*) fire")
_TOUCH = _rule(r"shak\w+ hands|hug\w*|embrac\w+|kiss\w*|cuddl\w+|high[- ]fiv\w+|hold\w* hands"
               r"|hand in hand|arm in arm|whisper\w*|side by side|waltz\w*"
               r"|(?:couple|groom) danc\w+")  # fmt: skip
_KICKS = _rule(r"kick\w*|dribbl\w+|play\w* (?:football|soccer)|shoots")
_USUAL = (
    (_rule(r"chop\w*|cuts?|cutting|slic\w+"), "kitchen knife"),
    (_rule(r"work\w*|typ(?:es?|ing)|office|stud\w+"), "laptop"),
    (_rule(r"writ\w+"), "open book"),
    (_rule(r"cook\w*|stir\w*"), "pot of food"),
    (_rule(r"piano|pianist|keyboard"), "musical keyboard"),
    (_rule(r"microscope"), "microscope"),
    (_rule(r"eat\w*|din\w+|meal|breakfast|lunch|supper"), "fork and knife with plate"),
    (_rule(r"pour\w*"), "hot beverage"),
    (_rule(r"bak(?:es?|ing)|knead\w*"), "bread"),
    (_rule(r"sew\w*"), "thread"),
    (_rule(r"chess"), "chess pawn"),
    (_rule(r"paints|sketch\w*"), "artist palette"),
)
"""What is on a table of which nothing else is told."""
_MOST_THINGS, _SMALL, _LONG = 3, 0.21, 2.0
_SOFT = frozenset(("sofa", "bench", "bed"))


def posed(cast: Cast, said: str) -> Cast:
    """A cast as its prompt `said` they are."""
    for pose in (_on_table, _behind_table, _lying, _seated, _going, _driven, _close, _with_fire):
        cast = pose(cast, said)
    return cast


def is_someone(actor: Acting) -> bool:
    """Whether somebody is a person, who has clothes, sits on seats and works at tables."""
    return is_person(actor.name) or actor.name in DOLLS


def _doing(actor: Acting, doing: str) -> Acting:
    """Somebody as they are drawn standing, walking or running."""
    if actor.name in DOLLS:
        return replace(actor, label=f"{actor.name} {doing}")
    figure = person_doing(actor.name, doing)
    return replace(actor, label=figure.label, head=figure.head)


def _behind_table(cast: Cast, said: str) -> Cast:
    """Whoever works at something behind a table with it, which is neither held nor stood on."""
    actors = cast.everybody
    first = actors[0]
    if not is_someone(first) or (first.held is not None and first.held.label in RIDDEN):
        return cast
    named = setting_named(cast.clause.setting)
    is_inside = named in INDOORS or named in ("room", PLAIN, "stage")
    about = any(size_of(name_of(p)) >= _SMALL and name_of(p) not in SEAT_HIGH for p in cast.pieces)
    is_inside = is_inside and not about and not _ON_WALL.search(said)
    works = is_inside and _AT_WORK.search(said) is not None
    sells = _SELLS.search(said) is not None
    small = [p for p in cast.pieces if _is_small(p)]
    stood_on = any(isinstance(piece, Under) for piece in small)
    told = _TABLES.search(said) is not None
    if not (works or sells or stood_on or told):
        return cast
    kept = tuple(p for p in cast.pieces if p not in small and name_of(p) not in ("table", "chair"))
    things = [] if first.held is None else [first.held.label]
    things += [name_of(piece) for piece in small if name_of(piece) not in things]
    usual = [thing for rule, thing in _USUAL if rule.search(said) and thing not in things]
    if len(things) < 2:
        things += usual[: 2 - len(things)]
    wide = _LONG if len(actors) > 1 else 1.0
    on_it = tuple(things[:_MOST_THINGS])
    scale = first.scale * max(1.0, WIDE * wide)  # art is as large as its longer side
    at_it = replace(first, held=None, on_table=on_it, table_wide=wide, scale=scale)
    lift = cast.lift if any(isinstance(piece, Under) for piece in kept) else 0.0
    cast = replace(cast, actors=(at_it, *actors[1:]), pieces=kept, lift=lift, action="stand")
    return _on_feet(replace(cast, is_close=len(actors) > 1 and all(map(is_someone, actors))))


def _is_small(piece: Piece) -> bool:
    """Whether a piece is something that stands on a table."""
    name = name_of(piece)
    is_low = isinstance(piece, Beside | Under) and name not in SEAT_HIGH
    return is_low and size_of(name) < _SMALL and not is_somebody(name)


def _on_feet(cast: Cast) -> Cast:
    """A cast whose first stands: a table hides what they sit on."""
    first, *others = cast.everybody
    if first.label.endswith((" seated", " in lotus position")):
        first = _doing(first, "standing")
    return replace(cast, actors=(first, *others))


def _lying(cast: Cast, said: str) -> Cast:
    """Whoever sleeps or rests lies; people in a bed are drawn so."""
    asleep = _SLEEPS.search(said) is not None
    if not asleep and not _LIES.search(said):
        return cast
    how = ASLEEP if asleep else DOWN
    seat = next((piece for piece in cast.pieces if isinstance(piece, Under)), None)
    in_bed = seat is None or seat.name == "bed"
    actors = [_laid(actor, how, in_bed=in_bed and asleep) for actor in cast.everybody]
    pieces = cast.pieces
    lift = cast.lift
    if any(actor.label.endswith(" in bed") for actor in actors) and seat is not None:
        pieces, lift = tuple(piece for piece in pieces if piece is not seat), 0.0
    elif seat is not None:
        lift = top_of(seat.name) * MARGIN
    return replace(cast, actors=tuple(actors), pieces=pieces, lift=lift, action="stand")


def _laid(actor: Acting, how: str, *, in_bed: bool) -> Acting:
    if actor.is_aside or not is_somebody(actor.name):
        return actor
    if not is_someone(actor):
        return replace(actor, lies=how)
    if in_bed and actor.name not in DOLLS:
        return actor
    return replace(_doing(actor, "standing"), lies=how)


def _seated(cast: Cast, said: str) -> Cast:
    """Whoever is on a seat and not said to stand there sits, side by side; in a boat they row."""
    actors = cast.everybody
    first = actors[0]
    seat = next((piece for piece in cast.pieces if isinstance(piece, Under)), None)
    if not is_someone(first) or first.lies or first.on_table is not None:
        return cast
    if seat is not None and seat.name in _BOATS and is_person(first.name):
        figure = person_doing(first.name, "rowing boat")
        pieces = tuple(piece for piece in cast.pieces if piece is not seat)
        first = replace(first, label=figure.label, head=None, scale=1.0)
        return replace(cast, actors=(first, *actors[1:]), pieces=pieces, lift=0.0)
    if seat is not None and seat.name == _WHEELCHAIR and is_person(first.name):
        grown = person_doing(first.name, "standing").label.removesuffix(" standing")
        pieces = tuple(piece for piece in cast.pieces if piece is not seat)
        first = replace(first, label=f"{grown} in {_WHEELCHAIR}", head=None)
        action = "right" if cast.action in ("roll", "right") else "stand"
        return replace(cast, actors=(first, *actors[1:]), pieces=pieces, lift=0.0, action=action)
    inside = setting_named(cast.clause.setting) in ("room", "bedroom")
    if seat is None and inside and _AT_EASE.search(said) and len(actors) == 1:
        seat = Under("sofa")
        lift = top_of(seat.name) * MARGIN
        cast = replace(cast, pieces=(*cast.pieces, seat), lift=lift, action="stand")
    if seat is None or seat.name not in SEAT_HIGH or seat.name == "table":
        return cast
    if cast.action != "stand" or _UPRIGHT.search(said):
        return cast
    seated = tuple(map(_on_seat, actors))
    are_all = len(seated) > 1 and all(actor.label.endswith(" seated") for actor in seated)
    return replace(cast, actors=seated, is_close=are_all)


def _on_seat(actor: Acting) -> Acting:
    figure = body_of(actor.name, "sits") if is_someone(actor) and not actor.is_aside else None
    return actor if figure is None else replace(actor, label=figure.label, head=figure.head)


_WHEELCHAIR = "manual wheelchair"
_BOATS = frozenset(("sailboat", "canoe", "speedboat", "motor boat"))
_AT_EASE = _rule(r"knit\w*|reads|reading|watch\w* (?:tv|television|a film|a movie)|video games?")


def _going(cast: Cast, said: str) -> Cast:
    """Whoever kicks a ball runs after it, and whoever pushes something walks."""
    first, *others = cast.everybody
    kicks, pushes = _KICKS.search(said), _PUSHES.search(said)
    ahead = next((p for p in cast.pieces if isinstance(p, Beside) and p.label in AT_FEET), None)
    if pushes and first.held is None and ahead is not None:
        first = replace(first, held=Holding(ahead.label, ahead.colour))
        cast = replace(cast, pieces=tuple(piece for piece in cast.pieces if piece is not ahead))
    pushes = pushes and first.held is not None
    if not (kicks or pushes) or not is_someone(first) or cast.action != "stand":
        return cast
    first = _doing(first, "running" if kicks else "walking")
    return replace(cast, actors=(first, *others), action="right")


def _driven(cast: Cast, said: str) -> Cast:
    """A vehicle that does something drives, but one that stands."""
    first = cast.everybody[0]
    named = next((p for p in cast.pieces if isinstance(p, Beside) and p.label in VEHICLES), None)
    if first.label in VEHICLES and named is not None and not _ANOTHER.search(said):
        first = replace(first, label=named.label, colour=named.colour or first.colour)
        pieces = tuple(piece for piece in cast.pieces if piece is not named)
        cast = replace(cast, actors=(first, *cast.everybody[1:]), pieces=pieces)
    if first.label not in VEHICLES or cast.action != "stand" or not cast.clause.action:
        return cast
    return cast if _PARKED.search(said) or cast.lift else replace(cast, action="right")


_ANOTHER = _rule(r"next to|beside|past|behind|by|near|in front of|overtak\w+|chas\w+|follow\w*")
_PARKED = _rule(r"park(?:s|ed|ing)|stand\w*|stops?|stopp\w+|wait\w*|burn\w*|is|sits?|break\w* down")


def _close(cast: Cast, said: str) -> Cast:
    """Those who touch each other stand close."""
    if len(cast.everybody) != 2 or not _TOUCH.search(said):
        return cast
    action = "stand" if cast.action == "shake" else cast.action
    return replace(cast, is_close=True, action=action)


def _with_fire(cast: Cast, said: str) -> Cast:
    """Whoever breathes fire has it at the mouth."""
    first, *others = cast.everybody
    if not _BREATHES.search(said):
        return cast
    pieces = tuple(piece for piece in cast.pieces if name_of(piece) != "fire")
    return replace(cast, actors=(replace(first, held=Holding("fire")), *others), pieces=pieces)


def _on_table(cast: Cast, said: str) -> Cast:
    """A small thing that is shown indoors stands on a table there."""
    first = cast.everybody[0]
    is_thing = not (is_somebody(first.name) or is_someone(first)) and size_of(first.label) < _SMALL
    is_inside = setting_named(cast.clause.setting) in INDOORS | {"room"}
    has_seat = any(isinstance(piece, Under) for piece in cast.pieces)
    if not is_thing or not is_inside or has_seat or cast.action != "stand" or cast.lift:
        return cast
    if _HELD_UP.search(said):
        return cast
    pieces = tuple(p for p in cast.pieces if not isinstance(p, Beside) or name_of(p) != "table")
    actors = tuple(replace(each, scale=_ON_TABLE * each.scale) for each in cast.everybody)
    lift = top_of("table") * MARGIN
    return replace(cast, actors=actors, pieces=(*pieces, Under("table")), lift=lift)


_ON_TABLE = 0.5
"""How large what stands on a table is, of what stands alone."""
_HELD_UP = _rule(r"on (?:the )?(?:floor|ground|wall|ceiling)|hang\w*|roll\w*|bounc\w*|fall\w*")
