"""What each tier can do and cannot, told beside the Generate panel's fields."""

from __future__ import annotations

from engine.protocol.recipes import Ability

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
HONEST_STILLS = (
    "Drafts move the still itself: what stands out does what you say (jumps, dances, walks), and a "
    "camera goes over it and what is behind. Between two stills the one moves into the other. "
    "Nothing new is drawn."
)
HONEST_LONGER = (
    "Drafts go on with the film's own last second at its full size: the camera and whoever walks "
    "keep their way, all else moves on the spot. Nothing new is drawn."
)
HONEST_RETAKE = (
    "Drafts make the range again of the film's own pictures: whoever stands out does what you say, "
    "or, without words, the cut is bridged. Nothing new is drawn."
)
HONEST_EDIT = (
    "Drafts change your own footage at its full size: weather, light, styles, and the one thing "
    "that stands out, faces, or a region that you draw. New things and places are drawn simply; "
    "they block a shot."
)
HONEST_SMOOTH = (
    "The frames in between are made of the clip's own, at its full size: what moves is moved. Its "
    "speed, length and sound stay. Cuts stay cuts; what moves too fast to be followed is soft."
)
HONEST_OF = {
    Ability.IMAGE_TO_VIDEO: HONEST_STILLS,
    Ability.EXTEND_VIDEO: HONEST_LONGER,
    Ability.RETAKE: HONEST_RETAKE,
    Ability.EDIT_VIDEO: HONEST_EDIT,
    Ability.INTERPOLATE_FRAMES: HONEST_SMOOTH,
}
"""What a draft of an ability is; of any other, as HONEST says."""
