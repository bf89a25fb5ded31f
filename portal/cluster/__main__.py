"""`python -m portal.cluster`: the cluster's commands without loading the rest of the portal."""

from portal.cluster.cli import app

app(prog_name="portal cluster")
