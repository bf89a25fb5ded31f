"""The scripts, run as a person runs them."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.cluster import Cluster
from tests.servers import await_ready, free_port

ROOT = Path(__file__).parent.parent
FIRST_START_SECONDS = 100
# What a first start says of what takes long.
MADE = ("Making the database cluster.", " submissions.")


def environment(**changes: str) -> dict[str, str]:
    """This process's own, without the database that the tests run on."""
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | changes


def script(name: str, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "scripts" / name, *arguments],
        env=environment(**changes),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def stubs(tmp_path: Path) -> Path:
    """A directory of programs that stand in front of the system's."""
    path = tmp_path / "stubs"
    path.mkdir()
    return path


def stub(stubs: Path, name: str, body: str) -> None:
    (stubs / name).write_text(f"#!/bin/sh\n{body}\n")
    (stubs / name).chmod(0o755)


def test_a_port_in_use_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        done = script("serve", "--port", port, PORTAL_HOME=str(tmp_path / "home"), UV=uv())
    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert "choose another with --port" in done.stderr
    assert not (tmp_path / "home" / "cluster").exists()


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_a_port_that_is_none(port: str) -> None:
    done = script("serve", "--port", port)
    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_option() -> None:
    done = script("serve", "--prot", "8001")
    assert done.returncode == 1
    assert done.stderr == "scripts/serve knows --port N and --scale S, not --prot.\n"


def test_help() -> None:
    done = script("serve", "--help")
    assert done.returncode == 0
    assert "scripts/serve [--port N] [--scale S]" in done.stdout


@pytest.mark.parametrize("name", ["serve", "test"])
def test_without_root_and_postgis_it_says_what_to_do(name: str, stubs: Path, tmp_path: Path) -> None:
    stub(stubs, "id", "echo 1000")
    arguments = ["--port", str(free_port())] if name == "serve" else []
    path = f"{stubs}:{os.environ['PATH']}"
    done = script(name, *arguments, PATH=path, PORTAL_POSTGRES=str(tmp_path), PORTAL_HOME=str(tmp_path), UV=uv())
    assert done.returncode == 1
    assert "apt-get install postgresql-15-postgis-3" in done.stderr
    assert "docker compose up" in done.stderr
    assert "DATABASE_URL" in done.stderr


def test_without_a_python_that_is_new_enough(stubs: Path) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        stub(stubs, name, "exit 1")
    done = setup("find_python", stubs)
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr


def test_without_venv_and_root_it_says_what_to_install(stubs: Path) -> None:
    stub(stubs, "id", "echo 1000")
    done = setup("has_venv() { false; }; install_uv", stubs)
    assert done.returncode == 1
    assert "-venv" in done.stderr


@pytest.mark.parametrize(("version", "fits"), [("0.13.9", True), ("0.14.0", True), ("0.9.30", False), ("", False)])
def test_a_uv_that_is_too_old_is_not_used(stubs: Path, version: str, fits: bool) -> None:
    stub(stubs, "uv", f"echo uv {version}")
    assert (setup(f"uv_fits {stubs}/uv", stubs).returncode == 0) is fits


def setup(commands: str, stubs: Path) -> subprocess.CompletedProcess[str]:
    """Run some of the shared functions alone."""
    return subprocess.run(
        ["bash", "-c", f". scripts/setup; PATH={stubs}:$PATH; {commands}"],
        cwd=ROOT,
        env=environment(UV=uv(), PYTHON=""),
        capture_output=True,
        text=True,
        check=False,
    )


def uv() -> str:
    """The uv of this run, so that no test has to install another."""
    return os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".portal" / "tools" / "bin" / "uv")


# The whole life of a server


@pytest.fixture
def home() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="portal-home-"))
    path.chmod(0o711)
    yield path
    Cluster(path / "cluster").remove()
    shutil.rmtree(path)


@contextmanager
def serving(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The server in a process group of its own and open to Ctrl-C, as a terminal gives it."""
    server = subprocess.Popen(
        ["env", "--default-signal=INT", ROOT / "scripts" / "serve", "--port", str(port), "--scale", "0.01"],
        env=environment(PORTAL_HOME=str(home), UV=uv()),
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with server:
        try:
            yield server
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)


def await_start(server: subprocess.Popen[str], port: int) -> None:
    await_ready(port, FIRST_START_SECONDS, lambda: server.poll() is None)


def said(server: subprocess.Popen[str]) -> str:
    """All that a server that has ended has said."""
    assert server.stdout is not None
    return server.stdout.read()


def interrupt(server: subprocess.Popen[str]) -> None:
    os.killpg(server.pid, signal.SIGINT)
    assert server.wait(30) == 130


@pytest.mark.long
@pytest.mark.timeout(300)
def test_serve_stops_all_that_it_started_and_makes_nothing_again(home: Path) -> None:
    """Seconds are no measure of a quick start on a machine that others use: what takes them is done once."""
    port = free_port()
    with serving(home, port) as server:
        await_start(server, port)
        assert Cluster(home / "cluster").running
        interrupt(server)
        first = said(server)
    assert not Cluster(home / "cluster").running
    with serving(home, port) as server:
        await_start(server, port)
        server.terminate()
        assert server.wait(30) == 143
        second = said(server)
    assert [words in first for words in MADE] == [True, True]
    assert [words in second for words in MADE] == [False, False]
    assert not Cluster(home / "cluster").running


@pytest.mark.long
@pytest.mark.timeout(300)
def test_serve_mends_what_a_kill_at_any_moment_left_behind(home: Path) -> None:
    port = free_port()
    for seconds in (1, 2, 3, 4):
        with serving(home, port) as server:
            time.sleep(seconds)
            os.killpg(server.pid, signal.SIGKILL)
        await_silence(port)
    with serving(home, port) as server:
        await_start(server, port)
        interrupt(server)
    assert not Cluster(home / "cluster").running


def await_silence(port: int) -> None:
    """Until nothing listens: the kernel tells the children of a killed script to end, and they take a moment."""
    deadline = time.monotonic() + 10
    while True:
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) != 0:
                return
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_two_servers_share_the_database_until_the_last_stops(home: Path) -> None:
    first, second = free_port(), free_port()
    with serving(home, first) as one:
        await_start(one, first)
        with serving(home, second) as other:
            await_start(other, second)
            interrupt(one)
            assert Cluster(home / "cluster").running
            interrupt(other)
    assert not Cluster(home / "cluster").running
