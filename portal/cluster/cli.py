"""`portal cluster`: start, stop and look at a private cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from portal.cluster.cluster import Cluster
from portal.cluster.errors import ClusterError

app = typer.Typer(help="A private PostgreSQL cluster with PostGIS.", no_args_is_help=True)

Directory = Annotated[Path, typer.Argument(help="The directory that the cluster lives in.")]
Lease = Annotated[
    int | None,
    typer.Option("--for", help="Number of the process that needs the cluster."),
]


@app.command()
def start(
    directory: Directory,
    needed_by: Lease = None,
    throwaway: Annotated[bool, typer.Option(help="For tests: fast, and lost in a crash.")] = False,
) -> None:
    """Start the cluster, making it first if needed, and print the URL of its database."""
    with _sentences():
        typer.echo(Cluster(directory, throwaway=throwaway, say=_say).start(needed_by))


@app.command()
def stop(directory: Directory, needed_by: Lease = None) -> None:
    """Stop the cluster; with --for only if no other process needs it."""
    with _sentences():
        if not Cluster(directory).stop(needed_by):
            _say("The database runs on: another process uses it.")


@app.command()
def remove(directory: Directory) -> None:
    """Stop the cluster and delete all its data."""
    with _sentences():
        Cluster(directory).remove()


@app.command()
def sweep(
    pattern: Annotated[
        str,
        typer.Argument(help="The directories to look at, as a path with wildcards."),
    ],
) -> None:
    """Remove the throw-away clusters that killed processes have left behind."""
    path = Path(pattern)
    for directory in path.parent.glob(path.name):
        with _sentences():
            cluster = Cluster(directory)
            if cluster.orphaned():
                cluster.remove()


@app.command()
def status(directory: Directory) -> None:
    """Print the URL if the cluster runs; otherwise say so and exit with 1."""
    with _sentences():
        cluster = Cluster(directory)
        if not cluster.running:
            _say("The database is not running.")
            raise typer.Exit(1)
        typer.echo(cluster.url)


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)


@contextmanager
def _sentences() -> Iterator[None]:
    """Show an expected failure as its sentence and exit with 1."""
    try:
        yield
    except ClusterError as error:
        _say(str(error))
        raise typer.Exit(1) from None
