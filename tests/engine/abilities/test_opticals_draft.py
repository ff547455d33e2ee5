"""Edits of drafts whose recipe is told: exact, of other layers of the same film."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.abilities import animatic, opticals
from engine.abilities.animatic import Drawers, Drawn
from engine.abilities.moviegen_job import load_pipelines
from engine.abilities.opticals_draft import Draft, change_of
from engine.abilities.opticals_job import OpticalJob
from engine.abilities.video_input import open_film
from engine.abilities.video_output import save_video
from engine.catalogue import load_catalogue
from engine.errors import BadRequest
from engine.models.animatic.film import Direction
from engine.models.animatic.layers import to_levels
from engine.models.animatic.place import Plate
from engine.planning.edit_reading import read_instruction
from engine.planning.edit_vocabulary import OPTICALS
from engine.protocol.recipes import (
    EASED,
    FILM_RECIPE,
    MOVES,
    Ability,
    InputAsset,
    InputRole,
    Recipe,
    Sampler,
)
from tests.engine.abilities.tiny_pocket import CLIP, write_tiny_pocket
from tests.fakes.job_context import FakeJobContext, FakeModels
from tests.studio.media.footage import Shot, make_video

Frames = NDArray[np.uint8]

PORTRAITS = Path(__file__).resolve().parents[3] / "resources" / "models" / "portraits"
SIZE, FRAMES = (256, 160), 6
MADE_BY = msgspec.structs.replace(
    CLIP, model="pocket-animatic", prompt="a fox spins around in the snow", frames=8
)
ASKED = Recipe(
    ability=Ability.EDIT_VIDEO,
    model="pocket-opticals",
    seed=1,
    sampler=Sampler(steps=2),
    inputs=(InputAsset(role=InputRole.SOURCE, sha256="film"),),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny models that draw, and beside them the shipped ones that cut out."""
    models = tmp_path_factory.mktemp("cast") / "models"
    made = write_tiny_pocket(models, stickers=True)
    (models / "portraits").symlink_to(PORTRAITS)
    return made


@pytest.fixture(scope="module")
def held() -> FakeModels:
    """What a worker has loaded already."""
    return FakeModels()


@pytest.fixture
def context(tmp_path: Path, home: Path, held: FakeModels) -> FakeJobContext:
    return FakeJobContext(tmp_path, home, model="pocket-opticals", models=held)


@pytest.fixture
def drawn() -> Drawn:
    """An orange disc with a blue spot that spins before stripes, as a camera goes by."""
    plate = np.full((SIZE[1], SIZE[0], 3), (120, 150, 130), np.uint8)
    plate[:, ::24] = plate[:, 1::24] = (90, 110, 100)
    colours = np.full((96, 96, 3), (235, 120, 20), np.uint8)
    cv2.circle(colours, (48, 30), 10, (40, 60, 220), -1)
    alpha = np.zeros((96, 96), np.uint8)
    cv2.circle(alpha, (48, 48), 40, 255, -1, cv2.LINE_AA)
    disc = np.dstack([colours, alpha]).astype(np.uint8)
    direction = Direction("spin", "pan_left", has_floor=True, seed=3)
    return Drawn(Plate(plate, direction.ground), disc, direction, FRAMES, 12.0)


@pytest.fixture
def draft(drawn: Drawn, context: FakeJobContext) -> Draft:
    entry = load_catalogue().entry("pocket-opticals")
    drawers = Drawers(*load_pipelines(entry, context, animatic.NETWORKS))
    return Draft("disc", drawn, drawers, MADE_BY)


def _film(drawn: Drawn) -> Frames:
    stage = drawn.stage()
    return np.stack([stage.picture(index) for index in range(FRAMES)])


def _places(drawn: Drawn) -> Frames:
    stage = drawn.stage()
    return np.stack([stage.place(index) for index in range(FRAMES)])


def _alphas(drawn: Drawn) -> Frames:
    stage = drawn.stage()
    return np.stack([to_levels(stage.subject(index)[..., 3]) for index in range(FRAMES)])


def _changed(prompt: str, draft: Draft, context: FakeJobContext) -> tuple[Frames, Frames]:
    """The film as its file shows it, and changed."""
    save_video(_film(draft.drawn), "12/1", context, "film")
    path = context.saved[-1]
    assert isinstance(path, Path)
    asked = read_instruction(prompt, known=OPTICALS)
    entry = load_catalogue().entry("pocket-opticals")
    job = OpticalJob(ASKED, entry, asked, open_film(path), (0, FRAMES), context)
    change, source = change_of(job, draft), _pixels(path)
    return source, np.stack([change(place, frame) for place, frame in enumerate(source)])


def _pixels(path: Path | bytes, layout: str = "rgb24") -> Frames:
    with av.open(str(path)) as clip:
        frames = [frame.to_ndarray(format=layout) for frame in clip.decode(video=0)]
    return np.stack(frames).astype(np.uint8, copy=False)


def _apart(a: Frames, b: Frames) -> float:
    return float(np.abs(a.astype(int) - b).mean())


def test_what_is_removed_leaves_the_plate(draft: Draft, context: FakeJobContext) -> None:
    source, made = _changed("remove it", draft, context)
    places = _places(draft.drawn)
    inside = _alphas(draft.drawn) > 128
    assert (made[inside] == places[inside]).all()
    assert _apart(made, places) < 0.15 * _apart(source, places)


def test_pixels_beyond_the_change_are_the_sources(draft: Draft, context: FakeJobContext) -> None:
    source, made = _changed("paint the disc green", draft, context)
    inside = _alphas(draft.drawn) > 0
    near = np.stack([cv2.dilate(i.astype(np.uint8), np.ones((17, 17))) > 0 for i in inside])
    assert (made[~near] == source[~near]).all()
    opaque = _alphas(draft.drawn) == 255
    assert (made[opaque].mean(0)[1] > made[opaque].mean(0)[[0, 2]] + 40).all()


def test_a_soft_edge_has_no_rim_of_the_old_colour(draft: Draft, context: FakeJobContext) -> None:
    _, made = _changed("paint the disc green", draft, context)
    alphas = _alphas(draft.drawn)
    edge = (alphas > 0) & (alphas < 255)
    assert (made[edge][:, 0].astype(int) - made[edge][:, 1]).max() < 15


def test_what_replaces_it_moves_and_turns_as_it_did(draft: Draft, context: FakeJobContext) -> None:
    _, made = _changed("replace the disc with a robot", draft, context)
    assert (made != _places(draft.drawn)).any(axis=(1, 2, 3)).all()
    before = draft.drawn.stage()
    other = replace(draft.drawn, cut_out=np.full((64, 32, 4), 255, np.uint8)).stage()
    assert [pose.turn for pose, _ in other.shots] == [pose.turn for pose, _ in before.shots]
    assert [view for _, view in other.shots] == [view for _, view in before.shots]


def test_another_place_keeps_the_subject(draft: Draft, context: FakeJobContext) -> None:
    source, made = _changed("put it on a beach", draft, context)
    inside = _alphas(draft.drawn) == 255
    assert _apart(made[inside], source[inside]) < 2
    assert _apart(made[~inside], source[~inside]) > 5


def test_a_cut_out_has_the_very_alpha(draft: Draft, context: FakeJobContext) -> None:
    _, made = _changed("remove the background", draft, context)
    assert (made[..., 3] == _alphas(draft.drawn)).all()
    assert (made[made[..., 3] == 0] == 0).all()
    edge = (made[..., 3] > 40) & (made[..., 3] < 200)
    assert made[edge][:, 0].min() > 180  # in its own orange, not the plate's green


def test_what_is_added_stands_behind_what_moves(draft: Draft, context: FakeJobContext) -> None:
    source, made = _changed("add a cake on the left", draft, context)
    opaque = _alphas(draft.drawn) == 255
    assert _apart(made[opaque], source[opaque]) < 2
    assert (made[:, :40] == source[:, :40]).all()
    assert _apart(made[:, 80:, :80], source[:, 80:, :80]) > 1


@pytest.mark.parametrize("prompt", ["blur the background", "blur it", "mark the disc in green"])
def test_looks_are_of_one_layer(prompt: str, draft: Draft, context: FakeJobContext) -> None:
    source, made = _changed(prompt, draft, context)
    inside = _alphas(draft.drawn) == 255
    top = np.zeros_like(inside)
    top[:, :16] = True
    changed, kept = (top, inside) if "background" in prompt else (inside, top)
    assert _apart(made[changed], source[changed]) > 3
    assert _apart(made[kept], source[kept]) < 2


@pytest.fixture(scope="module")
def made_draft(home: Path, held: FakeModels, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draft as the cast makes it."""
    context = FakeJobContext(tmp_path_factory.mktemp("made"), home, "pocket-animatic", models=held)
    animatic.run(MADE_BY, context)
    saved = context.saved[0]
    assert isinstance(saved, Path)
    return saved


def _run(prompt: str, context: FakeJobContext, made_by: str, **options: str) -> Frames:
    told = {FILM_RECIPE: made_by, **options}
    opticals.run(msgspec.structs.replace(ASKED, prompt=prompt, options=told), context)
    return _pixels(context.saved[-1])


def _told(recipe: Recipe) -> str:
    return msgspec.json.encode(recipe).decode()


def test_a_draft_is_shot_again_and_not_looked_at(context: FakeJobContext, made_draft: Path) -> None:
    context.assets["film"] = made_draft
    _run("remove the fox", context, _told(MADE_BY))
    phases = {phase for phase, *_ in context.reports}
    assert phases == {"loading", "shooting again", "printing"}
    assert context.notes == ["Its recipe tells exactly where all of this draft is: fox."]


def test_a_draft_at_any_rate_is_shot_again_past_its_layers(
    context: FakeJobContext, home: Path, held: FakeModels, tmp_path: Path
) -> None:
    made_by = msgspec.structs.replace(
        MADE_BY,
        prompt="a fox rolls to the right in the snow, pan left",
        rate="25/1",
        frames=10,
        options={MOVES: EASED},
    )
    other = FakeJobContext(tmp_path, home, "pocket-animatic", models=held)
    animatic.run(made_by, other)
    film = other.saved[0]
    assert isinstance(film, Path)
    context.assets["film"] = film
    made = _run("remove the fox", context, _told(made_by))
    assert context.notes == ["Its recipe tells exactly where all of this draft is: fox."]
    assert made.shape[0] == 10


def test_frames_outside_the_range_keep_every_pixel(
    context: FakeJobContext, made_draft: Path
) -> None:
    context.assets["film"] = made_draft
    made = _run("remove it", context, _told(MADE_BY), edit_in_s="1/6", edit_out_s="1/3")
    changed = [bool((m != s).any()) for m, s in zip(made, _pixels(made_draft), strict=True)]
    assert changed == [False] * 2 + [True] * 2 + [False] * 4


@pytest.mark.parametrize("frames", [8, 16])
def test_a_film_that_its_recipe_does_not_make_is_looked_at(
    context: FakeJobContext, tmp_path: Path, frames: int
) -> None:
    other = make_video(tmp_path / "other.mp4", Shot(frames=8, size=(512, 288)))
    context.assets["film"] = other
    made_by = msgspec.structs.replace(MADE_BY, frames=frames)
    _run("add a birthday cake on the left", context, _told(made_by))
    assert context.notes == ["The film is not what its recipe makes, so it is looked at."]


def test_what_was_drawn_by_another_model_is_looked_at(
    context: FakeJobContext, made_draft: Path
) -> None:
    context.assets["film"] = made_draft
    _run("add a robot on the left", context, _told(CLIP))
    assert context.notes == []
    assert "shooting again" not in {phase for phase, *_ in context.reports}


def test_a_recipe_that_is_none_is_told(context: FakeJobContext, made_draft: Path) -> None:
    context.assets["film"] = made_draft
    with pytest.raises(BadRequest, match="recipe cannot be read"):
        _run("remove it", context, "{")


TROUPE = msgspec.structs.replace(
    MADE_BY,
    prompt="a fox and two rabbits stand in a forest",
    options=load_catalogue().entry("pocket-animatic").options,
)


@pytest.fixture
def troupe(home: Path, held: FakeModels, tmp_path: Path) -> Path:
    (tmp_path / "troupe").mkdir()
    other = FakeJobContext(tmp_path / "troupe", home, "pocket-animatic", models=held)
    animatic.run(TROUPE, other)
    film = other.saved[0]
    assert isinstance(film, Path)
    return film


@pytest.mark.parametrize(
    ("words", "least", "most"),
    [
        ("remove the fox", 0.01, 0.6),
        ("remove the rabbits", 0.01, 0.6),
        ("make the fox blue", 0.01, 0.6),
        ("replace the rabbit with a cat", 0.01, 1.2),
        ("remove it", 1.0, 1.0),
    ],
)
def test_those_of_several_who_are_named_are_changed_and_the_others_stay(
    context: FakeJobContext, troupe: Path, words: str, least: float, most: float
) -> None:
    """Shares of what all of those who act cover."""
    context.assets["film"] = troupe
    source = _pixels(troupe)[0].astype(int)
    all_gone = np.abs(_run("remove it", context, _told(TROUPE))[0].astype(int) - source)
    changed = np.abs(_run(words, context, _told(TROUPE))[0].astype(int) - source)
    share = (changed.max(axis=2) > 40).sum() / (all_gone.max(axis=2) > 40).sum()
    assert least <= share <= most
