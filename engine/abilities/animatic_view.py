"""Views of a place that nobody is in: "drone shot over mountains", "a foggy forest", "clouds drift

over the city".
"""

from __future__ import annotations

import re
from dataclasses import replace

from engine.abilities.animatic_cast import Acting, Cast
from engine.abilities.animatic_movement import movement_of
from engine.abilities.animatic_troupe import apart
from engine.models.animatic.air import Air
from engine.models.animatic.place import setting_named
from engine.models.art import label_of, named_in
from engine.models.moviegen.air_words import time_told, weather_told, without_air
from engine.models.moviegen.places import placed
from engine.models.moviegen.rewriting import Clause, Rewriter
from engine.planning.painted_places import INDOORS
from engine.planning.set_pieces import LARGE, Behind, Piece

_VIEW = re.compile(
    r"(?:an? |the )?(?P<how>(?:(?:aerial|drone|establishing|exterior|wide|extreme|long|panoramic"
    r"|slow|fast|cinematic|static|beautiful|time-?lapse|time lapse|hyperlapse|bird's[- ]eye"
    r"|overhead|sweeping|tracking|flyover|helicopter)[ -]*)+)"
    r"(?:shot|view|footage|panorama|clip|video|pass)?s?,? ?(?:(?:fly|mov|glid|look)ing )?"
    r"(?:of|over|across|above|through|along|around|at|down on) (?P<of>.+)",
    re.IGNORECASE,
)
_FLOWN = re.compile(r"\b(?:aerial|drone|flying|sweeping|flyover|helicopter)\b", re.IGNORECASE)
_LAPSE = re.compile(r"\b(?:time-?lapse|time lapse|hyperlapse)\b", re.IGNORECASE)
_CLOUDS = re.compile(r"\b(?:the |some )?clouds?\b", re.IGNORECASE)
_SKYLINE = re.compile(r"\b(?:skyline|cityscape)\b", re.IGNORECASE)
_THING = re.compile(r" (?:at|in|on|with|by|under|during|over|from) ")
_STREET = "on a city street"
_DRIFTING = (Acting("cloud", scale=0.5, name="cloud"),) * 3
_CLOUDS_UP = 0.46


def view_of(clause: Clause, said: str, rewriter: Rewriter) -> Cast | None:
    """What a prompt that was `said` shows of a place alone; None where it is of somebody."""
    places = rewriter.vocabulary.places
    match = _VIEW.match(said.strip())
    if match is None and clause.action and movement_of(clause.action) not in (None, "stand"):
        return None
    of = match["of"] if match else f"{clause.name} {clause.setting}"
    thing = _THING.split(of, maxsplit=1)[0] if match else clause.name
    chief = (without_air(thing).lower().split() or [""])[-1]
    if match is None and not _is_place(chief, thing, rewriter):
        return None
    below = without_air(_CLOUDS.sub("", _SKYLINE.sub("city", of)))
    setting = placed(f"in {below}", places) or placed(f"in {of}", places)
    if setting is None or setting_named(setting) is None:
        return None
    pieces = _from_outside(chief, setting) if match else ()
    camera = clause.camera or ("zoom in" if _FLOWN.search(said) else "")
    told = Clause("", "the place", "", _STREET if pieces else setting, camera)
    air = apart(Air(time_told(said), weather_told(said)), told.setting)
    nobody = Cast(told, (), (), air=air, pieces=pieces)
    if _CLOUDS.search(thing) or _LAPSE.search(said):
        return replace(nobody, actors=_DRIFTING, action="fly_right", lift=_CLOUDS_UP)
    return nobody


def _is_place(chief: str, thing: str, rewriter: Rewriter) -> bool:
    """Whether a thing is a place by its chief word, and nothing of the library stands for more."""
    if _SKYLINE.search(thing):
        return True
    named = named_in(thing)
    is_stood_in = named is None or chief in named.noun
    return chief in rewriter.vocabulary.places and is_stood_in


def _from_outside(chief: str, setting: str) -> tuple[Piece, ...]:
    """The building that a place is in, where the library has one."""
    named = named_in(chief)
    if named is None or setting_named(setting) not in INDOORS:
        return ()
    label = label_of(named.noun)
    return (Behind(label),) if label in LARGE else ()
