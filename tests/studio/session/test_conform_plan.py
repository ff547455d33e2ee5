"""What a conform would do: which model, which shape, what is made already, and what must stay."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from engine.protocol.models import ModelCard
from engine.protocol.recipes import Ability, AdapterRef, InputAsset, InputRole, Recipe, Sampler
from studio.document.edits.nest import nest
from studio.document.edits.takes import add_take
from studio.document.edits.tracks import lock_track
from studio.document.model.asset import Asset
from studio.document.model.clip import Clip
from studio.document.model.generated import GeneratedMedia, Take
from studio.document.model.project import Project
from studio.document.time import ZERO
from studio.session.conform_chain import depends_on, resolved, survey
from studio.session.conform_plan import Shot, Target, remade
from studio.session.conform_swap import keep_take, swapped
from studio.session.recipes import stored
from tests.fakes.engine_client import POCKET
from tests.studio.document.films import ASSET, RATE, clip, clips, film, track

BIG = msgspec.structs.replace(
    POCKET,
    id="big",
    title="Big",
    tier="local",
    weights_sha256="b" * 64,
    rules=msgspec.structs.replace(
        POCKET.rules,
        frame_step=4,
        frame_offset=1,
        max_frames=81,
        rates=("16/1",),
        aspects={"16:9": (832, 480), "9:16": (480, 832)},
    ),
)
CAST: tuple[ModelCard, ...] = (POCKET, BIG)
LOCAL = Target(tier="local")
FOX = Recipe(
    ability=Ability.TEXT_TO_VIDEO,
    model="pocket-video",
    prompt="a fox",
    seed=3,
    width=176,
    height=320,
    frames=48,
    rate="12/1",
    sampler=Sampler(steps=4),
    weights_sha256="f" * 64,
    engine_version="0.1.0",
)


def drafted(*recipes: Recipe, frames: int = 48) -> Project:
    """A film of drafts, one after another, each playing its first frames."""
    row = track("")
    made: list[Clip] = []
    assets: list[Asset] = []
    for number, recipe in enumerate(recipes):
        asset = replace(ASSET, id=f"o{number}", sha256=f"{number}" * 64, generated=True)
        take = Take(id=f"t{number}", asset_id=asset.id, recipe=stored(recipe))
        media = GeneratedMedia(recipe=take.recipe, takes=(take,), chosen=take.id)
        made.append(clip(f"C{number}", frames, media=media, source_start=ZERO))
        assets.append(asset)
    project = film(replace(row, items=tuple(made)))
    return replace(project, assets=(*project.assets, *assets))


def only(project: Project, target: Target = LOCAL, cast: tuple[ModelCard, ...] = CAST) -> Shot:
    (shot,) = survey(project, "s", cast, target)
    return shot


def test_a_draft_becomes_a_recipe_of_the_better_models_shape_and_length() -> None:
    shot = only(drafted(FOX))
    made = shot.recipe
    assert (made.model, made.prompt, made.seed) == ("big", "a fox", 3)
    assert (made.width, made.height) == (480, 832), "upright stays upright"
    assert (made.frames, made.rate) == (65, "16/1"), "four seconds, up to what the model makes"
    assert (made.sampler, made.weights_sha256, made.engine_version) == (Sampler(), "", "")
    assert shot.runs


def test_the_same_model_at_more_steps_is_another_quality() -> None:
    shot = only(drafted(FOX), Target(tier="draft", steps=20))
    assert (shot.recipe.sampler.steps, shot.recipe.frames) == (20, 48)
    assert shot.runs
    assert only(drafted(FOX), Target(tier="draft")).plays


def test_other_weights_of_the_same_model_make_it_anew() -> None:
    newer = msgspec.structs.replace(POCKET, weights_sha256="e" * 64)
    assert only(drafted(FOX), Target(tier="draft"), (newer,)).runs


def test_halves_of_a_clip_are_one_shot_and_nested_shots_are_found() -> None:
    project = drafted(FOX, FOX, msgspec.structs.replace(FOX, seed=4))
    assert [shot.clip_ids for shot in survey(project, "s", CAST, LOCAL)] == [("C0", "C1"), ("C2",)]
    nested = nest(project, ["C0"], name="Inner")
    assert len(survey(nested, "s", CAST, LOCAL)) == 2


def test_what_cannot_be_conformed_says_why() -> None:
    long = msgspec.structs.replace(FOX, frames=120)
    assert "at most 5.1 s" in only(drafted(long, frames=240)).obstacle
    assert only(drafted(long, frames=48)).runs, "only what the cut uses has to be there"
    sticker = msgspec.structs.replace(FOX, ability=Ability.TEXT_TO_STICKER)
    assert "No model for text to sticker" in only(drafted(sticker)).obstacle
    assert "V1 is locked" in only(lock_track(drafted(FOX), "V1", locked=True)).obstacle
    absent = msgspec.structs.replace(BIG, installed=False)
    named = Target(tier="local", models={Ability.TEXT_TO_VIDEO: "big"})
    assert "not installed" in only(drafted(FOX), named, (POCKET, absent)).obstacle


def test_adapters_and_footage_made_by_models_are_told() -> None:
    made = InputAsset(role=InputRole.FIRST_FRAME, sha256="7" * 64)
    adapted = msgspec.structs.replace(FOX, inputs=(made,), adapters=(AdapterRef(sha256="9" * 64),))
    project = drafted(adapted)
    frame = replace(ASSET, id="frame", sha256="7" * 64, generated=True)
    notes = only(replace(project, assets=(*project.assets, frame))).notes
    assert len(notes) == 2
    retake = msgspec.structs.replace(FOX, ability=Ability.RETAKE)
    assert remade(retake, BIG).frames == 48, "a retake is as long as what it is a take of"


def test_a_server_offers_the_largest_model_that_it_has() -> None:
    assert only(drafted(FOX), Target(tier="server")).recipe.model == "big"


def test_takes_are_kept_without_playing_and_swapped_at_the_end_but_not_past_their_end() -> None:
    project = drafted(FOX, FOX)
    shot = only(project)
    done = msgspec.structs.replace(shot.recipe, weights_sha256="b" * 64, engine_version="0.2.0")
    output = replace(ASSET, id="", sha256="7" * 64, duration=replace(ASSET.duration, value=48))
    kept = keep_take(project, shot, output, Take(id="", asset_id="", recipe=stored(done)))
    assert [_chosen(each) for each in clips(kept)] == ["t0", "t1"]
    outcome = swapped(kept, [shot])
    assert outcome is not None
    assert outcome.clip_ids == ("C0", "C1")
    assert all(len(_media(each).takes) == 2 for each in clips(outcome.project))
    assert only(outcome.project).plays
    assert swapped(outcome.project, [shot]) is None
    longer = replace(kept, sequences=(replace(kept.sequences[0], rate=RATE),))
    short = replace(output, duration=replace(ASSET.duration, value=24), sha256="8" * 64)
    cut_off = keep_take(project, shot, short, Take(id="", asset_id="", recipe=stored(done)))
    assert swapped(cut_off, [shot]) is None
    assert longer.sequences[0].rate == RATE


def retaken(source: str, frames: int = 48, **changes: object) -> Recipe:
    """A retake of the third second of what a draft made."""
    given = InputAsset(role=InputRole.SOURCE, sha256=source, in_s="0", out_s="4")
    fields: dict[str, object] = {
        "ability": Ability.RETAKE,
        "prompt": "the fox jumps",
        "inputs": (given,),
        "options": {"retake_in_s": "2", "retake_out_s": "3", "film_recipe": "{}"},
        "frames": frames,
        **changes,
    }
    return msgspec.structs.replace(FOX, **fields)


RETAKING = (
    POCKET,
    msgspec.structs.replace(BIG, abilities=(Ability.TEXT_TO_VIDEO, Ability.RETAKE)),
)


def with_retake(project: Project) -> Project:
    """The first clip plays a retake of its draft, which it keeps."""
    asset = replace(ASSET, id="", sha256="5" * 64, generated=True)
    take = Take(id="", asset_id="", recipe=stored(retaken("0" * 64)))
    return add_take(project, "C0", asset, take, choose=True)


def made_by(project: Project, shot: Shot, sha256: str) -> Project:
    """The project after an engine has made a shot."""
    done = msgspec.structs.replace(shot.recipe, weights_sha256="b" * 64)
    output = replace(ASSET, id="", sha256=sha256, generated=True)
    return keep_take(project, shot, output, Take(id="", asset_id="", recipe=stored(done)))


def test_what_a_retake_is_made_of_is_made_again_before_it_and_read_by_it() -> None:
    project = with_retake(drafted(FOX))
    source, retake = survey(project, "s", RETAKING, LOCAL)
    assert (source.hidden, source.before.ability) == (True, Ability.TEXT_TO_VIDEO)
    assert (source.runs, source.swaps, source.needed_s) == (True, False, 4)
    assert (retake.hidden, retake.runs, retake.notes) == (False, True, ())
    assert resolved(project, retake) is None, "what it reads is not there yet"
    project = made_by(project, source, "6" * 64)
    now = resolved(project, retake)
    assert now is not None
    assert [given.sha256 for given in now.recipe.inputs] == ["6" * 64]
    assert "film_recipe" not in now.recipe.options, "it told how the draft was made"
    project = made_by(project, now, "7" * 64)
    outcome = swapped(project, [source, retake])
    assert outcome is not None
    assert outcome.clip_ids == ("C0",)
    (plays,) = clips(outcome.project)
    take = _media(plays).take
    assert take is not None
    assert outcome.project.assets_by_id[take.asset_id].sha256 == "7" * 64
    later = survey(outcome.project, "s", RETAKING, LOCAL)
    assert [shot.plays for shot in later if not shot.hidden] == [True]
    assert not any(shot.runs for shot in later)


def test_a_shot_that_plays_is_made_once_for_itself_and_for_what_goes_on_from_it() -> None:
    again = retaken("1" * 64, prompt="on")
    first, second = survey(drafted(again, FOX), "s", RETAKING, LOCAL)
    assert (first.before.prompt, second.before.prompt) == ("a fox", "on")
    assert (first.hidden, first.clip_ids, second.clip_ids) == (False, ("C1",), ("C0",))
    assert depends_on(second, first)


def test_what_only_drafts_models_do_is_done_again_to_what_the_draft_became() -> None:
    tool = msgspec.structs.replace(
        POCKET, id="tool", title="Tool", abilities=(Ability.EDIT_VIDEO, Ability.VIDEO_TO_AUDIO)
    )
    edited = retaken("0" * 64, ability=Ability.EDIT_VIDEO, model="tool", prompt="make it snow")
    asset = replace(ASSET, id="", sha256="5" * 64, generated=True)
    take = Take(id="", asset_id="", recipe=stored(edited))
    project = add_take(drafted(FOX), "C0", asset, take, choose=True)
    source, snow = survey(project, "s", (*CAST, tool), LOCAL)
    assert (source.recipe.model, source.hidden) == ("big", True)
    assert (snow.recipe.model, snow.runs, snow.obstacle) == ("tool", True, "")
    footage = msgspec.structs.replace(
        edited, inputs=(InputAsset(role=InputRole.SOURCE, sha256="8" * 64),)
    )
    (shot,) = survey(drafted(footage), "s", (*CAST, tool), LOCAL)
    assert shot.plays, "of footage it is what it would be"


def test_what_reads_a_shot_that_stays_reads_it_as_it_is_and_says_why() -> None:
    retakes_only = (POCKET, msgspec.structs.replace(BIG, abilities=(Ability.RETAKE,)))
    (retake,) = survey(with_retake(drafted(FOX)), "s", retakes_only, LOCAL)
    assert (retake.runs, retake.reads) == (True, ())
    assert "stays: No model for text to video" in retake.notes[0]


def test_other_drafts_than_the_one_that_was_read_make_it_anew() -> None:
    project = with_retake(drafted(FOX))
    source, retake = survey(project, "s", RETAKING, LOCAL)
    project = made_by(project, source, "6" * 64)
    of_the_draft = made_by(project, retake, "7" * 64)
    assert [s.runs for s in survey(of_the_draft, "s", RETAKING, LOCAL) if not s.hidden] == [True]


def _media(found: Clip) -> GeneratedMedia:
    assert isinstance(found.media, GeneratedMedia)
    return found.media


def _chosen(found: Clip) -> str | None:
    return _media(found).chosen
