"""`models`: listing, describing, and installing through the engine."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from engine.protocol.installs import InstallAction, Installing, InstallRequest
from studio.client.connect import connect_server
from studio.client.errors import EngineRefused
from tests.studio.commands.conftest import Here
from tests.studio.commands.running import command, end, sentence, start, visitor


def test_the_cast_is_listed_for_people_and_for_programs(here: Here) -> None:
    listed = command("models", "list", *here)
    assert listed.code == 0, listed.err
    assert listed.out.splitlines()[0].split()[:3] == ["model", "tier", "size"]
    assert "scene-absent" in listed.out
    cards = command("models", "list", "--json", *here).body
    assert [card["id"] for card in cards] == ["pocket-video", "scene-big", "scene-absent"]


def test_a_model_is_described_with_its_licence(here: Here) -> None:
    told = command("models", "info", "pocket-video", *here).out
    assert "CC0-1.0" in told
    assert "16:9 192 × 108" in told


def test_verifying_ends_well_or_names_the_damage(here: Here) -> None:
    whole = command("models", "verify", "pocket-video", "--json", *here)
    assert whole.code == 0, whole.err
    assert whole.body["installed"] is True
    damaged = command("models", "verify", "scene-absent", *here)
    said = sentence(damaged, 1)
    assert "weights" in said
    assert "models download scene-absent" in said


def test_ctrl_c_stops_it_and_another_try_is_let_in(here: Here) -> None:
    running = start("models", "verify", "scene-big", *here)
    client = visitor(here[1])
    request = InstallRequest(action=InstallAction.VERIFY)

    def ignore(_news: Installing) -> None:
        """Nobody watches."""

    def is_busy() -> bool:
        try:
            client.install("scene-big", InstallRequest(action=InstallAction.DOWNLOAD), ignore)
        except EngineRefused as refusal:
            return "already" in str(refusal)
        return False

    while not (is_busy() and is_busy()):  # once alone may be our own question, about to end
        if running.poll() is not None:  # the question itself, an install, was there before it
            assert "already" in sentence(end(running), 2)
            running = start("models", "verify", "scene-big", *here)
    running.send_signal(signal.SIGINT)
    assert sentence(end(running), 1) == "Stopped."
    while is_busy():
        continue
    assert client.install("scene-big", request, ignore).card.id == "scene-big"
    client.close()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("list", "pocket-video"), 2, "takes no model"),
        (("info",), 2, "Name the model"),
        (("burn", "pocket-video"), 2, "There is no models action 'burn'; choose from list, info"),
        (("info", "pocket-vidoe"), 2, "Did you mean pocket-video?"),
        (("import", "pocket-video"), 2, "A folder goes with models import"),
        (("verify", "pocket-video", "."), 2, "A folder goes with models import"),
        (("import", "pocket-video", "no-such-folder"), 1, "does not exist"),
        (("download", "scene-absent"), 2, "cannot be had"),
        (("download", "scene-absent", "--tier", "server"), 2, "on the server itself"),
    ],
)
def test_bad_input_is_told(here: Here, arguments: tuple[str, ...], code: int, said: str) -> None:
    assert said in sentence(command("models", *arguments, *here), code)


def test_a_server_lists_its_models_and_lets_nobody_install(there: tuple[str, str]) -> None:
    address, token = there
    listed = command("models", "list", "--server", address, "--token", token, "--json")
    assert listed.body[0]["id"] == "pocket-video"
    client = connect_server(address, token)
    with pytest.raises(EngineRefused, match="on its own machine"):
        client.install(
            "pocket-video", InstallRequest(action=InstallAction.VERIFY), lambda _news: None
        )
    client.close()


def test_the_true_catalogue_refuses_an_import_that_is_none(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    ended = command("models", "import", "wan2.1-1.3b", empty, "--engine-state", tmp_path / "engine")
    assert "model_index.json" in sentence(ended, 2)
