"""`conform` on the command line: a cut of drafts, made again by a real engine, in one step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec

from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe
from studio.document.edits.takes import add_take, set_recipe
from studio.document.file.project_file import ProjectFile
from studio.document.model.clip import Clip
from studio.document.model.generated import GeneratedMedia, Take
from studio.document.model.project import Project
from studio.document.time import ZERO
from studio.session.recipes import stored
from tests.fakes.scene_cast import BIG, DRAFT
from tests.studio.commands.conftest import Here
from tests.studio.commands.running import command, sentence
from tests.studio.document.films import clip, clips, film, track


def _recipe(prompt: str) -> Recipe:
    return Recipe(
        ability=Ability.TEXT_TO_VIDEO,
        model=DRAFT,
        prompt=prompt,
        width=192,
        height=108,
        frames=12,
        rate="12/1",
    )


def _cut(path: Path, *prompts: str) -> None:
    """A project of placeholders that ask for a second each."""
    made = tuple(
        clip(prompt, 24, media=GeneratedMedia(recipe=stored(_recipe(prompt))), source_start=ZERO)
        for prompt in prompts
    )
    row = track("")
    cut = film(row.with_items(made, 0, len(made)))
    ProjectFile.create(path, cut).close()


def _media(found: Clip) -> GeneratedMedia:
    assert isinstance(found.media, GeneratedMedia)
    return found.media


def _models(project: Project) -> list[str]:
    return [take.recipe.model if (take := _media(c).take) else "" for c in clips(project)]


def test_a_cut_is_made_with_drafts_then_conformed_and_can_be_undone(
    here: Here, tmp_path: Path
) -> None:
    drafts, final = tmp_path / "film.workprint", tmp_path / "final.workprint"
    _cut(drafts, "a fox", "an owl")
    made = command("conform", drafts, "--json", *here)
    assert (made.code, made.body["conformed"]) == (0, 0), "takes of placeholders play at once"
    with ProjectFile.open(drafts) as file:
        assert _models(file.project) == [DRAFT, DRAFT]
    planned = command("conform", drafts, "--tier", "local", "--plan", *here)
    assert "None, commercial use allowed" in planned.out
    assert planned.out.count(BIG) == 2
    done = command("conform", drafts, "--tier", "local", "--out", final, "--json", *here)
    assert done.code == 0, done.err
    assert done.body["conformed"] == 2
    with ProjectFile.open(drafts, read_only=True) as file:
        assert _models(file.project) == [DRAFT, DRAFT], "the file itself is left as it was"
    with ProjectFile.open(final) as file:
        assert _models(file.project) == [BIG, BIG]
        assert file.history.undo_name == "Conform"
        file.history.undo()
        assert _models(file.project) == [DRAFT, DRAFT]
        fox = clips(file.project)[0]
        assert len(_media(fox).takes) == 2
        asset = file.project.assets_by_id[_media(fox).takes[1].asset_id]
        assert file.media_path(asset).is_file()
    again = command("conform", final, "--tier", "local", "--json", *here)
    assert [shot["made_already"] for shot in again.body["shots"]] == [True, True]
    assert again.body["conformed"] == 2
    nothing = command("conform", final, "--tier", "local", *here)
    assert "conformed already" in nothing.out


def test_a_shot_that_fails_keeps_its_draft_and_only_what_changed_is_made(
    here: Here, tmp_path: Path
) -> None:
    path = tmp_path / "film.workprint"
    _cut(path, "a fox", "an impossible owl")
    made = command("conform", path, "--tier", "local", "--json", *here)
    assert made.code == 1
    assert made.err == "", made.err
    fox, owl = made.body["shots"]
    assert (fox["why"], "cannot be painted" in owl["why"]) == ("", True)
    with ProjectFile.open(path) as file:
        assert _models(file.project) == [BIG, ""]
        wanted = stored(_recipe("a second owl"))
        owl_id = clips(file.project)[1].id
        file.history.apply("Ask anew", lambda project: set_recipe(project, owl_id, wanted))
    second = command("conform", path, "--tier", "local", "--json", *here)
    assert second.code == 0, second.err
    assert [shot["made_already"] for shot in second.body["shots"]] == [True, False]


def test_what_reads_a_draft_reads_what_became_of_it(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "film.workprint"
    _cut(path, "a fox", "an owl")
    assert command("conform", path, *here).code == 0
    with ProjectFile.open(path) as file:
        fox, owl = clips(file.project)
        draft = file.project.assets_by_id[_taken(fox).asset_id]
        asked = msgspec.structs.replace(
            _recipe("it goes on"),
            ability=Ability.IMAGE_TO_VIDEO,
            inputs=(InputAsset(role=InputRole.FIRST_FRAME, sha256=draft.sha256),),
        )
        onward = replace(_taken(owl), id="", recipe=stored(asked))
        film = file.project.assets_by_id[_taken(owl).asset_id]
        file.history.apply("Go on", lambda p: add_take(p, owl.id, film, onward, choose=True))
    done = command("conform", path, "--tier", "local", "--json", *here)
    assert done.code == 0, done.err
    assert done.body["conformed"] == 2
    with ProjectFile.open(path, read_only=True) as file:
        fox, owl = clips(file.project)
        became = file.project.assets_by_id[_taken(fox).asset_id]
        assert _taken(fox).recipe.model == _taken(owl).recipe.model == BIG
        assert became.sha256 != draft.sha256
        assert _taken(owl).recipe.inputs == (became.sha256,)


def _taken(found: Clip) -> Take:
    take = _media(found).take
    assert take is not None
    return take


def test_what_cannot_be_conformed_is_a_sentence(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "film.workprint"
    assert "Check the name" in sentence(command("conform", path, *here), 1)
    ProjectFile.create(path, film(track("AA"))).close()
    assert "nothing to conform" in sentence(command("conform", path, *here), 1)
    assert "scene-big" in sentence(command("conform", path, "--model", "scene-bik", *here), 2)
