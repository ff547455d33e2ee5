"""What recipes read: named by its bytes, put into the project with the recipe, told when stale."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe
from studio.document.edits.assets import with_asset
from studio.document.edits.takes import add_take
from studio.document.file.project_file import ProjectFile
from studio.document.model.asset import Asset
from studio.document.model.generated import Failed, GeneratedMedia, Take
from studio.document.queries.places import find_clip
from studio.session.describing import describe
from studio.session.engines import EngineLink, Place
from studio.session.generation import Generation
from studio.session.jobs import JobBoard
from studio.session.projects import empty_project
from studio.session.recipes import stored
from studio.session.session import Session
from tests.engine.running import small_disk
from tests.fakes.engine_client import FakeEngine
from tests.studio.media.footage import Shot, make_video

WAIT_MS = 500_000


class Bench:
    """A session over one imported shot, with a generation that asks a fake engine."""

    def __init__(self, folder: Path) -> None:
        self.shot = make_video(folder / "a.mp4", Shot(size=(160, 90), frames=12))
        project, self.asset_id = with_asset(empty_project("film"), describe(self.shot, folder))
        self.session = Session(ProjectFile.create(folder / "film.workprint", project))
        self.engine = FakeEngine()
        links = {place: EngineLink(place, lambda _place: self.engine) for place in Place}
        self.generation = Generation(self.session, JobBoard(), links)

    @property
    def asset(self) -> Asset:
        return self.session.project.assets_by_id[self.asset_id]

    def media(self, clip_id: str) -> GeneratedMedia:
        clip = find_clip(self.session.project, clip_id)
        assert clip is not None
        assert isinstance(clip.media, GeneratedMedia)
        return clip.media

    def close(self) -> None:
        for link in self.generation.links.values():
            link.close()
        self.session.close()


@pytest.fixture
def bench(tmp_path: Path, qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def _recipe(sha256: str) -> Recipe:
    given = InputAsset(role=InputRole.SOURCE, sha256=sha256)
    return Recipe(
        ability=Ability.EXTEND_VIDEO, model="pocket-video", prompt="On", frames=24, inputs=(given,)
    )


def _named(bench: Bench, qtbot: QtBot) -> Asset:
    found: list[Asset] = []
    bench.generation.sources.name(bench.asset, found.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(found), timeout=WAIT_MS)
    return found[0]


def test_imported_media_gets_its_name_in_the_step_that_reads_it(bench: Bench, qtbot: QtBot) -> None:
    assert bench.asset.sha256 == ""
    named = _named(bench, qtbot)
    true_name = hashlib.sha256(bench.shot.read_bytes()).hexdigest()
    assert named.sha256 == true_name
    assert bench.asset.sha256 == ""
    before = bench.session.project
    clip_id = bench.generation.generate(_recipe(true_name), "draft", [named])
    assert clip_id is not None
    assert bench.asset.sha256 == true_name
    assert len(bench.session.project.assets) == 1
    qtbot.waitUntil(lambda: len(bench.engine.submitted) == 1, timeout=WAIT_MS)
    assert bench.engine.uploaded == [bench.shot]
    bench.session.undo()
    assert bench.session.project == before
    bench.session.redo()
    assert bench.asset.sha256 == true_name


def test_a_recipe_over_imported_footage_runs_again(bench: Bench, qtbot: QtBot) -> None:
    named = _named(bench, qtbot)
    clip_id = bench.generation.generate(_recipe(named.sha256), "draft", [named])
    assert clip_id is not None
    qtbot.waitUntil(lambda: len(bench.engine.submitted) == 1, timeout=WAIT_MS)
    assert bench.generation.another_seed(clip_id) is not None
    qtbot.waitUntil(lambda: len(bench.engine.submitted) == 2, timeout=WAIT_MS)
    assert bench.engine.uploaded == [bench.shot, bench.shot]
    assert bench.engine.submitted[1].inputs == bench.engine.submitted[0].inputs


def test_footage_that_changed_on_disk_stops_the_job_and_makes_clips_of_it_stale(
    bench: Bench, qtbot: QtBot, tmp_path: Path
) -> None:
    named = _named(bench, qtbot)
    recipe = _recipe(named.sha256)
    clip_id = bench.generation.generate(recipe, "draft", [named])
    assert clip_id is not None
    made = describe(make_video(tmp_path / "made.mp4", Shot(size=(160, 90), frames=6)), tmp_path)
    take = Take(id="", asset_id="", recipe=stored(recipe))
    assert bench.session.apply("Add take", lambda p: add_take(p, clip_id, made, take))
    qtbot.waitUntil(lambda: len(bench.engine.submitted) == 1, timeout=WAIT_MS)
    other = make_video(tmp_path / "other.mp4", Shot(size=(160, 90), frames=24))
    shutil.copyfile(other, bench.shot)
    bench.generation.new_take(clip_id)
    qtbot.waitUntil(lambda: bool(bench.media(clip_id).stale_because), timeout=WAIT_MS)
    assert "a.mp4, which it was made from" in bench.media(clip_id).stale_because
    assert bench.asset.sha256 == hashlib.sha256(other.read_bytes()).hexdigest()
    reasons = [job.reason for job in bench.media(clip_id).jobs if isinstance(job, Failed)]
    assert reasons == ["a.mp4 has changed since it was chosen. Choose it again."]
    assert len(bench.engine.submitted) == 1


def test_a_file_that_is_gone_is_refused_in_a_sentence(bench: Bench, qtbot: QtBot) -> None:
    bench.shot.unlink()
    said: list[str] = []
    bench.generation.sources.name(bench.asset, lambda asset: pytest.fail(asset.name), said.append)
    qtbot.waitUntil(lambda: bool(said), timeout=WAIT_MS)
    assert "cannot be read" in said[0] or "offline" in said[0]


def test_a_frame_that_cannot_be_kept_is_told_and_leaves_nothing(
    bench: Bench, qtbot: QtBot, tmp_path: Path
) -> None:
    said: list[str] = []
    given, media = bench.generation.sources, bench.session.media_folder
    with small_disk(tmp_path, 1) as disk:
        (disk / "ballast").write_bytes(bytes(2**20))
        media.symlink_to(disk)
        given.frame(bench.asset, Fraction(0), lambda asset: pytest.fail(asset.name), said.append)
        qtbot.waitUntil(lambda: bool(said), timeout=WAIT_MS)
        assert said == [f"The frame cannot be kept in {media}: No space left on device."]
        assert [path.name for path in media.iterdir()] == ["ballast"]
    media.unlink()
    media.write_text("in the way")
    given.rendered(lambda *_: pytest.fail("wrote"), "", lambda _: pytest.fail("took"), said.append)
    assert said[-1].startswith("The frame cannot be kept in")


def test_a_frame_becomes_a_still_named_by_its_bytes(bench: Bench, qtbot: QtBot) -> None:
    found: list[Asset] = []
    bench.generation.sources.frame(bench.asset, Fraction(1, 5), found.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(found), timeout=WAIT_MS)
    still = found[0]
    path = bench.session.folder / still.path
    assert still.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.stem == still.sha256
    with Image.open(path) as image:
        assert image.size == (160, 90)
    assert still.name == "Frame of a.mp4"
    assert bench.session.project.assets == (bench.asset,)
