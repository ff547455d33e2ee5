"""How sticker models learn: routed noise levels, dropped conditions, distillations, students."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.models.moviegen.configs import POCKET_TRANSFORMER
from engine.models.moviegen.transformer import TextFeatures, VideoTransformer
from engine.protocol.ratings import (
    Rater,
    Reason,
    Verdict,
    add_choice,
    choice,
    read_candidates,
    read_choices,
)
from engine.training.finetune import Stage, run_stage
from engine.training.ratings import decide
from engine.training.sticker_animation import (
    STUDENT_BLOCKS,
    LoopFacts,
    loop_facts,
    loop_fault,
    mixed,
    student_of,
)
from engine.training.sticker_grammar import MOTIONS, STICKER_SUBJECTS, Sticker, Style
from engine.training.sticker_latents import StickerShard
from engine.training.sticker_losses import (
    example,
    flow_loss,
    guidance_loss,
    guided_velocity,
    step_loss,
)
from engine.training.sticker_samples import joined
from engine.training.sticker_tailoring import (
    CONTENT_ABOVE,
    Candidates,
    Sets,
    name_of,
    put_out,
    tailoring_batch,
)

CPU = torch.device("cpu")
_TINY: dict[str, Any] = POCKET_TRANSFORMER | {
    "layers": 8, "dim": 24, "ffn_dim": 16, "heads": 2, "text_dims": (8,), "pooled_dim": 8,
    "local_channels": 4,
}  # fmt: skip
_ONE_BLOCK: dict[str, Any] = _TINY | {"layers": 1}
NULL = TextFeatures((torch.zeros(1, 4, 8),), torch.ones(1, 4, dtype=torch.bool), torch.zeros(1, 8))


@pytest.fixture(scope="module")
def model() -> VideoTransformer:
    torch.manual_seed(0)
    made = VideoTransformer(**_TINY).eval()
    for parameter in made.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return made


def _shard(count: int, frames: int, value: float | None = None) -> StickerShard:
    generator = torch.Generator().manual_seed(count)

    def noise(*shape: int) -> torch.Tensor:
        return torch.randn(count, *shape, generator=generator)

    latents = noise(16, frames, 16, 16)
    return StickerShard(
        latents=latents if value is None else torch.full_like(latents, value),
        reference=noise(16, 1, 16, 16) if frames > 1 else torch.zeros(count, 16, 1, 16, 16),
        cover=torch.ones(count, 1, frames, 16, 16),
        states=noise(4, 8),
        mask=torch.ones(count, 4, dtype=torch.bool),
        pooled=noise(8),
    )


def test_tailoring_learns_noisy_steps_from_content_and_late_ones_from_style() -> None:
    sets = Sets(alignment=_shard(5, 1, value=1.0), style=_shard(7, 1, value=2.0))
    torch.manual_seed(1)
    content = 0
    for _ in range(40):
        batch, times = tailoring_batch(sets, 32)
        noisy = 1.0 - times >= CONTENT_ABOVE
        from_content = batch.latents[:, 0, 0, 0, 0] == 1.0
        assert torch.equal(noisy, from_content)
        content += int(noisy.sum())
    assert 0.06 < content / (40 * 32) < 0.2


def test_dropped_conditions_are_the_empty_prompt_and_a_black_still() -> None:
    torch.manual_seed(2)
    sample = example(_shard(400, 2), torch.rand(400), NULL, CPU, drop=True)
    no_text = (sample.text.states[0] == 0).all(dim=(1, 2))
    no_still = (sample.condition == 0).flatten(1).all(dim=1)
    assert 0.08 < no_text.float().mean() < 0.2
    assert 0.06 < no_still.float().mean() < 0.18
    assert 0.02 < (no_text & no_still).float().mean() < 0.12
    whole = example(_shard(50, 2), torch.rand(50), NULL, CPU, drop=False)
    assert not (whole.condition[:, :16] == 0).flatten(1).all(dim=1).any()
    assert (whole.condition[:, 16:] == 0).all()


def test_guidance_of_one_and_one_is_the_plain_forward(model: VideoTransformer) -> None:
    sample = example(_shard(3, 2), torch.tensor([0.2, 0.5, 0.8]), NULL, CPU, drop=False)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        plain = model(sample.noisy, sample.time, sample.text, sample.condition).float()
    same = guided_velocity(model, sample.noisy, sample.time, sample, NULL, 1.0, 1.0)
    assert torch.allclose(plain, same, atol=1e-2)
    more = guided_velocity(model, sample.noisy, sample.time, sample, NULL, 3.0, 1.5)
    assert not torch.allclose(plain, more, atol=1e-2)


def test_a_model_already_agrees_with_its_own_unguided_teacher(model: VideoTransformer) -> None:
    sample = example(_shard(3, 2), torch.tensor([0.2, 0.5, 0.8]), NULL, CPU, drop=False)
    assert guidance_loss(model, model, sample, NULL, 1.0, 1.0).item() < 1e-4
    assert guidance_loss(model, model, sample, NULL, 4.0, 1.5).item() > 1e-4


def test_a_step_of_no_length_teaches_what_the_teacher_says_there(model: VideoTransformer) -> None:
    times = torch.tensor([0.3, 0.6])
    sample = example(_shard(2, 2), times, NULL, CPU, drop=False)
    assert step_loss(model, model, sample, times, times).item() < 1e-4
    assert step_loss(model, model, sample, times, torch.ones(2)).item() > 1e-6


def test_a_student_is_its_teacher_with_fewer_blocks() -> None:
    torch.manual_seed(4)
    teacher = VideoTransformer(**_TINY)
    student = student_of(teacher)
    assert len(student.blocks) == len(STUDENT_BLOCKS)
    last, theirs = student.blocks[-1].state_dict(), teacher.blocks[-1].state_dict()
    assert all(torch.equal(last[name], theirs[name]) for name in theirs)
    assert torch.equal(student.patch_in.weight, teacher.patch_in.weight)


def test_a_stage_lowers_its_loss_and_is_taken_up_where_it_ended(tmp_path: Path) -> None:
    torch.manual_seed(5)
    learner = VideoTransformer(**_ONE_BLOCK)
    shard = _shard(4, 1)
    losses: list[float] = []
    clock_s = 0.0

    def loss(being_trained: VideoTransformer, _spent: float) -> torch.Tensor:
        nonlocal clock_s
        clock_s += 1.5
        torch.manual_seed(6)
        sample = example(shard, torch.full((4,), 0.5), NULL, CPU, drop=False)
        value = flow_loss(being_trained, sample)
        losses.append(value.item())
        return value

    stage = Stage("first", minutes=1, loss=loss)
    run_stage(learner, stage, tmp_path, compiled=False, clock=lambda: clock_s)
    assert len(losses) == 40
    assert losses[-1] < losses[0]
    again = VideoTransformer(**_ONE_BLOCK)
    run_stage(again, stage, tmp_path, compiled=False)
    assert len(losses) == 40
    assert torch.allclose(again.patch_in.weight, learner.patch_in.weight)


def test_an_unfinished_stage_gets_the_minutes_it_had_left(tmp_path: Path) -> None:
    shard, clock_s, seen = _shard(1, 1), 0.0, list[float]()

    def loss(being_trained: VideoTransformer, spent: float) -> torch.Tensor:
        nonlocal clock_s
        clock_s += 0.5
        seen.append(spent)
        if len(seen) == 106:
            raise KeyboardInterrupt
        sample = example(shard, torch.full((1,), 0.5), NULL, CPU, drop=False)
        return flow_loss(being_trained, sample)

    stage = Stage("first", minutes=1, loss=loss)
    with pytest.raises(KeyboardInterrupt):
        run_stage(
            VideoTransformer(**_ONE_BLOCK), stage, tmp_path, compiled=False, clock=lambda: clock_s
        )
    stopped = len(seen)
    run_stage(
        VideoTransformer(**_ONE_BLOCK), stage, tmp_path, compiled=False, clock=lambda: clock_s
    )
    assert seen[stopped] == pytest.approx(100 / 120)
    assert len(seen) == stopped + 20


def test_mixing_keeps_the_count_and_joins_what_it_draws() -> None:
    both = mixed([(0.5, _shard(3, 2, 1.0)), (0.5, _shard(4, 2, 2.0))], 64)
    assert len(both) == 64
    assert set(both.latents.unique().tolist()) == {1.0, 2.0}
    assert len(joined([both, both])) == 128


def test_a_still_picture_moves_not_and_closes() -> None:
    still = np.full((16, 16, 3), 90, np.uint8)
    facts = loop_facts(np.repeat(still[None], 8, axis=0), still)
    assert facts.motion == 0
    assert facts.closure == 0
    assert facts.fidelity_db > 90


def test_the_judge_of_loops_wants_motion_where_it_was_asked_for() -> None:
    moving = Sticker(STICKER_SUBJECTS[0], Style.RENDERED, 1, motion=MOTIONS[1])
    standing = Sticker(STICKER_SUBJECTS[0], Style.RENDERED, 1, motion=MOTIONS[0])
    still = LoopFacts(motion=0.1, fidelity_db=30.0, closure=1.0)
    assert loop_fault(still, moving) == (False, Reason.NO_MOTION)
    assert loop_fault(still, standing)[0]
    assert not loop_fault(LoopFacts(3.0, 30.0, 4.0), moving)[0]
    assert loop_fault(LoopFacts(3.0, 30.0, 1.1), moving)[0]


def test_a_persons_choice_outweighs_the_judges(tmp_path: Path) -> None:
    wanted = [Sticker(STICKER_SUBJECTS[i], Style.RENDERED, i) for i in range(3)]
    seen = np.zeros((3, 8, 8, 3), np.uint8)
    put_out(Candidates(wanted, _shard(3, 1), seen), tmp_path, "made")
    first = choice_of(tmp_path, 0, Verdict.KEEP)
    add_choice(tmp_path, first)
    good = {name_of("made", i): (i == 1, Reason.UGLY) for i in range(3)}
    assert decide(tmp_path, good) == {name_of("made", 0), name_of("made", 1)}
    made = read_choices(tmp_path)
    assert made[name_of("made", 0)].by is Rater.PERSON
    assert made[name_of("made", 2)].reasons == (Reason.UGLY,)


def choice_of(folder: Path, index: int, verdict: Verdict) -> Any:

    return choice(read_candidates(folder)[index], verdict, Rater.PERSON)
