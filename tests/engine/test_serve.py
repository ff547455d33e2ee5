"""`serve` as its operator meets it: addresses, ports, tokens, TLS, quotas, and bad usage."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from engine.protocol import PROTOCOL_VERSION, routes
from engine.protocol.errors import ErrorCode
from engine.protocol.jobs import Done
from engine.protocol.routes import PROTOCOL_HEADER
from studio.client.address import Address, RemoteHost
from studio.client.connect import connect_server
from studio.client.errors import ConnectionUntrusted, EngineRefused
from studio.client.http_client import HttpEngineClient
from tests.engine.running import FAKES, LIMIT_S, ROOT, RunningEngine, noise, running_engine

ANN, BEN = "ann-has-a-long-token", "ben-has-a-long-token"


def serve(state: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`serve` where it is expected to end by itself."""
    command = [sys.executable, "-m", "engine", "serve", "--state", str(state), *FAKES, *options]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LIMIT_S
    )


def engine_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the engine's that is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "engine", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_S,
    )


def ask(engine: RunningEngine, **headers: str) -> httpx.Response:
    return httpx.get(engine.address.url + routes.HEALTH, headers=headers)


def assert_one_sentence(ended: subprocess.CompletedProcess[str], words: str) -> None:
    assert ended.returncode == 1
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_busy_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_one_sentence(serve(tmp_path, "--port", str(port)), f"Port {port} of 127.0.0.1")


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid"])
def test_an_address_that_is_not_this_machines_is_one_sentence(tmp_path: Path, host: str) -> None:
    assert_one_sentence(serve(tmp_path, "--host", host, "--port", "0"), f"cannot listen at {host}")


def test_a_second_engine_on_the_same_state_is_one_sentence(tmp_path: Path) -> None:
    with running_engine(tmp_path):
        assert_one_sentence(serve(tmp_path, "--port", "0"), "Another engine already works in")


def test_a_state_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert_one_sentence(serve(tmp_path / "file" / "state", "--port", "0"), "cannot be written")


def test_a_device_that_is_not_here_is_one_sentence(tmp_path: Path) -> None:
    assert_one_sentence(serve(tmp_path, "--port", "0", "--devices", "cuda:9"), "no device cuda:9")


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "names nobody"), ("ann short", "Line 1"), ("# who\nann a b c", "Line 2")],
)
def test_a_bad_tokens_file_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    tokens = tmp_path / "tokens.txt"
    tokens.write_text(text)
    assert_one_sentence(serve(tmp_path, "--port", "0", "--tokens", str(tokens)), words)


def test_half_a_certificate_is_one_sentence(tmp_path: Path) -> None:
    assert_one_sentence(serve(tmp_path, "--port", "0", "--tls-cert", "x.pem"), "TLS needs both")
    both = ("--tls-cert", "x.pem", "--tls-key", "y.pem")
    assert_one_sentence(serve(tmp_path, "--port", "0", *both), "cannot be used")


def test_bad_usage_exits_2_and_help_has_an_example(tmp_path: Path) -> None:
    assert serve(tmp_path, "--port", "many").returncode == 2
    assert serve(tmp_path, "--port", "99999").returncode == 2
    helped = serve(tmp_path, "--help")
    assert helped.returncode == 0
    assert "example:" in helped.stdout
    assert "--cast" not in helped.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("serve", "--port", "99999"), "--port: 99999 is not a port, which is 0 to 65535."),
        (("serve", "--port", "x"), "--port: x is not a port"),
        (("serve", "--cache-gb", "none"), "--cache-gb: none is not a size in GiB"),
        (("serve", "--bogus"), "It does not take --bogus."),
        (("serve", "--host"), "--host: a value is missing."),
    ],
)
def test_a_slip_is_one_sentence_without_the_usage(arguments: tuple[str, ...], said: str) -> None:
    ended = engine_command(*arguments)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert ended.stderr.startswith(said)
    assert f"python3 main.py {arguments[0]} --help tells more." in ended.stderr


@pytest.mark.parametrize(
    ("name", "asked", "shown"),
    [
        ("train", "Say what to train:", "  pocket-video "),
        ("evaluate", "Say what to score:", "  pocket-video "),
    ],
)
def test_what_is_left_out_is_asked_for_with_what_there_is(
    name: str, asked: str, shown: str
) -> None:
    left_out = engine_command(name)
    assert left_out.returncode == 2
    first, *lines = left_out.stderr.splitlines()
    assert first == asked
    assert any(line.startswith(shown) for line in lines)
    slip = engine_command(name, "pocket-vide")
    assert slip.returncode == 2
    assert "did you mean pocket-video?" in slip.stderr


def test_the_engines_commands_are_listed_and_unknown_ones_refused() -> None:
    command = [sys.executable, "-m", "engine"]
    unknown = subprocess.run([*command, "dance"], cwd=ROOT, capture_output=True, check=False)
    assert unknown.returncode == 2
    helped = subprocess.run([*command, "--help"], cwd=ROOT, capture_output=True, check=False)
    assert helped.returncode == 0
    assert b"serve" in helped.stdout


def test_no_token_or_a_wrong_one_is_401(engine: RunningEngine) -> None:
    assert ask(engine).status_code == 401
    wrong = ask(engine, Authorization="Bearer wrong")
    assert wrong.status_code == 401
    assert wrong.json()["code"] == ErrorCode.UNAUTHORIZED
    with pytest.raises(EngineRefused, match="token is not known here"):
        engine.client(token="wrong").health()


def test_a_newer_protocol_is_426(engine: RunningEngine) -> None:
    newer = {PROTOCOL_HEADER: str(PROTOCOL_VERSION + 1), **engine.address.headers}
    newer[PROTOCOL_HEADER] = str(PROTOCOL_VERSION + 1)
    answer = ask(engine, **newer)
    assert answer.status_code == 426
    assert answer.json()["hint"] == "Update the engine."


def test_a_protocol_that_is_no_number_is_refused(engine: RunningEngine) -> None:
    headers = {**engine.address.headers, PROTOCOL_HEADER: "new"}
    assert ask(engine, **headers).status_code == 400


def test_addresses_and_bodies_that_mean_nothing_are_refused(engine: RunningEngine) -> None:
    with httpx.Client(base_url=engine.address.url, headers=engine.address.headers) as client:
        assert client.get("/v1/nothing").json()["code"] == ErrorCode.NOT_FOUND
        assert client.delete(routes.HEALTH).status_code == 400
        assert client.post(routes.PLAN, content=b"{").status_code == 400
        assert client.post(routes.PLAN, content=b"x" * 5_000_000).status_code == 400
        assert client.get(routes.job_path("no-such-job")).status_code == 404
        assert client.get(routes.asset_path("zz")).status_code == 400
        assert client.get(routes.asset_path("0" * 64)).status_code == 404
        assert client.put(routes.asset_path("0" * 64), content=b"x").status_code == 400
        assert client.put(routes.holder_path(1)).status_code == 404


def test_named_tokens_keep_their_owners_apart_and_within_their_quota(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens.txt"
    tokens.write_text(f"# who may come in\nann {ANN}\nben {BEN} 1\n")
    with running_engine(tmp_path, "--tokens", str(tokens)) as engine:
        ann, ben = engine.client(ANN), engine.client(BEN)
        running = ann.submit(noise("held"))
        waiting = ben.submit(noise())
        with pytest.raises(EngineRefused, match="1 jobs of ben are waiting already") as refused:
            ben.submit(noise())
        assert refused.value.info.code is ErrorCode.QUOTA
        assert [job.id for job in ben.jobs().jobs] == [waiting]
        with pytest.raises(EngineRefused, match="no job"):
            ben.cancel(running)
        engine.let_go(running)
        assert isinstance(ben.wait(waiting).state, Done)


def test_tls_is_passed_on_and_checked_by_the_client(tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make = [
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
        *("-nodes", "-days", "1", "-subj", "/CN=127.0.0.1", "-addext"),
        *("subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)),
    ]
    if subprocess.run(make, capture_output=True, check=False).returncode:
        pytest.skip("needs openssl")
    options = ("--tls-cert", str(certificate), "--tls-key", str(key))
    with running_engine(tmp_path, *options) as engine:
        assert re.match(r"https://127\.0\.0\.1:\d+$", engine.address.url)
        trusted = connect_server(engine.address.url, engine.address.token, certificate)
        engine.clients.append(trusted)
        assert isinstance(trusted.wait(trusted.submit(noise())).state, Done)
        untrusting = HttpEngineClient(RemoteHost(Address(engine.address.url, engine.address.token)))
        with pytest.raises(ConnectionUntrusted, match="not trusted"):
            untrusting.health()
