"""What can keep a cluster from running, each with one sentence for the person at the keyboard.

ClusterError
├── ProgramsMissing    no PostgreSQL 15 or newer with PostGIS on this machine
├── AccountMissing     no account that the server may run under
├── Unreachable        the server's account cannot reach, or does not own, its directory
├── DiskFull           too little room to make or to run the cluster
└── ServerFailed       the server did not start or stop; its own last words are quoted
"""


class ClusterError(Exception):
    """The base of all; its text is shown as it is, without a traceback."""


class ProgramsMissing(ClusterError):
    """PostgreSQL or PostGIS has to be installed, or another database named."""


class AccountMissing(ClusterError):
    """PostgreSQL refuses to run as root, and no other account could be found or made."""


class Unreachable(ClusterError):
    """A directory belongs to somebody else, or a directory above it is closed to the server."""


class DiskFull(ClusterError):
    """The disk has no room for what was asked."""


class ServerFailed(ClusterError):
    """A program of PostgreSQL ended with an error that has no better name here."""
