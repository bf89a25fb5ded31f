"""The server's settings, fitted to the machine it runs on."""

import os
from pathlib import Path

MIB = 1024**2
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
CONNECTIONS = 100

# Data that is thrown away after the tests needs no protection from a power cut.
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Each buffer is looked at, some times, whenever a database is made or dropped, as tests do all the time.
    "shared_buffers": "256MB",
}


def configuration(socket: Path, *, throwaway: bool) -> str:
    """The text of a configuration file: one setting a line, later ones winning over PostgreSQL's own."""
    settings = _private(socket) | _memory(_machine_memory()) | _manners()
    if throwaway:
        settings |= THROWAWAY
    return "".join(f"{name} = {_quoted(value)}\n" for name, value in settings.items())


def _private(socket: Path) -> dict[str, str]:
    """No TCP at all, and a socket that only its owner (and root) can open."""
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(socket),
        "unix_socket_permissions": "0700",
        "max_connections": str(CONNECTIONS),
    }


def _memory(machine: int) -> dict[str, str]:
    """A modest share: the portal itself and the page cache live on the same machine."""
    return {
        "shared_buffers": _megabytes(machine // 8, 64, 4096),
        "effective_cache_size": _megabytes(machine // 2, 256, 65536),
        "work_mem": _megabytes(machine // (8 * CONNECTIONS), 4, 64),
        "maintenance_work_mem": _megabytes(machine // 32, 64, 1024),
    }


def _manners() -> dict[str, str]:
    return {
        # Compiling a plan costs more than these short queries take.
        "jit": "off",
        # Disks seek for nothing today; the default of 4 is for spinning ones.
        "random_page_cost": "1.1",
        "max_wal_size": "2GB",
        "wal_compression": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
    }


def _machine_memory() -> int:
    """Bytes of memory, or the container's limit where that is smaller."""
    installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = CGROUP_LIMIT.read_text().strip() if CGROUP_LIMIT.exists() else "max"
    return min(installed, int(limit)) if limit.isdigit() else installed


def _megabytes(size: int, least: int, most: int) -> str:
    return f"{min(max(size // MIB, least), most)}MB"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
