"""The private cluster, made and broken for real; skipped only where another server is used."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from portal.cluster import Cluster, account, cluster, configuration, layout, programs
from portal.cluster.cli import app
from portal.cluster.errors import ClusterError, DiskFull, ProgramsMissing, ServerFailed, Unreachable

AS_ROOT = os.geteuid() == 0


def installed() -> bool:
    try:
        programs.find()
    except ProgramsMissing:
        return False
    return True


pytestmark = pytest.mark.skipif(not installed(), reason="The cluster needs PostgreSQL's programs on this machine.")


@pytest.fixture
def directory() -> Iterator[Path]:
    """A directory that the server's account can reach, unlike pytest's own temporary ones."""
    path = Path(tempfile.mkdtemp(prefix="portal-cluster-"))
    path.chmod(0o711)
    yield path / "cluster"
    Cluster(path / "cluster").remove()
    shutil.rmtree(path)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def private(directory: Path, said: list[str]) -> Cluster:
    """One that waits for no disk, as what most tests break is not the data."""
    return Cluster(directory, throwaway=True, say=said.append)


@pytest.fixture
def kept(directory: Path, said: list[str]) -> Cluster:
    """One whose data are safe."""
    return Cluster(directory, say=said.append)


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row and row[0]


def tell(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def postmaster(directory: Path) -> int:
    return int((directory / "server" / "data" / "postmaster.pid").read_text().split()[0])


def kill_server(private: Cluster, directory: Path) -> None:
    os.kill(postmaster(directory), signal.SIGKILL)
    wait_until(lambda: not private.running)


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_fresh_cluster_has_what_the_portal_needs(private: Cluster) -> None:
    url = private.start()
    assert private.running
    assert ask(url, "select current_user || ' ' || current_database()") == "portal portal"
    assert ask(url, "show server_encoding") == "UTF8"
    assert ask(url, "select count(*) > 0 from pg_collation where collprovider = 'i'") is True
    assert ask(url, "select count(*) from pg_available_extensions where name in ('postgis', 'pg_trgm', 'ltree')") == 3


def test_a_second_start_only_answers(private: Cluster, directory: Path, said: list[str]) -> None:
    url = private.start()
    server = postmaster(directory)
    said.clear()
    assert Cluster(directory, say=said.append).start() == url
    assert postmaster(directory) == server
    assert said == []


def test_data_outlive_a_stop(kept: Cluster) -> None:
    tell(kept.start(), "create table kept as select 42 as answer")
    assert kept.stop()
    assert not kept.running
    assert ask(kept.start(), "select answer from kept") == 42


def test_no_port_is_open_and_nobody_else_gets_in(private: Cluster, directory: Path) -> None:
    url = private.start()
    assert ask(url, "show listen_addresses") == ""
    assert (directory / "server").stat().st_mode & 0o077 == 0
    assert ask(url, "select string_agg(distinct auth_method, ' ') from pg_hba_file_rules") == "peer"
    children = Path(f"/proc/{postmaster(directory)}/task/{postmaster(directory)}/children").read_text().split()
    assert not (listening() & sockets([*children, str(postmaster(directory))]))


def listening() -> set[str]:
    """The inodes of all TCP sockets of this machine that listen."""
    lines = [line.split() for name in ("tcp", "tcp6") for line in Path("/proc/net", name).read_text().splitlines()[1:]]
    return {words[9] for words in lines if words[3] == "0A"}


def sockets(processes: list[str]) -> set[str]:
    """The inodes of their sockets; a session that ends in the meantime has none any more."""
    links: list[str] = []
    for process in processes:
        with suppress(FileNotFoundError):
            links += [str(link.readlink()) for link in Path("/proc", process, "fd").iterdir()]
    return {link[8:-1] for link in links if link.startswith("socket:[")}


def test_a_killed_server_recovers(kept: Cluster, directory: Path, said: list[str]) -> None:
    tell(kept.start(), "create table kept as select 42 as answer")
    kill_server(kept, directory)
    url = kept.start()
    assert ask(url, "select answer from kept") == 42
    assert said[-1] == "The database had not been stopped in order; recovering."


def test_a_stale_pid_of_another_program_is_no_obstacle(private: Cluster, directory: Path) -> None:
    private.start()
    private.stop()
    stale = directory / "server" / "data" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n")
    assert not private.running
    private.start()
    assert postmaster(directory) != os.getpid()


def test_a_stale_socket_is_no_obstacle(private: Cluster, directory: Path) -> None:
    private.start()
    private.stop()
    address = directory / "server" / layout.SOCKET_NAME
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(address))
    address.with_name(f"{address.name}.lock").write_text(f"{os.getpid()}\n")
    assert ask(private.start(), "select 1") == 1


def test_a_half_made_cluster_is_made_again(private: Cluster, directory: Path, said: list[str]) -> None:
    private.start()
    private.stop()
    data = directory / "server" / "data"
    data.rename(data.with_name("data.half-1"))
    assert ask(private.start(), "select 1") == 1
    assert "A start was interrupted while it made the database; making it again." in said
    assert list(data.parent.glob("data.half-*")) == []


def test_a_cluster_without_its_database_gets_it(private: Cluster) -> None:
    url = private.start()
    with psycopg.connect(url, dbname="postgres", autocommit=True) as connection:
        connection.execute("drop database portal")
    assert ask(private.start(), "select 1") == 1


def test_a_path_too_long_for_a_socket(directory: Path) -> None:
    deep = Cluster(directory / ("long" * 25), throwaway=True)
    try:
        assert ask(deep.start(), "select 1") == 1
    finally:
        deep.remove()


@pytest.mark.skipif(not AS_ROOT, reason="Only root's server runs under another account.")
def test_a_directory_that_the_server_cannot_reach(directory: Path, said: list[str]) -> None:
    directory.parent.chmod(0o700)
    closed = Cluster(directory, throwaway=True, say=said.append)
    url = closed.start()
    assert ask(url, "select 1") == 1
    home = (directory / "elsewhere").read_text().strip()
    assert said[-1] == f"The database's files are in {home}."
    directory.parent.chmod(0o711)
    assert Cluster(directory).url == url, "found again wherever it is"


@pytest.mark.skipif(not AS_ROOT, reason="Only root's server runs under another account.")
def test_a_directory_that_was_closed_later(private: Cluster, directory: Path) -> None:
    private.start()
    private.stop()
    directory.parent.chmod(0o700)
    with pytest.raises(Unreachable, match=r"chmod o\+x"):
        Cluster(directory)
    directory.parent.chmod(0o711)


@pytest.mark.skipif(not AS_ROOT, reason="Only root can give a directory away.")
def test_a_directory_of_somebody_else(private: Cluster, directory: Path) -> None:
    (directory / "server").mkdir(parents=True)
    os.chown(directory / "server", 65534, 65534)
    with pytest.raises(Unreachable, match="does not belong to the account"):
        private.start()


def test_the_last_to_leave_stops_it(private: Cluster) -> None:
    with subprocess.Popen(["sleep", "60"]) as other:
        private.start(os.getpid())
        private.start(other.pid)
        assert not private.stop(os.getpid())
        assert private.running
        private.start(os.getpid())
        other.kill()
    assert private.stop(os.getpid()), "a killed process does not keep it"
    assert not private.running


def test_clusters_of_killed_processes_are_swept(private: Cluster, directory: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as owner:
        private.start(owner.pid)
        CliRunner().invoke(app, ["sweep", f"{directory.parent}/clus*"])
        assert private.running
        owner.kill()
    CliRunner().invoke(app, ["sweep", f"{directory.parent}/clus*"])
    assert not directory.exists()


def test_a_full_disk_is_told_before_anything_is_made(
    kept: Cluster, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage("/")._replace(free=1024**2)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(DiskFull, match=r"has 1 MB left, and 2048 MB are needed: make room"):
        kept.start()
    assert list((directory / "server").iterdir()) == []
    monkeypatch.undo()
    assert ask(kept.start(), "select 1") == 1


def test_a_server_that_fails_is_quoted(private: Cluster, directory: Path) -> None:
    private.start()
    private.stop()
    with (directory / "server" / "data" / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = nonsense\n")
    with pytest.raises(ServerFailed, match="nonsense"):
        private.start()


def test_data_of_a_version_that_is_gone(private: Cluster, directory: Path) -> None:
    private.start()
    private.stop()
    (directory / "server" / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(ProgramsMissing, match="PostgreSQL 14, which made this cluster's data, with PostGIS is not"):
        private.start()
    (directory / "server" / "data" / "PG_VERSION").write_text("15\n")


def test_without_programs_it_says_what_to_install(
    private: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_POSTGRES", str(tmp_path))
    with pytest.raises(
        ProgramsMissing, match=r"apt-get install postgresql-15-postgis-3.*docker compose up.*DATABASE_URL"
    ):
        private.start()


def test_a_failure_is_shown_as_a_sentence(directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_POSTGRES", str(tmp_path))
    result = CliRunner().invoke(app, ["start", str(directory)])
    assert result.exit_code == 1
    assert "with PostGIS is not on this machine." in result.output
    assert "Traceback" not in result.output


def test_the_commands(directory: Path) -> None:
    command = CliRunner()
    assert command.invoke(app, ["status", str(directory)]).exit_code == 1
    started = command.invoke(app, ["start", str(directory), "--throwaway"])
    assert started.stdout == command.invoke(app, ["status", str(directory)]).stdout
    assert command.invoke(app, ["stop", str(directory)]).exit_code == 0
    assert command.invoke(app, ["remove", str(directory)]).exit_code == 0
    assert not directory.exists()


def test_a_kept_cluster_is_safe_and_a_throwaway_one_fast() -> None:
    kept = configuration.configuration(Path("/somewhere"), throwaway=False)
    assert "fsync" not in kept, "PostgreSQL's own settings are the safe ones"
    assert "full_page_writes" not in kept
    assert "synchronous_commit" not in kept
    assert "fsync = 'off'" in configuration.configuration(Path("/somewhere"), throwaway=True)


def test_memory_is_shared_modestly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuration, "_machine_memory", lambda: 8 * 1024**3)
    text = configuration.configuration(Path("/somewhere"), throwaway=False)
    assert "shared_buffers = '1024MB'" in text
    assert "effective_cache_size = '4096MB'" in text


def test_every_error_is_of_the_one_tree() -> None:
    assert all(issubclass(error, ClusterError) for error in (DiskFull, ProgramsMissing, ServerFailed, Unreachable))
    assert account.invoker()
    assert cluster.ROLE == cluster.DATABASE
