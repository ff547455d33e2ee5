"""Generated clips: jobs, takes, what makes them stale, and conform."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.document.edits.assets import add_asset, note_hash, relink
from studio.document.edits.stale import mark_users_stale
from studio.document.edits.takes import (
    Swap,
    accept,
    add_take,
    adopt,
    choose_take,
    conform,
    dismiss_job,
    fail_job,
    finish_job,
    remove_take,
    set_handles,
    set_recipe,
    start_job,
)
from studio.document.edits.tracks import lock_track
from studio.document.errors import EditError
from studio.document.model.asset import Asset
from studio.document.model.clip import TitleMedia
from studio.document.model.generated import Failed, GeneratedMedia, Pending, Ready, Recipe, Take
from studio.document.model.project import Project
from studio.document.model.title import Title
from studio.document.queries.media import handles
from studio.document.queries.places import locate_clip
from studio.document.time import Time
from tests.studio.document.films import ASSET, RATE, clip, drawn, film, track

FOX = Recipe.from_json(
    f'{{"ability":"text_to_video","prompt":"a fox","inputs":[{{"sha256":"{ASSET.sha256}"}}]}}'
)
PART = Recipe.from_json('{"ability":"edit_video","options":{"footage_in_s":"4/1"}}')
"""Of what is made of a part of a film, from its 96th frame on."""
OWL = Recipe.from_json('{"ability":"text_to_video","prompt":"an owl"}')


def output(number: int) -> Asset:
    return replace(ASSET, id="", name=f"take {number}", sha256=str(number) * 64, generated=True)


def take(recipe: Recipe = FOX, tier: str = "draft") -> Take:
    return Take(id="", asset_id="", recipe=recipe, tier=tier)


def planned() -> Project:
    """A film whose clip A is to be generated, and has no take yet."""
    made = clip("A", 6, media=GeneratedMedia(recipe=FOX))
    row = track("BB")
    return film(replace(row, items=(made, *row.items)))


def media(project: Project, clip_id: str = "A") -> GeneratedMedia:
    found = locate_clip(project, clip_id)[1].media
    assert isinstance(found, GeneratedMedia)
    return found


def drafted() -> Project:
    return finish_job(start_job(planned(), "A", "j1"), "j1", output(1), take())


def test_the_first_take_plays_and_a_later_one_waits_to_be_chosen() -> None:
    project = start_job(planned(), "A", "j1")
    assert isinstance(media(project).state, Pending)
    first = finish_job(project, "j1", output(1), take())
    assert isinstance(media(first).state, Ready)
    playing = media(first).take
    assert playing is not None
    second = finish_job(start_job(first, "A", "j2"), "j2", output(2), take())
    assert media(second).take == playing
    assert len(media(second).takes) == 2
    other = media(second).takes[1]
    assert media(choose_take(second, "A", other.id)).take == other
    assert drawn(second) == drawn(planned()) == "AAAAAABB"


def test_a_failure_stays_with_its_reason_until_retried_or_dismissed() -> None:
    failed = fail_job(start_job(planned(), "A", "j1"), "j1", "Out of memory.")
    assert media(failed).state == Failed(job_id="j1", reason="Out of memory.")
    assert media(start_job(failed, "A", "j2")).state == Pending(job_id="j2")
    assert media(dismiss_job(failed, "j1")).state == Ready()
    with pytest.raises(EditError, match="waits"):
        finish_job(planned(), "j1", output(1), take())


def test_what_an_engine_sends_reaches_a_locked_track_and_an_editor_does_not() -> None:
    locked = lock_track(start_job(planned(), "A", "j1"), "V1", locked=True)
    assert media(finish_job(locked, "j1", output(1), take())).take is not None
    with pytest.raises(EditError, match="locked"):
        set_recipe(locked, "A", OWL)


def test_a_changed_recipe_makes_what_plays_stale_until_a_take_of_it_is_chosen() -> None:
    project = drafted()
    assert not media(project).stale
    changed = set_recipe(project, "A", OWL)
    assert media(changed).stale
    assert media(changed).take == media(project).take
    remade = add_take(changed, "A", output(2), take(OWL), choose=True)
    assert not media(remade).stale
    assert media(choose_take(remade, "A", media(remade).takes[0].id)).stale
    kept = accept(changed, ["A"])
    assert (media(kept).recipe, media(kept).stale) == (FOX, False)


def test_a_recipe_that_changes_before_there_is_a_take_makes_nothing_stale() -> None:
    assert not media(set_recipe(planned(), "A", OWL)).stale


def test_another_file_for_a_source_makes_what_was_made_from_it_stale() -> None:
    project = drafted()
    again = relink(project, "asset", replace(ASSET, path="/b/tape.mov"))
    assert not media(again).stale
    other = replace(ASSET, path="/b/other.mov", sha256="6" * 64, fingerprint="other")
    changed = relink(project, "asset", other)
    assert "tape.mov" in media(changed).stale_because
    assert changed.assets_by_id["asset"].sha256 == "6" * 64


def test_a_file_whose_bytes_have_no_name_yet_is_known_by_its_fingerprint() -> None:
    project = drafted()
    same = relink(project, "asset", replace(ASSET, path="/b/tape.mov", sha256=""))
    assert not media(same).stale
    assert same.assets_by_id["asset"].sha256 == ASSET.sha256
    other = replace(ASSET, path="/b/other.mov", sha256="", fingerprint="other")
    changed = relink(project, "asset", other)
    assert media(changed).stale
    assert changed.assets_by_id["asset"].sha256 == ""


def test_only_what_reads_a_source_and_has_a_take_goes_stale() -> None:
    assert mark_users_stale(planned(), ASSET.sha256, "It is another.") == planned()
    assert mark_users_stale(drafted(), "9" * 64, "It is another.") == drafted()
    locked = lock_track(drafted(), "V1", locked=True)
    assert mark_users_stale(locked, ASSET.sha256, "It is another.") == locked


def test_the_name_of_a_files_bytes_is_noted_once() -> None:
    nameless = replace(ASSET, id="", path="/b/new.mov", sha256="", fingerprint="new")
    project = add_asset(planned(), nameless)
    new = project.assets[-1].id
    noted = note_hash(project, new, "7" * 64)
    assert noted.assets_by_id[new].sha256 == "7" * 64
    assert note_hash(noted, new, "7" * 64) == noted
    with pytest.raises(EditError, match="Relink"):
        note_hash(noted, new, "8" * 64)


def test_without_the_take_that_plays_the_last_of_the_others_does() -> None:
    project = add_take(drafted(), "A", output(2), take())
    first, second = media(project).takes
    left = remove_take(project, "A", first.id)
    assert media(left).take == second
    assert media(remove_take(left, "A", second.id)).take is None


def test_handles_are_kept_and_never_negative() -> None:
    assert media(set_handles(planned(), "A", 12)).handle_frames == 12
    with pytest.raises(EditError, match="0 frames"):
        set_handles(planned(), "A", -1)


def test_footage_that_gets_takes_stays_the_first_of_them_and_is_never_out_of_date() -> None:
    before = film(track("AABB"))
    adopted = adopt(before, "A", OWL)
    footage = media(adopted).take
    assert footage is not None
    assert (footage.is_footage, footage.asset_id) == (True, ASSET.id)
    assert media(adopted).recipe == OWL
    assert drawn(adopted) == drawn(before)
    assert media(adopt(adopted, "A", FOX)) == media(adopted)
    done = finish_job(start_job(adopted, "A", "j1"), "j1", output(1), take(OWL), choose=True)
    assert media(done).chosen == media(done).takes[1].id
    assert not media(done).stale
    back = choose_take(done, "A", footage.id)
    assert not media(back).stale
    assert media(accept(back, ["A"])).recipe == OWL


def test_a_title_cannot_have_takes() -> None:
    row = track("BB")
    shown = clip("A", 6, media=TitleMedia(title=Title(blocks=())))
    with pytest.raises(EditError, match="cannot have takes"):
        adopt(film(replace(row, items=(shown, *row.items))), "A", OWL)


def test_conform_swaps_takes_and_leaves_the_cut_alone() -> None:
    project = set_recipe(drafted(), "A", OWL)
    final = conform(project, [Swap("A", output(3), take(OWL, "server"))])
    playing = media(final).take
    assert playing is not None
    assert (playing.tier, media(final).stale) == ("server", False)
    assert media(final).takes[0] == media(project).takes[0]
    assert drawn(final) == drawn(project)
    assert final.assets_by_id[playing.asset_id].sha256 == "3" * 64
    with pytest.raises(EditError, match="nothing to conform"):
        conform(project, [])


def part(frames: int) -> Asset:
    return replace(output(7), duration=Time(frames, RATE))


def footage_with_a_part(frames: int = 24) -> Project:
    """A clip of six frames of footage, from its 100th on, and a take of `frames` of it chosen."""
    project = start_job(adopt(film(track("AAAAAABB")), "A", PART), "A", "j1")
    return finish_job(project, "j1", part(frames), take(PART), choose=True)


def source_start(project: Project) -> Time:
    return locate_clip(project, "A")[1].source_start


def test_a_take_of_a_part_plays_the_same_moments_of_the_footage() -> None:
    project = footage_with_a_part()
    playing = media(project).take
    assert playing is not None
    assert not playing.is_footage
    assert source_start(project) == Time(4, RATE)
    back = choose_take(project, "A", media(project).takes[0].id)
    assert source_start(back) == Time(100, RATE)
    assert source_start(choose_take(back, "A", playing.id)) == Time(4, RATE)
    assert source_start(remove_take(project, "A", playing.id)) == Time(100, RATE)


def test_a_take_of_less_than_the_clip_plays_is_kept_and_not_played() -> None:
    project = footage_with_a_part(frames=8)
    assert [each.is_footage for each in media(project).takes] == [True, False]
    assert media(project).take == media(project).takes[0]
    assert source_start(project) == Time(100, RATE)
    with pytest.raises(EditError, match="less of the footage"):
        choose_take(project, "A", media(project).takes[1].id)


def test_a_clip_cannot_be_drawn_out_beyond_a_take_of_a_part() -> None:
    project = footage_with_a_part(frames=10)
    room = handles(project, locate_clip(project, "A")[1], RATE)
    assert (room.head, room.tail) == (4, 0)


def test_a_conform_of_a_part_plays_the_same_moments() -> None:
    project = footage_with_a_part()
    final = replace(output(8), duration=Time(24, RATE))
    conformed = conform(project, [Swap("A", final, take(PART, "server"))])
    assert source_start(conformed) == Time(4, RATE)
    whole = conform(project, [Swap("A", final, take(OWL, "server"))])
    assert source_start(whole) == Time(100, RATE)
