"""Where stickers go, and what each place takes. A limit in KB is read as 1000 bytes a KB, the
smaller of its two meanings, so that a file passes whichever one a platform counts by.

Where each limit was read is in docs/stickers.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

KB = 1000


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of file and its limits. None is no limit; `side` None keeps the clip's own size.

    `square` asks for exactly side × side. `may_shrink` allows a smaller picture as the last
    resort. `max_bytes` bounds the file.
    """

    name: str
    label: str
    suffixes: tuple[str, ...]
    side: int | None = None
    square: bool = False
    max_bytes: int | None = None
    max_seconds: Fraction | None = None
    max_rate: Fraction | None = None
    max_frames: int | None = None
    may_shrink: bool = False

    @property
    def limits(self) -> str:
        """The limits in a line."""
        facts: list[str] = []
        if self.side is not None:
            facts.append(f"{self.side} × {self.side} px" if self.square else f"{self.side} px")
        if self.max_bytes is not None:
            facts.append(f"at most {self.max_bytes // KB} KB")
        if self.max_seconds is not None:
            facts.append(f"{self.max_seconds} s")
        if self.max_rate is not None and self.max_rate < 100:
            facts.append(f"{self.max_rate} frames a second")
        if self.max_frames is not None:
            facts.append(f"{self.max_frames} frames")
        return " · ".join(facts) if facts else "any size and length"


TELEGRAM = Target(
    "telegram", "Telegram", (".webm",), 512, max_bytes=256 * KB, max_seconds=Fraction(3),
    max_rate=Fraction(30),
)  # fmt: skip
TELEGRAM_STILL = Target("telegram", "Telegram, still", (".webp", ".png"), 512, max_bytes=512 * KB)
WHATSAPP = Target(
    "whatsapp", "WhatsApp", (".webp",), 512, True, 500 * KB, Fraction(10), Fraction(125)
)
WHATSAPP_STILL = Target("whatsapp", "WhatsApp, still", (".webp",), 512, True, 100 * KB)
DISCORD = Target("discord", "Discord", (".png", ".apng", ".gif"), 320, True, 512 * KB, Fraction(5))
DISCORD_STILL = Target("discord", "Discord, still", (".png", ".apng"), 320, True, 512 * KB)
SLACK = Target(
    "slack", "Slack emoji", (".gif",), 128, True, 128 * KB, max_frames=50, may_shrink=True
)
SLACK_STILL = Target(
    "slack", "Slack emoji, still", (".png", ".gif"), 128, True, 128 * KB, may_shrink=True
)

MOVING = {each.name: each for each in (TELEGRAM, WHATSAPP, DISCORD, SLACK)}
STILL = {each.name: each for each in (TELEGRAM_STILL, WHATSAPP_STILL, DISCORD_STILL, SLACK_STILL)}
PLATFORMS = tuple(MOVING)
ANY = Target("any", "Any size", (".webp", ".png", ".apng", ".gif", ".webm"), may_shrink=True)


def target_for(platform: str | None, *, moving: bool) -> Target:
    """The limits of a platform for a clip that moves or not; none of them without a platform.

    Raises:
        KeyError: there is no such platform.
    """
    if platform is None:
        return ANY
    return (MOVING if moving else STILL)[platform]
