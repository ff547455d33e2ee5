"""Sound captions in the four parts that Movie Gen Audio is told, and words it does not serve.

Quality, what kinds of sound there are, what is heard, and what the music is like. The first two
play the part that a negative prompt plays elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

CAPTION_TOKENS = 96
"""Word pieces of a caption that are read; the fixed parts take about half of them."""

SOUND_QUALITY, MUSIC_QUALITY = 7.0, 8.0
"""What is asked for at inference, without music and with it (papers, D)."""

_MUSIC, _NO_MUSIC = 0.9, 0.01
_VOICES = re.compile(
    r"\b(speech|speak\w*|spoken|talk\w*|say|says|saying|said|dialog\w*|monolog\w*|narrat\w*|"
    r"voice\w*|vocal\w*|voice-?over|sing|sings|singing|singer\w*|sung|song\w*|lyric\w*|choir\w*|"
    r"rap|rapping|rapper\w*|conversation\w*|whisper\w*|shout\w*|yell\w*|announc\w*)\b",
    re.IGNORECASE,
)
_IS_MUSIC = re.compile(r"\b(music\w*|melod\w*|tune|tunes|soundtrack|score)\b", re.IGNORECASE)
_UNSAID = re.compile(r"\b(?:no|without|not any|free of)\s+(?:\w+\s+(?:or|and)\s+)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SoundWords:
    """What a sound is to be: `description` of what is heard, `music` of what is played."""

    description: str = ""
    music: str = ""
    quality: float | None = None

    @property
    def caption(self) -> str:
        """The caption as the transformer reads it."""
        quality = self.quality
        if quality is None:
            quality = MUSIC_QUALITY if self.music else SOUND_QUALITY
        likelihood = _MUSIC if self.music else _NO_MUSIC
        parts = [
            f"This audio has quality: {quality:.1f}.",
            "This audio does not contain speech. This audio does not contain vocal singing.",
            f"This audio contains music with a {likelihood:.2f} likelihood.",
        ]
        if self.description:
            parts.append(f'This audio has a description: "{self.description}".')
        if self.music:
            parts.append(f'This audio has a music description: "{self.music}".')
        return " ".join(parts)


def described(said: Sequence[str]) -> str:
    """Sounds as one description: "footsteps, an engine running and rain falling"."""
    *first, last = said or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def words_of(prompt: str) -> SoundWords:
    """What a person typed: what is heard, and after "music:", or if it is all about music, that.

    "rain on a roof; music: calm piano" asks for both.
    """
    said, marked, music = prompt.strip().rstrip(".").partition("usic:")
    if marked and said[-1:].lower() == "m":
        return SoundWords(said[:-1].strip(" ;,."), music.strip(" ;,.") or "instrumental music")
    if _IS_MUSIC.search(prompt):
        return SoundWords(music=prompt.strip().rstrip("."))
    return SoundWords(prompt.strip().rstrip("."))


def voice_word(text: str) -> str:
    """The first word that asks for speech or singing, "" if none does."""
    for found in _VOICES.finditer(text):
        if not _UNSAID.search(text[: found.start()]):
            return found.group(0)
    return ""
