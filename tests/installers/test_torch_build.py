"""Which torch each kind of machine gets, given what the indexes would answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from installers.accelerator import Accelerator
from installers.errors import NoBuild, NoNetwork
from installers.pip import Package
from installers.torch_build import TORCH, choose

CUDA_TORCH = (Package("torch", "2.13.0"), Package("nvidia-cublas", "13.0"))
CPU_TORCH = (Package("torch", "2.13.0+cpu"), Package("sympy", "1.14"))
PLAIN_TORCH = (Package("torch", "2.13.0"), Package("sympy", "1.14"))

Answers = dict[str, tuple[Package, ...]]


def answering(answers: Answers) -> Callable[..., tuple[Package, ...]]:
    """A plan that knows these sources: "" is the ordinary index, the others are PyTorch's tags."""

    def plan(*arguments: str) -> tuple[Package, ...]:
        assert arguments[-1] == TORCH
        tag = arguments[1].rpartition("/")[2] if "--index-url" in arguments else ""
        if tag not in answers:
            raise NoBuild(f"nothing at {tag}")
        return answers[tag]

    return plan


@pytest.mark.parametrize(
    ("accelerator", "cuda", "answers", "expected"),
    [
        pytest.param(
            Accelerator.CPU, None, {"": CPU_TORCH, "cpu": CPU_TORCH},
            ("the package index", Accelerator.CPU),
            id="a folder of wheels that holds a CPU build is enough",
        ),
        pytest.param(
            Accelerator.CPU, None, {"": CUDA_TORCH, "cpu": CPU_TORCH},
            ("PyTorch's cpu index", Accelerator.CPU),
            id="no CUDA without a card",
        ),
        pytest.param(
            Accelerator.CUDA, (13, 1), {"": CUDA_TORCH, "cpu": CPU_TORCH},
            ("the package index", Accelerator.CUDA),
            id="the ordinary build for a card with a recent driver",
        ),
        pytest.param(
            Accelerator.CUDA, (12, 4),
            {"": CUDA_TORCH, "cu130": (Package("torch", "2.13.0+cu130"),),
             "cu126": (Package("torch", "2.13.0+cu126"),)},
            ("PyTorch's cu126 index", Accelerator.CUDA),
            id="an older build for an older driver",
        ),
        pytest.param(
            Accelerator.CUDA, (13, 0),
            {"": PLAIN_TORCH, "cu130": (Package("torch", "2.13.0+cu130"),)},
            ("PyTorch's cu130 index", Accelerator.CUDA),
            id="Windows, where the ordinary build is for the processor",
        ),
        pytest.param(
            Accelerator.CUDA, (11, 8), {"": CUDA_TORCH, "cpu": CPU_TORCH},
            ("PyTorch's cpu index", Accelerator.CPU),
            id="a driver too old for any build",
        ),
        pytest.param(
            Accelerator.ROCM, None,
            {"": CUDA_TORCH, "rocm7.1": (Package("torch", "2.13.0+rocm7.1"),)},
            ("PyTorch's rocm7.1 index", Accelerator.ROCM),
            id="AMD",
        ),
        pytest.param(
            Accelerator.MPS, None, {"": PLAIN_TORCH},
            ("the package index", Accelerator.MPS),
            id="a Mac",
        ),
    ],
)  # fmt: skip
def test_the_first_source_that_suits_wins(
    accelerator: Accelerator,
    cuda: tuple[int, int] | None,
    answers: Answers,
    expected: tuple[str, Accelerator],
) -> None:
    build = choose(accelerator, cuda, answering(answers))
    assert (build.source, build.accelerator) == expected


def test_cuda_is_refused_even_when_nothing_else_is_there() -> None:
    with pytest.raises(NoBuild, match=r"No source has torch==2\.13\.0 .* without GPU libraries"):
        choose(Accelerator.CPU, None, answering({"": CUDA_TORCH}))


def test_a_network_that_failed_is_the_reason_given() -> None:
    def plan(*arguments: str) -> tuple[Package, ...]:
        raise NoNetwork("The package index could not be reached; check the network.")

    with pytest.raises(NoNetwork):
        choose(Accelerator.CPU, None, plan)
