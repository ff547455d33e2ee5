"""Which torch each kind of machine gets, given what the indexes would answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from installers.accelerator import Accelerator
from installers.errors import NoBuild, NoNetwork
from installers.pip import Package
from installers.torch_build import TORCH, choose

CUDA_TORCH = Package("torch", "2.13.0", ('nvidia-cublas==13.0; platform_system == "Linux"',))
CPU_TORCH = Package("torch", "2.13.0+cpu", ("sympy",))

Answers = dict[str, Package]


def answering(answers: Answers) -> Callable[..., Package]:
    """A plan that knows these sources: "" is the ordinary index, the others are PyTorch's tags."""

    def plan(*arguments: str) -> Package:
        tag = arguments[1].rpartition("/")[2] if "--index-url" in arguments else ""
        found = answers.get(tag)
        if found is None or not f"torch=={found.version}".startswith(arguments[-1]):
            raise NoBuild(f"nothing at {tag}")
        return found

    return plan


def built(tag: str) -> Package:
    return Package("torch", f"2.13.0+{tag}")


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
            {"": CUDA_TORCH, "cu130": built("cu130"), "cu126": built("cu126")},
            ("PyTorch's cu126 index", Accelerator.CUDA),
            id="an older build for an older driver",
        ),
        pytest.param(
            Accelerator.CUDA, (13, 0), {"": CPU_TORCH, "cu130": built("cu130")},
            ("PyTorch's cu130 index", Accelerator.CUDA),
            id="a card beside a folder of CPU wheels",
        ),
        pytest.param(
            Accelerator.CUDA, (11, 8), {"": CUDA_TORCH, "cpu": CPU_TORCH},
            ("PyTorch's cpu index", Accelerator.CPU),
            id="a driver too old for any build",
        ),
        pytest.param(
            Accelerator.ROCM, None, {"": CUDA_TORCH, "rocm7.1": built("rocm7.1")},
            ("PyTorch's rocm7.1 index", Accelerator.ROCM),
            id="AMD",
        ),
    ],
)  # fmt: skip
def test_the_first_source_that_suits_wins(
    accelerator: Accelerator,
    cuda: tuple[int, int] | None,
    answers: Answers,
    expected: tuple[str, Accelerator],
) -> None:
    build = choose(accelerator, cuda, answering(answers), system="Linux")
    assert (build.source.name, build.accelerator) == expected


def test_a_mac_takes_the_ordinary_build() -> None:
    build = choose(Accelerator.MPS, None, answering({"": CUDA_TORCH}), system="Darwin")
    assert (build.source.name, build.accelerator) == ("the package index", Accelerator.MPS)


def test_the_ordinary_build_of_windows_has_no_cuda_in_it() -> None:
    answers = {"": CUDA_TORCH, "cu130": built("cu130")}
    build = choose(Accelerator.CUDA, (13, 0), answering(answers), system="Windows")
    assert build.source.name == "PyTorch's cu130 index"


def test_without_a_card_the_ordinary_build_is_not_even_asked_for() -> None:
    asked: list[tuple[str, ...]] = []

    def plan(*arguments: str) -> Package:
        asked.append(arguments)
        raise NoBuild("nothing here")

    with pytest.raises(NoBuild, match=r"No source has torch==2\.13\.0 .* without GPU libraries"):
        choose(Accelerator.CPU, None, plan, "https://pytorch.example", system="Linux")
    assert asked == [
        (f"{TORCH}+cpu",),
        ("--index-url", "https://pytorch.example/cpu", f"{TORCH}+cpu"),
    ]


def test_the_source_that_could_not_be_reached_is_the_reason_given() -> None:
    def plan(*arguments: str) -> Package:
        if "--index-url" in arguments:
            raise NoNetwork("the package index")
        raise NoBuild("nothing here")

    with pytest.raises(NoNetwork, match=r"^PyTorch's cpu index could not be reached; check"):
        choose(Accelerator.CPU, None, plan, system="Linux")
