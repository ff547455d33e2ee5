"""What each tier can do and cannot, told beside the Generate panel's fields."""

from __future__ import annotations

TIERS = (("draft", "Draft"), ("local", "This GPU"), ("server", "GPU server"))
HONEST = {
    "draft": "Draft models make small cartoon animatics: a subject, a place, one action. Good "
    "enough to block a film; not photoreal, no dialogue, no readable text.",
    "local": "Open models on this machine's GPU. They are downloaded once; the plan says how much.",
    "server": "The same models on your own server. Only what a shot needs is uploaded.",
}
HONEST_SOUND = (
    "Draft sound is synthetic: noises and simple music, good enough to feel a cut. No speech, no "
    "singing. What follows “music:” is played."
)
HONEST_EDIT = (
    "Drafts change your own footage at its full size: weather, light, styles, and the one thing "
    "that stands out, faces, or a region that you draw. New things and places are drawn simply; "
    "they block a shot."
)
