"""What is seen of a film, or asked for in words, told to the sound model as it learnt it.

It is told what foley would lay: the sounds in the words of its own captions, and when they are
struck. Words replace what is seen, sound for sound; what it never learnt it is told as typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from engine.abilities.context import JobContext
from engine.abilities.foley_seen import NOTHING, Seen, in_words
from engine.abilities.sound_words import load_words
from engine.catalogue import Entry
from engine.models.moviegen.audio_pipeline import SoundRequest
from engine.models.moviegen.cues import CUED, cues_of
from engine.models.moviegen.sound_captions import SoundWords, described

_ABSENT = re.compile(r"^(?:no|without|not any|free of)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be heard: in the words of a caption, and the moments of what is struck."""

    words: SoundWords
    moments_s: tuple[float, ...]

    def asked_of(self, request: SoundRequest) -> SoundRequest:
        """A request for it."""
        return replace(request, words=self.words, cues=cues_of(self.moments_s, request.length))


def told_of(seen: Seen, words: SoundWords) -> Told:
    """What is seen, in words, under the music that was asked for."""
    moments_s = {
        at_s for kind, times_s in seen.sheet.movements.items() if kind in CUED for at_s in times_s
    }
    description = described(tuple(reversed(seen.told)))
    return Told(replace(words, description=description), tuple(sorted(moments_s)))


def told_with_words(
    seen: Seen,
    words: SoundWords,
    seed: int,
    length_s: float,
    entry: Entry,
    context: JobContext,
) -> Told:
    """What is seen with what words say in its place; a note where they say what it never learnt."""
    if not words.description:
        return told_of(seen, words)
    asked = load_words(entry, context).sounds.sounds(words.description)
    sheet, phrases = in_words(seen, asked, seed, length_s)
    unknown = [phrase for phrase in asked.unknown if not _ABSENT.match(phrase)]
    if unknown:
        context.note(
            f'The sound model never learnt "{", ".join(unknown)}": what comes of it is a guess.'
        )
    return told_of(replace(seen, sheet=sheet, told=(*phrases, *reversed(unknown))), words)


def told_in_words(
    words: SoundWords, seed: int, length_s: float, entry: Entry, context: JobContext
) -> Told:
    """What words alone ask for; what moves does so in its usual rhythm."""
    return told_with_words(NOTHING, words, seed, length_s, entry, context)
