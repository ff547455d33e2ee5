"""Prompts for sound, read as sounds that can be made: by their words, or by likeness of meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.models.foley.music import MOODS, Mood
from engine.models.foley.palette import MACHINES, MOVEMENTS, SURROUNDINGS, Bed
from engine.models.moviegen.meanings import Embed, Meanings
from engine.planning.vocabulary import Words, groups, listed

_BEDS: dict[str, Bed] = dict(SURROUNDINGS.values()) | {
    words: bed for bed, words in MACHINES.items()
}

_HEARD = groups("""
birds chirping|birdsong|birds singing|birds|chirping|forest sounds|meadow sounds
ocean waves|waves|surf|the sea|sea sounds|beach sounds
wind blowing|wind|gusts|a breeze|howling wind
city traffic|traffic|street noise|passing cars|cars passing by
crickets at night|crickets|night insects|cicadas
a deep drone|drone|spaceship hum|a humming machine|hum
bubbles under water|bubbles|underwater sounds|bubbling
quiet room tone|room tone|a quiet room|indoor silence
an applauding audience|applause|clapping crowd|cheering audience
a deep rumble|rumble|rumbling|volcano|earthquake
rain falling|rain|rainfall|drizzle|heavy rain|rain on a roof
an engine running|engine|motor|car engine|car driving
helicopter blades|helicopter|rotor|chopper
a roaring jet|jet|jet engine|rocket engine|roaring engine
water lapping|lapping water|lake water
footsteps|steps|footfalls|walking|running steps
a thud at each landing|thud|thuds|thump|impact|heavy landing
whooshes|whoosh|swish|swoosh
something rolling|rolling|rolling ball
a rising whistle|rising tone|slide whistle up
a falling whistle and a thud|falling whistle|slide whistle down
a swelling tone|swell
a fading tone|fading
a tambourine on the beat|tambourine|clapping on the beat|shaker
quick rattling|rattling|rattle
soft chimes|chimes|bells|bell|magic sparkle
""")

_OTHERS = listed("""
dog barking, cat meowing, cow mooing, horse galloping, roar of a lion, gunshot, explosion,
fireworks, glass breaking, thunder, fire crackling, campfire, baby crying, laughter, door slamming,
door creaking, knocking, phone ringing, alarm, siren, car horn, brakes screeching, keyboard typing,
pouring water, river, waterfall, sword clash, scream, heartbeat, ticking clock, train, airplane
cabin, crowd chatter, restaurant, eating, cooking, frying, sawing, hammering, drilling, camera
shutter, coins, paper, zipper, splash, splashing, growling, buzzing bee, frogs croaking
""")

_MOODS = groups("""
happy|cheerful|joyful|upbeat|funny|playful
calm|peaceful|relaxing|gentle|quiet|ambient
sad|melancholic|sorrowful|lonely
tense|suspenseful|scary|dark|thriller|horror|creepy|eerie
dreamy|magical|fairy tale|mysterious|romantic
epic|heroic|triumphant|adventurous|action
""")

_NO_MOODS = listed("piano, guitar, drums, strings, flute, orchestra, fast, slow, loud, music, song")

_SPLIT = re.compile(r"\s*(?:[,;.]|\band\b|\bwith\b|\bover\b|\bplus\b)\s*", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:a|an|the|some|of|sounds? of)\s+", re.IGNORECASE)
_KIND_OF: Mapping[str, str] = {words: kind for kind, words in MOVEMENTS.items() if kind != "engine"}
_MOOD_OF: Mapping[str, Mood] = {mood.words[0]: mood for mood in MOODS}

KNOWN = tuple(group[0] for group in _HEARD)
"""Every sound there is, in words."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a description asks for: sounds that go on, kinds of movement, and what is unknown."""

    beds: Mapping[str, Bed]
    kinds: tuple[str, ...]
    unknown: tuple[str, ...]


class SoundReader:
    """Finds sounds and moods in words."""

    def __init__(self, embed: Embed) -> None:
        self._sounds = Meanings(Words(_HEARD, _OTHERS, {}), embed)
        self._moods = Meanings(Words(_MOODS, _NO_MOODS, {}), embed)

    def sounds(self, description: str) -> Asked:
        """The sounds of a description, phrase by phrase."""
        beds: dict[str, Bed] = {}
        kinds: list[str] = []
        unknown: list[str] = []
        for phrase in self._phrases(description):
            found = self._sound(phrase)
            if found is None:
                unknown.append(phrase)
            elif found in _BEDS:
                beds[found] = _BEDS[found]
            else:
                kinds.append(_KIND_OF[found])
        return Asked(beds, tuple(dict.fromkeys(kinds)), tuple(unknown))

    def mood(self, music: str) -> Mood | None:
        """The mood that words about music name first; None where they name none."""
        words = re.findall(r"[\w-]+", music.lower())
        known = {wording: group[0] for group in _MOODS for wording in group}
        named = next((known[word] for word in words if word in known), None)
        if named is None:
            near = self._moods.nearest(music)
            named = None if near is None else known[near.wording]
        return None if named is None else _MOOD_OF[named]

    def _phrases(self, description: str) -> list[str]:
        """A description that is one known sound as a whole, or the phrases it joins."""
        whole = description.strip()
        if self._sounds.knows(whole):
            return [whole]
        return [phrase for part in _SPLIT.split(whole) if (phrase := _ARTICLE.sub("", part))]

    def _sound(self, phrase: str) -> str | None:
        canonical = {wording: group[0] for group in _HEARD for wording in group}
        near = self._sounds.nearest(phrase)
        return None if near is None else canonical[near.wording]
