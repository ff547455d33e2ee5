"""Which function does an ability for a model family. It imports that one, and only when asked."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from engine.abilities.context import Run
from engine.errors import UnsupportedAbility
from engine.protocol.recipes import Ability

ABILITIES: Mapping[tuple[Ability, str], str] = {
    (Ability.TEXT_TO_VIDEO, "moviegen"): "engine.abilities.text_to_video",
    (Ability.TEXT_TO_IMAGE, "moviegen"): "engine.abilities.text_to_image",
    (Ability.IMAGE_TO_VIDEO, "moviegen"): "engine.abilities.image_to_video",
    (Ability.EXTEND_VIDEO, "moviegen"): "engine.abilities.extend_video",
    (Ability.RETAKE, "moviegen"): "engine.abilities.retake",
    (Ability.EDIT_VIDEO, "moviegen"): "engine.abilities.edit_video",
    (Ability.UPSCALE_VIDEO, "moviegen"): "engine.abilities.upscale_video",
    (Ability.UPSCALE_VIDEO, "enlarging"): "engine.abilities.enlarge_video",
    (Ability.TEXT_TO_STICKER, "moviegen"): "engine.abilities.text_to_sticker",
    (Ability.ANIMATE_STICKER, "moviegen"): "engine.abilities.animate_sticker",
    (Ability.VIDEO_TO_AUDIO, "moviegen"): "engine.abilities.video_to_audio",
    (Ability.TEXT_TO_AUDIO, "moviegen"): "engine.abilities.text_to_audio",
    (Ability.EXTEND_AUDIO, "moviegen"): "engine.abilities.extend_audio",
    (Ability.REWRITE_PROMPT, "moviegen"): "engine.abilities.rewrite_prompt",
    (Ability.PERSONALIZE_VIDEO, "moviegen"): "engine.abilities.personalize_video",
    (Ability.TEXT_TO_VIDEO, "animatic"): "engine.abilities.animatic",
    (Ability.TEXT_TO_IMAGE, "animatic"): "engine.abilities.animatic_still",
    (Ability.PERSONALIZE_VIDEO, "animatic"): "engine.abilities.personalize_draft",
    (Ability.TEXT_TO_STICKER, "collage"): "engine.abilities.collage",
    (Ability.ANIMATE_STICKER, "collage"): "engine.abilities.collage_loop",
    (Ability.REWRITE_PROMPT, "collage"): "engine.abilities.rewrite_prompt",
    (Ability.EDIT_VIDEO, "opticals"): "engine.abilities.opticals",
    (Ability.VIDEO_TO_AUDIO, "foley"): "engine.abilities.foley",
    (Ability.TEXT_TO_AUDIO, "foley"): "engine.abilities.foley",
    (Ability.EXTEND_AUDIO, "foley"): "engine.abilities.foley",
    (Ability.CUT_OUT, "portraits"): "engine.abilities.cut_out",
    (Ability.REWRITE_PROMPT, "animatic"): "engine.abilities.rewrite_prompt",
    (Ability.IMAGE_TO_VIDEO, "multiplane"): "engine.abilities.multiplane_stills",
    (Ability.EXTEND_VIDEO, "multiplane"): "engine.abilities.multiplane_extend",
    (Ability.RETAKE, "multiplane"): "engine.abilities.multiplane_retake",
    (Ability.INTERPOLATE_FRAMES, "multiplane"): "engine.abilities.interpolate_frames",
    (Ability.TEXT_TO_VIDEO, "wan"): "engine.abilities.wan_video",
    (Ability.TEXT_TO_IMAGE, "wan"): "engine.abilities.wan_video",
    (Ability.IMAGE_TO_VIDEO, "wan"): "engine.abilities.wan_video",
    (Ability.EXTEND_VIDEO, "wan"): "engine.abilities.wan_extend",
    (Ability.RETAKE, "wan"): "engine.abilities.wan_retake",
    (Ability.PERSONALIZE_VIDEO, "wan"): "engine.abilities.wan_person",
    (Ability.EDIT_VIDEO, "wan"): "engine.abilities.wan_edit",
}
"""(ability, ModelCard.family) -> the module whose `run` does it."""

PREWARM: tuple[str, ...] = ("torch", "engine.abilities.animatic")
"""Modules a worker imports while it waits for its first job: those of the first draft."""


def find_ability(
    ability: Ability, family: str, table: Mapping[tuple[Ability, str], str] = ABILITIES
) -> Run:
    """The function that does `ability` with models of `family`.

    Raises: UnsupportedAbility.
    """
    module = table.get((ability, family))
    if module is None:
        raise UnsupportedAbility(
            f"Models of the family {family} cannot do {ability.value} in this version.",
            "Choose another model for it.",
        )
    run: Run = import_module(module).run
    return run
